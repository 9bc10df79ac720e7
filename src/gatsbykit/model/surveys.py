"""Surveys: items with their wording and scale, waves, and answers or published margins."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import attrs

from gatsbykit.errors import FigureError
from gatsbykit.model.attributes import Fault, read_or_refuse, refuse
from gatsbykit.rounded_figures import Printed

if TYPE_CHECKING:
    from gatsbykit import rounded_figures

__all__ = ["PublishedShare", "Scale", "SurveyAnswer", "SurveyItem", "SurveyWave"]


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Scale:
    """The answers that an item offers.

    Args:
        answers: From the one that agrees most to the one that agrees least.
        agree: The answers that count as agreement, such as the top two.

    Raises:
        RefusedError: An answer stands twice, or agreement is none of the answers.

    Examples:
        >>> Scale(
        ...     answers=["strongly agree", "agree", "disagree"], agree=["strongly agree", "agree"]
        ... ).agree
        ('strongly agree', 'agree')
    """

    answers: tuple[str, ...]
    agree: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        faults = [Fault("answers", "each answer once")] if len({*self.answers}) < len(self.answers) else []
        if not self.agree or {*self.agree} - {*self.answers}:
            faults.append(Fault("agree", "one or more of the answers"))
        refuse(self, faults)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class SurveyItem:
    """A question or a statement of a survey.

    Args:
        id: A stable id.
        wording: Its words as they were asked.
        scale: The answers that it offers.
    """

    id: str
    wording: str
    scale: Scale


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class SurveyWave:
    """One time that a survey was run.

    Args:
        id: A stable id.
        date: The day, or the last day.
        matched: Whether respondents can be told from wave to wave; unknown is neither.
    """

    id: str
    date: datetime.date | None = None
    matched: bool | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class SurveyAnswer:
    """An answer: a row of the table that a survey arrives as.

    Args:
        respondent: An id of the respondent, the same in every wave if they are matched.
        wave: The id of the wave.
        item: The id of the item.
        answer: The answer; ``None`` where the item was left out.
    """

    respondent: str = attrs.field(repr=False)
    wave: str
    item: str
    answer: str | None = None


def _printed(percent: rounded_figures.Given) -> Printed:
    return Printed.read(percent)


@attrs.frozen(kw_only=True)
class PublishedShare:
    """A share of a survey of which no more was published than the percentage.

    Args:
        percent: The percentage as printed; a text keeps its decimal places.
        base: Of how many; ``None`` where that was not published.
        base_assumed: Whether the base is that of the survey and not known to be that of the item.

    Raises:
        ValueError: The percentage is none, or the base is below 1.

    Examples:
        >>> PublishedShare(percent=91, base=443, base_assumed=True).percent
        Printed(value=Fraction(91, 1), decimals=0)
    """

    percent: Printed = attrs.field(converter=_printed)
    base: int | None = None
    base_assumed: bool = False

    def __attrs_post_init__(self) -> None:
        if self.base is not None and (isinstance(self.base, bool) or self.base < 1):
            raise FigureError("PublishedShare.base: expected a whole number of people, 1 or more")
