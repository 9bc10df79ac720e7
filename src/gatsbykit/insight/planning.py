"""A plan that an institution could carry out: sessions of its options, within its limits.

What is promised is what scoring gives: the plan keeps account of what each session shows of each
learner by the marks of the engine, and `OptionPlan.apply_to` adds those sessions to the records.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from fractions import Fraction
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import attrs

from gatsbykit.insight.closing import CriterionCount
from gatsbykit.insight.demand import Demand
from gatsbykit.insight.exact import Attendance, Bound, Goal, Model, solve_exactly
from gatsbykit.insight.examining import Examiner
from gatsbykit.insight.greedy import choose_greedily
from gatsbykit.insight.option_plan import (
    LeftOpen,
    OpenReason,
    OptionPlan,
    OptionStep,
    PlanGoal,
    PlannedSession,
    PlanningError,
)
from gatsbykit.insight.options import usual_options
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.options import PlanningLimits
from gatsbykit.rules.grading import share_statuses
from gatsbykit.scoring.plan import DEFAULTS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from gatsbykit.insight.demand import Need, Variant
    from gatsbykit.model.options import PlanningOption
    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.records import Records

__all__ = ["plan_by_options"]

_NO_LIMITS: Final = PlanningLimits()

_NOTHING: Final[tuple[Attendance, tuple[Bound, ...]]] = (
    Attendance({}, {}),
    (Bound(goal="gaps closed", value=0.0, best=0.0),),
)

SolverName = Literal["auto", "exact", "greedy"]


def plan_by_options(
    records: Records,
    *,
    as_of: date,
    options: Sequence[PlanningOption] | None = None,
    limits: PlanningLimits = _NO_LIMITS,
    goal: PlanGoal | Literal["least_cost", "most_learners"] = PlanGoal.LEAST_COST,
    disadvantaged_first: bool = False,
    solver: SolverName = "auto",
    programme: CareersProgramme | None = None,
    edition: str | None = None,
    settings: Settings = DEFAULTS,
) -> OptionPlan:
    """Choose among options what closes the gaps, within limits.

    Sessions are held on working days after the day of planning; days without lessons are not known
    here, so an option says from when to when it can be held. Everybody who is to be there is taken to
    be there, and a session is taken to be as the edition asks.

    Args:
        records: The institution's records; nothing in them is changed.
        as_of: The day of planning.
        options: What could be put on; by default what the programme plans, what was done before, and
            what most schools could put on where there is nothing else.
        limits: What there is for it; the last day is by default that of the academic year.
        goal: What the plan is to be best at.
        disadvantaged_first: Whether gaps of disadvantaged learners come before those of others.
        solver: ``exact`` needs the extra ``planning``, ``greedy`` nothing; ``auto`` takes the exact
            one where it is installed.
        programme: The careers programme from which options are taken, by default that of the records.
        edition: The key of the edition, by default the one in force on the last day.
        settings: The caller's choices.

    Raises:
        PlanningError: Two options have one id, or the last day is not after the day of planning in
            the same academic year.
        MissingExtraError: An exact plan was asked for, and the solver is not installed.
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> from gatsbykit.model.options import PlanningOption
        >>> school, day = gk.load("examples/northfield"), date(2026, 5, 1)
        >>> visit = PlanningOption(
        ...     id="v", title="A day at the university", kinds=["provider_encounter"],
        ...     provider_types=["university"], site_visit=True, places=20, cost=400,
        ... )
        >>> plan = plan_by_options(school, as_of=day, options=[visit])
        >>> [(len(step.sessions), len(step.learner_ids), int(step.cost)) for step in plan.steps]
        [(2, 20, 800)]
        >>> after = gk.score(plan.apply_to(school), as_of=plan.by)
        >>> all(after[one.criterion_id].numerator == one.numerator for one in plan.after)
        True
    """
    by = _last_day(as_of, limits)
    examiner = Examiner(records, as_of=by, edition=edition, settings=settings)
    if options is None:
        options = usual_options(records, as_of=as_of, programme=programme or records.programme)
    if len({option.id for option in options}) < len(options):
        raise PlanningError("two options have the same id; expected an id of its own for each")
    demand = Demand(examiner, options, attrs.evolve(limits, by=by), as_of)
    chosen = _chosen_solver(solver)
    attendance, bounds = _NOTHING
    if not any(demand.supply):  # nothing is lacking, or no option supplies any of it
        pass
    elif chosen == "exact":
        model = Model(demand)
        attendance, bounds = solve_exactly(model, _goals(model, PlanGoal(goal), disadvantaged_first))
    else:
        attendance, bounds = choose_greedily(demand, disadvantaged_first=disadvantaged_first), ()
    account = _Account(demand, attendance)
    steps = tuple(account.steps())
    used = {step.option.id: step.option for step in steps}
    return OptionPlan(
        edition=examiner.edition.key,
        as_of=as_of,
        by=by,
        goal=PlanGoal(goal),
        disadvantaged_first=disadvantaged_first,
        solver=chosen,
        bounds=bounds,
        steps=steps,
        before=tuple(account.standings(frozenset())),
        after=tuple(account.standings(account.closed)),
        left_open=tuple(_left_open(demand, account.closed)),
        cost=sum((step.cost for step in steps), Fraction()),
        leader_hours=sum((step.leader_hours for step in steps), Fraction()),
        cost_unknown=tuple(key for key, one in used.items() if one.cost is None),
    )


def _last_day(as_of: date, limits: PlanningLimits) -> date:
    year = AcademicYear.of(as_of)
    by = limits.by or year.last_day
    if by <= as_of or by not in year:
        raise PlanningError(
            f"the last day of a plan is {by}; expected one after {as_of} and up to {year.last_day}"
        )
    return by


def _chosen_solver(solver: SolverName) -> Literal["exact", "greedy"]:
    if solver not in {"auto", "exact", "greedy"}:
        raise PlanningError("expected auto, exact or greedy as the solver")
    if solver == "auto":
        return "exact" if find_spec("scipy") is not None else "greedy"
    return solver


def _goals(model: Model, goal: PlanGoal, disadvantaged_first: bool) -> list[Goal]:
    """Return what is to be reached, the most important first."""
    everybody = list(range(len(model.demand.lacks)))
    first = [place for place in everybody if model.demand.lacks[place].is_disadvantaged]
    groups = [("disadvantaged ", first), ("", everybody)] if disadvantaged_first else [("", everybody)]
    goals: list[Goal] = []
    if goal is PlanGoal.MOST_LEARNERS:
        goals += [Goal(f"{name}learners", model.learners(places), True) for name, places in groups]
    goals += [
        Goal(f"{name}gaps closed", {model.closed[place]: 1.0 for place in places}, True)
        for name, places in groups
    ]
    if model.costs():
        goals.append(Goal("cost", model.costs(), False))
    return [*goals, Goal("sessions and places", model.effort(), False)]


class _Account:
    """What a choice of sessions shows of each learner, session by session."""

    def __init__(self, demand: Demand, attendance: Attendance) -> None:
        self.demand = demand
        closed = self._closed_by(self._shown(attendance.places))
        self.places = self._needed(attendance, closed)
        self.closed = self._closed_by(self._shown(self.places))
        self.lacks_of: defaultdict[str, list[int]] = defaultdict(list)
        for place, lack in enumerate(demand.lacks):
            self.lacks_of[lack.learner.learner_id].append(place)

    def _needed(self, attendance: Attendance, closed: frozenset[int]) -> dict[int, dict[str, int]]:
        """Return the places without those that help to close nothing."""
        found: dict[int, dict[str, int]] = {}
        for number, places in sorted(attendance.places.items()):
            helped = {
                self.demand.lacks[place].learner.learner_id
                for place in self.demand.supply[number]
                if place in closed
            }
            kept = {who: times for who, times in sorted(places.items()) if who in helped}
            if kept:
                found[number] = kept
        return found

    def _shown(self, places: dict[int, dict[str, int]]) -> dict[int, Counter[int | str]]:
        """Return, by lack, how often each thing is shown."""
        shown: defaultdict[int, Counter[int | str]] = defaultdict(Counter)
        for number, who in places.items():
            for place, supplied in self.demand.supply[number].items():
                times = who.get(self.demand.lacks[place].learner.learner_id, 0)
                for name in supplied if times else ():
                    shown[place][name] += times
        return shown

    def _closed_by(self, shown: dict[int, Counter[int | str]]) -> frozenset[int]:
        return frozenset(
            place
            for place, found in shown.items()
            if all(_is_served(need, found) for need in self.demand.lacks[place].needs)
        )

    def steps(self) -> Iterator[OptionStep]:
        """Yield the steps in the order of their days, with what each of them moves."""
        sessions = self._sessions()
        order = sorted(sessions, key=lambda number: (sessions[number][0].activity.date, number))
        done: dict[int, dict[str, int]] = {}
        for number in order:
            done[number] = self.places[number]
            yield self._step(number, sessions[number], self._closed_by(self._shown(done)))

    def _step(self, number: int, sessions: list[PlannedSession], closed: frozenset[int]) -> OptionStep:
        option, who = self.demand.variants[number].option, self.places[number]
        helped: Counter[str] = Counter()
        for place in self.demand.supply[number]:
            lack = self.demand.lacks[place]
            helped[lack.criterion_id] += lack.learner.learner_id in who
        moved = {key: count for key, count in helped.items() if count}
        learners = self.demand.examiner.learners
        years = {learners[one].current_year_group() for one in who} - {None}
        by_years = self.demand.examiner.plan.by_year_groups
        places = sum(who.values())
        return OptionStep(
            option=option,
            sessions=tuple(sessions),
            year_groups=tuple(sorted(year for year in years if year is not None)) if by_years else (),
            cost=(option.cost or 0) * Fraction(len(sessions)) + (option.cost_per_learner or 0) * places,
            leader_hours=(option.leader_hours or 0) * Fraction(len(sessions)),
            supplies=MappingProxyType(moved),
            standings=tuple(one for one in self.standings(closed) if one.criterion_id in moved),
        )

    def _sessions(self) -> dict[int, list[PlannedSession]]:
        """Put learners into sessions and sessions on days; nobody is twice in one."""
        days = {option: iter(found) for option, found in self.demand.days.items()}
        ids = _new_ids(self.demand.examiner.records)
        made: dict[int, list[PlannedSession]] = {}
        for number, who in self.places.items():
            variant = self.demand.variants[number]
            rooms = _rooms(variant, who)
            made[number] = [
                PlannedSession(
                    activity=attrs.evolve(
                        variant.template, activity_id=next(ids), date=next(days[variant.option.id])
                    ),
                    learner_ids=tuple(sorted(room)),
                )
                for room in rooms
            ]
        return made

    def standings(self, closed: frozenset[int]) -> Iterator[CriterionCount]:
        """Yield where the share criteria stand when some gaps are closed."""
        more = Counter(self.demand.lacks[place].criterion_id for place in closed)
        for result in self.demand.examiner.card.criteria:
            tally = result.tally
            if tally is None:
                continue
            numerator = tally.numerator + more[result.criterion.id]
            share = Fraction(numerator, tally.denominator) if tally.denominator else None
            yield CriterionCount(
                criterion_id=result.criterion.id,
                numerator=numerator,
                denominator=tally.denominator,
                status=result.status if share is None else share_statuses(share),
            )


def _is_served(need: Need, found: Counter[int | str]) -> bool:
    amounts = (found[name] for name in need.supplied_by)
    return sum(min(amount, 1) if need.different else amount for amount in amounts) >= need.number


def _rooms(variant: Variant, who: dict[str, int]) -> list[list[str]]:
    """Spread places over as few sessions as hold them; copies of one learner are in different ones."""
    entries = [one for one, times in sorted(who.items()) for _ in range(times)]
    count = max(-(-len(entries) // variant.option.places), *who.values())
    return [entries[start::count] for start in range(count)]


def _new_ids(records: Records) -> Iterator[str]:
    taken = {activity.activity_id for activity in records.activities or ()}
    return (one for number in itertools.count(1) if (one := f"planned {number}") not in taken)


def _left_open(demand: Demand, closed: frozenset[int]) -> Iterator[LeftOpen]:
    """Yield the gaps that stay open, by criterion and reason."""
    found: defaultdict[tuple[str, OpenReason], list[str]] = defaultdict(list)
    planned = {rule.criterion.id for rule in demand.examiner.plan.rules}
    for result in demand.examiner.card.criteria:
        if result.missing and result.criterion.id not in planned:
            found[result.criterion.id, OpenReason.NOT_AN_ACTIVITY] += result.missing
    for place, lack in enumerate(demand.lacks):
        if place not in closed:
            found[lack.criterion_id, _reason(demand, place)].append(lack.learner.learner_id)
    for (criterion_id, reason), learners in found.items():
        yield LeftOpen(criterion_id=criterion_id, reason=reason, learner_ids=tuple(sorted(learners)))


def _reason(demand: Demand, place: int) -> OpenReason:
    start = demand.lacks[place].learner.programme_start
    if start is not None and start > demand.by:
        return OpenReason.NOT_BEGUN
    if demand.is_supplied(place):
        return OpenReason.LIMITS
    return OpenReason.NO_DAY if demand.is_supplied(place, late=True) else OpenReason.NO_OPTION
