"""How many leaders are how far on a day, against the places, and what it costs.

A published tally names those who completed, those for whom the bursary was received, and those in training.
Whoever applied, was sponsored, waits, has a contract or withdrew is in none of the three (interpretation).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import FigureError
from gatsbykit.model.enrolments import EnrolmentState, enrolment_rules
from gatsbykit.model.fields import checked
from gatsbykit.words import percent_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatsbykit.model.enrolments import Enrolment
    from gatsbykit.model.training import PublishedTally

__all__ = ["COUNTED", "ResponseRate", "Tally", "published_tally", "response_rate", "tally"]

COUNTED: Final[Mapping[str, tuple[EnrolmentState, ...]]] = MappingProxyType(
    {
        "completed": (EnrolmentState.COMPLETED, EnrolmentState.BURSARY_CLAIMED),
        "bursary_received": (EnrolmentState.BURSARY_PAID,),
        "in_progress": (EnrolmentState.IN_PROGRESS,),
    }
)
"""The states that each number of a published tally counts."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class Tally:
    """How many are how far on a day.

    Args:
        date: The day.
        completed: Completed, the bursary not yet received.
        bursary_received: Completed, and the bursary received.
        in_progress: In training.
        places: The places on that day; unknown otherwise.
        states: By state, how many; ``None`` for a published tally, which does not say.
        place: Where it was published.

    Examples:
        The national programme on 14 February 2020:

        >>> from datetime import date
        >>> one = Tally(
        ...     date=date(2020, 2, 14), completed=245, bursary_received=290, in_progress=590, places=1300
        ... )
        >>> one.started, one.all_completed, one.places_left
        (1125, 535, 175)
        >>> print(one)
        14 February 2020: 1,125 started
          completed           245
          bursary received    290
          in progress         590
          47.6 % completed, 52.4 % in progress; 54.2 % of the completed with the bursary
          86.5 % of 1,300 places, 175 left
          290,000 GBP paid, 245,000 GBP more if every completed one claims
          1,300,000 GBP at most
    """

    date: datetime.date
    completed: int
    bursary_received: int
    in_progress: int
    places: int | None = None
    states: Mapping[EnrolmentState, int] | None = None
    place: str | None = None

    @property
    def all_completed(self) -> int:
        """How many completed, with the bursary or without."""
        return self.completed + self.bursary_received

    @property
    def started(self) -> int:
        """How many started and did not withdraw, which is the total of a published tally."""
        return self.all_completed + self.in_progress

    @property
    def left_out(self) -> Mapping[EnrolmentState, int] | None:
        """By state, those whom a published tally does not count; ``None`` where nobody knows."""
        if self.states is None:
            return None
        counted = {state for states in COUNTED.values() for state in states}
        return MappingProxyType({state: n for state, n in self.states.items() if state not in counted})

    @property
    def places_left(self) -> int | None:
        """How many places are left; below nothing if there are more leaders than places."""
        return None if self.places is None else self.places - self.started

    @property
    def paid(self) -> Fraction:
        """Pounds paid to institutions."""
        return self.bursary_received * enrolment_rules().bursary

    @property
    def payable(self) -> Fraction:
        """Pounds still to be paid if every institution of a completed leader claims."""
        return self.completed * enrolment_rules().bursary

    @property
    def cap(self) -> Fraction | None:
        """Pounds if every place is taken, completed and claimed for."""
        return None if self.places is None else self.places * enrolment_rules().bursary

    def shares(self) -> Mapping[str, Fraction | None]:
        """Return what is a share of what, exact; ``None`` where the whole is nobody, or not known."""
        return MappingProxyType(
            {
                "completed": _share(self.all_completed, self.started),
                "in_progress": _share(self.in_progress, self.started),
                "bursary_received": _share(self.bursary_received, self.all_completed),
                "places": _share(self.started, self.places),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the tally as plain data, ready for `json`."""
        left_out = self.left_out
        return {
            "date": self.date.isoformat(),
            "source": "enrolments" if self.states is not None else "published",
            "completed": self.completed,
            "bursary_received": self.bursary_received,
            "in_progress": self.in_progress,
            "total": self.started,
            "places": self.places,
            "places_left": self.places_left,
            "shares": {name: None if one is None else str(one) for name, one in self.shares().items()},
            "pounds": {
                "paid": _pounds(self.paid),
                "payable": _pounds(self.payable),
                "cap": _pounds(self.cap),
            },
            "states": None if self.states is None else {str(key): n for key, n in self.states.items()},
            "left_out": None if left_out is None else {str(key): n for key, n in left_out.items()},
            "place": self.place,
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        where = f" ({printable(self.place)})" if self.place else ""
        yield f"{self.date.day} {self.date:%B %Y}: {self.started:,} started{where}"
        for name in COUNTED:
            yield f"  {name.replace('_', ' '):<18}{getattr(self, name):>5,}"
        for state, count in (self.left_out or {}).items():
            if count:
                yield f"  {state.replace('_', ' '):<18}{count:>5,}  in no published tally"
        words = {name: None if one is None else percent_text(one) for name, one in self.shares().items()}
        if self.started:
            line = f"  {words['completed']} completed, {words['in_progress']} in progress"
            received = words["bursary_received"]
            yield line if received is None else f"{line}; {received} of the completed with the bursary"
        if self.places is not None:
            yield f"  {words['places']} of {self.places:,} places, {self.places_left:,} left"
        more = f", {int(self.payable):,} GBP more if every completed one claims" if self.payable else ""
        yield f"  {int(self.paid):,} GBP paid{more}"
        if self.cap is not None:
            yield f"  {int(self.cap):,} GBP at most"


def _share(part: int, whole: int | None) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _pounds(amount: Fraction | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount.denominator == 1 else float(amount)


def tally(enrolments: Iterable[Enrolment], as_of: datetime.date, *, places: int | None = None) -> Tally:
    """Count enrolments by their state on a day.

    Args:
        enrolments: The enrolments.
        as_of: The day; whatever is dated later has not happened.
        places: How many places there are.

    Returns:
        The tally. Its states add up to all the enrolments that had been applied for by that day.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.enrolments import Enrolment, Step
        >>> one = Enrolment(id="E1", history=[Step(date=date(2019, 9, 2), state="applied")])
        >>> tally([one], date(2019, 9, 2)).states[EnrolmentState.APPLIED]
        1
        >>> sum(tally([one], date(2019, 9, 1)).states.values())
        0
    """
    found = Counter(enrolment.state(as_of) for enrolment in enrolments)
    counted = {name: sum(found[state] for state in states) for name, states in COUNTED.items()}
    return Tally(
        date=as_of,
        completed=counted["completed"],
        bursary_received=counted["bursary_received"],
        in_progress=counted["in_progress"],
        places=places,
        states=MappingProxyType({state: found[state] for state in enrolment_rules().states}),
    )


def published_tally(published: PublishedTally) -> Tally:
    """Read a published tally."""
    return Tally(
        date=published.date,
        completed=published.completed,
        bursary_received=published.bursary_received,
        in_progress=published.in_progress,
        places=published.places,
        place=published.place,
    )


@attrs.frozen(kw_only=True, field_transformer=checked)
class ResponseRate:
    """How many of those who could answer did.

    Args:
        answered: How many answered.
        eligible: How many could have.
        same_date: Whether both were counted on the same day.
    """

    answered: int
    eligible: int
    same_date: bool

    @property
    def rate(self) -> Fraction | None:
        """The rate; ``None`` where the two were counted on different days."""
        return Fraction(self.answered, self.eligible) if self.same_date else None

    @property
    def bound(self) -> Fraction:
        """The share of those who could have answered by the later day, which is a bound and no rate."""
        return Fraction(self.answered, self.eligible)


def response_rate(
    answered: int, eligible: int, *, answered_by: datetime.date, eligible_on: datetime.date
) -> ResponseRate:
    """Return a response rate if there is one.

    Args:
        answered: How many answered.
        eligible: How many could have.
        answered_by: The day of the one count.
        eligible_on: The day of the other.

    Raises:
        ValueError: A number is below nothing, nobody could have answered, or more answered than could.

    Examples:
        443 surveys in January, 535 who had completed in the middle of February:

        >>> from datetime import date
        >>> one = response_rate(443, 535, answered_by=date(2020, 1, 31), eligible_on=date(2020, 2, 14))
        >>> one.rate, percent_text(one.bound)
        (None, '82.8 %')
    """
    if (
        type(answered) is not int
        or type(eligible) is not int
        or not 0 <= answered <= eligible
        or not eligible
    ):
        raise FigureError("answered: expected a whole number from 0 to eligible, which is 1 or more")
    return ResponseRate(answered=answered, eligible=eligible, same_date=answered_by == eligible_on)
