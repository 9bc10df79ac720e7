"""The files of the tables of a country: which there are, their columns, and CSV as Parquet.

CSV is read here, once, by the rules and in the words of a single institution, and not by the engines, each
of which would guess in a way of its own what a quotation mark or a semicolon means. A country is long, so
Arrow reads a text of which it has been made sure that it means to Arrow what it means to the standard.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

import pyarrow as pa
from pyarrow import compute, csv, parquet

from gatsbykit.exchange.csvtext import QuotingError, filled_rows
from gatsbykit.exchange.files import table_of
from gatsbykit.exchange.jsontext import container
from gatsbykit.exchange.reading import strange_header
from gatsbykit.frames.tables import COLUMNS, LISTED
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.privacy import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["as_parquet", "check_header", "column_names", "find_tables", "other_forms", "unknown_columns"]

_NEEDED: Final = ("institutions", "learners")
_NEVER_READ: Final = {
    "institutions": ("name", "urn", "ukprn", "laestab"),
    "activities": ("duration_minutes",),
}
"""Columns that the tables may have beside those of the format."""

_BLOCK: Final = 1 << 24
"""How many bytes of a CSV file are looked at together; longer rows take longer."""

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
        issues = [Issue(code="missing_file", file=f"{name}.parquet") for name in missing]
        raise InvalidRecords(issues, [*other_forms(folder, files)])
    return files


def other_forms(folder: Path, files: Mapping[str, Path]) -> Iterator[Issue]:
    """Note files that bear the name of a table and are not read, such as workbooks."""
    read = {path.name for path in files.values()}
    for name in sorted(path.name for path in folder.iterdir()):
        table = None if name in read else table_of(name, COLUMNS)
        if table is not None:
            details = {"table": table, "file": shown_name(name)}
            yield Issue(code="table_in_other_form", details=details, file=shown_name(name))


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a file.

    Raises:
        InvalidRecords: There are none, or the text is not of its form.
        pyarrow.ArrowException: It is no such file.
    """
    if path.suffix == ".csv":
        return [name.strip() for name in _first_row(path)[1]]
    # (the stubs of pyarrow leave some options of these functions without types)
    names: list[str] = parquet.read_schema(path).names  # pyright: ignore[reportUnknownMemberType]
    return names


def _first_row(path: Path) -> tuple[int, list[str]]:
    """Return the first row of a CSV file in which something stands, and its number."""
    try:
        with _lines(path) as lines:
            return next(filled_rows(lines, path.stat().st_size))
    except StopIteration:
        raise InvalidRecords([Issue(code="missing_header", file=path.name)]) from None
    except QuotingError as error:
        raise InvalidRecords([_of_row("bad_quoting", path, error.row, why=error.why)]) from None
    except UnicodeDecodeError:
        _is_plain(path)
        raise  # pragma: no cover (the line before says where)


def _lines(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


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
        InvalidRecords: The text is not of its form.
        pyarrow.ArrowException: It is no such file.
    """
    if path.suffix != ".csv":
        return path
    copy = scratch / f"{name}.parquet"
    known = {"institution_id", *COLUMNS[name]}
    wanted = {column: index for index, column in enumerate(header) if column in known}
    if not (_is_plain(path) and _copied_quickly(path, wanted, copy)):
        _copy_carefully(path, wanted, copy)
    return copy


_QUOTED: Final = re.compile(
    rb"""
    (?: [^"]++                                          # nothing to do with quoting
      | (?<=[^,\r\n])"                                  # a mark inside a cell is a sign like others
      | (?<![^,\r\n])"[^"]*+(?:""[^"]*+)*+"(?![^,\r\n]) # a quoted cell, whole
    )*+""",
    re.VERBOSE,
)


def _is_plain(path: Path) -> bool:
    """Whether Arrow, which is quick, reads a text as the standard has it.

    It does not mind quotation marks that are not in pairs, nor a line that ends in a carriage return.

    Raises:
        InvalidRecords: The text is not UTF-8, or has a NUL character.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    returns = lines = 0
    is_long = False
    rest = b""  # of a row that is not complete, or of a cell that is not closed
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            _check_text(decoder, block, lines, path)
            lines += block.count(b"\n")
            chunk = rest + block
            end = chunk.rfind(b"\n") + 1 if block else len(chunk)
            if b'"' in chunk:
                found = _QUOTED.match(chunk, 0, end)
                end = 0 if found is None else found.end()
            returns += chunk.count(b"\r", 0, end) - chunk.count(b"\r\n", 0, end)
            rest = chunk[end:]
            if not block:
                return not (rest or returns or is_long)
            if len(rest) > 2 * _BLOCK:
                rest, is_long = b"", True


def _check_text(decoder: codecs.IncrementalDecoder, block: bytes, lines: int, path: Path) -> None:
    """Refuse what is no text, with the line as spreadsheet programs number it."""
    try:
        if decoder.getstate()[0] or not block.isascii() or not block:
            decoder.decode(block, final=not block)
    except UnicodeDecodeError as error:
        code, strange = "not_utf8", error.object[: error.start]
    else:
        if b"\0" not in block:
            return
        code, strange = "nul_character", block[: block.index(b"\0")]
    with path.open("rb") as file:
        what = container(file.read(_BLOCK))
    if what is not None:
        raise InvalidRecords([Issue(code="not_text", details={"what": what}, file=path.name)])
    raise InvalidRecords([Issue(code=code, file=path.name, row=lines + strange.count(b"\n") + 1)])


def _copied_quickly(path: Path, wanted: Mapping[str, int], copy: Path) -> bool:
    """Copy the wanted columns with Arrow; return whether there was nothing to look at more closely."""
    number, written = _first_row(path)
    if number > 1:  # Arrow would take the row before for the header
        return False
    columns = [written[index] for index in wanted.values()]
    types = dict.fromkeys(columns, pa.string())
    schema = pa.schema([(column, pa.string()) for column in wanted])
    try:
        with (
            csv.open_csv(
                path,
                read_options=csv.ReadOptions(block_size=_BLOCK),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=csv.ConvertOptions(column_types=types, include_columns=columns),
            ) as reader,
            parquet.ParquetWriter(copy, schema) as writer,
        ):
            arrow: Any = compute  # the stubs know no texts beside columns
            for batch in reader:
                ids = cast("Any", batch).column([*wanted].index("institution_id"))
                if arrow.any(arrow.equal(arrow.utf8_trim_whitespace(ids), "")).as_py():
                    return False  # a row in which nothing stands is none
                writer.write_batch(batch.rename_columns([*wanted]), row_group_size=_ROWS)
    except pa.ArrowInvalid:  # rows of other widths, or longer than a block
        return False
    return True


def _copy_carefully(path: Path, wanted: Mapping[str, int], copy: Path) -> None:
    """Copy the wanted columns by the rules and with the words of a single institution.

    Raises:
        InvalidRecords: Rows are not of their form.
    """
    strange = Listing(most=LISTED, by=["file"])

    def fitting(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[str]]:
        width, code = 0, "wrong_number_of_cells"
        for number, cells in rows:
            width = width or len(cells)
            if len(cells) == width:
                yield cells
            elif strange.has_room(code, file=path.name):
                strange.add(_of_row(code, path, number, cells=len(cells), columns=width))
            else:
                strange.leave_out(code, file=path.name)

    schema = pa.schema([(column, pa.string()) for column in wanted])
    with _lines(path) as lines, parquet.ParquetWriter(copy, schema) as writer:
        rows = fitting(filled_rows(lines, path.stat().st_size))
        try:
            next(rows)  # the header
            while some := [*itertools.islice(rows, _ROWS)]:
                columns = [
                    pa.array([cells[index] for cells in some], pa.string()) for index in wanted.values()
                ]
                writer.write_table(pa.table(columns, schema=schema))
        except QuotingError as error:
            strange.add(_of_row("bad_quoting", path, error.row, why=error.why))
    if strange.count:
        raise InvalidRecords(tuple(strange))


def _of_row(code: str, path: Path, row: int, **details: object) -> Issue:
    return Issue(code=code, details=details, file=path.name, row=row)
