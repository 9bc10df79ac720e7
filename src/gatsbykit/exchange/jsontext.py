"""Parsing JSON that may be hostile: duplicate keys, NaN, huge numbers and bottomless nesting."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeGuard

if TYPE_CHECKING:
    from gatsbykit.exchange.problems import Place, Problems

__all__ = ["count_keys", "is_list", "is_object", "members_of", "parse_json"]

_LONGEST_NUMBER: Final = 30


class _NotJsonError(ValueError):
    """The text is JSON to Python's parser but not to the standard, or not to any purpose here."""


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a JSON value is a list."""
    return isinstance(value, list)


def parse_json(text: str, place: Place, problems: Problems) -> Any:
    """Return the value of a JSON text, or ``None`` after noting why there is none."""
    value = _parse_quickly(text)
    if value is not None:
        return value

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            keys = Counter(key for key, _ in pairs)
            for key in (key for key, count in keys.items() if count > 1):
                problems.error(place, "duplicate_key", column=key)
        return made

    try:
        return json.loads(
            text, object_pairs_hook=members, parse_constant=_refuse_constant, parse_int=_whole_number
        )
    except json.JSONDecodeError as error:
        why = f"{error.msg}, line {error.lineno}, character {error.colno}"
    except _NotJsonError as error:
        why = str(error)
    except RecursionError:
        why = "nested too deeply"
    problems.error(place, "not_json", details={"why": why})
    return None


def _parse_quickly(text: str) -> Any:
    """Return the value of a JSON text, or ``None`` where it needs a closer look.

    A parser that looks at each key takes half as long again. So the keys are counted instead. Counting
    too few members is safe: the text is then looked at more closely.
    """
    keys = count_keys(text.encode("utf-8", "surrogatepass"))
    if keys is None:
        return None
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole_number)
    except (ValueError, RecursionError):
        return None
    return value if is_object(value) and members_of(value) == keys else None


def count_keys(data: bytes) -> int | None:
    """Return how many keys a JSON text has at most, or ``None`` where they cannot be counted.

    If no space stands before a colon, every key of the text ends in a quotation mark and a colon. A
    value with fewer members than there are such pairs may have lost some: a key may stand twice.
    """
    if any(space in data and b"%c:" % space in data for space in b" \t\n\r"):
        return None
    return data.count(b'":')


def members_of(document: dict[str, Any]) -> int:
    """Count the members of a document's objects, however deep; those of a table's rows at once.

    Objects are looked at one after the other and not one inside the other, so that depth costs nothing.
    """
    count = 0
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if is_object(value):
            count += len(value)
            waiting += [member for member in value.values() if isinstance(member, dict | list)]
        elif {*map(type, value)} == {dict} and not any(map(_holds_more, value[:1])):
            count += sum(map(len, value))
        else:
            waiting += [member for member in value if isinstance(member, dict | list)]
    return count


def _holds_more(row: dict[str, Any]) -> bool:
    """Whether a row has objects in it, or lists of them; the rows of a table have lists of texts alone."""
    return any(isinstance(member, dict | list) for member in row.values())


def _refuse_constant(name: str) -> Any:
    raise _NotJsonError(f"{name} is not a JSON value")


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _NotJsonError("a number is too long")
    return int(digits)
