"""Reading figures that somebody rounded: what a printed percentage can have been counted from.

Percentages are rounded half up, as they mostly are in print (interpretation: no source says so). Everything
is exact: a printed figure is read from its text, so that ``"90.0"`` has one decimal place and ``"90"`` none,
and never from a floating point number.

Examples:
    A share of 185 people that is printed as 71 per cent:

    >>> list(counts("71", 185))
    [131, 132]
    >>> counts("90.7", 185)  # nobody can have counted that among 185
    range(168, 168)
"""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import FigureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "PERCENT_PATTERN",
    "PERCENT_WORDS",
    "Given",
    "Printed",
    "Reading",
    "can_be_complements",
    "counts",
    "half_up",
    "overlap_at_least",
    "pairs",
    "residual",
    "smallest_base",
]

PERCENT_PATTERN: Final = r"(?:100(?:\.0{1,6})?|[0-9]{1,2}(?:\.[0-9]{1,6})?)"
"""What a percentage looks like in print, as a regular expression."""

PERCENT_WORDS: Final = "a percentage from 0 to 100 as a text, as it is printed, such as 91 or 90.7"
"""The same in words."""

_HALF: Final = Fraction(1, 2)
_FORM: Final = re.compile(PERCENT_PATTERN)


def half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """Round half up, exactly.

    Args:
        value: The number; a half of a negative one is rounded up too, towards zero.
        decimals: How many decimal places stay.

    Examples:
        >>> half_up(Fraction(5, 2)), half_up(Fraction(1, 8), 2)
        (Fraction(3, 1), Fraction(13, 100))
    """
    scale = 10**decimals
    return Fraction((value * scale + _HALF) // 1, scale)


@attrs.frozen(order=True)
class Printed:
    """A percentage as it is printed: a number, and how many decimal places it was given.

    Args:
        value: The number.
        decimals: The decimal places in print.

    Raises:
        ValueError: The number is not from 0 to 100, or has more places than it says.

    Examples:
        >>> Printed.read("90.7")
        Printed(value=Fraction(907, 10), decimals=1)
        >>> print(Printed.read(91), Printed.read("91.0"), Printed.read("91.0").step)
        91 91.0 1/10
    """

    value: Fraction
    decimals: int = 0

    def __attrs_post_init__(self) -> None:
        for name, kind, most in (("value", Fraction, 100), ("decimals", int, 6)):
            given: Any = getattr(self, name)
            if type(given) is not kind or not 0 <= given <= most:
                raise FigureError(f"Printed.{name}: expected {PERCENT_WORDS}")
        if self.value % self.step:
            raise FigureError("Printed.decimals: expected as many decimal places as the value has")

    @classmethod
    def read(cls, given: Printed | int | str | Decimal) -> Printed:
        """Read a percentage from a whole number or from its text.

        Raises:
            ValueError: It is anything else. A floating point number no longer says what was printed.
        """
        if isinstance(given, Printed):
            return given
        if isinstance(given, int | Decimal) and not isinstance(given, bool):
            given = str(given)
        if not isinstance(given, str) or _FORM.fullmatch(given) is None:
            raise FigureError(f"expected {PERCENT_WORDS}")
        return cls(Fraction(given), len(given.partition(".")[2]))

    @property
    def step(self) -> Fraction:
        """One unit of the last place."""
        return Fraction(1, 10**self.decimals)

    @property
    def least(self) -> Fraction:
        """The least percentage that is printed so."""
        return max(self.value - self.step / 2, Fraction(0))

    @property
    def bound(self) -> Fraction:
        """What every percentage that is printed so stays below, but for 100 itself."""
        return self.value + self.step / 2

    def __str__(self) -> str:
        whole, rest = divmod(int(self.value / self.step), 10**self.decimals)
        return f"{whole}.{rest:0{self.decimals}}" if self.decimals else str(whole)


Given = Printed | int | str
"""A percentage, or what `Printed.read` makes one of."""


def _base(base: int) -> int:
    if type(base) is not int or base < 1:
        raise FigureError("base: expected a whole number of people, 1 or more")
    return base


def counts(percent: Given, base: int) -> range:
    """Return every count that a base would have printed as this percentage.

    Args:
        percent: The percentage as printed.
        base: How many people it is a share of.

    Returns:
        The counts, one after the other; an empty range where the base cannot give that percentage.

    Raises:
        ValueError: The percentage or the base is none.

    Examples:
        >>> counts(91, 443), list(counts("90.7", 443))
        (range(401, 406), [402])
    """
    printed, base = Printed.read(percent), _base(base)
    first = math.ceil(printed.least * base / 100)
    return range(first, max(first, min(math.ceil(printed.bound * base / 100), base + 1)))


def smallest_base(percent: Given) -> tuple[int, int]:
    """Return the smallest base that can print a percentage, and the count that does it.

    It says how little such a figure shows when no base is given.

    Examples:
        >>> smallest_base(94), smallest_base("98")
        ((16, 15), (40, 39))
    """
    printed = Printed.read(percent)
    return next((base, found[0]) for base in itertools.count(1) if (found := counts(printed, base)))


def residual(percents: Sequence[Given], base: int) -> range:
    """Return how many people may be in none of several parts that exclude each other.

    Args:
        percents: The parts as printed.
        base: How many people they are shares of.

    Returns:
        The numbers that may be left over. Zero is among them if the parts can be the whole. It is empty
        if the parts are more than the whole, or if the base cannot print one of them.

    Examples:
        >>> residual([78, 21], 443)
        range(1, 9)
    """
    parts = [counts(percent, base) for percent in percents]
    if not all(parts):
        return range(0)
    most = base - sum(part[0] for part in parts)
    least = max(base - sum(part[-1] for part in parts), 0)
    return range(least, max(most + 1, least))


def can_be_complements(percents: Sequence[Given], base: int | None = None) -> bool:
    """Return whether parts that exclude each other can make up the whole, as they are printed.

    Args:
        percents: The parts.
        base: How many people they are shares of; without it, whether any base could do it.

    Examples:
        >>> can_be_complements([78, 22]), can_be_complements([78, 21]), can_be_complements([33, 33, 33])
        (True, False, True)
        >>> can_be_complements([78, 22], 9), can_be_complements([78, 21], 443)  # 7 and 2 of 9
        (True, False)
    """
    if base is not None:
        return 0 in residual(percents, base)
    printed = [Printed.read(percent) for percent in percents]
    least, bound = sum(part.least for part in printed), sum(part.bound for part in printed)
    return least <= 100 < bound


def overlap_at_least(one: int, other: int, base: int) -> int:
    """Return how many of a base must be in two groups at once.

    Examples:
        >>> overlap_at_least(401, 91, 443)  # satisfied, and expectations met in part or not at all
        49
    """
    return max(one + other - base, 0)


@attrs.frozen(kw_only=True)
class Reading:
    """What two percentages of the same people before and after can have been counted from.

    Args:
        base: How many people.
        spans: Counts after, each with counts before that go with it; a count after may stand twice.

    Examples:
        >>> reading = pairs(185, 98, rise=22)
        >>> reading.before, reading.after
        (range(140, 143), range(181, 183))
    """

    base: int
    spans: tuple[tuple[int, range], ...]

    @property
    def before(self) -> range:
        """From the least to the greatest count before; empty if nothing fits."""
        return _hull(before for _, span in self.spans for before in (span[0], span[-1]))

    @property
    def after(self) -> range:
        """From the least to the greatest count after; empty if nothing fits."""
        return _hull(after for after, _ in self.spans)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every count before with every count after that fits it, in order."""
        return tuple(sorted({(before, after) for after, span in self.spans for before in span}))

    @property
    def corners(self) -> tuple[tuple[int, int], ...]:
        """The pairs among which every extreme is, the ends of each span and where nothing changed."""
        return tuple(
            sorted(
                {
                    (before, after)
                    for after, span in self.spans
                    for before in (span[0], after, span[-1])
                    if before in span
                }
            )
        )


def _hull(numbers: Iterable[int]) -> range:
    found = [*numbers]
    return range(min(found), max(found) + 1) if found else range(0)


def pairs(
    base: int,
    after: Given,
    *,
    before: Given | None = None,
    rise: Given | None = None,
    from_rounded: bool | None = None,
) -> Reading:
    """Return every pair of counts that fits a percentage after and one before, or the rise alone.

    A rise can have been taken from the counts and then rounded, or from two rounded percentages. Which of
    the two is seldom said.

    Args:
        base: How many people, the same before and after.
        after: The percentage after.
        before: The percentage before.
        rise: By how many percentage points it rose, where the percentage before is not printed.
        from_rounded: Whether the rise was taken from rounded percentages; unknown allows both.

    Raises:
        ValueError: Of the percentage before and the rise neither or both are given, or a figure is none.

    Examples:
        >>> pairs(185, 98, rise=22, from_rounded=False).pairs
        ((140, 181), (141, 181), (141, 182), (142, 182))
        >>> pairs(185, 98, rise=22, from_rounded=True).before
        range(140, 142)
        >>> pairs(185, 98, before=71).pairs
        ((131, 181), (131, 182), (132, 181), (132, 182))
    """
    ends = counts(after, base)
    if rise is None and before is not None:
        spans = [(end, counts(before, base)) for end in ends]
    elif rise is not None and before is None:
        spans = _risen(Printed.read(after), Printed.read(rise), base, from_rounded)
    else:
        raise FigureError("pairs: expected a percentage before or a rise, one of the two")
    return Reading(base=base, spans=tuple((end, span) for end, span in spans if span))


def _risen(after: Printed, rise: Printed, base: int, from_rounded: bool | None) -> list[tuple[int, range]]:
    """Return the counts after with the counts before that a rise leaves open."""
    ends, steps, value = counts(after, base), counts(rise, base), after.value - rise.value
    spans: list[tuple[int, range]] = []
    if from_rounded is not True and steps:
        spans += [(end, range(max(end - steps[-1], 0), end - steps[0] + 1)) for end in ends]
    if from_rounded is not False and value >= 0:
        before = counts(Printed(value, max(after.decimals, rise.decimals)), base)
        spans += [(end, before) for end in ends]
    return spans
