"""What differs between engines: lists become texts, and marks are spread over learners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import narwhals as nw

from gatsbykit.scoring.columns.cells import SEPARATOR, Frame
from gatsbykit.scoring.columns.spreading import spread_flags

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatsbykit.scoring.columns.spreading import Shape

__all__ = ["collected", "finisher", "lists_as_text", "opened", "spread"]


def opened(native: Any) -> Frame:
    """Return a native frame behind the common face; polars frames are worked on lazily.

    Raises:
        TypeError: It is no data frame that the library knows.
    """
    frame: Frame = nw.from_native(native)
    if frame.implementation.is_pandas():
        return nw.from_native(_plain(frame.to_native()))
    return frame.lazy() if frame.implementation.is_polars() else frame


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """Return a frame's rows; for the few that the library has to look at."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def finisher(native: Any) -> Callable[[Frame], Any]:
    """Return what turns a frame into the kind that the caller uses."""
    given = nw.from_native(native)
    eager = isinstance(given, nw.DataFrame)
    return lambda frame: (frame.collect() if eager and isinstance(frame, nw.LazyFrame) else frame).to_native()


def lists_as_text(frame: Frame, columns: Iterable[str]) -> tuple[Frame, frozenset[str]]:
    """Turn columns of lists into texts with separators.

    Returns:
        The frame, and the columns that were lists.
    """
    schema = frame.collect_schema()
    lists = [column for column in columns if isinstance(schema.get(column), nw.List)]
    if not lists:
        return frame, frozenset()
    native = frame.to_native()
    engine = frame.implementation
    if engine.is_polars():
        import polars as pl  # noqa: PLC0415 (only where the caller uses it)

        native = native.with_columns(pl.col(*lists).list.join(SEPARATOR, ignore_nulls=True))
    elif engine.is_duckdb():
        joined = (f'array_to_string("{column}", chr(31)) AS "{column}"' for column in lists)
        native = native.project(f"* REPLACE ({', '.join(joined)})")
    elif engine.is_pyarrow():
        import pyarrow as pa  # noqa: PLC0415 (the same)
        import pyarrow.compute as pc  # noqa: PLC0415 (the same)

        for column in lists:
            place = native.schema.get_field_index(column)
            texts = pc.binary_join(native[column].cast(pa.list_(pa.string())), SEPARATOR)
            native = native.set_column(place, column, texts)
    elif engine.is_pyspark():
        from pyspark.sql import functions  # noqa: PLC0415 (the same)

        native = native.withColumns({column: functions.array_join(column, SEPARATOR) for column in lists})
    else:
        native = native.assign(
            **{column: native[column].map(_joined, na_action="ignore").astype("str") for column in lists}
        )
    return nw.from_native(native), frozenset(lists)


def _joined(entries: Iterable[str]) -> str:
    return SEPARATOR.join(entries)


def _plain(native: Any) -> Any:
    """Give columns of Python objects in a pandas frame a type: lists become texts, days too."""
    plain = native.convert_dtypes()
    objects = [column for column in plain.columns if plain[column].dtype == object]
    return plain.assign(**{column: plain[column].map(_text, na_action="ignore").astype("string") for column in objects})


def _text(value: object) -> str:
    """Return an object of a pandas column as the exchange format writes it."""
    if isinstance(value, str):
        return value
    return ";".join(map(str, value)) if isinstance(value, Iterable) else str(value)


def spread(shape: Shape, learners: Frame, activities: Frame, rows: Frame) -> Frame:
    """Spread marks in the way that is best for the engine; see `spread_flags`."""
    engine = learners.implementation
    if engine.is_polars():
        from gatsbykit.scoring.columns import polars_bits as bits  # noqa: PLC0415 (only for polars)
    elif engine.is_duckdb():
        from gatsbykit.scoring.columns import duckdb_bits as bits  # noqa: PLC0415 (only for DuckDB)
    else:
        return spread_flags(shape, learners, activities, rows)
    return nw.from_native(
        bits.spread_bits(shape, learners.to_native(), activities.to_native(), rows.to_native())
    )
