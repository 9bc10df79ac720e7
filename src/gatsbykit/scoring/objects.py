"""The objects lane: score one institution's records in one pass over its participations.

Each activity is classified once, into an integer of marks. Each participation then adds the marks
that its status and the learner's year group at the date allow to the learner's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gatsbykit.scoring.cohorts import Standing, is_chosen, is_in, is_unknown, standing
from gatsbykit.scoring.evidence import Evidence, mark_activity, occasion_key, strength
from gatsbykit.scoring.measurement import Measurement, Tally, repeated_ids
from gatsbykit.scoring.notices import activity_doubts, build_warnings, learner_doubts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from gatsbykit.model.encounters import Activity, Participation
    from gatsbykit.model.records import Records
    from gatsbykit.scoring.notices import Doubts
    from gatsbykit.scoring.plan import Plan

__all__ = ["measure"]


def measure(plan: Plan, records: Records) -> Measurement:
    """Count everything that a plan asks for in an institution's records.

    Args:
        plan: The compiled edition.
        records: The institution's records.

    Raises:
        RecordsError: Two learners or two activities have the same id.
    """
    doubts = _row_doubts(records)
    activities, participations = records.activities, records.participations
    for activity in activities or ():
        doubts.update((code, "") for code in activity_doubts(activity, plan))
    learners = records.learners
    if learners is None:
        return Measurement(tallies={}, warnings=build_warnings(plan, doubts, {}))
    _refuse_repeats("learner_id", (learner.learner_id for learner in learners))
    kind = records.institution.kind
    counted: list[Evidence] = []
    left_out: dict[str, Standing] = {}
    for learner in learners:
        reason = standing(learner, kind, plan.edition, plan.as_of)
        if reason is Standing.COUNTED:
            counted.append(Evidence(learner, plan))
            doubts.update(learner_doubts(learner, plan, has_evidence=records.has_evidence))
        else:
            left_out[learner.learner_id] = reason
    tallies: dict[str, Tally] = {}
    access = hours = None
    if activities is not None and participations is not None:
        _refuse_repeats("activity_id", (activity.activity_id for activity in activities))
        occasions_held = _gather(plan, activities, participations, counted)
        tallies.update(_tallies(plan, counted))
        access = _access(plan, counted, occasions_held)
        hours = _hours(plan, counted)
    for followed in _follow(plan, records, tallies):
        left_out.pop(followed, None)
    warnings = build_warnings(plan, doubts, Counter(left_out.values()))
    return Measurement(tallies=tallies, access=access, hours=hours, warnings=warnings)


def _refuse_repeats(column: str, ids: Iterable[str]) -> None:
    repeated = [one for one, count in Counter(ids).items() if count > 1]
    if repeated:
        raise repeated_ids(column, repeated)


def _row_doubts(records: Records) -> Doubts:
    """Count rows that point nowhere. Repeating a row adds nothing."""
    known_learners = {learner.learner_id for learner in records.learners or ()}
    known_activities = {activity.activity_id for activity in records.activities or ()}
    rows = records.participations or ()
    strangers = {(row.learner_id, row.activity_id) for row in rows if row.learner_id not in known_learners}
    nowhere = {(row.learner_id, row.activity_id) for row in rows if row.activity_id not in known_activities}
    strange_sightings = {row for row in records.destinations or () if row.learner_id not in known_learners}
    return Counter(
        {
            ("participation_of_unknown_learner", ""): len(strangers),
            ("participation_of_unknown_activity", ""): len(nowhere),
            ("destination_of_unknown_learner", ""): len(strange_sightings),
        }
    )


def _gather(
    plan: Plan,
    activities: Iterable[Activity],
    participations: Iterable[Participation],
    counted: Iterable[Evidence],
) -> Mapping[int, int]:
    """Spread the activities' marks over the learners who took part.

    Returns:
        By the mask of a phase of the provider access law that the institution has to put on, the
        number of occasions held.
    """
    every = (mark_activity(plan, activity) for activity in activities)
    marked = {one.activity.activity_id: one for one in every if one.bits}
    evidence = {one.learner.learner_id: one for one in counted}
    for row in participations:
        one = evidence.get(row.learner_id)
        if one is not None and row.activity_id in marked:
            best = one.rows.setdefault(row.activity_id, row)
            if best is not row and strength(row) > strength(best):
                one.rows[row.activity_id] = row
    held: dict[int, set[str]] = {rule.mask: set() for rule in plan.access if rule.phase.per == "institution"}
    for one in evidence.values():
        for row in one.rows.values():
            found = marked[row.activity_id]
            bits = one.bits_of(plan, row, found)
            if bits & plan.needs_subjects:
                one.subjects |= found.activity.subjects
            if bits & plan.collected:
                _collect(plan, one, found.activity, bits, held)
            one.set(bits)
    return {mask: len(ids) for mask, ids in held.items()}


def _collect(plan: Plan, one: Evidence, activity: Activity, bits: int, held: Mapping[int, set[str]]) -> None:
    """Keep what marks alone cannot say: hours, and who was met on which occasion."""
    if activity.duration:
        for hours in plan.hours:
            if bits & hours.mask:
                one.minutes[hours.mask] += activity.duration
    for access in plan.access:
        if bits & access.mask:
            if access.phase.per == "learner":
                key = occasion_key(activity, different_providers=access.phase.different_providers)
                one.occasions.add((access.mask, key))
            elif access.concerns(one):
                held[access.mask].add(activity.activity_id)


def _tally(counted: Iterable[tuple[str, bool]]) -> Tally:
    """Count learners, by id, of whom it is known whether they meet a requirement."""
    denominator = 0
    missing: list[str] = []
    for learner_id, met in counted:
        denominator += 1
        if not met:
            missing.append(learner_id)
    missing.sort()
    return Tally(numerator=denominator - len(missing), denominator=denominator, missing=tuple(missing))


def _tallies(plan: Plan, counted: list[Evidence]) -> Iterator[tuple[str, Tally]]:
    """Count the share criteria about activities."""
    by_year: defaultdict[int, list[Evidence]] = defaultdict(list)
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
        chosen = [one for one in cohort if is_chosen(one.learner, rule.cohort)]
        tally = _tally((one.learner.learner_id, rule.is_met(one)) for one in chosen)
        on_track: dict[int, tuple[int, int]] = {}
        for year in rule.on_track_years:
            earlier = [one for one in by_year[year] if is_chosen(one.learner, rule.cohort)]
            on_track[year] = sum(map(rule.is_met, earlier)), len(earlier)
        yield (
            rule.criterion.id,
            Tally(
                numerator=tally.numerator,
                denominator=tally.denominator,
                missing=tally.missing,
                unknown_only=bool(cohort) and all(is_unknown(one.learner, rule.cohort) for one in cohort),
                on_track=on_track,
            ),
        )


def _access(plan: Plan, counted: list[Evidence], held: Mapping[int, int]) -> Mapping[str, Tally] | None:
    """Count the phases of the provider access law; ``None`` where it does not apply."""
    if not plan.access:
        return None
    results: dict[str, Tally] = {}
    for rule in plan.access:
        due = [one for one in counted if rule.concerns(one)]
        if rule.phase.per == "learner":
            results[rule.phase.name] = _tally((one.learner.learner_id, rule.is_met(one)) for one in due)
        else:
            results[rule.phase.name] = Tally(
                numerator=held[rule.mask], denominator=rule.phase.occasions, unknown_only=not due
            )
    return results


def _hours(plan: Plan, counted: list[Evidence]) -> Mapping[str, Tally] | None:
    """Count the parts of the work experience guarantee; ``None`` outside schools."""
    if not plan.hours:
        return None
    return {
        rule.part.name: _tally(
            (one.learner.learner_id, rule.is_met(one)) for one in counted if rule.concerns(one)
        )
        for rule in plan.hours
    }


def _follow(plan: Plan, records: Records, tallies: dict[str, Tally]) -> set[str]:
    """Count the criteria about what became of leavers, if there are records for them.

    Returns:
        The ids of the leavers whom it is about.
    """
    followed: set[str] = set()
    if records.destinations is None:
        return followed
    seen: defaultdict[str, list[date]] = defaultdict(list)
    for destination in records.destinations:
        if destination.is_known and destination.date <= plan.as_of:
            seen[destination.learner_id].append(destination.date)
    for rule in plan.leavers:
        leavers = [
            learner
            for learner in records.learners or ()
            if rule.concerns(learner, records.institution.kind, plan.as_of)
        ]
        followed.update(learner.learner_id for learner in leavers)
        tallies[rule.criterion.id] = _tally(
            (learner.learner_id, rule.is_met(learner, seen[learner.learner_id], plan.as_of))
            for learner in leavers
        )
    return followed
