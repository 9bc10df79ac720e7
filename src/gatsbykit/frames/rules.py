"""The plan as expressions over data frames: which activities carry which marks, whom a rule is about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import narwhals as nw

from gatsbykit.frames.cells import all_of, day_number, year_start
from gatsbykit.model.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP, Between
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.model.learners import SenProvision
from gatsbykit.rules.vocabulary import CohortWho

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatsbykit.frames.cells import Cells, Lists
    from gatsbykit.rules.vocabulary import Cohort
    from gatsbykit.scoring.plan import Plan

from typing import TYPE_CHECKING

from gatsbykit.frames.cells import Known, Lists, any_of
from gatsbykit.model.encounters import CHECKLIST_ITEMS, ActivityKind, ProviderType
from gatsbykit.rules.vocabulary import PartTimeJobs, Window
from gatsbykit.scoring.plan import Test, adviser_level

if TYPE_CHECKING:
    from gatsbykit.frames.cells import Cells
    from gatsbykit.scoring.plan import Mark, Plan

__all__ = [
    "NEVER_ENDS",
    "YEAR_GROUPS",
    "capped",
    "classify",
    "in_cohort",
    "is_chosen",
    "is_counted",
    "is_leaver",
    "is_unknown",
    "tidy_activities",
    "tidy_learners",
]

_FACTS: Final = ("meaningful", "part_time_job", "site_visit", *CHECKLIST_ITEMS)
_NO_LEVEL: Final = -(1 << 53)
"""No level that anybody gives."""


def tidy_activities(cells: Cells) -> dict[str, nw.Expr]:
    """Return what any plan may ask of an activity, as named expressions without nulls."""
    day = cells.day("date", 0)
    kinds = cells.chosen("kinds", ActivityKind)
    cells.refuse("kinds", "missing_value", kinds.is_empty, columns="kinds")
    provider_types = cells.chosen("provider_types", ProviderType)
    tidy = {"day": day, "adviser_level": cells.number("adviser_level", _NO_LEVEL)}
    for kind in ActivityKind:
        tidy[f"is_{kind}"] = kinds.holding({kind})
    for provider in ProviderType:
        tidy[f"with_{provider}"] = provider_types.holding({provider})
    for name in _FACTS:
        fact = cells.known(name)
        tidy[f"{name}_yes"], tidy[f"{name}_no"] = fact.yes, fact.no
    return tidy


def classify(plan: Plan, mark: Mark, subjects: Lists) -> nw.Expr:
    """Return whether an activity can set a mark.

    Args:
        plan: The compiled edition.
        mark: One of its marks, of those that criteria ask for.
        subjects: The subjects of the activities.
    """
    assert mark.test is Test.COUNTS, "criteria about learners ask for no other test"
    day = nw.col("day")
    asked = [nw.col(f"is_{mark.kind}"), day <= day_number(plan.as_of), _counts(plan, mark.kind)]
    if mark.window is Window.THIS_YEAR:
        asked.append(year_start(day) == plan.academic_year.start)
    if mark.provider_type is not None:
        asked.append(nw.col(f"with_{mark.provider_type}"))
    if mark.also is not None:
        asked.append(nw.col(f"is_{mark.also}"))
    if mark.subjects:
        asked.append(subjects.holding(mark.subjects))
    if mark.any_subject:
        asked.append(~subjects.is_empty)
    if mark.site_visit:
        asked.append(_fact("site_visit").yes)
    return all_of(asked)


def _fact(name: str) -> Known:
    return Known(nw.col(f"{name}_yes"), nw.col(f"{name}_no"))


def _counts(plan: Plan, kind: ActivityKind) -> nw.Expr:
    """Return whether an activity counts for a kind, as `gatsbykit.scoring.plan.known_to_count` has it."""
    including = plan.settings.unknown == "include"
    meaningful = _fact("meaningful")
    if kind is ActivityKind.GUIDANCE_MEETING:
        level = nw.col("adviser_level")
        enough = level >= adviser_level(plan.edition, plan.settings)
        unknown = level == _NO_LEVEL
        return ~meaningful.no & ((enough | unknown) if including else (enough & ~unknown))
    items = [_fact(item) for item in plan.edition.checklist(kind).items]
    certain = meaningful.yes | (~meaningful.no & all_of(item.yes for item in items))
    possible = meaningful.yes | ~(meaningful.no | any_of(item.no for item in items))
    counted = possible if including else certain
    if kind is ActivityKind.WORKPLACE_EXPERIENCE:
        job = _fact("part_time_job").yes
        if plan.edition.part_time_jobs is PartTimeJobs.IF_MEANINGFUL:
            return (counted & ~job) | (certain & job)
        return counted & ~job
    return counted


# Learners

YEAR_GROUPS: Final = Between(1, 14)
_NEVER_BEGAN: Final = 0
NEVER_ENDS: Final = 9999_12_31


def capped(year_group: nw.Expr) -> nw.Expr:
    """Return the year group with Year 14 read as Year 13."""
    return nw.when(year_group == LAST_YEAR_GROUP + 1).then(nw.lit(LAST_YEAR_GROUP)).otherwise(year_group)


def tidy_learners(cells: Cells, as_of: date) -> dict[str, nw.Expr]:
    """Return what any plan may ask of a learner, as named expressions without nulls.

    Args:
        cells: The columns of the learners, with those of their institutions.
        as_of: The date of the assessment.
    """
    year_group = cells.number("year_group", 0, YEAR_GROUPS)
    lacking = nw.col("kind").is_in(_of_kinds(lambda kind: kind.is_school)) & cells.is_nothing("year_group")
    cells.refuse("year_group", "missing_value", lacking, columns="year_group")
    arrived = cells.day("on_roll_from", _NEVER_BEGAN)
    left = cells.day("on_roll_to", NEVER_ENDS)
    began, ends = cells.day("programme_start", _NEVER_BEGAN), cells.day("programme_end", NEVER_ENDS)
    cells.in_order("on_roll_from", "on_roll_to", arrived, left)
    cells.in_order("programme_start", "programme_end", began, ends)
    today = day_number(as_of)
    considering = cells.known("considering_he")
    return {
        "now": capped(year_group),
        # The year group at a date is this number plus the academic year of the date.
        "offset": year_group - year_start(nw.when(left < today).then(left).otherwise(nw.lit(today))),
        "arrived": arrived,
        "left": left,
        "began": began,
        "ends": ends,
        "born": cells.day("date_of_birth", NEVER_ENDS),
        "outside": cells.known("in_cohort").no,
        "has_plan": cells.choice("sen_provision", SenProvision) == SenProvision.EHC_PLAN.value,
        "considering": considering.yes,
        "not_considering": considering.no,
    }


def is_counted(plan: Plan) -> nw.Expr:
    """Return whether a learner counts, as `cohorts.standing` has it."""
    year = plan.academic_year
    today = day_number(plan.as_of)
    left = nw.col("left")
    summer_leaver = (left >= day_number(date(year.start + 1, 5, 1))) & (left <= day_number(year.last_day))
    asked = [nw.col("arrived") <= today, (left >= today) | summer_leaver, _is_of_the_cohort()]
    if plan.edition.oldest is not None:
        oldest = nw.when(nw.col("has_plan")).then(nw.lit(plan.edition.oldest_with_ehc_plan))
        before_the_year = day_number(year.plus(-1).last_day)
        age = (before_the_year - nw.col("born")) // 10_000
        asked.append(age <= oldest.otherwise(nw.lit(plan.edition.oldest)))
    return all_of(asked)


def _is_of_the_cohort() -> nw.Expr:
    declares = nw.col("kind").is_in(_of_kinds(lambda kind: kind.declares_cohort))
    return ~(declares & nw.col("outside"))


def _of_kinds(wanted: Callable[[InstitutionKind], bool]) -> list[str]:
    return [kind.value for kind in InstitutionKind if wanted(kind)]


def in_cohort(plan: Plan, cohort: Cohort) -> nw.Expr:
    """Return whether a counted learner is one of those a criterion is about, as `cohorts.is_in` has it."""
    if cohort.who is CohortWho.DUE and cohort.years:
        return nw.col("now").is_in(list(cohort.years))
    if cohort.who is CohortWho.DUE:
        return year_start(nw.col("ends")) == plan.academic_year.start
    return nw.col("now") >= FIRST_YEAR_GROUP if plan.by_year_groups else nw.lit(True)


def is_chosen(cohort: Cohort, subjects: Lists) -> nw.Expr:
    """Return whether a learner of a cohort is in the denominator."""
    if cohort.only == "considering_he":
        return nw.col("considering")
    return nw.lit(True) if cohort.only is None else ~subjects.is_empty


def is_unknown(cohort: Cohort, subjects: Lists) -> nw.Expr:
    """Return whether what puts a learner in the denominator is unknown."""
    if cohort.only == "considering_he":
        return ~nw.col("considering") & ~nw.col("not_considering")
    return nw.lit(False) if cohort.only is None else subjects.is_empty


def is_leaver(plan: Plan, cohort: Cohort) -> nw.Expr:
    """Return whether a learner left recently enough to be followed, as `LeaverRule.concerns` has it."""
    years_ago = plan.academic_year.start - year_start(nw.col("left"))
    return (
        (years_ago >= 1)
        & (years_ago <= cohort.left_within)
        & (nw.col("now") >= cohort.left_from_year)
        & _is_of_the_cohort()
    )
