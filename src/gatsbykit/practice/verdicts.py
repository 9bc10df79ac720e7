"""What of an evaluation is shown, what is only claimed, and what it is too early to know: by rule.

* **shown**: a change of the same people's answers whose interval is clear of nothing, or counted records;
  and, at the level of reaction, a counted rating, which shows an opinion and no more.
* **claimed**: a rating after the training alone, a figure without a base, interviews.
* **too early**: the level's time had not come when the evidence was taken, by the waves of who was asked or
  else by the enrolments; or the source itself says so.

An outcome has the best verdict of its evidence, so that a verdict never rises when evidence is taken away.
That it is these rules that decide is an interpretation; no source gives any.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.model.evaluation import (
    CountedRecords,
    Design,
    Figure,
    Finding,
    Interviews,
    Level,
    Outcome,
    Survey,
    Wave,
)
from gatsbykit.model.fields import checked
from gatsbykit.practice.figures import FigureReading, read_figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.training_evaluation import TrainingEvaluation

__all__ = [
    "Basis",
    "Evidence",
    "LevelResult",
    "LevelRules",
    "OutcomeResult",
    "Timing",
    "Verdict",
    "is_known",
    "judge",
    "level_rules",
    "months_between",
    "months_of",
    "timing",
]


class Verdict(StrEnum):
    """What can be said of an outcome, the most that can be said first."""

    SHOWN = "shown"
    CLAIMED = "claimed"
    TOO_EARLY = "too_early"

    @property
    def rank(self) -> int:
        """A higher rank says more."""
        return len(Verdict) - list(Verdict).index(self)


class Basis(StrEnum):
    """What a piece of evidence is."""

    RECORDS = "records"
    MATCHED_CHANGE = "matched_change"
    OPINION = "opinion"
    AFTER_ONLY = "after_only"
    INTERVIEWS = "interviews"


@attrs.frozen(kw_only=True, field_transformer=checked)
class LevelRules:
    """What is asked at a level of evaluation, and when.

    Args:
        level: The level.
        asks: What is asked.
        when: When it can be asked, in words.
        least_months: How many whole months after the training at the earliest.
        intended: The intended outcomes, by key.
        source: Where that is written.
        interpretation: What of it is our reading.
    """

    level: Level
    asks: str
    when: str
    least_months: int
    intended: Mapping[str, str]
    source: str
    interpretation: str | None = None


@functools.cache
def level_rules() -> Mapping[Level, LevelRules]:
    """Return the four levels, the first one first.

    Examples:
        >>> [len(rules.intended) for rules in level_rules().values()]
        [3, 9, 5, 2]
    """
    text = files("gatsbykit.practice").joinpath("data", "levels.toml").read_text(encoding="utf-8")
    written: dict[str, Any] = tomllib.loads(text)
    return MappingProxyType({level: _rules(level, written[level]) for level in Level})


def _rules(level: Level, written: Mapping[str, Any]) -> LevelRules:
    return LevelRules(
        level=level,
        asks=written["asks"],
        when=written["when"],
        least_months=written["least_months"],
        intended=MappingProxyType(written["intended"]),
        source=written["source"],
        interpretation=written.get("interpretation"),
    )


def months_between(first: datetime.date, last: datetime.date) -> int:
    """Return how many whole months lie between two days; below nothing if the last is before the first.

    Examples:
        >>> from datetime import date
        >>> months_between(date(2019, 5, 31), date(2019, 11, 1))
        5
        >>> months_between(date(2019, 11, 30), date(2020, 2, 29))  # the last day of a shorter month
        3
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    length = calendar.monthrange(last.year, last.month)[1]
    return months - (last.day < min(first.day, length))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Timing:
    """Of how many people the time for a level had come when they were asked.

    Args:
        certain: Of so many it certainly had.
        possible: Of so many it may have.
        never: Of so many it cannot have, people still in training among them.
    """

    certain: int
    possible: int
    never: int

    @property
    def is_too_early(self) -> bool:
        """Whether it had come for nobody."""
        return self.certain + self.possible == 0


def months_of(wave: Wave, source: Survey | Interviews) -> range:
    """Return how many whole months after the training people of a wave may have been asked.

    It is empty for people still in training, and where nobody says when they were asked.

    Examples:
        >>> from datetime import date
        >>> talks = Interviews(
        ...     id="I", title="Leaders", respondents="leader",
        ...     asked_from=date(2019, 11, 1), asked_to=date(2020, 2, 29),
        ... )
        >>> summer = Wave(name="summer", people=19, ended_from=date(2019, 6, 1), ended_to=date(2019, 8, 31))
        >>> months_of(summer, talks)
        range(2, 9)
    """
    if (
        wave.ended_from is None
        or wave.ended_to is None
        or source.asked_from is None
        or source.asked_to is None
    ):
        return range(0)
    most = months_between(wave.ended_from, source.asked_to)
    return range(max(months_between(wave.ended_to, source.asked_from), 0), max(most + 1, 0))


def timing(source: Survey | Interviews, level: Level) -> Timing | None:
    """Return of how many people the time for a level had come; ``None`` where nobody says when they ended.

    At a level that can be judged at once the time has come for everybody, people in training too.

    Args:
        source: The survey or the interviews.
        level: The level.
    """
    least = level_rules()[level].least_months
    if not source.waves or source.asked_from is None or source.asked_to is None:
        return None
    certain = possible = never = 0
    for wave in source.waves:
        months = months_of(wave, source)
        if least == 0 or (months and months[0] >= least):
            certain += wave.people
        elif months and months[-1] >= least:
            possible += wave.people
        else:
            never += wave.people
    return Timing(certain=certain, possible=possible, never=never)


def is_known(source: Survey | Interviews, as_of: datetime.date) -> bool:
    """Whether a survey or interviews were over by a day; without a date they were.

    Examples:
        >>> from datetime import date
        >>> is_known(Survey(id="S", title="Audit", asked_to=date(2020, 1, 31)), date(2020, 1, 30))
        False
    """
    last = source.asked_to or source.asked_from
    return last is None or last <= as_of


@attrs.frozen(kw_only=True, field_transformer=checked)
class Evidence:
    """One piece of evidence for an outcome, and what it is worth.

    Args:
        id: The id of the figure, the finding or the counted records.
        verdict: What it alone would make of the outcome.
        basis: What it is.
        text: What it says.
        base: How many people or records it rests on; ``None`` if nobody says.
        base_assumed: Whether that is the base of the survey and not the item's own.
        source: The id of the survey or the interviews; ``None`` for records.
        population: Whose leaders they are; empty is unknown.
        self_rated: Whether people judge themselves.
        reading: For a figure, what it can have been counted from.
        percent: For a figure or for records, the percentage as printed.
        word: For a finding, its word of quantity.
        count: For a finding or for records, how many, where that was counted.
        timing: Of how many people the time had come.
        place: Where it is written.
    """

    id: str
    verdict: Verdict
    basis: Basis
    text: str
    base: int | None = None
    base_assumed: bool = False
    source: str | None = None
    population: tuple[str, ...] = ()
    self_rated: bool | None = None
    reading: FigureReading | None = None
    percent: str | None = None
    word: str | None = None
    count: int | None = None
    timing: Timing | None = None
    place: str | None = None


@attrs.frozen(kw_only=True, field_transformer=checked)
class OutcomeResult:
    """An outcome with its verdict and what it rests on.

    Args:
        outcome: The outcome.
        verdict: What can be said of it; ``None`` if there is no evidence at all.
        evidence: The evidence, the strongest first.
    """

    outcome: Outcome
    verdict: Verdict | None
    evidence: tuple[Evidence, ...]

    @property
    def strongest(self) -> Evidence | None:
        """What the verdict rests on; ``None`` where the source itself says that it is too early."""
        return self.evidence[0] if self.evidence and self.outcome.too_early is None else None


@attrs.frozen(kw_only=True, field_transformer=checked)
class LevelResult:
    """A level of evaluation with its outcomes.

    Args:
        rules: What is asked at the level.
        outcomes: The outcomes, in the order in which they were entered.
        unexamined: The intended outcomes, by key, that no outcome is part of.
    """

    rules: LevelRules
    outcomes: tuple[OutcomeResult, ...]
    unexamined: tuple[str, ...]


def judge(training: TrainingEvaluation, as_of: datetime.date) -> tuple[LevelResult, ...]:
    """Judge every outcome, level by level.

    Args:
        training: The programme with its evidence.
        as_of: The day of the report. Evidence that is dated later is not there yet.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.training import TrainingProgramme
        >>> from gatsbykit.model.training_evaluation import TrainingEvaluation
        >>> found = judge(
        ...     TrainingEvaluation(
        ...         programme=TrainingProgramme(title="National"),
        ...         surveys=[
        ...             Survey(
        ...                 id="S", title="Audit", base=443,
        ...                 items=[Figure(id="F1", asks="satisfied", percent="91")],
        ...             )
        ...         ],
        ...         outcomes=[Outcome(id="o", text="satisfied", level="reaction", evidence=["F1"])],
        ...     ),
        ...     date(2020, 12, 31),
        ... )
        >>> found[0].outcomes[0].verdict, found[0].outcomes[0].strongest.basis
        (<Verdict.SHOWN: 'shown'>, <Basis.OPINION: 'opinion'>)
    """
    found: list[LevelResult] = []
    for level, rules in level_rules().items():
        outcomes = [one for one in training.outcomes if one.level is level]
        known = {one.id: one for one in _evidence(training, level, as_of)}
        found.append(
            LevelResult(
                rules=rules,
                outcomes=tuple(_judged(outcome, known) for outcome in outcomes),
                unexamined=tuple(
                    key for key in rules.intended if all(one.intended != key for one in outcomes)
                ),
            )
        )
    return tuple(found)


def _judged(outcome: Outcome, known: Mapping[str, Evidence]) -> OutcomeResult:
    found = [known[one] for one in dict.fromkeys(outcome.evidence) if one in known]
    found.sort(key=lambda one: -one.verdict.rank)  # which leaves those of a rank in their order
    verdict = found[0].verdict if found else None
    return OutcomeResult(
        outcome=outcome,
        verdict=verdict if outcome.too_early is None else Verdict.TOO_EARLY,
        evidence=tuple(found),
    )


def _evidence(training: TrainingEvaluation, level: Level, as_of: datetime.date) -> Iterator[Evidence]:
    """Yield everything that was known on a day, as evidence for an outcome of a level."""
    when = _Calendar.of(training, level, as_of)
    for survey in training.surveys:
        if is_known(survey, as_of):
            for figure in survey.items:
                yield _of_figure(figure, survey, level, when)
    sources = {one.id: one for one in training.interviews}
    for finding in training.findings:
        source = sources.get(finding.interviews or "")
        if source is None or is_known(source, as_of):
            yield _of_finding(finding, source, level, when)
    for record in training.records:
        if record.date is None or record.date <= as_of:
            yield _of_records(record, when)


@attrs.frozen
class _Calendar:
    """When the training was completed, where enrolments say so, and how long a level has to wait.

    Args:
        ended: The days of completion; ``None`` where there are no enrolments.
        least_months: How long a level has to wait.
        as_of: The day of the report: evidence without a day is no later.
    """

    ended: tuple[datetime.date, ...] | None
    least_months: int
    as_of: datetime.date

    @classmethod
    def of(cls, training: TrainingEvaluation, level: Level, as_of: datetime.date) -> _Calendar:
        standings = [enrolment.standing(as_of) for enrolment in training.enrolments]
        ended = tuple(one.completed for one in standings if one is not None and one.completed is not None)
        return cls(ended if standings else None, level_rules()[level].least_months, as_of)

    def is_too_early(self, day: datetime.date | None) -> bool:
        """Whether nobody had completed long enough before a day."""
        if self.ended is None or self.least_months == 0:
            return False
        return all(months_between(one, day or self.as_of) < self.least_months for one in self.ended)

    def verdict(self, worth: Verdict, when: Timing | None, source: Survey | Interviews | None) -> Verdict:
        """Return what evidence is worth once its time is looked at: by waves, else by the enrolments."""
        if when is not None:
            early = when.is_too_early
        else:
            early = self.is_too_early(None if source is None else source.asked_to or source.asked_from)
        return Verdict.TOO_EARLY if early else worth


def _of_figure(figure: Figure, survey: Survey, level: Level, when: _Calendar) -> Evidence:
    reading, timed = read_figure(figure, survey), timing(survey, level)
    basis, worth = _worth(reading, survey, level)
    return Evidence(
        id=figure.id,
        verdict=when.verdict(worth, timed, survey),
        basis=basis,
        text=figure.asks,
        base=reading.base,
        base_assumed=reading.base_assumed,
        source=survey.id,
        population=tuple(sorted(survey.population)),
        self_rated=survey.self_rated,
        reading=reading,
        percent=figure.percent,
        count=figure.count,
        timing=timed,
        place=figure.place,
    )


def _worth(reading: FigureReading, survey: Survey, level: Level) -> tuple[Basis, Verdict]:
    """Return what a figure is worth, its time aside."""
    if survey.design is Design.MATCHED and reading.figure.is_change:
        clear = reading.interval is not None and reading.interval[0] > 0
        return Basis.MATCHED_CHANGE, Verdict.SHOWN if clear else Verdict.CLAIMED
    if level is Level.REACTION and reading.counts:
        return Basis.OPINION, Verdict.SHOWN
    return Basis.AFTER_ONLY, Verdict.CLAIMED


def _of_finding(finding: Finding, source: Interviews | None, level: Level, when: _Calendar) -> Evidence:
    timed = None if source is None else timing(source, level)
    return Evidence(
        id=finding.id,
        verdict=when.verdict(Verdict.CLAIMED, timed, source),
        basis=Basis.INTERVIEWS,
        text=finding.text,
        base=finding.base if finding.base is not None or source is None else source.base,
        source=finding.interviews,
        population=() if source is None else tuple(sorted(source.population)),
        word=finding.word,
        count=finding.count,
        timing=timed,
        place=finding.place,
    )


def _of_records(record: CountedRecords, when: _Calendar) -> Evidence:
    worth = Verdict.SHOWN if record.count is not None else Verdict.CLAIMED
    return Evidence(
        id=record.id,
        verdict=Verdict.TOO_EARLY if when.is_too_early(record.date) else worth,
        basis=Basis.RECORDS,
        text=record.text,
        base=record.base,
        percent=record.percent,
        count=record.count,
        place=record.place,
    )
