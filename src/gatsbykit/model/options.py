"""What an institution could put on to close a gap, and what it has for that."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from gatsbykit.model.attributes import Fault, Hours, Minutes, Pounds, read_or_refuse, refuse
from gatsbykit.model.encounters import ActivityKind, Mode, ProviderType
from gatsbykit.model.provision import ProgrammeYear

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OptionSource", "PlanningLimits", "PlanningOption", "PlanningRequest"]


class OptionSource(StrEnum):
    """Where an option comes from."""

    GIVEN = "given"
    PROGRAMME = "programme"
    RECORD = "record"
    CATALOGUE = "catalogue"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PlanningOption:
    """Something that an institution could put on, once or several times.

    Args:
        id: An id, unique among the options.
        title: What it is called.
        kinds: What it is.
        subjects: The subjects that a session can be in; none for any.
        subjects_each: How many subjects one session can serve.
        provider_types: The types of provider that it meets.
        site_visit: Whether it takes place on the provider's site.
        year_groups: The year groups that it is for; none for any.
        mixed_years: Whether one session can be for several year groups.
        places: How many learners one session has room for.
        cost: What one session costs.
        cost_per_learner: What each learner in it costs beside that.
        leader_hours: The hours of the careers leader for one session.
        duration: How long a session lasts, in minutes.
        mode: In person, virtual or both.
        earliest: The first day on which it can be.
        latest: The last.
        per_day: How many sessions there can be on one day.
        sessions: How many sessions there can be at most.
        repeatable: Whether it can be held more than once.
        source: Where the option comes from.

    Examples:
        >>> lesson = PlanningOption(id="lesson", title="A lesson", kinds=["curriculum_link"], places=30)
        >>> lesson.most_sessions is None
        True
        >>> PlanningOption(id="talk", title="A talk", kinds=[])
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: PlanningOption.kinds: expected at least one kind
    """

    id: str
    title: str
    kinds: frozenset[ActivityKind]
    subjects: frozenset[str] = frozenset()
    subjects_each: int = 1
    provider_types: frozenset[ProviderType] = frozenset()
    site_visit: bool | None = None
    year_groups: frozenset[ProgrammeYear] = frozenset()
    mixed_years: bool = True
    places: int = 30
    cost: Pounds | None = None
    cost_per_learner: Pounds | None = None
    leader_hours: Hours | None = None
    duration: Minutes | None = None
    mode: Mode | None = None
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    per_day: int = 1
    sessions: int | None = None
    repeatable: bool = True
    source: OptionSource = OptionSource.GIVEN

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.kinds:
            yield Fault("kinds", "at least one kind")
        for name in ("subjects_each", "places", "per_day", "sessions"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                yield Fault(name, "a whole number from 1 on")
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            yield Fault("latest", "a day on or after earliest")

    @property
    def most_sessions(self) -> int | None:
        """How many sessions there can be, as far as the option itself says."""
        return self.sessions if self.repeatable else 1


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PlanningLimits:
    """What there is for closing the gaps.

    Args:
        budget: Pounds.
        leader_hours: Hours of the careers leader.
        sessions: How many sessions altogether.
        by: The day by which everything is done.
    """

    budget: Pounds | None = None
    leader_hours: Hours | None = None
    sessions: int | None = None
    by: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a number below 0."""
        if self.sessions is not None and self.sessions < 0:
            refuse(self, [Fault("sessions", "a whole number from 0 on")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PlanningRequest:
    """Options and limits, as a file holds them.

    Args:
        options: What could be put on.
        limits: What there is for it.
    """

    options: tuple[PlanningOption, ...] = ()
    limits: PlanningLimits = PlanningLimits()

    def __attrs_post_init__(self) -> None:
        """Refuse two options of one id."""
        ids = [one.id for one in self.options]
        refuse(
            self,
            (
                Fault(f"options[{index}].id", "an id of its own", "repeated_id")
                for index, one in enumerate(ids)
                if one in ids[:index]
            ),
        )
