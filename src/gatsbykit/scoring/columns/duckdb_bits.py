"""Spreading marks on DuckDB, which combines bits itself.

The meaning is that of `gatsbykit.scoring.columns.spreading.spread_flags`; tests hold the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP
from gatsbykit.encounters import ParticipationStatus
from gatsbykit.scoring.columns.spreading import RANKS, STEP, has, times

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from gatsbykit.scoring.columns.spreading import Shape

__all__ = ["spread_bits"]

_LEARNER = "institution_id, learner_id"


def spread_bits(
    shape: Shape, learners: DuckDBPyRelation, activities: DuckDBPyRelation, rows: DuckDBPyRelation
) -> DuckDBPyRelation:
    """Spread marks as the bits of one number; see `spread_flags`."""
    may = [f"may_{number}" for number in range(len(shape.stretches))]
    mine = [f"mine_{number}" for number in range(shape.word_count)]
    links = [f"link_{number}" for number in range(shape.word_count)]
    any_may = f"({' | '.join(may)})"
    asked = learners.filter(f"{any_may} != 0").project(
        f'{_LEARNER}, row_number() OVER () AS learner, "offset", began, {", ".join(may)}'
    )
    marked = activities.project(
        _listed("institution_id, activity_id, row_number() OVER () AS activity, day, bits", links)
    )
    row = (
        rows.set_alias("p")
        .join(marked.set_alias("a"), "p.institution_id = a.institution_id AND p.activity_id = a.activity_id")
        .project(_listed("p.institution_id, p.learner_id, strength, activity, day, bits", links))
        .set_alias("r")
        .join(asked.set_alias("l"), "r.institution_id = l.institution_id AND r.learner_id = l.learner_id")
        .filter(f"bits & {any_may} != 0")
        .project(
            _listed(
                f'l.institution_id, l.learner_id, learner, activity, strength, day, bits, "offset", began, '
                f"{', '.join(may)}",
                links,
            )
        )
    )
    counts = {times(bit): f"sum((bits >> {bit}) & 1)" for bit in shape.counted}
    covered = {
        link: f"bit_or(CASE WHEN bits & {shape.subject_mark} != 0 THEN {link} ELSE 0 END)" for link in links
    }
    seen = (
        _winning(row, [*may, *links])
        .project(f"* REPLACE ({_bits_set(shape)} AS bits)")
        .aggregate(
            _listed(
                "any_value(institution_id) AS institution_id, any_value(learner_id) AS learner_id, "
                "bit_or(bits) AS seen",
                [f"{term} AS {name}" for name, term in (counts | covered).items()],
            ),
            "learner",
        )
    )
    lacking = [f"({own} & ~coalesce({link}, 0)) = 0" for own, link in zip(mine, links, strict=True)]
    own = ", ".join(f'l."{column}"' for column in learners.columns)
    return (
        learners.set_alias("l")
        .join(
            seen.set_alias("s"),
            "l.institution_id = s.institution_id AND l.learner_id = s.learner_id",
            how="left",
        )
        .project(
            _listed(
                own,
                [
                    *(f"(coalesce(seen, 0) & {1 << bit}) != 0 AS {has(bit)}" for bit in shape.marks),
                    *(f"coalesce({name}, 0)::BIGINT AS {name}" for name in counts),
                    f"{' AND '.join(lacking) or 'true'} AS covered",
                ],
            )
        )
    )


def _listed(first: str, more: list[str]) -> str:
    return ", ".join([first, *more])


def _winning(row: DuckDBPyRelation, carried: list[str]) -> DuckDBPyRelation:
    """Return one row per learner and activity, the strongest."""
    same = [
        f"any_value({name}) AS {name}"
        for name in ("institution_id", "learner_id", "day", "bits", '"offset"', "began", *carried)
    ]
    return row.aggregate(_listed("learner, max(strength) AS strength", same), "learner, activity")


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
    choices = " ".join(
        f"WHEN {then} <= {stretch.last if stretch.last < LAST_YEAR_GROUP else LAST_YEAR_GROUP + 1} THEN may_{number}"
        for number, stretch in enumerate(shape.stretches)
    )
    return f"{bits} & CASE WHEN {then} < {FIRST_YEAR_GROUP} THEN 0 {choices} ELSE 0 END"
