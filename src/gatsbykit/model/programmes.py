"""The careers programme: seven steps, what is planned, who carries it, and what became of it.

The fields, and what has to be so between them, are a design of this project, drawn from what the
sources say a strategic careers plan contains (see the page on reviewing a programme).
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import attrs

from gatsbykit.model.actions import Action
from gatsbykit.model.attributes import Fault, read_or_refuse, references, refuse, repeated
from gatsbykit.model.calendar import Between
from gatsbykit.model.engagement import (
    Evaluation,
    ProvisionChange,
    Publication,
    Recommendation,
    StaffTraining,
    Stakeholder,
)
from gatsbykit.model.leaders import Role, RoleKind
from gatsbykit.model.provision import (
    CriterionId,
    Framework,
    LearningOutcome,
    Objective,
    PlannedActivity,
    ProgrammeYear,
    Resource,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Assessment",
    "Backing",
    "BackingBody",
    "CareersProgramme",
    "Challenge",
    "ChallengeState",
    "Gap",
    "Step",
    "StepKind",
    "StepState",
]

_SPAN: Final = 3
"""Years for which a programme holds where nobody says otherwise: a strategy for three years."""


class StepKind(StrEnum):
    """The seven steps of a strategic overview, in their order."""

    ANALYSE = "analyse"
    VISION = "vision"
    OUTCOMES = "outcomes"
    PROGRAMME = "programme"
    ROLES = "roles"
    STAKEHOLDERS = "stakeholders"
    IMPLEMENTATION = "implementation"


class StepState(StrEnum):
    """How far a step is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Step:
    """How far one of the seven steps is.

    Args:
        step: Which.
        state: How far.
        date: Since when; required of one that is done.

    Examples:
        >>> Step(step="vision", state="done")
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Step.date: expected the day on which it was done
    """

    step: StepKind
    state: StepState = StepState.NOT_STARTED
    date: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a step that was done on no day."""
        if self.state is StepState.DONE and self.date is None:
            refuse(self, [Fault("date", "the day on which it was done")])


class BackingBody(StrEnum):
    """Those whose open backing a programme needs."""

    GOVERNORS = "governors"
    HEADTEACHER = "headteacher"
    SENIOR_LEADERSHIP = "senior_leadership"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Backing:
    """That somebody backed the programme.

    Args:
        body: Who.
        date: When; a day to come where it is planned.
        evidence: By what it can be seen, such as the minutes of a meeting.
    """

    body: BackingBody
    date: datetime.date | None = None
    evidence: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Assessment:
    """That the present level was assessed.

    Args:
        date: When.
        benchmarks: The numbers of the benchmarks that were assessed.
        method: By what, such as this library or a review.
    """

    date: datetime.date | None = None
    benchmarks: frozenset[Annotated[int, Between(1, 8)]] = frozenset()
    method: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Gap:
    """A gap in the provision, and what is done about it.

    Args:
        criterion: The criterion that is not met.
        part: The part of it, if it is one part.
        text: What the gap is.
        date: When it was seen.
        actions: What is done about it.
    """

    criterion: CriterionId
    part: str | None = None
    text: str | None = None
    date: datetime.date | None = None
    actions: tuple[Action, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse two actions of one id."""
        refuse(self, repeated("actions", self.actions))


class ChallengeState(StrEnum):
    """How a challenge stands."""

    OPEN = "open"
    EASED = "eased"
    OVERCOME = "overcome"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Challenge:
    """What makes the work hard.

    Args:
        kind: One of the kinds that the sources name, or a word of the institution's own.
        state: How it stands.
        text: In the institution's own words.
    """

    kind: str
    state: ChallengeState = ChallengeState.OPEN
    text: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class CareersProgramme:
    """A careers programme.

    Args:
        institution: The id or the name of the institution.
        edition: The key of the edition of the benchmarks that its criteria are of.
        valid_from: The first day for which it holds.
        valid_to: The last; three years after the first where nobody says otherwise.
        version: What this version is called.
        version_date: When this version was made; else the first day for which it holds.
        vision: The vision, drawn from the institution's own.
        year_groups: The year groups of the institution.
        phases: The phases of its programmes, outside schools.
        steps: How far the seven steps are.
        backing: Who backs it.
        review_dates: When it is reviewed.
        assessment: That the present level was assessed.
        gaps: What is not met yet, and what is done about it.
        objectives: Strategic objectives.
        outcomes: Learning outcomes.
        activities: Planned activities.
        roles: Who does what.
        stakeholders: Relations.
        resources: Means.
        evaluations: What was found.
        publication: What is published.
        changes: What changed in the provision.
        staff_training: Training that staff need and had.
        recommendations: What was recommended, and what became of it.
        challenges: What makes it hard.
        frameworks: Frameworks of learning of the institution's own.

    Raises:
        RefusedError: An attribute is not of its type, an id stands twice, a reference leads
            nowhere, a year group is not the institution's, or dates are out of order.

    Examples:
        >>> from datetime import date
        >>> programme = CareersProgramme(edition="2025-school", valid_from=date(2025, 9, 1))
        >>> programme.holds_to
        datetime.date(2028, 8, 31)
        >>> evening = PlannedActivity(id="a1", title="Options evening", outcomes={"o2"})
        >>> try:
        ...     CareersProgramme(edition="2025-school", activities=[evening])
        ... except ValueError as error:
        ...     print(error)
        CareersProgramme.activities[0].outcomes: expected ids that stand in the outcomes
    """

    institution: str | None = None
    edition: str
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    version: str | None = None
    version_date: datetime.date | None = None
    vision: str | None = attrs.field(default=None, repr=False)
    year_groups: frozenset[ProgrammeYear] = frozenset()
    phases: tuple[str, ...] = ()
    steps: tuple[Step, ...] = attrs.field(default=(), metadata={"keyed_by": "step"})
    backing: tuple[Backing, ...] = ()
    review_dates: tuple[datetime.date, ...] = ()
    assessment: Assessment | None = None
    gaps: tuple[Gap, ...] = attrs.field(default=(), repr=False)
    objectives: tuple[Objective, ...] = attrs.field(default=(), repr=False)
    outcomes: tuple[LearningOutcome, ...] = attrs.field(default=(), repr=False)
    activities: tuple[PlannedActivity, ...] = attrs.field(default=(), repr=False)
    roles: tuple[Role, ...] = attrs.field(default=(), repr=False)
    stakeholders: tuple[Stakeholder, ...] = attrs.field(default=(), repr=False)
    resources: tuple[Resource, ...] = attrs.field(default=(), repr=False)
    evaluations: tuple[Evaluation, ...] = attrs.field(default=(), repr=False)
    publication: Publication | None = attrs.field(default=None, repr=False)
    changes: tuple[ProvisionChange, ...] = attrs.field(default=(), repr=False)
    staff_training: tuple[StaffTraining, ...] = attrs.field(default=(), repr=False)
    recommendations: tuple[Recommendation, ...] = attrs.field(default=(), repr=False)
    challenges: tuple[Challenge, ...] = attrs.field(default=(), repr=False)
    frameworks: tuple[Framework, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what does not fit together."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            yield Fault("valid_to", "a day on or after valid_from")
        if len({step.step for step in self.steps}) < len(self.steps):
            yield Fault("steps", "each step once")
        for name in ("objectives", "outcomes", "activities", "recommendations"):
            yield from repeated(name, getattr(self, name))
        known = {
            "outcomes": [one.id for one in self.outcomes],
            "objectives": [one.id for one in self.objectives],
        }
        yield from references("activities", self.activities, known)
        yield from self._faults_of_years()
        yield from self._faults_of_phases()

    def _faults_of_years(self) -> Iterator[Fault]:
        for name in ("outcomes", "activities") if self.year_groups else ():
            for index, one in enumerate(getattr(self, name)):
                if not one.year_groups <= self.year_groups:
                    yield Fault(f"{name}[{index}].year_groups", "year groups of the institution")

    def _faults_of_phases(self) -> Iterator[Fault]:
        for name in ("outcomes", "activities") if self.phases else ():
            for index, one in enumerate(getattr(self, name)):
                if one.phase not in {None, *self.phases}:
                    yield Fault(f"{name}[{index}].phase", "a phase of the programme")

    @property
    def holds_to(self) -> datetime.date | None:
        """The last day for which it holds, if that can be told."""
        if self.valid_to is not None or self.valid_from is None:
            return self.valid_to
        return _years_after(self.valid_from, _SPAN) - datetime.timedelta(days=1)

    def holds(self, as_of: datetime.date) -> bool:
        """Whether it holds on a day, as far as its days are known."""
        begun = self.valid_from is None or self.valid_from <= as_of
        return begun and (self.holds_to is None or as_of <= self.holds_to)

    @property
    def made_on(self) -> datetime.date | None:
        """When this version was made, or else the first day for which it holds."""
        return self.valid_from if self.version_date is None else self.version_date

    def step(self, kind: StepKind) -> Step:
        """Return how far a step is; one of which nothing is said has not been started."""
        return next((step for step in self.steps if step.step is kind), Step(step=kind))

    def roles_of(self, *kinds: RoleKind) -> tuple[Role, ...]:
        """Return the roles of some kinds."""
        return tuple(role for role in self.roles if role.kind in kinds)

    def __str__(self) -> str:
        sizes = ", ".join(
            f"{len(getattr(self, name))} {name}" for name in ("objectives", "outcomes", "activities", "roles")
        )
        return f"Careers programme under {self.edition}: {sizes}"


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or the end of the calendar
        return day.replace(year=min(day.year + years, datetime.MAXYEAR), day=28)
