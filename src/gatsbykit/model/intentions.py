"""What learners intend, as a series: nothing is overwritten, and the last before a date is current."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from gatsbykit.model.attributes import read_or_refuse
from gatsbykit.model.encounters import EmployerSector
from gatsbykit.privacy import shown_id

__all__ = ["Certainty", "Intention", "IntentionSource", "Pathway"]


class Pathway(StrEnum):
    """Where a learner intends to go next."""

    SIXTH_FORM = "sixth_form"
    COLLEGE = "college"
    APPRENTICESHIP = "apprenticeship"
    UNIVERSITY = "university"
    EMPLOYMENT = "employment"
    TRAINING = "training"
    GAP_YEAR = "gap_year"
    OTHER = "other"
    UNDECIDED = "undecided"


class IntentionSource(StrEnum):
    """How an intention became known."""

    GUIDANCE_MEETING = "guidance_meeting"
    TUTOR = "tutor"
    SURVEY = "survey"
    APPLICATION = "application"
    FAMILY = "family"
    OTHER = "other"


class Certainty(StrEnum):
    """How certain a learner is."""

    FIRM = "firm"
    LIKELY = "likely"
    POSSIBLE = "possible"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Intention:
    """What a learner intended on a day.

    Args:
        learner_id: The learner.
        date: The day on which it was recorded.
        pathway: Where the learner intends to go.
        source: How it became known.
        sector: In which sector of work, by the section of the industrial classification.
        certainty: How certain the learner is; unknown is neither.

    Examples:
        >>> from datetime import date
        >>> Intention(learner_id="L1", date=date(2025, 11, 3), pathway="university").pathway
        <Pathway.UNIVERSITY: 'university'>
        >>> Intention(learner_id="L1", date=date(2025, 11, 3), pathway="uni")
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Intention.pathway: expected one of sixth_form, college, \
apprenticeship, university, employment, training, gap_year, other, undecided
    """

    learner_id: str = attrs.field(repr=shown_id)
    date: datetime.date
    pathway: Pathway
    source: IntentionSource | None = None
    sector: EmployerSector | None = None
    certainty: Certainty | None = None
