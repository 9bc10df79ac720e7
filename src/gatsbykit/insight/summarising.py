"""Summaries: what the scorecards of many institutions come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, Preset
from gatsbykit.words import counted, name_words, percent_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["BenchmarkRates", "CriterionRates", "Summary", "summarise"]

_STRICTEST: Final = Preset.EVERY_PUPIL
_LABEL: Final = 44
_CELL: Final = 12
_PRESET_WORDS: Final = tuple(map(name_words, PRESETS))


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
        return _text(self)

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
    return "\n\n".join("\n".join(block) for block in blocks)


def _row(label: str, cells: tuple[str, ...]) -> str:
    return f"{label:<{_LABEL}}{''.join(f'{cell:<{_CELL}}' for cell in cells)}".rstrip()


def _rates(summary: Summary) -> Iterator[str]:
    for one in summary.benchmarks:
        label = f"Benchmark {one.number}, achieved by"
        yield _row(label, tuple(_percent(one.rate(preset)) for preset in PRESETS))
    means = (summary.mean_achieved(preset) for preset in PRESETS)
    yield _row("Mean number achieved", tuple("-" if mean is None else _decimal(mean) for mean in means))
    most = {preset: counts[-1] for preset, counts in summary.distribution.items()}
    yield _row("Institutions that achieve all of them", tuple(str(most[preset]) for preset in PRESETS))


def _criterion_row(one: CriterionRates) -> str:
    return _row(f"  {one.id}", tuple(_percent(one.rate(preset)) for preset in PRESETS))


def _percent(rate: Fraction | None) -> str:
    return "-" if rate is None else percent_text(rate)


def _decimal(number: Fraction) -> str:
    """Write a number with two places, rounded half up, without a float on the way."""
    whole, rest = divmod(int(number * 100 + Fraction(1, 2)), 100)
    return f"{whole}.{rest:02}"
