"""An audit of published tables by an integer programme: which values can a hidden count have?

It shares nothing with the package but the answer that it judges. Three readers are tried, each of
whom knows the page, the rule of hiding, that a listed group has somebody in it and that whoever meets
a criterion is in its group:

* the *reader* knows nothing else;
* the *insider* knows who is in which group, and asks who meets a criterion;
* the *keeper of the list* knows who meets what and all groups but those of one attribute.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

import gatsbykit as gk
from gatsbykit.insight import PublishedGroups

ALL: Final = ("", "all")
Group = tuple[str, str]


@attrs.frozen(kw_only=True)
class School:
    """What is true: by criterion whom it is about and who meets it, and everybody's groups."""

    people: Mapping[str, frozenset[str]]
    met: Mapping[str, frozenset[str]]
    labels: Mapping[str, Mapping[str, str]]

    def group(self, criterion: str, group: Group) -> frozenset[str]:
        everybody = self.people[criterion]
        if group == ALL:
            return everybody
        return frozenset(one for one in everybody if self.labels[group[0]][one] == group[1])


@attrs.frozen(kw_only=True)
class Page:
    """What is shown: by criterion and group the size and the count, as far as they are not hidden."""

    minimum: int
    show_zeros: bool
    cells: Mapping[str, Mapping[Group, tuple[int | None, int | None]]]

    @classmethod
    def of(cls, found: PublishedGroups) -> Page:
        cells: defaultdict[str, dict[Group, tuple[int | None, int | None]]] = defaultdict(dict)
        for table in found.breakdowns:
            for row in table.groups:
                cells[table.criterion_id][table.attribute, row.value] = row.denominator, row.numerator
            cells[table.criterion_id][ALL] = table.total.denominator, table.total.numerator
        return cls(minimum=found.minimum, show_zeros=found.show_zeros, cells=cells)

    @property
    def width(self) -> int:
        """How far apart the bounds of a hidden count have to be, as the documentation promises."""
        return max(1, self.minimum - 2)

    def withheld(self, criterion: str) -> bool:
        return self.cells[criterion][ALL][0] is None


Sum = Mapping[int, int]


class Programme:
    """Whole numbers from 0 up, under linear conditions."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.rows: list[tuple[Sum, float, float]] = []

    def number(self, upper: float = 10_000) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def between(self, terms: Sum, low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append((terms, low, high))

    def equal(self, terms: Sum, value: float) -> None:
        self.between(terms, value, value)

    def at_most_if(self, choice: int, terms: Sum, value: float, much: int = 20_000) -> None:
        """If a choice is 1 then a sum is at most a value."""
        self.between({**terms, choice: terms.get(choice, 0) + much}, high=value + much)

    def span(self, terms: Sum) -> tuple[int, int]:
        """The least and the greatest value of a sum."""
        width = len(self.upper)
        matrix = np.zeros((len(self.rows), width))
        for place, (row, _, _) in enumerate(self.rows):
            for name, factor in row.items():
                matrix[place, name] = factor
        limits = LinearConstraint(
            matrix, np.array([low for _, low, _ in self.rows]), np.array([high for _, _, high in self.rows])
        )
        goal = np.zeros(width)
        for name, factor in terms.items():
            goal[name] = factor
        ends: list[int] = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=[limits],
                integrality=np.ones(width),
                bounds=Bounds(np.zeros(width), np.array(self.upper)),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def plus(*sums: Sum) -> dict[int, int]:
    found: Counter[int] = Counter()
    for one in sums:
        for name, factor in one.items():
            found[name] += factor
    return dict(found)


def times(factor: int, terms: Sum) -> dict[int, int]:
    return {name: factor * own for name, own in terms.items()}


def hidden_total(programme: Programme, page: Page, met: Sum, size: Sum) -> None:
    """Few meet it, or few do not: else the total would be shown."""
    few = programme.number(1)
    left = plus(size, times(-1, met))
    programme.at_most_if(few, met, page.minimum - 1)
    many = programme.number(1)
    programme.equal({few: 1, many: 1}, 1)
    programme.at_most_if(many, left, page.minimum - 1)
    if page.show_zeros:
        programme.between(met, low=1)
        programme.between(left, low=1)


def some_is_small(programme: Programme, page: Page, counts: Iterable[Sum]) -> None:
    """The rule: one of the hidden counts at least is hidden for its own sake."""
    choices: dict[int, int] = {}
    for terms in counts:
        choice = programme.number(1)
        choices[choice] = 1
        programme.at_most_if(choice, terms, page.minimum - 1)
        if page.show_zeros:
            programme.between({**terms, choice: terms.get(choice, 0) - 1}, low=0)
    if choices:
        programme.between(choices, low=1)


def insider(school: School, page: Page) -> Iterator[tuple[str, Group, int, tuple[int, int]]]:
    """Yield every hidden count that somebody who knows the groups asks for: needed width, and bounds."""
    for criterion, cells in page.cells.items():
        size, total = cells[ALL]
        if size is None or total in {0, size}:
            continue
        attributes = sorted({attribute for attribute, _ in cells} - {""})
        kinds = Counter(
            tuple((name, school.labels[name][one]) for name in attributes) for one in school.people[criterion]
        )
        programme = Programme()
        names = {kind: programme.number(count) for kind, count in kinds.items()}

        def count(group: Group, names: Mapping[tuple[Group, ...], int] = names) -> dict[int, int]:
            return {name: 1 for kind, name in names.items() if group == ALL or group in kind}

        for group, (_, shown) in cells.items():
            if shown is not None:
                programme.equal(count(group), shown)
        secret = [group for group, (_, shown) in cells.items() if shown is None]
        sizes = {group: len(school.group(criterion, group)) for group in secret}
        if total is None:
            fixed = programme.number(size)
            programme.equal({fixed: 1}, size)
            hidden_total(programme, page, count(ALL), {fixed: 1})
        elif all(cells[group][0] is not None for group in secret):
            ones = {}
            for number in {*sizes.values()}:
                ones[number] = programme.number(number)
                programme.equal({ones[number]: 1}, number)
            some_is_small(
                programme,
                page,
                [
                    terms
                    for group in secret
                    for terms in (
                        count(group), plus({ones[sizes[group]]: 1}, times(-1, count(group))),
                    )
                ],
            )  # fmt: skip
        for group in secret:
            need = page.width
            if cells[group][0] is None:
                others = sum(sizes[one] for one in secret if one[0] == group[0] and one != group)
                need = min(2, sizes[group], others if total is not None else size)
            yield criterion, group, need, programme.span(count(group))


def keeper(school: School, page: Page) -> Iterator[tuple[str, Group, int, tuple[int, int]]]:
    """Yield every hidden size, and count with it, that somebody who lacks one attribute asks for."""
    open_criteria = [one for one in page.cells if not page.withheld(one)]
    for attribute in (
        {attribute: None for cells in page.cells.values() for attribute, _ in cells} - ALL[:1]
        if False
        else sorted({attribute for cells in page.cells.values() for attribute, _ in cells} - {""})
    ):
        own = {
            criterion: {
                value: shown for (name, value), shown in page.cells[criterion].items() if name == attribute
            }
            for criterion in open_criteria
        }
        if all(size is not None for cells in own.values() for size, _ in cells.values()):
            continue
        people: Counter[tuple[tuple[bool, ...], tuple[bool, ...]]] = Counter()
        allowed: defaultdict[tuple[bool, ...], set[str]] = defaultdict(set)
        for one in frozenset[str]().union(*(school.people[criterion] for criterion in open_criteria)):
            pattern = tuple(one in school.people[criterion] for criterion in open_criteria)
            people[pattern, tuple(one in school.met[criterion] for criterion in open_criteria)] += 1
            allowed[pattern].add(school.labels[attribute][one])
        programme = Programme()
        names = {
            (kind, value): programme.number(number)
            for kind, number in people.items()
            for value in allowed[kind[0]]
        }
        for kind, number in people.items():
            programme.equal({names[kind, value]: 1 for value in allowed[kind[0]]}, number)

        def terms(
            place: int,
            value: str,
            which: int,
            names: Mapping[tuple[tuple[tuple[bool, ...], tuple[bool, ...]], str], int] = names,
        ) -> dict[int, int]:
            return {name: 1 for (kind, own), name in names.items() if own == value and kind[which][place]}

        asked: list[tuple[str, Group, dict[int, int]]] = []
        secret: list[dict[int, int]] = []
        is_small = False
        for place, (criterion, cells) in enumerate(own.items()):
            for value, (size, count) in cells.items():
                programme.between(terms(place, value, 0), low=1)
                group = attribute, value
                if size is None:
                    asked.append((criterion, group, terms(place, value, 0)))
                    secret.append(terms(place, value, 0))
                    is_small |= len(school.group(criterion, group)) < page.minimum
                    total = page.cells[criterion][ALL]
                    if count is None and total[1] is not None and total[1] not in {0, total[0]}:
                        asked.append((criterion, group, terms(place, value, 1)))
                else:
                    programme.equal(terms(place, value, 0), size)
                if count is not None:
                    programme.equal(terms(place, value, 1), count)
        if is_small:
            programme_rule = [one for one in secret]
            choices: dict[int, int] = {}
            for one in programme_rule:
                choice = programme.number(1)
                choices[choice] = 1
                programme.at_most_if(choice, one, page.minimum - 1)
            programme.between(choices, low=1)
        for criterion, group, one in asked:
            yield criterion, group, page.width, programme.span(one)


def reader(school: School, page: Page) -> Iterator[tuple[str, Group, int, tuple[int, int]]]:
    """Yield every hidden size and count that somebody with the page alone asks for."""
    programme = Programme()
    everybody = sorted(frozenset[str]().union(*school.people.values()))
    criteria = list(page.cells)
    patterns = Counter(tuple(one in school.people[criterion] for criterion in criteria) for one in everybody)
    here = {pattern: programme.number() for pattern in patterns}
    sizes: dict[tuple[str, Group], dict[int, int]] = {}
    for place, criterion in enumerate(criteria):
        sizes[criterion, ALL] = {name: 1 for pattern, name in here.items() if pattern[place]}
    for attribute in sorted({attribute for cells in page.cells.values() for attribute, _ in cells} - {""}):
        allowed: defaultdict[tuple[bool, ...], set[str]] = defaultdict(set)
        for one in everybody:
            allowed[tuple(one in school.people[criterion] for criterion in criteria)].add(
                school.labels[attribute][one]
            )
        own = {
            (pattern, value): programme.number() for pattern in patterns for value in sorted(allowed[pattern])
        }
        for pattern in patterns:
            programme.equal(
                plus({here[pattern]: -1}, {own[pattern, value]: 1 for value in allowed[pattern]}), 0
            )
        for place, criterion in enumerate(criteria):
            for name, value in page.cells[criterion]:
                if name == attribute:
                    sizes[criterion, (name, value)] = {
                        name: 1 for (pattern, its), name in own.items() if its == value and pattern[place]
                    }
    counts: dict[tuple[str, Group], dict[int, int]] = {}
    for criterion, cells in page.cells.items():
        for group, (size, shown) in cells.items():
            key = criterion, group
            counts[key] = {programme.number(): 1}
            programme.between(plus(sizes[key], times(-1, counts[key])), low=0)
            programme.between(sizes[key], low=1)
            if size is not None:
                programme.equal(sizes[key], size)
            if shown is not None:
                programme.equal(counts[key], shown)
        for attribute in {name for name, _ in cells} - {""}:
            parts = [counts[criterion, group] for group in cells if group[0] == attribute]
            programme.equal(plus(times(-1, counts[criterion, ALL]), *parts), 0)
        if cells[ALL][0] is not None and cells[ALL][1] is None:
            hidden_total(programme, page, counts[criterion, ALL], sizes[criterion, ALL])
    secret = [key for key in sizes if page.cells[key[0]][key[1]][0] is None]
    choices: dict[int, int] = {}
    for key in secret:
        choice = programme.number(1)
        choices[choice] = 1
        programme.at_most_if(choice, sizes[key], page.minimum - 1)
    if choices:
        programme.between(choices, low=1)
    for criterion, cells in page.cells.items():
        for group, (size, shown) in cells.items():
            if size is None:
                yield criterion, group, page.width, programme.span(sizes[criterion, group])
            if shown is None and not page.withheld(criterion) and cells[ALL][1] not in {0, cells[ALL][0]}:
                yield criterion, group, page.width, programme.span(counts[criterion, group])
                left = plus(sizes[criterion, group], times(-1, counts[criterion, group]))
                yield criterion, group, page.width, programme.span(left)
