"""What is doubtful about records though they can be scored: the warnings of a scorecard."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from gatsbykit.model.encounters import ActivityKind
from gatsbykit.rules.vocabulary import PartTimeJobs, Timeline
from gatsbykit.scoring.cohorts import Standing, intention_words, is_in, is_unknown
from gatsbykit.scoring.measurement import Notice
from gatsbykit.scoring.plan import adviser_level, known_to_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatsbykit.model.encounters import Activity
    from gatsbykit.model.learners import Learner
    from gatsbykit.scoring.plan import Plan

__all__ = ["Doubts", "activity_doubts", "build_notices", "learner_doubts"]

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


def build_notices(plan: Plan, doubts: Doubts, left_out: Mapping[Standing, int]) -> tuple[Notice, ...]:
    """Return the warnings, in a fixed order.

    Args:
        plan: The plan.
        doubts: What was doubtful, and how often.
        left_out: By the reason, how many learners are in no population.
    """
    return tuple(_build(plan, doubts, left_out))


def _build(plan: Plan, doubts: Doubts, left_out: Mapping[Standing, int]) -> Iterator[Notice]:
    included = "count" if plan.settings.unknown == "include" else "do not count"
    for code, where, message in (
        (_AFTER, "activities", f"activities dated after {plan.as_of} count for nothing"),
        (_STRANGER, "participations", "participations of learners who are not in the table of learners"),
        (_NOWHERE, "participations", "participations in activities that are not in the table of activities"),
        (_NO_LEARNER, "destinations", "destinations of learners who are not in the table of learners"),
    ):
        yield from _notice(code, doubts[code, ""], where, message)
    reasons = ", ".join(f"{left_out[reason]} {reason}" for reason in Standing if left_out.get(reason))
    yield from _notice(
        "learners_left_out",
        sum(left_out.values()),
        "learners",
        f"learners are left out of every population: {reasons}",
    )
    for code, message in (
        (_BIRTH, "learners without a date of birth are counted, though they may be over the age"),
        (_END, "learners without a programme_end are never due"),
    ):
        yield from _notice(code, doubts[code, ""], "learners", message)
    for rule in plan.rules:
        if rule.cohort.only is not None:
            code = _ONLY[rule.cohort.only]
            where = rule.criterion.id
            message = f"learners whose {intention_words(rule.cohort)} nobody recorded are left out of {where}"
            yield from _notice(code, doubts[code, where], where, message)
    for code, message in (
        (_MEANINGFUL, f"activities of which nobody said whether they were meaningful {included}"),
        (_ADVISER, f"guidance meetings with an adviser of unknown level {included}"),
        (_DURATION, "workplace experiences without a duration add no hours to the work experience guarantee"),
    ):
        yield from _notice(code, doubts[code, ""], "activities", message)


def _notice(code: str, count: int, where: str, message: str) -> Iterator[Notice]:
    if count:
        yield Notice(code=code, message=message, count=count, where=where)
