"""Privacy: what a message may show."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["PersonalId", "shown", "shown_id", "shown_name"]

_PERSONAL_COLUMNS: Final = frozenset({"upn", "uln", "date_of_birth", "name"})
_HIDDEN: Final = "<hidden>"
_LONGEST: Final = 60
# A UPN or a ULN may stand in any column of a file whose columns have slipped, and so may a date of
# birth: in a column that holds no dates, a date is not shown.
_NUMBER = re.compile(r"[A-Za-z][0-9]{11}[0-9A-Za-z]|(?<![0-9])[1-9][0-9]{9}(?![0-9])")
_DATE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}){1,2}"
    r"|[0-9]{1,2}[- ][A-Za-z]{3,9}[- ](?:[0-9]{2}){1,2}"
    r"|(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_DATED: Final = ("date", "_from", "_to", "_start", "_end")
# An id may have a date in it, but one that is nothing else is a date of birth in the wrong column.
_IDS: Final = frozenset({"learner_id", "activity_id"})


class PersonalId(str):
    """An id that was read from a column of UPNs or ULNs: however it is mistyped, no message shows it.

    Examples:
        >>> PersonalId("801200005001"), shown_name(PersonalId("801200005001"))
        ('<hidden>', '<hidden>')
        >>> PersonalId("801200005001") == "801200005001"
        True
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(_HIDDEN)


def shown(cell: str, column: str | None = None) -> str:
    """Return what a message may show of a cell.

    Personal identifiers, names and dates of birth are hidden, control characters are spelled out
    and long texts are cut.

    Args:
        cell: The text of the cell.
        column: The column of the exchange format in which it stands, if it stands in one.

    Examples:
        >>> shown("10.9", "year_group"), shown("2011-02-30", "date_of_birth"), shown("B801200005001")
        ('10.9', '<hidden>', '<hidden>')
        >>> shown("2011-02-03", "year_group"), shown("2025-02-30", "on_roll_from")
        ('<hidden>', '2025-02-30')
    """
    if isinstance(cell, PersonalId) or column in _PERSONAL_COLUMNS or _NUMBER.search(cell):
        return _HIDDEN
    if column is not None and not column.endswith(_DATED):
        found = _DATE.fullmatch(cell) if column in _IDS else _DATE.search(cell)
        if found is not None:
            return _HIDDEN
    cut = cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…"
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in cut)


def shown_name(name: str) -> str:
    """Return what a message may show of an id, or of the name of a column.

    Institutions use UPNs as ids, and where columns have slipped or the header is missing a date of
    birth stands in their place.

    Examples:
        >>> shown_name("L0412"), shown_name("B801200005001"), shown_name("2011-02-03")
        ('L0412', '<hidden>', '<hidden>')
    """
    return shown(name, "learner_id")


def shown_id(record: str) -> str:
    """Return what a ``repr`` may show of an id.

    Examples:
        >>> shown_id("L0412"), shown_id("B801200005001")
        ("'L0412'", "'<hidden>'")
    """
    return repr(shown_name(record))
