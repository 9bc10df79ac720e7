"""Self-assessment forms: what institutions answered before there were records, and what it came to.

A form is data, like an edition: items, what they can be answered with, and what an answer earns.
The one that ships is a reconstruction, and says so.

Examples:
    >>> answers = {item.id: "yes" for item in form("legacy-quarters-v1").benchmark(1).items[:10]}
    >>> answers |= {f"1.{number}": "no" for number in range(11, 18)}
    >>> answers |= {"5.1": "majority"}
    >>> result = assess("legacy-quarters-v1", answers, sixth_form=False)
    >>> result[1].earned, result[1].possible, result[1].percent
    (Fraction(10, 1), Fraction(17, 1), 58)
    >>> result[5].percent, result[5].status.value
    (75, 'partially_achieved')
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.data import toml_names
from gatsbykit.errors import FormError, NotFoundError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.answers import Answer, Band
from gatsbykit.model.fields import checked
from gatsbykit.rules.grading import BenchmarkStatus
from gatsbykit.rules.loading import read_rules, rules_converter
from gatsbykit.rules.vocabulary import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FORM_KEYS",
    "Condition",
    "Form",
    "FormAnswer",
    "FormBenchmark",
    "FormBenchmarkResult",
    "FormError",
    "FormItem",
    "FormResult",
    "ItemAnswer",
    "assess",
    "form",
]

FORM_KEYS: Final = toml_names("rules", "forms")
"""The keys of all forms."""

FormAnswer = Answer | Band
"""Anything that an item can be answered with."""

_YES: Final = Fraction(1)
_NOTHING: Final = Fraction(0)


class ItemAnswer(StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    """Yes earns 1; no and in progress earn nothing."""

    SHARE = "share"
    """A band earns what the form's credits say."""


class Condition(StrEnum):
    """What has to be so for an item to apply."""

    SIXTH_FORM = "sixth_form"
    """The school has a sixth form."""

    CONSIDERING_HE = "considering_he"
    """Some learners consider higher education."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormItem:
    """One item of a form; each is worth one unit.

    Args:
        id: Its id in the form, such as ``6.2``.
        text: What it asks.
        answer: How it is answered.
        applies_if: What has to be so for it to apply, all of it.
    """

    id: str
    text: str
    answer: ItemAnswer
    applies_if: tuple[Condition, ...] = ()

    def read(self, value: FormAnswer | str) -> FormAnswer:
        """Return an answer to this item.

        Raises:
            FormError: It is not one of the item's answers; the message lists them.
        """
        kind: type[FormAnswer] = Answer if self.answer is ItemAnswer.YES_NO else Band
        try:
            return kind(value)
        except ValueError:
            words = ", ".join(member.value for member in kind)
            raise FormError(f"item {self.id}: {value!r} is not one of its answers: {words}") from None


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormBenchmark:
    """The items of one benchmark.

    Args:
        number: The benchmark.
        title: Its title.
        note: How sure the items are.
        items: The items.
    """

    number: int
    title: str
    note: str
    items: tuple[FormItem, ...]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Form:
    """A self-assessment form.

    Args:
        key: Such as ``legacy-quarters-v1``.
        title: Its name.
        summary: What it is.
        interpretation: How far it goes beyond its sources.
        sources: Where it comes from.
        credits: What a band earns.
        benchmarks: The items by benchmark.
    """

    key: str
    title: str
    summary: str
    interpretation: str
    sources: tuple[Source, ...]
    credits: Mapping[Band, Fraction] = attrs.field(hash=False)
    benchmarks: tuple[FormBenchmark, ...]

    @property
    def items(self) -> tuple[FormItem, ...]:
        """All items, in order."""
        return tuple(item for benchmark in self.benchmarks for item in benchmark.items)

    def benchmark(self, number: int) -> FormBenchmark:
        """Return the items of a benchmark.

        Raises:
            NotFoundError: The form has no such benchmark.
        """
        for benchmark in self.benchmarks:
            if benchmark.number == number:
                return benchmark
        known = ", ".join(str(benchmark.number) for benchmark in self.benchmarks)
        raise NotFoundError(f"{self.key} has no benchmark {number!r}; it has {known}")

    def credit(self, answer: FormAnswer) -> Fraction:
        """Return what an answer earns."""
        if isinstance(answer, Band):
            return self.credits[answer]
        return _YES if answer is Answer.YES else _NOTHING


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormBenchmarkResult:
    """What the answers of one benchmark come to.

    Args:
        benchmark: The benchmark.
        earned: The units earned, exact.
        possible: The units of the items that apply.
        unanswered: How many of these have no answer; they earn nothing.
    """

    benchmark: FormBenchmark
    earned: Fraction
    possible: Fraction
    unanswered: int = 0

    @property
    def number(self) -> int:
        """The number of the benchmark."""
        return self.benchmark.number

    @property
    def percent(self) -> int | None:
        """The percentage earned, rounded down; ``None`` where no item applies."""
        return int(100 * self.earned / self.possible) if self.possible else None

    @property
    def status(self) -> BenchmarkStatus:
        """Achieved when all is earned, not achieved when nothing is, else partially.

        With nothing earned and answers missing the status is *not assessed*.
        """
        if not self.possible:
            return BenchmarkStatus.NOT_APPLICABLE
        if self.earned == self.possible:
            return BenchmarkStatus.ACHIEVED
        if self.earned:
            return BenchmarkStatus.PARTIALLY_ACHIEVED
        return BenchmarkStatus.NOT_ASSESSED if self.unanswered else BenchmarkStatus.NOT_ACHIEVED


@attrs.frozen(kw_only=True, field_transformer=checked)
class FormResult:
    """What a form's answers come to.

    Args:
        form: The form.
        benchmarks: The results by benchmark.
    """

    form: Form
    benchmarks: tuple[FormBenchmarkResult, ...]

    @property
    def achieved(self) -> int:
        """How many benchmarks are achieved."""
        return sum(result.status is BenchmarkStatus.ACHIEVED for result in self.benchmarks)

    def __getitem__(self, number: int) -> FormBenchmarkResult:
        self.form.benchmark(number)  # raises for a benchmark that the form lacks
        return next(result for result in self.benchmarks if result.number == number)

    def to_dict(self) -> dict[str, object]:
        """Return the result ready for `json`, fractions as texts."""
        return {
            "format": "gatsbykit-self-assessment/1",
            "form": self.form.key,
            "interpretation": self.form.interpretation,
            "achieved": self.achieved,
            "benchmarks": [
                {
                    "number": result.number,
                    "title": result.benchmark.title,
                    "status": result.status.value,
                    "percent": result.percent,
                    "earned": str(result.earned),
                    "possible": str(result.possible),
                    "unanswered": result.unanswered,
                }
                for result in self.benchmarks
            ],
        }


@functools.cache
def form(key: str) -> Form:
    """Return a form by its key.

    Raises:
        FormError: There is none; the message lists those there are.

    Examples:
        >>> form("legacy-quarters-v1").title
        'Legacy self-assessment in quarters (reconstruction, version 1)'
    """
    if key not in FORM_KEYS:
        raise FormError(f"there is no form {key!r}; choose one of {', '.join(FORM_KEYS)}")
    return rules_converter().structure(read_rules(f"forms/{key}"), Form)


def assess(
    key: str,
    answers: Mapping[str, FormAnswer | str],
    *,
    sixth_form: bool,
    considering_he: bool = True,
) -> FormResult:
    """Score the answers to a form.

    Args:
        key: The form.
        answers: The answers by item, such as ``{"1.1": "yes", "5.1": "some"}``. An item left out is
            unanswered and earns nothing.
        sixth_form: Whether the school has a sixth form.
        considering_he: Whether any of its learners consider higher education.

    Raises:
        FormError: There is no such form or item, or an answer is not one of the item's.
    """
    chosen = form(key)
    known = {item.id for item in chosen.items}
    strangers = sorted(answers.keys() - known)
    if strangers:
        raise FormError(f"{key} has no item {', '.join(strangers)}")
    holds = {Condition.SIXTH_FORM: sixth_form, Condition.CONSIDERING_HE: considering_he}
    return FormResult(form=chosen, benchmarks=tuple(_results(chosen, answers, FrozenMapping(holds))))


def _results(
    chosen: Form, answers: Mapping[str, FormAnswer | str], holds: Mapping[Condition, bool]
) -> Iterator[FormBenchmarkResult]:
    """Yield what the answers come to, benchmark by benchmark."""
    given = {item.id: item.read(answers[item.id]) for item in chosen.items if item.id in answers}
    for benchmark in chosen.benchmarks:
        items = [item for item in benchmark.items if all(holds[condition] for condition in item.applies_if)]
        answered = [given[item.id] for item in items if item.id in given]
        yield FormBenchmarkResult(
            benchmark=benchmark,
            earned=sum(map(chosen.credit, answered), _NOTHING),
            possible=len(items) * _YES,
            unanswered=len(items) - len(answered),
        )
