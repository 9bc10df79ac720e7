"""The terms of SQL in which DuckDB and Spark spread marks: as the bits of one number.

The meaning is that of `gatsbykit.frames.spreading.spread_flags`; tests hold them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.frames.spreading import RANKS, STEP, has, times
from gatsbykit.model.calendar import FIRST_YEAR_GROUP
from gatsbykit.model.encounters import ParticipationStatus

if TYPE_CHECKING:
    from gatsbykit.frames.spreading import Spreading

__all__ = ["any_may", "bits_set", "found", "may", "totals"]


def may(spreading: Spreading) -> list[str]:
    """Return the columns of learners with the marks that an activity may set, by stretch."""
    return [f"may_{number}" for number in range(len(spreading.stretches))]


def any_may(spreading: Spreading) -> str:
    """Return the marks that any activity may set for a learner."""
    return f"({' | '.join(may(spreading))})"


def bits_set(spreading: Spreading, offset: str) -> str:
    """Return the marks that a row sets: those that its time and its status allow.

    Args:
        spreading: What is asked for.
        offset: The column of this name, which is a word of SQL, as the engine quotes it.
    """
    override = f"strength % {STEP}"
    statuses = " ".join(
        f"WHEN {RANKS[status] * STEP} THEN {spreading.by_status(status)}" for status in ParticipationStatus
    )
    bits = f"bits & CASE strength - {override} {statuses} ELSE 0 END"
    if not spreading.plan.by_year_groups:
        return f"CASE WHEN day >= began THEN {bits} & may_0 ELSE 0 END"
    then = f"CASE WHEN {override} > 0 THEN {override} ELSE {offset} + year END"
    *earlier, _ = enumerate(spreading.stretches)
    choices = " ".join(f"WHEN {then} <= {stretch.last} THEN may_{number}" for number, stretch in earlier)
    return f"{bits} & CASE WHEN {then} < {FIRST_YEAR_GROUP} THEN 0 {choices} ELSE may_{len(earlier)} END"


def totals(spreading: Spreading) -> list[str]:
    """Return what is known of a learner from all their activities, named."""
    return [
        "bit_or(bits) AS seen",
        *(
            f"bit_or(CASE WHEN (bits & {spreading.subject_mark}) != 0 THEN {link} ELSE 0 END) AS {link}"
            for link in spreading.links
        ),
        *(f"sum((bits >> {bit}) & 1) AS {times(bit)}" for bit in spreading.counted),
    ]


def found(spreading: Spreading) -> list[str]:
    """Return what `spread_flags` adds to a learner, named."""
    lacking = [
        f"({own} & ~coalesce({link}, 0)) = 0"
        for own, link in zip(spreading.mine, spreading.links, strict=True)
    ]
    return [
        *(f"(coalesce(seen, 0) & {1 << bit}) != 0 AS {has(bit)}" for bit in spreading.marks),
        *(f"CAST(coalesce({times(bit)}, 0) AS BIGINT) AS {times(bit)}" for bit in spreading.counted),
        f"{' AND '.join(lacking) or 'true'} AS covered",
    ]
