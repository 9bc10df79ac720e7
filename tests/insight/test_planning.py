"""Closing plans by options: what is promised is what scoring gives, within every limit."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange.objects import plain_object
from gatsbykit.exchange.programme import load_programme
from gatsbykit.insight.exact import Bound
from gatsbykit.insight.option_plan import OpenReason, OptionPlan, PlanningError
from gatsbykit.insight.options import (
    catalogue_options,
    load_request,
    options_from_programme,
    options_from_records,
    read_request,
    request_schema,
    usual_options,
)
from gatsbykit.insight.planning import plan_by_options
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.encounters import ActivityKind, Mode, ProviderType
from gatsbykit.model.options import OptionSource, PlanningLimits, PlanningOption
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.builders import activity, learner, records, row

if TYPE_CHECKING:
    from pathlib import Path

    from gatsbykit.insight.planning import SolverName

DAY = date(2026, 3, 2)
BY = date(2026, 8, 31)
SOLVERS: tuple[SolverName, ...] = ("exact", "greedy")
Option: Any = PlanningOption
Limits: Any = PlanningLimits


def talk(option_id: str = "talk", **more: Any) -> PlanningOption:
    made: PlanningOption = Option(
        **{"id": option_id, "title": "Talk", "kinds": ["employer_encounter"], **more}
    )
    return made


def lesson(**more: Any) -> PlanningOption:
    return talk("lesson", **{"kinds": ["curriculum_link"], "title": "Lesson", **more})


def reasons(plan: OptionPlan, criterion_id: str) -> dict[OpenReason, int]:
    return {one.reason: len(one.learner_ids) for one in plan.left_open if one.criterion_id == criterion_id}


def year(*numbers: int, **facts: Any) -> gk.Records:
    """A school of learners of whom nothing is recorded."""
    return records([learner(f"L{index:02}", one, **facts) for index, one in enumerate(numbers)], [], [])


def check(
    plan: OptionPlan, school: gk.Records, limits: PlanningLimits, settings: gk.Settings | None = None
) -> None:
    """A plan keeps its promise and every limit."""
    after = gk.score(
        plan.apply_to(school), as_of=plan.by, edition=plan.edition, settings=settings or gk.Settings()
    )
    for promised in plan.after:
        found = after[promised.criterion_id]
        assert (found.numerator, found.denominator) == (promised.numerator, promised.denominator)
        assert dict(found.status) == dict(promised.status)
    open_now = {one.criterion.id: {*one.missing} for one in after.criteria if one.missing}
    told: dict[str, set[str]] = {}
    for left in plan.left_open:
        told.setdefault(left.criterion_id, set()).update(left.learner_ids)
    assert told == open_now
    if limits.budget is not None:
        assert plan.cost <= limits.budget
    if limits.leader_hours is not None:
        assert plan.leader_hours <= limits.leader_hours
    if limits.sessions is not None:
        assert len(plan.sessions) <= limits.sessions
    assert plan.cost == sum(step.cost for step in plan.steps)
    per_day: Counter[tuple[str, date]] = Counter()
    held: Counter[str] = Counter()
    taken = {one.activity_id for one in school.activities or ()}
    for step in plan.steps:
        option = step.option
        assert step.supplies
        for session in step.sessions:
            day = session.activity.date
            assert plan.as_of < day <= plan.by
            assert (option.earliest or day) <= day <= (option.latest or day)
            assert day.weekday() < 5
            assert 1 <= len(session.learner_ids) <= option.places
            assert len({*session.learner_ids}) == len(session.learner_ids)
            assert session.activity.activity_id not in taken
            taken.add(session.activity.activity_id)
            per_day[option.id, day] += 1
            held[option.id] += 1
            assert per_day[option.id, day] <= option.per_day
        if option.most_sessions is not None:
            assert held[option.id] <= option.most_sessions
    assert all(len(line) <= 80 for line in str(plan).splitlines())
    assert json.loads(json.dumps(plan.to_dict()))["format"] == "gatsbykit-option-plan/1"


# Properties


OPTIONS = st.lists(
    st.builds(
        Option,
        id=st.uuids().map(str),
        title=st.just("Something"),
        kinds=st.frozensets(st.sampled_from(list(ActivityKind)), min_size=1, max_size=2),
        subjects=st.frozensets(st.sampled_from(["science", "art", "french"]), max_size=2),
        subjects_each=st.integers(1, 3),
        provider_types=st.frozensets(st.sampled_from(list(ProviderType)), max_size=3),
        site_visit=st.sampled_from([None, True]),
        year_groups=st.frozensets(st.integers(7, 13), max_size=4),
        mixed_years=st.booleans(),
        places=st.integers(1, 5),
        cost=st.sampled_from([None, 0, Fraction(5, 2), 40]),
        cost_per_learner=st.sampled_from([None, 1]),
        leader_hours=st.sampled_from([None, 1, Fraction(1, 2)]),
        per_day=st.integers(1, 2),
        sessions=st.none() | st.integers(1, 4),
        repeatable=st.booleans(),
    ),
    max_size=4,
)
LIMITS = st.builds(
    Limits,
    budget=st.none() | st.integers(0, 100),
    leader_hours=st.none() | st.integers(0, 6),
    sessions=st.none() | st.integers(0, 6),
)


@settings(max_examples=60)
@given(
    scored_cases(),
    OPTIONS,
    LIMITS,
    st.sampled_from(SOLVERS),
    st.fixed_dictionaries(
        {"disadvantaged_first": st.booleans(), "goal": st.sampled_from(["least_cost", "most_learners"])}
    ),
)
def test_what_a_plan_promises_is_what_scoring_its_result_gives(
    case: ScoredCase, options: list[PlanningOption], limits: PlanningLimits, solver: SolverName, aims: Any
) -> None:
    assume(case.as_of < AcademicYear.of(case.as_of).last_day)
    chosen = gk.Settings(unknown="include" if case.unknown == "include" else "exclude")
    plan = plan_by_options(
        case.records, as_of=case.as_of, edition=case.edition, options=options, limits=limits,
        solver=solver, settings=chosen, **aims,
    )  # fmt: skip
    check(plan, case.records, limits, chosen)


@settings(max_examples=40)
@given(scored_cases(), OPTIONS, LIMITS)
def test_the_exact_plan_is_never_worse(
    case: ScoredCase, options: list[PlanningOption], limits: PlanningLimits
) -> None:
    assume(case.as_of < AcademicYear.of(case.as_of).last_day)
    exact, greedy = (
        plan_by_options(
            case.records,
            as_of=case.as_of,
            edition=case.edition,
            options=options,
            limits=limits,
            solver=solver,
        )
        for solver in SOLVERS
    )

    def closed(plan: OptionPlan) -> int:
        return sum(one.numerator for one in plan.after) - sum(one.numerator for one in plan.before)

    assert exact.gap == 0
    assert closed(exact) >= closed(greedy)
    if closed(exact) == closed(greedy):
        assert exact.cost <= greedy.cost


# Examples


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_lesson_serves_one_subject_and_one_class(solver: SolverName) -> None:
    school = year(8, 8, 8, 9, subjects=["art", "music"])
    plan = plan_by_options(school, as_of=DAY, options=[lesson(places=2, mixed_years=False)], solver=solver)
    check(plan, school, Limits())
    assert sorted((sorted(step.subjects), step.year_groups, len(step.sessions)) for step in plan.steps) == [
        (["art"], (8,), 2), (["art"], (9,), 1), (["music"], (8,), 2), (["music"], (9,), 1),
    ]  # fmt: skip
    assert reasons(plan, "4a") == {}


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_lesson_may_serve_several_subjects(solver: SolverName) -> None:
    school = year(8, subjects=["art", "music", "drama"])
    plan = plan_by_options(school, as_of=DAY, options=[lesson(subjects_each=2)], solver=solver)
    assert sorted(sorted(step.subjects) for step in plan.steps) == [["art", "drama"], ["music"]]
    able = plan_by_options(school, as_of=DAY, options=[lesson(subjects=["Art"])], solver=solver)
    assert reasons(able, "4a") == {OpenReason.NO_OPTION: 1}
    assert able.steps == ()


@pytest.mark.parametrize("solver", SOLVERS)
def test_somebody_who_lacks_two_is_in_two_sessions(solver: SolverName) -> None:
    school = year(11, 11)
    work = talk("work", kinds=["workplace_experience"], places=2, cost=10, cost_per_learner=1)
    plan = plan_by_options(school, as_of=DAY, options=[work], solver=solver)
    check(plan, school, Limits())
    (step,) = plan.steps
    assert [one.learner_ids for one in step.sessions] == [("L00", "L01"), ("L00", "L01")]
    assert step.cost == 24
    once = plan_by_options(school, as_of=DAY, options=[attrs.evolve(work, repeatable=False)], solver=solver)
    assert reasons(once, "6a") == {OpenReason.NO_OPTION: 2}


def test_the_exact_plan_takes_the_cheaper_way() -> None:
    school = year(*[9] * 20)
    small, large = talk("small", places=7, cost=10), talk("large", places=20, cost=25)
    plan = plan_by_options(school, as_of=DAY, options=[small, large], solver="exact")
    assert [(step.option.id, int(step.cost)) for step in plan.steps] == [("large", 25)]
    assert plan.bounds[1] == Bound(goal="cost", value=25.0, best=25.0)
    assert plan.gap == 0


def test_limits_keep_gaps_open() -> None:
    school = year(9, 9, 9)
    one = talk(places=1, cost=10, leader_hours=2)
    for limits, reached in (
        ({"budget": 25}, 2), ({"leader_hours": 3}, 1), ({"sessions": 2}, 2), ({"by": date(2026, 3, 4)}, 2),
    ):  # fmt: skip
        for solver in SOLVERS:
            plan = plan_by_options(school, as_of=DAY, options=[one], limits=Limits(**limits), solver=solver)
            check(plan, school, Limits(**limits))
            assert len(plan.sessions) == reached
            assert reasons(plan, "5a") == {OpenReason.LIMITS: 3 - reached}


def test_disadvantaged_learners_come_first_if_asked() -> None:
    school = records(
        [learner("A", 9), learner("B", 9, disadvantaged=False), learner("C", 9, disadvantaged=True)], [], []
    )
    for solver in SOLVERS:
        plan = plan_by_options(
            school,
            as_of=DAY,
            options=[talk(places=1, repeatable=False)],
            solver=solver,
            disadvantaged_first=True,
        )
        assert plan.steps[0].learner_ids == ("C",)


def test_most_learners_or_most_gaps() -> None:
    """One place for somebody with two gaps, or two places for two with one each."""
    school = records(
        [learner("A", 13, considering_he=False), learner("B", 9), learner("C", 9)],
        [activity(date(2025, 10, 1), "labour_market_information", meaningful=True)],
        [row(learner_id="B"), row(learner_id="C")],
    )
    both = talk(
        "both", kinds=["employer_encounter", "labour_market_information"], places=1, cost=10, year_groups=[13]
    )
    single = talk("single", places=2, cost=10, year_groups=[9])
    limits = Limits(budget=10)
    most = plan_by_options(
        school, as_of=DAY, options=[both, single], limits=limits, goal="most_learners", solver="exact"
    )
    assert [step.option.id for step in most.steps] == ["single"]
    first = plan_by_options(
        school, as_of=DAY, options=[both, single], limits=limits, goal="most_learners", solver="exact",
        disadvantaged_first=True,
    )  # fmt: skip
    assert [bound.goal for bound in first.bounds][:2] == ["disadvantaged learners", "learners"]


def test_why_gaps_stay_open() -> None:
    late = talk(earliest=date(2026, 8, 31), latest=BY)
    weekend = talk(earliest=date(2026, 8, 29), latest=date(2026, 8, 30))
    school = year(9)
    assert reasons(plan_by_options(school, as_of=DAY, options=[late]), "5a") == {}
    assert reasons(plan_by_options(school, as_of=DAY, options=[weekend]), "5a") == {OpenReason.NO_DAY: 1}
    other = attrs.evolve(weekend, year_groups=frozenset({8}))
    assert reasons(plan_by_options(school, as_of=DAY, options=[other]), "5a") == {OpenReason.NO_OPTION: 1}
    assert reasons(plan_by_options(school, as_of=DAY, options=[]), "5a") == {OpenReason.NO_OPTION: 1}
    college = records([learner("L", None, programme_start=date(2026, 9, 1))], [], [], kind="college")
    assert reasons(plan_by_options(college, as_of=DAY, options=[talk()]), "5a") == {OpenReason.NOT_BEGUN: 1}
    leavers = gk.load("examples/northfield")
    old = plan_by_options(
        leavers, as_of=date(2026, 7, 10), edition="2014-school", options=[], solver="greedy"
    )
    assert reasons(old, "3d") == {OpenReason.NOT_AN_ACTIVITY: 44}
    assert "Left open: 3d, 44 learners: no activity supplies this" in str(old)


def test_different_types_of_provider_count_once_each() -> None:
    college = records([learner("L", None, programme_end=date(2026, 7, 1))], [], [], kind="college")
    one = talk("college", kinds=["provider_encounter"], provider_types=["college"])
    two = talk("itp", kinds=["provider_encounter"], provider_types=["itp"], cost=5)
    for solver in SOLVERS:
        plan = plan_by_options(college, as_of=DAY, options=[one, two], solver=solver)
        check(plan, college, Limits())
        assert {step.option.id for step in plan.steps} == {"college", "itp"}
        alone = plan_by_options(college, as_of=DAY, options=[one], solver=solver)
        assert reasons(alone, "7a") == {OpenReason.NO_OPTION: 1}


def test_what_cannot_be_planned() -> None:
    school = year(9)
    with pytest.raises(PlanningError, match="two options have the same id"):
        plan_by_options(school, as_of=DAY, options=[talk(), talk()])
    for by in (DAY, date(2026, 9, 1)):
        with pytest.raises(PlanningError, match="expected one after 2026-03-02 and up to 2026-08-31"):
            plan_by_options(school, as_of=DAY, options=[talk()], limits=Limits(by=by))
    wrong: Any = "magic"
    with pytest.raises(PlanningError, match="expected auto, exact or greedy"):
        plan_by_options(school, as_of=DAY, options=[talk()], solver=wrong)


def test_without_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    school = year(9)
    assert plan_by_options(school, as_of=DAY, options=[talk()]).solver == "exact"
    absent: Any = dict.fromkeys(["scipy"]).get
    monkeypatch.setattr("gatsbykit.insight.planning.find_spec", absent)
    plan = plan_by_options(school, as_of=DAY, options=[talk()])
    assert (plan.solver, plan.gap) == ("greedy", None)
    assert "there may be a better plan" in " ".join(str(plan).split())
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(gk.MissingExtraError, match=r"gatsbykit\[planning\]"):
        plan_by_options(school, as_of=DAY, options=[talk()], solver="exact")


def test_how_far_off_a_choice_may_be() -> None:
    assert Bound(goal="cost", value=10.0, best=10.0).gap == 0
    assert Bound(goal="cost", value=10.0, best=9.0).gap == pytest.approx(0.1)
    plan = plan_by_options(year(9), as_of=DAY, options=[talk()], solver="exact")
    worse = attrs.evolve(plan, bounds=(Bound(goal="cost", value=10.0, best=9.0),))
    assert "at most 10.0 % better" in str(worse)


def test_a_solver_that_runs_out_of_nodes_plans_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        x = None
        mip_dual_bound = None

    def milp(*_: Any, **__: Any) -> Nothing:
        return Nothing()

    monkeypatch.setattr("scipy.optimize.milp", milp)
    plan = plan_by_options(year(9), as_of=DAY, options=[talk()], solver="exact")
    assert plan.steps == ()


# Northfield


def test_northfield_is_closed() -> None:
    school = gk.load("examples/northfield")
    plan = plan_by_options(school, as_of=DAY, solver="exact")
    check(plan, school, Limits())
    assert plan.left_open == ()
    assert plan.gap == 0
    assert max(len(step.subjects) for step in plan.steps) <= 10
    assert sum(len(one.learner_ids) for one in plan.sessions) > 400


def test_northfield_within_limits() -> None:
    school, asked = gk.load("examples/northfield"), load_request("examples/northfield-options.json")
    day = date(2026, 5, 20)
    exact, greedy = (
        plan_by_options(school, as_of=day, options=asked.options, limits=asked.limits, solver=solver)
        for solver in SOLVERS
    )
    check(exact, school, asked.limits)
    check(greedy, school, asked.limits)
    assert (exact.cost, exact.leader_hours) == (Fraction("1622.5"), Fraction(89))
    assert len(exact.sessions) == 131
    assert exact.left_open == ()
    assert reasons(greedy, "7b") == {OpenReason.LIMITS: 1}
    assert all(len(step.subjects) <= 1 for step in exact.steps)


# Options


def test_options_of_a_programme() -> None:
    found = {
        one.id: one for one in options_from_programme(load_programme("examples/northfield/programme.json"))
    }
    assert len(found) == 15  # those for parents are left out
    talks = found["programme: mock-interviews"]
    assert (talks.places, talks.source) == (160, OptionSource.PROGRAMME)
    assert (talks.cost, talks.leader_hours) == (Fraction(210), Fraction(1))
    assert found["programme: guidance"].leader_hours is None


def test_options_from_what_was_done_before() -> None:
    held = [
        activity(date(2025, 10, 1), "curriculum_link", activity_id="A", subjects=["art"], title="Week: art"),
        activity(
            date(2025, 10, 1),
            "curriculum_link",
            activity_id="B",
            subjects=["art", "drama"],
            mode=Mode.VIRTUAL,
            duration=60,
        ),
        activity(date(2025, 10, 2), "employer_encounter", activity_id="C", mode=Mode.VIRTUAL),
        activity(date(2024, 8, 31), "guidance_meeting", activity_id="D"),
        activity(date(2025, 10, 2), "workplace_experience", activity_id="E", part_time_job=True),
        activity(date(2025, 10, 2), "guidance_meeting", activity_id="F"),
    ]
    rows = [
        *(row(activity_id=one, learner_id="L") for one in "ABCDE"),
        row(activity_id="B", learner_id="M"),
        row("offered", activity_id="F", learner_id="L"),
    ]
    school = records([learner("L", 9), learner("M", 10)], held, rows)
    link, encounter = options_from_records(school, as_of=DAY)
    assert (link.places, link.subjects_each, link.per_day, link.mode, link.mixed_years) == (
        2,
        2,
        2,
        Mode.IN_PERSON,
        True,
    )
    assert (link.title, link.duration) == ("curriculum link", Fraction(60))
    assert (encounter.mode, encounter.mixed_years, encounter.cost) == (Mode.VIRTUAL, False, None)
    usual = usual_options(school, as_of=DAY)
    assert {one.id for one in usual} >= {"record 1", "record 2", "guidance", "workplace-day"}
    assert "lesson" not in {one.id for one in usual}
    own = load_programme("examples/northfield/programme.json")
    assert len(usual_options(school, as_of=DAY, programme=own)) > len(usual)


def test_the_catalogue_covers_every_kind_and_provider() -> None:
    found = catalogue_options()
    assert {kind for one in found for kind in one.kinds} == {*ActivityKind}
    assert {provider for one in found for provider in one.provider_types} == {*ProviderType}
    assert all(one.cost is None and one.source is OptionSource.CATALOGUE for one in found)
    school = year(*[7, 9, 11, 13] * 3, subjects=["art"])
    plan = plan_by_options(school, as_of=DAY, edition="2025-school")
    check(plan, school, Limits())
    assert plan.left_open == ()
    assert "is not known and counts as nothing" in " ".join(str(plan).split())


def errors_of(document: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(gk.InvalidRecords) as caught:
        read_request(document)
    return [(issue.path or issue.column, issue.code) for issue in caught.value.issues]


def test_files_of_options(tmp_path: Path) -> None:
    assert errors_of(
        {
            "options": [
                {"id": "a", "title": "x", "kinds": []},
                {"id": "b", "title": "x", "kinds": ["talk"], "places": "many"},
                {
                    "id": "c", "title": "x", "kinds": ["guidance_meeting"], "places": 0,
                    "earliest": "2026-02-02", "latest": "2026-02-01",
                },
            ],
            "limits": {"budget": -1, "sessions": 2.5},
        }
    ) == [
        ("options[0].kinds", "unfit_value"),
        ("options[1].kinds[0]", "not_a_choice"),
        ("options[1].places", "wrong_type"),
        ("options[2].places", "unfit_value"),
        ("options[2].latest", "unfit_value"),
        ("limits.budget", "negative_amount"),
        ("limits.sessions", "wrong_type"),
    ]  # fmt: skip
    one = {"id": "a", "title": "x", "kinds": ["guidance_meeting"]}
    assert errors_of({"options": [one, one]}) == [("options[1].id", "repeated_id")]
    assert errors_of({"limits": {"sessions": -1}}) == [("limits.sessions", "unfit_value")]
    assert errors_of(b"\xff") == [(None, "not_utf8")]
    with pytest.raises(gk.InvalidRecords):
        load_request(tmp_path / "nowhere.json")
    path = "examples/northfield-options.json"
    found = load_request(path)
    written = plain_object(found)
    assert read_request(json.dumps(written).encode()) == found
    validator: Any = jsonschema.Draft202012Validator(request_schema())
    validator.validate(written)
    assert main(["schema", "options"]) == 0


# The command


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document = {
        "format": "gatsbykit/1",
        "institution": {"name": "N", "kind": "secondary_school"},
        "learners": [{"learner_id": "A", "year_group": 9}, {"learner_id": "B", "year_group": 9}],
        "activities": [],
        "participations": [],
    }
    school, options = tmp_path / "school.json", tmp_path / "options.json"
    school.write_text(json.dumps(document), encoding="utf-8")
    options.write_text(
        json.dumps(
            {
                "options": [
                    {"id": "t", "title": "Talk", "kinds": ["employer_encounter"], "places": 1, "cost": 10}
                ],
                "limits": {"budget": 100},
            }
        ),
        encoding="utf-8",
    )
    arguments = ["plan", str(school), "--as-of", "2026-03-02", "--options"]
    assert main([*arguments, str(options)]) == 0
    assert " 1. Talk: 2 sessions, 3 March 2026 to 4 March 2026, for 2 learners" in capsys.readouterr().out
    assert main([*arguments, str(options), "--budget", "10.5", "--format", "json", "--solver", "greedy"]) == 0
    assert json.loads(capsys.readouterr().out)["cost"] == "10"
    limited = ["--by", "2026-03-03", "--hours", "5", "--goal", "most_learners", "--disadvantaged-first"]
    assert main([*arguments, "usual", *limited]) == 0
    assert "planned on 2 March 2026" in capsys.readouterr().out
    assert main([*arguments, "usual", "--by", "2026-03-02"]) == 2
    assert "the last day of a plan" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*arguments, "usual", "--budget", "ten"])
