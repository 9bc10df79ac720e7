"""What guidance led to: a need that was seen, and what is done about it."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from gatsbykit.model.attributes import read_or_refuse
from gatsbykit.privacy import shown_id

__all__ = ["FollowUp", "FollowUpState"]


class FollowUpState(StrEnum):
    """How far an action has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class FollowUp:
    """A need of a learner, and the action for it.

    The texts are about a person and never stand in a message or a ``repr``.

    Args:
        id: The institution's own id.
        learner_id: The learner.
        need: What was seen to be needed.
        meeting: The id of the guidance meeting, if it came out of one.
        action: What is to be done; ``None`` is a need without an action.
        owner_role: Who does it, by role.
        due: By when.
        state: How far it has come; a need without an action is open.
        closed: The day on which it was done or dropped.

    Examples:
        >>> need = FollowUp(id="F1", learner_id="L1", need="does not know how to apply")
        >>> need.has_action, need
        (False, FollowUp(id='F1', learner_id='L1', state=<FollowUpState.OPEN: 'open'>))
    """

    id: str
    learner_id: str = attrs.field(repr=shown_id)
    need: str = attrs.field(repr=False)
    meeting: str | None = attrs.field(default=None, repr=False)
    action: str | None = attrs.field(default=None, repr=False)
    owner_role: str | None = attrs.field(default=None, repr=False)
    due: datetime.date | None = attrs.field(default=None, repr=False)
    state: FollowUpState = FollowUpState.OPEN
    closed: datetime.date | None = attrs.field(default=None, repr=False)

    @property
    def has_action(self) -> bool:
        """Whether something is to be done about the need, or was."""
        return self.action is not None

    def is_done(self, as_of: datetime.date) -> bool:
        """Whether the action was done by a day; done without a day is done."""
        return self.state is FollowUpState.DONE and (self.closed is None or self.closed <= as_of)

    def is_overdue(self, as_of: datetime.date) -> bool:
        """Whether the action is open although its day is past."""
        return self.state is FollowUpState.OPEN and self.due is not None and self.due < as_of
