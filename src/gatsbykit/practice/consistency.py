"""Holding a document against itself: what text, tables and figures say of the same thing.

That two places speak of the same thing is for whoever enters them to say, by giving both the same
``about``. The rest is arithmetic: sums, bases, complements, times and scopes. Nothing found here is an
error of the data: a contradiction is a question to the document, and whoever cites it should know.
"""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gatsbykit.model.evaluation import Part
from gatsbykit.practice.figure_checks import figure_contradictions, found_issue, numbered
from gatsbykit.rounded_figures import Printed
from gatsbykit.words import percent_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gatsbykit.issues import Issue
    from gatsbykit.model.statements import Statement
    from gatsbykit.model.training_evaluation import TrainingEvaluation

__all__ = ["contradictions", "parts_difference", "with_parts_merged"]

FAR_APART: Final = Fraction(1, 4)
"""How far apart two shares are that one word should not stand for. Ours: a quarter of everybody."""

LARGE: Final = 100
"""From which number on it is remarkable that it stands for two things. Ours."""


def contradictions(training: TrainingEvaluation, as_of: datetime.date | None = None) -> tuple[Issue, ...]:
    """Return what a document says against itself, as warnings.

    Args:
        training: The document's figures, statements, interviews and questions.
        as_of: The day of the report; without it every interview had been held.

    Examples:
        >>> from gatsbykit.model.evaluation import Part
        >>> from gatsbykit.model.statements import Statement
        >>> from gatsbykit.model.training import TrainingProgramme
        >>> from gatsbykit.model.training_evaluation import TrainingEvaluation
        >>> levels = [Part(name="junior", count=3), Part(name="middle", count=48)]
        >>> (issue,) = contradictions(
        ...     TrainingEvaluation(
        ...         programme=TrainingProgramme(title="National"),
        ...         statements=[Statement(id="s1", about="level", place="2.4.2", parts=levels, base=52)],
        ...     )
        ... )
        >>> print(issue)  # doctest: +NORMALIZE_WHITESPACE
        training.json, statements[0] (s1): parts_do_not_sum: level (2.4.2): the parts add up to 51,
        the whole is 52
    """
    said = itertools.chain.from_iterable(check(training) for check in _CHECKS)
    return (*said, *figure_contradictions(training, as_of or datetime.date.max), *_unsaid(training))


_Pair = tuple[str, "Statement", "Statement"]


def _pairs(training: TrainingEvaluation) -> Iterator[_Pair]:
    """Yield every two statements about the same thing, with the path of the later one."""
    by_subject: dict[str, list[Statement]] = defaultdict(list)
    for path, later in numbered(training):
        subject = later.about.casefold()
        for earlier in by_subject[subject]:
            yield path, earlier, later
        by_subject[subject].append(later)


def _of_two(code: str, pair: _Pair, first: object, second: object) -> Issue:
    path, earlier, later = pair
    return found_issue(
        code,
        path,
        later.id,
        about=later.about,
        first=first,
        first_place=earlier.place,
        second=second,
        second_place=later.place,
    )


# Sums


def parts_difference(one: Iterable[Part], other: Iterable[Part]) -> Mapping[str, tuple[int, int]]:
    """Return the parts in which two counts by kind differ, with both numbers; a part that is absent is 0.

    Examples:
        >>> from gatsbykit.model.evaluation import Part
        >>> parts_difference([Part(name="middle", count=33)], [Part(name="middle", count=33)])
        {}
    """
    first, second = ({part.name: part.count for part in parts} for parts in (one, other))
    names = dict.fromkeys([*first, *second])
    return {
        name: (first.get(name, 0), second.get(name, 0))
        for name in names
        if first.get(name, 0) != second.get(name, 0)
    }


def with_parts_merged(parts: Iterable[Part], into: Mapping[str, str]) -> tuple[Part, ...]:
    """Return parts with some of them counted as others.

    Args:
        parts: The parts.
        into: By the name of a part that goes, that of the part it is counted as.

    Examples:
        >>> from gatsbykit.model.evaluation import Part
        >>> text = [Part(name="junior", count=3), Part(name="middle", count=30)]
        >>> with_parts_merged(text, {"junior": "middle"})
        (Part(name='middle', count=33),)
    """
    sums: dict[str, int] = {}
    for part in parts:
        name = into.get(part.name, part.name)
        sums[name] = sums.get(name, 0) + part.count
    return tuple(Part(name=name, count=count) for name, count in sums.items())


def _sums(training: TrainingEvaluation) -> Iterator[Issue]:
    wholes: list[tuple[str, str, str, str | None, tuple[Part, ...], int | None]] = [
        (path, one.id, one.about, one.place, one.parts, one.base) for path, one in numbered(training)
    ]
    for index, talks in enumerate(training.interviews):
        wholes += [
            (f"interviews[{index}].blocks[{place}]", talks.id, block.id, block.place, block.parts, talks.base)
            for place, block in enumerate(talks.blocks)
        ]
    for path, record, about, place, parts, whole in wholes:
        total = sum(part.count for part in parts)
        if parts and whole is not None and total != whole:
            details = {"about": about, "place": place or record, "sum": total, "whole": whole}
            yield found_issue("parts_do_not_sum", path, record, **details)
    for pair in _pairs(training):
        _path, earlier, later = pair
        differing = parts_difference(earlier.parts, later.parts)
        if earlier.parts and later.parts and differing:
            words = [
                ", ".join(f"{name} {ends[which]}" for name, ends in differing.items()) for which in (0, 1)
            ]
            yield _of_two("parts_differ", pair, *words)


# The same thing said twice


def _words_of(statement: Statement) -> str | None:
    return None if statement.word is None else statement.word.replace("_", " ")


def _value_of(statement: Statement) -> str | None:
    """Return the number of a statement as it is said."""
    if statement.percent is not None:
        return f"{statement.percent} %"
    if statement.count is not None:
        of = "" if statement.base is None else f" of {statement.base:,}"
        return f"{statement.count:,}{of}"
    return None if statement.number is None else f"{float(statement.number):g}"


def _is_same_kind(one: Statement, other: Statement) -> bool:
    """Whether two statements give their numbers in the same way, so that they can be compared."""
    return all(
        (getattr(one, name) is None) == (getattr(other, name) is None)
        for name in ("percent", "count", "number")
    )


def _two_values(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        _path, earlier, later = pair
        first, second = _value_of(earlier), _value_of(later)
        if first is None or second is None or first == second or not _is_same_kind(earlier, later):
            continue
        if earlier.date == later.date:
            yield _of_two("values_differ", pair, first, second)
        else:
            yield _of_two("counts_of_two_dates", pair, _dated(first, earlier), _dated(second, later))


def _dated(value: str, statement: Statement) -> str:
    return f"{value} on {'a day not named' if statement.date is None else statement.date}"


def _two_words(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        _path, earlier, later = pair
        first, second = _words_of(earlier), _words_of(later)
        if first is not None and second is not None and first != second and earlier.holds is later.holds:
            yield _of_two("words_differ", pair, first, second)


def _yes_and_no(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        _path, earlier, later = pair
        if earlier.holds is not None and later.holds is not None and earlier.holds is not later.holds:
            words = [_truth_words(one) for one in (earlier, later)]
            yield _of_two("yes_and_no", pair, *words)


def _truth_words(statement: Statement) -> str:
    word = _words_of(statement)
    return f"{'so' if statement.holds else 'not so'}{'' if word is None else f' ({word})'}"


def _two_scopes(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        _path, earlier, later = pair
        if earlier.scope is not None and later.scope is not None and earlier.scope != later.scope:
            yield _of_two("scopes_differ", pair, earlier.scope, later.scope)


def _two_times(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        _path, earlier, later = pair
        early, claimed = (earlier, later) if earlier.too_early else (later, earlier)
        if early.too_early and claimed.holds and not claimed.too_early:
            path, record = pair[0], pair[2].id
            details = {"about": later.about, "place": claimed.place, "early_place": early.place}
            yield found_issue("claimed_and_too_early", path, record, **details)


# Words against numbers


def _share(statement: Statement) -> Fraction | None:
    """Return the share that a statement gives, if it gives one."""
    if statement.percent is not None:
        return Printed.read(statement.percent).value / 100
    return (
        None
        if statement.count is None or statement.base is None
        else Fraction(statement.count, statement.base)
    )


def _word_against_count(training: TrainingEvaluation) -> Iterator[Issue]:
    for pair in _pairs(training):
        path, earlier, later = pair
        for worded, counted in ((earlier, later), (later, earlier)):
            share, word = _share(counted), worded.word
            if word is not None and word.is_more_than_half and share is not None and share <= Fraction(1, 2):
                details = {
                    "about": later.about,
                    "word": _words_of(worded),
                    "word_place": worded.place,
                    "value": f"{_value_of(counted)} ({percent_text(share)})",
                    "value_place": counted.place,
                }
                yield found_issue("word_against_count", path, later.id, **details)


def _one_word_for_unlike_shares(training: TrainingEvaluation) -> Iterator[Issue]:
    shares: dict[str, list[tuple[Fraction, str, Statement]]] = defaultdict(list)
    for path, statement in numbered(training):
        share = _share(statement)
        if share is not None and statement.word is not None:
            shares[statement.word].append((share, path, statement))
    for word, found in shares.items():
        (least, _, low), (most, path, high) = min(found, key=_first), max(found, key=_first)
        if most - least > FAR_APART:
            details = {
                "word": word.replace("_", " "),
                "first": percent_text(least),
                "first_place": low.place,
                "second": percent_text(most),
                "second_place": high.place,
            }
            yield found_issue("word_for_unlike_shares", path, high.id, **details)


def _first(entry: tuple[Fraction, str, Statement]) -> Fraction:
    return entry[0]


def _one_number_for_two_things(training: TrainingEvaluation) -> Iterator[Issue]:
    first: dict[int, Statement] = {}
    for path, statement in numbered(training):
        count = statement.count
        if count is None or count < LARGE or count == statement.base:
            continue
        other = first.setdefault(count, statement)
        if other.about.casefold() != statement.about.casefold():
            details = {
                "number": f"{count:,}",
                "first": other.about,
                "first_place": other.place,
                "second": statement.about,
                "second_place": statement.place,
            }
            yield found_issue("one_number_two_things", path, statement.id, **details)


def _comparisons(training: TrainingEvaluation) -> Iterator[Issue]:
    known = {one.id: one for one in training.statements}
    for path, statement in numbered(training):
        other = known.get(statement.more_than or "")
        if other is None or statement.number is None or other.number is None:
            continue
        if statement.number <= other.number:
            details = {
                "about": statement.about,
                "place": statement.place,
                "first": f"{float(statement.number):g}",
                "second": f"{float(other.number):g}",
                "other": other.about,
                "other_place": other.place,
            }
            yield found_issue("comparison_not_borne_out", path, statement.id, **details)


# What a document sets out to do, and what only a reader sees


def _unsaid(training: TrainingEvaluation) -> Iterator[Issue]:
    """Yield the questions that a document leaves open, and what only a reader sees."""
    for index, question in enumerate(training.questions):
        if not question.answered_at:
            details = {"question": question.text, "place": question.place}
            yield found_issue("question_unanswered", f"questions[{index}]", question.id, **details)
    for index, remark in enumerate(training.remarks):
        details = {"text": remark.text, "place": remark.place}
        yield found_issue("seen_by_a_reader", f"remarks[{index}]", remark.id, **details)


_CHECKS: Final[tuple[Callable[[TrainingEvaluation], Iterator[Issue]], ...]] = (
    _sums,
    _two_values,
    _two_words,
    _yes_and_no,
    _two_scopes,
    _two_times,
    _word_against_count,
    _one_word_for_unlike_shares,
    _one_number_for_two_things,
    _comparisons,
)
