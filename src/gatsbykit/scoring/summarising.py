"""Summaries: what the scorecards of many institutions come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.fields import checked
from gatsbykit.plain import plain
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, Preset, benchmark_status
from gatsbykit.words import counted, name_words, percent_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatsbykit.rules.vocabulary import Edition
    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["BenchmarkRates", "CriterionRates", "Outcome", "Summary", "sum_up", "summarise"]

_STRICTEST: Final = Preset.EVERY_PUPIL
_LABEL: Final = 44
_CELL: Final = 12
_PRESET_WORDS: Final = tuple(map(name_words, PRESETS))


@attrs.frozen(kw_only=True, field_transformer=checked)
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


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionRates:
    """How many institutions meet a criterion.

    Args:
        edition: The key of its edition.
        id: Its id.
        applicable: To how many institutions it applies.
        assessed: How many of these are assessed.
        met: By preset, how many meet it.
        numerator: How many learners meet it, at all of them together.
        denominator: How many learners it is about there.
    """

    edition: str
    id: str
    applicable: int
    assessed: int
    met: Mapping[str, int] = attrs.field(hash=False)
    numerator: int = 0
    denominator: int = 0

    def rate(self, preset: Preset = _STRICTEST) -> Fraction | None:
        """The share, of the institutions to which it applies, that meet it."""
        return Fraction(self.met[preset], self.applicable) if self.applicable else None

    @property
    def share(self) -> Fraction | None:
        """The share of learners who meet it; ``None`` where there is nobody or no evidence."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Summary:
    """What many scorecards come to.

    Args:
        institutions: How many there are.
        evidence_only: Whether it is by records of learners alone.
        benchmarks: The rates of the benchmarks, over all of them.
        criteria: The rates of the criteria, by edition.
        distribution: By preset, how many institutions achieve none, one, two ... of the benchmarks.
    """

    institutions: int
    evidence_only: bool = False
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
        return _text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the summary ready for `json`; exact fractions are texts."""
        return {
            "format": "gatsbykit-summary/1",
            **plain(self),
            "mean_achieved": _rates_at(self.mean_achieved),
            "benchmarks": [{**plain(one), "rate": _rates_at(one.rate)} for one in self.benchmarks],
            "criteria": [
                {**plain(one), "rate": _rates_at(one.rate), "share": plain(one.share)}
                for one in self.criteria
            ],
        }


def _rates_at(rate: Callable[[Preset], Fraction | None]) -> dict[str, str | None]:
    by_preset: dict[str, str | None] = plain({preset: rate(preset) for preset in PRESETS})
    return by_preset


def summarise(cards: Iterable[Scorecard], *, evidence_only: bool = False) -> Summary:
    """Sum up the scorecards of many institutions.

    The rate of a benchmark is over all institutions, so that the rates add up to the mean number
    achieved. The rate of a criterion is over those to which it applies.

    Args:
        cards: The scorecards, of whatever editions; they are read once.
        evidence_only: Whether to judge by records of learners alone, as if there were no criteria
            for which there are none.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> day = date(2026, 7, 10)
        >>> cards = [gk.score(gk.load(f"examples/{name}"), as_of=day) for name in ("northfield", "riverside")]
        >>> summarise(cards).mean_achieved()
        Fraction(5, 2)
        >>> summarise(cards, evidence_only=True).mean_achieved()
        Fraction(2, 1)
    """

    def outcomes(card: Scorecard) -> Iterator[Outcome]:
        for result in card.criteria:
            if result.basis == "evidence" or not evidence_only:
                numerator, denominator = result.numerator or 0, result.denominator or 0
                yield Outcome(result.criterion.id, result.status, numerator, denominator)

    return sum_up(((card.edition, outcomes(card)) for card in cards), evidence_only=evidence_only)


class Outcome(NamedTuple):
    """What came out for a criterion at one institution."""

    criterion_id: str
    status: Mapping[str, CriterionStatus]
    numerator: int
    denominator: int


def sum_up(institutions: Iterable[tuple[Edition, Iterable[Outcome]]], *, evidence_only: bool) -> Summary:
    """Sum up what came out for the criteria of many institutions.

    Args:
        institutions: For each, its edition, and what came out for the criteria that are looked at.
        evidence_only: Whether these are those about learners alone.
    """
    count = 0
    distribution: Counter[tuple[str, int]] = Counter()
    benchmarks: defaultdict[int, Counter[str]] = defaultdict(Counter)
    criteria: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for edition, outcomes in institutions:
        count += 1
        found = {one.criterion_id: one for one in outcomes}
        achieved: Counter[str] = Counter()
        for benchmark in edition.benchmarks:
            own = [found[one.id].status for one in benchmark.criteria if one.id in found]
            if own:
                achieved.update(_count_benchmark(benchmarks[benchmark.number], own))
        for preset in PRESETS:
            distribution[preset, achieved[preset]] += 1
        for one in found.values():
            _count_criterion(criteria[edition.key, one.criterion_id], one)
    return Summary(
        institutions=count,
        evidence_only=evidence_only,
        benchmarks=tuple(
            BenchmarkRates(
                number=number,
                institutions=count,
                applicable=benchmarks[number]["applicable"],
                achieved=_by_preset(benchmarks[number]),
            )
            for number in sorted(benchmarks)
        ),
        criteria=tuple(
            CriterionRates(
                edition=key[0],
                id=key[1],
                applicable=counts["applicable"],
                assessed=counts["assessed"],
                met=_by_preset(counts),
                numerator=counts["numerator"],
                denominator=counts["denominator"],
            )
            for key, counts in sorted(criteria.items())
        ),
        distribution=FrozenMapping(
            {
                preset: tuple(distribution[preset, number] for number in range(len(benchmarks) + 1))
                for preset in PRESETS
            }
        ),
    )


def _count_benchmark(counts: Counter[str], own: list[Mapping[str, CriterionStatus]]) -> list[str]:
    """Count a benchmark of an institution; return the presets at which it is achieved."""
    statuses = {preset: benchmark_status(status[preset] for status in own) for preset in PRESETS}
    achieved: list[str] = [one for one, status in statuses.items() if status is BenchmarkStatus.ACHIEVED]
    counts["applicable"] += statuses[_STRICTEST] is not BenchmarkStatus.NOT_APPLICABLE
    counts.update(achieved)
    return achieved


def _count_criterion(counts: Counter[str], one: Outcome) -> None:
    strictest = one.status[_STRICTEST]
    counts["applicable"] += strictest is not CriterionStatus.NOT_APPLICABLE
    counts["assessed"] += strictest in {CriterionStatus.MET, CriterionStatus.NOT_MET}
    counts["numerator"] += one.numerator
    counts["denominator"] += one.denominator
    counts.update(preset for preset in PRESETS if one.status[preset] is CriterionStatus.MET)


def _by_preset(counts: Counter[str]) -> Mapping[str, int]:
    return FrozenMapping({preset: counts[preset] for preset in PRESETS})


# As a table for people


def _text(summary: Summary) -> str:
    """Return what many scorecards come to, at most 80 columns wide.

    Args:
        summary: The summary.
    """
    blocks = [[counted(summary.institutions, "institution")]]
    header = _row("", _PRESET_WORDS)
    blocks.append([header, *_rates(summary)])
    for edition in dict.fromkeys(one.edition for one in summary.criteria):
        rows = [_criterion_row(one) for one in summary.criteria if one.edition == edition]
        blocks.append([_row(f"Criteria of {edition}, met by", _PRESET_WORDS), *rows])
    blocks.append(wrapped(f"{_ALONE if summary.evidence_only else ''}{_NOT_OFFICIAL}"))
    return "\n\n".join("\n".join(block) for block in blocks)


def _row(label: str, cells: tuple[str, ...]) -> str:
    return f"{label:<{_LABEL}}{''.join(f'{cell:<{_CELL}}' for cell in cells)}".rstrip()


def _rates(summary: Summary) -> Iterator[str]:
    for one in summary.benchmarks:
        label = f"Benchmark {one.number}, achieved by"
        yield _row(label, tuple(_percent(one.rate(preset)) for preset in PRESETS))
    means = (summary.mean_achieved(preset) for preset in PRESETS)
    yield _row("Mean number achieved", tuple("-" if mean is None else _decimal(mean) for mean in means))
    if summary.benchmarks:
        most = {preset: counts[-1] for preset, counts in summary.distribution.items()}
        yield _row("Institutions that achieve all of them", tuple(str(most[preset]) for preset in PRESETS))


def _criterion_row(one: CriterionRates) -> str:
    of = "" if one.share is None else f"{percent_text(one.share)} of {counted(one.denominator, 'learner')}"
    return _row(f"  {one.id:<4}{of}".rstrip(), tuple(_percent(one.rate(preset)) for preset in PRESETS))


_ALONE: Final = (
    "Benchmarks are judged by their criteria about learners alone: what institutions declare is left out. "
)
_NOT_OFFICIAL: Final = "By the rules of this project; no official result of anybody."


def _percent(rate: Fraction | None) -> str:
    return "-" if rate is None else percent_text(rate)


def _decimal(number: Fraction) -> str:
    """Write a number with two places, rounded half up, without a float on the way."""
    whole, rest = divmod(int(number * 100 + Fraction(1, 2)), 100)
    return f"{whole}.{rest:02}"
