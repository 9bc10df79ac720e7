"""Tables as they were published: a CSV file that is read strictly, whatever program wrote it.

Text is UTF-8 with or without a byte-order mark, or else Windows-1252, as older downloads are. The
cells are separated by commas, semicolons or tabs. Empty rows are passed over. Rows have the
numbers that a spreadsheet shows: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections import Counter
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from gatsbykit.errors import GatsbykitError
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.privacy import shown, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "HELD",
    "LISTED",
    "CsvTable",
    "NotPublishedError",
    "NumberedRow",
    "Table",
    "listed",
    "open_csv",
    "open_text",
]

HELD: Final = 32 * 1024 * 1024
"""A file of at most so many bytes is kept in memory, which takes about six times its size; a greater
one is read anew for each question, and only what is asked for is kept."""

LISTED: Final = 1000
"""How many errors of a file are listed; the rest are counted."""

NumberedRow = tuple[int, "Sequence[str]"]
"""The number of a row, and its cells."""

_BATCH: Final = 4096
_CHUNK: Final = 1 << 20
_HEAD: Final = 4096
_LONGEST_HEADER: Final = 100_000
_OTHER_FORMATS: Final = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive; open it and save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; open it and save the sheet as CSV"),
    (b"PAR1", "a Parquet file; open it with a data frame library and use published.from_frame"),
    (b"%PDF", "a PDF; the figures are published as CSV as well"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\xff\xfe", "text in UTF-16; save it as CSV in UTF-8"),
    (b"\xfe\xff", "text in UTF-16; save it as CSV in UTF-8"),
)


class NotPublishedError(GatsbykitError, ValueError):
    """A file is none of the published statistics; the message says what it looks like."""


class Table(Protocol):
    """What the readers ask of a table, wherever its rows are."""

    @property
    def name(self) -> str:
        """What to call it in messages."""
        raise NotImplementedError

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns as they are written."""
        raise NotImplementedError

    def distinct(self, column: int) -> Mapping[str, int]:
        """Return how often each text stands in a column."""
        raise NotImplementedError

    def rows(self, where: Mapping[int, Collection[str]] | None = None) -> Iterator[NumberedRow]:
        """Yield the rows, or those whose cells in some columns are among some texts."""
        raise NotImplementedError


class CsvTable:
    """A CSV file; see `open_csv`."""

    def __init__(
        self,
        name: str,
        columns: tuple[str, ...],
        delimiter: str,
        begin: Callable[[], TextIO],
        *,
        is_small: bool = True,
        path: Path | None = None,
        encoding: str = "utf-8-sig",
    ) -> None:
        self._name = name
        self._columns = columns
        self.delimiter = delimiter
        self._begin = begin
        self._is_small = is_small
        self.path = path
        self.encoding = encoding
        self._held: list[NumberedRow] | None = None
        self._distinct: list[Counter[str]] | None = None
        self._places: dict[int, dict[str, list[int]]] = {}

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
        if self._distinct is None:
            found: list[Counter[str]] = [Counter() for _ in self._columns]
            for batch in _batches(self.rows()):
                for counter, texts in zip(found, zip(*map(itemgetter(1), batch), strict=True), strict=True):
                    counter.update(texts)
            self._distinct = found
        return self._distinct[column]

    def rows(self, where: Mapping[int, Collection[str]] | None = None) -> Iterator[NumberedRow]:
        """Yield the rows, or those whose cells in some columns are among some texts."""
        wanted = {column: frozenset(texts) for column, texts in (where or {}).items()}
        if not wanted:
            yield from self._candidates(wanted)
            return
        # What fewest rows are likely to have is asked first.
        tests = sorted(wanted.items(), key=lambda item: len(item[1]) / max(1, len(self.distinct(item[0]))))
        for row in self._candidates(wanted):
            for column, texts in tests:
                if row[1][column] not in texts:
                    break
            else:
                yield row

    def _candidates(self, wanted: Mapping[int, frozenset[str]]) -> Iterable[NumberedRow]:
        held = self._hold()
        if held is None:
            return self._read()
        if not wanted:
            return held
        places = min((self._found(held, column, texts) for column, texts in wanted.items()), key=len)
        return (held[place] for place in places)

    def _found(self, held: list[NumberedRow], column: int, texts: frozenset[str]) -> list[int]:
        """Return where in the table that is kept some texts stand, in order."""
        if column not in self._places:
            index: dict[str, list[int]] = {}
            for place, (_, cells) in enumerate(held):
                index.setdefault(cells[column], []).append(place)
            self._places[column] = index
        index = self._places[column]
        return sorted(place for text in texts for place in index.get(text, ()))

    def _hold(self) -> list[NumberedRow] | None:
        if self._held is None and self._is_small:
            known: dict[str, str] = {}
            self._held = [
                (number, [known.setdefault(cell, cell) for cell in cells]) for number, cells in self._read()
            ]
        return self._held

    def _read(self) -> Iterator[NumberedRow]:
        """Read the file.

        Raises:
            InvalidRecords: Rows have too many cells or too few, or quotation marks are astray.
        """
        width = len(self._columns)
        strange: list[Issue] = []
        for number, cells in self._records():
            if len(cells) == width:
                if any(cells):
                    yield number, cells
            elif any(cells[width:]) or len(cells) < width:
                if any(cells):
                    strange.append(_wrong_width(self.name, number, len(cells), width))
            else:  # nothing but separators too many
                yield number, cells[:width]
        if strange:
            raise InvalidRecords(listed(strange))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        number = 1
        try:
            with self._begin() as file:
                reader = csv.reader(file, delimiter=self.delimiter, strict=True)
                next(reader, None)
                for number, cells in enumerate(reader, start=2):
                    yield number, cells
        except csv.Error as error:
            raise InvalidRecords([_bad_quote(self.name, number + 1, error)]) from None


def open_csv(path: Path) -> CsvTable:
    """Open a CSV file, and read its header.

    Raises:
        NotPublishedError: It is no CSV file; the message says what it looks like.
        InvalidRecords: It cannot be read.
    """
    name = shown_name(path.name)
    if path.is_dir():
        raise NotPublishedError(
            f"{name} is a folder; an institution's folder is read by gatsbykit.load, "
            "published statistics one file at a time"
        )
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise FileNotFoundError
        with path.open("rb") as file:
            start = file.read(_HEAD)
            size = os.fstat(file.fileno()).st_size
    except OSError:
        raise InvalidRecords([Issue(code="missing_file", file=name)]) from None
    _refuse_other_formats(name, start, size)
    encoding = _encoding(path)
    begin = partial(path.open, encoding=encoding, newline="")
    with begin() as text:
        header, delimiter = _header(name, text)
    return CsvTable(name, header, delimiter, begin, is_small=size <= HELD, path=path, encoding=encoding)


def open_text(text: str, name: str) -> CsvTable:
    """Open the text of a CSV file, and read its header.

    Raises:
        NotPublishedError: It is no CSV file.
    """
    begin = partial(io.StringIO, text.removeprefix("\ufeff"), newline="")
    name = shown_name(name)
    _refuse_other_formats(name, text[:_HEAD].encode("utf-8", "replace"), len(text))
    with begin() as file:
        header, delimiter = _header(name, file)
    return CsvTable(name, header, delimiter, begin)


def _refuse_other_formats(name: str, start: bytes, size: int) -> None:
    if not size:
        raise NotPublishedError(f"{name} is empty")
    for magic, words in _OTHER_FORMATS:
        if start.startswith(magic):
            raise NotPublishedError(f"{name} is no CSV file; it looks like {words}")
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if text.startswith(b"<"):
        raise NotPublishedError(f"{name} is no CSV file; it looks like a web page or XML")
    if text.startswith((b"{", b"[")):
        raise NotPublishedError(
            f"{name} is no CSV file; it looks like JSON (a document of the exchange format is read by "
            "gatsbykit.load)"
        )
    if b"\0" in start:
        raise NotPublishedError(f"{name} is no CSV file; it is not text")


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        decode = codecs.getincrementaldecoder(encoding)().decode
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decode(chunk)
            decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InvalidRecords([Issue(code="not_utf8", file=shown_name(path.name))])


def _header(name: str, file: TextIO) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns and what separates them."""
    line = file.readline(_LONGEST_HEADER)
    while line and not line.strip(' ,;\t\r\n"'):
        raise NotPublishedError(f"{name} begins with an empty row where the names of the columns should be")
    found = [_split(line, delimiter) for delimiter in ",;\t"]
    widths = [len(names) for names in found]
    best = widths.index(max(widths))
    if widths[best] < 2:
        raise NotPublishedError(f"{name} is no table: its first row is not a row of names of columns")
    return found[best], ",;\t"[best]


def _split(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True)))
    except csv.Error:  # with another separator, a quotation mark stands where none may
        return ()


def _batches(rows: Iterator[NumberedRow]) -> Iterator[list[NumberedRow]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _wrong_width(name: str, number: int, cells: int, width: int) -> Issue:
    return Issue(
        code="wrong_number_of_cells", details={"cells": cells, "columns": width}, file=name, row=number
    )


def _bad_quote(name: str, number: int, error: csv.Error) -> Issue:
    return Issue(
        code="unreadable_row",
        details={"why": shown(str(error))},
        file=name,
        row=number,
    )


def listed(issues: Iterable[Issue]) -> list[Issue]:
    """Return the first of many errors of each kind, and how many there are more."""
    listing = Listing(most=LISTED, by=["file"])
    for issue in issues:
        listing.add(issue)
    return list(listing)
