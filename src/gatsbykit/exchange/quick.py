"""Reading tables in which nothing is wrong, column by column.

Most tables have no errors, and most columns few different values: each of those is read once, by
the same readers that read rows. At the first doubt the answer is ``None``, and the table is read
row by row, which says everything that is wrong and where.
"""

from __future__ import annotations

import itertools
from collections import deque
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from gatsbykit.exchange.problems import Unreadable
from gatsbykit.model.fields import Refused, own_converter

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
        count = len(next(iter(columns.values())))
        read: dict[str, Sequence[Any]] = {}
        for name, values in columns.items():
            column = _Column(table, name, readers, clean).read(values, required=name in required)
            if column is not None:
                read[name] = column
        _check(table, read, count)
        return tuple(_models(table, read, count))
    except _DoubtError:
        return None


class _Column:
    """What has to be known to read a column."""

    def __init__(self, table: Table[Any], name: str, readers: Readers, clean: Callable[[str], str]) -> None:
        self._reader, self._kind = readers[name]
        self._is_id = name in table.ids
        self._is_unique = name == table.unique
        self._default = table.defaults.get(name)
        # What the readers return is of the field's type; what its constructor looks at is right already.
        self._convert = own_converter(attrs.fields_dict(table.model)[name])
        self._clean = clean

    def read(self, values: Sequence[Any], *, required: bool) -> Sequence[Any] | None:
        """Return the values as the model wants them; ``None`` for a column of nothing but blanks."""
        values, distinct = _with_distinct(values)
        if self._is_id:
            repeated = self._is_unique and len(distinct) != len(values)
            if repeated or {*map(type, distinct)} != {str} or not all(map(str.strip, distinct)):
                raise _DoubtError
            # An id is any text of any characters that a text may have: one look serves for all of them.
            self._value("".join(distinct), required=False)
            return values
        found = {value: self._value(value, required=required) for value in distinct}
        if not required and all(value is self._default for value in found.values()):
            return None
        return list(map(found.__getitem__, values))

    def _value(self, raw: Any, *, required: bool) -> Any:
        """Read one value as the readers of rows do."""
        given = raw
        if isinstance(raw, str):
            given = self._clean(raw.strip())
        elif raw.__class__ is tuple:
            given = list(raw)
        value = self._default
        if given is not None and given != "":
            try:
                value = self._convert(self._reader(given, self._kind))
            except (Unreadable, Refused) as why:
                raise _DoubtError from why
        if required and (value is None or value == frozenset()):
            raise _DoubtError
        return value


def _with_distinct(values: Sequence[Any]) -> tuple[Sequence[Any], set[Any]]:
    """Return values of one type, lists as tuples, and the different ones among them."""
    try:
        distinct = set(values)
        types = {*map(type, distinct)}
        if not types <= {str, NoneType}:
            # Equal values may be of different types: 1 is True.
            types = {*map(type, values)}
            if len(types - {NoneType}) > 1 or not types <= {int, bool, NoneType}:
                raise _DoubtError
    except TypeError:  # lists
        if not {*map(type, values)} <= {list, NoneType}:
            raise _DoubtError from None
        values = [None if value is None else tuple(value) for value in values]
        try:
            distinct = set(values)
        except TypeError as unhashable:  # a list in a list
            raise _DoubtError from unhashable
    return values, distinct


def _models(table: Table[_Model], columns: Mapping[str, Sequence[Any]], count: int) -> Iterable[_Model]:
    """Make the models, field by field.

    Each value has been read by the reader of its field and brought into form by the field's own
    converter, once for all rows that have it. What is left of a constructor is to put the values
    into their places, and for many rows at once that is several times cheaper.

    So a model of a table may have no default that has to be made for each row, and nothing that runs
    after its constructor.
    """
    fields = attrs.fields(table.model)
    assert not any(isinstance(field.default, attrs.Factory) for field in fields)  # type: ignore[arg-type]
    assert not hasattr(table.model, "__attrs_post_init__")
    make: Callable[[type[_Model]], _Model] = object.__new__
    made = list(map(make, itertools.repeat(table.model, count)))
    for field in fields:
        values = columns.get(field.name)
        place: Callable[[_Model, Any], None] = getattr(table.model, field.name).__set__
        deque(map(place, made, itertools.repeat(field.default) if values is None else values), maxlen=0)
    return made


def _check(table: Table[Any], columns: dict[str, Sequence[Any]], count: int) -> None:
    """Check what has to be so between columns, once for all rows that have the same values in them.

    What the check fills in becomes part of the columns.
    """
    check = table.check
    if check is None:
        return

    def checked(row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = dict(zip(table.checked, row, strict=True))
        if table.either and not any(values.get(name) for name in table.either):
            raise _DoubtError
        check(values, _doubt)
        return tuple(map(values.get, table.checked))

    nothing = [None] * count
    rows = list(zip(*(columns.get(name) or nothing for name in table.checked), strict=True))
    found = {row: checked(row) for row in set(rows)}
    columns.update(zip(table.checked, zip(*map(found.__getitem__, rows), strict=True), strict=False))


def _doubt(*_: object, **__: object) -> None:
    raise _DoubtError
