"""Collecting what is wrong while data is read, with the place where it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.privacy import shown, shown_name

__all__ = ["MOST_LISTED", "Doubtful", "Place", "Problems", "Unreadable", "shown"]

MOST_LISTED: Final = 10_000
"""How many errors of one code are listed for one file; the rest are counted."""

_MOST_WARNINGS: Final = 1_000
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


class Unreadable(ValueError):  # noqa: N818 (it says what the cell is)
    """A cell or a value cannot be read as what it should be.

    Args:
        code: The code of the issue.
        details: What the words of the catalogue leave open.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@attrs.frozen(eq=False)
class Doubtful:
    """A value that can be read, and of which a warning has to be given.

    Args:
        value: The value.
        whys: What is to be said of it, by the codes of warnings.
    """

    value: Any
    whys: tuple[Unreadable, ...]


@attrs.frozen(kw_only=True)
class Place:
    """Where something was read: a row of a file, or an element of a document.

    Args:
        file: The file.
        row: The row, as a spreadsheet numbers it.
        path: The path inside a JSON document.
        names: By column of the format, what the file calls it, where that differs.
    """

    file: str | None = None
    row: int | None = None
    path: str | None = None
    names: Mapping[str, str] = attrs.field(default=_NO_NAMES, eq=False)

    def at(self, step: str) -> Place:
        """Return the place of a member of a JSON value."""
        step = shown_name(step)
        return attrs.evolve(self, path=f"{self.path}.{step}" if self.path else step)

    def element(self, index: int) -> Place:
        """Return the place of an element of a JSON list."""
        return Place(file=self.file, path=f"{self.path}[{index}]")


class Problems:
    """The issues met so far; reading goes on as long as it makes sense.

    Of each code the first `MOST_LISTED` errors of a file are kept, and the rest counted, so that a
    file of nothing but errors cannot fill the memory.
    """

    def __init__(self) -> None:
        self._errors = Listing(most=MOST_LISTED, by=["file"])
        self._warnings = Listing(most=_MOST_WARNINGS)

    @property
    def count(self) -> int:
        """How many errors there are."""
        return self._errors.count

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The errors, in the order in which they were met, and then the number of those not listed."""
        return tuple(self._errors)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The warnings, each once with the number of times it was met."""
        return tuple(self._warnings)

    def as_exception(self) -> InvalidRecords:
        """Return everything that is wrong as an exception."""
        return InvalidRecords(self.errors, self.warnings)

    def error(
        self,
        place: Place,
        code: str,
        *,
        column: str | None = None,
        cell: str | None = None,
        record: str | None = None,
        details: Mapping[str, object] = _NO_NAMES,
    ) -> None:
        """Note an error.

        Args:
            place: Where it is.
            code: Its code.
            column: The column of the format, or the member of the object.
            cell: The offending text; what of it must not be shown is not.
            record: The id of the record.
            details: What the words of the catalogue leave open.
        """
        if not self._errors.has_room(code, file=place.file):
            self._errors.leave_out(code, file=place.file)
            return
        name = None if column is None else shown_name(place.names.get(column, column))
        self._errors.add(
            Issue(
                code=code,
                details=details,
                file=place.file,
                row=place.row,
                path=place.path if name is None or place.path is None else f"{place.path}.{name}",
                column=name,
                cell=None if cell is None else shown(cell, column),
                record=None if record is None else shown_name(record),
            )
        )

    def unreadable(
        self,
        place: Place,
        why: Unreadable,
        column: str | None = None,
        cell: str | None = None,
        record: str | None = None,
    ) -> None:
        """Note a cell, or a row, that cannot be read."""
        self.error(place, why.code, column=column, cell=cell, record=record, details=why.details)

    def doubt(self, place: Place, column: str, why: Unreadable) -> None:
        """Note that a value is doubtful: once for all that are so for the same reason."""
        name = shown_name(place.names.get(column, column))
        issue = Issue(
            code=why.code,
            details=why.details,
            file=place.file,
            row=place.row,
            path=None if place.path is None else f"{place.path}.{name}",
            column=name,
        )
        self.warning((f"{place.file}, {column}, {why.code}", f"{issue.details}"), issue)

    def warning(self, key: tuple[str, str], issue: Issue) -> None:
        """Note something doubtful; under the same key it is counted, not repeated."""
        self._warnings.add(issue, once=key)

    def unknown_column(self, file: str | None, table: str, column: str) -> None:
        """Note a column that the format does not have; it is kept out of scoring."""
        column = str(column)  # what another parser than JSON's made of a name
        if (table, column) in self._warnings:  # met in every row of a document, it is one column
            return
        name = shown_name(column) or "(no name)"
        details = {"column": name, "table": table}
        self.warning(
            (table, column),
            Issue(code="unknown_column", details=details, file=file, column=name, path=table),
        )

    def unknown_file(self, name: str) -> None:
        """Note a data file that the format does not have."""
        self.warning(
            (name, ""), Issue(code="unknown_file", details={"file": shown_name(name)}, file=shown_name(name))
        )
