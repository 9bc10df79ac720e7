"""Attributes that are read or refused: what a constructor is given is of its type, or a clear error.

A class of values names `read_or_refuse` as its field transformer. Every attribute is then read by
its annotation, as the class states it: a choice may be given by its word, a list as any iterable, an
amount as a number or as a pint quantity. Whatever cannot be read is refused with the name of the
class, of the attribute, and what would be right; the value itself is never shown, for it may be a
person's.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin, get_type_hints

import attrs

from gatsbykit.errors import FieldError
from gatsbykit.model.calendar import Between
from gatsbykit.model.units import registry

__all__ = [
    "Amount",
    "Fault",
    "Form",
    "Hours",
    "HoursAWeek",
    "Minutes",
    "Pounds",
    "RefusedError",
    "kind_words",
    "name_of",
    "number_of",
    "read_or_refuse",
    "references",
    "refuse",
    "repeated",
]

MOST_DECIMALS: Final = 6
"""Numbers are exact to a millionth, which is what a floating point number of JSON can carry."""

_SCALE: Final = 10**MOST_DECIMALS
_LARGEST: Final = 10**9
_LONGEST: Final = 10_000


@attrs.frozen
class Amount:
    """A number with a unit, carried by its type: not negative, exact to a millionth.

    Args:
        unit: The unit, as pint writes it; empty for a bare number.
        may_be_negative: Whether it may be below 0.
    """

    unit: str = ""
    may_be_negative: bool = False

    @property
    def words(self) -> str:
        """What it looks like, for messages."""
        what = _UNIT_WORDS[self.unit] if self.unit else "a number"
        return what if self.may_be_negative else f"{what}, from 0 on"


_UNIT_WORDS: Final = {"GBP": "pounds", "hour": "hours", "hour/week": "hours a week", "minute": "minutes"}

Pounds = Annotated[Fraction, Amount("GBP")]
"""Pounds sterling."""

Hours = Annotated[Fraction, Amount("hour")]
"""Hours."""

HoursAWeek = Annotated[Fraction, Amount("hour/week")]
"""Hours a week."""

Minutes = Annotated[Fraction, Amount("minute")]
"""A duration in minutes."""


@attrs.frozen
class Form:
    """The form of a text, carried by its type.

    Args:
        pattern: A regular expression.
        words: The same in words.
    """

    pattern: str
    words: str


@attrs.frozen
class Fault:
    """One thing that is wrong with the attributes of a value.

    Args:
        attribute: The attribute, or the path to it, such as ``activities[3].outcomes``.
        expected: What would be right.
        code: The code under which issues report it.
    """

    attribute: str
    expected: str
    code: str = "unfit_value"


class RefusedError(FieldError):
    """A value cannot be made from what it was given, for one reason or several.

    Args:
        kind: The name of the class.
        faults: Everything that is wrong with the attributes; one at least.
    """

    def __init__(self, kind: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(kind, faults[0].attribute, faults[0].expected)
        self.args = kind, faults  # so that it comes back whole from another process
        self.kind = kind
        self.faults = faults

    def __str__(self) -> str:
        return "; ".join(f"{self.kind}.{fault.attribute}: expected {fault.expected}" for fault in self.faults)


def refuse(value: object, faults: Iterable[Fault]) -> None:
    """Raise the faults of a value, if there are any.

    Raises:
        RefusedError: There are faults.
    """
    found = tuple(faults)
    if found:
        raise RefusedError(type(value).__name__, found)


class _UnfitError(ValueError):
    """A value is not of its type; the text says what would be right."""


def read_or_refuse(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Give every attribute of an attrs class a converter made from its type.

    Examples:
        >>> import attrs
        >>> @attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
        ... class Lunch:
        ...     day: date
        ...     cost: Pounds | None = None
        >>> Lunch(day=date(2026, 3, 2), cost=2.5).cost
        Fraction(5, 2)
        >>> Lunch(day="Monday")
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Lunch.day: expected a date
    """
    hints = get_type_hints(cls, include_extras=True)
    return [
        field.evolve(
            type=hints[field.name], converter=_converter(cls.__name__, field.name, hints[field.name])
        )
        for field in fields
    ]


def _converter(owner: str, name: str, kind: Any) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        try:
            return _read(value, kind)
        except _UnfitError as error:
            raise RefusedError(owner, (Fault(name, str(error)),)) from None

    return convert


def _read(value: Any, kind: Any) -> Any:
    """Return a value of a type, from the value itself or from what plainly stands for it."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _read_one_of(value, get_args(kind))
    if origin is Annotated:
        return _read_annotated(value, *get_args(kind)[:2])
    if origin in {tuple, frozenset}:
        return _read_several(value, origin, get_args(kind)[0])
    if issubclass(kind, StrEnum):
        if not isinstance(value, str) or value not in {member.value for member in kind}:
            raise _UnfitError(kind_words(kind))
        return kind(value)
    if kind is str:
        return _read_text(value)
    # A truth value is no number, and a moment is no date.
    stranger = (kind is int and isinstance(value, bool)) or (kind is date and isinstance(value, datetime))
    if stranger or not isinstance(value, kind):
        raise _UnfitError(kind_words(kind))
    return value


def _read_one_of(value: Any, kinds: tuple[Any, ...]) -> Any:
    if value is None and type(None) in kinds:
        return None
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    for kind in kinds:
        try:
            return _read(value, kind)
        except _UnfitError:
            if len(kinds) == 1:
                raise
    raise _UnfitError(" or ".join(map(kind_words, kinds)))


def _read_annotated(value: Any, kind: Any, rule: Any) -> Any:
    if isinstance(rule, Amount):
        return _read_amount(value, rule)
    made = _read(value, kind)
    fits = made in rule if isinstance(rule, Between) else re.fullmatch(rule.pattern, made) is not None
    if not fits:
        raise _UnfitError(kind_words(Annotated[kind, rule]))
    return made


def _read_several(value: Any, several: Any, kind: Any) -> Any:
    if not _is_several(value):
        raise _UnfitError(f"a list of {kind_words(kind)}")
    try:
        return several(_read(one, kind) for one in value)
    except _UnfitError as error:
        raise _UnfitError(f"each to be {error}") from None


def _is_several(value: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping)


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value or len(value) > _LONGEST:
        raise _UnfitError(kind_words(str))
    return value.strip()


def _read_amount(value: Any, rule: Amount) -> Fraction:
    """Return a number, or the number of a quantity of any registry, in the unit of the type."""
    if rule.unit and hasattr(value, "magnitude") and hasattr(value, "units"):
        value = _in_unit(value, rule)
    number = number_of(value)
    if number is None or (number < 0 and not rule.may_be_negative):
        raise _UnfitError(rule.words)
    return number


def _in_unit(quantity: Any, rule: Amount) -> Fraction:
    """Convert a quantity; floating point steps of a conversion are rounded to the nearest millionth."""
    try:
        here = registry().Quantity(quantity.magnitude, str(quantity.units))
        return Fraction(round(Fraction(here.to(rule.unit).magnitude) * _SCALE), _SCALE)
    except Exception:  # noqa: BLE001 (what pint raises is many things, and pint is not loaded here)
        raise _UnfitError(rule.words) from None


def number_of(value: object) -> Fraction | None:
    """Return an exact number, or ``None`` for what is none or has too many decimal places.

    A floating point number is what it is written as.

    Examples:
        >>> number_of(0.1), number_of(True), number_of(Fraction(1, 3))
        (Fraction(1, 10), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | Decimal):
        return None
    try:
        number = Fraction(repr(value) if isinstance(value, float) else value)
    except (ValueError, OverflowError):  # not a number, or no end of it
        return None
    exact = (number * _SCALE).denominator == 1
    return number if exact and abs(number) < _LARGEST else None


def kind_words(kind: Any) -> str:
    """Say in words what a value of a type looks like."""
    origin = get_origin(kind)
    if origin is Annotated:
        bare, rule = get_args(kind)[:2]
        if isinstance(rule, Between):
            return f"a whole number from {rule.least} to {rule.most}"
        return str(rule.words) if isinstance(rule, Amount | Form) else kind_words(bare)
    if origin in {tuple, frozenset}:
        return f"a list of {kind_words(get_args(kind)[0])}"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"one of {', '.join(member.value for member in kind)}"
    return _WORDS.get(kind) or f"a value of the type {kind.__name__}"


_WORDS: Final[dict[Any, str]] = {
    str: "a text that is not blank",
    int: "a whole number",
    bool: "yes or no, as a truth value",
    date: "a date",
}


# What values have to be to each other


def name_of(value: object) -> str:
    """Return the id by which others refer to a value."""
    return str(getattr(value, "id", ""))


def repeated(attribute: str, values: Iterable[object]) -> Iterable[Fault]:
    """Yield a fault for each value whose id stands before it already."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if name_of(value) in seen:
            yield Fault(f"{attribute}[{index}].id", "an id of its own", "repeated_id")
        seen.add(name_of(value))


def references(
    attribute: str, values: Iterable[object], members: Mapping[str, Iterable[str]]
) -> Iterable[Fault]:
    """Yield a fault for each reference that leads nowhere.

    Args:
        attribute: The attribute that holds the values.
        values: Values with references.
        members: By attribute of the values that holds references, the ids that there are.
    """
    for index, value in enumerate(values):
        for name, known in members.items():
            given = getattr(value, name)
            wanted = {given} if isinstance(given, str) else set(given or ())
            if wanted - {*known}:
                yield Fault(
                    f"{attribute}[{index}].{name}", f"ids that stand in {_PLACES[name]}", "unknown_reference"
                )


_PLACES: Final = {
    "outcomes": "the outcomes",
    "objectives": "the objectives",
    "meeting": "the meetings",
    "actions": "the actions",
}
