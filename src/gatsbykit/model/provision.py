"""What a programme plans: objectives, learning outcomes, activities, and the means for them."""

from __future__ import annotations

import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import attrs

from gatsbykit.model.attributes import Amount, Fault, Form, Minutes, Pounds, read_or_refuse, refuse
from gatsbykit.model.calendar import Between
from gatsbykit.model.encounters import ActivityKind, Mode, ProviderType
from gatsbykit.model.leaders import RoleKind
from gatsbykit.model.units import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.units import Quantity

__all__ = [
    "CriterionId",
    "Figure",
    "Framework",
    "FrameworkArea",
    "FrameworkRef",
    "Horizon",
    "LearningOutcome",
    "Objective",
    "PlannedActivity",
    "ProgrammeYear",
    "Resource",
    "ResourceKind",
    "ResourcePer",
    "SeriesPart",
    "Session",
    "TargetGroup",
]

CriterionId = Annotated[str, Form(r"[1-8][a-z]", "the id of a criterion, such as 4a")]
"""The id of a criterion of an edition."""

ProgrammeYear = Annotated[int, Between(7, 13)]
"""A year group of a careers programme, 7 to 13."""


class Horizon(StrEnum):
    """How far off an objective is."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Figure:
    """A number with the unit in which something is measured.

    Args:
        number: The number.
        unit: The unit, such as ``percent`` or ``employers``.
    """

    number: Annotated[Fraction, Amount(may_be_negative=True)]
    unit: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Objective:
    """A strategic objective under the vision.

    Args:
        id: An id, unique among the objectives.
        text: What is to be reached.
        criteria: The criteria that it is about.
        measure: By what it will be seen.
        baseline: Where it stands at the start.
        target: Where it is to stand.
        due: By when.
        horizon: How far off that is.
        development_plan_ref: Where the institution's development plan has it.
        owner_role: Who answers for it, by role.
    """

    id: str
    text: str
    criteria: frozenset[CriterionId] = frozenset()
    measure: str | None = None
    baseline: Figure | None = None
    target: Figure | None = None
    due: datetime.date | None = None
    horizon: Horizon | None = None
    development_plan_ref: str | None = None
    owner_role: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a target in another unit than the baseline."""
        if (
            self.baseline is not None
            and self.target is not None
            and None not in {self.baseline.unit, self.target.unit}
            and self.baseline.unit != self.target.unit
        ):
            refuse(self, [Fault("target", "a figure in the unit of the baseline")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class FrameworkArea:
    """An area of a framework of learning.

    Args:
        key: Its key, unique in the framework.
        title: Its name.
    """

    key: str
    title: str


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Framework:
    """A framework of learning to which outcomes refer.

    Args:
        key: Its key.
        title: Its name.
        areas: Its areas.
    """

    key: str
    title: str
    areas: tuple[FrameworkArea, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse two areas of one key."""
        if len({area.key for area in self.areas}) < len(self.areas):
            refuse(self, [Fault("areas", "areas with keys of their own")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class FrameworkRef:
    """A reference to an area of a framework.

    Args:
        framework: The key of the framework, such as ``cdi``.
        area: The key of the area.
    """

    framework: str
    area: str


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class LearningOutcome:
    """What learners of some year groups, or in a phase of a programme, are to gain.

    Args:
        id: An id, unique among the outcomes.
        text: What they gain.
        year_groups: The year groups, in schools.
        phase: The phase of the programme, elsewhere.
        frameworks: Where it stands in frameworks of learning.
        measured_by: How it is seen that they gained it.
    """

    id: str
    text: str
    year_groups: frozenset[ProgrammeYear] = frozenset()
    phase: str | None = None
    frameworks: tuple[FrameworkRef, ...] = ()
    measured_by: str | None = None


class TargetGroup(StrEnum):
    """Whom an activity is for, if not for everybody."""

    DISADVANTAGED = "disadvantaged"
    SEN = "sen"
    LOOKED_AFTER = "looked_after"
    EAL = "eal"
    RISK_OF_NEET = "risk_of_neet"
    CONSIDERING_HE = "considering_he"
    OTHER_LEARNERS = "other_learners"
    PARENTS = "parents"
    STAFF = "staff"

    @property
    def is_learners(self) -> bool:
        """Whether it is a group of learners, so that the activity is fitted to a need."""
        return self not in {TargetGroup.PARENTS, TargetGroup.STAFF}


class SeriesPart(StrEnum):
    """What a session of a series is for."""

    PREPARATION = "preparation"
    EVENT = "event"
    REFLECTION = "reflection"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Session:
    """One session of a series.

    Args:
        part: What it is for.
        date: When.
        duration: How long, in minutes.
    """

    part: SeriesPart
    date: datetime.date | None = None
    duration: Minutes | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PlannedActivity:
    """An activity that a programme plans.

    Args:
        id: An id, unique among the activities.
        title: What it is called.
        kinds: What it is.
        subjects: Of a curriculum link, the subjects.
        provider_types: Of a provider encounter, the types of provider.
        site_visit: Whether it takes place on the provider's site.
        year_groups: The year groups that it is for.
        phase: The phase of the programme that it is for, outside schools.
        dates: When it takes place.
        outcomes: The ids of the outcomes that it serves.
        objectives: The ids of the objectives that it serves.
        criteria: The criteria that it serves.
        delivery_roles: Who delivers it, by role.
        partners: Organisations that help.
        mode: In person, virtual or both.
        duration: How long it lasts, in minutes.
        series: Its sessions, if there are several.
        target_group: Whom it is for, if not everybody.
        places: How many can take part.
        cost: What it costs.
        activity_ids: The ids of the recorded activities by which it took place.

    Examples:
        >>> fair = PlannedActivity(id="fair", title="Careers fair", kinds=["employer_encounter"], cost=850)
        >>> f"{fair.price:~}"
        '850 GBP'
    """

    id: str
    title: str
    kinds: frozenset[ActivityKind] = frozenset()
    subjects: frozenset[str] = frozenset()
    provider_types: frozenset[ProviderType] = frozenset()
    site_visit: bool | None = None
    year_groups: frozenset[ProgrammeYear] = frozenset()
    phase: str | None = None
    dates: tuple[datetime.date, ...] = ()
    outcomes: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    criteria: frozenset[CriterionId] = frozenset()
    delivery_roles: frozenset[RoleKind] = frozenset()
    partners: frozenset[str] = frozenset()
    mode: Mode | None = None
    duration: Minutes | None = None
    series: tuple[Session, ...] = ()
    target_group: TargetGroup | None = None
    places: int | None = None
    cost: Pounds | None = None
    activity_ids: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.places is not None and self.places < 1:
            yield Fault("places", "a whole number from 1 on")

    @property
    def price(self) -> Quantity | None:
        """What it costs, as a quantity."""
        return _quantity(self.cost, "GBP")


class ResourceKind(StrEnum):
    """The kinds of means."""

    HOURS = "hours"
    MONEY = "money"
    COVER = "cover"
    MATERIAL = "material"
    PLATFORM = "platform"


class ResourcePer(StrEnum):
    """What an amount is for."""

    YEAR = "year"
    ACTIVITY = "activity"


_AMOUNT_UNITS: Final = {ResourceKind.HOURS: "hour", ResourceKind.COVER: "hour"}


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Resource:
    """Means for the programme: hours of people, or pounds.

    Args:
        kind: What it is.
        amount: Hours for `hours` and `cover`, pounds otherwise.
        per: For a year, or for each activity.
        source: Where it comes from.
        purpose: What it is for.

    Examples:
        >>> f"{Resource(kind='money', amount=4200, per='year').quantity:~}"
        '4200 GBP / a'
    """

    kind: ResourceKind
    amount: Annotated[Fraction, Amount()] | None = None
    per: ResourcePer | None = None
    source: str | None = None
    purpose: str | None = None

    @property
    def unit(self) -> Literal["hour", "GBP"]:
        """The unit of the amount."""
        return "hour" if self.kind in _AMOUNT_UNITS else "GBP"

    @property
    def quantity(self) -> Quantity | None:
        """The amount as a quantity, by the year where it is one of a year."""
        return _quantity(self.amount, f"{self.unit} / year" if self.per is ResourcePer.YEAR else self.unit)


def _quantity(number: Fraction | None, unit: str) -> Quantity | None:
    if number is None:
        return None
    magnitude: Any = int(number) if number.denominator == 1 else float(number)
    return registry().Quantity(magnitude, unit)
