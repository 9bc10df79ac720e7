"""Issues: what is wrong or doubtful in data, as values with stable codes.

Reading collects every issue before it gives up, so that an export is mended in one go.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import attrs

from gatsbykit.errors import GatsbykitError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["InvalidRecords", "Issue", "IssueError", "Severity"]


class Severity(StrEnum):
    """Whether an issue stops the work."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen(kw_only=True)
class Issue:
    """One thing that is wrong, where it is, and what would be right.

    Args:
        code: A stable code for programs.
        message: What is wrong.
        expected: What would be right.
        severity: Whether it stops the work.
        file: The file, if there is one.
        row: The row as a spreadsheet numbers it (the header is row 1), if there is one.
        column: The column or field.
        path: Where in a JSON document, such as ``learners[3].year_group``.
        record: The id of the record.
        cell: The offending text; never a personal identifier, a name or a date of birth.
        count: How many times.

    Examples:
        >>> issue = Issue(
        ...     code="not_a_whole_number", message="not a whole number", expected="a whole number",
        ...     file="learners.csv", row=17, column="year_group", cell="10.9", record="L0412",
        ... )
        >>> issue.where
        'learners.csv, row 17, column year_group (L0412)'
        >>> str(issue).removeprefix(issue.where)
        ': not_a_whole_number: "10.9" is not a whole number; expected a whole number'
    """

    code: str
    message: str
    expected: str = ""
    severity: Severity = Severity.ERROR
    file: str | None = None
    row: int | None = None
    column: str | None = None
    path: str | None = None
    record: str | None = None
    cell: str | None = None
    count: int = 1

    @property
    def where(self) -> str:
        """Where it is, in words."""
        places = (
            self.file,
            None if self.row is None else f"row {self.row}",
            self.path,
            None if self.column is None or self.path is not None else f"column {self.column}",
        )
        words = ", ".join(place for place in places if place)
        return words if self.record is None else f"{words} ({self.record})"

    def __str__(self) -> str:
        what = self.message if self.cell is None else f'"{self.cell}" is {self.message}'
        right = f"; expected {self.expected}" if self.expected else ""
        return f"{self.where}: {self.code}: {what}{right}"


class IssueError(GatsbykitError, ValueError):
    """One issue as an exception, so that a group can carry it.

    Args:
        issue: The issue.
    """

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue)
        self.issue = issue

    def __str__(self) -> str:
        return str(self.issue)


class InvalidRecords(GatsbykitError, ExceptionGroup[IssueError]):  # noqa: N818 (it names what was found)
    """Records have errors. The group carries all of them.

    Args:
        issues: What is wrong.
    """

    issues: tuple[Issue, ...]
    """Everything that is wrong, in the order of the files."""

    def __new__(cls, issues: Sequence[Issue]) -> Self:
        count = len(issues)
        made = super().__new__(
            cls,
            f"{count} error{'' if count == 1 else 's'} in the records",
            [IssueError(issue) for issue in issues],
        )
        made.issues = tuple(issues)
        return made

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Take the issues; all the work is done by ``__new__``, as groups want it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.issues,)

    def derive(self, excs: Sequence[IssueError]) -> InvalidRecords:  # type: ignore[override]
        """Return the same kind of group with some of the issues, as ``except*`` needs."""
        return InvalidRecords([error.issue for error in excs])
