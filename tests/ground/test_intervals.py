"""Intervals: golden values, and laws that hold for whatever counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.intervals import FUNNEL, Interval, funnel, newcombe, newcombe_paired, wilson

if TYPE_CHECKING:
    from fractions import Fraction


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (17, 23, 0.5352999516, 0.8745138395),
        (0, 12, 0.0, 0.2424940067),
        (12, 12, 0.7575059933, 1.0),
        (27, 30, 0.744, 0.965),
    ],
)
def test_wilson_of_destinations_section_6(count: int, base: int, low: float, high: float) -> None:
    found = wilson(count, base)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4 if base == 30 else 1e-9)


def test_newcombe_of_destinations_section_6() -> None:
    found = newcombe(40, 60, 70, 80)
    assert (round(found.low, 4), round(found.high, 4)) == (-0.3462, -0.0692)
    assert found.excludes_zero


@pytest.mark.parametrize(
    ("table", "low", "high"), [((36, 2, 12, 0), 5.69, 34.04), ((1, 1, 7, 12), 2.56, 50.69)]
)
def test_newcombe_paired_of_programmes_section_9(
    table: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = newcombe_paired(*table)
    assert (round(found.low * 100, 2), round(found.high * 100, 2)) == (low, high)


counts = st.integers(1, 500).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@given(counts)
def test_wilson_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    count, base = pair
    found, other = wilson(count, base), wilson(base - count, base)
    assert 0 <= found.low <= count / base + 1e-12
    assert count / base - 1e-12 <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((1 - other.high, 1 - other.low))
    wider = wilson(count, base, 0.99)
    assert wider.low <= found.low + 1e-12
    assert found.high <= wider.high + 1e-12


@given(counts, counts)
def test_newcombe_changes_its_sign_with_the_groups(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, turned = newcombe(*one, *other), newcombe(*other, *one)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    assert found.low - 1e-12 <= one[0] / one[1] - other[0] / other[1] <= found.high + 1e-12


cells = st.integers(0, 60)


@given(cells, cells, cells, cells)
def test_newcombe_paired_holds_the_change(both: int, worse: int, better: int, neither: int) -> None:
    if not both + worse + better + neither:
        with pytest.raises(ValueError, match="no share"):
            newcombe_paired(both, worse, better, neither)
        return
    change = (better - worse) / (both + worse + better + neither)
    found, turned = (
        newcombe_paired(both, worse, better, neither),
        newcombe_paired(both, better, worse, neither),
    )
    assert change in Interval(found.low - 1e-9, found.high + 1e-9)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


@given(st.fractions(0, 1), st.integers(1, 400))
def test_funnel_limits_hold_the_share_and_widen(share: Fraction, base: int) -> None:
    narrow, wide = (funnel(share, base, level) for level in FUNNEL)
    assert 0 <= wide.low <= narrow.low <= narrow.high <= wide.high <= 1
    if not narrow.is_exact:
        assert share in narrow  # pyright: ignore[reportOperatorIssue]


def test_what_is_no_share_is_refused() -> None:
    for bad in ((1, 0), (-1, 2), (3, 2)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(*bad)
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 1.0)
    with pytest.raises(ValueError, match="not negative"):
        newcombe_paired(-1, 1, 1, 1)
    with pytest.raises(ValueError, match="has no limits"):
        funnel(1.5, 10)
    assert wilson(1, 2).to_dict()["confidence"] == 0.95
    assert not Interval(-0.1, 0.1).excludes_zero


@given(counts, counts)
def test_statsmodels_agrees(one: tuple[int, int], other: tuple[int, int]) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    low, high = proportion.proportion_confint(*one, alpha=0.05, method="wilson")
    found = wilson(*one)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    low, high = proportion.confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    between = newcombe(*one, *other)
    assert (between.low, between.high) == pytest.approx((low, high), abs=1e-9)
