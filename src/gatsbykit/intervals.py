"""Intervals of shares: how far a share could be from itself if chance alone had drawn the people.

Everything is by formula, with square roots and the normal quantile alone, so that no statistics
library is needed. Of a whole population an interval is a convention: it guards against reading a
pattern into small numbers.

Sources: Wilson (1927); Newcombe (1998), methods 10 for two independent and for two paired shares;
funnel limits after Spiegelhalter (2005).
"""

from __future__ import annotations

import math
from itertools import accumulate
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import FigureError

if TYPE_CHECKING:
    from fractions import Fraction

__all__ = ["FUNNEL", "Interval", "Limits", "funnel", "newcombe", "newcombe_paired", "wilson"]

FUNNEL: Final = (0.95, 0.998)
"""The two usual pairs of funnel limits: 1.96 and 3.09 standard errors."""

_EXACT_BELOW: Final = 5


@attrs.frozen
class Interval:
    """The bounds of a confidence interval.

    Args:
        low: The lower bound.
        high: The upper bound.
        confidence: How often such an interval holds the truth.

    Examples:
        >>> print(Interval(0.535, 0.8745))
        53.5 to 87.5 %
    """

    low: float
    high: float
    confidence: float = 0.95

    def __contains__(self, share: float | Fraction) -> bool:
        return self.low <= share <= self.high

    @property
    def excludes_zero(self) -> bool:
        """Whether zero is on neither side nor inside."""
        return self.low > 0 or self.high < 0

    def to_dict(self) -> dict[str, float]:
        """Return the interval as plain data."""
        return {"low": self.low, "high": self.high, "confidence": self.confidence}

    def __str__(self) -> str:
        return f"{_percent(self.low)} to {_percent(self.high)} %"


def _percent(share: float) -> str:
    tenths = math.floor(round(share * 1000, 6) + 0.5)
    return f"{tenths / 10:.1f}"


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise FigureError("a confidence is between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _checked(count: int, base: int) -> None:
    if base < 1 or not 0 <= count <= base:
        raise FigureError(f"{count} of {base} is no share; expected a count from 0 to a base of 1 or more")


def wilson(count: int, base: int, confidence: float = 0.95) -> Interval:
    """Return Wilson's interval of a share.

    Args:
        count: How many.
        base: Of how many.
        confidence: How often such an interval holds the truth.

    Raises:
        ValueError: The count is not from 0 to the base, or the base is below 1.

    Examples:
        >>> found = wilson(17, 23)
        >>> round(found.low, 10), round(found.high, 10)
        (0.5352999516, 0.8745138396)
        >>> wilson(12, 12).high, wilson(0, 12).low
        (1.0, 0.0)
    """
    _checked(count, base)
    z = _z(confidence)
    share, square = count / base, z * z / base
    middle = share + square / 2
    half = z * math.sqrt(share * (1 - share) / base + square / (4 * base))
    low = 0.0 if count == 0 else max(0.0, (middle - half) / (1 + square))
    high = 1.0 if count == base else min(1.0, (middle + half) / (1 + square))
    return Interval(low, high, confidence)


def newcombe(count: int, base: int, other_count: int, other_base: int, confidence: float = 0.95) -> Interval:
    """Return Newcombe's interval of the difference of two independent shares.

    Args:
        count: How many of the first.
        base: Of how many.
        other_count: How many of the second, whose share is taken away.
        other_base: Of how many.
        confidence: How often such an interval holds the truth.

    Raises:
        ValueError: A count is not from 0 to its base, or a base is below 1.

    Examples:
        >>> found = newcombe(40, 60, 70, 80)
        >>> round(found.low, 4), round(found.high, 4)
        (-0.3462, -0.0692)
    """
    one, other = wilson(count, base, confidence), wilson(other_count, other_base, confidence)
    first, second = count / base, other_count / other_base
    difference = first - second
    low = difference - math.hypot(first - one.low, other.high - second)
    high = difference + math.hypot(one.high - first, second - other.low)
    return Interval(max(-1.0, low), min(1.0, high), confidence)


def newcombe_paired(
    both: int, before_only: int, after_only: int, neither: int, confidence: float = 0.95
) -> Interval:
    """Return Newcombe's interval of the change of a share in the same people asked twice.

    It is his method 10, with the correlation corrected by half the number of people.

    Args:
        both: Yes before and after.
        before_only: Yes before alone.
        after_only: Yes after alone.
        neither: Yes never.
        confidence: How often such an interval holds the truth.

    Returns:
        The interval of the share after less the share before.

    Raises:
        ValueError: A count is negative, or all are zero.

    Examples:
        >>> print(newcombe_paired(36, 2, 12, 0))
        5.7 to 34.0 %
    """
    if min(both, before_only, after_only, neither) < 0:
        raise FigureError("counts are not negative")
    base = both + before_only + after_only + neither
    after, before = both + after_only, both + before_only
    one, other = wilson(after, base, confidence), wilson(before, base, confidence)
    first, second = after / base, before / base
    phi = _correlation(both, before_only, after_only, neither)
    difference = (after_only - before_only) / base
    low = _together(first - one.low, other.high - second, phi)
    high = _together(one.high - first, second - other.low, phi)
    return Interval(max(-1.0, difference - low), min(1.0, difference + high), confidence)


def _together(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _correlation(both: int, before_only: int, after_only: int, neither: int) -> float:
    base = both + before_only + after_only + neither
    margins = (both + after_only) * (before_only + neither) * (both + before_only) * (after_only + neither)
    if not margins:
        return 0.0
    product = both * neither - before_only * after_only
    if product > 0:
        return max(product - base / 2, 0.0) / math.sqrt(margins)
    return product / math.sqrt(margins)


@attrs.frozen
class Limits:
    """Between which shares an institution of a size lies by chance alone.

    Args:
        base: The size.
        low: The lower limit.
        high: The upper limit.
        confidence: How many of a hundred institutions without any difference lie between.
        is_exact: Whether the limits are those of the binomial distribution and not of the normal one.
    """

    base: int
    low: float
    high: float
    confidence: float
    is_exact: bool

    def __contains__(self, share: float | Fraction) -> bool:
        return self.low <= share <= self.high


def funnel(share: Fraction | float, base: int, confidence: float = 0.95) -> Limits:
    """Return funnel limits around a share for an institution of a size.

    With fewer than five expected on either side the normal distribution does not fit, and the limits
    are those of the binomial one.

    Args:
        share: The share of all institutions together, from 0 to 1.
        base: How many people the institution has.
        confidence: How many of a hundred institutions lie between.

    Raises:
        ValueError: The share is not from 0 to 1, or the base is below 1.

    Examples:
        >>> usual = funnel(0.9, 200)
        >>> round(usual.low, 4), round(usual.high, 4), usual.is_exact
        (0.8584, 0.9416, False)
        >>> small = funnel(0.9, 20)
        >>> small.low, small.high, small.is_exact
        (0.75, 1.0, True)
    """
    middle = float(share)
    if base < 1 or not 0 <= middle <= 1:
        raise FigureError(
            f"{share} of {base} has no limits; expected a share from 0 to 1 and a base of 1 or more"
        )
    if base * min(middle, 1 - middle) < _EXACT_BELOW:
        low, high = _binomial(middle, base, (1 - confidence) / 2)
        return Limits(base, low / base, high / base, confidence, is_exact=True)
    half = _z(confidence) * math.sqrt(middle * (1 - middle) / base)
    return Limits(base, max(0.0, middle - half), min(1.0, middle + half), confidence, is_exact=False)


def _binomial(share: float, base: int, tail: float) -> tuple[int, int]:
    """Return the least and the greatest count that leave no more than a tail on their side."""
    chances = (
        math.comb(base, count) * share**count * (1 - share) ** (base - count) for count in range(base + 1)
    )
    up_to = list(accumulate(chances))
    low = next((count for count, below in enumerate(up_to) if below > tail), base)
    high = next((count for count, below in enumerate(up_to) if below >= 1 - tail), base)
    return low, high
