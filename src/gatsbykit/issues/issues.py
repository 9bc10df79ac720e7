"""Issues as values, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import attrs

from gatsbykit.errors import GatsbykitError
from gatsbykit.issues.catalogue import CodeEntry, Severity, Stage, catalogue
from gatsbykit.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["InvalidRecords", "Issue", "IssueError"]


def _details(details: Mapping[str, object] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Keep details as pairs: unlike a mapping they compare, hash and pickle."""
    pairs = details.items() if isinstance(details, Mapping) else details
    return tuple((name, str(value)) for name, value in pairs)


def _severity(issue: Issue) -> Severity:
    entry = catalogue().get(issue.code)
    return Severity.ERROR if entry is None else entry.severity


def _message(issue: Issue) -> str:
    return _words(issue, catalogue(), "message")


def _expected(issue: Issue) -> str:
    return _words(issue, catalogue(), "expected")


def _words(issue: Issue, entries: Mapping[str, CodeEntry], which: str) -> str:
    template: str = "" if issue.code not in entries else getattr(entries[issue.code], which)
    return template.format_map(_Details(issue.details))


class _Details(dict[str, str]):
    """Details of an issue; one that nobody gave is left open in the sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


@attrs.frozen(kw_only=True)
class Issue:
    """One thing that is wrong, where it is, and what would be right.

    Args:
        code: A stable code for programs; `catalogue` says what it means.
        details: What the words of the catalogue leave open, by name.
        message: What is wrong; by default in the words of the catalogue.
        expected: What would be right; by default in the words of the catalogue.
        severity: Whether it stops the work; by default as the catalogue says.
        file: The file, if there is one.
        row: The row as a spreadsheet numbers it (the header is row 1), if there is one.
        column: The column or field.
        path: Where in a JSON document, such as ``learners[3].year_group``.
        record: The id of the record.
        cell: The offending text; never a personal identifier, a name or a date of birth.
        count: How many times.

    Examples:
        >>> issue = Issue(
        ...     code="out_of_range", details={"least": 1, "most": 14}, file="learners.csv", row=17,
        ...     column="year_group", cell="15", record="L0412",
        ... )
        >>> issue.where
        'learners.csv, row 17, column year_group (L0412)'
        >>> str(issue).removeprefix(issue.where)
        ': out_of_range: "15" is out of range; expected a whole number from 1 to 14'

        Words in another language are templates by code:

        >>> import attrs
        >>> welsh = {"out_of_range": attrs.evolve(catalogue()["out_of_range"], message="allan o ystod")}
        >>> issue.reworded(welsh).message
        'allan o ystod'
    """

    code: str
    details: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_details, repr=False)
    message: str = attrs.field(default=attrs.Factory(_message, takes_self=True))
    expected: str = attrs.field(default=attrs.Factory(_expected, takes_self=True))
    severity: Severity = attrs.field(default=attrs.Factory(_severity, takes_self=True))
    file: str | None = None
    row: int | None = None
    column: str | None = None
    path: str | None = None
    record: str | None = None
    cell: str | None = None
    count: int = 1

    @property
    def stage(self) -> Stage:
        """How far the data came before this showed."""
        entry = catalogue().get(self.code)
        return Stage.VALUES if entry is None else entry.stage

    @property
    def source(self) -> str:
        """Where the rule comes from that is broken; empty for a code that is not of the catalogue."""
        entry = catalogue().get(self.code)
        return "" if entry is None else entry.source

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
        return words if self.record is None else f"{words} ({self.record})".lstrip()

    def reworded(self, entries: Mapping[str, CodeEntry]) -> Issue:
        """Return the issue in the words of another catalogue; unchanged if that lacks the code."""
        if self.code not in entries:
            return self
        return attrs.evolve(
            self, message=_words(self, entries, "message"), expected=_words(self, entries, "expected")
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the issue as plain data, ready for `json`."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "stage": self.stage.value,
            "message": self.message,
            "expected": self.expected,
            "details": dict(self.details),
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "path": self.path,
            "record": self.record,
            "cell": self.cell,
            "count": self.count,
            "source": self.source,
        }

    def __str__(self) -> str:
        what = self.message if self.cell is None else f'"{self.cell}" is {self.message}'
        times = f" ({counted(self.count, 'time')})" if self.count > 1 else ""
        right = f"; expected {self.expected}" if self.expected else ""
        return ": ".join(filter(None, (self.where, self.code, f"{what}{times}{right}")))


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
        notes: What was doubtful beside it.
    """

    issues: tuple[Issue, ...]
    """Everything that is wrong, in the order of the files."""

    notes: tuple[Issue, ...]
    """The warnings that were met on the way."""

    def __new__(cls, issues: Sequence[Issue], notes: Sequence[Issue] = ()) -> Self:
        """Make the group and its members."""
        count = sum(issue.count for issue in issues)
        made = super().__new__(
            cls,
            f"{counted(count, 'error')} in the records",
            [IssueError(issue) for issue in issues],
        )
        made.issues = tuple(issues)
        made.notes = tuple(notes)
        return made

    def __init__(self, issues: Sequence[Issue], notes: Sequence[Issue] = ()) -> None:
        """Take the issues; all the work is done by ``__new__``, as groups want it."""

    @property
    def count(self) -> int:
        """How many errors there are, those that were only counted included."""
        return sum(issue.count for issue in self.issues)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.issues, self.notes)

    def derive(self, excs: Sequence[IssueError]) -> InvalidRecords:  # type: ignore[override]
        """Return the same kind of group with some of the issues, as ``except*`` needs."""
        return InvalidRecords([error.issue for error in excs], self.notes)
