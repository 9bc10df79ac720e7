"""The objects lane: score one institution's records in one pass over its participations.

Each activity is classified once, into an integer of marks. Each participation then adds the marks
that its status and the learner's year group at the date allow to the learner's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from gatsbykit.calendar import FIRST_YEAR_GROUP, academic_year_start, capped_year_group
from gatsbykit.encounters import ActivityKind, ParticipationStatus
from gatsbykit.framework.model import PartTimeJobs, Timeline
from gatsbykit.scoring.cohorts import Standing, is_in, is_leaver, standing
from gatsbykit.scoring.measurement import Measurement, Notice, Tally
from gatsbykit.scoring.plan import adviser_level, known_to_count, leavers_criterion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from gatsbykit.encounters import Activity, Participation
    from gatsbykit.framework.model import Cohort
    from gatsbykit.learners import Learner
    from gatsbykit.records import Records
    from gatsbykit.scoring.plan import Need, Plan

__all__ = ["measure"]

_RANK = {status: rank for rank, status in enumerate(ParticipationStatus)}


class _Evidence:
    """What one counted learner's participations have shown so far.

    ``planes[n]`` holds the marks that were set more than ``n`` times, so that counting up to the
    highest number that any criterion asks for takes a few operations on integers.
    """

    __slots__ = ("learner", "minutes", "occasions", "offset", "planes", "rows", "subjects", "windows", "year")

    def __init__(self, learner: Learner, plan: Plan) -> None:
        self.learner = learner
        self.year = learner.current_year_group() or 0
        # The year group at a date is this number plus the academic year of the date.
        reference = academic_year_start(learner.reference_date(plan.as_of))
        self.offset = (learner.year_group or 0) - reference
        self.windows = plan.windows[self.year]
        self.rows: dict[str, Participation] = {}
        self.planes = [0] * plan.depth
        self.subjects: set[str] = set()
        self.minutes: defaultdict[int, Fraction] = defaultdict(Fraction)
        self.occasions: set[tuple[int, frozenset[str]]] = set()

    def set(self, bits: int) -> None:
        """Set marks once more: what a plane has already is carried to the next."""
        planes = self.planes
        for level, plane in enumerate(planes):
            planes[level] = plane | bits
            bits &= plane
            if not bits:
                break

    def meets(self, need: Need) -> bool:
        """Whether the learner has what a criterion needs."""
        planes = self.planes
        for number, mask in need.counts:
            if planes[number - 1] & mask != mask:
                return False
        number, mask = need.different
        if (planes[0] & mask).bit_count() < number:
            return False
        return not need.each_subject or self.learner.subjects <= self.subjects


def measure(plan: Plan, records: Records) -> Measurement:
    """Count everything that a plan asks for in an institution's records.

    Args:
        plan: The compiled edition.
        records: The institution's records.

    Raises:
        ValueError: Two learners or two activities have the same id.
    """
    learners = records.learners
    if learners is None:
        return Measurement(tallies={}, notices=tuple(_row_notices(plan, records)))
    _refuse_repeats("learner_id", (learner.learner_id for learner in learners))
    kind = records.institution.kind
    standings = {
        learner.learner_id: standing(learner, kind, plan.edition, plan.as_of) for learner in learners
    }
    counted = [
        _Evidence(learner, plan) for learner in learners if standings[learner.learner_id] is Standing.COUNTED
    ]
    tallies: dict[str, Tally] = {}
    access = hours = None
    if records.activities is not None and records.participations is not None:
        _refuse_repeats("activity_id", (activity.activity_id for activity in records.activities))
        occasions_held = _gather(plan, records.activities, records.participations, counted)
        tallies.update(_tallies(plan, counted))
        access = _access(plan, counted, occasions_held)
        hours = _hours(plan, counted)
    followed = _follow(plan, records, tallies)
    notices = (
        *_row_notices(plan, records),
        *_learner_notices(plan, records, standings, followed),
        *_activity_notices(plan, records.activities or ()),
    )
    return Measurement(tallies=tallies, access=access, hours=hours, notices=notices)


def _refuse_repeats(column: str, ids: Iterable[str]) -> None:
    repeated = sum(count > 1 for count in Counter(ids).values())
    if repeated:
        raise ValueError(f"{repeated} values of {column} are not unique")


def _strength(row: Participation) -> tuple[int, int]:
    """Order the rows of one learner and activity: attended beats offered beats absent.

    Of the rows with the winning status the highest year group override applies.
    """
    return -_RANK[row.status], row.year_group or 0


def _gather(
    plan: Plan,
    activities: Iterable[Activity],
    participations: Iterable[Participation],
    counted: Iterable[_Evidence],
) -> Mapping[int, int]:
    """Spread the activities' marks over the learners who took part.

    Returns:
        By the mask of a phase of the provider access law that the institution has to put on, the
        number of occasions held.
    """
    classified = ((plan.classify(activity), activity) for activity in activities)
    marked = {
        activity.activity_id: (bits, academic_year_start(activity.date), activity)
        for bits, activity in classified
        if bits
    }
    evidence = {one.learner.learner_id: one for one in counted}
    for row in participations:
        one = evidence.get(row.learner_id)
        if one is not None and row.activity_id in marked:
            best = one.rows.setdefault(row.activity_id, row)
            if best is not row and _strength(row) > _strength(best):
                one.rows[row.activity_id] = row
    held: dict[int, set[str]] = {rule.mask: set() for rule in plan.access if rule.phase.per == "institution"}
    for one in evidence.values():
        _spread(plan, one, marked, held)
    return {mask: len(ids) for mask, ids in held.items()}


def _spread(
    plan: Plan,
    one: _Evidence,
    marked: Mapping[str, tuple[int, int, Activity]],
    held: Mapping[int, set[str]],
) -> None:
    """Set the marks of the activities that a learner took part in."""
    by_status, by_year_groups = plan.by_status, plan.by_year_groups
    needs_subjects, collected = plan.needs_subjects, plan.collected
    start = one.learner.programme_start
    for row in one.rows.values():
        bits, year_start, activity = marked[row.activity_id]
        bits &= by_status[row.status]
        if by_year_groups:
            year = one.offset + year_start if row.year_group is None else row.year_group
            if year < FIRST_YEAR_GROUP:
                continue
            bits &= one.windows[capped_year_group(year)]
        elif start is not None and activity.date < start:
            continue
        if bits & needs_subjects:
            one.subjects |= activity.subjects
        if bits & collected:
            _collect(plan, one, activity, bits, held)
        one.set(bits)


def _collect(plan: Plan, one: _Evidence, activity: Activity, bits: int, held: Mapping[int, set[str]]) -> None:
    """Keep what marks alone cannot say: hours, and who was met on which occasion."""
    if activity.duration:
        for hours in plan.hours:
            if bits & hours.mask:
                one.minutes[hours.mask] += activity.duration
    for access in plan.access:
        if not bits & access.mask:
            continue
        if access.phase.per == "learner":
            different = activity.providers if access.phase.different_providers else {activity.activity_id}
            one.occasions.add((access.mask, frozenset(different)))
        elif one.year == access.phase.until_year:
            held[access.mask].add(activity.activity_id)


def _tally(counted: Iterable[tuple[_Evidence, bool]]) -> Tally:
    """Count learners of whom it is known whether they meet a requirement."""
    denominator = 0
    missing: list[str] = []
    for one, met in counted:
        denominator += 1
        if not met:
            missing.append(one.learner.learner_id)
    missing.sort()
    return Tally(numerator=denominator - len(missing), denominator=denominator, missing=tuple(missing))


def _tallies(plan: Plan, counted: list[_Evidence]) -> Iterator[tuple[str, Tally]]:
    """Count the share criteria about activities."""
    by_year: defaultdict[int, list[_Evidence]] = defaultdict(list)
    for one in counted:
        by_year[one.year].append(one)
    for rule in plan.rules:
        if rule.cohort.years:
            cohort = [one for year in rule.cohort.years for one in by_year[year]]
        else:
            cohort = [
                one
                for one in counted
                if is_in(one.learner, rule.cohort, by_year_groups=plan.by_year_groups, as_of=plan.as_of)
            ]
        chosen = [one for one in cohort if _is_chosen(one.learner, rule.cohort)]
        tally = _tally((one, one.meets(rule.need)) for one in chosen)
        on_track: dict[int, tuple[int, int]] = {}
        for year in rule.on_track_years:
            earlier = [one for one in by_year[year] if _is_chosen(one.learner, rule.cohort)]
            on_track[year] = sum(one.meets(rule.need) for one in earlier), len(earlier)
        yield (
            rule.criterion.id,
            Tally(
                numerator=tally.numerator,
                denominator=tally.denominator,
                missing=tally.missing,
                unknown_only=bool(cohort) and all(_is_unknown(one.learner, rule.cohort) for one in cohort),
                on_track=on_track,
            ),
        )


def _is_chosen(learner: Learner, cohort: Cohort) -> bool:
    """Whether a learner of a cohort is in the denominator."""
    if cohort.only == "considering_he":
        return learner.considering_he is True
    return cohort.only is None or bool(learner.subjects)


def _is_unknown(learner: Learner, cohort: Cohort) -> bool:
    """Whether what puts a learner in the denominator is unknown."""
    if cohort.only == "considering_he":
        return learner.considering_he is None
    return cohort.only is not None and not learner.subjects


def _access(plan: Plan, counted: list[_Evidence], held: Mapping[int, int]) -> Mapping[str, Tally] | None:
    """Count the phases of the provider access law; ``None`` where it does not apply."""
    if not plan.access:
        return None
    results: dict[str, Tally] = {}
    for rule in plan.access:
        due = [one for one in counted if one.year == rule.phase.until_year]
        if rule.phase.per == "learner":
            results[rule.phase.name] = _tally(
                (one, sum(mask == rule.mask for mask, _ in one.occasions) >= rule.phase.occasions)
                for one in due
            )
        else:
            results[rule.phase.name] = Tally(
                numerator=held[rule.mask], denominator=rule.phase.occasions, unknown_only=not due
            )
    return results


def _hours(plan: Plan, counted: list[_Evidence]) -> Mapping[str, Tally] | None:
    """Count the parts of the work experience guarantee; ``None`` outside schools."""
    if not plan.hours:
        return None
    return {
        rule.part.name: _tally(
            (one, one.minutes[rule.mask] >= 60 * rule.part.hours)
            for one in counted
            if one.year == rule.part.due_year
        )
        for rule in plan.hours
    }


def _follow(plan: Plan, records: Records, tallies: dict[str, Tally]) -> frozenset[str]:
    """Count the criterion about leavers' destinations, if there are records for it.

    Returns:
        The ids of the leavers whom it is about.
    """
    criterion = leavers_criterion(plan.edition)
    if criterion is None or criterion.cohort is None or records.destinations is None:
        return frozenset()
    seen: defaultdict[str, list[date]] = defaultdict(list)
    for destination in records.destinations:
        if destination.is_known and destination.date <= plan.as_of:
            seen[destination.learner_id].append(destination.date)
    missing: list[str] = []
    followed: list[str] = []
    for learner in records.learners or ():
        left = learner.on_roll_to
        if left is None or not is_leaver(learner, criterion.cohort, records.institution.kind, plan.as_of):
            continue
        followed.append(learner.learner_id)
        after = [day for day in seen[learner.learner_id] if day > left]
        years = {academic_year_start(day) for day in after}
        between = range(academic_year_start(left) + 1, plan.academic_year.start)
        if not after or not years.issuperset(between):
            missing.append(learner.learner_id)
    tallies[criterion.id] = Tally(
        numerator=len(followed) - len(missing),
        denominator=len(followed),
        missing=tuple(sorted(missing)),
    )
    return frozenset(followed)


def _row_notices(plan: Plan, records: Records) -> Iterator[Notice]:
    """Notice rows that point nowhere, or to the future. Repeating a row adds nothing."""
    known_learners = {learner.learner_id for learner in records.learners or ()}
    known_activities = {activity.activity_id for activity in records.activities or ()}
    rows = records.participations or ()
    strangers = {(row.learner_id, row.activity_id) for row in rows if row.learner_id not in known_learners}
    nowhere = {(row.learner_id, row.activity_id) for row in rows if row.activity_id not in known_activities}
    yield from _notice(
        "activity_after_as_of",
        sum(activity.date > plan.as_of for activity in records.activities or ()),
        "activities",
        f"activities dated after {plan.as_of} count for nothing",
    )
    yield from _notice(
        "participation_of_unknown_learner",
        len(strangers),
        "participations",
        "participations of learners who are not in the table of learners count for nothing",
    )
    yield from _notice(
        "participation_of_unknown_activity",
        len(nowhere),
        "participations",
        "participations in activities that are not in the table of activities count for nothing",
    )
    yield from _notice(
        "destination_of_unknown_learner",
        sum(row.learner_id not in known_learners for row in set(records.destinations or ())),
        "destinations",
        "destinations of learners who are not in the table of learners count for nothing",
    )


def _notice(code: str, count: int, where: str, message: str) -> Iterator[Notice]:
    if count:
        yield Notice(code=code, message=message, count=count, where=where)


def _learner_notices(
    plan: Plan, records: Records, standings: Mapping[str, Standing], followed: frozenset[str]
) -> Iterator[Notice]:
    """Notice learners who are left out, and those of whom something that matters is unknown."""
    learners = records.learners or ()
    reasons: Counter[Standing] = Counter(
        reason
        for learner_id, reason in standings.items()
        if reason is not Standing.COUNTED and learner_id not in followed
    )
    words = ", ".join(f"{reasons[reason]} {reason}" for reason in Standing if reasons[reason])
    yield from _notice(
        "learners_left_out",
        reasons.total(),
        "learners",
        f"learners are left out of every population: {words}",
    )
    counted = [learner for learner in learners if standings[learner.learner_id] is Standing.COUNTED]
    if plan.edition.oldest is not None:
        yield from _notice(
            "date_of_birth_unknown",
            sum(learner.date_of_birth is None for learner in counted),
            "learners",
            "learners without a date of birth are counted, though they may be over the age",
        )
    if plan.edition.timeline is Timeline.PROGRAMMES:
        yield from _notice(
            "programme_end_unknown",
            sum(learner.programme_end is None for learner in counted),
            "learners",
            "learners without a programme_end are never due",
        )
    if not records.has_evidence:
        return
    words_for = {"considering_he": "intention_unknown", "subjects_known": "subjects_unknown"}
    for rule in plan.rules:
        if rule.cohort.only is None:
            continue
        unknown = sum(
            _is_unknown(learner, rule.cohort)
            for learner in counted
            if is_in(learner, rule.cohort, by_year_groups=plan.by_year_groups, as_of=plan.as_of)
        )
        what = "intention about higher education" if rule.cohort.only == "considering_he" else "subjects"
        yield from _notice(
            words_for[rule.cohort.only],
            unknown,
            rule.criterion.id,
            f"learners whose {what} nobody recorded are left out of {rule.criterion.id}",
        )


def _activity_notices(plan: Plan, activities: Iterable[Activity]) -> Iterator[Notice]:
    """Notice activities of which something that matters is unknown, each once."""
    edition = plan.edition
    level = adviser_level(edition, plan.settings)
    included = "count" if plan.settings.unknown == "include" else "do not count"
    meaningful = advisers = durations = 0
    for activity in activities:
        if activity.date > plan.as_of:
            continue
        unknown = {
            kind
            for kind in activity.kinds & plan.scored_kinds
            if _is_open(activity, kind, plan) or known_to_count(activity, kind, edition, level) is None
        }
        advisers += ActivityKind.GUIDANCE_MEETING in unknown
        meaningful += bool(unknown - {ActivityKind.GUIDANCE_MEETING})
        durations += (
            bool(plan.hours)
            and ActivityKind.WORKPLACE_EXPERIENCE in activity.kinds
            and not activity.part_time_job
            and activity.duration is None
        )
    yield from _notice(
        "meaningful_unknown",
        meaningful,
        "activities",
        f"activities of which nobody said whether they were meaningful {included}",
    )
    yield from _notice(
        "adviser_level_unknown",
        advisers,
        "activities",
        f"guidance meetings with an adviser of unknown level {included}",
    )
    yield from _notice(
        "duration_unknown",
        durations,
        "activities",
        "workplace experiences without a duration add no hours to the work experience guarantee",
    )


def _is_open(activity: Activity, kind: ActivityKind, plan: Plan) -> bool:
    """Whether a part-time job would count if somebody said that it was meaningful."""
    return (
        kind is ActivityKind.WORKPLACE_EXPERIENCE
        and bool(activity.part_time_job)
        and plan.edition.part_time_jobs is PartTimeJobs.IF_MEANINGFUL
        and activity.meaningful is None
        and plan.edition.checklist(kind).verdict(activity) is None
    )
