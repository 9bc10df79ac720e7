"""Gaps are the missing learners, no more and no fewer, the nearest first."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.insight import Reason
from gatsbykit.scoring.cohorts import Standing, standing
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)


def visit(activity_id: str, *types: str, meaningful: bool = True) -> gk.Activity:
    return gk.Activity(
        activity_id=activity_id,
        date=DAY,
        kinds={"provider_encounter"},
        provider_types=types,
        meaningful=meaningful,
    )


SMALL = gk.Records(
    institution=SCHOOL,
    learners=[
        gk.Learner(learner_id="a", year_group=11),
        gk.Learner(learner_id="b\x1b", year_group=11),
        gk.Learner(learner_id="gone", year_group=11, on_roll_to=date(2025, 10, 1)),
    ],
    activities=[visit("V1", "college", "university"), visit("V2", "itp", meaningful=False)],
    participations=[
        gk.Participation("V1", "b\x1b"),
        gk.Participation("V2", "b\x1b"),
        gk.Participation("V1", "gone"),
    ],
)


@given(scored_cases())
def test_gaps_are_the_missing_learners(case: ScoredCase) -> None:
    settings = gk.Settings(unknown="include" if case.unknown == "include" else "exclude")
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=settings)
    found = gk.gaps(case.records, as_of=case.as_of, edition=case.edition, settings=settings)
    missing = {one.criterion.id: set(one.missing) for one in card.criteria if one.missing}
    assert {one.criterion_id: {gap.learner_id for gap in one.gaps} for one in found.criteria} == missing
    standings = {
        one.learner_id: standing(one, case.records.institution.kind, card.edition, case.as_of)
        for one in case.records.learners or ()
    }
    for one in found.criteria:
        nearness = [gap.nearness for gap in one.gaps]
        assert nearness == sorted(nearness, reverse=True)
        for gap in one.gaps:
            assert gap.lacking
            assert 0 <= gap.had < gap.needed
            about_leavers = card[one.criterion_id].criterion.destinations is not None
            assert about_leavers or standings[gap.learner_id] is Standing.COUNTED
        assert all(1 <= count <= len(one.gaps) for count in one.lacking.values())
    assert all(len(line) <= 80 for line in str(found).splitlines())
    assert json.loads(json.dumps(found.to_dict()))["format"] == "gatsbykit-gaps/1"


def test_how_near_and_what_is_lacking() -> None:
    found = gk.gaps(SMALL, as_of=DAY, criterion="7a")
    assert [one.criterion_id for one in found.criteria] == ["7a"]
    near, far = found["7a"].gaps
    assert (near.learner_id, near.had, near.needed, near.nearness) == ("b\x1b", 2, 4, Fraction(1, 2))
    assert [part.words for part in near.lacking] == ["sixth form", "itp"]
    assert near.reasons == (Reason.NOT_MEANINGFUL,)
    assert (far.learner_id, far.had, far.reasons) == ("a", 0, ())
    assert found["7a"].lacking == {"itp": 2, "sixth_form": 2, "college": 1, "university": 1}
    assert found["7a"].reasons == {Reason.NOT_MEANINGFUL: 1}
    text = " ".join(str(found).split())
    assert "b (Year 11): 2 of 4; lacks sixth form, itp [not meaningful]" in text
    assert "a (Year 11): 0 of 4; lacks sixth form, college, university, itp [no record of the" in text
    assert "\x1b" not in text


def test_criteria_are_found_by_their_ids() -> None:
    found = gk.gaps(SMALL, as_of=DAY)
    assert len(found.criteria) > 1
    assert all(found[one.criterion_id] is one for one in found.criteria)


def test_colleges_have_no_year_groups() -> None:
    college = gk.Institution(name="Riverside", kind=gk.InstitutionKind.COLLEGE)
    learner = gk.Learner(learner_id="a", programme_end=DAY)
    found = gk.gaps(attrs.evolve(SMALL, institution=college, learners=[learner]), as_of=DAY)
    assert "    a: 0 of 1; lacks guidance meeting" in str(found)
    assert "a: 0 of 2; lacks different types of provider (2 more)" in " ".join(str(found).split())


def test_nobody_is_missing() -> None:
    found = gk.gaps(gk.Records(institution=SCHOOL), as_of=DAY)
    assert found.criteria == ()
    assert "Nobody" in str(found)
    with pytest.raises(KeyError, match="nobody is missing from '6a'"):
        found["6a"]


@pytest.mark.parametrize("criterion", ["1a", "9z"])
def test_criteria_without_learners_are_errors(criterion: str) -> None:
    with pytest.raises(gk.NotFoundError):
        gk.gaps(SMALL, as_of=DAY, criterion=criterion)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gk.write_folder(
        gk.Records(institution=SCHOOL, learners=[gk.Learner(learner_id="a", year_group=11)]), tmp_path / "x"
    )
    ask = ["gaps", str(tmp_path / "x"), "--as-of", "2026-07-10"]
    assert commands.main(ask) == 0
    assert "Nobody" in capsys.readouterr().out
    assert commands.main([*ask, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["criteria"] == []
    assert commands.main([*ask, "--criterion", "1a"]) == 2
    assert capsys.readouterr().out == ""
