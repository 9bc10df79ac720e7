"""The order of rows does not matter, and repeating a row adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random


from tests.support.laws import score


@given(scored_cases(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(case: ScoredCase, chance: Random) -> None:
    def shuffled(rows: Iterable[Any] | None, *, repeat: bool) -> list[Any] | None:
        if rows is None:
            return None
        rows = list(rows)
        if repeat and rows:
            rows += chance.choices(rows, k=5)
        chance.shuffle(rows)
        return rows

    found = case.records
    again = score(
        case,
        learners=shuffled(found.learners, repeat=False),
        activities=shuffled(found.activities, repeat=False),
        participations=shuffled(found.participations, repeat=True),
        destinations=shuffled(found.destinations, repeat=True),
        answers={key: found.answers[key] for key in sorted(found.answers, reverse=True)},
    )
    assert again.to_dict() == score(case).to_dict()
