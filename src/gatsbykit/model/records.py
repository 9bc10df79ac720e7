"""The records of one institution: everything that a score is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from gatsbykit.errors import RecordsError
from gatsbykit.issues import Issue
from gatsbykit.model.answers import DeclaredAnswer
from gatsbykit.model.destinations import Destination
from gatsbykit.model.encounters import Activity, Participation
from gatsbykit.model.fields import checked
from gatsbykit.model.institutions import Institution
from gatsbykit.model.learners import Learner
from gatsbykit.model.programmes import CareersProgramme
from gatsbykit.words import counted

__all__ = ["Answers", "Records"]

Answers = Mapping[str, Mapping[str, DeclaredAnswer]]
"""What an institution declares: by edition key, then by criterion id."""

# attrs takes the types of __init__ from converters, one of a single type each.


def _learners(rows: Iterable[Learner] | None) -> Any:
    return rows


def _activities(rows: Iterable[Activity] | None) -> Any:
    return rows


def _participations(rows: Iterable[Participation] | None) -> Any:
    return rows


def _destinations(rows: Iterable[Destination] | None) -> Any:
    return rows


def _notes(notes: Iterable[Issue]) -> Any:
    return notes


@attrs.frozen(kw_only=True, field_transformer=checked)
class Records:
    """The records of one institution.

    A table that is ``None`` was not supplied, which is different from an empty one: without
    learners there is no evidence, and criteria fall back to what the institution declares.
    The ``repr`` shows sizes alone.

    Args:
        institution: Whose records they are.
        learners: Present and former learners; ids are unique.
        activities: Activities; ids are unique. Together with `participations` or not at all,
            and only with `learners`.
        participations: Who took part. A repeated row changes nothing.
        destinations: What former learners do.
        answers: What the institution declares, by edition key and criterion id.
        programme: Its careers programme, which answers where `answers` is silent.
        notes: Warnings from reading the records; they do not count when records are compared.

    Raises:
        RecordsError: Activities came without participations, or without learners, or the reverse.

    Examples:
        >>> from gatsbykit import Institution, Learner, Records
        >>> school = Institution(name="Northfield School", kind="secondary_school")
        >>> Records(institution=school, learners=[Learner(learner_id="L1", year_group=9)])
        <Records of Northfield School: 1 learner, no activities, no participations, no destinations>
    """

    institution: Institution
    learners: tuple[Learner, ...] | None = attrs.field(default=None, converter=_learners)
    activities: tuple[Activity, ...] | None = attrs.field(default=None, converter=_activities)
    participations: tuple[Participation, ...] | None = attrs.field(default=None, converter=_participations)
    destinations: tuple[Destination, ...] | None = attrs.field(default=None, converter=_destinations)
    answers: Answers = attrs.field(factory=dict[str, Mapping[str, DeclaredAnswer]], hash=False)
    programme: CareersProgramme | None = None
    notes: tuple[Issue, ...] = attrs.field(default=(), eq=False, converter=_notes)

    def __attrs_post_init__(self) -> None:
        """Refuse tables that mean nothing without each other."""
        if (self.activities is None) != (self.participations is None):
            raise RecordsError("activities and participations come together or not at all")
        if self.activities is not None and self.learners is None:
            raise RecordsError("activities and participations need learners")

    @property
    def has_evidence(self) -> bool:
        """Whether there are records of who took part in what."""
        return self.participations is not None

    def __repr__(self) -> str:
        tables = {
            "learners": "learner",
            "activities": "activity",
            "participations": "participation",
            "destinations": "destination",
        }
        sizes = ((name, one, getattr(self, name)) for name, one in tables.items())
        words = (f"no {name}" if rows is None else counted(len(rows), one, name) for name, one, rows in sizes)
        return f"<Records of {self.institution.name}: {', '.join(words)}>"
