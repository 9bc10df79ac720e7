"""Checking data: everything that is wrong or doubtful comes back as values."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatsbykit.checks.sense import meaning_issues
from gatsbykit.errors import EditionError
from gatsbykit.exchange import load, read_document
from gatsbykit.issues.issues import InvalidRecords, Issue
from gatsbykit.issues.report import Report
from gatsbykit.model.records import Records
from gatsbykit.privacy import shown_name
from gatsbykit.rules import resolve_edition
from gatsbykit.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from gatsbykit.exchange.profiles import Profile

__all__ = ["check"]


def check(
    source: Records | str | Path | bytes | Mapping[str, Any],
    *,
    as_of: date | None = None,
    edition: str | None = None,
    profile: Profile | str | Path | None = None,
) -> Report:
    """Look for everything that is wrong or doubtful, and never raise for bad data.

    First the data is read, strictly; if that finds errors they are the report. Then records are
    looked at for sense: dates against each other, checklists against kinds, entries made twice, a
    careers programme with holes. All of that is warnings, and touches no score.

    Args:
        source: Records, the path of a folder or a file, or a document (its bytes or parsed value).
        as_of: The date of the assessment. With it, year groups are compared with ages, and the
            warnings that a scorecard of that date would have are in the report.
        edition: The key of the edition; by default the one in force on the date.
        profile: How to read a file that is not of the exchange format.

    Returns:
        The report.

    Raises:
        EditionError: `edition` does not exist, or is not for this institution.

    Examples:
        >>> from datetime import date
        >>> report = check("examples/northfield", as_of=date(2026, 7, 10))
        >>> report.is_valid
        True
        >>> check("no such folder").counts
        mappingproxy({'missing_file': 1})
    """
    try:
        records = _read(source, profile)
    except InvalidRecords as errors:
        return Report(issues=(*errors.issues, *errors.notes))
    repeated = tuple(_repeated_ids(records))
    if repeated:
        return Report(issues=(*records.notes, *repeated))
    chosen = None
    if as_of is not None:
        try:
            chosen = resolve_edition(records.institution.kind, as_of, edition)
        except EditionError:
            if edition is not None:
                raise
    warnings = records.notes
    if as_of is not None and chosen is not None:
        warnings = score(records, as_of=as_of, edition=chosen.key).warnings  # with those notes
    return Report(issues=(*warnings, *meaning_issues(records, as_of=as_of, chosen=chosen)))


def _read(
    source: Records | str | Path | bytes | Mapping[str, Any], profile: Profile | str | Path | None
) -> Records:
    if isinstance(source, Records):
        return source
    if isinstance(source, str | Path):
        return load(source, profile=profile)
    return read_document(source)


def _repeated_ids(records: Records) -> Iterator[Issue]:
    """Records made by a program may have what a file cannot: ids that are not unique."""
    for table, column in (("learners", "learner_id"), ("activities", "activity_id")):
        first: dict[str, int] = {}
        counts: Counter[str] = Counter()
        for index, row in enumerate(getattr(records, table) or ()):
            one: str = getattr(row, column)
            if first.setdefault(one, index) != index:
                counts[one] += 1
        for one, count in counts.items():
            yield Issue(
                code="duplicate_id",
                details={"first": f"{table}[{first[one]}]", "column": column},
                path=table,
                column=column,
                record=shown_name(one),
                count=count,
            )
