"""Parsing a document with msgspec, each row into an object with the columns of its table.

That takes half the time and memory of a dictionary for each row. The extra ``fast`` installs it;
without it, or at the first doubt, Python's own parser reads the document.
"""

from __future__ import annotations

import functools
import importlib
import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from gatsbykit.exchange.jsontext import count_keys, is_object, members_of
from gatsbykit.exchange.tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Rows", "decoder", "parse_bytes"]


@attrs.frozen
class Rows:
    """The rows of a table by column; a column is there if any row has a value in it."""

    columns: Mapping[str, list[Any]]
    count: int


class _Decoder(NamedTuple):
    """What decodes a document, what stands for a member that is not there, and what says that it is none."""

    decode: Callable[[bytes], Any]
    absent: object
    error: type[Exception]


def parse_bytes(data: bytes) -> dict[str, Any] | None:
    """Return a document with its tables as `Rows`, or ``None`` where it needs a closer look.

    A key that stands twice is not seen by the parser; so keys are counted. Counting too few members
    is safe.
    """
    parser, keys = decoder(), count_keys(data)
    if parser is None or keys is None:
        return None
    absent = parser.absent
    try:
        document = parser.decode(data)
    except (parser.error, ValueError, RecursionError):
        return None
    found: dict[str, Any] = {}
    for name in document.__struct_fields__:
        value = getattr(document, name)
        if value is absent:
            continue
        keys -= 1
        if is_object(value):
            keys -= members_of(value)
        elif value and name in _row_columns():
            columns = {column: [*map(operator.attrgetter(column), value)] for column in _row_columns()[name]}
            blanks = {column: values.count(absent) for column, values in columns.items()}
            keys -= sum(len(value) - blank for blank in blanks.values())
            value = Rows(
                {
                    column: [None if one is absent else one for one in values] if blanks[column] else values
                    for column, values in columns.items()
                    if blanks[column] < len(value)
                },
                len(value),
            )
        found[name] = value
    return None if keys else found


@functools.cache
def _row_columns() -> Mapping[str, tuple[str, ...]]:
    return {table.name: table.columns for table in tables()}


@functools.cache
def decoder() -> _Decoder | None:
    """Return what decodes a document.

    It is ``None`` where msgspec is not installed.
    """
    try:
        msgspec: Any = importlib.import_module("msgspec")
    except ImportError:
        return None
    make = functools.partial(msgspec.defstruct, forbid_unknown_fields=True, gc=False)
    rows = {
        name: list[make(name, [(column, Any, msgspec.UNSET) for column in columns])] | None  # type: ignore[misc] # (a class)
        for name, columns in _row_columns().items()
    }
    fields = {"format": Any, "institution": Any, **rows, "answers": Any, "programme": Any}
    document = make("Document", [(name, kind, msgspec.UNSET) for name, kind in fields.items()])
    return _Decoder(msgspec.json.Decoder(document).decode, msgspec.UNSET, msgspec.MsgspecError)
