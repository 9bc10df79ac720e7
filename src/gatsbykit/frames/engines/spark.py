"""Spreading marks on Spark, which combines bits itself; see `gatsbykit.frames.engines.sql`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.functions import expr

from gatsbykit.frames.engines.sql import any_may, bits_set, found, may, totals
from gatsbykit.frames.spreading import ACTIVITY, LEARNER

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from gatsbykit.frames.spreading import Shape

__all__ = ["spread_bits"]


def spread_bits(shape: Shape, learners: DataFrame, activities: DataFrame, rows: DataFrame) -> DataFrame:
    """Spread marks as the bits of one number; see `spread_flags`.

    Participations are sent to where their learners are, and stay there through both groupings.
    """
    links = shape.links
    asked = learners.where(f"{any_may(shape)} != 0").select(*LEARNER, "offset", "began", *may(shape))
    once = (
        rows.join(activities.select(*ACTIVITY, "day", "year", "bits", *links), list(ACTIVITY))
        .join(asked, list(LEARNER))
        .where(f"(bits & {any_may(shape)}) != 0")
        .selectExpr(*LEARNER, "activity_id", "strength", f"{bits_set(shape, '`offset`')} AS bits", *links)
        # Of repeated rows the strongest wins.
        .groupBy(*LEARNER, "activity_id")
        .agg(
            expr("max_by(bits, strength) AS bits"),
            *(expr(f"max({link}) AS {link}") for link in links),
        )
    )
    seen = once.groupBy(*LEARNER).agg(*map(expr, totals(shape)))
    own = [f"`{column}`" for column in learners.columns]
    return learners.join(seen, list(LEARNER), "left").selectExpr(*own, *found(shape))
