"""The same people asked twice: what the margins alone say of who moved.

Published figures give the share before and the share after and seldom who moved. Every table with these
margins is a possible one, and near a floor or a ceiling they are nearly the same. So the paired test is
bounded although nobody published the pairs. Everything is exact, in whole numbers and fractions.

Examples:
    >>> [str(table) for table in tables(131, 181, 185)][:2]
    ['131 both, 0 worse, 50 better, 4 neither', '130 both, 1 worse, 51 better, 3 neither']
    >>> bounds([(131, 181), (132, 182)], 185).worse
    (0, 4)
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.errors import FigureError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Bounds", "Ends", "PairedTable", "bounds", "tables"]


@attrs.frozen(kw_only=True)
class PairedTable:
    """How often each pair of answers was given, before and after.

    Args:
        both: Yes before and after.
        worse: Yes before, no after.
        better: No before, yes after.
        neither: No before and after.

    Raises:
        ValueError: One of them is no count, or nobody is in the table.

    Examples:
        >>> table = PairedTable(both=128, worse=4, better=53, neither=0)
        >>> table.base, table.change, table.chi2
        (185, Fraction(49, 185), Fraction(2401, 57))
        >>> f"{float(table.p_value):.4e}"
        '5.9109e-12'
    """

    both: int
    worse: int
    better: int
    neither: int

    def __attrs_post_init__(self) -> None:
        for name in ("both", "worse", "better", "neither"):
            count: object = getattr(self, name)
            if type(count) is not int or count < 0:
                raise FigureError(f"PairedTable.{name}: expected a whole number of people, 0 or more")
        if self.base == 0:
            raise FigureError("PairedTable: expected at least one person")

    @property
    def base(self) -> int:
        """How many people."""
        return self.both + self.worse + self.better + self.neither

    @property
    def change(self) -> Fraction:
        """The share after less the share before."""
        return Fraction(self.better - self.worse, self.base)

    @property
    def chi2(self) -> Fraction | None:
        """McNemar's statistic without a correction; ``None`` where nobody moved."""
        moved = self.better + self.worse
        return Fraction((self.better - self.worse) ** 2, moved) if moved else None

    @property
    def p_value(self) -> Fraction:
        """The exact two-sided p of McNemar's test, from both tails of a fair coin, at most 1."""
        moved = self.better + self.worse
        ways = tail = 1
        for count in range(1, min(self.better, self.worse) + 1):
            ways = ways * (moved - count + 1) // count
            tail += ways
        return min(Fraction(2 * tail, 2**moved), Fraction(1))

    def __str__(self) -> str:
        return f"{self.both} both, {self.worse} worse, {self.better} better, {self.neither} neither"


def tables(before: int, after: int, base: int) -> Iterator[PairedTable]:
    """Yield every table with given margins, the fewest who got worse first.

    Args:
        before: How many said yes before.
        after: How many said yes after.
        base: How many people were asked twice.

    Raises:
        ValueError: A margin is not a whole number from 0 to the base, or the base is below 1.

    Examples:
        >>> sum(1 for _ in tables(46, 112, 185))
        47
    """
    if type(base) is not int or base < 1:
        raise FigureError("base: expected a whole number of people, 1 or more")
    for name, margin in (("before", before), ("after", after)):
        if type(margin) is not int or not 0 <= margin <= base:
            raise FigureError(f"{name}: expected a whole number of people from 0 to the base")
    return (
        PairedTable(
            both=before - worse, worse=worse, better=after - before + worse, neither=base - after - worse
        )
        for worse in range(max(before - after, 0), min(before, base - after) + 1)
    )


Ends = tuple[int, int]
"""The least and the greatest of a count."""


@attrs.frozen(kw_only=True)
class Bounds:
    """What all tables that fit the margins have in common.

    Args:
        base: How many people were asked twice.
        better: The least and the greatest number who got better.
        worse: The least and the greatest number who got worse.
        change: The least and the greatest change of the share.
        chi2: The least and the greatest of McNemar's statistic; ``None`` where nobody may have moved.
        weakest: The tables that say least of a change; the one with the greatest p is among them.
    """

    base: int
    better: Ends
    worse: Ends
    change: tuple[Fraction, Fraction]
    chi2: tuple[Fraction, Fraction] | None
    weakest: tuple[PairedTable, ...] = attrs.field(repr=False)

    @property
    def p_value(self) -> Fraction:
        """The greatest exact p; the true one is no greater, whatever the pairing."""
        return max(table.p_value for table in self.weakest)


def bounds(pairs: Iterable[tuple[int, int]], base: int) -> Bounds:
    """Return what is so in every table whose margins are one of the pairs.

    Args:
        pairs: Counts of yes before and after, such as `gatsbykit.rounded_figures.Reading.corners`.
        base: How many people were asked twice.

    Raises:
        ValueError: There is no pair, or one of the margins is none.

    Examples:
        >>> strongly = bounds([(46, 112), (46, 113), (47, 112), (47, 113)], 185)
        >>> strongly.better, strongly.worse
        ((65, 113), (0, 47))
        >>> [f"{float(end):.2f}" for end in strongly.chi2], f"{float(strongly.p_value):.2e}"
        (['26.57', '67.00'], '2.67e-07')
    """
    ends = [table for before, after in pairs for table in _ends(before, after, base)]
    if not ends:
        raise FigureError("pairs: expected at least one count before with a count after")
    chi2 = [table.chi2 for table in ends]
    known = [value for value in chi2 if value is not None]
    return Bounds(
        base=base,
        better=_least_and_greatest(table.better for table in ends),
        worse=_least_and_greatest(table.worse for table in ends),
        change=_least_and_greatest(table.change for table in ends),
        chi2=_least_and_greatest(known) if len(known) == len(chi2) else None,
        weakest=_weakest(ends),
    )


def _ends(before: int, after: int, base: int) -> tuple[PairedTable, PairedTable]:
    """Return the table in which fewest moved and the one in which most did."""
    found = tables(before, after, base)
    fewest = next(found)
    return fewest, _moved(fewest, min(fewest.both, fewest.neither))


def _moved(table: PairedTable, by: int) -> PairedTable:
    """Return the table with the same margins in which more moved either way."""
    return PairedTable(
        both=table.both - by, worse=table.worse + by, better=table.better + by, neither=table.neither - by
    )


def _least_and_greatest(numbers: Iterable[Any]) -> tuple[Any, Any]:
    found = [*numbers]
    return min(found), max(found)


def _weakest(ends: Iterable[PairedTable]) -> tuple[PairedTable, ...]:
    """Return the tables that no other one undercuts: a smaller change, or more who moved both ways.

    With the same change p grows with those who moved both ways; with as many of them it falls with the
    change.
    """
    found: list[PairedTable] = []
    most = -1
    for table in sorted(ends, key=lambda one: (abs(one.change), -min(one.better, one.worse))):
        both_ways = min(table.better, table.worse)
        if both_ways > most:
            found.append(table)
            most = both_ways
    return tuple(found)
