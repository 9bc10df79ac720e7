"""What is doubtful about records though they can be scored: the warnings of a scorecard."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Final

from gatsbykit.issues import Issue
from gatsbykit.model.encounters import ActivityKind
from gatsbykit.rules.vocabulary import PartTimeJobs, Timeline
from gatsbykit.scoring.cohorts import Standing, is_in, is_unknown
from gatsbykit.scoring.plan import adviser_level, known_to_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatsbykit.model.encounters import Activity
    from gatsbykit.model.learners import Learner
    from gatsbykit.scoring.plan import Plan

__all__ = ["Doubts", "activity_doubts", "build_warnings", "learner_doubts"]

Doubts = Counter[tuple[str, str]]
"""How many records are doubtful, by the code and by the criterion that it matters for, if any."""

_AFTER, _STRANGER, _NOWHERE, _NO_LEARNER = (
    "activity_after_as_of",
    "participation_of_unknown_learner",
    "participation_of_unknown_activity",
    "destination_of_unknown_learner",
)
_MEANINGFUL, _ADVISER, _DURATION = "meaningful_unknown", "adviser_level_unknown", "duration_unknown"
_BIRTH, _END = "date_of_birth_unknown", "programme_end_unknown"
_ONLY: Final = {"considering_he": "intention_unknown", "subjects_known": "subjects_unknown"}


def activity_doubts(activity: Activity, plan: Plan) -> Iterator[str]:
    """Yield the codes of what is doubtful about an activity, each once."""
    if activity.date > plan.as_of:
        yield _AFTER
        return
    level = adviser_level(plan.edition, plan.settings)
    unknown = {
        kind
        for kind in activity.kinds & plan.scored_kinds
        if _is_open(activity, kind, plan) or known_to_count(activity, kind, plan.edition, level) is None
    }
    if unknown - {ActivityKind.GUIDANCE_MEETING}:
        yield _MEANINGFUL
    if ActivityKind.GUIDANCE_MEETING in unknown:
        yield _ADVISER
    if (
        plan.hours
        and ActivityKind.WORKPLACE_EXPERIENCE in activity.kinds
        and not activity.part_time_job
        and activity.duration is None
    ):
        yield _DURATION


def _is_open(activity: Activity, kind: ActivityKind, plan: Plan) -> bool:
    """Whether a part-time job would count if somebody said that it was meaningful."""
    return (
        kind is ActivityKind.WORKPLACE_EXPERIENCE
        and bool(activity.part_time_job)
        and plan.edition.part_time_jobs is PartTimeJobs.IF_MEANINGFUL
        and activity.meaningful is None
        and plan.edition.checklist(kind).verdict(activity) is None
    )


def learner_doubts(learner: Learner, plan: Plan, *, has_evidence: bool) -> Iterator[tuple[str, str]]:
    """Yield what is doubtful about a counted learner: codes, and the criteria they matter for."""
    if not has_evidence:  # then nothing about learners matters
        return
    if plan.edition.oldest is not None and learner.date_of_birth is None:
        yield _BIRTH, ""
    if plan.edition.timeline is Timeline.PROGRAMMES and learner.programme_end is None:
        yield _END, ""
    for rule in plan.rules:
        if is_unknown(learner, rule.cohort) and is_in(
            learner, rule.cohort, by_year_groups=plan.by_year_groups, as_of=plan.as_of
        ):
            yield _ONLY[rule.cohort.only or ""], rule.criterion.id


def build_warnings(plan: Plan, doubts: Doubts, left_out: Mapping[Standing, int]) -> tuple[Issue, ...]:
    """Return the warnings, in a fixed order.

    Args:
        plan: The plan.
        doubts: What was doubtful, and how often.
        left_out: By the reason, how many learners are in no population.
    """
    return tuple(_warnings(plan, doubts, left_out))


def _warnings(plan: Plan, doubts: Doubts, left_out: Mapping[Standing, int]) -> Iterator[Issue]:
    unknown = plan.settings.unknown
    effect = {"unknown": unknown, "effect": "count" if unknown == "include" else "do not count"}
    yield from _warning(_AFTER, doubts[_AFTER, ""], "activities", as_of=plan.as_of)
    yield from _warning(_STRANGER, doubts[_STRANGER, ""], "participations")
    yield from _warning(_NOWHERE, doubts[_NOWHERE, ""], "participations")
    yield from _warning(_NO_LEARNER, doubts[_NO_LEARNER, ""], "destinations")
    yield from _left_out(left_out)
    yield from _warning(_BIRTH, doubts[_BIRTH, ""], "learners")
    yield from _warning(_END, doubts[_END, ""], "learners")
    for rule in plan.rules:
        if rule.cohort.only is not None:
            code, criterion = _ONLY[rule.cohort.only], rule.criterion.id
            yield from _warning(code, doubts[code, criterion], criterion, criterion=criterion)
    yield from _warning(_MEANINGFUL, doubts[_MEANINGFUL, ""], "activities", **effect)
    yield from _warning(_ADVISER, doubts[_ADVISER, ""], "activities", **effect)
    yield from _warning(_DURATION, doubts[_DURATION, ""], "activities")


def _left_out(left_out: Mapping[Standing, int]) -> Iterator[Issue]:
    reasons = ", ".join(f"{left_out[reason]} {reason}" for reason in Standing if left_out.get(reason))
    counts = {reason.name.lower(): left_out.get(reason, 0) for reason in Standing}
    yield from _warning("learners_left_out", sum(left_out.values()), "learners", reasons=reasons, **counts)


def _warning(code: str, count: int, where: str, **details: object) -> Iterator[Issue]:
    if count:
        yield _made(code, count, where, tuple(details.items()))


@functools.lru_cache(maxsize=256)  # a ledger is read after every click, and says the same nearly always
def _made(code: str, count: int, where: str, details: tuple[tuple[str, object], ...]) -> Issue:
    return Issue(code=code, details=dict(details), path=where, count=count)
