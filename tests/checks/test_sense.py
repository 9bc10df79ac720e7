"""What is doubtful about records: each code where it has to show, and where it must not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit.checks import sense
from gatsbykit.issues import Stage, catalogue
from gatsbykit.model.identifiers import Laestab, Uln, Upn
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.builders import activity, learner, records, row

DAY = date(2026, 7, 10)
TERM = date(2026, 3, 2)


def codes(school: gk.Records, as_of: date | None = DAY) -> dict[str, int]:
    """Return how often each code of this stage shows, the holes of the programme apart."""
    report = gk.check(school, as_of=as_of)
    holes = {"kind_never_held", "criteria_unanswered", "table_not_supplied", "activity_without_learners"}
    return {
        code: count
        for code, count in report.counts.items()
        if code not in holes and catalogue()[code].stage is Stage.MEANING
    }


def of_learner(**facts: Any) -> dict[str, int]:
    return codes(records([learner(**facts)], None))


def of_activity(*kinds: str, day: date = TERM, **facts: Any) -> dict[str, int]:
    return codes(records([learner()], [activity(day, *kinds, **facts)]))


# Learners


@pytest.mark.parametrize(
    ("born", "is_odd"),
    [
        # Year 11 in 2025/26: 15 on 31 August 2025, so born from September 2009 to August 2010.
        (date(2009, 9, 1), False),
        (date(2010, 8, 31), False),
        (date(2008, 9, 1), False),
        (date(2011, 8, 31), False),
        (date(2008, 8, 31), True),
        (date(2011, 9, 1), True),
    ],
)
def test_age_against_year_group(born: date, is_odd: bool) -> None:
    assert of_learner(date_of_birth=born) == ({"age_against_year_group": 1} if is_odd else {})
    assert codes(records([learner(date_of_birth=born)], None), as_of=None) == {}
    assert codes(records([learner(date_of_birth=born)], None, kind="college")) == {}


def test_the_age_of_a_leaver_is_the_one_at_leaving() -> None:
    left = {"year": 13, "on_roll_to": date(2021, 7, 1)}
    assert of_learner(date_of_birth=date(2003, 1, 1), **left) == {}
    assert of_learner(date_of_birth=date(2008, 1, 1), **left) == {"age_against_year_group": 1}
    assert of_learner(year=None, date_of_birth=date(2008, 1, 1)) == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"date_of_birth": date(2010, 1, 1), "on_roll_from": date(2010, 1, 1)}, ["born_after_joining"]),
        ({"date_of_birth": date(2010, 1, 1), "on_roll_from": date(2010, 1, 2)}, []),
        ({"date_of_birth": date(2010, 1, 1), "programme_start": date(2009, 9, 1)}, ["born_after_joining"]),
        ({"on_roll_to": date(9999, 12, 31)}, ["date_implausible"]),
        ({"on_roll_from": date(1989, 12, 31)}, ["date_implausible"]),
        ({"on_roll_from": date(1990, 1, 1)}, []),
        ({"on_roll_to": date(2100, 12, 31)}, []),
        ({"date_of_birth": date(1901, 1, 1), "year": None}, ["date_implausible"]),
        ({"programme_start": date(2024, 9, 1), "on_roll_to": date(2024, 8, 31)}, ["programme_outside_roll"]),
        ({"programme_start": date(2024, 8, 31), "on_roll_to": date(2024, 8, 31)}, []),
        ({"programme_end": date(2024, 8, 31), "on_roll_from": date(2024, 9, 1)}, ["programme_outside_roll"]),
        ({"upn": "B801200005001"}, []),
        ({"upn": "M940200005001"}, ["upn_authority_out_of_time"]),
        ({"upn": "F999400109001"}, ["upn_unknown_authority"]),
    ],
)
def test_dates_and_numbers_of_learners(facts: dict[str, Any], expected: list[str]) -> None:
    if "upn" in facts:
        facts = {"upn": Upn.parse(facts["upn"])}
    assert sorted(of_learner(**facts)) == expected


def test_unknown_authorities_are_told_once_with_the_number_of_learners() -> None:
    made = records(
        [learner("L1", upn=Upn.parse("F999400109001")), learner("L2", upn=Upn.parse("V999400109002"))], None
    )
    school = gk.Institution(name="N", kind=gk.InstitutionKind.COLLEGE, laestab=Laestab.parse("9994001"))
    report = gk.check(gk.Records(institution=school, learners=made.learners))
    found = {issue.code: issue for issue in report.issues}
    assert found["upn_unknown_authority"].count == 2
    assert found["upn_unknown_authority"].record == "L1"
    assert "999" in found["laestab_unknown_authority"].message
    assert "F9994" not in str(report)


def test_a_number_that_two_learners_share() -> None:
    upn, uln = Upn.parse("B801200005001"), Uln.parse("9276308686")
    made = records([learner("L1", upn=upn, uln=uln), learner("L2", upn=upn), learner("L3", uln=uln)], None)
    report = gk.check(made)
    assert [issue.record for issue in report.issues if issue.code == "shared_identifier"] == ["L2", "L3"]


# Participations


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"on_roll_from": TERM}, {}),
        ({"on_roll_from": date(2026, 3, 3)}, {"attended_outside_roll": 1}),
        ({"on_roll_to": TERM}, {}),
        ({"on_roll_to": date(2026, 3, 1)}, {"attended_outside_roll": 1}),
        ({"programme_start": date(2026, 3, 3)}, {"attended_outside_programme": 1}),
        ({"programme_end": date(2026, 3, 1)}, {"attended_outside_programme": 1}),
        ({"programme_start": TERM, "programme_end": TERM}, {}),
    ],
)
def test_attendance_against_roll_and_programme(facts: dict[str, Any], expected: dict[str, int]) -> None:
    talk = activity(TERM, "curriculum_link")
    assert codes(records([learner(**facts), learner("M")], [talk])) == expected
    absent = [row("absent"), row("attended", learner_id="M")]
    assert codes(records([learner(**facts), learner("M")], [talk], absent)) == {}


@pytest.mark.parametrize(("year", "is_odd"), [(11, False), (9, False), (13, False), (8, True), (14, False)])
def test_overrides_far_from_the_calendar(year: int, is_odd: bool) -> None:
    made = records([learner()], [activity(TERM, "curriculum_link")], [row(year=year)])
    assert codes(made) == ({"override_far_from_calendar": 1} if is_odd else {})
    assert codes(made, as_of=None) == {}
    nameless = records([learner(year=None)], [activity(TERM, "curriculum_link")], [row(year=year)])
    assert "override_far_from_calendar" not in codes(nameless)


def test_ids_that_a_spreadsheet_program_changed() -> None:
    seen = gk.Destination(learner_id="7.0", date=DAY, category="neet")
    made = records(
        [learner("007"), learner("X")],
        [activity(TERM, "curriculum_link", activity_id="10")],
        [
            row(learner_id="7", activity_id="10"),
            row(learner_id="7", activity_id="010"),
            row(learner_id="X", activity_id="10.0"),
            row(learner_id="X", activity_id="10"),
            row(learner_id="stranger", activity_id="10"),
        ],
        destinations=[seen],
    )
    report = gk.check(made)
    changed = [
        (one.record, one.column, one.count)
        for one in report.issues
        if one.code == "id_changed_by_spreadsheet"
    ]
    assert changed == [
        ("7", "learner_id", 2),
        ("7.0", "learner_id", 1),
        ("010", "activity_id", 1),
        ("10.0", "activity_id", 1),
    ]


def test_year_groups_that_were_never_seen() -> None:
    came, missed = learner("L", 11), [learner("M", 10), learner("N", 10), learner("O", 6), learner("P", None)]
    left = learner("Q", 9, on_roll_to=date(2025, 12, 1))
    old = activity(date(2025, 8, 31), "curriculum_link", activity_id="old")
    made = records(
        [came, *missed, left],
        [activity(TERM, "curriculum_link"), old],
        [row(), *(row(learner_id=who.learner_id, activity_id="old") for who in (came, *missed))],
    )
    issues = [one for one in gk.check(made, as_of=DAY).issues if one.code == "year_group_never_seen"]
    assert [one.message for one in issues] == ["the 2 learners of Year 10 attended nothing in 2025/26"]
    assert codes(records([came], None)) == {}


# Activities


@pytest.mark.parametrize(
    ("kinds", "facts", "expected"),
    [
        (["workplace_experience"], {"insight": True}, {"checklist_for_other_kind": 1}),
        (["workplace_experience", "employer_encounter"], {"insight": True}, {}),
        (
            ["curriculum_link"],
            {"meets_staff": False, "covers_careers": True},
            {"checklist_for_other_kind": 2},
        ),
        (["curriculum_link"], {"adviser_level": 6}, {"field_for_other_kind": 1}),
        (["guidance_meeting"], {"adviser_level": 6}, {}),
        (["guidance_meeting"], {"adviser_level": 8}, {}),
        (["guidance_meeting"], {"adviser_level": 9}, {"adviser_level_implausible": 1}),
        (["guidance_meeting"], {"part_time_job": False, "site_visit": False}, {}),
        (["guidance_meeting"], {"part_time_job": True, "site_visit": True}, {"field_for_other_kind": 2}),
        (["provider_encounter"], {}, {"provider_type_unknown": 1}),
        (["provider_encounter"], {"provider_types": ["itp"]}, {}),
        (["curriculum_link"], {"provider_types": ["itp"]}, {"field_for_other_kind": 1}),
        (["curriculum_link"], {"providers": ["NORTHFIELD school"]}, {"own_provider": 1}),
        (["curriculum_link"], {"providers": ["Southfield School"]}, {}),
        (["curriculum_link"], {"duration": 0}, {"duration_implausible": 1}),
        (["curriculum_link"], {"duration": Fraction(1, 2)}, {}),
        (["curriculum_link"], {"duration": 3000}, {}),
        (["curriculum_link"], {"duration": 3001}, {"duration_implausible": 1}),
        (["guidance_meeting"], {"duration": 301}, {"duration_implausible": 1}),
        (["guidance_meeting", "curriculum_link"], {"duration": 301}, {}),
        (["workplace_experience"], {"duration": 45_000}, {}),
        (["workplace_experience"], {"duration": 45_001}, {"duration_implausible": 1}),
    ],
)
def test_facts_against_kinds(kinds: list[str], facts: dict[str, Any], expected: dict[str, int]) -> None:
    assert of_activity(*kinds, **facts) == expected


def test_an_activity_without_any_kind_has_bounds_too() -> None:
    nothing = gk.Activity(activity_id="A", date=TERM, kinds=(), duration=3001)
    assert codes(records([learner()], [nothing])) == {"duration_implausible": 1}


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 6), {}), (date(2026, 3, 7), {"school_day_at_weekend": 1}),
     (date(2026, 3, 8), {"school_day_at_weekend": 1})],
)  # fmt: skip
def test_the_school_day_is_on_no_weekend(day: date, expected: dict[str, int]) -> None:
    assert of_activity("curriculum_link", day=day, school_day=True) == expected
    assert of_activity("curriculum_link", day=day) == {}


def test_activities_of_another_century() -> None:
    found = of_activity("curriculum_link", day=date(1926, 3, 2))
    assert found["date_implausible"] == 1


def test_a_provider_of_two_types() -> None:
    def met(name: str, number: int, *types: str) -> gk.Activity:
        facts: dict[str, Any] = {"providers": [name], "provider_types": types, "activity_id": f"A{number}"}
        return activity(date(2026, 3, number), "provider_encounter", **facts)

    one = [met("Northern College", 2, "college"), met("Northern College", 3, "itp")]
    assert codes(records([learner()], one)) == {"provider_types_disagree": 1}
    both = [met("Northern College", 2, "college"), met("Northern College", 3, "itp", "college")]
    assert codes(records([learner()], both)) == {}
    others = [met("Northern College", 2, "college"), met("Southern College", 3, "itp")]
    assert codes(records([learner()], others)) == {}


def test_an_activity_entered_twice() -> None:
    def talk(activity_id: str, **facts: Any) -> gk.Activity:
        facts = {"title": "A  Talk", **facts}
        return activity(TERM, "employer_encounter", activity_id=activity_id, **facts)

    twice = [talk("A"), talk("B", title="a talk "), talk("C")]
    issues = gk.check(records([learner()], twice)).issues
    assert [(one.record, one.message) for one in issues if one.code == "activity_entered_twice"] == [
        ("B", "the same as A: day, kinds, title, people and learners"),
        ("C", "the same as A: day, kinds, title, people and learners"),
    ]
    assert codes(records([learner()], [talk("A"), talk("B", employer="E")])) == {}
    apart = [row(activity_id="A"), row(activity_id="B", learner_id="M")]
    assert codes(records([learner(), learner("M")], [talk("A"), talk("B")], apart)) == {}


def test_activities_to_which_nobody_came() -> None:
    talks = [activity(TERM, "curriculum_link", activity_id=name) for name in ("A", "B", "C")]
    later = activity(date(2026, 7, 11), "curriculum_link", activity_id="D")
    rows = [row(activity_id="A"), row("absent", activity_id="B"), row("offered", activity_id="B")]
    counts = gk.check(records([learner()], [*talks, later], rows), as_of=DAY).counts
    assert (counts["nobody_attended"], counts["activity_without_learners"]) == (1, 1)


# Destinations


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"date": date(2025, 7, 1)}, {"destination_before_leaving": 1}),
        ({"end_date": date(2025, 10, 1)}, {}),
        ({"end_date": date(2025, 9, 30)}, {"destination_ends_before_seen": 1}),
        ({"level": 0}, {}),
        ({"level": 8}, {}),
        ({"level": 9}, {"destination_level_implausible": 1}),
        ({"level": -1}, {"destination_level_implausible": 1}),
        ({"date": date(2205, 10, 1)}, {"date_implausible": 1}),
        ({"learner_id": "stranger"}, {}),
    ],
)
def test_destinations(facts: dict[str, Any], expected: dict[str, int]) -> None:
    facts = {"learner_id": "L", "date": date(2025, 10, 1), "category": "employment", **facts}
    left = learner(on_roll_to=date(2025, 7, 1))
    assert codes(records([left], None, destinations=[gk.Destination(**facts)])) == expected


def test_a_destination_of_somebody_who_has_not_left() -> None:
    seen = gk.Destination(learner_id="L", date=TERM, category="employment")
    assert codes(records([learner()], None, destinations=[seen])) == {"destination_before_leaving": 1}


# The programme as a whole


def test_the_holes_of_a_careers_programme() -> None:
    school = gk.Institution(name="N", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
    nothing = gk.check(gk.Records(institution=school), as_of=DAY)
    tables = [issue.path for issue in nothing.issues if issue.code == "table_not_supplied"]
    assert tables == ["learners", "activities", "destinations"]
    assert "kind_never_held" not in nothing.counts
    talks = [
        activity(TERM, "curriculum_link", "employer_encounter", activity_id="now"),
        activity(date(2025, 8, 31), "guidance_meeting", activity_id="last year"),
    ]
    some = gk.check(records([learner()], talks), as_of=DAY)
    kinds = [dict(issue.details)["kind"] for issue in some.issues if issue.code == "kind_never_held"]
    assert kinds == [
        "guidance_meeting",
        "labour_market_information",
        "provider_encounter",
        "workplace_experience",
    ]


def test_criteria_without_an_answer() -> None:
    answers = {
        "2025-school": {
            "1b": gk.Answer.YES,
            "1a": gk.PartAnswers({"governors": gk.Answer.YES}),
            "1c": gk.PartAnswers(
                dict.fromkeys(gk.edition("2025-school").criterion("1c").parts, gk.Answer.NO)
            ),
        }
    }
    made = records([learner()], None, answers=answers)
    (issue,) = [one for one in gk.check(made, as_of=DAY).issues if one.code == "criteria_unanswered"]
    missing = dict(issue.details)["criteria"].split(", ")
    assert "1a" in missing
    assert not {"1b", "1c", "5a"} & {*missing}
    assert issue.count == len(missing)
    assert "answers_of_other_edition" not in gk.check(made, as_of=DAY).counts
    assert gk.check(made, as_of=date(2024, 7, 10)).counts["answers_of_other_edition"] == 1


# All of it


def test_of_each_code_only_so_many_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sense, "_MOST_LISTED", 2)
    made = records([learner(f"L{number}", on_roll_to=date(9999, 1, 1)) for number in range(5)], None)
    counts = gk.check(made).counts
    assert (counts["date_implausible"], counts["more_warnings"]) == (2, 3)


@given(scored_cases())
def test_checking_changes_no_score(case: ScoredCase) -> None:
    """What is doubtful is for the report: a scorecard has no warning of this stage."""
    doubts = gk.check(case.records, as_of=case.as_of, edition=case.edition)
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition)
    assert all(catalogue()[notice.code].stage is not Stage.MEANING for notice in card.warnings)
    scored = {issue.code for issue in doubts.issues if issue.stage is Stage.SCORING}
    assert scored == {notice.code for notice in card.warnings}


def test_a_school_a_year_out_of_step() -> None:
    """Each alone may be taught a year out of step, and all together are not."""
    learners = [learner(f"L{n}", 9, date_of_birth=date(2010, 10, 1)) for n in range(5)]
    report = gk.check(records(learners), as_of=date(2026, 9, 10))
    (issue,) = (one for one in report.warnings if one.code == "year_groups_out_of_step")
    assert (issue.count, issue.message) == (
        5,
        "nearly all learners of Year 9 are 2 years too old for their year group",
    )


def test_every_code_of_this_stage_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [
        code for code, one in catalogue().items() if one.stage is Stage.MEANING and code not in text
    ] == []
