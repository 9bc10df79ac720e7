"""Explore Education Statistics: destinations in pairs of rows, one of numbers and one of percentages.

`time_period` changed its meaning between releases: in the older files on key stage 4 it is the year
in which destinations were seen, in the newer ones the year in which the cohort left. Three things
tell which: the names of the columns about benefits, whether `data_type` speaks of pupils or of
students (key stage 4 alone), and the size of national cohorts that were published in both ways.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.privacy import shown
from gatsbykit.published.figures import Figure
from gatsbykit.published.layouts import Kind, column_key, layouts
from gatsbykit.published.readers import Cells, FlatReader, Reader, numeric_columns
from gatsbykit.published.rows import Period, Row
from gatsbykit.published.tables import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gatsbykit.published.tables import Table

__all__ = ["Convention", "DestinationReader", "destination_reader", "other_reader", "recognise"]

Convention = Literal["cohort", "destination"]
"""What `time_period` is: the year in which the cohort left, or in which destinations were seen."""

_SIX: Final = re.compile(r"[0-9]{6}")
_FOUR: Final = re.compile(r"[0-9]{4}")
_ASK: Final = (
    "the file does not tell whether time_period is the year in which the cohort left or the one in which "
    "destinations were seen; say so: published.read(path, time_period='cohort') or 'destination'"
)


def recognise(keys: frozenset[str]) -> Kind | None:
    """Return what kind of file of Explore Education Statistics has these columns, if any.

    Examples:
        >>> required = frozenset(layouts()["explore_education"]["required"])
        >>> recognise(required | {"data_type", "cohort", "education", "all_work", "cohort_level"})
        <Kind.EES_16_18: 'ees_16_18'>
        >>> recognise(required - {"country_code"}) is None
        True
    """
    if not keys.issuperset(layouts()["explore_education"]["required"]):
        return None
    if keys.issuperset(layouts()["neet"]["required"]):
        return Kind.NEET
    if keys.issuperset({"data_type", "cohort", "education", "all_work"}):
        return (
            Kind.EES_16_18 if keys & {"cohort_level", "cohort_level_group", "fel3"} else Kind.EES_KEY_STAGE_4
        )
    return Kind.EES_OTHER


def figure_columns(table: Table, *, destinations: bool) -> list[int]:
    """Return the columns of figures: the known ones, and unknown ones that hold numbers alone."""
    layout = layouts()["explore_education"]
    keys = [column_key(column) for column in table.columns]
    known = set(layout["destination_figures"]) if destinations else set[str]()
    unknown = [
        place
        for place, key in enumerate(keys)
        if key and key not in known and key not in layout["dimensions"]
    ]
    numeric = {*numeric_columns(table, unknown)}
    return [place for place, key in enumerate(keys) if key in known or place in numeric]


def period_label(text: str) -> str | None:
    """Return a time period for people, or ``None`` if it is none.

    Examples:
        >>> period_label("202223"), period_label("199900"), period_label("2022"), period_label("202224")
        ('2022/23', '1999/00', '2022', None)
    """
    if _FOUR.fullmatch(text):
        return text
    if _SIX.fullmatch(text) and (int(text[:4]) + 1) % 100 == int(text[4:]):
        return f"{text[:4]}/{text[4:]}"
    return None


def check_periods(table: Table, place: int) -> None:
    """Refuse a file with a time period that is none."""
    bad = {text for text in table.distinct(place) if period_label(text) is None}
    if bad:
        issues = [
            Issue(
                code="not_a_period",
                file=table.name,
                row=number,
                column="time_period",
                cell=shown(cells[place]),
            )
            for number, cells in table.rows({place: bad})
        ]
        raise InvalidRecords(listed(issues))


class DestinationReader(Reader):
    """Destinations: rows that differ in `data_type` alone are one observation.

    Args:
        kind: Key stage 4 or 16-18.
        table: The table.
        cells: Its figures.
        convention: What `time_period` is; ``None`` where that is not known.
    """

    def __init__(self, kind: Kind, table: Table, cells: Cells, convention: Convention | None) -> None:
        super().__init__(kind, table, cells)
        self._year = self.keys.index("time_period")
        self._type = self.keys.index("data_type")
        self._kinds = _data_types(table, self._type)
        self._convention = self._settle(convention)
        figures = {*cells.figures}
        self._places = {
            key: column
            for column, key in enumerate(self.keys)
            if key and column not in figures and column != self._type
        }
        always = layouts()["explore_education"]["always_counts"]
        self._shares = [column for column in cells.figures if self.keys[column] not in always]
        self._decimals = cells.decimals(self._shares)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are set apart by."""
        return tuple(self._places)

    def values(self, dimension: str) -> Collection[str]:
        """Return what stands in a dimension."""
        return self.table.distinct(self._places[dimension])

    def periods(self) -> Collection[Period]:
        """Return the years that there are figures for."""
        return [self._period(text) for text in sorted(self.table.distinct(self._year))]

    def _period(self, text: str) -> Period:
        label = f"{text[:4]}/{text[4:]}" if len(text) == 6 else text
        if self._convention is None or len(text) != 6:
            return Period(written=text, label=label, why_unknown=_ASK)
        year = AcademicYear(int(text[:4]))
        cohort = year if self._convention == "cohort" else year.plus(-1)
        return Period(written=text, label=label, cohort=cohort, destination=cohort.plus(1))

    def observations(
        self, where: Mapping[str, Collection[str]], periods: Collection[Period] | None
    ) -> Iterator[Row]:
        """Yield the observations, each of a row of numbers and one of percentages."""
        wanted = {self._places[name]: texts for name, texts in where.items()}
        if periods is not None:
            written = {period.written for period in periods}
            wanted[self._year] = written.intersection(wanted.get(self._year, written))
        waiting: dict[tuple[str, ...], list[tuple[int, Sequence[str]]]] = {}
        places = tuple(self._places.values())
        for number, cells in self.table.rows(wanted):
            key = tuple(cells[place] for place in places)
            pair = waiting.setdefault(key, [])
            if any(other[self._type] == cells[self._type] for _, other in pair):
                self._note_repeated(number)
                yield self._row([(number, cells)])
                continue
            pair.append((number, cells))
            if len(pair) == len(self._kinds):
                yield self._row(pair)
                waiting[key] = []
        for pair in waiting.values():
            if pair:
                yield self._row(pair)

    def _note_repeated(self, number: int) -> None:
        note = f"{self.table.name}, row {number}: another row says it is about the same; both are kept"
        if note not in self.notes:
            self.notes.append(note)

    def _row(self, pair: Sequence[tuple[int, Sequence[str]]]) -> Row:
        cells = pair[0][1]
        of_kind = {self._kinds[cells[self._type]]: cells for _, cells in pair}
        return Row(
            numbers=tuple(number for number, _ in pair),
            period=self._period(cells[self._year]),
            dimensions={name: cells[place] for name, place in self._places.items()},
            figures={self.keys[column]: self._figure(column, of_kind) for column in self.cells.figures},
        )

    def _figure(self, column: int, of_kind: Mapping[str, Sequence[str]]) -> Figure:
        name = self.keys[column]
        counts, percents = of_kind.get("count"), of_kind.get("percent")
        any_kind = counts or percents or ()
        if column not in self._shares:  # stays a count in rows of percentages
            return Figure(name=name, count=self.cells[any_kind[column]])
        base = self.keys.index("cohort")
        return Figure(
            name=name,
            count=None if counts is None else self.cells[counts[column]],
            percent=None if percents is None else self.cells[percents[column]],
            base=self.cells[any_kind[base]],
            decimals=self._decimals,
        )

    def _settle(self, given: Convention | None) -> Convention | None:
        """Return what `time_period` is: what the caller says, or else what all that tells agrees on."""
        said: set[Convention] = {*self._from_columns(), *self._from_words(), *self._from_sizes()}
        if given is not None:
            if said - {given}:
                self.notes.append(
                    f"{self.table.name}: time_period is read as the {given} year, as you say; "
                    f"by its columns, words or sizes it is the {' or '.join(sorted(said))} year"
                )
            return given
        if len(said) == 1:
            return said.pop()
        why = "what tells the convention contradicts itself" if said else "nothing tells the convention"
        self.notes.append(f"{self.table.name}: {why} of time_period. {_ASK}")
        return None

    def _from_columns(self) -> Iterator[Convention]:
        written = {column.strip().casefold() for column in self.table.columns}
        if written & {"notsust_ben", "only_ben"}:
            yield "cohort"
        if written & {"notsust_beneet", "only_beneet"}:
            yield "destination"

    def _from_words(self) -> Iterator[Convention]:
        words = {text.casefold() for text in self._kinds} if self.kind is Kind.EES_KEY_STAGE_4 else set[str]()
        if "number of students" in words:
            yield "cohort"
        if "number of pupils" in words:
            yield "destination"

    def _from_sizes(self) -> Iterator[Convention]:
        """Look for national cohorts of a known size; the year says how it is meant."""
        needed = {"institution_group", "institution_type", "breakdown_topic", "breakdown", "geographic_level"}
        if self.kind is not Kind.EES_KEY_STAGE_4 or not needed.issubset(self.keys):
            return
        if "National" not in self.table.distinct(self.keys.index("geographic_level")):
            return
        known: dict[str, int] = layouts()["explore_education"]["known_cohorts"]
        place = {key: self.keys.index(key) for key in (*needed, "cohort")}
        where = {
            place["geographic_level"]: ["National"],
            place["institution_group"]: ["State-funded mainstream schools"],
            place["institution_type"]: ["Total"],
            place["breakdown_topic"]: ["Total"],
        }
        for _, cells in self.table.rows(where):
            size, year = self.cells[cells[place["cohort"]]], period_label(cells[self._year]) or ""
            cohort_of = {count: label for label, count in known.items()}.get(
                size if isinstance(size, int) else -1
            )
            if cohort_of is not None:
                after = str(AcademicYear.parse(cohort_of).plus(1))
                if year == cohort_of:
                    yield "cohort"
                elif year == after:
                    yield "destination"


def _data_types(table: Table, place: int) -> dict[str, str]:
    """Return for each text in `data_type` whether it announces counts or percentages."""
    found: dict[str, str] = {}
    bad: set[str] = set()
    for text in table.distinct(place):
        words = text.casefold()
        if words.startswith("number"):
            found[text] = "count"
        elif words.startswith("percent"):
            found[text] = "percent"
        else:
            bad.add(text)
    if bad:
        issues = [
            Issue(
                code="unknown_data_type",
                file=table.name,
                row=number,
                column="data_type",
                cell=shown(cells[place]),
            )
            for number, cells in table.rows({place: bad})
        ]
        raise InvalidRecords(listed(issues))
    return found


def destination_reader(
    kind: Kind, table: Table, more: Collection[str], convention: Convention | None
) -> DestinationReader:
    """Return the reader of a file on destinations."""
    keys = [column_key(column) for column in table.columns]
    check_periods(table, keys.index("time_period"))
    cells = Cells(table, figure_columns(table, destinations=True), more)
    return DestinationReader(kind, table, cells, convention)


def other_reader(kind: Kind, table: Table, more: Collection[str]) -> FlatReader:
    """Return the reader of any other file of Explore Education Statistics, NEET tables included."""
    keys = [column_key(column) for column in table.columns]
    check_periods(table, keys.index("time_period"))
    cells = Cells(table, figure_columns(table, destinations=False), more)
    return FlatReader(
        kind,
        table,
        cells,
        period=_other_period,
        year_column="time_period",
        is_percent=partial(_is_percent, kind, table, cells),
    )


def _other_period(text: str) -> Period:
    why = "this file is not about a cohort of leavers, or does not say how its years are meant"
    return Period(written=text, label=period_label(text) or text, why_unknown=why)


_CHANGE: Final = re.compile(r"change|ppts|quintile|cohort_djf")
_NEET_PERCENTS: Final = frozenset({"level_3", "l2_em_gcse_othl2", "pt_l2basics_94", "vg_cohort_percentage"})


def _is_percent(kind: Kind, table: Table, cells: Cells, key: str) -> bool:
    if _CHANGE.search(key):
        return False
    named = (
        "percent" in key or key.endswith(("_pct", "_perc")) or (kind is Kind.NEET and key in _NEET_PERCENTS)
    )
    return named and _within_a_hundred(table, cells, key)


def _within_a_hundred(table: Table, cells: Cells, key: str) -> bool:
    place = next(place for place in cells.figures if column_key(table.columns[place]) == key)
    numbers = (cells[text] for text in table.distinct(place))
    return all(0 <= number <= 100 for number in numbers if isinstance(number, int | Decimal))
