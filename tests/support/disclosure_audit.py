"""An audit of published tables by an integer programme: which values can a hidden count have?

It shares nothing with the package but the page that it judges. Three people are tried. Each of them
knows the page, the rule of hiding, that a listed group has somebody in it and that whoever meets a
criterion is in its group:

* the *reader* knows in which populations there are which groups, and nothing else;
* the *insider* knows who is in which group, and asks who meets a criterion;
* the *keeper of the list* knows who meets what and all groups but those of one attribute.
"""

from __future__ import annotations

import importlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

if TYPE_CHECKING:
    from gatsbykit.insight import PublishedGroups

_OPTIMIZE: Final[Any] = importlib.import_module("scipy.optimize")  # it brings no types
_MUCH: Final = 20_000

Group = tuple[str, str]
ALL: Final[Group] = ("", "all")
"""Everybody whom a criterion is about."""

Pattern = tuple[bool, ...]
"""In which populations somebody is."""

Sum = Mapping[int, int]
"""Numbers of a programme, each so many times."""


@attrs.frozen(kw_only=True)
class School:
    """What is true: by criterion whom it is about and who meets it, and by attribute the groups."""

    people: Mapping[str, frozenset[str]]
    met: Mapping[str, frozenset[str]]
    labels: Mapping[str, Mapping[str, str]]

    def group(self, criterion: str, group: Group) -> frozenset[str]:
        everybody = self.people[criterion]
        if group == ALL:
            return everybody
        return frozenset(one for one in everybody if self.labels[group[0]][one] == group[1])

    def pattern(self, learner: str, criteria: Iterable[str]) -> Pattern:
        return tuple(learner in self.people[criterion] for criterion in criteria)


Shown = tuple[int | None, int | None]
"""A size and how many of them meet the criterion, as far as they are shown."""


@attrs.frozen(kw_only=True)
class Page:
    """What is shown: by criterion and group the counts; and what is said of hidden totals besides."""

    minimum: int
    show_zeros: bool
    cells: Mapping[str, Mapping[Group, Shown]]
    said: Mapping[str, range] = attrs.field(factory=dict[str, range])

    @classmethod
    def of(cls, found: PublishedGroups) -> Page:
        cells: defaultdict[str, dict[Group, Shown]] = defaultdict(dict)
        for table in found.breakdowns:
            for row in table.groups:
                cells[table.criterion_id][table.attribute, row.value] = row.denominator, row.numerator
            cells[table.criterion_id][ALL] = table.total.denominator, table.total.numerator
        return cls(minimum=found.minimum, show_zeros=found.show_zeros, cells=cells)

    @property
    def width(self) -> int:
        """How far apart the bounds of a hidden count have to be, as the documentation promises."""
        return max(1, self.minimum - 2)

    @property
    def attributes(self) -> list[str]:
        return sorted({attribute for cells in self.cells.values() for attribute, _ in cells} - {""})

    def withheld(self, criterion: str) -> bool:
        return self.cells[criterion][ALL][0] is None


@attrs.frozen(kw_only=True)
class Finding:
    """The bounds of a hidden count, and how far apart they have to be."""

    who: str
    criterion: str
    group: Group
    what: str
    low: int
    high: int
    needed: int

    @property
    def gives_away(self) -> bool:
        return self.high - self.low < self.needed


class Programme:
    """Whole numbers from 0 up, under linear conditions."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.rows: list[tuple[Sum, float, float]] = []

    def number(self, upper: float = _MUCH / 2) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def constant(self, value: int) -> dict[int, int]:
        one = {self.number(value): 1}
        self.between(one, value, value)
        return one

    def between(self, terms: Sum, low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append((terms, low, high))

    def at_most_if(self, choice: int, terms: Sum, value: float) -> None:
        """If a choice is 1 then a sum is at most a value."""
        self.between(plus(terms, {choice: _MUCH}), high=value + _MUCH)

    def one_of(self, conditions: Iterable[tuple[Sum, int, int]]) -> None:
        """One at least of some sums is within its bounds."""
        choices: dict[int, int] = {}
        for terms, low, high in conditions:
            choice = self.number(1)
            choices[choice] = 1
            self.at_most_if(choice, terms, high)
            self.at_most_if(choice, times(-1, terms), -low)
        self.between(choices, low=1)

    def span(self, terms: Sum) -> tuple[int, int]:
        """The least and the greatest value of a sum."""
        width = len(self.upper)
        matrix = np.zeros((len(self.rows), width))
        for place, (row, _, _) in enumerate(self.rows):
            for name, factor in row.items():
                matrix[place, name] = factor
        goal = np.zeros(width)
        for name, factor in terms.items():
            goal[name] = factor
        limits = _OPTIMIZE.LinearConstraint(
            matrix, np.array([low for _, low, _ in self.rows]), np.array([high for _, _, high in self.rows])
        )
        ends: list[int] = []
        for sign in (1, -1):
            found = _OPTIMIZE.milp(
                sign * goal,
                constraints=[limits],
                integrality=np.ones(width),
                bounds=_OPTIMIZE.Bounds(np.zeros(width), np.array(self.upper)),
            )
            assert found.status == 0, found.message  # what is true fits, so something does
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def plus(*sums: Sum) -> dict[int, int]:
    found: Counter[int] = Counter()
    for one in sums:
        found.update(one)
    return dict(found)


def times(factor: int, terms: Sum) -> dict[int, int]:
    return {name: factor * own for name, own in terms.items()}


def minus(terms: Sum, other: Sum) -> dict[int, int]:
    return plus(terms, times(-1, other))


def _hidden_total(programme: Programme, page: Page, criterion: str, met: Sum, size: Sum) -> None:
    """Few meet it, or few do not: else the total would be shown."""
    if criterion in page.said:
        programme.between(met, page.said[criterion][0], page.said[criterion][-1])
        return
    least = int(page.show_zeros)
    programme.one_of((one, least, page.minimum - 1) for one in (met, minus(size, met)))
    programme.between(met, least)
    programme.between(minus(size, met), least)


def insider(school: School, page: Page) -> Iterator[Finding]:
    """Ask how many of each group meet each criterion, knowing the groups."""
    for criterion, cells in page.cells.items():
        if page.withheld(criterion):
            continue
        kinds = Counter(
            tuple((name, school.labels[name][one]) for name in page.attributes)
            for one in school.people[criterion]
        )
        programme = Programme()
        names = {kind: programme.number(count) for kind, count in kinds.items()}
        counts = {
            group: {name: 1 for kind, name in names.items() if group == ALL or group in kind}
            for group in cells
        }
        for group, (_, shown) in cells.items():
            if shown is not None:
                programme.between(counts[group], shown, shown)
        secret = [group for group, (_, shown) in cells.items() if shown is None]
        sizes = {group: len(school.group(criterion, group)) for group in secret}
        if ALL in secret:
            _hidden_total(programme, page, criterion, counts[ALL], programme.constant(sizes[ALL]))
        elif secret and all(cells[group][0] is not None for group in secret):
            few = int(page.show_zeros), page.minimum - 1
            fixed = {size: programme.constant(size) for size in {*sizes.values()}}
            programme.one_of(
                (terms, *few)
                for group in secret
                for terms in (counts[group], minus(fixed[sizes[group]], counts[group]))
            )
        for group in secret:
            needed = page.width
            if cells[group][0] is None:
                others = sum(sizes[one] for one in secret if one[0] == group[0] and one != group)
                needed = min(2, sizes[group], others)
            low, high = programme.span(counts[group])
            yield Finding(
                who="insider", criterion=criterion, group=group, what="count", low=low, high=high,
                needed=needed,
            )  # fmt: skip


def keeper(school: School, page: Page) -> Iterator[Finding]:
    """Ask for the groups of one attribute at a time, knowing everything else."""
    for attribute in page.attributes:
        yield from _one_attribute(school, page, attribute)


def _one_attribute(school: School, page: Page, attribute: str) -> Iterator[Finding]:
    criteria = [one for one in page.cells if not page.withheld(one)]
    programme = Programme()
    names = _people(programme, school, criteria, attribute)
    asked: list[tuple[str, Group, str, dict[int, int]]] = []
    for place, criterion in enumerate(criteria):
        for group, (size, count) in page.cells[criterion].items():
            if group[0] != attribute:
                continue
            here = {name: 1 for (inside, _, own), name in names.items() if own == group[1] and inside[place]}
            met = {name: 1 for (_, does, own), name in names.items() if own == group[1] and does[place]}
            programme.between(here, 1)
            if size is None:
                asked.append((criterion, group, "size", here))
                if page.cells[criterion][ALL][1] is not None:
                    asked.append((criterion, group, "count", met))
            else:
                programme.between(here, size, size)
            if count is not None:
                programme.between(met, count, count)
    sizes = [(criterion, group, terms) for criterion, group, what, terms in asked if what == "size"]
    if any(len(school.group(criterion, group)) < page.minimum for criterion, group, _ in sizes):
        programme.one_of((terms, 0, page.minimum - 1) for _, _, terms in sizes)
    for criterion, group, what, terms in asked:
        low, high = programme.span(terms)
        yield Finding(
            who="keeper", criterion=criterion, group=group, what=what, low=low, high=high,
            needed=page.width,
        )  # fmt: skip


def _people(
    programme: Programme, school: School, criteria: Iterable[str], attribute: str
) -> dict[tuple[Pattern, Pattern, str], int]:
    """Return how many there are of each kind: in which populations, what they meet, which group."""
    criteria = list(criteria)
    people: Counter[tuple[Pattern, Pattern]] = Counter()
    allowed: defaultdict[Pattern, set[str]] = defaultdict(set)
    for one in frozenset[str]().union(*(school.people[criterion] for criterion in criteria)):
        pattern = school.pattern(one, criteria)
        people[pattern, tuple(one in school.met[criterion] for criterion in criteria)] += 1
        allowed[pattern].add(school.labels[attribute][one])
    names: dict[tuple[Pattern, Pattern, str], int] = {}
    for kind, number in people.items():
        own = {(*kind, value): programme.number(number) for value in sorted(allowed[kind[0]])}
        programme.between(dict.fromkeys(own.values(), 1), number, number)
        names |= own
    return names


def reader(school: School, page: Page) -> Iterator[Finding]:
    """Ask for everything that is hidden, knowing the page alone."""
    programme = Programme()
    sizes = _sizes(programme, school, page)
    counts = _counts(programme, page, sizes)
    for criterion, cells in page.cells.items():
        for group, (size, shown) in cells.items():
            key = criterion, group
            asked: dict[str, dict[int, int]] = {}
            if size is None:
                asked["size"] = sizes[key]
            if shown is None and not page.withheld(criterion):
                asked["count"] = counts[key]
                asked["others"] = minus(sizes[key], counts[key])
            for what, terms in asked.items():
                low, high = programme.span(terms)
                # That nothing is shown of a criterion says that it is about somebody, but few.
                needed = page.minimum - 2 if page.withheld(criterion) else page.width
                yield Finding(
                    who="reader", criterion=criterion, group=group, what=what, low=low, high=high,
                    needed=needed,
                )  # fmt: skip


def _counts(
    programme: Programme, page: Page, sizes: Mapping[tuple[str, Group], Sum]
) -> dict[tuple[str, Group], dict[int, int]]:
    """Return how many meet each criterion in each group that is listed, and say what is shown of it."""
    counts = {key: {programme.number(): 1} for key in sizes}
    for (criterion, group), terms in counts.items():
        size, shown = page.cells[criterion][group]
        programme.between(minus(sizes[criterion, group], terms), 0)
        programme.between(sizes[criterion, group], 1)
        if size is not None:
            programme.between(sizes[criterion, group], size, size)
        if shown is not None:
            programme.between(terms, shown, shown)
    for criterion, cells in page.cells.items():
        for attribute in {name for name, _ in cells} - {""}:
            parts = [counts[criterion, group] for group in cells if group[0] == attribute]
            programme.between(minus(plus(*parts), counts[criterion, ALL]), 0, 0)
        if cells[ALL][0] is not None and cells[ALL][1] is None:
            _hidden_total(programme, page, criterion, counts[criterion, ALL], sizes[criterion, ALL])
    secret = [terms for (criterion, group), terms in sizes.items() if page.cells[criterion][group][0] is None]
    if secret:
        programme.one_of((terms, 0, page.minimum - 1) for terms in secret)
    return counts


def _sizes(programme: Programme, school: School, page: Page) -> dict[tuple[str, Group], dict[int, int]]:
    """Return the sizes of all groups that are listed, made of groups within each pattern of populations."""
    criteria = list(page.cells)
    everybody = sorted(frozenset[str]().union(*school.people.values()))
    patterns = {one: school.pattern(one, criteria) for one in everybody}
    here = {pattern: programme.number() for pattern in {*patterns.values()}}
    sizes: dict[tuple[str, Group], dict[int, int]] = {
        (criterion, ALL): {name: 1 for pattern, name in here.items() if pattern[place]}
        for place, criterion in enumerate(criteria)
    }
    for attribute in page.attributes:
        allowed = {(patterns[one], school.labels[attribute][one]) for one in everybody}
        own = {key: programme.number() for key in sorted(allowed)}
        for pattern, name in here.items():
            parts = {number: 1 for (its, _), number in own.items() if its == pattern}
            programme.between(minus(parts, {name: 1}), 0, 0)
        for place, criterion in enumerate(criteria):
            for group in page.cells[criterion]:
                if group[0] == attribute:
                    sizes[criterion, group] = {
                        name: 1 for (its, value), name in own.items() if value == group[1] and its[place]
                    }
    return sizes


def audit(school: School, page: Page) -> Iterator[Finding]:
    """Try all three."""
    for attacker in (reader, insider, keeper):
        yield from attacker(school, page)
