"""What a programme of training showed, level by level: a report for people and for programs."""

from __future__ import annotations

import datetime
import textwrap
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.exchange.objects import plain_object
from gatsbykit.issues import Issue, Report
from gatsbykit.model.evaluation import Component, Factor, Finding
from gatsbykit.model.fields import checked
from gatsbykit.model.training_evaluation import TrainingEvaluation
from gatsbykit.plain import plain
from gatsbykit.practice.consistency import contradictions
from gatsbykit.practice.courses import ProviderFigures, provider_figures
from gatsbykit.practice.doubts import doubts
from gatsbykit.practice.tallies import Tally, published_tally, tally
from gatsbykit.practice.verdicts import Basis, Evidence, LevelResult, OutcomeResult, Verdict, judge
from gatsbykit.words import WIDTH, day_words, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


__all__ = [
    "BASIS_WORDS",
    "REPORT_FORMAT",
    "VERDICT_WORDS",
    "TrainingReport",
    "evidence_words",
    "factor_words",
    "training_report",
]

REPORT_FORMAT: Final = "gatsbykit-training-report/1"
"""The name and version of the report's format."""

VERDICT_WORDS: Final[Mapping[Verdict | None, str]] = {
    Verdict.SHOWN: "shown",
    Verdict.CLAIMED: "claimed",
    Verdict.TOO_EARLY: "too early",
    None: "nothing said",
}
"""Every verdict in a few words."""

BASIS_WORDS: Final[Mapping[Basis, str]] = {
    Basis.RECORDS: "records",
    Basis.MATCHED_CHANGE: "the same people before and after",
    Basis.OPINION: "an opinion",
    Basis.AFTER_ONLY: "a rating after the training alone",
    Basis.INTERVIEWS: "interviews",
}
"""What evidence is, in a few words."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class TrainingReport:
    """What a programme of training showed.

    Args:
        training: The programme with its evidence.
        as_of: The day of the report.
        tallies: How many are how far, the published ones first.
        providers: The providers as a report counts them; ``None`` where none does.
        levels: The four levels with their outcomes.
        issues: What is doubtful, and what the document says against itself.
    """

    training: TrainingEvaluation
    as_of: datetime.date
    tallies: tuple[Tally, ...]
    providers: ProviderFigures | None
    levels: tuple[LevelResult, ...]
    issues: tuple[Issue, ...]

    @property
    def components(self) -> Mapping[Component, tuple[Finding, ...]]:
        """The findings by what of behaviour they speak of."""
        return {
            component: tuple(one for one in self.training.findings if one.component is component)
            for component in Component
        }

    def outcome(self, outcome_id: str) -> OutcomeResult | None:
        """Return the result of an outcome by its id."""
        every = (result for level in self.levels for result in level.outcomes)
        return next((result for result in every if result.outcome.id == outcome_id), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready for `json`."""
        return {
            "format": REPORT_FORMAT,
            "as_of": self.as_of.isoformat(),
            "programme": _member(self.training.programme),
            "providers": None if self.providers is None else plain(self.providers),
            "tallies": [one.to_dict() for one in self.tallies],
            "levels": [_level(level) for level in self.levels],
            "components": {str(key): list(map(_member, found)) for key, found in self.components.items()},
            "records": list(map(_member, self.training.records)),
            "barriers": list(map(_member, self.training.barriers)),
            "enablers": list(map(_member, self.training.enablers)),
            "recommendations": list(map(_member, self.training.recommendations)),
            "issues": Report(issues=self.issues).to_dict()["issues"],
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield printable(self.training.programme.title)
        yield f"Evaluation as of {day_words(self.as_of)}. Verdicts follow from rules of this project."
        if self.providers is not None:
            yield from ("", *_wrapped(_provider_words(self.providers)))
        for one in self.tallies:
            yield ""
            yield from str(one).splitlines()
        for level in self.levels:
            yield from _level_lines(level)
        yield from _counted_lines(self.training)
        if self.issues:
            yield from ("", f"To be read with care ({len(self.issues)})")
            for issue in self.issues:
                yield from _wrapped(f"{issue.code}: {issue.message}", "  ")


def _counted_lines(training: TrainingEvaluation) -> Iterator[str]:
    """Yield what records show, what hinders and what helps."""
    if training.records:
        yield from ("", "Records")
    for record in training.records:
        said = _how_many(record.count, record.base, record.percent, None)
        yield from _wrapped(f"{record.text}: {said or 'not counted'}", "  ")
    for title, factors in (("Barriers", training.barriers), ("Enablers", training.enablers)):
        if factors:
            yield from ("", f"{title}, with a number only where it was counted")
        for factor in factors:
            yield from _wrapped(f"{factor.text}{factor_words(factor)}", "  ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )


def _provider_words(found: ProviderFigures) -> str:
    least, most = found.accredited
    accredited = f"{least}" if least == most else f"{least} to {most}"
    missing = ", ".join(f"{count} {kind}" for kind, count in found.not_interviewed.items())
    words = [f"{found.providers} providers, {accredited} with accreditation"]
    words += [
        f"{getattr(found, name)} {what}"
        for name, what in (
            ("level_6", "at level 6"),
            ("level_7", "at level 7"),
            ("residential", "residential"),
        )
        if getattr(found, name) is not None
    ]
    return f"{', '.join(words)}{f'; not interviewed: {missing}' if missing else ''}"


def _level_lines(level: LevelResult) -> Iterator[str]:
    rules = level.rules
    yield from ("", f"Level {rules.level.number}: {rules.level} ({rules.when})")
    yield from _wrapped(rules.asks, "  ")
    for verdict, words in VERDICT_WORDS.items():
        found = [result for result in level.outcomes if result.verdict is verdict]
        if found:
            yield f"  {words}"
        for result in found:
            yield from _wrapped(f"{result.outcome.text}{_result_words(result)}", "    ")
            for one in result.evidence:
                yield from _wrapped(f"{one.id}: {evidence_words(one)}", "      ")
    if level.unexamined:
        yield from _wrapped(
            f"nothing said of: {', '.join(rules.intended[key] for key in level.unexamined)}", "  "
        )


def _result_words(result: OutcomeResult) -> str:
    outcome, strongest = result.outcome, result.strongest
    words: list[str] = []
    if outcome.too_early is not None:
        words.append(f"the source says so, {outcome.too_early}")
    if strongest is not None:
        words.append(_basis_words(strongest))
    if outcome.note is not None:
        words.append(outcome.note)
    return f" ({'; '.join(words)})" if words else ""


def _basis_words(one: Evidence) -> str:
    rated = ", self-rated" if one.self_rated else ""
    whom = f", {' and '.join(one.population)}" if one.population else ""
    return f"{BASIS_WORDS[one.basis]}{rated}{whom}"


def evidence_words(one: Evidence) -> str:
    """Say what a piece of evidence is and what it rests on.

    Examples:
        >>> print(evidence_words(Evidence(
        ...     id="f1", verdict="claimed", basis=Basis.INTERVIEWS, text="more providers visit",
        ...     word="several", base=52,
        ... )))
        more providers visit; several of 52
    """
    words = (
        f"{one.text}; {one.reading or _how_many(one.count, one.base, one.percent, one.word) or 'not counted'}"
    )
    if one.timing is not None and one.timing.never:
        timed = one.timing
        words += f" (in time: {timed.certain} certainly, {timed.possible} possibly, {timed.never} not)"
    return words if one.place is None else f"{words} [{one.place}]"


def _how_many(count: int | None, base: int | None, percent: str | None, word: str | None) -> str:
    """Say how many, by what is known of it; empty if nothing is."""
    of = "" if base is None else f" of {base:,}"
    if count is not None:
        return f"{count:,}{of}"
    if percent is not None:
        return f"{percent} %{of or ' of an unknown base'}"
    return "" if word is None else f"{word.replace('_', ' ')}{of}"


def factor_words(factor: Factor) -> str:
    """Say how many named something that helps or hinders, and who; empty if nobody says.

    Examples:
        >>> factor_words(Factor(id="time", text="lack of time", percent="73"))
        ': 73 % of an unknown base'
    """
    said = _how_many(factor.count, factor.base, factor.percent, factor.word)
    who = factor.who or (factor.respondents and f"{factor.respondents.replace('_', ' ')}s")
    words = ", ".join(filter(None, [said, who]))
    return f": {words}" if words else ""


def _member(value: attrs.AttrsInstance) -> dict[str, Any]:
    """Return a value with all of its members; what is unknown is ``None``."""
    return {**dict.fromkeys(attrs.fields_dict(type(value))), **plain_object(value)}


def _level(level: LevelResult) -> dict[str, Any]:
    rules = level.rules
    return {
        "level": str(rules.level),
        "number": rules.level.number,
        "asks": rules.asks,
        "when": rules.when,
        "least_months": rules.least_months,
        "interpretation": rules.interpretation,
        "source": rules.source,
        "outcomes": [_outcome(result) for result in level.outcomes],
        "unexamined": [{"key": key, "text": rules.intended[key]} for key in level.unexamined],
    }


def _outcome(result: OutcomeResult) -> dict[str, Any]:
    outcome, strongest = result.outcome, result.strongest
    return {
        "id": outcome.id,
        "text": outcome.text,
        "intended": outcome.intended,
        "verdict": None if result.verdict is None else str(result.verdict),
        "basis": None if strongest is None else str(strongest.basis),
        "base": None if strongest is None else strongest.base,
        "base_assumed": None if strongest is None else strongest.base_assumed,
        "self_rated": None if strongest is None else strongest.self_rated,
        "population": [] if strongest is None else list(strongest.population),
        "too_early": outcome.too_early,
        "note": outcome.note,
        "place": outcome.place,
        "evidence": [_one_evidence(one) for one in result.evidence],
    }


def _one_evidence(one: Evidence) -> dict[str, Any]:
    reading = one.reading
    change = None if reading is None else reading.change
    found = None if reading is None else reading.bounds
    return {
        "id": one.id,
        "basis": str(one.basis),
        "verdict": str(one.verdict),
        "text": one.text,
        "source": one.source,
        "base": one.base,
        "base_assumed": one.base_assumed,
        "percent": one.percent,
        "count": one.count,
        "counts": None if reading is None else _ends(reading.counts),
        "before": None if change is None else _ends(change.before),
        "better": None if found is None else list(found.better),
        "worse": None if found is None else list(found.worse),
        "share": None if reading is None else _percents(reading.share),
        "points": None if reading is None else _percents(reading.interval),
        "word": None if one.word is None else str(one.word),
        "timing": plain(one.timing),
        "place": one.place,
    }


def _ends(span: range) -> list[int] | None:
    return [span[0], span[-1]] if span else None


def _percents(ends: tuple[float, float] | None) -> list[float] | None:
    """Return the ends of an interval in hundredths of a per cent, as published intervals are given."""
    return None if ends is None else [round(100 * end, 2) for end in ends]


def training_report(
    training: TrainingEvaluation, *, as_of: datetime.date, notes: Sequence[Issue] = ()
) -> TrainingReport:
    """Report what a programme of training showed.

    Args:
        training: The programme with its evidence.
        as_of: The day of the report. Whatever is dated later has not happened.
        notes: What was noticed while it was read.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.practice.training import load_training
        >>> training = load_training("examples/careers-leader-training").training
        >>> report = training_report(training, as_of=date(2020, 12, 31))
        >>> report.tallies[0].started, report.outcome("satisfied").verdict
        (1125, <Verdict.SHOWN: 'shown'>)
    """
    levels = judge(training, as_of)
    tallies = [published_tally(one) for one in training.tallies if one.date <= as_of]
    if training.enrolments:
        tallies.append(tally(training.enrolments, as_of, places=training.programme.places))
    return TrainingReport(
        training=training,
        as_of=as_of,
        tallies=tuple(tallies),
        providers=provider_figures(training.provider_groups) if training.provider_groups else None,
        levels=levels,
        issues=(*notes, *doubts(training, levels, as_of), *contradictions(training, as_of)),
    )
