"""Compiling an edition into a plan: which activity, in which year group, sets which mark.

A *mark* is one bit: one thing that an activity can be to a learner, such as "a meaningful
encounter with a university in Years 7 to 11". Every lane of the engine classifies each activity
once, into an integer of marks, and then combines those integers per learner. What a criterion
needs is then a question about the learner's marks.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from gatsbykit.errors import SettingsError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.calendar import (
    FIRST_YEAR_GROUP,
    LAST_YEAR_GROUP,
    AcademicYear,
    academic_year_start,
    capped_year_group,
    key_stage,
)
from gatsbykit.model.encounters import (
    Activity,
    ActivityKind,
    Participation,
    ParticipationStatus,
    ProviderType,
)
from gatsbykit.model.fields import read_as
from gatsbykit.model.names import entry_keys
from gatsbykit.rules.statutory import (
    AccessPhase,
    ExperiencePart,
    ProviderAccessRules,
    provider_access_rules,
    work_experience_rules,
)
from gatsbykit.rules.vocabulary import (
    Cohort,
    Criterion,
    Edition,
    EncounterRequirement,
    PartTimeJobs,
    Timeline,
    Window,
)
from gatsbykit.scoring.reasons import Obstacle, Reason
from gatsbykit.scoring.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from gatsbykit.model.institutions import InstitutionKind
    from gatsbykit.model.learners import Learner

__all__ = [
    "DEFAULTS",
    "Mark",
    "Need",
    "Plan",
    "Settings",
    "Test",
    "compile_plan",
    "counts_as",
    "years_towards",
]

ALL_YEARS: Final = tuple(range(FIRST_YEAR_GROUP, LAST_YEAR_GROUP + 1))
_ATTENDED: Final = frozenset({ParticipationStatus.ATTENDED})
_OFFERED: Final = frozenset({ParticipationStatus.ATTENDED, ParticipationStatus.OFFERED})
_FIRST_POST_16_YEAR: Final = 12
_MINUTES: Final = 60  # in an hour


class Test(StrEnum):
    """What an activity has to pass, beside being of the right kind and time, to set a mark."""

    COUNTS = "counts"
    """It counts for its kind: meaningful, by an adviser of the right level, no part-time job."""

    HOURS = "hours"
    """It is not a part-time job; its hours count, meaningful or not."""

    OCCASION = "occasion"
    """It is an occasion under the provider access law."""

    OCCASION_IN_TIME = "occasion_in_time"
    """It is such an occasion, up to the cut-off day of its academic year."""


@attrs.frozen(kw_only=True)
class Mark:
    """One thing that an activity can be to a learner.

    Args:
        kind: The kind of activity.
        test: What else the activity has to pass.
        statuses: The statuses of a participation that set the mark.
        years: The year groups in which it is set; empty for any from Year 7 on.
        window: The time in which it is set.
        subjects: Subjects of which the activity needs one; empty asks for none.
        any_subject: Whether the activity needs a subject at all (they are then compared with the
            learner's own).
        site_visit: Whether it has to be on the provider's site.
        provider_type: The type of provider, if one is asked for.
        also: Another kind that the activity has to be.
    """

    kind: ActivityKind
    test: Test = Test.COUNTS
    statuses: frozenset[ParticipationStatus] = _ATTENDED
    years: tuple[int, ...] = ()
    window: Window = Window.ANY
    subjects: frozenset[str] = frozenset()
    any_subject: bool = False
    site_visit: bool = False
    provider_type: ProviderType | None = None
    also: ActivityKind | None = None

    def years_for(self, year_group: int) -> tuple[int, ...]:
        """The year groups in which the mark is set for a learner who is in `year_group` now."""
        if self.window is Window.OWN_KEY_STAGE:
            stage = key_stage(year_group)
            return () if stage is None else stage.years
        return self.years or ALL_YEARS

    def fits(self, activity: Activity) -> bool:
        """Return whether an activity has what the mark asks for beside its kind, test and time."""
        return (
            (self.provider_type is None or self.provider_type in activity.provider_types)
            and (self.also is None or self.also in activity.kinds)
            and (not self.subjects or not self.subjects.isdisjoint(activity.subjects))
            and (not self.any_subject or bool(activity.subjects))
            and (not self.site_visit or activity.site_visit is True)
        )

    def misfits(self, activity: Activity) -> Iterator[Obstacle]:
        """Yield why an activity does not fit; nothing exactly if it does."""
        if self.provider_type is not None and self.provider_type not in activity.provider_types:
            yield Obstacle(Reason.PROVIDER_TYPE)
        if self.also is not None and self.also not in activity.kinds:
            yield Obstacle(Reason.ANOTHER_KIND_LACKING, (self.also,))
        if (self.any_subject and not activity.subjects) or (
            self.subjects and self.subjects.isdisjoint(activity.subjects)
        ):
            yield Obstacle(Reason.SUBJECT)
        if self.site_visit and activity.site_visit is not True:
            yield Obstacle(Reason.NOT_ON_SITE)


@attrs.frozen(kw_only=True)
class Need:
    """What a learner's marks have to show.

    Args:
        counts: Pairs of a number and a mask: each mark of the mask, that many times.
        different: A number and a mask: so many different marks of the mask.
        each_subject: The mark whose activities have to cover each of the learner's subjects.
    """

    counts: tuple[tuple[int, int], ...]
    different: tuple[int, int] = (0, 0)
    each_subject: int = 0

    @property
    def mask(self) -> int:
        """Every mark that it asks about."""
        return functools.reduce(lambda one, other: one | other, (mask for _, mask in self.counts), 0) | (
            self.different[1] | self.each_subject
        )


class Shown(Protocol):
    """What the records of a learner have shown, as the rules ask about it."""

    @property
    def year(self) -> int:
        """The learner's year group now; 0 where year groups play no part."""
        ...

    @property
    def minutes(self) -> Mapping[int, Fraction]:
        """By the mask of a part of the work experience guarantee, the minutes spent."""
        ...

    def meets(self, need: Need) -> bool:
        """Whether the learner has what a criterion needs."""
        ...

    def occasions_of(self, mask: int) -> int:
        """How many different occasions of a phase of the provider access law were attended."""
        ...


@attrs.frozen(kw_only=True)
class ShareRule:
    """A share criterion about activities, compiled.

    Args:
        criterion: The criterion.
        cohort: Whom it is about.
        need: What they need.
        on_track_years: The earlier year groups that are reported beside it.
    """

    criterion: Criterion
    cohort: Cohort
    need: Need
    on_track_years: tuple[int, ...]

    def is_met(self, shown: Shown) -> bool:
        """Whether a learner has what the criterion needs."""
        return shown.meets(self.need)


@attrs.frozen(kw_only=True)
class AccessRule:
    """A phase of the provider access law, compiled."""

    phase: AccessPhase
    mask: int

    def concerns(self, shown: Shown) -> bool:
        """Whether the phase ends for a learner this year."""
        return shown.year == self.phase.until_year

    def is_met(self, shown: Shown) -> bool:
        """Whether a learner attended enough occasions."""
        return shown.occasions_of(self.mask) >= self.phase.occasions


@attrs.frozen(kw_only=True)
class HoursRule:
    """A part of the work experience guarantee, compiled."""

    part: ExperiencePart
    mask: int

    def concerns(self, shown: Shown) -> bool:
        """Whether the hours are due for a learner this year."""
        return shown.year == self.part.due_year

    def is_met(self, shown: Shown) -> bool:
        """Whether a learner has the hours."""
        return shown.minutes[self.mask] >= _MINUTES * self.part.hours


@attrs.frozen(kw_only=True)
class LeaverRule:
    """A share criterion about what became of leavers, compiled.

    Args:
        criterion: The criterion.
        cohort: Whom it is about.
        every_year: Whether there has to be a known destination in each academic year between the
            one of leaving and the current one, beside one after leaving.
    """

    criterion: Criterion
    cohort: Cohort
    every_year: bool

    def concerns(self, learner: Learner, kind: InstitutionKind, as_of: date) -> bool:
        """Whether a learner left recently enough, and late enough in school, to be followed."""
        if learner.on_roll_to is None or (kind.declares_cohort and learner.in_cohort is False):
            return False
        years_ago = academic_year_start(as_of) - academic_year_start(learner.on_roll_to)
        year_group = learner.current_year_group() or 0
        return 1 <= years_ago <= self.cohort.left_within and year_group >= self.cohort.left_from_year

    def years_asked(self, left: date, as_of: date) -> range:
        """Return the academic years, by the year they began in, of which each needs a known destination."""
        first, end = academic_year_start(left) + 1, academic_year_start(as_of)
        return range(first, end if self.every_year else first)

    def is_met(self, learner: Learner, seen: Iterable[date], as_of: date) -> bool:
        """Whether enough is known of what became of a leaver.

        Args:
            learner: Somebody who left.
            seen: The days, up to the date of the assessment, of the known destinations.
            as_of: The date of the assessment.
        """
        left = learner.on_roll_to
        after = {academic_year_start(day) for day in seen if left is not None and day > left}
        return left is not None and bool(after) and after.issuperset(self.years_asked(left, as_of))


@attrs.frozen(kw_only=True)
class Plan:
    """An edition compiled for a date and settings.

    Args:
        edition: The edition.
        as_of: The date of the assessment.
        settings: The caller's choices.
        marks: The marks; the position of a mark is its bit.
        rules: The share criteria about activities, in order.
        leavers: The share criteria about what became of leavers, in order.
        access: The phases of the provider access law; empty outside schools and before the law.
        hours: The parts of the work experience guarantee; empty outside schools.
        depth: The highest number of times that any mark is asked for.
        windows: By the learner's year group now, then by the year group at the date of an
            activity: the marks that can be set.
        by_status: The marks that a status of a participation can set.
        needs_subjects: The marks whose activities' subjects are kept.
    """

    edition: Edition
    as_of: date
    settings: Settings
    marks: tuple[Mark, ...]
    rules: tuple[ShareRule, ...]
    leavers: tuple[LeaverRule, ...]
    access: tuple[AccessRule, ...]
    access_rules: ProviderAccessRules
    hours: tuple[HoursRule, ...]
    depth: int
    windows: tuple[tuple[int, ...], ...]
    by_status: Mapping[ParticipationStatus, int]
    needs_subjects: int

    @functools.cached_property
    def academic_year(self) -> AcademicYear:
        """The current academic year."""
        return AcademicYear.of(self.as_of)

    @property
    def by_year_groups(self) -> bool:
        """Whether year groups tell when a deadline falls."""
        return self.edition.timeline is Timeline.YEAR_GROUPS

    @functools.cached_property
    def collected(self) -> int:
        """The marks of which more is kept than that they were set: hours, and who was met."""
        collected = 0
        for access in self.access:
            collected |= access.mask
        for hours in self.hours:
            collected |= hours.mask
        return collected

    @functools.cached_property
    def scored_kinds(self) -> frozenset[ActivityKind]:
        """The kinds of activity that some criterion asks for."""
        return frozenset(mark.kind for mark in self.marks if mark.test is Test.COUNTS)

    @functools.cached_property
    def marks_by_test(self) -> Mapping[ActivityKind, Mapping[Test, tuple[tuple[int, Mark], ...]]]:
        """The marks with their bits, by kind of activity and by test."""
        grouped: dict[ActivityKind, dict[Test, list[tuple[int, Mark]]]] = {kind: {} for kind in ActivityKind}
        for position, mark in enumerate(self.marks):
            grouped[mark.kind].setdefault(mark.test, []).append((1 << position, mark))
        return {
            kind: {test: tuple(marks) for test, marks in tests.items()} for kind, tests in grouped.items()
        }

    def classify(self, activity: Activity) -> int:
        """Return the marks that an activity can set, as bits; 0 after the date of the assessment."""
        if activity.date > self.as_of:
            return 0
        this_year = activity.date in self.academic_year
        bits = 0
        for kind in activity.kinds:
            for test, marks in self.marks_by_test[kind].items():
                if self.passes(activity, kind, test):
                    for bit, mark in marks:
                        if mark.fits(activity) and (this_year or mark.window is not Window.THIS_YEAR):
                            bits |= bit
        return bits

    def passes(self, activity: Activity, kind: ActivityKind, test: Test) -> bool:
        """Return whether an activity, as one of its kinds, passes a test."""
        if test is Test.COUNTS:
            return counts_as(activity, kind, self.edition, self.settings)
        if test is Test.HOURS:
            return activity.part_time_job is not True
        in_time = test is Test.OCCASION or not self.access_rules.is_late(activity.date)
        return in_time and self._is_occasion(activity)

    def failure(self, activity: Activity, kind: ActivityKind, test: Test) -> Obstacle | None:
        """Return why an activity, as one of its kinds, fails a test; ``None`` if it passes."""
        if self.passes(activity, kind, test):
            return None
        if test is Test.COUNTS:
            return _objection(activity, kind, self.edition, adviser_level(self.edition, self.settings))
        if test is Test.HOURS:
            return Obstacle(Reason.PART_TIME_JOB)
        late = self._is_occasion(activity)
        return Obstacle(Reason.LATE_OCCASION if late else Reason.NOT_AN_OCCASION)

    def obstacles(self, mark: Mark, activity: Activity) -> Iterator[Obstacle]:
        """Yield what keeps an activity of a mark's kind from setting it; nothing exactly if it can.

        This is `classify` for people: slower, and saying why.

        Args:
            mark: The mark.
            activity: An activity of the mark's kind.
        """
        if activity.date > self.as_of:
            yield Obstacle(Reason.AFTER_DATE)
        elif mark.window is Window.THIS_YEAR and activity.date not in self.academic_year:
            yield Obstacle(Reason.NOT_THIS_YEAR)
        failed = self.failure(activity, mark.kind, mark.test)
        if failed is not None:
            yield failed
        yield from mark.misfits(activity)

    def place_obstacles(
        self, mark: Mark, learner: Learner, activity: Activity, place: Participation
    ) -> Iterator[Obstacle]:
        """Yield what keeps a learner's place in an activity from setting a mark that the activity can set.

        The tables ``windows`` and ``by_status`` are these questions answered beforehand.

        Args:
            mark: The mark.
            learner: The learner.
            activity: The activity.
            place: The learner's participation in it, the winning one of repeated rows.
        """
        if place.status not in mark.statuses:
            yield Obstacle(Reason.NOT_ATTENDED, (place.status,))
        if self.by_year_groups:
            year = place.year_group
            if year is None:
                year = learner.year_group_at(activity.date, as_of=self.as_of) or 0
            if capped_year_group(year) not in mark.years_for(learner.current_year_group() or 0):
                yield Obstacle(Reason.YEAR_GROUP, (str(capped_year_group(year)),))
        elif learner.programme_start is not None and activity.date < learner.programme_start:
            yield Obstacle(Reason.BEFORE_PROGRAMME)

    def _is_occasion(self, activity: Activity) -> bool:
        """Whether an activity is an occasion under the provider access law."""
        return (
            bool(entry_keys(activity.providers))
            and activity.school_day is True
            and self.access_rules.checklist.verdict(activity) is True
        )


def known_to_count(
    activity: Activity, kind: ActivityKind, edition: Edition, adviser_level: int
) -> bool | None:
    """Return whether an activity counts for its kind, ``None`` where that is unknown.

    Args:
        activity: The activity.
        kind: One of its kinds.
        edition: The edition, with its checklists.
        adviser_level: The least level of the adviser in a guidance meeting.
    """
    if activity.meaningful is False:
        return False
    verdict = True if activity.meaningful else edition.checklist(kind).verdict(activity)
    if kind is ActivityKind.WORKPLACE_EXPERIENCE and activity.part_time_job:
        # A part-time job needs a certain yes; where it never counts not even that helps.
        return edition.part_time_jobs is PartTimeJobs.IF_MEANINGFUL and verdict is True
    if kind is ActivityKind.GUIDANCE_MEETING:
        return None if activity.adviser_level is None else activity.adviser_level >= adviser_level
    return verdict


def _objection(activity: Activity, kind: ActivityKind, edition: Edition, adviser_level: int) -> Obstacle:
    """Return why an activity that does not count for its kind does not."""
    unknown = known_to_count(activity, kind, edition, adviser_level) is None
    checklist = edition.checklist(kind)
    if activity.meaningful is False:
        found = Obstacle(Reason.NOT_MEANINGFUL)
    elif kind is ActivityKind.WORKPLACE_EXPERIENCE and activity.part_time_job:
        found = Obstacle(Reason.PART_TIME_JOB)
    elif kind is ActivityKind.GUIDANCE_MEETING and unknown:
        found = Obstacle(Reason.ADVISER_LEVEL_UNKNOWN)
    elif kind is ActivityKind.GUIDANCE_MEETING:
        found = Obstacle(Reason.ADVISER_LEVEL_TOO_LOW, (str(activity.adviser_level),))
    elif unknown:
        found = Obstacle(Reason.MEANINGFUL_UNKNOWN, checklist.unknown_items(activity))
    else:
        found = Obstacle(Reason.NOT_MEANINGFUL, checklist.failed_items(activity))
    return found


def counts_as(activity: Activity, kind: ActivityKind, edition: Edition, settings: Settings) -> bool:
    """Return whether an activity counts for its kind under the settings."""
    verdict = known_to_count(activity, kind, edition, adviser_level(edition, settings))
    return settings.unknown == "include" if verdict is None else verdict


def adviser_level(edition: Edition, settings: Settings) -> int:
    """Return the least level of the adviser that the settings or else the edition ask for."""
    return edition.adviser_level if settings.adviser_level is None else settings.adviser_level


def years_towards(due_years: Iterable[int]) -> tuple[int, ...]:
    """Return the earlier year groups that are on the way to a deadline.

    Those up to Year 11 begin in Year 7, those after it in Year 12.

    Examples:
        >>> years_towards([11]), years_towards([13]), years_towards([9, 11, 13])
        ((7, 8, 9, 10), (12,), (7, 8, 10, 12))
    """
    due = set(due_years)
    towards: set[int] = set()
    for year in due:
        first = FIRST_YEAR_GROUP if year < _FIRST_POST_16_YEAR else _FIRST_POST_16_YEAR
        towards.update(range(first, year))
    return tuple(sorted(towards - due))


class _Marks:
    """The marks of a plan while it is compiled; the same mark is kept once."""

    def __init__(self) -> None:
        self.bits: dict[Mark, int] = {}

    def bit(self, mark: Mark) -> int:
        return self.bits.setdefault(mark, 1 << len(self.bits))


def _compile_need(required: EncounterRequirement, at_least: int, edition: Edition, marks: _Marks) -> Need:
    """Turn what a criterion requires into a question about marks."""
    base = Mark(
        kind=required.kind,
        statuses=_OFFERED if required.offered else _ATTENDED,
        years=required.years,
        window=required.window,
        subjects=edition.subject_lists[required.subjects] if required.subjects else frozenset(),
        site_visit=required.site_visit,
    )
    if required.each_subject:
        return Need(counts=(), each_subject=marks.bit(attrs.evolve(base, any_subject=True)))
    if required.different_types:
        mask = sum(marks.bit(attrs.evolve(base, provider_type=provider)) for provider in ProviderType)
        return Need(counts=(), different=(at_least, mask))
    if required.each_of:
        mask = sum(marks.bit(attrs.evolve(base, provider_type=provider)) for provider in required.each_of)
        return Need(counts=((at_least, mask),))
    counts = [(at_least, marks.bit(base))]
    if required.one_also is not None:
        counts.append((1, marks.bit(attrs.evolve(base, also=required.one_also))))
    return Need(counts=tuple(counts))


def _asked_for(criterion: Criterion, required: EncounterRequirement, settings: Settings) -> int:
    """Return how many a criterion asks for under the settings."""
    written = required.different_types or required.at_least
    return settings.at_least.get(criterion.id, written) if required.configurable else written


def _compile_rules(edition: Edition, settings: Settings, marks: _Marks) -> tuple[ShareRule, ...]:
    """Compile the share criteria about activities."""
    rules: list[ShareRule] = []
    for criterion in edition.criteria:
        if criterion.cohort is None or criterion.encounters is None:
            continue
        number = _asked_for(criterion, criterion.encounters, settings)
        rules.append(
            ShareRule(
                criterion=criterion,
                cohort=criterion.cohort,
                need=_compile_need(criterion.encounters, number, edition, marks),
                on_track_years=years_towards(criterion.due_years),
            )
        )
    fixed = settings.at_least.keys() - {
        criterion.id
        for criterion in edition.criteria
        if criterion.encounters is not None and criterion.encounters.configurable
    }
    if fixed:
        raise SettingsError(f"at_least cannot change {', '.join(sorted(fixed))} of {edition.key}")
    return tuple(rules)


def _compile_leavers(edition: Edition) -> tuple[LeaverRule, ...]:
    """Compile the share criteria about what became of leavers."""
    return tuple(
        LeaverRule(criterion=criterion, cohort=criterion.cohort, every_year=criterion.destinations.every_year)
        for criterion in edition.criteria
        if criterion.cohort is not None and criterion.destinations is not None
    )


def _compile_access(as_of: date, marks: _Marks) -> tuple[AccessRule, ...]:
    """Compile the provider access law, where it was in force."""
    rules = provider_access_rules()
    compiled: list[AccessRule] = []
    for phase in rules.phases if as_of >= rules.in_force else ():
        statuses = _ATTENDED if phase.per == "learner" else frozenset(ParticipationStatus)
        early = Mark(
            kind=ActivityKind.PROVIDER_ENCOUNTER,
            test=Test.OCCASION,
            statuses=statuses,
            years=(phase.any_time_year,),
        )
        late = attrs.evolve(early, test=Test.OCCASION_IN_TIME, years=(phase.until_year,))
        compiled.append(AccessRule(phase=phase, mask=marks.bit(early) | marks.bit(late)))
    return tuple(compiled)


def _compile_hours(marks: _Marks) -> tuple[HoursRule, ...]:
    """Compile the work experience guarantee."""
    kind = ActivityKind.WORKPLACE_EXPERIENCE
    return tuple(
        HoursRule(part=part, mask=marks.bit(Mark(kind=kind, test=Test.HOURS, years=part.years)))
        for part in work_experience_rules().parts
    )


def compile_plan(edition: Edition, as_of: date, settings: Settings) -> Plan:
    """Compile an edition for a date and settings.

    Raises:
        SettingsError: The settings change the number of a criterion that is not configurable.
    """
    read_as(Settings, "compile_plan", "settings", settings)
    marks = _Marks()
    rules = _compile_rules(edition, settings, marks)
    in_schools = edition.timeline is Timeline.YEAR_GROUPS
    access = _compile_access(as_of, marks) if in_schools else ()
    hours = _compile_hours(marks) if in_schools else ()
    compiled = tuple(marks.bits)
    return Plan(
        edition=edition,
        as_of=as_of,
        settings=settings,
        marks=compiled,
        rules=rules,
        leavers=_compile_leavers(edition),
        access=access,
        access_rules=provider_access_rules(),
        hours=hours,
        depth=max((number for rule in rules for number, _ in rule.need.counts), default=1),
        windows=_windows(compiled),
        by_status=FrozenMapping(
            {
                status: sum(1 << bit for bit, mark in enumerate(compiled) if status in mark.statuses)
                for status in ParticipationStatus
            }
        ),
        needs_subjects=sum({rule.need.each_subject for rule in rules}),
    )


def _windows(marks: tuple[Mark, ...]) -> tuple[tuple[int, ...], ...]:
    """Return, by year group now and year group then, the marks that can be set."""
    size = LAST_YEAR_GROUP + 1
    return tuple(
        tuple(
            sum(1 << bit for bit, mark in enumerate(marks) if then in mark.years_for(now))
            for then in range(size)
        )
        for now in range(size)
    )
