"""A plan of sessions of options, as a value: who, when, at what cost, and what it moves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import GatsbykitError
from gatsbykit.insight.closing import CriterionCount, with_activities
from gatsbykit.insight.exact import Bound
from gatsbykit.model.encounters import Activity
from gatsbykit.model.fields import checked
from gatsbykit.model.options import PlanningOption
from gatsbykit.plain import plain
from gatsbykit.rules.grading import PRESETS
from gatsbykit.words import (
    WIDTH,
    counted,
    day_words,
    listed,
    name_words,
    printable,
    years_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.records import Records

__all__ = [
    "LeftOpen",
    "OpenReason",
    "OptionPlan",
    "OptionStep",
    "PlanGoal",
    "PlannedSession",
    "PlanningError",
]

PLAN_FORMAT: Final = "gatsbykit-option-plan/1"


class PlanningError(GatsbykitError, ValueError):
    """Nothing can be planned so; the message says why, and what would be right."""


class PlanGoal(StrEnum):
    """What a plan is to be best at."""

    LEAST_COST = "least_cost"
    """To close as many gaps as can be closed, at the least cost."""

    MOST_LEARNERS = "most_learners"
    """To close a gap of as many learners as can be, then as many gaps, then at the least cost."""


class OpenReason(StrEnum):
    """Why a gap cannot be closed, or is not."""

    NOT_AN_ACTIVITY = "not_an_activity"
    """What is lacking is no activity, such as a leaver's destination."""

    NOT_BEGUN = "not_begun"
    """The learner's programme begins after the last day of the plan."""

    NO_OPTION = "no_option"
    """No option supplies all that is lacking, however often it is held."""

    NO_DAY = "no_day"
    """An option would, and there are not enough days for it before the last day of the plan."""

    LIMITS = "limits"
    """Options would, and the places, the budget, the hours or the sessions do not suffice for all."""


_REASON_WORDS: Final = {
    OpenReason.NOT_AN_ACTIVITY: "no activity supplies this",
    OpenReason.NOT_BEGUN: "the programme begins later",
    OpenReason.NO_OPTION: "no option supplies it",
    OpenReason.NO_DAY: "no days are left for it",
    OpenReason.LIMITS: "the limits do not suffice",
}


@attrs.frozen(kw_only=True, field_transformer=checked)
class PlannedSession:
    """One session of an option.

    Args:
        activity: The activity as which it is recorded; its id is made up, its date is planned.
        learner_ids: Who is to be there.
    """

    activity: Activity
    learner_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class OptionStep:
    """All the sessions of an option in the same subjects and for the same year group.

    Args:
        option: The option.
        sessions: Its sessions, in the order of their days.
        year_groups: The year groups of those who are to be there.
        cost: What they cost altogether; an unknown cost is none.
        leader_hours: The hours of the careers leader for them; unknown hours are none.
        supplies: By criterion, how many learners get something that they lack.
        standings: Where the criteria that it moves would stand after it and all those before it.
    """

    option: PlanningOption
    sessions: tuple[PlannedSession, ...]
    year_groups: tuple[int, ...]
    cost: Fraction
    leader_hours: Fraction
    supplies: Mapping[str, int] = attrs.field(hash=False)
    standings: tuple[CriterionCount, ...]

    @property
    def learner_ids(self) -> tuple[str, ...]:
        """Who is to be there in any of its sessions."""
        return tuple(sorted({who for one in self.sessions for who in one.learner_ids}))

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects of its sessions."""
        return self.sessions[0].activity.subjects

    @property
    def first_day(self) -> date:
        """The day of its first session."""
        return self.sessions[0].activity.date

    @property
    def last_day(self) -> date:
        """The day of its last session."""
        return self.sessions[-1].activity.date


@attrs.frozen(kw_only=True, field_transformer=checked)
class LeftOpen:
    """Gaps that stay open for one reason.

    Args:
        criterion_id: The criterion.
        reason: Why.
        learner_ids: Whose gaps.
    """

    criterion_id: str
    reason: OpenReason
    learner_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class OptionPlan:
    """Sessions of options that close gaps, within limits.

    Args:
        edition: The key of the edition.
        as_of: The day on which it was planned.
        by: The day by which everything is done, and for which the standings hold.
        goal: What it is to be best at.
        disadvantaged_first: Whether disadvantaged learners come first.
        solver: ``exact`` or ``greedy``.
        bounds: How good the choice is for each goal; empty where nothing says so.
        steps: What is to be done, in the order of its days.
        before: Where the share criteria would stand on the last day without the plan.
        after: Where they would stand with it: what the plan promises.
        left_open: What is not closed, and why.
        cost: What it costs altogether; an unknown cost is none.
        leader_hours: The hours of the careers leader for it; unknown hours are none.
        cost_unknown: The ids of the options of which the cost is not known.
    """

    edition: str
    as_of: date
    by: date
    goal: PlanGoal
    disadvantaged_first: bool
    solver: str
    bounds: tuple[Bound, ...]
    steps: tuple[OptionStep, ...]
    before: tuple[CriterionCount, ...]
    after: tuple[CriterionCount, ...]
    left_open: tuple[LeftOpen, ...]
    cost: Fraction
    leader_hours: Fraction
    cost_unknown: tuple[str, ...]

    @property
    def sessions(self) -> tuple[PlannedSession, ...]:
        """All sessions, step by step."""
        return tuple(session for step in self.steps for session in step.sessions)

    @property
    def gap(self) -> float | None:
        """How far off the best choice it may be, as a share; ``None`` where nothing says so."""
        return max((bound.gap for bound in self.bounds), default=None)

    def apply_to(self, records: Records) -> Records:
        """Return records to which the planned sessions are added; the given ones stay as they are."""
        return with_activities(records, [(one.activity, one.learner_ids) for one in self.sessions])

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain data, ready for `json`."""
        made: dict[str, Any] = plain(self)
        for step, one in zip(made["steps"], self.steps, strict=True):
            step["option"] = {
                "id": one.option.id,
                "title": one.option.title,
                "source": str(one.option.source),
            }
        return {"format": PLAN_FORMAT, **made, "gap": self.gap}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def pounds(amount: Fraction) -> str:
    """Write pounds, rounded to the penny.

    Examples:
        >>> pounds(Fraction(1250)), pounds(Fraction(5, 3))
        ('£1,250', '£1.67')
    """
    pence = (amount * 100 + Fraction(1, 2)).__floor__()
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence // 100:,}.{pence % 100:02}"


def _lines(plan: OptionPlan) -> Iterator[str]:
    """Yield a plan for people, at most 80 columns wide: option by option, then where that leads."""
    yield f"What closes gaps under {plan.edition}, planned on {day_words(plan.as_of)},"
    yield f"to be done by {day_words(plan.by)} ({name_words(plan.goal)}, {plan.solver})"
    for number, option_id in enumerate(dict.fromkeys(step.option.id for step in plan.steps), 1):
        yield ""
        yield from _option_lines(number, [step for step in plan.steps if step.option.id == option_id])
    yield ""
    yield from _wrapped(_total_words(plan))
    before = {one.criterion_id: one.numerator for one in plan.before}
    for standing in plan.after:
        if standing.numerator != before[standing.criterion_id]:
            results = ", ".join(name_words(standing.status[preset]) for preset in PRESETS)
            was, now = before[standing.criterion_id], f"{standing.numerator} of {standing.denominator}"
            yield f"    {standing.criterion_id}  {was}, then {now}: {results}"
    for one in plan.left_open:
        learners = counted(len(one.learner_ids), "learner")
        yield f"Left open: {one.criterion_id}, {learners}: {_REASON_WORDS[one.reason]}"


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _option_lines(number: int, steps: list[OptionStep]) -> Iterator[str]:
    """Yield what is to be done of one option, and below it in which subjects."""
    learners = {who for step in steps for who in step.learner_ids}
    years = sorted({year for step in steps for year in step.year_groups})
    whom = f" in {years_words(years)}" if years else ""
    days = day_words(min(step.first_day for step in steps))
    last = day_words(max(step.last_day for step in steps))
    hours = sum((step.leader_hours for step in steps), Fraction())
    means = pounds(sum((step.cost for step in steps), Fraction())) + (
        f", {float(hours):g} h of the leader" if hours else ""
    )
    times = counted(sum(len(step.sessions) for step in steps), "session")
    title = printable(steps[0].option.title)
    when = days if days == last else f"{days} to {last}"
    words = f"{title}: {times}, {when}, for {counted(len(learners), 'learner')}{whom}; {means}."
    yield from _wrapped(words, f"{number:>2}. ")
    for subjects in dict.fromkeys(step.subjects for step in steps):
        if subjects:
            here = [step for step in steps if step.subjects == subjects]
            count = sum(len(step.learner_ids) for step in here)
            names = printable(listed(map(name_words, sorted(subjects))))
            sessions = counted(sum(len(step.sessions) for step in here), "session")
            yield from _wrapped(f"{names}: {sessions}, {counted(count, 'learner')}", "    ")


def _total_words(plan: OptionPlan) -> str:
    sessions = counted(len(plan.sessions), "session")
    words = f"{sessions} altogether, {pounds(plan.cost)}, {float(plan.leader_hours):g} h of the leader."
    if plan.cost_unknown:
        words += (
            f" The cost of {counted(len(plan.cost_unknown), 'option')} is not known and counts as nothing."
        )
    if plan.gap is None:
        return f"{words} Chosen without a solver: there may be a better plan."
    if plan.gap == 0:
        return f"{words} No plan of these options is better."
    return f"{words} The best plan is at most {100 * plan.gap:.1f} % better."
