"""Privacy: what a message may show, and records without anybody's identity.

Pseudonymised records are still personal data under UK GDPR: whoever has the key, or knows enough
of a learner's activities, can tell who it is. They are for work that needs no names, such as a
bug report, a test or research under an agreement.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import MINYEAR, date
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.model.calendar import AcademicYear

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatsbykit.model.records import Records

__all__ = ["pseudonymise", "shown", "shown_id", "shown_name"]

_PERSONAL_COLUMNS: Final = frozenset({"upn", "uln", "date_of_birth", "name"})
_HIDDEN: Final = "<hidden>"
_LONGEST: Final = 60
_SHORTEST_KEY: Final = 16
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
    if column in _PERSONAL_COLUMNS or _NUMBER.search(cell):
        return _HIDDEN
    if column is not None and not column.endswith(_DATED):
        found = _DATE.fullmatch(cell) if column in _IDS else _DATE.search(cell)
        if found is not None:
            return _HIDDEN
    cut = cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut)


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


def pseudonymise(records: Records, *, key: bytes) -> Records:
    """Return records that score the same and name nobody.

    Ids become keyed hashes (HMAC-SHA-256), the same id always the same hash under one key. UPNs and
    ULNs are left out, and so are titles, which may name a learner. A date of birth becomes the first
    day of the academic year of birth: every rule about age asks for the age on a 31 August, which
    that leaves alone. Employers, and the providers of destinations, become hashes that can still be
    counted; the providers of encounters are public institutions and stay.

    Args:
        records: The records; nothing in them is changed.
        key: A secret of 16 bytes or more, such as ``secrets.token_bytes(32)``. Without it nobody
            can link the result to learners; keep it, and later exports get the same pseudonyms.

    Returns:
        The records under pseudonyms.

    Raises:
        ValueError: The key is too short to be a secret.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.load("examples/northfield")
        >>> safe = pseudonymise(school, key=b"a secret of the school")
        >>> safe.learners[0].upn is None
        True
        >>> day = date(2026, 7, 10)
        >>> gk.score(safe, as_of=day).achieved == gk.score(school, as_of=day).achieved
        True
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"a key has {_SHORTEST_KEY} bytes or more")

    def namer(what: str) -> Callable[[str], str]:
        known: dict[str, str] = {}

        def name(text: str) -> str:
            found = known.get(text)
            if found is None:
                message = f"{what}\0{text}".encode("utf-8", "surrogatepass")
                found = known[text] = f"{what}-{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}"
            return found

        return name

    def optional(name: Callable[[str], str], text: str | None) -> str | None:
        return None if text is None else name(text)

    learner, activity, employer, provider = map(namer, ("learner", "activity", "employer", "provider"))
    return attrs.evolve(
        records,
        learners=records.learners
        and [
            attrs.evolve(
                one,
                learner_id=learner(one.learner_id),
                date_of_birth=_birth(one.date_of_birth),
                upn=None,
                uln=None,
            )
            for one in records.learners
        ],
        activities=records.activities
        and [
            attrs.evolve(
                one,
                activity_id=activity(one.activity_id),
                title=None,
                employer=optional(employer, one.employer),
            )
            for one in records.activities
        ],
        participations=records.participations
        and [
            attrs.evolve(one, activity_id=activity(one.activity_id), learner_id=learner(one.learner_id))
            for one in records.participations
        ],
        destinations=records.destinations
        and [
            attrs.evolve(one, learner_id=learner(one.learner_id), provider=optional(provider, one.provider))
            for one in records.destinations
        ],
        notes=[attrs.evolve(note, record=None, cell=None) for note in records.notes],
    )


def _birth(day: date | None) -> date | None:
    """Return the first day of the academic year of birth, or of the calendar if that is before it."""
    if day is None:
        return None
    year = AcademicYear.of(day)
    return year.first_day if year.start >= MINYEAR else date.min
