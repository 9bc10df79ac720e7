"""The rules document is enough to score by: a scorer that knows nothing else agrees with the engine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit.exchange import document
from gatsbykit.rules.document import rules_document
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.rules_reader import Scorer

RULES = json.loads(json.dumps(rules_document()))


def check(records: gk.Records, as_of: date, edition: str, unknown: str) -> None:
    settings = gk.Settings(unknown="include" if unknown == "include" else "exclude")
    card = gk.score(records, as_of=as_of, edition=edition, settings=settings)
    plain = json.loads(json.dumps(document(records)))
    read = Scorer(RULES, edition, plain, as_of, unknown).results()
    assert read.keys() == {one.criterion.id for one in card.criteria if one.criterion.type == "share"}
    for criterion_id, found in read.items():
        result = card[criterion_id]
        if found is None:
            assert result.basis != "evidence"
            continue
        met, missing, status = found
        assert (len(met), tuple(missing)) == (result.numerator, result.missing), criterion_id
        assert status == {str(preset): one.value for preset, one in result.status.items()}, criterion_id


@given(scored_cases())
def test_a_scorer_from_the_document_agrees_with_the_engine(case: ScoredCase) -> None:
    check(case.records, case.as_of, case.edition, case.unknown)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("northfield", "2014-school"),
        ("northfield", "2025-school"),
        ("riverside", "2018-college"),
        ("riverside", "2025-college"),
    ],
)
@pytest.mark.parametrize("unknown", ["exclude", "include"])
def test_it_agrees_on_the_examples(name: str, edition: str, unknown: str) -> None:
    records = gk.load(Path(__file__).parents[2] / "examples" / name)
    check(records, date(2026, 7, 10), edition, unknown)
