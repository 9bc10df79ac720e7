"""Values as plain data, ready for `json`; and plain data of our own read strictly into values."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import cattrs


def plain_converter() -> cattrs.Converter:
    """Return a converter of values into objects, lists, texts and numbers.

    Members of an enum are their texts, days are ISO texts, exact shares are texts such as
    ``"131/158"``, and what has no order is sorted. Who writes some value in another way adds a hook.
    """
    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(Fraction, str)

    def members(mapping: Mapping[object, object]) -> dict[str, Any]:
        return {str(key): converter.unstructure(member) for key, member in mapping.items()}

    def in_order(elements: AbstractSet[object]) -> list[Any]:
        return sorted(map(converter.unstructure, elements))

    converter.register_unstructure_hook_func(lambda kind: _is_kind(kind, Mapping), members)
    converter.register_unstructure_hook_func(lambda kind: _is_kind(kind, AbstractSet), in_order)
    return converter


def _is_kind(kind: Any, base: type) -> bool:
    """Whether a type is one of a kind, whatever it holds."""
    origin = getattr(kind, "__origin__", kind)
    return isinstance(origin, type) and issubclass(origin, base)


_CONVERTER = plain_converter()


def plain(value: object) -> Any:
    """Return a value as plain data, and all that is in it.

    Examples:
        >>> plain((Fraction(1, 3), date(2026, 7, 10), None))
        ['1/3', '2026-07-10', None]
        >>> plain({7: frozenset({"b", "a"})})
        {'7': ['a', 'b']}
    """
    return _CONVERTER.unstructure(value)


def strict_converter() -> cattrs.Converter:
    """Return a converter from TOML that turns no value into another, and takes no key but those known.

    TOML has the plain types already: a number where a text is meant is an error.
    """
    converter = cattrs.Converter(forbid_extra_keys=True)

    def as_written(value: Any, kind: type) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}")
        return value

    for plain in (str, int, bool, date):
        converter.register_structure_hook(plain, as_written)
    return converter
