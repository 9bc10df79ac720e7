"""The files of the tables of a country: which there are, their columns, and CSV as Parquet.

CSV is read here, once and strictly, and not by the engines, each of which would guess in a way of its
own what a quotation mark or a semicolon means.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa
from pyarrow import csv, parquet

from gatsbykit.exchange.reading import strange_header
from gatsbykit.frames.tables import COLUMNS, LISTED
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.privacy import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["as_parquet", "check_header", "column_names", "find_tables", "unknown_columns"]

_NEEDED: Final = ("institutions", "learners")
_NEVER_READ: Final = {
    "institutions": ("name", "urn", "ukprn", "laestab"),
    "activities": ("duration_minutes",),
}
"""Columns that the tables may have beside those of the format."""

_BLOCK: Final = 1 << 24
"""How many bytes of a CSV file are looked at together; no row may be longer."""

_ROWS: Final = 100_000
"""How many rows are kept together, so that those of other institutions can be passed over."""


def find_tables(folder: Path) -> dict[str, Path]:
    """Return the files of the tables that there are.

    Raises:
        InvalidRecords: Files are missing.
    """
    files: dict[str, Path] = {}
    for name in COLUMNS:
        found = [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.is_file()]
        if found:
            files[name] = found[0]
    missing = [name for name in _NEEDED if name not in files]
    for one, other in (("activities", "participations"), ("participations", "activities")):
        if one in files and other not in files:
            missing.append(other)
    if missing:
        raise InvalidRecords([Issue(code="missing_file", file=f"{name}.parquet") for name in missing])
    return files


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a file, as they are written.

    Raises:
        InvalidRecords: The text is not UTF-8.
        pyarrow.ArrowException: It is no such file.
    """
    if path.suffix == ".csv":
        try:
            with _opened(path, lambda _: "skip") as reader:
                return list(reader.schema.names)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None
    # (the stubs of pyarrow leave some options of these functions without types)
    names: list[str] = parquet.read_schema(path).names  # pyright: ignore[reportUnknownMemberType]
    return names


def check_header(name: str, path: Path, header: list[str]) -> Iterator[Issue]:
    """Find what is wrong with the columns of a table."""
    known = ("institution_id", *COLUMNS[name])
    if path.suffix == ".csv" and set(known).isdisjoint(header):
        # What stands here may be a learner: its cells are no names of columns, and not shown.
        yield Issue(code=strange_header(header, known), file=path.name, row=1)
        return
    times = Counter(column.casefold() for column in header)
    for column in known:
        if times[column] > 1:  # in capitals too, as engines take the one for the other
            yield Issue(code="duplicate_column", details={"column": column}, file=path.name, column=column)
    if "institution_id" not in header:
        details = {"column": "institution_id", "columns": ", ".join(known)}
        yield Issue(code="missing_column", details=details, file=path.name, column="institution_id")


def unknown_columns(name: str, path: Path, header: list[str]) -> Iterator[Issue]:
    """Note columns that the format does not have."""
    for column in header:
        if column not in {"institution_id", *COLUMNS[name], *_NEVER_READ.get(name, ())}:
            shown = shown_name(column) or "(no name)"
            yield Issue(
                code="unknown_column",
                details={"column": shown, "table": name},
                file=path.name,
                column=shown,
            )


def as_parquet(name: str, path: Path, header: list[str], scratch: Path) -> Path:
    """Return the Parquet file of a table: the file itself, or a copy of one of CSV, all text.

    Args:
        name: The table.
        path: The file.
        header: The names of its columns.
        scratch: Where the copy goes.

    Raises:
        InvalidRecords: Rows have too many cells or too few, or the text is not UTF-8.
        pyarrow.ArrowException: It is no such file.
    """
    if path.suffix != ".csv":
        return path
    strange = Listing(most=LISTED, by=["file"])
    code = "wrong_number_of_cells"

    def skip(row: Any) -> Literal["skip"]:
        if strange.has_room(code, file=path.name):  # pragma: no branch (Arrow's threads are not measured)
            details = {"cells": row.actual_columns, "columns": row.expected_columns}
            strange.add(Issue(code=code, details=details, file=path.name, row=row.number))
        else:
            strange.leave_out(code, file=path.name)
        return "skip"

    copy = scratch / f"{name}.parquet"
    wanted = [column for column in header if column in {"institution_id", *COLUMNS[name]}]
    try:
        with (
            _opened(path, skip, {column: pa.string() for column in wanted}) as reader,
            parquet.ParquetWriter(copy, reader.schema) as writer,
        ):
            for batch in reader:
                writer.write_batch(batch, row_group_size=_ROWS)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise
        raise _not_utf8(path) from None
    if strange.count:
        raise InvalidRecords(tuple(strange))
    return copy


def _not_utf8(path: Path) -> InvalidRecords:
    return InvalidRecords([Issue(code="not_utf8", file=path.name)])


def _opened(
    path: Path, skip: Callable[[Any], Literal["skip"]], types: dict[str, pa.DataType] | None = None
) -> Any:
    """Return a reader of the batches of a CSV file by RFC 4180, with the columns that have a type."""
    return csv.open_csv(
        path,
        # In several threads rows have no numbers.
        read_options=csv.ReadOptions(use_threads=False, block_size=_BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=csv.ConvertOptions(column_types=types, include_columns=list(types or ())),
    )
