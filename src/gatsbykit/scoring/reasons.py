"""Why a record did not count: a closed list of reasons.

What has no obstacle counts: the engine decides, and the reasons are asked for afterwards. What people
read of each stands in `gatsbykit.insight.reason_words`.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from gatsbykit.model.fields import checked

__all__ = ["Obstacle", "Reason"]


class Reason(StrEnum):
    """What keeps a record from counting for a requirement."""

    AFTER_DATE = "after_date"
    """It is dated after the assessment."""

    NOT_THIS_YEAR = "not_this_year"
    """It lies outside the current academic year, which is the one asked about."""

    NOT_MEANINGFUL = "not_meaningful"
    """It is said not to be meaningful, or an item of the checklist is no."""

    MEANINGFUL_UNKNOWN = "meaningful_unknown"
    """Nobody said whether it was meaningful."""

    PART_TIME_JOB = "part_time_job"
    """It is a part-time job, and those do not count (unless known to be meaningful, in some editions)."""

    ADVISER_LEVEL_TOO_LOW = "adviser_level_too_low"
    """The adviser's qualification is below the level asked for."""

    ADVISER_LEVEL_UNKNOWN = "adviser_level_unknown"
    """Nobody recorded the level of the adviser's qualification."""

    NOT_AN_OCCASION = "not_an_occasion"
    """It is no occasion under the provider access law."""

    LATE_OCCASION = "late_occasion"
    """It is such an occasion, but past the cut-off day of its academic year."""

    PROVIDER_TYPE = "provider_type"
    """No provider of a type that is asked for was met."""

    ANOTHER_KIND_LACKING = "another_kind_lacking"
    """It would have to be of another kind too."""

    SUBJECT = "subject"
    """It is in none of the subjects that are asked for."""

    NOT_ON_SITE = "not_on_site"
    """It did not take place on the provider's site, or nobody said that it did."""

    NOT_ATTENDED = "not_attended"
    """The learner did not attend."""

    YEAR_GROUP = "year_group"
    """The learner was not in a year group that is asked for."""

    BEFORE_PROGRAMME = "before_programme"
    """It took place before the learner's programme began."""

    DUPLICATE = "duplicate"
    """Another row about the same learner and activity is as strong or stronger."""

    DESTINATION_UNKNOWN = "destination_unknown"
    """Nothing is known of what the leaver did."""

    BEFORE_LEAVING = "before_leaving"
    """It is not dated after the day of leaving."""


@attrs.frozen(field_transformer=checked)
class Obstacle:
    """One reason why a record did not count, and what it turns on.

    Args:
        reason: The reason.
        details: What it turns on: checklist items, a status, a year group, a level.

    Examples:
        >>> print(Obstacle(Reason.NOT_MEANINGFUL, ("two_way",)))
        not_meaningful (two_way)
    """

    reason: Reason
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.reason} ({', '.join(self.details)})" if self.details else str(self.reason)
