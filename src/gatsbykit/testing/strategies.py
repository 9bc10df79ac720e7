"""Hypothesis strategies for valid values, crowded around the places where rules change.

Whole institutions are small, and dense in what a score can turn on: the ends of academic years,
summer leavers, late February, Year 14, blanks, repeated rows, checklists with one item missing.

Examples:
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5)
    ... @given(learner=learners("secondary_school"))
    ... def check(learner):
    ...     assert 1 <= learner.year_group <= 14
    >>> check()
"""

from __future__ import annotations

import functools
from datetime import date, timedelta
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st

from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.destinations import NCCIS_CATEGORIES, Destination, DestinationCategory
from gatsbykit.model.encounters import (
    CHECKLIST_ITEMS,
    PROVIDER_ACCESS_ITEMS,
    Activity,
    ActivityKind,
    EmployerSector,
    EmployerSize,
    Mode,
    Participation,
    ParticipationStatus,
    ProviderType,
)
from gatsbykit.model.identifiers import IdentifierError, Laestab, Ukprn, Uln, Upn, Urn
from gatsbykit.model.institutions import Institution, InstitutionKind
from gatsbykit.model.learners import Learner, SenProvision, Sex
from gatsbykit.model.records import Records
from gatsbykit.rules.loading import EDITION_KEYS, load_edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "CriterionLike",
    "ScoredCase",
    "academic_years",
    "activities",
    "answers",
    "as_of_dates",
    "dates",
    "destinations",
    "institutions",
    "learners",
    "participations",
    "records",
    "scored_cases",
    "ulns",
    "upns",
]

_Value = TypeVar("_Value")


class CriterionLike(Protocol):
    """What `answers` needs to know of a criterion."""

    @property
    def id(self) -> str:
        """Its id, such as ``1a``."""
        ...

    @property
    def type(self) -> str:
        """``declared`` or ``share``."""
        ...

    @property
    def parts(self) -> Sequence[str]:
        """The parts of a declared criterion that are answered one by one."""
        ...


class ScoredCase(NamedTuple):
    """Records, and a legal way to score them."""

    records: Records
    as_of: date
    edition: str
    unknown: Literal["exclude", "include"]


def _often(*choices: tuple[int, st.SearchStrategy[_Value]]) -> st.SearchStrategy[_Value]:
    """Choose among strategies by weight (`st.one_of` gives equal ones the weight of one)."""
    urn = [strategy for weight, strategy in choices for _ in range(weight)]
    return st.integers(0, len(urn) - 1).flatmap(lambda place: urn[place])


def _together(**pools: Sequence[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Choose a value from each pool in a single draw, which is quick; entries may be repeated for weight."""

    def pick(number: int) -> dict[str, Any]:
        picked: dict[str, Any] = {}
        for name, pool in pools.items():
            number, place = divmod(number, len(pool))
            picked[name] = pool[place]
        return picked

    return st.integers(0, prod(map(len, pools.values())) - 1).map(pick)


def _blank_or(values: Iterable[_Value]) -> tuple[_Value | None, ...]:
    return (None, *values)


# --- dates --------------------------------------------------------------------------------------

_ONE_DAY: Final = timedelta(days=1)
_BOUNDARIES: Final = ((2, 28), (3, 1), (4, 30), (5, 1), (8, 31), (9, 1))


def _boundaries(first: date, last: date) -> list[date]:
    """The days on which rules change, within some bounds."""
    found = [date(year, *day) for year in range(first.year, last.year + 1) for day in _BOUNDARIES]
    found += [day + _ONE_DAY for day in found if (day.month, day.day) == (2, 28)]
    found += [date(2022, 12, 31), date(2023, 1, 1)]
    return sorted(day for day in {*found} if first <= day <= last)


def academic_years(first: int = 2015, last: int = 2029) -> st.SearchStrategy[AcademicYear]:
    """Give academic years.

    Args:
        first: The calendar year in which the first of them begins.
        last: The calendar year in which the last of them begins.
    """
    return st.integers(first, last).map(AcademicYear)


@functools.lru_cache(maxsize=1024)
def dates(first: date = date(2015, 9, 1), last: date = date(2029, 8, 31)) -> st.SearchStrategy[date]:
    """Give dates, half of them next to a boundary.

    The boundaries are the ends of academic years, late February, the 1 May of summer leavers, and
    the first day of the provider access law.

    Args:
        first: The first date.
        last: The last date.
    """
    anywhere = st.integers(first.toordinal(), last.toordinal()).map(date.fromordinal)
    boundaries = _boundaries(first, last)
    return st.one_of(st.sampled_from(boundaries), anywhere) if boundaries else anywhere


def as_of_dates() -> st.SearchStrategy[date]:
    """Give dates of assessments, mostly from 2022 to 2027."""
    turning_points = [
        date(2026, 7, 10), date(2022, 12, 31), date(2023, 1, 1), date(2024, 2, 28), date(2024, 2, 29),
        date(2024, 3, 1), date(2024, 7, 1), date(2025, 8, 31), date(2025, 9, 1), date(2026, 2, 28),
        date(2026, 3, 1), date(2026, 5, 1), date(2026, 8, 31),
    ]  # fmt: skip
    return _often(
        (5, st.sampled_from(turning_points)), (4, dates(date(2022, 1, 1), date(2027, 12, 31))), (1, dates())
    )


@functools.lru_cache(maxsize=1024)
def _days_around(as_of: date, *, years: int) -> st.SearchStrategy[date]:
    """Dates in this academic year up to a day, in those before it, and on both sides of that day."""
    this_year = AcademicYear.of(as_of)
    choices = [
        (5, dates(this_year.first_day, as_of)),
        (4, dates(this_year.plus(-years).first_day, as_of)),
        (1, st.sampled_from([as_of, as_of - _ONE_DAY])),
        (1, st.one_of(st.just(as_of + _ONE_DAY), dates(as_of, this_year.plus(1).last_day))),
    ]
    return _often(*choices)


# --- institutions and learners ------------------------------------------------------------------


@st.composite
def upns(draw: st.DrawFn) -> Upn:
    """Give unique pupil numbers with the right check letter, some of them temporary ones."""
    rest = f"{draw(st.integers(0, 10**11 - 1)):011}{draw(st.sampled_from('0123456789AZ'))}"
    return Upn.with_check_letter(rest)


@st.composite
def ulns(draw: st.DrawFn) -> Uln:
    """Give unique learner numbers with the right check digit."""
    number = draw(st.integers(10**8, 10**9 - 2))
    try:
        return Uln.with_check_digit(str(number))
    except IdentifierError:  # one beginning in eleven has no check digit, and its neighbour has
        return Uln.with_check_digit(str(number + 1))


_INSTITUTIONS: Final = _together(
    name=("Northfield School", "St Chad's, Upper Site", 'The "Old" Forge', "Ysgol Môn"),
    urn=(None, Urn("100049"), Urn("999999")),
    ukprn=(None, Ukprn("10079319")),
    laestab=(None, Laestab("2136007")),
    id=(None, None, None, "site 2"),
)


@st.composite
def institutions(draw: st.DrawFn, kind: InstitutionKind | str | None = None) -> Institution:
    """Give institutions.

    Args:
        draw: Supplied by Hypothesis.
        kind: What they are; by default anything.
    """
    found = draw(st.sampled_from(InstitutionKind)) if kind is None else InstitutionKind(kind)
    return Institution(kind=found, **draw(_INSTITUTIONS))


# Sorted by code point they are in another order than without case, by number or as UTF-16.
_LEARNER_IDS: Final = ("L10", "L2", "l1", "007", "É4", "L,7", "\ufb01x", "\U0001f600")
_ACTIVITY_IDS: Final = ("A1", "A10", "A2", "a1", "Fair 2026", 'B"1"', "Ω", "-3")
_STRANGER: Final = "nobody knows"
_SIZES: Final = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 0])
_ANY_YEAR: Final = (9, 11, 13) * 3 + (7, 8, 10, 12) * 2 + (14, 6, 5, 1)
_OVERRIDES: Final = (7, 8, 9, 10, 11, 12, 13, 14, 6, 1)
_SUBJECTS: Final = (
    frozenset({"mathematics"}),
    frozenset({"english"}),
    frozenset({"design_and_technology", "english"}),
    frozenset({"mathematics", "english"}),
    frozenset({"art"}),
    frozenset[str](),
)

_FACTS_OF_LEARNERS: Final = _together(
    considering_he=(True, True, True, False, None),
    in_cohort=(None, None, True, True, False),
    subjects=_SUBJECTS,
    sex=_blank_or(Sex),
    disadvantaged=(None, True, False),
    sen_provision=(
        None,
        SenProvision.NONE,
        SenProvision.SUPPORT,
        SenProvision.EHC_PLAN,
        SenProvision.EHC_PLAN,
    ),
    looked_after=(None, True, False),
    eal=(None, True, False),
)
_NUMBERS: Final[st.SearchStrategy[dict[str, Any]]] = _often(
    (6, st.builds(dict[str, Any])),
    (1, upns().map(lambda upn: {"upn": upn})),
    (1, ulns().map(lambda uln: {"uln": uln})),
)


@functools.lru_cache(maxsize=1024)
def _births(as_of: date) -> st.SearchStrategy[date | None]:
    """Dates of birth around the ages of 18 and 24 on the day that ages are asked for."""
    start = AcademicYear.of(as_of).start
    edges = [day for age in (18, 24) for day in (date(start - age - 1, 8, 31), date(start - age - 1, 9, 1))]
    return _often(
        (2, st.sampled_from([*edges, None])),
        (2, dates(date(start - 18, 1, 1), date(start - 16, 12, 31))),
        (1, dates(date(start - 26, 1, 1), date(start - 11, 12, 31))),
    )


def _ordered(first: date | None, last: date | None) -> dict[str, date | None]:
    """The two dates in order, as the beginning and the end."""
    if first is not None and last is not None and first > last:
        first, last = last, first
    return {"first": first, "last": last}


def _learner(
    draw: st.DrawFn,
    learner_id: str,
    kind: InstitutionKind,
    as_of: date,
    years: Sequence[int],
    *,
    leaves: bool,
) -> Learner:
    this_year = AcademicYear.of(as_of)
    mode = draw(st.integers(0, 9))

    came = left = None
    if leaves or mode in {7, 8}:
        left = draw(dates(this_year.plus(-4).first_day, this_year.last_day))
    elif mode == 6:
        left = draw(_days_around(as_of, years=0))
    if mode in {5, 6, 7}:
        came = draw(_days_around(as_of, years=4))
    on_roll = _ordered(came, left)

    programme = _ordered(None, None)
    if not kind.is_school or mode == 9:
        spans = st.sampled_from([this_year.last_day, this_year.first_day, as_of, None])
        other = [this_year.first_day - _ONE_DAY, this_year.last_day + _ONE_DAY]
        end = draw(spans | dates(this_year.first_day, this_year.last_day) | st.sampled_from(other))
        start = draw(st.none() | _days_around(as_of, years=2))
        programme = _ordered(start, end)

    return Learner(
        learner_id=learner_id,
        year_group=draw(st.sampled_from(years)) if kind.is_school else (None, None, 13, 6)[mode % 4],
        date_of_birth=draw(_births(as_of)) if not kind.is_school or mode == 9 else None,
        on_roll_from=on_roll["first"],
        on_roll_to=on_roll["last"],
        programme_start=programme["first"],
        programme_end=programme["last"],
        **draw(_FACTS_OF_LEARNERS),
        **draw(_NUMBERS),
    )


@st.composite
def learners(
    draw: st.DrawFn,
    kind: InstitutionKind | str,
    *,
    learner_id: str | None = None,
    as_of: date | None = None,
) -> Learner:
    """Give learners: mostly on roll and of a year with a deadline.

    Args:
        draw: Supplied by Hypothesis.
        kind: The kind of institution; learners of schools have a year group.
        learner_id: The id; by default anything.
        as_of: The date of the assessment that they should be interesting for.
    """
    return _learner(
        draw,
        draw(st.sampled_from(_LEARNER_IDS)) if learner_id is None else learner_id,
        InstitutionKind(kind),
        draw(as_of_dates()) if as_of is None else as_of,
        _ANY_YEAR,
        leaves=False,
    )


# --- activities and participations --------------------------------------------------------------

_KIND_MIXES: Final = (
    *(frozenset({kind}) for kind in ActivityKind),
    frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.CURRICULUM_LINK}),
    frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.WORKPLACE_EXPERIENCE}),
    frozenset({ActivityKind.PROVIDER_ENCOUNTER, ActivityKind.LABOUR_MARKET_INFORMATION}),
    frozenset({ActivityKind.GUIDANCE_MEETING, ActivityKind.LABOUR_MARKET_INFORMATION}),
    frozenset(ActivityKind),
)
_FOCUSES: Final = (
    frozenset[ActivityKind](),
    *_KIND_MIXES,
    frozenset({ActivityKind.PROVIDER_ENCOUNTER}),
    frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.CURRICULUM_LINK}),
)
_PROVIDERS: Final = ("Northern College", "University of Aldbury", "Acme Training, Ltd")


def _answer_sheets(items: Sequence[str]) -> list[dict[str, Any]]:
    """Answers to a checklist: mostly all yes, or all but one, or blank."""
    yes: dict[str, Any] = dict.fromkeys(items, True)
    sheets = [yes] * 2 * len(items)
    sheets += [yes | {item: answer} for item in items for answer in (False, None)]
    sheets += [dict.fromkeys(items), yes | dict.fromkeys(items[::2]), yes | dict.fromkeys(items[1::2], False)]
    sheets += [yes | {items[0]: None, items[-1]: False}]
    return sheets


_CHECKLISTS: Final = st.sampled_from(_answer_sheets(CHECKLIST_ITEMS))
_ACCESS_LISTS: Final = st.sampled_from(_answer_sheets(PROVIDER_ACCESS_ITEMS))
_FACTS_OF_ACTIVITIES: Final = _together(
    subjects=(
        *_SUBJECTS,
        _SUBJECTS[0] | _SUBJECTS[2],
        frozenset[str]().union(*_SUBJECTS),
        frozenset[str]().union(*_SUBJECTS),
    ),
    provider_types=(
        frozenset(ProviderType),
        frozenset(ProviderType),
        frozenset({ProviderType.UNIVERSITY}),
        frozenset({ProviderType.SIXTH_FORM, ProviderType.COLLEGE}),
        frozenset({ProviderType.ITP, ProviderType.UNIVERSITY}),
        frozenset(ProviderType) - {ProviderType.ITP},
        frozenset(ProviderType) - {ProviderType.APPRENTICESHIP_PROVIDER},
        frozenset[ProviderType](),
    ),
    providers=(
        *(frozenset({provider}) for provider in _PROVIDERS),
        frozenset(_PROVIDERS[:2]),
        frozenset(_PROVIDERS[1:]),
        frozenset[str](),
    ),
    duration=(*map(Fraction, ("1500", "1800", "1499.5", "0", "45", "299.5", "750")), None),
    adviser_level=(6, 6, 7, 5, None),
    meaningful=(None, None, None, None, None, None, True, True, False),
    part_time_job=(None, None, None, False, True),
    site_visit=(True, True, True, True, False, None),
    school_day=(True, True, True, True, True, True, False, None),
)
_WORDS_OF_ACTIVITIES: Final = _together(
    title=(None, "Careers fair", 'Talk: "Why, and how?"', "Zoë's visit"),
    mode=_blank_or(Mode),
    employer=(None, "Aldbury Foods plc", "J. & K. Smith"),
    employer_size=_blank_or(EmployerSize),
    employer_sector=_blank_or(EmployerSector),
)


_GOOD: Final[dict[str, Any]] = {
    **dict.fromkeys((*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS, "site_visit", "school_day"), True),
    **dict.fromkeys(("meaningful", "part_time_job")),
    "adviser_level": 6,
    "provider_types": frozenset(ProviderType),
}

# What a good activity may lack; one such thing is what a score then turns on.
_CHANGES: Final[tuple[dict[str, Any], ...]] = (
    *({item: answer} for item in CHECKLIST_ITEMS for answer in (None, False)),
    {"purpose_shared": None, "learning_outcomes": False, "insight": None},
    *(
        {item: answer}
        for item in (*PROVIDER_ACCESS_ITEMS, "school_day", "site_visit")
        for answer in (None, False)
    ),
    *({"meaningful": answer} for answer in (True, False)),
    *({"site_visit": answer} for answer in (None, False, None)),
    *({"school_day": answer} for answer in (None, False, None)),
    *({"meaningful": True, "learning_outcomes": answer, "insight": answer} for answer in (None, False)),
    *({"adviser_level": level} for level in (5, 5, None, None, 7)),
    {"adviser_level": None, "meaningful": True},
    *({"part_time_job": answer} for answer in (True, True, False)),
    {"part_time_job": True, "task": None},
    {"part_time_job": True, "meaningful": True, "task": False},
    {"providers": frozenset[str]()},
    *({"provider_types": frozenset(ProviderType) - {missing}} for missing in ProviderType),
    *({"provider_types": frozenset({only})} for only in ProviderType),
)
_FLAWS: Final = st.sampled_from([*({},) * (len(_CHANGES) // 2), *_CHANGES])


def _activity(
    draw: st.DrawFn, activity_id: str, as_of: date, focus: frozenset[ActivityKind], *, tidy: bool
) -> Activity:
    facts = {**draw(_FACTS_OF_ACTIVITIES), **draw(_WORDS_OF_ACTIVITIES)}
    facts |= _GOOD | draw(_FLAWS) if tidy else {**draw(_CHECKLISTS), **draw(_ACCESS_LISTS)}
    return Activity(
        activity_id=activity_id,
        date=draw(_days_around(as_of, years=draw(st.sampled_from([1, 1, 6])))),
        kinds=focus | draw(st.sampled_from(_KIND_MIXES)),
        **facts,
    )


@st.composite
def activities(draw: st.DrawFn, *, activity_id: str | None = None, as_of: date | None = None) -> Activity:
    """Give activities, mostly good ones of one or several kinds.

    Args:
        draw: Supplied by Hypothesis.
        activity_id: The id; by default anything.
        as_of: The date of the assessment that they should be interesting for.
    """
    return _activity(
        draw,
        draw(st.sampled_from(_ACTIVITY_IDS)) if activity_id is None else activity_id,
        draw(as_of_dates()) if as_of is None else as_of,
        frozenset(),
        tidy=False,
    )


def participations(
    *,
    activity_ids: Sequence[str] = _ACTIVITY_IDS,
    learner_ids: Sequence[str] = _LEARNER_IDS,
) -> st.SearchStrategy[Participation]:
    """Give participations, most of them attended and without an override of the year group.

    Args:
        activity_ids: The activities; now and then there is one of an unknown activity.
        learner_ids: The learners; now and then there is one of an unknown learner.
    """
    return _together(
        activity_id=(*activity_ids, *activity_ids, _STRANGER),
        learner_id=(*learner_ids, *learner_ids, _STRANGER),
        status=[ParticipationStatus.ATTENDED] * 4 + [*ParticipationStatus],
        year_group=(None,) * 2 * len(_OVERRIDES) + _OVERRIDES,
    ).map(lambda facts: Participation(**facts))


# --- destinations and answers -------------------------------------------------------------------

_FACTS_OF_DESTINATIONS: Final = _together(
    category=(*DestinationCategory, DestinationCategory.UNKNOWN),
    level=(None, 2, 3, 6),
    provider=(None, *_PROVIDERS),
    days=(None, None, None, 0, 300),
)


@st.composite
def destinations(
    draw: st.DrawFn,
    *,
    learner_ids: Sequence[str] = _LEARNER_IDS,
    days: st.SearchStrategy[date] | None = None,
) -> Destination:
    """Give destinations, with or without an activity code.

    Args:
        draw: Supplied by Hypothesis.
        learner_ids: The former learners.
        days: When the activity was seen; by default at any time.
    """
    learner_id = draw(st.sampled_from(learner_ids))
    day = draw(dates() if days is None else days)
    if draw(st.integers(0, 3)) == 3:
        return Destination.from_code(learner_id, day, draw(st.sampled_from(list(NCCIS_CATEGORIES))))
    facts = draw(_FACTS_OF_DESTINATIONS)
    lasted = facts.pop("days")
    end_date = None if lasted is None else day + timedelta(days=lasted)
    return Destination(learner_id=learner_id, date=day, end_date=end_date, **facts)


def _follow_up(draw: st.DrawFn, leaver: Learner, left: date, as_of: date) -> list[Destination]:
    """Sightings of one leaver, mostly one in every academic year."""
    year, this_year = AcademicYear.of(left), AcademicYear.of(as_of)
    seen: list[Destination] = []
    while year <= this_year:
        if draw(st.integers(0, 5)) < 5:
            days = st.sampled_from([year.last_day, year.first_day])
            if left in year:
                days = st.sampled_from([left + _ONE_DAY, left, year.last_day])
            elif year == this_year:
                days = st.sampled_from([as_of, year.first_day, as_of + _ONE_DAY])
            seen.append(draw(destinations(learner_ids=[leaver.learner_id], days=days)))
        year = year.plus(1)
    return seen


_SHARES: Final = ("0", "0.01", "0.7599", "0.76", "0.83", "0.9099", "0.91", "0.9999999999", "1", "1.00")


_Replies = tuple[DeclaredAnswer | None, ...]


@functools.lru_cache(maxsize=1024)
def _replies(criterion_type: str, parts: tuple[str, ...]) -> _Replies:
    """Answers that a criterion may have, the best one first, the good ones more than once."""
    if criterion_type == "share":
        return (*reversed(Band), *map(DeclaredShare, _SHARES), None, None)
    if not parts:
        return (Answer.YES, Answer.YES, Answer.YES, Answer.IN_PROGRESS, Answer.NO, None)
    yes = dict.fromkeys(parts, Answer.YES)
    replies = [yes] * 2 * len(yes)
    for part in parts:
        replies += [yes | {part: Answer.NO}, yes | {part: Answer.IN_PROGRESS}, {part: Answer.YES}]
        replies += [{other: Answer.YES for other in yes if other != part}]
    return (*map(PartAnswers, replies), PartAnswers({}), None)


_Sheets = list[tuple[str, _Replies]]


def _sheets(criteria: Iterable[CriterionLike]) -> _Sheets:
    return [(one.id, _replies(str(one.type), tuple(one.parts))) for one in criteria]


@functools.cache
def _own_sheets(edition: str) -> _Sheets:
    return _sheets(load_edition(edition).criteria)


def answers(
    edition: str, criteria: Iterable[CriterionLike] | None = None
) -> st.SearchStrategy[dict[str, DeclaredAnswer]]:
    """Give what an institution declares under one edition, by criterion id.

    Args:
        edition: The key of the edition.
        criteria: Its criteria; by default those that come with the library.
    """
    sheets = _own_sheets(edition) if criteria is None else _sheets(criteria)

    @st.composite
    def filled_in(draw: st.DrawFn) -> dict[str, DeclaredAnswer]:
        replies = {criterion_id: draw(st.sampled_from(choices)) for criterion_id, choices in sheets}
        return {criterion_id: reply for criterion_id, reply in replies.items() if reply is not None}

    nothing: dict[str, DeclaredAnswer] = {}
    the_best = {criterion_id: best for criterion_id, (best, *_) in sheets if best is not None}
    return st.one_of(st.sampled_from([nothing, the_best]).map(dict), filled_in())


# --- whole institutions -------------------------------------------------------------------------


def _editions(kind: InstitutionKind) -> tuple[str, ...]:
    return tuple(key for key in EDITION_KEYS if kind in load_edition(key).kinds)


_MOST_ROWS: Final = 40
_USUAL_STATUS: Final = st.sampled_from([ParticipationStatus.ATTENDED] * 6 + [*ParticipationStatus])


def _rows(draw: st.DrawFn, activity_ids: Sequence[str], learner_ids: Sequence[str]) -> list[Participation]:
    """Participations: every learner was in all, some or one of the activities; and repeated rows."""
    one = participations(activity_ids=activity_ids, learner_ids=learner_ids)
    rows = draw(st.lists(one, max_size=6))
    every = 2 ** len(activity_ids) - 1
    where = _often(
        (3, st.sampled_from([every, every, 0])),
        (4, st.integers(0, every)),
        (2, st.sampled_from([1 << place for place in range(len(activity_ids))] or [0])),
    )
    for learner_id in learner_ids:
        mask, status = draw(where), draw(_USUAL_STATUS)
        rows += [
            Participation(one, learner_id, status)
            for place, one in enumerate(activity_ids)
            if mask >> place & 1
        ]
    rows = rows[: _MOST_ROWS - 6]
    if rows:
        for again in draw(st.lists(one, max_size=6)):
            row = draw(st.sampled_from(rows))
            rows.append(Participation(row.activity_id, row.learner_id, again.status, again.year_group))
    return rows


@st.composite
def records(
    draw: st.DrawFn,
    kind: InstitutionKind | str | None = None,
    *,
    as_of: date | None = None,
    criteria: Mapping[str, Iterable[CriterionLike]] | None = None,
) -> Records:
    """Give the records of whole, small institutions.

    There are at most 8 learners, 8 activities and 40 participations. Some institutions have no
    learners, no activities or no destinations table at all, some have empty ones.

    Args:
        draw: Supplied by Hypothesis.
        kind: What the institutions are; by default anything.
        as_of: The date of the assessment that they should be interesting for.
        criteria: The criteria by edition key; by default those that come with the library.
    """
    if as_of is None:
        as_of = draw(as_of_dates())
    institution = draw(institutions(kind))
    tables = draw(st.sampled_from(["all"] * 9 + ["no learners", "no activities", "no destinations"]))

    people: list[Learner] | None = None
    if tables != "no learners":
        # Most institutions are about one year group, and a few about former learners.
        focus = draw(st.sampled_from([(), (9,), (11,), (13,), (11, 13), (9, 11, 13, 14)]))
        leaves = draw(st.integers(0, 5)) == 5
        years = focus * (2 * len(_ANY_YEAR)) + _ANY_YEAR
        people = [
            _learner(draw, learner_id, institution.kind, as_of, years, leaves=leaves)
            for learner_id in _LEARNER_IDS[: draw(_SIZES)]
        ]

    events: list[Activity] | None = None
    rows: list[Participation] | None = None
    if people is not None and tables != "no activities":
        purpose, tidy = draw(st.sampled_from(_FOCUSES)), draw(st.integers(0, 4)) < 4
        events = [
            _activity(draw, activity_id, as_of, purpose, tidy=tidy)
            for activity_id in _ACTIVITY_IDS[: draw(_SIZES)]
        ]
        rows = _rows(draw, [one.activity_id for one in events], [one.learner_id for one in people])

    seen: list[Destination] | None = None
    if tables != "no destinations":
        strays = destinations(learner_ids=(_STRANGER, *_LEARNER_IDS), days=_days_around(as_of, years=4))
        seen = draw(st.lists(strays, max_size=2))
        for learner in people or ():
            left = learner.on_roll_to
            if left is not None and left < as_of and institution.kind.is_school:
                seen += _follow_up(draw, learner, left, as_of)

    given: dict[str, dict[str, DeclaredAnswer]] = {}
    for edition in _editions(institution.kind):
        if reply := draw(answers(edition, None if criteria is None else criteria.get(edition, ()))):
            given[edition] = reply

    return Records(
        institution=institution,
        learners=people,
        activities=events,
        participations=rows,
        destinations=seen,
        answers=given,
    )


@st.composite
def scored_cases(
    draw: st.DrawFn,
    kind: InstitutionKind | str | None = None,
    *,
    criteria: Mapping[str, Iterable[CriterionLike]] | None = None,
) -> ScoredCase:
    """Give institutions with a date, an edition that is legal for them, and a treatment of unknowns.

    Args:
        draw: Supplied by Hypothesis.
        kind: What the institutions are; by default anything, schools more often.
        criteria: The criteria by edition key; by default those that come with the library.
    """
    as_of = draw(as_of_dates())
    if kind is None:
        kind = draw(st.sampled_from([InstitutionKind.SECONDARY_SCHOOL] * 3 + [*InstitutionKind]))
    return ScoredCase(
        records=draw(records(kind, as_of=as_of, criteria=criteria)),
        as_of=as_of,
        edition=draw(st.sampled_from(_editions(InstitutionKind(kind)))),
        unknown="include" if draw(st.booleans()) else "exclude",
    )
