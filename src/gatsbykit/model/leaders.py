"""Careers leaders and the roles around them: who leads, who delivers, with what time and standing.

What a leader is asked to do, and the three kinds of experience, are read from the evaluation of
the careers leader training (IES 2020, sections 1.2, 2.4 and the glossary).
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Final

import attrs

from gatsbykit.model.attributes import Amount, Fault, HoursAWeek, read_or_refuse, refuse
from gatsbykit.model.calendar import Between

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FULL_WEEK",
    "LEADER_KINDS",
    "CareersLeader",
    "ExperienceProfile",
    "LeaderTraining",
    "Motive",
    "Qualification",
    "Responsibility",
    "Role",
    "RoleKind",
    "Seniority",
]

FULL_WEEK: Final = Fraction(37)
"""The hours of a full week where nobody says another number. Ours: contracts differ."""


class RoleKind(StrEnum):
    """A part that somebody plays in a careers programme."""

    CAREERS_LEADER = "careers_leader"
    STRATEGIC_LEADER = "strategic_leader"
    OPERATIONAL_LEADER = "operational_leader"
    CAREERS_ADVISER = "careers_adviser"
    SENIOR_SPONSOR = "senior_sponsor"
    LINE_MANAGER = "line_manager"
    LINK_GOVERNOR = "link_governor"
    SUBJECT_CHAMPION = "subject_champion"
    TEACHER = "teacher"
    SUPPORT_STAFF = "support_staff"
    SENCO = "senco"

    @property
    def is_leader(self) -> bool:
        """Whether whoever plays it leads the programme, alone or in a split."""
        return self in LEADER_KINDS


LEADER_KINDS: Final = frozenset(
    {RoleKind.CAREERS_LEADER, RoleKind.STRATEGIC_LEADER, RoleKind.OPERATIONAL_LEADER}
)


class Responsibility(StrEnum):
    """What a careers leader is responsible for."""

    LEADERSHIP = "leadership"
    """Develops the programme, runs it, reports on it."""

    MANAGEMENT = "management"
    """Plans activities, holds the budget, sometimes manages staff."""

    COORDINATION = "coordination"
    """Brings together staff inside and people from outside."""

    NETWORKING = "networking"
    """Keeps up with employers, providers and careers organisations."""


class Seniority(StrEnum):
    """Where a leader stands in the institution."""

    JUNIOR = "junior"
    MIDDLE = "middle"
    SENIOR = "senior"


class ExperienceProfile(StrEnum):
    """The kinds of experience with which people come to the role. Many have none of the three."""

    OLD_HAND = "old_hand"
    NEWBIE = "newbie"
    CAREERS_SPECIALIST = "careers_specialist"


class Motive(StrEnum):
    """Why leaders take up training."""

    UNDERSTAND_ROLE = "understand_role"
    CONFIDENCE = "confidence"
    IDEAS = "ideas"
    CHECK_REQUIREMENTS = "check_requirements"
    NETWORK = "network"
    LEGITIMISE_TIME = "legitimise_time"
    LEGITIMISE_ROLE = "legitimise_role"
    PROFESSIONAL_DEVELOPMENT = "professional_development"
    INSTITUTION_BENEFIT = "institution_benefit"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Qualification:
    """A qualification in careers guidance or leadership.

    Args:
        title: Its name.
        level: Its level in the national framework.
        awarded: The day on which it was awarded; unknown or to come otherwise.
    """

    title: str
    level: Annotated[int, Between(1, 8)] | None = None
    awarded: datetime.date | None = None

    def is_held(self, as_of: datetime.date) -> bool:
        """Whether it had been awarded by a day."""
        return self.awarded is not None and self.awarded <= as_of


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class LeaderTraining:
    """A place on a training programme for careers leaders.

    Args:
        enrolment: The id of the enrolment, where there are records of it.
        course: The name of the course.
        started: The day on which it began.
        completed: The day on which it was completed.
    """

    enrolment: str | None = None
    course: str | None = None
    started: datetime.date | None = None
    completed: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a last day before the first."""
        if self.started is not None and self.completed is not None and self.completed < self.started:
            refuse(self, [Fault("completed", "a day on or after started")])

    def is_completed(self, as_of: datetime.date) -> bool:
        """Whether it had been completed by a day."""
        return self.completed is not None and self.completed <= as_of


Years = Annotated[Fraction, Amount()]


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class CareersLeader:
    """What is known of whoever leads a programme; not who it is.

    Args:
        responsibilities: What the leader is responsible for.
        seniority: Where the leader stands.
        senior_sponsor: Whether somebody of the senior team speaks for the leader.
        other_roles: What else the leader does, such as head of year.
        years_in_role: How long in the role.
        years_in_careers: How long in careers work, here and elsewhere.
        came_from_guidance: Whether the leader came from guidance work.
        qualifications: Qualifications in careers guidance or leadership.
        training: Places on training programmes.
        motives: Why the leader took up training.
        heard: Whether the leader says that senior colleagues listen.

    Examples:
        >>> CareersLeader(years_in_careers=9, came_from_guidance=False).profile
        <ExperienceProfile.OLD_HAND: 'old_hand'>
        >>> CareersLeader(years_in_role=4, years_in_careers=4, came_from_guidance=False).profile is None
        True
    """

    responsibilities: frozenset[Responsibility] = frozenset()
    seniority: Seniority | None = None
    senior_sponsor: bool | None = None
    other_roles: tuple[str, ...] = ()
    years_in_role: Years | None = None
    years_in_careers: Years | None = None
    came_from_guidance: bool | None = None
    qualifications: tuple[Qualification, ...] = ()
    training: tuple[LeaderTraining, ...] = ()
    motives: frozenset[Motive] = frozenset()
    heard: bool | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more years in the role than in careers work."""
        role, careers = self.years_in_role, self.years_in_careers
        if role is not None and careers is not None and role > careers:
            refuse(self, [Fault("years_in_role", "no more than years_in_careers")])

    @property
    def profile(self) -> ExperienceProfile | None:
        """The kind of experience, or ``None`` where what is known does not say (interpretation).

        A specialist came from guidance work. Otherwise eight years or more in careers work make an
        old hand, and two at most a newbie; between them the source has no kind, and years alone
        decide nothing where it is not known whether somebody came from guidance.
        """
        if self.came_from_guidance:
            return ExperienceProfile.CAREERS_SPECIALIST
        years = self.years_in_role if self.years_in_careers is None else self.years_in_careers
        if self.came_from_guidance is None or years is None:
            return None
        if years >= _OLD_HAND:
            return ExperienceProfile.OLD_HAND
        return ExperienceProfile.NEWBIE if years <= _NEWBIE else None

    def is_trained(self, as_of: datetime.date) -> bool:
        """Whether a training was completed or a qualification awarded by a day."""
        return any(one.is_completed(as_of) for one in self.training) or any(
            one.is_held(as_of) for one in self.qualifications
        )


_OLD_HAND: Final = 8
_NEWBIE: Final = 2


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Role:
    """A part that somebody plays, with the time for it.

    Args:
        kind: Which part.
        department: Of which department, such as the subject of a champion.
        hours_a_week: The time for it. A number, or a quantity such as 6 hours a week.
        institutions: The ids of the institutions, if there are several.
        held_from: The first day on which somebody held it.
        held_to: The last day.
        person: A label of the institution's own for whoever holds it. Private: never shown.
        leader: Of a leader, what is known of whoever holds it.

    Examples:
        >>> from gatsbykit.model.units import registry
        >>> role = Role(kind="careers_leader", hours_a_week=registry().Quantity(1.5, "hour/day"))
        >>> role.hours_a_week
        Fraction(21, 2)
        >>> Role(kind="careers_leader", hours_a_week="a day")
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Role.hours_a_week: expected hours a week, from 0 on
    """

    kind: RoleKind
    department: str | None = None
    hours_a_week: HoursAWeek | None = None
    institutions: tuple[str, ...] = ()
    held_from: datetime.date | None = None
    held_to: datetime.date | None = None
    person: str | None = attrs.field(default=None, repr=False)
    leader: CareersLeader | None = attrs.field(default=None)

    def __attrs_post_init__(self) -> None:
        """Refuse what does not fit together."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.held_from is not None and self.held_to is not None and self.held_to < self.held_from:
            yield Fault("held_to", "a day on or after held_from")
        if self.leader is not None and not self.kind.is_leader:
            yield Fault("leader", "nothing, unless the role is that of a leader")

    def is_filled(self, as_of: datetime.date) -> bool:
        """Whether somebody is known to hold it on a day."""
        known = self.person is not None or self.leader is not None or self.held_from is not None
        return known and self.is_current(as_of)

    def is_current(self, as_of: datetime.date) -> bool:
        """Whether a day lies between its first and its last, as far as those are known."""
        begun = self.held_from is None or self.held_from <= as_of
        return begun and (self.held_to is None or self.held_to >= as_of)

    def share_of_week(self, full_week: Fraction = FULL_WEEK) -> Fraction | None:
        """Return the share of a full week that the role has.

        Args:
            full_week: The hours of a full week.

        Examples:
            >>> Role(kind="careers_leader", hours_a_week=7.4).share_of_week()
            Fraction(1, 5)
        """
        return None if self.hours_a_week is None else self.hours_a_week / full_week
