"""An enrolment as a machine of states: `programmes.md` section 3.4, against a plain model of its table."""

from __future__ import annotations

import itertools
import pickle
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gatsbykit.model.attributes import RefusedError
from gatsbykit.model.enrolments import EnrolmentEvent, EnrolmentState, enrolment_rules
from gatsbykit.practice.tallies import COUNTED, tally
from tests.support.loosely import Enrolment, Step

if TYPE_CHECKING:
    from gatsbykit.model import enrolments

DAY = date(2019, 9, 2)
PLAIN_TABLE = {
    "applied": {"sponsored", "withdrawn"},
    "sponsored": {"waiting", "contracted", "withdrawn"},
    "waiting": {"contracted", "withdrawn"},
    "contracted": {"in_progress", "withdrawn"},
    "in_progress": {"completed", "withdrawn"},
    "completed": {"bursary_claimed"},
    "bursary_claimed": {"bursary_paid", "completed"},
    "bursary_paid": set[str](),
    "withdrawn": set[str](),
}
WAY_TO = {
    "applied": ["applied"],
    "sponsored": ["applied", "sponsored"],
    "waiting": ["applied", "sponsored", "waiting"],
    "contracted": ["applied", "sponsored", "contracted"],
    "in_progress": ["applied", "sponsored", "contracted", "in_progress"],
    "completed": ["applied", "sponsored", "contracted", "in_progress", "completed"],
    "bursary_claimed": ["applied", "sponsored", "contracted", "in_progress", "completed", "bursary_claimed"],
    "bursary_paid": [
        "applied", "sponsored", "contracted", "in_progress", "completed", "bursary_claimed", "bursary_paid",
    ],
    "withdrawn": ["applied", "withdrawn"],
}  # fmt: skip


def step(word: str, day: date = DAY, **facts: Any) -> Any:
    """Make a step from a state or an event, with what it cannot be without."""
    if word == "withdrawn":
        facts.setdefault("reason", "left_post")
    if word == "switch_course":
        facts.setdefault("course", "C2")
    if word == "switch_cohort":
        facts.setdefault("cohort", "K2")
    kind = "state" if word in PLAIN_TABLE else "event"
    return Step(date=day, **{kind: word, **facts})


def enrolled(*words: str, **facts: Any) -> Any:
    return Enrolment(id="E1", history=tuple(map(step, words)), **facts)


# The table


def test_nine_states_and_fourteen_moves_of_seventy_two() -> None:
    rules = enrolment_rules()
    assert [state.value for state in rules.states] == list(PLAIN_TABLE)
    assert rules.states == tuple(EnrolmentState)
    assert len(list(itertools.permutations(rules.states, 2))) == 72
    assert len(rules.moves) == 14
    found = {state: {to.value for to in EnrolmentState(state).after} for state in PLAIN_TABLE}
    assert found == PLAIN_TABLE
    assert all(move.because and "IES 2020" in move.source for move in rules.moves)


@pytest.mark.parametrize(("start", "to"), list(itertools.product(PLAIN_TABLE, PLAIN_TABLE)))
def test_every_pair_is_a_move_or_refused_with_what_would_be_legal(start: str, to: str) -> None:
    before = enrolled(*WAY_TO[start])
    if to in PLAIN_TABLE[start]:
        assert before.then(step(to)).state(DAY) == to
        return
    with pytest.raises(RefusedError) as caught:
        before.then(step(to))
    (fault,) = caught.value.faults
    assert fault.code == "illegal_move"
    assert fault.attribute == f"history[{len(WAY_TO[start])}].state"
    assert fault.expected.endswith(f"after {start}")
    for legal in PLAIN_TABLE[start]:
        assert legal in fault.expected


@pytest.mark.parametrize(("state", "event"), list(itertools.product(PLAIN_TABLE, EnrolmentEvent)))
def test_events_happen_while_waiting_contracted_or_in_training(state: str, event: str) -> None:
    before = enrolled(*WAY_TO[state])
    if state in {"waiting", "contracted", "in_progress"}:
        assert before.then(step(event)).state(DAY) == state
    else:
        with pytest.raises(RefusedError, match="but in waiting, contracted or in_progress"):
            before.then(step(event))


# Section 9.19


def test_section_9_19() -> None:
    with pytest.raises(RefusedError, match="expected sponsored or withdrawn after applied"):
        enrolled("applied", "contracted")
    path = ("applied", "sponsored", "waiting", "contracted", "in_progress", "switch_course", "completed")
    whole = enrolled(*path, "bursary_claimed", "bursary_paid")
    standing = whole.standing(DAY)
    assert standing is not None
    assert standing.state == "bursary_paid"
    assert (standing.paid, standing.switches) == (Fraction(1000), 1)
    with pytest.raises(RefusedError, match="expected bursary_claimed after completed"):
        enrolled(*WAY_TO["completed"], "withdrawn")
    with pytest.raises(RefusedError, match="expected completed or withdrawn after in_progress"):
        enrolled(*WAY_TO["in_progress"], "bursary_claimed")


# What is so of every enrolment


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(RefusedError) as caught:
        Enrolment(
            id="E1",
            history=[
                step("applied"),
                step("contracted", DAY - timedelta(days=1)),
                step("completed"),
                step("withdrawn"),
            ],
        )
    assert [(fault.attribute, fault.code) for fault in caught.value.faults] == [
        ("history[1].date", "dates_go_back"),
        ("history[1].state", "illegal_move"),
        ("history[2].state", "illegal_move"),
        ("history[3].state", "illegal_move"),
    ]


def test_a_history_begins_with_the_application() -> None:
    with pytest.raises(RefusedError, match=r"history\[0\].state: expected applied first"):
        enrolled("sponsored")
    with pytest.raises(RefusedError, match=r"history\[0\].state: expected applied first"):
        enrolled("missed_session")
    with pytest.raises(RefusedError, match="history: expected at least the application"):
        Enrolment(id="E1")


def test_a_claim_can_be_sent_back_and_is_paid_once() -> None:
    claimed = enrolled(*WAY_TO["completed"]).then(step("bursary_claimed", paperwork=False))
    with pytest.raises(RefusedError, match="as the paperwork is not complete"):
        claimed.then(step("bursary_paid"))
    later = DAY + timedelta(days=30)
    again = claimed.then(step("completed", later)).then(step("bursary_claimed", later, paperwork=True))
    paid = again.then(step("bursary_paid", later, amount=1000, payee="institution"))
    standing = paid.standing(later)
    assert standing is not None
    assert (standing.completed, standing.paid, standing.since) == (DAY, Fraction(1000), later)
    with pytest.raises(RefusedError, match="expected nothing after bursary_paid"):
        paid.then(step("bursary_paid", later))


@pytest.mark.parametrize("amount", [999, 1000.5, 2000, 0])
def test_the_bursary_is_a_thousand_pounds_exactly(amount: float) -> None:
    with pytest.raises(RefusedError, match=r"amount: expected 1000 pounds, the bursary"):
        enrolled(*WAY_TO["bursary_claimed"]).then(step("bursary_paid", amount=amount))


def test_the_bursary_is_the_institutions() -> None:
    with pytest.raises(RefusedError, match=r"Step\.payee: expected one of institution"):
        step("bursary_paid", payee="leader")


@pytest.mark.parametrize(
    ("path", "engaged", "liable"),
    [
        ("applied", False, False),
        ("waiting", False, False),
        ("contracted", False, True),
        ("contracted", True, False),
        ("contracted", None, None),
        ("in_progress", False, True),
        ("in_progress", None, None),
    ],
)
def test_liability_begins_with_the_contract(path: str, engaged: bool | None, liable: bool | None) -> None:
    left = enrolled(*WAY_TO[path]).then(step("withdrawn", engaged=engaged))
    standing = left.standing(DAY)
    assert standing is not None
    assert standing.liable is liable
    before = enrolled(*WAY_TO[path]).standing(DAY)
    assert before is not None
    assert before.liable is False


def test_an_accredited_course_can_be_taken_up_before_the_start_alone() -> None:
    switch = step("switch_course", accredited=True)
    for state in ("waiting", "contracted"):
        standing = enrolled(*WAY_TO[state], accredited=False).then(switch).standing(DAY)
        assert standing is not None
        assert (standing.course, standing.accredited) == ("C2", True)
    with pytest.raises(RefusedError, match="as the training has begun"):
        enrolled(*WAY_TO["in_progress"], accredited=False).then(switch)
    down = step("switch_course", accredited=False)
    assert enrolled(*WAY_TO["in_progress"], accredited=True).then(down).state(DAY) == "in_progress"
    assert enrolled(*WAY_TO["in_progress"]).then(switch).state(DAY) == "in_progress"  # nobody knows


def test_events_are_counted() -> None:
    until = date(2020, 3, 1)
    one = enrolled(*WAY_TO["in_progress"], "missed_session", "missed_session", "catch_up", "switch_cohort")
    standing = one.then(step("extension", until=until)).standing(DAY)
    assert standing is not None
    assert (standing.missed, standing.caught_up, standing.cohort, standing.extended_to) == (2, 1, "K2", until)
    assert (standing.started, standing.switches) == (DAY, 1)


@pytest.mark.parametrize(
    ("facts", "attribute"),
    [
        ({}, "state"),
        ({"state": "applied", "event": "catch_up"}, "state"),
        ({"state": "withdrawn"}, "reason"),
        ({"state": "applied", "reason": "other"}, "reason"),
        ({"state": "completed", "engaged": True}, "engaged"),
        ({"state": "completed", "paperwork": True}, "paperwork"),
        ({"state": "completed", "amount": 1000}, "amount"),
        ({"state": "completed", "payee": "institution"}, "payee"),
        ({"state": "completed", "course": "C1"}, "course"),
        ({"event": "catch_up", "accredited": True}, "accredited"),
        ({"event": "catch_up", "cohort": "K1"}, "cohort"),
        ({"event": "catch_up", "until": DAY}, "until"),
        ({"event": "switch_course"}, "course"),
        ({"event": "switch_cohort"}, "cohort"),
        ({"event": "extension", "until": DAY - timedelta(days=1)}, "until"),
        ({"state": "done"}, "state"),
        ({"state": True}, "state"),
        ({"state": "withdrawn", "reason": "other", "engaged": "no"}, "engaged"),
        ({"state": "withdrawn", "reason": "other", "engaged": 0}, "engaged"),
        ({"state": "bursary_paid", "amount": -1}, "amount"),
        ({"state": "applied", "date": datetime(2019, 9, 2)}, "date"),  # noqa: DTZ001
        ({"state": "applied", "date": "2019-09-02"}, "date"),
    ],
)
def test_a_step_is_read_or_refused(facts: dict[str, Any], attribute: str) -> None:
    with pytest.raises(ValueError, match=rf"^Step\.{attribute}: expected ") as caught:
        Step(**{"date": DAY, **facts})
    assert "done" not in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "attribute"),
    [
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"leader": 7}, "leader"),
        ({"accredited": "yes"}, "accredited"),
        ({"history": "applied"}, "history"),
        ({"history": ["applied"]}, "history"),
        ({"history": None}, "history"),
    ],
)
def test_an_enrolment_is_read_or_refused(facts: dict[str, Any], attribute: str) -> None:
    with pytest.raises(ValueError, match=rf"^Enrolment\.{attribute}: expected "):
        Enrolment(**{"id": "E1", "history": [step("applied")], **facts})


def test_values_are_frozen_equal_hashable_and_pickle() -> None:
    one: Any = enrolled(*WAY_TO["bursary_paid"], leader="B801200005001")
    assert one == enrolled(*WAY_TO["bursary_paid"], leader="B801200005001")
    assert hash(one) == hash(pickle.loads(pickle.dumps(one)))  # noqa: S301 (our own bytes)
    assert "B801200005001" not in repr(one)
    assert "leader=None" in repr(enrolled("applied"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.id = "E2"


# The machine against a plain model


class Course(RuleBasedStateMachine):
    """Steps as they come, legal or not, against a dictionary and a few numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.enrolment: enrolments.Enrolment | None = None
        self.state: str | None = None
        self.day = DAY
        self.seen: list[tuple[date, str]] = []
        self.events = 0

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(to=st.sampled_from([*PLAIN_TABLE]))
    def moves(self, to: str) -> None:
        allowed = {"applied"} if self.state is None else PLAIN_TABLE[self.state]
        made = self._try(step(to, self.day))
        assert (made is not None) == (to in allowed)
        if made is not None:
            self.enrolment, self.state = made, to
            self.seen.append((self.day, to))

    @rule(event=st.sampled_from([*map(str, EnrolmentEvent)]))
    def something_happens(self, event: str) -> None:
        made = self._try(step(event, self.day))
        assert (made is not None) == (self.state in {"waiting", "contracted", "in_progress"})
        if made is not None:
            self.enrolment = made
            self.events += 1
            self.seen.append((self.day, self.state or ""))

    @precondition(lambda self: self.enrolment is not None)
    @rule(days=st.integers(1, 40), to=st.sampled_from([*PLAIN_TABLE]))
    def dates_never_go_back(self, days: int, to: str) -> None:
        last = self.seen[-1][0]
        assert self._try(step(to, last - timedelta(days=days))) is None

    def _try(self, one: enrolments.Step) -> enrolments.Enrolment | None:
        try:
            first: enrolments.Enrolment | None = self.enrolment
            return Enrolment(id="E1", history=[one]) if first is None else first.then(one)
        except RefusedError:
            return None

    @invariant()
    def replaying_says_what_was_seen(self) -> None:
        if self.enrolment is None:
            return
        for day, _ in self.seen:
            last = [state for when, state in self.seen if when <= day][-1]
            assert self.enrolment.state(day) == last
        assert self.enrolment.state(self.seen[0][0] - timedelta(days=1)) is None
        standing = self.enrolment.standing(self.day)
        assert standing is not None
        states = [state for _, state in self.seen]
        assert standing.paid == (1000 if "bursary_paid" in states else 0)
        assert not standing.paid or ("completed" in states and "bursary_claimed" in states)
        assert (standing.completed is not None) == ("completed" in states)
        assert Enrolment(id="E1", history=self.enrolment.history) == self.enrolment

    @invariant()
    def states_add_up(self) -> None:
        if self.enrolment is None:
            return
        for day in {day for day, _ in self.seen}:
            counted = tally([self.enrolment], day)
            assert counted.states is not None
            assert sum(counted.states.values()) == 1
            assert counted.started == sum(
                counted.states[state] for states in COUNTED.values() for state in states
            )


TestCourse = Course.TestCase
