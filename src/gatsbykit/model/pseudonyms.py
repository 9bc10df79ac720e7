"""Records without anybody's identity.

Pseudonymised records are still personal data under UK GDPR: whoever has the key, or knows enough
of a learner's activities, can tell who it is. They are for work that needs no names, such as a
bug report, a test or research under an agreement.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import MINYEAR, date
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import SettingsError
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import read_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.records import Records

__all__ = ["pseudonymise"]


_SHORTEST_KEY: Final = 16


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
        FieldError: The key is not of bytes.
        SettingsError: The key is too short to be a secret.

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
    if len(read_as(bytes, "pseudonymise", "key", key)) < _SHORTEST_KEY:
        raise SettingsError(f"a key has {_SHORTEST_KEY} bytes or more")

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
        programme=records.programme and _programme(records.programme, activity, namer("person")),
        notes=[attrs.evolve(note, record=None, cell=None) for note in records.notes],
    )


def _programme(
    programme: CareersProgramme, activity: Callable[[str], str], person: Callable[[str], str]
) -> CareersProgramme:
    """Return a programme in which persons and recorded activities are hashes.

    What was found and what holds the work back are in the words of people about people, so they go.
    """
    page = programme.publication
    return attrs.evolve(
        programme,
        activities=tuple(
            attrs.evolve(one, activity_ids=frozenset(map(activity, one.activity_ids)))
            for one in programme.activities
        ),
        roles=tuple(
            one if one.person is None else attrs.evolve(one, person=person(one.person))
            for one in programme.roles
        ),
        evaluations=tuple(attrs.evolve(one, finding=None, change_made=None) for one in programme.evaluations),
        challenges=tuple(attrs.evolve(one, text=None) for one in programme.challenges),
        publication=page
        and attrs.evolve(
            page,
            leader_name=page.leader_name and person(page.leader_name),
            leader_contact=page.leader_contact and person(page.leader_contact),
        ),
    )


def _birth(day: date | None) -> date | None:
    """Return the first day of the academic year of birth, or of the calendar if that is before it."""
    if day is None:
        return None
    year = AcademicYear.of(day)
    return year.first_day if year.start >= MINYEAR else date.min
