"""Destinations: what former learners were seen to do, and when."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import NotFoundError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.fields import Refused, any_id, checked, choice, is_text
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NCCIS_CATEGORIES", "Destination", "DestinationCategory"]


class DestinationCategory(StrEnum):
    """What a former learner does."""

    SCHOOL_SIXTH_FORM = "school_sixth_form"
    SIXTH_FORM_COLLEGE = "sixth_form_college"
    FURTHER_EDUCATION = "further_education"
    HIGHER_EDUCATION = "higher_education"
    OTHER_EDUCATION = "other_education"
    APPRENTICESHIP = "apprenticeship"
    EMPLOYMENT = "employment"
    TRAINING = "training"
    NEET = "neet"
    UNKNOWN = "unknown"


def _table() -> Mapping[str, tuple[DestinationCategory, ...]]:
    c = DestinationCategory
    settled: dict[DestinationCategory, tuple[int, ...]] = {
        c.SCHOOL_SIXTH_FORM: (210,),
        c.SIXTH_FORM_COLLEGE: (220,),
        c.FURTHER_EDUCATION: (230,),
        c.HIGHER_EDUCATION: (240,),
        c.OTHER_EDUCATION: (110, 120, 250, 260, 270, 280, 290),
        c.APPRENTICESHIP: (310,),
        c.EMPLOYMENT: (320, 330, 340, 350, 360, 380, 381),
        c.TRAINING: (410, 430, 440, 450, 460),
        c.NEET: (540, 610, 615, 616, 619, 620, 630, 640, 650, 660, 670, 680),
        c.UNKNOWN: (150, 810, 820, 830),
    }
    table: dict[str, tuple[DestinationCategory, ...]] = {
        str(code): (category,) for category, codes in settled.items() for code in codes
    }
    # Interpretations: these lie outside the categories, or sources disagree about them. The first
    # category is the one that follows from the code; the others do not contradict it.
    table["550"] = (c.NEET, c.EMPLOYMENT)  # unpaid work with part-time study: NEET in one, work in another
    table["530"] = (c.TRAINING, c.OTHER_EDUCATION, c.NEET)  # re-engagement provision
    table["130"] = table["710"] = (c.OTHER_EDUCATION, c.TRAINING, c.NEET)  # custody
    table["140"] = table["720"] = (c.NEET, c.OTHER_EDUCATION)  # not registered anywhere; asylum seekers
    return FrozenMapping(dict(sorted(table.items())))


NCCIS_CATEGORIES: Final = _table()
"""For each NCCIS activity code the category that follows from it, then any other category that
does not contradict it (custody, re-engagement and the code that sources disagree about)."""


def _code(code: str | None) -> str | None:
    if code is not None and (not is_text(code) or code not in NCCIS_CATEGORIES):
        raise Refused("an activity code of NCCIS, three digits as a text")
    return code


@attrs.frozen(kw_only=True, field_transformer=checked)
class Destination:
    """One sighting of a former learner's activity.

    Args:
        learner_id: The learner.
        date: The day on which the activity was seen.
        category: What it was.
        nccis_code: The three-digit activity code, if it was recorded by code.
        level: The level of the course or apprenticeship.
        provider: Where.
        end_date: The day on which it ended.

    Examples:
        >>> from datetime import date
        >>> seen = Destination.from_code("L0001", date(2026, 10, 1), "310")
        >>> seen.category, seen.is_known
        (<DestinationCategory.APPRENTICESHIP: 'apprenticeship'>, True)
    """

    learner_id: str = attrs.field(repr=shown_id, converter=any_id)
    date: datetime.date
    category: DestinationCategory = attrs.field(converter=choice)
    nccis_code: str | None = attrs.field(default=None, converter=_code)
    level: int | None = None
    provider: str | None = None
    end_date: datetime.date | None = None

    @classmethod
    def from_code(cls, learner_id: str, date: datetime.date, nccis_code: str) -> Destination:
        """Make a destination whose category follows from the activity code.

        Raises:
            NotFoundError: There is no such code.
        """
        if nccis_code not in NCCIS_CATEGORIES:
            raise NotFoundError("there is no activity code of NCCIS like this; it is a text of three digits")
        category = NCCIS_CATEGORIES[nccis_code][0]
        return cls(learner_id=learner_id, date=date, category=category, nccis_code=nccis_code)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the activity."""
        return self.category is not DestinationCategory.UNKNOWN
