"""The training of careers leaders: providers, courses, cohorts, what it pays, and how good it is.

Read from the evaluation of the national programme (IES 2020, sections 2 and 3 and the glossary). Every
attribute that can be unknown is ``None`` when it is.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import attrs

from gatsbykit.model.attributes import Fault, Hours, Pounds, read_or_refuse, refuse
from gatsbykit.model.calendar import Between
from gatsbykit.model.units import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from gatsbykit.model.units import Quantity

__all__ = [
    "Accreditation",
    "Assessment",
    "Blend",
    "BursaryUse",
    "Count",
    "Course",
    "CourseCohort",
    "CourseOutcome",
    "Coverage",
    "Pattern",
    "Provider",
    "ProviderGroup",
    "PublishedTally",
    "QualityCheck",
    "QualityCheckKind",
    "Size",
    "Specialism",
    "Support",
    "TrainingProgramme",
]

LARGEST: Final = 10_000_000
"""No count here goes beyond it."""

Count = Annotated[int, Between(0, LARGEST)]
"""How many, none included."""

Size = Annotated[int, Between(1, LARGEST)]
"""How many, at least one."""


class Specialism(StrEnum):
    """What a training provider does otherwise."""

    CAREERS = "careers"
    UNIVERSITY = "university"
    LEADERSHIP = "leadership"


class Coverage(StrEnum):
    """Where a course is offered."""

    REGIONAL = "regional"
    NATIONAL = "national"


class Accreditation(StrEnum):
    """Whether a course leads to a qualification, and of which level."""

    NONE = "none"
    LEVEL_6 = "level_6"
    LEVEL_7 = "level_7"


class Blend(StrEnum):
    """How a course is taught."""

    FACE_TO_FACE = "face_to_face"
    BLENDED = "blended"
    ONLINE = "online"


class Pattern(StrEnum):
    """How the taught days of a course lie."""

    FULL_DAY = "full_day"
    HALF_DAY = "half_day"
    TWO_DAYS = "two_days"
    WEEKEND = "weekend"


class Assessment(StrEnum):
    """How a course is assessed."""

    ASSIGNMENTS = "assignments"
    PORTFOLIO = "portfolio"
    NONE = "none"


class Support(StrEnum):
    """Help during a course."""

    ONE_TO_ONE = "one_to_one"
    PHONE_AND_MAIL = "phone_and_mail"
    CATCH_UP = "catch_up"
    OTHER_COHORT = "other_cohort"
    EXTENSION = "extension"
    SEN_ADJUSTMENTS = "sen_adjustments"
    ACADEMIC_SKILLS = "academic_skills"


class CourseOutcome(StrEnum):
    """One of the eight things that a course is to enable a careers leader to do."""

    BENCHMARKS = "benchmarks"
    """Describe the benchmarks; review and plan by them."""

    THEORY = "theory"
    ROUTES_LMI = "routes_lmi"
    POLICIES = "policies"
    CURRENCY = "currency"
    """Keep the programme up to date."""

    LEADERSHIP = "leadership"
    ROLE = "role"
    REFLECTION = "reflection"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class TrainingProgramme:
    """A programme of training, with its money and its window.

    Args:
        title: What it is called.
        places: How many leaders can be trained.
        planned_places: How many were planned at first.
        fee: What the leader pays, which is nothing.
        bursary: What the institution gets for a leader who has completed.
        funding: The money set aside. Whether it covers all places is seldom said: it is never divided.
        register_by: The last day to register.
        complete_by: The last day to complete.
        place: Where all this is written.

    Examples:
        >>> TrainingProgramme(title="National", places=1300, bursary=1000).bursary_quantity.magnitude
        1000
    """

    title: str
    places: Size | None = None
    planned_places: Size | None = None
    fee: Pounds | None = None
    bursary: Pounds | None = None
    funding: Pounds | None = None
    register_by: datetime.date | None = None
    complete_by: datetime.date | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a window that closes before it opens, and a leader who pays."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.register_by and self.complete_by and self.complete_by < self.register_by:
            yield Fault("complete_by", "a day on or after register_by")
        if self.fee:
            yield Fault("fee", "0, as the training is free to the leader")

    @property
    def bursary_quantity(self) -> Quantity | None:
        """The bursary as a pint quantity of `gatsbykit.model.units.registry`."""
        return None if self.bursary is None else _quantity(self.bursary, "GBP")


def _quantity(number: Fraction, unit: str) -> Quantity:
    return registry().Quantity(int(number) if number.denominator == 1 else float(number), unit)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Provider:
    """One provider of training.

    Args:
        id: An id, unique among the providers.
        name: Its name.
        specialism: What it does otherwise.
        coverage: Where it offers courses.
        region: The region, if it is a regional one.
        residential: Whether some of its courses are residential.
        place: Where this is written.

    Examples:
        >>> Provider(id="P1", specialism="careers", coverage="national").specialism
        <Specialism.CAREERS: 'careers'>
    """

    id: str
    name: str | None = None
    specialism: Specialism | None = None
    coverage: Coverage | None = None
    region: str | None = None
    residential: bool | None = None
    place: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class ProviderGroup:
    """Providers of one specialism as a report counts them, without naming one.

    Args:
        specialism: What they do otherwise.
        providers: How many there are.
        regional: How many offer courses in a region.
        national: How many offer them everywhere.
        both: How many offer accredited and other courses.
        accredited: How many offer accredited courses alone.
        non_accredited: How many offer other courses alone.
        level_6: How many offer level 6.
        level_7: How many offer level 7.
        residential: How many offer a residential course.
        interviewed: How many were interviewed for the evaluation.
        place: Where this is written.

    Raises:
        ValueError: A number is greater than that of the providers.
    """

    specialism: Specialism
    providers: Size
    regional: Count | None = None
    national: Count | None = None
    both: Count | None = None
    accredited: Count | None = None
    non_accredited: Count | None = None
    level_6: Count | None = None
    level_7: Count | None = None
    residential: Count | None = None
    interviewed: Count | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse more of a kind than there are providers."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        for name in ("level_6", "level_7", "residential", "interviewed"):
            if (getattr(self, name) or 0) > self.providers:
                yield Fault(name, "at most as many as there are providers")
        for names in (("regional", "national"), ("both", "accredited", "non_accredited")):
            if sum(getattr(self, name) or 0 for name in names) > self.providers:
                yield Fault(
                    names[-1], f"at most as many as there are providers, with {' and '.join(names[:-1])}"
                )

    @property
    def offering_accreditation(self) -> range:
        """How many can offer a qualification, from the least to the greatest number.

        Examples:
            >>> ProviderGroup(
            ...     specialism="university", providers=5, level_6=3, level_7=3
            ... ).offering_accreditation
            range(3, 6)
        """
        if self.both is not None and self.accredited is not None:
            exact = self.both + self.accredited
            return range(exact, exact + 1)
        levels = (self.level_6 or 0, self.level_7 or 0)
        known = self.level_6 is not None and self.level_7 is not None
        most = self.providers - (self.non_accredited or 0)
        return range(max(levels), (min(sum(levels), most) if known else most) + 1)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Course:
    """A course for careers leaders.

    Args:
        id: An id, unique among the courses.
        provider: The id of its provider.
        title: What it is called.
        accreditation: Whether it leads to a qualification, and of which level.
        credits: Postgraduate credits; only of an accredited course.
        blend: How it is taught.
        pattern: How its taught days lie.
        residential: Whether participants stay overnight.
        coverage: Where it is offered.
        region: The region, if it is a regional one.
        contact_hours: The hours of teaching.
        weeks: How long it takes.
        assessment: How it is assessed.
        outcomes: What it is to enable leaders to do.
        support: The help that it gives; empty is unknown.

    Raises:
        ValueError: A course that is not accredited gives credits.

    Examples:
        >>> from gatsbykit.model.units import registry
        >>> course = Course(id="C1", provider="P1", contact_hours=registry().Quantity(2, "school_day"))
        >>> course.contact_hours, course.contact_time.to("minute").magnitude
        (Fraction(10, 1), 600)
    """

    id: str
    provider: str
    title: str | None = None
    accreditation: Accreditation | None = None
    credits: Annotated[int, Between(1, 240)] | None = None
    blend: Blend | None = None
    pattern: Pattern | None = None
    residential: bool | None = None
    coverage: Coverage | None = None
    region: str | None = None
    contact_hours: Hours | None = None
    weeks: Annotated[int, Between(1, 520)] | None = None
    assessment: Assessment | None = None
    outcomes: frozenset[CourseOutcome] = frozenset()
    support: frozenset[Support] = frozenset()

    def __attrs_post_init__(self) -> None:
        """Refuse credits without accreditation."""
        if self.credits is not None and self.accreditation is Accreditation.NONE:
            refuse(self, [Fault("credits", "no credits, as the course is not accredited")])

    @property
    def is_accredited(self) -> bool | None:
        """Whether it leads to a qualification."""
        return None if self.accreditation is None else self.accreditation is not Accreditation.NONE

    @property
    def contact_time(self) -> Quantity | None:
        """The hours of teaching as a pint quantity of `gatsbykit.model.units.registry`."""
        return None if self.contact_hours is None else _quantity(self.contact_hours, "hour")


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class CourseCohort:
    """One run of a course.

    Args:
        id: An id, unique among the cohorts.
        course: The id of the course.
        starts: Its first day.
        ends: Its last day.
        places: How many can take part.
        minimum: With how many it goes ahead.

    Raises:
        ValueError: It ends before it starts, or its minimum is more than its places.
    """

    id: str
    course: str
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    places: Size | None = None
    minimum: Size | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse dates out of order, and a minimum that cannot be reached."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if self.starts and self.ends and self.ends < self.starts:
            yield Fault("ends", "a day on or after starts")
        if self.places and self.minimum and self.minimum > self.places:
            yield Fault("minimum", "at most as many as there are places")


class QualityCheckKind(StrEnum):
    """How the quality of training is looked after."""

    PROGRAMME_REVIEW = "programme_review"
    OBSERVATION = "observation"
    UPDATE = "update"
    SKILLS_AUDIT = "skills_audit"
    FEEDBACK = "feedback"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class QualityCheck:
    """One look at the quality of training, and what was changed by it.

    Args:
        kind: How it was looked at.
        date: The day.
        provider: The id of the provider, if it was about one.
        course: The id of the course, if it was about one.
        finding: What was found.
        change: What was changed.
    """

    kind: QualityCheckKind
    date: datetime.date | None = None
    provider: str | None = None
    course: str | None = None
    finding: str | None = None
    change: str | None = None


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class BursaryUse:
    """What an institution did with a bursary.

    Args:
        purpose: Such as travel, cover, an event, technology, a diploma, a conference, training of staff.
        amount: How much of it.
        people: How many people had something of it.
        place: Where this is written.

    Examples:
        >>> BursaryUse(purpose="training of staff", amount=1000, people=80).for_each
        Fraction(25, 2)
    """

    purpose: str
    amount: Pounds | None = None
    people: Size | None = None
    place: str | None = None

    @property
    def for_each(self) -> Fraction | None:
        """Pounds for each of the people."""
        return None if self.amount is None or self.people is None else self.amount / self.people


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class PublishedTally:
    """How many leaders were how far, as somebody published it.

    Those who withdrew, wait or are only registered are in none of the numbers (interpretation: the report
    names three kinds and adds them up).

    Args:
        date: The day of the count.
        completed: Completed, the bursary not yet received.
        bursary_received: Completed, and the bursary received.
        in_progress: In training.
        total: All of them, as published.
        places: The places on that day, or the target.
        place: Where this is written.

    Raises:
        ValueError: The numbers do not add up to the total.
    """

    date: datetime.date
    completed: Count
    bursary_received: Count
    in_progress: Count
    total: Count | None = None
    places: Size | None = None
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a total that is not the sum."""
        parts = self.completed + self.bursary_received + self.in_progress
        if self.total is not None and self.total != parts:
            refuse(self, [Fault("total", "the sum of completed, bursary_received and in_progress")])
