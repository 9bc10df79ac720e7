"""The scorecard as plain text: 80 columns, for a terminal or an e-mail."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from gatsbykit.model.answers import Answer, Band, DeclaredShare, PartAnswers
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, percent_text
from gatsbykit.scoring.scorecard import PhaseStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatsbykit.scoring.measurement import Tally
    from gatsbykit.scoring.scorecard import CriterionResult, Scorecard

__all__ = ["BENCHMARK_WORDS", "CRITERION_WORDS", "PRESET_WORDS", "basis_words", "scorecard_text"]

_WIDTH: Final = 80
_CELL: Final = 12
_LABEL: Final = _WIDTH - _CELL * len(PRESETS)
_MOST: Final = 5

_GREEN, _YELLOW, _RED, _DIM, _BOLD = "32", "33", "31", "2", "1"

BENCHMARK_WORDS: Final = {
    BenchmarkStatus.ACHIEVED: ("achieved", _GREEN),
    BenchmarkStatus.PARTIALLY_ACHIEVED: ("partly", _YELLOW),
    BenchmarkStatus.NOT_ACHIEVED: ("no", _RED),
    BenchmarkStatus.NOT_ASSESSED: ("unknown", _DIM),
    BenchmarkStatus.NOT_APPLICABLE: ("n/a", _DIM),
}
CRITERION_WORDS: Final = {
    CriterionStatus.MET: ("met", _GREEN),
    CriterionStatus.NOT_MET: ("no", _RED),
    CriterionStatus.NOT_ASSESSED: ("unknown", _DIM),
    CriterionStatus.NOT_APPLICABLE: ("n/a", _DIM),
}
_PHASE_WORDS: Final = {
    PhaseStatus.MET: ("met", _GREEN),
    PhaseStatus.NOT_MET: ("not met", _RED),
    PhaseStatus.OPEN: ("still open", _YELLOW),
    PhaseStatus.NOT_APPLICABLE: ("n/a", _DIM),
}
_PHASES: Final = {
    "first": "First phase (Years 8-9)",
    "second": "Second phase (Years 10-11)",
    "third": "Third phase (Years 12-13)",
}
_PARTS: Final = {
    "by_year_9": "25 hours by the end of Year 9",
    "by_year_11": "25 hours in Years 10-11",
}
PRESET_WORDS: Final = ("every pupil", "almost all", "legacy")


def scorecard_text(card: Scorecard, *, colour: bool = False) -> str:
    """Return a scorecard as a table for people, at most 80 columns wide.

    Args:
        card: The scorecard.
        colour: Whether to colour the results for a terminal.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.Records(institution=gk.Institution(name="Northfield School", kind="college"))
        >>> print(scorecard_text(gk.score(school, as_of=date(2026, 7, 10))).splitlines()[0])
        Northfield School
    """

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    sections = (
        _heading(card, paint),
        _benchmarks(card, paint),
        _missing_most(card, paint),
        _provider_access(card, paint),
        _work_experience(card, paint),
        _warnings(card, paint),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _line(label: str, cells: Iterator[str] | list[str]) -> str:
    return f"{label:<{_LABEL}.{_LABEL - 1}}{''.join(cells)}".rstrip()


def _cell(text: str, code: str, paint: Callable[[str, str], str]) -> str:
    return paint(text, code) + " " * (_CELL - len(text))


def _heading(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    # The name comes from outside; control characters in it would reach the terminal.
    name = "".join(sign if sign.isprintable() else " " for sign in card.institution.name)
    yield from (paint(line, _BOLD) for line in textwrap.wrap(name, _WIDTH))
    day = f"{card.as_of.day} {card.as_of:%B %Y}"
    yield f"{card.edition.title}"
    yield f"Academic year {card.academic_year}, as of {day}"
    yield f"Rules {card.fingerprint[:12]} (python -m gatsbykit rules {card.edition.key})"


def _benchmarks(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the table of benchmarks and criteria."""
    yield _line("", [f"{words:<{_CELL}}" for words in PRESET_WORDS])
    thresholds = (f"({percent_text(preset.threshold, 0)})" for preset in PRESETS)
    yield _line("Benchmark", [f"{words:<{_CELL}}" for words in thresholds])
    yield "-" * _WIDTH
    for result in card.benchmarks:
        cells = [_cell(*BENCHMARK_WORDS[result.status[preset]], paint) for preset in PRESETS]
        title = textwrap.wrap(result.title, _LABEL - 5)
        yield _line(f"{result.number}  {title[0]}", cells)
        yield from (f"   {line}" for line in title[1:])
        for one in result.criteria:
            words = [_cell(*CRITERION_WORDS[one.status[preset]], paint) for preset in PRESETS]
            yield _line(f"   {one.criterion.id}  {basis_words(one)}", words)
    yield "-" * _WIDTH
    counts = card.achieved
    cells = [f"{f'{counts[preset]} of {card.applicable}':<{_CELL}}" for preset in PRESETS]
    yield paint(_line("Benchmarks achieved", cells), _BOLD)


def basis_words(result: CriterionResult) -> str:
    """Say what a criterion's status rests on, in a few words."""
    if result.tally is not None:
        return _count(result.tally)
    match result.answer:
        case Answer():
            return f"declared: {result.answer.replace('_', ' ')}"
        case PartAnswers():
            yes = sum(answer is Answer.YES for answer in result.answer.parts.values())
            return f"declared: {yes} of {len(result.criterion.parts)} parts"
        case Band():
            return f"declared: {result.answer.replace('_', ' ')}"
        case DeclaredShare():
            return f"declared: {percent_text(result.answer.share)}"
        case _:
            return "no evidence, no answer"


def _count(tally: Tally) -> str:
    if tally.share is None:
        return "nobody it is about" if not tally.unknown_only else "unknown whom it is about"
    return f"{tally.numerator} of {tally.denominator} ({percent_text(tally.share)})"


def _missing_most(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the criteria with the most learners missing."""
    short = [(one, len(one.missing)) for one in card.criteria if one.missing]
    if not short:
        return
    yield paint("What is missing most", _BOLD)
    for one, missing in sorted(short, key=lambda pair: -pair[1])[:_MOST]:
        label = f"{missing:>5} learner{'s' if missing > 1 else ' '}  {one.criterion.id}  "
        indent = " " * len(label)
        yield from textwrap.wrap(one.criterion.text, _WIDTH, initial_indent=label, subsequent_indent=indent)
        if one.criterion.interpretation is not None:
            words = f"Interpretation: {one.criterion.interpretation}"
            yield from textwrap.wrap(words, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _provider_access(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if card.provider_access is None:
        return
    yield paint("Provider access (the law, not a benchmark)", _BOLD)
    for name, phase in card.provider_access.items():
        what = "occasions held" if name == "third" else "learners"
        counted = f"{phase.tally.numerator} of {phase.tally.denominator} {what}"
        yield f"  {_PHASES[name]:<34}{counted:<24}{paint(*_PHASE_WORDS[phase.status])}"


def _work_experience(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if card.work_experience is None:
        return
    yield paint("Work experience guarantee (for information, not scored)", _BOLD)
    for name, tally in card.work_experience.items():
        counted = f"{_count(tally)}"
        yield f"  {_PARTS[name]:<34}{counted}"


def _warnings(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if not card.warnings:
        return
    yield paint("Warnings", _BOLD)
    for notice in card.warnings:
        label = f"{notice.count:>5}  "
        words = f"{notice.where}: {notice.message}"
        yield from textwrap.wrap(words, _WIDTH, initial_indent=label, subsequent_indent=" " * 7)
