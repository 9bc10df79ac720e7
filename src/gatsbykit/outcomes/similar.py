"""Similar schools: the nearest by characteristics that are declared, with the list shown.

Schools are compared by what their pupils are like, each characteristic in units of how much schools
differ in it. Similar is not equal: what was not declared was not looked at.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from statistics import pstdev
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import FigureError, NotFoundError
from gatsbykit.intervals import FUNNEL, Limits, funnel
from gatsbykit.model.fields import checked
from gatsbykit.outcomes.measured import Measured
from gatsbykit.outcomes.published_measures import of_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatsbykit.published.rows import Row
    from gatsbykit.published.statistics import Statistics

__all__ = ["CHARACTERISTICS", "Comparison", "SimilarSchool", "SimilarSchools", "compared", "similar_schools"]

CHARACTERISTICS: Final = ("nor", "pnumfsmever", "pnumeal", "psenelk", "psenelse")
"""By default: size, free school meals in the last six years, first language, SEN support, plans."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class SimilarSchool:
    """A school of the list.

    Args:
        urn: Its unique reference number.
        distance: How far it is, in units of how much schools differ.
        values: Its characteristics.
    """

    urn: str
    distance: float
    values: tuple[Fraction, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class SimilarSchools:
    """A school and the nearest others.

    Args:
        urn: The school.
        by: The characteristics.
        values: Its own.
        schools: The others, the nearest first.
        pool: Among how many they were found.
    """

    urn: str
    by: tuple[str, ...]
    values: tuple[Fraction, ...]
    schools: tuple[SimilarSchool, ...]
    pool: int

    def __str__(self) -> str:
        head = f"{self.urn}: " + ", ".join(
            f"{name} {float(value):g}" for name, value in zip(self.by, self.values, strict=True)
        )
        lines = [
            f"  {one.urn}: " + ", ".join(f"{float(value):g}" for value in one.values) for one in self.schools
        ]
        return "\n".join([head, f"nearest of {self.pool:,}:", *lines])


def similar_schools(
    census: Statistics, *, urn: str, by: Sequence[str] = CHARACTERISTICS, count: int = 10
) -> SimilarSchools:
    """Return the schools nearest to a school.

    Args:
        census: Figures on schools, such as the census file of the performance tables.
        urn: The school.
        by: The characteristics, by the names of their columns.
        count: How many schools.

    Raises:
        NotFoundError: The school is not there, or one of its characteristics is not known.
        ValueError: No characteristic, or less than one school is asked for.
    """
    if not by or count < 1:
        raise FigureError("similar schools are 1 or more, by one characteristic or more")
    census.one(urn=urn)  # says what is wrong if it is not there
    found = {row.dimensions["urn"]: _values(row, by) for row in census.rows()}
    known = {one: values for one, values in found.items() if values is not None}
    if urn not in known:
        raise NotFoundError(f"of the school {urn} not all of {', '.join(by)} are known")
    spreads = [pstdev([float(values[place]) for values in known.values()]) or 1.0 for place in range(len(by))]
    own = known[urn]
    others = [
        SimilarSchool(urn=one, distance=_distance(own, values, spreads), values=values)
        for one, values in known.items()
        if one != urn
    ]
    others.sort(key=lambda one: (one.distance, one.urn))
    return SimilarSchools(urn=urn, by=tuple(by), values=own, schools=tuple(others[:count]), pool=len(others))


def _values(row: Row, by: Sequence[str]) -> tuple[Fraction, ...] | None:
    cells = [row[name].percent if row[name].value is None else row[name].value for name in by]
    numbers = [Fraction(cell) for cell in cells if isinstance(cell, int | Decimal)]
    return tuple(numbers) if len(numbers) == len(by) else None


def _distance(one: Sequence[Fraction], other: Sequence[Fraction], spreads: Sequence[float]) -> float:
    return math.hypot(*(float(a - b) / spread for a, b, spread in zip(one, other, spreads, strict=True)))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Comparison:
    """A school beside similar ones.

    Args:
        own: The school's figure.
        others: Those of the similar schools that show theirs, by URN.
        hidden: The similar schools whose figure is hidden or missing.
        pooled: The share of all that show theirs together, the school left out.
        limits: Between which shares a school of its size lies by chance alone, around the pooled one.
    """

    own: Measured
    others: tuple[tuple[str, Measured], ...]
    hidden: tuple[str, ...]
    pooled: Fraction | None
    limits: tuple[Limits, ...]

    @property
    def verdict(self) -> str:
        """What can be said: inside or outside the limits, and never why."""
        base, value = self.own.denominator, self.own.value
        if value is None or base is None or self.pooled is None:
            return "too little is published to say"
        if not self.limits:
            return "too few to say"
        if value in self.limits[0]:
            return "no further from similar schools than chance would have it"
        where = "above" if value > self.pooled else "below"
        return f"{where} what chance alone would have among similar schools; why is not said by this"

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {
            "own": self.own.to_dict(),
            "others": [{"urn": urn, **one.to_dict()} for urn, one in self.others],
            "hidden": list(self.hidden),
            "pooled": None if self.pooled is None else str(self.pooled),
            "limits": [[one.low, one.high, one.confidence] for one in self.limits],
            "verdict": self.verdict,
        }


def compared(
    statistics: Statistics, similar: SimilarSchools, *, name: str = "sustained", figure: str = "overall"
) -> Comparison:
    """Set a school's destinations beside those of similar schools.

    Args:
        statistics: Destinations of schools, with a column ``urn`` or ``school_urn``.
        similar: The school and the others.
        name: The id of the indicator.
        figure: The figure.

    Raises:
        NotFoundError: The school is not in the file.
    """
    column = "urn" if "urn" in statistics.dimensions else "school_urn"

    def measured(urn: str) -> Measured:
        row = statistics.one(**{column: urn, "breakdown": "Total"})
        return of_figure(name, row[figure], subject=urn, year=row.period.label, source=statistics.name)

    own, there = measured(similar.urn), {*statistics.values(column)}
    found = [(one.urn, measured(one.urn)) for one in similar.schools if one.urn in there]
    shown = [(urn, one) for urn, one in found if one.numerator is not None and one.denominator]
    total = sum(one.denominator or 0 for _, one in shown)
    pooled = Fraction(sum(one.numerator or 0 for _, one in shown), total) if total else None
    enough = pooled is not None and own.denominator is not None and own.status == "measured"
    names = {urn for urn, _ in shown}
    return Comparison(
        own=own,
        others=tuple(shown),
        hidden=tuple(one.urn for one in similar.schools if one.urn not in names),
        pooled=pooled,
        limits=tuple(funnel(pooled or 0, own.denominator or 1, level) for level in FUNNEL) if enough else (),
    )
