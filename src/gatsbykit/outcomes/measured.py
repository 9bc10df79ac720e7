"""What an indicator came to: a number with its base, interval and year, or why there is none."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import FigureError
from gatsbykit.intervals import Interval, wilson
from gatsbykit.model.fields import checked
from gatsbykit.model.indicators import Better, Indicator
from gatsbykit.outcomes.definitions import Caution, cautions, indicator
from gatsbykit.published.figures import Bounds, printed

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TOO_FEW", "Measured", "Measures", "Status", "average", "not_possible", "pooled", "share"]

TOO_FEW: Final = 10
"""Of fewer people than this nothing is said (our choice)."""


class Status(StrEnum):
    """Whether an indicator could be measured."""

    MEASURED = "measured"
    TOO_FEW = "too_few"
    NOT_POSSIBLE = "not_possible"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Measured:
    """An indicator, measured or not.

    Args:
        indicator: The indicator.
        subject: Of whom or of what, in words.
        year: Of which year.
        status: Whether it could be measured.
        value: The number: a share from 0 to 1, points as a share, or an average.
        numerator: What was counted; ``None`` where only a percentage is known.
        denominator: Of how many.
        bounds: Between which numbers rounding leaves it, where it does.
        interval: An interval of the value, as a share, where there is one.
        why: Why there is no number, or what limits it.
        source: Where it comes from.
    """

    indicator: Indicator
    subject: str = ""
    year: str = ""
    status: Status = Status.MEASURED
    value: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    bounds: Bounds | None = None
    interval: Interval | None = None
    why: str = ""
    source: str = "records"

    @property
    def id(self) -> str:
        """The id of the indicator."""
        return self.indicator.id

    @property
    def is_share(self) -> bool:
        """Whether the number is a share, shown in per cent."""
        return self.indicator.unit in {"share", "share of a week"}

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            "question": self.indicator.question,
            "subject": self.subject,
            "year": self.year,
            "status": str(self.status),
            "unit": self.indicator.unit,
            "better": str(self.indicator.better),
            "value": None if self.value is None else str(self.value),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "bounds": None if self.bounds is None else self.bounds.to_dict(),
            "interval": None if self.interval is None else self.interval.to_dict(),
            "why": self.why,
            "pitfalls": list(self.indicator.pitfalls),
            "source": self.source,
        }

    @property
    def number(self) -> str:
        """The number in words; what stands for it where there is none."""
        if self.status is Status.TOO_FEW:
            return "too few to say"
        if self.value is None:
            return "cannot be said"
        if self.indicator.unit == "percentage points":
            return f"{printed(self.value * 100, 1):+} points"
        if self.is_share:
            return f"{printed(self.value * 100, 1)} %"
        return f"{printed(self.value, 2).normalize():f}"

    def __str__(self) -> str:
        head = f"{self.id}{f' ({self.subject})' if self.subject else ''}"
        parts = [self.number]
        if self.status is Status.MEASURED and self.numerator is not None and self.denominator is not None:
            parts.append(f"{self.numerator:,} of {self.denominator:,}")
        if self.status is Status.MEASURED and self.interval is not None:
            parts.append(str(self.interval))
        if self.status is Status.MEASURED and self.bounds is not None and not self.bounds.is_exact:
            parts.append(_open_words(self.bounds, self.source))
        if self.year:
            parts.append(self.year)
        if self.why:
            parts.append(self.why)
        return f"{head}: {'; '.join(parts)}"


def _open_words(bounds: Bounds, source: str) -> str:
    """Say what is left open, and by what."""
    if source == "records":
        low, high = printed(bounds.low, 1), printed(bounds.high, 1)
        return f"between {low} and {high} as months are missing"
    return f"between {str(bounds).replace(' to ', ' and ')} by rounding"


def share(
    name: str,
    count: int,
    base: int,
    *,
    subject: str = "",
    year: str = "",
    why: str = "",
    source: str = "records",
) -> Measured:
    """Return a share that was counted; of too few people it is not said.

    Examples:
        >>> print(share("sustained", 27, 30, year="2023/24"))
        sustained: 90.0 %; 27 of 30; 74.4 to 96.5 %; 2023/24
        >>> print(share("sustained", 3, 4))
        sustained: too few to say
    """
    if not base:
        return not_possible(
            name, why or "there is nobody to count", subject=subject, year=year, source=source
        )
    return Measured(
        indicator=indicator(name),
        subject=subject,
        year=year,
        status=Status.TOO_FEW if base < TOO_FEW else Status.MEASURED,
        value=Fraction(count, base),
        numerator=count,
        denominator=base,
        interval=wilson(count, base),
        why=why,
        source=source,
    )


def average(
    name: str, total: int, base: int, *, subject: str = "", year: str = "", why: str = ""
) -> Measured:
    """Return so many for each of some people."""
    if not base:
        return not_possible(name, why or "there is nobody to count", subject=subject, year=year)
    return Measured(
        indicator=indicator(name),
        subject=subject,
        year=year,
        status=Status.TOO_FEW if base < TOO_FEW else Status.MEASURED,
        value=Fraction(total, base),
        numerator=total,
        denominator=base,
        why=why,
    )


def not_possible(
    name: str, why: str, *, subject: str = "", year: str = "", source: str = "records"
) -> Measured:
    """Return an indicator that cannot be measured, and why."""
    return Measured(
        indicator=indicator(name),
        subject=subject,
        year=year,
        status=Status.NOT_POSSIBLE,
        why=why,
        source=source,
    )


def pooled(several: Iterable[Measured]) -> Measured:
    """Return counted shares of several years as one.

    Raises:
        ValueError: There are none, they are of different indicators, or one has no counts.

    Examples:
        >>> years = [share("sustained", 27, 30, year="2022/23"), share("sustained", 25, 30, year="2023/24")]
        >>> print(pooled(years))
        sustained: 86.7 %; 52 of 60; 75.8 to 93.1 %; 2022/23 and 2023/24 together
    """
    found = list(several)
    counts = [(one.numerator, one.denominator) for one in found]
    pairs = [(count, base) for count, base in counts if count is not None and base is not None]
    if not found or len(pairs) < len(found) or len({(one.id, one.subject) for one in found}) > 1:
        raise FigureError("years are pooled of one indicator whose counts are known")
    years = [one.year for one in found]
    words = f"{', '.join(years[:-1])} and {years[-1]} together" if len(years) > 1 else years[0]
    return share(
        found[0].id,
        sum(count for count, _ in pairs),
        sum(base for _, base in pairs),
        subject=found[0].subject,
        year=words,
        source=found[0].source,
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class Measures:
    """Every indicator that could be asked for: those that were measured, and why the others were not.

    Args:
        subject: Of which institution or file.
        measures: The indicators.
        notes: What was doubtful.
    """

    subject: str
    measures: tuple[Measured, ...]
    notes: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Those with a number."""
        return tuple(one for one in self.measures if one.status is Status.MEASURED)

    @property
    def not_measured(self) -> tuple[Measured, ...]:
        """Those without, and why."""
        return tuple(one for one in self.measures if one.status is not Status.MEASURED)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What has to stand beside them."""
        return cautions()

    def of(self, name: str) -> tuple[Measured, ...]:
        """Return what an indicator came to, for each of whom it was asked.

        Raises:
            NotFoundError: There is no such indicator.
        """
        wanted = indicator(name).id
        return tuple(one for one in self.measures if one.id == wanted)

    def to_dict(self) -> dict[str, Any]:
        """Return the measures as plain data, ready for `json`."""
        return {
            "format": "gatsbykit-indicators/1",
            "subject": self.subject,
            "measures": [one.to_dict() for one in self.measures],
            "notes": list(self.notes),
            "cautions": [
                {"id": one.id, "text": one.text, "sources": list(one.sources)} for one in self.cautions
            ],
        }

    def __str__(self) -> str:
        lines = [f"Indicators: {self.subject}", ""]
        for one in self.measured:
            mark = {
                Better.UP: "higher is better",
                Better.DOWN: "lower is better",
                Better.NONE: "no direction",
            }
            lines += [f"  {one}", f"      {one.indicator.question} ({mark[one.indicator.better]})"]
        lines += ["", "Cannot be said"]
        lines += [f"  {one}" for one in self.not_measured] or ["  nothing: all that was asked is there"]
        lines += [
            "",
            "Read with this in mind",
            *(f"  * {one}" for one in (*self.notes, *map(str, self.cautions))),
        ]
        return "\n".join(lines)
