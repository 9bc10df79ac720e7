"""Quantities at the edges of the library: durations, hours and money, as text or as pint quantities.

Records hold minutes as exact numbers. `pint` is loaded only by the functions that make quantities of
the library's own registry. A quantity that comes in is converted by the registry that it belongs to,
which alone knows what its units mean. Text from outside is read by a strict grammar of a number and a
unit and is never handed to pint's expression parser.

A *school day* is 5 hours and a *half day* 2.5 hours (interpretation: 50 hours in 10 days, the
work experience guarantee), whereas pint's own ``day`` is 24 hours.
"""

from __future__ import annotations

import functools
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any, Final, Protocol, cast

from gatsbykit.errors import QuantityError

__all__ = [
    "DURATION_PATTERN",
    "DURATION_WORDS",
    "Quantity",
    "Registry",
    "duration_text",
    "parse_duration",
    "registry",
    "to_hours",
    "to_minutes",
    "to_pounds",
    "to_quantity",
]


class Quantity(Protocol):
    """What the library asks of a pint quantity; pint's own types are generic and still moving."""

    @property
    def magnitude(self) -> Any:
        """The number."""
        ...

    @property
    def units(self) -> Any:
        """The unit."""
        ...

    def to(self, other: Any) -> Any:
        """Convert to another unit."""
        ...


class Registry(Protocol):
    """What the library asks of a pint registry."""

    def Quantity(self, value: Any, units: Any = None) -> Quantity:  # noqa: N802 (pint's name)
        """Make a quantity."""
        ...


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
        QuantityError: The text is anything else.

    Examples:
        >>> parse_duration("1.5 h")
        Fraction(90, 1)
        >>> parse_duration("5 school_day") == parse_duration("25 hours")
        True
        >>> parse_duration("9**9**9 min")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        gatsbykit.QuantityError: expected a number and a unit, such as 45 min, 1.5 h, ...
    """
    found = _DURATION.fullmatch(text.strip())
    factor = _MINUTES.get(found[2]) if found is not None else None
    if found is None or factor is None:
        raise QuantityError(DURATION_WORDS)
    return Fraction(found[1]) * factor


def duration_text(minutes: Fraction) -> str:
    """Write minutes as a duration that `parse_duration` reads back to the same number.

    Raises:
        QuantityError: The number is negative, or has no finite decimal form.

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
        raise QuantityError("minutes that are not negative, with at most 9 decimal places")
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


def to_quantity(
    number: Fraction | int, unit: str = "hour", *, of: str = "minute", into: Registry | None = None
) -> Quantity:
    """Offer a number of the library's as a pint quantity.

    Args:
        number: The duration in minutes, as records hold it, or a number of another unit.
        unit: The unit of the quantity.
        of: The unit of the number, such as ``hour`` or ``GBP``.
        into: The registry to which the quantity will belong; by default `registry`. What a unit
            means is for this registry to say.

    Raises:
        QuantityError: The registry does not know the units, or they measure different things.

    Examples:
        >>> to_quantity(300, "school_day").magnitude
        1.0
    """
    exact = Fraction(number)
    plain = int(exact) if exact.denominator == 1 else float(exact)
    made = (registry() if into is None else into).Quantity
    try:
        return cast("Quantity", made(plain, of).to(unit))
    except Exception as error:  # (a registry's own code runs here, and may raise anything)
        raise QuantityError(
            f"units that the registry can turn into each other, not {of} and {unit}"
        ) from error


_TIME: Final = "minutes, a datetime.timedelta or a quantity of time"


def to_minutes(duration: Quantity | timedelta | Decimal | Fraction | float | str) -> Fraction:
    """Accept a duration in any of the forms in which people have one.

    Args:
        duration: Minutes as a number, a `datetime.timedelta`, a text that `parse_duration` reads, or a
            pint quantity of any registry, which is converted by its own definitions: where a registry
            says that a ``school_day`` has 6 hours, it has 6.

    Returns:
        The minutes. Those of floating point numbers are rounded to the nearest millionth, which
        undoes their binary fractions.

    Raises:
        QuantityError: It is not a duration: another type, a quantity of something else, negative,
            infinite or not a number.

    Examples:
        >>> to_minutes(registry().Quantity(1.5, "hour"))
        Fraction(90, 1)
        >>> to_minutes("1 half_day"), to_minutes(timedelta(hours=1)), to_minutes(45)
        (Fraction(150, 1), Fraction(60, 1), Fraction(45, 1))
    """
    if isinstance(duration, str):
        return parse_duration(duration)
    if isinstance(duration, timedelta):
        return _number(Fraction(duration // timedelta(microseconds=1), 60_000_000), _TIME)
    if _is_quantity(duration):
        return _converted(cast("Quantity", duration), "second", _TIME, each=Fraction(1, 60))
    return _number(duration, _TIME)


def to_hours(hours: Quantity | timedelta | Decimal | Fraction | float) -> Fraction:
    """Accept a number of hours, such as those of a careers leader in a week.

    Args:
        hours: Hours as a number, a `datetime.timedelta`, or a quantity of time of any registry.

    Raises:
        QuantityError: As for `to_minutes`.

    Examples:
        >>> to_hours(7.5), to_hours(registry().Quantity(90, "minute"))
        (Fraction(15, 2), Fraction(3, 2))
    """
    if isinstance(hours, timedelta) or _is_quantity(hours):
        return to_minutes(hours) / 60
    return _number(hours, "hours, a datetime.timedelta or a quantity of time")


def to_pounds(amount: Quantity | Decimal | Fraction | float) -> Fraction:
    """Accept a sum of money in pounds.

    Args:
        amount: Pounds as a number, or a quantity whose registry knows ``GBP``, as `registry` does.

    Raises:
        QuantityError: It is not a sum of money: another type, a quantity of something else, negative,
            infinite or not a number.

    Examples:
        >>> to_pounds(registry().Quantity(1500, "GBP")), to_pounds(Decimal("12.50"))
        (Fraction(1500, 1), Fraction(25, 2))
    """
    expected = "pounds, or a quantity of GBP"
    if _is_quantity(amount):
        return _converted(cast("Quantity", amount), "GBP", expected)
    return _number(amount, expected)


def _is_quantity(value: object) -> bool:
    return all(hasattr(value, name) for name in ("magnitude", "units", "to"))


def _converted(quantity: Quantity, unit: str, expected: str, each: Fraction = Fraction(1)) -> Fraction:
    """Return a quantity in a unit, by its own registry, times what each of the unit is.

    The registry is asked what one is, and what none is: the magnitude may be of a type that it does
    not calculate with, and a unit whose zero lies elsewhere is no unit of an amount.
    """
    make = cast("Any", type(quantity))
    try:
        one, none = (make(number, quantity.units).to(unit).magnitude for number in (1, 0))
    except Exception:  # noqa: BLE001 (a registry's own code runs here, and may raise anything)
        raise QuantityError(f"{expected}, not one of something else") from None
    if _exact(none, expected):
        raise QuantityError(f"{expected}, in a unit that begins at zero")
    if isinstance(one, float):  # 12 digits of it are meant, the rest is binary fractions
        one = Fraction(f"{one:.12g}")
    return _number(quantity.magnitude, expected, times=each * _exact(one, expected))


def _number(value: object, expected: str, times: Fraction = Fraction(1)) -> Fraction:
    number = _exact(value, expected) * times
    if number < 0:
        raise QuantityError(f"{expected}, and not a negative number of them")
    exact = isinstance(value, Rational | Decimal)
    return number if exact else Fraction(round(number * 1_000_000), 1_000_000)


def _exact(number: object, expected: str) -> Fraction:
    """Return a number of any of Python's or numpy's types as it is."""
    try:
        match number:
            case bool():
                pass
            case Integral():
                return Fraction(int(number))
            case Rational():
                return Fraction(int(number.numerator), int(number.denominator))
            case Decimal():
                return Fraction(number)
            case Real():
                return Fraction(float(number))
            case _:
                pass
    except (TypeError, ValueError, OverflowError):  # infinite, not a number, or a number in name only
        pass
    raise QuantityError(f"{expected}, a finite number of them")
