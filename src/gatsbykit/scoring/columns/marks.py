"""Which marks an activity can set, as expressions over its columns.

This is `Plan.classify` for columns: the same marks, tests and checklists, read from the same plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals as nw

from gatsbykit.encounters import ActivityKind, ProviderType
from gatsbykit.framework.model import PartTimeJobs, Window
from gatsbykit.scoring.columns.cells import (
    Known,
    all_of,
    any_of,
    day_number,
    has_entries,
    has_entry,
    year_start,
)
from gatsbykit.scoring.plan import Test, adviser_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gatsbykit.scoring.columns.cells import Cells
    from gatsbykit.scoring.plan import Mark, Plan

__all__ = ["mark_expressions", "read_activities"]

_FACTS: Final = ("meaningful", "part_time_job", "site_visit")
_NO_LEVEL: Final = -1


def read_activities(cells: Cells, items: Iterable[str]) -> dict[str, nw.Expr]:
    """Return what the marks ask of an activity, as named expressions that are never null.

    Args:
        cells: The columns of the activities.
        items: The checklist items that any edition asks about.
    """
    for column in ("institution_id", "activity_id", "date", "kinds"):
        cells.require(column)
    facts = {name: cells.known(name) for name in (*_FACTS, *items)}
    level = cells.number("adviser_level", _NO_LEVEL)
    return {
        "day": cells.day("date", 0),
        "kinds": cells.entries("kinds", ActivityKind),
        "provider_types": cells.entries("provider_types", ProviderType),
        "adviser_level": level,
        **{f"{name}_yes": known.yes for name, known in facts.items()},
        **{f"{name}_no": known.no for name, known in facts.items()},
    }


def _known(name: str) -> Known:
    return Known(nw.col(f"{name}_yes"), nw.col(f"{name}_no"))
