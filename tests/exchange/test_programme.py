"""The careers programme as values, and in the exchange format (programmes.md 1.4, exchange.md)."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs
import jsonschema
import pint
import pytest
from hypothesis import given, settings

import gatsbykit as gk
from gatsbykit.exchange.objects import plain_object, read_object
from gatsbykit.exchange.problems import Place, Problems
from gatsbykit.exchange.programme import (
    load_programme,
    programme_document,
    programme_schema,
    read_programme,
    write_programme,
)
from gatsbykit.exchange.programme_source import load_programme_source, read_programme_source
from gatsbykit.model import actions, engagement, leaders, programmes, provision
from gatsbykit.model.actions import AfterEvent, AtMeeting
from gatsbykit.model.attributes import RefusedError, kind_words, number_of
from gatsbykit.model.leaders import ExperienceProfile, LeaderTraining
from tests.support.programmes import programmes as any_programme

# Constructors read words, lists and numbers as well as what the types say.
Action: Any = actions.Action
Publication: Any = engagement.Publication
Recommendation: Any = engagement.Recommendation
StaffTraining: Any = engagement.StaffTraining
Stakeholder: Any = engagement.Stakeholder
Summary: Any = engagement.Summary
CareersLeader: Any = leaders.CareersLeader
Role: Any = leaders.Role
Backing: Any = programmes.Backing
CareersProgramme: Any = programmes.CareersProgramme
Step: Any = programmes.Step
Figure: Any = provision.Figure
Framework: Any = provision.Framework
FrameworkArea: Any = provision.FrameworkArea
LearningOutcome: Any = provision.LearningOutcome
Objective: Any = provision.Objective
PlannedActivity: Any = provision.PlannedActivity
Resource: Any = provision.Resource

EXAMPLES = Path("examples")
CLASSES = [
    kind
    for module in (engagement, leaders, programmes, provision)
    for name in module.__all__
    if isinstance(kind := getattr(module, name), type) and attrs.has(kind)
]


def raised(kind: Any, /, **attributes: Any) -> str:
    with pytest.raises(ValueError, match=r"^[A-Z]\w+\.") as caught:
        kind(**attributes)
    return str(caught.value)


def errors_of(document: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(gk.InvalidRecords) as caught:
        read_programme(document)
    return [(issue.path or issue.column, issue.code) for issue in caught.value.issues]


# Constructors read or refuse


@pytest.mark.parametrize(
    ("kind", "attributes", "message"),
    [
        (
            Backing,
            {"body": "parents"},
            "Backing.body: expected one of governors, headteacher, senior_leadership",
        ),
        (Backing, {"body": 3}, "Backing.body: expected one of governors, headteacher, senior_leadership"),
        (Backing, {"body": "governors", "date": "2026-01-01"}, "Backing.date: expected a date"),
        (Backing, {"body": "governors", "date": datetime(2026, 1, 1)}, "Backing.date: expected a date"),  # noqa: DTZ001
        (Step, {"step": "vision", "state": "done"}, "Step.date: expected the day on which it was done"),
        (
            LearningOutcome,
            {"id": "o", "text": "  "},
            "LearningOutcome.text: expected a text that is not blank",
        ),
        (LearningOutcome, {"id": None, "text": "x"}, "LearningOutcome.id: expected a text that is not blank"),
        (
            LearningOutcome,
            {"id": "o", "text": "x", "year_groups": [6]},
            "LearningOutcome.year_groups: expected each to be a whole number from 7 to 13",
        ),
        (
            LearningOutcome,
            {"id": "o", "text": "x", "year_groups": "9"},
            "LearningOutcome.year_groups: expected a list of a whole number from 7 to 13",
        ),
        (
            LearningOutcome,
            {"id": "o", "text": "x", "year_groups": [True]},
            "LearningOutcome.year_groups: expected each to be a whole number",
        ),
        (
            Objective,
            {"id": "b", "text": "x", "criteria": ["9z"]},
            "Objective.criteria: expected each to be the id of a criterion, such as 4a",
        ),
        (
            Objective,
            {
                "id": "b",
                "text": "x",
                "baseline": Figure(number=1, unit="a"),
                "target": Figure(number=2, unit="b"),
            },
            "Objective.target: expected a figure in the unit of the baseline",
        ),
        (
            Objective,
            {"id": "b", "text": "x", "target": 3},
            "Objective.target: expected a value of the type Figure",
        ),
        (Figure, {"number": "3"}, "Figure.number: expected a number"),
        (Figure, {"number": float("nan")}, "Figure.number: expected a number"),
        (Figure, {"number": Fraction(1, 3)}, "Figure.number: expected a number"),
        (
            PlannedActivity,
            {"id": "a", "title": "x", "cost": -1},
            "PlannedActivity.cost: expected pounds, from 0 on",
        ),
        (
            PlannedActivity,
            {"id": "a", "title": "x", "places": 0},
            "PlannedActivity.places: expected a whole number",
        ),
        (
            PlannedActivity,
            {"id": "a", "title": "x", "duration": "1 h"},
            "PlannedActivity.duration: expected minutes",
        ),
        (
            PlannedActivity,
            {"id": "a", "title": "x", "dates": {"a": 1}},
            "PlannedActivity.dates: expected a list",
        ),
        (Role, {"kind": "teacher", "leader": CareersLeader()}, "Role.leader: expected nothing"),
        (
            Role,
            {"kind": "teacher", "held_from": date(2026, 1, 2), "held_to": date(2026, 1, 1)},
            "Role.held_to: expected a day on or after held_from",
        ),
        (
            LeaderTraining,
            {"started": date(2026, 1, 2), "completed": date(2026, 1, 1)},
            "LeaderTraining.completed: expected a day on or after started",
        ),
        (
            CareersLeader,
            {"years_in_role": 3, "years_in_careers": 2},
            "CareersLeader.years_in_role: expected no more",
        ),
        (CareersLeader, {"heard": "yes"}, "CareersLeader.heard: expected yes or no, as a truth value"),
        (AfterEvent, {"days": -1, "event": "e"}, "AfterEvent.days: expected a whole number from 0 on"),
        (
            Action,
            {"id": "a", "text": "x", "due": "soon"},
            "Action.due: expected a date or a value of the type AtM",
        ),
        (
            Recommendation,
            {"id": "r", "text": "x", "state": "declined"},
            "Recommendation.reason: expected the reason",
        ),
        (StaffTraining, {"roles": []}, "StaffTraining.roles: expected at least one role"),
        (
            StaffTraining,
            {"roles": ["senco"], "attended": 3, "in_scope": 2},
            "StaffTraining.attended: expected no more",
        ),
        (
            StaffTraining,
            {"roles": ["senco"], "attended": -1},
            "StaffTraining.attended: expected a whole number",
        ),
        (
            Publication,
            {"summaries": [Summary(audience="staff", channel="a"), Summary(audience="staff", channel="b")]},
            "Publication.summaries: expected one summary for each audience",
        ),
        (
            Framework,
            {"key": "f", "title": "F", "areas": [FrameworkArea(key="a", title="A")] * 2},
            "Framework.areas: expected areas with keys of their own",
        ),
    ],
)
def test_constructors_refuse(kind: Any, attributes: dict[str, Any], message: str) -> None:
    assert raised(kind, **attributes).startswith(message)


def test_a_refusal_never_shows_what_was_given() -> None:
    said = raised(Role, kind="careers_leader", person=["Ann Example, born 3 February 2011"])
    assert said == "Role.person: expected a text that is not blank"
    assert "Ann" not in repr(Role(kind="careers_leader", person="Ann Example"))


def test_a_refusal_pickles() -> None:
    with pytest.raises(RefusedError) as caught:
        Step(step="vision", state="done")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own bytes)
    assert str(again) == str(caught.value)


def test_amounts_are_exact_whatever_they_are_given_as() -> None:
    make: Any = pint.UnitRegistry
    other = make()
    week = Fraction(15, 2)
    for hours in (
        7.5,
        Decimal("7.5"),
        week,
        other.Quantity(450, "minute/week"),
        other.Quantity(7.5, "h/week"),
    ):
        assert Role(kind="careers_leader", hours_a_week=hours).hours_a_week == week
    for wrong in (other.Quantity(3, "m"), other.Quantity(-3, "h/week"), 10**9, float("inf"), True):
        assert "hours a week, from 0 on" in raised(Role, kind="careers_leader", hours_a_week=wrong)
    assert number_of(0.1) == Fraction(1, 10)
    assert PlannedActivity(id="a", title="x", duration=other.Quantity(1.5, "h")).duration == 90
    assert f"{Resource(kind='cover', amount=60, per='year').quantity:~}" == "60 h / a"
    assert f"{Resource(kind='money', amount=2.5).quantity:~}" == "2.5 GBP"
    assert Resource(kind="money").quantity is None
    assert PlannedActivity(id="a", title="x").price is None


def test_words_of_kinds() -> None:
    assert kind_words(frozenset[int]) == "a list of a whole number"
    assert kind_words(provision.ProgrammeYear) == "a whole number from 7 to 13"
    assert kind_words(provision.CriterionId) == "the id of a criterion, such as 4a"


# Section 2: careers leaders


@pytest.mark.parametrize(
    ("came", "years", "profile"),
    [
        (True, None, ExperienceProfile.CAREERS_SPECIALIST),
        (True, 20, ExperienceProfile.CAREERS_SPECIALIST),
        (False, 8, ExperienceProfile.OLD_HAND),
        (False, 2, ExperienceProfile.NEWBIE),
        (False, 5, None),
        (False, None, None),
        (None, 35, None),
    ],
)
def test_profiles(came: bool | None, years: int | None, profile: ExperienceProfile | None) -> None:
    assert CareersLeader(came_from_guidance=came, years_in_careers=years).profile is profile


def test_years_in_the_role_stand_in_for_years_in_careers() -> None:
    assert (
        CareersLeader(came_from_guidance=False, years_in_role=Fraction(1)).profile is ExperienceProfile.NEWBIE
    )


@pytest.mark.parametrize(
    ("week", "shares"),
    [
        ("32.5", (22.8, 40.0, 46.2)),
        ("35", (21.1, 37.1, 42.9)),
        ("37", (20.0, 35.1, 40.5)),
        ("40", (18.5, 32.5, 37.5)),
    ],
)
def test_shares_of_a_week_of_example_9_14(week: str, shares: tuple[float, ...]) -> None:
    for hours, share in zip((7.4, 13, 15), shares, strict=True):
        found = Role(kind="careers_leader", hours_a_week=hours).share_of_week(Fraction(week))
        assert found is not None
        assert (found * 1000 + Fraction(1, 2)).__floor__() / 10 == share
    assert Role(kind=leaders.RoleKind.TEACHER).share_of_week() is None


def test_a_role_is_filled_while_somebody_holds_it() -> None:
    role = Role(kind=leaders.RoleKind.CAREERS_LEADER, held_from=date(2025, 9, 1), held_to=date(2026, 3, 1))
    assert [role.is_filled(day) for day in (date(2025, 8, 31), date(2026, 3, 1), date(2026, 3, 2))] == [
        False, True, False,
    ]  # fmt: skip
    assert not Role(kind=leaders.RoleKind.CAREERS_LEADER).is_filled(date(2026, 3, 1))


def test_training_and_qualifications_count_from_their_day() -> None:
    day = date(2026, 3, 1)
    leader = CareersLeader(training=(LeaderTraining(completed=day),))
    assert (leader.is_trained(date(2026, 2, 28)), leader.is_trained(day)) == (False, True)
    holder = CareersLeader(qualifications=(leaders.Qualification(title="Guidance", level=6, awarded=day),))
    assert (holder.is_trained(date(2026, 2, 28)), holder.is_trained(day)) == (False, True)


# Actions and their days


def test_days_of_actions() -> None:
    day = date(2026, 3, 1)
    at = Action(id="a", text="x", due=AtMeeting(meeting="m2"))
    assert at.due_on(meetings={"m2": day}) == day
    assert at.due_on() is None
    assert at.is_overdue(date(2026, 3, 2), meetings={"m2": day})
    assert not at.is_overdue(day, meetings={"m2": day})
    assert not attrs.evolve(at, state="done").is_overdue(date(2026, 3, 2), meetings={"m2": day})
    assert Action(id="a", text="x").due_on() is None
    later = Action(id="a", text="x", due=AfterEvent(days=21, event="mail"))
    assert later.due_on(events={"mail": date(2010, 5, 12)}) == date(2010, 6, 2)
    assert later.due_on(events={}) is None
    assert Action(id="a", text="x", due=day).is_overdue(date(2026, 3, 2))


# The programme as a whole


def test_a_programme_holds_for_three_years_unless_it_says_otherwise() -> None:
    def found(**days: date) -> Any:
        return CareersProgramme(edition="2025-school", **days)

    assert found(valid_from=date(2025, 9, 1)).holds_to == date(2028, 8, 31)
    assert found(valid_from=date(2024, 2, 29)).holds_to == date(2027, 2, 27)
    assert found(valid_from=date(2025, 9, 1), valid_to=date(2026, 8, 31)).holds_to == date(2026, 8, 31)
    assert found(valid_from=date(9998, 9, 1)).holds_to == date(9999, 9, 27)
    assert found().holds_to is None
    assert found().holds(date(2026, 1, 1))
    assert not found(valid_from=date(2025, 9, 1)).holds(date(2025, 8, 31))
    assert not found(valid_from=date(2025, 9, 1)).holds(date(2028, 9, 1))
    assert found(valid_from=date(2025, 9, 1)).made_on == date(2025, 9, 1)
    assert found(version_date=date(2025, 10, 1)).made_on == date(2025, 10, 1)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)},
            "CareersProgramme.valid_to: expected a day on or after valid_from",
        ),
        ({"steps": [Step(step="vision")] * 2}, "CareersProgramme.steps: expected each step once"),
        (
            {"outcomes": [LearningOutcome(id="o", text="x")] * 2},
            "CareersProgramme.outcomes[1].id: expected an id of its own",
        ),
        (
            {"activities": [PlannedActivity(id="a", title="x", objectives={"b"})]},
            "CareersProgramme.activities[0].objectives: expected ids that stand in the objectives",
        ),
        (
            {"year_groups": [7], "outcomes": [LearningOutcome(id="o", text="x", year_groups=[8])]},
            "CareersProgramme.outcomes[0].year_groups: expected year groups of the institution",
        ),
        (
            {"phases": ["one"], "outcomes": [LearningOutcome(id="o", text="x", phase="two")]},
            "CareersProgramme.outcomes[0].phase: expected a phase of the programme",
        ),
        (
            {"gaps": [programmes.Gap(criterion="4a")], "edition": ""},
            "CareersProgramme.edition: expected a text that is not blank",
        ),
    ],
)
def test_invariants_of_a_programme(attributes: dict[str, Any], message: str) -> None:
    assert raised(CareersProgramme, **{"edition": "2025-school", **attributes}) == message


def test_two_actions_of_one_id_in_a_gap() -> None:
    actions = [Action(id="a", text="x")] * 2
    assert raised(programmes.Gap, criterion="4a", actions=actions) == (
        "Gap.actions[1].id: expected an id of its own"
    )


def test_everything_that_does_not_fit_is_said_at_once() -> None:
    said = raised(
        CareersProgramme,
        edition="2025-school",
        valid_from=date(2026, 1, 2),
        valid_to=date(2026, 1, 1),
        outcomes=[LearningOutcome(id="o", text="x")] * 2,
    )
    assert said.count("expected") == 2


def test_what_a_programme_says_of_itself() -> None:
    found = load_programme(EXAMPLES / "northfield" / "programme.json")
    assert found.step(programmes.StepKind.ROLES).state is programmes.StepState.IN_PROGRESS
    assert CareersProgramme(edition="x").step(programmes.StepKind.ROLES).state is (
        programmes.StepState.NOT_STARTED
    )
    assert str(found).startswith("Careers programme under 2025-school: 5 objectives")
    assert len(found.roles_of(leaders.RoleKind.CAREERS_ADVISER)) == 2
    assert "R. Okafor" not in repr(found)
    assert not Stakeholder(group="alumni", relation="new", since=date(2026, 2, 2)).is_in_use(date(2026, 2, 1))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_attribute_refuses_a_stranger(kind: Any) -> None:
    """What is of no type of the field is refused by every attribute, with its name."""
    fields = attrs.fields_dict(kind)
    needed = {name: plain(field.type) for name, field in fields.items() if field.default is attrs.NOTHING}
    for name in fields:
        with pytest.raises(RefusedError) as caught:
            kind(**{**needed, name: object()})
        assert [fault.attribute for fault in caught.value.faults] == [name]


def plain(kind: Any) -> Any:
    """Some value of the type of a required attribute."""
    if kind is str:
        return "x"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    if kind is provision.CriterionId:
        return "4a"
    return [next(iter(get_args(kind)[0]))] if get_origin(kind) is frozenset else 1


# In and out


@pytest.mark.parametrize("name", ["northfield", "riverside"])
def test_examples_read_back_and_fit_the_schema(name: str, tmp_path: Path) -> None:
    path = EXAMPLES / name / "programme.json"
    found = load_programme(path)
    write_programme(found, tmp_path / "programme.json")
    assert load_programme(tmp_path) == found
    written = programme_document(found)
    assert programme_document(read_programme(json.dumps(written).encode())) == written
    SCHEMA.check_schema(programme_schema())
    SCHEMA.validate(json.loads(path.read_text(encoding="utf-8")))
    SCHEMA.validate(written)


SCHEMA: Any = jsonschema.Draft202012Validator(programme_schema())


@settings(max_examples=30)  # each is a whole programme
@given(any_programme())
def test_any_programme_is_written_and_read_back_the_same(programme: programmes.CareersProgramme) -> None:
    written = json.dumps(programme_document(programme))
    assert read_programme(written) == programme
    SCHEMA.validate(json.loads(written))


def test_all_errors_of_a_document_at_once() -> None:
    document = {
        "edition": "2025-school",
        "valid_from": "2026-02-30",
        "vision": 3,
        "backing": [{"body": "parents"}, {"date": "2026-01-01"}, "governors"],
        "objectives": {"id": "b"},
        "outcomes": [{"id": "o", "text": "x", "year_groups": [7, "8", 15]}],
        "activities": [
            {"id": "a", "title": "x", "duration": "an hour", "cost": "12 pounds", "places": 2.5},
            {"id": "a", "title": "x", "duration": 45, "cost": -3, "mode": "outdoors"},
            {"id": "b", "title": "x", "duration": "-45 min"},
        ],
        "gaps": [{"criterion": "4a", "actions": [{"id": "x", "text": "y", "due": {"days": 3}}]}],
        "steps": {"vision": "done", "dance": {"state": "done"}},
        "publication": "none",
    }
    assert dict(errors_of(document)) == {
        "valid_from": "impossible_date",
        "vision": "wrong_type",
        "backing[0].body": "not_a_choice",
        "backing[1].body": "missing_value",
        "backing[2]": "wrong_type",
        "objectives": "wrong_type",
        "outcomes[0].year_groups[1]": "wrong_type",
        "outcomes[0].year_groups[2]": "out_of_range",
        "activities[0].duration": "not_a_duration",
        "activities[0].cost": "not_an_amount",
        "activities[0].places": "wrong_type",
        "activities[1].duration": "not_a_duration",
        "activities[1].cost": "negative_amount",
        "activities[1].mode": "not_a_choice",
        "activities[2].duration": "negative_duration",
        "gaps[0].actions[0].due": "unfit_value",
        "steps.vision": "wrong_type",
        "steps.dance.step": "not_a_choice",
        "publication": "wrong_type",
    }


def test_what_does_not_fit_together_has_its_place() -> None:
    assert errors_of(
        {
            "edition": "2025-school",
            "outcomes": [{"id": "o", "text": "x"}, {"id": "o", "text": "y"}],
            "activities": [{"id": "a", "title": "x", "outcomes": ["p"]}],
        }
    ) == [("outcomes[1].id", "repeated_id"), ("activities[0].outcomes", "unknown_reference")]
    assert errors_of({"edition": "2025-school", "steps": {"vision": {"state": "done"}}}) == [
        ("steps.vision.date", "unfit_value")
    ]


def test_criteria_are_those_of_the_edition() -> None:
    assert errors_of(
        {
            "edition": "2025-school",
            "objectives": [{"id": "b", "text": "x", "criteria": ["8z", "4a"]}],
            "changes": [{"kind": "tool", "criteria": ["8z"]}],
            "gaps": [
                {"criterion": "8z"},
                {"criterion": "1a", "part": "pupils"},
                {"criterion": "4b", "part": "x"},
            ],
        }
    ) == [
        ("objectives[0].criteria", "unknown_criterion"),
        ("changes[0].criteria", "unknown_criterion"),
        ("gaps[0].criterion", "unknown_criterion"),
        ("gaps[1].part", "unknown_part"),
        ("gaps[2].part", "unknown_part"),
    ]
    assert errors_of({"edition": "2031-school"}) == [("edition", "unknown_edition")]
    assert errors_of({}) == [("edition", "missing_value")]
    assert errors_of([]) == [(None, "wrong_type")]
    assert errors_of("{") == [(None, "not_json")]
    assert errors_of(b"\xff") == [(None, "not_utf8")]


def test_strangers_are_noted_and_kept_out() -> None:
    problems = Problems()
    found = read_object({"body": "governors", "mood": "good"}, Backing, Place(), problems)
    assert found == Backing(body="governors")
    assert [(issue.code, issue.column) for issue in problems.warnings] == [("unknown_column", "mood")]


def test_due_of_an_action_has_three_forms() -> None:
    for due in ("2026-03-01", {"meeting": "m2"}, {"days": 21, "event": "mail"}):
        problems = Problems()
        found = read_object({"id": "a", "text": "x", "due": due}, Action, Place(), problems)
        assert found is not None
        assert plain_object(found)["due"] == due
    problems = Problems()
    assert (
        read_object({"id": "a", "text": "x", "due": {"days": "x", "event": "e"}}, Action, Place(), problems)
        is None
    )
    assert [issue.expected for issue in problems.errors] == [
        "a date, or an object with meeting or with days and event"
    ]


# With the records beside it


def test_a_folder_gives_programme_and_records(tmp_path: Path) -> None:
    (tmp_path / "programme.json").write_text(
        '{"format": "gatsbykit/1", "edition": "2025-school"}', encoding="utf-8"
    )
    assert load_programme_source(tmp_path).records is None
    (tmp_path / "institution.json").write_text(
        '{"format": "gatsbykit/1", "name": "N", "kind": "secondary_school"}', encoding="utf-8"
    )
    source = load_programme_source(tmp_path)
    assert source.records is not None
    assert (source.programme.edition, source.records.institution.name) == ("2025-school", "N")
    (tmp_path / "programme.json").write_text('{"edition": 3}', encoding="utf-8")
    (tmp_path / "institution.json").write_text('{"format": "gatsbykit/1", "name": "N"}', encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        load_programme_source(tmp_path)
    assert {issue.code for issue in caught.value.issues} == {"wrong_type", "missing_value"}


def test_a_document_gives_programme_and_records() -> None:
    document: dict[str, Any] = {
        "format": "gatsbykit/1",
        "institution": {"name": "N", "kind": "secondary_school"},
        "programme": {"edition": "2025-school"},
    }
    source = read_programme_source(json.dumps(document).encode(), name="x.json")
    assert source.records is not None
    assert source.programme == CareersProgramme(edition="2025-school")
    for wrong, code in (({}, "missing_value"), ({"programme": {"edition": "x"}}, "unknown_edition")):
        made = {key: value for key, value in document.items() if key != "programme"} | wrong
        with pytest.raises(gk.InvalidRecords) as caught:
            read_programme_source(json.dumps(made).encode(), name="x.json")
        assert [issue.code for issue in caught.value.issues] == [code]
    for broken in (b"\xff", b"{", b"null", b"[]"):
        with pytest.raises(gk.InvalidRecords):
            read_programme_source(broken, name="x.json")


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    for load in (load_programme, load_programme_source):
        with pytest.raises(gk.InvalidRecords) as caught:
            load(tmp_path / "nowhere.json")
        assert [issue.code for issue in caught.value.issues] == ["missing_file"]
