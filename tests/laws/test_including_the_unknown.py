"""Counting the unknown never lowers a numerator and never changes a denominator."""

from __future__ import annotations

from hypothesis import given

from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.laws import counts, score


@given(scored_cases())
def test_including_the_unknown_never_lowers_a_numerator(case: ScoredCase) -> None:
    exclude = counts(score(case._replace(unknown="exclude")))
    include = counts(score(case._replace(unknown="include")))
    assert exclude.keys() == include.keys()
    for name, (numerator, denominator) in exclude.items():
        assert include[name][0] >= numerator
        assert include[name][1] == denominator
