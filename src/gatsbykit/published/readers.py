"""How each kind of file is read: which columns are figures, and which rows belong together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.privacy import shown
from gatsbykit.published.figures import Cell, Figure, decimals_of, read_cell
from gatsbykit.published.layouts import Kind, column_key
from gatsbykit.published.rows import Period, Row
from gatsbykit.published.symbols import SYMBOLS
from gatsbykit.published.tables import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from gatsbykit.published.tables import Table

__all__ = ["Cells", "FlatReader", "Reader", "is_code", "numeric_columns"]

_CODES: Final = ("_code", "_id", "urn", "ukprn", "laestab", "(code)", "estab", "uprn", "time_period")


class Cells:
    """The cells of a table as values; each text is read once.

    Args:
        table: The table.
        figures: The columns that hold figures.
        more: Further signs that the caller vouches for.
        read: How a cell is read.
    """

    def __init__(
        self,
        table: Table,
        figures: Sequence[int],
        more: Collection[str] = (),
        read: Callable[[str, Collection[str]], Cell] = read_cell,
    ) -> None:
        self.table = table
        self.figures = tuple(figures)
        self.known: dict[str, Cell] = {}
        bad: dict[int, set[str]] = {}
        for column in figures:
            for text in table.distinct(column):
                if text not in self.known:
                    try:
                        self.known[text] = read(text, more)
                    except ValueError:
                        bad.setdefault(column, set()).add(text)
        if bad:
            raise InvalidRecords(listed(self._complaints(bad)))

    def _complaints(self, bad: Mapping[int, set[str]]) -> Iterator[Issue]:
        for number, cells in self.table.rows():
            for column, texts in bad.items():
                if cells[column] in texts:
                    yield Issue(
                        code="unknown_symbol",
                        details={"symbols": " ".join(SYMBOLS)},
                        file=self.table.name,
                        row=number,
                        column=shown(self.table.columns[column]),
                        cell=shown(cells[column]),
                    )

    def __getitem__(self, text: str) -> Cell:
        return self.known[text]

    def decimals(self, columns: Iterable[int]) -> int:
        """Return the most decimals of the numbers in some columns: that is how they were rounded."""
        return max(
            (decimals_of(self.known[text]) for column in columns for text in self.table.distinct(column)),
            default=0,
        )


def is_code(column: str) -> bool:
    """Whether a column holds codes, which look like numbers and count nothing.

    Examples:
        >>> is_code("old_la_code"), is_code("school_urn"), is_code("cohort")
        (True, True, False)
    """
    return column_key(column).endswith(_CODES)


def numeric_columns(table: Table, among: Iterable[int]) -> list[int]:
    """Return the columns whose cells are numbers and symbols alone, with one of them at least."""
    return [column for column in among if not is_code(table.columns[column]) and _is_numeric(table, column)]


def _is_numeric(table: Table, column: int) -> bool:
    found = False
    for text in table.distinct(column):
        try:
            found |= read_cell(text) is not None
        except ValueError:
            return False
    return found


class Reader(ABC):
    """Turns the rows of a table into observations.

    Args:
        kind: What the file is.
        table: The table.
        cells: Its figures.
    """

    is_of_one_year = False
    """Whether figures of earlier years stand beside those of the file's own year only for comparison."""

    def __init__(self, kind: Kind, table: Table, cells: Cells) -> None:
        self.kind = kind
        self.table = table
        self.cells = cells
        self.keys = tuple(column_key(column) for column in table.columns)
        self.notes: list[str] = []

    @property
    @abstractmethod
    def dimensions(self) -> tuple[str, ...]:
        """What rows are set apart by."""

    @abstractmethod
    def values(self, dimension: str) -> Collection[str]:
        """Return what stands in a dimension."""

    @abstractmethod
    def periods(self) -> Collection[Period]:
        """Return the years that there are figures for."""

    def group_sums(self) -> Iterator[tuple[int, int, int]]:
        """Yield where the groups of a cohort stand in one row: the row, the cohort, and their sum."""
        return iter(())

    @abstractmethod
    def observations(
        self, where: Mapping[str, Collection[str]], periods: Collection[Period] | None
    ) -> Iterator[Row]:
        """Yield the observations whose dimensions are among some texts, of some years or of all."""


class FlatReader(Reader):
    """A table with one row an observation.

    Args:
        kind: What the file is.
        table: The table.
        cells: Its figures.
        period: Returns the year of a text in the column of years.
        year_column: The key of that column; ``None`` where there is none.
        is_percent: Whether a column, by its key, holds percentages.
    """

    def __init__(
        self,
        kind: Kind,
        table: Table,
        cells: Cells,
        *,
        period: Callable[[str], Period],
        year_column: str | None,
        is_percent: Callable[[str], bool],
    ) -> None:
        super().__init__(kind, table, cells)
        self._period = period
        self._year = None if year_column is None else self.keys.index(year_column)
        self._places = {
            key: column for column, key in enumerate(self.keys) if column not in cells.figures and key
        }
        self._percents = {column for column in cells.figures if is_percent(self.keys[column])}
        self._decimals = {column: cells.decimals([column]) for column in self._percents}

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are set apart by."""
        return tuple(self._places)

    def values(self, dimension: str) -> Collection[str]:
        """Return what stands in a dimension."""
        return self.table.distinct(self._places[dimension])

    def periods(self) -> Collection[Period]:
        """Return the years that there are figures for."""
        texts = [""] if self._year is None else self.table.distinct(self._year)
        return [self._period(text) for text in texts]

    def observations(
        self, where: Mapping[str, Collection[str]], periods: Collection[Period] | None
    ) -> Iterator[Row]:
        """Yield the observations whose dimensions are among some texts, of some years or of all."""
        wanted = {self._places[name]: texts for name, texts in where.items()}
        if periods is not None and self._year is not None:
            wanted[self._year] = {period.written for period in periods}
        for number, cells in self.table.rows(wanted):
            yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        return Row(
            numbers=(number,),
            period=self._period("" if self._year is None else cells[self._year]),
            dimensions={name: cells[column] for name, column in self._places.items()},
            figures={self.keys[column]: self._figure(column, cells[column]) for column in self.cells.figures},
        )

    def _figure(self, column: int, text: str) -> Figure:
        cell, name = self.cells[text], self.keys[column]
        if column in self._percents:
            return Figure(name=name, percent=cell, decimals=self._decimals[column])
        return Figure(name=name, value=cell)
