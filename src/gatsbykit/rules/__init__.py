"""What the benchmarks say: editions, benchmarks and criteria, as data with sources.

Examples:
    >>> from gatsbykit.rules import edition
    >>> edition("2025-school").criterion("6a").encounters.at_least
    2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.errors import EditionError
from gatsbykit.model.calendar import assessment_day
from gatsbykit.model.fields import read_as
from gatsbykit.rules.differences import (
    AspectChange,
    CriterionDifference,
    EditionDifference,
    edition_difference,
)
from gatsbykit.rules.document import difference_document, fingerprint, rules_document
from gatsbykit.rules.forms import (
    FORM_KEYS,
    Form,
    FormAnswer,
    FormBenchmark,
    FormBenchmarkResult,
    FormItem,
    FormResult,
    ItemAnswer,
    assess,
    form,
)
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, PhaseStatus, Preset
from gatsbykit.rules.loading import EDITION_KEYS
from gatsbykit.rules.loading import load_edition as edition
from gatsbykit.rules.statutory import (
    AccessPhase,
    ExperiencePart,
    ProviderAccessRules,
    WorkExperienceRules,
    provider_access_rules,
    work_experience_rules,
)
from gatsbykit.rules.transitions import Transition
from gatsbykit.rules.vocabulary import (
    Benchmark,
    Cohort,
    CohortWho,
    Criterion,
    DestinationRequirement,
    Edition,
    EncounterRequirement,
    PartTimeJobs,
    Source,
    Timeline,
    Window,
)

if TYPE_CHECKING:
    from datetime import date

    from gatsbykit.model.institutions import InstitutionKind

__all__ = [
    "EDITION_KEYS",
    "FORM_KEYS",
    "PRESETS",
    "AccessPhase",
    "AspectChange",
    "Benchmark",
    "BenchmarkStatus",
    "Cohort",
    "CohortWho",
    "Criterion",
    "CriterionDifference",
    "CriterionStatus",
    "DestinationRequirement",
    "Edition",
    "EditionDifference",
    "EncounterRequirement",
    "ExperiencePart",
    "Form",
    "FormAnswer",
    "FormBenchmark",
    "FormBenchmarkResult",
    "FormItem",
    "FormResult",
    "ItemAnswer",
    "PartTimeJobs",
    "PhaseStatus",
    "Preset",
    "ProviderAccessRules",
    "Source",
    "Timeline",
    "Transition",
    "Window",
    "WorkExperienceRules",
    "assess",
    "difference_document",
    "edition",
    "edition_difference",
    "fingerprint",
    "form",
    "provider_access_rules",
    "resolve_edition",
    "rules_document",
    "work_experience_rules",
]


def resolve_edition(kind: InstitutionKind, as_of: date, chosen: str | Edition | None = None) -> Edition:
    """Return the edition that an institution works under.

    Args:
        kind: What the institution is.
        as_of: The date of the assessment.
        chosen: The edition to use instead of the one in force on that date, or its key.

    Raises:
        FieldError: The date is none, or there are no whole academic years around it.
        EditionError: There is no such edition, it is not for this kind of institution, or none
            was in force yet.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit import InstitutionKind
        >>> resolve_edition(InstitutionKind.COLLEGE, date(2025, 8, 31)).key
        '2018-college'
        >>> resolve_edition(InstitutionKind.COLLEGE, date(2025, 9, 1)).key
        '2025-college'
    """
    as_of = assessment_day(as_of)
    fitting = [candidate for candidate in map(edition, EDITION_KEYS) if kind in candidate.kinds]
    keys = ", ".join(candidate.key for candidate in fitting)
    if chosen is not None:
        named = (
            chosen if isinstance(chosen, Edition) else edition(read_as(str, "assessment", "edition", chosen))
        )
        if kind not in named.kinds:
            raise EditionError(f"the edition {named.key} is not for a {kind}; choose one of {keys}")
        return named
    in_force = [candidate for candidate in fitting if candidate.in_force <= as_of or candidate.also_before]
    if not in_force:
        raise EditionError(
            f"no edition was in force for a {kind} on {as_of}; name one all the same with edition {keys}"
        )
    return max(in_force, key=lambda candidate: candidate.in_force)
