"""How editions follow one another: which criteria belong together, and what changed.

Examples:
    >>> from gatsbykit.rules import edition
    >>> found = transition(edition("2014-school"), edition("2025-school"))
    >>> next(pair for pair in found.pairs if pair.after == "1e")
    Pair(before=('1b',), after='1e')
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.fields import checked
from gatsbykit.rules.loading import read_rules, rules_converter
from gatsbykit.rules.vocabulary import Source

if TYPE_CHECKING:
    from gatsbykit.rules.vocabulary import Edition

__all__ = ["Pair", "Transition", "transition"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Pair:
    """Criteria of two editions that belong together.

    Args:
        before: The ids in the first edition; none where the second asks for something new.
        after: The id in the second edition, or ``None`` where nothing follows.
    """

    before: tuple[str, ...]
    after: str | None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Transition:
    """The way from one edition to another.

    Args:
        pairs: What became of every criterion, in the order of the second edition, those that
            were dropped at the end.
        changed: By the number of a benchmark, what changed, in our words; empty where nobody has
            written it down.
        sources: Where that comes from.
    """

    pairs: tuple[Pair, ...]
    changed: Mapping[int, str] = attrs.field(hash=False, factory=dict[int, str])
    sources: tuple[Source, ...] = ()


@attrs.frozen(kw_only=True)
class _Written:
    """An entry of the rule file, from an earlier edition to a later one."""

    before: str
    after: str
    sources: tuple[Source, ...]
    follows: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, str]


_NOTHING_WRITTEN: Final = _Written(before="", after="", sources=(), follows={}, changed={})


@functools.cache
def _written() -> Mapping[tuple[str, str], _Written]:
    entries = rules_converter().structure(read_rules("transitions")["transitions"], tuple[_Written, ...])
    return {(entry.before, entry.after): entry for entry in entries}


def _find(before: Edition, after: Edition) -> _Written | None:
    """Return the entry for two editions, or for the ones that they are based on."""
    for first in (before.key, before.based_on):
        for second in (after.key, after.based_on):
            if first is not None and second is not None and (first, second) in _written():
                return _written()[first, second]
    return None


def transition(before: Edition, after: Edition) -> Transition:
    """Return the way from one edition to another, in either direction.

    An edition that is based on another one takes over how that one grew out of its forerunner.
    Where nothing is written down, criteria belong together when their ids are the same.

    Args:
        before: The first edition.
        after: The second one.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> found = transition(edition("2018-college"), edition("2025-itp"))
        >>> [pair.before for pair in found.pairs if pair.after is None]
        [('5b',), ('8b',)]
    """
    forward, backward = _find(before, after), _find(after, before)
    if forward is not None or backward is None:
        entry = forward or _NOTHING_WRITTEN
        changed = {int(number): text for number, text in entry.changed.items()}
        pairs = _pairs(_follows(entry, before, after), before)
        return Transition(pairs=pairs, changed=FrozenMapping(changed), sources=entry.sources)
    onward = _follows(backward, after, before)
    followed_by = {
        criterion.id: tuple(later for later, earlier in onward.items() if criterion.id in earlier)
        for criterion in after.criteria
    }
    return Transition(pairs=_pairs(followed_by, before), sources=backward.sources)


def _follows(entry: _Written, before: Edition, after: Edition) -> Mapping[str, tuple[str, ...]]:
    """Return, by criterion of the later edition, those of the earlier one that it follows."""
    old = {criterion.id for criterion in before.criteria}
    return {
        criterion.id: entry.follows.get(criterion.id, (criterion.id,) if criterion.id in old else ())
        for criterion in after.criteria
    }


def _pairs(follows: Mapping[str, tuple[str, ...]], before: Edition) -> tuple[Pair, ...]:
    """Turn what each criterion follows into pairs, those that nothing follows at the end."""
    followed = {criterion_id for ids in follows.values() for criterion_id in ids}
    return (
        *(Pair(before=ids, after=criterion_id) for criterion_id, ids in follows.items()),
        *(
            Pair(before=(criterion.id,), after=None)
            for criterion in before.criteria
            if criterion.id not in followed
        ),
    )
