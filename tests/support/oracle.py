"""A second, independent reading of the scoring contract.

This is what a competent analyst would write as a script: for every criterion one scan over the
participations, then one loop over the learners of its population. The engine is compared with it
by a differential test, and timed against it. It shares the data types with the library, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers
from gatsbykit.model.destinations import DestinationCategory
from gatsbykit.model.encounters import (
    Activity,
    ActivityKind,
    Participation,
    ParticipationStatus,
    ProviderType,
)
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.model.learners import Learner, SenProvision

if TYPE_CHECKING:
    from gatsbykit.model.records import Records

PRESETS = {"every_pupil": Fraction(1), "almost_all": Fraction(91, 100), "legacy": Fraction(76, 100)}

BAND_LOWER_BOUNDS = {
    Band.NONE: Fraction(0),
    Band.A_FEW: Fraction(1, 100),
    Band.SOME: Fraction(26, 100),
    Band.MAJORITY: Fraction(51, 100),
    Band.OVERWHELMING_MAJORITY: Fraction(76, 100),
    Band.ALL: Fraction(1),
}

SCHOOLS = (
    InstitutionKind.SECONDARY_SCHOOL,
    InstitutionKind.SPECIAL_SCHOOL,
    InstitutionKind.ALTERNATIVE_PROVISION,
)
COLLEGES = (InstitutionKind.COLLEGE, InstitutionKind.SIXTH_FORM_COLLEGE)

STEM_SUBJECTS = frozenset(
    {
        "science",
        "biology",
        "chemistry",
        "physics",
        "mathematics",
        "further_mathematics",
        "statistics",
        "computing",
        "computer_science",
        "engineering",
        "design_and_technology",
        "electronics",
    }
)

Json = dict[str, Any]


# --- time ---------------------------------------------------------------------------------------


def academic_year(day: date) -> int:
    """Return the calendar year in which the academic year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


def fourteen_is_thirteen(year: int) -> int:
    """Read Year 14 as Year 13."""
    return 13 if year == 14 else year


def year_group_at(learner: Learner, day: date, as_of: date) -> int | None:
    """Work out a learner's year group on a day."""
    if learner.year_group is None:
        return None
    reference = as_of
    if learner.on_roll_to is not None and learner.on_roll_to < as_of:
        reference = learner.on_roll_to
    return fourteen_is_thirteen(learner.year_group - (academic_year(reference) - academic_year(day)))


def last_february_day(day: date) -> date:
    """Return the 28 February of the academic year that a day lies in."""
    return date(academic_year(day) + 1, 2, 28)


# --- who counts ---------------------------------------------------------------------------------


def is_on_roll(learner: Learner, as_of: date) -> bool:
    """Whether a learner is on roll, summer leavers included."""
    if learner.on_roll_from is not None and learner.on_roll_from > as_of:
        return False
    if learner.on_roll_to is None or learner.on_roll_to >= as_of:
        return True
    this_year = academic_year(as_of)
    return academic_year(learner.on_roll_to) == this_year and learner.on_roll_to >= date(this_year + 1, 5, 1)


def is_in_cohort(learner: Learner, kind: InstitutionKind) -> bool:
    """Whether the institution means the benchmarks for this learner."""
    if kind in (InstitutionKind.SPECIAL_SCHOOL, InstitutionKind.ALTERNATIVE_PROVISION):
        return learner.in_cohort is not False
    return True


def is_of_age(learner: Learner, as_of: date) -> bool:
    """Whether a college learner is young enough to count."""
    if learner.date_of_birth is None:
        return True
    day = date(academic_year(as_of), 8, 31)
    born = learner.date_of_birth
    age = day.year - born.year
    if (born.month, born.day) > (day.month, day.day):
        age = age - 1
    if learner.sen_provision == SenProvision.EHC_PLAN:
        return age <= 24
    return age <= 18


def is_counted(learner: Learner, kind: InstitutionKind, as_of: date) -> bool:
    """Whether a learner belongs to the populations at all."""
    if not is_on_roll(learner, as_of):
        return False
    if kind in SCHOOLS:
        return is_in_cohort(learner, kind)
    return is_of_age(learner, as_of)


# --- the case at hand ---------------------------------------------------------------------------


class Seat(NamedTuple):
    """One learner in one activity, however many rows said so."""

    learner: Learner
    activity: Activity
    status: ParticipationStatus
    year: int | None


@dataclass(frozen=True)
class Case:
    """Everything that the rules look at."""

    records: Records
    as_of: date
    edition: str
    unknown: str
    counted: list[Learner]
    seats: list[Seat]

    @property
    def is_school(self) -> bool:
        """Whether year groups matter."""
        return self.records.institution.kind in SCHOOLS

    def year(self, learner: Learner) -> int | None:
        """Return the present year group of a counted learner."""
        return year_group_at(learner, self.as_of, self.as_of)


STRENGTH = {ParticipationStatus.ATTENDED: 2, ParticipationStatus.OFFERED: 1, ParticipationStatus.ABSENT: 0}


def rank(row: Participation) -> tuple[int, int]:
    """Order rows: attended beats offered beats absent, then the highest year group override wins."""
    return STRENGTH[row.status], row.year_group or 0


def find_seats(records: Records, as_of: date) -> list[Seat]:
    """Merge the rows about the same learner and activity; drop strangers."""
    learners = {learner.learner_id: learner for learner in records.learners or ()}
    activities = {activity.activity_id: activity for activity in records.activities or ()}
    best: dict[tuple[str, str], Participation] = {}
    for row in records.participations or ():
        if row.learner_id not in learners or row.activity_id not in activities:
            continue
        key = (row.learner_id, row.activity_id)
        if key not in best or rank(row) > rank(best[key]):
            best[key] = row
    seats: list[Seat] = []
    for (learner_id, activity_id), row in best.items():
        learner = learners[learner_id]
        activity = activities[activity_id]
        if row.year_group is not None:
            year: int | None = fourteen_is_thirteen(row.year_group)
        else:
            year = year_group_at(learner, activity.date, as_of)
        seats.append(Seat(learner, activity, row.status, year))
    return seats


# --- what counts --------------------------------------------------------------------------------

OLD_CHECKLISTS = {
    ActivityKind.EMPLOYER_ENCOUNTER: ["insight"],
    ActivityKind.PROVIDER_ENCOUNTER: ["insight"],
}
NEW_CHECKLISTS = {
    ActivityKind.EMPLOYER_ENCOUNTER: ["purpose_shared", "learning_outcomes", "two_way", "reflection"],
    ActivityKind.WORKPLACE_EXPERIENCE: [
        "purpose_shared",
        "learning_outcomes",
        "two_way",
        "range_of_people",
        "task",
        "feedback",
        "reflection",
    ],
    ActivityKind.PROVIDER_ENCOUNTER: [
        "purpose_shared",
        "learning_outcomes",
        "two_way",
        "provider_information",
        "learning_described",
        "reflection",
        "meets_staff",
        "meets_learners",
    ],
}


def is_meaningful(case: Case, activity: Activity, kind: ActivityKind) -> bool | None:
    """Whether an activity is meaningful as one of its kinds; None is unknown."""
    if activity.meaningful is not None:
        return activity.meaningful
    checklists = NEW_CHECKLISTS if case.edition.startswith("2025") else OLD_CHECKLISTS
    if kind not in checklists:
        return True
    answers = [getattr(activity, item) for item in checklists[kind]]
    if any(answer is False for answer in answers):
        return False
    if all(answer is True for answer in answers):
        return True
    return None


def serves(case: Case, activity: Activity, kind: ActivityKind) -> bool:  # noqa: PLR0911
    """Whether an activity counts as one of that kind."""
    if kind not in activity.kinds:
        return False
    meaningful = is_meaningful(case, activity, kind)
    if kind == ActivityKind.WORKPLACE_EXPERIENCE and activity.part_time_job is True:
        return case.edition == "2025-school" and meaningful is True
    if meaningful is False:
        return False
    if kind == ActivityKind.GUIDANCE_MEETING:
        if activity.adviser_level is None:
            return case.unknown == "include"
        return activity.adviser_level >= 6
    if meaningful is None:
        return case.unknown == "include"
    return True


def is_in_time(case: Case, seat: Seat, years: Container[int | None]) -> bool:
    """Whether a place in an activity lies in the time that counts, and in those year groups."""
    if seat.activity.date > case.as_of:
        return False
    if case.is_school:
        return seat.year in years
    start = seat.learner.programme_start
    return start is None or seat.activity.date >= start


def counting(
    case: Case,
    kind: ActivityKind,
    years: Container[int | None] = range(7, 14),
    *,
    offered: bool = False,
    this_year: bool = False,
) -> Iterator[Seat]:
    """Scan the places and give those that count as one of that kind."""
    for seat in case.seats:
        if seat.status != ParticipationStatus.ATTENDED and not (
            offered and seat.status == ParticipationStatus.OFFERED
        ):
            continue
        if this_year and academic_year(seat.activity.date) != academic_year(case.as_of):
            continue
        if is_in_time(case, seat, years) and serves(case, seat.activity, kind):
            yield seat


# --- populations --------------------------------------------------------------------------------

Population = Callable[[Case], list[Learner]]


def in_years(*years: int) -> Population:
    """Give the counted learners of some year groups."""

    def population(case: Case) -> list[Learner]:
        return [learner for learner in case.counted if case.year(learner) in years]

    return population


def everybody(case: Case) -> list[Learner]:
    """Give all counted learners."""
    return case.counted


def programme_ends(case: Case) -> list[Learner]:
    """Give the counted learners whose programme ends in this academic year."""
    return [
        learner
        for learner in case.counted
        if learner.programme_end is not None
        and academic_year(learner.programme_end) == academic_year(case.as_of)
    ]


def former_learners(case: Case) -> list[Learner]:
    """Give the leavers of the last three academic years from Year 11 on."""
    leavers: list[Learner] = []
    for learner in case.records.learners or ():
        left = learner.on_roll_to
        if left is None or not 1 <= academic_year(case.as_of) - academic_year(left) <= 3:
            continue
        year = year_group_at(learner, left, case.as_of)
        if year is not None and year >= 11 and is_in_cohort(learner, case.records.institution.kind):
            leavers.append(learner)
    return leavers


# --- requirements: each gives the ids of all who meet it -----------------------------------------

Requirement = Callable[[Case], set[str]]


def information_in_ks3(case: Case) -> set[str]:
    """2a of 2014."""
    seats = counting(case, ActivityKind.LABOUR_MARKET_INFORMATION, range(7, 10))
    return {seat.learner.learner_id for seat in seats}


def information_in_own_key_stage(case: Case) -> set[str]:
    """2a of 2025-school."""
    stages = [(7, 8, 9), (10, 11), (12, 13)]
    met: set[str] = set()
    for seat in counting(case, ActivityKind.LABOUR_MARKET_INFORMATION):
        now = case.year(seat.learner)
        if any(now in stage and seat.year in stage for stage in stages):
            met.add(seat.learner.learner_id)
    return met


def information(case: Case) -> set[str]:
    """2a of colleges."""
    return {seat.learner.learner_id for seat in counting(case, ActivityKind.LABOUR_MARKET_INFORMATION)}


def destinations_known(case: Case) -> set[str]:
    """3d of 2014."""
    this_year = academic_year(case.as_of)
    sightings: dict[str, list[date]] = defaultdict(list)
    for destination in case.records.destinations or ():
        if destination.category != DestinationCategory.UNKNOWN and destination.date <= case.as_of:
            sightings[destination.learner_id].append(destination.date)
    met: set[str] = set()
    for learner in case.records.learners or ():
        left = learner.on_roll_to
        if left is None:
            continue
        dates = [day for day in sightings[learner.learner_id] if day > left]
        years = {academic_year(day) for day in dates}
        if dates and all(year in years for year in range(academic_year(left) + 1, this_year)):
            met.add(learner.learner_id)
    return met


def stem_link(case: Case) -> set[str]:
    """4a of 2014."""
    met: set[str] = set()
    for seat in counting(case, ActivityKind.CURRICULUM_LINK, range(7, 10), offered=True):
        if seat.activity.subjects & STEM_SUBJECTS:
            met.add(seat.learner.learner_id)
    return met


def links_in_all_subjects(case: Case) -> set[str]:
    """4a of 2025 (this year) and of colleges (since the start of the programme)."""
    covered: dict[str, set[str]] = defaultdict(set)
    for seat in counting(case, ActivityKind.CURRICULUM_LINK, offered=True, this_year=case.is_school):
        covered[seat.learner.learner_id].update(seat.activity.subjects)
    return {learner.learner_id for learner in case.counted if learner.subjects <= covered[learner.learner_id]}


def one_employer(case: Case) -> set[str]:
    """5a of schools."""
    return {
        seat.learner.learner_id for seat in counting(case, ActivityKind.EMPLOYER_ENCOUNTER, this_year=True)
    }


def two_employers(case: Case) -> set[str]:
    """5a of colleges."""
    encounters: dict[str, int] = defaultdict(int)
    linked: set[str] = set()
    for seat in counting(case, ActivityKind.EMPLOYER_ENCOUNTER, this_year=True):
        encounters[seat.learner.learner_id] += 1
        if ActivityKind.CURRICULUM_LINK in seat.activity.kinds:
            linked.add(seat.learner.learner_id)
    return {learner_id for learner_id, number in encounters.items() if number >= 2 and learner_id in linked}


def workplaces(number: int, *years: int) -> Requirement:
    """6a and 6b: so many workplace experiences in those year groups."""

    def requirement(case: Case) -> set[str]:
        experiences: dict[str, int] = defaultdict(int)
        for seat in counting(case, ActivityKind.WORKPLACE_EXPERIENCE, years):
            experiences[seat.learner.learner_id] += 1
        return {learner_id for learner_id, found in experiences.items() if found >= number}

    return requirement


def types_met(case: Case, years: Container[int | None]) -> dict[str, set[ProviderType]]:
    """Collect the types of provider that each learner met."""
    types: dict[str, set[ProviderType]] = defaultdict(set)
    for seat in counting(case, ActivityKind.PROVIDER_ENCOUNTER, years):
        types[seat.learner.learner_id].update(seat.activity.provider_types)
    return types


def each_provider_type(*wanted: ProviderType) -> Requirement:
    """7a of schools."""

    def requirement(case: Case) -> set[str]:
        types = types_met(case, range(7, 12))
        return {learner_id for learner_id, found in types.items() if found.issuperset(wanted)}

    return requirement


def two_provider_types(case: Case) -> set[str]:
    """7a of colleges."""
    return {learner_id for learner_id, found in types_met(case, ()).items() if len(found) >= 2}


def two_university_visits(case: Case) -> set[str]:
    """7b."""
    visits: dict[str, int] = defaultdict(int)
    for seat in counting(case, ActivityKind.PROVIDER_ENCOUNTER):
        if ProviderType.UNIVERSITY in seat.activity.provider_types and seat.activity.site_visit is True:
            visits[seat.learner.learner_id] += 1
    return {learner_id for learner_id, number in visits.items() if number >= 2}


def guidance(*years: int, offered: bool = False) -> Requirement:
    """8a and 8b."""

    def requirement(case: Case) -> set[str]:
        seats = counting(case, ActivityKind.GUIDANCE_MEETING, years, offered=offered)
        return {seat.learner.learner_id for seat in seats}

    return requirement


# --- the editions -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """A criterion that the institution answers."""

    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """A criterion about a share of learners."""

    population: Population
    requirement: Requirement
    on_track: tuple[int, ...] | None = None
    only: str = ""  # "considering_he" or "subjects": who of the population is asked about


Criteria = dict[str, Declared | Share]

DUE_9 = in_years(9)
DUE_11 = in_years(11)
DUE_13 = in_years(13)
YEARS_7_TO_11 = (7, 8, 9, 10, 11)
PT = ProviderType


def edition_2014_school() -> Criteria:
    """Give the criteria of 2014 for schools."""
    stakeholders = ("pupils", "parents", "teachers", "employers")
    return {
        "1a": Declared(("senior_leadership", "trained_leader")),
        "1b": Declared(stakeholders),
        "1c": Declared(stakeholders),
        "2a": Share(DUE_9, information_in_ks3, (7, 8)),
        "2b": Declared(),
        "3a": Declared(("stereotypes", "aspirations")),
        "3b": Declared(),
        "3c": Declared(),
        "3d": Share(former_learners, destinations_known),
        "4a": Share(DUE_9, stem_link, (7, 8)),
        "5a": Share(in_years(7, 8, 9, 10, 11, 12, 13), one_employer),
        "6a": Share(DUE_11, workplaces(1, *YEARS_7_TO_11), (7, 8, 9, 10)),
        "6b": Share(DUE_13, workplaces(1, 12, 13), (12,)),
        "7a": Share(
            DUE_11,
            each_provider_type(PT.SIXTH_FORM, PT.COLLEGE, PT.UNIVERSITY, PT.APPRENTICESHIP_PROVIDER),
            (7, 8, 9, 10),
        ),
        "7b": Share(DUE_13, two_university_visits, (12,), only="considering_he"),
        "8a": Share(DUE_11, guidance(*YEARS_7_TO_11), (7, 8, 9, 10)),
        "8b": Share(DUE_13, guidance(12, 13, offered=True), (12,)),
    }


def declared_2025() -> Criteria:
    """Give the declared criteria that the editions of 2025 have in common."""
    return {
        "1a": Declared(("governors", "headteacher", "senior_leadership")),
        "1b": Declared(),
        "1c": Declared(("tailored", "sequenced", "learning_outcomes", "development_plan")),
        "1d": Declared(),
        "1e": Declared(("pupils", "parents", "staff", "employers")),
        "1f": Declared(("pupils", "parents", "staff", "careers_advisers", "employers")),
        "2b": Declared(),
        "3a": Declared(("stereotypes", "role_models", "aspirations")),
        "3b": Declared(),
        "3c": Declared(),
        "3d": Declared(("destinations", "alumni")),
        "4b": Declared(),
        "5b": Declared(),
    }


def edition_2025_school() -> Criteria:
    """Give the criteria of 2025 for schools."""
    years = in_years(7, 8, 9, 10, 11, 12, 13)
    return {
        **declared_2025(),
        "2a": Share(in_years(9, 11, 13), information_in_own_key_stage, (7, 8, 10, 12)),
        "4a": Share(years, links_in_all_subjects, only="subjects"),
        "5a": Share(years, one_employer),
        "6a": Share(DUE_11, workplaces(2, *YEARS_7_TO_11), (7, 8, 9, 10)),
        "6b": Share(DUE_13, workplaces(1, 12, 13), (12,)),
        "7a": Share(
            DUE_11,
            each_provider_type(PT.SIXTH_FORM, PT.COLLEGE, PT.UNIVERSITY, PT.ITP),
            (7, 8, 9, 10),
        ),
        "7b": Share(DUE_13, two_university_visits, (12,), only="considering_he"),
        "8a": Share(DUE_11, guidance(*YEARS_7_TO_11), (7, 8, 9, 10)),
        "8b": Share(DUE_13, guidance(12, 13), (12,)),
        "8c": Declared(),
    }


def shares_of_colleges() -> Criteria:
    """Give the share criteria that colleges and training providers have in common."""
    return {
        "2a": Share(programme_ends, information),
        "4a": Share(programme_ends, links_in_all_subjects, only="subjects"),
        "5a": Share(everybody, two_employers),
        "6a": Share(programme_ends, workplaces(1)),
        "7a": Share(programme_ends, two_provider_types),
        "8a": Share(programme_ends, guidance()),
    }


def edition_2018_college() -> Criteria:
    """Give the criteria of 2018 for colleges."""
    stakeholders = ("learners", "parents", "staff", "employers")
    return {
        **shares_of_colleges(),
        "1a": Declared(("senior_leadership", "trained_leader")),
        "1b": Declared(stakeholders),
        "1c": Declared(stakeholders),
        "2b": Declared(),
        "3a": Declared(("stereotypes", "aspirations")),
        "3b": Declared(),
        "3c": Declared(),
        "5b": Declared(),
        "8b": Declared(),
    }


def edition_2025_college() -> Criteria:
    """Give the criteria of 2025 for colleges and for training providers."""
    return {**shares_of_colleges(), **declared_2025(), "8b": Declared()}


EDITIONS: dict[str, Criteria] = {
    "2014-school": edition_2014_school(),
    "2018-college": edition_2018_college(),
    "2025-school": edition_2025_school(),
    "2025-college": edition_2025_college(),
    "2025-itp": edition_2025_college(),
}


def choose_edition(kind: InstitutionKind, as_of: date, edition: str | None) -> str:
    """Check the edition asked for, or find the right one."""
    if kind in SCHOOLS:
        allowed = ["2014-school", "2025-school"]
    elif kind in COLLEGES:
        allowed = ["2018-college", "2025-college"]
    else:
        allowed = ["2025-itp"]
    if edition is not None:
        if edition not in allowed:
            raise ValueError(f"edition {edition} is not for a {kind}")
        return edition
    if as_of >= date(2025, 9, 1):
        return allowed[-1]
    if kind == InstitutionKind.TRAINING_PROVIDER:
        raise ValueError("there is no edition for training providers at that date")
    return allowed[0]


# --- from criteria to a score -------------------------------------------------------------------


def at_every_preset(status: str) -> dict[str, str]:
    """Give the same status at all presets."""
    return dict.fromkeys(PRESETS, status)


def spell(answer: DeclaredAnswer | None) -> str | Json | None:
    """Spell a claimed band or share as in the exchange format."""
    if isinstance(answer, DeclaredShare):
        return {"share": answer.text}
    if isinstance(answer, Band):
        return answer.value
    return None


def declared_status(answer: DeclaredAnswer | None, parts: tuple[str, ...]) -> str:
    """Give the status of a declared criterion."""
    if parts:
        given: Mapping[str, Answer] = answer.parts if isinstance(answer, PartAnswers) else {}
        answers = [given.get(part) for part in parts]
    else:
        answers = [answer if isinstance(answer, Answer) else None]
    if all(one == Answer.YES for one in answers):
        return "met"
    if any(one in (Answer.NO, Answer.IN_PROGRESS) for one in answers):
        return "not_met"
    return "not_assessed"


def declared_criterion(criterion_id: str, criterion: Declared, answer: DeclaredAnswer | None) -> Json:
    """Score a declared criterion."""
    answered = bool(answer.parts) if isinstance(answer, PartAnswers) else answer is not None
    return {
        "id": criterion_id,
        "type": "declared",
        "basis": "declared" if answered else None,
        "origin": "answers" if answered else None,
        "status": at_every_preset(declared_status(answer, criterion.parts)),
        "numerator": None,
        "denominator": None,
        "missing": None,
        "deadline": None,
        "on_track": None,
        "claim": None,
    }


def asked_about(learner: Learner, only: str) -> bool:
    """Whether a learner of the population is in the denominator."""
    if only == "considering_he":
        return learner.considering_he is True
    if only == "subjects":
        return len(learner.subjects) > 0
    return True


def is_blank(learner: Learner, only: str) -> bool:
    """Whether it is unknown if a learner of the population is in the denominator."""
    if only == "considering_he":
        return learner.considering_he is None
    if only == "subjects":
        return len(learner.subjects) == 0
    return False


def share_criterion(case: Case, criterion_id: str, criterion: Share, answer: DeclaredAnswer | None) -> Json:
    """Score a share criterion."""
    result: Json = {
        "id": criterion_id,
        "type": "share",
        "basis": None,
        "status": at_every_preset("not_assessed"),
        "numerator": None,
        "denominator": None,
        "missing": None,
        "deadline": date(academic_year(case.as_of) + 1, 8, 31).isoformat(),
        "on_track": None,
        "claim": None,
        "origin": None,
    }
    if criterion_id == "3d":
        has_evidence = case.records.learners is not None and case.records.destinations is not None
    else:
        has_evidence = case.records.participations is not None

    if not has_evidence:
        if isinstance(answer, DeclaredShare):
            share = Fraction(answer.text)
        elif isinstance(answer, Band):
            share = BAND_LOWER_BOUNDS[answer]
        else:
            return result
        result["basis"], result["origin"] = "declared", "answers"
        result["status"] = {name: "met" if share >= preset else "not_met" for name, preset in PRESETS.items()}
        return result

    met = criterion.requirement(case)
    cohort = criterion.population(case)
    asked = [learner for learner in cohort if asked_about(learner, criterion.only)]
    missing = sorted(learner.learner_id for learner in asked if learner.learner_id not in met)
    numerator = len(asked) - len(missing)
    if asked:
        status = {
            name: "met" if numerator >= preset * len(asked) else "not_met" for name, preset in PRESETS.items()
        }
    elif cohort and all(is_blank(learner, criterion.only) for learner in cohort):
        status = at_every_preset("not_assessed")
    else:
        status = at_every_preset("not_applicable")

    if criterion.on_track is not None:
        result["on_track"] = {}
        for year in criterion.on_track:
            younger = [one for one in in_years(year)(case) if asked_about(one, criterion.only)]
            result["on_track"][str(year)] = {
                "numerator": sum(one.learner_id in met for one in younger),
                "denominator": len(younger),
            }
    result["basis"] = "evidence"
    result["status"] = status
    result["numerator"] = numerator
    result["denominator"] = len(asked)
    result["missing"] = missing
    result["claim"] = spell(answer)
    return result


def benchmark_status(statuses: list[str]) -> str:
    """Give the status of a benchmark from those of its criteria."""
    applicable = [status for status in statuses if status != "not_applicable"]
    if not applicable:
        return "not_applicable"
    if all(status == "met" for status in applicable):
        return "achieved"
    if any(status == "met" for status in applicable):
        return "partially_achieved"
    if all(status == "not_met" for status in applicable):
        return "not_achieved"
    return "not_assessed"


def benchmark_percent(statuses: list[str]) -> int | None:
    """Give the percentage of the applicable criteria that are met."""
    applicable = [status for status in statuses if status != "not_applicable"]
    if not applicable:
        return None
    return 100 * applicable.count("met") // len(applicable)


# --- provider access and work experience --------------------------------------------------------


def is_occasion(activity: Activity) -> bool:
    """Whether an activity is an occasion under the provider access law."""
    return (
        ActivityKind.PROVIDER_ENCOUNTER in activity.kinds
        and len(providers_of(activity)) > 0
        and activity.school_day is True
        and activity.covers_provider is True
        and activity.covers_careers is True
        and activity.covers_learning is True
        and activity.covers_questions is True
    )


def is_in_window(case: Case, seat: Seat, younger: int, older: int) -> bool:
    """Whether a place lies in a phase: any day of the younger year, the older one to 28 February."""
    day = seat.activity.date
    if day > case.as_of:
        return False
    return seat.year == younger or (seat.year == older and day <= last_february_day(day))


def providers_of(activity: Activity) -> frozenset[str]:
    """Give the providers of an encounter as a person would count them: one name is one, however typed."""
    names: set[str] = set()
    for name in activity.providers:
        plain = unicodedata.normalize("NFKD", name).casefold()
        plain = re.sub("[\u2018\u2019\u201b\u02bc\u2032`\u00b4]", "'", plain)
        words = re.sub("[\u2010-\u2015\u2212]", "-", plain).split()
        if re.search(r"\w", " ".join(words)) and words not in (["n/a"], ["none"], ["unknown"]):
            names.add(" ".join(words))
    return frozenset(names)


def phase_of_learners(case: Case, younger: int, older: int) -> Json:
    """Score the first or second phase of provider access."""
    provider_sets: dict[str, set[frozenset[str]]] = defaultdict(set)
    for seat in case.seats:
        if (
            seat.status == ParticipationStatus.ATTENDED
            and is_occasion(seat.activity)
            and is_in_window(case, seat, younger, older)
        ):
            provider_sets[seat.learner.learner_id].add(providers_of(seat.activity))
    cohort = in_years(older)(case)
    missing = sorted(learner.learner_id for learner in cohort if len(provider_sets[learner.learner_id]) < 2)
    if not cohort:
        status = "not_applicable"
    elif not missing:
        status = "met"
    elif case.as_of <= last_february_day(case.as_of):
        status = "open"
    else:
        status = "not_met"
    return {
        "status": status,
        "numerator": len(cohort) - len(missing),
        "denominator": len(cohort),
        "missing": missing,
    }


def phase_of_institution(case: Case) -> Json:
    """Score the third phase of provider access."""
    cohort = {learner.learner_id for learner in DUE_13(case)}
    held: set[str] = set()
    for seat in case.seats:
        if (
            seat.learner.learner_id in cohort
            and is_occasion(seat.activity)
            and is_in_window(case, seat, 12, 13)
        ):
            held.add(seat.activity.activity_id)
    if not cohort:
        status = "not_applicable"
    elif len(held) >= 2:
        status = "met"
    elif case.as_of <= last_february_day(case.as_of):
        status = "open"
    else:
        status = "not_met"
    return {"status": status, "numerator": len(held), "denominator": 2, "missing": []}


def provider_access(case: Case) -> Json | None:
    """Score provider access."""
    if not case.is_school or case.records.participations is None or case.as_of < date(2023, 1, 1):
        return None
    return {
        "first": phase_of_learners(case, 8, 9),
        "second": phase_of_learners(case, 10, 11),
        "third": phase_of_institution(case),
    }


def hours(case: Case, due: int, years: Container[int | None]) -> Json:
    """Find out who had 25 hours of workplace experience."""
    minutes: dict[str, Fraction] = defaultdict(Fraction)
    for seat in case.seats:
        if (
            seat.status == ParticipationStatus.ATTENDED
            and ActivityKind.WORKPLACE_EXPERIENCE in seat.activity.kinds
            and seat.activity.part_time_job is not True
            and seat.activity.duration is not None
            and is_in_time(case, seat, years)
        ):
            minutes[seat.learner.learner_id] += seat.activity.duration
    cohort = in_years(due)(case)
    missing = sorted(learner.learner_id for learner in cohort if minutes[learner.learner_id] < 25 * 60)
    return {"numerator": len(cohort) - len(missing), "denominator": len(cohort), "missing": missing}


def work_experience(case: Case) -> Json | None:
    """Score the work experience guarantee."""
    if not case.is_school or case.records.participations is None:
        return None
    return {"by_year_9": hours(case, 9, range(7, 10)), "by_year_11": hours(case, 11, range(10, 12))}


# --- the scorecard ------------------------------------------------------------------------------


def score(records: Records, *, as_of: date, edition: str | None = None, unknown: str = "exclude") -> Json:
    """Score the records of an institution.

    Args:
        records: The records.
        as_of: The date of the assessment.
        edition: The edition key; by default that of the kind of institution and the date.
        unknown: What an unknown *meaningful* does, ``exclude`` or ``include``.

    Returns:
        The scorecard as in the exchange format, without free texts and warnings.

    Raises:
        ValueError: The edition is not for that kind of institution.
    """
    if unknown not in ("exclude", "include"):
        raise ValueError(f"unknown is exclude or include, not {unknown}")
    institution = records.institution
    edition = choose_edition(institution.kind, as_of, edition)
    case = Case(
        records=records,
        as_of=as_of,
        edition=edition,
        unknown=unknown,
        counted=[one for one in records.learners or () if is_counted(one, institution.kind, as_of)],
        seats=find_seats(records, as_of),
    )
    answers = records.answers.get(edition, {})

    results: list[Json] = []
    for criterion_id, criterion in sorted(EDITIONS[edition].items()):
        answer = answers.get(criterion_id)
        if isinstance(criterion, Declared):
            results.append(declared_criterion(criterion_id, criterion, answer))
        else:
            results.append(share_criterion(case, criterion_id, criterion, answer))

    benchmarks: list[Json] = []
    for number in range(1, 9):
        criteria = [result for result in results if result["id"].startswith(str(number))]
        statuses = {name: [result["status"][name] for result in criteria] for name in PRESETS}
        benchmarks.append(
            {
                "number": number,
                "status": {name: benchmark_status(statuses[name]) for name in PRESETS},
                "percent": {name: benchmark_percent(statuses[name]) for name in PRESETS},
                "criteria": criteria,
            }
        )

    first_year = academic_year(as_of)
    return {
        "format": "gatsbykit-scorecard/1",
        "institution": {"id": institution.id, "name": institution.name, "kind": institution.kind.value},
        "edition": edition,
        "as_of": as_of.isoformat(),
        "academic_year": f"{first_year}/{(first_year + 1) % 100:02}",
        "achieved": {
            name: sum(benchmark["status"][name] == "achieved" for benchmark in benchmarks) for name in PRESETS
        },
        "applicable": sum(benchmark["status"]["every_pupil"] != "not_applicable" for benchmark in benchmarks),
        "benchmarks": benchmarks,
        "provider_access": provider_access(case),
        "work_experience": work_experience(case),
    }
