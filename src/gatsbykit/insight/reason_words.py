"""What the values of this package say in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.rules.words import ITEM_WORDS
from gatsbykit.scoring.reasons import Reason
from gatsbykit.words import listed, name_words

if TYPE_CHECKING:
    from gatsbykit.scoring.reasons import Obstacle

__all__ = ["REASON_WORDS", "obstacle_words"]

REASON_WORDS: Final = {
    Reason.AFTER_DATE: "dated after the assessment",
    Reason.NOT_THIS_YEAR: "not in the current academic year",
    Reason.NOT_MEANINGFUL: "not meaningful",
    Reason.MEANINGFUL_UNKNOWN: "nobody said whether it was meaningful",
    Reason.PART_TIME_JOB: "a part-time job",
    Reason.ADVISER_LEVEL_TOO_LOW: "the adviser's level is too low",
    Reason.ADVISER_LEVEL_UNKNOWN: "the adviser's level is unknown",
    Reason.NOT_AN_OCCASION: "no occasion under the provider access law",
    Reason.LATE_OCCASION: "past the cut-off day",
    Reason.PROVIDER_TYPE: "no provider of a type that is asked for",
    Reason.ANOTHER_KIND_LACKING: "would have to be of another kind too",
    Reason.SUBJECT: "in no subject that is asked for",
    Reason.NOT_ON_SITE: "not known to be on the provider's site",
    Reason.NOT_ATTENDED: "not attended",
    Reason.YEAR_GROUP: "in another year group",
    Reason.BEFORE_PROGRAMME: "before the programme began",
    Reason.DUPLICATE: "another row about the same activity counts instead",
    Reason.DESTINATION_UNKNOWN: "nothing is known of the destination",
    Reason.BEFORE_LEAVING: "not dated after leaving",
}
"""Every reason in a few words."""


def obstacle_words(obstacle: Obstacle) -> str:
    """Say why a record did not count, and what it turns on.

    Examples:
        >>> from gatsbykit.scoring.reasons import Obstacle
        >>> obstacle_words(Obstacle(Reason.MEANINGFUL_UNKNOWN, ("feedback",)))
        'nobody said whether it was meaningful (not answered: the employer gave feedback on it)'
        >>> obstacle_words(Obstacle(Reason.YEAR_GROUP, ("12",)))
        'in another year group (Year 12)'
    """
    words = REASON_WORDS[obstacle.reason]
    if not obstacle.details:
        return words
    match obstacle.reason:
        case Reason.NOT_MEANINGFUL:
            return f"{words} (no to: {listed(ITEM_WORDS[item] for item in obstacle.details)})"
        case Reason.MEANINGFUL_UNKNOWN:
            return f"{words} (not answered: {listed(ITEM_WORDS[item] for item in obstacle.details)})"
        case Reason.YEAR_GROUP:
            return f"{words} (Year {obstacle.details[0]})"
        case _:
            return f"{words} ({listed(map(name_words, obstacle.details))})"
