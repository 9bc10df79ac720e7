"""Activities, who took part in them, and whether they were meaningful."""

from __future__ import annotations

import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.model.calendar import YearGroup
from gatsbykit.model.fields import Refused, any_id, checked, choice, choices, quiet, reader
from gatsbykit.model.subjects import subject_keys
from gatsbykit.model.units import to_minutes
from gatsbykit.privacy import shown_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from decimal import Decimal

    from gatsbykit.model.units import Quantity

__all__ = [
    "CHECKLIST_ITEMS",
    "PROVIDER_ACCESS_ITEMS",
    "Activity",
    "ActivityKind",
    "Checklist",
    "EmployerSector",
    "EmployerSize",
    "Mode",
    "Participation",
    "ParticipationStatus",
    "ProviderType",
]


class ActivityKind(StrEnum):
    """What an activity is; it may be several at once and then serves several benchmarks."""

    EMPLOYER_ENCOUNTER = "employer_encounter"
    WORKPLACE_EXPERIENCE = "workplace_experience"
    PROVIDER_ENCOUNTER = "provider_encounter"
    GUIDANCE_MEETING = "guidance_meeting"
    LABOUR_MARKET_INFORMATION = "labour_market_information"
    CURRICULUM_LINK = "curriculum_link"


class Mode(StrEnum):
    """How an activity took place."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    BLENDED = "blended"


class ProviderType(StrEnum):
    """A type of provider of education or training."""

    SIXTH_FORM = "sixth_form"
    COLLEGE = "college"
    UNIVERSITY = "university"
    ITP = "itp"
    APPRENTICESHIP_PROVIDER = "apprenticeship_provider"


class EmployerSize(StrEnum):
    """The size of an employer."""

    SELF_EMPLOYED = "self_employed"
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class EmployerSector(StrEnum):
    """A section of the UK Standard Industrial Classification 2007, by its letter."""

    AGRICULTURE = "A"
    MINING = "B"
    MANUFACTURING = "C"
    ENERGY = "D"
    WATER_AND_WASTE = "E"
    CONSTRUCTION = "F"
    TRADE = "G"
    TRANSPORT = "H"
    ACCOMMODATION_AND_FOOD = "I"
    INFORMATION = "J"
    FINANCE = "K"
    REAL_ESTATE = "L"
    PROFESSIONAL = "M"
    ADMINISTRATIVE = "N"
    PUBLIC_ADMINISTRATION = "O"
    EDUCATION = "P"
    HEALTH = "Q"
    ARTS = "R"
    OTHER_SERVICES = "S"
    HOUSEHOLDS = "T"
    EXTRATERRITORIAL = "U"


class ParticipationStatus(StrEnum):
    """What became of a learner's place in an activity, the strongest first.

    Of several rows about the same learner and activity the strongest status wins.
    """

    ATTENDED = "attended"
    OFFERED = "offered"
    ABSENT = "absent"


CHECKLIST_ITEMS: Final = (
    "insight",
    "purpose_shared",
    "learning_outcomes",
    "two_way",
    "reflection",
    "range_of_people",
    "task",
    "feedback",
    "meets_staff",
    "meets_learners",
    "provider_information",
    "learning_described",
)
"""The items of all the meaningfulness checklists. Which of them an edition asks of which kind of
activity is part of the edition's data."""

PROVIDER_ACCESS_ITEMS: Final = ("covers_provider", "covers_careers", "covers_learning", "covers_questions")
"""What an occasion under the provider access law has to cover."""


def _minutes(duration: Quantity | timedelta | Decimal | Fraction | float | str | None) -> Fraction | None:
    return None if duration is None else to_minutes(duration)


def _names(names: Iterable[str]) -> frozenset[str]:
    """Leave out names that are blank: nobody was met who is called nothing."""
    return frozenset(name for name in _any_texts(names) if name.strip())


_any_texts = reader(frozenset[str])


@attrs.frozen(kw_only=True, field_transformer=quiet)
class Activity:
    """A careers activity: a talk, a visit, a placement, a meeting, a lesson.

    The attributes are the columns of the exchange format. ``None`` is *unknown*.

    Args:
        activity_id: The institution's own id, an opaque text.
        date: The day it took place.
        kinds: What it is; it serves a criterion only if it has that criterion's kind.
        title: A short name for people.
        mode: In person, virtual or both.
        duration: Its length in minutes, exact; made from whatever `gatsbykit.model.units.to_minutes`
            accepts, such as a pint quantity of any registry. `to_quantity` gives one back.
        subjects: For a curriculum link, the subjects, in comparable form.
        provider_types: For a provider encounter, the types of provider met.
        providers: The providers met, by name.
        employer: The employer's name.
        employer_size: The employer's size.
        employer_sector: The employer's section of the Standard Industrial Classification 2007.
        adviser_level: For a guidance meeting, the level of the adviser's qualification.
        meaningful: The institution's own judgement, which wins over the checklists.
        part_time_job: Whether a workplace experience is the learner's own part-time job.
        site_visit: Whether it took place on the site of the provider.
        school_day: Whether it took place within the standard school day.
        insight: Checklist of 2014 and 2018.
        purpose_shared: A clear purpose was shared with everybody beforehand.
        learning_outcomes: There were learning outcomes suited to the learners' needs.
        two_way: There were two-way interactions.
        reflection: There was time to reflect afterwards.
        range_of_people: Learners met a range of people from the workplace.
        task: Learners did a task set by the employer.
        feedback: The employer gave feedback on it.
        meets_staff: Learners met staff of the provider.
        meets_learners: Learners met learners of the provider.
        provider_information: The provider told how it chooses learners, what it offers and which
            careers that can lead to.
        learning_described: The provider told what learning or training there is like.
        covers_provider: Provider access: the provider and its qualifications or apprenticeships.
        covers_careers: Provider access: the careers that they may lead to.
        covers_learning: Provider access: what learning or training there is like.
        covers_questions: Provider access: answers to the learners' questions.

    Examples:
        >>> from datetime import date
        >>> talk = Activity(
        ...     activity_id="A17",
        ...     date=date(2025, 11, 4),
        ...     kinds={"employer_encounter", "curriculum_link"},
        ...     subjects={"Further Mathematics"},
        ... )
        >>> sorted(map(str, talk.kinds))
        ['curriculum_link', 'employer_encounter']
        >>> talk.subjects
        frozenset({'further_mathematics'})
    """

    activity_id: str = attrs.field(converter=any_id)
    date: datetime.date
    kinds: frozenset[ActivityKind] = attrs.field(converter=choices)
    title: str | None = None
    mode: Mode | None = attrs.field(default=None, converter=choice)
    duration: Fraction | None = attrs.field(default=None, converter=_minutes)
    subjects: frozenset[str] = attrs.field(default=frozenset(), converter=subject_keys)
    provider_types: frozenset[ProviderType] = attrs.field(default=frozenset(), converter=choices)
    providers: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    employer: str | None = None
    employer_size: EmployerSize | None = attrs.field(default=None, converter=choice)
    employer_sector: EmployerSector | None = attrs.field(default=None, converter=choice)
    adviser_level: int | None = None
    meaningful: bool | None = None
    part_time_job: bool | None = None
    site_visit: bool | None = None
    school_day: bool | None = None
    insight: bool | None = None
    purpose_shared: bool | None = None
    learning_outcomes: bool | None = None
    two_way: bool | None = None
    reflection: bool | None = None
    range_of_people: bool | None = None
    task: bool | None = None
    feedback: bool | None = None
    meets_staff: bool | None = None
    meets_learners: bool | None = None
    provider_information: bool | None = None
    learning_described: bool | None = None
    covers_provider: bool | None = None
    covers_careers: bool | None = None
    covers_learning: bool | None = None
    covers_questions: bool | None = None


def _items(items: Iterable[str]) -> tuple[str, ...]:
    known = (*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS)
    given: tuple[str, ...] = _texts(items)
    if not set(known).issuperset(given):
        raise Refused(f"a list of some of {', '.join(known)}")
    return given


_texts = reader(tuple[str, ...])


@attrs.frozen(field_transformer=checked)
class Checklist:
    """A list of things that must all be so for an activity to be meaningful.

    Args:
        items: Names of yes/no attributes of `Activity`.

    Examples:
        >>> from datetime import date
        >>> checklist = Checklist(["meets_staff", "meets_learners"])
        >>> tour = Activity(
        ...     activity_id="A3", date=date(2026, 3, 2), kinds={"provider_encounter"}, meets_staff=True
        ... )
        >>> checklist.verdict(tour) is None  # nobody said whether learners were met
        True
        >>> checklist.unknown_items(tour)
        ('meets_learners',)
    """

    items: tuple[str, ...] = attrs.field(converter=_items)

    def verdict(self, activity: Activity) -> bool | None:
        """Yes when every item is yes, no when any item is no, else unknown."""
        answers = [getattr(activity, item) for item in self.items]
        if False in answers:
            return False
        return None if None in answers else True

    def failed_items(self, activity: Activity) -> tuple[str, ...]:
        """The items that are no."""
        return tuple(item for item in self.items if getattr(activity, item) is False)

    def unknown_items(self, activity: Activity) -> tuple[str, ...]:
        """The items that nobody answered."""
        return tuple(item for item in self.items if getattr(activity, item) is None)


@attrs.frozen(field_transformer=checked)
class Participation:
    """A learner's place in an activity.

    Args:
        activity_id: The activity.
        learner_id: The learner.
        status: What became of it.
        year_group: The learner's year group on the day, where it differs from what the calendar
            says (a learner who repeated or skipped a year).

    Examples:
        >>> Participation("A17", "L0412").status
        <ParticipationStatus.ATTENDED: 'attended'>
    """

    activity_id: str = attrs.field(converter=any_id)
    learner_id: str = attrs.field(repr=shown_id, converter=any_id)
    status: ParticipationStatus = attrs.field(default=ParticipationStatus.ATTENDED, converter=choice)
    year_group: YearGroup | None = None
