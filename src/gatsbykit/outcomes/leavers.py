"""Who left when, and what an institution's records say of it.

The cohort of key stage 4 are the pupils in Year 11 at the end of an academic year, whether they stay or
leave; that of 16 to 18 are those who were in Year 12 or 13 and left, in institutions without year
groups whoever's last day was in that year.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.spells import Month, Scheme, Snapshot, activity
from gatsbykit.outcomes.sustained import SustainedSettings, cohort_outcomes, year_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.outcomes.sustained import CohortOutcomes

__all__ = ["Stage", "cohort", "cohort_years", "of_records", "snapshots", "stayed_on"]


_DEFAULTS: Final = SustainedSettings()


class Stage(StrEnum):
    """After which stage of education destinations are looked at."""

    KEY_STAGE_4 = "key_stage_4"
    AGES_16_TO_18 = "16-18"


def cohort(
    learners: Iterable[Learner], *, cohort_year: AcademicYear, stage: Stage | str, as_of: date
) -> tuple[Learner, ...]:
    """Return the learners whose destinations after a stage are looked at.

    Args:
        learners: Present and former learners.
        cohort_year: The academic year in which they finished the stage.
        stage: The stage.
        as_of: The date on which present learners' year groups are right.

    Examples:
        >>> from gatsbykit import Learner
        >>> stayed = Learner(learner_id="S", year_group=12)
        >>> left = Learner(learner_id="L", year_group=11, on_roll_to=date(2025, 6, 27))
        >>> found = cohort(
        ...     [stayed, left], cohort_year=AcademicYear(2024), stage="key_stage_4", as_of=date(2026, 3, 1)
        ... )
        >>> [learner.learner_id for learner in found]
        ['S', 'L']
    """
    chosen = Stage(stage)
    return tuple(one for one in learners if _belongs(one, cohort_year, chosen, as_of))


_SUMMER = (5, 1)
"""Who leaves from 1 May on has finished the year, as the summer leavers of the benchmarks do."""


def _belongs(learner: Learner, year: AcademicYear, stage: Stage, as_of: date) -> bool:
    left = learner.on_roll_to
    came = learner.on_roll_from
    finished = date(year.start + 1, *_SUMMER)
    if came is not None and came > year.last_day:
        return False
    if stage is Stage.KEY_STAGE_4:
        if as_of < finished or (left is not None and left < finished):
            return False
        return learner.year_group_at(finished, as_of=as_of) == 11
    if left is None or left not in year or left >= as_of:
        return False
    return learner.year_group is None or learner.year_group >= 12


def snapshots(records: Records) -> Iterator[Snapshot]:
    """Yield what an institution's records say that learners did, month by month.

    Sightings of destinations are snapshots of their month, or of every month until their end. A
    learner on the roll of a school after Year 11 is in its sixth form in every month that is wholly
    on roll.
    """
    for seen in records.destinations or ():
        yield from Snapshot.of_destination(seen)


def stayed_on(learner: Learner, year: AcademicYear, *, as_of: date) -> Iterator[Snapshot]:
    """Yield a snapshot for each month of a destination year that a learner is still on roll."""
    known = activity(Scheme.EXCHANGE, "school_sixth_form")
    for month in year_months(year):
        first = date(month.year, month.number, 1)
        gone = learner.on_roll_to is not None and learner.on_roll_to < first
        if first <= as_of and not gone and first >= year.first_day:
            yield Snapshot(learner_id=learner.learner_id, month=month, activity=known)


def cohort_years(records: Records, *, stage: Stage | str, as_of: date) -> tuple[AcademicYear, ...]:
    """Return the academic years of which there are leavers whose destination year is past by March.

    The earliest comes first.
    """
    learners = records.learners or ()
    days = [one.on_roll_to for one in learners if one.on_roll_to is not None]
    first = min((AcademicYear.of(day) for day in days), default=AcademicYear.of(as_of))
    last = AcademicYear.of(as_of)
    years = (AcademicYear(start) for start in range(first.start, last.start + 1))
    return tuple(
        year
        for year in years
        if as_of > date(year.start + 2, 3, 31)
        and cohort(learners, cohort_year=year, stage=stage, as_of=as_of)
    )


def of_records(
    records: Records,
    *,
    cohort_year: AcademicYear,
    stage: Stage | str,
    as_of: date,
    settings: SustainedSettings = _DEFAULTS,
    more: Iterable[Snapshot] = (),
) -> CohortOutcomes:
    """Return what came out for a cohort of an institution.

    Args:
        records: The institution's records.
        cohort_year: The academic year in which the cohort finished the stage.
        stage: The stage.
        as_of: The date of the assessment; what is dated later does not count.
        settings: The caller's choices.
        more: Snapshots beside the records, such as those of an NCCIS export.
    """
    members = cohort(records.learners or (), cohort_year=cohort_year, stage=stage, as_of=as_of)
    now = Month.of(as_of)
    seen = [one for one in (*snapshots(records), *more) if one.month <= now]
    if Stage(stage) is Stage.KEY_STAGE_4 and records.institution.kind.is_school:
        seen += [one for learner in members for one in stayed_on(learner, cohort_year.plus(1), as_of=as_of)]
    return cohort_outcomes(
        [learner.learner_id for learner in members],
        seen,
        cohort_year=cohort_year,
        settings=settings,
    )
