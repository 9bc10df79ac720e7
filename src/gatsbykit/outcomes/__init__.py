"""Outcomes: where young people go, whether it lasts, and what can be said of it.

Names load on first use, as those of the package do.

Examples:
    >>> from gatsbykit import outcomes
    >>> outcomes.indicator("sustained").question
    'Do destinations last?'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatsbykit.outcomes.definitions import Caution, cautions, indicator, indicators
    from gatsbykit.outcomes.gaps import Gap, disadvantage_gap
    from gatsbykit.outcomes.intentions import (
        Flow,
        Needs,
        current_intentions,
        flow,
        intentions_known,
        needs,
        with_considering_he,
    )
    from gatsbykit.outcomes.leavers import Stage, cohort, cohort_years, of_records, snapshots
    from gatsbykit.outcomes.measured import TOO_FEW, Measured, Measures, Status, pooled, share
    from gatsbykit.outcomes.measuring import measures, trend_of_records
    from gatsbykit.outcomes.providers import SelectiveProvider, selective_provider, selective_providers
    from gatsbykit.outcomes.published_measures import measures_of_statistics, trend
    from gatsbykit.outcomes.similar import Comparison, SimilarSchools, compared, similar_schools
    from gatsbykit.outcomes.surveys import (
        Agreement,
        BoundedChange,
        NoBaseError,
        PairedChange,
        agreement,
        bounded_change,
        paired_change,
        published_agreement,
    )
    from gatsbykit.outcomes.sustained import (
        CohortOutcomes,
        LearnerOutcome,
        Outcome,
        SustainedSettings,
        cohort_outcomes,
        learner_outcome,
    )
    from gatsbykit.outcomes.tables import read_answers, read_snapshots
    from gatsbykit.outcomes.tracking import (
        Followed,
        NeetFigures,
        Offer,
        Share,
        followed,
        neet_figures,
        participation,
        september_guarantee,
    )

__all__ = [
    "TOO_FEW",
    "Agreement",
    "BoundedChange",
    "Caution",
    "CohortOutcomes",
    "Comparison",
    "Flow",
    "Followed",
    "Gap",
    "LearnerOutcome",
    "Measured",
    "Measures",
    "Needs",
    "NeetFigures",
    "NoBaseError",
    "Offer",
    "Outcome",
    "PairedChange",
    "SelectiveProvider",
    "Share",
    "SimilarSchools",
    "Stage",
    "Status",
    "SustainedSettings",
    "agreement",
    "bounded_change",
    "cautions",
    "cohort",
    "cohort_outcomes",
    "cohort_years",
    "compared",
    "current_intentions",
    "disadvantage_gap",
    "flow",
    "followed",
    "indicator",
    "indicators",
    "intentions_known",
    "learner_outcome",
    "measures",
    "measures_of_statistics",
    "needs",
    "neet_figures",
    "of_records",
    "paired_change",
    "participation",
    "pooled",
    "published_agreement",
    "read_answers",
    "read_snapshots",
    "selective_provider",
    "selective_providers",
    "september_guarantee",
    "share",
    "similar_schools",
    "snapshots",
    "trend",
    "trend_of_records",
    "with_considering_he",
]

_HOMES = {
    "gaps": ("Gap", "disadvantage_gap"),
    "definitions": ("Caution", "cautions", "indicator", "indicators"),
    "intentions": (
        "Flow",
        "Needs",
        "current_intentions",
        "flow",
        "intentions_known",
        "needs",
        "with_considering_he",
    ),
    "leavers": ("Stage", "cohort", "cohort_years", "of_records", "snapshots"),
    "measured": ("TOO_FEW", "Measured", "Measures", "Status", "pooled", "share"),
    "measuring": ("measures", "trend_of_records"),
    "providers": ("SelectiveProvider", "selective_provider", "selective_providers"),
    "published_measures": ("measures_of_statistics", "trend"),
    "similar": ("Comparison", "SimilarSchools", "compared", "similar_schools"),
    "surveys": (
        "Agreement",
        "BoundedChange",
        "NoBaseError",
        "PairedChange",
        "agreement",
        "bounded_change",
        "paired_change",
        "published_agreement",
    ),
    "sustained": (
        "CohortOutcomes",
        "LearnerOutcome",
        "Outcome",
        "SustainedSettings",
        "cohort_outcomes",
        "learner_outcome",
    ),
    "tables": ("read_answers", "read_snapshots"),
    "tracking": (
        "Followed",
        "NeetFigures",
        "Offer",
        "Share",
        "followed",
        "neet_figures",
        "participation",
        "september_guarantee",
    ),
}
_HOME_OF = {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value
