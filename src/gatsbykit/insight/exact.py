"""Choosing sessions exactly: a mixed-integer programme, solved by HiGHS through scipy.

One whole number for the sessions of each variant, one for each learner's places in it, one for each
gap that is closed. Goals are reached one after the other: what the first reached is a condition of
the next. Nothing here depends on the time: the solver stops after a number of nodes, and says how
far off the optimum it may be.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from gatsbykit.errors import MissingExtraError
from gatsbykit.model.fields import checked

if TYPE_CHECKING:
    from gatsbykit.insight.demand import Demand, Need

__all__ = ["Attendance", "Bound", "Goal", "solve_exactly"]

_MOST_NODES: Final = 2_000
_TOLERANCE: Final = 1e-6


class Attendance(NamedTuple):
    """Which sessions are held, and who is in them.

    Attributes:
        sessions: By variant, how many sessions.
        places: By variant, by the id of a learner, in how many of them.
    """

    sessions: dict[int, int]
    places: dict[int, dict[str, int]]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Bound:
    """How good a choice is: what it reached of a goal, and what the best choice could reach.

    Args:
        goal: The goal.
        value: What was reached.
        best: What no choice can better.
    """

    goal: str
    value: float
    best: float

    @property
    def gap(self) -> float:
        """How far off the best choice it may be, as a share; 0 where it is proven to be the best."""
        if abs(self.value - self.best) <= _TOLERANCE * max(1.0, abs(self.value)):
            return 0.0
        return abs(self.value - self.best) / max(abs(self.value), _TOLERANCE)


@attrs.frozen(field_transformer=checked)
class Goal:
    """A goal: a weight for each column, to be made as large or as small as possible.

    Args:
        name: Its name.
        weights: By column, its weight.
        is_most: Whether the sum is to be large.
    """

    name: str
    weights: Mapping[int, float]
    is_most: bool


class _Programme:
    """Columns and rows of a mixed-integer programme."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.is_whole: list[bool] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []

    def column(self, most: float, *, whole: bool = True) -> int:
        self.lower.append(0.0)
        self.upper.append(most)
        self.is_whole.append(whole)
        return len(self.upper) - 1

    def at_most(self, most: float, weights: dict[int, float]) -> None:
        self.rows.append((-math.inf, most, weights))

    def at_least(self, least: float, weights: dict[int, float]) -> None:
        self.rows.append((least, math.inf, weights))


class Model:
    """The choice of sessions as a mixed-integer programme.

    Args:
        demand: What is lacking, and what could supply it.
    """

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.programme = _Programme()
        self.closed = [self.programme.column(1) for _ in demand.lacks]
        self.sessions = [self.programme.column(variant.most) for variant in demand.variants]
        self.places: list[dict[str, int]] = []
        self._add_places()
        for place, lack in enumerate(demand.lacks):
            for need in lack.needs:
                self._add_need(place, need)
        self._add_limits()

    def _add_places(self) -> None:
        """Each learner's places in a variant: as many as anything of it is lacking, one a session."""
        demand, programme = self.demand, self.programme
        for number, variant in enumerate(demand.variants):
            most: dict[str, int] = {}
            for place, supplied in demand.supply[number].items():
                lack = demand.lacks[place]
                wanted = max(need.number for need in lack.needs if supplied & {*need.supplied_by})
                learner = lack.learner.learner_id
                most[learner] = min(max(wanted, most.get(learner, 1)), variant.most)
            columns = {learner: programme.column(wanted) for learner, wanted in most.items()}
            self.places.append(columns)
            room: dict[int, float] = dict.fromkeys(columns.values(), 1.0)
            programme.at_most(0.0, {**room, self.sessions[number]: -float(variant.option.places)})
            for learner, column in columns.items():
                if most[learner] > 1 or variant.option.places > 1:
                    programme.at_most(0.0, {column: 1.0, self.sessions[number]: -1.0})

    def _add_need(self, place: int, need: Need) -> None:
        """A gap is closed when all its needs are supplied."""
        weights: dict[int, float] = {self.closed[place]: -float(need.number)}
        for name in need.supplied_by:
            columns = dict.fromkeys(self._suppliers(place, name), 1.0)
            if need.different:  # each mark counts once, however often it is supplied
                once = self.programme.column(1, whole=False)
                self.programme.at_least(0.0, {**columns, once: -1.0})
                weights[once] = 1.0
            else:
                weights |= columns
        self.programme.at_least(0.0, weights)

    def _suppliers(self, place: int, name: int | str) -> list[int]:
        learner = self.demand.lacks[place].learner.learner_id
        return [
            self.places[number][learner]
            for number, supplied in enumerate(self.demand.supply)
            if name in supplied.get(place, ())
        ]

    def _add_limits(self) -> None:
        limits, programme = self.demand.limits, self.programme
        for option in self.demand.options:
            columns = [
                self.sessions[number]
                for number, variant in enumerate(self.demand.variants)
                if variant.option is option
            ]
            if len(columns) > 1:
                programme.at_most(float(len(self.demand.days[option.id])), dict.fromkeys(columns, 1.0))
        if limits.budget is not None:
            programme.at_most(float(limits.budget), self.costs())
        if limits.leader_hours is not None:
            programme.at_most(float(limits.leader_hours), self.hours())
        if limits.sessions is not None:
            programme.at_most(float(limits.sessions), dict.fromkeys(self.sessions, 1.0))

    def costs(self) -> dict[int, float]:
        """Return what each column costs; an unknown cost is none."""
        weights: dict[int, float] = {}
        for number, variant in enumerate(self.demand.variants):
            weights[self.sessions[number]] = float(variant.option.cost or 0)
            for column in self.places[number].values():
                weights[column] = float(variant.option.cost_per_learner or 0)
        return {column: weight for column, weight in weights.items() if weight}

    def hours(self) -> dict[int, float]:
        """Return the leader's hours for each column; unknown hours are none."""
        return {
            self.sessions[number]: float(variant.option.leader_hours or 0)
            for number, variant in enumerate(self.demand.variants)
            if variant.option.leader_hours
        }

    def effort(self) -> dict[int, float]:
        """Return weights that make the sessions few, and then the places in them."""
        columns = [column for places in self.places for column in places.values()]
        weight = float(1 + sum(self.programme.upper[column] for column in columns))
        return {**dict.fromkeys(self.sessions, weight), **dict.fromkeys(columns, 1.0)}

    def learners(self, lacks: list[int]) -> dict[int, float]:
        """Return new columns for learners, each 1 where one of some gaps of the learner is closed."""
        gaps: dict[str, list[int]] = {}
        for place in lacks:
            gaps.setdefault(self.demand.lacks[place].learner.learner_id, []).append(place)
        columns: dict[int, float] = {}
        for places in gaps.values():
            column = self.programme.column(1)
            weights = {self.closed[place]: 1.0 for place in places}
            self.programme.at_least(0.0, {**weights, column: -1.0})
            columns[column] = 1.0
        return columns


def solve_exactly(model: Model, goals: list[Goal]) -> tuple[Attendance, tuple[Bound, ...]]:
    """Reach goals one after the other.

    Args:
        model: The model.
        goals: The goals, the first the most important.

    Returns:
        Which sessions are held, and how good the choice is for each goal.

    Raises:
        MissingExtraError: `scipy` is not installed (``pip install 'gatsbykit[planning]'``).
    """
    solver = _Solver(_library("scipy.optimize"), _library("scipy.sparse"), model.programme)
    bounds = tuple(map(solver.reach, goals))
    values = [round(value) for value in solver.values]
    return (
        Attendance(
            sessions={
                number: values[column] for number, column in enumerate(model.sessions) if values[column]
            },
            places={
                number: found
                for number, columns in enumerate(model.places)
                if (found := {who: values[column] for who, column in columns.items() if values[column]})
            },
        ),
        bounds,
    )


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingExtraError("an exact plan needs scipy: pip install 'gatsbykit[planning]'") from None


class _Solver:
    """HiGHS with a programme in it."""

    def __init__(self, optimize: Any, sparse: Any, programme: _Programme) -> None:
        self._optimize = optimize
        self._sparse = sparse
        self._rows = list(programme.rows)
        self._width = len(programme.upper)
        self._bounds = optimize.Bounds(programme.lower, programme.upper)
        self._whole = [int(is_whole) for is_whole in programme.is_whole]
        self.values: list[float] = [0.0] * self._width

    def reach(self, goal: Goal) -> Bound:
        """Make a goal as good as can be, and keep it so."""
        sign = -1.0 if goal.is_most else 1.0
        found = self._optimize.milp(
            [sign * goal.weights.get(column, 0.0) for column in range(self._width)],
            integrality=self._whole,
            bounds=self._bounds,
            constraints=self._constraints(),
            options={"node_limit": _MOST_NODES, "mip_rel_gap": 0.0},
        )
        if found.x is not None:  # to hold nothing is a choice, so there is none only where nodes ran out
            self.values = [float(value) for value in found.x]
        value = sum(weight * self.values[column] for column, weight in goal.weights.items())
        best = value if found.mip_dual_bound is None else sign * float(found.mip_dual_bound)
        slack = _TOLERANCE * max(1.0, abs(value))
        if goal.is_most:
            self._rows.append((value - slack, math.inf, dict(goal.weights)))
        else:
            self._rows.append((-math.inf, value + slack, dict(goal.weights)))
        return Bound(goal=goal.name, value=value, best=best)

    def _constraints(self) -> Any:
        numbers = [number for number, (_, _, weights) in enumerate(self._rows) for _ in weights]
        columns = [column for _, _, weights in self._rows for column in weights]
        values = [weight for _, _, weights in self._rows for weight in weights.values()]
        matrix = self._sparse.csr_array((values, (numbers, columns)), shape=(len(self._rows), self._width))
        lower, upper = [row[0] for row in self._rows], [row[1] for row in self._rows]
        return self._optimize.LinearConstraint(matrix, lower, upper)
