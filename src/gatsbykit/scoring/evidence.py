"""What the participations of one learner show."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from gatsbykit.model.calendar import FIRST_YEAR_GROUP, academic_year_start, capped_year_group
from gatsbykit.model.encounters import Activity, ParticipationStatus
from gatsbykit.model.names import entry_keys

if TYPE_CHECKING:
    from gatsbykit.model.encounters import Participation
    from gatsbykit.model.learners import Learner
    from gatsbykit.scoring.plan import Need, Plan

__all__ = ["Evidence", "Marked", "mark_activity", "occasion_key", "strength"]

_RANK = {status: rank for rank, status in enumerate(ParticipationStatus)}


def strength(row: Participation) -> tuple[int, int]:
    """Order the rows of one learner and activity; the strongest is the one that counts.

    Attended beats offered beats absent, and of the rows with the winning status the highest year
    group override applies.
    """
    return -_RANK[row.status], row.year_group or 0


class Marked(NamedTuple):
    """An activity with the marks that it can set.

    Attributes:
        bits: The marks.
        year_start: The year in which the academic year of its date began.
        activity: The activity.
    """

    bits: int
    year_start: int
    activity: Activity


def mark_activity(plan: Plan, activity: Activity) -> Marked:
    """Classify an activity."""
    return Marked(plan.classify(activity), academic_year_start(activity.date), activity)


class Evidence:
    """What one counted learner's participations have shown so far.

    ``planes[n]`` holds the marks that were set more than ``n`` times, so that counting up to the
    highest number that any criterion asks for takes a few operations on integers.
    """

    __slots__ = (
        "_offset",
        "_windows",
        "learner",
        "minutes",
        "occasions",
        "planes",
        "rows",
        "subjects",
        "year",
    )

    def __init__(self, learner: Learner, plan: Plan) -> None:
        self.learner = learner
        self.year = learner.current_year_group() or 0
        # The year group at a date is this number plus the academic year of the date.
        reference = academic_year_start(learner.reference_date(plan.as_of))
        self._offset = (learner.year_group or 0) - reference
        # No window: year groups play no part, and the start of the programme is the bound.
        self._windows = plan.windows[self.year] if plan.by_year_groups else None
        self.rows: dict[str, Participation] = {}
        self.planes = [0] * plan.depth
        self.subjects: set[str] = set()
        self.minutes: defaultdict[int, Fraction] = defaultdict(Fraction)
        self.occasions: set[tuple[int, frozenset[str]]] = set()

    def bits_of(self, plan: Plan, row: Participation, marked: Marked) -> int:
        """Return the marks that a participation of the learner sets."""
        bits = marked.bits & plan.by_status[row.status]
        if not bits:  # such as those of an activity after the assessment, for which there is no window
            return 0
        if self._windows is None:
            start = self.learner.programme_start
            return bits if start is None or marked.activity.date >= start else 0
        year = self._offset + marked.year_start if row.year_group is None else row.year_group
        return bits & self._windows[capped_year_group(year)] if year >= FIRST_YEAR_GROUP else 0

    def set(self, bits: int) -> None:
        """Set marks once more: what a plane has already is carried to the next."""
        planes = self.planes
        for level, plane in enumerate(planes):
            planes[level] = plane | bits
            bits &= plane
            if not bits:
                break

    def meets(self, need: Need) -> bool:
        """Whether the learner has what a criterion needs."""
        planes = self.planes
        for number, mask in need.counts:
            if planes[number - 1] & mask != mask:
                return False
        number, mask = need.different
        if (planes[0] & mask).bit_count() < number:
            return False
        return not need.each_subject or self.learner.subjects.issubset(self.subjects)

    def occasions_of(self, mask: int) -> int:
        """How many different occasions of a phase of the provider access law were attended."""
        return sum(phase == mask for phase, _ in self.occasions)


def occasion_key(activity: Activity, *, different_providers: bool) -> frozenset[str]:
    """Return what tells two occasions apart: the set of providers met, or the activity itself."""
    return entry_keys(activity.providers) if different_providers else frozenset({activity.activity_id})
