"""The scorecard: what an institution's records and answers come to under an edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import attrs

from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, PartAnswers
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.institutions import Institution
from gatsbykit.rules.grading import (
    PRESETS,
    BenchmarkStatus,
    CriterionStatus,
    Preset,
    benchmark_percent,
    benchmark_status,
    declared_share,
    declared_status,
    everywhere,
    fits,
    percent_text,
    share_statuses,
)
from gatsbykit.rules.vocabulary import Benchmark, Criterion, Edition
from gatsbykit.scoring.measurement import Measurement, Notice, Tally
from gatsbykit.scoring.plan import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.scoring.plan import Plan

__all__ = [
    "BenchmarkResult",
    "CriterionResult",
    "PhaseResult",
    "PhaseStatus",
    "Scorecard",
    "build_scorecard",
]


@attrs.frozen(kw_only=True)
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
        """The exact share: counted, or else declared; ``None`` where there is neither."""
        return declared_share(self.answer) if self.tally is None else self.tally.share

    @property
    def on_track(self) -> Mapping[int, tuple[int, int]] | None:
        """By earlier year group: how many meet it already, and how many there are."""
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


@attrs.frozen(kw_only=True)
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
        return MappingProxyType({preset: benchmark_status(self._at(preset)) for preset in PRESETS})

    @property
    def percent(self) -> Mapping[str, int | None]:
        """By preset, the percentage of its applicable criteria that are met, rounded down."""
        return MappingProxyType({preset: benchmark_percent(self._at(preset)) for preset in PRESETS})

    @property
    def applies(self) -> bool:
        """Whether any of its criteria applies."""
        return any(
            result.status[Preset.EVERY_PUPIL] is not CriterionStatus.NOT_APPLICABLE
            for result in self.criteria
        )

    def _at(self, preset: Preset) -> list[CriterionStatus]:
        return [result.status[preset] for result in self.criteria]


class PhaseStatus(StrEnum):
    """What came out for a phase of the provider access law."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    """There is still time, and not everybody meets it yet."""

    NOT_APPLICABLE = "not_applicable"


@attrs.frozen(kw_only=True)
class PhaseResult:
    """What came out for a phase of the provider access law.

    Args:
        status: Whether it is met.
        tally: Learners in the first and second phase, occasions in the third.
    """

    status: PhaseStatus
    tally: Tally


def _by_preset(counts: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(counts))


@attrs.frozen(kw_only=True, repr=False)
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
        warnings: What was noticed on the way.

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
    warnings: tuple[Notice, ...] = ()

    @property
    def academic_year(self) -> AcademicYear:
        """The academic year of the assessment."""
        return AcademicYear.of(self.as_of)

    @property
    def fingerprint(self) -> str:
        """A digest of the rules it was made by, as hexadecimal; settings are not in it."""
        from gatsbykit.rules.document import fingerprint  # noqa: PLC0415 (the export knows scores)

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
        from gatsbykit.scoring.text import scorecard_text  # noqa: PLC0415 (reports know scorecards)

        return scorecard_text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the scorecard as the exchange format writes it, ready for `json`."""
        from gatsbykit.scoring.document import scorecard_document  # noqa: PLC0415 (exchange knows them)

        return scorecard_document(self)


def build_scorecard(
    plan: Plan,
    institution: Institution,
    answers: Mapping[str, DeclaredAnswer],
    measurement: Measurement,
    notes: tuple[Notice, ...] = (),
) -> Scorecard:
    """Judge what a lane of the engine counted.

    Args:
        plan: The compiled edition.
        institution: The institution.
        answers: What it declares under this edition, by criterion id.
        measurement: What was counted.
        notes: What was noticed before, when the records were read.

    Raises:
        ValueError: An answer is about no criterion of the edition, or not of its criterion's type.
    """
    _refuse_misfits(plan.edition, answers)
    benchmarks = tuple(
        BenchmarkResult(
            benchmark=benchmark,
            criteria=tuple(
                _judge(plan, criterion, measurement.tallies.get(criterion.id), answers.get(criterion.id))
                for criterion in benchmark.criteria
            ),
        )
        for benchmark in plan.edition.benchmarks
    )
    contradictions = (
        notice
        for benchmark in benchmarks
        for result in benchmark.criteria
        for notice in _contradiction(result)
    )
    return Scorecard(
        institution=institution,
        edition=plan.edition,
        as_of=plan.as_of,
        benchmarks=benchmarks,
        settings=plan.settings,
        provider_access=_judge_access(plan, measurement.access),
        work_experience=measurement.hours,
        warnings=(*notes, *measurement.notices, *contradictions),
    )


def _refuse_misfits(edition: Edition, answers: Mapping[str, DeclaredAnswer]) -> None:
    criteria = {criterion.id: criterion for criterion in edition.criteria}
    misfits = [
        one for one, answer in answers.items() if one not in criteria or not fits(criteria[one], answer)
    ]
    if misfits:
        raise ValueError(f"the answers to {', '.join(misfits)} do not fit the criteria of {edition.key}")


def _judge(
    plan: Plan, criterion: Criterion, tally: Tally | None, answer: DeclaredAnswer | None
) -> CriterionResult:
    """Judge one criterion: evidence decides, else the institution's answer."""
    if criterion.type == "declared":
        given = isinstance(answer, Answer) or (isinstance(answer, PartAnswers) and bool(answer.parts))
        return CriterionResult(
            criterion=criterion,
            basis="declared" if given else None,
            status=everywhere(declared_status(criterion, answer)),
            answer=answer if given else None,
        )
    deadline = plan.academic_year.last_day
    share = declared_share(answer) if tally is None else tally.share
    basis: Literal["evidence", "declared"] | None
    if tally is not None:
        basis = "evidence"
        empty = CriterionStatus.NOT_ASSESSED if tally.unknown_only else CriterionStatus.NOT_APPLICABLE
    else:
        basis = None if share is None else "declared"
        empty = CriterionStatus.NOT_ASSESSED
    return CriterionResult(
        criterion=criterion,
        basis=basis,
        status=everywhere(empty) if share is None else share_statuses(share),
        tally=tally,
        answer=answer,
        deadline=deadline,
    )


def _contradiction(result: CriterionResult) -> Iterator[Notice]:
    """Notice a claim that the evidence contradicts, and by how much."""
    claim, tally = result.claim, result.tally
    if not result.is_contradicted or tally is None or tally.share is None:
        return
    counted = f"{tally.numerator} of {tally.denominator}, {percent_text(tally.share)}"
    if isinstance(claim, Band):
        words = f"the claim is {claim}, the evidence {Band.of(tally.share)} ({counted})"
    else:
        claimed = declared_share(claim) or Fraction(0)
        points = percent_text(abs(claimed - tally.share), 2).removesuffix(" %")
        side = "above" if claimed > tally.share else "below"
        words = (
            f"the claim is {percent_text(claimed, 2)}, {points} percentage points {side} "
            f"the evidence ({counted})"
        )
    criterion_id = result.criterion.id
    yield Notice(code="claim_contradicted", message=words, count=1, where=criterion_id)


def _judge_access(plan: Plan, tallies: Mapping[str, Tally] | None) -> Mapping[str, PhaseResult] | None:
    """Judge the phases of the provider access law."""
    if tallies is None:
        return None
    still_open = not plan.access_rules.is_late(plan.as_of)
    results: dict[str, PhaseResult] = {}
    for name, tally in tallies.items():
        if tally.unknown_only or not tally.denominator:
            status = PhaseStatus.NOT_APPLICABLE
        elif tally.numerator >= tally.denominator:
            status = PhaseStatus.MET
        else:
            status = PhaseStatus.OPEN if still_open else PhaseStatus.NOT_MET
        results[name] = PhaseResult(status=status, tally=tally)
    return MappingProxyType(results)
