"""A programme on a day, under an edition, in the arrangements that rules and checks ask for."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gatsbykit.model.calendar import AcademicYear, KeyStage
from gatsbykit.model.engagement import StakeholderGroup
from gatsbykit.rules.vocabulary import Timeline
from gatsbykit.scoring.answer_rules import answer_rules, asked_years

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.programmes import CareersProgramme, Gap
    from gatsbykit.model.provision import LearningOutcome, PlannedActivity
    from gatsbykit.rules import Edition

__all__ = ["Case", "Unit", "place"]

Unit = int | str | None
"""What outcomes and activities are for: a year group, a phase, or the programme as a whole."""


def place(name: str, index: int) -> str:
    """Return the path of a record of a programme."""
    return f"{name}[{index}]"


class Case:
    """A programme with what it is judged by.

    Args:
        programme: The programme.
        as_of: The day.
        edition: The edition.
        learners: The learners of the institution, where there are records of them.
    """

    def __init__(
        self,
        programme: CareersProgramme,
        as_of: date,
        edition: Edition,
        learners: Iterable[Learner] | None = None,
    ) -> None:
        self.programme = programme
        self.as_of = as_of
        self.edition = edition
        self._learners = learners or ()
        self.holds = programme.holds(as_of)
        self.academic_year = AcademicYear.of(as_of)

    @functools.cached_property
    def units(self) -> tuple[Unit, ...]:
        """The year groups that are asked for, or outside schools the phases."""
        if self.edition.timeline is Timeline.PROGRAMMES:
            return self.programme.phases or (None,)
        years = self.programme.year_groups or self.years_on_roll
        return tuple(sorted(years or asked_years()))

    @functools.cached_property
    def years_on_roll(self) -> frozenset[int]:
        """The year groups from 7 on of which the records have learners on roll."""
        years = {one.current_year_group() for one in self._learners if one.is_on_roll(self.as_of)}
        return frozenset(year for year in years if year is not None and 7 <= year <= 13)

    @property
    def year_groups_known(self) -> bool:
        """Whether the programme or the records say which units there are."""
        by_years = self.edition.timeline is Timeline.YEAR_GROUPS
        return not by_years or bool(self.programme.year_groups or self.years_on_roll)

    @functools.cached_property
    def stages(self) -> tuple[tuple[Unit, ...], ...]:
        """The units by key stage; outside schools each phase is one."""
        if self.edition.timeline is Timeline.PROGRAMMES:
            return tuple((unit,) for unit in self.units)
        stages = (tuple(unit for unit in self.units if unit in stage.years) for stage in KeyStage)
        return tuple(stage for stage in stages if stage)

    def is_for(self, one: LearningOutcome | PlannedActivity, unit: Unit) -> bool:
        """Whether an outcome or an activity is for a unit."""
        return unit is None or unit in one.year_groups or unit == one.phase

    def with_unit(self, name: str, unit: Unit) -> Iterable[int]:
        """Return the places of the outcomes or the activities that are for a unit."""
        return [index for index, one in enumerate(getattr(self.programme, name)) if self.is_for(one, unit)]

    @functools.cached_property
    def served(self) -> frozenset[str]:
        """The ids of the outcomes that an activity serves."""
        return frozenset(outcome for one in self.programme.activities for outcome in one.outcomes)

    @functools.cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps, where they are of the edition of the review."""
        return self.programme.gaps if self.programme.edition == self.edition.key else ()

    @property
    def audiences(self) -> tuple[StakeholderGroup, ...]:
        """The groups that the edition wants to be told of the programme or asked about it."""
        return self._groups("published", "evaluated")

    @property
    def told(self) -> tuple[StakeholderGroup, ...]:
        """The groups that the edition wants to be told of the programme."""
        return self._groups("published")

    def _groups(self, *names: str) -> tuple[StakeholderGroup, ...]:
        rules = (rule for parts in answer_rules(self.edition.key).values() for rule in parts.values())
        named = (rule.of for rule in rules if rule.name in names)
        return tuple(map(StakeholderGroup, dict.fromkeys(filter(None, named))))

    def is_recent(self, day: date | None, days: int) -> bool:
        """Whether a day lies in the so many days that end with the day of the review."""
        return day is not None and self.as_of - timedelta(days=days) < day <= self.as_of

    def in_list(self, name: str) -> Iterable[tuple[str, Any]]:
        """Return the records of a list with their paths."""
        return [(place(name, index), one) for index, one in enumerate(getattr(self.programme, name))]
