"""What a former learner did month by month: snapshots, the activities they record, and spells.

Sources of the codes stand in `data/activities.toml`. What a code means for a sustained destination is
our reading throughout: the codes record a moment, and the Department measures time.
"""

from __future__ import annotations

import functools
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import attrs

from gatsbykit.data import read_toml
from gatsbykit.errors import FigureError, NotFoundError
from gatsbykit.model.attributes import read_or_refuse
from gatsbykit.model.destinations import Destination, DestinationCategory
from gatsbykit.model.fields import checked
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

__all__ = [
    "Disputed",
    "Month",
    "Scheme",
    "Snapshot",
    "Spell",
    "Strand",
    "TrackedActivity",
    "activities",
    "activity",
    "spells",
]

Disputed = Literal["neet", "employment"]
"""How to read code 550, on which sources disagree: unpaid work with part-time study."""


class Strand(StrEnum):
    """What an activity is to a sustained destination."""

    EDUCATION = "education"
    EMPLOYMENT = "employment"
    APPRENTICESHIP = "apprenticeship"


class Scheme(StrEnum):
    """Whose codes a snapshot is recorded in."""

    NCCIS = "nccis"
    ILR = "ilr"
    EXCHANGE = "exchange"


@attrs.frozen(order=True, field_transformer=checked)
class Month:
    """A month of a year.

    Args:
        year: The calendar year.
        number: The month, from 1 to 12.

    Raises:
        ValueError: There is no such month.

    Examples:
        >>> from datetime import date
        >>> october = Month.of(date(2024, 10, 17))
        >>> str(october), str(october.plus(5)), october.plus(5) - october
        ('2024-10', '2025-03', 5)
    """

    year: int
    number: int

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise FigureError(f"there is no month {self.number}; expected 1 to 12")

    @classmethod
    def of(cls, day: datetime.date) -> Month:
        """Return the month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def index(self) -> int:
        """How many months have gone by since the year 0."""
        return self.year * 12 + self.number - 1

    def plus(self, months: int) -> Month:
        """Return the month so many months later."""
        year, number = divmod(self.index + months, 12)
        return Month(year, number + 1)

    def __sub__(self, other: Month) -> int:
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


@attrs.frozen(kw_only=True, field_transformer=checked)
class TrackedActivity:
    """What a code says that somebody does.

    Args:
        scheme: Whose code it is.
        code: The code.
        label: What it says, in words.
        category: The destination of the exchange format that follows from it.
        strand: What it is to a sustained destination; ``None`` where it is no part of one.
        is_neet: Whether it is counted as not in education, employment or training.
        participates: Whether it is counted as participation in March.
        is_disputed: Whether sources disagree about it.
    """

    scheme: Scheme
    code: str
    label: str
    category: DestinationCategory
    strand: Strand | None = None
    is_neet: bool = False
    participates: bool = False
    is_disputed: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything is known of what somebody does."""
        return self.category is not DestinationCategory.UNKNOWN

    def read_as(self, disputed: Disputed) -> TrackedActivity:
        """Return the activity under a reading of what sources disagree about."""
        if not self.is_disputed or disputed == "neet":
            return self
        return attrs.evolve(
            self,
            category=DestinationCategory.EMPLOYMENT,
            strand=Strand.EMPLOYMENT,
            is_neet=False,
            participates=True,
        )


@functools.cache
def activities(scheme: Scheme) -> Mapping[str, TrackedActivity]:
    """Return every activity of a scheme by its code.

    Examples:
        >>> activities(Scheme.NCCIS)["310"].strand, activities(Scheme.ILR)["NPE1"].is_neet
        (<Strand.APPRENTICESHIP: 'apprenticeship'>, True)
    """
    return MappingProxyType(
        {
            code: TrackedActivity(
                scheme=scheme,
                code=code,
                label=entry["label"],
                category=DestinationCategory(entry["category"]),
                strand=Strand(entry["strand"]) if "strand" in entry else None,
                is_neet=entry.get("neet", False),
                participates=entry.get("participates", False),
                is_disputed=entry.get("disputed", False),
            )
            for code, entry in read_toml("model", "activities")[scheme].items()
        }
    )


def activity(scheme: Scheme | str, code: str) -> TrackedActivity:
    """Return what a code says.

    Args:
        scheme: Whose code it is.
        code: Three digits of NCCIS, the type and the number of an ILR outcome such as ``EMP1`` or
            ``EMP 1``, or a category of the exchange format.

    Raises:
        NotFoundError: There is no such code.

    Examples:
        >>> activity("ilr", "emp 1").label
        'Paid employment, 16 hours or more a week'
    """
    known = activities(Scheme(scheme))
    key = "".join(code.split())
    found = known.get(key) or known.get(key.upper()) or known.get(key.lower())
    if found is None:
        raise NotFoundError(f"there is no {Scheme(scheme)} code of that form; there are {', '.join(known)}")
    return found


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Snapshot:
    """What a former learner was recorded to do in a month.

    Args:
        learner_id: The learner.
        month: The month.
        activity: What was recorded.
        provider: Where, by name or UKPRN.
        level: The level of the course or apprenticeship.

    Examples:
        >>> seen = Snapshot.of_code("L1", Month(2024, 10), "nccis", "230", provider="Hill College")
        >>> seen.activity.strand
        <Strand.EDUCATION: 'education'>
    """

    learner_id: str = attrs.field(repr=shown_id)
    month: Month
    activity: TrackedActivity
    provider: str | None = None
    level: int | None = None

    @classmethod
    def of_code(
        cls,
        learner_id: str,
        month: Month,
        scheme: Scheme | str,
        code: str,
        *,
        provider: str | None = None,
        level: int | None = None,
    ) -> Snapshot:
        """Make a snapshot from a code.

        Raises:
            NotFoundError: There is no such code.
        """
        return cls(
            learner_id=learner_id,
            month=month,
            activity=activity(scheme, code),
            provider=provider,
            level=level,
        )

    @classmethod
    def of_destination(cls, destination: Destination) -> tuple[Snapshot, ...]:
        """Make snapshots of a sighting of the exchange format.

        A sighting is of the month of its date; one with an end is of every month until then.
        """
        code = destination.nccis_code
        known = (
            activity(Scheme.NCCIS, code)
            if code is not None and code in activities(Scheme.NCCIS)
            else activity(Scheme.EXCHANGE, destination.category)
        )
        first = Month.of(destination.date)
        last = first if destination.end_date is None else max(first, Month.of(destination.end_date))
        return tuple(
            cls(
                learner_id=destination.learner_id,
                month=first.plus(later),
                activity=known,
                provider=destination.provider or None,
                level=destination.level,
            )
            for later in range(min(last - first, _LONGEST) + 1)
        )


_LONGEST: Final = 12 * 20


@attrs.frozen(kw_only=True, field_transformer=checked)
class Spell:
    """Months running in which somebody did the same.

    Args:
        learner_id: The learner.
        first: The first month.
        last: The last month.
        activity: What they did.
        provider: Where.
        level: The level.

    Examples:
        >>> spell = Spell(
        ...     learner_id="L1", first=Month(2024, 9), last=Month(2025, 3), activity=activity("nccis", "310")
        ... )
        >>> len(spell), Month(2025, 1) in spell
        (7, True)
    """

    learner_id: str = attrs.field(repr=shown_id)
    first: Month
    last: Month
    activity: TrackedActivity
    provider: str | None = None
    level: int | None = None

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last


def spells(snapshots: Iterable[Snapshot], *, bridge: int = 0) -> tuple[Spell, ...]:
    """Return the spells that snapshots make up.

    Snapshots may come in any order and repeat each other. Different activities of one learner in one
    month are all kept: people study and work at once.

    Args:
        snapshots: The snapshots.
        bridge: How many months without a snapshot between two of the same activity are taken to be
            of that activity too.

    Examples:
        >>> months = [Month(2024, 9), Month(2024, 10), Month(2024, 12)]
        >>> seen = [Snapshot.of_code("L1", month, "nccis", "210") for month in months]
        >>> [len(spell) for spell in spells(seen)], [len(spell) for spell in spells(seen, bridge=1)]
        ([2, 1], [4])
    """
    grouped: dict[tuple[str, str, str, str | None, int | None], set[Month]] = {}
    known: dict[tuple[str, str], TrackedActivity] = {}
    for one in snapshots:
        scheme, code = str(one.activity.scheme), one.activity.code
        known[scheme, code] = one.activity
        grouped.setdefault((one.learner_id, scheme, code, one.provider, one.level), set()).add(one.month)
    made = [
        Spell(
            learner_id=learner,
            first=first,
            last=last,
            activity=known[scheme, code],
            provider=provider,
            level=level,
        )
        for (learner, scheme, code, provider, level), months in grouped.items()
        for first, last in _runs(sorted(months), bridge)
    ]
    return tuple(sorted(made, key=lambda spell: (spell.learner_id, spell.first, spell.activity.code)))


def _runs(months: list[Month], bridge: int) -> list[tuple[Month, Month]]:
    runs = [(months[0], months[0])]
    for month in months[1:]:
        first, last = runs[-1]
        if month - last <= bridge + 1:
            runs[-1] = first, month
        else:
            runs.append((month, month))
    return runs
