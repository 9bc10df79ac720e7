"""Careers work in practice: programmes, leaders and groups, and the training of careers leaders.

Examples:
    >>> from datetime import date
    >>> from gatsbykit import practice
    >>> found = practice.load_training("examples/careers-leader-training")
    >>> report = practice.training_report(found.training, as_of=date(2020, 12, 31))
    >>> report.outcome("plans").verdict.value, report.outcome("effective").verdict.value
    ('shown', 'claimed')
"""

from __future__ import annotations

from gatsbykit.practice.consistency import contradictions
from gatsbykit.practice.courses import (
    Choice,
    CourseWish,
    ProviderFigures,
    QualityRecord,
    Reason,
    choose,
    provider_figures,
    quality,
)
from gatsbykit.practice.diary import programme_calendar
from gatsbykit.practice.figures import FigureReading, read_figure
from gatsbykit.practice.held import ActivityOutcome, HeldState, PlanAgainstRecord
from gatsbykit.practice.leading import leader_issues
from gatsbykit.practice.networks import (
    HubProgress,
    community_issues,
    hub_progress,
    load_community,
    read_community,
)
from gatsbykit.practice.plan_against_record import plan_against_record
from gatsbykit.practice.review import ProgrammeReview, answers_of_programme, review_programme
from gatsbykit.practice.tallies import ResponseRate, Tally, published_tally, response_rate, tally
from gatsbykit.practice.training import (
    LoadedTraining,
    load_training,
    read_training,
    training_document,
    training_schema,
    write_training,
)
from gatsbykit.practice.training_report import TrainingReport, training_report
from gatsbykit.practice.training_schema import training_report_schema
from gatsbykit.practice.verdicts import (
    Basis,
    Evidence,
    LevelResult,
    LevelRules,
    OutcomeResult,
    Timing,
    Verdict,
    judge,
)

__all__ = [
    "ActivityOutcome",
    "Basis",
    "Choice",
    "CourseWish",
    "Evidence",
    "FigureReading",
    "HeldState",
    "HubProgress",
    "LevelResult",
    "LevelRules",
    "LoadedTraining",
    "OutcomeResult",
    "PlanAgainstRecord",
    "ProgrammeReview",
    "ProviderFigures",
    "QualityRecord",
    "Reason",
    "ResponseRate",
    "Tally",
    "Timing",
    "TrainingReport",
    "Verdict",
    "answers_of_programme",
    "choose",
    "community_issues",
    "contradictions",
    "hub_progress",
    "judge",
    "leader_issues",
    "load_community",
    "load_training",
    "plan_against_record",
    "programme_calendar",
    "provider_figures",
    "published_tally",
    "quality",
    "read_community",
    "read_figure",
    "read_training",
    "response_rate",
    "review_programme",
    "tally",
    "training_document",
    "training_report",
    "training_report_schema",
    "training_schema",
    "write_training",
]
