"""Judging: what a lane counted, and what the institution declares, become a scorecard."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import attrs

from gatsbykit.errors import RecordsError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.issues import Issue
from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, PartAnswers
from gatsbykit.rules.grading import (
    CriterionStatus,
    PhaseStatus,
    declared_share,
    declared_status,
    everywhere,
    fits,
    share_statuses,
)
from gatsbykit.scoring.scorecard import BenchmarkResult, CriterionResult, PhaseResult, Scorecard
from gatsbykit.words import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatsbykit.model.institutions import Institution
    from gatsbykit.rules.vocabulary import Criterion, Edition
    from gatsbykit.scoring.following import Declared
    from gatsbykit.scoring.measurement import Measurement, Origin, Tally
    from gatsbykit.scoring.plan import Plan

__all__ = ["build_scorecard", "refuse_misfits"]


def build_scorecard(
    plan: Plan,
    institution: Institution,
    declared: Declared,
    measurement: Measurement,
    notes: tuple[Issue, ...] = (),
) -> Scorecard:
    """Judge what a lane of the engine counted.

    Args:
        plan: The compiled edition.
        institution: The institution.
        declared: What it declares under this edition, its programme included.
        measurement: What was counted.
        notes: What was doubtful before, when the records were read.

    Raises:
        RecordsError: An answer is about no criterion of the edition, or not of its criterion's type.
    """
    answers, origins = declared.answers, declared.origins
    refuse_misfits(plan.edition, answers)
    benchmarks = tuple(
        BenchmarkResult(
            benchmark=benchmark,
            criteria=tuple(
                _with_origin(
                    _judge(plan, criterion, measurement.tallies.get(criterion.id), answers.get(criterion.id)),
                    origins,
                )
                for criterion in benchmark.criteria
            ),
        )
        for benchmark in plan.edition.benchmarks
    )
    contradictions = (
        issue for benchmark in benchmarks for result in benchmark.criteria for issue in _contradiction(result)
    )
    return Scorecard(
        institution=institution,
        edition=plan.edition,
        as_of=plan.as_of,
        benchmarks=benchmarks,
        settings=plan.settings,
        provider_access=_judge_access(plan, measurement.access),
        work_experience=measurement.hours,
        warnings=(*notes, *measurement.warnings, *contradictions, *declared.warnings),
    )


def refuse_misfits(edition: Edition, answers: Mapping[str, DeclaredAnswer]) -> None:
    """Refuse answers that are about no criterion of an edition, or not of its criterion's type.

    Raises:
        ValueError: There are such; the message lists the criteria.
    """
    criteria = {criterion.id: criterion for criterion in edition.criteria}
    misfits = [
        one for one, answer in answers.items() if one not in criteria or not fits(criteria[one], answer)
    ]
    if misfits:
        raise RecordsError(f"the answers to {', '.join(misfits)} do not fit the criteria of {edition.key}")


def _with_origin(result: CriterionResult, origins: Mapping[str, Origin]) -> CriterionResult:
    """Say where the answer comes from, where an answer decides."""
    if result.basis != "declared":
        return result
    return attrs.evolve(result, origin=origins.get(result.criterion.id, "answers"))


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


def _contradiction(result: CriterionResult) -> Iterator[Issue]:
    """Warn of a claim that the evidence contradicts, and say by how much."""
    claim, tally = result.claim, result.tally
    if not result.is_contradicted or tally is None or tally.share is None:
        return
    if isinstance(claim, Band):
        said, against = str(claim), f"the evidence {Band.of(tally.share)}"
    else:
        claimed = declared_share(claim) or Fraction(0)
        points = percent_text(abs(claimed - tally.share), 2).removesuffix(" %")
        side = "above" if claimed > tally.share else "below"
        said, against = percent_text(claimed, 2), f"{points} percentage points {side} the evidence"
    details = {
        "claim": said,
        "against": against,
        "numerator": tally.numerator,
        "denominator": tally.denominator,
        "share": percent_text(tally.share),
    }
    yield Issue(code="claim_contradicted", details=details, path=result.criterion.id)


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
    return FrozenMapping(results)
