"""Text out of bytes, and JSON out of text that may be hostile.

Duplicate keys, NaN, huge numbers and bottomless nesting are refused, and so is what is no text.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import attrs

if TYPE_CHECKING:
    from gatsbykit.exchange.problems import Place, Problems

__all__ = ["container", "count_keys", "decode", "is_list", "is_object", "members_of", "parse_json"]

_LONGEST_NUMBER: Final = 30


class _NotJsonError(ValueError):
    """The text is JSON to Python's parser but not to the standard, or not to any purpose here."""


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a JSON value is a list."""
    return isinstance(value, list)


_CODECS: Final = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_WORKBOOK: Final = "a workbook of a spreadsheet program"
_CONTAINERS: Final = (
    (re.compile(rb"PK\x03\x04.*(?:xl/|opendocument\.spreadsheet)", re.DOTALL), _WORKBOOK),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), "a ZIP archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _WORKBOOK),
    (re.compile(rb"PAR1"), "a Parquet file"),
    (re.compile(rb"ARROW1|FEA1"), "an Arrow file"),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"), "a compressed archive"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"SQLite format 3\x00"), "a database"),
)


def container(data: bytes) -> str | None:
    r"""Return what a file is that is no text, as far as its first signs say.

    Examples:
        >>> container(b"PK\x03\x04 ..."), container(b"learner_id,year_group")
        ('a ZIP archive', None)
    """
    return next((what for pattern, what in _CONTAINERS if pattern.match(data)), None)


def decode(data: bytes, place: Place, problems: Problems, encoding: str | None = None) -> str | None:
    """Return the text of data, or ``None`` after noting why there is none.

    Args:
        data: The bytes of a file.
        place: The file.
        problems: Where errors are noted.
        encoding: What a profile says of the file; a byte-order mark in it knows better, and UTF-16
            has to have one. Files of the exchange format are UTF-8, with or without a mark.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), None)
    named = encoding or "utf-8"
    if encoding is not None and mark is not None:
        named = _MARKS[mark]
    # Without its mark UTF-16 would be read in the byte order of this computer.
    strange = 0 if named == "utf-16" and mark is None else None
    text = ""
    if strange is None:
        try:
            text = data.decode(_CODECS[named])
        except UnicodeDecodeError as error:
            strange = error.start
    what = container(data)
    if what is not None and (strange is not None or "\0" in text):
        problems.error(place, "not_text", details={"what": what})
    elif strange is not None:
        here = attrs.evolve(place, row=data.count(b"\n", 0, strange) + 1)
        code = "not_utf8" if named == "utf-8" else "wrong_encoding"
        problems.error(here, code, details={"encoding": named})
    elif "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        problems.error(attrs.evolve(place, row=row), "nul_character")
    else:
        return text
    return None


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
