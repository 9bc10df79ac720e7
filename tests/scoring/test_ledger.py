"""The ledger: after any sequence of changes it says what a full rescore says."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import gatsbykit as gk
from gatsbykit import testing
from gatsbykit.testing import ScoredCase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AS_OF = date(2026, 7, 10)
NO_CRITERIA = "none"


class LedgerMachine(RuleBasedStateMachine):
    """Change a ledger at random, and keep a list of the rows beside it.

    The ledger has to hold these rows, and to give the scorecard that they give when scored anew.
    """

    ledger: gk.Ledger
    case: ScoredCase
    rows: gk.Records

    edition: str | None

    @initialize(case=testing.scored_cases(), named=st.booleans())
    def begin(self, case: ScoredCase, *, named: bool) -> None:
        self.case = case
        self.rows = case.records
        self.settings = gk.Settings(unknown=case.unknown)
        provider = case.records.institution.kind is gk.InstitutionKind.TRAINING_PROVIDER
        too_early = provider and case.as_of < date(2025, 9, 1)
        self.edition = case.edition if named or too_early else None
        self.ledger = gk.Ledger(case.records, as_of=case.as_of, edition=self.edition, settings=self.settings)

    def pick(self, data: st.DataObject, rows: Any) -> Any:
        return data.draw(st.sampled_from(list(rows)))

    def now_without(self, table: str, row: Any) -> list[Any]:
        """Give the rows of a table without the first that is this one."""
        rows = list(getattr(self.rows, table))
        rows.remove(row)
        return rows

    def write(self, **tables: Iterable[Any]) -> None:
        """Write tables down anew; the first row of activities or participations begins both."""
        if {"activities", "participations"} & tables.keys():
            begun = {name: getattr(self.rows, name) or () for name in ("activities", "participations")}
            tables = {**begun, **tables}
        changes: dict[str, Any] = {name: tuple(rows) for name, rows in tables.items()}
        self.rows = attrs.evolve(self.rows, **changes)

    @rule(data=st.data())
    def put_learner(self, data: st.DataObject) -> None:
        kind = self.case.records.institution.kind
        known = [learner.learner_id for learner in self.rows.learners or ()]
        drawn = data.draw(testing.learners(kind=kind, as_of=self.ledger.as_of))
        learner = attrs.evolve(drawn, learner_id=data.draw(st.sampled_from([*known, "new learner"])))
        self.ledger.put_learner(learner)
        others = [one for one in self.rows.learners or () if one.learner_id != learner.learner_id]
        self.write(learners=[*others, learner])

    @precondition(lambda self: self.rows.learners)
    @rule(data=st.data())
    def remove_learner(self, data: st.DataObject) -> None:
        learner = self.pick(data, self.rows.learners)
        self.ledger.remove_learner(learner.learner_id)
        self.write(learners=self.now_without("learners", learner))

    @precondition(lambda self: self.rows.learners is not None)
    @rule(data=st.data())
    def put_activity(self, data: st.DataObject) -> None:
        known = [activity.activity_id for activity in self.rows.activities or ()]
        activity_id = data.draw(st.sampled_from([*known, "new activity"]))
        activity = data.draw(testing.activities(activity_id=activity_id, as_of=self.ledger.as_of))
        self.ledger.put_activity(activity)
        others = [one for one in self.rows.activities or () if one.activity_id != activity_id]
        self.write(activities=[*others, activity])

    @precondition(lambda self: self.rows.activities)
    @rule(data=st.data())
    def remove_activity(self, data: st.DataObject) -> None:
        activity = self.pick(data, self.rows.activities)
        self.ledger.remove_activity(activity.activity_id)
        self.write(activities=self.now_without("activities", activity))

    def add(self, row: gk.Participation) -> None:
        self.ledger.add_participation(row)
        self.write(participations=[*(self.rows.participations or ()), row])

    @precondition(lambda self: self.rows.learners is not None)
    @rule(data=st.data())
    def add_participation(self, data: st.DataObject) -> None:
        learners = [learner.learner_id for learner in self.rows.learners or ()]
        activities = [activity.activity_id for activity in self.rows.activities or ()]
        self.add(
            gk.Participation(
                data.draw(st.sampled_from([*activities, "nowhere"])),
                data.draw(st.sampled_from([*learners, "stranger"])),
                data.draw(st.sampled_from(gk.ParticipationStatus)),
                data.draw(st.none() | st.integers(5, 14)),
            )
        )

    @precondition(lambda self: self.rows.participations)
    @rule(data=st.data())
    def repeat_participation(self, data: st.DataObject) -> None:
        row = self.pick(data, self.rows.participations)
        status = data.draw(st.sampled_from(gk.ParticipationStatus))
        self.add(attrs.evolve(row, status=status))

    @precondition(lambda self: self.rows.participations)
    @rule(data=st.data())
    def remove_participation(self, data: st.DataObject) -> None:
        row = self.pick(data, self.rows.participations)
        self.ledger.remove_participation(row)
        self.write(participations=self.now_without("participations", row))

    @precondition(lambda self: self.rows.participations)
    @rule(data=st.data(), status=st.sampled_from(gk.ParticipationStatus))
    def change_participation(self, data: st.DataObject, status: gk.ParticipationStatus) -> None:
        row = self.pick(data, self.rows.participations)
        changed = attrs.evolve(row, status=status)
        self.ledger.change_participation(row, changed)
        self.write(participations=[*self.now_without("participations", row), changed])

    @precondition(lambda self: self.rows.learners)
    @rule(data=st.data())
    def add_destination(self, data: st.DataObject) -> None:
        learner = self.pick(data, self.rows.learners)
        as_of = self.ledger.as_of
        day = data.draw(testing.dates(date(as_of.year - 6, 9, 1), as_of.replace(month=12, day=31)))
        category = data.draw(st.sampled_from(gk.DestinationCategory))
        learner_id = data.draw(st.sampled_from([learner.learner_id, "stranger"]))
        sighting = gk.Destination(learner_id=learner_id, date=day, category=category)
        self.ledger.add_destination(sighting)
        self.write(destinations=[*(self.rows.destinations or ()), sighting])

    @precondition(lambda self: self.rows.destinations)
    @rule(data=st.data())
    def remove_destination(self, data: st.DataObject) -> None:
        sighting = self.pick(data, self.rows.destinations)
        self.ledger.remove_destination(sighting)
        self.write(destinations=self.now_without("destinations", sighting))

    @rule(days=st.integers(-40, 40) | st.integers(-500, 500))
    def move(self, days: int) -> None:
        moved = date.fromordinal(self.ledger.as_of.toordinal() + days)
        provider = self.case.records.institution.kind is gk.InstitutionKind.TRAINING_PROVIDER
        if provider and self.edition is None and moved < date(2025, 9, 1):
            with pytest.raises(gk.EditionError):
                self.ledger.move_to(moved)
        else:
            self.ledger.move_to(moved)
            assert self.ledger.as_of == moved

    @rule()
    def save_and_restore(self) -> None:
        saved = json.loads(json.dumps(self.ledger.save()))
        notes = self.case.records.notes
        restored = gk.Ledger.restore(saved)
        assert notes == ()
        assert restored.scorecard() == self.ledger.scorecard()
        assert restored.as_of == self.ledger.as_of

    @invariant()
    def holds_the_rows(self) -> None:
        for name in ("learners", "activities", "participations", "destinations"):
            held, written = getattr(self.ledger.records, name), getattr(self.rows, name)
            assert (held is None) == (written is None), name
            assert Counter(held or ()) == Counter(written or ()), name

    @invariant()
    def equals_a_full_rescore(self) -> None:
        fresh = gk.score(self.rows, as_of=self.ledger.as_of, edition=self.edition, settings=self.settings)
        assert self.ledger.scorecard() == fresh


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(stateful_step_count=25, deadline=None)


# The machine is one more program that can be wrong: these runs of it do without chance.

LEAVER = gk.Learner(learner_id="L", year_group=11, on_roll_to=date(2014, 7, 10))


@pytest.mark.parametrize(
    "as_of", [date(2015, 9, 1), date(2016, 2, 29), date(2019, 12, 31), date(2020, 1, 1), AS_OF]
)
@settings(derandomize=True, max_examples=10)
@given(data=st.data())
def test_destinations_can_be_drawn_at_any_date(as_of: date, data: st.DataObject) -> None:
    school = gk.Institution(name="Northfield School", kind="secondary_school")
    records = gk.Records(institution=school, learners=[LEAVER])
    machine = LedgerMachine()
    machine.begin(ScoredCase(records, as_of, "2014-school", "exclude"), named=True)
    machine.add_destination(data)
    machine.holds_the_rows()
    machine.equals_a_full_rescore()
    machine.remove_destination(data)
    machine.holds_the_rows()
    machine.equals_a_full_rescore()


@pytest.mark.parametrize(
    "name", ["remove_learner", "remove_activity", "remove_participation", "remove_destination"]
)
def test_the_machine_sees_a_removal_that_does_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    school = gk.Institution(name="Northfield School", kind="secondary_school")
    learner = gk.Learner(learner_id="L", year_group=9)
    talk = gk.Activity(activity_id="A", date=AS_OF, kinds={"labour_market_information"})
    seen = gk.Destination(learner_id="L", date=AS_OF, category="employment")
    records = gk.Records(
        institution=school,
        learners=[learner],
        activities=[talk],
        participations=[gk.Participation("A", "L")],
        destinations=[seen],
    )
    machine = LedgerMachine()
    machine.begin(ScoredCase(records, AS_OF, "2025-school", "exclude"), named=True)
    remove: Callable[[Any], None] = getattr(machine, name)

    def first(_: object, rows: Any) -> Any:
        return rows[0]

    def nothing(*_: object) -> None:
        pass

    monkeypatch.setattr(machine, "pick", first)
    monkeypatch.setattr(gk.Ledger, name, nothing)
    machine.holds_the_rows()
    remove(None)
    with pytest.raises(AssertionError, match=name.removeprefix("remove_")):
        machine.holds_the_rows()


@pytest.fixture
def ledger() -> gk.Ledger:
    return gk.Ledger(gk.load("examples/northfield"), as_of=AS_OF)


def test_a_ledger_of_the_example_school_says_what_a_rescore_says(ledger: gk.Ledger) -> None:
    assert ledger.scorecard() == gk.score(gk.load("examples/northfield"), as_of=AS_OF)


def test_what_is_not_there_cannot_be_removed(ledger: gk.Ledger) -> None:
    before = ledger.scorecard()
    with pytest.raises(KeyError, match="learner"):
        ledger.remove_learner("nobody")
    with pytest.raises(KeyError, match="activity"):
        ledger.remove_activity("nothing")
    with pytest.raises(KeyError, match="participation"):
        ledger.remove_participation(gk.Participation("nothing", "nobody"))
    with pytest.raises(KeyError, match="destination"):
        ledger.remove_destination(
            gk.Destination(learner_id="nobody", date=AS_OF, category=gk.DestinationCategory.NEET)
        )
    assert ledger.scorecard() == before


def test_activities_need_learners() -> None:
    school = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
    empty = gk.Ledger(gk.Records(institution=school), as_of=AS_OF)
    with pytest.raises(ValueError, match="need learners"):
        empty.add_participation(gk.Participation("A", "L"))


SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
FOLLOWING = "2014-school"
"""The edition that follows leavers."""


def test_learners_may_come_first_and_evidence_after_them() -> None:
    ledger = gk.Ledger(gk.Records(institution=SCHOOL), as_of=AS_OF)
    learner = gk.Learner(learner_id="L", year_group=9)
    ledger.put_learner(learner)
    assert ledger.scorecard() == gk.score(gk.Records(institution=SCHOOL, learners=[learner]), as_of=AS_OF)
    activity = gk.Activity(
        activity_id="A", date=AS_OF, kinds=frozenset({gk.ActivityKind.LABOUR_MARKET_INFORMATION})
    )
    ledger.put_activity(activity)
    whole = gk.Records(institution=SCHOOL, learners=[learner], activities=[activity], participations=[])
    assert ledger.scorecard() == gk.score(whole, as_of=AS_OF)


def test_a_leaver_is_lost_until_somebody_knows_more() -> None:
    leaver = gk.Learner(learner_id="L", year_group=11, on_roll_to=date(2025, 7, 10))
    start = gk.Records(institution=SCHOOL, learners=[leaver], destinations=[])
    ledger = gk.Ledger(start, as_of=AS_OF, edition=FOLLOWING)
    seen: list[gk.Destination] = []
    for category, expected in ((None, 0), ("unknown", 0), ("further_education", 1)):
        if category is not None:
            known = gk.DestinationCategory(category)
            seen.append(gk.Destination(learner_id="L", date=date(2025, 10, 1), category=known))
            ledger.add_destination(seen[-1])
        card = ledger.scorecard()
        assert card == gk.score(attrs.evolve(start, destinations=seen), as_of=AS_OF, edition=FOLLOWING)
        (followed,) = (one for one in card.criteria if one.basis == "evidence")
        assert (followed.numerator, followed.denominator) == (expected, 1)
    ledger.remove_learner("L")
    nobody = attrs.evolve(start, learners=[], destinations=seen)
    assert ledger.scorecard() == gk.score(nobody, as_of=AS_OF, edition=FOLLOWING)


def test_ids_are_unique() -> None:
    school = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
    twins = [gk.Learner(learner_id="L", year_group=9)] * 2
    with pytest.raises(ValueError, match="not unique"):
        gk.Ledger(gk.Records(institution=school, learners=twins), as_of=AS_OF)


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"format": "gatsbykit-ledger/1"},
        {"format": "gatsbykit-ledger/1", "as_of": 3, "edition": None, "settings": {}},
        {"format": "gatsbykit-ledger/1", "as_of": "2026-07-10", "edition": None, "settings": {"x": 1}},
    ],
)
def test_only_a_saved_ledger_can_be_restored(saved: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="saved ledger"):
        gk.Ledger.restore(saved)


def test_an_answer_is_put_and_taken_back() -> None:
    school, day = gk.load("examples/northfield"), date(2026, 7, 10)
    ledger = gk.Ledger(school, as_of=day)
    before = ledger.scorecard()
    for answer in (gk.Answer.NO, None, gk.Answer.YES):
        ledger.put_answer("5b", answer)
        assert ledger.scorecard()["5b"].answer is answer
        assert ledger.scorecard().benchmarks == gk.score(ledger.records, as_of=day).benchmarks
    for criterion_id, misfit in (("9z", gk.Answer.YES), ("5b", gk.Band.ALL)):
        held = ledger.records
        with pytest.raises(ValueError, match=criterion_id):
            ledger.put_answer(criterion_id, misfit)
        assert ledger.records == held
    assert ledger.scorecard().achieved == before.achieved
