"""Spark, which combines bits itself; see `gatsbykit.frames.engines.sql`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.functions import expr

from gatsbykit.frames.engines.base import BitEngine, wrapped
from gatsbykit.frames.engines.sql import any_may, bits_set, found, may, totals
from gatsbykit.frames.spreading import ACTIVITY, LEARNER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame

    from gatsbykit.frames.cells import Frame
    from gatsbykit.frames.spreading import Spreading

__all__ = ["Spark"]


class Spark(BitEngine):
    """Frames of PySpark."""

    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand."""
        return str(frame.to_native().schema[column].dataType.typeName()) == "void"

    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""
        native = frame.to_native()
        texts = (f"array_join(`{column}`, chr(31)) AS `{column}`" for column in lists)
        others = (f"`{column}`" for column in native.columns if column not in lists)
        return wrapped(native.selectExpr(*others, *texts))

    def distinct(self, frame: Frame, separator: str) -> set[str]:
        """Return every entry, as it is written, of the lists in the column ``text``."""
        pieces = frame.to_native().selectExpr(f"explode(split(text, chr({ord(separator)}))) AS text")
        return {text for (text,) in pieces.distinct().collect()}

    def fenced(self, frame: Frame) -> Frame:
        """Return a frame with a fence before it.

        Spark's optimizer writes down what each column is equal to, in every possible way: with dozens of
        flags that are made from one another it does not come to an end. An unpivot, here of one column
        alone, is a step beyond which it does not look, and which costs next to nothing.
        """
        native = frame.to_native()
        *others, last = native.columns
        long = native.unpivot(others, [last], "fence", "value").drop("fence")
        return wrapped(long.withColumnRenamed("value", last))

    def spread_bits(
        self, spreading: Spreading, learners: DataFrame, activities: DataFrame, rows: DataFrame
    ) -> DataFrame:
        """Spread marks as the bits of one number; see `spread_flags`.

        Participations are sent to where their learners are, and stay there through both groupings.
        """
        links = spreading.links
        asked = learners.where(f"{any_may(spreading)} != 0").select(
            *LEARNER, "offset", "began", *may(spreading)
        )
        once = (
            rows.join(activities.select(*ACTIVITY, "day", "year", "bits", *links), list(ACTIVITY))
            .join(asked, list(LEARNER))
            .where(f"(bits & {any_may(spreading)}) != 0")
            .selectExpr(
                *LEARNER, "activity_id", "strength", f"{bits_set(spreading, '`offset`')} AS bits", *links
            )
            # Of repeated rows the strongest wins.
            .groupBy(*LEARNER, "activity_id")
            .agg(
                expr("max_by(bits, strength) AS bits"),
                *(expr(f"max({link}) AS {link}") for link in links),
            )
        )
        seen = once.groupBy(*LEARNER).agg(*map(expr, totals(spreading)))
        own = [f"`{column}`" for column in learners.columns]
        return learners.join(seen, list(LEARNER), "left").selectExpr(*own, *found(spreading))
