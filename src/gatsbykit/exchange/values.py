"""Strict reading of single values: from the text of a cell, or from a JSON value.

The stock hooks of cattrs read ``"no"`` as true, ``None`` as ``"None"`` and ``10.9`` as 10. The two
converters here replace every one of them: a value is what it says or an `Unreadable`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

import attrs
import cattrs

from gatsbykit.errors import RecordsError
from gatsbykit.exchange.jsontext import is_list
from gatsbykit.exchange.problems import Doubtful, Unreadable
from gatsbykit.model.identifiers import Identifier, IdentifierError
from gatsbykit.model.units import duration_text, parse_duration

__all__ = ["TRUTH", "cell_converter", "json_converter", "json_words"]

Hook = Callable[[Any, Any], Any]

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What a spreadsheet program makes of a date and of a long number when a column loses its format.
_DAY_NUMBER = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,2}")
_SURROGATE = re.compile("[\ud800-\udfff]")
TRUTH: Final = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}


def _strange_date(text: str) -> str:
    return "not_a_date" if _DAY_NUMBER.fullmatch(text) is None else "serial_date"


@functools.lru_cache(maxsize=4096)
def _read_date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise Unreadable(_strange_date(text), form="YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable("impossible_date", form="YYYY-MM-DD") from None


def _read_duration(text: str) -> Fraction:
    if text.startswith("-"):
        raise Unreadable("negative_duration")
    try:
        return parse_duration(text)
    except ValueError:
        raise Unreadable("not_a_duration") from None


@functools.cache
def _members(kind: type[StrEnum]) -> dict[str, StrEnum]:
    return {str(member.value): member for member in kind}


def _read_choice(text: Any, kind: type[StrEnum]) -> StrEnum:
    members = _members(kind)
    member = members.get(text) if isinstance(text, str) else None
    if member is None:
        raise Unreadable("not_a_choice", choices=", ".join(members))
    return member


def _read_identifier(text: str, kind: type[Identifier]) -> Identifier | Doubtful:
    try:
        return kind.parse(text)
    except IdentifierError as error:
        if kind.stands_for_none(text):  # such a number fails its check
            return Doubtful(None, (Unreadable("identifier_not_known", kind=kind.__name__.upper()),))
        code = "bad_check_digit" if error.code == "wrong_check" else "bad_identifier"
        if _SHORTENED.fullmatch(text) is not None:
            code = "scientific_notation"
        raise Unreadable(code, kind=kind.__name__.upper(), form=error.expected) from None


def _is_annotated(kind: Any) -> bool:
    return get_origin(kind) is Annotated


def _is_set(kind: Any) -> bool:
    return get_origin(kind) is frozenset


def _with_bounds(converter: cattrs.Converter) -> Callable[[Any], Hook]:
    """Make hooks for numbers with bounds: the bare type, then the bounds."""

    def hook_for(kind: Any) -> Hook:
        bare, bounds = get_args(kind)[:2]
        read = converter.get_structure_hook(bare)

        def read_and_test(value: Any, _: Any) -> Any:
            made = read(value, bare)
            if made not in bounds:
                raise Unreadable("out_of_range", least=bounds.least, most=bounds.most)
            return made

        return read_and_test

    return hook_for


def _common(converter: cattrs.Converter) -> None:
    """Register what both spellings share.

    A hook for a class is used for its subclasses too, the nearest one first: those that are
    texts underneath have to have hooks of their own beside the one for texts.
    """
    converter.register_structure_hook(StrEnum, _read_choice)
    converter.register_structure_hook_factory(_is_annotated, _with_bounds(converter))


@functools.cache
def cell_converter() -> cattrs.Converter:
    """Return the converter between values and the trimmed text of cells."""
    converter = cattrs.Converter()
    _common(converter)

    def read_whole_number(text: str, _: Any) -> int:
        if _WHOLE_NUMBER.fullmatch(text) is None:
            raise Unreadable("not_a_whole_number")
        return int(text)

    def read_truth(text: str, _: Any) -> bool:
        truth = TRUTH.get(text.casefold())
        if truth is None:
            raise Unreadable("not_yes_or_no")
        return truth

    def set_hook(kind: Any) -> Hook:
        element: Any = get_args(kind)[0]
        read = converter.get_structure_hook(element)

        def read_set(given: Any, _: Any) -> frozenset[Any]:
            # A profile hands over the entries, which it has separated in its own way.
            entries: Iterable[str] = given.split(";") if isinstance(given, str) else given
            return frozenset(read(entry.strip(), element) for entry in entries if entry.strip())

        return read_set

    converter.register_structure_hook(str, lambda text, _: text)
    converter.register_structure_hook(int, read_whole_number)
    converter.register_structure_hook(bool, read_truth)
    converter.register_structure_hook(date, lambda text, _: _read_date(text))
    converter.register_structure_hook(Fraction, lambda text, _: _read_duration(text))
    converter.register_structure_hook(Identifier, _read_identifier)
    converter.register_structure_hook_factory(_is_set, set_hook)

    def write_set(entries: frozenset[str]) -> str:
        awkward = [entry for entry in entries if ";" in entry or entry != entry.strip()]
        if awkward:
            raise RecordsError(
                "a list in a cell cannot hold an entry with a semicolon or with spaces around it"
            )
        return ";".join(sorted(entries))

    converter.register_unstructure_hook(bool, lambda truth: "yes" if truth else "no")
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(Fraction, duration_text)
    converter.register_unstructure_hook(frozenset, write_set)
    return converter


_JSON_TYPES: Final[dict[type, str]] = {
    str: "string", int: "integer", bool: "boolean", list: "array", dict: "object",
}  # fmt: skip
_Value = TypeVar("_Value")


def _of_type(value: Any, kind: type[_Value]) -> _Value:
    """Return a JSON value if it is of the type; a boolean is no number."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unreadable("wrong_type", type=_JSON_TYPES[kind])
    return value


@functools.cache
def json_converter() -> cattrs.Converter:
    """Return the converter between values and JSON values; texts are trimmed already."""
    converter = cattrs.Converter()
    _common(converter)

    def set_hook(kind: Any) -> Hook:
        element: Any = get_args(kind)[0]
        read = converter.get_structure_hook(element)

        def read_set(value: Any, _: Any) -> frozenset[Any]:
            if not is_list(value):
                raise Unreadable("wrong_type", type=_JSON_TYPES[list])
            entries = [_of_type(entry, str).strip() for entry in value]
            return frozenset(read(entry, element) for entry in entries if entry)

        return read_set

    def read_identifier(value: Any, kind: type[Identifier]) -> Identifier | Doubtful:
        # Systems that keep numbers as numbers write them so; nothing is lost by it.
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return _read_identifier(_of_type(text, str), kind)

    def read_text(value: Any, _: Any) -> str:
        # JSON can spell what no file can hold: NUL, and halves of surrogate pairs.
        text = _of_type(value, str)
        if "\0" in text or (not text.isascii() and _SURROGATE.search(text) is not None):
            raise Unreadable("bad_character")
        return text

    converter.register_structure_hook(str, read_text)
    for plain in (int, bool):
        converter.register_structure_hook(plain, _of_type)
    converter.register_structure_hook(date, lambda value, _: _read_date(_of_type(value, str)))
    converter.register_structure_hook(Fraction, lambda value, _: _read_duration(_of_type(value, str)))
    converter.register_structure_hook(Identifier, read_identifier)
    converter.register_structure_hook_factory(_is_set, set_hook)

    def write_set(entries: frozenset[str]) -> list[str]:
        return sorted(map(str, entries))

    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(Fraction, duration_text)
    converter.register_unstructure_hook(frozenset, write_set)
    converter.register_unstructure_hook(str, str)
    return converter


def json_words(value: Any) -> str:
    """Return a JSON value as a message may show it: scalars as written, the rest by its type."""
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str)


def field_types(model: type[attrs.AttrsInstance]) -> dict[str, Any]:
    """Return the resolved types of a model's fields, by name."""
    attrs.resolve_types(model)
    return {field.name: field.type for field in attrs.fields(model)}
