"""Rows: what is published about one group of people in one place for one year."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from gatsbykit.errors import GatsbykitError, NotFoundError
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.published.figures import Figure
from gatsbykit.published.layouts import column_key, layouts

__all__ = ["Period", "Row", "YearNotKnownError"]


class YearNotKnownError(GatsbykitError, ValueError):
    """A year was asked for that the file does not tell; the message says how to say it."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class Period:
    """What a figure is of: a year as it is written, and what that means.

    The year in which a cohort left and the year in which its destinations were seen are one year
    apart. Files call either of them the time period, so both are kept, and never one for the other.

    Args:
        written: The year as the file writes it; empty where it has none.
        label: The same for people.
        cohort: The academic year in which the cohort left, if it is known.
        destination: The academic year in which destinations were seen, if it is known.
        why_unknown: Why one of them is not known, and what to do.
    """

    written: str
    label: str
    cohort: AcademicYear | None = None
    destination: AcademicYear | None = None
    why_unknown: str = "this file has no cohorts of leavers"


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))


_NAMES: Final = {"employment": "all_work", "apprenticeship": "appren", "sustained": "overall"}


@attrs.frozen(kw_only=True)
class Row:
    """One observation: a place, a group, a year, and its figures.

    Args:
        numbers: The rows of the file that it was read from, as a spreadsheet numbers them.
        period: The year.
        dimensions: What sets it apart from other rows, by the name of the column in small letters.
        figures: Its figures, by name.
    """

    numbers: tuple[int, ...]
    period: Period
    dimensions: Mapping[str, str] = attrs.field(converter=_frozen, hash=False)
    figures: Mapping[str, Figure] = attrs.field(converter=_frozen, hash=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _row, (self.numbers, self.period, dict(self.dimensions), dict(self.figures))

    def __getitem__(self, name: str) -> Figure:
        """Return a figure by its name, or by the name of its column in the file.

        Raises:
            NotFoundError: There is no such figure in the file.
        """
        key = column_key(name)
        for candidate in (
            key,
            _NAMES.get(key, key),
            layouts()["performance_tables"]["names"].get(name.upper(), key),
        ):
            if candidate in self.figures:
                return self.figures[candidate]
        raise NotFoundError(f"there is no figure {name!r}; there are {', '.join(self.figures)}")

    def __contains__(self, name: str) -> bool:
        try:
            self[name]
        except NotFoundError:
            return False
        return True

    @property
    def cohort_year(self) -> str:
        """The academic year in which the cohort left, such as ``2022/23``.

        Raises:
            YearNotKnownError: The file does not tell.
        """
        return self._year(self.period.cohort)

    @property
    def destination_year(self) -> str:
        """The academic year in which the destinations were seen.

        Raises:
            YearNotKnownError: The file does not tell.
        """
        return self._year(self.period.destination)

    def _year(self, year: AcademicYear | None) -> str:
        if year is None:
            raise YearNotKnownError(self.period.why_unknown)
        return str(year)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data."""
        cohort, destination = self.period.cohort, self.period.destination
        return {
            "rows": list(self.numbers),
            "period": self.period.label,
            "cohort_year": None if cohort is None else str(cohort),
            "destination_year": None if destination is None else str(destination),
            "dimensions": dict(self.dimensions),
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
        }


def _row(
    numbers: tuple[int, ...], period: Period, dimensions: Mapping[str, str], figures: Mapping[str, Figure]
) -> Row:
    """Make a row again in another process; its mappings do not travel as they are."""
    return Row(numbers=numbers, period=period, dimensions=dimensions, figures=figures)
