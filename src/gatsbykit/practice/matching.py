"""Which recorded activities are those that a programme planned, and which learners they were meant for.

A planned activity that names the ids of recorded ones is those. Otherwise a recorded activity is the
planned one with the longest title that its own title begins with, if it is of one of its kinds, or
if the plan names none (interpretation: titles are what schools have).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from gatsbykit.model.encounters import ParticipationStatus
from gatsbykit.model.learners import SenProvision
from gatsbykit.model.provision import TargetGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gatsbykit.model.calendar import AcademicYear
    from gatsbykit.model.encounters import Activity
    from gatsbykit.model.learners import Learner
    from gatsbykit.model.provision import PlannedActivity
    from gatsbykit.model.records import Records

__all__ = ["attendance", "is_meant", "matched"]


def matched(
    planned: Iterable[PlannedActivity], recorded: Iterable[Activity], year: AcademicYear
) -> Mapping[str, tuple[Activity, ...]]:
    """Return, by the id of each planned activity, the recorded ones of an academic year that are it.

    Args:
        planned: Planned activities.
        recorded: Recorded activities.
        year: The academic year.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit import AcademicYear, Activity
        >>> from gatsbykit.model.provision import PlannedActivity
        >>> plan = [PlannedActivity(id="fair", title="Fair"), PlannedActivity(id="f7", title="Fair, Year 7")]
        >>> day = date(2026, 3, 11)
        >>> held = Activity(
        ...     activity_id="A1", date=day, kinds={"employer_encounter"}, title="FAIR, Year 7: hall"
        ... )
        >>> [key for key, found in matched(plan, [held], AcademicYear.of(day)).items() if found]
        ['f7']
    """
    plans = [(one, _comparable(one.title)) for one in planned]
    named = {record_id: one.id for one, _ in plans for record_id in one.activity_ids}
    found: defaultdict[str, list[Activity]] = defaultdict(list)
    for activity in recorded:
        if activity.date not in year:
            continue
        plan_id = named.get(activity.activity_id) or _by_title(activity, plans)
        if plan_id is not None:
            found[plan_id].append(activity)
    return {one.id: tuple(sorted(found[one.id], key=_by_day)) for one, _ in plans}


def _by_day(activity: Activity) -> tuple[object, str]:
    return activity.date, activity.activity_id


def _by_title(activity: Activity, plans: list[tuple[PlannedActivity, str]]) -> str | None:
    title = _comparable(activity.title or "")
    fitting = [
        (len(words), one.id)
        for one, words in plans
        if (not one.kinds or one.kinds & activity.kinds) and _begins(title, words)
    ]
    return max(fitting)[1] if fitting else None


def _begins(title: str, words: str) -> bool:
    return title.startswith(words) and not title[len(words) : len(words) + 1].isalnum()


def _comparable(title: str) -> str:
    return " ".join(title.casefold().split())


_IN_GROUP: Final[Mapping[TargetGroup, Callable[[Learner], bool | None]]] = {
    TargetGroup.DISADVANTAGED: lambda one: one.disadvantaged,
    TargetGroup.SEN: lambda one: (
        None if one.sen_provision is None else one.sen_provision is not SenProvision.NONE
    ),
    TargetGroup.LOOKED_AFTER: lambda one: one.looked_after,
    TargetGroup.EAL: lambda one: one.eal,
    TargetGroup.CONSIDERING_HE: lambda one: one.considering_he,
}


def is_meant(planned: PlannedActivity, learner: Learner) -> bool | None:
    """Whether an activity is meant for a learner; ``None`` where the records cannot say.

    Args:
        planned: The activity.
        learner: The learner.
    """
    if planned.year_groups and learner.current_year_group() not in planned.year_groups:
        return False
    if planned.target_group is None:
        return True
    test = _IN_GROUP.get(planned.target_group)
    return None if test is None else test(learner)


def attendance(records: Records) -> Mapping[str, frozenset[str]]:
    """Return, by activity, the ids of those who attended it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in records.participations or ():
        if row.status is ParticipationStatus.ATTENDED:
            found[row.activity_id].add(row.learner_id)
    return {activity_id: frozenset(ids) for activity_id, ids in found.items()}
