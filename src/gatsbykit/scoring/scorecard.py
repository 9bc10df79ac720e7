"""The scorecard: what an institution's records and answers come to under an edition."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from gatsbykit.frozen import FrozenMapping
from gatsbykit.issues import Issue
from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers, answer_value
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.model.institutions import Institution
from gatsbykit.plain import plain
from gatsbykit.rules.document import fingerprint
from gatsbykit.rules.grading import (
    PRESETS,
    BenchmarkStatus,
    CriterionStatus,
    PhaseStatus,
    Preset,
    Status,
    Tone,
    benchmark_percent,
    benchmark_status,
    declared_share,
)
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.rules.vocabulary import Benchmark, Criterion, Edition
from gatsbykit.scoring.measurement import Origin, Tally
from gatsbykit.scoring.plan import Settings, adviser_level
from gatsbykit.words import (
    WIDTH,
    counted,
    day_words,
    name_words,
    percent_text,
    plural,
    printable,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

__all__ = [
    "SCORECARD_FORMAT",
    "BenchmarkResult",
    "CriterionResult",
    "PhaseResult",
    "Scorecard",
    "access_words",
    "basis_words",
    "hours_words",
    "scorecard_text",
]


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionResult:
    """What came out for one criterion.

    Args:
        criterion: The criterion.
        basis: ``evidence`` (records of learners), ``declared`` (the institution's own answer), or
            ``None`` where there is neither.
        status: By preset; the same everywhere for an answer of yes or no.
        tally: The counts, where the basis is evidence.
        answer: The institution's answer, if there is one.
        deadline: The last day of the academic year, for share criteria.
        origin: Where a declared answer comes from, if it decides: ``answers``, ``programme``, or
            ``both`` (parts from each).

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> card = gk.score(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> result = card["6a"]
        >>> result.numerator + len(result.missing) == result.denominator
        True
    """

    criterion: Criterion
    basis: Literal["evidence", "declared"] | None
    status: Mapping[str, CriterionStatus] = attrs.field(hash=False)
    tally: Tally | None = None
    answer: DeclaredAnswer | None = None
    deadline: date | None = None
    origin: Origin | None = None

    @property
    def numerator(self) -> int | None:
        """How many learners meet the requirement, if the basis is evidence."""
        return None if self.tally is None else self.tally.numerator

    @property
    def denominator(self) -> int | None:
        """How many learners it is about, if the basis is evidence."""
        return None if self.tally is None else self.tally.denominator

    @property
    def missing(self) -> tuple[str, ...] | None:
        """The ids of those who do not meet it, sorted by code point, if the basis is evidence."""
        return None if self.tally is None else self.tally.missing

    @property
    def share(self) -> Fraction | None:
        """The exact share, counted or else declared; ``None`` where there is neither."""
        return declared_share(self.answer) if self.tally is None else self.tally.share

    @property
    def on_track(self) -> Mapping[int, tuple[int, int]] | None:
        """How many, by earlier year group, meet it already, and how many there are."""
        return None if self.tally is None or not self.criterion.due_years else self.tally.on_track

    @property
    def claim(self) -> DeclaredAnswer | None:
        """What the institution declares, where it stands beside evidence."""
        return self.answer if self.basis == "evidence" else None

    @property
    def is_contradicted(self) -> bool:
        """Whether the evidence says something else than the claim."""
        if self.claim is None or self.tally is None or self.tally.share is None:
            return False
        if isinstance(self.claim, Band):
            return Band.of(self.tally.share) is not self.claim
        return declared_share(self.claim) != self.tally.share


@attrs.frozen(kw_only=True, field_transformer=checked)
class BenchmarkResult:
    """What came out for one benchmark.

    Args:
        benchmark: The benchmark.
        criteria: The results of its criteria, in order.
    """

    benchmark: Benchmark
    criteria: tuple[CriterionResult, ...]

    @property
    def number(self) -> int:
        """Its number, 1 to 8."""
        return self.benchmark.number

    @property
    def title(self) -> str:
        """Its title."""
        return self.benchmark.title

    @property
    def status(self) -> Mapping[str, BenchmarkStatus]:
        """By preset, what its criteria come to."""
        return FrozenMapping({preset: benchmark_status(self._at(preset)) for preset in PRESETS})

    @property
    def percent(self) -> Mapping[str, int | None]:
        """By preset, the percentage of its applicable criteria that are met, rounded down."""
        return FrozenMapping({preset: benchmark_percent(self._at(preset)) for preset in PRESETS})

    @property
    def applies(self) -> bool:
        """Whether any of its criteria applies."""
        return any(
            result.status[Preset.EVERY_PUPIL] is not CriterionStatus.NOT_APPLICABLE
            for result in self.criteria
        )

    def _at(self, preset: Preset) -> list[CriterionStatus]:
        return [result.status[preset] for result in self.criteria]


@attrs.frozen(kw_only=True, field_transformer=checked)
class PhaseResult:
    """What came out for a phase of the provider access law.

    Args:
        status: Whether it is met.
        tally: Learners in the first and second phase, occasions in the third.
    """

    status: PhaseStatus
    tally: Tally


def _by_preset(counts: Mapping[str, int]) -> Mapping[str, int]:
    return FrozenMapping(dict(counts))


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class Scorecard:
    """What an institution's records and answers come to under one edition at one date.

    A scorecard is a reading of the benchmarks by the rules of this project. It is not an official
    result of anybody.

    Args:
        institution: The institution.
        edition: The edition.
        as_of: The date of the assessment.
        benchmarks: The results of the eight benchmarks.
        settings: The choices it was made with.
        provider_access: By phase, the provider access law; ``None`` where it does not apply.
        work_experience: By part, the work experience guarantee; ``None`` where it does not apply.
        warnings: What was doubtful: on the way from file to records, and while these were scored.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> card = gk.score(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> card
        <Scorecard of Northfield School (synthetic), 2025-school as of 2026-07-10: 3 of 8 achieved>
        >>> card.achieved["every_pupil"]
        3
    """

    institution: Institution
    edition: Edition
    as_of: date
    benchmarks: tuple[BenchmarkResult, ...]
    settings: Settings = attrs.field(factory=Settings)
    provider_access: Mapping[str, PhaseResult] | None = attrs.field(default=None, hash=False)
    work_experience: Mapping[str, Tally] | None = attrs.field(default=None, hash=False)
    warnings: tuple[Issue, ...] = ()

    @property
    def academic_year(self) -> AcademicYear:
        """The academic year of the assessment."""
        return AcademicYear.of(self.as_of)

    @property
    def fingerprint(self) -> str:
        """A digest of the rules it was made by, as hexadecimal; settings are not in it."""
        return fingerprint(self.edition)

    @property
    def achieved(self) -> Mapping[str, int]:
        """By preset, how many benchmarks are achieved."""
        statuses = [result.status for result in self.benchmarks]
        return _by_preset(
            {
                preset: sum(status[preset] is BenchmarkStatus.ACHIEVED for status in statuses)
                for preset in PRESETS
            }
        )

    @property
    def applicable(self) -> int:
        """How many benchmarks apply, normally 8."""
        return sum(result.applies for result in self.benchmarks)

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The results of all criteria, in order."""
        return tuple(result for benchmark in self.benchmarks for result in benchmark.criteria)

    def __getitem__(self, criterion_id: str) -> CriterionResult:
        self.edition.criterion(criterion_id)  # raises for an unknown id, and says which there are
        return next(result for result in self.criteria if result.criterion.id == criterion_id)

    def __repr__(self) -> str:
        return (
            f"<Scorecard of {self.institution.name}, {self.edition.key} as of {self.as_of}: "
            f"{self.achieved[Preset.EVERY_PUPIL]} of {self.applicable} achieved>"
        )

    def __str__(self) -> str:
        return scorecard_text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the scorecard as the exchange format writes it, ready for `json`."""
        return _document(self)


# As the exchange format writes it


SCORECARD_FORMAT: Final = "gatsbykit-scorecard/1"
"""The name and version of the scorecard's format."""


def _document(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as the exchange format writes it, ready for `json`."""
    return {
        "format": SCORECARD_FORMAT,
        "institution": {
            "id": str(card.institution.id),
            "name": card.institution.name,
            "kind": card.institution.kind.value,
        },
        "edition": card.edition.key,
        "as_of": card.as_of.isoformat(),
        "academic_year": str(card.academic_year),
        "achieved": plain(card.achieved),
        "applicable": card.applicable,
        "benchmarks": [
            {
                "number": result.number,
                "title": result.title,
                "status": plain(result.status),
                "percent": plain(result.percent),
                "criteria": [_criterion_fields(one) for one in result.criteria],
            }
            for result in card.benchmarks
        ],
        "provider_access": None
        if card.provider_access is None
        else {
            name: {"status": phase.status.value, **_tally_fields(phase.tally)}
            for name, phase in card.provider_access.items()
        },
        "work_experience": None
        if card.work_experience is None
        else {name: _tally_fields(tally) for name, tally in card.work_experience.items()},
        "warnings": [
            {"code": issue.code, "message": issue.message, "count": issue.count, "where": issue.where}
            for issue in card.warnings
        ],
        "rules": {"fingerprint": f"sha256:{card.fingerprint}"},
        "settings": {
            "unknown": card.settings.unknown,
            "adviser_level": adviser_level(card.edition, card.settings),
            "at_least": dict(sorted(card.settings.at_least.items())),
        },
    }


def _tally_fields(tally: Tally) -> dict[str, Any]:
    return {
        "numerator": tally.numerator,
        "denominator": tally.denominator,
        "missing": list(tally.missing),
    }


def _criterion_fields(result: CriterionResult) -> dict[str, Any]:
    criterion = result.criterion
    nobody = {"numerator": None, "denominator": None, "missing": None}
    on_track = result.on_track
    return {
        "id": criterion.id,
        "type": criterion.type,
        "basis": result.basis,
        "status": plain(result.status),
        **(nobody if result.tally is None else _tally_fields(result.tally)),
        "text": criterion.text,
        "source": "; ".join(f"{source.title} ({source.where})" for source in criterion.sources),
        "interpretation": criterion.interpretation,
        "deadline": None if result.deadline is None else result.deadline.isoformat(),
        "on_track": None
        if on_track is None
        else {
            str(year): {"numerator": numerator, "denominator": denominator}
            for year, (numerator, denominator) in on_track.items()
        },
        "claim": None if result.claim is None else answer_value(result.claim),
        "origin": result.origin,
    }


# As a table for people


_CELL: Final = 12


_LABEL: Final = WIDTH - _CELL * len(PRESETS)


_MOST: Final = 5


_BOLD: Final = "1"
_COLOURS: Final = {Tone.GOOD: "32", Tone.PARTLY: "33", Tone.BAD: "31", Tone.NONE: "2"}


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
        _benchmark_table(card, paint),
        _missing_most(card, paint),
        _provider_access_lines(card, paint),
        _work_experience_lines(card, paint),
        _warning_lines(card, paint),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines)


def _line(label: str, cells: Iterator[str] | list[str]) -> str:
    return f"{label:<{_LABEL}.{_LABEL - 1}}{''.join(cells)}".rstrip()


def _cell(status: Status, paint: Callable[[str, str], str]) -> str:
    return paint(status.short, _COLOURS[status.tone]) + " " * (_CELL - len(status.short))


def _heading(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    # The name comes from outside; control characters in it would reach the terminal.
    yield from (paint(line, _BOLD) for line in wrapped(printable(card.institution.name)))
    yield f"{card.edition.title}"
    yield f"Academic year {card.academic_year}, as of {day_words(card.as_of)}"
    yield f"Rules {card.fingerprint[:12]} (python -m gatsbykit rules {card.edition.key})"


def _benchmark_table(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the table of benchmarks and criteria."""
    yield _line("", [f"{words:<{_CELL}}" for words in map(name_words, PRESETS)])
    thresholds = (f"({percent_text(preset.threshold, 0)})" for preset in PRESETS)
    yield _line("Benchmark", [f"{words:<{_CELL}}" for words in thresholds])
    yield "-" * WIDTH
    for result in card.benchmarks:
        cells = [_cell(result.status[preset], paint) for preset in PRESETS]
        title = textwrap.wrap(result.title, _LABEL - 5)
        yield _line(f"{result.number}  {title[0]}", cells)
        yield from (f"   {line}" for line in title[1:])
        for one in result.criteria:
            words = [_cell(one.status[preset], paint) for preset in PRESETS]
            yield _line(f"   {one.criterion.id}  {basis_words(one)}", words)
    yield "-" * WIDTH
    counts = card.achieved
    cells = [f"{f'{counts[preset]} of {card.applicable}':<{_CELL}}" for preset in PRESETS]
    yield paint(_line("Benchmarks achieved", cells), _BOLD)


_ORIGIN_WORDS: Final = {None: "declared", "answers": "declared", "programme": "programme", "both": "both"}


def basis_words(result: CriterionResult) -> str:
    """Say what a criterion's status rests on, in a few words."""
    if result.tally is not None:
        return _count_words(result.tally)
    said = _ORIGIN_WORDS[result.origin]
    match result.answer:
        case Answer() | Band():
            return f"{said}: {name_words(result.answer)}"
        case PartAnswers():
            yes = sum(answer is Answer.YES for answer in result.answer.parts.values())
            return f"{said}: {yes} of {len(result.criterion.parts)} parts"
        case DeclaredShare():
            return f"{said}: {percent_text(result.answer.share)}"
        case _:
            return "no evidence, no answer"


def _count_words(tally: Tally) -> str:
    if tally.share is None:
        return "nobody it is about" if not tally.unknown_only else "whom it is about is not recorded"
    return f"{tally.numerator} of {tally.denominator} ({percent_text(tally.share)})"


def _missing_most(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the criteria with the most learners missing."""
    short = [(one, len(one.missing)) for one in card.criteria if one.missing]
    if not short:
        return
    yield paint("What is missing most", _BOLD)
    for one, missing in sorted(short, key=lambda pair: -pair[1])[:_MOST]:
        label = f"{missing:>5} {plural(missing, 'learner'):<8}  {one.criterion.id}  "
        indent = " " * len(label)
        yield from wrapped(one.criterion.text, indent, label)
        if one.criterion.interpretation is not None:
            yield from wrapped(f"Interpretation: {one.criterion.interpretation}", indent)


def _provider_access_lines(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if card.provider_access is None:
        return
    yield paint("Provider access (the law, not a benchmark)", _BOLD)
    for name, phase in card.provider_access.items():
        title, counts = access_words(name, phase.tally)
        yield f"  {title:<34}{counts:<24}{paint(phase.status.words, _COLOURS[phase.status.tone])}"


def access_words(name: str, tally: Tally) -> tuple[str, str]:
    """Name a phase of the provider access law, and say what was counted in it.

    Args:
        name: The name of the phase.
        tally: What was counted: learners, or the occasions that the institution put on.
    """
    rule = next(phase for phase in provider_access_rules().phases if phase.name == name)
    what = ("learner", None) if rule.per == "learner" else ("occasion held", "occasions held")
    return rule.title, f"{tally.numerator} of {counted(tally.denominator, *what)}"


def _work_experience_lines(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if card.work_experience is None:
        return
    yield paint("Work experience guarantee (for information, not scored)", _BOLD)
    for name, tally in card.work_experience.items():
        yield f"  {hours_words(name):<34}{_count_words(tally)}"


def hours_words(name: str) -> str:
    """Name a part of the work experience guarantee."""
    return next(part.title for part in work_experience_rules().parts if part.name == name)


def _warning_lines(card: Scorecard, paint: Callable[[str, str], str]) -> Iterator[str]:
    if not card.warnings:
        return
    yield paint("Warnings", _BOLD)
    for issue in card.warnings:
        yield from wrapped(f"{issue.where}: {issue.message}", " " * 7, f"{issue.count:>5}  ")
