"""gatsbykit: the Gatsby Benchmarks of Good Career Guidance (England) as a Python library.

For careers guidance in England's schools and colleges; nothing to do with the web framework, and
not affiliated with the Gatsby Charitable Foundation, The Careers & Enterprise Company or the
Department for Education. What it computes is a reading of the benchmarks by its own documented
rules, never an official result.

Names load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatsbykit.checks import check
    from gatsbykit.errors import (
        ComparisonError,
        EditionError,
        FieldError,
        FigureError,
        FormError,
        FrameError,
        GatsbykitError,
        MissingExtraError,
        NotFoundError,
        ProfileError,
        QuantityError,
        RecordsError,
        RuleError,
        SettingsError,
    )
    from gatsbykit.exchange import document, load, read_document, read_folder, write_document, write_folder
    from gatsbykit.insight import (
        Explanation,
        Inquiry,
        Reason,
        closing_plan,
        examine,
        explain,
        gaps,
        groups,
        publish_groups,
        what_if,
    )
    from gatsbykit.insight.comparing import Comparison, compare, compare_dates, compare_editions
    from gatsbykit.insight.option_plan import PlanningError
    from gatsbykit.issues import InvalidRecords, Issue, IssueError, Report
    from gatsbykit.model.answers import Answer, Band, DeclaredShare, PartAnswers
    from gatsbykit.model.attributes import RefusedError
    from gatsbykit.model.calendar import AcademicYear, KeyStage
    from gatsbykit.model.destinations import Destination, DestinationCategory
    from gatsbykit.model.encounters import (
        Activity,
        ActivityKind,
        Participation,
        ParticipationStatus,
        ProviderType,
    )
    from gatsbykit.model.identifiers import IdentifierError
    from gatsbykit.model.institutions import Institution, InstitutionKind
    from gatsbykit.model.learners import Learner, SenProvision, Sex
    from gatsbykit.model.pseudonyms import pseudonymise
    from gatsbykit.model.records import Records
    from gatsbykit.outcomes.surveys import NoBaseError
    from gatsbykit.published.rows import YearNotKnownError
    from gatsbykit.published.tables import NotPublishedError
    from gatsbykit.rules import Edition, edition
    from gatsbykit.rules.grading import BenchmarkStatus, CriterionStatus, Preset
    from gatsbykit.scoring import Scorecard, Settings, score
    from gatsbykit.scoring.ledger import Ledger
    from gatsbykit.scoring.summarising import Summary, summarise

__all__ = [
    "AcademicYear",
    "Activity",
    "ActivityKind",
    "Answer",
    "Band",
    "BenchmarkStatus",
    "Comparison",
    "ComparisonError",
    "CriterionStatus",
    "DeclaredShare",
    "Destination",
    "DestinationCategory",
    "Edition",
    "EditionError",
    "Explanation",
    "FieldError",
    "FigureError",
    "FormError",
    "FrameError",
    "GatsbykitError",
    "IdentifierError",
    "Inquiry",
    "Institution",
    "InstitutionKind",
    "InvalidRecords",
    "Issue",
    "IssueError",
    "KeyStage",
    "Learner",
    "Ledger",
    "MissingExtraError",
    "NoBaseError",
    "NotFoundError",
    "NotPublishedError",
    "PartAnswers",
    "Participation",
    "ParticipationStatus",
    "PlanningError",
    "Preset",
    "ProfileError",
    "ProviderType",
    "QuantityError",
    "Reason",
    "Records",
    "RecordsError",
    "RefusedError",
    "Report",
    "RuleError",
    "Scorecard",
    "SenProvision",
    "Settings",
    "SettingsError",
    "Sex",
    "Summary",
    "YearNotKnownError",
    "check",
    "closing_plan",
    "compare",
    "compare_dates",
    "compare_editions",
    "document",
    "edition",
    "examine",
    "explain",
    "gaps",
    "groups",
    "load",
    "pseudonymise",
    "publish_groups",
    "read_document",
    "read_folder",
    "score",
    "summarise",
    "what_if",
    "write_document",
    "write_folder",
]

_HOMES = {
    "model.attributes": ("RefusedError",),
    "model.answers": ("Answer", "Band", "DeclaredShare", "PartAnswers"),
    "model.calendar": ("AcademicYear", "KeyStage"),
    "insight.comparing": ("Comparison", "compare", "compare_dates", "compare_editions"),
    "scoring.summarising": ("Summary", "summarise"),
    "model.destinations": ("Destination", "DestinationCategory"),
    "model.encounters": ("Activity", "ActivityKind", "Participation", "ParticipationStatus", "ProviderType"),
    "errors": (
        "FigureError",
        "ComparisonError",
        "EditionError",
        "FieldError",
        "FormError",
        "FrameError",
        "GatsbykitError",
        "MissingExtraError",
        "NotFoundError",
        "ProfileError",
        "QuantityError",
        "RecordsError",
        "RuleError",
        "SettingsError",
    ),
    "model.identifiers": ("IdentifierError",),
    "insight.option_plan": ("PlanningError",),
    "outcomes.surveys": ("NoBaseError",),
    "published.rows": ("YearNotKnownError",),
    "published.tables": ("NotPublishedError",),
    "exchange": ("document", "load", "read_document", "read_folder", "write_document", "write_folder"),
    "rules": ("Edition", "edition"),
    "insight": (
        "Explanation",
        "Inquiry",
        "Reason",
        "closing_plan",
        "examine",
        "explain",
        "gaps",
        "groups",
        "publish_groups",
        "what_if",
    ),
    "model.institutions": ("Institution", "InstitutionKind"),
    "model.learners": ("Learner", "SenProvision", "Sex"),
    "model.records": ("Records",),
    "scoring.ledger": ("Ledger",),
    "rules.grading": ("BenchmarkStatus", "CriterionStatus", "Preset"),
    "scoring": ("Scorecard", "Settings", "score"),
    "model.pseudonyms": ("pseudonymise",),
    "issues": ("InvalidRecords", "Issue", "IssueError", "Report"),
    "checks": ("check",),
}
_HOME_OF = {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 (costs more than the package itself)

        return version("gatsbykit")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
