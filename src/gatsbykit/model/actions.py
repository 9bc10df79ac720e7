"""Actions: what somebody is to do, by when, and what became of it."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from gatsbykit.model.attributes import Fault, read_or_refuse, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Action", "ActionState", "AfterEvent", "AtMeeting"]


class ActionState(StrEnum):
    """What became of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class AtMeeting:
    """Due at a meeting, whenever that is.

    Args:
        meeting: The id of the meeting.
    """

    meeting: str


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class AfterEvent:
    """Due so many days after an event, whenever that is.

    Args:
        days: How many days.
        event: The event, by a name of the caller's own.
    """

    days: int
    event: str

    def __attrs_post_init__(self) -> None:
        """Refuse a number of days below 0."""
        refuse(self, [] if self.days >= 0 else [Fault("days", "a whole number from 0 on")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Action:
    """Something that is to be done.

    Args:
        id: An id, unique among the actions that stand together.
        text: What is to be done.
        owner_roles: Who is to do it, by role; persons are not named.
        due: By when: a day, a meeting, or days after an event.
        measure: By what it will be seen that it is done.
        priority: Its place in the order when means are short, 1 the first.
        state: What became of it.
        reason: Why it was dropped.

    Raises:
        RefusedError: An attribute is not of its type.

    Examples:
        >>> from datetime import date
        >>> mail = Action(id="a7", text="Answer", due=AfterEvent(days=21, event="site mail"))
        >>> mail.due_on(events={"site mail": date(2010, 5, 12)})
        datetime.date(2010, 6, 2)
        >>> mail.due_on() is None
        True
    """

    id: str
    text: str
    owner_roles: tuple[str, ...] = ()
    due: datetime.date | AtMeeting | AfterEvent | None = None
    measure: str | None = None
    priority: int | None = None
    state: ActionState = ActionState.OPEN
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is ActionState.OPEN

    def due_on(
        self,
        *,
        meetings: Mapping[str, datetime.date | None] | None = None,
        events: Mapping[str, datetime.date] | None = None,
    ) -> datetime.date | None:
        """Return the day by which it is to be done, if that can be told.

        Args:
            meetings: The days of meetings by their ids.
            events: The days of events by their names.
        """
        match self.due:
            case AtMeeting(meeting=meeting):
                return (meetings or {}).get(meeting)
            case AfterEvent(days=days, event=event):
                day = (events or {}).get(event)
                return None if day is None else day + datetime.timedelta(days=days)
            case day:
                return day

    def is_overdue(
        self,
        as_of: datetime.date,
        *,
        meetings: Mapping[str, datetime.date | None] | None = None,
        events: Mapping[str, datetime.date] | None = None,
    ) -> bool:
        """Whether it is open past its day; one whose day cannot be told never is."""
        day = self.due_on(meetings=meetings, events=events)
        return self.is_open and day is not None and day < as_of
