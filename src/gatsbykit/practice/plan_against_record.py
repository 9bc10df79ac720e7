"""Holding a plan against the record: what was held of it, for whom, at what cost, and what was not."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.encounters import Mode
from gatsbykit.model.leaders import LEADER_KINDS
from gatsbykit.model.provision import ResourceKind, ResourcePer
from gatsbykit.practice.held import (
    ActivityOutcome,
    HeldState,
    LeaderTime,
    PlanAgainstRecord,
    ProvisionCell,
    StaffNeed,
)
from gatsbykit.practice.matching import attendance, is_meant, matched
from gatsbykit.practice.rulebook import review_rules
from gatsbykit.rules import edition as edition_of
from gatsbykit.scoring import score
from gatsbykit.scoring.programme_case import Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from gatsbykit.model.encounters import Activity
    from gatsbykit.model.learners import Learner
    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.provision import PlannedActivity
    from gatsbykit.model.records import Records
    from gatsbykit.rules import Edition
    from gatsbykit.scoring.programme_case import Unit

__all__ = ["SCHOOL_WEEKS", "plan_against_record"]

SCHOOL_WEEKS: Final = 39
"""The weeks of a school year in which a leader's hours are counted. Ours: 190 days, and a week."""

_HOUR: Final = 60


def plan_against_record(
    programme: CareersProgramme,
    records: Records,
    *,
    as_of: date,
    edition: str | None = None,
    weeks: int = SCHOOL_WEEKS,
) -> PlanAgainstRecord:
    """Hold a programme against the records of the academic year of a day.

    Args:
        programme: The programme.
        records: The records of the institution.
        as_of: The day up to which records count.
        edition: The key of the edition; by default that of the programme.
        weeks: The weeks over which a leader's hours are counted.

    Raises:
        EditionError: There is no such edition, or it is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> from gatsbykit.exchange.programme import load_programme
        >>> programme = load_programme("examples/northfield/programme.json")
        >>> found = plan_against_record(programme, gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> week = found["week-at-work"]
        >>> week.state.value, week.meant, week.reached, f"{float(week.cost_per_learner):.2f}"
        ('held', 163, 151, '21.19')
    """
    case = Case(programme, as_of, edition_of(edition or programme.edition), records.learners)
    year = AcademicYear.of(as_of)
    recorded = [one for one in records.activities or () if one.date <= as_of]
    found = matched(_of_year(programme.activities, year), recorded, year)
    attended = attendance(records)
    outcomes = tuple(_Outcomes(case, records, found, attended).all())
    held = {one.activity.id for one in outcomes if one.state is HeldState.HELD}
    served = {outcome for one in outcomes if one.activity.id in held for outcome in one.activity.outcomes}
    in_plan = {activity.activity_id for activities in found.values() for activity in activities}
    return PlanAgainstRecord(
        edition=case.edition.key,
        as_of=as_of,
        academic_year=str(year),
        activities=outcomes,
        table=tuple(_table(case, outcomes)),
        outcomes_unserved=tuple(one.id for one in programme.outcomes if one.id not in served),
        units_without=tuple(unit for unit in case.units if not _is_served(case, outcomes, unit)),
        virtual_alone=tuple(_virtual_alone(case, recorded, attended, records)),
        unplanned=sum(one.date in year and one.activity_id not in in_plan for one in recorded),
        budget=_budget(programme),
        committed=_sum(one.cost for one in outcomes),
        spent=_sum(one.cost for one in outcomes if one.activity.id in held),
        leader=_leader_time(programme, outcomes, found, as_of, weeks),
        staff=tuple(_staff(programme, as_of)),
    )


def _of_year(planned: Iterable[PlannedActivity], year: AcademicYear) -> list[PlannedActivity]:
    """Return the activities that are planned for a year, or for no day."""
    return [one for one in planned if not one.dates or any(day in year for day in one.dates)]


class _Outcomes:
    """Works out what became of each planned activity."""

    def __init__(
        self,
        case: Case,
        records: Records,
        found: Mapping[str, tuple[Activity, ...]],
        attended: Mapping[str, frozenset[str]],
    ) -> None:
        self.case = case
        self.records = records
        self.found = found
        self.attended = attended
        self.learners = {one.learner_id: one for one in records.learners or () if one.is_on_roll(case.as_of)}

    def all(self) -> Iterator[ActivityOutcome]:
        """Yield what became of each activity of the year, in the order of the plan."""
        for one in self.case.programme.activities:
            if one.id in self.found:
                yield self._outcome(one, self.found[one.id])

    def _outcome(self, planned: PlannedActivity, held: tuple[Activity, ...]) -> ActivityOutcome:
        there = {who for one in held for who in self.attended.get(one.activity_id, ())} & self.learners.keys()
        meant = self._meant(planned)
        reached = there if meant is None else there & meant
        days = [one.date for one in held]
        return ActivityOutcome(
            activity=planned,
            state=self._state(planned, held),
            activity_ids=tuple(one.activity_id for one in held),
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            meant=None if meant is None else len(meant),
            reached=len(reached),
            others=len(there - reached),
            needed=len(self._needed(planned, held, reached)),
            cost=planned.cost,
        )

    def _state(self, planned: PlannedActivity, held: tuple[Activity, ...]) -> HeldState:
        if held:
            return HeldState.HELD
        if planned.target_group is not None and not planned.target_group.is_learners:
            return HeldState.OUT_OF_RECORD
        if not planned.dates:
            return HeldState.UNDATED
        return HeldState.TO_COME if max(planned.dates) > self.case.as_of else HeldState.NOT_HELD

    def _meant(self, planned: PlannedActivity) -> set[str] | None:
        """Return the ids of those whom an activity is meant for, or ``None`` where that is not recorded."""
        verdicts = {key: is_meant(planned, one) for key, one in self.learners.items()}
        if None in verdicts.values() and True not in verdicts.values():
            return None
        return {key for key, verdict in verdicts.items() if verdict}

    def _needed(self, planned: PlannedActivity, held: tuple[Activity, ...], reached: set[str]) -> set[str]:
        if planned.target_group is not None or not held:
            return reached
        return reached & self._would_lack(frozenset(one.activity_id for one in held))

    def _would_lack(self, activity_ids: frozenset[str]) -> set[str]:
        """Return the ids of those who would lack a criterion without some activities."""
        rows = self.records.participations or ()
        without = attrs.evolve(
            self.records, participations=[row for row in rows if row.activity_id not in activity_ids]
        )
        before = self._missing_now
        return {who for key, missing in self._missing(without).items() for who in missing - before[key]}

    @functools.cached_property
    def _missing_now(self) -> dict[str, frozenset[str]]:
        return self._missing(self.records)

    def _missing(self, records: Records) -> dict[str, frozenset[str]]:
        card = score(records, as_of=self.case.as_of, edition=self.case.edition.key)
        return {one.criterion.id: frozenset(one.missing or ()) for one in card.criteria}


# By year group and benchmark


def _benchmarks(planned: PlannedActivity, edition: Edition) -> frozenset[int]:
    """Return the benchmarks that an activity serves: by its criteria, or else by its kinds."""
    found: set[int] = set()
    for benchmark in edition.benchmarks:
        for criterion in benchmark.criteria:
            by_kind = criterion.encounters is not None and criterion.encounters.kind in planned.kinds
            if criterion.id in planned.criteria or (not planned.criteria and by_kind):
                found.add(benchmark.number)
    return frozenset(found)


def _table(case: Case, outcomes: tuple[ActivityOutcome, ...]) -> Iterator[ProvisionCell]:
    served = {one.activity.id: _benchmarks(one.activity, case.edition) for one in outcomes}
    for unit in case.units:
        meant = [one for one in outcomes if case.is_for(one.activity, unit)]
        for number in (benchmark.number for benchmark in case.edition.benchmarks):
            here = [one for one in meant if number in served[one.activity.id]]
            held = [one for one in here if one.state is HeldState.HELD]
            if here:
                yield ProvisionCell(
                    unit=unit,
                    benchmark=number,
                    planned=tuple(one.activity.id for one in here),
                    held=tuple(one.activity.id for one in held),
                    cost=_sum(one.cost for one in held),
                )


def _is_served(case: Case, outcomes: tuple[ActivityOutcome, ...], unit: Unit) -> bool:
    return any(case.is_for(one.activity, unit) for one in outcomes if one.state is HeldState.HELD)


def _virtual_alone(
    case: Case, recorded: list[Activity], attended: Mapping[str, frozenset[str]], records: Records
) -> Iterator[tuple[Unit, str]]:
    """Yield year groups and kinds of which every attended activity of the year was virtual."""
    kinds = review_rules()["checks"]["in_person_kinds"]
    modes: dict[tuple[Unit, str], set[Mode | None]] = {}
    learners: dict[str, Learner] = {one.learner_id: one for one in records.learners or ()}
    for one in recorded:
        here = [kind for kind in kinds if kind in one.kinds] if one.date in case.academic_year else []
        for who in attended.get(one.activity_id, ()) if here else ():
            year = learners[who].current_year_group() if who in learners else None
            for kind in here:
                modes.setdefault((year, kind), set()).add(one.mode)
    for key in sorted(modes, key=str):
        if key[0] is not None and modes[key] == {Mode.VIRTUAL}:
            yield key


# Means, time, staff


def _sum(costs: Iterable[Fraction | None]) -> Fraction:
    return sum((cost for cost in costs if cost is not None), Fraction())


def _budget(programme: CareersProgramme) -> Fraction | None:
    pounds = [
        one.amount
        for one in programme.resources
        if one.kind is ResourceKind.MONEY and one.per is ResourcePer.YEAR and one.amount is not None
    ]
    return sum(pounds, Fraction()) if pounds else None


def _leader_time(
    programme: CareersProgramme,
    outcomes: tuple[ActivityOutcome, ...],
    found: Mapping[str, tuple[Activity, ...]],
    as_of: date,
    weeks: int,
) -> LeaderTime:
    leaders = [role for role in programme.roles if role.kind.is_leader and role.is_current(as_of)]
    hours = [role.hours_a_week for role in leaders]
    known = [one for one in hours if one is not None]
    week = sum(known, Fraction()) if hours and len(known) == len(hours) else None
    planned = held = Fraction()
    for one in outcomes:
        if one.activity.delivery_roles & LEADER_KINDS:
            planned += _planned_minutes(one.activity)
            held += _held_minutes(one.activity, found[one.activity.id])
    available = None if week is None else week * weeks
    return LeaderTime(hours_a_week=week, available=available, planned=planned / _HOUR, held=held / _HOUR)


def _planned_minutes(planned: PlannedActivity) -> Fraction:
    """Return how long an activity is planned to last over all its days; unknown is nothing."""
    sessions = [one.duration for one in planned.series if one.duration is not None]
    if sessions:
        return sum(sessions, Fraction())
    return (planned.duration or Fraction()) * max(len(planned.dates), 1)


def _held_minutes(planned: PlannedActivity, held: tuple[Activity, ...]) -> Fraction:
    """Return how long an activity lasted: for each of its days the longest of what was held at once."""
    longest: dict[date, Fraction] = {}
    for one in held:
        minutes = one.duration or planned.duration or Fraction()
        longest[one.date] = max(minutes, longest.get(one.date, minutes))
    return sum(longest.values(), Fraction())


def _staff(programme: CareersProgramme, as_of: date) -> Iterator[StaffNeed]:
    year = AcademicYear.of(as_of)
    for one in programme.staff_training:
        met = one.date is not None and one.date <= as_of and one.date in year
        known = one.attended is not None and one.in_scope
        share = Fraction(one.attended or 0, one.in_scope or 1) if known else None
        yield StaffNeed(training=one, is_met=met, share=share)
