"""The gap between disadvantaged pupils and the others, with what rounding leaves open.

Disadvantaged is not the same set in all files: at key stage 4 it is free school meals in the last six
years, looked after, or ceased to be so; it is neither *eligible for free school meals* nor *pupil
premium*. Gaps are compared within one file only.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import NotFoundError
from gatsbykit.intervals import Interval, newcombe
from gatsbykit.model.fields import checked
from gatsbykit.published.figures import Bounds, Figure, printed
from gatsbykit.published.layouts import label

if TYPE_CHECKING:
    from gatsbykit.model.calendar import AcademicYear
    from gatsbykit.published.rows import Row
    from gatsbykit.published.statistics import Statistics

__all__ = ["Gap", "disadvantage_gap", "usual_group"]

_TOPIC: Final = "Disadvantage Status"
_OTHERS: Final = ("Not disadvantaged", "All other pupils", "Not known to be disadvantaged")
_GROUPS: Final = (
    "State-funded mainstream schools",
    "State-funded mainstream schools & colleges",
    "State-funded mainstream schools and colleges",
    "Mainstream schools and colleges",
)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Gap:
    """The others' percentage less that of the disadvantaged, in percentage points.

    Args:
        figure: Of what.
        cohort_year: Of whose destinations.
        others: The figure of those not disadvantaged.
        disadvantaged: The figure of the disadvantaged.
        points: The difference of the printed percentages; of the exact ones where none are printed.
        bounds: Between which differences it lies, given how the percentages were rounded.
        exact: The difference of the exact shares in points, where counts are published.
        interval: Newcombe's interval of the difference, as a share, where counts are published.
    """

    figure: str
    cohort_year: str
    others: Figure = attrs.field(repr=False)
    disadvantaged: Figure = attrs.field(repr=False)
    points: Decimal
    bounds: Bounds
    exact: Fraction | None = None
    interval: Interval | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the gap as plain data."""
        return {
            "figure": self.figure,
            "cohort_year": self.cohort_year,
            "points": str(self.points),
            "bounds": self.bounds.to_dict(),
            "exact": None if self.exact is None else str(self.exact),
            "interval": None if self.interval is None else self.interval.to_dict(),
            "others": self.others.to_dict(),
            "disadvantaged": self.disadvantaged.to_dict(),
        }

    def __str__(self) -> str:
        words = f"{self.points} percentage points"
        if self.bounds.is_exact:
            return words
        low, _, high = str(self.bounds).partition(" to ")
        return f"{words}, between {low} and {high} by rounding"


def usual_group(statistics: Statistics) -> dict[str, str]:
    """Return the filter for mainstream schools or colleges, where a file has such groups."""
    if "institution_group" not in statistics.dimensions:
        return {}
    there = {text.casefold(): text for text in statistics.values("institution_group")}
    found = [there[name.casefold()] for name in _GROUPS if name.casefold() in there]
    return {"institution_group": found[0]} if found else {}


def disadvantage_gap(
    statistics: Statistics,
    *,
    cohort_year: str | AcademicYear | None = None,
    figure: str = "overall",
    **where: str,
) -> Gap:
    r"""Return the gap between disadvantaged pupils and the others.

    Args:
        statistics: A file that has both groups.
        cohort_year: The year in which the cohort left; the newest, by default.
        figure: Of what; any sustained destination, by default.
        where: What else the rows have to have, such as ``institution_group`` or ``urn``; mainstream
            schools, by default.

    Raises:
        NotFoundError: A group or the figure is not there, or is hidden.
        YearNotKnownError: The file does not tell the year.

    Examples:
        >>> from gatsbykit import published
        >>> text = (
        ...     "time_period,time_identifier,geographic_level,country_code,country_name,breakdown_topic,"
        ...     "breakdown,data_type,cohort,overall,education,appren,all_work,all_notsust,all_unknown\n"
        ...     "202223,Academic year,National,E92000001,England,Disadvantage Status,Disadvantaged,"
        ...     "Percentage,151912,83,c,c,c,c,c\n"
        ...     "202223,Academic year,National,E92000001,England,Disadvantage Status,Not disadvantaged,"
        ...     "Percentage,441823,94.2,c,c,c,c,c\n"
        ... )
        >>> print(disadvantage_gap(published.read_text(text, time_period="cohort"), cohort_year="2022/23"))
        11.2 percentage points, between 11.1 and 11.3 by rounding
    """
    if not where:
        where = usual_group(statistics)
    year = cohort_year or statistics.cohort_years[-1]
    topic = {"breakdown_topic": _TOPIC}
    one = statistics.one(cohort_year=year, breakdown="Disadvantaged", **topic, **where)
    known = {text.strip().casefold() for text in statistics.values("breakdown")}
    names = [name for name in _OTHERS if name.casefold() in known]
    if not names:
        raise NotFoundError(f"{statistics.name} has no group beside the disadvantaged")
    other = statistics.one(cohort_year=year, breakdown=names[0], **topic, **where)
    return _gap(other, one, figure, statistics.name)


def _gap(other: Row, one: Row, figure: str, name: str) -> Gap:
    high, low = other[figure], one[figure]
    high_bounds, low_bounds = _printed_bounds(high), _printed_bounds(low)
    if high_bounds is None or low_bounds is None:
        raise NotFoundError(f"{name} does not show {label(high.name)} of both groups: {high}; {low}")
    shares = high.share, low.share
    exact = None if shares[0] is None or shares[1] is None else (shares[0] - shares[1]) * 100
    if isinstance(high.percent, int | Decimal) and isinstance(low.percent, int | Decimal):
        points = Decimal(high.percent) - Decimal(low.percent)
    else:
        between = high_bounds - low_bounds
        points = printed(exact if exact is not None else (between.low + between.high) / 2, high.decimals)
    return Gap(
        figure=high.name,
        cohort_year=other.cohort_year,
        others=high,
        disadvantaged=low,
        points=points,
        bounds=high_bounds - low_bounds,
        exact=exact,
        interval=_interval(high, low),
    )


def _printed_bounds(figure: Figure) -> Bounds | None:
    """Return what the printed percentage leaves open, even where the counts would close it."""
    if figure.percent is None:
        return figure.bounds
    return attrs.evolve(figure, count=None).bounds or figure.bounds


def _interval(high: Figure, low: Figure) -> Interval | None:
    counts = high.count, high.base, low.count, low.base
    whole = [number for number in counts if isinstance(number, int)]
    return newcombe(*whole) if len(whole) == len(counts) and whole[1] and whole[3] else None
