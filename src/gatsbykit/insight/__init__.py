"""Who is missing, why, whether some groups are served worse, and what would close the gap."""

from __future__ import annotations

from gatsbykit.insight.closing import ClosingPlan, CriterionCount, PlannedActivity, closing_plan, what_if
from gatsbykit.insight.examining import Membership, Part, RecordVerdict
from gatsbykit.insight.explaining import Explanation, LearnerExplanation, LearnerVerdict, explain
from gatsbykit.insight.grouping import (
    ATTRIBUTES,
    Breakdown,
    Contrast,
    Groups,
    GroupShare,
    Interval,
    PublishedBreakdown,
    PublishedGroups,
    PublishedShare,
    groups,
    publish_groups,
)
from gatsbykit.insight.inquiry import Inquiry, examine
from gatsbykit.insight.missing import CriterionGaps, Gap, Gaps, gaps
from gatsbykit.insight.option_plan import OptionPlan, PlanningError
from gatsbykit.insight.planning import plan_by_options
from gatsbykit.scoring.reasons import Obstacle, Reason

__all__ = [
    "ATTRIBUTES",
    "Breakdown",
    "ClosingPlan",
    "Contrast",
    "CriterionCount",
    "CriterionGaps",
    "Explanation",
    "Gap",
    "Gaps",
    "GroupShare",
    "Groups",
    "Inquiry",
    "Interval",
    "LearnerExplanation",
    "LearnerVerdict",
    "Membership",
    "Obstacle",
    "OptionPlan",
    "Part",
    "PlannedActivity",
    "PlanningError",
    "PublishedBreakdown",
    "PublishedGroups",
    "PublishedShare",
    "Reason",
    "RecordVerdict",
    "closing_plan",
    "examine",
    "explain",
    "gaps",
    "groups",
    "plan_by_options",
    "publish_groups",
    "what_if",
]
