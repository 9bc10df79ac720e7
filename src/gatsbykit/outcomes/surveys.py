"""What surveys say: shares who agree, change in the same people, and what is left open.

Where single answers are there, a change is counted in the same people. Where only percentages were
published, every table that fits the margins is a possible one, and what is said holds in all of them.
There is no comparison group: it is a change, never an effect.
"""

from __future__ import annotations

import decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit import paired, rounded_figures
from gatsbykit.errors import FigureError, GatsbykitError, NotFoundError
from gatsbykit.intervals import Interval, newcombe_paired, wilson
from gatsbykit.model.fields import checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatsbykit.model.surveys import PublishedShare, SurveyAnswer, SurveyItem

__all__ = [
    "Agreement",
    "BoundedChange",
    "NoBaseError",
    "PairedChange",
    "agreement",
    "bounded_change",
    "paired_change",
    "published_agreement",
]


class NoBaseError(GatsbykitError, ValueError):
    """A percentage without a base says nothing that could be computed with."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class Agreement:
    """How many agree.

    Args:
        item: The id of the item.
        counts: Every number of those who agree that fits what is known.
        answered: Of how many; those who left the item out are not among them.
        missing: How many left the item out; ``None`` where that is not known.
        interval: Wilson's interval, from the lower end at the least count to the upper end at the
            greatest.
        base_assumed: Whether the base is that of the survey and not known to be that of the item.
    """

    item: str
    counts: range
    answered: int
    missing: int | None
    interval: Interval | None
    base_assumed: bool = False

    @property
    def share(self) -> Fraction | None:
        """The share who agree, where the count is known."""
        return Fraction(self.counts[0], self.answered) if len(self.counts) == 1 and self.answered else None

    @property
    def non_response(self) -> Fraction | None:
        """The share of those asked who left the item out."""
        if self.missing is None or not self.answered + self.missing:
            return None
        return Fraction(self.missing, self.answered + self.missing)

    def to_dict(self) -> dict[str, Any]:
        """Return the agreement as plain data."""
        return {
            "item": self.item,
            "counts": [self.counts[0], self.counts[-1]] if self.counts else None,
            "answered": self.answered,
            "missing": self.missing,
            "interval": None if self.interval is None else self.interval.to_dict(),
            "base_assumed": self.base_assumed,
        }

    def __str__(self) -> str:
        if not self.counts or self.interval is None:
            return f"{self.item}: nobody answered"
        many = (
            f"{self.counts[0]:,}" if len(self.counts) == 1 else f"{self.counts[0]:,} to {self.counts[-1]:,}"
        )
        base = f"{self.answered:,}{' (base assumed)' if self.base_assumed else ''}"
        left = f"; {self.missing:,} left it out" if self.missing else ""
        return f"{self.item}: {many} of {base} agree ({self.interval}){left}"


def agreement(answers: Iterable[SurveyAnswer], item: SurveyItem, wave: str) -> Agreement:
    """Count who agrees with an item in a wave.

    Args:
        answers: The answers; those of other items and waves may be among them.
        item: The item.
        wave: The id of the wave.

    Raises:
        NotFoundError: An answer is not on the item's scale.

    Examples:
        >>> from gatsbykit.model.surveys import Scale, SurveyAnswer, SurveyItem
        >>> item = SurveyItem(id="q1", wording="I know", scale=Scale(answers=["yes", "no"], agree=["yes"]))
        >>> rows = [SurveyAnswer(respondent=one, wave="w", item="q1", answer="yes") for one in "abc"]
        >>> print(agreement([*rows, SurveyAnswer(respondent="d", wave="w", item="q1")], item, "w"))
        q1: 3 of 3 agree (43.9 to 100.0 %); 1 left it out
    """
    given = _given(answers, item, wave)
    answered = [answer for answer in given.values() if answer is not None]
    count = sum(answer in item.scale.agree for answer in answered)
    return Agreement(
        item=item.id,
        counts=range(count, count + 1),
        answered=len(answered),
        missing=len(given) - len(answered),
        interval=wilson(count, len(answered)) if answered else None,
    )


def _given(answers: Iterable[SurveyAnswer], item: SurveyItem, wave: str) -> dict[str, str | None]:
    """Return each respondent's answer; of several, the last that is one."""
    given: dict[str, str | None] = {}
    for one in answers:
        if one.item == item.id and one.wave == wave:
            if one.answer is not None and one.answer not in item.scale.answers:
                raise NotFoundError(
                    f"an answer to {item.id} in the wave {wave} is not on its scale; "
                    f"expected one of {', '.join(item.scale.answers)}"
                )
            given[one.respondent] = one.answer if one.answer is not None else given.get(one.respondent)
    return given


def published_agreement(item: str, share: PublishedShare) -> Agreement:
    """Return what a published percentage leaves open.

    Args:
        item: The id of the item.
        share: What was published.

    Raises:
        NoBaseError: No base was published; the message says how small it may have been.
        ValueError: No count of the base would be printed so.

    Examples:
        >>> from gatsbykit.model.surveys import PublishedShare
        >>> print(published_agreement("F1", PublishedShare(percent=91, base=443, base_assumed=True)))
        F1: 401 to 405 of 443 (base assumed) agree (87.4 to 93.7 %)
        >>> published_agreement("S1", PublishedShare(percent=94))
        Traceback (most recent call last):
        ...
        gatsbykit.NoBaseError: 94 % of S1 has no base; it may be 15 of 16
    """
    if share.base is None:
        base, count = rounded_figures.smallest_base(share.percent)
        raise NoBaseError(f"{share.percent} % of {item} has no base; it may be {count} of {base}")
    counts = rounded_figures.counts(share.percent, share.base)
    if not counts:
        raise FigureError(f"no count of {share.base} is printed as {share.percent} %")
    return Agreement(
        item=item,
        counts=counts,
        answered=share.base,
        missing=None,
        interval=Interval(wilson(counts[0], share.base).low, wilson(counts[-1], share.base).high),
        base_assumed=share.base_assumed,
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class PairedChange:
    """How the same people changed.

    Args:
        item: The id of the item.
        table: How often each pair of answers was given.
        interval: Newcombe's interval of the change of the share.
        unmatched: How many answered in one of the waves alone, and are left out.
    """

    item: str
    table: paired.PairedTable
    interval: Interval
    unmatched: int

    @property
    def change(self) -> Fraction:
        """The share after less the share before."""
        return self.table.change

    @property
    def p_value(self) -> Fraction:
        """McNemar's exact p, two-sided."""
        return self.table.p_value

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "item": self.item,
            "both": self.table.both,
            "better": self.table.better,
            "worse": self.table.worse,
            "neither": self.table.neither,
            "change": str(self.change),
            "interval": self.interval.to_dict(),
            "p_value": float(self.p_value),
            "unmatched": self.unmatched,
        }

    def __str__(self) -> str:
        points = rounded_figures.half_up(self.change * 100, 1)
        return (
            f"{self.item}: {float(points):+.1f} points in {self.table.base:,} who answered both times "
            f"({self.interval}); {self.table.better:,} better, {self.table.worse:,} worse"
        )


def paired_change(
    answers: Iterable[SurveyAnswer], item: SurveyItem, *, before: str, after: str
) -> PairedChange:
    """Count how those changed who answered an item in two waves.

    Args:
        answers: The answers.
        item: The item.
        before: The id of the earlier wave.
        after: The id of the later one.

    Raises:
        NotFoundError: Nobody answered in both waves, or an answer is not on the scale.
    """
    rows = tuple(answers)
    first, second = (
        {who: answer for who, answer in _given(rows, item, wave).items() if answer is not None}
        for wave in (before, after)
    )
    both = [who for who in first if who in second]
    if not both:
        raise NotFoundError(f"nobody answered {item.id} in both {before} and {after}")
    pairs = [(first[who] in item.scale.agree, second[who] in item.scale.agree) for who in both]
    table = paired.PairedTable(
        both=pairs.count((True, True)),
        worse=pairs.count((True, False)),
        better=pairs.count((False, True)),
        neither=pairs.count((False, False)),
    )
    return PairedChange(
        item=item.id,
        table=table,
        interval=_change_interval(table),
        unmatched=len(first.keys() ^ second.keys()),
    )


def _change_interval(table: paired.PairedTable) -> Interval:
    return newcombe_paired(table.both, table.worse, table.better, table.neither)


@attrs.frozen(kw_only=True, field_transformer=checked)
class BoundedChange:
    """What every table that fits published margins says of a change.

    Args:
        item: The id of the item.
        before: The counts that may have agreed before.
        after: The counts that may have agreed after.
        bounds: Who moved, and the test, over all tables.
        interval: From the lowest lower end of Newcombe's interval to the highest upper end.
        tables: How many tables fit.
        base_assumed: Whether the base is that of the survey and not known to be that of the item.
    """

    item: str
    before: range
    after: range
    bounds: paired.Bounds
    interval: Interval
    tables: int
    base_assumed: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "item": self.item,
            "before": [self.before[0], self.before[-1]],
            "after": [self.after[0], self.after[-1]],
            "better": list(self.bounds.better),
            "worse": list(self.bounds.worse),
            "p_value_at_most": float(self.bounds.p_value),
            "interval": self.interval.to_dict(),
            "tables": self.tables,
            "base_assumed": self.base_assumed,
        }

    def __str__(self) -> str:
        better, worse = self.bounds.better, self.bounds.worse
        return (
            f"{self.item}: {better[0]:,} to {better[1]:,} better, {worse[0]:,} to {worse[1]:,} worse of "
            f"{self.bounds.base:,}{' (base assumed)' if self.base_assumed else ''}; change {self.interval}; "
            f"p at most {at_most(self.bounds.p_value)} over {self.tables:,} tables that fit"
        )


def at_most(p_value: Fraction) -> str:
    """Write a p with two digits, rounded up: the true one is no greater.

    Examples:
        >>> at_most(Fraction(59109, 10**16)), at_most(Fraction(1, 1))
        ('6.0e-12', '1.0e+0')
    """
    with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_CEILING)):
        return f"{decimal.Decimal(p_value.numerator) / decimal.Decimal(p_value.denominator):.1e}"


def bounded_change(
    item: str,
    *,
    base: int,
    after: rounded_figures.Given,
    before: rounded_figures.Given | None = None,
    rise: rounded_figures.Given | None = None,
    base_assumed: bool = False,
    from_rounded: bool | None = None,
) -> BoundedChange:
    r"""Bound the change in matched people of whom only percentages were published.

    Args:
        item: The id of the item.
        base: How many people were asked twice.
        after: The percentage after.
        before: The percentage before; or else
        rise: By how many points it rose.
        base_assumed: Whether the base is that of the survey and not known to be that of the item.
        from_rounded: Whether the rise was taken from rounded percentages; unknown allows both.

    Raises:
        ValueError: The figures do not fit each other.

    Examples:
        >>> found = bounded_change("F18", base=185, before=71, after=98)
        >>> print(str(found).replace("; ", "\n"))
        F18: 49 to 54 better, 0 to 4 worse of 185
        change 19.4 to 34.7 %
        p at most 6.0e-12 over 18 tables that fit
    """
    reading = rounded_figures.pairs(base, after, before=before, rise=rise, from_rounded=from_rounded)
    if not reading.pairs:
        raise FigureError(f"{item}: no counts of {base} are printed so")
    every = [table for start, end in reading.pairs for table in paired.tables(start, end, base)]
    ends = [_change_interval(table) for table in every]
    return BoundedChange(
        item=item,
        before=reading.before,
        after=reading.after,
        bounds=paired.bounds(reading.corners, base),
        interval=Interval(min(one.low for one in ends), max(one.high for one in ends)),
        tables=len(every),
        base_assumed=base_assumed,
    )
