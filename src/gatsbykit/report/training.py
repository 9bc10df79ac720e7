"""The training report as one HTML file that stands alone. Every text is escaped."""

from __future__ import annotations

import html
import re
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final

from gatsbykit.practice.training_report import BASIS_WORDS, VERDICT_WORDS, evidence_words, factor_words
from gatsbykit.practice.verdicts import Verdict
from gatsbykit.words import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gatsbykit.model.evaluation import Factor
    from gatsbykit.practice.tallies import Tally
    from gatsbykit.practice.training_report import TrainingReport
    from gatsbykit.practice.verdicts import LevelResult, OutcomeResult

__all__ = ["training_html"]

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS: Final[Mapping[Verdict | None, tuple[str, str]]] = {
    Verdict.SHOWN: ("good", "✓"),
    Verdict.CLAIMED: ("partly", "◐"),
    Verdict.TOO_EARLY: ("none", "…"),
    None: ("none", "?"),
}


def training_html(report: TrainingReport) -> str:
    """Return a training report as one HTML file: no script, no font, no image from elsewhere.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.practice.training import load_training
        >>> from gatsbykit.practice.training_report import training_report
        >>> training = load_training("examples/careers-leader-training").training
        >>> page = training_html(training_report(training, as_of=date(2020, 12, 31)))
        >>> page.startswith("<!DOCTYPE html>"), "<script" in page
        (True, False)
    """
    folder = files("gatsbykit.report").joinpath("data")
    page = Template(folder.joinpath("report.html").read_text(encoding="utf-8")).substitute(
        title=_text(report.training.programme.title),
        style=folder.joinpath("report.css").read_text(encoding="utf-8"),
        body="\n".join(_body(report)),
    )
    # ASCII alone: right in whatever encoding it is sent or saved.
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _text(words: str) -> str:
    return html.escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", words))


def _body(report: TrainingReport) -> Iterator[str]:
    training = report.training
    yield f"<header><h1>{_text(training.programme.title)}</h1>"
    day = day_words(report.as_of)
    yield f"<p>Evaluation as of {day}. The verdicts follow from rules of this project.</p>"
    yield '</header><main id="results">'
    if report.tallies:
        yield "<h2>How far the leaders are</h2>"
        yield from map(_tally, report.tallies)
    for level in report.levels:
        yield from _level(level)
    for title, factors in (("Barriers", training.barriers), ("Enablers", training.enablers)):
        yield from _factors(title, factors)
    if report.issues:
        words = (f"<code>{issue.code}</code>: {_text(issue.message)}" for issue in report.issues)
        yield f"<h2>To be read with care</h2>{_items(words)}"
    yield "</main><footer><p>Made with gatsbykit. Not an official result of anybody.</p></footer>"


def _items(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _tally(tally: Tally) -> str:
    first, *others = str(tally).splitlines()
    return f"<p>{_text(first)}</p>{_items(_text(line.strip()) for line in others)}"


def _level(level: LevelResult) -> Iterator[str]:
    rules = level.rules
    yield f"<h2>Level {rules.level.number}: {rules.level}</h2>"
    yield f'<p class="quiet">{_text(rules.asks)} It can be asked {_text(rules.when)}.</p>'
    if level.outcomes:
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("Outcome", "Verdict", "Rests on"))
        rows = "".join(map(_row, level.outcomes))
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        yield f'<div class="scroll" tabindex="0">{table}</div>'
    if level.unexamined:
        words = (_text(rules.intended[key]) for key in level.unexamined)
        yield f"<p>Nothing is said of these:</p>{_items(words)}"


def _row(result: OutcomeResult) -> str:
    outcome, strongest = result.outcome, result.strongest
    look, sign = _LOOKS[result.verdict]
    verdict = f'<span aria-hidden="true">{sign}</span> {VERDICT_WORDS[result.verdict]}'
    basis = "" if strongest is None else f"<p>{BASIS_WORDS[strongest.basis].capitalize()}</p>"
    said = "" if outcome.too_early is None else f"<p>The source says so, {_text(outcome.too_early)}</p>"
    note = "" if outcome.note is None else f"<p>{_text(outcome.note)}</p>"
    evidence = _items(_text(f"{one.id}: {evidence_words(one)}") for one in result.evidence)
    return (
        f'<tr><th scope="row">{_text(outcome.text)}</th><td><span class="status {look}">{verdict}</span></td>'
        f"<td>{basis}{said}{note}{evidence if result.evidence else ''}</td></tr>"
    )


def _factors(title: str, factors: Iterable[Factor]) -> Iterator[str]:
    items = [_text(f"{factor.text}{factor_words(factor)}") for factor in factors]
    if items:
        yield f"<h2>{title}</h2><p>A number stands only where it was counted.</p>{_items(items)}"
