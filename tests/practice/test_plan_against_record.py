"""A programme against the records of a year, on paper and in a diary."""

from __future__ import annotations

import json
import sys
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange.programme import load_programme, read_programme
from gatsbykit.model.encounters import Mode
from gatsbykit.model.provision import PlannedActivity
from gatsbykit.practice.diary import programme_calendar
from gatsbykit.practice.held import HeldState, PlanAgainstRecord
from gatsbykit.practice.matching import is_meant, matched
from gatsbykit.practice.plan_against_record import plan_against_record
from tests.support.builders import activity, learner, records
from tests.support.programmes import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

Planned: Any = PlannedActivity
DAY = date(2026, 3, 11)


def held(plan: dict[str, Any], school: gk.Records, **fields: Any) -> Any:
    found = read_programme(
        {"edition": "2025-school", "activities": [{"id": "a", "title": "Fair", **plan}], **fields}
    )
    return plan_against_record(found, school, as_of=AS_OF)


def school(*years: int, title: str = "Fair: hall", **more: Any) -> gk.Records:
    """A school where everybody was at one activity."""
    return records(
        [learner(f"L{index}", year) for index, year in enumerate(years)],
        [activity(DAY, "employer_encounter", activity_id="A", title=title, meaningful=True, **more)],
    )


@pytest.fixture(scope="module")
def northfield() -> PlanAgainstRecord:
    found = load_programme("examples/northfield/programme.json")
    return plan_against_record(found, gk.load("examples/northfield"), as_of=AS_OF)


# Matching


def test_a_recorded_activity_is_the_plan_with_the_longest_title() -> None:
    plans = [
        Planned(id="fair", title="Careers  Fair"),
        Planned(id="year 7", title="careers fair, Year 7"),
        Planned(id="talk", title="Careers", kinds=["guidance_meeting"]),
        Planned(id="named", title="Something else", activity_ids=["A4"]),
    ]
    recorded = [
        activity(DAY, "employer_encounter", activity_id="A1", title="Careers fair: hall"),
        activity(DAY, "employer_encounter", activity_id="A2", title="Careers fair, Year 7"),
        activity(DAY, "employer_encounter", activity_id="A3", title="Careers fairs abroad"),
        activity(DAY, "employer_encounter", activity_id="A4", title="Careers fair"),
        activity(date(2025, 8, 31), "employer_encounter", activity_id="A5", title="Careers fair"),
        activity(DAY, "guidance_meeting", activity_id="A6"),
    ]
    found = matched(plans, recorded, gk.AcademicYear(2025))
    assert {key: [one.activity_id for one in activities] for key, activities in found.items()} == {
        "fair": ["A1"], "year 7": ["A2"], "talk": [], "named": ["A4"],
    }  # fmt: skip


@given(st.permutations(range(6)))
def test_the_order_of_records_does_not_matter(order: list[int]) -> None:
    recorded = [activity(DAY, "employer_encounter", activity_id=f"A{n}", title="Fair") for n in order]
    assert [
        one.activity_id
        for one in matched([Planned(id="x", title="Fair")], recorded, gk.AcademicYear(2025))["x"]
    ] == [f"A{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("group", "facts", "meant"),
    [
        (None, {}, True),
        ("disadvantaged", {"disadvantaged": True}, True),
        ("disadvantaged", {}, None),
        ("sen", {"sen_provision": gk.SenProvision.SUPPORT}, True),
        ("sen", {"sen_provision": gk.SenProvision.NONE}, False),
        ("sen", {}, None),
        ("looked_after", {"looked_after": False}, False),
        ("eal", {"eal": True}, True),
        ("considering_he", {"considering_he": True}, True),
        ("risk_of_neet", {}, None),
        ("parents", {}, None),
    ],
)
def test_whom_an_activity_is_meant_for(group: str | None, facts: dict[str, Any], meant: bool | None) -> None:
    assert is_meant(Planned(id="a", title="x", target_group=group), learner("L", 9, **facts)) is meant
    assert is_meant(Planned(id="a", title="x", target_group=group, year_groups=[8]), learner("L", 9)) is False


# What became of a plan


@pytest.mark.parametrize(
    ("plan", "state"),
    [
        ({"title": "Fair"}, HeldState.HELD),
        ({"title": "Other", "dates": ["2026-07-10"]}, HeldState.NOT_HELD),
        ({"title": "Other", "dates": ["2026-01-10", "2026-07-11"]}, HeldState.TO_COME),
        ({"title": "Other"}, HeldState.UNDATED),
        ({"title": "Other", "target_group": "parents"}, HeldState.OUT_OF_RECORD),
    ],
)
def test_states(plan: dict[str, Any], state: HeldState) -> None:
    assert held(plan, school(9))["a"].state is state


def test_activities_of_other_years_are_left_out() -> None:
    assert held({"dates": ["2024-10-01"]}, school(9)).activities == ()


def test_cost_for_each_learner_and_for_each_who_needed_it() -> None:
    found = held({"year_groups": [9], "cost": 100, "kinds": ["employer_encounter"]}, school(9, 9, 10))["a"]
    assert (found.meant, found.reached, found.others, found.needed) == (2, 2, 1, 2)
    assert found.share_reached == 1
    assert (found.cost_per_learner, found.cost_per_need) == (Fraction(100, 3), 50)
    other = activity(DAY, "employer_encounter", activity_id="B", meaningful=True)
    twice = records([learner("L", 9)], [*(school(9).activities or ()), other])
    once = held({"cost": 100}, twice)["a"]
    assert (once.needed, once.cost_per_need) == (0, None)
    group = held({"target_group": "risk_of_neet", "cost": 100}, school(9))["a"]
    assert (group.meant, group.reached, group.needed, group.share_reached) == (None, 1, 1, None)
    assert held({"title": "Other", "cost": 100}, school(9))["a"].cost_per_learner is None


def test_what_is_lacking() -> None:
    found = held(
        {"year_groups": [9], "outcomes": ["o1"], "criteria": ["5a", "3a"], "cost": 10.5},
        school(9),
        outcomes=[{"id": "o1", "text": "x"}, {"id": "o2", "text": "y"}],
    )
    assert found.outcomes_unserved == ("o2",)
    assert found.units_without == ()
    assert [(cell.unit, cell.benchmark, cell.held, cell.cost) for cell in found.table] == [
        (9, 3, ("a",), Fraction(21, 2)), (9, 5, ("a",), Fraction(21, 2)),
    ]  # fmt: skip
    more = held({"year_groups": [9]}, school(9, 10), year_groups=[9, 10])
    assert more.units_without == (10,)
    assert held({"kinds": ["guidance_meeting"], "title": "x"}, school(9)).unplanned == 1


def test_virtual_alone() -> None:
    assert held({}, school(9, 10, mode=Mode.VIRTUAL)).virtual_alone == (
        (10, "employer_encounter"), (9, "employer_encounter"),
    )  # fmt: skip
    assert held({}, school(9, mode=Mode.BLENDED)).virtual_alone == ()
    assert held({}, school(9)).virtual_alone == ()
    stranger = records([learner("L", 9)], [activity(DAY, "employer_encounter", mode=Mode.VIRTUAL)], [])
    assert held({}, stranger).virtual_alone == ()


def test_hours_of_those_who_lead() -> None:
    plan = {"delivery_roles": ["careers_leader"], "duration": "2 h", "dates": ["2026-03-11", "2026-03-12"]}
    leader = {"kind": "careers_leader", "hours_a_week": 5}
    found = held(plan, school(9, duration=Fraction(90)), roles=[leader]).leader
    assert (found.hours_a_week, found.available, found.planned, found.held) == (5, 195, 4, Fraction(3, 2))
    series = {**plan, "series": [{"part": "event", "duration": "1 h"}, {"part": "reflection"}]}
    found = held(series, school(9), roles=[leader, {"kind": "strategic_leader"}]).leader
    assert (found.hours_a_week, found.available, found.planned, found.held) == (None, None, 1, 2)
    assert held({}, school(9)).leader.available is None


def test_staff_training() -> None:
    training = [
        {"roles": ["teacher"], "date": "2025-11-01", "attended": 3, "in_scope": 4},
        {"roles": ["teacher"], "date": "2026-07-11"},
        {"roles": ["teacher"], "need": "routes"},
        {"roles": ["teacher"], "date": "2025-08-31", "title": "last year"},
    ]
    found = held({}, school(9), staff_training=training)
    assert [(one.is_met, one.share) for one in found.staff] == [
        (True, Fraction(3, 4)), (False, None), (False, None), (False, None),
    ]  # fmt: skip
    assert "routes: not held this year" in str(found)


def test_means() -> None:
    means = [
        {"kind": "money", "amount": 100, "per": "year"},
        {"kind": "money", "amount": 50.25, "per": "year"},
        {"kind": "money", "amount": 7, "per": "activity"},
        {"kind": "hours", "amount": 7, "per": "year"},
    ]
    found = held({"cost": 3}, school(9), resources=means)
    assert (found.budget, found.committed, found.spent) == (Fraction(601, 4), 3, 3)
    assert "budget £150.25, planned £3, held £3" in str(found)
    assert held({}, school(9)).budget is None


def test_without_records_of_activities_nothing_was_held() -> None:
    found = held({"dates": ["2026-03-11"]}, records([learner("L", 9)], None))
    assert found["a"].state is HeldState.NOT_HELD
    assert "leader: hours unknown" in str(found)


def test_northfield(northfield: Any) -> None:
    week = northfield["week-at-work"]
    assert (week.meant, week.reached, week.others, len(week.activity_ids)) == (163, 151, 0, 56)
    interviews = northfield["mock-interviews"]
    assert (interviews.meant, interviews.reached, interviews.others, interviews.needed) == (158, 138, 99, 138)
    assert interviews.cost_per_need == Fraction(210, 138)
    assert northfield["enterprise-day"].state is HeldState.TO_COME
    assert northfield["guidance-early"].state is HeldState.UNDATED
    assert (northfield.budget, northfield.spent, northfield.unplanned) == (19900, 15735, 151)
    assert northfield.leader.available == 351


def test_documents_and_pages(northfield: PlanAgainstRecord) -> None:
    made = json.loads(json.dumps(northfield.to_dict()))
    assert made["format"] == "gatsbykit-plan-against-record/1"
    assert made["activities"][0]["id"] == "people-like-us"
    assert made["staff"][1] == {"need": "Which routes there are", "met": False, "share": None}
    page = northfield.to_html()
    assert "Behind the scenes at an employer" in page
    assert "0 of 1" in page
    assert all(len(line) <= 80 for line in str(northfield).splitlines())
    hostile = held({"title": "<script>", "cost": 1}, school(9, title="<script>")).to_html()
    assert "<script>" not in hostile


# Diaries


def test_the_calendar_is_read_by_others() -> None:
    found = load_programme("examples/northfield/programme.json")
    text = programme_calendar(found, as_of=AS_OF)
    calendar: Any = icalendar.Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    assert len(events) == 29
    assert len({str(event["UID"]) for event in events}) == 29
    assert {str(event["SUMMARY"]) for event in events} >= {
        "Year 10 work experience week: preparation",
        "Review of the careers programme",
        "Due: Plan a link in both subjects with their champions",
        "Objective: Employers come back",
    }
    assert programme_calendar(found, as_of=AS_OF) == text
    assert "Okafor" not in text


def test_the_last_day_of_the_calendar() -> None:
    found = read_programme({"edition": "2025-school", "review_dates": ["9999-12-31"]})
    assert "DTEND" not in programme_calendar(found, as_of=AS_OF)


def test_without_icalendar_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(gk.MissingExtraError, match=r"gatsbykit\[calendar\]"):
        programme_calendar(read_programme({"edition": "2025-school"}), as_of=AS_OF)


# The command


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "programme.json").write_text(
        '{"edition": "2025-school", "review_dates": ["2026-05-01"]}', encoding="utf-8"
    )
    (tmp_path / "institution.json").write_text(
        '{"format": "gatsbykit/1", "name": "N", "kind": "secondary_school"}', encoding="utf-8"
    )
    arguments = ["programme", str(tmp_path), "--as-of", "2026-07-10", "--against-record"]
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("Plan against record, 2025/26")
    assert main([*arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["unplanned"] == 0
    assert main([*arguments, "--format", "html"]) == 0
    assert "<h1>Careers plan against record, 2025/26</h1>" in capsys.readouterr().out
    assert (
        main(["programme", str(tmp_path / "programme.json"), "--as-of", "2026-07-10", "--format", "ics"]) == 0
    )
    assert "BEGIN:VCALENDAR" in capsys.readouterr().out
    assert main(["programme", str(tmp_path / "programme.json"), "--against-record"]) == 2
    assert "there are no records beside the programme" in capsys.readouterr().err
