"""Groups, their work, and pooled progress (programmes.md 5, 7 and 9.18)."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.model import inquiries, networks
from gatsbykit.model.networks import Community
from gatsbykit.practice.networks import (
    community_document,
    community_issues,
    community_schema,
    hub_progress,
    load_community,
    read_community,
)
from tests.support.programmes import values

EXAMPLES = Path("examples/networks")
SCHEMA: Any = jsonschema.Draft202012Validator(community_schema())
DAY = date(2026, 7, 10)
SCHOOLS = ("southmead", "westgate", "hilltop", "priory")

Award: Any = networks.Award
Effect: Any = inquiries.Effect
Endorsement: Any = networks.Endorsement
Externship: Any = inquiries.Externship


def group(**fields: Any) -> Community:
    return read_community({"name": "Group", "kind": "hub", **fields})


def codes(as_of: date = DAY, cap: int = 40, **fields: Any) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.path) for issue in community_issues(group(**fields), as_of=as_of, cap=cap)]


# Section 7: the innovation group of 2010


def test_example_9_18() -> None:
    found = load_community(EXAMPLES / "innovation-group.json")
    first, second = (meeting.date for meeting in found.meetings)
    assert first is not None
    assert second is not None
    assert ((date(2010, 5, 12) - first).days, (second - first).days) == (64, 203)
    assert {first.strftime("%A"), second.strftime("%A")} == {"Tuesday"}
    assert [one.id for one in found.actions if not one.owner_roles] == ["a2"]
    events = {one.name: one.date for one in found.events}
    meetings = {one.id: one.date for one in found.meetings}
    assert {one.id: one.due_on(meetings=meetings, events=events) for one in found.actions if one.due} == {
        "a1": second,
        "a7": date(2010, 6, 2),
    }


def test_the_innovation_group_has_faults() -> None:
    found = load_community(EXAMPLES / "innovation-group.json")
    issues = community_issues(found, as_of=date(2010, 9, 28))
    assert [(issue.code, issue.record) for issue in issues] == [
        ("action_without_owner", "a2"),
        *(("action_without_due", f"a{number}") for number in range(2, 7)),
        ("action_overdue", "a7"),
        ("decision_without_action", "d4"),
        ("question_open", "q1"),
    ]


# Section 5: new teachers


def test_new_teachers() -> None:
    found = load_community(EXAMPLES / "new-teachers.json")
    days = [meeting.date for meeting in found.meetings if meeting.date is not None]
    assert (len(days), days[0].strftime("%B"), days[-1].strftime("%B %Y")) == (3, "March", "July 2023")
    assert [stage.id for stage in found.inquiry] == ["define", "discover", "dream", "design", "deliver"]
    assert [one.number for one in found.sessions if one.speakers] == [2, 3]
    assert len(found.organisations(networks.Sector.EMPLOYER)) == 2
    issues = community_issues(found, as_of=date(2024, 4, 1))
    assert [(issue.code, issue.path) for issue in issues] == [
        ("action_overdue", "actions[1]"),
        ("commitment_overdue", "commitments[3]"),
        ("host_no_employer", "externships[1].host"),
        ("effect_claimed", "effects[0]"),
        ("effect_claimed", "effects[1]"),
    ]
    assert "T1" not in repr(found.externships[0])


# A hub of five schools


def test_hub_of_five_schools() -> None:
    found = load_community(EXAMPLES / "hub.json")
    assert len(found.institutions) == 5
    assert str(found) == "Bexcombe Careers Hub (synthetic): 7 members, 2 meetings, 1 actions"
    issues = community_issues(found, as_of=DAY)
    assert [(issue.code, issue.path) for issue in issues] == [
        ("action_overdue", "actions[0]"),
        ("decision_without_action", "decisions[1]"),
        ("award_lapsed", "awards[1]"),
    ]
    assert [award.is_held(DAY) for award in found.awards] == [True, False]


def test_progress_of_the_hub_adds_up() -> None:
    paths = [Path("examples/northfield"), *(EXAMPLES / "schools" / f"{name}.json" for name in SCHOOLS)]
    cards = [gk.score(gk.load(path), as_of=DAY) for path in paths]
    hub = hub_progress(iter(cards))
    assert hub.institutions == 5
    six = hub["2025-school", "6a"]
    assert (six.numerator, six.denominator) == (131 + 8 + 10 + 5 + 0, 158 + 8 + 20 + 5 + 12)
    assert six.share == Fraction(154, 203)
    mean = (
        sum((Fraction(one, of) for one, of in ((131, 158), (8, 8), (10, 20), (5, 5), (0, 12))), Fraction())
        / 5
    )
    assert six.share != mean
    assert hub.achieved["every_pupil"] == sum(card.achieved[gk.Preset.EVERY_PUPIL] for card in cards)
    assert hub.mean_achieved(gk.Preset.EVERY_PUPIL) == Fraction(hub.achieved["every_pupil"], 5)
    assert hub.by_benchmark["every_pupil"][3] == 3
    made = hub.to_dict()
    assert json.loads(json.dumps(made))["criteria"][0]["edition"] == "2025-school"
    assert "2025-school 6a: 154 of 203 learners of 5 institutions" in str(hub)
    nobody = hub_progress([])
    assert nobody.mean_achieved(gk.Preset.LEGACY) is None
    assert nobody.criteria == ()


@given(st.permutations([*SCHOOLS]))
def test_the_order_of_institutions_does_not_matter(names: list[str]) -> None:
    def progress(order: list[str]) -> dict[str, Any]:
        return hub_progress(
            gk.score(gk.load(EXAMPLES / "schools" / f"{name}.json"), as_of=DAY) for name in order
        ).to_dict()

    assert progress(names) == progress([*SCHOOLS])


def test_a_criterion_without_learners_has_no_share() -> None:
    card = gk.score(gk.load(EXAMPLES / "schools" / "priory.json"), as_of=DAY)
    assert hub_progress([card])["2025-school", "6b"].share is None


# Checks


def test_meetings() -> None:
    assert codes(
        meetings=[
            {"id": "a", "date": "2026-02-01", "next_date": "2026-02-01"},
            {"id": "b"},
            {"id": "c", "date": "2026-01-01", "next_date": "2026-01-02"},
        ]
    ) == [("next_meeting_not_after", "meetings[0].next_date"), ("meetings_out_of_order", "meetings[2]")]


def test_actions_are_due_by_a_day_a_meeting_or_an_event() -> None:
    def action(due: Any, **more: Any) -> list[tuple[str, str | None]]:
        one = {"id": "x", "text": "y", "owner_roles": ["all"], "due": due, **more}
        return codes(
            meetings=[{"id": "m", "date": "2026-07-01"}, {"id": "n"}],
            events=[{"name": "mail", "date": "2026-06-09"}],
            actions=[one],
        )

    overdue = [("action_overdue", "actions[0]")]
    assert (
        action("2026-07-09") == action({"meeting": "m"}) == action({"days": 30, "event": "mail"}) == overdue
    )
    assert action("2026-07-10") == action({"meeting": "n"}) == action({"days": 31, "event": "mail"}) == []
    assert action({"days": 1, "event": "unknown"}) == action("2026-07-09", state="dropped") == []


def test_decisions_and_questions() -> None:
    meetings = [{"id": "m", "date": "2026-01-01"}, {"id": "n", "date": "2026-07-10"}]
    decision = {"id": "d", "text": "x", "meeting": "m"}
    assert codes(decisions=[decision], meetings=meetings) == [("decision_without_action", "decisions[0]")]
    assert codes(decisions=[{**decision, "needs_action": False}], meetings=meetings) == []
    question = {"id": "q", "text": "x", "meeting": "m"}
    assert codes(questions=[question], meetings=meetings) == [("question_open", "questions[0]")]
    assert codes(questions=[{**question, "state": "answered"}], meetings=meetings) == []
    assert codes(questions=[{**question, "meeting": "n"}], meetings=meetings) == []
    assert codes(questions=[{"id": "q", "text": "x"}], meetings=meetings) == []
    assert codes(questions=[question], meetings=meetings, as_of=date(2026, 7, 9)) == []


def test_commitments() -> None:
    def promise(**more: Any) -> list[tuple[str, str | None]]:
        return codes(commitments=[{"organisation": "A", "text": "x", "due": "2026-07-09", **more}])

    assert promise() == [("commitment_overdue", "commitments[0]")]
    assert promise(due="2026-07-10") == promise(state="kept") == promise(due=None) == []
    assert promise(state="dropped") == [("commitment_without_reason", "commitments[0]")]
    assert promise(state="deferred", reason="no room") == []


def test_hosts_effects_awards_and_the_cap() -> None:
    members = [{"organisation": "A", "sector": "employer"}, {"organisation": "B", "sector": "school"}]
    assert codes(members=members, externships=[{"host": "A"}]) == []
    assert codes(members=members, externships=[{"host": "B"}]) == [
        ("host_no_employer", "externships[0].host")
    ]
    assert codes(effects=[{"level": "school", "text": "x", "count": 3, "of": 4}]) == []
    award = {"name": "x", "holder": "B", "valid_to": "2026-07-09"}
    assert codes(awards=[award]) == [("award_lapsed", "awards[0]")]
    assert (
        codes(awards=[{**award, "holder": None}]) == codes(awards=[{**award, "valid_to": "2026-07-10"}]) == []
    )
    assert codes(members=members, cap=0) == [("hub_over_cap", "members")]
    assert codes(members=members, cap=0, kind="innovation_group") == []


def test_awards_are_held_between_their_days() -> None:
    held = Award(name="x", holder="B", valid_from=date(2024, 1, 1), valid_to=date(2026, 7, 10))
    assert [held.is_held(day) for day in (date(2023, 12, 31), DAY, date(2026, 7, 11))] == [False, True, False]
    assert Award(name="x").is_held(DAY) is False
    assert Award(name="x", holder="B").is_held(DAY) is None
    assert Award(name="x", holder="B", valid_from=date(2024, 1, 1)).is_held(DAY) is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Award(name="x", valid_from=DAY, valid_to=date(2026, 7, 9)), "Award.valid_to"),
        (lambda: Endorsement(of="x", count=-1), "Endorsement.count"),
        (lambda: Externship(host="x", start=DAY, end=date(2026, 7, 9)), "Externship.end"),
        (lambda: Effect(level="team", text="x", count=-1), "Effect.count"),
        (lambda: Effect(level="team", text="x", count=3, of=2), "Effect.of"),
        (lambda: Effect(level="team", text="x", of=2), "Effect.of"),
        (lambda: Effect(level="team", text="x", word="lots"), "Effect.word: expected one of one, few"),
    ],
)
def test_refusals(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


# In and out


def errors_of(document: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(gk.InvalidRecords) as caught:
        read_community(document)
    return [(issue.path or issue.column, issue.code) for issue in caught.value.issues]


def test_references_and_ids() -> None:
    fields: dict[str, Any] = {"name": "G", "kind": "hub"}
    assert errors_of(
        {
            **fields,
            "meetings": [{"id": "m"}, {"id": "m"}],
            "decisions": [{"id": "d", "text": "x", "meeting": "n", "actions": ["y"]}],
            "sessions": [{"number": 1}, {"number": 1}],
            "externships": [{"host": "A", "session": 2}, {"host": "A", "session": 1}],
        }
    ) == [
        ("meetings[1].id", "repeated_id"),
        ("decisions[0].meeting", "unknown_reference"),
        ("decisions[0].actions", "unknown_reference"),
        ("sessions", "unfit_value"),
        ("externships[0].session", "unknown_reference"),
    ]
    assert errors_of({"kind": "club"}) == [("name", "missing_value"), ("kind", "not_a_choice")]
    assert errors_of("[") == [(None, "not_json")]
    assert errors_of(b"\xff") == [(None, "not_utf8")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(gk.InvalidRecords):
        load_community(tmp_path / "x.json")


@pytest.mark.parametrize("name", ["innovation-group", "new-teachers", "hub"])
def test_examples_read_back(name: str) -> None:
    text = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    found = read_community(text)
    written = community_document(found)
    assert read_community(json.dumps(written).encode()) == found
    SCHEMA.validate(json.loads(text))
    SCHEMA.validate(written)


def several(kind: Any, **given: Any) -> Any:
    return st.lists(values(kind, **given), max_size=2).map(tuple)


@settings(max_examples=40)
@given(
    values(
        Community,
        meetings=st.just(()),
        strategies=several(networks.Strategy, meeting=st.none()),
        decisions=several(networks.Decision, meeting=st.none(), actions=st.just(frozenset[str]())),
        questions=several(networks.OpenQuestion, meeting=st.none()),
        inquiry=several(inquiries.InquiryStage, meeting=st.none()),
        externships=several(inquiries.Externship, session=st.none()),
    ),
    st.dates(date(2023, 9, 1), date(2027, 8, 31)),
)
def test_any_group_is_written_and_read_back_the_same(found: Community, day: date) -> None:
    written = json.dumps(community_document(found))
    assert read_community(written) == found
    SCHEMA.validate(json.loads(written))
    for issue in community_issues(found, as_of=day):
        assert str(issue)
