"""What an evaluation of training says, and on what: levels, surveys, interviews, findings, outcomes.

The levels are Kirkpatrick's, the components of behaviour those of the model of capability, opportunity and
motivation, both as the evaluation of the careers leader training uses them (IES 2020, sections 4 and 5).
What can be called shown is decided elsewhere, by rule, and is no attribute of anything here.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import attrs

from gatsbykit.model.attributes import Fault, Form, read_or_refuse, refuse
from gatsbykit.model.calendar import Between
from gatsbykit.model.leaders import ExperienceProfile
from gatsbykit.model.training import Count
from gatsbykit.rounded_figures import PERCENT_PATTERN, PERCENT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.paired import PairedTable

__all__ = [
    "Addressee",
    "Advice",
    "AdviceState",
    "Block",
    "Component",
    "CountedRecords",
    "Design",
    "Factor",
    "Figure",
    "Finding",
    "Interviews",
    "Level",
    "Outcome",
    "PairedAnswers",
    "Part",
    "People",
    "Percent",
    "Population",
    "QuantityWord",
    "Respondents",
    "Survey",
    "Wave",
]


Percent = Annotated[str, Form(PERCENT_PATTERN, PERCENT_WORDS)]
"""A percentage as it is printed, which is a text, for ``91.0`` says more than ``91``."""


People = Annotated[int, Between(1, 20_000)]
"""How many people answered or were interviewed, no more than there are careers leaders anywhere."""


class Level(StrEnum):
    """A level of an evaluation, the first one first."""

    REACTION = "reaction"
    LEARNING = "learning"
    BEHAVIOUR = "behaviour"
    RESULTS = "results"

    @property
    def number(self) -> int:
        """Its number, 1 to 4."""
        return list(Level).index(self) + 1


class QuantityWord(StrEnum):
    """A word of quantity. The words have an order, and are never numbers.

    Examples:
        >>> QuantityWord.FEW < QuantityWord.MANY, max(QuantityWord.MOST, QuantityWord.SEVERAL).value
        (True, 'most')
        >>> QuantityWord.VAST_MAJORITY.is_more_than_half, QuantityWord.MANY.is_more_than_half
        (True, False)
    """

    ONE = "one"
    FEW = "few"
    SMALL_NUMBER = "small_number"
    SOME = "some"
    SEVERAL = "several"
    MANY = "many"
    MAJORITY = "majority"
    MOST = "most"
    VAST_MAJORITY = "vast_majority"
    ALL = "all"

    @property
    def is_more_than_half(self) -> bool:
        """Whether the word says that it is more than half of those meant."""
        return self >= QuantityWord.MAJORITY

    def _place(self) -> int:
        return list(QuantityWord).index(self)

    # A text has an order of its own, that of the alphabet, which would be wrong here.
    def __lt__(self, other: str) -> bool:
        return self._place() < other._place() if isinstance(other, QuantityWord) else NotImplemented

    def __le__(self, other: str) -> bool:
        return self._place() <= other._place() if isinstance(other, QuantityWord) else NotImplemented

    def __gt__(self, other: str) -> bool:
        return self._place() > other._place() if isinstance(other, QuantityWord) else NotImplemented

    def __ge__(self, other: str) -> bool:
        return self._place() >= other._place() if isinstance(other, QuantityWord) else NotImplemented


class Component(StrEnum):
    """What behaviour depends on, and behaviour itself."""

    CAPABILITY = "capability"
    OPPORTUNITY = "opportunity"
    MOTIVATION = "motivation"
    BEHAVIOUR = "behaviour"


class Respondents(StrEnum):
    """Whose word a finding is."""

    PROVIDER = "provider"
    LEADER = "leader"
    SENIOR_LEADER = "senior_leader"


class Population(StrEnum):
    """Whose leaders were asked."""

    SCHOOLS = "schools"
    COLLEGES = "colleges"


class Design(StrEnum):
    """How often the same people were asked."""

    AFTER_ONLY = "after_only"
    MATCHED = "matched"
    """Before and after, each person's answers put together."""


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Part:
    """A named part of a count.

    Args:
        name: What is counted.
        count: How many.
    """

    name: str
    count: Count


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Block:
    """A sample by kind: parts that are to be the whole.

    Args:
        id: An id, unique among the blocks.
        parts: The parts.
        place: Where it is written.
    """

    id: str
    parts: tuple[Part, ...]
    place: str | None = None

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return sum(part.count for part in self.parts)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PairedAnswers:
    """How the same people answered before and after, counted pair by pair.

    Args:
        both: Yes both times.
        worse: Yes before, no after.
        better: No before, yes after.
        neither: No both times.

    Raises:
        ValueError: Nobody answered.
    """

    both: Count
    worse: Count
    better: Count
    neither: Count

    def __attrs_post_init__(self) -> None:
        """Refuse pairs of nobody."""
        if self.base == 0:
            refuse(self, [Fault("both", "at least one person in one of the four")])

    @classmethod
    def of(cls, table: PairedTable) -> PairedAnswers:
        """Return the pairs that the answers of a survey come to, such as a skills audit of one's own.

        Args:
            table: The table of `gatsbykit.outcomes.paired_change`.

        Examples:
            >>> from gatsbykit.model.surveys import Scale, SurveyAnswer, SurveyItem
            >>> from gatsbykit.outcomes import paired_change
            >>> scale = Scale(answers=("yes", "no"), agree={"yes"})
            >>> item = SurveyItem(id="B1", wording="I know the benchmarks", scale=scale)
            >>> answers = [
            ...     SurveyAnswer(respondent=who, wave=wave, item="B1", answer=answer)
            ...     for who, before, after in (("A", "no", "yes"), ("B", "yes", "yes"), ("C", "no", "no"))
            ...     for wave, answer in (("before", before), ("after", after))
            ... ]
            >>> PairedAnswers.of(paired_change(answers, item, before="before", after="after").table)
            PairedAnswers(both=1, worse=0, better=1, neither=1)
        """
        return cls(both=table.both, worse=table.worse, better=table.better, neither=table.neither)

    @property
    def base(self) -> int:
        """How many people."""
        return self.both + self.worse + self.better + self.neither


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Figure:
    """A figure of a survey: a published percentage, one before and one after, or what was counted.

    Args:
        id: An id, unique among figures, findings and records.
        asks: What was asked, in a few words.
        stem: How the item begins, such as ``know how``, where the wording matters.
        percent: The percentage as printed; after the training, if there is one before.
        before: The percentage before.
        rise: The rise in percentage points, where the percentage before is not printed.
        rest: The other parts of the same answers, as printed, where they and this are to be the whole.
        approximate: Whether the source itself gives it as about so much.
        count: How many, where that was counted and not only printed as a percentage.
        pairs: How the same people answered before and after, where that was counted.
        answers: Which answers it counts, such as ``agree`` and ``strongly agree``.
        base: Of how many people it is a share, where the source says so of this item.
        place: Where it is written.

    Raises:
        ValueError: It has none or several of a percentage, a count and pairs, or says of these what belongs
            to a percentage alone.

    Examples:
        >>> Figure(id="F1", asks="satisfied", percent="91", count=402)  # doctest: +NORMALIZE_WHITESPACE
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: Figure.percent: expected a percentage, a count or
            pairs, one of them
    """

    id: str
    asks: str
    stem: str | None = None
    percent: Percent | None = None
    before: Percent | None = None
    rise: Percent | None = None
    rest: tuple[Percent, ...] = ()
    approximate: bool = False
    count: Count | None = None
    pairs: PairedAnswers | None = None
    answers: tuple[str, ...] = ()
    base: People | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a figure that is told twice, or not at all."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if sum(one is not None for one in (self.percent, self.count, self.pairs)) != 1:
            yield Fault("percent", "a percentage, a count or pairs, one of them")
        if self.before is not None and self.rise is not None:
            yield Fault("rise", "a percentage before or a rise, one of the two")
        for name in ("before", "rise", "rest", "approximate"):
            if self.percent is None and getattr(self, name):
                yield Fault(name, "nothing, as there is no percentage")
        if self.pairs is not None and self.base is not None:
            yield Fault("base", "nothing, as the pairs add up to it")
        if self.count is not None and self.base is not None and self.count > self.base:
            yield Fault("count", "at most as many as the base")

    @property
    def is_change(self) -> bool:
        """Whether it speaks of before and after."""
        return self.before is not None or self.rise is not None or self.pairs is not None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Wave:
    """People who ended their training in the same months, or have not ended it.

    Args:
        name: What it is called.
        people: How many of them answered.
        ended_from: The first day on which they may have ended; none for people still in training.
        ended_to: The last such day.

    Raises:
        ValueError: It has one of the days alone, or the last before the first.
    """

    name: str
    people: People
    ended_from: datetime.date | None = None
    ended_to: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse half a span."""
        if (self.ended_from is None) != (self.ended_to is None):
            refuse(self, [Fault("ended_to", "ended_from and ended_to, or neither of them")])
        if self.ended_from and self.ended_to and self.ended_to < self.ended_from:
            refuse(self, [Fault("ended_to", "a day on or after ended_from")])


def _span_faults(source: Survey | Interviews) -> Iterator[Fault]:
    first, last = source.asked_from, source.asked_to
    if first is not None and last is not None and last < first:
        yield Fault("asked_to", "a day on or after asked_from")
    if source.base is not None and sum(wave.people for wave in source.waves) > source.base:
        yield Fault("waves", "at most as many people as the base")


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Survey:
    """A survey with its published figures, such as a skills audit after training or before and after.

    Args:
        id: An id, unique among surveys and interviews.
        title: What it is.
        design: Whether the same people were asked before.
        base: How many answered. That an item has the same base is an assumption, and marked as one.
        population: Whose leaders answered; empty is unknown.
        asked_from: The first day of asking.
        asked_to: The last day of asking.
        self_rated: Whether people judge themselves.
        waves: When those who answered had ended their training.
        items: The figures.
        note: What else has to be known to read it.
        place: Where it is described.
    """

    id: str
    title: str
    design: Design = Design.AFTER_ONLY
    base: People | None = None
    population: frozenset[Population] = frozenset()
    asked_from: datetime.date | None = None
    asked_to: datetime.date | None = None
    self_rated: bool | None = None
    waves: tuple[Wave, ...] = ()
    items: tuple[Figure, ...] = ()
    note: str | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse dates out of order, and changes where nobody was asked before."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        yield from _span_faults(self)
        for index, item in enumerate(self.items):
            if item.is_change and self.design is Design.AFTER_ONLY:
                yield Fault(f"items[{index}]", "no figure before, as nobody was asked before")


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Interviews:
    """Interviews: a chosen sample, of which nothing is estimated and nothing is ranked.

    Args:
        id: An id, unique among surveys and interviews.
        title: What they are.
        respondents: Who was interviewed.
        base: How many.
        out_of: Of how many there are.
        population: Whose leaders they are; empty is unknown.
        asked_from: The first day.
        asked_to: The last day.
        waves: When those who were interviewed had ended their training.
        blocks: The sample by kind, each block the whole sample again.
        note: What else has to be known.
        place: Where they are described.
    """

    id: str
    title: str
    respondents: Respondents
    base: People | None = None
    out_of: People | None = None
    population: frozenset[Population] = frozenset()
    asked_from: datetime.date | None = None
    asked_to: datetime.date | None = None
    waves: tuple[Wave, ...] = ()
    blocks: tuple[Block, ...] = ()
    note: str | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse dates out of order, and more people than there are."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        yield from _span_faults(self)
        if self.base is not None and self.out_of is not None and self.out_of < self.base:
            yield Fault("out_of", "at least as many as the base")


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Finding:
    """What people said, in a word of quantity or counted.

    Args:
        id: An id, unique among figures, findings and records.
        text: What they said, in the words of whoever enters it.
        interviews: The id of the interviews it comes from.
        respondents: Whose word it is.
        profile: With which experience they came.
        level: The level of evaluation it speaks of.
        component: What of behaviour it speaks of.
        word: How many said so, in a word.
        count: How many said so, counted.
        base: Of how many.
        place: Where it is written.

    Raises:
        ValueError: The count is greater than its base.
    """

    id: str
    text: str
    interviews: str | None = None
    respondents: Respondents | None = None
    profile: ExperienceProfile | None = None
    level: Level | None = None
    component: Component | None = None
    word: QuantityWord | None = None
    count: Count | None = None
    base: People | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more than everybody."""
        _refuse_more_than_all(self)


def _refuse_more_than_all(value: Finding | CountedRecords | Factor) -> None:
    if value.count is not None and value.base is not None and value.count > value.base:
        refuse(value, [Fault("count", "at most as many as the base")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class CountedRecords:
    """Something that records show, counted; or a share of records whose base nobody gave.

    Args:
        id: An id, unique among figures, findings and records.
        text: What was counted.
        count: How many.
        base: Of how many.
        percent: The percentage as printed, where there is no count.
        date: The day of the count.
        place: Where it is written.
    """

    id: str
    text: str
    count: Count | None = None
    base: People | None = None
    percent: Percent | None = None
    date: datetime.date | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more than everybody."""
        _refuse_more_than_all(self)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Outcome:
    """Something that training is said to lead to, with the evidence for it.

    Args:
        id: An id, unique among the outcomes.
        text: What it is.
        level: The level of evaluation it belongs to.
        intended: The key of the intended outcome that it is part of.
        evidence: The ids of figures, findings and counted records.
        too_early: Where the source itself says that it is too early to know.
        note: What else has to be known, such as falls for a time.
        place: Where it is written.
    """

    id: str
    text: str
    level: Level
    intended: str | None = None
    evidence: tuple[str, ...] = ()
    too_early: str | None = None
    note: str | None = None
    place: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Factor:
    """Something that helps or hinders, with a number only where it was counted.

    Args:
        id: An id, unique among the barriers or the enablers.
        text: What it is.
        who: Who said so, in words.
        respondents: Who said so, where it is one group.
        word: How many, in a word.
        percent: How many, as a percentage that was published.
        count: How many, counted.
        base: Of how many.
        place: Where it is written.
    """

    id: str
    text: str
    who: str | None = None
    respondents: Respondents | None = None
    word: QuantityWord | None = None
    percent: Percent | None = None
    count: Count | None = None
    base: People | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more than everybody."""
        _refuse_more_than_all(self)

    @property
    def is_counted(self) -> bool:
        """Whether a number was published."""
        return self.percent is not None or self.count is not None


class Addressee(StrEnum):
    """To whom an evaluation addresses its advice."""

    GOVERNMENT = "government"
    COMPANY = "company"
    """The Careers & Enterprise Company."""

    PROVIDERS = "providers"
    INSTITUTIONS = "institutions"


class AdviceState(StrEnum):
    """What became of a piece of advice."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Advice:
    """A recommendation of an evaluation.

    Args:
        id: An id, unique among the recommendations.
        addressee: To whom it is addressed.
        text: What is recommended.
        state: What became of it; ``None`` is unknown.
        place: Where it is written.
    """

    id: str
    addressee: Addressee
    text: str
    state: AdviceState | None = None
    place: str | None = None
