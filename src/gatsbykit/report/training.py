"""The training report as one HTML file that stands alone. Every text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.issues import Issue
from gatsbykit.practice.training_report import BASIS_WORDS, VERDICT_WORDS, evidence_words, factor_words
from gatsbykit.practice.verdicts import Verdict
from gatsbykit.report.filling import sendable, template_of
from gatsbykit.report.page import Look
from gatsbykit.words import day_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from gatsbykit.practice.tallies import Tally
    from gatsbykit.practice.training_report import TrainingReport
    from gatsbykit.practice.verdicts import LevelResult, OutcomeResult

__all__ = ["training_html"]

_SIGNS: Final[Mapping[Verdict | None, tuple[str, str]]] = {
    Verdict.SHOWN: ("good", "✓"),
    Verdict.CLAIMED: ("partly", "◐"),
    Verdict.TOO_EARLY: ("none", "…"),
    None: ("none", "?"),
}


@attrs.frozen(kw_only=True)
class Lines:
    """Some words, and lines below them."""

    words: str
    lines: tuple[str, ...]


@attrs.frozen(kw_only=True)
class OutcomeRow:
    """An outcome: its verdict, remarks, and what it rests on."""

    text: str
    look: Look
    remarks: tuple[str, ...]
    evidence: tuple[str, ...]


@attrs.frozen(kw_only=True)
class LevelPart:
    """A level of evaluation: what it asks and when, its outcomes, and of what nothing is said."""

    number: int
    name: str
    asks: str
    when: str
    outcomes: tuple[OutcomeRow, ...]
    unexamined: tuple[str, ...]


@attrs.frozen(kw_only=True)
class TrainingPage:
    """Everything that stands on the page."""

    title: str
    day: str
    tallies: tuple[Lines, ...]
    levels: tuple[LevelPart, ...]
    factors: tuple[Lines, ...]
    doubts: tuple[Issue, ...]


def training_html(report: TrainingReport, *, templates: str | PathLike[str] | None = None) -> str:
    """Return a training report as one HTML file: no script, no font, no image from elsewhere.

    Args:
        report: The report.
        templates: A folder with templates of your own, as for `report_html`.

    Raises:
        MissingExtraError: Jinja2 is not installed.
        ValueError: No file of the folder is named like a template of ours.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.practice.training import load_training
        >>> from gatsbykit.practice.training_report import training_report
        >>> training = load_training("examples/careers-leader-training").training
        >>> page = training_html(training_report(training, as_of=date(2020, 12, 31)))
        >>> page.startswith("<!DOCTYPE html>"), "<script" in page
        (True, False)
    """
    template = template_of("training.html.j2", templates)
    page = TrainingPage(
        title=report.training.programme.title,
        day=day_words(report.as_of),
        tallies=tuple(map(_tally, report.tallies)),
        levels=tuple(map(_level, report.levels)),
        factors=tuple(_factors(report)),
        doubts=tuple(report.issues),
    )
    return sendable(template.render(page=page))


def _tally(tally: Tally) -> Lines:
    first, *others = str(tally).splitlines()
    return Lines(words=first, lines=tuple(line.strip() for line in others))


def _level(level: LevelResult) -> LevelPart:
    rules = level.rules
    return LevelPart(
        number=rules.level.number,
        name=str(rules.level),
        asks=rules.asks,
        when=rules.when,
        outcomes=tuple(map(_outcome, level.outcomes)),
        unexamined=tuple(rules.intended[key] for key in level.unexamined),
    )


def _outcome(result: OutcomeResult) -> OutcomeRow:
    tone, sign = _SIGNS[result.verdict]
    return OutcomeRow(
        text=result.outcome.text,
        look=Look(tone=tone, sign=sign, words=VERDICT_WORDS[result.verdict]),
        remarks=tuple(_remarks(result)),
        evidence=tuple(f"{one.id}: {evidence_words(one)}" for one in result.evidence),
    )


def _remarks(result: OutcomeResult) -> Iterator[str]:
    if result.strongest is not None:
        yield BASIS_WORDS[result.strongest.basis].capitalize()
    if result.outcome.too_early is not None:
        yield f"The source says so, {result.outcome.too_early}"
    if result.outcome.note is not None:
        yield result.outcome.note


def _factors(report: TrainingReport) -> Iterator[Lines]:
    """Yield what hinders and what helps, each if there is any."""
    training = report.training
    for words, factors in (("Barriers", training.barriers), ("Enablers", training.enablers)):
        if factors:
            yield Lines(words=words, lines=tuple(f"{one.text}{factor_words(one)}" for one in factors))
