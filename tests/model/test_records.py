from __future__ import annotations

from typing import Any

import attrs
import pytest

import gatsbykit as gk
from tests.support.builders import learner

SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"activities": []}, "together"),
        ({"participations": []}, "together"),
        ({"learners": [], "activities": []}, "together"),
        ({"learners": [], "participations": []}, "together"),
        ({"activities": [], "participations": []}, "need learners"),
    ],
)
def test_tables_that_mean_nothing_alone(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gk.Records(institution=SCHOOL, **tables)


def test_an_empty_table_is_evidence_and_a_missing_one_is_not() -> None:
    nothing = gk.Records(institution=SCHOOL)
    empty = gk.Records(institution=SCHOOL, learners=[], activities=[], participations=[], destinations=[])
    assert (nothing.has_evidence, empty.has_evidence) == (False, True)
    assert nothing != empty
    assert repr(nothing) == (
        "<Records of Northfield School: no learners, no activities, no participations, no destinations>"
    )
    assert repr(empty) == (
        "<Records of Northfield School: 0 learners, 0 activities, 0 participations, 0 destinations>"
    )


def test_records_are_values() -> None:
    people = [learner()]
    answers: dict[str, dict[str, Any]] = {"2025-school": {"1b": gk.Answer.YES}}
    found = gk.Records(institution=SCHOOL, learners=people, answers=answers)
    people.clear()
    answers["2025-school"]["1b"] = gk.Answer.NO
    assert found.learners == (learner(),)
    assert found.answers == {"2025-school": {"1b": gk.Answer.YES}}
    assert attrs.evolve(found) == found
    assert isinstance(hash(found), int)
    with pytest.raises(TypeError):
        found.answers["2014-school"] = {}  # type: ignore[index]  # pyright: ignore[reportIndexIssue]


def test_notes_do_not_count_when_records_are_compared() -> None:
    noted = gk.Records(institution=SCHOOL, notes=[gk.Issue(code="unknown_file", details={"file": "x.csv"})])
    assert noted == gk.Records(institution=SCHOOL)
    assert len(noted.notes) == 1
