"""Collecting what is wrong while data is read, with the place where it is."""

from __future__ import annotations

import re
from typing import Final

import attrs

from gatsbykit.validation import Issue, Severity

__all__ = ["Place", "Problems", "Unreadable", "shown"]

PERSONAL_COLUMNS: Final = frozenset({"upn", "uln", "date_of_birth", "name"})
"""Columns whose cells are never shown."""

_HIDDEN: Final = "<hidden>"
_LONGEST: Final = 60
# A UPN or a ULN may stand in any column of a file whose columns have slipped.
_PERSONAL = re.compile(r"[A-Za-z][0-9]{11}[0-9A-Za-z]|[1-9][0-9]{9}")


def shown(cell: str, column: str | None = None) -> str:
    """Return what a message may show of a cell.

    Personal identifiers, names and dates of birth are hidden, control characters are spelled out
    and long texts are cut.

    Examples:
        >>> shown("10.9", "year_group"), shown("2011-02-30", "date_of_birth"), shown("B801200005001")
        ('10.9', '<hidden>', '<hidden>')
    """
    if column in PERSONAL_COLUMNS or _PERSONAL.search(cell):
        return _HIDDEN
    cut = cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut)


class Unreadable(ValueError):  # noqa: N818 (it says what the cell is)
    """A cell or a value cannot be read as what it should be.

    Args:
        code: The stable code of the issue.
        message: What is wrong with it.
        expected: What would be right.
    """

    def __init__(self, code: str, message: str, expected: str) -> None:
        super().__init__(code, message, expected)
        self.code = code
        self.message = message
        self.expected = expected


@attrs.frozen(kw_only=True)
class Place:
    """Where something was read: a row of a file, or an element of a document.

    Args:
        file: The file.
        row: The row, as a spreadsheet numbers it.
        path: The path inside a JSON document.
    """

    file: str | None = None
    row: int | None = None
    path: str | None = None

    def at(self, step: str) -> Place:
        """Return the place of a member of a JSON value."""
        return attrs.evolve(self, path=f"{self.path}.{step}" if self.path else step)


class Problems:
    """The issues met so far; reading goes on as long as it makes sense."""

    def __init__(self) -> None:
        self.errors: list[Issue] = []
        self._warnings: dict[tuple[str, str], Issue] = {}

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The warnings, each once with the number of times it was met."""
        return tuple(self._warnings.values())

    def error(
        self,
        place: Place,
        code: str,
        message: str,
        expected: str = "",
        *,
        column: str | None = None,
        cell: str | None = None,
        record: str | None = None,
    ) -> None:
        """Note an error."""
        path = place.path if column is None or place.path is None else f"{place.path}.{column}"
        self.errors.append(
            Issue(
                code=code,
                message=message,
                expected=expected,
                file=place.file,
                row=place.row,
                path=path,
                column=column,
                cell=None if cell is None else shown(cell, column),
                record=None if record is None else shown(record),
            )
        )

    def unreadable(self, place: Place, why: Unreadable, column: str, cell: str, record: str | None) -> None:
        """Note a cell that cannot be read."""
        self.error(place, why.code, why.message, why.expected, column=column, cell=cell, record=record)

    def unknown_column(self, file: str | None, table: str, column: str) -> None:
        """Note a column that the format does not have; it is kept out of scoring."""
        key = (table, column)
        known = self._warnings.get(key)
        if known is not None:
            self._warnings[key] = attrs.evolve(known, count=known.count + 1)
            return
        name = shown(column) or "(no name)"
        self._warnings[key] = Issue(
            code="unknown_column",
            severity=Severity.WARNING,
            message=f"the format has no column {name} in {table}; it is not read",
            file=file,
            column=name,
            path=table,
        )

    def unknown_file(self, name: str) -> None:
        """Note a data file that the format does not have."""
        self._warnings[name, ""] = Issue(
            code="unknown_file",
            severity=Severity.WARNING,
            message=f"the format has no file {shown(name)}; it is not read",
            file=name,
        )
