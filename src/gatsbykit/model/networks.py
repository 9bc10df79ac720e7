"""Groups that work on careers guidance together: who is in them, what they met about, decided and did.

Read from the notes of a careers innovation group (2010) and from a programme for new teachers
(2023); what the sources leave open is a design of this project.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import attrs

from gatsbykit.model.actions import Action
from gatsbykit.model.attributes import Fault, Pounds, read_or_refuse, references, refuse, repeated
from gatsbykit.model.calendar import Between
from gatsbykit.model.inquiries import (
    Commitment,
    Effect,
    Externship,
    GroupSession,
    InquiryStage,
    Invitation,
    SchoolPhase,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Award",
    "Community",
    "CommunityKind",
    "Decision",
    "Endorsement",
    "Event",
    "Initiative",
    "InitiativeStage",
    "Meeting",
    "Member",
    "OpenQuestion",
    "QuestionState",
    "Sector",
    "Strategy",
]


class CommunityKind(StrEnum):
    """What a group is."""

    INNOVATION_GROUP = "innovation_group"
    COMMUNITY_OF_PRACTICE = "community_of_practice"
    HUB = "hub"


class Sector(StrEnum):
    """Where a member comes from."""

    SCHOOL = "school"
    COLLEGE = "college"
    UNIVERSITY = "university"
    TRAINING_PROVIDER = "training_provider"
    EMPLOYER = "employer"
    CAREERS_ORGANISATION = "careers_organisation"
    PROFESSIONAL_BODY = "professional_body"
    ENTERPRISE_PARTNERSHIP = "enterprise_partnership"
    LOCAL_AUTHORITY = "local_authority"
    GOVERNMENT = "government"
    RESEARCH = "research"
    OTHER = "other"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Member:
    """An organisation that takes part.

    Args:
        organisation: Its name.
        sector: Where it comes from.
        institution: The id of the institution, if it is one of which there are records.
        roles: In which roles its people take part; persons are not named.
        joined: Since when.
        left: Until when.
    """

    organisation: str
    sector: Sector
    institution: str | None = None
    roles: tuple[str, ...] = ()
    joined: datetime.date | None = None
    left: datetime.date | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Meeting:
    """A meeting of the group.

    Args:
        id: An id, unique in the group.
        date: When.
        place: Where.
        themes: What it was about.
        questions: What it asked.
        next_date: When it said that the next one would be.
    """

    id: str
    date: datetime.date | None = None
    place: str | None = None
    themes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    next_date: datetime.date | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Strategy:
    """A way that the group means to go.

    Args:
        id: An id, unique among the strategies.
        text: What it is.
        means: By what.
        meeting: The id of the meeting that set it out.
    """

    id: str
    text: str
    means: tuple[str, ...] = ()
    meeting: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Decision:
    """Something that a meeting decided.

    Args:
        id: An id, unique among the decisions.
        text: What was decided.
        meeting: The id of the meeting.
        actions: The ids of the actions that follow from it.
        needs_action: Whether anything has to follow from it.
    """

    id: str
    text: str
    meeting: str | None = None
    actions: frozenset[str] = frozenset()
    needs_action: bool = True


class QuestionState(StrEnum):
    """What became of a question."""

    OPEN = "open"
    ANSWERED = "answered"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class OpenQuestion:
    """A question that a meeting left open.

    Args:
        id: An id, unique among the questions.
        text: The question.
        meeting: The id of the meeting.
        state: What became of it.
        answer: The answer, or why it was dropped.
    """

    id: str
    text: str
    meeting: str | None = None
    state: QuestionState = QuestionState.OPEN
    answer: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Event:
    """Something that happened, from which days are counted.

    Args:
        name: Its name, as actions refer to it.
        date: When.
    """

    name: str
    date: datetime.date


class InitiativeStage(StrEnum):
    """How far an initiative is."""

    PROPOSED = "proposed"
    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Initiative:
    """A piece of work of some member, of which the group knows.

    Args:
        name: What it is called.
        lead: Who leads it.
        funder: Who pays.
        stage: How far it is.
        due: A day that it has to meet.
        partners: Who else is in it.
        note: What else is known.
    """

    name: str
    lead: str | None = None
    funder: str | None = None
    stage: InitiativeStage | None = None
    due: datetime.date | None = None
    partners: tuple[str, ...] = ()
    note: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Award:
    """An award for careers work, and who holds it.

    Args:
        name: What it is called.
        body: Who gives it.
        phases: The phases of education that it is for.
        benchmarks: The numbers of the benchmarks about which it says something, by its own account.
        holder: The id or the name of the institution that holds it.
        valid_from: The first day for which it is held.
        valid_to: The last.
    """

    name: str
    body: str | None = None
    phases: frozenset[SchoolPhase] = frozenset()
    benchmarks: frozenset[Annotated[int, Between(1, 8)]] = frozenset()
    holder: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a last day before the first."""
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            refuse(self, [Fault("valid_to", "a day on or after valid_from")])

    def is_held(self, as_of: datetime.date) -> bool | None:
        """Whether it is held on a day; ``None`` where its days do not say."""
        if self.holder is None or (self.valid_to is not None and self.valid_to < as_of):
            return False
        if self.valid_from is None:
            return None
        return False if self.valid_from > as_of else (True if self.valid_to is not None else None)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Endorsement:
    """How many stood behind something on a day.

    Args:
        of: What they stood behind.
        count: How many.
        date: When that was counted.
    """

    of: str
    count: int
    date: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a number below 0."""
        refuse(self, [] if self.count >= 0 else [Fault("count", "a whole number from 0 on")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Community:
    """A group that works on careers guidance together.

    Args:
        name: What it is called.
        kind: What it is.
        purpose: What for.
        members: Who takes part.
        meetings: Its meetings, in their order.
        strategies: Ways that it means to go.
        decisions: What it decided.
        questions: What it left open.
        actions: Who does what by when.
        events: Events from which days of actions are counted.
        initiatives: Work of members of which it knows.
        awards: Awards of which it knows.
        endorsements: How many stood behind something.
        inquiry: The stages of its inquiry.
        sessions: The sessions of a programme that it puts on.
        externships: Time with employers.
        commitments: What organisations promised.
        invitations: Which phases of education were invited.
        effects: What is said to have come of it.
        budget: What it has in a year.

    Raises:
        RefusedError: An attribute is not of its type, an id stands twice, or a reference leads
            nowhere.

    Examples:
        >>> group = Community(name="Careers Innovation Group", kind="innovation_group")
        >>> print(group)
        Careers Innovation Group: 0 members, 0 meetings, 0 actions
    """

    name: str
    kind: CommunityKind
    purpose: str | None = None
    members: tuple[Member, ...] = attrs.field(default=(), repr=False)
    meetings: tuple[Meeting, ...] = attrs.field(default=(), repr=False)
    strategies: tuple[Strategy, ...] = attrs.field(default=(), repr=False)
    decisions: tuple[Decision, ...] = attrs.field(default=(), repr=False)
    questions: tuple[OpenQuestion, ...] = attrs.field(default=(), repr=False)
    actions: tuple[Action, ...] = attrs.field(default=(), repr=False)
    events: tuple[Event, ...] = attrs.field(default=(), repr=False)
    initiatives: tuple[Initiative, ...] = attrs.field(default=(), repr=False)
    awards: tuple[Award, ...] = attrs.field(default=(), repr=False)
    endorsements: tuple[Endorsement, ...] = attrs.field(default=(), repr=False)
    inquiry: tuple[InquiryStage, ...] = attrs.field(default=(), repr=False)
    sessions: tuple[GroupSession, ...] = attrs.field(default=(), repr=False)
    externships: tuple[Externship, ...] = attrs.field(default=(), repr=False)
    commitments: tuple[Commitment, ...] = attrs.field(default=(), repr=False)
    invitations: tuple[Invitation, ...] = attrs.field(default=(), repr=False)
    effects: tuple[Effect, ...] = attrs.field(default=(), repr=False)
    budget: Pounds | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what does not fit together."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        for name in ("meetings", "strategies", "decisions", "questions", "actions", "inquiry"):
            yield from repeated(name, getattr(self, name))
        meetings = [one.id for one in self.meetings]
        for name in ("strategies", "decisions", "questions", "inquiry"):
            yield from references(name, getattr(self, name), {"meeting": meetings})
        yield from references("decisions", self.decisions, {"actions": [one.id for one in self.actions]})
        numbers = {one.number for one in self.sessions}
        if len(numbers) < len(self.sessions):
            yield Fault("sessions", "each number once")
        for index, one in enumerate(self.externships):
            if one.session is not None and one.session not in numbers:
                yield Fault(f"externships[{index}].session", "the number of a session", "unknown_reference")

    def organisations(self, sector: Sector) -> frozenset[str]:
        """Return the names of the members of a sector."""
        return frozenset(one.organisation for one in self.members if one.sector is sector)

    @property
    def institutions(self) -> tuple[Member, ...]:
        """The members that are schools, colleges or training providers."""
        kinds = {Sector.SCHOOL, Sector.COLLEGE, Sector.TRAINING_PROVIDER}
        return tuple(one for one in self.members if one.sector in kinds)

    def __str__(self) -> str:
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in ("members", "meetings", "actions"))
        return f"{self.name}: {sizes}"
