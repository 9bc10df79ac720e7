"""Establishments as Get Information About Schools lists them, and the national averages of benchmarks."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.model.identifiers import Laestab, Ukprn, Urn
from gatsbykit.published.figures import Cell, Figure, decimals_of, read_cell
from gatsbykit.published.layouts import Kind, layouts
from gatsbykit.published.readers import Cells, FlatReader
from gatsbykit.published.rows import Period, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gatsbykit.published.tables import Table

__all__ = ["AverageReader", "Establishment", "averages_reader", "register_reader"]

_NO_YEAR: Final = "a register names no year; it is of the day on which it was downloaded"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Establishment:
    r"""A school or college of the register.

    Args:
        urn: Unique reference number.
        name: Its name.
        ukprn: UK provider reference number, if it has one.
        laestab: DfE number, if it has one.
        authority: The three-digit code of the local authority.
        type_code: The published code of the type, two digits (``34`` is an academy converter); the
            numbers that the service itself uses inside are others.
        type_name: The type in words.
        status: Open, closed and so on, in words.
        phase: The phase of education in words.
        low_age: The least age of pupils by law.
        high_age: The greatest.
        has_sixth_form: Whether it has a sixth form.
        pupils: How many pupils it has.
        percent_fsm: The percentage eligible for free school meals.
        opened: The day on which it opened.
        closed: The day on which it closed.

    Examples:
        >>> from gatsbykit import published
        >>> text = "URN,EstablishmentName,TypeOfEstablishment (code)\n100000,The Aldgate School,2\n"
        >>> school = Establishment.of(published.read_text(text).one(urn="100000"))
        >>> school.name, school.type_code, school.pupils is None
        ('The Aldgate School', '02', True)
    """

    urn: Urn
    name: str
    ukprn: Ukprn | None = None
    laestab: Laestab | None = None
    authority: str = ""
    type_code: str = ""
    type_name: str = ""
    status: str = ""
    phase: str = ""
    low_age: int | None = None
    high_age: int | None = None
    has_sixth_form: bool | None = None
    pupils: int | None = None
    percent_fsm: Decimal | None = None
    opened: datetime.date | None = None
    closed: datetime.date | None = None

    @classmethod
    def of(cls, row: Row) -> Establishment:
        """Read a row of an extract; columns that it lacks are unknown."""
        said = {name: text.strip() for name, text in row.dimensions.items()}
        authority, number = said.get("la (code)", ""), said.get("establishmentnumber", "")
        laestab = f"{authority}{number.zfill(4)}" if authority and number else ""
        ukprn, kind = said.get("ukprn", ""), said.get("typeofestablishment (code)", "")
        return cls(
            urn=Urn.parse(said["urn"]),
            name=said["establishmentname"],
            ukprn=Ukprn.parse(ukprn) if Ukprn.is_valid(ukprn) else None,
            laestab=Laestab.parse(laestab) if Laestab.is_valid(laestab) else None,
            authority=authority,
            type_code=kind.zfill(2) if kind else "",
            type_name=said.get("typeofestablishment (name)", ""),
            status=said.get("establishmentstatus (name)", ""),
            phase=said.get("phaseofeducation (name)", ""),
            low_age=_whole(row, "statutorylowage"),
            high_age=_whole(row, "statutoryhighage"),
            has_sixth_form={"1": True, "2": False}.get(said.get("officialsixthform (code)", "")),
            pupils=_whole(row, "numberofpupils"),
            percent_fsm=_number(row, "percentagefsm"),
            opened=_day(said.get("opendate", "")),
            closed=_day(said.get("closedate", "")),
        )


def _value(row: Row, name: str) -> Cell:
    figure = row.figures.get(name)
    return None if figure is None else figure.percent if figure.value is None else figure.value


def _whole(row: Row, name: str) -> int | None:
    value = _value(row, name)
    return value if isinstance(value, int) else None


def _number(row: Row, name: str) -> Decimal | None:
    value = _value(row, name)
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _day(text: str) -> datetime.date | None:
    """Read a date as the register writes it, day first."""
    found = re.fullmatch(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})", text)
    if found is None:
        return None
    try:
        return datetime.date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def register_reader(table: Table, more: Collection[str]) -> FlatReader:
    """Return the reader of an extract of the register, whatever columns it has."""
    wanted = layouts()["gias"]["figures"]
    figures = [place for place, column in enumerate(table.columns) if column.strip().casefold() in wanted]
    return FlatReader(
        Kind.GIAS,
        table,
        Cells(table, figures, more),
        period=_extract_period,
        year_column=None,
        is_percent="percentagefsm".__eq__,
    )


def _extract_period(_: str) -> Period:
    return Period(written="", label="on the day of the extract", why_unknown=_NO_YEAR)


_REMARK: Final = re.compile(r"(.*?)\s*\((.*)\)\s*")
_YEARS: Final = re.compile(r"([0-9]{4}/[0-9]{2})\b.*")


def _remarked(text: str, more: Collection[str]) -> Cell:
    """Read a cell that may have a remark in brackets after the number."""
    found = _REMARK.fullmatch(text)
    return read_cell(text if found is None else found[1], more)


class AverageReader(FlatReader):
    """National averages: each with the decimals that its source gives."""

    def _figure(self, column: int, text: str) -> Figure:
        cell = self.cells[text]
        return Figure(name=self.keys[column], value=cell, decimals=decimals_of(cell))

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        row = super()._row(number, cells)
        texts = (cells[column] for column in self.cells.figures)
        remarks = "; ".join(found[2] for text in texts if (found := _REMARK.fullmatch(text)))
        return attrs.evolve(row, dimensions={**row.dimensions, "remark": remarks})


def averages_reader(table: Table, more: Collection[str]) -> FlatReader:
    """Return the reader of national averages of benchmarks achieved."""
    keys = [column.strip().casefold() for column in table.columns]
    figures = [keys.index("average_benchmarks_achieved_of_8")]
    return AverageReader(
        Kind.NATIONAL_AVERAGES,
        table,
        Cells(table, figures, more, _remarked),
        period=_average_period,
        year_column="academic_year",
        is_percent=_never,
    )


def _average_period(text: str) -> Period:
    found = _YEARS.fullmatch(text)
    try:
        label = str(AcademicYear.parse(found[1])) if found is not None else text
    except ValueError:
        label = text
    return Period(written=text, label=label, why_unknown="benchmarks are of an institution, not of leavers")


def _never(_: str) -> bool:
    return False
