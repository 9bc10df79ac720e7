"""What is counted of the parts of an institution adds up to what is counted of the whole."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, reject
from hypothesis import strategies as st

from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.laws import counts, score, tallies


@given(scored_cases(), st.data())
def test_parts_add_up(case: ScoredCase, data: st.DataObject) -> None:
    people = case.records.learners
    if people is None:
        reject()
    cut = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    parts = [[one for one, here in zip(people, cut, strict=True) if here is side] for side in (True, False)]
    whole = score(case)
    numerators: Counter[str] = Counter()
    denominators: Counter[str] = Counter()
    missing: dict[str, list[str]] = {}
    for part in parts:
        card = score(case, learners=part)
        for name, (numerator, denominator) in counts(card).items():
            numerators[name] += numerator
            denominators[name] += denominator
        for name, tally in tallies(card):
            missing.setdefault(name, []).extend(tally.missing)
    for name, (numerator, denominator) in counts(whole).items():
        assert (numerators[name], denominators[name]) == (numerator, denominator)
    for name, tally in tallies(whole):
        assert sorted(missing[name]) == list(tally.missing)
