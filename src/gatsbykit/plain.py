"""Values as plain data, ready for `json`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, cast

import attrs

__all__ = ["plain"]


def plain(value: object) -> Any:
    """Return a tree of values as objects, lists, texts and numbers.

    Dates are written as ISO texts, and exact shares as texts such as ``"131/158"``.

    Examples:
        >>> plain((Fraction(1, 3), date(2026, 7, 10), None))
        ['1/3', '2026-07-10', None]
    """
    match value:
        case None | bool() | int() | float():
            return value
        case str() | Fraction() | date():
            return str(value)
        case Mapping():
            members = cast("Mapping[object, object]", value)
            return {str(key): plain(member) for key, member in members.items()}
        case frozenset():
            return sorted(map(plain, cast("frozenset[object]", value)))
        case tuple():
            return list(map(plain, cast("tuple[object, ...]", value)))
        case _:
            fields = attrs.fields_dict(cast("type[attrs.AttrsInstance]", type(value)))
            return {name: plain(getattr(value, name)) for name in fields}
