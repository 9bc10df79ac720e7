"""Hiding small counts so that nobody can work them out from the counts that stay.

A published count is a set of learners: the girls of Year 11, say, or those of them who meet a
criterion. Whoever reads a table can add and subtract what it shows, so a hidden count is safe from
that exactly if its set is no sum or difference of visible sets: if its row, over the learners, is
not in the linear span of the visible rows. Small counts are hidden first; then, while some hidden
count can be worked out, the smallest count that gives it away is hidden as well.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = ["hide", "is_small"]

_Key = TypeVar("_Key")
_Row = dict[int, Fraction]


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


def hide(
    cells: Mapping[_Key, Collection[str]], small: Iterable[_Key], cost: Callable[[_Key], Any]
) -> frozenset[_Key]:
    """Return the cells to hide: the small ones, and what would give them away.

    Args:
        cells: By cell, the learners whom it counts.
        small: The cells that have to be hidden for their own sake.
        cost: How much a reader loses with a cell; the cheapest that gives a hidden one away goes.

    Examples:
        >>> table = {"girls": "abcdef", "boys": "ghi", "all": "abcdefghi"}
        >>> sorted(hide(table, ["boys"], cost=lambda cell: len(table[cell])))
        ['boys', 'girls']
    """
    rows = _compressed(cells)
    hidden = set(small)
    safe = False
    while not safe:
        span = _Span({key: row for key, row in rows.items() if key not in hidden})
        safe = True
        for key in [key for key in rows if key in hidden]:
            givers = span.makes(rows[key])
            if givers:
                hidden.add(min(givers, key=cost))
                safe = False
                break
    return frozenset(hidden)


def _compressed(cells: Mapping[_Key, Collection[str]]) -> dict[_Key, _Row]:
    """Turn sets of learners into rows of numbers; learners who are always together are one column."""
    where: defaultdict[str, list[_Key]] = defaultdict(list)
    for key, learners in cells.items():
        for learner in learners:
            where[learner].append(key)
    columns: dict[tuple[_Key, ...], int] = {}
    rows: dict[_Key, _Row] = {key: {} for key in cells}
    for keys in where.values():
        column = columns.setdefault(tuple(keys), len(columns))
        for key in keys:
            rows[key][column] = Fraction(1)
    return rows


class _Span(Generic[_Key]):
    """The sums and differences of some rows, by exact elimination."""

    def __init__(self, rows: Mapping[_Key, _Row]) -> None:
        # By leading column: a row that begins there, and the multiples of given rows that make it.
        self._steps: dict[int, tuple[_Row, dict[_Key, Fraction]]] = {}
        for key, row in rows.items():
            rest, made_of = self._reduce(row)
            if rest:
                lead = min(rest)
                scale = 1 / rest[lead]
                made_of = {other: -share * scale for other, share in made_of.items()}
                made_of[key] = scale
                self._steps[lead] = {column: value * scale for column, value in rest.items()}, made_of

    def makes(self, row: _Row) -> list[_Key]:
        """Return rows whose sums and differences make a row; none where it cannot be made."""
        rest, made_of = self._reduce(row)
        return [] if rest else list(made_of)

    def _reduce(self, row: _Row) -> tuple[_Row, dict[_Key, Fraction]]:
        """Take away from a row what the others make of it."""
        rest = dict(row)
        made_of: dict[_Key, Fraction] = {}
        waiting = list(rest)
        heapq.heapify(waiting)
        while waiting:
            column = heapq.heappop(waiting)
            if column not in rest or column not in self._steps:
                continue
            step, parts = self._steps[column]
            factor = rest[column]
            for other, value in step.items():
                if other not in rest:
                    heapq.heappush(waiting, other)
                _add(rest, other, -factor * value)
            for key, share in parts.items():
                _add(made_of, key, factor * share)
        return rest, made_of


def _add(row: dict[Any, Fraction], where: Any, value: Fraction) -> None:
    total = row.pop(where, 0) + value
    if total:
        row[where] = total
