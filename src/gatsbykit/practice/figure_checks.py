"""Holding the figures of surveys against their bases, the text that quotes them, and the time of asking."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from gatsbykit.issues import Issue
from gatsbykit.practice.figures import FigureReading, read_figure
from gatsbykit.practice.verdicts import is_known, timing
from gatsbykit.rounded_figures import Printed, counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.evaluation import Figure, Interviews, Level, Survey
    from gatsbykit.model.statements import Statement
    from gatsbykit.model.training_evaluation import TrainingEvaluation

__all__ = ["FILE", "figure_contradictions", "found_issue", "numbered"]

FILE: Final = "training.json"
"""The file in which what is found here was entered."""


def found_issue(code: str, path: str, record: str | None, **details: object) -> Issue:
    """Return something found, with the place at which it was entered."""
    return Issue(code=code, file=FILE, path=path, record=record, details=details)


def numbered(training: TrainingEvaluation) -> Iterator[tuple[str, Statement]]:
    """Yield every statement with the place at which it was entered."""
    return ((f"statements[{index}]", one) for index, one in enumerate(training.statements))


def figure_contradictions(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[Issue]:
    """Yield what figures say against themselves, and what text and time say against them.

    Args:
        training: The document's surveys, interviews and statements.
        as_of: The day of the report; what was not over by then is left alone.
    """
    yield from _bases(training)
    yield from _decimals(training)
    yield from _quotations(training)
    yield from _too_soon(training, as_of)
    yield from _gaps(training, as_of)


def _figures(training: TrainingEvaluation) -> Iterator[tuple[str, Survey, Figure, FigureReading]]:
    for index, survey in enumerate(training.surveys):
        for place, figure in enumerate(survey.items):
            yield f"surveys[{index}].items[{place}]", survey, figure, read_figure(figure, survey)


def _bases(training: TrainingEvaluation) -> Iterator[Issue]:
    for path, _survey, figure, reading in _figures(training):
        if reading.is_possible is False:
            said = f"{figure.count}" if figure.percent is None else f"{figure.percent} %"
            details = {"figure": figure.asks, "said": said, "base": reading.base}
            yield found_issue("base_impossible", path, figure.id, **details)
        if reading.fits is False:
            parts = " + ".join((figure.percent or "", *figure.rest))
            left = reading.residual
            words = "" if not left else f", {left[0]} to {left[-1]} people in none of them"
            details = {"figure": figure.asks, "parts": parts, "left": words}
            yield found_issue("complements_do_not_round", path, figure.id, **details)
        if figure.rise is not None:
            details = {"figure": figure.asks, "rise": figure.rise}
            yield found_issue("before_not_printed", path, figure.id, **details)


def _decimals(training: TrainingEvaluation) -> Iterator[Issue]:
    bases = sorted({survey.base for survey in training.surveys if survey.base is not None})
    for index, survey in enumerate(training.surveys):
        printed = {
            place: Printed.read(figure.percent).decimals
            for place, figure in enumerate(survey.items)
            if figure.percent is not None
        }
        usual, _times = max(Counter(printed.values()).items(), key=_times_met, default=(0, 0))
        for place, decimals in printed.items():
            if decimals != usual:
                figure = survey.items[place]
                possible = [_can_words(figure.percent or "", base) for base in bases]
                details = {
                    "figure": figure.asks,
                    "percent": figure.percent,
                    "bases": ", ".join(possible) or "unknown",
                }
                path = f"surveys[{index}].items[{place}]"
                yield found_issue("decimals_differ", path, figure.id, **details)


def _times_met(entry: tuple[int, int]) -> int:
    return entry[1]


def _can_words(percent: str, base: int) -> str:
    return f"{base} ({'can' if counts(percent, base) else 'cannot'})"


def _quotations(training: TrainingEvaluation) -> Iterator[Issue]:
    known = {figure.id: (survey, figure) for _path, survey, figure, _reading in _figures(training)}
    for path, statement in numbered(training):
        if statement.announces is not None and statement.announces is not statement.form:
            details = {"place": statement.place, "first": statement.announces, "second": statement.form}
            yield found_issue("form_differs", path, statement.id, about=statement.about, **details)
        if statement.quotes not in known:
            continue
        survey, figure = known[statement.quotes or ""]
        where: dict[str, Any] = {"figure": figure.id, "place": statement.place}
        if statement.stem is not None and figure.stem is not None and statement.stem != figure.stem:
            yield found_issue(
                "wording_differs", path, statement.id, **where, first=figure.stem, second=statement.stem
            )
        if survey.population and not statement.population <= survey.population:
            first, second = (" and ".join(sorted(one)) for one in (survey.population, statement.population))
            yield found_issue("scope_wider", path, statement.id, **where, first=first, second=second)


def _sources(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[tuple[str, Survey | Interviews]]:
    """Yield the surveys and interviews that were over by a day."""
    for name in ("surveys", "interviews"):
        sources: tuple[Survey | Interviews, ...] = getattr(training, name)
        for index, source in enumerate(sources):
            if is_known(source, as_of):
                yield f"{name}[{index}]", source


def _too_soon(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[Issue]:
    """Yield a finding for each source that is used at a level before its time had come for everybody."""
    for path, source in _sources(training, as_of):
        for level in _levels_of(training, source):
            found = timing(source, level)
            if found is not None and found.never:
                details = {
                    "level": level,
                    "base": found.certain + found.possible + found.never,
                    "never": found.never,
                    "possible": found.possible,
                    "certain": found.certain,
                }
                yield found_issue("asked_too_soon", path, source.id, **details)


def _levels_of(training: TrainingEvaluation, source: Survey | Interviews) -> tuple[Level, ...]:
    """Return the levels of the outcomes for which a source gives evidence."""
    ids = {finding.id for finding in training.findings if finding.interviews == source.id}
    ids |= {figure.id for survey in training.surveys if survey is source for figure in survey.items}
    levels = {outcome.level for outcome in training.outcomes if not ids.isdisjoint(outcome.evidence)}
    return tuple(sorted(levels, key=lambda level: level.number))


def _gaps(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[Issue]:
    """Yield the time before the last day of asking in which training may have ended and no wave lies."""
    for path, source in _sources(training, as_of):
        ends = [wave.ended_to for wave in source.waves if wave.ended_to is not None]
        if ends and source.asked_to is not None and max(ends) < source.asked_to:
            first = max(ends) + datetime.timedelta(days=1)
            yield found_issue("time_without_wave", path, source.id, first=first, last=source.asked_to)
