"""Margins bound a paired test: `programmes.md` sections 4.3 and 9, and every table against the bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.paired import PairedTable, bounds, tables
from gatsbykit.rounded_figures import counts, pairs

MARGINS = st.integers(1, 40).flatmap(
    lambda base: st.tuples(st.integers(0, base), st.integers(0, base), st.just(base))
)


def plain_tables(x: int, y: int, n: int) -> list[tuple[int, int, int, int]]:
    """The enumeration of section 9."""
    return [(x - f, f, y - x + f, n - y - f) for f in range(min(x, n - y) + 1) if y - x + f >= 0]


def cells(table: PairedTable) -> tuple[int, int, int, int]:
    return table.both, table.worse, table.better, table.neither


def plain_p(worse: int, better: int) -> Fraction:
    """Both tails of a fair coin, by their definition."""
    moved = worse + better
    likely = [Fraction(math.comb(moved, heads), 2**moved) for heads in range(moved + 1)]
    return sum((one for one in likely if one <= likely[worse]), Fraction(0))


@given(MARGINS)
def test_every_table_with_the_margins(margins: tuple[int, int, int]) -> None:
    assert [cells(table) for table in tables(*margins)] == plain_tables(*margins)


@given(st.integers(0, 30), st.integers(0, 30))
def test_p_is_exact(worse: int, better: int) -> None:
    table = PairedTable(both=1, worse=worse, better=better, neither=0)
    assert table.p_value == plain_p(worse, better)
    assert 0 < table.p_value <= 1


@given(st.lists(MARGINS, min_size=1, max_size=4))
def test_bounds_hold_every_table(cases: list[tuple[int, int, int]]) -> None:
    base = max(case[2] for case in cases)
    margins = [(before, after) for before, after, _ in cases]
    found, every = bounds(margins, base), [table for pair in margins for table in tables(*pair, base)]
    assert found.better == (min(t.better for t in every), max(t.better for t in every))
    assert found.worse == (min(t.worse for t in every), max(t.worse for t in every))
    assert found.change == (min(t.change for t in every), max(t.change for t in every))
    assert found.p_value == max(t.p_value for t in every)
    chi2 = [t.chi2 for t in every]
    if None in chi2:
        assert found.chi2 is None
    else:
        assert found.chi2 == (
            min(filter(None, chi2), default=0) if 0 not in chi2 else 0,
            max(c or 0 for c in chi2),
        )


@given(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))),
    st.booleans(),
)
def test_corners_are_enough(case: tuple[int, int, int], by_rise: bool) -> None:
    before, after, base = case

    def percent(count: int) -> int:
        return math.floor(Fraction(100 * count, base) + Fraction(1, 2))

    if by_rise and after >= before:
        reading = pairs(base, percent(after), rise=percent(after - before))
    else:
        reading = pairs(base, percent(after), before=percent(before))
    few, all_ = bounds(reading.corners, base), bounds(reading.pairs, base)
    assert (few.better, few.worse, few.change, few.chi2) == (all_.better, all_.worse, all_.change, all_.chi2)
    assert few.p_value == all_.p_value


# Section 4.3: better, worse, chi2 (two decimals), p rounded up to two figures.


def rounded_up(p: Fraction) -> float:
    exponent = math.floor(math.log10(p))
    scaled = p / Fraction(10) ** (exponent - 1)
    return float(f"{math.ceil(scaled)}e{exponent - 1}")


@pytest.mark.parametrize(
    ("given_", "after", "moved", "chi2", "p"),
    [
        ({"before": "85"}, "97", ((21, 28), (0, 6)), ("13.36", "23.00"), 3.3e-4),
        ({"before": "25"}, "61", ((65, 113), (0, 47)), ("26.57", "67.00"), 2.7e-7),
        ({"rise": "25"}, "98", ((46, 51), (0, 4)), ("39.19", "47.00"), 3.9e-11),
        ({"rise": "22"}, "98", ((40, 45), (0, 4)), ("33.33", "42.00"), 1.6e-9),
        ({"rise": "28"}, "98", ((51, 56), (0, 4)), ("44.08", "53.00"), 1.7e-12),
        ({"rise": "26"}, "98", ((47, 53), (0, 4)), ("40.16", "49.00"), 2.1e-11),
        ({"before": "71"}, "98", ((49, 54), (0, 4)), ("42.12", "51.00"), 6.0e-12),
        ({"before": "74"}, "99", ((46, 49), (0, 2)), ("42.32", "48.00"), 2.3e-12),
        ({"before": "71"}, "99", ((51, 54), (0, 2)), ("47.29", "53.00"), 8.6e-14),
    ],
    ids=["F12", "F12 strongly", "F14", "F15", "F16", "F17", "F18", "F19", "F20"],
)
def test_section_4_3(
    given_: dict[str, Any], after: str, moved: tuple[tuple[int, int], ...], chi2: tuple[str, str], p: float
) -> None:
    found = bounds(pairs(185, after, **given_).corners, 185)
    assert (found.better, found.worse) == moved
    assert found.chi2 is not None
    assert tuple(f"{float(end):.2f}" for end in found.chi2) == chi2
    assert rounded_up(found.p_value) == p


# Section 9


def test_section_9_8() -> None:
    online, face = counts(79, 443), counts(87, 443)
    margins = [(before, after) for before in online for after in face]
    found = bounds(margins, 443)
    assert found.change == (Fraction(32, 443), Fraction(39, 443))
    assert found.chi2 is not None
    assert [f"{float(end):.2f}" for end in found.chi2] == ["6.83", "39.00"]
    assert f"{float(found.p_value):.5f}" == "0.01112"
    assert min(t.both for pair in margins for t in tables(*pair, 443)) == 289


def test_section_9_9() -> None:
    reading = pairs(185, "98", before="71")
    found = bounds(reading.corners, 185)
    assert sum(1 for pair in reading.pairs for _ in tables(*pair, 185)) == 18
    assert (found.better, found.worse) == ((49, 54), (0, 4))


def test_section_9_10() -> None:
    table = next(table for table in tables(132, 181, 185) if table.worse == 4)
    assert cells(table) == (128, 4, 53, 0)
    assert table.chi2 == Fraction(2401, 57)
    assert f"{float(table.p_value):.4e}" == "5.9109e-12"


def test_section_9_11() -> None:
    reading = pairs(185, "61", before="25")
    found = bounds(reading.corners, 185)
    assert sum(1 for pair in reading.pairs for _ in tables(*pair, 185)) == 190
    assert (found.better, found.worse) == ((65, 113), (0, 47))
    agree_before, agree_after = counts("85", 185), counts("97", 185)
    strongly_before, strongly_after = counts("25", 185), counts("61", 185)
    assert (agree_before[0] - strongly_before[-1], agree_before[-1] - strongly_before[0]) == (110, 112)
    assert (agree_after[0] - strongly_after[-1], agree_after[-1] - strongly_after[0]) == (66, 68)


# Edges


def test_where_nobody_moved() -> None:
    (table,) = tables(0, 0, 5)
    assert (table.chi2, table.p_value, table.change) == (None, Fraction(1), Fraction(0))
    assert bounds([(0, 0)], 5).chi2 is None
    assert str(table) == "0 both, 0 worse, 0 better, 5 neither"


@pytest.mark.parametrize("name", ["both", "worse", "better", "neither"])
@pytest.mark.parametrize("wrong", [-1, 1.0, True, "1", None])
def test_counts_are_counts(name: str, wrong: Any) -> None:
    given_ = {"both": 1, "worse": 1, "better": 1, "neither": 1, name: wrong}
    with pytest.raises(ValueError, match=rf"^PairedTable\.{name}: expected a whole number"):
        PairedTable(**given_)


def test_what_has_no_tables() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        PairedTable(both=0, worse=0, better=0, neither=0)
    with pytest.raises(ValueError, match=r"^base: expected"):
        tables(0, 0, 0)
    with pytest.raises(ValueError, match=r"^before: expected"):
        tables(6, 0, 5)
    with pytest.raises(ValueError, match=r"^after: expected"):
        tables(0, -1, 5)
    with pytest.raises(ValueError, match=r"^pairs: expected"):
        bounds([], 5)
