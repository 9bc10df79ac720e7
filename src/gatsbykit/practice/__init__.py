"""What institutions do, held against what was planned and asked: programmes, leaders, groups."""

from __future__ import annotations

from gatsbykit.practice.diary import programme_calendar
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

__all__ = [
    "ActivityOutcome",
    "HeldState",
    "HubProgress",
    "PlanAgainstRecord",
    "ProgrammeReview",
    "answers_of_programme",
    "community_issues",
    "hub_progress",
    "leader_issues",
    "load_community",
    "plan_against_record",
    "programme_calendar",
    "read_community",
    "review_programme",
]
