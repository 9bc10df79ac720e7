"""Comparing scorecards: two editions, or two dates.

Examples:
    >>> import gatsbykit as gk
    >>> from datetime import date
    >>> school = gk.load("examples/northfield")
    >>> changed = compare_editions(school, "2014-school", "2025-school", as_of=date(2026, 7, 10))
    >>> change = changed["8b"]
    >>> change.difference.kind
    'changed'
    >>> [str(status) for status in change.status_before()], str(change.status_after())
    (['met'], 'met')
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import ComparisonError
from gatsbykit.model.calendar import academic_year_start
from gatsbykit.model.fields import checked
from gatsbykit.plain import plain
from gatsbykit.rules.differences import (
    AspectChange,
    CriterionDifference,
    EditionDifference,
    edition_difference,
)
from gatsbykit.rules.grading import PRESETS, CriterionStatus, Preset
from gatsbykit.scoring import score
from gatsbykit.scoring.plan import DEFAULTS, Settings
from gatsbykit.scoring.scorecard import CriterionResult, Scorecard
from gatsbykit.words import listed, name_words, percent_text, printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records

__all__ = [
    "Comparison",
    "ComparisonError",
    "CriterionChange",
    "as_of_earlier",
    "compare",
    "compare_dates",
    "compare_editions",
]

_STRICTEST: Final = Preset.EVERY_PUPIL
_LABEL: Final = 44


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionChange:
    """What became of a criterion between two scorecards.

    Args:
        difference: What became of its rule.
        before: The results in the first scorecard; none where the second asks for something new.
        after: The result in the second, or ``None`` where nothing follows.
        why: What changed, in sentences: the rule first, then what was counted or answered.
    """

    difference: CriterionDifference
    before: tuple[CriterionResult, ...]
    after: CriterionResult | None
    why: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id in the second edition, or in the first where nothing follows."""
        return self.before[0].criterion.id if self.after is None else self.after.criterion.id

    def status_before(self, preset: Preset = _STRICTEST) -> tuple[CriterionStatus, ...]:
        """The statuses in the first scorecard."""
        return tuple(result.status[preset] for result in self.before)

    def status_after(self, preset: Preset = _STRICTEST) -> CriterionStatus | None:
        """The status in the second scorecard."""
        return None if self.after is None else self.after.status[preset]

    def moved(self, preset: Preset = _STRICTEST) -> bool:
        """Whether the status is another one; what is new or was dropped has moved."""
        return {*self.status_before(preset)} != {self.status_after(preset)}


@attrs.frozen(kw_only=True, field_transformer=checked)
class Comparison:
    """Two scorecards of one institution side by side.

    Args:
        before: The first scorecard.
        after: The second one.
        rules: What differs between their editions.
        criteria: What became of each criterion.
    """

    before: Scorecard
    after: Scorecard
    rules: EditionDifference
    criteria: tuple[CriterionChange, ...]

    def __getitem__(self, criterion_id: str) -> CriterionChange:
        """Return what became of a criterion, by its id in the second edition."""
        self.after.edition.criterion(criterion_id)  # raises for an unknown id, and says which there are
        return next(change for change in self.criteria if change.difference.after_id == criterion_id)

    def of_benchmark(self, number: int) -> tuple[CriterionChange, ...]:
        """Return what became of the criteria of one benchmark; dropped ones stay with their own."""
        wanted = {id(one) for one in self.rules.of_benchmark(number)}
        return tuple(change for change in self.criteria if id(change.difference) in wanted)

    def __str__(self) -> str:
        return _text(self)

    def to_dict(self) -> dict[str, object]:
        """Return the comparison ready for `json`; no learner is named in it."""
        return {
            "format": "gatsbykit-comparison/1",
            "institution": str(self.after.institution.id),
            "before": _card_fields(self.before),
            "after": _card_fields(self.after),
            "changed": plain(self.rules.transition.changed),
            "benchmarks": [
                {
                    "number": new.number,
                    "title": new.title,
                    "before": plain(old.status),
                    "after": plain(new.status),
                }
                for old, new in zip(self.before.benchmarks, self.after.benchmarks, strict=True)
            ],
            "criteria": [
                {
                    "kind": change.difference.kind,
                    "before": [_result_fields(result) for result in change.before],
                    "after": None if change.after is None else _result_fields(change.after),
                    "why": list(change.why),
                }
                for change in self.criteria
            ],
        }


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Compare two scorecards of one institution, criterion by criterion.

    Criteria of different editions are matched by what the rules say of how one grew out of the
    other, not by their ids.

    Args:
        before: The first scorecard.
        after: The second one.

    Raises:
        ComparisonError: They are of different institutions.
    """
    if before.institution.id != after.institution.id:
        raise ComparisonError("the scorecards are of different institutions; use summarise for many of them")
    rules = edition_difference(before.edition, after.edition)
    return Comparison(
        before=before,
        after=after,
        rules=rules,
        criteria=tuple(_criterion_change(one, before, after) for one in rules.criteria),
    )


def compare_editions(
    records: Records, before: str, after: str, *, as_of: date, settings: Settings = DEFAULTS
) -> Comparison:
    """Compare what the same records come to under two editions.

    Args:
        records: The institution's records.
        before: The key of the first edition.
        after: The key of the second one.
        as_of: The date of the assessment.
        settings: The caller's choices, for both.

    Raises:
        EditionError: An edition does not exist or is not for this institution.
    """
    old, new = (score(records, as_of=as_of, edition=key, settings=settings) for key in (before, after))
    return compare(old, new)


def compare_dates(
    records: Records,
    before: date,
    after: date,
    *,
    recorded: date | None = None,
    edition: str | None = None,
    settings: Settings = DEFAULTS,
) -> Comparison:
    """Compare what an institution's records come to at two dates.

    Records say in which year group a learner is at one date. For the other date the year groups are
    worked out (`as_of_earlier`); everything else that changes in time, such as intentions or subjects,
    is taken as it is recorded. Where there is an export of either date, compare their scorecards.

    Args:
        records: The institution's records.
        before: The first date.
        after: The second one.
        recorded: The date at which the year groups in the records are right, by default the later
            of the two.
        edition: The key of the edition for both, by default the one in force on each date.
        settings: The caller's choices, for both.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        ComparisonError: A date is after the one at which the year groups are right.
    """
    right = max(before, after) if recorded is None else recorded
    old, new = (
        score(as_of_earlier(records, day, recorded=right), as_of=day, edition=edition, settings=settings)
        for day in (before, after)
    )
    return compare(old, new)


def as_of_earlier(records: Records, day: date, *, recorded: date) -> Records:
    """Return records with the year groups as they were on an earlier date.

    Args:
        records: The institution's records.
        day: The date at which the year groups should be right.
        recorded: The date at which they are right now.

    Raises:
        ComparisonError: The day is after the date of the records, which cannot know who moved up.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.Records(
        ...     institution=gk.Institution(name="Northfield School", kind="secondary_school"),
        ...     learners=[gk.Learner(learner_id="L1", year_group=11)],
        ... )
        >>> as_of_earlier(school, date(2024, 7, 10), recorded=date(2026, 7, 10)).learners[0].year_group
        9
    """
    if day > recorded:
        raise ComparisonError(f"{day} is after {recorded}, the date at which the year groups are right")
    if records.learners is None:
        return records
    return attrs.evolve(records, learners=tuple(_at(learner, day, recorded) for learner in records.learners))


def _at(learner: Learner, day: date, recorded: date) -> Learner:
    """Return a learner with the year group as of an earlier date."""
    if learner.year_group is None:
        return learner
    then, now = (academic_year_start(learner.reference_date(when)) for when in (day, recorded))
    # Whoever was not at school yet was in no population, just as somebody in Year 1.
    return attrs.evolve(learner, year_group=max(learner.year_group - (now - then), 1))


def _card_fields(card: Scorecard) -> dict[str, object]:
    return {
        "edition": card.edition.key,
        "fingerprint": f"sha256:{card.fingerprint}",
        "as_of": card.as_of.isoformat(),
        "achieved": plain(card.achieved),
        "applicable": card.applicable,
    }


def _result_fields(result: CriterionResult) -> dict[str, object]:
    return {
        "id": result.criterion.id,
        "basis": result.basis,
        "status": plain(result.status),
        "numerator": result.numerator,
        "denominator": result.denominator,
    }


def _criterion_change(one: CriterionDifference, before: Scorecard, after: Scorecard) -> CriterionChange:
    """Put the results of a criterion side by side, and say what changed."""
    old = tuple(before[criterion_id] for criterion_id in one.before_ids)
    new = None if one.after_id is None else after[one.after_id]
    return CriterionChange(
        difference=one, before=old, after=new, why=tuple(_why(one, old, new, before, after))
    )


def _why(
    one: CriterionDifference,
    old: tuple[CriterionResult, ...],
    new: CriterionResult | None,
    before: Scorecard,
    after: Scorecard,
) -> Iterator[str]:
    """Say what changed: the rule first, then what was counted or answered."""
    if not old:
        yield f"{before.edition.key} does not ask for this."
    if new is None:
        yield f"{after.edition.key} does not ask for this."
    for change in one.changes:
        yield from _rule_words(change)
    if one.kind == "same" and before.edition != after.edition:
        yield "The rule is the same."
    if old:
        several = len(old) > 1
        words = (f"{_outcome(result)}{f' ({result.criterion.id})' if several else ''}" for result in old)
        yield f"Before: {listed(words)}."
    if new is not None:
        yield f"Now: {_outcome(new)}."
    if len(old) == 1 and new is not None:
        yield from _moves(old[0], new)


def _rule_words(change: AspectChange) -> Iterator[str]:
    """Say in a sentence or two how a rule differs."""
    if not change.before or not change.after:
        return  # who answers has changed, and is said
    match change.aspect:
        case "asks":
            yield "It is asked in other words."
        case "counts":
            yield "Other activities count: what makes one meaningful is another question."
        case aspect:
            after, before = (text.rstrip(".") for text in (change.after, change.before))
            yield f"{aspect.capitalize()}: {after}. Before: {before}."


def _outcome(result: CriterionResult) -> str:
    """Say what a result rests on, in a few words."""
    if result.tally is not None:
        if result.tally.share is None:
            return "nobody whom it is about"
        return f"{result.tally.numerator} of {result.tally.denominator} ({percent_text(result.tally.share)})"
    if result.basis is None:
        return "no records and no answer"
    return f"answered, {result.status[_STRICTEST].words}"


def _moves(old: CriterionResult, new: CriterionResult) -> Iterator[str]:
    """Say how many learners changed sides, as far as that is known."""
    if old.missing is None or new.missing is None:
        return
    was, is_ = set(old.missing), set(new.missing)
    if was != is_:
        yield f"Learners missing now but not before: {len(is_ - was)}; before but not now: {len(was - is_)}."


# As a table for people


def _text(comparison: Comparison) -> str:
    """Return two scorecards side by side, at most 80 columns wide.

    Every benchmark and criterion has its status before and after at the strictest preset, and what
    changed. No learner is named.

    Args:
        comparison: The comparison.
    """
    before, after = comparison.before, comparison.after
    blocks = [
        [
            *wrapped(printable(after.institution.name)),
            f"Before  {_card_words(before)}",
            f"Now     {_card_words(after)}",
        ],
        list(_totals(before, after)),
    ]
    preset = PRESETS[0]
    for old, new in zip(before.benchmarks, after.benchmarks, strict=True):
        statuses = (one.status[preset].short for one in (old, new))
        title, *rest = textwrap.wrap(new.title, _LABEL - 3)
        lines = [f"{f'{new.number}  {title}':<{_LABEL}}  {' -> '.join(statuses)}"]
        lines += [f"   {line}" for line in rest]
        lines += wrapped(comparison.rules.transition.changed.get(new.number, ""), "   ")
        for change in comparison.of_benchmark(new.number):
            lines += _criterion_lines(change, preset)
        blocks.append(lines)
    return "\n\n".join("\n".join(block) for block in blocks)


def _card_words(card: Scorecard) -> str:
    return f"{card.edition.key} as of {card.as_of} (rules {card.fingerprint[:12]})"


def _totals(before: Scorecard, after: Scorecard) -> Iterator[str]:
    for preset, words in zip(PRESETS, map(name_words, PRESETS), strict=True):
        old, new = (f"{card.achieved[preset]} of {card.applicable}" for card in (before, after))
        yield f"{f'Achieved, {words}':<{_LABEL}}  {old} -> {new}"


def _criterion_lines(change: CriterionChange, preset: Preset) -> Iterator[str]:
    old = [status.short for status in change.status_before(preset)]
    status = change.status_after(preset)
    new = "-" if status is None else status.short
    before_ids = change.difference.before_ids
    origin = f" (before {listed(before_ids)})" if before_ids and before_ids != (change.id,) else ""
    yield f"{f'   {change.id}{origin}':<{_LABEL}}  {' and '.join(old) or '-'} -> {new}"
    for sentence in change.why:
        yield from wrapped(sentence, " " * 7)
