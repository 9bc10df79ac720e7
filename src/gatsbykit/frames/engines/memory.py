"""pandas and pyarrow, which have their rows in memory; and libraries that speak as pandas does.

They spread marks in the words of the common face, with one column of yes and no per mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from gatsbykit.frames.cells import SEPARATOR
from gatsbykit.frames.engines.base import Engine, joined, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatsbykit.frames.cells import Frame

__all__ = ["Arrow", "Pandas", "PandasLike"]

_COUNTS: Final = ("numerator", "denominator")


class Arrow(Engine):
    """Tables of pyarrow."""

    def opened(self, native: Any) -> Frame:
        """Return a native table behind the common face, in types that it knows, where they mean the same."""
        for index, field in enumerate(native.schema):
            plain = _plain_array(native.column(index))
            if plain is not None:
                native = native.set_column(index, field.name, plain)
        return wrapped(native)

    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand."""
        return str(frame.to_native().schema.field(column).type) == "null"

    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""
        native = frame.to_native()
        for column in lists:
            place = native.schema.get_field_index(column)
            native = native.set_column(place, column, _joined_in_arrow(native[column]))
        return wrapped(native)


def _plain_array(array: Any) -> Any:
    """Return a column of arrow in a type that the common face knows; ``None`` if it is in one."""
    import pyarrow as pa  # noqa: PLC0415 (only where the caller uses it)
    import pyarrow.compute  # noqa: PLC0415 (the same)

    compute: Any = pyarrow.compute
    kind = array.type
    if pa.types.is_date64(kind):
        return array.cast(pa.date32())
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return pa.chunked_array([pa.array(array.to_pylist(), pa.list_(kind.value_type))])
    return compute.run_end_decode(array) if pa.types.is_run_end_encoded(kind) else None


def _joined_in_arrow(lists: Any) -> Any:
    """Return a column of lists of arrow as texts."""
    import pyarrow as pa  # noqa: PLC0415 (only where the caller uses it)
    import pyarrow.compute  # noqa: PLC0415 (the same)

    compute: Any = pyarrow.compute
    lists = lists.cast(pa.list_(pa.string()))
    if compute.list_flatten(lists).null_count:  # arrow would make nothing of the whole list
        rows = (None if entries is None else joined(entries) for entries in lists.to_pylist())
        return pa.chunked_array([pa.array(rows, type=pa.string())])
    return compute.binary_join(lists, SEPARATOR)


class PandasLike(Engine):
    """Frames of a library that has the words of pandas."""

    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand."""
        return bool(frame.to_native()[column].isna().all())

    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""
        native = frame.to_native()
        texts = {column: native[column].map(joined, na_action="ignore").astype("string") for column in lists}
        return wrapped(native.assign(**texts))


class Pandas(PandasLike):
    """Frames of pandas."""

    def opened(self, native: Any) -> Frame:
        """Return a native frame behind the common face, its columns of Python objects with a type."""
        plain = {column: _plain(native[column]) for column in native.columns if isinstance(column, str)}
        return wrapped(type(native)(plain, index=native.index))

    def finished(self, frame: Frame) -> Any:
        """Return a pandas frame in which counts are whole numbers, although some are missing."""
        native: Any = frame.to_native()
        return native.astype({name: "Int64" for name in _COUNTS if name in native.columns})


def _plain(column: Any) -> Any:
    """Give a column of Python objects a type: lists become texts, days too."""
    if hasattr(column.dtype, "pyarrow_dtype"):  # has its type, and pandas knows no other for some of these
        array = _plain_array(column.array.__arrow_array__())
        if array is None:
            return column
        return type(column)(array.to_pandas(types_mapper=type(column.dtype)), index=column.index)
    import numpy as np  # noqa: PLC0415 (comes with pandas)
    import pandas as pd  # noqa: PLC0415 (only where the caller uses it)

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("string")
    with np.errstate(invalid="ignore"):  # some versions try whether infinity is a whole number
        plain = column.convert_dtypes()
    if plain.dtype != object or not all(map(_has_text, plain)):
        return plain
    return plain.map(_text, na_action="ignore").astype("string")


def _has_text(value: object) -> bool:
    """Whether an object has a text that means it: bytes and structures have none, nor have lists of such."""
    if isinstance(value, bytes | bytearray | memoryview | Mapping):
        return False
    return not _is_collection(value) or not any(
        isinstance(entry, bytes | bytearray | Mapping) or _is_collection(entry) for entry in value
    )


def _text(value: object) -> str:
    """Return an object of a pandas column as the exchange format writes it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 6, not 6.00
    if not _is_collection(value):
        return str(value)
    import pandas as pd  # noqa: PLC0415 (only where the caller uses it)

    return joined((entry for entry in value if not pd.isna(entry)), ";")


def _is_collection(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, str)
