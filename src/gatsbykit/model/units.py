"""Durations at the edges of the library: text and pint quantities in, pint quantities out.

Records hold minutes as exact numbers. `pint` is loaded only by the functions that need it, and
there is one registry. Text from outside is read by a strict grammar of a number and a unit and is
never handed to pint's expression parser.

A *school day* is 5 hours and a *half day* 2.5 hours (interpretation: 50 hours in 10 days, the
work experience guarantee), whereas pint's own ``day`` is 24 hours.
"""

from __future__ import annotations

import functools
import re
from fractions import Fraction
from typing import Any, Final, Protocol, cast

__all__ = [
    "DURATION_PATTERN",
    "DURATION_WORDS",
    "Quantity",
    "Registry",
    "duration_text",
    "parse_duration",
    "registry",
    "to_minutes",
    "to_quantity",
]


class Quantity(Protocol):
    """What the library asks of a pint quantity; pint's own types are generic and still moving."""

    @property
    def magnitude(self) -> Any:
        """The number."""
        raise NotImplementedError

    @property
    def units(self) -> Any:
        """The unit."""
        raise NotImplementedError

    def to(self, other: Any) -> Any:
        """Convert to another unit."""
        raise NotImplementedError


class Registry(Protocol):
    """What the library asks of a pint registry."""

    def Quantity(self, value: Any, units: Any = None) -> Quantity:  # noqa: N802 (pint's name)
        """Make a quantity."""
        raise NotImplementedError


DURATION_WORDS: Final = "a number and a unit, such as 45 min, 1.5 h, 2 half_days or 5 school_days"
"""What a duration looks like, for messages."""

_MINUTES: Final = {
    "min": 1, "minute": 1, "minutes": 1,
    "h": 60, "hour": 60, "hours": 60,
    "half_day": 150, "half_days": 150,
    "school_day": 300, "school_days": 300,
}  # fmt: skip
DURATION_PATTERN: Final = rf"[0-9]{{1,9}}(?:\.[0-9]{{1,9}})? *(?:{'|'.join(_MINUTES)})"
"""The same as a regular expression, for a schema."""

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) *([a-z_]+)")


def parse_duration(text: str) -> Fraction:
    """Read a duration: a number and a unit.

    Args:
        text: Such as ``45 min``, ``1.5 h``, ``2 half_days`` or ``5 school_day``.

    Returns:
        The exact number of minutes.

    Raises:
        ValueError: The text is anything else.

    Examples:
        >>> parse_duration("1.5 h")
        Fraction(90, 1)
        >>> parse_duration("5 school_day") == parse_duration("25 hours")
        True
        >>> parse_duration("9**9**9 min")
        Traceback (most recent call last):
        ...
        ValueError: expected a number and a unit, such as 45 min, 1.5 h, 2 half_days or 5 school_days
    """
    found = _DURATION.fullmatch(text.strip())
    factor = _MINUTES.get(found[2]) if found is not None else None
    if found is None or factor is None:
        raise ValueError(f"expected {DURATION_WORDS}")
    return Fraction(found[1]) * factor


def duration_text(minutes: Fraction) -> str:
    """Write minutes as a duration that `parse_duration` reads back to the same number.

    Raises:
        ValueError: The number is negative, or has no finite decimal form.

    Examples:
        >>> duration_text(Fraction(90)), duration_text(Fraction(399, 5))
        ('90 min', '79.8 min')
    """
    digits = 0
    scaled = minutes
    while scaled.denominator != 1 and digits < 9:
        scaled *= 10
        digits += 1
    if minutes < 0 or scaled.denominator != 1:
        raise ValueError("a duration is written in minutes with at most 9 decimal places")
    whole = str(scaled.numerator).zfill(digits + 1)
    return f"{whole[:-digits]}.{whole[-digits:]} min" if digits else f"{whole} min"


@functools.cache
def registry() -> Registry:
    """Return the library's one pint registry, made at the first call.

    Besides pint's own units it knows ``school_day``, ``half_day``, ``GBP`` and ``learner``.

    Examples:
        >>> registry().Quantity(10, "school_day").to("hour").magnitude
        50
    """
    import pint  # noqa: PLC0415 (loading pint costs more than the rest of the library)

    made = cast("Any", pint.UnitRegistry())
    for definition in (
        "school_day = 5 * hour",
        "half_day = 2.5 * hour",
        "GBP = [money]",
        "learner = [learner]",
    ):
        made.define(definition)
    return cast("Registry", made)


def to_quantity(minutes: Fraction | int, unit: str = "hour") -> Quantity:
    """Offer minutes as a pint quantity of `registry`.

    Args:
        minutes: The duration as records hold it.
        unit: The unit of the quantity.

    Examples:
        >>> to_quantity(300, "school_day").magnitude
        1.0
    """
    number = int(minutes) if Fraction(minutes).denominator == 1 else float(minutes)
    return cast("Quantity", registry().Quantity(number, "minute").to(unit))


def to_minutes(duration: Quantity | str) -> Fraction:
    """Accept a duration as text or as a pint quantity of any registry.

    Returns:
        The minutes; a quantity's are rounded to the nearest millionth, which undoes the binary
        fractions of floating point numbers.

    Raises:
        ValueError: The text is not a duration, or the duration is negative.
        pint.DimensionalityError: The quantity is not a time.

    Examples:
        >>> to_minutes(registry().Quantity(1.5, "hour"))
        Fraction(90, 1)
        >>> to_minutes("1 half_day")
        Fraction(150, 1)
    """
    if isinstance(duration, str):
        return parse_duration(duration)
    quantity = registry().Quantity(duration.magnitude, str(duration.units))
    minutes = Fraction(round(Fraction(quantity.to("minute").magnitude) * 1_000_000), 1_000_000)
    if minutes < 0:
        raise ValueError("a duration is not negative")
    return minutes
