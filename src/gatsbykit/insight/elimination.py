"""Hiding counts that would follow from those that stay by adding and subtracting.

A published count is a set of learners: the girls of Year 11, say, or those of them who meet a
criterion. Whoever reads a table can add and subtract what it shows, so a hidden count is safe from
that exactly if its set is no sum or difference of visible sets: if its row, over the learners, is
not in the linear span of the visible rows. Small counts are hidden first; then, while some hidden
count can be worked out, the smallest count that gives it away is hidden as well.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = ["hide"]

_Key = TypeVar("_Key")
_Row = dict[int, int]


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
    where: defaultdict[str, list[int]] = defaultdict(list)
    for place, learners in enumerate(cells.values()):
        for learner in learners:
            where[learner].append(place)
    rows: list[_Row] = [{} for _ in cells]
    # In an order of their own: nothing may hang on names, or on how sets happen to be walked through.
    for column, places in enumerate(sorted({tuple(places) for places in where.values()})):
        for place in places:
            rows[place][column] = 1
    return dict(zip(cells, rows, strict=True))


class _Span(Generic[_Key]):
    """The sums and differences of some rows, by exact elimination in whole numbers."""

    def __init__(self, rows: Mapping[_Key, _Row]) -> None:
        # By leading column: a row that begins there, and the multiples of given rows that make it.
        self._steps: dict[int, tuple[_Row, dict[_Key, int]]] = {}
        for key, row in rows.items():
            rest, made_of, times = self._reduce(row)
            if rest:
                self._steps[min(rest)] = (
                    rest,
                    {**{other: -share for other, share in made_of.items()}, key: times},
                )

    def makes(self, row: _Row) -> list[_Key]:
        """Return rows whose sums and differences make a row; none where it cannot be made."""
        rest, made_of, _ = self._reduce(row)
        return [] if rest else list(made_of)

    def _reduce(self, row: _Row) -> tuple[_Row, dict[_Key, int], int]:
        """Return what is left of so many times a row without what the others make of it, and that."""
        rest, made_of, times = dict(row), dict[_Key, int](), 1
        waiting = list(rest)
        heapq.heapify(waiting)
        while waiting:
            column = heapq.heappop(waiting)
            if column not in rest or column not in self._steps:
                continue
            step, parts = self._steps[column]
            common = math.gcd(rest[column], step[column])
            up, factor = step[column] // common, rest[column] // common
            if up != 1:
                times *= up
                rest = {other: up * value for other, value in rest.items()}
                made_of = {key: up * share for key, share in made_of.items()}
            for other, value in step.items():
                if other not in rest:
                    heapq.heappush(waiting, other)
                _add(rest, other, -factor * value)
            for key, share in parts.items():
                _add(made_of, key, factor * share)
        return rest, made_of, times


def _add(row: dict[Any, int], where: Any, value: int) -> None:
    total = row.pop(where, 0) + value
    if total:
        row[where] = total
