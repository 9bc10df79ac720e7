from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers
from gatsbykit.rules import edition
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
    share_statuses,
)
from gatsbykit.words import percent_text
from tests.support import oracle

MET, NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
UNCLEAR, NOBODY = CriterionStatus.NOT_ASSESSED, CriterionStatus.NOT_APPLICABLE


@given(st.lists(st.sampled_from(CriterionStatus), max_size=6))
def test_benchmarks(statuses: list[CriterionStatus]) -> None:
    plain = [status.value for status in statuses]
    assert benchmark_status(statuses) == oracle.benchmark_status(plain)
    assert benchmark_percent(statuses) == oracle.benchmark_percent(plain)


@pytest.mark.parametrize(
    ("statuses", "status", "percent"),
    [
        ([], "not_applicable", None),
        ([NOBODY], "not_applicable", None),
        ([MET, MET], "achieved", 100),
        ([MET, NOBODY], "achieved", 100),
        ([MET, NOT_MET, UNCLEAR], "partially_achieved", 33),
        ([MET, MET, NOT_MET], "partially_achieved", 66),
        ([NOT_MET, NOBODY], "not_achieved", 0),
        ([NOT_MET, UNCLEAR], "not_assessed", 0),
        ([UNCLEAR], "not_assessed", 0),
        ([MET] * 199 + [UNCLEAR], "partially_achieved", 99),
    ],
)
def test_some_benchmarks(statuses: list[CriterionStatus], status: str, percent: int | None) -> None:
    assert benchmark_status(statuses) is BenchmarkStatus(status)
    assert benchmark_percent(statuses) == percent


@given(st.integers(0, 200), st.integers(1, 200))
def test_shares_are_compared_exactly(numerator: int, more: int) -> None:
    denominator = numerator + more - 1 or 1
    statuses = share_statuses(Fraction(numerator, denominator))
    assert [*statuses] == [*PRESETS] == ["every_pupil", "almost_all", "legacy"]
    assert (statuses[Preset.EVERY_PUPIL] is MET) == (numerator == denominator)
    assert (statuses[Preset.ALMOST_ALL] is MET) == (100 * numerator >= 91 * denominator)
    assert (statuses[Preset.LEGACY] is MET) == (100 * numerator >= 76 * denominator)


def test_the_same_everywhere() -> None:
    assert everywhere(NOBODY) == dict.fromkeys(PRESETS, NOBODY)


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (Band.A_FEW, Fraction(1, 100)),
        (Band.ALL, 1),
        (DeclaredShare("0.5"), Fraction(1, 2)),
        (Answer.YES, None),
        (None, None),
    ],
)
def test_what_a_claim_counts_as(answer: DeclaredAnswer | None, share: Fraction | int | None) -> None:
    assert declared_share(answer) == share


@pytest.mark.parametrize(
    ("criterion_id", "answer", "status", "is_fitting"),
    [
        ("1b", Answer.YES, MET, True),
        ("1b", Answer.NO, NOT_MET, True),
        ("1b", Answer.IN_PROGRESS, NOT_MET, True),
        ("1b", Band.ALL, UNCLEAR, False),
        ("3d", PartAnswers({"destinations": Answer.YES, "alumni": Answer.YES}), MET, True),
        ("3d", PartAnswers({"destinations": Answer.YES}), UNCLEAR, True),
        ("3d", PartAnswers({"destinations": Answer.IN_PROGRESS}), NOT_MET, True),
        ("3d", PartAnswers({}), UNCLEAR, True),
        ("3d", PartAnswers({"teachers": Answer.NO}), UNCLEAR, False),
    ],
)
def test_declared_criteria(
    criterion_id: str, answer: DeclaredAnswer, status: CriterionStatus, is_fitting: bool
) -> None:
    criterion = edition("2025-school").criterion(criterion_id)
    assert declared_status(criterion, answer) is status
    assert declared_status(criterion, None) is UNCLEAR
    assert fits(criterion, answer) is is_fitting


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (Fraction(0), 1, "0 %"),
        (Fraction(0), 0, "0 %"),
        (Fraction(1), 0, "100 %"),
        (Fraction(1), 2, "100 %"),
        (Fraction(1, 3), 1, "33.3 %"),
        (Fraction(2, 3), 2, "66.67 %"),
        (Fraction(1, 8), 0, "13 %"),
        (Fraction(1, 200), 0, "1 %"),
        (Fraction(1, 2000), 1, "0.1 %"),
        (Fraction(1, 10**6), 1, "0.1 %"),
        (Fraction(999999, 10**6), 1, "99.9 %"),
        (Fraction(999999, 10**6), 0, "99 %"),
        (Fraction(1005, 10000), 1, "10.1 %"),
    ],
)
def test_percentages_never_round_to_all_or_nothing(share: Fraction, digits: int, text: str) -> None:
    assert percent_text(share, digits) == text
