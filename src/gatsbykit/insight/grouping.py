"""Groups: every share by year group, sex, disadvantage and so on, and whether groups differ.

An interval says how far a share could be from the one counted if chance alone had drawn the
learners; it is no statement about the school's learners themselves, who were all counted.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from gatsbykit.errors import NotFoundError, SettingsError
from gatsbykit.insight.disclosure import EVERYBODY, MINIMUM, Counted, Group, Protection, protect
from gatsbykit.insight.examining import Examiner
from gatsbykit.model.fields import checked, read_as
from gatsbykit.model.learners import Learner
from gatsbykit.plain import plain
from gatsbykit.scoring import DEFAULTS, Settings
from gatsbykit.words import day_words, name_words, percent_text, printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Edition

__all__ = [
    "ATTRIBUTES",
    "Breakdown",
    "Contrast",
    "GroupShare",
    "Groups",
    "Interval",
    "PublishedBreakdown",
    "PublishedGroups",
    "PublishedShare",
    "groups",
    "publish_groups",
    "published",
]

ATTRIBUTES: Final = ("year_group", "sex", "disadvantaged", "sen_provision", "looked_after", "eal")
"""The attributes of learners that a breakdown is made by, if nothing else is said."""

NOT_RECORDED: Final = "not recorded"
"""The group of those of whom the attribute is not known."""

TOO_FEW: Final = 10
"""With fewer learners than this in a group or in the rest, differences are not judged."""


By = Iterable[str] | Mapping[str, Callable[[Learner], object]]
_MORE_ATTRIBUTES: Final = (*ATTRIBUTES, "considering_he", "in_cohort")


class Contrast(StrEnum):
    """How a group does beside the rest."""

    LOWER = "lower"
    HIGHER = "higher"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    TOO_FEW = "too_few"
    """There are too few learners in the group or in the rest to say."""


@attrs.frozen(field_transformer=checked)
class Interval:
    """The bounds of a 95 per cent confidence interval.

    Args:
        low: The lower bound.
        high: The upper bound.
    """

    low: float
    high: float


@attrs.frozen(kw_only=True, field_transformer=checked)
class GroupShare:
    """How a group of learners does under a criterion, and beside the rest.

    The rest are the other learners of the population of whom the attribute is recorded.

    Args:
        value: What the learners have in common.
        numerator: How many of them meet the criterion.
        denominator: How many they are.
        interval: Wilson's interval for the share; ``None`` without the extra ``research``.
        difference: The share less that of the rest; ``None`` where there is no rest.
        difference_interval: Newcombe's interval for the difference; ``None`` where there is no rest,
            and without the extra.
        contrast: What can be said of it; ``None`` where only an interval could say it.
    """

    value: str
    numerator: int
    denominator: int
    interval: Interval | None
    difference: Fraction | None
    difference_interval: Interval | None
    contrast: Contrast | None

    @property
    def share(self) -> Fraction:
        """The share of those who meet it, exact."""
        return Fraction(self.numerator, self.denominator)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Breakdown:
    """A criterion by an attribute.

    Args:
        criterion_id: The criterion.
        attribute: The attribute.
        numerator: How many learners meet the criterion in all.
        denominator: How many there are in all.
        groups: The groups, which add up to all.
    """

    criterion_id: str
    attribute: str
    numerator: int
    denominator: int
    groups: tuple[GroupShare, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Groups:
    """Every share criterion by every attribute; with small numbers, so not for publication.

    Args:
        edition: The key of the edition.
        as_of: The date of the assessment.
        breakdowns: By criterion and attribute.
    """

    edition: str
    as_of: date
    breakdowns: tuple[Breakdown, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the groups as plain data, ready for `json`."""
        return {"format": "gatsbykit-groups/1", **plain(self)}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


@attrs.frozen(kw_only=True, field_transformer=checked)
class PublishedShare:
    """A group in a published table; ``None`` stands for a hidden count.

    Args:
        value: What the learners have in common.
        numerator: How many of them meet the criterion.
        denominator: How many they are.
    """

    value: str
    numerator: int | None
    denominator: int | None

    @property
    def share(self) -> Fraction | None:
        """The exact share, where neither count is hidden."""
        if self.numerator is None or self.denominator is None:
            return None
        return Fraction(self.numerator, self.denominator)


@attrs.frozen(kw_only=True, field_transformer=checked)
class PublishedBreakdown:
    """A criterion by an attribute, fit to be published.

    Args:
        criterion_id: The criterion.
        attribute: The attribute.
        total: All groups together.
        groups: The groups; none are listed where even that there is somebody in each would say too
            much, and where the total says the same of each ("all of them", "nobody").
    """

    criterion_id: str
    attribute: str
    total: PublishedShare
    groups: tuple[PublishedShare, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class PublishedGroups:
    """Every share criterion by every attribute, small counts hidden across all of the tables.

    Args:
        edition: The key of the edition.
        as_of: The date of the assessment.
        minimum: The least count that is shown.
        show_zeros: Whether counts of nobody are shown.
        breakdowns: By criterion and attribute.
    """

    edition: str
    as_of: date
    minimum: int
    show_zeros: bool
    breakdowns: tuple[PublishedBreakdown, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the tables as plain data, ready for `json`; a hidden count is ``None``."""
        return {"format": "gatsbykit-published-groups/1", **plain(self)}

    def __str__(self) -> str:
        return "\n".join(_published_lines(self))


@attrs.frozen
class _Table:
    """A criterion by an attribute, as sets of learners."""

    criterion_id: str
    attribute: str
    everybody: frozenset[str]
    missing: frozenset[str]
    groups: Mapping[str, frozenset[str]]


def groups(
    records: Records,
    *,
    as_of: date,
    by: By = ATTRIBUTES,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
    least: int = TOO_FEW,
) -> Groups:
    """Break every share criterion with evidence down by attributes of the learners.

    Many comparisons are made at once: one in twenty intervals misses by chance alone. The intervals
    come with the extra ``research``; without it there are shares and differences alone.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        by: Names of attributes, or functions of a learner by the name that they are shown under.
            What a function returns is the group; ``None`` is "not recorded".
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.
        least: With fewer learners than this in a group or in the rest, nothing is said of the
            difference.

    Raises:
        NotFoundError: There is no such attribute to group by.
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> found = gk.groups(gk.load("examples/northfield"), as_of=date(2026, 7, 10), by=["sex"])
        >>> table = next(one for one in found.breakdowns if one.criterion_id == "7a")
        >>> sum(group.numerator for group in table.groups) == table.numerator
        True
    """
    return find_groups(Examiner(records, as_of=as_of, edition=edition, settings=settings), by=by, least=least)


def find_groups(examiner: Examiner, *, by: By = ATTRIBUTES, least: int = TOO_FEW) -> Groups:
    """Break down what an examiner sees."""
    intervals = _intervals()
    return Groups(
        edition=examiner.edition.key,
        as_of=examiner.plan.as_of,
        breakdowns=tuple(
            Breakdown(
                criterion_id=table.criterion_id,
                attribute=table.attribute,
                numerator=len(table.everybody) - len(table.missing),
                denominator=len(table.everybody),
                groups=tuple(_compared(table, value, least, intervals) for value in table.groups),
            )
            for table in _tables(examiner, by)
        ),
    )


def publish_groups(
    records: Records,
    *,
    as_of: date,
    by: By = ATTRIBUTES,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
    minimum: int = MINIMUM,
    show_zeros: bool = False,
) -> PublishedGroups:
    """Break every share criterion down for publication: nobody is given away.

    A row shows its counts only if neither those who meet the criterion nor those who do not are
    fewer than the minimum. Further rows are hidden until every hidden count could have values that
    are `protection_width` apart, whatever a reader makes of all tables together, of the rule of
    hiding, and of what everybody knows: that a listed group has somebody in it, and that whoever
    meets a criterion is in its group. Of a criterion about fewer learners than the minimum nothing is
    shown and no groups are listed. Whichever attributes are asked for, their tables show the same.

    What else is published of the same learners is not taken into account: another date, edition,
    minimum or setting, or groups of the caller's own.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        by: As for `groups`.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.
        minimum: The least count that is shown.
        show_zeros: Whether counts of nobody are shown. They say something of everybody in a group,
            so they are hidden unless asked for.

    Raises:
        NotFoundError: There is no such attribute to group by.
        EditionError: The edition does not exist or is not for this institution.
        SettingsError: The minimum is below 1.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school, day = gk.load("examples/northfield"), date(2026, 7, 10)
        >>> tables = publish_groups(school, as_of=day, by=["looked_after"])
        >>> [one.share for one in tables.breakdowns[-1].groups]
        [None, None]
    """
    examiner = Examiner(records, as_of=as_of, edition=edition, settings=settings)
    return published(examiner, by=by, minimum=minimum, show_zeros=show_zeros)


def published(examiner: Examiner, *, by: By, minimum: int, show_zeros: bool) -> PublishedGroups:
    """Make the tables for publication of what an examiner sees."""
    if read_as(int, "publish_groups", "minimum", minimum) < 1:
        raise SettingsError(f"the minimum is {minimum}; expected 1 or more")
    tables = list(_tables(examiner, by))
    own = cast("Mapping[str, Callable[[Learner], object]]", by if isinstance(by, Mapping) else {})
    hidden = _protection(examiner, own, minimum, show_zeros=show_zeros)

    def row(table: _Table, value: str, group: Group, learners: frozenset[str]) -> PublishedShare:
        met, size = len(learners - table.missing), len(learners)
        return PublishedShare(
            value=value,
            numerator=met if hidden.shows_count(table.criterion_id, group) else None,
            denominator=size if hidden.shows_size(table.criterion_id, group) else None,
        )

    def rows(table: _Table) -> Iterator[PublishedShare]:
        attribute = _own(table.attribute) if own else table.attribute
        if hidden.lists(table.criterion_id, attribute):
            for value, learners in table.groups.items():
                yield row(table, value, (attribute, value), learners)

    return PublishedGroups(
        edition=examiner.edition.key,
        as_of=examiner.plan.as_of,
        minimum=minimum,
        show_zeros=show_zeros,
        breakdowns=tuple(
            PublishedBreakdown(
                criterion_id=table.criterion_id,
                attribute=table.attribute,
                total=row(table, "all", EVERYBODY, table.everybody),
                groups=tuple(rows(table)),
            )
            for table in tables
        ),
    )


def _protection(
    examiner: Examiner, own: Mapping[str, Callable[[Learner], object]], minimum: int, *, show_zeros: bool
) -> Protection:
    """Decide what to hide.

    It is always decided by all of our attributes, so that tables which are asked for one by one show
    the same as all of them at once; and first with the zeros shown, so that nothing is hidden then
    which the tables without zeros show.
    """
    criteria = [
        Counted(
            criterion_id=result.criterion.id,
            learners=(learners := frozenset(one.learner_id for one in examiner.population(result.criterion))),
            met=learners - {*result.tally.missing},
        )
        for result in examiner.card.criteria
        if result.tally is not None and result.tally.denominator
    ]

    def labels(functions: Mapping[str, Callable[[Learner], object]]) -> dict[str, dict[str, str]]:
        return {
            name: {one: _label(function(learner)) for one, learner in examiner.learners.items()}
            for name, function in functions.items()
        }

    standard = labels(_functions(_MORE_ATTRIBUTES))
    more = {_own(name): of for name, of in labels(own).items()}
    hidden = Protection()
    for zeros in (True,) if show_zeros else (True, False):
        hidden = protect(criteria, standard, minimum=minimum, show_zeros=zeros, also=hidden)
    if more:
        hidden = protect(criteria, standard | more, minimum=minimum, show_zeros=show_zeros, also=hidden)
    return hidden


def _own(name: str) -> str:
    """Tell an attribute of the caller's own from one of ours of the same name."""
    return f"own {name}"


def _tables(examiner: Examiner, by: By) -> Iterator[_Table]:
    """Yield every share criterion with evidence by every attribute."""
    functions = _functions(by)
    for result in examiner.card.criteria:
        if result.tally is None or not result.tally.denominator:
            continue
        population = list(examiner.population(result.criterion))
        for attribute, function in functions.items():
            found: defaultdict[str, set[str]] = defaultdict(set)
            for learner in population:
                found[_label(function(learner))].add(learner.learner_id)
            yield _Table(
                result.criterion.id,
                attribute,
                frozenset(learner.learner_id for learner in population),
                frozenset(result.tally.missing),
                {value: frozenset(found[value]) for value in sorted(found, key=_order)},
            )


def _functions(by: By) -> Mapping[str, Callable[[Learner], object]]:
    functions: dict[str, Callable[[Learner], object]] = {}
    if isinstance(by, Mapping):
        functions.update(cast("Mapping[str, Callable[[Learner], object]]", by))
        return functions
    for name in by:
        if name not in _MORE_ATTRIBUTES:
            raise NotFoundError(
                f"learners cannot be grouped by {name!r}; choose from {', '.join(_MORE_ATTRIBUTES)}, "
                "or give a function"
            )
        functions[name] = Learner.current_year_group if name == "year_group" else attrgetter(name)
    return functions


def _label(value: object) -> str:
    if value is None:
        return NOT_RECORDED
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _order(value: str) -> tuple[bool, int, str]:
    return value == NOT_RECORDED, int(value) if value.isdecimal() else 0, value


def _compared(table: _Table, value: str, least: int, intervals: _Intervals | None) -> GroupShare:
    """Count a group and compare it with the rest."""
    group = table.groups[value]
    rest = table.everybody - group - table.groups.get(NOT_RECORDED, frozenset())
    numerator, denominator = len(group - table.missing), len(group)
    difference, between, met = None, None, len(rest - table.missing)
    if rest:
        difference = Fraction(numerator, denominator) - Fraction(met, len(rest))
        if intervals is not None:
            between = intervals.of_difference(numerator, denominator, met, len(rest))
    few = not rest or min(denominator, len(rest)) < least
    return GroupShare(
        value=value,
        numerator=numerator,
        denominator=denominator,
        interval=None if intervals is None else intervals.of_share(numerator, denominator),
        difference=difference,
        difference_interval=between,
        contrast=Contrast.TOO_FEW if few else _contrast(between),
    )


def _contrast(difference: Interval | None) -> Contrast | None:
    if difference is None:
        return None
    if difference.high < 0:
        return Contrast.LOWER
    return Contrast.HIGHER if difference.low > 0 else Contrast.NO_CLEAR_DIFFERENCE


@attrs.frozen
class _Intervals:
    """The intervals, by the library of statistics that the extra brings."""

    proportions: Any

    def of_share(self, count: int, size: int) -> Interval:
        """Return Wilson's interval."""
        low, high = self.proportions.proportion_confint(count, size, alpha=0.05, method="wilson")
        return _clamped(low, high, 0.0)

    def of_difference(self, count: int, size: int, other_count: int, other_size: int) -> Interval:
        """Return Newcombe's interval."""
        low, high = self.proportions.confint_proportions_2indep(
            count, size, other_count, other_size, method="newcomb", compare="diff", alpha=0.05
        )
        return _clamped(low, high, -1.0)


def _intervals() -> _Intervals | None:
    """Return what makes the intervals, or ``None`` without the extra."""
    try:
        return _Intervals(importlib.import_module("statsmodels.stats.proportion"))
    except ImportError:
        return None


def _clamped(low: float, high: float, least: float) -> Interval:
    """Return bounds within what is possible, which rounding errors may leave by a hair."""
    return Interval(round(max(float(low), least), 12) + 0.0, round(min(float(high), 1.0), 12) + 0.0)


_CONTRAST_WORDS: Final = {
    Contrast.LOWER: "lower",
    Contrast.HIGHER: "higher",
    Contrast.NO_CLEAR_DIFFERENCE: "unclear",
    Contrast.TOO_FEW: "too few",
}


def _headings(breakdowns: Iterable[Breakdown | PublishedBreakdown]) -> Iterator[tuple[Any, list[str]]]:
    """Yield the tables, each with the lines above it."""
    last = None
    for table in breakdowns:
        lines = [""] if table.criterion_id != last else []
        if lines:
            lines.append(f"Criterion {table.criterion_id}")
        last = table.criterion_id
        yield table, [*lines, f"  by {printable(name_words(table.attribute))}"]


def _lines(found: Groups) -> Iterator[str]:
    """Yield the groups for people, at most 80 columns wide."""
    yield f"Groups under {found.edition}, as of {day_words(found.as_of)}"
    yield from wrapped(f"{_legend(found)} There are small numbers here: this is not for publication.")
    for table, lines in _headings(found.breakdowns):
        yield from lines
        for group in table.groups:
            counted = f"{group.numerator} of {group.denominator}"
            share = percent_text(group.share)
            if group.interval is not None:
                share += f" ({100 * group.interval.low:.0f} to {100 * group.interval.high:.0f})"
            yield f"    {printable(group.value):<13.13}{counted:>12}  {share:<20} {_difference_words(group)}"


def _legend(found: Groups) -> str:
    """Say what the columns are, and what is missing in them."""
    if any(group.interval is None for table in found.breakdowns for group in table.groups):
        return (
            "Share, and difference from the rest in percentage points. Their intervals, and whether a "
            "difference is more than chance, are missing: they need statsmodels; install gatsbykit[research]."
        )
    return (
        "Share with its 95 % interval, difference from the rest in percentage points with its own, and what "
        "can be said of it: lower, higher, unclear, or too few to say."
    )


def _difference_words(group: GroupShare) -> str:
    """Say how a group does beside the rest, in a few words."""
    if group.contrast is Contrast.TOO_FEW or group.difference is None:
        return _CONTRAST_WORDS[Contrast.TOO_FEW]
    words, between = f"{float(100 * group.difference):+.1f}", group.difference_interval
    if group.contrast is None or between is None:
        return words
    low, high = 100 * between.low, 100 * between.high
    return f"{words} ({low:+.0f} to {high:+.0f}) {_CONTRAST_WORDS[group.contrast]}"


def _published_lines(found: PublishedGroups) -> Iterator[str]:
    """Yield the published tables for people, at most 80 columns wide."""
    yield f"Groups under {found.edition}, as of {day_words(found.as_of)}"
    zeros = "zeros are shown" if found.show_zeros else "zeros are hidden too"
    yield from wrapped(
        f"c: hidden, because a count is under {found.minimum} or would give one away ({zeros})."
    )
    for table, lines in _headings(found.breakdowns):
        yield from lines
        if not table.groups:
            yield "    (groups are not listed)"
        for group in (*table.groups, table.total):
            met = "c" if group.numerator is None else str(group.numerator)
            size = "c" if group.denominator is None else str(group.denominator)
            share = "c" if group.share is None else percent_text(group.share)
            yield f"    {printable(group.value):<20.20}{met:>8} of {size:<8}{share:>10}"
