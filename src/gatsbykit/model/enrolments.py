"""A careers leader's place on a course, from the application to the bursary, as a machine of states.

Which moves are legal is a table (``data/enrolment.toml``): nine states, and of their 72 ordered pairs 14.
A switch of course or cohort, a missed session, a catch-up and an extension are events and no states. An
enrolment cannot be made with a history that is not legal.

Examples:
    >>> from datetime import date
    >>> place = Enrolment(id="E1", history=[Step(date=date(2019, 9, 2), state="applied")])
    >>> place = place.then(Step(date=date(2019, 9, 9), state="sponsored"))
    >>> place.then(Step(date=date(2019, 10, 1), state="in_progress"))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ...
    gatsbykit.RefusedError: Enrolment.history[2].state:
        expected waiting, contracted or withdrawn after sponsored
"""

from __future__ import annotations

import datetime
import functools
import tomllib
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.model.attributes import Fault, Pounds, read_or_refuse, refuse
from gatsbykit.model.fields import checked
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentRules",
    "EnrolmentState",
    "Move",
    "Payee",
    "Standing",
    "Step",
    "WithdrawalReason",
    "enrolment_rules",
]


class EnrolmentState(StrEnum):
    """How far an enrolment is."""

    APPLIED = "applied"
    SPONSORED = "sponsored"
    WAITING = "waiting"
    CONTRACTED = "contracted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    BURSARY_CLAIMED = "bursary_claimed"
    BURSARY_PAID = "bursary_paid"
    WITHDRAWN = "withdrawn"

    @property
    def after(self) -> tuple[EnrolmentState, ...]:
        """The states that may come next.

        Examples:
            >>> [str(state) for state in EnrolmentState.BURSARY_CLAIMED.after]
            ['bursary_paid', 'completed']
        """
        return tuple(move.to for move in enrolment_rules().moves if move.origin is self)


class EnrolmentEvent(StrEnum):
    """Something that happens to an enrolment and leaves its state alone."""

    SWITCH_COURSE = "switch_course"
    SWITCH_COHORT = "switch_cohort"
    MISSED_SESSION = "missed_session"
    CATCH_UP = "catch_up"
    EXTENSION = "extension"


class WithdrawalReason(StrEnum):
    """Why somebody withdrew."""

    WORK_PRESSURE = "work_pressure"
    LEFT_POST = "left_post"
    COURSE_WORKLOAD = "course_workload"
    OTHER = "other"


class Payee(StrEnum):
    """Who was paid. The bursary is the institution's: any other payee is refused."""

    INSTITUTION = "institution"


@attrs.frozen(field_transformer=checked)
class Move:
    """A legal move.

    Args:
        origin: The state before.
        to: The state after.
        because: Why it is legal.
        source: Where that is written.
    """

    origin: EnrolmentState
    to: EnrolmentState
    because: str
    source: str


@attrs.frozen(kw_only=True, field_transformer=checked)
class EnrolmentRules:
    """The table by which enrolments move.

    Args:
        states: Every state, in the order of the way.
        moves: Every legal move.
        events_in: The states in which events can happen.
        upgrade_in: The states in which an accredited course may take the place of another one.
        liable_from: The states from which withdrawing for want of engagement makes the institution liable.
        bursary: What the institution is paid, in pounds.
        bursary_source: Where that is written.

    Examples:
        >>> rules = enrolment_rules()
        >>> len(rules.states), len(rules.moves), rules.bursary
        (9, 14, Fraction(1000, 1))
    """

    states: tuple[EnrolmentState, ...]
    moves: tuple[Move, ...]
    events_in: frozenset[EnrolmentState]
    upgrade_in: frozenset[EnrolmentState]
    liable_from: frozenset[EnrolmentState]
    bursary: Fraction
    bursary_source: str


@functools.cache
def enrolment_rules() -> EnrolmentRules:
    """Return the table, read from the data of the package."""
    text = files("gatsbykit.model").joinpath("data", "enrolment.toml").read_text(encoding="utf-8")
    written: dict[str, Any] = tomllib.loads(text)

    def some(name: str) -> frozenset[EnrolmentState]:
        return frozenset(map(EnrolmentState, written[name]))

    return EnrolmentRules(
        states=tuple(map(EnrolmentState, written["states"])),
        moves=tuple(
            Move(EnrolmentState(row["from"]), EnrolmentState(to), row["because"], row["source"])
            for row in written["moves"]
            for to in row["to"]
        ),
        events_in=some("events_in"),
        upgrade_in=some("upgrade_in"),
        liable_from=some("liable_from"),
        bursary=Fraction(written["bursary"]["amount"]),
        bursary_source=written["bursary"]["source"],
    )


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Step:
    """One thing that happened to an enrolment: it came into a state, or there was an event.

    Args:
        date: The day.
        state: The state it came into.
        event: The event.
        reason: Why the leader withdrew; has to be given then, and never else.
        engaged: For a withdrawal, whether the leader had engaged with the course.
        paperwork: For a claim, whether assignments and paperwork were complete.
        amount: For a payment, pounds.
        payee: For a payment, who was paid.
        course: For a switch of course, the id of the new one.
        accredited: For a switch of course, whether the new one is accredited.
        cohort: For a switch, the id of the new cohort.
        until: For an extension, the new last day.

    Raises:
        ValueError: It is both or neither, or says something that another kind of step would say.

    Examples:
        >>> from datetime import date
        >>> Step(date=date(2020, 1, 9), state="withdrawn")
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Step.reason: expected the reason for withdrawing
    """

    date: datetime.date
    state: EnrolmentState | None = None
    event: EnrolmentEvent | None = None
    reason: WithdrawalReason | None = None
    engaged: bool | None = None
    paperwork: bool | None = None
    amount: Pounds | None = None
    payee: Payee | None = None
    course: str | None = None
    accredited: bool | None = None
    cohort: str | None = None
    until: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what does not belong to this kind of step."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if (self.state is None) == (self.event is None):
            yield Fault("state", "a state or an event, one of the two")
            return
        for name, kinds in _BELONGS_TO.items():
            if getattr(self, name) is not None and (self.state or self.event) not in kinds:
                yield Fault(name, f"nothing, as the step is not {' or '.join(kinds)}")
        for name, kinds, expected in _NEEDED:
            if getattr(self, name) is None and (self.state or self.event) in kinds:
                yield Fault(name, expected)
        if self.until is not None and self.until < self.date:
            yield Fault("until", "a day on or after the date")


_BELONGS_TO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reason": (EnrolmentState.WITHDRAWN,),
        "engaged": (EnrolmentState.WITHDRAWN,),
        "paperwork": (EnrolmentState.BURSARY_CLAIMED,),
        "amount": (EnrolmentState.BURSARY_PAID,),
        "payee": (EnrolmentState.BURSARY_PAID,),
        "course": (EnrolmentEvent.SWITCH_COURSE,),
        "accredited": (EnrolmentEvent.SWITCH_COURSE,),
        "cohort": (EnrolmentEvent.SWITCH_COURSE, EnrolmentEvent.SWITCH_COHORT),
        "until": (EnrolmentEvent.EXTENSION,),
    }
)
_NEEDED = (
    ("reason", (EnrolmentState.WITHDRAWN,), "the reason for withdrawing"),
    ("course", (EnrolmentEvent.SWITCH_COURSE,), "the id of the new course"),
    ("cohort", (EnrolmentEvent.SWITCH_COHORT,), "the id of the new cohort"),
)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Standing:
    """How an enrolment stands on a day.

    Args:
        state: How far it is.
        since: The day on which it came so far.
        course: The course, after every switch.
        cohort: The cohort, after every switch.
        accredited: Whether the course is accredited, as far as the history says so.
        started: The day on which the training began.
        completed: The day on which it was completed.
        missed: How many sessions were missed.
        caught_up: How many were caught up on.
        extended_to: The last day, if it was extended.
        switches: How many switches of course or cohort there were.
        liable: Whether the institution has to pay, because the leader did not engage; ``None`` if the leader
            withdrew after the contract and nobody said.
        paid: What the institution has been paid, in pounds.
        paperwork: Whether the last claim was complete.
    """

    state: EnrolmentState
    since: datetime.date
    course: str | None = None
    cohort: str | None = None
    accredited: bool | None = None
    started: datetime.date | None = None
    completed: datetime.date | None = None
    missed: int = 0
    caught_up: int = 0
    extended_to: datetime.date | None = None
    switches: int = 0
    liable: bool | None = False
    paid: Fraction = Fraction(0)
    paperwork: bool | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Enrolment:
    """A careers leader's place on a course.

    Args:
        id: An id, unique among the enrolments.
        leader: An id of the leader, the keeper's own; never a name.
        institution: The id of the institution, which is paid.
        course: The id of the course at the start.
        cohort: The id of the cohort at the start.
        accredited: Whether the course at the start is accredited.
        history: What happened, in order of time.

    Raises:
        ValueError: The history is not legal. The error lists everything that is wrong with it, and after each
            illegal move what would be legal.

    Examples:
        >>> from datetime import date
        >>> day = date(2019, 9, 2)
        >>> way = ("applied", "sponsored", "contracted", "in_progress", "completed")
        >>> place = Enrolment(id="E1", history=[Step(date=day, state=state) for state in way])
        >>> place.standing(day).state.value, place.standing(date(2019, 9, 1))
        ('completed', None)
    """

    id: str
    leader: str | None = attrs.field(
        default=None, repr=lambda leader: "None" if leader is None else shown_id(leader)
    )
    institution: str | None = None
    course: str | None = None
    cohort: str | None = None
    accredited: bool | None = None
    history: tuple[Step, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a history that is not legal."""
        refuse(self, _faults(self))

    def then(self, step: Step) -> Enrolment:
        """Return the enrolment with one more step.

        Raises:
            ValueError: The step is not legal; the error says what would be.
        """
        return attrs.evolve(self, history=(*self.history, step))

    def standing(self, as_of: datetime.date) -> Standing | None:
        """Replay the history up to a day, that day included; ``None`` before the application."""
        found: Standing | None = None
        for step in self.history:
            if step.date > as_of:
                break
            found = _after(found, step, self)
        return found

    def state(self, as_of: datetime.date) -> EnrolmentState | None:
        """Return how far it was on a day."""
        found = self.standing(as_of)
        return None if found is None else found.state


def _faults(enrolment: Enrolment) -> Iterator[Fault]:
    """Yield what is wrong with a history; after a wrong step it goes on from what that step says."""
    standing: Standing | None = None
    last: datetime.date | None = None
    for index, step in enumerate(enrolment.history):
        here = f"history[{index}]"
        if last is not None and step.date < last:
            yield Fault(f"{here}.date", "a day on or after that of the step before", "dates_go_back")
        last = step.date
        yield from _move_faults(here, standing, step)
        standing = _after(standing, step, enrolment)
    if not enrolment.history:
        yield Fault("history", "at least the application")


def _move_faults(here: str, standing: Standing | None, step: Step) -> Iterator[Fault]:
    if standing is None:
        if step.state is not EnrolmentState.APPLIED:
            yield Fault(f"{here}.state", "applied first", "illegal_move")
    elif step.state is not None:
        if step.state not in standing.state.after:
            yield Fault(f"{here}.state", _expected_after(standing.state), "illegal_move")
        elif step.state is EnrolmentState.BURSARY_PAID:
            yield from _payment_faults(here, standing, step)
    else:
        yield from _event_faults(here, standing, step)


def _expected_after(state: EnrolmentState) -> str:
    return f"{_either(state.after)} after {state}" if state.after else f"nothing after {state}"


def _either(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else str(last)


def _payment_faults(here: str, standing: Standing, step: Step) -> Iterator[Fault]:
    bursary = enrolment_rules().bursary
    if step.amount is not None and step.amount != bursary:
        yield Fault(f"{here}.amount", f"{bursary} pounds, the bursary")
    if standing.paperwork is False:
        yield Fault(
            f"{here}.state",
            "completed after bursary_claimed, as the paperwork is not complete",
            "illegal_move",
        )


def _event_faults(here: str, standing: Standing, step: Step) -> Iterator[Fault]:
    rules = enrolment_rules()
    if standing.state not in rules.events_in:
        states = [state for state in rules.states if state in rules.events_in]
        yield Fault(f"{here}.event", f"no {step.event} but in {_either(states)}", "illegal_move")
    upgrade = standing.accredited is False and step.accredited is True
    if upgrade and standing.state not in rules.upgrade_in:
        yield Fault(
            f"{here}.accredited", "a course that is not accredited, as the training has begun", "illegal_move"
        )


def _after(before: Standing | None, step: Step, enrolment: Enrolment) -> Standing:
    """Return how an enrolment stands after a step."""
    if before is None:
        before = Standing(
            state=EnrolmentState.APPLIED,
            since=step.date,
            course=enrolment.course,
            cohort=enrolment.cohort,
            accredited=enrolment.accredited,
        )
    return _after_event(before, step) if step.state is None else _after_move(before, step, step.state)


def _after_move(before: Standing, step: Step, state: EnrolmentState) -> Standing:
    changes: dict[str, Any] = {"state": state, "since": step.date}
    match state:
        case EnrolmentState.IN_PROGRESS:
            changes["started"] = step.date
        case EnrolmentState.COMPLETED if before.completed is None:
            changes["completed"] = step.date
        case EnrolmentState.BURSARY_CLAIMED:
            changes["paperwork"] = step.paperwork
        case EnrolmentState.BURSARY_PAID:
            changes["paid"] = enrolment_rules().bursary
        case EnrolmentState.WITHDRAWN if before.state in enrolment_rules().liable_from:
            changes["liable"] = None if step.engaged is None else not step.engaged
        case _:
            pass
    return attrs.evolve(before, **changes)


def _after_event(before: Standing, step: Step) -> Standing:
    match step.event:
        case EnrolmentEvent.SWITCH_COURSE:
            return attrs.evolve(
                before,
                course=step.course,
                accredited=step.accredited,
                cohort=step.cohort,
                switches=before.switches + 1,
            )
        case EnrolmentEvent.SWITCH_COHORT:
            return attrs.evolve(before, cohort=step.cohort, switches=before.switches + 1)
        case EnrolmentEvent.MISSED_SESSION:
            return attrs.evolve(before, missed=before.missed + 1)
        case EnrolmentEvent.CATCH_UP:
            return attrs.evolve(before, caught_up=before.caught_up + 1)
        case _:
            return attrs.evolve(before, extended_to=step.until)
