"""Choosing sessions without a solver: the one that supplies most for its cost, again and again."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from gatsbykit.insight.exact import Attendance

if TYPE_CHECKING:
    from gatsbykit.insight.demand import Demand, Need, Variant

__all__ = ["choose_greedily"]


class _Account:
    """What is still lacking, and what is left of the limits."""

    def __init__(self, demand: Demand, *, disadvantaged_first: bool) -> None:
        self.demand = demand
        self.first = disadvantaged_first
        self.left = [[need.number for need in lack.needs] for lack in demand.lacks]
        self.met: list[set[int | str]] = [set() for _ in demand.lacks]
        self.days = {option: len(days) for option, days in demand.days.items()}
        self.budget = demand.limits.budget
        self.hours = demand.limits.leader_hours
        self.sessions = demand.limits.sessions
        self.lacks_of: defaultdict[str, list[int]] = defaultdict(list)
        for place, lack in enumerate(demand.lacks):
            self.lacks_of[lack.learner.learner_id].append(place)

    def gain(self, number: int, place: int) -> int:
        """Return how many needs of a lack a session of a variant would serve."""
        supplied = self.demand.supply[number][place]
        return sum(
            left > 0 and not supplied.isdisjoint(self._missing(place, need))
            for need, left in zip(self.demand.lacks[place].needs, self.left[place], strict=True)
        )

    def _missing(self, place: int, need: Need) -> set[int | str]:
        """Return what would still serve a need."""
        return {*need.supplied_by} - (self.met[place] if need.different else set())

    def ranked(self, number: int) -> list[tuple[int, str]]:
        """Return whom a session of a variant would serve, those first whom it serves most."""
        gains: Counter[str] = Counter()
        for place in self.demand.supply[number]:
            found = self.gain(number, place)
            if found:
                gains[self.demand.lacks[place].learner.learner_id] += found
        return [(found, who) for who, found in sorted(gains.items(), key=self._rank)]

    def _rank(self, pair: tuple[str, int]) -> tuple[bool, int, str]:
        who, found = pair
        lack = self.demand.lacks[self.lacks_of[who][0]]
        return (self.first and not lack.is_disadvantaged, -found, who)

    def room(self, variant: Variant) -> int:
        """Return how many learners a session has room and money for; none where a limit is reached."""
        option = variant.option
        cost, each = option.cost or Fraction(), option.cost_per_learner or Fraction()
        if not self.days[option.id] or self.sessions == 0:
            return 0
        if self.hours is not None and (option.leader_hours or 0) > self.hours:
            return 0
        if self.budget is None:
            return option.places
        if cost > self.budget:
            return 0
        return option.places if not each else min(option.places, int((self.budget - cost) / each))

    def take(self, number: int, learners: list[str]) -> None:
        """Hold a session of a variant."""
        option = self.demand.variants[number].option
        self.days[option.id] -= 1
        if self.sessions is not None:
            self.sessions -= 1
        if self.hours is not None:
            self.hours -= option.leader_hours or 0
        if self.budget is not None:
            self.budget -= (option.cost or 0) + (option.cost_per_learner or 0) * len(learners)
        for who in learners:
            for place in self.lacks_of[who]:
                self._supply(number, place)

    def _supply(self, number: int, place: int) -> None:
        supplied = self.demand.supply[number].get(place, frozenset())
        for index, need in enumerate(self.demand.lacks[place].needs):
            new = supplied & {*need.supplied_by}
            if need.different:
                new -= self.met[place]
                self.met[place] |= new
                self.left[place][index] -= len(new)
            elif new:
                self.left[place][index] -= 1


def choose_greedily(demand: Demand, *, disadvantaged_first: bool) -> Attendance:
    """Choose the session that serves most needs for its cost, again and again.

    Args:
        demand: What is lacking, and what could supply it.
        disadvantaged_first: Whether disadvantaged learners get places before others.

    Returns:
        Which sessions are held, and who is in them. It keeps every limit; nothing says that it is
        the best choice.
    """
    account = _Account(demand, disadvantaged_first=disadvantaged_first)
    sessions: Counter[int] = Counter()
    places: defaultdict[int, Counter[str]] = defaultdict(Counter)
    ranked = [account.ranked(number) for number in range(len(demand.variants))]
    while True:
        number, served = _best(demand, account, ranked)
        if not served:
            return Attendance(dict(sessions), {key: dict(found) for key, found in places.items()})
        account.take(number, served)
        sessions[number] += 1
        places[number].update(served)
        touched = {place for who in served for place in account.lacks_of[who]}
        for one, supply in enumerate(demand.supply):
            if not touched.isdisjoint(supply):
                ranked[one] = account.ranked(one)


def _best(demand: Demand, account: _Account, ranked: list[list[tuple[int, str]]]) -> tuple[int, list[str]]:
    """Return the variant whose next session is worth most, and who would be in it."""
    fitting = [
        (number, found[: account.room(demand.variants[number])]) for number, found in enumerate(ranked)
    ]
    number, served = max(fitting, key=lambda pair: _worth(demand, *pair))
    return number, [who for _, who in served]


def _worth(demand: Demand, number: int, served: list[tuple[int, str]]) -> tuple[Fraction, int, int]:
    """Rank a session by the needs it serves for a pound, and then by their number."""
    option = demand.variants[number].option
    gain = sum(found for found, _ in served)
    cost = (option.cost or 0) + (option.cost_per_learner or 0) * len(served)
    return Fraction(gain) / (cost + 1), gain, -number
