"""What a constructor takes: each attribute of a model is read by its type, or refused.

A value made by hand has to be as right as one that was read from a file, or a count goes wrong
without a word. `checked` and `quiet` are given to ``attrs.frozen`` as its ``field_transformer``; they
make a converter of every attribute's type, after the attribute's own one if it has one:

* a fact is yes, no or unknown (``True``, ``False``, ``None``) and nothing that could pass for it;
* a text of a choice or an identifier becomes its type;
* a day is a `datetime.date` and no `datetime.datetime`;
* a whole number is one, within its bounds; an id is a text that is not blank;
* a set or a table is any collection but a text; a mapping becomes one that nobody changes;
* anything else is an instance of its type.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fractions import Fraction
from functools import partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeGuard,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import attrs

from gatsbykit.errors import FieldError, GatsbykitError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.words import counted

__all__ = [
    "Between",
    "Refused",
    "any_id",
    "checked",
    "choice",
    "choices",
    "is_text",
    "own_converter",
    "quiet",
    "read_as",
    "reader",
]

_Attributes = list["attrs.Attribute[Any]"]
_Reader = Callable[[Any], Any]
_Value = TypeVar("_Value")


@attrs.frozen
class Between:
    """Bounds of a number, carried by its type for whoever reads it.

    Args:
        least: The least number.
        most: The greatest number.
    """

    least: int
    most: int

    def __contains__(self, number: int) -> bool:
        return self.least <= number <= self.most


class Refused(Exception):  # noqa: N818 (it never leaves a constructor)
    """A value is not what is expected.

    Args:
        expected: What would be right.
        place: Where in the value, such as ``[3]``.
    """

    def __init__(self, expected: str, place: str = "") -> None:
        super().__init__(expected, place)
        self.expected = expected
        self.place = place


def choice(value: str | None) -> Any:
    """Take the text of a choice or an identifier where its type is meant: the type itself reads it."""
    return value


def choices(values: Iterable[str]) -> Any:
    """Take any collection of texts of a choice where a set of its type is meant."""
    return values


def any_id(value: str) -> str:
    """Take an id: a text that is not blank."""
    if not is_text(value) or not value.strip():
        raise Refused("a text that is not blank")
    return value


def is_text(value: object) -> bool:
    """Return whether a value is a text, whatever type checkers promise of it."""
    return isinstance(value, str)


def checked(
    owner: type, attributes: _Attributes, *, error: Callable[[str, str, str], Exception] = FieldError
) -> _Attributes:
    """Return the attributes of a class, each with a converter that reads or refuses what is given.

    Args:
        owner: The class.
        attributes: Its attributes.
        error: What is raised, made from the class, the attribute and what would be right.
    """
    hints = get_type_hints(owner, include_extras=True)
    return [
        one.evolve(
            converter=_converter(owner.__name__, one, reader(hints[one.name]), error),
            metadata={**one.metadata, _OWN: cast("Any", one).converter},
        )
        for one in attributes
    ]


_OWN: Final = "gatsbykit.own_converter"


def own_converter(attribute: attrs.Attribute[Any]) -> _Reader:
    """Return what an attribute does to a value that is of its type already; it may raise `Refused`."""
    return attribute.metadata.get(_OWN) or _as_it_is


def quiet(owner: type, attributes: _Attributes) -> _Attributes:
    """Do the same, and show only what every value has: the rest may be too much, or a person's.

    An optional attribute that has a ``repr`` of its own is shown by it.
    """
    return [
        one.evolve(repr=False) if one.repr is True and one.default is not attrs.NOTHING else one
        for one in checked(owner, attributes)
    ]


def read_as(kind: type[_Value], owner: str, attribute: str, value: Any) -> _Value:
    """Read an argument of a function as an attribute of this type would be read.

    Raises:
        FieldError: It is not of the type.

    Examples:
        >>> read_as(bool, "score", "strict", "no")
        Traceback (most recent call last):
        ...
        gatsbykit.FieldError: score.strict: expected True or False
    """
    try:
        return cast("_Value", reader(kind)(value))
    except Refused as why:
        raise FieldError(owner, attribute, why.expected) from None


def _converter(
    owner: str, attribute: attrs.Attribute[Any], read: _Reader, error: Callable[[str, str, str], Exception]
) -> _Reader:
    own: _Reader | None = cast("Any", attribute).converter
    default = attribute.default
    name = attribute.alias or attribute.name

    def convert(value: Any) -> Any:
        if value is default:
            return value
        try:
            return read(value if own is None else own(value))
        except Refused as why:
            raise error(owner, name + why.place, why.expected) from None
        except GatsbykitError as why:  # of an identifier or a quantity, which say what they expect
            raise error(owner, name, getattr(why, "expected", str(why))) from None

    return convert


# Readers by type


def reader(kind: Any) -> _Reader:
    """Return what reads a value of a type, or raises `Refused`."""
    origin = get_origin(kind)
    if origin in _OF_GENERICS:
        return _OF_GENERICS[origin](get_args(kind))
    if kind is Any:
        return _as_it_is
    if kind in _OF_TYPES:
        return _OF_TYPES[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_read_choice, kind, {str(member.value): member for member in kind})
    if isinstance(kind, type) and issubclass(kind, str):
        return partial(_read_text_of, kind)
    return partial(_read_instance, origin or kind)


def _as_it_is(value: Any) -> Any:
    return value


def _read_fact(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise Refused("True or False")


def _read_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise Refused("a text")


def _read_whole_number(value: Any) -> int:
    if type(value) is int:
        return value
    try:
        if not isinstance(value, bool):
            return operator.index(value)  # such as one of numpy's
    except TypeError:
        pass
    raise Refused("a whole number")


def _read_number(value: Any) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return value
    raise Refused("a number")


def _read_fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if type(value) is int:
        return Fraction(value)
    raise Refused("a fractions.Fraction")


def _read_day(value: Any) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise Refused("a datetime.date, without a time")


def _read_nothing(value: Any) -> None:
    if value is not None:
        raise Refused("None")


_OF_TYPES: Final[Mapping[Any, _Reader]] = {
    bool: _read_fact,
    str: _read_text,
    int: _read_whole_number,
    float: _read_number,
    Fraction: _read_fraction,
    datetime.date: _read_day,
    NoneType: _read_nothing,
}


def _read_choice(kind: type[Enum], members: Mapping[str, Enum], value: Any) -> Enum:
    if isinstance(value, kind):
        return value
    # A member of another choice is a text too; it is not what is meant, even where the texts agree.
    if isinstance(value, str) and not isinstance(value, Enum) and value in members:
        return members[value]
    raise Refused(f"one of {', '.join(members)}")


def _read_text_of(kind: type[str], value: Any) -> str:
    """Read an identifier: its own constructor knows the rules."""
    return value if type(value) is kind else kind(value)


def _read_instance(kind: type, value: Any) -> Any:
    if isinstance(value, kind):
        return value
    raise Refused(f"an instance of {kind.__name__}")


# Readers of types that are made of others


def _of_annotated(arguments: tuple[Any, ...]) -> _Reader:
    read = reader(arguments[0])
    bounds = next((one for one in arguments[1:] if isinstance(one, Between)), None)
    if bounds is None:
        return read

    def read_within(value: Any) -> Any:
        try:
            number = read(value)
        except Refused:
            number = None
        if number is None or number not in bounds:
            raise Refused(f"a whole number from {bounds.least} to {bounds.most}")
        return number

    return read_within


def _of_literal(arguments: tuple[Any, ...]) -> _Reader:
    def read(value: Any) -> Any:
        for one in arguments:
            if type(value) is type(one) and value == one:
                return one
        raise Refused(" or ".join(map(repr, arguments)))

    return read


def _of_union(arguments: tuple[Any, ...]) -> _Reader:
    readers = [reader(one) for one in arguments if one is not NoneType]
    optional = NoneType in arguments

    def read(value: Any) -> Any:
        if value is None and optional:
            return None
        expected: list[str] = []
        for one in readers:
            try:
                return one(value)
            except Refused as why:
                if len(readers) == 1 and why.place:
                    raise
                expected.append(why.expected)
        raise Refused(f"{' or '.join(expected)}{', or None' if optional else ''}")

    return read


def _members(value: Any, what: str) -> tuple[Any, ...]:
    """Return the members of a collection; a text and a mapping are none, though they have members."""
    if isinstance(value, str | bytes | bytearray | Mapping):
        raise Refused(what)
    try:
        return tuple(value)
    except TypeError:
        raise Refused(what) from None


def _of_set(arguments: tuple[Any, ...]) -> _Reader:
    read = reader(arguments[0])

    def read_set(value: Any) -> frozenset[Any]:
        members = _members(value, "a set")
        try:
            return frozenset(map(read, members))
        except Refused as why:
            raise Refused(f"a set, each member {why.expected}") from None

    return read_set


def _of_tuple(arguments: tuple[Any, ...]) -> _Reader:
    if arguments[-1] is not Ellipsis:
        return _of_fixed(list(map(reader, arguments)))
    kind = arguments[0]
    read = reader(kind)

    def read_each(value: Any) -> tuple[Any, ...]:
        members = _members(value, "a list or tuple")
        # Most tables hold nothing but values of their own class; one look is enough for those.
        if attrs.has(kind) and {*map(type, members)} <= {kind}:
            return members
        return tuple(_at(place, read, member) for place, member in enumerate(members))

    return read_each


def _of_fixed(readers: list[_Reader]) -> _Reader:
    def read_fixed(value: Any) -> tuple[Any, ...]:
        members = _members(value, "a tuple")
        if len(members) != len(readers):
            raise Refused(f"a tuple of {counted(len(readers), 'member')}")
        return tuple(read(member) for read, member in zip(readers, members, strict=True))

    return read_fixed


def _at(place: int, read: _Reader, member: Any) -> Any:
    try:
        return read(member)
    except Refused as why:
        raise Refused(why.expected, f"[{place}]{why.place}") from None


def _is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _of_mapping(arguments: tuple[Any, ...]) -> _Reader:
    read_key, read_value = map(reader, arguments)

    def read_mapping(value: Any) -> FrozenMapping[Any, Any]:
        if not _is_mapping(value):
            raise Refused("a mapping")
        try:
            return FrozenMapping({read_key(key): read_value(member) for key, member in value.items()})
        except Refused as why:
            raise Refused(f"a mapping, each entry {why.expected}") from None

    return read_mapping


_OF_GENERICS: Final[Mapping[Any, Callable[[tuple[Any, ...]], _Reader]]] = {
    Annotated: _of_annotated,
    Literal: _of_literal,
    Union: _of_union,
    UnionType: _of_union,
    frozenset: _of_set,
    tuple: _of_tuple,
    Mapping: _of_mapping,
}
