"""Sense: what is doubtful about records that can be read and scored.

Everything here is a warning. A score is not touched by it: what counts is said by the rules, and
data that nobody can have meant is for people to look at. The bounds are decisions of this project
(interpretations), wide on purpose: a warning that is mostly wrong is not read.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from gatsbykit.checks.ids import changes
from gatsbykit.issues import Issue, Listing
from gatsbykit.model.answers import PartAnswers
from gatsbykit.model.authorities import authorities
from gatsbykit.model.calendar import (
    FIRST_YEAR,
    FIRST_YEAR_GROUP,
    LAST_YEAR,
    AcademicYear,
    academic_year_start,
    capped_year_group,
)
from gatsbykit.model.encounters import (
    CHECKLIST_ITEMS,
    PROVIDER_ACCESS_ITEMS,
    Activity,
    ActivityKind,
    Participation,
    ParticipationStatus,
    ProviderType,
)
from gatsbykit.model.names import alike, entry_keys
from gatsbykit.privacy import shown_name
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.scoring.following import declared
from gatsbykit.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import attrs

    from gatsbykit.model.authorities import Authority
    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.rules import Criterion, Edition

__all__ = ["meaning_issues"]

AGE_TOLERANCE: Final = 1
"""Learners are taught a year out of step at most, or somebody looks."""

FEWEST_OF_SCHOOL: Final = 5
FEWEST_OF_YEAR: Final = 10
"""Of so many learners at least it means something that nearly all are out of step."""

NEARLY_ALL: Final = Fraction(9, 10)

OVERRIDE_TOLERANCE: Final = 2
"""A learner has repeated or skipped that many years at most."""

AUTHORITY_TOLERANCE: Final = 1
"""Numbers are issued around the year in which an authority begins or ends."""

FIRST_BIRTH: Final = 1920
LEVELS: Final = range(1, 9)
_HOUR: Final = 60
_SCHOOL_DAY: Final = 300
_SATURDAY: Final = 5

LONGEST: Final[Mapping[ActivityKind, int]] = {
    **dict.fromkeys(ActivityKind, 10 * _SCHOOL_DAY),
    ActivityKind.GUIDANCE_MEETING: _SCHOOL_DAY,
    ActivityKind.WORKPLACE_EXPERIENCE: 750 * _HOUR,  # the longest T Level industry placement
}
"""By kind, how many minutes an activity lasts at most."""

_FIELDS_OF_KINDS: Final = {
    "adviser_level": ActivityKind.GUIDANCE_MEETING,
    "part_time_job": ActivityKind.WORKPLACE_EXPERIENCE,
    "site_visit": ActivityKind.PROVIDER_ENCOUNTER,
    "provider_types": ActivityKind.PROVIDER_ENCOUNTER,
}
_ATTENDED: Final = ParticipationStatus.ATTENDED
_MOST_LISTED: Final = 1_000

_Row = tuple[int, Participation]


class _Case:
    """Records in the arrangements that the checks ask for."""

    def __init__(self, records: Records, as_of: date | None, chosen: Edition | None) -> None:
        self.records = records
        self.as_of = as_of
        self.edition = chosen
        self.learners = records.learners or ()
        self.activities = records.activities or ()
        self.rows = records.participations or ()
        self.destinations = records.destinations or ()
        self.learner_of = {learner.learner_id: learner for learner in self.learners}
        self.activity_of = {activity.activity_id: activity for activity in self.activities}

    @functools.cached_property
    def attended(self) -> Iterable[tuple[int, Participation, Learner, Activity]]:
        """The attended participations of known learners in known activities."""
        found: list[tuple[int, Participation, Learner, Activity]] = []
        for index, row in enumerate(self.rows):
            learner, activity = self.learner_of.get(row.learner_id), self.activity_of.get(row.activity_id)
            if row.status is _ATTENDED and learner is not None and activity is not None:
                found.append((index, row, learner, activity))
        return found


def meaning_issues(records: Records, *, as_of: date | None, chosen: Edition | None) -> tuple[Issue, ...]:
    """Return what is doubtful about records.

    Args:
        records: The records.
        as_of: The date of the assessment; without it, what depends on it is not looked at.
        chosen: The edition in force; without it, what depends on it is not looked at.

    Returns:
        The issues. Of each code the first 1,000 are listed, and the rest counted.
    """
    case = _Case(records, as_of, chosen)
    found = Listing(most=_MOST_LISTED)
    for check in _CHECKS:
        for issue in check(case):
            found.add(issue)
    return tuple(found)


def _learner_issue(index: int, learner: Learner, code: str, column: str | None = None, **more: Any) -> Issue:
    return _issue(f"learners[{index}]", shown_name(learner.learner_id), code, column, **more)


def _activity_issue(
    index: int, activity: Activity, code: str, column: str | None = None, **more: Any
) -> Issue:
    return _issue(f"activities[{index}]", shown_name(activity.activity_id), code, column, **more)


def _issue(path: str, record: str, code: str, column: str | None, **more: Any) -> Issue:
    where = path if column is None else f"{path}.{column}"
    return Issue(code=code, path=where, column=column, record=record, **more)


# Learners


def _ages(case: _Case) -> Iterator[Issue]:
    """Ages against year groups: Year 7 is 11 on the 31 August before the year."""
    if case.as_of is None or not case.records.institution.kind.is_school:
        return
    for index, learner in enumerate(case.learners):
        born, year_group = learner.date_of_birth, learner.year_group
        if born is None or year_group is None:
            continue
        reference = academic_year_start(learner.reference_date(case.as_of))
        usual = reference - 1 - (year_group + 4)
        if abs(academic_year_start(born) - usual) > AGE_TOLERANCE:
            details = {"tolerance": AGE_TOLERANCE, "year_group": year_group}
            yield _learner_issue(index, learner, "age_against_year_group", "date_of_birth", details=details)


def _ages_together(case: _Case) -> Iterator[Issue]:
    """Year groups against ages where all are moved by one step, which no single learner can tell.

    Leavers apart: theirs is the year group of the day on which they left.
    """
    as_of = case.as_of
    if as_of is None or not case.records.institution.kind.is_school:
        return
    steps: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for learner in case.learners:
        born, year_group = learner.date_of_birth, learner.year_group
        if born is not None and year_group is not None and learner.reference_date(as_of) == as_of:
            usual = academic_year_start(as_of) - 1 - (year_group + 4)
            steps[year_group][usual - academic_year_start(born)] += 1
    whole = sum(steps.values(), Counter[int]())
    moved = {year_group: _step(counts, FEWEST_OF_YEAR) for year_group, counts in steps.items()}
    step = _step(whole, FEWEST_OF_SCHOOL)
    if step:
        moved = dict.fromkeys(steps, step)
    for one in sorted({*moved.values()} - {0}):
        years = sorted(year_group for year_group, found in moved.items() if found == one)
        count = sum(steps[year_group].total() for year_group in years)
        details = {
            "years": f"Year {years[0]}" if len(years) == 1 else f"Years {listed(map(str, years))}",
            "step": f"{abs(one)} year{'s' if abs(one) > 1 else ''} too {'old' if one > 0 else 'young'}",
        }
        yield Issue(
            code="year_groups_out_of_step", details=details, path="learners", column="year_group", count=count
        )


def _step(steps: Counter[int], fewest: int) -> int:
    """Return by how many years nearly all learners are older than usual; 0 if they are not, or are few."""
    if steps.total() < fewest:
        return 0
    step, count = steps.most_common(1)[0]
    return step if count >= NEARLY_ALL * steps.total() else 0


def _dates_of_learners(case: _Case) -> Iterator[Issue]:
    columns = ("date_of_birth", "on_roll_from", "on_roll_to", "programme_start", "programme_end")
    for index, learner in enumerate(case.learners):
        for column in columns:
            first = FIRST_BIRTH if column == "date_of_birth" else FIRST_YEAR
            yield from _implausible(f"learners[{index}]", learner.learner_id, learner, column, first)
        born = learner.date_of_birth
        for column in ("on_roll_from", "programme_start"):
            began: date | None = getattr(learner, column)
            if born is not None and began is not None and began <= born:
                details = {"column": column}
                yield _learner_issue(index, learner, "born_after_joining", "date_of_birth", details=details)


def _implausible(
    path: str, record: str, row: attrs.AttrsInstance, column: str, first: int = FIRST_YEAR
) -> Iterator[Issue]:
    day: date | None = getattr(row, column)
    if day is not None and not first <= day.year <= LAST_YEAR:
        details = {"first": first, "last": LAST_YEAR}
        yield _issue(path, shown_name(record), "date_implausible", column, details=details)


def _programmes_on_roll(case: _Case) -> Iterator[Issue]:
    for index, learner in enumerate(case.learners):
        ended_before = _is_before(learner.programme_end, learner.on_roll_from)
        if ended_before or _is_before(learner.on_roll_to, learner.programme_start):
            yield _learner_issue(index, learner, "programme_outside_roll")


def _is_before(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first < second


def _identifiers(case: _Case) -> Iterator[Issue]:
    laestab = case.records.institution.laestab
    if laestab is not None and laestab.authority not in authorities():
        yield Issue(
            code="laestab_unknown_authority",
            details={"authority": laestab.authority},
            path="institution.laestab",
            column="laestab",
        )
    seen: set[str] = set()
    for index, learner in enumerate(case.learners):
        for column in ("upn", "uln"):
            number: str | None = getattr(learner, column)
            if number is not None:
                if number in seen:
                    details = {"column": column.upper()}
                    yield _learner_issue(index, learner, "shared_identifier", column, details=details)
                seen.add(number)


def _authorities_of_upns(case: _Case) -> Iterator[Issue]:
    """Authorities in UPNs: an issue at the first learner concerned, with the number of learners."""
    first: dict[tuple[str, str, int | None], tuple[int, Learner]] = {}
    counts: Counter[tuple[str, str, int | None]] = Counter()
    for index, learner in enumerate(case.learners):
        upn = learner.upn
        if upn is None:
            continue
        if upn.authority not in authorities():
            key: tuple[str, str, int | None] = ("upn_unknown_authority", upn.authority, None)
        elif not _existed_around(authorities()[upn.authority], upn.year_issued):
            key = ("upn_authority_out_of_time", upn.authority, upn.year_issued)
        else:
            continue
        first.setdefault(key, (index, learner))
        counts[key] += 1
    for key, (index, learner) in first.items():
        code, authority, year = key
        details = {"authority": authority} | ({} if year is None else {"year": str(year)})
        yield _learner_issue(index, learner, code, "upn", details=details, count=counts[key])


def _existed_around(authority: Authority, year: int) -> bool:
    years = range(year - AUTHORITY_TOLERANCE, year + AUTHORITY_TOLERANCE + 1)
    return any(authority.existed_on(day) for one in years for day in (date(one, 1, 1), date(one, 12, 31)))


# Participations


def _attendance(case: _Case) -> Iterator[Issue]:
    """Attendance against the roll and the programme: one issue a learner, with the number of days."""
    off_roll: Counter[str] = Counter()
    off_programme: Counter[str] = Counter()
    for _, _, learner, activity in case.attended:
        day = activity.date
        if _is_before(day, learner.on_roll_from) or _is_before(learner.on_roll_to, day):
            off_roll[learner.learner_id] += 1
        elif _is_before(day, learner.programme_start) or _is_before(learner.programme_end, day):
            off_programme[learner.learner_id] += 1
    for index, learner in enumerate(case.learners):
        for code, counts in (
            ("attended_outside_roll", off_roll),
            ("attended_outside_programme", off_programme),
        ):
            if count := counts[learner.learner_id]:
                yield _learner_issue(index, learner, code, count=count)


def _overrides(case: _Case) -> Iterator[Issue]:
    if case.as_of is None:
        return
    for index, row, learner, activity in case.attended:
        usual = learner.year_group_at(activity.date, as_of=case.as_of)
        if row.year_group is None or usual is None:
            continue
        years = abs(capped_year_group(row.year_group) - usual)
        if years > OVERRIDE_TOLERANCE:
            yield _issue(
                f"participations[{index}]",
                shown_name(row.learner_id),
                "override_far_from_calendar",
                "year_group",
                details={"years": years},
            )


def _changed_ids(case: _Case) -> Iterator[Issue]:
    """Ids that would be known had no program written them in another way."""
    for table, column, rows, known in (
        ("participations", "learner_id", case.rows, case.learner_of),
        ("destinations", "learner_id", case.destinations, case.learner_of),
        ("participations", "activity_id", case.rows, case.activity_of),
    ):
        strangers: Counter[str] = Counter(getattr(row, column) for row in rows)
        for one in strangers.keys() & known.keys():
            del strangers[one]
        if strangers:
            how = changes([*strangers], [*known])
            for one, count in strangers.items():
                if one in how:
                    yield Issue(
                        code="id_changed_by_spreadsheet",
                        details={"column": column, "how": how[one]},
                        path=table,
                        column=column,
                        record=shown_name(one),
                        count=count,
                    )


def _unseen_year_groups(case: _Case) -> Iterator[Issue]:
    as_of = case.as_of
    if as_of is None or not case.records.has_evidence or not case.records.institution.kind.is_school:
        return
    this_year = AcademicYear.of(as_of)
    seen = {
        learner.learner_id
        for _, _, learner, activity in case.attended
        if activity.date in this_year and activity.date <= as_of
    }
    there: Counter[int] = Counter()
    came: set[int] = set()
    for learner in case.learners:
        year_group = learner.current_year_group()
        if year_group is not None and year_group >= FIRST_YEAR_GROUP and learner.is_on_roll(as_of):
            there[year_group] += 1
            if learner.learner_id in seen:
                came.add(year_group)
    for year_group in sorted(there.keys() - came):
        yield Issue(
            code="year_group_never_seen",
            details={
                "learners": there[year_group],
                "year_group": year_group,
                "academic_year": this_year,
            },
            path="participations",
        )


# Activities


@functools.cache
def _kinds_of_items() -> Mapping[str, frozenset[ActivityKind]]:
    """By checklist item, the kinds of which some edition asks it."""
    kinds: defaultdict[str, set[ActivityKind]] = defaultdict(set)
    for key in EDITION_KEYS:
        for kind, checklist in edition(key).checklists.items():
            for item in checklist.items:
                kinds[item].add(kind)
    for item in PROVIDER_ACCESS_ITEMS:
        kinds[item].add(ActivityKind.PROVIDER_ENCOUNTER)
    return {item: frozenset(found) for item, found in kinds.items()}


def _fields_of_kinds(case: _Case) -> Iterator[Issue]:
    items = [*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS]
    asked_of = _kinds_of_items()
    for index, activity in enumerate(case.activities):
        strange = [
            item
            for item in items
            if getattr(activity, item) is not None and asked_of[item].isdisjoint(activity.kinds)
        ]
        if strange:
            details = {"items": ", ".join(strange), "kinds": " or ".join(sorted(activity.kinds))}
            yield _activity_issue(
                index, activity, "checklist_for_other_kind", strange[0], details=details, count=len(strange)
            )
        for column, kind in _FIELDS_OF_KINDS.items():
            if getattr(activity, column) and kind not in activity.kinds:
                details = {"kind": str(kind)}
                yield _activity_issue(index, activity, "field_for_other_kind", column, details=details)


def _facts_of_activities(case: _Case) -> Iterator[Issue]:
    own_name = alike(case.records.institution.name)
    for index, activity in enumerate(case.activities):
        yield from _implausible(f"activities[{index}]", activity.activity_id, activity, "date")
        if activity.adviser_level is not None and activity.adviser_level not in LEVELS:
            cell = str(activity.adviser_level)
            yield _activity_issue(index, activity, "adviser_level_implausible", "adviser_level", cell=cell)
        if ActivityKind.PROVIDER_ENCOUNTER in activity.kinds and not activity.provider_types:
            details = {"choices": ", ".join(ProviderType)}
            yield _activity_issue(index, activity, "provider_type_unknown", "provider_types", details=details)
        if own_name in entry_keys(activity.providers):
            yield _activity_issue(index, activity, "own_provider", "providers")
        if activity.school_day and activity.date.weekday() >= _SATURDAY:
            yield _activity_issue(index, activity, "school_day_at_weekend", "school_day")
        yield from _duration(index, activity)


def _duration(index: int, activity: Activity) -> Iterator[Issue]:
    longest = max((LONGEST[kind] for kind in activity.kinds), default=10 * _SCHOOL_DAY)
    if activity.duration is not None and not 0 < activity.duration <= longest:
        details = {"longest": Fraction(longest, _HOUR)}
        yield _activity_issue(index, activity, "duration_implausible", "duration", details=details)


def _providers_types(case: _Case) -> Iterator[Issue]:
    types: defaultdict[str, set[ProviderType]] = defaultdict(set)
    first: dict[str, tuple[int, Activity]] = {}
    for index, activity in enumerate(case.activities):
        names = entry_keys(activity.providers)
        if len(names) == 1 and len(activity.provider_types) == 1:
            (name,) = names
            types[name] |= activity.provider_types
            first.setdefault(name, (index, activity))
    for name, found in types.items():
        if len(found) > 1:
            details = {"types": " and ".join(sorted(found))}
            index, activity = first[name]
            yield _activity_issue(index, activity, "provider_types_disagree", "providers", details=details)


def _learners_of_activities(case: _Case) -> Iterator[Issue]:
    """Activities without learners, without attendance, and entered twice."""
    if case.records.participations is None:
        return
    there: set[str] = {row.activity_id for row in case.rows}
    came: defaultdict[str, set[str]] = defaultdict(set)
    for row in case.rows:
        if row.status is _ATTENDED:
            came[row.activity_id].add(row.learner_id)
    seen: dict[Any, str] = {}
    for index, activity in enumerate(case.activities):
        learners = came.get(activity.activity_id)
        if learners:
            first = seen.setdefault(_likeness(activity, learners), activity.activity_id)
            if first != activity.activity_id:
                details = {"first": shown_name(first)}
                yield _activity_issue(index, activity, "activity_entered_twice", details=details)
        elif case.as_of is None or activity.date <= case.as_of:
            code = "nobody_attended" if activity.activity_id in there else "activity_without_learners"
            yield _activity_issue(index, activity, code)


def _likeness(activity: Activity, learners: Iterable[str]) -> Any:
    return (
        activity.date,
        activity.kinds,
        " ".join((activity.title or "").casefold().split()),
        activity.employer,
        entry_keys(activity.providers),
        activity.subjects,
        activity.duration,
        frozenset(learners),
    )


# Destinations


def _sightings(case: _Case) -> Iterator[Issue]:
    for index, seen in enumerate(case.destinations):
        path, record = f"destinations[{index}]", shown_name(seen.learner_id)
        yield from _implausible(path, seen.learner_id, seen, "date")
        learner = case.learner_of.get(seen.learner_id)
        if learner is not None and (learner.on_roll_to is None or seen.date <= learner.on_roll_to):
            yield _issue(path, record, "destination_before_leaving", "date")
        if _is_before(seen.end_date, seen.date):
            yield _issue(path, record, "destination_ends_before_seen", "end_date")
        if seen.level is not None and seen.level not in range(LEVELS.stop):
            yield _issue(path, record, "destination_level_implausible", "level", cell=str(seen.level))


# The careers programme as a whole


def _completeness(case: _Case) -> Iterator[Issue]:
    """What a careers programme would have and the records do not show."""
    records, chosen = case.records, case.edition
    for table in ("learners", "activities", "destinations"):
        if getattr(records, table) is None:
            yield Issue(code="table_not_supplied", details={"table": table}, path=table)
    if chosen is None or case.as_of is None:
        return
    if records.has_evidence:
        this_year = AcademicYear.of(case.as_of)
        held = {kind for one in case.activities if one.date in this_year for kind in one.kinds}
        asked = {one.encounters.kind for one in chosen.criteria if one.encounters is not None}
        for kind in sorted(asked - held):
            details = {"kind": str(kind), "academic_year": this_year, "edition": chosen.key}
            yield Issue(code="kind_never_held", details=details, path="activities")
    given = records.answers.get(chosen.key, {})
    if records.answers and not given:
        details = {"given": ", ".join(records.answers), "edition": chosen.key}
        yield Issue(code="answers_of_other_edition", details=details, path="answers")
    in_force = declared(given, records.programme, chosen, case.as_of, records.learners).answers
    unanswered = [one.id for one in chosen.criteria if _is_unanswered(one, in_force)]
    if unanswered:
        details = {"edition": chosen.key, "criteria": ", ".join(unanswered)}
        yield Issue(
            code="criteria_unanswered", details=details, path=f"answers.{chosen.key}", count=len(unanswered)
        )


def _is_unanswered(criterion: Criterion, given: Mapping[str, object]) -> bool:
    if criterion.type != "declared":
        return False
    answer = given.get(criterion.id)
    if isinstance(answer, PartAnswers):
        return not answer.parts.keys() >= {*criterion.parts}
    return answer is None


_CHECKS: Final[tuple[Callable[[_Case], Iterator[Issue]], ...]] = (
    _ages,
    _ages_together,
    _dates_of_learners,
    _programmes_on_roll,
    _identifiers,
    _authorities_of_upns,
    _attendance,
    _overrides,
    _changed_ids,
    _unseen_year_groups,
    _fields_of_kinds,
    _facts_of_activities,
    _providers_types,
    _learners_of_activities,
    _sightings,
    _completeness,
)
