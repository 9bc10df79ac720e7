"""What differs between two editions, rule by rule, in words and as data.

Examples:
    >>> from gatsbykit.rules import edition
    >>> found = edition_difference(edition("2014-school"), edition("2025-school"))
    >>> [one.after_id for one in found.criteria if one.kind == "added"]
    ['1c', '1d', '4b', '5b', '8c']
    >>> next(one for one in found.criteria if one.after_id == "2a").changes[0]
    AspectChange(aspect='who', before='learners in Year 9', after='learners in Years 9, 11 and 13')
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

import attrs

from gatsbykit.model.encounters import ActivityKind
from gatsbykit.model.fields import checked
from gatsbykit.rules.transitions import Transition, transition
from gatsbykit.rules.vocabulary import Criterion, Edition
from gatsbykit.rules.words import cohort_words, counted_words, counting_words, requirement_words
from gatsbykit.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["AspectChange", "CriterionDifference", "EditionDifference", "edition_difference"]

Kind = Literal["added", "dropped", "changed", "same"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class AspectChange:
    """One thing that differs, in words.

    Args:
        aspect: What it is: ``answered by``, ``who``, ``needs``, ``counts`` and so on.
        before: How it was; blank where there was nothing to say.
        after: How it is; the same.
    """

    aspect: str
    before: str
    after: str


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionDifference:
    """What became of a criterion.

    Args:
        before: The criteria of the first edition; none where the second asks for something new.
        after: The criterion of the second edition, or ``None`` where nothing follows.
        changes: What differs in the rules, in words.
    """

    before: tuple[Criterion, ...]
    after: Criterion | None
    changes: tuple[AspectChange, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether the criterion is new, was dropped, or follows with another or the same rule."""
        if not self.before:
            return "added"
        if self.after is None:
            return "dropped"
        return "changed" if self.changes else "same"

    @property
    def before_ids(self) -> tuple[str, ...]:
        """The ids in the first edition."""
        return tuple(criterion.id for criterion in self.before)

    @property
    def after_id(self) -> str | None:
        """The id in the second edition."""
        return None if self.after is None else self.after.id


@attrs.frozen(kw_only=True, field_transformer=checked)
class EditionDifference:
    """What differs between two editions.

    Args:
        before: The first edition.
        after: The second one.
        transition: How the criteria belong together, and what people say changed.
        changes: What differs in the edition as a whole.
        criteria: What became of each criterion, in the order of the second edition, those that
            were dropped at the end.
    """

    before: Edition
    after: Edition
    transition: Transition
    changes: tuple[AspectChange, ...]
    criteria: tuple[CriterionDifference, ...]

    def of_benchmark(self, number: int) -> tuple[CriterionDifference, ...]:
        """Return what became of the criteria of one benchmark; dropped ones stay with their own."""
        homes = {
            id(criterion): benchmark.number
            for edition in (self.before, self.after)
            for benchmark in edition.benchmarks
            for criterion in benchmark.criteria
        }
        return tuple(one for one in self.criteria if homes[id(one.after or one.before[0])] == number)


@functools.lru_cache(maxsize=64)
def edition_difference(before: Edition, after: Edition) -> EditionDifference:
    """Return what differs between two editions.

    Args:
        before: The first edition.
        after: The second one.
    """
    way = transition(before, after)
    return EditionDifference(
        before=before,
        after=after,
        transition=way,
        changes=tuple(_edition_changes(before, after)),
        criteria=tuple(
            _criterion_difference(
                tuple(before.criterion(criterion_id) for criterion_id in pair.before),
                None if pair.after is None else after.criterion(pair.after),
                before,
                after,
            )
            for pair in way.pairs
        ),
    )


def _edition_changes(before: Edition, after: Edition) -> Iterator[AspectChange]:
    aspects: Mapping[str, Callable[[Edition], str]] = {
        "institutions": lambda edition: listed(sorted(kind.value for kind in edition.kinds)),
        "in force": lambda edition: f"from {edition.in_force}",
        "deadlines": lambda edition: f"set by {edition.timeline.value.replace('_', ' ')}",
        "counted": counted_words,
    }
    for aspect, words in aspects.items():
        if words(before) != words(after):
            yield AspectChange(aspect=aspect, before=words(before), after=words(after))
    for kind in ActivityKind:
        old, new = counting_words(kind, before), counting_words(kind, after)
        if old != new:
            yield AspectChange(aspect=f"{kind.value.replace('_', ' ')} counts", before=old, after=new)


def _criterion_difference(
    old: tuple[Criterion, ...], new: Criterion | None, before: Edition, after: Edition
) -> CriterionDifference:
    """Compare what criteria ask for, aspect by aspect."""
    if not old or new is None:
        return CriterionDifference(before=old, after=new)
    were = [_aspects(criterion, before) for criterion in old]
    now = _aspects(new, after)
    changes: list[AspectChange] = []
    for aspect, words in now.items():
        # What a criterion that became one with another says too is said once.
        earlier = " ".join(dict.fromkeys(one[aspect] for one in were))
        if earlier != words:
            changes.append(AspectChange(aspect=aspect, before=earlier, after=words))
    return CriterionDifference(before=old, after=new, changes=tuple(changes))


def _aspects(criterion: Criterion, edition: Edition) -> Mapping[str, str]:
    """Say what a criterion asks for, in words, by aspect; blank where there is nothing to say."""
    required = criterion.encounters
    return {
        # An answer depends on the text alone; records are counted by the rule, whatever the text.
        "asks": "" if criterion.cohort else criterion.text,
        "answered by": "records of learners" if criterion.cohort else "the institution",
        "who": cohort_words(criterion.cohort, edition) if criterion.cohort else "",
        "needs": requirement_words(criterion, edition),
        "counts": counting_words(required.kind, edition) if required else "",
    }
