"""Published tables in data frames: read by an engine, handed out as a frame, and taken back from one.

A file is read by Arrow, strictly and as text, and worked on by the engine that was chosen. In a frame
that is handed out a column of figures holds numbers alone, and the column ``X_symbol`` beside it the
symbols that stood in ``X``. Rows of an engine are numbered without the lines that are empty.
"""

from __future__ import annotations

import importlib
import importlib.util
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from gatsbykit.errors import MissingExtraError, NotFoundError
from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.privacy import shown_name
from gatsbykit.published.symbols import Symbol
from gatsbykit.published.tables import CsvTable, listed

try:
    import narwhals as nw
except ImportError as error:
    raise MissingExtraError("data frames need narwhals: pip install 'gatsbykit[frames]'") from error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gatsbykit.published.figures import Cell
    from gatsbykit.published.readers import Cells
    from gatsbykit.published.tables import NumberedRow, Table

__all__ = ["ENGINES", "SUFFIX", "FrameTable", "open_with", "to_frame"]

ENGINES: Final = ("polars", "duckdb", "pandas", "pyarrow")
"""The engines that published files are read with."""

SUFFIX: Final = "_symbol"
"""What the name of a column of symbols ends in."""

_NUMBER: Final = "__row__"
_BLOCK: Final = 1 << 22


class FrameTable:
    """A table in a data frame, as texts.

    Args:
        frame: The frame: columns of text that are named by their place, and one of row numbers.
        columns: The names of the columns as they are written.
        name: What to call it in messages.
    """

    def __init__(self, frame: Any, columns: tuple[str, ...], name: str) -> None:
        self._frame = frame
        self._columns = columns
        self._name = name
        self._distinct: dict[int, dict[str, int]] = {}
        self._raw: dict[int, dict[str, list[str]]] = {}

    @classmethod
    def of(cls, native: Any, name: str) -> FrameTable:
        """Take a frame of the caller's, with columns of symbols or without.

        Raises:
            TypeError: It is no data frame.
        """
        frame: Any = nw.from_native(native)
        schema = frame.collect_schema()
        names = [column for column in schema if not _is_symbols(column, schema)]
        texts = [_as_text(column, schema).alias(str(place)) for place, column in enumerate(names)]
        # The order of a lazy frame is the engine's own; rows are numbered as they come.
        return cls(_numbered(_collected(frame.select(*texts))), tuple(names), shown_name(name))

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return self._name

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns as they are written."""
        return self._columns

    def distinct(self, column: int) -> Mapping[str, int]:
        """Return how often each text stands in a column."""
        if column not in self._distinct:
            counts: dict[str, int] = {}
            raw: dict[str, list[str]] = {}
            grouped = self._frame.group_by(str(column)).agg(nw.len().alias("times"))
            for text, times in _collected(grouped).iter_rows():
                plain = _plain(text)
                counts[plain] = counts.get(plain, 0) + times
                raw.setdefault(plain, []).append(text)
            self._distinct[column], self._raw[column] = counts, raw
        return self._distinct[column]

    def rows(self, where: Mapping[int, Collection[str]] | None = None) -> Iterator[NumberedRow]:
        """Yield the rows, or those whose cells in some columns are among some texts."""
        frame = self._frame
        for column, texts in (where or {}).items():
            self.distinct(column)
            written = [raw for text in texts for raw in self._raw[column].get(text, [])]
            if not written:  # which some engines have no type for
                return
            frame = frame.filter(nw.col(str(column)).is_in(written))
        for number, *cells in _collected(frame.sort(_NUMBER)).iter_rows():
            yield number, [_plain(cell) for cell in cells]


def _is_symbols(column: str, schema: Any) -> bool:
    return column.endswith(SUFFIX) and column.removesuffix(SUFFIX) in schema


def _as_text(column: str, schema: Any) -> Any:
    text = nw.col(column).cast(nw.String)
    if f"{column}{SUFFIX}" in schema:
        text = (
            nw.when(nw.col(column).is_null())
            .then(nw.col(f"{column}{SUFFIX}").cast(nw.String))
            .otherwise(text)
        )
    return nw.when(text.is_null()).then(nw.lit("")).otherwise(text)


def _plain(text: str) -> str:
    """Return a text as it would be published: a whole number that an engine made a fraction is whole."""
    if text in {"nan", "NaN"}:
        return ""
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdecimal() else text


def _numbered(frame: Any) -> Any:
    return frame.with_row_index(_NUMBER).with_columns(nw.col(_NUMBER).cast(nw.Int64) + 2)


def _collected(frame: Any) -> nw.DataFrame[Any]:
    return cast("nw.DataFrame[Any]", frame.collect() if isinstance(frame, nw.LazyFrame) else frame)


def open_with(engine: str, opened: CsvTable) -> FrameTable:
    """Read a CSV file with an engine.

    Raises:
        NotFoundError: There is no such engine.
        MissingExtraError: It is not installed.
        InvalidRecords: Rows have too many cells or too few.
    """
    _need(engine)
    table = _read_with_arrow(opened)
    eager = _numbered(nw.from_native(table, eager_only=True))
    empty = nw.all_horizontal(
        *((nw.col(str(place)) == "") for place in range(len(opened.columns))), ignore_nulls=False
    )
    eager = eager.filter(~empty)
    return FrameTable(_with_backend(eager, engine), opened.columns, opened.name)


def _need(engine: str) -> None:
    if engine not in ENGINES:
        raise NotFoundError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
    for module in {engine, "pyarrow"}:
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(f"reading with {engine} needs {module}: pip install 'gatsbykit[country]'")


def _read_with_arrow(opened: CsvTable) -> Any:
    arrow: Any = importlib.import_module("pyarrow")
    csv: Any = importlib.import_module("pyarrow.csv")
    width, strange = len(opened.columns), list[Issue]()

    def skip(row: Any) -> Literal["skip"]:
        details = {"cells": row.actual_columns, "columns": width}
        strange.append(Issue(code="wrong_number_of_cells", details=details, file=opened.name, row=row.number))
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            str(opened.path),
            read_options=csv.ReadOptions(
                column_names=names,
                skip_rows=1,
                encoding=opened.encoding.removesuffix("-sig"),
                block_size=_BLOCK,
                use_threads=False,
            ),
            parse_options=csv.ParseOptions(
                delimiter=opened.delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, arrow.string()), strings_can_be_null=False
            ),
        )
    except arrow.ArrowInvalid as error:
        why = shown_name(str(error).partition(":")[0])
        raise InvalidRecords([Issue(code="unreadable_row", details={"why": why}, file=opened.name)]) from None
    if strange:
        raise InvalidRecords(listed(strange))
    return table


def _with_backend(eager: Any, engine: str) -> Any:
    """Hand a frame of Arrow over to an engine."""
    if engine == "duckdb":
        return eager.lazy(backend="duckdb")
    made = cast("Any", nw).from_arrow
    return eager if engine == "pyarrow" else made(eager, backend=engine)


def to_frame(table: Table, cells: Cells, engine: str) -> Any:
    """Return a table as a native frame, symbols in columns of their own."""
    _need(engine)
    figures = {*cells.figures}
    rows = [texts for _, texts in table.rows()]
    columns: dict[str, tuple[Any, list[Any]]] = {}
    for place, name in enumerate(table.columns):
        texts = [row[place] for row in rows]
        if place not in figures:
            columns[name] = nw.String(), texts
        else:
            values = [cells[text] for text in texts]
            columns[name] = _numbers(values)
            columns[f"{name}{SUFFIX}"] = nw.String(), [_token(value) for value in values]
    if engine == "pandas":
        return _in_pandas(columns)
    backend: Any = "pyarrow" if engine == "duckdb" else engine
    made: Any = nw.from_dict(
        {name: values for name, (_, values) in columns.items()},
        schema={name: kind for name, (kind, _) in columns.items()},
        backend=backend,
    )
    return (made.lazy(backend="duckdb") if engine == "duckdb" else made).to_native()


def _in_pandas(columns: Mapping[str, tuple[Any, list[Any]]]) -> Any:
    """Return columns as a frame of pandas, with types that know missing whole numbers."""
    import pandas as pd  # noqa: PLC0415 (only where the caller uses it)

    types = {nw.String(): "string", nw.Int64(): "Int64", nw.Float64(): "Float64"}
    pandas: Any = pd
    return pandas.DataFrame(
        {name: pandas.array(values, dtype=types[kind]) for name, (kind, values) in columns.items()}
    )


def _numbers(values: Sequence[Cell]) -> tuple[Any, list[Any]]:
    numbers = [value if isinstance(value, int | Decimal) else None for value in values]
    if any(isinstance(number, Decimal) for number in numbers):
        return nw.Float64(), [None if number is None else float(number) for number in numbers]
    return nw.Int64(), numbers


def _token(value: Cell) -> str | None:
    return value.token if isinstance(value, Symbol) else None
