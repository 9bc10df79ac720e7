"""Listing what is wrong: of each fault the first are listed, and the rest counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.issues.catalogue import Severity
from gatsbykit.issues.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

_MORE: Final = {Severity.ERROR: "more_errors", Severity.WARNING: "more_warnings"}

_Fault = tuple[str, tuple[str | None, ...]]
"""A code, and the places that tell one fault of it from another."""


class Listing:
    """Issues as they are met: of each fault the first are listed, and the rest counted.

    So a table of nothing but errors fills neither the memory nor the screen.

    Args:
        most: How many issues of each fault are listed.
        by: The places that tell faults of one code apart: none, ``file``, or ``file`` and ``column``.

    Examples:
        >>> found = Listing(most=2, by=["file"])
        >>> for row in range(2, 9):
        ...     found.add(Issue(code="not_utf8", file="learners.csv", row=row))
        >>> found.count, [(issue.code, issue.row, issue.count) for issue in found]
        (7, [('not_utf8', 2, 1), ('not_utf8', 3, 1), ('more_errors', None, 5)])
    """

    def __init__(self, *, most: int, by: Iterable[str] = ()) -> None:
        self.count = 0
        """How many issues there are, those that are only counted included."""

        self._most = most
        self._by = tuple(by)
        self._listed: dict[Hashable, Issue] = {}
        self._lengths: Counter[_Fault] = Counter()
        self._more: Counter[_Fault] = Counter()

    def add(self, issue: Issue, *, once: Hashable = None) -> None:
        """List an issue, or count it where there is no room any more.

        What says how many more another listing has met is counted here as those.

        Args:
            issue: The issue.
            once: What it is about, if that is to be listed once, with the number of times.
        """
        if issue.code in _MORE.values():
            code = dict(issue.details)["code"]
            self.leave_out(code, issue.count, file=issue.file, column=issue.column)
        elif once is not None and once in self._listed:
            known = self._listed[once]
            self._listed[once] = attrs.evolve(known, count=known.count + issue.count)
            self.count += issue.count
        elif self.has_room(issue.code, file=issue.file, column=issue.column):
            self._listed[len(self._listed) if once is None else once] = issue
            self._lengths[self._fault(issue.code, issue.file, issue.column)] += 1
            self.count += issue.count
        else:
            self.leave_out(issue.code, issue.count, file=issue.file, column=issue.column)

    def has_room(self, code: str, *, file: str | None = None, column: str | None = None) -> bool:
        """Whether an issue would be listed; one that is not need not be made, only left out."""
        return self._lengths[self._fault(code, file, column)] < self._most

    def leave_out(
        self, code: str, count: int = 1, *, file: str | None = None, column: str | None = None
    ) -> None:
        """Count issues without listing them."""
        if count > 0:
            self._more[self._fault(code, file, column)] += count
            self.count += count

    def _fault(self, code: str, file: str | None, column: str | None) -> _Fault:
        place = {"file": file, "column": column}
        return code, tuple(place[name] for name in self._by)

    def __contains__(self, once: Hashable) -> bool:
        """Whether something is listed that is to be listed once."""
        return once in self._listed

    def __iter__(self) -> Iterator[Issue]:
        """Yield the issues in the order in which they were met, and then the numbers of those left out."""
        yield from self._listed.values()
        for (code, place), count in self._more.items():
            severity = Issue(code=code).severity
            where: dict[str, Any] = dict(zip(self._by, place, strict=True))
            yield Issue(code=_MORE[severity], details={"code": code}, count=count, **where)
