"""The engine against the straightforward implementation, on generated institutions."""

from __future__ import annotations

from typing import Any

from hypothesis import given

import gatsbykit as gk
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support import oracle


def judged(card: dict[str, Any]) -> dict[str, Any]:
    """Return what both implementations say: everything but texts and warnings."""
    texts = {"text", "source", "interpretation"}
    unjudged = {"benchmarks", "warnings", "rules", "settings"}
    return {
        **{key: value for key, value in card.items() if key not in unjudged},
        "benchmarks": [
            {
                **{key: value for key, value in benchmark.items() if key not in {"criteria", "title"}},
                "criteria": [
                    {key: value for key, value in criterion.items() if key not in texts}
                    for criterion in benchmark["criteria"]
                ],
            }
            for benchmark in card["benchmarks"]
        ],
    }


@given(scored_cases())
def test_engine_agrees_with_the_straightforward_implementation(case: ScoredCase) -> None:
    card = gk.score(
        case.records, as_of=case.as_of, edition=case.edition, settings=gk.Settings(unknown=case.unknown)
    )
    expected = oracle.score(case.records, as_of=case.as_of, edition=case.edition, unknown=case.unknown)
    assert judged(card.to_dict()) == judged(expected)
