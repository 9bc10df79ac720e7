"""Spreading marks on DuckDB, which combines bits itself; see `gatsbykit.scoring.columns.sql_bits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.scoring.columns.sql_bits import any_may, bits_set, found, may, totals

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from gatsbykit.scoring.columns.spreading import Shape

__all__ = ["spread_bits"]

LEARNER: Final = "institution_id, learner_id"
ACTIVITY: Final = "institution_id, activity_id"


def spread_bits(
    shape: Shape, learners: DuckDBPyRelation, activities: DuckDBPyRelation, rows: DuckDBPyRelation
) -> DuckDBPyRelation:
    """Spread marks as the bits of one number; see `spread_flags`."""
    links = shape.links
    asked = learners.filter(f"{any_may(shape)} != 0").project(
        _listed(LEARNER, ['"offset"', "began", *may(shape)])
    )
    place = "row_number() OVER () AS place"  # a number is grouped by faster than a text
    marked = activities.project(_listed(ACTIVITY, ["day", "year", "bits", *links, place]))
    placed = rows.join(asked.set_alias("l"), LEARNER).set_alias("p")
    bits = bits_set(shape, '"offset"')
    packed = f"(strength << {len(shape.plan.marks)}) | ({bits}) AS packed"
    once = (
        placed.join(marked.set_alias("a"), f"p.activity_id = a.activity_id AND {_same_institution(rows)}")
        .filter(f"(bits & {any_may(shape)}) != 0")
        .project(_listed("p.institution_id, p.learner_id, place", [packed, *links]))
        .aggregate(
            _listed(
                # Of repeated rows the strongest wins.
                f"{LEARNER}, max(packed) & {(1 << len(shape.plan.marks)) - 1} AS bits",
                [f"any_value({link}) AS {link}" for link in links],
            ),
            f"{LEARNER}, place",
        )
    )
    seen = once.aggregate(_listed(LEARNER, totals(shape)), LEARNER)
    own = [f'"{column}"' for column in learners.columns]
    joined = learners.set_alias("l").join(seen.set_alias("s"), LEARNER, how="left")
    return joined.project(", ".join([*own, *found(shape)]))


def _same_institution(rows: DuckDBPyRelation) -> str:
    """Return that a row and an activity are of one institution, in words that hide it from DuckDB.

    It would conclude that activities and learners share their institutions too, and without knowing
    how many there are might join these first: every activity of a school to every learner.
    """
    is_text = rows.types[rows.columns.index("institution_id")] == "VARCHAR"
    hidden = "({}.institution_id || '.')" if is_text else "xor({}.institution_id, 1)"
    return f"{hidden.format('p')} = {hidden.format('a')}"


def _listed(first: str, more: list[str]) -> str:
    return ", ".join([first, *more])
