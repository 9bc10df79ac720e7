"""Spreading marks on DuckDB, which combines bits itself.

The meaning is that of `gatsbykit.scoring.columns.spreading.spread_flags`; tests hold the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from gatsbykit.calendar import FIRST_YEAR_GROUP
from gatsbykit.encounters import ParticipationStatus
from gatsbykit.scoring.columns.spreading import RANKS, STEP, has, times

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
    may = [f"may_{number}" for number in range(len(shape.stretches))]
    mine, links = shape.mine, shape.links
    any_may = f"({' | '.join(may)})"
    asked = learners.filter(f"{any_may} != 0").project(_listed(LEARNER, ['"offset"', "began", *may]))
    marked = activities.project(_listed(ACTIVITY, ["day", "bits", *links]))
    # The first join is materialized: DuckDB would conclude that activities and learners share their
    # institutions, and join these first, every activity of a school to every learner.
    held = "WITH held AS MATERIALIZED (SELECT * FROM placed) SELECT * FROM held"
    placed = cast("DuckDBPyRelation", rows.join(marked.set_alias("a"), ACTIVITY).query("placed", held))
    # Of repeated rows the strongest wins.
    once = (
        placed.set_alias("p")
        .join(asked.set_alias("l"), LEARNER)
        .filter(f"bits & {any_may} != 0")
        .project(_listed(f"{LEARNER}, activity_id, strength, {_bits_set(shape)} AS bits", links))
        .aggregate(
            _listed(
                f"{LEARNER}, max_by(bits, strength) AS bits",
                [f"any_value({link}) AS {link}" for link in links],
            ),
            f"{LEARNER}, activity_id",
        )
    )
    is_link = f"bits & {shape.subject_mark} != 0"
    sums = {times(bit): f"sum((bits >> {bit}) & 1)" for bit in shape.counted}
    ors = {"seen": "bit_or(bits)"} | {
        link: f"bit_or(CASE WHEN {is_link} THEN {link} ELSE 0 END)" for link in links
    }
    seen = once.aggregate(
        _listed(LEARNER, [f"{term} AS {name}" for name, term in (ors | sums).items()]), LEARNER
    )
    lacking = [f"({own} & ~coalesce({link}, 0)) = 0" for own, link in zip(mine, links, strict=True)]
    found = [
        *(f"coalesce(seen, 0) & {1 << bit} != 0 AS {has(bit)}" for bit in shape.marks),
        *(f"coalesce({name}, 0)::BIGINT AS {name}" for name in sums),
        f"{' AND '.join(lacking) or 'true'} AS covered",
    ]
    own = ", ".join(f'"{column}"' for column in learners.columns)
    return learners.set_alias("l").join(seen.set_alias("s"), LEARNER, how="left").project(_listed(own, found))


def _listed(first: str, more: list[str]) -> str:
    return ", ".join([first, *more])


def _bits_set(shape: Shape) -> str:
    """Return the marks that a row sets: those that its time and its status allow."""
    statuses = " ".join(
        f"WHEN {RANKS[status]} THEN {shape.by_status(status)}" for status in ParticipationStatus
    )
    bits = f"bits & CASE strength // {STEP} {statuses} ELSE 0 END"
    if not shape.plan.by_year_groups:
        return f"CASE WHEN day >= began THEN {bits} & may_0 ELSE 0 END"
    year_start = "(day // 10000 - CASE WHEN day // 100 % 100 < 9 THEN 1 ELSE 0 END)"
    then = f'CASE WHEN strength % {STEP} > 0 THEN strength % {STEP} ELSE "offset" + {year_start} END'
    *earlier, _ = enumerate(shape.stretches)
    choices = " ".join(f"WHEN {then} <= {stretch.last} THEN may_{number}" for number, stretch in earlier)
    return f"{bits} & CASE WHEN {then} < {FIRST_YEAR_GROUP} THEN 0 {choices} ELSE may_{len(earlier)} END"
