"""What became of a plan in a year, as values: said in words, as a document, as a page."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.model.engagement import StaffTraining
from gatsbykit.model.fields import checked
from gatsbykit.model.provision import PlannedActivity
from gatsbykit.plain import plain
from gatsbykit.practice.lines import wrapped
from gatsbykit.practice.pages import page, table
from gatsbykit.practice.steps import unit_words
from gatsbykit.scoring.programme_case import Unit
from gatsbykit.words import day_words, name_words, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ActivityOutcome",
    "HeldState",
    "LeaderTime",
    "PlanAgainstRecord",
    "ProvisionCell",
    "StaffNeed",
    "pounds_words",
]


class HeldState(StrEnum):
    """What became of a planned activity in the academic year."""

    HELD = "held"
    """It took place."""

    NOT_HELD = "not_held"
    """It was planned for a day that is past, and nothing is recorded of it."""

    TO_COME = "to_come"
    """Its days are to come."""

    UNDATED = "undated"
    """It was planned for no day, and nothing is recorded of it."""

    OUT_OF_RECORD = "out_of_record"
    """It is for others than learners, so the records cannot show it."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class ActivityOutcome:
    """What became of one planned activity.

    Args:
        activity: The planned activity.
        state: What became of it.
        activity_ids: The recorded activities that are it.
        first_day: The first day on which it was held.
        last_day: The last.
        meant: How many learners it was meant for; ``None`` where the records cannot say.
        reached: How many learners took part, of those it was meant for; where that is not known, of all.
        others: How many others took part.
        needed: How many of those reached are of its target group, or would lack a criterion
            without it.
        cost: What it costs, in pounds.
    """

    activity: PlannedActivity
    state: HeldState
    activity_ids: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    meant: int | None
    reached: int
    others: int
    needed: int
    cost: Fraction | None

    @property
    def share_reached(self) -> Fraction | None:
        """The share of those meant who took part, exact."""
        return Fraction(self.reached, self.meant) if self.meant else None

    @property
    def cost_per_learner(self) -> Fraction | None:
        """Pounds for each learner who took part, exact; ``None`` where it was not held."""
        return self._cost_over(self.reached + self.others)

    @property
    def cost_per_need(self) -> Fraction | None:
        """Pounds for each learner who took part and needed it, exact."""
        return self._cost_over(self.needed)

    def _cost_over(self, learners: int) -> Fraction | None:
        return None if self.cost is None or not learners else self.cost / learners


@attrs.frozen(kw_only=True, field_transformer=checked)
class ProvisionCell:
    """What was planned and held for one year group under one benchmark.

    Args:
        unit: The year group, or the phase.
        benchmark: The number of the benchmark.
        planned: The ids of the planned activities.
        held: The ids of those that were held.
        cost: What those that were held cost, in pounds; unknown costs are left out.
    """

    unit: Unit
    benchmark: int
    planned: tuple[str, ...]
    held: tuple[str, ...]
    cost: Fraction


@attrs.frozen(kw_only=True, field_transformer=checked)
class LeaderTime:
    """The hours of those who lead, against what the plan asks of them.

    Args:
        hours_a_week: The hours of all leaders together; ``None`` where any are unknown.
        available: Those hours over the weeks of the year.
        planned: The hours of activities that they are to deliver, where the duration is known.
        held: The hours of those that were held.
    """

    hours_a_week: Fraction | None
    available: Fraction | None
    planned: Fraction
    held: Fraction


@attrs.frozen(kw_only=True, field_transformer=checked)
class StaffNeed:
    """A need of staff for training, and whether it was met in the year.

    Args:
        training: The need and the session.
        is_met: Whether a session took place by the day.
        share: The share of those in scope who took part, where both are known.
    """

    training: StaffTraining
    is_met: bool
    share: Fraction | None


@attrs.frozen(kw_only=True, field_transformer=checked)
class PlanAgainstRecord:
    """A programme against the records of one academic year.

    Args:
        edition: The key of the edition.
        as_of: The day up to which records count.
        academic_year: The academic year.
        activities: What became of each planned activity.
        table: What was planned and held, by year group and benchmark.
        outcomes_unserved: The ids of the outcomes that nothing that was held serves.
        units_without: The year groups, or the phases, for which nothing that was planned was held.
        virtual_alone: By year group and kind, where every attended activity of the kind was virtual.
        unplanned: How many recorded activities of the year are in no plan.
        budget: Pounds for the year; ``None`` where none are given.
        committed: The cost of all that is planned, as far as known.
        spent: The cost of all that was held, as far as known.
        leader: The hours of those who lead.
        staff: The needs of staff for training.
    """

    edition: str
    as_of: date
    academic_year: str
    activities: tuple[ActivityOutcome, ...]
    table: tuple[ProvisionCell, ...]
    outcomes_unserved: tuple[str, ...]
    units_without: tuple[Unit, ...]
    virtual_alone: tuple[tuple[Unit, str], ...]
    unplanned: int
    budget: Fraction | None
    committed: Fraction
    spent: Fraction
    leader: LeaderTime
    staff: tuple[StaffNeed, ...]

    def __getitem__(self, activity_id: str) -> ActivityOutcome:
        """Return what became of a planned activity, by its id."""
        return next(one for one in self.activities if one.activity.id == activity_id)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, ready for `json`; amounts are exact texts."""
        made: dict[str, Any] = plain(attrs.evolve(self, activities=(), staff=()))
        made["activities"] = [_outcome_fields(one) for one in self.activities]
        made["staff"] = [
            {"need": one.training.need, "met": one.is_met, "share": plain(one.share)} for one in self.staff
        ]
        return {"format": "gatsbykit-plan-against-record/1", **made}

    def to_html(self) -> str:
        """Return everything as one HTML page that needs nothing from elsewhere."""
        return page(f"Careers plan against record, {self.academic_year}", _parts(self))

    def __str__(self) -> str:
        return "\n".join(_lines(self))


# Writing


def _outcome_fields(one: ActivityOutcome) -> dict[str, Any]:
    return {
        "id": one.activity.id,
        "title": one.activity.title,
        **{
            field.name: plain(getattr(one, field.name))
            for field in attrs.fields(ActivityOutcome)
            if field.name != "activity"
        },
        "cost_per_learner": plain(one.cost_per_learner),
        "cost_per_need": plain(one.cost_per_need),
    }


def pounds_words(amount: Fraction | None) -> str:
    """Write pounds, rounded to the penny.

    Examples:
        >>> pounds_words(Fraction(3200, 149)), pounds_words(None)
        ('£21.48', '?')
    """
    if amount is None:
        return "?"
    pence = (amount * 100 + Fraction(1, 2)).__floor__()
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence // 100:,}.{pence % 100:02}"


def _outcome_words(one: ActivityOutcome) -> str:
    """Say what became of a planned activity."""
    if one.state is not HeldState.HELD:
        return name_words(one.state)
    days = day_words(one.first_day or date.min)
    if one.last_day != one.first_day:
        days += f" to {day_words(one.last_day or date.max)}"
    meant = f" of {one.meant}" if one.meant is not None else ""
    others = f" and {one.others} others" if one.others else ""
    return f"held {days}, {one.reached}{meant} reached{others}{_cost_words(one)}"


def _cost_words(one: ActivityOutcome) -> str:
    if one.cost_per_learner is None:
        return ""
    need = "" if one.cost_per_need is None else f", {pounds_words(one.cost_per_need)} for each who needed it"
    return f"; {pounds_words(one.cost_per_learner)} a learner{need}"


def _lines(found: PlanAgainstRecord) -> Iterator[str]:
    yield f"Plan against record, {found.academic_year}, as of {day_words(found.as_of)}"
    yield from ("", "Activities")
    for one in found.activities:
        yield from wrapped(f"{printable(one.activity.title)}: {_outcome_words(one)}", "  ")
    yield from ("", "By year group and benchmark: held of planned")
    for unit in dict.fromkeys(cell.unit for cell in found.table):
        cells = [cell for cell in found.table if cell.unit == unit]
        counts = "  ".join(f"{cell.benchmark}: {len(cell.held)}/{len(cell.planned)}" for cell in cells)
        yield from wrapped(counts, f"  {printable(unit_words(unit)):<10} ")
    yield ""
    yield from wrapped(
        f"outcomes that nothing serves: {printable(', '.join(found.outcomes_unserved)) or 'none'}"
    )
    yield from wrapped(f"nothing held for: {', '.join(map(unit_words, found.units_without)) or 'nobody'}")
    virtual = ", ".join(f"{unit_words(unit)} {name_words(kind)}" for unit, kind in found.virtual_alone)
    yield from wrapped(f"virtual alone: {virtual or 'nowhere'}")
    yield f"recorded and in no plan: {found.unplanned}"
    means = (("budget", found.budget), ("planned", found.committed), ("held", found.spent))
    yield ", ".join(f"{what} {pounds_words(pounds)}" for what, pounds in means)
    yield from wrapped(_leader_words(found.leader))
    for need in found.staff:
        yield from wrapped(f"staff training: {printable(_staff_words(need))}")


def _leader_words(time: LeaderTime) -> str:
    """Say how the hours of those who lead stand against the plan."""
    year = "hours unknown" if time.available is None else f"{float(time.available):g} h in the year"
    return f"leader: {year}; {float(time.planned):g} h of delivery planned, {float(time.held):g} h held"


def _staff_words(need: StaffNeed) -> str:
    """Say whether a need of staff for training was met."""
    what = need.training.need or need.training.title or "no need named"
    share = "" if need.share is None else f", {need.training.attended} of {need.training.in_scope}"
    return f"{what}: {'held' if need.is_met else 'not held this year'}{share}"


def _parts(found: PlanAgainstRecord) -> Iterator[str]:
    numbers = sorted({cell.benchmark for cell in found.table})
    yield table(
        f"As of {day_words(found.as_of)}: held of planned, by year group and benchmark",
        ("year group", *(f"benchmark {number}" for number in numbers)),
        (
            (unit_words(unit), *(_cell(found, unit, number) for number in numbers))
            for unit in dict.fromkeys(cell.unit for cell in found.table)
        ),
    )
    yield table(
        "Activities",
        ("activity", "what became of it", "cost"),
        ((one.activity.title, _outcome_words(one), pounds_words(one.cost)) for one in found.activities),
    )
    virtual = ", ".join(f"{unit_words(unit)} {name_words(kind)}" for unit, kind in found.virtual_alone)
    yield table(
        "What is lacking, and the means",
        ("what", "found"),
        (
            ("outcomes that nothing serves", ", ".join(found.outcomes_unserved) or "none"),
            ("nothing held for", ", ".join(map(unit_words, found.units_without)) or "nobody"),
            ("virtual alone", virtual or "nowhere"),
            ("recorded and in no plan", found.unplanned),
            ("budget", pounds_words(found.budget)),
            ("planned", pounds_words(found.committed)),
            ("held", pounds_words(found.spent)),
            ("hours of those who lead", _leader_words(found.leader)),
            *(("staff training", _staff_words(need)) for need in found.staff),
        ),
    )


def _cell(found: PlanAgainstRecord, unit: Unit, number: int) -> str:
    cells = [cell for cell in found.table if cell.unit == unit and cell.benchmark == number]
    return f"{len(cells[0].held)} of {len(cells[0].planned)}" if cells else ""
