"""Reading printed percentages: `programmes.md` sections 4.3 and 9, and what has to be so of any figure."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.rounded_figures import (
    Printed,
    can_be_complements,
    counts,
    half_up,
    overlap_at_least,
    pairs,
    residual,
    smallest_base,
)

BASES = st.integers(1, 400)


def rhu(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def printed_of(count: int, base: int, decimals: int) -> Fraction:
    return Fraction(rhu(Fraction(100 * 10**decimals * count, base)), 10**decimals)


def plain_counts(percent: str, base: int) -> list[int]:
    """The reader of section 9: try every count."""
    decimals = len(percent.partition(".")[2])
    return [count for count in range(base + 1) if printed_of(count, base, decimals) == Fraction(percent)]


def text(value: Fraction, decimals: int) -> str:
    return str(Printed(value, decimals))


def percent_of(steps: int, decimals: int) -> str:
    return text(Fraction(min(steps, 100 * 10**decimals), 10**decimals), decimals)


PERCENTS = st.builds(percent_of, st.integers(0, 10_000), st.integers(0, 2))


@given(PERCENTS, BASES)
def test_every_count_is_found_and_no_other(percent: str, base: int) -> None:
    assert list(counts(percent, base)) == plain_counts(percent, base)


@given(BASES.flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))), st.integers(0, 3))
def test_the_counts_of_a_print_contain_the_count_that_was_printed(
    share: tuple[int, int], decimals: int
) -> None:
    count, base = share
    percent = text(printed_of(count, base, decimals), decimals)
    assert count in counts(percent, base)
    found, one = smallest_base(percent)
    assert found <= base
    assert one in counts(percent, found)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=4), st.integers(0, 1))
def test_parts_that_are_a_whole_can_be_complements(parts: list[int], decimals: int) -> None:
    base = sum(parts)
    if base == 0:
        return
    percents = [text(printed_of(part, base, decimals), decimals) for part in parts]
    assert can_be_complements(percents, base)
    assert can_be_complements(percents)
    assert 0 in residual(percents, base)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=3), st.integers(0, 40))
def test_what_is_left_over_is_among_the_residual(parts: list[int], left: int) -> None:
    base = sum(parts) + left
    if base == 0:
        return
    assert left in residual([text(printed_of(part, base, 0), 0) for part in parts], base)


@given(st.integers(1, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))))
def test_the_pair_that_was_printed_is_among_the_pairs(case: tuple[int, int, int]) -> None:
    before, after, base = case
    after_text = text(printed_of(after, base, 0), 0)
    before_text = text(printed_of(before, base, 0), 0)
    assert (before, after) in pairs(base, after_text, before=before_text).pairs
    if after >= before:
        rise = text(printed_of(after - before, base, 0), 0)
        found = pairs(base, after_text, rise=rise, from_rounded=False)
        assert (before, after) in found.pairs
        assert {*found.corners} <= {*found.pairs}
        rounded = Fraction(after_text) - Fraction(before_text)
        assert (before, after) in pairs(base, after_text, rise=str(rounded), from_rounded=True).pairs
        assert before in pairs(base, after_text, rise=rise).before
        assert after in pairs(base, after_text, rise=rise).after


# Section 4.3


@pytest.mark.parametrize(
    ("percent", "first", "last"),
    [
        ("91", 401, 405),
        ("78", 344, 347),
        ("21", 91, 95),
        ("90", 397, 400),
        ("87", 384, 387),
        ("84", 370, 374),
        ("90.7", 402, 402),
        ("79", 348, 352),
        ("89", 393, 396),
        ("95", 419, 423),
        ("96", 424, 427),
        ("92", 406, 409),
    ],
)
def test_section_4_3_counts_of_the_survey_after(percent: str, first: int, last: int) -> None:
    assert counts(percent, 443) == range(first, last + 1)


@pytest.mark.parametrize(
    ("rise", "rounded", "found", "percents"),
    [
        ("25", 73, range(134, 137), (72, 74)),
        ("22", 76, range(140, 143), (76, 77)),
        ("28", 70, range(129, 132), (70, 71)),
        ("26", 72, range(132, 135), (71, 72)),
    ],
)
def test_section_4_3_a_rise_alone_gives_a_range_before(
    rise: str, rounded: int, found: range, percents: tuple[int, int]
) -> None:
    assert pairs(185, "98", rise=rise).before == found
    assert pairs(185, "98", rise=rise).after == range(181, 183)
    assert pairs(185, "98", rise=rise, from_rounded=True).before == counts(rounded, 185)
    from_counts = pairs(185, "98", rise=rise, from_rounded=False).before
    shares = {rhu(Fraction(100 * count, 185)) for count in from_counts}
    assert (min(shares), max(shares)) == percents


# Section 9


def test_section_9_6() -> None:
    assert list(counts("90.7", 443)) == [402]
    assert list(counts("90.7", 185)) == []


def test_section_9_7() -> None:
    assert (counts(91, 443)[0], counts(78, 443), counts(21, 443)) == (401, range(344, 348), range(91, 96))
    assert residual([78, 21], 443) == range(1, 9)
    assert not can_be_complements([78, 21], 443)
    least = overlap_at_least(counts(91, 443)[0], counts(21, 443)[0], 443)
    assert (least, half_up(Fraction(100 * least, 443), 1)) == (49, Fraction(111, 10))


def test_section_9_8_both_satisfied_at_least() -> None:
    assert overlap_at_least(counts(87, 443)[0], counts(79, 443)[0], 443) == 289


def test_section_9_12() -> None:
    from_counts = pairs(185, "98", rise="22", from_rounded=False)
    assert from_counts.pairs == ((140, 181), (141, 181), (141, 182), (142, 182))
    assert pairs(185, "98", rise="22", from_rounded=True).before == range(140, 142)


@pytest.mark.parametrize(("percent", "base", "count"), [(73, 11, 8), (94, 16, 15), (98, 40, 39)])
def test_section_9_13_smallest_bases(percent: int, base: int, count: int) -> None:
    assert smallest_base(percent) == (base, count)


# Edges


def test_ends_of_the_scale() -> None:
    assert counts(100, 185) == range(185, 186)
    assert counts("100.0", 1000) == range(1000, 1001)
    assert counts(0, 185) == range(1)
    assert can_be_complements([100, 0])
    assert can_be_complements(["99.5", "0.5"])
    assert not can_be_complements([60, 60], 443)
    assert residual([60, 60], 443) == range(0)
    assert residual([33, 78], 9) == residual([50, 33], 3) == range(0)


def test_a_rise_that_cannot_be_has_no_pairs() -> None:
    assert pairs(185, 5, rise=50).pairs == ()
    assert pairs(185, 5, rise=50).before == range(0)
    assert pairs(185, 5, rise=50).after == range(0)
    assert pairs(3, 33, rise=33, from_rounded=False).pairs == ((0, 1),)


def test_printed() -> None:
    assert str(Printed.read(Decimal("90.70"))) == "90.70"
    assert Printed.read("7") < Printed.read("7.5")
    assert Printed.read(Printed.read(7)) == Printed(Fraction(7))


WRONG: list[Any] = [90.7, True, None, "", "ninety", "-1", "101", "100.5", "1e1", "٣", "5.", 101, "1.1234567"]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_percentage_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected a percentage from 0 to 100 as a text"):
        counts(wrong, 185)


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(Fraction(1, 3), 0), (Fraction(101), 0), (Fraction(-1), 0), (5, 0), (Fraction(5), 7)],
)
def test_a_print_is_exact(value: Any, decimals: int) -> None:
    with pytest.raises(ValueError, match=r"^Printed\.(?:value|decimals): expected"):
        Printed(value, decimals)


@pytest.mark.parametrize("base", [0, -1, True, 1.5, "185", None])
def test_a_base_is_a_number_of_people(base: Any) -> None:
    with pytest.raises(ValueError, match="base: expected a whole number of people"):
        counts(91, base)


def test_one_of_before_and_rise() -> None:
    wrong: list[dict[str, Any]] = [{}, {"before": 5, "rise": 5}]
    for given_ in wrong:
        with pytest.raises(ValueError, match="a percentage before or a rise"):
            pairs(185, 98, **given_)
