"""Which marks an activity can set, as expressions over its columns.

This is `Plan.classify` for columns: the same marks, tests and checklists, read from the same plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from gatsbykit.frames.cells import Known, Lists, all_of, any_of, day_number, year_start
from gatsbykit.model.encounters import CHECKLIST_ITEMS, ActivityKind, ProviderType
from gatsbykit.rules.vocabulary import PartTimeJobs, Window
from gatsbykit.scoring.plan import Test, adviser_level

if TYPE_CHECKING:
    from gatsbykit.frames.cells import Cells
    from gatsbykit.scoring.plan import Mark, Plan

__all__ = ["classify", "tidy_activities"]

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
