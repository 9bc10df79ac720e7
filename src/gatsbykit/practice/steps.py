"""Where the seven steps of a strategic overview stand: what is said, and what the records show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.issues import Issue
from gatsbykit.model.engagement import Relation
from gatsbykit.model.fields import checked
from gatsbykit.model.programmes import StepKind, StepState
from gatsbykit.practice.rulebook import review_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatsbykit.scoring.programme_case import Case, Unit

__all__ = ["StepStanding", "step_issues", "step_standings", "unit_words"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class StepStanding:
    """Where a step stands.

    Args:
        step: Which.
        state: What the programme says of it.
        date: Since when.
        words: What the step is about.
        done_when: When it is done by the rules of this project.
        lacking: What the records lack for that, in words; empty where nothing is lacking.
    """

    step: StepKind
    state: StepState
    date: date | None
    words: str
    done_when: str
    lacking: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the records show all that the step asks."""
        return not self.lacking


def step_standings(case: Case) -> tuple[StepStanding, ...]:
    """Return where each of the seven steps stands, in their order."""
    rules = review_rules()["steps"]
    said = [case.programme.step(kind) for kind in StepKind]
    return tuple(
        StepStanding(
            step=one.step,
            state=one.state,
            date=one.date,
            words=rules[one.step.value]["words"],
            done_when=rules[one.step.value]["done"],
            lacking=tuple(_LACKING[one.step](case)),
        )
        for one in said
    )


def step_issues(standings: Iterable[StepStanding]) -> Iterator[Issue]:
    """Yield what is doubtful about the steps: order, and being done when the records say otherwise."""
    before: StepStanding | None = None
    for one in standings:
        path = f"steps.{one.step}"
        if one.state is not StepState.DONE:
            before = before or one
            continue
        if before is not None:
            order = {"step": one.step, "before": before.step}
            yield Issue(code="step_out_of_order", path=path, details=order)
        if not one.holds:
            why: dict[str, object] = {"step": one.step, "why": "; ".join(one.lacking)}
            yield Issue(code="step_not_held", path=path, details=why)


def unit_words(unit: Unit) -> str:
    """Name a year group, a phase or the whole programme."""
    if unit is None:
        return "the programme"
    return f"Year {unit}" if isinstance(unit, int) else f"the phase {unit}"


def _analyse(case: Case) -> Iterator[str]:
    assessed = case.programme.assessment
    if assessed is None or assessed.date is None or assessed.date > case.as_of:
        yield "no assessment with a day"
    missing = [
        str(one.number)
        for one in case.edition.benchmarks
        if assessed is None or one.number not in assessed.benchmarks
    ]
    if missing:
        yield f"benchmarks not assessed: {', '.join(missing)}"
    if not case.programme.gaps:
        yield "no gap is listed"


def _vision(case: Case) -> Iterator[str]:
    if case.programme.vision is None:
        yield "no vision"
    if not case.programme.objectives:
        yield "no objective"
    without = sum(one.measure is None or one.due is None for one in case.programme.objectives)
    if without:
        yield f"objectives without a measure or a day: {without}"


def _outcomes(case: Case) -> Iterator[str]:
    without = [unit_words(unit) for unit in case.units if not case.with_unit("outcomes", unit)]
    if without:
        yield f"no outcome for {', '.join(without)}"


def _programme(case: Case) -> Iterator[str]:
    if not case.programme.activities:
        yield "no activity"
    unserved = sum(one.id not in case.served for one in case.programme.outcomes)
    if unserved:
        yield f"outcomes that no activity serves: {unserved}"
    idle = sum(not one.outcomes for one in case.programme.activities)
    if idle:
        yield f"activities that serve no outcome: {idle}"


def _roles(case: Case) -> Iterator[str]:
    without = sum(not one.delivery_roles for one in case.programme.activities)
    if without:
        yield f"activities without a role: {without}"
    page = case.programme.publication
    named = page is not None and page.leader_name is not None
    leaders = [role for role in case.programme.roles if role.kind.is_leader]
    if not any(role.is_filled(case.as_of) or named for role in leaders):
        yield "no leader is named"


def _stakeholders(case: Case) -> Iterator[str]:
    related = {one.group for one in case.programme.stakeholders if one.relation is not Relation.NONE}
    without = [str(group).replace("_", " ") for group in case.audiences if group not in related]
    if without:
        yield f"no relation to {', '.join(without)}"


def _implementation(case: Case) -> Iterator[str]:
    if not case.programme.gaps:
        yield "no gap is listed"
    without = sum(
        not any(action.owner_roles and action.due is not None for action in gap.actions)
        for gap in case.programme.gaps
    )
    if without:
        yield f"gaps without an action that has an owner and a day: {without}"


_LACKING: Final[Mapping[StepKind, Callable[[Case], Iterator[str]]]] = {
    StepKind.ANALYSE: _analyse,
    StepKind.VISION: _vision,
    StepKind.OUTCOMES: _outcomes,
    StepKind.PROGRAMME: _programme,
    StepKind.ROLES: _roles,
    StepKind.STAKEHOLDERS: _stakeholders,
    StepKind.IMPLEMENTATION: _implementation,
}
