"""Comparing scorecards: two editions, two dates, many institutions.

Examples:
    >>> import gatsbykit as gk
    >>> from datetime import date
    >>> school = gk.load("examples/northfield")
    >>> changed = compare_editions(school, "2014-school", "2025-school", as_of=date(2026, 7, 10))
    >>> change = changed["8b"]
    >>> change.difference.kind
    'changed'
    >>> [str(status) for status in change.status_before()], str(change.status_after())
    (['met'], 'met')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import GatsbykitError
from gatsbykit.model.calendar import academic_year_start
from gatsbykit.rules.differences import (
    AspectChange,
    CriterionDifference,
    EditionDifference,
    edition_difference,
)
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, Preset, percent_text
from gatsbykit.rules.words import listed
from gatsbykit.scoring import score
from gatsbykit.scoring.plan import Settings
from gatsbykit.scoring.scorecard import CriterionResult, Scorecard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records

__all__ = [
    "BenchmarkRates",
    "Comparison",
    "ComparisonError",
    "CriterionChange",
    "CriterionRates",
    "Summary",
    "compare",
    "compare_dates",
    "compare_editions",
    "seen_from",
    "summarise",
]

_DEFAULTS: Final = Settings()
_STRICTEST: Final = Preset.EVERY_PUPIL


class ComparisonError(GatsbykitError, ValueError):
    """What was given cannot be compared."""


@attrs.frozen(kw_only=True)
class CriterionChange:
    """What became of a criterion between two scorecards.

    Args:
        difference: What became of its rule.
        before: The results in the first scorecard; none where the second asks for something new.
        after: The result in the second, or ``None`` where nothing follows.
        why: What changed, in sentences: the rule first, then what was counted or answered.
    """

    difference: CriterionDifference
    before: tuple[CriterionResult, ...]
    after: CriterionResult | None
    why: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id in the second edition, or in the first where nothing follows."""
        return self.before[0].criterion.id if self.after is None else self.after.criterion.id

    def status_before(self, preset: Preset = _STRICTEST) -> tuple[CriterionStatus, ...]:
        """The statuses in the first scorecard."""
        return tuple(result.status[preset] for result in self.before)

    def status_after(self, preset: Preset = _STRICTEST) -> CriterionStatus | None:
        """The status in the second scorecard."""
        return None if self.after is None else self.after.status[preset]

    def moved(self, preset: Preset = _STRICTEST) -> bool:
        """Whether the status is another one; what is new or was dropped has moved."""
        return {*self.status_before(preset)} != {self.status_after(preset)}


@attrs.frozen(kw_only=True)
class Comparison:
    """Two scorecards of one institution side by side.

    Args:
        before: The first scorecard.
        after: The second one.
        rules: What differs between their editions.
        criteria: What became of each criterion.
    """

    before: Scorecard
    after: Scorecard
    rules: EditionDifference
    criteria: tuple[CriterionChange, ...]

    def __getitem__(self, criterion_id: str) -> CriterionChange:
        """Return what became of a criterion, by its id in the second edition."""
        self.after.edition.criterion(criterion_id)  # raises for an unknown id, and says which there are
        return next(change for change in self.criteria if change.difference.after_id == criterion_id)

    def of_benchmark(self, number: int) -> tuple[CriterionChange, ...]:
        """Return what became of the criteria of one benchmark; dropped ones stay with their own."""
        wanted = {id(one) for one in self.rules.of_benchmark(number)}
        return tuple(change for change in self.criteria if id(change.difference) in wanted)

    def __str__(self) -> str:
        from gatsbykit.insight.summarising import comparison_text  # noqa: PLC0415 (reports know it)

        return comparison_text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the comparison ready for `json`; no learner is named in it."""
        return {
            "format": "gatsbykit-comparison/1",
            "institution": str(self.after.institution.id),
            "before": _card_fields(self.before),
            "after": _card_fields(self.after),
            "changed": {str(number): text for number, text in self.rules.transition.changed.items()},
            "benchmarks": [
                {
                    "number": new.number,
                    "title": new.title,
                    "before": _texts(old.status),
                    "after": _texts(new.status),
                }
                for old, new in zip(self.before.benchmarks, self.after.benchmarks, strict=True)
            ],
            "criteria": [
                {
                    "kind": change.difference.kind,
                    "before": [_result_fields(result) for result in change.before],
                    "after": None if change.after is None else _result_fields(change.after),
                    "why": list(change.why),
                }
                for change in self.criteria
            ],
        }


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Compare two scorecards of one institution, criterion by criterion.

    Criteria of different editions are matched by what the rules say of how one grew out of the
    other, not by their ids.

    Args:
        before: The first scorecard.
        after: The second one.

    Raises:
        ComparisonError: They are of different institutions.
    """
    if before.institution.id != after.institution.id:
        raise ComparisonError("the scorecards are of different institutions; use summarise for many of them")
    rules = edition_difference(before.edition, after.edition)
    return Comparison(
        before=before,
        after=after,
        rules=rules,
        criteria=tuple(_criterion_change(one, before, after) for one in rules.criteria),
    )


def compare_editions(
    records: Records, before: str, after: str, *, as_of: date, settings: Settings = _DEFAULTS
) -> Comparison:
    """Compare what the same records come to under two editions.

    Args:
        records: The institution's records.
        before: The key of the first edition.
        after: The key of the second one.
        as_of: The date of the assessment.
        settings: The caller's choices, for both.

    Raises:
        EditionError: An edition does not exist or is not for this institution.
    """
    old, new = (score(records, as_of=as_of, edition=key, settings=settings) for key in (before, after))
    return compare(old, new)


def compare_dates(
    records: Records,
    before: date,
    after: date,
    *,
    recorded: date | None = None,
    edition: str | None = None,
    settings: Settings = _DEFAULTS,
) -> Comparison:
    """Compare what an institution's records come to at two dates.

    Records say in which year group a learner is at one date. For the other date the year groups are
    worked out (`seen_from`); everything else that changes in time, such as intentions or subjects,
    is taken as it is recorded. Where there is an export of either date, compare their scorecards.

    Args:
        records: The institution's records.
        before: The first date.
        after: The second one.
        recorded: The date at which the year groups in the records are right, by default the later
            of the two.
        edition: The key of the edition for both, by default the one in force on each date.
        settings: The caller's choices, for both.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        ComparisonError: A date is after the one at which the year groups are right.
    """
    right = max(before, after) if recorded is None else recorded
    old, new = (
        score(seen_from(records, day, recorded=right), as_of=day, edition=edition, settings=settings)
        for day in (before, after)
    )
    return compare(old, new)


def seen_from(records: Records, day: date, *, recorded: date) -> Records:
    """Return records with the year groups as they were on an earlier date.

    Args:
        records: The institution's records.
        day: The date at which the year groups should be right.
        recorded: The date at which they are right now.

    Raises:
        ComparisonError: The day is after the date of the records, which cannot know who moved up.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.Records(
        ...     institution=gk.Institution(name="Northfield School", kind="secondary_school"),
        ...     learners=[gk.Learner(learner_id="L1", year_group=11)],
        ... )
        >>> seen_from(school, date(2024, 7, 10), recorded=date(2026, 7, 10)).learners[0].year_group
        9
    """
    if day > recorded:
        raise ComparisonError(f"{day} is after {recorded}, the date at which the year groups are right")
    if records.learners is None:
        return records
    return attrs.evolve(records, learners=tuple(_at(learner, day, recorded) for learner in records.learners))


def _at(learner: Learner, day: date, recorded: date) -> Learner:
    """Return a learner with the year group as of an earlier date."""
    if learner.year_group is None:
        return learner
    then, now = (academic_year_start(learner.reference_date(when)) for when in (day, recorded))
    # Whoever was not at school yet was in no population, just as somebody in Year 1.
    return attrs.evolve(learner, year_group=max(learner.year_group - (now - then), 1))


@attrs.frozen(kw_only=True)
class BenchmarkRates:
    """How many institutions achieve a benchmark.

    Args:
        number: The benchmark.
        institutions: How many institutions there are.
        applicable: To how many of them it applies.
        achieved: By preset, how many achieve it.
    """

    number: int
    institutions: int
    applicable: int
    achieved: Mapping[str, int] = attrs.field(hash=False)

    def rate(self, preset: Preset = _STRICTEST) -> Fraction | None:
        """The share of all institutions that achieve it; ``None`` without institutions."""
        return Fraction(self.achieved[preset], self.institutions) if self.institutions else None


@attrs.frozen(kw_only=True)
class CriterionRates:
    """How many institutions meet a criterion.

    Args:
        edition: The key of its edition.
        id: Its id.
        applicable: To how many institutions it applies.
        assessed: How many of these are assessed.
        met: By preset, how many meet it.
    """

    edition: str
    id: str
    applicable: int
    assessed: int
    met: Mapping[str, int] = attrs.field(hash=False)

    def rate(self, preset: Preset = _STRICTEST) -> Fraction | None:
        """The share, of the institutions to which it applies, that meet it."""
        return Fraction(self.met[preset], self.applicable) if self.applicable else None


@attrs.frozen(kw_only=True)
class Summary:
    """What many scorecards come to.

    Args:
        institutions: How many there are.
        benchmarks: The rates of the benchmarks, over all of them.
        criteria: The rates of the criteria, by edition.
        distribution: By preset, how many institutions achieve none, one, two ... of the benchmarks.
    """

    institutions: int
    benchmarks: tuple[BenchmarkRates, ...]
    criteria: tuple[CriterionRates, ...]
    distribution: Mapping[str, tuple[int, ...]] = attrs.field(hash=False)

    def mean_achieved(self, preset: Preset = _STRICTEST) -> Fraction | None:
        """The mean number of benchmarks achieved, exact; it equals the sum of the rates."""
        if not self.institutions:
            return None
        achieved = sum(number * count for number, count in enumerate(self.distribution[preset]))
        return Fraction(achieved, self.institutions)

    def __str__(self) -> str:
        from gatsbykit.insight.summarising import summary_text  # noqa: PLC0415 (reports know it)

        return summary_text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the summary ready for `json`; exact fractions are texts."""
        return {
            "format": "gatsbykit-summary/1",
            "institutions": self.institutions,
            "mean_achieved": _fractions(self.mean_achieved),
            "distribution": {str(preset): list(counts) for preset, counts in self.distribution.items()},
            "benchmarks": [
                {
                    "number": one.number,
                    "applicable": one.applicable,
                    "achieved": {str(preset): count for preset, count in one.achieved.items()},
                    "rate": _fractions(one.rate),
                }
                for one in self.benchmarks
            ],
            "criteria": [
                {
                    "edition": one.edition,
                    "id": one.id,
                    "applicable": one.applicable,
                    "assessed": one.assessed,
                    "met": {str(preset): count for preset, count in one.met.items()},
                    "rate": _fractions(one.rate),
                }
                for one in self.criteria
            ],
        }


def summarise(cards: Iterable[Scorecard]) -> Summary:
    """Sum up the scorecards of many institutions.

    The rate of a benchmark is over all institutions, so that the rates add up to the mean number
    achieved. The rate of a criterion is over those to which it applies.

    Args:
        cards: The scorecards, of whatever editions; they are read once.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> day = date(2026, 7, 10)
        >>> cards = [gk.score(gk.load(f"examples/{name}"), as_of=day) for name in ("northfield", "riverside")]
        >>> summarise(cards).mean_achieved()
        Fraction(5, 2)
    """
    institutions = 0
    distribution: Counter[tuple[str, int]] = Counter()
    achieved: Counter[tuple[int, str]] = Counter()
    applicable: Counter[int] = Counter()
    met: Counter[tuple[str, str, str]] = Counter()
    concerned: Counter[tuple[str, str]] = Counter()
    assessed: Counter[tuple[str, str]] = Counter()
    for card in cards:
        institutions += 1
        for preset, count in card.achieved.items():
            distribution[preset, count] += 1
        for benchmark in card.benchmarks:
            applicable[benchmark.number] += benchmark.applies
            for preset, status in benchmark.status.items():
                achieved[benchmark.number, preset] += status is BenchmarkStatus.ACHIEVED
        for result in card.criteria:
            key = (card.edition.key, result.criterion.id)
            strictest = result.status[_STRICTEST]
            concerned[key] += strictest is not CriterionStatus.NOT_APPLICABLE
            assessed[key] += strictest in {CriterionStatus.MET, CriterionStatus.NOT_MET}
            for preset, standing in result.status.items():
                met[*key, preset] += standing is CriterionStatus.MET
    return Summary(
        institutions=institutions,
        benchmarks=tuple(
            BenchmarkRates(
                number=number,
                institutions=institutions,
                applicable=applicable[number],
                achieved=MappingProxyType({preset: achieved[number, preset] for preset in PRESETS}),
            )
            for number in sorted(applicable)
        ),
        criteria=tuple(
            CriterionRates(
                edition=key[0],
                id=key[1],
                applicable=concerned[key],
                assessed=assessed[key],
                met=MappingProxyType({preset: met[*key, preset] for preset in PRESETS}),
            )
            for key in sorted(concerned)
        ),
        distribution=MappingProxyType(
            {
                preset: tuple(distribution[preset, count] for count in range(len(applicable) + 1))
                for preset in PRESETS
            }
        ),
    )


def _fractions(of: Callable[[Preset], Fraction | None]) -> dict[str, str | None]:
    values = {preset.value: of(preset) for preset in PRESETS}
    return {preset: None if value is None else str(value) for preset, value in values.items()}


def _texts(by_preset: Mapping[str, BenchmarkStatus | CriterionStatus]) -> dict[str, str]:
    return {str(preset): status.value for preset, status in by_preset.items()}


def _card_fields(card: Scorecard) -> dict[str, object]:
    return {
        "edition": card.edition.key,
        "fingerprint": f"sha256:{card.fingerprint}",
        "as_of": card.as_of.isoformat(),
        "achieved": {str(preset): count for preset, count in card.achieved.items()},
        "applicable": card.applicable,
    }


def _result_fields(result: CriterionResult) -> dict[str, object]:
    return {
        "id": result.criterion.id,
        "basis": result.basis,
        "status": _texts(result.status),
        "numerator": result.numerator,
        "denominator": result.denominator,
    }


def _criterion_change(one: CriterionDifference, before: Scorecard, after: Scorecard) -> CriterionChange:
    """Put the results of a criterion side by side, and say what changed."""
    old = tuple(before[criterion_id] for criterion_id in one.before_ids)
    new = None if one.after_id is None else after[one.after_id]
    return CriterionChange(
        difference=one, before=old, after=new, why=tuple(_why(one, old, new, before, after))
    )


def _why(
    one: CriterionDifference,
    old: tuple[CriterionResult, ...],
    new: CriterionResult | None,
    before: Scorecard,
    after: Scorecard,
) -> Iterator[str]:
    """Say what changed: the rule first, then what was counted or answered."""
    if not old:
        yield f"{before.edition.key} does not ask for this."
    if new is None:
        yield f"{after.edition.key} does not ask for this."
    for change in one.changes:
        yield from _rule_words(change)
    if one.kind == "same" and before.edition != after.edition:
        yield "The rule is the same."
    if old:
        several = len(old) > 1
        words = (f"{_outcome(result)}{f' ({result.criterion.id})' if several else ''}" for result in old)
        yield f"Before: {listed(words)}."
    if new is not None:
        yield f"Now: {_outcome(new)}."
    if len(old) == 1 and new is not None:
        yield from _moves(old[0], new)


def _rule_words(change: AspectChange) -> Iterator[str]:
    """Say in a sentence or two how a rule differs."""
    if not change.before or not change.after:
        return  # who answers has changed, and is said
    match change.aspect:
        case "asks":
            yield "It is asked in other words."
        case "counts":
            yield "Other activities count: what makes one meaningful is another question."
        case aspect:
            after, before = (text.rstrip(".") for text in (change.after, change.before))
            yield f"{aspect.capitalize()}: {after}. Before: {before}."


def _outcome(result: CriterionResult) -> str:
    """Say what a result rests on, in a few words."""
    if result.tally is not None:
        if result.tally.share is None:
            return "nobody whom it is about"
        return f"{result.tally.numerator} of {result.tally.denominator} ({percent_text(result.tally.share)})"
    if result.basis is None:
        return "no records and no answer"
    return f"answered, {result.status[_STRICTEST].value.replace('_', ' ')}"


def _moves(old: CriterionResult, new: CriterionResult) -> Iterator[str]:
    """Say how many learners changed sides, as far as that is known."""
    if old.missing is None or new.missing is None:
        return
    was, is_ = set(old.missing), set(new.missing)
    if was != is_:
        yield f"Learners missing now but not before: {len(is_ - was)}; before but not now: {len(was - is_)}."
