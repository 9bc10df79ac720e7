"""Choosing a course by what a careers leader needs, with the reasons, and looking after its quality.

Leaders choose by place, level, times and methods, length, and by what help there is (IES 2020, sections 2.4.3
and 3.2.1). Reputation and word of mouth are theirs to weigh, and stand in no field.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import attrs

from gatsbykit.model.attributes import Fault, Hours, read_or_refuse, refuse
from gatsbykit.model.calendar import Between
from gatsbykit.model.fields import checked
from gatsbykit.model.training import (
    Accreditation,
    Blend,
    Course,
    CourseOutcome,
    Coverage,
    Pattern,
    QualityCheckKind,
    Specialism,
    Support,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatsbykit.model.training import CourseCohort, Provider, ProviderGroup, QualityCheck

__all__ = [
    "Choice",
    "CourseWish",
    "ProviderFigures",
    "QualityRecord",
    "Reason",
    "choose",
    "provider_figures",
    "quality",
]


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class CourseWish:
    """What a careers leader needs of a course. Whatever is left out does not matter.

    Args:
        region: Where the leader works: a course of that region or a national one.
        accreditations: The kinds of accreditation that will do.
        blends: The ways of teaching that will do.
        patterns: The patterns of taught days that will do.
        residential: Whether it has to be residential, or must not be.
        most_contact_hours: The most hours of teaching.
        most_weeks: The most weeks.
        outcomes: What it has to be about.
        support: The help that is needed.
        starts_from: The first day on which it may start.
        ends_by: The last day on which it may end.

    Raises:
        ValueError: It would have to end before it may start.
    """

    region: str | None = None
    accreditations: frozenset[Accreditation] = frozenset()
    blends: frozenset[Blend] = frozenset()
    patterns: frozenset[Pattern] = frozenset()
    residential: bool | None = None
    most_contact_hours: Hours | None = None
    most_weeks: Annotated[int, Between(1, 520)] | None = None
    outcomes: frozenset[CourseOutcome] = frozenset()
    support: frozenset[Support] = frozenset()
    starts_from: datetime.date | None = None
    ends_by: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse dates out of order."""
        if self.starts_from and self.ends_by and self.ends_by < self.starts_from:
            refuse(self, [Fault("ends_by", "a day on or after starts_from")])


@attrs.frozen(kw_only=True, field_transformer=checked)
class Reason:
    """One need, and whether a course meets it.

    Args:
        need: The attribute of the wish.
        met: Whether it is met; ``None`` where the course does not say.
        words: The same in words.
    """

    need: str
    met: bool | None
    words: str


@attrs.frozen(kw_only=True, field_transformer=checked)
class Choice:
    """A course, and why it fits or does not.

    Args:
        course: The course.
        reasons: A reason for each need, in the order of the wish.
    """

    course: Course
    reasons: tuple[Reason, ...]

    @property
    def fits(self) -> bool | None:
        """Whether every need is met; ``None`` where some need may be met or not, and none is not."""
        met = [reason.met for reason in self.reasons]
        if False in met:
            return False
        return None if None in met else True

    def __str__(self) -> str:
        word = {True: "fits", False: "does not fit", None: "may fit"}[self.fits]
        return f"{self.course.id} {word}: {'; '.join(reason.words for reason in self.reasons) or 'no needs'}"


def choose(
    courses: Iterable[Course], wish: CourseWish, *, cohorts: Iterable[CourseCohort] = ()
) -> tuple[Choice, ...]:
    """Return every course with its reasons: those that fit first, then those that may, then the others.

    Args:
        courses: The courses.
        wish: What the leader needs.
        cohorts: The runs of the courses, which dates are held against.

    Examples:
        >>> found = choose(
        ...     [
        ...         Course(id="C1", provider="P1", accreditation="level_7", weeks=30),
        ...         Course(id="C2", provider="P2", accreditation="level_6"),
        ...     ],
        ...     CourseWish(accreditations=["level_6"], most_weeks=20),
        ... )
        >>> for choice in found:
        ...     print(choice)
        C2 may fit: level 6 is wanted; nothing is said of weeks, at most 20 are wanted
        C1 does not fit: level 7, and not level 6; 30 weeks, and at most 20 are wanted
    """
    runs = [*cohorts]
    found = [
        Choice(course=course, reasons=(*_reasons(course, wish), *_date_reasons(course, wish, runs)))
        for course in courses
    ]
    order = {True: 0, None: 1, False: 2}
    return tuple(
        sorted(
            found, key=lambda choice: (order[choice.fits], sum(one.met is False for one in choice.reasons))
        )
    )


def _reasons(course: Course, wish: CourseWish) -> Iterator[Reason]:
    if wish.region is not None:
        yield _region(course, wish.region)
    for need, given in (("accreditations", "accreditation"), ("blends", "blend"), ("patterns", "pattern")):
        if getattr(wish, need):
            yield _one_of(need, getattr(course, given), getattr(wish, need))
    if wish.residential is not None:
        yield _residential(course.residential, wish.residential)
    for need, given, what in (
        ("most_contact_hours", "contact_hours", "hours"),
        ("most_weeks", "weeks", "weeks"),
    ):
        if getattr(wish, need) is not None:
            yield _at_most(need, getattr(course, given), getattr(wish, need), what)
    for need in ("outcomes", "support"):
        if getattr(wish, need):
            yield _all_of(need, getattr(course, need), getattr(wish, need))


def _date_reasons(course: Course, wish: CourseWish, cohorts: Iterable[CourseCohort]) -> Iterator[Reason]:
    """Yield whether some run of a course lies between the days, if days were named."""
    if wish.starts_from is None and wish.ends_by is None:
        return
    runs = [_lies_between(one, wish) for one in cohorts if one.course == course.id]
    met = True if True in runs else None if None in runs or not runs else False
    words = {
        True: "a cohort at the right time",
        False: "no cohort at the right time",
        None: "nothing is said of dates",
    }
    yield Reason(need="dates", met=met, words=words[met])


def _lies_between(cohort: CourseCohort, wish: CourseWish) -> bool | None:
    late = None if cohort.starts is None or wish.starts_from is None else cohort.starts >= wish.starts_from
    early = None if cohort.ends is None or wish.ends_by is None else cohort.ends <= wish.ends_by
    answers = [
        answer for answer, bound in ((late, wish.starts_from), (early, wish.ends_by)) if bound is not None
    ]
    if False in answers:
        return False
    return None if None in answers else True


def _words(value: object) -> str:
    return str(value).replace("_", " ").replace("none", "no accreditation")


def _any_words(values: Iterable[object]) -> str:
    return " or ".join(sorted(map(_words, values)))


def _region(course: Course, region: str) -> Reason:
    if course.coverage is Coverage.NATIONAL:
        return Reason(need="region", met=True, words="offered everywhere")
    if course.region is None:
        return Reason(need="region", met=None, words="nothing is said of the region")
    met = course.region.casefold() == region.casefold()
    return Reason(need="region", met=met, words="in the region" if met else "in another region")


def _one_of(need: str, given: object, wanted: frozenset[Any]) -> Reason:
    if given is None:
        return Reason(
            need=need, met=None, words=f"nothing is said of {_words(need)}, {_any_words(wanted)} is wanted"
        )
    if given in wanted:
        return Reason(need=need, met=True, words=f"{_words(given)} is wanted")
    return Reason(need=need, met=False, words=f"{_words(given)}, and not {_any_words(wanted)}")


def _residential(given: bool | None, wanted: bool) -> Reason:
    word = "residential" if given else "not residential"
    if given is None:
        return Reason(need="residential", met=None, words="nothing is said of staying overnight")
    met = given is wanted
    return Reason(need="residential", met=met, words=word if met else f"{word}, which is not wanted")


def _at_most(need: str, given: Any, most: Any, what: str) -> Reason:
    wanted = f"at most {float(most):g} are wanted"
    if given is None:
        return Reason(need=need, met=None, words=f"nothing is said of {what}, {wanted}")
    met = bool(given <= most)
    return Reason(need=need, met=met, words=f"{float(given):g} {what}, {'' if met else 'and '}{wanted}")


def _all_of(need: str, given: frozenset[Any], wanted: frozenset[Any]) -> Reason:
    missing = wanted - given
    if not missing:
        return Reason(need=need, met=True, words=f"{need}: {', '.join(sorted(map(_words, wanted)))}")
    # A list that is empty says nothing; one that is not is taken to be whole.
    met = False if given else None
    return Reason(need=need, met=met, words=f"{need} without {', '.join(sorted(map(_words, missing)))}")


@attrs.frozen(kw_only=True, field_transformer=checked)
class ProviderFigures:
    """How many providers there are, by what they offer; a span where a report leaves it open.

    Args:
        providers: How many.
        residential: How many with a residential course.
        level_6: How many offer level 6.
        level_7: How many offer level 7.
        accredited: The least and the greatest number that can offer a qualification.
        not_interviewed: By specialism, how many were not interviewed, where some were not.
    """

    providers: int
    residential: int | None
    level_6: int | None
    level_7: int | None
    accredited: tuple[int, int]
    not_interviewed: Mapping[Specialism, int]


def provider_figures(groups: Sequence[ProviderGroup]) -> ProviderFigures:
    """Add up what a report says of groups of providers; what one group does not say is not known of all.

    Examples:
        >>> from gatsbykit.model.training import ProviderGroup
        >>> found = provider_figures([
        ...     ProviderGroup(specialism="careers", providers=7, both=3, accredited=2, level_6=5, level_7=0),
        ...     ProviderGroup(specialism="university", providers=5, level_6=3, level_7=3),
        ... ])
        >>> found.providers, found.level_6, found.accredited
        (12, 8, (8, 10))
    """
    spans = [group.offering_accreditation for group in groups]
    return ProviderFigures(
        providers=sum(group.providers for group in groups),
        residential=_sum(group.residential for group in groups),
        level_6=_sum(group.level_6 for group in groups),
        level_7=_sum(group.level_7 for group in groups),
        accredited=(sum(span[0] for span in spans), sum(span[-1] for span in spans)),
        not_interviewed={
            group.specialism: group.providers - group.interviewed
            for group in groups
            if group.interviewed is not None and group.interviewed < group.providers
        },
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = [*numbers]
    return None if None in found else sum(number for number in found if number is not None)


KINDS_WANTED: Final = (
    QualityCheckKind.PROGRAMME_REVIEW,
    QualityCheckKind.OBSERVATION,
    QualityCheckKind.FEEDBACK,
)
"""What quality assurance consists of: a review, observation during delivery, feedback of participants."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class QualityRecord:
    """How the quality of one provider's training was looked after up to a day.

    Args:
        provider: The id of the provider.
        last: By kind, the day on which it was last done; ``None`` where the day is not known.
        missing: What was never done.
        changes: How many checks led to a change.
    """

    provider: str
    last: Mapping[QualityCheckKind, datetime.date | None]
    missing: tuple[QualityCheckKind, ...]
    changes: int


def quality(
    providers: Iterable[Provider],
    courses: Iterable[Course],
    checks: Iterable[QualityCheck],
    as_of: datetime.date,
) -> tuple[QualityRecord, ...]:
    """Return how the quality of each provider's training was looked after.

    A check of a course is one of its provider. A check that is later than the day is left out, and one
    without a day counts.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.training import Provider, QualityCheck
        >>> check = QualityCheck(kind="observation", provider="P1", date=date(2019, 11, 5))
        >>> (record,) = quality([Provider(id="P1")], [], [check], date(2020, 2, 14))
        >>> [str(kind) for kind in record.missing]
        ['programme_review', 'feedback']
    """
    owner = {course.id: course.provider for course in courses}
    done = [
        (check.provider or owner.get(check.course or ""), check)
        for check in checks
        if check.date is None or check.date <= as_of
    ]
    return tuple(
        _quality_of(provider.id, [check for whose, check in done if whose == provider.id])
        for provider in providers
    )


def _quality_of(provider: str, checks: Sequence[QualityCheck]) -> QualityRecord:
    days: dict[QualityCheckKind, list[datetime.date]] = {}
    for check in checks:
        days.setdefault(check.kind, []).extend([] if check.date is None else [check.date])
    return QualityRecord(
        provider=provider,
        last={kind: max(found, default=None) for kind, found in days.items()},
        missing=tuple(kind for kind in KINDS_WANTED if kind not in days),
        changes=sum(check.change is not None for check in checks),
    )
