"""Make `northfield`, a made-up 11-18 school with believable problems, in the exchange folder format.

Run it again to get the same bytes: ``python examples/make_northfield.py [--out FOLDER]``. The
problems are planned by the constants below; README.md says what they lead to.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from _making import (
    ACCESS_ITEMS,
    EMPLOYER,
    EMPLOYER_ITEMS,
    GUIDANCE,
    LINK,
    LMI,
    NCCIS_CODES,
    PROVIDER,
    PROVIDER_ITEMS,
    THIS_YEAR,
    WORKPLACE,
    WORKPLACE_ITEMS,
    Activity,
    Book,
    Cells,
    Learner,
    Participation,
    academic_year,
    all_yes,
    draw,
    employer_cells,
    in_years,
    least_present,
    number_learners,
    on,
    respell,
    some_day,
    split,
    uln,
    upn,
    write_json,
    write_table,
)

SEED: Final = 2026_07_10

# The school: how many learners the current year groups have, and how many left before.
YEAR_SIZES: Final = {7: 166, 8: 164, 9: 167, 10: 163, 11: 158, 12: 115, 13: 104, 14: 3}
LEAVERS_A_YEAR: Final = {11: 46, 12: 7, 13: 92, 9: 6}
LEAVING_YEARS: Final = (2021, 2022, 2023, 2024)
LEFT_DURING_THE_YEAR: Final = 12
ARRIVING_NEXT_YEAR: Final = 3

# The planned shortfalls: how many learners miss what the benchmark asks for.
NO_EMPLOYER_THIS_YEAR: Final = 50  # 5a: below every pupil, above 91 %
TWO_WORKPLACES_MISSING: Final = {"no visit": 6, "no placement": 8, "feedback blank": 9, "no task": 4}  # 6a
NO_SIXTH_FORM_WORKPLACE: Final = 8  # 6b
NO_SIXTH_FORM_TASTER: Final = 4  # 7a ...
NO_UNIVERSITY: Final = 8  # ... 12 in all
ONE_UNIVERSITY_VISIT: Final = 12  # 7b: above 76 % only
SECOND_PHASE_LATE: Final = 8  # provider access: caught up on 12 March, after the window
SECOND_PHASE_SAME_SET: Final = 6  # provider access: met the same providers twice
UNKNOWN_DESTINATIONS: Final = 44  # 3d of 2014-school
CANCELLED_FACULTY_WEEK: Final = (8, "arts")  # 4a: nobody in Year 8 has a link in the arts; and nobody at
# all has one in psychology or media studies, which no faculty claims

LOCKDOWN: Final = (date(2020, 3, 20), date(2021, 3, 8))
"""Nothing between these days but what could be done from a screen."""

FULL_RECORDS_FROM: Final = 2024
"""From 2024/25 on the checklists of 2025 are filled in; before, only ``insight``."""

FACULTIES: Final = {
    "science and technology": (
        "science;biology;chemistry;physics;mathematics;further_mathematics;computing;"
        "computer_science;Design and  Technology;food_technology"
    ),
    "languages": "english;english_literature;french;spanish;german",
    "humanities": "geography;history;religious_education;business;economics;sociology;philosophy",
    "arts": "art;drama;music;physical_education;photography",
}
LOWER_SCHOOL: Final = (
    "english", "mathematics", "science", "computing", "design_and_technology", "art", "drama", "music",
    "geography", "history", "religious_education", "physical_education",
)  # fmt: skip
GCSE_CORE: Final = ("english", "mathematics", "science", "physical_education")
GCSE_OPTIONS: Final = (
    ("geography", "history"),
    ("french", "spanish", "german", "computer_science"),
    ("art", "drama", "music", "business", "food_technology"),
    ("design_and_technology", "religious_education", "photography", "geography"),
)
A_LEVELS: Final = (
    "biology", "chemistry", "physics", "mathematics", "further_mathematics", "computer_science",
    "english_literature", "french", "spanish", "geography", "history", "business", "economics", "sociology",
    "philosophy", "psychology", "media_studies", "art", "drama", "music", "photography",
)  # fmt: skip

WESTMERE: Final = "Westmere College"
NORTHMOOR: Final = "Northmoor Training"
BRIGHTWELL: Final = "Brightwell Apprenticeships"
OWN_SIXTH_FORM: Final = "Northfield Sixth Form"
HARCASTLE: Final = "Harcastle Sixth Form College"
UTC: Final = "Aldergate UTC"
UNIVERSITY: Final = "University of Eastshire"
SECOND_UNIVERSITY: Final = "Bexcombe Metropolitan University"

OCCASION: Final = {**all_yes(ACCESS_ITEMS), "school_day": "yes"}


@dataclass(frozen=True)
class Event:
    """Something the school puts on for a year group in every academic year.

    Args:
        year_group: For whom.
        when: Month and day.
        kinds: The cell ``kinds``.
        title: The cell ``title``.
        checklist: The items that make it meaningful under the 2025 edition.
        tags: What it counts for, once it is recorded in full.
        since: The first academic year.
        groups: In how many groups, each an activity of its own on a day of its own.
        on_site: It takes place elsewhere, so that nothing could replace it during the lockdowns.
        cells: Further cells.
    """

    year_group: int
    when: tuple[int, int]
    kinds: str
    title: str
    checklist: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: int = 2019
    groups: int = 1
    on_site: bool = False
    cells: Cells = field(default_factory=dict)


CAMPUS: Final = {"provider_types": "university", "site_visit": "yes", "duration": "6 h"}
FAIR: Final = {"providers": f"{UNIVERSITY};{WESTMERE}", "provider_types": "college;university",
               "meets_staff": "yes", "meets_learners": "no"}  # fmt: skip
MEET_TRAINERS: Final = {
    **OCCASION, "provider_types": "itp;apprenticeship_provider", "providers": f"{NORTHMOOR};{BRIGHTWELL}",
}  # fmt: skip

EVENTS: Final = (
    Event(7, (2, 4), LMI, "Jobs round here: lesson", (), ("lmi KS3",)),
    Event(7, (11, 12), EMPLOYER, "People like us: aspirations assembly", EMPLOYER_ITEMS, ("employer",)),
    Event(7, (6, 10), LINK, "STEM day", cells={"subjects": "science;mathematics"}),
    Event(8, (1, 20), LMI, "Where the jobs will be: lesson", (), ("lmi KS3",)),
    Event(8, (10, 8), f"{EMPLOYER};{LINK}", "Industry in the classroom: engineering, coding and you",
          EMPLOYER_ITEMS, ("employer",), cells={"subjects": "Science;design_and_technology"}),
    Event(8, (5, 14), PROVIDER, "Meet your local college", PROVIDER_ITEMS, ("first",), since=2021,
          cells={**OCCASION, "provider_types": "college", "providers": WESTMERE}),
    Event(8, (7, 2), WORKPLACE, "Behind the scenes at an employer", WORKPLACE_ITEMS, ("workplace",),
          since=2024, groups=5, on_site=True, cells={"duration": "4 half_days"}),
    Event(9, (2, 9), LMI, "Choosing your options: what the data say", (), ("lmi KS3",)),
    Event(9, (11, 19), PROVIDER, "Apprenticeships and training: assembly", PROVIDER_ITEMS, ("first",),
          cells=MEET_TRAINERS),
    Event(9, (3, 11), f"{EMPLOYER};{PROVIDER}", "Careers fair\n(sports hall, periods 3-5)",
          EMPLOYER_ITEMS, ("employer",), cells=FAIR),
    Event(9, (6, 22), WORKPLACE, "A day at work: visit", WORKPLACE_ITEMS, ("workplace", "visit"),
          groups=6, on_site=True, cells={"duration": "1 school_day"}),
    Event(10, (10, 15), LMI, "Reading the labour market: lesson", (), ("lmi KS4",)),
    Event(10, (3, 5), PROVIDER, "College and training taster", PROVIDER_ITEMS, ("second", "college", "itp"),
          since=2021,
          cells={**OCCASION, "provider_types": "college;itp", "providers": f"{WESTMERE};{NORTHMOOR}"}),
    Event(10, (3, 12), f"{EMPLOYER};{PROVIDER}", "Careers fair\n(sports hall, periods 1-3)",
          EMPLOYER_ITEMS, ("employer",), cells=FAIR),
    Event(10, (5, 6), PROVIDER, "A day on campus", PROVIDER_ITEMS, ("university", "he visit"),
          since=2021, groups=3, on_site=True, cells={**CAMPUS, "providers": UNIVERSITY}),
    Event(11, (11, 3), LMI, "Post-16 routes and what they pay: lesson", (), ("lmi KS4",)),
    Event(11, (10, 1), PROVIDER, "Sixth form taster day", PROVIDER_ITEMS, ("sixth_form",),
          cells={"provider_types": "sixth_form", "providers": f"{OWN_SIXTH_FORM};{HARCASTLE}"}),
    Event(11, (11, 20), PROVIDER, "Apprenticeships after Year 11", PROVIDER_ITEMS,
          ("second", "second in time", "itp"), cells=MEET_TRAINERS),
    Event(11, (1, 14), EMPLOYER, "Mock interviews", EMPLOYER_ITEMS, ("employer",), groups=8,
          cells={"duration": "20 min"}),
    Event(12, (9, 24), LMI, "After the sixth form: labour market session", (), ("lmi KS5",)),
    Event(12, (10, 21), EMPLOYER, "Employer panel", EMPLOYER_ITEMS, ("employer",), since=2020),
    Event(12, (3, 4), PROVIDER, "Degree apprenticeships: the providers", PROVIDER_ITEMS, since=2021,
          cells={**MEET_TRAINERS, "providers": f"{BRIGHTWELL};{UTC}"}),
    Event(12, (6, 17), PROVIDER, "University open day", PROVIDER_ITEMS, ("he visit",),
          on_site=True, cells={**CAMPUS, "providers": UNIVERSITY}),
    Event(13, (9, 30), LMI, "Graduate and non-graduate pay: lesson", (), ("lmi KS5",)),
    Event(13, (10, 14), PROVIDER, "Second university visit", PROVIDER_ITEMS, ("he visit", "second he visit"),
          on_site=True, cells={**CAMPUS, "providers": SECOND_UNIVERSITY}),
    Event(13, (11, 18), PROVIDER, "Training and apprenticeships at 18", PROVIDER_ITEMS, cells=MEET_TRAINERS),
    Event(13, (1, 21), EMPLOYER, "Mock interviews for the sixth form", EMPLOYER_ITEMS, ("employer",),
          groups=5, cells={"duration": "30 min"}),
)  # fmt: skip
"""The careers programme, as it stands in 2025/26."""

LEARNER_COLUMNS: Final = (
    "upn", "learner_id", "year_group", "tutor_group", "sex", "date_of_birth", "on_roll_from", "on_roll_to",
    "disadvantaged", "sen_provision", "looked_after", "eal", "considering_he", "subjects", "uln",
)  # fmt: skip
ACTIVITY_COLUMNS: Final = (
    "activity_id", "title", "date", "kinds", "mode", "duration", "employer", "employer_size",
    "employer_sector", "subjects", "providers", "provider_types", "adviser_level", "school_day",
    "site_visit", "part_time_job", "insight", *WORKPLACE_ITEMS, "meets_staff", "meets_learners",
    "provider_information", "learning_described", *ACCESS_ITEMS, "meaningful", "booked_by",
)  # fmt: skip
PARTICIPATION_COLUMNS: Final = ("learner_id", "activity_id", "year_group", "status")
DESTINATION_COLUMNS: Final = ("learner_id", "nccis_code", "category", "level", "provider", "date", "end_date")

AFTER_SIXTH_FORM: Final = {
    "higher_education": 55, "employment": 22, "apprenticeship": 12, "further_education": 5, "neet": 4,
}  # fmt: skip
AFTER_YEAR_11: Final = {
    "further_education": 50, "sixth_form_college": 22, "apprenticeship": 10, "school_sixth_form": 6,
    "employment": 5, "training": 4, "neet": 3,
}  # fmt: skip

ANSWERS: Final = {
    "2025-school": {
        "1a": {"governors": "yes", "headteacher": "yes", "senior_leadership": "yes"},
        "1b": "yes",
        "1c": {"tailored": "yes", "sequenced": "yes", "learning_outcomes": "yes", "development_plan": "yes"},
        "1d": "yes",
        "1e": {"pupils": "yes", "parents": "yes", "staff": "yes"},
        "1f": {
            "pupils": "yes", "parents": "yes", "staff": "yes", "careers_advisers": "in_progress",
            "employers": "yes",
        },
        "2a": "all",
        "2b": "yes",
        "3a": {"stereotypes": "yes", "role_models": "yes", "aspirations": "yes"},
        "3b": "yes",
        "3c": "yes",
        "3d": {"destinations": "yes", "alumni": "yes"},
        "4b": "in_progress",
        "5a": {"share": "0.97"},
        "5b": "yes",
        "6a": "overwhelming_majority",
        "7a": "all",
        "8c": "yes",
    },
    "2014-school": {
        "1a": {"senior_leadership": "yes", "trained_leader": "yes"},
        "1b": {"pupils": "yes", "parents": "yes", "teachers": "yes", "employers": "no"},
        "2b": "yes",
        "3a": {"stereotypes": "yes", "aspirations": "yes"},
        "3b": "yes",
        "3c": None,
        "3d": "all",
        "5a": "overwhelming_majority",
    },
}  # fmt: skip
"""What the school says of itself; 5a, 7a and (2014) 3d are claims that the records contradict."""


# Learners


def personal_cells(rng: random.Random, year_group: int, at: int, *, older: bool = False) -> Cells:
    """Draw the cells that do not depend on the programme.

    Args:
        rng: The source of chance.
        year_group: The year group in the academic year `at`.
        at: That academic year.
        older: A learner who repeated a year is a year older.
    """
    born = at - year_group - 5 - older
    birthday = date(born, 9, 1) + timedelta(days=rng.randrange(365))
    yes_or_no = {True: "yes", False: "no"}
    return {
        "date_of_birth": birthday.isoformat(),
        "sex": draw(rng, {"F": 49, "M": 50, "": 1}),
        "disadvantaged": yes_or_no[rng.random() < 0.27],
        "sen_provision": draw(rng, {"N": 82, "K": 13, "E": 4, "": 1}),
        "looked_after": yes_or_no[rng.random() < 0.01],
        "eal": yes_or_no[rng.random() < 0.15] if rng.random() < 0.97 else "",
        "uln": uln(rng) if year_group >= 12 and rng.random() < 0.8 else "",
    }


def give_upns(rng: random.Random, learners: list[Learner]) -> None:
    """Give learners their UPNs, of an authority and an establishment that do not exist."""
    serial = Counter[int]()
    for learner in learners:
        year = int(learner.cells["date_of_birth"][:4]) + 5
        serial[year] += 1
        number = f"9994001{year % 100:02}{serial[year]:03}"
        if rng.random() < 0.02:
            number = number[:-1] + rng.choice("ABCDEFGH")  # a temporary number
        learner.cells["upn"] = upn(number) if rng.random() < 0.97 else ""


def subjects_of(rng: random.Random, year_group: int) -> list[str]:
    """Draw the subjects of a learner; a few records lack them."""
    if rng.random() < 0.015:
        return []
    if year_group <= 9:
        return [*LOWER_SCHOOL, rng.choice(("french", "spanish"))]
    if year_group <= 11:
        return list(dict.fromkeys([*GCSE_CORE, *(rng.choice(block) for block in GCSE_OPTIONS)]))
    return rng.sample(A_LEVELS, 3)


def make_learner(
    rng: random.Random, year_group: int, at: int = THIS_YEAR, left: date | None = None
) -> Learner:
    """Make one learner who is (or was, when leaving) in a year group.

    Args:
        rng: The source of chance.
        year_group: The year group in the academic year `at`.
        at: The current academic year, or the one of leaving.
        left: The last day on roll.
    """
    start = at - (year_group - 7)
    arrived = on(start, 9, rng.randint(1, 5))
    if year_group >= 12 and rng.random() < 0.22:
        arrived = on(at - (year_group - 12), 9, 4)  # came for the sixth form
    elif (
        year_group >= 7 and rng.random() < 0.05
    ):  # came in the middle of a phase, at the latest in January of this year
        arrived = some_day(rng, arrived + timedelta(days=30), min(date(THIS_YEAR + 1, 1, 9), on(at, 1, 9)))
    learner = Learner(arrived, left, year_group, subjects=[] if left else subjects_of(rng, year_group))
    learner.cells = personal_cells(rng, year_group, at)
    learner.attendance = rng.uniform(0.7, 0.85) if rng.random() < 0.07 else rng.uniform(0.93, 0.995)
    if learner.cells["disadvantaged"] == "yes":
        learner.attendance -= 0.03
    if year_group >= 12:
        learner.cells["considering_he"] = draw(rng, {"yes": 58, "no": 33, "": 9})
    return learner


def make_repeater(rng: random.Random) -> Learner:
    """Make a learner in Year 11 who did Year 10 twice, in 2023/24 and 2024/25."""
    learner = Learner(on(2020, 9, 2), year_group=11, repeated=2024, subjects=subjects_of(rng, 11))
    learner.cells = personal_cells(rng, 11, THIS_YEAR, older=True)
    return learner


def make_learners(rng: random.Random) -> list[Learner]:
    """Make everybody: the present learners, those who left and those who are to come."""
    learners = [make_learner(rng, year, THIS_YEAR) for year, size in YEAR_SIZES.items() for _ in range(size)]
    learners.remove(next(learner for learner in learners if learner.year_group == 11))
    learners.append(make_repeater(rng))
    end_of_exams = date(2026, 6, 26)
    for learner in learners:  # summer leavers, who stay in the figures of the year
        year_group = learner.year_group or 0
        if (year_group >= 13 and rng.random() < 0.9) or (year_group == 11 and rng.random() < 0.35):
            learner.left = end_of_exams
    for _ in range(LEFT_DURING_THE_YEAR):
        left = some_day(rng, date(2025, 10, 6), date(2026, 4, 24))
        learner = make_learner(rng, rng.choice((7, 8, 8, 9, 9, 10, 11, 12, 12)), left=left)
        learner.arrived = min(learner.arrived, on(THIS_YEAR, 9, 3))
        learners.append(learner)
    for year in LEAVING_YEARS:
        for year_group, size in LEAVERS_A_YEAR.items():
            for _ in range(size):
                left = date(year + 1, 6, rng.choice((23, 24, 25, 28)))
                if year_group in {9, 12}:
                    left = some_day(rng, on(year, 10, 1), on(year, 4, 20))
                learner = make_learner(rng, year_group, year, left)
                learner.arrived = min(learner.arrived, on(year, 9, 3))
                learner.records_from = on(2024, 9, 1) if year == 2024 else date.max
                learners.append(learner)
    to_come = [make_learner(rng, 6) for _ in range(ARRIVING_NEXT_YEAR)]  # entered early by the office
    return learners + to_come


# The careers programme


def recorded(event: Event, year: int) -> tuple[Cells, bool]:
    """Say how an event of an academic year is on record, and whether it counts under 2025.

    From 2024/25 on the checklist is filled in. Of the older records those of the present Year 11
    were gone through again, and judged meaningful; the others have ``insight`` alone.
    """
    if not event.checklist:
        return {}, True
    if year >= FULL_RECORDS_FROM:
        return {**all_yes(event.checklist), "insight": "yes"}, True
    if event.year_group - year == 11 - THIS_YEAR and "meets_learners" not in event.cells:
        return {"insight": "yes", "meaningful": "yes"}, True
    return {"insight": "yes"}, False


def run_events(book: Book, learners: list[Learner]) -> None:
    """Put on the table of events, in every academic year from 2019/20."""
    for year in range(2019, THIS_YEAR + 1):
        for event in EVENTS:
            locked_down = LOCKDOWN[0] <= on(year, *event.when) < LOCKDOWN[1]
            if year >= event.since and not (locked_down and (event.on_site or book.rng.random() < 0.5)):
                run_event(book, event, year, learners, "virtual" if locked_down else "in_person")


def run_event(book: Book, event: Event, year: int, learners: list[Learner], mode: str) -> None:
    """Put on one event of an academic year, group by group."""
    first_day = on(year, *event.when)
    people = in_years(learners, year, event.year_group)
    if "he visit" in event.tags and event.year_group >= 12:
        people = [learner for learner in people if learner.cells.get("considering_he") != "no"]
    people = [learner for learner in people if learner.is_here(first_day)]
    book.rng.shuffle(people)
    record, counts = recorded(event, year)
    tags = [tag for tag in event.tags if counts and (tag != "employer" or year == THIS_YEAR)]
    groups = min(event.groups, 1 + len(people) // 15)
    for number in range(groups if people else 0):
        cells = {"mode": mode, "duration": "1 h"}
        if event.checklist in {EMPLOYER_ITEMS, WORKPLACE_ITEMS}:
            cells |= employer_cells(book.rng)
        cells |= event.cells | record
        if "visit" in event.tags and year == THIS_YEAR:
            cells["duration"] = "3 school_days"  # the school has joined a pilot of the guarantee
        title = event.title if groups == 1 else f"{event.title}, group {number + 1}"
        day = on(year, first_day.month, first_day.day + number % 6)
        book.hold(day, event.kinds, title, people[number::groups], cells, tags=tags)


def faculty_weeks(book: Book, learners: list[Learner]) -> None:
    """Hold this year's careers week of each faculty, where subjects are linked to careers (4a)."""
    for number, (faculty, subjects) in enumerate(FACULTIES.items()):
        taught = {"_".join(subject.lower().split()) for subject in subjects.split(";")}
        monday = on(THIS_YEAR, 1, 26) + timedelta(weeks=3 * number)
        for year_group in range(7, 14):
            people = in_years(learners, THIS_YEAR, year_group)
            if year_group >= 12:
                people = [learner for learner in people if taught.intersection(learner.subjects)]
            if (year_group, faculty) != CANCELLED_FACULTY_WEEK:
                title = f"Careers week: {faculty}, Year {year_group}"
                cells = {"subjects": subjects, "duration": "50 min", "mode": "in_person"}
                book.hold(monday + timedelta(days=year_group % 5), LINK, title, people, cells)


def poor_employer_encounters(book: Book, learners: list[Learner]) -> None:
    """Hold encounters of this year that are not, or not known to be, meaningful."""
    for year_group, day in ((7, 3), (8, 4), (10, 9), (12, 10)):
        people = in_years(learners, THIS_YEAR, year_group)[:70]
        cells = {"mode": "virtual", "duration": "25 min", "insight": "yes", **employer_cells(book.rng)}
        cells |= {"purpose_shared": "yes", "learning_outcomes": "yes", "two_way": "no", "reflection": "no"}
        if year_group in {8, 12}:  # nobody wrote down the rest
            cells |= {"learning_outcomes": "", "two_way": "yes", "reflection": ""}
        book.hold(on(THIS_YEAR, 12, day), EMPLOYER, "Online talk, questions by chat", people, cells)


def work_experience(book: Book, learners: list[Learner], short: dict[str, list[Learner]]) -> None:
    """Hold the work experience weeks of Years 10 and 12.

    Args:
        book: Where it is written down.
        learners: Everybody.
        short: The planned shortfalls.
    """
    weeks = {2022: date(2023, 7, 3), 2023: date(2024, 7, 1), 2024: date(2025, 6, 30), 2025: date(2026, 6, 29)}
    for year, monday in weeks.items():
        for year_group in (10, 12):
            people = [learner for learner in in_years(learners, year, year_group) if learner.is_here(monday)]
            groups = {"full": people[12:], "feedback blank": people[:8], "no task": people[8:12]}
            if year < FULL_RECORDS_FROM:
                groups = {"old": people}
            elif year_group - year == 11 - THIS_YEAR:  # the present Year 11: as planned
                groups = {reason: short[reason] for reason in ("feedback blank", "no task")}
                placed = {*short["no placement"], *groups["feedback blank"], *groups["no task"]}
                groups["full"] = [learner for learner in people if learner not in placed]
            placements(book, monday, year_group, groups)


def placements(book: Book, monday: date, year_group: int, groups: dict[str, list[Learner]]) -> None:
    """Send learners on a week of work experience, several to one employer.

    Args:
        book: Where it is written down.
        monday: The first day.
        year_group: Whose week it is.
        groups: Learners by what is recorded: ``full``, ``old``, ``feedback blank`` or ``no task``.
    """
    title = f"Year {year_group} work experience week"
    tag = "workplace" if year_group == 10 else "sixth form workplace"
    for record, learners in groups.items():
        checklist = {} if record == "old" else all_yes(WORKPLACE_ITEMS)
        checklist |= {"feedback blank": {"feedback": ""}, "no task": {"task": "no"}}.get(record, {})
        for people in split(book.rng, learners, 5 if year_group == 10 else 3):
            cells = {"mode": "in_person", **employer_cells(book.rng), **checklist}
            cells["duration"] = draw(book.rng, {"5 school_day": 60, "25 h": 34, "": 6})
            book.hold(monday, WORKPLACE, title, people, cells, tags=[tag] if record == "full" else [])


def meet(
    book: Book, learner: Learner, days: tuple[date, date], level: str = "6", tags: tuple[str, ...] = ()
) -> None:
    """Hold a guidance meeting, an activity of its own.

    Args:
        book: Where it is written down.
        learner: With whom.
        days: The first and last day on which it can be.
        level: The level of the adviser.
        tags: What it counts for.
    """
    day = some_day(book.rng, *days)
    cells = {"adviser_level": level, "duration": "40 min"}
    cells["mode"] = draw(book.rng, {"in_person": 9, "virtual": 1})
    if book.rng.random() < 0.05 and learner.is_here(day):  # did not come, and got another appointment
        missed = book.hold(day, GUIDANCE, "Guidance meeting", [], cells)
        book.join(missed, learner, "absent")
        day = some_day(book.rng, day, days[1])
    if learner.is_here(day):
        book.hold(day, GUIDANCE, "Guidance meeting", [learner], cells, tags=tags, certain=True)


def guidance(book: Book, learners: list[Learner]) -> None:
    """Hold the guidance meetings of Year 11 in this year and the last two, and those of other years."""
    for year in range(2023, THIS_YEAR + 1):
        for learner in in_years(learners, year, 11):
            if book.rng.random() < (0.95 if year == THIS_YEAR else 0.7):
                meet(book, learner, (on(year, 9, 15), on(year, 3, 27)), tags=("guidance 16",))
    other_guidance(book, learners, THIS_YEAR)


def other_guidance(book: Book, learners: list[Learner], this: int) -> None:
    """Hold the meetings of this year outside Year 11, not all of them with advisers of level 6."""
    for learner in in_years(learners, this, 13):
        if book.rng.random() < 0.9:
            meet(book, learner, (on(this, 9, 22), on(this, 3, 20)), tags=("guidance 18",))
    for learner in in_years(learners, this, 12):
        if book.rng.random() < 0.35:
            meet(book, learner, (on(this, 5, 5), on(this, 7, 3)), tags=("guidance 18",))
    for learner in in_years(learners, this, 9, 10):
        spring = (on(this, 2, 2), on(this, 6, 25))
        if learner.cells["sen_provision"] == "E" or learner.cells["looked_after"] == "yes":
            meet(book, learner, spring)
        elif book.rng.random() < 0.06:  # with a mentor of level 4, or nobody knows with whom
            meet(book, learner, spring, book.rng.choice(("4", "4", "")))


def part_time_jobs(book: Book, learners: list[Learner], short: list[Learner]) -> None:
    """Record part-time jobs: of some in the sixth form, and of two for whom it does not mend 6a."""
    for learner in [*in_years(learners, THIS_YEAR, 12, 13)[::16], *short[:2]]:
        day = some_day(book.rng, on(THIS_YEAR, 9, 15), on(THIS_YEAR, 1, 30))
        cells = {"part_time_job": "yes", **employer_cells(book.rng)}
        if learner not in short and book.rng.random() < 0.4:
            cells |= {"meaningful": "yes", "duration": "40 h"}
        tags = ["sixth form workplace"] if "meaningful" in cells else []
        book.hold(day, WORKPLACE, "Saturday job", [learner], cells, tags=tags, certain=True)


# Catching up: it makes the planned figures come out exactly


PROVIDER_RECORD: Final = {**all_yes(PROVIDER_ITEMS), "insight": "yes", "duration": "1 h", "mode": "in_person"}


@dataclass(frozen=True)
class Due:
    """The learners whose deadlines fall in this year, and the planned shortfalls among them."""

    everyone: list[Learner]
    nine: list[Learner]
    eleven: list[Learner]
    thirteen: list[Learner]
    short: dict[str, list[Learner]]

    @property
    def applicants(self) -> list[Learner]:
        """Those in Year 13 who consider higher education."""
        return [learner for learner in self.thirteen if learner.cells["considering_he"] == "yes"]


def catch_up(book: Book, due: Due) -> None:
    """Give everybody outside a planned shortfall what they still lack."""
    for tag, people in (("lmi KS3", due.nine), ("lmi KS4", due.eleven), ("lmi KS5", due.thirteen)):
        if lacking := book.short_of(people, tag):
            title = f"Labour market catch-up, {tag[-3:]}"
            book.hold(
                date(2026, 3, 17), LMI, title, lacking, {"duration": "30 min"}, tags=[tag], certain=True
            )
    for tag, people in (("guidance 16", due.eleven), ("guidance 18", due.thirteen)):
        for learner in book.short_of(people, tag):
            day = some_day(book.rng, date(2026, 3, 30), date(2026, 4, 24))
            cells = {"adviser_level": "6", "duration": "35 min"}
            book.hold(day, GUIDANCE, "Guidance meeting", [learner], cells, tags=[tag], certain=True)
    lacking = book.short_of(due.everyone, "employer")
    for number in range(5):
        cells = {
            **all_yes(EMPLOYER_ITEMS),
            "insight": "yes",
            "duration": "40 min",
            **employer_cells(book.rng),
        }
        day, people = date(2026, 4, 20 + number), lacking[number::5]
        book.hold(
            day, EMPLOYER, "Careers lunch with an employer", people, cells, tags=["employer"], certain=True
        )


def catch_up_provider_access(book: Book, due: Due) -> None:
    """Hold further occasions within the windows, and those that come too late or are the same again."""
    excused = [*due.short["late"], *due.short["same set"]]
    for tag, people, day in (
        ("first", due.nine, date(2026, 2, 10)),
        ("second", due.eleven, date(2026, 2, 11)),
    ):
        once = book.short_of(people, tag, 2, excused)
        never = book.short_of(people, tag, 1, excused)
        for name, kind, lacking in ((BRIGHTWELL, "apprenticeship_provider", once), (UTC, "college", never)):
            cells = {**PROVIDER_RECORD, **OCCASION, "provider_types": kind, "providers": name}
            book.hold(day, PROVIDER, f"Provider catch-up: {name}", lacking, cells, tags=[tag], certain=True)
    late = {**PROVIDER_RECORD, **MEET_TRAINERS}
    title = "Provider catch-up: apprenticeships"
    book.hold(date(2026, 3, 12), PROVIDER, title, due.short["late"], late, tags=["itp"], certain=True)
    again = {**PROVIDER_RECORD, **OCCASION, "provider_types": "itp;college"}
    again["providers"] = f"{NORTHMOOR};{WESTMERE}"  # whom they had met in Year 10
    title = "College and training taster, again"
    book.hold(date(2026, 1, 28), PROVIDER, title, due.short["same set"], again, tags=["itp"], certain=True)


def catch_up_providers(book: Book, due: Due) -> None:
    """Let Year 11 meet the types of provider that they have not met (7a), and applicants visit (7b)."""
    types = {"sixth_form": OWN_SIXTH_FORM, "college": WESTMERE, "university": UNIVERSITY, "itp": NORTHMOOR}
    for kind, name in types.items():
        cells = {**PROVIDER_RECORD, "provider_types": kind, "providers": name, "school_day": "no"}
        people = book.short_of(due.eleven, kind)
        book.hold(date(2026, 3, 24), PROVIDER, f"Tea with {name}", people, cells, tags=[kind], certain=True)
    for name, day in ((UNIVERSITY, date(2026, 1, 27)), (SECOND_UNIVERSITY, date(2026, 2, 3))):
        people = book.short_of(due.applicants, "he visit", 2, due.short["one university visit"])
        cells = {**PROVIDER_RECORD, **CAMPUS, "providers": name}
        book.hold(day, PROVIDER, "Offer-holder visit", people, cells, tags=["he visit"], certain=True)


def catch_up_workplaces(book: Book, due: Due) -> None:
    """Give Year 11 a second experience of a workplace (6a), and Year 13 one in the sixth form (6b)."""
    record = {**all_yes(WORKPLACE_ITEMS), "duration": "1 school_day", "mode": "in_person"}
    excused = [learner for reason in TWO_WORKPLACES_MISSING for learner in due.short[reason]]
    for day in (date(2026, 1, 22), date(2026, 2, 26)):
        for people in split(book.rng, book.short_of(due.eleven, "workplace", 2, excused), 6):
            cells = {**record, **employer_cells(book.rng)}
            title = "A day at work: second chance"
            book.hold(day, WORKPLACE, title, people, cells, tags=["workplace"], certain=True)
    tag = "sixth form workplace"
    for learner in book.short_of(due.thirteen, tag):
        cells = {**record, **employer_cells(book.rng)}
        title = "Work shadowing, Year 13"
        book.hold(date(2026, 2, 12), WORKPLACE, title, [learner], cells, tags=[tag], certain=True)


# Destinations


def destinations(rng: random.Random, learners: list[Learner]) -> list[Cells]:
    """Say what leavers were seen to do, in each academic year since they left."""
    since = {
        learner: academic_year(learner.left) + 1
        for learner in learners
        if learner.left and academic_year(learner.left) < THIS_YEAR and (learner.year_group or 0) >= 11
    }
    within_three_years = [learner for learner, year in since.items() if year > THIS_YEAR - 3]
    unknown = rng.sample(within_three_years, UNKNOWN_DESTINATIONS)
    rows: list[Cells] = []
    for learner, first in since.items():
        shares = AFTER_SIXTH_FORM if learner.year_group == 13 else AFTER_YEAR_11
        category = draw(rng, shares)
        gap = rng.choice(range(first, max(first + 1, THIS_YEAR))) if learner in unknown else None
        for year in range(first, THIS_YEAR + 1):
            if rng.random() < 0.15:
                category = draw(rng, shares)
            unknown_from = gap is not None and (year == gap or first == THIS_YEAR)
            rows.append(sighting(rng, learner, year, "unknown" if unknown_from else category))
    stranger = {"learner_id": "L9994", "date": "2025-11-03", "category": "employment"}
    return [*rows, stranger]


def sighting(rng: random.Random, learner: Learner, year: int, category: str) -> Cells:
    """Return a row of the destinations: by category, by code or by both."""
    day = some_day(rng, on(year, 10, 1), on(year, 3, 31))
    row = {"learner_id": learner.learner_id, "date": day.isoformat(), "category": category}
    if rng.random() < 0.4:
        row["nccis_code"] = NCCIS_CODES[category]
        row["category"] = rng.choice((category, ""))
    if category == "further_education":
        row["provider"] = WESTMERE
    if category in {"further_education", "apprenticeship"} and rng.random() < 0.5:
        row["level"] = rng.choice(("1", "2", "3"))
    if category == "employment" and rng.random() < 0.1:
        row["end_date"] = some_day(rng, on(year, 4, 1), on(year, 6, 30)).isoformat()
    return row


# Untidiness


def untidy(book: Book, learners: list[Learner]) -> None:
    """Add what real exports have too: none of it is an error."""
    rng = book.rng
    enterprise = {**all_yes(EMPLOYER_ITEMS), **employer_cells(rng)}
    title = 'Year 10 enterprise day, "Dragons\' Den", hall'
    to_come = book.hold(date(2026, 7, 14), EMPLOYER, title, [], enterprise)
    for learner in in_years(learners, THIS_YEAR, 10)[:120]:
        if learner.is_here(to_come.day):
            book.join(to_come, learner, rng.choice(("offered", "attended")))
    title = "Open evening: medicine, dentistry and veterinary science"
    book.hold(date(2026, 6, 9), PROVIDER, title, [], {"providers": SECOND_UNIVERSITY})
    gone = [Learner(date(2021, 9, 3), learner_id=number) for number in ("L9990", "L9991", "L9992")]
    for activity in rng.sample(book.activities[:300], 6):
        book.participations.append(Participation(activity, rng.choice(gone), "attended"))
    deleted = Activity(date(2024, 3, 4), {}, "A9001")
    book.participations += [Participation(deleted, learner, "attended") for learner in learners[700:702]]
    book.repeat_rows(90)


def learner_rows(rng: random.Random, learners: list[Learner]) -> list[Cells]:
    """Return the rows of the learners, with some blanks and each system's own yes and no."""
    for learner in learners:
        form = rng.choice("NORTHFI")
        learner.cells |= {
            "year_group": str(learner.year_group),
            "on_roll_from": learner.arrived.isoformat(),
            "on_roll_to": learner.left.isoformat() if learner.left else "",
            "subjects": ";".join(learner.subjects),
            "tutor_group": f"{learner.year_group}{form}",
        }
    present = [learner for learner in learners if learner.is_here(date(2026, 5, 1))]
    for learner in rng.sample(present, 6):
        learner.cells["date_of_birth"] = ""
    for learner in rng.sample([learner for learner in present if learner.arrived.month == 9], 8):
        learner.cells["on_roll_from"] = ""
    rows = [learner.cells for learner in learners]
    respell(rows, ["disadvantaged"], "Y", "N")
    respell(rows, ["looked_after"], "1", "0")
    respell(rows, ["eal"], "TRUE", "FALSE")
    return rows


def activity_rows(book: Book) -> list[Cells]:
    """Return the rows of the activities; those before 2022 came out of an older system."""
    rows = [activity.cells for activity in book.activities]
    respell(rows, ACCESS_ITEMS, "Y", "N")
    old = [row for row in rows if row["date"] < "2022-09-01"]
    respell(old, ["insight", "meaningful", "meets_staff", "meets_learners", "site_visit"], "TRUE", "FALSE")
    for row in rows:
        row["booked_by"] = book.rng.choice(("careers office", "careers office", "faculty", ""))
    return rows


# Putting it together


def plan(book: Book, learners: list[Learner]) -> Due:
    """Choose who misses what."""
    rng = book.rng
    present = [learner for learner in learners if learner.is_here(date(2026, 5, 1))]
    eleven, thirteen = in_years(present, THIS_YEAR, 11), in_years(present, THIS_YEAR, 13)
    due = Due(present, in_years(present, THIS_YEAR, 9), eleven, thirteen, {})
    settled = [learner for learner in eleven if learner.arrived.year <= 2022 and learner.repeated is None]

    rest = least_present(rng, settled, sum(TWO_WORKPLACES_MISSING.values()))
    for reason, how_many in TWO_WORKPLACES_MISSING.items():
        due.short[reason], rest = rest[:how_many], rest[how_many:]
    second = least_present(rng, settled, SECOND_PHASE_LATE + SECOND_PHASE_SAME_SET)
    due.short["late"], due.short["same set"] = second[:SECOND_PHASE_LATE], second[SECOND_PHASE_LATE:]
    due.short["one university visit"] = least_present(rng, due.applicants, ONE_UNIVERSITY_VISIT)
    no_type = least_present(rng, eleven, NO_SIXTH_FORM_TASTER + NO_UNIVERSITY)

    book.keep_away("employer", least_present(rng, present, NO_EMPLOYER_THIS_YEAR))
    book.keep_away("visit", due.short["no visit"])
    book.keep_away("sixth form workplace", least_present(rng, thirteen, NO_SIXTH_FORM_WORKPLACE))
    book.keep_away("sixth_form", no_type[:NO_SIXTH_FORM_TASTER])
    book.keep_away("university", no_type[NO_SIXTH_FORM_TASTER:])
    book.keep_away("second he visit", due.short["one university visit"])
    book.keep_away("second in time", second)
    return due


def make(folder: Path) -> None:
    """Write the folder."""
    rng = random.Random(SEED)
    learners = make_learners(rng)
    number_learners(rng, learners, "L")
    give_upns(rng, learners)
    book = Book(rng)
    due = plan(book, learners)
    run_events(book, learners)
    faculty_weeks(book, learners)
    poor_employer_encounters(book, learners)
    work_experience(book, learners, due.short)
    guidance(book, learners)
    part_time_jobs(book, learners, due.short["no placement"])
    catch_up(book, due)
    catch_up_provider_access(book, due)
    catch_up_providers(book, due)
    catch_up_workplaces(book, due)
    untidy(book, learners)
    book.number_activities()

    folder.mkdir(parents=True, exist_ok=True)
    institution = {
        "format": "gatsbykit/1",
        "name": "Northfield School (synthetic)",
        "kind": "secondary_school",
        "urn": "999001",
    }
    write_json(folder / "institution.json", institution)
    write_json(folder / "answers.json", ANSWERS)
    write_table(folder / "learners.csv", LEARNER_COLUMNS, learner_rows(rng, learners), bom=True)
    write_table(folder / "activities.csv", ACTIVITY_COLUMNS, activity_rows(book))
    write_table(
        folder / "participations.csv", PARTICIPATION_COLUMNS, book.participation_rows(blank_status=0.25)
    )
    write_table(folder / "destinations.csv", DESTINATION_COLUMNS, destinations(rng, learners), newline="\r\n")


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(__file__).parent / "northfield"
    parser.add_argument("--out", type=Path, default=default, help="folder to write (default: %(default)s)")
    make(parser.parse_args().out)


if __name__ == "__main__":
    main()
