"""Intentions as a series, what became of them, and needs that guidance saw."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import outcomes
from gatsbykit.model.attributes import RefusedError
from gatsbykit.model.awards import QualityAward
from gatsbykit.model.follow_ups import FollowUp, FollowUpState
from gatsbykit.model.intentions import Certainty, Intention, Pathway
from gatsbykit.outcomes.intentions import considers_he, needs

DAY = date(2026, 3, 2)


def intention(pathway: str, day: date = DAY, learner: str = "L", certainty: str | None = None) -> Intention:
    return Intention(
        learner_id=learner,
        date=day,
        pathway=Pathway(pathway),
        certainty=None if certainty is None else Certainty(certainty),
    )


@given(st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.sampled_from(Pathway))))
def test_the_last_before_a_date_is_current(series: list[tuple[date, Pathway]]) -> None:
    rows = [intention(pathway, day) for day, pathway in series]
    current = outcomes.current_intentions(rows, as_of=DAY)
    past = [row for row in rows if row.date <= DAY]
    if not past:
        assert not current
    else:
        newest = max(row.date for row in past)
        assert current["L"] == [row for row in past if row.date == newest][-1]


def test_intentions_are_known_of_this_year_alone() -> None:
    rows = [
        intention("undecided"),
        intention("college", date(2025, 7, 1), "old"),
        intention("college", date(2026, 9, 1), "new"),
    ]
    found = outcomes.intentions_known(["L", "old", "new", "none", "L"], rows, as_of=DAY)
    assert (found.count, found.base) == (1, 4)


@pytest.mark.parametrize(
    ("pathway", "certainty", "said"),
    [
        ("university", None, True), ("university", "possible", True), ("apprenticeship", "firm", False),
        ("apprenticeship", "likely", None), ("employment", None, None), ("college", "firm", None),
        ("undecided", "firm", None),
    ],
)  # fmt: skip
def test_what_an_intention_says_of_higher_education(
    pathway: str, certainty: str | None, said: bool | None
) -> None:
    assert considers_he(intention(pathway, certainty=certainty)) is said


def test_blank_answers_are_filled_and_given_ones_kept() -> None:
    records = gk.Records(
        institution=gk.Institution(name="Hill School", kind=gk.InstitutionKind.SECONDARY_SCHOOL),
        learners=[
            gk.Learner(learner_id="L"),
            gk.Learner(learner_id="M", considering_he=False),
            gk.Learner(learner_id="N"),
        ],
    )
    rows = [intention("university"), intention("university", learner="M")]
    filled = outcomes.with_considering_he(records, rows, as_of=DAY)
    assert filled.learners is not None
    assert [one.considering_he for one in filled.learners] == [True, False, None]
    (note,) = filled.notes
    assert (note.code, note.count, note.severity.value) == ("considering_he_from_intentions", 1, "warning")
    assert "blank and follows from a recorded intention" in str(note)
    assert outcomes.with_considering_he(records, [], as_of=DAY) is records
    bare = gk.Records(institution=records.institution)
    assert outcomes.with_considering_he(bare, rows, as_of=DAY) is bare


def test_flows_count_every_leaver_once() -> None:
    rows = [
        intention("college", date(2024, 3, 1), "A"),
        intention("university", date(2024, 10, 1), "A"),
        intention("employment", date(2024, 3, 1), "B"),
    ]
    found = outcomes.flow(rows, outcomes.cohort_outcomes("ABC", [], cohort_year=gk.AcademicYear(2023)))
    assert found.pathways == (
        Pathway.COLLEGE,
        Pathway.EMPLOYMENT,
        None,
    )  # what came after leaving is no intention
    assert found.base == 3
    assert found.count(Pathway.COLLEGE) == 1
    assert found.to_dict()["counts"][2] == {"intended": None, "outcome": "not_captured", "count": 1}


def follow_up(
    name: str, learner: str, action: str | None = "apply", state: str = "open", **more: Any
) -> FollowUp:
    return FollowUp(
        id=name, learner_id=learner, need="secret need", action=action, state=FollowUpState(state), **more
    )


def test_needs_without_an_action_are_found() -> None:
    rows = [
        follow_up("1", "A", state="done"), follow_up("2", "B", None), follow_up("3", "B"),
        follow_up("4", "C", state="dropped"),
        follow_up("5", "D", due=date(2026, 3, 1)), follow_up("6", "D", state="done", closed=date(2026, 3, 3)),
    ]  # fmt: skip
    found = needs(rows, as_of=DAY)
    assert (found.with_need, found.without_action, found.overdue) == (("A", "B", "D"), ("B",), ("5",))
    assert (found.met.count, found.met.base, found.done, found.total) == (2, 3, 1, 6)
    assert "secret" not in repr(rows) + repr(found)


def test_awards_are_held_between_their_days() -> None:
    mark = QualityAward(name="Mark", valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    assert [mark.is_held(day) for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 1), DAY)] == [
        False,
        True,
        True,
        False,
    ]
    assert mark.held_for(DAY) == 366
    assert mark.held_for(date(2023, 1, 1)) == 0
    with pytest.raises(RefusedError, match="a day not before valid_from"):
        QualityAward(name="Mark", valid_from=date(2024, 1, 1), valid_to=date(2023, 1, 1))
