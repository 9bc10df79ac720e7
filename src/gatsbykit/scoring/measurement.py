"""What a lane of the engine hands over: counts and names, before any judgement.

The lanes differ in how they count. What follows from the counts is the same for all of them and
happens in `gatsbykit.scoring.scorecard`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import attrs

from gatsbykit.errors import RecordsError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.issues import Issue
from gatsbykit.model.fields import checked
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Measurement", "Origin", "Tally", "repeated_ids"]

Origin = Literal["answers", "programme", "both"]
"""Where an answer comes from: the institution's own answers, its careers programme, or parts from each."""

_NONE: Mapping[int, tuple[int, int]] = FrozenMapping({})


@attrs.frozen(kw_only=True, field_transformer=checked)
class Tally:
    """A count of learners, and the names of those who are missing.

    Args:
        numerator: How many meet the requirement.
        denominator: How many there are.
        missing: The ids of the rest, sorted by code point.
        unknown_only: Whether nobody is in the denominator for the sole reason that what decides
            it is unknown of everybody.
        on_track: By earlier year group: how many meet it already, and how many there are.
    """

    numerator: int
    denominator: int
    missing: tuple[str, ...] = ()
    unknown_only: bool = False
    on_track: Mapping[int, tuple[int, int]] = _NONE

    @property
    def share(self) -> Fraction | None:
        """The share of those who meet it, exact; ``None`` where there is nobody."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Measurement:
    """Everything that a lane counted.

    Args:
        tallies: By the id of a share criterion; a criterion without evidence has none.
        access: By phase of the provider access law; ``None`` where there is no result.
        hours: By part of the work experience guarantee; ``None`` where there is no result.
        warnings: What was doubtful on the way; none of them names a learner.
    """

    tallies: Mapping[str, Tally] = attrs.field(hash=False)
    access: Mapping[str, Tally] | None = attrs.field(default=None, hash=False)
    hours: Mapping[str, Tally] | None = attrs.field(default=None, hash=False)
    warnings: tuple[Issue, ...] = ()


_MOST_NAMED: Final = 5


def repeated_ids(column: str, ids: Sequence[str]) -> RecordsError:
    """Make the error for ids that more than one record has, and name the first of them."""
    named = ", ".join(map(shown_id, sorted(ids)[:_MOST_NAMED]))
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return RecordsError(f"{len(ids)} values of {column} are not unique: {named}{more}")
