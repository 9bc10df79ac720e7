"""Comma-separated text, and the cells of its columns.

A spreadsheet program runs a cell that begins with ``=``, ``+``, ``-`` or ``@``. When a folder is
written, a text that begins so gets an apostrophe before it, which keeps it a text, and when a
folder is read that apostrophe is taken away again: writing and reading change nothing. Ids are
left alone, since other programs compare them exactly.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.exchange.problems import Place, Problems, Unreadable
from gatsbykit.exchange.tables import Raws

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["CsvTable", "QuotingError", "filled_rows", "kept_as_text", "without_apostrophe"]

_APOSTROPHE: Final = "'"
_RUN_BY_SPREADSHEETS = re.compile(r"'*[=+\-@]")


def kept_as_text(text: str) -> str:
    """Return a text as a cell that no spreadsheet program runs.

    Examples:
        >>> kept_as_text("=1+1"), kept_as_text("Talk - engineers")
        ("'=1+1", 'Talk - engineers')
    """
    return text if _RUN_BY_SPREADSHEETS.match(text) is None else f"{_APOSTROPHE}{text}"


def without_apostrophe(cell: str) -> str:
    """Return the text that `kept_as_text` made a cell of.

    Examples:
        >>> without_apostrophe("'=1+1"), without_apostrophe("'tis")
        ('=1+1', "'tis")
    """
    is_kept = cell[:1] == _APOSTROPHE and _RUN_BY_SPREADSHEETS.match(cell) is not None
    return cell[1:] if is_kept else cell


def _csv_rows(lines: Iterable[str], length: int, separator: str = ",") -> Iterator[list[str]]:
    """Yield the rows of a CSV text by RFC 4180, those too in which nothing stands.

    Args:
        lines: The text, read without any change to its line ends.
        length: How long it is at most.
        separator: What stands between the cells.

    Raises:
        csv.Error: Quoting is broken. Nothing after it can be trusted.
    """
    # The csv module refuses long cells, up to a limit of the whole process; ours is the text itself.
    csv.field_size_limit(max(csv.field_size_limit(), length))
    return csv.reader(lines, strict=True, delimiter=separator)


def _is_blank(cells: Iterable[str]) -> bool:
    """Whether nothing stands in a row; spreadsheet programs write such rows, and they are none."""
    return not any(map(str.strip, cells))


class QuotingError(ValueError):
    """Quoting is broken in a row of a CSV text.

    Args:
        row: The row, as a spreadsheet program numbers it.
        why: What is wrong.
    """

    def __init__(self, row: int, why: csv.Error) -> None:
        super().__init__(row, why)
        self.row = row
        self.why = str(why)


def filled_rows(lines: Iterable[str], length: int) -> Iterator[tuple[int, list[str]]]:
    """Yield one after another the rows of a long CSV text in which something stands, with their numbers.

    Raises:
        QuotingError: Quoting is broken.
    """
    rows = _csv_rows(lines, length)
    for number in itertools.count(1):
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuotingError(number, error) from None
        if not _is_blank(cells):
            yield number, cells


class CsvTable:
    """The rows of a CSV text in which something stands; the first of them is the header.

    Args:
        text: The text.
        place: The file.
        problems: Where errors are noted.
        separator: What stands between the cells.
    """

    def __init__(self, text: str, place: Place, problems: Problems, separator: str = ",") -> None:
        self._place = place
        self._problems = problems
        self._broken: tuple[Place, Unreadable] | None = None
        self._rows: list[list[str]] = []
        try:
            self._rows.extend(_csv_rows(io.StringIO(text, newline=""), len(text), separator))
        except csv.Error as error:
            here = attrs.evolve(place, row=len(self._rows) + 1)
            self._broken = (here, Unreadable("bad_quoting", why=error))
        self._numbers: Sequence[int] = range(1, len(self._rows) + 1)
        # Between these two lie all signs of ASCII that can be seen.
        if not all(row and "!" <= row[0] < "\x7f" for row in self._rows):
            self._keep([not _is_blank(row) for row in self._rows])

    def _keep(self, wanted: Sequence[bool]) -> None:
        self._rows = [*itertools.compress(self._rows, wanted)]
        self._numbers = [*itertools.compress(self._numbers, wanted)]

    def header(self) -> list[str] | None:
        """Return the names of the columns as they are written; ``None`` after noting that there are none."""
        if self._rows:
            return self._rows[0]
        if self._broken is None:
            self._problems.error(self._place, "missing_header")
        else:
            self._problems.unreadable(*self._broken)
        return None

    def raws(self, positions: Mapping[str, int], names: Mapping[str, str] | None = None) -> Raws:
        """Return the rows below the header.

        Args:
            positions: By name of a column, where its cells stand.
            names: By column of the format, what the file calls it, where that differs.
        """
        width = len(self._rows[0])
        broken: list[tuple[int, Place, Unreadable]] = []
        if {*map(len, self._rows)} != {width}:
            fits = [len(cells) == width for cells in self._rows]
            before = itertools.accumulate(fits, initial=-1)  # the header is none of the rows
            for count, cells, number in zip(before, self._rows, self._numbers, strict=False):
                if len(cells) != width:
                    why = Unreadable("wrong_number_of_cells", cells=len(cells), columns=width)
                    broken.append((count, attrs.evolve(self._place, row=number), why))
            self._keep(fits)
        if self._broken is not None:
            broken.append((len(self._rows), *self._broken))
        numbers = self._numbers
        place = attrs.evolve(self._place, names=names or {})
        columns = [*zip(*self._rows[1:], strict=True)] or [()] * width
        return Raws(
            columns={name: columns[position] for name, position in positions.items()},
            count=len(self._rows) - 1,
            place=lambda index: attrs.evolve(place, row=numbers[index + 1]),
            clean=without_apostrophe,
            broken=broken,
        )

    @property
    def first(self) -> Place:
        """Where the header is."""
        return attrs.evolve(self._place, row=self._numbers[0])
