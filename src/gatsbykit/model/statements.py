"""What a document says at one place, entered so that a program can hold one place against another.

That two places speak of the same thing only a reader can see: whoever enters them gives both the same
``about``. What does not fit into any attribute is a `Remark`.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

import attrs

from gatsbykit.model.attributes import Amount, Fault, read_or_refuse, refuse
from gatsbykit.model.evaluation import Part, Percent, Population, QuantityWord
from gatsbykit.model.training import Count, Size

__all__ = ["Form", "Question", "Remark", "Statement"]


class Form(StrEnum):
    """In what form a document says something."""

    TEXT = "text"
    TABLE = "table"
    FIGURE = "figure"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Statement:
    """What a document says at one place. Attributes that it does not speak of are left out.

    Args:
        id: An id, unique among the statements.
        about: What it is about, in words; the same words for the same thing.
        place: The place.
        form: Text, table or figure.
        announces: For a text that announces what follows, the form that it announces.
        quotes: The id of the figure that it quotes.
        stem: How it words what was asked, such as ``confident``.
        population: Whose leaders it says this of.
        scope: Of what it says this, in words.
        count: How many.
        base: Of how many.
        percent: A percentage, as printed.
        number: Another number.
        parts: Parts that are to add up to the base.
        word: How many, in a word.
        holds: Whether it says that this is so, or that it is not.
        too_early: Whether it says that it is too early to know.
        more_than: The id of a statement whose number it says to be smaller.
        date: The day of which it speaks.

    Raises:
        ValueError: The count is greater than the base.

    Examples:
        >>> Statement(id="s1", about="completed", place="summary", word="vast_majority").word.value
        'vast_majority'
    """

    id: str
    about: str
    place: str
    form: Form = Form.TEXT
    announces: Form | None = None
    quotes: str | None = None
    stem: str | None = None
    population: frozenset[Population] = frozenset()
    scope: str | None = None
    count: Count | None = None
    base: Size | None = None
    percent: Percent | None = None
    number: Annotated[Fraction, Amount()] | None = None
    parts: tuple[Part, ...] = ()
    word: QuantityWord | None = None
    holds: bool | None = None
    too_early: bool | None = None
    more_than: str | None = None
    date: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more than everybody."""
        if self.count is not None and self.base is not None and self.count > self.base:
            refuse(self, [Fault("count", "at most as many as the base")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Question:
    """A question that a document sets out to answer.

    Args:
        id: An id, unique among the questions.
        text: The question.
        place: Where it is asked.
        answered_at: Where it is answered; empty if nowhere.
    """

    id: str
    text: str
    place: str
    answered_at: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Remark:
    """A contradiction that only a reader can see.

    Args:
        id: An id, unique among the remarks.
        text: What does not agree.
        place: Where.
    """

    id: str
    text: str
    place: str
