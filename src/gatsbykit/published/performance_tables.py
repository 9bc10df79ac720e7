"""School and college performance tables: one wide row a school, groups and years in the names of columns.

``OVERALL_DESTPER_DIS_18`` is a percentage (``PER``) of the disadvantaged (``DIS``), as it stood in the
tables of 2017-18; without digits it is of this year's tables. The files name no year of their own, so
the newest of the earlier ones tells which tables they are, and these hold the leavers of two years
before (of three, for progression to higher education).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.published.figures import Cell, Figure
from gatsbykit.published.layouts import Kind, layouts
from gatsbykit.published.readers import Cells, FlatReader, Reader, numeric_columns
from gatsbykit.published.rows import Period, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gatsbykit.published.tables import Table

__all__ = ["Measure", "WideReader", "census_reader", "parse_column", "recognise", "wide_reader"]

_LEVELS: Final = {
    "": "School",
    "1": "School",
    "2": "School",
    "LA": "Local authority",
    "NAT": "National",
    "4": "National",
    "5": "National",
}
"""By record type; 1 is mainstream and 2 special. A 3 means different things in different tables."""

_ASK: Final = (
    "performance tables name no year and this file has no figures of earlier tables to tell it by; say "
    "which: published.read(path, cohort_year='2016/17'), the year in which these pupils left"
)
_YEAR: Final = re.compile(r"(.*)_([0-9]{2})")


@attrs.frozen(kw_only=True, field_transformer=checked)
class Measure:
    """What a column holds.

    Args:
        figure: The figure.
        is_percent: Whether it is a percentage.
        group: Of whom.
        level: Of which level of qualification; empty at key stage 4.
        tables: The second year of the tables that it is of, two digits; ``None`` for this year's.
    """

    figure: str
    is_percent: bool
    group: str = "Total"
    level: str = ""
    tables: int | None = None


def parse_column(column: str) -> Measure | None:
    """Return what a column of the destination tables holds; ``None`` if that is not known.

    Examples:
        >>> parse_column("OVERALL_DESTPER_DIS_18")
        Measure(figure='overall', is_percent=True, group='Disadvantaged', level='', tables=18)
        >>> parse_column("tot_heper").level, parse_column("SCHNAME") is None
        ('Total', True)
    """
    layout = layouts()["performance_tables"]
    name, year = column.strip().upper(), None
    found = _YEAR.fullmatch(name)
    if found is not None:
        name, year = found[1], int(found[2])
    group = next((suffix for suffix in ("NONDIS", "DIS") if name.endswith(f"_{suffix}")), "")
    name = name.removesuffix(f"_{group}") if group else name
    for prefix, level in (*layout["levels"].items(), ("", "")):
        rest = name.removeprefix(f"{prefix}_") if prefix else name
        if prefix and rest == name:
            continue
        for stem, is_percent in ((rest, False), (rest.removesuffix("PER"), rest.endswith("PER"))):
            if stem in layout["names"]:
                return Measure(
                    figure=layout["names"][stem],
                    is_percent=is_percent,
                    group=layout["groups"][group],
                    level=level,
                    tables=year,
                )
    return None


def recognise(keys: frozenset[str]) -> Kind | None:
    """Return what kind of performance table has these columns, if any.

    Examples:
        >>> recognise(frozenset({"rectype", "urn", "cohort", "overall_destper"}))
        <Kind.PERFORMANCE_TABLES_KEY_STAGE_4: 'performance_tables_key_stage_4'>
        >>> recognise(frozenset({"urn", "nor", "numfsm"}))
        <Kind.PERFORMANCE_TABLES_CENSUS: 'performance_tables_census'>
    """
    if keys.issuperset(layouts()["census"]["required"]):
        return Kind.PERFORMANCE_TABLES_CENSUS
    if "urn" not in keys:
        return None
    if keys & {"overall_dest", "overall_destper"}:
        return Kind.PERFORMANCE_TABLES_KEY_STAGE_4
    if keys & {"tot_overallper", "tot_overall", "l3_overallper"}:
        return Kind.PERFORMANCE_TABLES_16_18
    if keys & {"all_progressed", "all_progressedper"}:
        return Kind.PERFORMANCE_TABLES_HE
    return None


_Slot = tuple[int | None, str, str]


class WideReader(Reader):
    """One row a school becomes an observation for each year, level and group.

    Args:
        kind: Which of the tables.
        table: The table.
        cells: Its figures.
        measures: By column, what it holds.
        cohort_year: The year in which the pupils of this year's figures left, if it was said.
    """

    is_of_one_year = True

    def __init__(
        self,
        kind: Kind,
        table: Table,
        cells: Cells,
        measures: Mapping[int, Measure],
        cohort_year: AcademicYear | None,
    ) -> None:
        super().__init__(kind, table, cells)
        self._slots: dict[_Slot, dict[str, dict[bool, int]]] = {}
        for column, one in measures.items():
            slot = self._slots.setdefault((one.tables, one.level, one.group), {})
            slot.setdefault(one.figure, {})[one.is_percent] = column
        self._places = {key: place for place, key in enumerate(self.keys) if key and place not in measures}
        self._lag: int = layouts()["performance_tables"]["lag"][kind]
        self._current = self._settle(cohort_year)
        percents = [column for column, one in measures.items() if one.is_percent]
        self._decimals = cells.decimals(percents)

    def _settle(self, given: AcademicYear | None) -> AcademicYear | None:
        """Return the cohort of this year's figures, from the newest of the earlier tables if nobody says."""
        earlier = [year for year, _, _ in self._slots if year is not None]
        told = AcademicYear(2000 + max(earlier) - self._lag) if earlier else None
        if given is not None and told not in (None, given):
            self.notes.append(
                f"{self.table.name}: read as the leavers of {given}, as you say; "
                f"by its earlier years they are those of {told}"
            )
        if given is None and told is None:
            self.notes.append(f"{self.table.name}: {_ASK}")
        return given or told

    def _period(self, tables: int | None) -> Period:
        cohort = self._current if tables is None else AcademicYear(1999 + tables - self._lag)
        if cohort is None:
            return Period(written="", label="year not known", why_unknown=_ASK)
        if self.kind is Kind.PERFORMANCE_TABLES_HE:
            why = "progression is counted over the two years after leaving"
            return Period(written="", label=str(cohort), cohort=cohort, why_unknown=why)
        return Period(written="", label=str(cohort), cohort=cohort, destination=cohort.plus(1))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What rows are set apart by."""
        added = ("geographic_level", "breakdown_topic", "breakdown")
        levels = ("cohort_level_group",) if self.kind is Kind.PERFORMANCE_TABLES_16_18 else ()
        return (*self._places, *added, *levels)

    def values(self, dimension: str) -> Collection[str]:
        """Return what stands in a dimension."""
        if dimension in self._places:
            return self.table.distinct(self._places[dimension])
        if dimension == "geographic_level":
            return {self._level(text) for text in self._record_types()}
        which = {"breakdown_topic": 2, "breakdown": 2, "cohort_level_group": 1}[dimension]
        found = dict.fromkeys(str(slot[which]) for slot in self._slots)
        return [_topic(value) for value in found] if dimension == "breakdown_topic" else list(found)

    def _record_types(self) -> Collection[str]:
        return self.table.distinct(self._places["rectype"]) if "rectype" in self._places else [""]

    def _level(self, record_type: str) -> str:
        return _LEVELS.get(record_type.strip().upper(), f"record type {record_type}")

    def periods(self) -> Collection[Period]:
        """Return the years that there are figures for."""
        years = {slot[0] for slot in self._slots}
        return sorted(map(self._period, years), key=lambda period: period.label)

    def observations(
        self, where: Mapping[str, Collection[str]], periods: Collection[Period] | None
    ) -> Iterator[Row]:
        """Yield the observations whose dimensions are among some texts, of some years or of all."""
        wanted = {self._places[name]: texts for name, texts in where.items() if name in self._places}
        made = {name: texts for name, texts in where.items() if name not in self._places}
        for number, cells in self.table.rows(wanted):
            for slot, figures in self._slots.items():
                period = self._period(slot[0])
                if periods is not None and period not in periods:
                    continue
                row = self._row(number, cells, slot, period, figures)
                if all(row.dimensions[name] in texts for name, texts in made.items()):
                    yield row

    def group_sums(self) -> Iterator[tuple[int, int, int]]:
        """Yield where both groups of a cohort are shown: the row, the cohort, and their sum."""
        columns = [
            self._slots.get((None, "", group), {}).get("cohort", {}).get(False)
            for group in layouts()["performance_tables"]["groups"].values()
        ]
        if None in columns:
            return
        for number, cells in self.table.rows():
            numbers = [self.cells[cells[column]] for column in columns if column is not None]
            whole = [number for number in numbers if isinstance(number, int)]
            if len(whole) == len(columns):
                yield number, whole[0], whole[1] + whole[2]

    def _row(
        self,
        number: int,
        cells: Sequence[str],
        slot: _Slot,
        period: Period,
        figures: Mapping[str, Mapping[bool, int]],
    ) -> Row:
        dimensions = {name: cells[place] for name, place in self._places.items()}
        dimensions["geographic_level"] = self._level(dimensions.get("rectype", ""))
        dimensions["breakdown_topic"], dimensions["breakdown"] = _topic(slot[2]), slot[2]
        if self.kind is Kind.PERFORMANCE_TABLES_16_18:
            dimensions["cohort_level_group"] = slot[1]
        base = figures.get("cohort", {}).get(False)
        of = None if base is None else self.cells[cells[base]]
        return Row(
            numbers=(number,),
            period=period,
            dimensions=dimensions,
            figures={name: self._figure(name, columns, cells, of) for name, columns in figures.items()},
        )

    def _figure(self, name: str, columns: Mapping[bool, int], cells: Sequence[str], base: Cell) -> Figure:
        def read(*, is_percent: bool) -> Cell:
            column = columns.get(is_percent)
            return None if column is None else self.cells[cells[column]]

        return Figure(
            name=name,
            count=read(is_percent=False),
            percent=read(is_percent=True),
            base=None if name == "cohort" else base,
            decimals=self._decimals,
        )


def _topic(group: str) -> str:
    return "Total" if group == "Total" else "Disadvantage Status"


def wide_reader(
    kind: Kind, table: Table, more: Collection[str], cohort_year: AcademicYear | None
) -> WideReader:
    """Return the reader of destination tables."""
    measures = {
        place: measure
        for place, column in enumerate(table.columns)
        if (measure := parse_column(column)) is not None
    }
    return WideReader(kind, table, Cells(table, list(measures), more), measures, cohort_year)


def census_reader(kind: Kind, table: Table, more: Collection[str]) -> FlatReader:
    """Return the reader of the schools' census figures."""
    keys = [column.strip().casefold() for column in table.columns]
    places = [
        place
        for place, key in enumerate(keys)
        if key not in {*layouts()["census"]["places"], *layouts()["performance_tables"]["places"]}
    ]
    cells = Cells(table, numeric_columns(table, places), more)
    is_percent = partial(_is_share_of_a_count, frozenset(keys))
    return FlatReader(kind, table, cells, period=_census_period, year_column=None, is_percent=is_percent)


def _is_share_of_a_count(counted: frozenset[str], key: str) -> bool:
    return key.startswith("p") and (key[1:] in counted or f"t{key[1:]}" in counted)


def _census_period(_: str) -> Period:
    return Period(written="", label="year not known", why_unknown="census tables name no year")
