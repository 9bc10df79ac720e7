"""Plans keep what they promise, take no more than the naive way, and touch nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.insight.closing import Lack
from gatsbykit.insight.examining import Examiner
from gatsbykit.model.encounters import ActivityKind, ProviderType
from gatsbykit.rules import CriterionStatus
from gatsbykit.scoring.evidence import mark_activity
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from pathlib import Path

    from gatsbykit.insight import ClosingPlan

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
COLLEGE = gk.Institution(name="Riverside", kind=gk.InstitutionKind.COLLEGE)


def planned(case: ScoredCase) -> ClosingPlan:
    return gk.closing_plan(case.records, as_of=case.as_of, edition=case.edition, settings=settings_of(case))


def settings_of(case: ScoredCase) -> gk.Settings:
    return gk.Settings(unknown="include" if case.unknown == "include" else "exclude")


def with_learners(*learners: gk.Learner, institution: gk.Institution = SCHOOL) -> gk.Records:
    return gk.Records(institution=institution, learners=learners, activities=[], participations=[])


@given(scored_cases())
def test_plans_keep_their_promise(case: ScoredCase) -> None:
    """Rescored with the whole plan, every criterion stands where the plan says."""
    plan = planned(case)
    before = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=settings_of(case))
    after = gk.score(
        plan.apply_to(case.records), as_of=case.as_of, edition=case.edition, settings=settings_of(case)
    )
    for promised in plan.after:
        result = after[promised.criterion_id]
        assert (result.numerator, result.denominator) == (promised.numerator, promised.denominator)
        assert result.status == promised.status
        if promised.denominator and promised.criterion_id not in plan.left_open:
            assert {*result.status.values()} == {CriterionStatus.MET}
    assert {one.criterion_id for one in plan.before} == {
        one.criterion.id for one in before.criteria if one.tally is not None
    }
    for old, new in zip(plan.before, plan.after, strict=True):
        assert old.numerator <= new.numerator
    assert plan.left_open == {one.criterion.id: one.missing for one in after.criteria if one.missing}


@given(scored_cases())
def test_what_is_left_open_is_beyond_any_activity(case: ScoredCase) -> None:
    """Only leavers, and learners whose programme has not begun, are left."""
    plan = planned(case)
    learners = {one.learner_id: one for one in case.records.learners or ()}
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=settings_of(case))
    for criterion_id, missing in plan.left_open.items():
        for learner_id in missing:
            start = learners[learner_id].programme_start
            assert card[criterion_id].criterion.destinations is not None or (
                start is not None and start > case.as_of
            )


@given(scored_cases())
def test_plans_are_never_worse_than_one_criterion_after_the_other(case: ScoredCase) -> None:
    plan = planned(case)
    assert len(plan.activities) <= plan.one_by_one
    ids = [one.activity.activity_id for one in plan.activities]
    taken = {one.activity_id for one in case.records.activities or ()}
    assert len(ids) == len({*ids} - taken)
    for one in plan.activities:
        assert one.learner_ids
        assert one.supplies
        assert {count.criterion_id for count in one.counts} == {*one.supplies}
    assert all(len(line) <= 80 for line in str(plan).splitlines())
    assert json.loads(json.dumps(plan.to_dict()))["format"] == "gatsbykit-plan/1"


@given(scored_cases())
def test_hypothetical_activities_never_lower_a_numerator(case: ScoredCase) -> None:
    records = case.records
    if records.learners is None:
        return
    idea = gk.Activity(
        activity_id="an idea",
        date=case.as_of,
        kinds=ActivityKind,
        provider_types=ProviderType,
        meaningful=True,
        adviser_level=6,
    )
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition}
    before = gk.score(records, **choices)
    everybody = [one.learner_id for one in records.learners]
    after = gk.what_if(records, idea, everybody, **choices)
    for old, new in zip(before.criteria, after.criteria, strict=True):
        if old.tally is not None:
            assert new.tally is not None
            assert new.tally.numerator >= old.tally.numerator
    assert gk.score(records, **choices) == before


def test_what_if_refuses_what_cannot_be() -> None:
    records = with_learners(gk.Learner(learner_id="a", year_group=11))
    idea = gk.Activity(activity_id="A1", date=DAY, kinds={"guidance_meeting"}, adviser_level=6)
    assert gk.what_if(records, idea, ["a"], as_of=DAY)["8a"].numerator == 1
    assert records.activities == ()
    with pytest.raises(gk.NotFoundError, match="no such learners in the records: b, c"):
        gk.what_if(records, idea, ["c", "a", "b"], as_of=DAY)
    with pytest.raises(ValueError, match="'A1' is taken"):
        gk.what_if(attrs.evolve(records, activities=[idea]), idea, ["a"], as_of=DAY)
    nothing = gk.Records(institution=SCHOOL)
    assert gk.what_if(nothing, idea, [], as_of=DAY) == gk.score(nothing, as_of=DAY)


def test_activities_are_shared_between_criteria() -> None:
    """An employer in a lesson serves two criteria at once; year groups are planned together."""
    records = with_learners(
        gk.Learner(learner_id="a", year_group=11, subjects=["art"]),
        gk.Learner(learner_id="b", year_group=13, subjects=["music"]),
    )
    plan = gk.closing_plan(records, as_of=DAY)
    first = next(one for one in plan.activities if "5a" in one.supplies)
    assert first.words == (
        "Curriculum link and employer encounter, in art and music, for 2 learners in Years 11 and 13"
    )
    assert first.supplies == {"4a": 2, "5a": 2}
    assert first.activity.two_way is True
    kinds = [sorted(map(str, one.activity.kinds)) for one in plan.activities]
    assert kinds.count(["guidance_meeting", "labour_market_information"]) == 1
    assert sum("workplace_experience" in kind for kind in kinds) == 2  # two are asked for in 6a
    assert len(plan.activities) < plan.one_by_one
    assert "one criterion after the other takes" in str(plan)
    assert str(plan).endswith("There are small numbers here: this is not for publication.")


def test_visits_take_place_on_site() -> None:
    records = with_learners(gk.Learner(learner_id="a", year_group=13, considering_he=True))
    plan = gk.closing_plan(records, as_of=DAY)
    visits = [one for one in plan.activities if "7b" in one.supplies]
    assert [one.activity.site_visit for one in visits] == [True, True]
    assert "with university, on the provider's site, for 1 learner in Year 13" in visits[0].words


def test_subjects_of_a_list_are_those_that_learners_study() -> None:
    records = with_learners(gk.Learner(learner_id="a", year_group=9, subjects=["physics", "art"]))
    plan = gk.closing_plan(records, as_of=DAY, edition="2014-school")
    assert [one.activity.subjects for one in plan.activities if "4a" in one.supplies] == [
        frozenset({"physics"})
    ]


def test_colleges_ask_for_a_range_of_providers() -> None:
    """As many types as are needed, those first that help most; a type met already does not."""
    learners = [gk.Learner(learner_id=one, programme_end=DAY) for one in ("a", "b")]
    met = gk.Activity(
        activity_id="planned 1",
        date=DAY,
        kinds={"provider_encounter"},
        provider_types={"sixth_form"},
        meaningful=True,
    )
    records = attrs.evolve(
        with_learners(*learners, institution=COLLEGE),
        activities=[met],
        participations=[gk.Participation("planned 1", "a")],
    )
    plan = gk.closing_plan(records, as_of=DAY)
    fairs = [one for one in plan.activities if "7a" in one.supplies]
    assert [sorted(one.activity.provider_types) for one in fairs] == [["college", "sixth_form"]]
    assert fairs[0].year_groups == ()
    assert fairs[0].supplies == {"7a": 2}
    assert "planned 1" not in {one.activity.activity_id for one in plan.activities}
    assert plan.left_open == {}


def test_a_type_of_provider_counts_once() -> None:
    """Of two types that are lacking, the same one twice supplies one."""
    records = with_learners(gk.Learner(learner_id="a", programme_end=DAY), institution=COLLEGE)
    examiner = Examiner(records, as_of=DAY, edition=None, settings=gk.Settings())
    lack = Lack(examiner, examiner.rules["7a"], examiner.learner("a"))
    visit = gk.Activity(
        activity_id="V", date=DAY, kinds={"provider_encounter"}, provider_types={"college"}, meaningful=True
    )
    marked = mark_activity(examiner.plan, visit)
    assert [lack.supply(examiner.plan, marked, take=True) for _ in range(2)] == [1, 0]
    assert lack.is_open()


def test_what_no_activity_can_close_is_left_open() -> None:
    later = gk.Learner(learner_id="a", programme_start=date(2026, 8, 1), programme_end=date(2026, 8, 31))
    plan = gk.closing_plan(with_learners(later, institution=COLLEGE), as_of=DAY)
    assert plan.activities == ()
    assert plan.left_open["8a"] == ("a",)
    assert "There is nothing that an activity could close." in str(plan)
    assert "8a  1 learner" in str(plan)
    assert plan.apply_to(gk.Records(institution=COLLEGE)) == gk.Records(institution=COLLEGE)


def test_one_activity_is_one_activity() -> None:
    learner = gk.Learner(learner_id="a", year_group=8)
    plan = gk.closing_plan(with_learners(learner), as_of=DAY)
    assert "\n1 activity; one criterion after the other takes 1." in str(plan)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gk.write_folder(with_learners(gk.Learner(learner_id="a", year_group=11)), tmp_path / "x")
    ask = ["plan", str(tmp_path / "x"), "--as-of", "2026-07-10"]
    assert commands.main(ask) == 0
    assert "What would close the gaps" in capsys.readouterr().out
    assert commands.main([*ask, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["activities"]
