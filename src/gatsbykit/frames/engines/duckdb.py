"""Spreading marks on DuckDB, which combines bits itself; see `gatsbykit.frames.engines.sql`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from gatsbykit.frames.engines.sql import any_may, bits_set, found, may, totals
from gatsbykit.frames.spreading import ACTIVITY, LEARNER, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyRelation

    from gatsbykit.frames.spreading import Shape

__all__ = ["spread_bits"]


def spread_bits(
    shape: Shape, learners: DuckDBPyRelation, activities: DuckDBPyRelation, rows: DuckDBPyRelation
) -> DuckDBPyRelation:
    """Spread marks as the bits of one number; see `spread_flags`."""
    links = shape.links
    learner = [NUMBER] if NUMBER in learners.columns else list(LEARNER)
    place = NUMBER if NUMBER in activities.columns else "row_number() OVER ()"
    asked = learners.filter(f"{any_may(shape)} != 0").project(
        _listed(dict.fromkeys([*LEARNER, *learner]), ['"offset"', "began", *may(shape)])
    )
    marked = activities.project(_listed(ACTIVITY, ["day", "year", "bits", *links, f"{place} AS place"]))
    placed = rows.join(asked.set_alias("l"), _listed(LEARNER)).set_alias("p")
    bits = bits_set(shape, '"offset"')
    packed = f"(strength << {len(shape.plan.marks)}) | ({bits}) AS packed"
    once = (
        placed.join(marked.set_alias("a"), f"p.activity_id = a.activity_id AND {_same_institution(rows)}")
        .filter(f"(bits & {any_may(shape)}) != 0")
        .project(_listed([f"p.{column}" for column in learner], ["place", packed, *links]))
        .aggregate(
            _listed(
                learner,
                # Of repeated rows the strongest wins.
                [f"max(packed) & {(1 << len(shape.plan.marks)) - 1} AS bits"],
                [f"any_value({link}) AS {link}" for link in links],
            ),
            _listed(learner, ["place"]),
        )
    )
    seen = once.aggregate(_listed(learner, totals(shape)), _listed(learner))
    own = [f'l."{column}"' for column in learners.columns]
    joined = learners.set_alias("l").join(seen.set_alias("s"), _listed(learner), how="left")
    return joined.project(_listed(own, found(shape)))


def _same_institution(rows: DuckDBPyRelation) -> str:
    """Return that a row and an activity are of one institution, in words that hide it from DuckDB.

    It would conclude that activities and learners share their institutions too, and without knowing
    how many there are might join these first: every activity of a school to every learner.
    """
    is_text = rows.types[rows.columns.index("institution_id")] == "VARCHAR"
    hidden = "({}.institution_id || '.')" if is_text else "xor({}.institution_id, 1)"
    return f"{hidden.format('p')} = {hidden.format('a')}"


def _listed(*columns: Iterable[str]) -> str:
    return ", ".join(itertools.chain(*columns))
