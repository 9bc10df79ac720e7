"""What an institution says of itself: answers to declared criteria, bands and shares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs

from gatsbykit.model.fields import Refused, checked, is_text

__all__ = [
    "Answer",
    "Band",
    "DeclaredAnswer",
    "DeclaredShare",
    "PartAnswers",
    "answer_value",
]


class Answer(StrEnum):
    """An answer to a yes-or-no question; in progress is not yet a yes."""

    YES = "yes"
    IN_PROGRESS = "in_progress"
    NO = "no"


class Band(StrEnum):
    """A rough share of learners, in the words of self-assessment forms.

    Examples:
        >>> Band.of(Fraction(3, 4)), Band.of(Fraction(76, 100))
        (<Band.MAJORITY: 'majority'>, <Band.OVERWHELMING_MAJORITY: 'overwhelming_majority'>)
        >>> Band.SOME.lower_bound
        Fraction(13, 50)
    """

    NONE = "none"
    A_FEW = "a_few"
    SOME = "some"
    MAJORITY = "majority"
    OVERWHELMING_MAJORITY = "overwhelming_majority"
    ALL = "all"

    @property
    def lower_bound(self) -> Fraction:
        """The least share that the band stands for, which is what a declared band counts as."""
        return _LOWER_BOUNDS[self]

    @classmethod
    def of(cls, share: Fraction) -> Band:
        """Return the band that a share lies in; anything above nobody is at least a few."""
        if share <= 0:
            return cls.NONE
        return next((band for band in _FROM_THE_TOP if share >= band.lower_bound), cls.A_FEW)


_LOWER_BOUNDS = {
    Band.NONE: Fraction(0),
    Band.A_FEW: Fraction(1, 100),
    Band.SOME: Fraction(26, 100),
    Band.MAJORITY: Fraction(51, 100),
    Band.OVERWHELMING_MAJORITY: Fraction(76, 100),
    Band.ALL: Fraction(1),
}
_FROM_THE_TOP = (Band.ALL, Band.OVERWHELMING_MAJORITY, Band.MAJORITY, Band.SOME)

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,18})?")


def _share(text: str) -> str:
    if not is_text(text) or _DECIMAL.fullmatch(text) is None or Fraction(text) > 1:
        raise Refused('a share from 0 to 1 as a decimal number in quotes, such as "0.83"')
    return text


@attrs.frozen(field_transformer=checked)
class DeclaredShare:
    """A share of learners that an institution states as a decimal number.

    Args:
        text: The number as stated, 0 to 1, such as ``"0.83"``.

    Raises:
        FieldError: The text is not a decimal number from 0 to 1.

    Examples:
        >>> DeclaredShare("0.83").share
        Fraction(83, 100)
    """

    text: str = attrs.field(converter=_share)

    @property
    def share(self) -> Fraction:
        """The share, exactly as stated."""
        return Fraction(self.text)


@attrs.frozen(field_transformer=checked)
class PartAnswers:
    """Answers to the parts of a declared criterion; a part left out is unanswered.

    Args:
        parts: Answer by part.
    """

    parts: Mapping[str, Answer] = attrs.field(hash=False)


DeclaredAnswer = Answer | Band | DeclaredShare | PartAnswers
"""Anything an institution can declare about one criterion."""


def answer_value(answer: DeclaredAnswer) -> Any:
    """Return a declared answer as plain data, which is how the exchange format writes it.

    Examples:
        >>> from gatsbykit import Band, DeclaredShare
        >>> answer_value(Band.ALL), answer_value(DeclaredShare("0.83"))
        ('all', {'share': '0.83'})
    """
    if isinstance(answer, PartAnswers):
        return {part: given.value for part, given in answer.parts.items()}
    if isinstance(answer, DeclaredShare):
        return {"share": answer.text}
    return answer.value
