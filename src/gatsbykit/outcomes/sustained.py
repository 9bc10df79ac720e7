"""Sustained destinations: what was kept up for long enough in the year after leaving, and by whom.

As published: all of October to March in education, or five of these six months in employment, or the
six months in a mixture, or an apprenticeship of six months running at any time from August to July.
These records are an institution's own; the Department matches administrative data, so the figures will
differ, and neither is the other's.

Source: DfE, destination measures: methodology; `docs` name what is our reading.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from gatsbykit.errors import FigureError
from gatsbykit.intervals import Interval, wilson
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.model.spells import Disputed, Month, Snapshot, Spell, Strand, spells
from gatsbykit.outcomes.tracking import Share
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gatsbykit.model.spells import TrackedActivity

__all__ = [
    "CohortOutcomes",
    "LearnerOutcome",
    "Outcome",
    "Precedence",
    "SustainedSettings",
    "cohort_outcomes",
    "learner_outcome",
    "year_months",
]

Precedence = Literal["dashboard", "apprenticeship_first"]
"""What counts where more than one strand is there. The Department's dashboard counts education with an
apprenticeship as education, and employment with anything as employment; its technical guidance is said
to put a sustained apprenticeship first, which could not be checked."""

_WINDOW: Final = slice(2, 8)
"""October to March, in a year from August on."""

_EMPLOYMENT_MONTHS: Final = 5
_RUN: Final = 6


class Outcome(StrEnum):
    """What came out for a leaver."""

    EDUCATION = "education"
    APPRENTICESHIP = "apprenticeship"
    EMPLOYMENT = "employment"
    NOT_SUSTAINED = "not_sustained"
    NOT_CAPTURED = "not_captured"

    @property
    def is_sustained(self) -> bool:
        """Whether a destination was sustained."""
        return self in _SUSTAINED


_SUSTAINED: Final = frozenset({Outcome.EDUCATION, Outcome.APPRENTICESHIP, Outcome.EMPLOYMENT})


@attrs.frozen(kw_only=True, field_transformer=checked)
class SustainedSettings:
    """The caller's choices where sources leave some.

    Args:
        precedence: What counts where strands come together.
        disputed_550: How code 550 is read.
        bridge: How many months without a snapshot between two of the same activity are filled.
        mixture_months: How many of the six months a mixture has to cover (interpretation: all).
        neet_is_seen: Whether somebody recorded as NEET and nothing else was *seen*, and so did not
            sustain, as the older definition has it; otherwise the activity was not captured.

    Raises:
        ValueError: A mixture of other than 5 or 6 months, or a negative bridge.
    """

    precedence: Precedence = "dashboard"
    disputed_550: Disputed = "neet"
    bridge: int = 0
    mixture_months: int = 6
    neet_is_seen: bool = True

    def __attrs_post_init__(self) -> None:
        if self.precedence not in ("dashboard", "apprenticeship_first"):
            raise FigureError("precedence is dashboard or apprenticeship_first")
        if self.disputed_550 not in ("neet", "employment"):
            raise FigureError("disputed_550 is neet or employment")
        if self.mixture_months not in (5, 6) or self.bridge < 0:
            raise FigureError("a mixture has 5 or 6 months, and a bridge 0 or more")


_DEFAULTS: Final = SustainedSettings()


@attrs.frozen(kw_only=True, field_transformer=checked)
class LearnerOutcome:
    """What came out for one leaver, and why.

    Args:
        learner_id: The learner.
        outcome: What came out.
        reason: Why, in words.
        months: For each month from August to July, the strands that were recorded.
        is_undecided: Whether months without any snapshot leave open that a destination was sustained.
        level: The highest level recorded of what was sustained, if one was.
        providers: Where what was sustained took place.
        categories: What was sustained, by the categories of the exchange format.
    """

    learner_id: str = attrs.field(repr=shown_id)
    outcome: Outcome
    reason: str
    months: tuple[frozenset[Strand], ...] = attrs.field(repr=False)
    is_undecided: bool = False
    level: int | None = None
    providers: tuple[str, ...] = attrs.field(default=(), repr=False)
    categories: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return {
            "learner_id": self.learner_id,
            "outcome": str(self.outcome),
            "reason": self.reason,
            "is_undecided": self.is_undecided,
            "level": self.level,
            "categories": list(self.categories),
            "months": [sorted(map(str, strands)) for strands in self.months],
        }


@attrs.frozen(kw_only=True, field_transformer=checked)
class CohortOutcomes:
    """What came out for the leavers of a year.

    Args:
        cohort_year: The academic year in which they left.
        outcomes: What came out for each.
    """

    cohort_year: AcademicYear
    outcomes: tuple[LearnerOutcome, ...] = attrs.field(repr=False)

    @property
    def destination_year(self) -> AcademicYear:
        """The academic year in which their destinations were seen."""
        return self.cohort_year.plus(1)

    @property
    def base(self) -> int:
        """How many leavers there are."""
        return len(self.outcomes)

    def count(self, *outcomes: Outcome) -> int:
        """Return for how many one of some outcomes came out."""
        return sum(1 for one in self.outcomes if one.outcome in outcomes)

    @property
    def sustained(self) -> int:
        """How many sustained a destination."""
        return self.count(*_SUSTAINED)

    @property
    def undecided(self) -> int:
        """For how many months without a snapshot leave open that they sustained one."""
        return sum(one.is_undecided for one in self.outcomes)

    def share(self, *outcomes: Outcome) -> Fraction | None:
        """Return the share for whom one of some outcomes came out; ``None`` where nobody left."""
        return Fraction(self.count(*outcomes), self.base) if self.base else None

    def interval(self, *outcomes: Outcome) -> Interval | None:
        """Return Wilson's interval of the same share."""
        return wilson(self.count(*outcomes), self.base) if self.base else None

    def levels(self, outcome: Outcome) -> Mapping[str, Share]:
        """Return which share sustained an outcome at level 1, 2, 3, 4 and above, or at one not recorded."""
        found = Counter(_level_words(one.level) for one in self.outcomes if one.outcome is outcome)
        return {
            words: Share(count=found[words], base=self.base)
            for words in ("1 or below", "2", "3", "4+", "not recorded")
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the cohort as plain data, without the learners."""
        counts = {str(outcome): self.count(outcome) for outcome in Outcome}
        return {
            "format": "gatsbykit-outcomes/1",
            "cohort_year": str(self.cohort_year),
            "destination_year": str(self.destination_year),
            "base": self.base,
            "sustained": self.sustained,
            "undecided": self.undecided,
            "counts": counts,
        }

    def __str__(self) -> str:
        head = f"Leavers of {self.cohort_year}, destinations in {self.destination_year}: {self.base:,}"
        lines = [
            f"  {_WORDS[outcome]:<24}{self.count(outcome):>7,}{self._shown(outcome)}" for outcome in Outcome
        ]
        return "\n".join([head, *lines])

    def _shown(self, outcome: Outcome) -> str:
        interval = self.interval(outcome)
        if interval is None:
            return ""
        tenths = (self.count(outcome) * 2000 + self.base) // (2 * self.base)
        return f"{tenths // 10:>7}.{tenths % 10} % ({interval})"


_WORDS: Final = {
    Outcome.EDUCATION: "education",
    Outcome.APPRENTICESHIP: "apprenticeship",
    Outcome.EMPLOYMENT: "employment",
    Outcome.NOT_SUSTAINED: "not sustained",
    Outcome.NOT_CAPTURED: "activity not captured",
}


def _level_words(level: int | None) -> str:
    if level is None:
        return "not recorded"
    return "1 or below" if level <= 1 else "4+" if level >= 4 else str(level)


def learner_outcome(
    learner_id: str,
    snapshots: Iterable[Snapshot],
    *,
    cohort_year: AcademicYear,
    settings: SustainedSettings = _DEFAULTS,
) -> LearnerOutcome:
    """Return what came out for one leaver.

    Args:
        learner_id: The learner.
        snapshots: What the learner was recorded to do; of other learners and years as well, if they
            are at hand.
        cohort_year: The academic year in which the learner left.
        settings: The caller's choices.

    Examples:
        >>> from gatsbykit.model.spells import Month, Snapshot
        >>> months = [Month(2024, 10).plus(later) for later in range(6)]
        >>> seen = [Snapshot.of_code("L1", month, "nccis", "230", level=3) for month in months]
        >>> found = learner_outcome("L1", seen, cohort_year=AcademicYear(2023))
        >>> found.outcome, found.reason, found.level
        (<Outcome.EDUCATION: 'education'>, 'in education in all of October to March', 3)
    """
    own = spells((one for one in snapshots if one.learner_id == learner_id), bridge=settings.bridge)
    return _judged(learner_id, own, cohort_year.plus(1), settings)


def cohort_outcomes(
    learner_ids: Iterable[str],
    snapshots: Iterable[Snapshot],
    *,
    cohort_year: AcademicYear,
    settings: SustainedSettings = _DEFAULTS,
) -> CohortOutcomes:
    """Return what came out for the leavers of a year.

    Args:
        learner_ids: The leavers, each counted once.
        snapshots: What they were recorded to do.
        cohort_year: The academic year in which they left.
        settings: The caller's choices.

    Examples:
        >>> print(cohort_outcomes(["L1"], [], cohort_year=AcademicYear(2023)))
        Leavers of 2023/24, destinations in 2024/25: 1
          education                     0      0.0 % (0.0 to 79.3 %)
          apprenticeship                0      0.0 % (0.0 to 79.3 %)
          employment                    0      0.0 % (0.0 to 79.3 %)
          not sustained                 0      0.0 % (0.0 to 79.3 %)
          activity not captured         1    100.0 % (20.7 to 100.0 %)
    """
    of_learner: dict[str, list[Spell]] = {learner: [] for learner in learner_ids}
    wanted = (one for one in snapshots if one.learner_id in of_learner)
    for spell in spells(wanted, bridge=settings.bridge):
        of_learner[spell.learner_id].append(spell)
    year = cohort_year.plus(1)
    return CohortOutcomes(
        cohort_year=cohort_year,
        outcomes=tuple(_judged(learner, own, year, settings) for learner, own in of_learner.items()),
    )


def year_months(year: AcademicYear) -> tuple[Month, ...]:
    """Return the months of a destination year, August to July."""
    return tuple(Month(year.start, 8).plus(later) for later in range(12))


def _judged(
    learner_id: str, own: Iterable[Spell], year: AcademicYear, settings: SustainedSettings
) -> LearnerOutcome:
    read = [
        attrs.evolve(spell, activity=spell.activity.read_as(settings.disputed_550))
        for spell in own
        if spell.last >= Month(year.start, 8) and spell.first <= Month(year.start + 1, 7)
    ]
    calendar = year_months(year)
    months = tuple(
        frozenset(
            spell.activity.strand for spell in read if spell.activity.strand is not None and month in spell
        )
        for month in calendar
    )
    outcome, reason, strands = _verdict(months, [spell.activity for spell in read], settings)
    kept = [spell for spell in read if spell.activity.strand in strands]
    unknown = [not any(month in spell and spell.activity.is_known for spell in read) for month in calendar]
    return LearnerOutcome(
        learner_id=learner_id,
        outcome=outcome,
        reason=reason,
        months=months,
        is_undecided=not outcome.is_sustained and _is_open(months, unknown, settings),
        level=max((spell.level for spell in kept if spell.level is not None), default=None),
        providers=tuple(dict.fromkeys(spell.provider for spell in kept if spell.provider)),
        categories=tuple(dict.fromkeys(str(spell.activity.category) for spell in kept)),
    )


def _verdict(
    months: tuple[frozenset[Strand], ...], seen: list[TrackedActivity], settings: SustainedSettings
) -> tuple[Outcome, str, frozenset[Strand]]:
    """Return the outcome, why, and the strands that it rests on."""
    window = months[_WINDOW]
    in_education = sum(Strand.EDUCATION in month for month in window)
    in_work = sum(Strand.EMPLOYMENT in month for month in window)
    run = _longest_run(Strand.APPRENTICESHIP in month for month in months)
    routes: dict[Strand, str] = {}
    if in_education == len(window):
        routes[Strand.EDUCATION] = "in education in all of October to March"
    if in_work >= _EMPLOYMENT_MONTHS:
        routes[Strand.EMPLOYMENT] = f"in employment in {in_work} of the months from October to March"
    if run >= _RUN:
        routes[Strand.APPRENTICESHIP] = f"{run} months running of an apprenticeship"
    if routes:
        strand = _first(frozenset(routes), settings.precedence)
        return Outcome(strand.value), routes[strand], frozenset({strand})
    covered = sum(1 for month in window if month)
    mixed = frozenset(strand for month in window for strand in month)
    if covered >= settings.mixture_months and len(mixed) > 1:
        strand = _first(mixed, settings.precedence)
        names = " and ".join(sorted(mixed))
        return Outcome(strand.value), f"{names} in {covered} of the months from October to March", mixed
    return _not_sustained(months, seen, covered, settings)


def _not_sustained(
    months: tuple[frozenset[Strand], ...],
    seen: list[TrackedActivity],
    covered: int,
    settings: SustainedSettings,
) -> tuple[Outcome, str, frozenset[Strand]]:
    nothing = frozenset[Strand]()
    if any(months):
        return Outcome.NOT_SUSTAINED, f"active in {covered} of the months from October to March", nothing
    if settings.neet_is_seen and any(one.is_neet for one in seen):
        return (
            Outcome.NOT_SUSTAINED,
            "recorded as NEET, and no education, employment or apprenticeship",
            nothing,
        )
    if seen:
        return Outcome.NOT_CAPTURED, "snapshots of the year, none of a known activity that counts", nothing
    return Outcome.NOT_CAPTURED, "no snapshot from August to July", nothing


def _is_open(months: tuple[frozenset[Strand], ...], unknown: list[bool], settings: SustainedSettings) -> bool:
    """Return whether a destination would be sustained if the months of which nothing is known were active."""
    window = list(zip(months, unknown, strict=True))[_WINDOW]
    covered = sum(bool(month) or blank for month, blank in window)
    in_work = sum(Strand.EMPLOYMENT in month or blank for month, blank in window)
    run = _longest_run(
        Strand.APPRENTICESHIP in month or blank for month, blank in zip(months, unknown, strict=True)
    )
    return covered >= settings.mixture_months or in_work >= _EMPLOYMENT_MONTHS or run >= _RUN


def _first(strands: frozenset[Strand], precedence: Precedence) -> Strand:
    """Return what counts where strands come together."""
    if precedence == "apprenticeship_first" and Strand.APPRENTICESHIP in strands:
        return Strand.APPRENTICESHIP
    order = (Strand.EMPLOYMENT, Strand.EDUCATION, Strand.APPRENTICESHIP)
    return next(strand for strand in order if strand in strands)


def _longest_run(flags: Iterable[bool]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest
