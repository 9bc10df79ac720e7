"""Figures: a printed number, what it may have been before it was rounded, and what follows.

A percentage is printed with some decimals and halves rounded up, so it stands for every share
from half a unit below it up to, but not including, half a unit above. Where the base is known only
whole counts are possible. Whatever is computed from such figures carries the bounds along.

Source: measured on the published files (45,258 percentages of one decimal, 95,801 whole ones: all
rounded half up); `low` is above zero and below half a unit.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit import rounded_figures
from gatsbykit.errors import FigureError
from gatsbykit.model.fields import checked
from gatsbykit.published.symbols import SYMBOLS, Symbol, symbol

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Bounds", "Cell", "Figure", "decimals_of", "printed", "read_cell"]

Cell = int | Decimal | Symbol | None
"""What can stand in a cell: a whole number, a number with decimals, a symbol, or nothing."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_COMMAS: Final = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,12}")
_TEXT: Final = "a number, or one of " + " ".join(SYMBOLS)


def read_cell(text: str, more: Collection[str] = ()) -> Cell:
    """Read a cell strictly.

    Args:
        text: The cell; spaces around it, a percent sign after a number and commas between thousands
            are allowed.
        more: Further signs that the caller vouches for; each is read as unavailable.

    Raises:
        ValueError: It is neither a number nor a known sign.

    Examples:
        >>> read_cell("542314"), read_cell("91.3"), read_cell("94%"), read_cell(" 1,024 ")
        (542314, Decimal('91.3'), 94, 1024)
        >>> read_cell("low").meaning.value, read_cell("") is None
        ('low', True)
        >>> read_cell("about 90")
        Traceback (most recent call last):
        ...
        gatsbykit.FigureError: expected a number, or one of z x : NA c SUPP low k ~ SP u NE LOWCOV NP
    """
    text = text.strip()
    if not text:
        return None
    number = text.removesuffix("%").rstrip()
    if _COMMAS.fullmatch(number):
        number = number.replace(",", "")
    if _WHOLE.fullmatch(number):
        return int(number)
    if _NUMBER.fullmatch(number):
        return Decimal(number)
    if text in more:
        return Symbol(text, "unavailable")
    try:
        return symbol(text)
    except KeyError:
        raise FigureError(f"expected {_TEXT}") from None


def decimals_of(cell: Cell) -> int:
    """Return with how many decimals a number is printed; 0 for whatever is none.

    Examples:
        >>> decimals_of(Decimal("91.3")), decimals_of(91), decimals_of(None)
        (1, 0, 0)
    """
    return -int(cell.as_tuple().exponent) if isinstance(cell, Decimal) else 0


@attrs.frozen
class Bounds:
    """Between which numbers something lies, exactly.

    Args:
        low: The lower bound.
        high: The upper bound; of a rounded number it is the first that is too great.

    Raises:
        ValueError: The bounds are the wrong way round.

    Examples:
        >>> gap = Bounds.of_rounded(Decimal("94.2"), 1) - Bounds.of_rounded(Decimal("83"), 1)
        >>> str(gap)
        '11.1 to 11.3'
    """

    low: Fraction = attrs.field(converter=Fraction)
    high: Fraction = attrs.field(converter=Fraction)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise FigureError(f"bounds from {self.low} to {self.high} are the wrong way round")

    @classmethod
    def of_rounded(cls, number: Decimal | int, decimals: int) -> Bounds:
        """Return what a number rounded half up to so many decimals may have been."""
        decimals = max(decimals, decimals_of(number))
        half = Fraction(1, 2 * 10**decimals)
        middle = Fraction(number)
        return cls(middle - half, middle + half)

    @classmethod
    def of_percent(cls, number: Decimal | int, decimals: int) -> Bounds:
        """Return the same for a percentage, which lies from 0 to 100."""
        found = cls.of_rounded(number, decimals)
        return cls(max(found.low, Fraction(0)), min(found.high, Fraction(100)))

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Bounds) -> Bounds:
        return Bounds(self.low - other.high, self.high - other.low)

    def __contains__(self, number: Fraction | int | Decimal) -> bool:
        return self.low <= number <= self.high

    @property
    def is_exact(self) -> bool:
        """Whether there is one number alone."""
        return self.low == self.high

    def to_dict(self) -> dict[str, str]:
        """Return the bounds as plain data, as exact texts."""
        return {"low": str(self.low), "high": str(self.high)}

    def __str__(self) -> str:
        return f"{_text(self.low)} to {_text(self.high)}"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Figure:
    """One published figure: how many, what share, of how many.

    Args:
        name: What is counted.
        count: The count as published, a symbol, or ``None`` where the table has no count.
        percent: The percentage as published, likewise.
        base: Of how many; a symbol or ``None`` where that is not published.
        decimals: With how many decimals percentages are printed in this file.
        value: A number that is neither a count of a base nor a share of one, such as a change.

    Examples:
        >>> gcse = Figure(name="overall", count=None, percent=91, base=443, decimals=0)
        >>> gcse.counts, str(gcse.bounds)
        (range(401, 406), '90.5 to 91.5')
        >>> Figure(name="appren", count=symbol("c"), percent=symbol("low"), base=9_000).counts
        range(1, 5)
    """

    name: str
    count: Cell = None
    percent: Cell = None
    base: Cell = None
    decimals: int = 1
    value: Cell = None

    @property
    def share(self) -> Fraction | None:
        """The exact share, where count and base are both published."""
        if isinstance(self.count, int) and isinstance(self.base, int) and self.base:
            return Fraction(self.count, self.base)
        return None

    @property
    def bounds(self) -> Bounds | None:
        """Between which percentages the share lies; ``None`` where nothing is published."""
        share = self.share
        if share is not None:
            return Bounds(share * 100, share * 100)
        if isinstance(self.percent, int | Decimal) and 0 <= self.percent <= 100:
            return Bounds.of_percent(self.percent, self.decimals)
        if isinstance(self.percent, Symbol) and self.percent.is_low:
            return Bounds(Fraction(0), Fraction(1, 2 * 10**self.decimals))
        return None

    @property
    def counts(self) -> range | None:
        """Every count that would be printed so; ``None`` where nothing is published to tell from.

        An empty range says that no count of the base is printed like that.
        """
        if isinstance(self.count, int):
            return range(self.count, self.count + 1)
        if not isinstance(self.base, int) or self.base < 1:
            return None
        if isinstance(self.percent, int | Decimal) and 0 <= self.percent <= 100:
            places = max(self.decimals, decimals_of(self.percent))
            return rounded_figures.counts(rounded_figures.Printed(Fraction(self.percent), places), self.base)
        if isinstance(self.percent, Symbol) and self.percent.is_low:
            return range(1, max(1, math.ceil(Fraction(self.base, 200 * 10**self.decimals))))
        return None

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that stand in the place of its numbers."""
        return tuple(
            cell for cell in (self.count, self.percent, self.base, self.value) if isinstance(cell, Symbol)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        return {
            "name": self.name,
            "count": _plain(self.count),
            "percent": _plain(self.percent),
            "base": _plain(self.base),
            "value": _plain(self.value),
            "counts": None if not self.counts else [self.counts[0], self.counts[-1]],
            "bounds": None if self.bounds is None else self.bounds.to_dict(),
        }

    def __str__(self) -> str:
        parts = [] if self.count is None else [_cell_text(self.count)]
        parts += [] if self.base is None else [f"of {_cell_text(self.base)}"]
        parts += [] if self.value is None else [_cell_text(self.value)]
        parts += [] if self.percent is None else [_percent_text(self.percent)]
        return " ".join(parts) or "not published"


def printed(number: Fraction, decimals: int) -> Decimal:
    """Return a number as it is printed: rounded half up, as the Department does.

    Examples:
        >>> printed(Fraction(1, 8), 2), printed(Fraction(5, 2), 0), printed(Fraction(83), 1)
        (Decimal('0.13'), Decimal('3'), Decimal('83.0'))
    """
    whole = rounded_figures.half_up(number, decimals) * 10**decimals
    return Decimal(whole.numerator).scaleb(-decimals)


def _text(number: Fraction) -> str:
    """Write a number with as few decimals as are needed, at most four."""
    return f"{printed(number, 4):f}".rstrip("0").rstrip(".")


def _cell_text(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int | Decimal) else str(cell)


def _percent_text(cell: Cell) -> str:
    return str(cell) if isinstance(cell, Symbol) else f"{cell} %"


def _plain(cell: Cell) -> object:
    match cell:
        case Decimal():
            return str(cell)
        case Symbol():
            return cell.to_dict()
        case _:
            return cell
