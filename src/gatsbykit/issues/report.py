"""Reports: everything that a check found, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.frozen import FrozenMapping
from gatsbykit.issues.catalogue import Severity
from gatsbykit.issues.issues import InvalidRecords, Issue
from gatsbykit.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["REPORT_FORMAT", "Report"]

REPORT_FORMAT: Final = "gatsbykit-report/1"
"""The name and version of the report's format."""


def _in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Errors come before warnings; otherwise the order is that in which they were found."""
    return tuple(sorted(issues, key=lambda issue: issue.severity is not Severity.ERROR))


@attrs.frozen(kw_only=True, repr=False)
class Report:
    """What a check found. A report without errors means that the data can be scored.

    Args:
        issues: The issues, errors first.

    Examples:
        >>> import gatsbykit as gk
        >>> report = gk.check({"format": "gatsbykit/1", "institution": {"name": "Northfield School"}})
        >>> report
        <Report: 1 error, 0 warnings>
        >>> print(report)
        institution.kind: missing_value: there is no value; expected a value for kind
        1 error, 0 warnings
    """

    issues: tuple[Issue, ...] = attrs.field(converter=_in_order)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that stop the work."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The issues that do not."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.WARNING)

    @property
    def is_valid(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    @property
    def counts(self) -> Mapping[str, int]:
        """How many times each code was met."""
        counts: Counter[str] = Counter()
        for issue in self.issues:
            counts[issue.code] += issue.count
        return FrozenMapping(dict(counts))

    def raise_errors(self) -> None:
        """Raise the errors, if there are any.

        Raises:
            InvalidRecords: There are errors; the group carries every one of them.
        """
        if not self.is_valid:
            raise InvalidRecords(self.errors, self.warnings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready for `json`."""
        return {
            "format": REPORT_FORMAT,
            "errors": _count(self.errors),
            "warnings": _count(self.warnings),
            "issues": [issue.to_dict() for issue in self.issues],
        }

    def __str__(self) -> str:
        return "\n".join((*map(_line, self.issues), self._totals()))

    def __repr__(self) -> str:
        return f"<Report: {self._totals()}>"

    def _totals(self) -> str:
        return f"{counted(_count(self.errors), 'error')}, {counted(_count(self.warnings), 'warning')}"


def _count(issues: Iterable[Issue]) -> int:
    return sum(issue.count for issue in issues)


def _line(issue: Issue) -> str:
    return str(issue) if issue.severity is Severity.ERROR else f"warning: {issue}"
