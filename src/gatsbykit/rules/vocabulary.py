"""The vocabulary in which editions of the benchmarks are written.

An edition is data: benchmarks, each with criteria, each with a rule. The words below are all that
a rule can say. The engine interprets them, and knows no benchmark by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, Literal

import attrs

from gatsbykit.errors import NotFoundError, RuleError
from gatsbykit.model.encounters import ActivityKind, Checklist, ProviderType
from gatsbykit.model.fields import checked
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.words import listed

__all__ = [
    "Benchmark",
    "Cohort",
    "CohortWho",
    "Criterion",
    "DestinationRequirement",
    "Edition",
    "EncounterRequirement",
    "PartTimeJobs",
    "Source",
    "Timeline",
    "Window",
]

CohortOnly = Literal["considering_he", "subjects_known"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Source:
    """Where a rule comes from.

    Args:
        key: The key by which rules name it.
        title: What it is.
        where: An address or a reference.
        checked: ``primary`` (its words were read), ``secondary`` (a copy or a paraphrase was),
            or ``project`` (a decision of this project, written down where the reference says).
    """

    key: str
    title: str
    where: str
    checked: Literal["primary", "secondary", "project"]


class Timeline(StrEnum):
    """What tells when a deadline falls."""

    YEAR_GROUPS = "year_groups"
    """In schools deadlines are the ends of year groups."""

    PROGRAMMES = "programmes"
    """In colleges and training providers the deadline is the end of the learner's programme."""


class CohortWho(StrEnum):
    """Which of the counted learners a criterion is about."""

    DUE = "due"
    """Those whose deadline falls in the current academic year."""

    EVERYONE = "everyone"
    """All of them (in schools those in Year 7 or above)."""

    LEAVERS = "leavers"
    """Those who left in the last few academic years; they need not be on roll."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class Cohort:
    """The population of a share criterion: its denominator.

    Args:
        who: Which of the counted learners.
        years: Due: the year groups whose deadline it is; empty where programmes set it.
        only: ``considering_he``: those who consider higher education, an unknown intention left
            out. ``subjects_known``: those whose subjects are known.
        left_within: Leavers: how many academic years back.
        left_from_year: Leavers: the year group, when they left, from which they belong.
    """

    who: CohortWho
    years: tuple[int, ...] = ()
    only: CohortOnly | None = None
    left_within: int = 0
    left_from_year: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse what nobody interprets."""
        if self.years and self.who is not CohortWho.DUE:
            raise RuleError("the year groups of a cohort are those whose deadline it is (who is due)")
        if self.who is CohortWho.LEAVERS:
            if self.left_within < 1 or self.only is not None:
                raise RuleError("leavers left within 1 academic year or more, and all of them are followed")
        elif self.left_within or self.left_from_year:
            raise RuleError("left_within and left_from_year are about leavers")


class Window(StrEnum):
    """When an activity has to take place, beside the year groups of the requirement."""

    ANY = "any"
    THIS_YEAR = "this_year"
    """In the current academic year."""

    OWN_KEY_STAGE = "own_key_stage"
    """In a year group of the key stage that the learner is in now."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class EncounterRequirement:
    """What a learner needs to have done.

    Args:
        kind: The kind of activity that counts.
        at_least: How many different activities.
        years: The year groups in which they count; empty for any from Year 7 on.
        window: The time in which they count.
        offered: Whether the offer of a place is enough.
        subjects: The name of a list of subjects of the edition, one of which the activity needs.
        site_visit: Whether it has to be on the provider's site.
        each_of: One for each of these types of provider.
        different_types: So many different types of provider.
        each_subject: One for each of the learner's own subjects.
        one_also: At least one of them has to be of this kind too.
        configurable: Whether the settings may change the number that is asked for.
    """

    kind: ActivityKind
    at_least: int = 1
    years: tuple[int, ...] = ()
    window: Window = Window.ANY
    offered: bool = False
    subjects: str | None = None
    site_visit: bool = False
    each_of: tuple[ProviderType, ...] = ()
    different_types: int = 0
    each_subject: bool = False
    one_also: ActivityKind | None = None
    configurable: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what nobody interprets, so that no word of a rule is passed over."""
        forms = {
            "each_of": bool(self.each_of),
            "different_types": bool(self.different_types),
            "each_subject": self.each_subject,
            "one_also": self.one_also is not None,
        }
        asked = [name for name, given in forms.items() if given]
        if len(asked) > 1:
            raise RuleError(f"a requirement has one of {listed(asked)}, not several")
        if self.at_least < 1 or self.different_types < 0:
            raise RuleError("a requirement asks for 1 or more")
        if (self.different_types or self.each_subject) and self.at_least != 1:
            raise RuleError(f"{asked[0]} says how many are needed; at_least is not asked beside it")
        if self.each_subject and self.configurable:
            raise RuleError("each_subject has no number that settings could change")
        if len(set(self.each_of)) != len(self.each_of):
            raise RuleError("each_of names a type of provider twice")
        if self.one_also is self.kind:
            raise RuleError("one_also names another kind than that of the requirement")
        if self.window is Window.OWN_KEY_STAGE and self.years:
            raise RuleError(
                "the key stage of the learner tells the year groups; years is not asked beside it"
            )


@attrs.frozen(kw_only=True, field_transformer=checked)
class DestinationRequirement:
    """What has to be known of a leaver.

    Args:
        every_year: A known destination after leaving, and one in each academic year between the
            one of leaving and the current one.
    """

    every_year: bool


@attrs.frozen(kw_only=True, field_transformer=checked)
class Criterion:
    """One criterion of a benchmark.

    Args:
        id: Its id in the edition, such as ``6a``.
        text: What it asks for, in our words.
        sources: Where that comes from.
        interpretation: Why the rule goes beyond its sources, if it does.
        parts: Declared criteria: the parts that are answered separately.
        cohort: Share criteria: whom it is about.
        encounters: Share criteria about activities: what is required.
        destinations: Share criteria about leavers: what is required.
        covers: The rows of the edition's published text that it stands for.
    """

    id: str
    text: str
    sources: tuple[Source, ...]
    interpretation: str | None = None
    parts: tuple[str, ...] = ()
    cohort: Cohort | None = None
    encounters: EncounterRequirement | None = None
    destinations: DestinationRequirement | None = None
    covers: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse a criterion whose parts do not belong together."""
        about_leavers = self.cohort is not None and self.cohort.who is CohortWho.LEAVERS
        asked = (self.encounters is not None) + (self.destinations is not None)
        if asked != (self.cohort is not None):
            raise RuleError(f"{self.id}: a cohort has one requirement, and a requirement has a cohort")
        if about_leavers != (self.destinations is not None):
            raise RuleError(f"{self.id}: destinations are asked of leavers, and nothing else is")
        by_subject = self.encounters is not None and self.encounters.each_subject
        if by_subject and self.cohort is not None and self.cohort.only != "subjects_known":
            raise RuleError(f"{self.id}: each_subject is asked of those whose subjects are known")
        if self.parts and self.cohort is not None:
            raise RuleError(f"{self.id}: parts are answered by the institution, and have no cohort")

    @property
    def type(self) -> Literal["declared", "share"]:
        """Whether the institution answers it or learners' records do."""
        return "declared" if self.cohort is None else "share"

    @property
    def due_years(self) -> tuple[int, ...]:
        """The year groups whose deadline falls in the current year, if year groups set it."""
        return () if self.cohort is None or self.cohort.who is not CohortWho.DUE else self.cohort.years


@attrs.frozen(kw_only=True, field_transformer=checked)
class Benchmark:
    """One of the eight benchmarks."""

    number: int
    title: str
    summary: str
    criteria: tuple[Criterion, ...]


class PartTimeJobs(StrEnum):
    """Whether a learner's own part-time job counts as a workplace experience."""

    NEVER = "never"
    IF_MEANINGFUL = "if_meaningful"
    """Only if it is known to be meaningful, whatever unknowns count as."""


_NO_CHECKLIST: Final = Checklist(())


@attrs.frozen(kw_only=True, field_transformer=checked)
class Edition:
    """One edition of the benchmarks for one kind of institution.

    Args:
        key: Such as ``2025-school``.
        title: Its name.
        summary: What it is, in a sentence or two.
        in_force: The first day on which it is the default.
        kinds: The institutions that it is for.
        timeline: What tells when a deadline falls.
        benchmarks: The eight benchmarks.
        checklists: By kind of activity, what makes it meaningful. A kind without a checklist
            counts unless it is said not to be meaningful.
        part_time_jobs: Whether a part-time job counts as a workplace experience.
        adviser_level: The least level of the adviser in a guidance meeting.
        subject_lists: Named lists of subjects.
        notes: Rules of the edition as a whole that are interpretations, by topic.
        sources: Where the edition as a whole comes from.
        left_out: Rows of the published text that no criterion stands for, with the reason.
        also_before: Whether it is the default for earlier dates as well, there being none before it.
        oldest: The age on the 31 August before the academic year up to which learners count.
        oldest_with_ehc_plan: The same for learners with an education, health and care plan.
        based_on: The key of the edition that it is written as a difference from.
    """

    key: str
    title: str
    summary: str
    in_force: date
    kinds: frozenset[InstitutionKind]
    timeline: Timeline
    benchmarks: tuple[Benchmark, ...]
    checklists: Mapping[ActivityKind, Checklist] = attrs.field(hash=False)
    part_time_jobs: PartTimeJobs
    adviser_level: int
    subject_lists: Mapping[str, frozenset[str]] = attrs.field(hash=False)
    notes: Mapping[str, str] = attrs.field(hash=False)
    sources: tuple[Source, ...]
    left_out: Mapping[str, str] = attrs.field(hash=False)
    also_before: bool = False
    oldest: int | None = None
    oldest_with_ehc_plan: int | None = None
    based_on: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse criteria that the timeline, or the lists of the edition, leave without a meaning."""
        for criterion in self.criteria:
            for fault in self._faults(criterion):
                raise RuleError(f"{self.key}, {criterion.id}: {fault}")
        by_subject = {
            one.encounters
            for one in self.criteria
            if one.encounters is not None and one.encounters.each_subject
        }
        if len(by_subject) > 1:
            raise RuleError(f"{self.key}: an edition asks for each subject in one way")

    def _faults(self, criterion: Criterion) -> Iterator[str]:
        cohort, required = criterion.cohort, criterion.encounters
        by_year_groups = self.timeline is Timeline.YEAR_GROUPS
        if cohort is not None and cohort.who is CohortWho.DUE and bool(cohort.years) != by_year_groups:
            yield "who is due is told by year groups in schools, and by programmes elsewhere"
        if required is None:
            return
        if not by_year_groups and (required.years or required.window is Window.OWN_KEY_STAGE):
            yield "where programmes tell the time there are no year groups"
        if required.subjects is not None and required.subjects not in self.subject_lists:
            yield f"there is no list of subjects {required.subjects!r}"

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in order."""
        return tuple(criterion for benchmark in self.benchmarks for criterion in benchmark.criteria)

    def criterion(self, criterion_id: str) -> Criterion:
        """Return a criterion by its id.

        Raises:
            NotFoundError: There is none; the message lists those there are.
        """
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        known = ", ".join(criterion.id for criterion in self.criteria)
        raise NotFoundError(f"{self.key} has no criterion {criterion_id!r}; it has {known}")

    def checklist(self, kind: ActivityKind) -> Checklist:
        """Return what makes an activity of a kind meaningful; an empty list asks nothing."""
        return self.checklists.get(kind, _NO_CHECKLIST)
