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
from gatsbykit.model.answers import Answer, Band, PartAnswers
from gatsbykit.model.calendar import assessment_day
from gatsbykit.model.records import Records
from gatsbykit.privacy import shown_name
from gatsbykit.rules import EDITION_KEYS, resolve_edition
from gatsbykit.rules import edition as find_edition
from gatsbykit.rules.grading import fits
from gatsbykit.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from enum import StrEnum

    from gatsbykit.exchange.profiles import Profile
    from gatsbykit.model.answers import DeclaredAnswer
    from gatsbykit.rules import Criterion

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
        FieldError: `as_of` is no date.

    Examples:
        >>> from datetime import date
        >>> report = check("examples/northfield", as_of=date(2026, 7, 10))
        >>> report.is_valid
        True
        >>> check("no such folder").counts
        {'missing_file': 1}
    """
    if as_of is not None:
        as_of = assessment_day(as_of)
    try:
        records = _read(source, profile)
    except InvalidRecords as errors:
        return Report(issues=(*errors.issues, *errors.notes))
    wrong = (*_repeated_ids(records), *_misfit_answers(records))
    if wrong:
        return Report(issues=(*records.notes, *wrong))
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


def _misfit_answers(records: Records) -> Iterator[Issue]:
    """And answers that are not of the edition, or not of the type of their criterion."""
    for key, given in records.answers.items():
        if key not in EDITION_KEYS:
            details = {"choices": ", ".join(EDITION_KEYS)}
            yield Issue(code="unknown_edition", path=f"answers.{shown_name(key)}", details=details)
            continue
        criteria = {criterion.id: criterion for criterion in find_edition(key).criteria}
        for one, answer in given.items():
            path = f"answers.{key}.{shown_name(one)}"
            if one not in criteria:
                details = {"edition": key, "choices": ", ".join(criteria)}
                yield Issue(code="unknown_criterion", path=path, details=details)
            elif not fits(criteria[one], answer):
                yield from _misfits(criteria[one], answer, path)


def _misfits(criterion: Criterion, answer: DeclaredAnswer, path: str) -> Iterator[Issue]:
    if criterion.parts and isinstance(answer, PartAnswers):
        details = {"criterion": criterion.id, "choices": ", ".join(criterion.parts)}
        for part in sorted(answer.parts.keys() - {*criterion.parts}):
            yield Issue(code="unknown_part", path=f"{path}.{shown_name(part)}", details=details)
    else:
        kind: type[StrEnum] = Band if criterion.type == "share" else Answer
        each = f" for each of {', '.join(criterion.parts)}" if criterion.parts else ""
        yield Issue(code="not_a_choice", path=path, details={"choices": ", ".join(kind) + each})
