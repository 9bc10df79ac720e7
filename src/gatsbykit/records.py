"""The records of one institution: everything that a score is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import attrs

from gatsbykit.answers import DeclaredAnswer
from gatsbykit.destinations import Destination
from gatsbykit.encounters import Activity, Participation
from gatsbykit.institutions import Institution
from gatsbykit.learners import Learner

if TYPE_CHECKING:
    from gatsbykit.validation import Issue

__all__ = ["Answers", "Records"]

Answers = Mapping[str, Mapping[str, DeclaredAnswer]]
"""What an institution declares: by edition key, then by criterion id."""

_Row = TypeVar("_Row")


def _table(rows: Iterable[_Row] | None) -> tuple[_Row, ...] | None:
    return None if rows is None else tuple(rows)


def _answers(answers: Answers) -> Answers:
    return MappingProxyType({key: MappingProxyType(dict(given)) for key, given in answers.items()})


@attrs.frozen(kw_only=True)
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
        notes: Warnings from reading the records; they do not count when records are compared.

    Raises:
        ValueError: Activities came without participations, or without learners, or the reverse.

    Examples:
        >>> from gatsbykit import Institution, Learner, Records
        >>> school = Institution(name="Northfield School", kind="secondary_school")
        >>> Records(institution=school, learners=[Learner(learner_id="L1", year_group=9)])
        <Records of Northfield School: 1 learners, no activities, no participations, no destinations>
    """

    institution: Institution
    learners: tuple[Learner, ...] | None = attrs.field(default=None, converter=_table)
    activities: tuple[Activity, ...] | None = attrs.field(default=None, converter=_table)
    participations: tuple[Participation, ...] | None = attrs.field(default=None, converter=_table)
    destinations: tuple[Destination, ...] | None = attrs.field(default=None, converter=_table)
    answers: Answers = attrs.field(factory=dict, converter=_answers, hash=False)
    notes: tuple[Issue, ...] = attrs.field(default=(), eq=False, converter=tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse tables that mean nothing without each other."""
        if (self.activities is None) != (self.participations is None):
            raise ValueError("activities and participations come together or not at all")
        if self.activities is not None and self.learners is None:
            raise ValueError("activities and participations need learners")

    @property
    def has_evidence(self) -> bool:
        """Whether there are records of who took part in what."""
        return self.participations is not None

    def __repr__(self) -> str:
        tables = ("learners", "activities", "participations", "destinations")
        sizes = ((name, getattr(self, name)) for name in tables)
        words = (f"{'no' if rows is None else len(rows)} {name}" for name, rows in sizes)
        return f"<Records of {self.institution.name}: {', '.join(words)}>"
