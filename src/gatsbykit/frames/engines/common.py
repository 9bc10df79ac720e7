"""What differs between engines before the common face covers it: lists, objects, laziness."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "SEPARATOR",
    "Frame",
    "collected",
    "distinct_entries",
    "fenced",
    "finisher",
    "held",
    "is_in_memory",
    "lists_as_text",
    "opened",
    "unpivoted",
]


Frame = nw.LazyFrame[Any]
"""A frame behind the common face. An eager one has all that is used of lazy ones here, and passes as one."""

_FLOATS: Final = ("FLOAT", "DOUBLE")
_COUNTS: Final = ("numerator", "denominator")

SEPARATOR: Final = "\x1f"
"""What stands between the entries of a list that has become a text."""


def opened(native: Any) -> Frame:
    """Return a native frame behind the common face; polars frames are worked on lazily.

    Raises:
        TypeError: It is no data frame that the common face knows.
    """
    frame: Any = nw.from_native(native)
    if frame.implementation.is_pandas():
        frame = nw.from_native(_plain(native))
    if frame.implementation.is_duckdb():
        frame = nw.from_native(_with_nan(native))
    return cast("Frame", frame.lazy() if frame.implementation.is_polars() else frame)


def collected(frame: Any) -> nw.DataFrame[Any]:
    """Return a frame's rows; for the few that the library has to look at."""
    return cast("nw.DataFrame[Any]", frame.collect() if isinstance(frame, nw.LazyFrame) else frame)


def is_in_memory(native: Any) -> bool:
    """Whether a native frame has its rows already."""
    return isinstance(nw.from_native(native), nw.DataFrame)


def held(_: str, frame: Frame) -> Frame:
    """Return a frame that has its rows, so that they are made once for all who ask."""
    return collected(frame).lazy() if frame.implementation.is_polars() else frame


def finisher(native: Any) -> Callable[[Frame], Any]:
    """Return what turns a frame into the kind that the caller uses."""
    if nw.from_native(native).implementation.is_pandas():
        return _with_whole_counts
    eager = is_in_memory(native)
    return lambda frame: (collected(frame) if eager else frame).to_native()


def fenced(frame: Frame) -> Frame:
    """Return the frame with a fence before it, where the engine's planner needs one.

    Spark's optimizer writes down what each column is equal to, in every possible way: with dozens of flags
    that are made from one another it does not come to an end. An unpivot, here of one column alone, is a
    step beyond which it does not look, and which costs next to nothing.
    """
    if not frame.implementation.is_pyspark():
        return frame
    native = frame.to_native()
    *others, last = native.columns
    long = native.unpivot(others, [last], "fence", "value").drop("fence")
    return cast("Frame", nw.from_native(long.withColumnRenamed("value", last)))


def _with_whole_counts(frame: Frame) -> Any:
    """Return a pandas frame in which counts are whole numbers, although some are missing."""
    native: Any = frame.to_native()
    return native.astype({name: "Int64" for name in _COUNTS if name in native.columns})


def lists_as_text(frame: Frame, columns: Iterable[str]) -> tuple[Frame, frozenset[str]]:
    """Turn columns of lists into texts with separators.

    Returns:
        The frame, and the columns that were lists.
    """
    schema = frame.collect_schema()
    lists = [column for column in columns if isinstance(schema.get(column), nw.List | nw.Array)]
    if not lists:
        return frame, frozenset()
    native = frame.to_native()
    engine = frame.implementation
    if engine.is_polars():
        import polars as pl  # noqa: PLC0415 (only where the caller uses it)

        texts = pl.col(*lists).cast(pl.List(pl.String))
        native = native.with_columns(texts.list.join(SEPARATOR, ignore_nulls=True))
    elif engine.is_duckdb():
        joined = (f'array_to_string("{column}"::VARCHAR[], chr(31)) AS "{column}"' for column in lists)
        native = native.project(f"* REPLACE ({', '.join(joined)})")
    elif engine.is_pyarrow():
        for column in lists:
            texts = _joined_in_arrow(native[column])
            native = native.set_column(native.schema.get_field_index(column), column, texts)
    elif engine.is_pyspark():
        joined = (f"array_join(`{column}`, chr(31)) AS `{column}`" for column in lists)
        others = (f"`{column}`" for column in schema if column not in lists)
        native = native.selectExpr(*others, *joined)
    else:
        native = native.assign(
            **{column: native[column].map(_joined, na_action="ignore").astype("string") for column in lists}
        )
    return nw.from_native(native), frozenset(lists)


def distinct_entries(frame: Frame, separator: str) -> set[str]:
    """Return every entry, as it is written, of the lists in the column ``text``."""
    native = frame.to_native()
    if frame.implementation.is_polars():
        import polars as pl  # noqa: PLC0415 (only where the caller uses it)

        texts = native.unique().select(pl.col("text").str.split(separator).explode().unique())
        return set(texts.collect()["text"].to_list())
    if frame.implementation.is_duckdb():
        pieces = native.aggregate("text").project(
            f"unnest(string_split(text, chr({ord(separator)}))) AS text"
        )
        return {text for (text,) in pieces.distinct().fetchall()}
    if frame.implementation.is_pyspark():
        pieces = native.selectExpr(f"explode(split(text, chr({ord(separator)}))) AS text")
        return {text for (text,) in pieces.distinct().collect()}
    texts = collected(frame.unique())["text"].to_list()
    return {piece for text in texts for piece in text.split(separator)}


def _joined(entries: Iterable[object], separator: str = SEPARATOR) -> str:
    return separator.join(str(entry) for entry in entries if entry is not None)


def _joined_in_arrow(lists: Any) -> Any:
    """Return a column of lists of arrow as texts."""
    import pyarrow as pa  # noqa: PLC0415 (only where the caller uses it)
    import pyarrow.compute  # noqa: PLC0415 (the same)

    compute: Any = pyarrow.compute
    lists = lists.cast(pa.list_(pa.string()))
    if compute.list_flatten(lists).null_count:  # arrow would make nothing of the whole list
        rows = (None if entries is None else _joined(entries) for entries in lists.to_pylist())
        return pa.chunked_array([pa.array(rows, type=pa.string())])
    return compute.binary_join(lists, SEPARATOR)


def _plain(native: Any) -> Any:
    """Give columns of Python objects in a pandas frame a type: lists become texts, days too."""
    plain = {column: _plain_column(native[column]) for column in native.columns if isinstance(column, str)}
    return type(native)(plain, index=native.index)


def _plain_column(column: Any) -> Any:
    if hasattr(column.dtype, "pyarrow_dtype"):  # has its type, and pandas knows no other for some of these
        return column
    import numpy as np  # noqa: PLC0415 (comes with pandas)
    import pandas as pd  # noqa: PLC0415 (only where the caller uses it)

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("string")
    with np.errstate(invalid="ignore"):  # some versions try whether infinity is a whole number
        plain = column.convert_dtypes()
    return plain.map(_text, na_action="ignore").astype("string") if plain.dtype == object else plain


def _with_nan(native: Any) -> Any:
    """Return a relation of DuckDB in which NaN is found.

    From the statistics of a Parquet file, in which NaN has no part, DuckDB concludes that there is none,
    and answers accordingly without looking. Of a number that comes from a text it knows nothing.
    """
    numbers = [name for name, kind in zip(native.columns, native.types, strict=True) if kind in _FLOATS]
    if not numbers:
        return native
    read = (f'CAST(CAST("{name}" AS VARCHAR) AS DOUBLE) AS "{name}"' for name in numbers)
    return native.project(f"* REPLACE ({', '.join(read)})")


def _text(value: object) -> str:
    """Return an object of a pandas column as the exchange format writes it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 6, not 6.00
    if not _is_collection(value):
        return str(value)
    import pandas as pd  # noqa: PLC0415 (only where the caller uses it)

    return _joined((entry for entry in value if not pd.isna(entry)), ";")


def _is_collection(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, str)


def unpivoted(frame: Frame, index: Sequence[str], names: Sequence[str]) -> Frame:
    """Return a frame with one row per row and criterion: the columns ``criterion`` and ``value``."""
    if not frame.implementation.is_duckdb():
        return frame.unpivot(on=list(names), index=list(index), variable_name="criterion", value_name="value")
    # The common face unpivots on DuckDB's default connection alone. Lists of one length go in step.
    kept, values = (", ".join(f'"{name}"' for name in some) for some in (index, names))
    criteria = ", ".join(f"'{name}'" for name in names)
    long = f"{kept}, unnest([{criteria}]) AS criterion, unnest([{values}]) AS value"
    return cast("Frame", nw.from_native(frame.to_native().project(long)))
