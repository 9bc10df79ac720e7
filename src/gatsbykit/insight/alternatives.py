"""Other schools of which the same page could be told.

Both classes start from the school as it is and move it a step at a time, so that whatever a page
shows stays the same. They say how far a hidden count can be taken so. They are exact about what they
find and may miss what takes cleverer moves: a range is never narrower than they say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = ["Crowd", "Exchange", "Relabelling"]

_Group = tuple[str, str]
_Move = tuple[tuple[int, int], ...]
_NEAR: Final = 2


class Exchange:
    """Other learners meet a criterion; who is in which group stays as it is, and is known.

    Args:
        learners: Whom the criterion is about.
        met: Who of them meets it.
        labels: By attribute, the value that a learner has.
        secret: The groups of which it is hidden how many meet it.
        minimum: The least count that is shown, if a reader can tell that some hidden count must be
            smaller (or what it leaves of its group); ``None`` if there are other reasons to hide.
        show_zeros: Whether counts of nobody are shown.
    """

    def __init__(
        self,
        learners: Collection[str],
        met: Collection[str],
        labels: Iterable[tuple[str, Mapping[str, str]]],
        secret: Collection[_Group],
        minimum: int | None,
        *,
        show_zeros: bool,
    ) -> None:
        named = list(labels)
        kinds = {one: tuple((attribute, of[one]) for attribute, of in named) for one in learners}
        self._kinds = sorted({*kinds.values()})
        sizes, counts = Counter(kinds.values()), Counter(kinds[one] for one in met)
        self._sizes = [sizes[kind] for kind in self._kinds]
        self._met = [counts[kind] for kind in self._kinds]
        self._secret = sorted(secret)
        self._minimum, self._least = minimum, int(show_zeros)
        # Learners whom all that is shown treats alike.
        self._alike: defaultdict[tuple[_Group | None, ...], list[int]] = defaultdict(list)
        for place, kind in enumerate(self._kinds):
            self._alike[tuple(None if group in secret else group for group in kind)].append(place)

    def reaches(self, group: _Group, width: int) -> bool:
        """Return whether the number of those in a hidden group who meet the criterion can differ so much."""
        inside = [group in kind for kind in self._kinds]
        low = high = sum(count for count, is_in in zip(self._met, inside, strict=True) if is_in)
        for up in (True, False):
            met = list(self._met)
            wanted = [is_in is up for is_in in inside]
            while high - low < width and (move := self._move(met, wanted)):
                for place, step in move:
                    met[place] += step
                if self._can_be(met):
                    now = sum(count for count, is_in in zip(met, inside, strict=True) if is_in)
                    low, high = min(low, now), max(high, now)
        return high - low >= width

    def _can_be(self, met: Sequence[int]) -> bool:
        """Whether some hidden count is small, as the rule of hiding tells every reader."""
        if self._minimum is None:
            return True
        sizes: Counter[_Group] = Counter()
        counts: Counter[_Group] = Counter()
        for place, kind in enumerate(self._kinds):
            for group in kind:
                sizes[group] += self._sizes[place]
                counts[group] += met[place]
        return any(
            self._least <= count < self._minimum
            for group in self._secret
            for count in (counts[group], sizes[group] - counts[group])
        )

    def _move(self, met: Sequence[int], wanted: Sequence[bool]) -> _Move:
        """Return steps that add to what is wanted and change nothing that is shown; none if none is seen."""
        for members in self._alike.values():
            gain = self._first(members, met, 1, wanted, strict=True)
            loss = self._first(members, met, -1, wanted, strict=True)
            if gain is not None and loss is not None:
                return (gain, 1), (loss, -1)
        return next(self._double_moves(met, wanted), ())

    def _first(
        self, members: Iterable[int], met: Sequence[int], step: int, wanted: Sequence[bool], *, strict: bool
    ) -> int | None:
        """Return learners among whom one more, or one fewer, can meet it, rather where that is wanted."""
        able = [one for one in members if (met[one] < self._sizes[one] if step > 0 else met[one] > 0)]
        best = [one for one in able if wanted[one] is (step > 0)]
        return next(iter(best if strict else (*best, *able)), None)

    def _double_moves(self, met: Sequence[int], wanted: Sequence[bool]) -> Iterator[_Move]:
        """Yield moves in which two exchanges make good what each alone would show."""
        gains, losses = (self._able(met, step, wanted, strict=True) for step in (1, -1))
        more, fewer = (self._able(met, step, wanted, strict=False) for step in (1, -1))
        for gained, gain in gains.items():
            for lost, loss in losses.items():
                apart = [place for place, group in enumerate(gained) if group != lost[place]]
                if len(apart) > _NEAR:
                    continue
                for back, second in more.items():
                    if any(back[place] != lost[place] for place in apart):
                        continue
                    forth = list(back)
                    for place in apart:
                        forth[place] = gained[place]
                    last = fewer.get(tuple(forth))
                    if last is None or wanted[second] < wanted[last] or {gain, second} & {loss, last}:
                        continue
                    yield (gain, 1), (loss, -1), (second, 1), (last, -1)

    def _able(
        self, met: Sequence[int], step: int, wanted: Sequence[bool], *, strict: bool
    ) -> dict[tuple[_Group | None, ...], int]:
        """By how learners look to a reader, some of whom one more or one fewer can meet it."""
        found = (
            (looks, self._first(members, met, step, wanted, strict=strict))
            for looks, members in self._alike.items()
        )
        return {looks: one for looks, one in found if one is not None}


@attrs.frozen(kw_only=True)
class Crowd:
    """Learners who are counted by group: all whom a criterion is about, or those who meet it.

    Args:
        learners: The learners.
        shown: The values of the attribute whose counts are shown.
        listed: The values that are listed, so that each has somebody; empty if they are no
            population.
    """

    learners: frozenset[str]
    shown: frozenset[str]
    listed: frozenset[str]


class Relabelling:
    """Learners change their groups under one attribute; who meets what stays as it is.

    Args:
        labels: The value that a learner has.
        patterns: By learner, in which populations it is. Only values that occur in a pattern can be
            taken up there, since populations and groups are often two words for the same thing.
        crowds: All that is counted by the attribute.
        minimum: The least count that is shown, if some hidden size must be smaller.
    """

    def __init__(
        self,
        labels: Mapping[str, str],
        patterns: Mapping[str, int],
        crowds: Sequence[Crowd],
        minimum: int | None,
    ) -> None:
        self._crowds = crowds
        self._minimum = minimum
        # Learners who are counted alike whatever their group: a bit for each crowd, after the pattern.
        self._people: Counter[tuple[int, int, str]] = Counter()
        for learner, pattern in patterns.items():
            mask = sum(1 << place for place, one in enumerate(crowds) if learner in one.learners)
            self._people[pattern, mask, labels[learner]] += 1
        self._possible = {(pattern, value) for pattern, _, value in self._people}
        self._shown = {
            value: sum(1 << place for place, one in enumerate(crowds) if value in one.shown)
            for _, _, value in self._people
        }

    def reaches(self, crowd: int, value: str, others: Collection[str], width: int) -> bool:
        """Return whether the number of those with a value in a crowd can differ so much.

        Args:
            crowd: The place of the crowd.
            value: The value.
            others: The values with which learners may change places.
            width: How much.
        """
        low = high = self._count(self._people, crowd, value)
        for up in (True, False):
            people = +self._people
            while high - low < width and self._step(people, crowd, value, sorted(others), up=up):
                if self._can_be(people):
                    now = self._count(people, crowd, value)
                    low, high = min(low, now), max(high, now)
        return high - low >= width

    @staticmethod
    def _count(people: Mapping[tuple[int, int, str], int], crowd: int, value: str) -> int:
        return sum(count for (_, mask, own), count in people.items() if own == value and mask >> crowd & 1)

    def _can_be(self, people: Mapping[tuple[int, int, str], int]) -> bool:
        """Whether some hidden size is small, as the rule of hiding tells every reader."""
        if self._minimum is None:
            return True
        return any(
            self._count(people, place, value) < self._minimum
            for place, one in enumerate(self._crowds)
            for value in one.listed - one.shown
        )

    def _step(
        self,
        people: Counter[tuple[int, int, str]],
        crowd: int,
        value: str,
        others: Iterable[str],
        *,
        up: bool,
    ) -> bool:
        """Take one learner more, or one fewer, into a group, unseen; return whether it was possible."""
        for other in others:
            old, new = (other, value) if up else (value, other)
            for change in self._changes(people, crowd, old, new):
                people.update(change)
                if all(people[one] >= 0 for one in change) and self._nobody_is_missed(people, change):
                    return True
                people.subtract(change)
        return False

    def _changes(
        self, people: Mapping[tuple[int, int, str], int], crowd: int, old: str, new: str
    ) -> Iterator[dict[tuple[int, int, str], int]]:
        """Yield ways for a learner of a crowd to change groups, if need be in exchange for another."""
        seen = self._shown[old], self._shown[new]
        here = [one for one in self._free(people, old, new) if one[1] >> crowd & 1]
        there = [one for one in self._free(people, new, old) if not one[1] >> crowd & 1]
        leaving = {one: {one: -1, (*one[:2], new): 1} for one in here}
        looks = {one: [one[1] & mask for mask in seen] for one in (*here, *there)}
        # First for another's, which leaves the sizes of the groups as they are.
        for one in here:
            for other in there:
                if looks[one] == looks[other]:
                    yield {**leaving[one], other: -1, (*other[:2], old): 1}
        for one in here:
            if not any(looks[one]):
                yield leaving[one]

    def _free(
        self, people: Mapping[tuple[int, int, str], int], old: str, new: str
    ) -> list[tuple[int, int, str]]:
        return sorted(
            one
            for one, count in people.items()
            if count > 0 and one[2] == old and (one[0], new) in self._possible
        )

    def _nobody_is_missed(
        self, people: Mapping[tuple[int, int, str], int], change: Iterable[tuple[int, int, str]]
    ) -> bool:
        """Whether every group that is listed still has somebody in it."""
        return all(
            self._count(people, place, value) > 0
            for place, one in enumerate(self._crowds)
            for value in {value for _, _, value in change} & one.listed
        )
