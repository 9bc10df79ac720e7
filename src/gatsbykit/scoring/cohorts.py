"""Who counts: on roll, in the declared cohort, young enough, due."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from gatsbykit.model.calendar import FIRST_YEAR_GROUP, AcademicYear
from gatsbykit.model.learners import SenProvision
from gatsbykit.rules.vocabulary import Cohort, CohortWho

if TYPE_CHECKING:
    from datetime import date

    from gatsbykit.model.institutions import InstitutionKind
    from gatsbykit.model.learners import Learner
    from gatsbykit.rules.vocabulary import Edition

__all__ = [
    "Standing",
    "age_on",
    "is_chosen",
    "is_due",
    "is_in",
    "is_unknown",
    "standing",
]


class Standing(StrEnum):
    """Whether a learner counts, and if not, why."""

    COUNTED = "counted"
    NOT_ON_ROLL = "not on roll"
    NOT_IN_COHORT = "outside the declared cohort"
    TOO_OLD = "over the age"


def age_on(day: date, date_of_birth: date) -> int:
    """Return the age in whole years on a day.

    Examples:
        >>> from datetime import date
        >>> age_on(date(2025, 8, 31), date(2006, 8, 31)), age_on(date(2025, 8, 31), date(2006, 9, 1))
        (19, 18)
    """
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)


def standing(learner: Learner, kind: InstitutionKind, edition: Edition, as_of: date) -> Standing:
    """Return whether a learner is a counted one, and if not, why.

    Args:
        learner: The learner.
        kind: The kind of the institution.
        edition: The edition, with its age rule.
        as_of: The date of the assessment.
    """
    if not learner.is_on_roll(as_of):
        return Standing.NOT_ON_ROLL
    if kind.declares_cohort and learner.in_cohort is False:
        return Standing.NOT_IN_COHORT
    oldest = edition.oldest
    if learner.sen_provision is SenProvision.EHC_PLAN:
        oldest = edition.oldest_with_ehc_plan
    if oldest is not None and learner.date_of_birth is not None:
        before_the_year = AcademicYear.of(as_of).plus(-1).last_day
        if age_on(before_the_year, learner.date_of_birth) > oldest:
            return Standing.TOO_OLD
    return Standing.COUNTED


def is_due(learner: Learner, cohort: Cohort, as_of: date) -> bool:
    """Return whether a counted learner's deadline falls in the current academic year."""
    if cohort.years:
        return learner.current_year_group() in cohort.years
    return learner.programme_end is not None and learner.programme_end in AcademicYear.of(as_of)


def is_in(learner: Learner, cohort: Cohort, *, by_year_groups: bool, as_of: date) -> bool:
    """Return whether a counted learner is one of those a criterion is about.

    The intention to apply to higher education, and whether subjects are known, are asked
    separately: those who lack them are left out of the denominator and named in a warning.
    """
    if cohort.who is CohortWho.DUE:
        return is_due(learner, cohort, as_of)
    return not by_year_groups or (learner.current_year_group() or 0) >= FIRST_YEAR_GROUP


def is_chosen(learner: Learner, cohort: Cohort) -> bool:
    """Return whether a learner of a cohort is in the denominator."""
    if cohort.only == "considering_he":
        return learner.considering_he is True
    return cohort.only is None or bool(learner.subjects)


def is_unknown(learner: Learner, cohort: Cohort) -> bool:
    """Return whether what puts a learner in the denominator is unknown."""
    if cohort.only == "considering_he":
        return learner.considering_he is None
    return cohort.only is not None and not learner.subjects
