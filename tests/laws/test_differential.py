"""The engine against the straightforward implementation, on generated institutions."""

from __future__ import annotations

from hypothesis import given

import gatsbykit as gk
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support import oracle
from tests.support.judged import judged


@given(scored_cases())
def test_engine_agrees_with_the_straightforward_implementation(case: ScoredCase) -> None:
    card = gk.score(
        case.records, as_of=case.as_of, edition=case.edition, settings=gk.Settings(unknown=case.unknown)
    )
    expected = oracle.score(case.records, as_of=case.as_of, edition=case.edition, unknown=case.unknown)
    assert judged(card.to_dict()) == judged(expected)
