"""Inquiries and what comes of them: stages, sessions, time with employers, promises, effects.

Read from a programme for new teachers (2023); what the source leaves open is a design of this project.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import attrs

from gatsbykit.model.attributes import Fault, Form, Hours, read_or_refuse, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Commitment",
    "CommitmentState",
    "Effect",
    "EffectLevel",
    "Externship",
    "GroupSession",
    "InquiryStage",
    "Invitation",
    "InvitationState",
    "SchoolPhase",
]


class SchoolPhase(StrEnum):
    """A phase of education."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    FURTHER = "further"
    HIGHER = "higher"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class InquiryStage:
    """A stage of an inquiry. Its stages are data: authors differ in their names and their number.

    Args:
        id: Its name.
        question: What it asks.
        meeting: The id of the meeting to which it belongs.
    """

    id: str
    question: str | None = None
    meeting: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class GroupSession:
    """A session of a programme that the group puts on.

    Args:
        number: Its place in the order, 1 the first.
        title: What it is called.
        date: When.
        speakers: The organisations that speak.
    """

    number: int
    title: str | None = None
    date: datetime.date | None = None
    speakers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Externship:
    """Time that somebody who teaches, or trains for it, spends with an employer.

    Args:
        trainee: A label of the institution's own. Private: never shown.
        host: The organisation where it takes place.
        session: The number of the session to which it belongs.
        start: The first day.
        end: The last.
        hours: How long it lasts altogether.
    """

    trainee: str | None = attrs.field(default=None, repr=False)
    host: str
    session: int | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    hours: Hours | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a last day before the first."""
        if self.start is not None and self.end is not None and self.end < self.start:
            refuse(self, [Fault("end", "a day on or after start")])


class CommitmentState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    DEFERRED = "deferred"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Commitment:
    """What an organisation promised.

    Args:
        organisation: Who promised it.
        text: What.
        due: By when.
        state: What became of it.
        reason: Why it was deferred or dropped.
    """

    organisation: str
    text: str
    due: datetime.date | None = None
    state: CommitmentState = CommitmentState.OPEN
    reason: str | None = None

    def is_overdue(self, as_of: datetime.date) -> bool:
        """Whether it is open past its day."""
        return self.state is CommitmentState.OPEN and self.due is not None and self.due < as_of


class InvitationState(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    TAKING_PART = "taking_part"
    DEFERRED = "deferred"
    DECLINED = "declined"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Invitation:
    """That a phase of education was invited, and what came of it.

    Args:
        phase: Which.
        state: What came of it.
        reason: Why it was deferred or declined.
    """

    phase: SchoolPhase
    state: InvitationState = InvitationState.INVITED
    reason: str | None = None


class EffectLevel(StrEnum):
    """On whom something had an effect."""

    PERSON = "person"
    TEAM = "team"
    SCHOOL = "school"


QuantityWords = Annotated[
    str,
    Form(
        "one|few|small_number|some|several|many|majority|most|vast_majority|all",
        "one of one, few, small_number, some, several, many, majority, most, vast_majority, all",
    ),
]
"""How many, where nobody counted: ordered words, never numbers."""


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Effect:
    """Something that is said to have come of the work.

    Args:
        level: On whom.
        text: What.
        word: How many, in a word of the source.
        count: How many, if somebody counted.
        of: Of how many.

    Examples:
        >>> Effect(level="team", text="Tutors make time for it", word="several").is_claimed
        True
    """

    level: EffectLevel
    text: str
    word: QuantityWords | None = None
    count: int | None = None
    of: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a count that cannot be."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.count is not None and self.count < 0:
            yield Fault("count", "a whole number from 0 on")
        if self.of is not None and (self.count is None or self.count > self.of):
            yield Fault("of", "nothing without a count, and no less than it")

    @property
    def is_claimed(self) -> bool:
        """Whether nobody counted, so that it is said and not shown."""
        return self.count is None
