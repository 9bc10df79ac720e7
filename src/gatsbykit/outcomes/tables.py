"""Tables that outcomes are computed from: NCCIS exports, and the answers of a survey.

Nothing in a message is about a person: rows are named by their numbers.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.model.spells import Month, Scheme, Snapshot, activities
from gatsbykit.model.surveys import SurveyAnswer
from gatsbykit.privacy import shown
from gatsbykit.published.tables import listed, open_csv

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from gatsbykit.published.tables import CsvTable

__all__ = ["read_answers", "read_snapshots"]

_DAY_FIRST: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})(?: 00:00(?::00)?)?")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")


def read_snapshots(
    path: str | os.PathLike[str], *, learner_column: str = "YoungPersonsID"
) -> tuple[Snapshot, ...]:
    """Read an NCCIS export, one row a young person and month.

    Args:
        path: The file: the columns `ActivityCode` and `PeriodEnd`, the one that holds the learner's id,
            and `UKProviderReferenceNumber` or `EstablishmentName` where they are there.
        learner_column: The column that holds the id by which your records know the learner.

    Returns:
        The snapshots, in the order of the file.

    Raises:
        InvalidRecords: Columns are missing, or a row has a date or a code that is none; all are listed.
        NotPublishedError: It is no CSV file.
    """
    table = open_csv(Path(path))
    places = _places(table, (learner_column, "ActivityCode", "PeriodEnd"))
    known, wrong, found = activities(Scheme.NCCIS), list[Issue](), list[Snapshot]()
    for number, cells in table.rows():
        learner, code, end = (
            cells[places[name.casefold()]].strip() for name in (learner_column, "ActivityCode", "PeriodEnd")
        )
        day = _day(end)
        if code not in known:
            wrong.append(_issue(table, number, "ActivityCode", code, "a code of NCCIS, three digits"))
        if day is None:
            wrong.append(_issue(table, number, "PeriodEnd", end, "a date, 31/10/2024 or 2024-10-31"))
        if not learner:
            wrong.append(_issue(table, number, learner_column, "", "the id of the learner"))
        if day is not None and code in known and learner:
            provider = _provider(cells, places)
            found.append(
                Snapshot(learner_id=learner, month=Month.of(day), activity=known[code], provider=provider)
            )
    if wrong:
        raise InvalidRecords(listed(wrong))
    return tuple(found)


def _provider(cells: Sequence[str], places: Mapping[str, int]) -> str | None:
    for name in ("ukproviderreferencenumber", "establishmentname"):
        if name in places and cells[places[name]].strip():
            return cells[places[name]].strip()
    return None


def _day(text: str) -> datetime.date | None:
    found, order = _DAY_FIRST.fullmatch(text), (3, 2, 1)
    if found is None:
        found, order = _ISO.fullmatch(text), (1, 2, 3)
    if found is None:
        return None
    try:
        return datetime.date(*(int(found[group]) for group in order))
    except ValueError:
        return None


def read_answers(path: str | os.PathLike[str]) -> tuple[SurveyAnswer, ...]:
    """Read a survey that arrives as a table: the columns `respondent`, `wave`, `item` and `answer`.

    A blank answer is one that was left out.

    Args:
        path: The file.

    Raises:
        InvalidRecords: Columns are missing, or a row lacks a respondent, a wave or an item.
        NotPublishedError: It is no CSV file.
    """
    table = open_csv(Path(path))
    names = ("respondent", "wave", "item", "answer")
    places = _places(table, names)
    wrong, found = list[Issue](), list[SurveyAnswer]()
    for number, cells in table.rows():
        row = {name: cells[places[name]].strip() for name in names}
        missing = [name for name in names[:3] if not row[name]]
        wrong += [_issue(table, number, name, "", "a text that is not blank") for name in missing]
        if not missing:
            found.append(
                SurveyAnswer(
                    respondent=row["respondent"],
                    wave=row["wave"],
                    item=row["item"],
                    answer=row["answer"] or None,
                )
            )
    if wrong:
        raise InvalidRecords(listed(wrong))
    return tuple(found)


def _places(table: CsvTable, needed: Sequence[str]) -> dict[str, int]:
    places = {column.casefold(): place for place, column in enumerate(table.columns)}
    missing = [name for name in needed if name.casefold() not in places]
    if missing:
        details = {"columns": ", ".join(needed)}
        raise InvalidRecords(
            [
                Issue(
                    code="missing_column", details={**details, "column": name}, file=table.name, column=name
                )
                for name in missing
            ]
        )
    return places


def _issue(table: CsvTable, number: int, column: str, cell: str, expected: str) -> Issue:
    return Issue(
        code="unfit_cell",
        details={"expected": expected},
        file=table.name,
        row=number,
        column=column,
        cell=shown(cell, column) if cell else "",
    )
