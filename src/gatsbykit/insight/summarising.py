"""Comparisons and summaries of scorecards as plain text: 80 columns."""

from __future__ import annotations

import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gatsbykit.rules.grading import PRESETS, percent_text
from gatsbykit.rules.words import listed
from gatsbykit.scoring.text import BENCHMARK_WORDS, CRITERION_WORDS, PRESET_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.insight.comparing import Comparison, CriterionChange, CriterionRates, Summary
    from gatsbykit.rules.grading import Preset
    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["comparison_text", "summary_text"]

_WIDTH: Final = 80
_LABEL: Final = 44
_CELL: Final = 12


def comparison_text(comparison: Comparison) -> str:
    """Return two scorecards side by side, at most 80 columns wide.

    Every benchmark and criterion has its status before and after at the strictest preset, and what
    changed. No learner is named.

    Args:
        comparison: The comparison.
    """
    before, after = comparison.before, comparison.after
    blocks = [
        [
            *textwrap.wrap(_printable(after.institution.name), _WIDTH),
            f"Before  {_card_words(before)}",
            f"Now     {_card_words(after)}",
        ],
        list(_totals(before, after)),
    ]
    preset = PRESETS[0]
    for old, new in zip(before.benchmarks, after.benchmarks, strict=True):
        statuses = (BENCHMARK_WORDS[one.status[preset]][0] for one in (old, new))
        title, *rest = textwrap.wrap(new.title, _LABEL - 3)
        lines = [f"{f'{new.number}  {title}':<{_LABEL}}  {' -> '.join(statuses)}"]
        lines += [f"   {line}" for line in rest]
        lines += _wrapped(comparison.rules.transition.changed.get(new.number, ""), "   ")
        for change in comparison.of_benchmark(new.number):
            lines += _criterion(change, preset)
        blocks.append(lines)
    return "\n\n".join("\n".join(block) for block in blocks)


def summary_text(summary: Summary) -> str:
    """Return what many scorecards come to, at most 80 columns wide.

    Args:
        summary: The summary.
    """
    blocks = [[f"{summary.institutions} institution{'' if summary.institutions == 1 else 's'}"]]
    header = _row("", PRESET_WORDS)
    blocks.append([header, *_rates(summary)])
    for edition in dict.fromkeys(one.edition for one in summary.criteria):
        rows = [_criterion_row(one) for one in summary.criteria if one.edition == edition]
        blocks.append([_row(f"Criteria of {edition}, met by", PRESET_WORDS), *rows])
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


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in name)


def _card_words(card: Scorecard) -> str:
    return f"{card.edition.key} as of {card.as_of} (rules {card.fingerprint[:12]})"


def _totals(before: Scorecard, after: Scorecard) -> Iterator[str]:
    for preset, words in zip(PRESETS, PRESET_WORDS, strict=True):
        old, new = (f"{card.achieved[preset]} of {card.applicable}" for card in (before, after))
        yield f"{f'Achieved, {words}':<{_LABEL}}  {old} -> {new}"


def _criterion(change: CriterionChange, preset: Preset) -> Iterator[str]:
    old = [CRITERION_WORDS[status][0] for status in change.status_before(preset)]
    status = change.status_after(preset)
    new = "-" if status is None else CRITERION_WORDS[status][0]
    before_ids = change.difference.before_ids
    origin = f" (before {listed(before_ids)})" if before_ids and before_ids != (change.id,) else ""
    yield f"{f'   {change.id}{origin}':<{_LABEL}}  {' and '.join(old) or '-'} -> {new}"
    for sentence in change.why:
        yield from _wrapped(sentence, " " * 7)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
