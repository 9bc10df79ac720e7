"""polars, which combines bits itself.

The meaning of spreading is that of `gatsbykit.frames.spreading.spread_flags`; tests hold the two together.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Self

import narwhals as nw
import polars as pl

from gatsbykit.frames.cells import SEPARATOR
from gatsbykit.frames.engines.base import BitEngine, FolderEngine, collected, wrapped
from gatsbykit.frames.spreading import ACTIVITY, LEARNER, RANKS, STEP, has, times
from gatsbykit.model.calendar import FIRST_YEAR_GROUP
from gatsbykit.model.encounters import ParticipationStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gatsbykit.frames.cells import Frame
    from gatsbykit.frames.engines.base import Id
    from gatsbykit.frames.spreading import Spreading

__all__ = ["Polars", "PolarsFolder"]


class Polars(BitEngine):
    """Frames of polars, eager or lazy; all are worked on lazily.

    Args:
        in_memory: Whether all tables have their rows already: what is read of them is made once then, while
            what is lazy stays so, and is read again when asked for.
        eager: Whether results have their rows, as the institutions had theirs.
    """

    def __init__(self, *, in_memory: bool, eager: bool) -> None:
        self._in_memory = in_memory
        self._eager = eager

    @classmethod
    def for_tables(cls, natives: Mapping[str, Any]) -> Self:
        """Return the engine for a caller's tables, by name."""
        given = [native for native in natives.values() if native is not None]
        return cls(
            in_memory=all(map(_is_eager, given)),
            eager=_is_eager(natives["institutions"]),
        )

    @classmethod
    def for_folder(cls, scratch: Path) -> PolarsFolder:  # noqa: ARG003 (what is read fits into memory)
        """Return the engine for a folder of files."""
        return PolarsFolder()

    def opened(self, native: Any) -> Frame:
        """Return a native frame behind the common face, lazy."""
        return wrapped(native.lazy())

    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand."""
        return bool(frame.to_native().collect_schema()[column] == pl.Null)

    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""
        texts = pl.col(*lists).cast(pl.List(pl.String)).list.join(SEPARATOR, ignore_nulls=True)
        return wrapped(frame.to_native().with_columns(texts))

    def distinct(self, frame: Frame, separator: str) -> set[str]:
        """Return every entry, as it is written, of the lists in the column ``text``."""
        pieces = pl.col("text").str.split(separator).explode().unique()
        return set(frame.to_native().unique().select(pieces).collect()["text"].to_list())

    def materialised(self, name: str, frame: Frame) -> Frame:  # noqa: ARG002 (each in the same way)
        """Return a table that has been read, with its rows where those of all tables are in memory."""
        return collected(frame).lazy() if self._in_memory else frame

    def finished(self, frame: Frame) -> Any:
        """Return a result in the form that the caller uses."""
        return (collected(frame) if self._eager else frame).to_native()

    def spread_bits(
        self, spreading: Spreading, learners: pl.LazyFrame, activities: pl.LazyFrame, rows: pl.LazyFrame
    ) -> pl.LazyFrame:
        """Spread marks as the bits of one number; see `spread_flags`."""
        may = [f"may_{number}" for number in range(len(spreading.stretches))]
        mine, links = spreading.mine, spreading.links
        any_may = functools.reduce(lambda one, other: one | other, map(pl.col, may))
        asked = (
            learners.filter(any_may != 0).select(*LEARNER, "offset", "began", *may).with_row_index("learner")
        )
        marked = activities.select(*ACTIVITY, "day", "year", "bits", *links).with_row_index("activity")
        row = (
            rows.join(marked, on=ACTIVITY, how="inner")
            .join(asked, on=LEARNER, how="inner")
            .filter((pl.col("bits") & any_may) != 0)
            .select(
                *LEARNER,
                *links,
                "strength",
                pair=pl.col("learner").cast(pl.UInt64) * 2**32 + pl.col("activity"),
                bits=_bits_set(spreading),
            )
        )
        is_link = (pl.col("bits") & spreading.subject_mark) != 0
        seen = (
            _winning(row)
            .group_by(LEARNER)
            .agg(
                pl.col("bits").bitwise_or().alias("seen"),
                *(((pl.col("bits") & (1 << bit)) != 0).sum().alias(times(bit)) for bit in spreading.counted),
                *(
                    pl.when(is_link).then(pl.col(link)).otherwise(0).bitwise_or().alias(link)
                    for link in links
                ),
            )
        )
        found = learners.join(seen, on=LEARNER, how="left").with_columns(
            pl.col("seen", *links, *map(times, spreading.counted)).fill_null(0)
        )
        lacking = [(pl.col(own) & ~pl.col(link)) != 0 for own, link in zip(mine, links, strict=True)]
        return found.with_columns(
            *(((pl.col("seen") & (1 << bit)) != 0).alias(has(bit)) for bit in spreading.marks),
            covered=~pl.any_horizontal(pl.lit(False), *lacking),
        ).drop("seen", *links)


def _is_eager(native: Any) -> bool:
    """Return whether a frame, behind the common face or not, has its rows already."""
    return isinstance(nw.from_native(native), nw.DataFrame)


def _winning(row: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per learner and activity, the strongest; of equal ones it does not matter which."""
    order = pl.col("strength").cast(pl.UInt64) * 2**32 + pl.col("place")
    return (
        row.with_row_index("place")
        .with_columns(order=order)
        .filter(pl.col("order") == pl.col("order").max().over("pair"))
    )


def _bits_set(spreading: Spreading) -> pl.Expr:
    """Return the marks that a row sets: those that its time and its status allow."""
    bits = pl.col("bits") & _by_status(spreading)
    if not spreading.plan.by_year_groups:
        return pl.when(pl.col("day") >= pl.col("began")).then(bits & pl.col("may_0")).otherwise(0)
    override = pl.col("strength") % STEP
    then = pl.when(override > 0).then(override).otherwise(pl.col("offset") + pl.col("year"))
    *earlier, _ = enumerate(spreading.stretches)
    may = pl.col(f"may_{len(earlier)}")
    for number, stretch in reversed(earlier):
        may = pl.when(then <= stretch.last).then(pl.col(f"may_{number}")).otherwise(may)
    return pl.when(then >= FIRST_YEAR_GROUP).then(bits & may).otherwise(0)


def _by_status(spreading: Spreading) -> pl.Expr:
    """Return the marks that a row's status allows."""
    rank = pl.col("strength") // STEP
    allowed = pl.lit(0)
    for status in ParticipationStatus:
        allowed = pl.when(rank == RANKS[status]).then(spreading.by_status(status)).otherwise(allowed)
    return allowed


class PolarsFolder(Polars, FolderEngine):
    """Files that polars reads."""

    batch_size = 2_000_000
    at_once = 2
    failures = (pl.exceptions.PolarsError, pl.exceptions.PanicException)

    def __init__(self) -> None:
        super().__init__(in_memory=True, eager=True)
        self._tables: dict[str, pl.LazyFrame] = {}
        self._id = pl.col("institution_id")

    def open(self, name: str, path: Path) -> nw.Schema:
        """Open a Parquet file and return its columns with their types."""
        self._tables[name] = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return wrapped(self._tables[name]).collect_schema()

    def use_text_ids(self) -> None:
        """Compare the ids of institutions as text."""
        self._id = self._id.cast(pl.String)

    def sizes(self, name: str) -> dict[Id | None, int]:
        """Return by institution how many rows of a table are its own."""
        counts = self._tables[name].group_by(self._id).len().collect(engine="streaming")
        return dict(counts.iter_rows())

    def batch(self, name: str, first: Id, last: Id) -> pl.DataFrame:
        """Return the rows of some institutions."""
        ids = self._id.is_between(pl.lit(first), pl.lit(last))
        return self._tables[name].filter(ids).collect(engine="streaming")

    def read_through(self, name: str, first: Id, last: Id) -> None:
        """Read all rows of some institutions, only to see whether they can be read."""
        self.batch(name, first, last)
