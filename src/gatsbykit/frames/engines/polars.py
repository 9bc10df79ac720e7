"""Spreading marks on polars, which combines bits itself.

The meaning is that of `gatsbykit.frames.spreading.spread_flags`; tests hold the two together.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import polars as pl

from gatsbykit.frames.spreading import ACTIVITY, LEARNER, RANKS, STEP, has, times
from gatsbykit.model.calendar import FIRST_YEAR_GROUP
from gatsbykit.model.encounters import ParticipationStatus

if TYPE_CHECKING:
    from gatsbykit.frames.spreading import Shape

__all__ = ["spread_bits"]


def spread_bits(
    shape: Shape, learners: pl.LazyFrame, activities: pl.LazyFrame, rows: pl.LazyFrame
) -> pl.LazyFrame:
    """Spread marks as the bits of one number; see `spread_flags`."""
    may = [f"may_{number}" for number in range(len(shape.stretches))]
    mine, links = shape.mine, shape.links
    any_may = functools.reduce(lambda one, other: one | other, map(pl.col, may))
    asked = learners.filter(any_may != 0).select(*LEARNER, "offset", "began", *may).with_row_index("learner")
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
            bits=_bits_set(shape),
        )
    )
    is_link = (pl.col("bits") & shape.subject_mark) != 0
    seen = (
        _winning(row)
        .group_by(LEARNER)
        .agg(
            pl.col("bits").bitwise_or().alias("seen"),
            *(((pl.col("bits") & (1 << bit)) != 0).sum().alias(times(bit)) for bit in shape.counted),
            *(pl.when(is_link).then(pl.col(link)).otherwise(0).bitwise_or().alias(link) for link in links),
        )
    )
    found = learners.join(seen, on=LEARNER, how="left").with_columns(
        pl.col("seen", *links, *map(times, shape.counted)).fill_null(0)
    )
    lacking = [(pl.col(own) & ~pl.col(link)) != 0 for own, link in zip(mine, links, strict=True)]
    return found.with_columns(
        *(((pl.col("seen") & (1 << bit)) != 0).alias(has(bit)) for bit in shape.marks),
        covered=~pl.any_horizontal(pl.lit(False), *lacking),
    ).drop("seen", *links)


def _winning(row: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per learner and activity, the strongest; of equal ones it does not matter which."""
    order = pl.col("strength").cast(pl.UInt64) * 2**32 + pl.col("place")
    return (
        row.with_row_index("place")
        .with_columns(order=order)
        .filter(pl.col("order") == pl.col("order").max().over("pair"))
    )


def _bits_set(shape: Shape) -> pl.Expr:
    """Return the marks that a row sets: those that its time and its status allow."""
    bits = pl.col("bits") & _by_status(shape)
    if not shape.plan.by_year_groups:
        return pl.when(pl.col("day") >= pl.col("began")).then(bits & pl.col("may_0")).otherwise(0)
    override = pl.col("strength") % STEP
    then = pl.when(override > 0).then(override).otherwise(pl.col("offset") + pl.col("year"))
    *earlier, _ = enumerate(shape.stretches)
    may = pl.col(f"may_{len(earlier)}")
    for number, stretch in reversed(earlier):
        may = pl.when(then <= stretch.last).then(pl.col(f"may_{number}")).otherwise(may)
    return pl.when(then >= FIRST_YEAR_GROUP).then(bits & may).otherwise(0)


def _by_status(shape: Shape) -> pl.Expr:
    """Return the marks that a row's status allows."""
    rank = pl.col("strength") // STEP
    allowed = pl.lit(0)
    for status in ParticipationStatus:
        allowed = pl.when(rank == RANKS[status]).then(shape.by_status(status)).otherwise(allowed)
    return allowed
