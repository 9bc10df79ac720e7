"""A numerator and the missing make up the denominator; a looser preset is met whenever a stricter one is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs
from hypothesis import given

import gatsbykit as gk
from gatsbykit.rules.grading import PRESETS, CriterionStatus
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from gatsbykit.scoring import BenchmarkResult


from tests.support.laws import counts, score, tallies


@given(scored_cases())
def test_a_scorecard_is_consistent(case: ScoredCase) -> None:
    before = repr([getattr(case.records, field.name) for field in attrs.fields(gk.Records)])
    card = score(case)
    assert_counts_are_whole(case, card)
    assert_stricter_presets_are_met_less(card)
    for benchmark in card.benchmarks:
        assert_percent_is_rounded_down(benchmark)
    # Scoring changes nothing, and repeats itself; claims change no count.
    assert repr([getattr(case.records, field.name) for field in attrs.fields(gk.Records)]) == before
    assert score(case) == card
    assert counts(score(case, answers={})) == counts(card)


def assert_counts_are_whole(case: ScoredCase, card: gk.Scorecard) -> None:
    known = {learner.learner_id for learner in case.records.learners or ()}
    for _, tally in tallies(card):
        assert 0 <= tally.numerator <= tally.denominator
        assert tally.numerator + len(tally.missing) == tally.denominator
        assert list(tally.missing) == sorted({*tally.missing})
        assert known.issuperset(tally.missing)
        assert all(0 <= met <= of for met, of in tally.on_track.values())


def assert_stricter_presets_are_met_less(card: gk.Scorecard) -> None:
    for one in card.criteria:
        met = [one.status[preset] == "met" for preset in PRESETS]
        assert met == sorted(met)
    for benchmark in card.benchmarks:
        achieved = [benchmark.status[preset] == "achieved" for preset in PRESETS]
        assert achieved == sorted(achieved)
        percents = [benchmark.percent[preset] for preset in PRESETS]
        assert percents == sorted(percents, key=lambda percent: percent or 0)
    numbers = [card.achieved[preset] for preset in PRESETS]
    assert numbers == sorted(numbers)
    assert numbers[-1] <= card.applicable <= len(card.benchmarks) == 8


def assert_percent_is_rounded_down(benchmark: BenchmarkResult) -> None:
    for preset in PRESETS:
        statuses = [one.status[preset] for one in benchmark.criteria]
        applicable = [status for status in statuses if status != "not_applicable"]
        percent = benchmark.percent[preset]
        if not applicable:
            assert percent is None
            assert benchmark.status[preset] == "not_applicable"
        else:
            assert percent is not None
            exact = Fraction(100 * statuses.count(CriterionStatus.MET), len(applicable))
            assert percent <= exact < percent + 1
