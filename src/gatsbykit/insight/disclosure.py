"""Hiding counts so that nobody is given away by the counts that stay.

A page of tables says, for each criterion and each group, how many learners meet it and how many
there are. Three things have to be hidden from whoever reads it: small counts, counts that would give
small ones away by adding and subtracting, and counts that bounds would give away, since a listed
group has somebody in it and whoever meets a criterion is in its group.

What is hidden is safe if the page could as well be that of another school. So this module does not
trust an argument: it looks for other schools, by moves that no reader of the page would see. Two
learners whom every visible count of a criterion treats alike may change places in it; learners may
change groups where no visible count tells the groups apart. A hidden count is left alone only when
such moves take it over a range that is wide enough; otherwise more is hidden. Moves that are not
found cost a cell, and never a secret.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.insight.alternatives import Crowd, Exchange, Relabelling
from gatsbykit.insight.elimination import hide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

__all__ = [
    "EVERYBODY",
    "MINIMUM",
    "Counted",
    "Group",
    "Protection",
    "is_small",
    "possible_counts",
    "protect",
    "protection_width",
]

MINIMUM: Final = 6
"""The least count that published tables show: fewer than six is the suppression rule of England's
school performance tables."""

Group = tuple[str, str]
"""An attribute and a value of it."""

Cell = tuple[str, Group]
"""A criterion and a group."""

EVERYBODY: Final[Group] = ("", "")
"""The group of all whom a criterion is about."""

_Learners = frozenset[str]

_TRIALS: Final = 40
"""So many counts are tried to find one that helps to hide another, the cheapest first."""


def is_small(count: int, minimum: int, *, show_zeros: bool = False) -> bool:
    """Return whether a count has to be hidden for its own sake.

    Args:
        count: The count.
        minimum: The least count that may be shown.
        show_zeros: Whether a count of nobody may be shown.

    Examples:
        >>> [is_small(count, 6) for count in (0, 5, 6)], is_small(0, 6, show_zeros=True)
        ([True, True, False], False)
    """
    return count < minimum and not (show_zeros and count == 0)


def protection_width(minimum: int) -> int:
    """Return how far apart the least and the greatest possible value of a hidden count have to be.

    That a group has somebody in it and is under six says that it has 1 to 5 learners, which are 4
    apart. Nothing on the page may say more than these words do. The width is our choice.

    Args:
        minimum: The least count that is shown.

    Examples:
        >>> [protection_width(minimum) for minimum in (6, 10, 1)]
        [4, 8, 1]
    """
    return max(1, minimum - 2)


def possible_counts(count: int, size: int, minimum: int) -> range:
    """Return what may be said of a hidden total: the numbers that a reader has to think possible.

    A total is hidden because few meet the criterion or few do not; neither is nobody. Which of the two
    it is may be said, unless both are possible at once.

    Args:
        count: How many meet the criterion, neither nobody nor everybody.
        size: How many learners it is about.
        minimum: The least count that is shown.

    Examples:
        >>> possible_counts(37, 40, 6), possible_counts(3, 40, 6), possible_counts(3, 8, 6)
        (range(35, 40), range(1, 6), range(1, 8))
    """
    few, nearly_all = range(1, minimum), range(size - minimum + 1, size)
    if few.stop > nearly_all.start:
        return range(1, size)
    return few if count in few else nearly_all


@attrs.frozen(kw_only=True)
class Counted:
    """A criterion: whom it is about, and who of them meets it.

    Args:
        criterion_id: The criterion.
        learners: The ids of those whom it is about.
        met: The ids of those of them who meet it.
    """

    criterion_id: str
    learners: _Learners
    met: _Learners


@attrs.define
class Protection:
    """What a page hides; it only ever grows.

    Args:
        withheld: Criteria of which nothing is shown, not even the groups.
        unlisted: By criterion, attributes whose groups are not listed.
        sizes: The groups whose size is hidden.
        counts: The groups of which it is hidden how many meet the criterion.
        needless: By criterion, attributes whose groups are not listed because the total says it all.
        proved: How far apart the values of hidden counts were found to be able to be, to somebody who
            knows the groups and to a reader. It stays true when more is hidden.
    """

    withheld: set[str] = attrs.field(factory=set[str])
    unlisted: set[tuple[str, str]] = attrs.field(factory=set[tuple[str, str]])
    sizes: set[Cell] = attrs.field(factory=set[Cell])
    counts: set[Cell] = attrs.field(factory=set[Cell])
    needless: set[tuple[str, str]] = attrs.field(factory=set[tuple[str, str]])
    proved: dict[tuple[str, Cell], int] = attrs.field(factory=dict[tuple[str, Cell], int])

    def lists(self, criterion_id: str, attribute: str) -> bool:
        """Whether the groups of an attribute are listed."""
        return (
            criterion_id not in self.withheld
            and (criterion_id, attribute) not in self.unlisted
            and (criterion_id, attribute) not in self.needless
        )

    def shows_size(self, criterion_id: str, group: Group) -> bool:
        """Whether it is shown how many learners a group has."""
        return criterion_id not in self.withheld and (criterion_id, group) not in self.sizes

    def shows_count(self, criterion_id: str, group: Group) -> bool:
        """Whether it is shown how many learners of a group meet the criterion."""
        return criterion_id not in self.withheld and (criterion_id, group) not in self.counts

    def copy(self) -> Protection:
        """Return what is hidden, to be added to; what is needless is seen to anew."""
        return Protection(
            withheld={*self.withheld},
            unlisted={*self.unlisted},
            sizes={*self.sizes},
            counts={*self.counts},
            proved={**self.proved},
        )

    def amount(self) -> int:
        """How much is hidden, to see whether it has grown."""
        return len(self.withheld) + len(self.unlisted) + len(self.sizes) + len(self.counts)


def protect(
    criteria: Sequence[Counted],
    labels: Mapping[str, Mapping[str, str]],
    *,
    minimum: int,
    show_zeros: bool = False,
    also: Protection | None = None,
) -> Protection:
    """Decide what a page of all criteria by all attributes hides.

    Args:
        criteria: The criteria.
        labels: By attribute and learner, the value. What stands later is hidden rather than what
            stands earlier.
        minimum: The least count that is shown.
        show_zeros: Whether counts of nobody are shown.
        also: What is hidden in any case.

    Examples:
        >>> ids = [f"{sex}{number}" for sex in "FM" for number in range(20)]
        >>> met = frozenset(ids[2:30])
        >>> hidden = protect(
        ...     [Counted(criterion_id="8a", learners=frozenset(ids), met=met)],
        ...     {"sex": {one: one[0] for one in ids}},
        ...     minimum=6,
        ... )
        >>> hidden.shows_count("8a", EVERYBODY), hidden.shows_count("8a", ("sex", "M"))
        (True, False)
    """
    hidden = Protection() if also is None else also.copy()
    page = _Page({one.criterion_id: one for one in criteria}, labels, minimum, show_zeros, hidden)
    before = -1
    while before < page.hidden.amount():
        before = page.hidden.amount()
        _protect_sizes(page)
        for criterion_id in page.published():
            _protect_counts(page, criterion_id)
        if page.hidden.amount() == before:
            _protect_labels(page)
    return page.hidden


@attrs.define
class _Page:
    """The tables, and what is hidden of them so far."""

    criteria: Mapping[str, Counted]
    labels: Mapping[str, Mapping[str, str]]
    minimum: int
    show_zeros: bool
    hidden: Protection
    _tables: dict[tuple[_Learners, str], Mapping[str, _Learners]] = attrs.field(
        factory=dict[tuple[_Learners, str], "Mapping[str, _Learners]"]
    )

    @property
    def width(self) -> int:
        return protection_width(self.minimum)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The order of the attributes."""
        return {attribute: place for place, attribute in enumerate(self.labels)}

    def published(self) -> list[str]:
        """The criteria of which anything is shown."""
        return [one for one in self.criteria if one not in self.hidden.withheld]

    def listed(self, criterion_id: str) -> list[str]:
        """The attributes whose groups are listed."""
        return [one for one in self.labels if self.hidden.lists(criterion_id, one)]

    def table(self, criterion_id: str, attribute: str) -> Mapping[str, _Learners]:
        """By value, who has it among those whom a criterion is about."""
        learners = self.criteria[criterion_id].learners
        key = learners, attribute
        if key not in self._tables:
            found: defaultdict[str, set[str]] = defaultdict(set)
            for learner in learners:
                found[self.labels[attribute][learner]].add(learner)
            self._tables[key] = {value: frozenset(found[value]) for value in sorted(found)}
        return self._tables[key]

    def groups(self, criterion_id: str) -> Iterator[tuple[Group, _Learners]]:
        """Yield the groups that a criterion is broken down by, everybody first."""
        yield EVERYBODY, self.criteria[criterion_id].learners
        for attribute in self.listed(criterion_id):
            for value, learners in self.table(criterion_id, attribute).items():
                yield (attribute, value), learners

    def patterns(self, *, everything: bool = False) -> dict[str, int]:
        """By learner, in which of the populations that are shown it is, or of all."""
        criteria = self.criteria if everything else self.published()
        patterns: defaultdict[str, int] = defaultdict(int)
        for place, learners in enumerate({self.criteria[one].learners: None for one in criteria}):
            for learner in learners:
                patterns[learner] |= 1 << place
        return patterns

    def learners(self, criterion_id: str, group: Group) -> _Learners:
        """Who is in a group."""
        return (
            self.criteria[criterion_id].learners
            if group == EVERYBODY
            else self.table(criterion_id, group[0])[group[1]]
        )

    def is_small(self, criterion_id: str, group: Group) -> bool:
        """Whether the count of a group has to be hidden for its own sake."""
        learners = self.learners(criterion_id, group)
        met = len(learners & self.criteria[criterion_id].met)
        return any(
            is_small(count, self.minimum, show_zeros=self.show_zeros) for count in (met, len(learners) - met)
        )

    def price(self, cell: Cell) -> tuple[bool, int, int, Cell]:
        """How much a reader loses with a cell: totals are dearest, then early attributes, then sizes."""
        criterion_id, group = cell
        size = len(self.learners(criterion_id, group))
        return group == EVERYBODY, size, -self.places.get(group[0], -1), cell


def _protect_sizes(page: _Page) -> None:
    """Hide small sizes, and others until neither sums nor what is left over gives one away."""
    hidden, before = page.hidden, -1
    while before < hidden.amount():
        before = hidden.amount()
        _withhold(page)
        for attribute in page.labels:
            _eliminate_sizes(page, [attribute])
            for criterion_id in page.published():
                if hidden.lists(criterion_id, attribute):
                    _pool_sizes(page, criterion_id, attribute)
        if before == hidden.amount():
            _eliminate_sizes(page, [*page.labels])


def _withhold(page: _Page) -> None:
    """Show nothing of criteria about few learners, nor of others that would tell how few."""
    hidden = page.hidden
    for criterion_id, counted in page.criteria.items():
        if len(counted.learners) < page.minimum:
            hidden.withheld.add(criterion_id)
    while exposed := next(
        (one for one in page.criteria if one in hidden.withheld and _is_told(page, one)), None
    ):
        near = [
            one for one in page.published()
            if page.criteria[one].learners & page.criteria[exposed].learners
        ]  # fmt: skip
        learners = page.criteria[min(near, key=lambda one: page.price((one, EVERYBODY)))].learners
        hidden.withheld.update(one for one in page.criteria if page.criteria[one].learners == learners)


def _is_told(page: _Page, criterion_id: str) -> bool:
    """Whether the totals that are shown leave too few sizes to a population of which nothing is shown.

    Learners whom no total tells apart might be in other populations, as long as each has somebody.
    """
    shown, all_of_them = page.patterns(), page.patterns(everything=True)
    alike: defaultdict[int, set[int]] = defaultdict(set)
    for learner, pattern in all_of_them.items():
        alike[shown.get(learner, 0)].add(pattern)
    sizes = Counter(shown.get(learner, 0) for learner in all_of_them)
    inside = {all_of_them[learner] for learner in page.criteria[criterion_id].learners}
    free = [
        sizes[pattern] - len(kinds) for pattern, kinds in alike.items() if kinds & inside and kinds - inside
    ]
    return not alike[0] & inside and sum(free) < page.minimum - 2


def _eliminate_sizes(page: _Page, attributes: Sequence[str]) -> None:
    """Hide sizes until none is a sum or difference of others; totals are sizes too."""
    hidden = page.hidden
    cells: defaultdict[_Learners, list[Cell]] = defaultdict(list)
    for criterion_id, counted in page.criteria.items():
        cells[counted.learners].append((criterion_id, EVERYBODY))
        for attribute in attributes:
            if hidden.lists(criterion_id, attribute):
                for value, learners in page.table(criterion_id, attribute).items():
                    cells[learners].append((criterion_id, (attribute, value)))
    forced = [
        learners
        for learners, own in cells.items()
        if len(learners) < page.minimum or not all(hidden.shows_size(*cell) for cell in own)
    ]
    prices = {learners: max(map(page.price, own)) for learners, own in cells.items()}
    for learners in hide({one: one for one in cells}, forced, prices.__getitem__):
        for criterion_id, group in cells[learners]:
            if group == EVERYBODY:
                hidden.withheld.add(criterion_id)
            else:
                _hide_size(page, (criterion_id, group))


def _pool_sizes(page: _Page, criterion_id: str, attribute: str) -> None:
    """See to it that the groups of hidden size are enough learners together, or do not list them."""
    groups, hidden = page.table(criterion_id, attribute), page.hidden

    def cells(*, shown: bool) -> list[Cell]:
        own: list[Cell] = [(criterion_id, (attribute, value)) for value in groups]
        return sorted((one for one in own if (one not in hidden.sizes) is shown), key=page.price)

    def left_over() -> int:
        return sum(len(page.learners(*cell)) for cell in cells(shown=False)) - len(cells(shown=False))

    while cells(shown=False) and left_over() < page.width and cells(shown=True):
        _hide_size(page, cells(shown=True)[0])
    if cells(shown=False) and left_over() < page.width:
        _unlist(page, criterion_id, attribute)


def _hide_size(page: _Page, cell: Cell) -> None:
    """Hide a size wherever the same learners are a criterion's, and how many of them meet it."""
    page.hidden.sizes.update(_everywhere(page, cell))
    page.hidden.counts.update(_everywhere(page, cell))


def _unlist(page: _Page, criterion_id: str, attribute: str) -> None:
    learners = page.criteria[criterion_id].learners
    page.hidden.unlisted.update(
        (other, attribute) for other in page.criteria if page.criteria[other].learners == learners
    )


def _protect_counts(page: _Page, criterion_id: str) -> None:
    """Hide small counts of a criterion, and others until none follows."""
    hidden = page.hidden
    hidden.counts.update(
        (criterion_id, group) for group, _ in page.groups(criterion_id) if page.is_small(criterion_id, group)
    )
    before = -1
    while before < hidden.amount():
        before = hidden.amount()
        if _is_settled(page, criterion_id):
            return
        for attribute in page.listed(criterion_id):
            _pool_counts(page, criterion_id, attribute)
        if hidden.amount() == before:
            _exchange(page, criterion_id)


def _is_settled(page: _Page, criterion_id: str) -> bool:
    """Whether a criterion needs no further look: nothing of it is shown, or the total says it all."""
    counted, hidden = page.criteria[criterion_id], page.hidden
    if not hidden.shows_count(criterion_id, EVERYBODY):
        hidden.counts.update((criterion_id, group) for group, _ in page.groups(criterion_id))
        return True
    if counted.met not in {frozenset(), counted.learners}:
        return False
    # "Nobody" or "all of them" is shown, and says so of every group: none can be listed and hidden.
    for (attribute, _), _ in [*page.groups(criterion_id)][1:]:
        if any(
            not hidden.shows_count(criterion_id, (attribute, value))
            for value in page.table(criterion_id, attribute)
        ):
            hidden.needless.add((criterion_id, attribute))
    return True


def _pool_counts(page: _Page, criterion_id: str, attribute: str) -> None:
    """See to it that the hidden groups of a table might be shown as one group."""
    met = page.criteria[criterion_id].met
    cells = [(criterion_id, (attribute, value)) for value in page.table(criterion_id, attribute)]
    for cell in sorted(cells, key=page.price):
        learners = [page.learners(*one) for one in cells if one in page.hidden.counts]
        together = frozenset[str]().union(*learners)
        counts = len(together & met), len(together - met)
        if not learners or (len(learners) > 1 and min(counts) >= page.minimum):
            return
        page.hidden.counts.add(cell)


def _exchange(page: _Page, criterion_id: str) -> None:
    """Hide a count more where a hidden one has too few values even for those who know all groups."""
    for group in _unsafe(page, criterion_id, page.hidden.counts):
        cell = criterion_id, group
        options = sorted(
            (
                (criterion_id, other)
                for other, _ in page.groups(criterion_id)
                if page.hidden.shows_count(criterion_id, other)
            ),
            key=lambda one: (one[1] == EVERYBODY, one[1][0] != group[0], page.price(one)),
        )
        helpful = (
            one
            for one in options[:_TRIALS]
            if not [*_unsafe(page, criterion_id, {*page.hidden.counts, one}, cell)]
        )
        page.hidden.counts.add(next(helpful, options[0]))
        return


def _unsafe(
    page: _Page, criterion_id: str, hidden: AbstractSet[Cell], only: Cell | None = None
) -> Iterator[Group]:
    """Yield groups whose hidden counts have too few values for somebody who knows who is in which group."""
    counted = page.criteria[criterion_id]
    attributes = page.listed(criterion_id)
    secret = {group for group, _ in page.groups(criterion_id) if (criterion_id, group) in hidden}
    by_rule = any((criterion_id, group) in page.hidden.sizes for group in secret)
    exchange = Exchange(
        counted.learners,
        counted.met,
        [(attribute, page.labels[attribute]) for attribute in attributes],
        secret,
        None if by_rule else page.minimum,
        show_zeros=page.show_zeros,
    )
    for group in sorted(secret):
        if only in {None, (criterion_id, group)}:
            need = page.width
            size = len(page.learners(criterion_id, group))
            if (criterion_id, group) in page.hidden.sizes:
                others = sum(
                    len(page.learners(criterion_id, other))
                    for other in secret
                    if other[0] == group[0] and other != group
                )
                need = min(2, size, others)
            known = "insider", (criterion_id, group)
            if page.hidden.proved.get(known, 0) < need:
                if not exchange.reaches(group, need):
                    yield group
                elif hidden is page.hidden.counts:
                    page.hidden.proved[known] = need


def _protect_labels(page: _Page) -> None:
    """Hide more sizes where the page alone says too much of a hidden one, or of who meets a criterion."""
    for attribute in page.labels:
        cell = _exposed(page, attribute)
        if cell is not None:
            _hide_more(page, attribute, cell)


def _exposed(
    page: _Page, attribute: str, trial: Collection[Cell] = (), only: Cell | None = None
) -> Cell | None:
    """Return a group of an attribute of which a reader of the page could tell too much."""
    hidden = {*page.hidden.sizes, *trial}
    secret = [
        (criterion_id, (attribute, value))
        for criterion_id in page.published()
        if page.hidden.lists(criterion_id, attribute)
        for value in page.table(criterion_id, attribute)
        if (criterion_id, (attribute, value)) in hidden
    ]
    if not secret:
        return None
    crowds, places = _crowds(page, attribute, hidden)
    is_small = any(len(page.learners(*cell)) < page.minimum for cell in secret)
    relabelling = Relabelling(
        page.labels[attribute], page.patterns(), crowds, page.minimum if is_small else None
    )
    for criterion_id, group in secret if only is None else [only]:
        others = {one[1] for other, one in secret if other == criterion_id} - {group[1]}
        size, count = places[criterion_id]
        watched = [size] if count is None else [size, count]
        known = "reader", (criterion_id, group)
        if page.hidden.proved.get(known, 0) < page.width:
            if not all(relabelling.reaches(crowd, group[1], others, page.width) for crowd in watched):
                return criterion_id, group
            if not trial:
                page.hidden.proved[known] = page.width
    return None


def _crowds(
    page: _Page, attribute: str, hidden: Collection[Cell]
) -> tuple[list[Crowd], dict[str, tuple[int, int | None]]]:
    """Return what is counted by an attribute, and by criterion where: the sizes, and those who meet it.

    Those who meet it are left out where nothing of that is shown.
    """
    crowds: list[Crowd] = []
    sizes: dict[_Learners, int] = {}
    places: dict[str, tuple[int, int | None]] = {}
    for criterion_id in page.published():
        if not page.hidden.lists(criterion_id, attribute):
            continue
        counted, values = page.criteria[criterion_id], page.table(criterion_id, attribute)
        cells = {value: (criterion_id, (attribute, value)) for value in values}
        shown = frozenset(value for value, cell in cells.items() if cell not in hidden)
        if counted.learners not in sizes:
            sizes[counted.learners] = len(crowds)
            crowds.append(Crowd(learners=counted.learners, shown=shown, listed=frozenset(values)))
        count = None
        if page.hidden.shows_count(criterion_id, EVERYBODY):
            count = len(crowds)
            shown = frozenset(value for value in shown if cells[value] not in page.hidden.counts)
            crowds.append(Crowd(learners=counted.met, shown=shown, listed=frozenset()))
        places[criterion_id] = sizes[counted.learners], count
    return crowds, places


def _hide_more(page: _Page, attribute: str, exposed: Cell) -> None:
    """Hide a cheap size that helps, or else all of the table; if none is left, list the groups no more."""
    options = sorted(
        (
            (criterion_id, (attribute, value))
            for criterion_id in page.published()
            if page.hidden.lists(criterion_id, attribute)
            for value in page.table(criterion_id, attribute)
            if page.hidden.shows_size(criterion_id, (attribute, value))
        ),
        key=page.price,
    )
    if not options:
        _unlist(page, exposed[0], attribute)
        return
    for option in options[:_TRIALS]:
        if _exposed(page, attribute, _everywhere(page, option), exposed) is None:
            _hide_size(page, option)
            return
    own = [option for option in options if option[0] == exposed[0]]
    for option in own or options:
        _hide_size(page, option)


def _everywhere(page: _Page, cell: Cell) -> list[Cell]:
    learners = page.criteria[cell[0]].learners
    return [(other, cell[1]) for other in page.published() if page.criteria[other].learners == learners]
