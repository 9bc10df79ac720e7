"""Help for testing programs that embed the library; needs ``gatsbykit[testing]``."""

from gatsbykit.errors import need_extra

with need_extra("testing", "hypothesis"):
    from gatsbykit.testing.strategies import (
        CriterionLike,
        ScoredCase,
        academic_years,
        activities,
        answers,
        as_of_dates,
        dates,
        destinations,
        institutions,
        learners,
        participations,
        records,
        scored_cases,
        ulns,
        upns,
    )

__all__ = [
    "CriterionLike",
    "ScoredCase",
    "academic_years",
    "activities",
    "answers",
    "as_of_dates",
    "dates",
    "destinations",
    "institutions",
    "learners",
    "participations",
    "records",
    "scored_cases",
    "ulns",
    "upns",
]
