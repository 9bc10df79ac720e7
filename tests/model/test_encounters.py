from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from gatsbykit.model.encounters import (
    CHECKLIST_ITEMS,
    PROVIDER_ACCESS_ITEMS,
    Activity,
    ActivityKind,
    Checklist,
    Participation,
    ParticipationStatus,
    ProviderType,
)

DAY = date(2025, 11, 4)


def an_activity(**facts: Any) -> Activity:
    return Activity(activity_id="A", date=DAY, kinds=frozenset({ActivityKind.PROVIDER_ENCOUNTER}), **facts)


def test_values_are_put_into_their_form() -> None:
    found = an_activity(
        subjects=["Art", " ART ", ""], provider_types=["itp"], providers=["b", "a", "b"], duration=90
    )
    assert found.subjects == {"art"}
    assert found.provider_types == {ProviderType.ITP}
    assert found.providers == {"a", "b"}
    assert found.duration == 90
    assert isinstance(found.duration, Fraction)
    assert an_activity().duration is None
    with pytest.raises(
        ValueError, match=r"Activity.kinds: expected a set, each member one of employer_encounter"
    ):
        Activity(activity_id="A", date=DAY, kinds={"talk"})
    with pytest.raises(
        ValueError, match=r"Activity.provider_types: expected a set, each member one of sixth_form"
    ):
        an_activity(provider_types=["school"])


@pytest.mark.parametrize(
    ("answers", "verdict", "failed", "unknown"),
    [
        ((True, True), True, (), ()),
        ((True, False), False, ("task",), ()),
        ((None, False), False, ("task",), ("insight",)),
        ((None, True), None, (), ("insight",)),
        ((None, None), None, (), ("insight", "task")),
        ((False, False), False, ("insight", "task"), ()),
    ],
)
def test_checklists(
    answers: tuple[bool | None, bool | None],
    verdict: bool | None,
    failed: tuple[str, ...],
    unknown: tuple[str, ...],
) -> None:
    checklist = Checklist(["insight", "task"])
    found = an_activity(insight=answers[0], task=answers[1])
    assert checklist.verdict(found) is verdict
    assert checklist.failed_items(found) == failed
    assert checklist.unknown_items(found) == unknown


def test_an_empty_checklist_asks_nothing() -> None:
    assert Checklist(()).verdict(an_activity()) is True


def test_checklists_have_known_items() -> None:
    assert Checklist((*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS)).verdict(an_activity()) is None
    with pytest.raises(ValueError, match=r"Checklist.items: expected a list of some of insight"):
        Checklist(["task", "title", "fun"])


def test_a_participation_is_attended_unless_it_is_said() -> None:
    assert Participation("A", "L") == Participation("A", "L", ParticipationStatus.ATTENDED, None)
    assert [*ParticipationStatus] == ["attended", "offered", "absent"]
