"""The reconstructed self-assessment form against the results that schools published."""

from __future__ import annotations

import pickle
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.answers import Answer, Band
from gatsbykit.rules import BenchmarkStatus
from gatsbykit.rules.forms import (
    Condition,
    FormAnswer,
    FormBenchmarkResult,
    FormError,
    FormItem,
    ItemAnswer,
    assess,
    form,
)

LEGACY = "legacy-quarters-v1"
PUBLISHED = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "published_self_assessments.toml").read_text(encoding="utf-8")
)
QUARTERS = [Band.NONE, Band.A_FEW, Band.SOME, Band.MAJORITY, Band.ALL]
UNEXPLAINED = {
    (one["school"], one["date"], one["benchmark"]): one["percent"] for one in PUBLISHED["unexplained"]
}


def applicable(number: int, *, sixth_form: bool) -> list[FormItem]:
    return [
        item
        for item in form(LEGACY).benchmark(number).items
        if sixth_form or Condition.SIXTH_FORM not in item.applies_if
    ]


def reachable(number: int, *, sixth_form: bool) -> dict[int, FormBenchmarkResult]:
    """Every percentage of a benchmark, from answers that go up one step at a time."""
    items = applicable(number, sixth_form=sixth_form)
    answers: dict[str, FormAnswer] = {
        item.id: Answer.NO if item.answer is ItemAnswer.YES_NO else Band.NONE for item in items
    }
    results = [assess(LEGACY, answers, sixth_form=sixth_form)[number]]
    for item in items:
        ladder: list[FormAnswer] = [Answer.YES] if item.answer is ItemAnswer.YES_NO else [*QUARTERS[1:]]
        for answer in ladder:
            answers[item.id] = answer
            results.append(assess(LEGACY, answers, sixth_form=sixth_form)[number])
    found: dict[int, FormBenchmarkResult] = {}
    for result in results:
        assert result.percent is not None
        assert result.percent not in found, "two steps give the same percentage"
        found[result.percent] = result
    return found


SERIES = [
    pytest.param(series, number, percent, id=f"{series['school']} {series['date']}: BM{number} {percent}")
    for series in PUBLISHED["series"]
    for number, percent in enumerate(series["percent"], start=1)
]


@pytest.mark.parametrize(("series", "number", "percent"), SERIES)
def test_published_percentage_is_explained_or_listed(
    series: dict[str, Any], number: int, percent: int
) -> None:
    forms = [series["sixth_form"]] if "sixth_form" in series else [False, True]
    explained = any(percent in reachable(number, sixth_form=sixth_form) for sixth_form in forms)
    listed = UNEXPLAINED.get((series["school"], series["date"], number)) == percent
    assert explained is not listed


@pytest.mark.parametrize("one", PUBLISHED["steps"], ids=lambda one: f"BM{one['benchmark']}/{one['steps']}")
def test_steps_of_a_benchmark(one: dict[str, Any]) -> None:
    for sixth_form in [one["sixth_form"]] if "sixth_form" in one else [False, True]:
        found = reachable(one["benchmark"], sixth_form=sixth_form)
        assert len(found) == one["steps"] + 1
        assert {*one["seen"]} <= found.keys()


@pytest.mark.parametrize("one", PUBLISHED["steps"], ids=lambda one: f"BM{one['benchmark']}/{one['steps']}")
def test_no_smaller_number_of_steps_explains_what_was_seen(one: dict[str, Any]) -> None:
    for steps in range(1, one["steps"]):
        assert not {*one["seen"]} <= {100 * earned // steps for earned in range(steps + 1)}


def test_percentages_that_are_not_explained_are_few_and_no_slip() -> None:
    assert len(UNEXPLAINED) == 1
    assert 86 not in reachable(7, sixth_form=False)
    assert 86 not in reachable(7, sixth_form=True)


@given(
    answers=st.fixed_dictionaries(
        {},
        optional={
            item.id: st.sampled_from([*(Answer if item.answer is ItemAnswer.YES_NO else Band)])
            for item in form(LEGACY).items
        },
    ),
    sixth_form=st.booleans(),
    considering_he=st.booleans(),
)
def test_every_result_keeps_the_rules(
    answers: dict[str, FormAnswer], *, sixth_form: bool, considering_he: bool
) -> None:
    result = assess(LEGACY, answers, sixth_form=sixth_form, considering_he=considering_he)
    for one in result.benchmarks:
        assert 0 <= one.earned <= one.possible
        assert one.percent is not None
        assert Fraction(one.percent, 100) <= one.earned / one.possible < Fraction(one.percent + 1, 100)
        assert (one.status is BenchmarkStatus.ACHIEVED) == (one.earned == one.possible)
        if one.status is BenchmarkStatus.NOT_ACHIEVED:
            assert one.earned == 0
            assert one.unanswered == 0
    assert result.achieved == sum(one.percent == 100 for one in result.benchmarks)


def test_credits_are_the_quarters_of_the_contract() -> None:
    credit = form(LEGACY).credit
    assert [credit(band) for band in Band] == [
        Fraction(0),
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(3, 4),
        Fraction(1),
        Fraction(1),
    ]
    assert [credit(answer) for answer in Answer] == [1, 0, 0]


@pytest.mark.parametrize(
    ("sixth_form", "considering_he", "units"),
    [
        (False, False, [17, 5, 11, 4, 1, 1, 5, 1]),
        (False, True, [17, 5, 11, 4, 1, 1, 5, 1]),
        (True, True, [17, 5, 11, 4, 1, 2, 6, 2]),
        (True, False, [17, 5, 11, 4, 1, 2, 5, 2]),
    ],
)
def test_items_that_do_not_apply_leave_both_sums(
    units: list[int], *, sixth_form: bool, considering_he: bool
) -> None:
    everything: dict[str, FormAnswer] = {
        item.id: Answer.YES if item.answer is ItemAnswer.YES_NO else Band.ALL for item in form(LEGACY).items
    }
    result = assess(LEGACY, everything, sixth_form=sixth_form, considering_he=considering_he)
    assert [one.possible for one in result.benchmarks] == units
    assert result.achieved == 8


def test_statuses() -> None:
    result = assess(LEGACY, {"5.1": "none", "6.1": "a_few", "7.1": "none"}, sixth_form=False)
    statuses = {one.number: one.status for one in result.benchmarks}
    assert statuses[5] is BenchmarkStatus.NOT_ACHIEVED
    assert statuses[6] is BenchmarkStatus.PARTIALLY_ACHIEVED
    assert statuses[7] is BenchmarkStatus.NOT_ASSESSED  # nothing earned, four items unanswered
    assert result[7].unanswered == 4
    nothing = FormBenchmarkResult(
        benchmark=form(LEGACY).benchmark(1), earned=Fraction(0), possible=Fraction(0)
    )
    assert nothing.status is BenchmarkStatus.NOT_APPLICABLE
    assert nothing.percent is None


def test_result_as_plain_data() -> None:
    document = assess(LEGACY, {"5.1": "some"}, sixth_form=False).to_dict()
    assert document["form"] == LEGACY
    assert "inferred" in str(document["interpretation"])
    benchmarks = document["benchmarks"]
    assert isinstance(benchmarks, list)
    assert benchmarks[4] == {
        "number": 5,
        "title": "Encounters with employers and employees",
        "status": "partially_achieved",
        "percent": 50,
        "earned": "1/2",
        "possible": "1",
        "unanswered": 0,
    }


def test_the_form_says_that_it_is_a_reconstruction() -> None:
    legacy = form(LEGACY)
    assert "reconstruction" in legacy.title
    assert legacy.sources
    assert [benchmark.number for benchmark in legacy.benchmarks] == [*range(1, 9)]
    assert len({item.id for item in legacy.items}) == len(legacy.items) == 17 + 5 + 11 + 4 + 1 + 2 + 6 + 2


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"5.9": "all"}, "legacy-quarters-v1 has no item 5.9"),
        ({"5.1": "yes"}, "item 5.1: 'yes' is not one of its answers: none, a_few"),
        ({"1.1": "all"}, "item 1.1: 'all' is not one of its answers: yes, in_progress, no"),
    ],
)
def test_answers_that_do_not_fit(answers: dict[str, FormAnswer | str], message: str) -> None:
    with pytest.raises(FormError, match=message) as raised:
        assess(LEGACY, answers, sixth_form=False)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 (our own bytes)


def test_what_there_is_not() -> None:
    with pytest.raises(FormError, match="there is no form 'quarters'; choose one of legacy-quarters-v1"):
        form("quarters")
    with pytest.raises(KeyError, match="has no benchmark 9"):
        form(LEGACY).benchmark(9)
    with pytest.raises(KeyError, match="has no benchmark 0"):
        assess(LEGACY, {}, sixth_form=True)[0]
