"""Reading tables in which nothing is wrong, column by column.

Most tables have no errors, and most columns few different values: each of those is read once, by
the same readers that read rows. At the first doubt the answer is ``None``, and the table is read
row by row, which says everything that is wrong and where.
"""

from __future__ import annotations

import itertools
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from gatsbykit.exchange.problems import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gatsbykit.exchange.tables import Readers, Table

__all__ = ["read_columns"]

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)


class _DoubtError(Exception):
    """Something needs a closer look."""


def read_columns(
    table: Table[_Model],
    columns: Mapping[str, Sequence[Any]],
    readers: Readers,
    required: frozenset[str],
    clean: Callable[[str], str] = str,
) -> tuple[_Model, ...] | None:
    """Read a table into models, or return ``None`` where anything is wrong or unusual.

    Args:
        table: The table.
        columns: By column of the format, the raw values; ``None`` or a blank text is no value.
        readers: `Table.cell_readers` or `Table.json_readers`.
        required: The columns that every row needs.
        clean: What is done to a trimmed text that is not an id before it is read.
    """
    if required.difference(columns):
        return None
    try:
        read = {
            name: _Column(table, name, readers, clean).read(values, required=name in required)
            for name, values in columns.items()
        }
        return tuple(_models(table, {name: values for name, values in read.items() if values is not None}))
    except _DoubtError:
        return None


class _Column:
    """What has to be known to read a column."""

    def __init__(self, table: Table[Any], name: str, readers: Readers, clean: Callable[[str], str]) -> None:
        self._reader, self._kind = readers[name]
        self._is_id = name in table.ids
        self._is_unique = name == table.unique
        self._default = table.defaults.get(name)
        self._clean = clean

    def read(self, values: Sequence[Any], *, required: bool) -> Sequence[Any] | None:
        """Return the values as the model wants them; ``None`` for a column of nothing but blanks."""
        types = set(map(type, values))
        if list in types and types <= {list, NoneType}:
            return self._read(
                [None if value is None else tuple(value) for value in values], required=required
            )
        # Where types are mixed, equal values may be of different types: 1 is True.
        if len(types - {NoneType}) > 1 or not types <= {str, int, bool, NoneType}:
            raise _DoubtError
        if not self._is_id:
            return self._read(values, required=required)
        distinct = set(values)
        repeated = self._is_unique and len(distinct) != len(values)
        if repeated or not types <= {str} or not all(map(str.strip, distinct)):
            raise _DoubtError
        # An id is any text of any characters that a text may have: one look serves for all of them.
        self._value("".join(distinct), required=False)
        return values

    def _read(self, values: Sequence[Any], *, required: bool) -> Sequence[Any] | None:
        """Read each different value once."""
        try:
            found = {value: self._value(value, required=required) for value in set(values)}
        except TypeError as unhashable:  # a list in a list
            raise _DoubtError from unhashable
        if not required and all(value is self._default for value in found.values()):
            return None
        return list(map(found.__getitem__, values))

    def _given(self, raw: Any) -> Any:
        """Return a raw value as the readers take it."""
        if isinstance(raw, str):
            return self._clean(raw.strip())
        return list(raw) if raw.__class__ is tuple else raw

    def _value(self, raw: Any, *, required: bool) -> Any:
        given = self._given(raw)
        value = self._default
        if given is not None and given != "":
            try:
                value = self._reader(given, self._kind)
            except Unreadable as why:
                raise _DoubtError from why
        if required and (value is None or value == frozenset()):
            raise _DoubtError
        return value


def _models(table: Table[_Model], columns: Mapping[str, Sequence[Any]]) -> Iterable[_Model]:
    """Make the models, once for each row."""
    make: Callable[..., _Model] = table.model
    if table.check is None and not any(field.kw_only for field in attrs.fields(table.model)):
        missing = itertools.repeat
        return map(make, *(columns.get(name, missing(table.defaults.get(name))) for name in table.columns))
    names = tuple(columns)
    rows = (dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True))
    return [make(**values) for values in rows if _is_fine(table, values)]


def _is_fine(table: Table[Any], values: dict[str, Any]) -> bool:
    """Let the table check a row, which may fill in what follows from other values."""

    def complain(*_: object, **__: object) -> None:
        raise _DoubtError

    if table.either and not any(values.get(name) for name in table.either):
        raise _DoubtError
    if table.check is not None:
        table.check(values, complain)
    return True
