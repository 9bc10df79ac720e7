"""Rules that stand beside the benchmarks: the provider access law and the work experience guarantee.

Like the editions they are data with sources, and no part of any benchmark.
"""

from __future__ import annotations

import functools
from datetime import date
from typing import Literal

import attrs

from gatsbykit.model.calendar import FIRST_YEAR_GROUP
from gatsbykit.model.encounters import Checklist
from gatsbykit.model.fields import checked
from gatsbykit.rules.loading import read_rules, rules_converter
from gatsbykit.rules.vocabulary import Source

__all__ = [
    "AccessPhase",
    "ExperiencePart",
    "ProviderAccessRules",
    "WorkExperienceRules",
    "provider_access_rules",
    "work_experience_rules",
]


@attrs.frozen(kw_only=True, field_transformer=checked)
class AccessPhase:
    """One phase of the provider access law.

    Args:
        name: ``first``, ``second`` or ``third``.
        text: What it asks for, in our words.
        any_time_year: The year group in which an occasion counts at any date.
        until_year: The year group in which it counts up to the cut-off day; its learners are the
            ones who are due.
        per: Whether each learner has to attend or the institution has to put the occasions on.
        occasions: How many.
        different_providers: Whether at least two of them must differ in the set of providers.
    """

    name: Literal["first", "second", "third"]
    text: str
    any_time_year: int
    until_year: int
    per: Literal["learner", "institution"]
    occasions: int
    different_providers: bool

    @property
    def title(self) -> str:
        """The phase and its year groups in a few words."""
        return f"{self.name.capitalize()} phase (Years {self.any_time_year}-{self.until_year})"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ProviderAccessRules:
    """The provider access law (Education Act 1997, section 42B).

    Args:
        in_force: Before this day there is no result.
        text: What the law asks for, in our words.
        sources: Where that comes from.
        interpretation: Where our reading goes beyond the words.
        cutoff_month: The month of the last day of a phase.
        cutoff_day: That day of the month; 29 February is late.
        checklist: What an occasion has to cover.
        phases: The three phases.
    """

    in_force: date
    text: str
    sources: tuple[Source, ...]
    interpretation: str
    cutoff_month: int
    cutoff_day: int
    checklist: Checklist
    phases: tuple[AccessPhase, ...]

    def is_late(self, day: date) -> bool:
        """Whether a day is past the cut-off of the academic year that it lies in."""
        return (self.cutoff_month, self.cutoff_day) < (day.month, day.day) < (9, 1)


@attrs.frozen(kw_only=True, field_transformer=checked)
class ExperiencePart:
    """One half of the work experience guarantee.

    Args:
        name: ``by_year_9`` or ``by_year_11``.
        due_year: The year group by whose end the hours are due.
        years: The year groups in which they count.
        hours: How many.
    """

    name: Literal["by_year_9", "by_year_11"]
    due_year: int
    years: tuple[int, ...]
    hours: int

    @property
    def title(self) -> str:
        """The hours and when they are due in a few words."""
        if self.years[0] == FIRST_YEAR_GROUP:
            return f"{self.hours} hours by the end of Year {self.due_year}"
        return f"{self.hours} hours in Years {self.years[0]}-{self.years[-1]}"


@attrs.frozen(kw_only=True, field_transformer=checked)
class WorkExperienceRules:
    """The work experience guarantee: information only, never part of a score."""

    text: str
    sources: tuple[Source, ...]
    interpretation: str
    parts: tuple[ExperiencePart, ...]


@functools.cache
def provider_access_rules() -> ProviderAccessRules:
    """Return the rules of the provider access law."""
    return rules_converter().structure(read_rules("provider_access"), ProviderAccessRules)


@functools.cache
def work_experience_rules() -> WorkExperienceRules:
    """Return the rules of the work experience guarantee."""
    return rules_converter().structure(read_rules("work_experience"), WorkExperienceRules)
