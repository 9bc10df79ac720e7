"""Spreading marks on DuckDB, which combines bits itself; see `gatsbykit.scoring.columns.sql_bits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

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
    marked = activities.project(_listed(ACTIVITY, ["day", "year", "bits", *links]))
    # The first join is materialized: DuckDB would conclude that activities and learners share their
    # institutions, and join these first, every activity of a school to every learner.
    held = "WITH held AS MATERIALIZED (SELECT * FROM placed) SELECT * FROM held"
    placed = cast("DuckDBPyRelation", rows.join(marked.set_alias("a"), ACTIVITY).query("placed", held))
    bits = bits_set(shape, '"offset"')
    # Of repeated rows the strongest wins.
    once = (
        placed.set_alias("p")
        .join(asked.set_alias("l"), LEARNER)
        .filter(f"(bits & {any_may(shape)}) != 0")
        .project(_listed(f"{LEARNER}, activity_id, strength, {bits} AS bits", links))
        .aggregate(
            _listed(
                f"{LEARNER}, max_by(bits, strength) AS bits",
                [f"any_value({link}) AS {link}" for link in links],
            ),
            f"{LEARNER}, activity_id",
        )
    )
    seen = once.aggregate(_listed(LEARNER, totals(shape)), LEARNER)
    own = [f'"{column}"' for column in learners.columns]
    joined = learners.set_alias("l").join(seen.set_alias("s"), LEARNER, how="left")
    return joined.project(", ".join([*own, *found(shape)]))


def _listed(first: str, more: list[str]) -> str:
    return ", ".join([first, *more])
