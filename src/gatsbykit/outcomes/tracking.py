"""Tracking: NEET and not known as the Department counts them, participation, the guarantee, three years.

Sources: DfE, NEET and participation by local authority (average of December, January and February;
participation in March; NEET *and* not known is the headline, because tracking differs); DfE, September
Guarantee (an offer of a suitable place by the end of September).
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.intervals import Interval, wilson
from gatsbykit.model.attributes import read_or_refuse
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.model.spells import Disputed, Month, Snapshot
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatsbykit.model.destinations import Destination
    from gatsbykit.model.learners import Learner

__all__ = [
    "Followed",
    "NeetFigures",
    "Offer",
    "OfferKind",
    "Share",
    "followed",
    "neet_figures",
    "participation",
    "september_guarantee",
]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Share:
    """How many of how many, with an interval.

    Args:
        count: How many.
        base: Of how many.

    Examples:
        >>> print(Share(count=27, base=30))
        27 of 30, 90.0 % (74.4 to 96.5 %)
    """

    count: int
    base: int

    @property
    def share(self) -> Fraction | None:
        """The share, exact; ``None`` of nobody."""
        return Fraction(self.count, self.base) if self.base else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval."""
        return wilson(self.count, self.base) if self.base else None

    def to_dict(self) -> dict[str, Any]:
        """Return the share as plain data."""
        interval = self.interval
        return {
            "count": self.count,
            "base": self.base,
            "interval": None if interval is None else interval.to_dict(),
        }

    def __str__(self) -> str:
        if not self.base:
            return "nobody"
        tenths = (self.count * 2000 + self.base) // (2 * self.base)
        return f"{self.count:,} of {self.base:,}, {tenths // 10}.{tenths % 10} % ({self.interval})"


@attrs.frozen(kw_only=True, field_transformer=checked)
class NeetFigures:
    """NEET and not known, averaged over December, January and February.

    Args:
        year: The academic year.
        base: How many young people.
        neet: How many were NEET in each of the three months.
        not_known: Of how many nothing was known in each.
    """

    year: AcademicYear
    base: int
    neet: tuple[int, ...]
    not_known: tuple[int, ...]

    @property
    def neet_share(self) -> Fraction | None:
        """The average share who are NEET, exact."""
        return self._average(self.neet)

    @property
    def not_known_share(self) -> Fraction | None:
        """The average share of whom nothing is known."""
        return self._average(self.not_known)

    @property
    def together(self) -> Fraction | None:
        """The headline: NEET or not known."""
        return self._average((*self.neet, *self.not_known))

    def _average(self, counts: tuple[int, ...]) -> Fraction | None:
        return Fraction(sum(counts), 3 * self.base) if self.base else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the headline, from the average rounded to whole people."""
        share = self.together
        return None if share is None else wilson(round(share * self.base), self.base)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {
            "year": str(self.year),
            "base": self.base,
            "neet": list(self.neet),
            "not_known": list(self.not_known),
        }


def neet_figures(
    learner_ids: Iterable[str],
    snapshots: Iterable[Snapshot],
    *,
    year: AcademicYear,
    disputed_550: Disputed = "neet",
) -> NeetFigures:
    """Count NEET and not known in December, January and February.

    Whoever has a known activity beside NEET in a month is not NEET in it; without a snapshot of a
    known activity a learner is not known.

    Args:
        learner_ids: The young people, each counted once.
        snapshots: What they were recorded to do.
        year: The academic year.
        disputed_550: How code 550 is read.

    Examples:
        >>> seen = [Snapshot.of_code("A", Month(2024, 12), "nccis", "619")]
        >>> found = neet_figures(["A", "B"], seen, year=AcademicYear(2024))
        >>> found.neet, found.not_known, found.together
        ((1, 0, 0), (1, 2, 2), Fraction(1, 1))
    """
    ids = dict.fromkeys(learner_ids)
    months = [Month(year.start, 12).plus(later) for later in range(3)]
    seen = _by_month(ids, snapshots, disputed_550)
    neet, unknown = [0, 0, 0], [0, 0, 0]
    for place, month in enumerate(months):
        for learner in ids:
            found = [one for one in seen.get((learner, month), ()) if one.activity.is_known]
            unknown[place] += not found
            neet[place] += bool(found) and all(one.activity.is_neet for one in found)
    return NeetFigures(year=year, base=len(ids), neet=tuple(neet), not_known=tuple(unknown))


def participation(
    learner_ids: Iterable[str],
    snapshots: Iterable[Snapshot],
    *,
    year: AcademicYear,
    disputed_550: Disputed = "neet",
) -> Share:
    """Count who takes part in education or training in March.

    Args:
        learner_ids: The young people, each counted once.
        snapshots: What they were recorded to do.
        year: The academic year.
        disputed_550: How code 550 is read.

    Examples:
        >>> seen = [Snapshot.of_code("A", Month(2025, 3), "nccis", "320")]
        >>> participation(["A", "B"], seen, year=AcademicYear(2024))
        Share(count=1, base=2)
    """
    ids = dict.fromkeys(learner_ids)
    march = Month(year.start + 1, 3)
    seen = _by_month(ids, snapshots, disputed_550)
    count = sum(any(one.activity.participates for one in seen.get((learner, march), ())) for learner in ids)
    return Share(count=count, base=len(ids))


def _by_month(
    ids: dict[str, None], snapshots: Iterable[Snapshot], disputed: Disputed
) -> dict[tuple[str, Month], list[Snapshot]]:
    found: dict[tuple[str, Month], list[Snapshot]] = {}
    for one in snapshots:
        if one.learner_id in ids:
            read = attrs.evolve(one, activity=one.activity.read_as(disputed))
            found.setdefault((one.learner_id, one.month), []).append(read)
    return found


class OfferKind(StrEnum):
    """What is offered under the September Guarantee."""

    SCHOOL_OR_COLLEGE = "school_or_college"
    APPRENTICESHIP_OR_TRAINEESHIP = "apprenticeship_or_traineeship"
    EMPLOYMENT_WITH_TRAINING = "employment_with_training"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Offer:
    """An offer of a place to somebody who finishes compulsory education.

    The status codes of the guarantee are not public, so an offer is recorded as it is.

    Args:
        learner_id: The learner.
        date: The day of the offer.
        kind: What was offered.
        suitable: Whether the place is suitable; unknown counts as suitable.
    """

    learner_id: str = attrs.field(repr=shown_id)
    date: datetime.date
    kind: OfferKind
    suitable: bool | None = None


def september_guarantee(learner_ids: Iterable[str], offers: Iterable[Offer], *, year: AcademicYear) -> Share:
    """Count who had an offer of a suitable place by the end of September after an academic year.

    Args:
        learner_ids: Those who finish compulsory education, each counted once.
        offers: The offers.
        year: The academic year in which they finish.

    Examples:
        >>> from datetime import date
        >>> offer = Offer(learner_id="A", date=date(2025, 9, 30), kind="school_or_college")
        >>> september_guarantee(["A", "B"], [offer], year=AcademicYear(2024)).count
        1
    """
    ids = dict.fromkeys(learner_ids)
    deadline = datetime.date(year.start + 1, 9, 30)
    have = {
        one.learner_id
        for one in offers
        if year.first_day <= one.date <= deadline and one.suitable is not False
    }
    return Share(count=len(have & ids.keys()), base=len(ids))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Followed:
    """Whether leavers were followed in each year after they left.

    Args:
        cohort_year: The academic year in which they left.
        years: For each year after leaving that is over, of how many something was known.
    """

    cohort_year: AcademicYear
    years: tuple[Share, ...]

    def __str__(self) -> str:
        lines = [f"  year {number}: {share}" for number, share in enumerate(self.years, start=1)]
        return "\n".join([f"Leavers of {self.cohort_year}", *lines])


def followed(
    leavers: Iterable[Learner],
    destinations: Iterable[Destination],
    *,
    cohort_year: AcademicYear,
    as_of: datetime.date,
    years: int = 3,
) -> Followed:
    """Count of how many leavers a destination was known in each of the years after they left.

    Args:
        leavers: Those who left in the year.
        destinations: What they were seen to do; what is dated after `as_of` does not count.
        cohort_year: The academic year in which they left.
        as_of: The date of the assessment; years that are not over are left out.
        years: How many years.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit import Destination, Learner
        >>> left = Learner(learner_id="A", on_roll_to=date(2023, 7, 1))
        >>> seen = Destination.from_code("A", date(2023, 10, 1), "310")
        >>> print(followed([left], [seen], cohort_year=AcademicYear(2022), as_of=date(2025, 9, 1)))
        Leavers of 2022/23
          year 1: 1 of 1, 100.0 % (20.7 to 100.0 %)
          year 2: 0 of 1, 0.0 % (0.0 to 79.3 %)
    """
    members = {learner.learner_id for learner in leavers}
    known = {
        (one.learner_id, AcademicYear.of(one.date))
        for one in destinations
        if one.is_known and one.date <= as_of and one.learner_id in members
    }
    over = [cohort_year.plus(later) for later in range(1, years + 1)]
    return Followed(
        cohort_year=cohort_year,
        years=tuple(
            Share(count=sum((one, year) in known for one in members), base=len(members))
            for year in over
            if year.last_day < as_of
        ),
    )
