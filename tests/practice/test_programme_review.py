"""The review of a careers programme (programmes.md 1.1, 1.5 and 2)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange.programme import load_programme, programme_document, read_programme
from gatsbykit.issues import Severity, catalogue
from gatsbykit.model.answers import Answer, PartAnswers
from gatsbykit.model.attributes import RefusedError
from gatsbykit.practice.leading import leader_issues
from gatsbykit.practice.review import ProgrammeReview, answers_of_programme, review_programme
from gatsbykit.practice.rulebook import review_rules, shipped_frameworks
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.scoring.answer_rules import answer_rules, interpretation
from gatsbykit.scoring.following import following_answers
from gatsbykit.scoring.programme_case import Case
from tests.support.programmes import AS_OF, programmes, sound

if TYPE_CHECKING:
    from pathlib import Path

    from gatsbykit.model.programmes import CareersProgramme

YES, IN_PROGRESS, NO = Answer.YES, Answer.IN_PROGRESS, Answer.NO
RANK = {None: 0, NO: 1, IN_PROGRESS: 2, YES: 3}


def programme(**fields: Any) -> CareersProgramme:
    return read_programme({"edition": "2025-school", **fields})


def reviewed(as_of: date = AS_OF, key: str | None = None, **fields: Any) -> ProgrammeReview:
    return review_programme(programme(**fields), as_of=as_of, edition=key)


def answer(criterion: str, part: str | None = None, **fields: Any) -> Answer | None:
    return reviewed(**fields).answer(criterion, part)


def changed(**fields: Any) -> ProgrammeReview:
    """Review the sound programme with some fields replaced."""
    return review_programme(read_programme({**programme_document(sound()), **fields}), as_of=AS_OF)


def without(review: ProgrammeReview, code: str) -> list[str]:
    return [issue.where for issue in review.findings if issue.code == code]


# A programme without faults


def test_a_sound_programme_has_no_findings_and_answers_yes() -> None:
    review = review_programme(sound(), as_of=AS_OF)
    assert review.findings == ()
    assert {one.answer for one in review.following} == {YES}
    assert all(one.holds and one.state == "done" for one in review.steps)
    assert all(duty.is_met for duty in review.duties)


# Example 9.20


def test_example_9_20() -> None:
    years = range(7, 12)
    outcomes = [{"id": f"o{year}", "text": "x", "year_groups": [year]} for year in years]
    outcomes.append({"id": "o10b", "text": "x", "year_groups": [10]})
    activities: list[dict[str, Any]] = [
        {"id": f"a{year}", "title": "x", "year_groups": [year], "outcomes": [f"o{year}"]} for year in years
    ]
    activities[0]["target_group"] = "disadvantaged"
    review = reviewed(
        backing=[{"body": "governors", "date": "2026-01-10"}, {"body": "headteacher", "date": "2026-01-10"}],
        outcomes=outcomes,
        activities=activities,
        objectives=[{"id": "b", "text": "x", "development_plan_ref": "2.4"}],
    )
    assert review.answers["1a"] == PartAnswers(
        {"governors": YES, "headteacher": YES, "senior_leadership": NO}
    )
    assert review.answers["1c"] == PartAnswers(
        {"tailored": YES, "sequenced": YES, "learning_outcomes": IN_PROGRESS, "development_plan": YES}
    )


# The answers, rule by rule


@pytest.mark.parametrize(
    ("backing", "expected"),
    [
        ([], None),
        ([{"body": "governors", "date": "2026-01-10"}], NO),
        ([{"body": "headteacher", "date": "2026-01-10"}], YES),
        ([{"body": "headteacher"}], IN_PROGRESS),
        ([{"body": "headteacher", "date": "2026-07-11"}], IN_PROGRESS),
        ([{"body": "headteacher", "date": "2025-08-31"}], IN_PROGRESS),
        ([{"body": "headteacher", "date": "2025-08-31"}, {"body": "headteacher", "date": "2025-09-01"}], YES),
    ],
)
def test_backing(backing: list[Any], expected: Answer | None) -> None:
    assert answer("1a", "headteacher", valid_from="2025-09-01", backing=backing) is expected


def leader(**facts: Any) -> list[dict[str, Any]]:
    return [{"kind": "careers_leader", "held_from": "2025-09-01", "leader": facts}]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], None),
        ([{"kind": "teacher"}], NO),
        ([{"kind": "careers_leader"}], NO),
        ([{"kind": "careers_leader", "person": "x"}], IN_PROGRESS),
        (leader(training=[{"started": "2025-10-01"}]), IN_PROGRESS),
        (leader(training=[{"completed": "2026-07-11"}]), IN_PROGRESS),
        (leader(training=[{"completed": "2026-07-10"}]), YES),
        (leader(qualifications=[{"title": "x", "awarded": "2020-01-01"}]), YES),
        ([{**leader(training=[{"completed": "2026-01-01"}])[0], "held_to": "2026-06-30"}], NO),
        ([{"kind": "operational_leader", "held_from": "2025-01-01"}], IN_PROGRESS),
    ],
)
def test_a_trained_leader(roles: list[Any], expected: Answer | None) -> None:
    assert answer("1b", roles=roles) is expected
    assert answer("1a", "trained_leader", key="2014-school", roles=roles) is expected


def test_a_leader_who_is_published_is_known() -> None:
    page = {"leader_name": "A. Leader"}
    assert answer("1b", publication=page) is IN_PROGRESS
    assert answer("1b", publication=page, roles=[{"kind": "careers_leader"}]) is IN_PROGRESS
    assert answer("1b", publication={"url": "x"}) is None


def test_the_parts_of_1c() -> None:
    activity = {"id": "a", "title": "x", "year_groups": [7]}
    assert answer("1c", "tailored") is None
    assert answer("1c", "tailored", activities=[activity]) is NO
    assert answer("1c", "tailored", activities=[{**activity, "target_group": "parents"}]) is NO
    assert answer("1c", "tailored", activities=[{**activity, "target_group": "sen"}]) is YES
    assert answer("1c", "sequenced", activities=[activity]) is IN_PROGRESS
    assert answer("1c", "sequenced", activities=[{"id": "a", "title": "x"}]) is NO
    assert answer("1c", "learning_outcomes", activities=[activity]) is NO
    assert answer("1c", "development_plan", objectives=[{"id": "b", "text": "x"}]) is NO


def test_sequence_asks_for_the_year_groups_of_the_programme_or_of_the_records() -> None:
    fields: dict[str, Any] = {
        "outcomes": [{"id": "o", "text": "x", "year_groups": [7]}],
        "activities": [{"id": "a", "title": "x", "year_groups": [7]}],
    }
    assert answer("1c", "sequenced", **fields) is IN_PROGRESS
    assert answer("1c", "sequenced", year_groups=[7], **fields) is YES
    records = gk.read_document(
        {
            "format": "gatsbykit/1",
            "institution": {"name": "N", "kind": "secondary_school"},
            "learners": [
                {"learner_id": "1", "year_group": 7},
                {"learner_id": "2", "year_group": 8, "on_roll_to": "2025-01-31"},
                {"learner_id": "3", "year_group": 5},
            ],
        }
    )
    found = review_programme(programme(**fields), as_of=AS_OF, records=records)
    assert found.answer("1c", "sequenced") is YES
    assert "year_groups_unknown" not in found.codes
    assert "year_groups_unknown" in reviewed(**fields).codes


def test_colleges_go_by_phases() -> None:
    outcome = {"id": "o", "text": "x", "phase": "first"}
    activity = {"id": "a", "title": "x", "phase": "first", "target_group": "parents"}
    fields: dict[str, Any] = {"edition": "2025-college", "outcomes": [outcome], "activities": [activity]}
    for phases, expected in (([], YES), (["first"], YES), (["first", "second"], IN_PROGRESS)):
        review = reviewed(phases=phases, **fields)
        assert review.answer("1c", "sequenced") is expected
        assert review.answer("1d") is expected
        assert "year_groups_unknown" not in review.codes


def test_parents_in_every_key_stage_and_with_labour_market_information() -> None:
    def evening(*years: int) -> dict[str, Any]:
        return {"id": f"p{years}", "title": "x", "year_groups": [*years], "target_group": "parents"}

    assert answer("1d", activities=[{"id": "a", "title": "x"}]) is None
    assert answer("1d", year_groups=[7, 10, 12], activities=[evening(7)]) is IN_PROGRESS
    assert answer("1d", year_groups=[7, 10, 12], activities=[evening(7), evening(10, 12)]) is YES
    assert answer("1d", year_groups=[7], activities=[{**evening(7), "year_groups": []}]) is IN_PROGRESS
    assert answer("2b", activities=[evening(7)]) is None
    assert answer("2b", activities=[{**evening(7), "kinds": ["labour_market_information"]}]) is YES


def test_publication() -> None:
    page: dict[str, Any] = {"url": "x", "date": "2026-01-01", "summaries": {"staff": {"channel": "x"}}}
    assert answer("1e", "staff") is None
    assert answer("1e", "staff", publication=page) is YES
    assert answer("1e", "pupils", publication=page) is NO
    for missing in ({"url": None}, {"date": None}, {"date": "2026-07-11"}):
        assert answer("1e", "staff", publication={**page, **missing}) is IN_PROGRESS
    assert answer("1b", "teachers", key="2014-school", publication=page) is YES
    assert answer("1b", "learners", key="2018-college", publication=page) is NO
    assert answer("8c") is None
    assert answer("8c", publication=page) is NO
    assert answer("8c", publication={**page, "guidance_access": "ask"}) is YES
    assert answer("8b", key="2025-college", publication={**page, "guidance_access": "ask"}) is YES
    assert answer("8c", publication={"guidance_access": "ask"}) is IN_PROGRESS


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-10", YES),
        ("2025-07-11", YES),
        ("2025-07-10", IN_PROGRESS),
        ("2026-07-11", IN_PROGRESS),
        (None, IN_PROGRESS),
    ],
)
def test_evaluation(day: str | None, expected: Answer) -> None:
    given_by = [{"audience": "staff", "method": "interview", "date": day}]
    assert answer("1f", "staff", evaluations=given_by) is expected
    assert answer("1f", "pupils", evaluations=given_by) is NO
    assert answer("1f", "pupils", evaluations=[{"method": "records", "date": day}]) is None


def test_alumni_and_destinations() -> None:
    def alumni(**more: Any) -> list[dict[str, Any]]:
        return [{"group": "alumni", **more}]

    assert answer("3d", "alumni") is None
    assert answer("3d", "alumni", stakeholders=alumni()) is NO
    assert answer("3d", "alumni", stakeholders=alumni(relation="new")) is YES
    assert answer("3d", "alumni", stakeholders=alumni(relation="new", since="2026-09-01")) is IN_PROGRESS
    for day, expected in (("2020-01-01", YES), ("2026-09-01", IN_PROGRESS), (None, IN_PROGRESS)):
        used = [{"method": "destinations", "date": day}]
        assert answer("3d", "destinations", evaluations=used) is expected


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([(["teacher", "support_staff"], "2025-09-01")], YES),
        ([(["teacher"], "2025-11-01"), (["support_staff"], "2026-02-01")], YES),
        ([(["teacher"], "2025-11-01")], IN_PROGRESS),
        ([(["teacher"], "2025-11-01"), (["support_staff"], "2026-07-11")], IN_PROGRESS),
        ([(["teacher", "support_staff"], "2025-08-31")], NO),
        ([(["teacher", "support_staff"], None)], NO),
        ([], None),
    ],
)
def test_staff_training(sessions: list[Any], expected: Answer | None) -> None:
    given_to = [{"roles": roles, "date": day} for roles, day in sessions]
    assert answer("4b", staff_training=given_to) is expected


def test_a_change_of_staff_training_is_a_part() -> None:
    change = {"kind": "staff_training", "date": "2025-11-01"}
    assert answer("4b", changes=[change]) is IN_PROGRESS
    assert answer("4b", changes=[{**change, "date": "2024-11-01"}]) is None


def test_an_open_action_with_a_date_is_in_progress() -> None:
    def gap(**action: Any) -> list[dict[str, Any]]:
        actions = [{"id": "x", "text": "y", **action}] if action else []
        return [{"criterion": "1f", "part": "staff", "actions": actions}]

    assert answer("1f", "staff", gaps=gap()) is NO
    assert answer("1f", "pupils", gaps=gap()) is None
    assert answer("1f", "staff", gaps=gap(due="2026-12-01")) is IN_PROGRESS
    assert answer("1f", "staff", gaps=gap(due="2026-12-01", state="done")) is NO
    assert answer("1f", "staff", gaps=gap(priority=1)) is NO
    assert answer(
        "2b", gaps=[{"criterion": "2b", "actions": [{"id": "x", "text": "y", "due": "2026-12-01"}]}]
    ) is (IN_PROGRESS)
    assert answer("1f", "staff", key="2025-college", gaps=gap()) is None  # ids of another edition


def test_outside_of_its_days_a_programme_shows_no_more_than_progress() -> None:
    document = programme_document(sound())
    for day in (date(2025, 8, 31), date(2028, 9, 1)):
        review = review_programme(read_programme(document), as_of=day)
        assert YES not in {one.answer for one in review.following}
        assert "programme_out_of_date" in review.codes


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_rules_are_for_declared_criteria_and_their_parts(key: str) -> None:
    criteria = {one.id: one for one in edition(key).criteria}
    rules = answer_rules(key)
    assert rules
    for criterion_id, parts in rules.items():
        assert criteria[criterion_id].type == "declared"
        assert {*parts} <= {*(criteria[criterion_id].parts or (None,))}


def test_what_is_asked_of_training_providers_is_what_is_asked_of_colleges() -> None:
    assert answer_rules("2025-itp") == answer_rules("2025-college")
    assert "this project's" in interpretation()


# Properties


ABSENT = (
    "backing", "gaps", "objectives", "outcomes", "activities", "roles", "stakeholders", "resources",
    "evaluations", "changes", "staff_training", "recommendations",
)  # fmt: skip


def ranks(found: CareersProgramme) -> dict[tuple[str, str | None], int]:
    case = Case(found, AS_OF, edition(found.edition))
    return {(one.criterion_id, one.part): RANK[one.answer] for one in following_answers(case)}


@settings(max_examples=40)
@given(programmes(), st.data())
def test_taking_a_record_away_never_improves_an_answer(found: CareersProgramme, data: st.DataObject) -> None:
    """Whatever an answer rests on, without it the answer is the same or lower."""
    name = data.draw(st.sampled_from([*ABSENT, "publication"]))
    before = ranks(found)
    if name == "publication":
        fewer = attrs.evolve(found, publication=None)
    else:
        records = getattr(found, name)
        if not records:
            return
        gone = data.draw(st.integers(0, len(records) - 1))
        kept = records[:gone] + records[gone + 1 :]
        try:
            fewer = attrs.evolve(found, **{name: kept})
        except RefusedError:  # others refer to it
            return
    after = ranks(fewer)
    for key, rank in after.items():
        served = name == "outcomes" and key[1] == "learning_outcomes"
        assert rank <= before[key] or served  # an outcome that is not served is a duty, no evidence


@settings(max_examples=40)
@given(programmes())
def test_a_programme_without_findings_has_no_no(found: CareersProgramme) -> None:
    review = review_programme(found, as_of=AS_OF)
    noes = [one for one in review.following if one.answer is NO]
    assert len(without(review, "nothing_for_it")) == len(noes)
    assert {one.code for one in review.findings} <= catalogue().keys()
    json.dumps(review.to_dict())
    assert str(review)
    assert review.to_html().startswith("<!DOCTYPE html>")


@settings(max_examples=40)
@given(programmes())
def test_every_answer_rests_on_records_that_are_there(found: CareersProgramme) -> None:
    for one in review_programme(found, as_of=AS_OF).following:
        assert (one.answer in {YES, IN_PROGRESS}) <= bool(one.rests_on)
        for path in one.rests_on:
            name, _, rest = path.partition("[")
            if rest:
                assert getattr(found, name)[int(rest.split("]")[0])] is not None


# Checks


ODD = {"text": "x", "frameworks": [{"framework": "cdi", "area": "x"}]}
TALL: dict[str, Any] = {"kind": "careers_leader", "hours_a_week": 37.5}
MAIL = {"kind": "time", "text": "mail a.b@school.example"}
DONE = {"vision": {"state": "done", "date": "2026-01-01"}}


@pytest.mark.parametrize(
    ("fields", "code", "places"),
    [
        ({"institution": "N"}, None, []),
        ({"valid_to": "2026-07-09"}, "programme_out_of_date", ["valid_to"]),
        ({"review_dates": ["2026-05-01", "2026-05-02", "2026-08-01"]}, "review_overdue", ["review_dates[1]"]),
        ({"evaluations": []}, "not_evaluated", ["evaluations"]),
        ({"evaluations": [{"method": "records", "date": "2026-07-11"}]}, "not_evaluated", ["evaluations"]),
        ({"version_date": "2025-09-20"}, "backing_outdated", ["backing[0]", "backing[1]", "backing[2]"]),
        ({"outcomes": [], "activities": []}, "no_outcomes", ["outcomes"]),
        (
            {"activities": [{"id": "a", "title": "x"}]},
            "activity_without_outcome",
            ["activities[0] (a)"],
        ),
        ({"objectives": [{"id": "b", "text": "x"}]}, "objective_incomplete", ["objectives[0] (b)"]),
        ({"objectives": []}, "events_without_measure", ["objectives"]),
        ({"gaps": [{"criterion": "5a"}]}, "gap_without_action", ["gaps[0] (5a)"]),
        (
            {"gaps": [{"criterion": "5a", "actions": [{"id": "x", "text": "y"}]}]},
            "action_incomplete",
            ["gaps[0].actions[0] (x)"],
        ),
        (
            {"gaps": [{"criterion": "5a", "actions": [{"id": "x", "text": "y", "due": "2026-07-09"}]}]},
            "action_overdue",
            ["gaps[0].actions[0] (x)"],
        ),
        (
            {"outcomes": [ODD | {"id": f"o{year}", "year_groups": [year]} for year in range(7, 12)]},
            "unknown_area",
            [f"outcomes[{index}].frameworks[0] (o{index + 7})" for index in range(5)],
        ),
        ({"roles": []}, "leader_missing", ["roles"]),
        ({"roles": [{"kind": "careers_leader"}]}, "leader_without_hours", ["roles[0].hours_a_week"]),
        ({"roles": [TALL]}, "leader_over_full_week", ["roles[0].hours_a_week"]),
        ({"vision": "Ring 01632 960113"}, "personal_contact", ["vision"]),
        ({"challenges": [MAIL]}, "personal_contact", ["challenges[0].text"]),
        ({"steps": DONE}, "step_out_of_order", ["steps.vision"]),
        ({"vision": None}, "step_not_held", ["steps.vision"]),
    ],
)  # fmt: skip
def test_checks(fields: dict[str, Any], code: str | None, places: list[str]) -> None:
    review = changed(**fields)
    assert (code is None and not review.findings) or without(review, str(code)) == places


def test_a_contact_is_an_error_and_is_not_shown() -> None:
    review = changed(
        vision="Ring 01632 960113", stakeholders=[{"group": "hub", "organisation": "a@b.example"}]
    )
    assert review.findings[0].severity is Severity.ERROR
    assert "960113" not in str(review) + json.dumps(review.to_dict()) + review.to_html()
    assert without(review, "personal_contact") == ["vision", "stakeholders[0].organisation"]


def test_own_frameworks_are_known() -> None:
    own = {"key": "own", "title": "Ours", "areas": [{"key": "a", "title": "A"}]}
    outcome = {
        "id": "o7",
        "text": "x",
        "frameworks": [{"framework": "own", "area": "a"}, {"framework": "no", "area": "a"}],
    }
    review = reviewed(frameworks=[own], outcomes=[outcome])
    assert without(review, "unknown_area") == ["outcomes[0].frameworks[1] (o7)"]
    assert len(shipped_frameworks()["cdi"].areas) == 6


def test_virtual_alone_in_a_key_stage() -> None:
    def talk(year: int, mode: str | None) -> dict[str, Any]:
        return {
            "id": f"{year}{mode}",
            "title": "x",
            "year_groups": [year],
            "kinds": ["employer_encounter"],
            "mode": mode,
        }

    assert without(reviewed(activities=[talk(7, "virtual"), talk(9, "virtual")]), "virtual_only") == [
        "activities"
    ]
    for other in ("in_person", "blended", None):
        assert not without(reviewed(activities=[talk(7, "virtual"), talk(9, other)]), "virtual_only")
    both = reviewed(activities=[talk(7, "virtual"), talk(10, "virtual")])
    assert [issue.message for issue in both.findings if issue.code == "virtual_only"] == [
        "in Year 7 and Year 9 every planned employer encounter is virtual",
        "in Year 10 and Year 11 every planned employer encounter is virtual",
    ]


def test_a_programme_of_another_institution_or_edition() -> None:
    records = gk.read_document(
        {"format": "gatsbykit/1", "institution": {"name": "N", "kind": "secondary_school", "urn": "999001"}}
    )
    for given_as, found in (("N", []), ("999001", []), ("M", ["institution"])):
        review = review_programme(programme(institution=given_as), as_of=AS_OF, records=records)
        assert without(review, "other_institution") == found
    assert without(reviewed(key="2014-school"), "edition_of_programme") == ["edition"]


def test_leaders() -> None:
    def codes(*roles: dict[str, Any], college: bool = False) -> list[str]:
        found = programme(roles=[*roles]).roles
        return [issue.code for issue in leader_issues(found, as_of=AS_OF, college=college)]

    strategic = {"kind": "strategic_leader", "hours_a_week": 3}
    operational = {"kind": "operational_leader", "hours_a_week": 20}
    assert codes(strategic, operational, college=True) == ["leader_without_senior"]
    assert codes(strategic, {**operational, "leader": {"senior_sponsor": True}}, college=True) == []
    assert codes(operational, {"kind": "senior_sponsor"}, college=True) == ["operational_alone"]
    assert codes(
        {**strategic, "held_to": "2025-01-01"},
        {**operational, "leader": {"senior_sponsor": True}},
        college=True,
    ) == ["operational_alone"]
    one = {"kind": "careers_leader", "hours_a_week": 5, "leader": {"seniority": "senior"}}
    assert codes(one, one) == ["leaders_overlap"]
    assert codes(one, one, one) == ["leaders_overlap", "leaders_overlap"]
    assert codes({**one, "held_to": "2025-08-31"}, {**one, "held_from": "2025-09-01"}) == []
    assert codes({**one, "held_from": "2025-09-01"}, {**one, "held_to": "2025-08-31"}) == []
    apart = ({**one, "institutions": ["A"]}, {**one, "institutions": ["B"]})
    assert codes(*apart) == []
    assert codes({**one, "institutions": ["A", "B"]}) == ["several_institutions"]
    assert codes(*apart, {**one, "institutions": ["A", "B"]}) == ["several_institutions", "leaders_overlap"]


# Steps


def test_what_the_steps_lack() -> None:
    steps = {one.step.value: one.lacking for one in reviewed().steps}
    assert steps == {
        "analyse": (
            "no assessment with a day", "benchmarks not assessed: 1, 2, 3, 4, 5, 6, 7, 8", "no gap is listed",
        ),
        "vision": ("no vision", "no objective"),
        "outcomes": ("no outcome for Year 7, Year 8, Year 9, Year 10, Year 11",),
        "programme": ("no activity",),
        "roles": ("no leader is named",),
        "stakeholders": ("no relation to pupils, parents, staff, employers, careers advisers",),
        "implementation": ("no gap is listed",),
    }  # fmt: skip


def test_example_northfield() -> None:
    review = review_programme(load_programme("examples/northfield/programme.json"), as_of=AS_OF)
    assert [one.step.value for one in review.steps if not one.holds] == [
        "vision", "outcomes", "programme", "roles", "implementation",
    ]  # fmt: skip
    assert len(review.findings) == 14
    assert {one.part for one in review.following if one.answer is NO} == {"employers"}
    assert [duty.id for duty in review.duties if not duty.is_met] == ["summaries"]


def test_example_riverside() -> None:
    review = review_programme(load_programme("examples/riverside/programme.json"), as_of=AS_OF)
    assert review.answers["1b"] is YES
    assert sum(one.answer is NO for one in review.following) == 5
    assert [duty.id for duty in review.duties] == [
        key for key in review_rules()["duties"] if key not in {"source", "provider_access_statement"}
    ]
    assert [duty.id for duty in review.duties if not duty.is_met] == [
        "programme_published",
        "impact_measured",
    ]


def test_duties_are_open_where_nothing_is_said_of_the_website() -> None:
    assert {duty.is_met for duty in reviewed().duties} == {None}
    late = reviewed(publication={"url": "x", "next_review": "2026-07-09"})
    assert next(duty for duty in late.duties if duty.id == "next_review").lacking == ("next_review",)


def test_answers_of_a_programme_are_those_of_its_review() -> None:
    found = load_programme("examples/northfield/programme.json")
    review = review_programme(found, as_of=AS_OF)
    assert answers_of_programme(found, as_of=AS_OF, edition="2025-school") == review.answers
    assert review.answer("9z") is None


# The command and the document


def test_the_document() -> None:
    made = review_programme(load_programme("examples/northfield/programme.json"), as_of=AS_OF).to_dict()
    assert made["format"] == "gatsbykit-programme-review/1"
    assert [*made["answers"]] == [one.id for one in edition("2025-school").criteria if one.type == "declared"]
    assert made["answers"]["3a"] is None
    assert made["answers"]["1e"] == {"pupils": "yes", "parents": "yes", "staff": "yes", "employers": "no"}
    assert made["rests_on"]["1b"] == ["roles[0]", "publication.leader_name"]
    assert made["rests_on"]["1a"]["governors"] == ["backing[0]"]
    assert {*made["findings"][0]} == {"code", "severity", "where", "message"}


def test_pages_escape_what_they_show() -> None:
    page = changed(outcomes=[{"id": "<script>", "text": "x"}], activities=[]).to_html()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["programme", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "examples/northfield/programme.json"
    status, out, _ = run(capsys, path, "--as-of", "2026-07-10")
    assert (status, out.splitlines()[0]) == (
        0,
        "Careers programme under 2025-school, reviewed as of 10 July 2026",
    )
    assert all(len(line) <= 80 for line in out.splitlines())
    assert (
        json.loads(run(capsys, path, "--as-of", "2026-07-10", "--format", "json")[1])["edition"]
        == "2025-school"
    )
    assert "<h1>" in run(capsys, path, "--as-of", "2026-07-10", "--format", "html")[1]
    status, out, _ = run(capsys, path, "--as-of", "2026-07-10", "--edition", "2014-school")
    assert "1a trained leader" in out
    (tmp_path / "programme.json").write_text('{"edition": "2025-school"}', encoding="utf-8")
    (tmp_path / "institution.json").write_text(
        '{"format": "gatsbykit/1", "name": "N", "kind": "secondary_school"}', encoding="utf-8"
    )
    assert run(capsys, str(tmp_path))[0] == 0
    status, out, err = run(capsys, str(tmp_path), "--edition", "2025-college")
    assert (status, out) == (2, "")
    assert "is not for a secondary_school" in err

    class Stdin:
        buffer = (tmp_path / "programme.json").open("rb")

    monkeypatch.setattr("sys.stdin", Stdin)
    assert run(capsys, "-", "--as-of", "2026-07-10")[0] == 0
    Stdin.buffer.close()


def test_the_command_lists_all_errors(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"edition": "x", "vision": 1, "backing": [{}]}', encoding="utf-8")
    status, out, err = run(capsys, str(tmp_path / "p.json"))
    assert (status, out) == (2, "")
    assert "2 errors; nothing was done" in err
