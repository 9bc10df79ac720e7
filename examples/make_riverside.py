"""Make `riverside`, a made-up general further education college, in the exchange folder format.

Run it again to get the same bytes: ``python examples/make_riverside.py [--out FOLDER]``. The
problems are planned by the constants below; README.md says what they lead to.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from _making import (
    EMPLOYER,
    EMPLOYER_ITEMS,
    GUIDANCE,
    LINK,
    LMI,
    NCCIS_CODES,
    PROVIDER,
    PROVIDER_ITEMS,
    WORKPLACE,
    WORKPLACE_ITEMS,
    Book,
    Cells,
    Learner,
    all_yes,
    draw,
    employer_cells,
    least_present,
    number_learners,
    respell,
    some_day,
    split,
    uln,
    write_json,
    write_table,
)

SEED: Final = 1625

FIRST_DAY: Final = {2024: date(2024, 9, 9), 2025: date(2025, 9, 8)}
LAST_DAY: Final = {2024: date(2025, 7, 4), 2025: date(2026, 7, 3), 2026: date(2027, 7, 2)}

# The planned shortfalls: how many learners miss what the benchmark asks for.
ONE_SUBJECT_UNLINKED: Final = 13  # 4a: above 91 %
ONE_EMPLOYER_ONLY: Final = 117  # 5a: below 76 %, whatever the college says
NO_WORKPLACE: Final = 9  # 6a: above 91 %
ONE_PROVIDER_TYPE: Final = 40  # 7a: above 76 %

ADULTS: Final = 34  # over 18 without a plan: the benchmarks are not about them
ADULTS_WITH_PLANS: Final = 14  # 19 to 24 with an education, health and care plan: they count
LEAVERS: Final = 62  # of last summer, with destinations


@dataclass(frozen=True)
class Programme:
    """A study programme.

    Args:
        title: Its name.
        years: How many years it takes.
        subjects: What everybody on it studies.
        intake: How many learners aged 16 to 18 begin it each year.
        resits: Whether some of them take English or mathematics again.
    """

    title: str
    years: int
    subjects: tuple[str, ...]
    intake: int
    resits: bool = True


PROGRAMMES: Final = (
    Programme("A levels: sciences", 2, ("biology", "chemistry", "mathematics"), 22, resits=False),
    Programme("A levels: humanities", 2, ("history", "english_literature", "sociology"), 20, resits=False),
    Programme("T Level Digital", 2, ("computing", "business"), 21),
    Programme("T Level Health", 2, ("health_and_social_care", "science"), 27),
    Programme("Level 3 Engineering", 2, ("engineering", "mathematics"), 24),
    Programme("Level 2 Construction", 1, ("Site Carpentry", "health_and_safety"), 42),
    Programme("Level 2 Hair and Beauty", 1, ("hairdressing", "beauty_therapy"), 36),
    Programme("Level 2 Catering", 1, ("professional_cookery",), 34),
    Programme("Level 1 Motor Vehicle", 1, ("motor_vehicle",), 30),
    Programme("Supported internship", 1, ("employability",), 8),
)

OTHER_PROVIDERS: Final = {
    "university": "University of Eastshire",
    "apprenticeship_provider": "Brightwell Apprenticeships",
    "itp": "Northmoor Training",
}

LEARNER_COLUMNS: Final = (
    "learner_id", "site", "programme_start", "programme_end", "on_roll_from", "on_roll_to", "date_of_birth",
    "sex", "sen_provision", "disadvantaged", "looked_after", "eal", "considering_he", "subjects", "uln",
)  # fmt: skip
ACTIVITY_COLUMNS: Final = (
    "date", "activity_id", "kinds", "title", "duration", "mode", "subjects", "employer", "employer_sector",
    "employer_size", "provider_types", "providers", "adviser_level", "part_time_job", "site_visit",
    "meaningful", "insight", *WORKPLACE_ITEMS, "meets_staff", "meets_learners",
    "provider_information", "learning_described",
)  # fmt: skip
PARTICIPATION_COLUMNS: Final = ("activity_id", "learner_id", "status")
DESTINATION_COLUMNS: Final = ("learner_id", "date", "category", "nccis_code", "provider")

ANSWERS: Final = {
    "2025-college": {
        "1a": {"governors": "yes", "headteacher": "yes", "senior_leadership": "yes"},
        "1b": "yes",
        "1c": {"tailored": "yes", "sequenced": "yes", "learning_outcomes": "in_progress"},
        "1d": "yes",
        "1e": {"pupils": "yes", "parents": "yes", "staff": "yes", "employers": "yes"},
        "2b": "yes",
        "3a": {"stereotypes": "yes", "role_models": "yes", "aspirations": "yes"},
        "3b": "yes",
        "3c": "in_progress",
        "3d": {"destinations": "yes", "alumni": "no"},
        "4b": "yes",
        "5a": "overwhelming_majority",
        "5b": "yes",
        "6a": "overwhelming_majority",
        "8a": "all",
        "8b": "yes",
    },
    "2018-college": {
        "1a": {"senior_leadership": "yes", "trained_leader": "yes"},
        "1b": {"learners": "yes", "parents": "yes", "staff": "yes", "employers": "no"},
        "2b": "no",
        "3a": {"stereotypes": "yes", "aspirations": "yes"},
        "3b": "yes",
        "3c": "yes",
        "5b": "in_progress",
        "8b": "yes",
    },
}
"""What the college says of itself; 5a is a claim that the records contradict by a band."""


# Learners


def make_learner(
    rng: random.Random, programme: Programme, start: int, ages: tuple[int, int], sen_provision: str = ""
) -> Learner:
    """Make a learner of a programme.

    Args:
        rng: The source of chance.
        programme: What the learner studies.
        start: The academic year in which it began.
        ages: The least and the greatest age on the 31 August before.
        sen_provision: If it is not left to chance.
    """
    subjects = list(programme.subjects)
    if programme.resits and rng.random() < 0.4:
        subjects.append(rng.choice(("english", "mathematics")))
    learner = Learner(FIRST_DAY[start], subjects=list(dict.fromkeys(subjects)))
    learner.counts_from = learner.arrived
    if start == 2025 and programme.years == 2 and rng.random() < 0.2:
        learner.arrived = FIRST_DAY[2024]  # came up from another programme of the college
    learner.attendance = rng.uniform(0.6, 0.8) if rng.random() < 0.08 else rng.uniform(0.88, 0.98)
    age = rng.randint(*ages)
    youngest = date(start - age, 8, 31)
    yes_or_no = {True: "yes", False: "no"}
    learner.cells = {
        "site": rng.choice(("Quayside", "Mill Lane")),
        "programme_start": learner.counts_from.isoformat(),
        "programme_end": LAST_DAY[start + programme.years - 1].isoformat(),
        "date_of_birth": (youngest - timedelta(days=rng.randrange(365))).isoformat(),
        "sex": draw(rng, {"F": 47, "M": 51, "": 2}),
        "sen_provision": sen_provision or draw(rng, {"N": 78, "K": 17, "E": 5}),
        "disadvantaged": yes_or_no[rng.random() < 0.35],
        "looked_after": yes_or_no[rng.random() < 0.02],
        "eal": yes_or_no[rng.random() < 0.2],
        "considering_he": draw(rng, {"yes": 30, "no": 40, "": 30}),
        "uln": uln(rng) if rng.random() < 0.96 else "",
    }
    return learner


def make_learners(rng: random.Random) -> list[Learner]:
    """Make the present learners and those who left last summer."""
    learners = []
    for programme in PROGRAMMES:
        for start in (2024, 2025)[2 - programme.years :]:
            ages = (16, 17) if start == 2025 else (16, 16)
            size = programme.intake - (3 if start == 2024 else 0)
            learners += [make_learner(rng, programme, start, ages) for _ in range(size)]
    one_year = [programme for programme in PROGRAMMES if programme.years == 1]
    for number in range(ADULTS + ADULTS_WITH_PLANS):
        with_plan = number >= ADULTS
        programme = PROGRAMMES[-1] if with_plan else rng.choice(one_year[:-1])
        ages = (19, 24) if with_plan else (19, 46)
        learners.append(make_learner(rng, programme, 2025, ages, "E" if with_plan else "N"))
    for _ in range(LEAVERS):
        learner = make_learner(rng, rng.choice(one_year), 2024, (16, 17))
        learner.left = LAST_DAY[2024]
        learners.append(learner)
    for learner in rng.sample([learner for learner in learners if learner.left is None], 14):  # withdrawn
        learner.left = some_day(rng, date(2025, 10, 1), date(2026, 4, 24))
    return learners


def is_counted(learner: Learner) -> bool:
    """Whether the benchmarks are about a learner: here this year, and 18 or under or with a plan."""
    here = learner.is_here(date(2026, 5, 1))
    return here and (learner.cells["date_of_birth"] >= "2006-09-01" or learner.cells["sen_provision"] == "E")


def due_learners(learners: list[Learner]) -> list[Learner]:
    """Those of the counted whose programme ends in this academic year."""
    return [one for one in learners if is_counted(one) and one.cells["programme_end"] == str(LAST_DAY[2025])]


# The careers programme


def plan(book: Book, learners: list[Learner]) -> None:
    """Choose who misses what."""
    counted, due = [one for one in learners if is_counted(one)], due_learners(learners)
    resitting = [learner for learner in due if "english" in learner.subjects]
    book.keep_away("resit link", least_present(book.rng, resitting, ONE_SUBJECT_UNLINKED))
    book.keep_away("second employer", least_present(book.rng, counted, ONE_EMPLOYER_ONLY))
    book.keep_away("workplace", least_present(book.rng, due, NO_WORKPLACE))
    book.keep_away("second type", least_present(book.rng, due, ONE_PROVIDER_TYPE))


def tutorials(book: Book, learners: list[Learner]) -> None:
    """Hold what is done with the learners of each programme: information, links, employers."""
    record = {**all_yes(EMPLOYER_ITEMS), "insight": "yes", "mode": "in_person"}
    for number, programme in enumerate(PROGRAMMES):
        people = [one for one in learners if set(programme.subjects) <= set(one.subjects)]
        subjects = ";".join(programme.subjects)
        for year in (2024, 2025):
            day = date(year, 10, 1) + timedelta(days=number)
            tags = ["employer"] if year == 2025 else []
            title = f"Where {programme.title} leads, and what it pays"
            book.hold(day, LMI, title, people, {"duration": "1 h"}, tags=["lmi"])
            cells = {**record, **employer_cells(book.rng), "subjects": subjects, "duration": "2 h"}
            title = f"Masterclass for {programme.title}"
            day += timedelta(weeks=5)
            book.hold(day, f"{EMPLOYER};{LINK}", title, people, cells, tags=[*tags, "link"])
        cells = {**record, **employer_cells(book.rng), "duration": "45 min"}
        title = f"Meet the employers: {programme.title}\n(bring a CV)"
        book.hold(date(2026, 2, 9 + number % 5), EMPLOYER, title, people, cells, tags=["second employer"])
    resitting = [one for one in learners if {"english", "mathematics"} & {*one.subjects}]
    cells = {"subjects": "English;Mathematics", "duration": "50 min", "mode": "virtual"}
    book.hold(date(2025, 11, 26), LINK, "English and maths at work", resitting, cells, tags=["resit link"])


def fairs(book: Book, learners: list[Learner]) -> None:
    """Hold the fair of providers, where staff and learners of all types are met, and a visit."""
    record = {**all_yes(PROVIDER_ITEMS), "insight": "yes", "mode": "in_person"}
    for kind, name in OTHER_PROVIDERS.items():
        cells = {**record, "provider_types": kind, "providers": name, "duration": "90 minutes"}
        people = due_learners(learners)
        if kind == "university":
            people = [learner for learner in people if learner.cells["considering_he"] == "yes"]
            cells["site_visit"] = "yes"
        tags = [f"met {kind}", *(["second type"] if kind != "itp" else [])]
        book.hold(date(2026, 3, 3), PROVIDER, f"Next steps: {name}", people, cells, tags=tags)
    cells = {**record, "meets_learners": "no", "provider_types": ";".join(reversed(OTHER_PROVIDERS))}
    cells["providers"] = ";".join(OTHER_PROVIDERS.values())
    book.hold(date(2025, 11, 12), PROVIDER, "Progression fair, main hall", learners, cells)


def placements(book: Book, learners: list[Learner]) -> None:
    """Send learners to employers; a few records lack the feedback or the hours."""
    present = [learner for learner in learners if learner.is_here(date(2026, 3, 16))]
    for people in split(book.rng, present, 4):
        cells = {**all_yes(WORKPLACE_ITEMS), **employer_cells(book.rng), "mode": "in_person"}
        cells["duration"] = draw(book.rng, {"40 h": 60, "6 school_days": 32, "": 8})
        complete = book.rng.random() < 0.93
        if not complete:
            cells["feedback"] = ""
        day = some_day(book.rng, date(2026, 1, 12), date(2026, 3, 16))
        tags = ["workplace"] if complete else []
        book.hold(day, WORKPLACE, "Industry placement", people, cells, tags=tags)
    for learner in present[::13]:
        cells = {"part_time_job": "yes", "meaningful": "yes", **employer_cells(book.rng)}
        book.hold(date(2025, 12, 1), WORKPLACE, "Part-time job", [learner], cells, certain=True)


def guidance(book: Book, learners: list[Learner]) -> None:
    """Hold guidance meetings, each an activity of its own."""
    for learner in learners:
        level = draw(book.rng, {"6": 88, "7": 4, "4": 5, "": 3})
        if learner.is_here(date(2025, 11, 3)) and book.rng.random() < 0.55:
            day = some_day(book.rng, date(2025, 11, 3), date(2026, 4, 24))
            tags = ["guidance"] if level in {"6", "7"} else []
            cells = {"adviser_level": level, "duration": "45 min"}
            book.hold(day, GUIDANCE, "Guidance meeting", [learner], cells, tags=tags)


def catch_up(book: Book, learners: list[Learner]) -> None:
    """Give everybody outside a planned shortfall what they still lack."""
    due, counted = due_learners(learners), [learner for learner in learners if is_counted(learner)]
    resitting = [learner for learner in due if {"english", "mathematics"} & {*learner.subjects}]
    subjects = ";".join(sorted({subject for programme in PROGRAMMES for subject in programme.subjects}))
    talk = {**all_yes(EMPLOYER_ITEMS), "insight": "yes", **employer_cells(book.rng)}

    def again(kinds: str, title: str, people: list[Learner], tag: str, cells: Cells) -> None:
        day = some_day(book.rng, date(2026, 4, 13), date(2026, 4, 24))
        book.hold(day, kinds, title, book.short_of(people, tag), cells, tags=[tag], certain=True)

    again(LMI, "Labour market drop-in", due, "lmi", {"duration": "30 min"})
    again(LINK, "Careers day for all courses", due, "link", {"subjects": subjects, "duration": "3 h"})
    again(LINK, "English and maths: again", resitting, "resit link", {"subjects": "mathematics;english"})
    again(f"{EMPLOYER};{LINK}", "Trade day", counted, "employer", talk)
    again(EMPLOYER, "Employers' breakfast", counted, "second employer", talk)
    record = {**all_yes(PROVIDER_ITEMS), "insight": "yes", "duration": "1 h"}
    for kind, tag in (("itp", "met itp"), ("apprenticeship_provider", "second type")):
        name = OTHER_PROVIDERS[kind]
        again(PROVIDER, f"Tea with {name}", due, tag, {**record, "provider_types": kind, "providers": name})
    place = {**all_yes(WORKPLACE_ITEMS), "duration": "3 school_days", "mode": "in_person"}
    for people in split(book.rng, book.short_of(due, "workplace"), 4):
        again(WORKPLACE, "Short placement", people, "workplace", {**place, **employer_cells(book.rng)})
    for learner in book.short_of(due, "guidance"):
        cells = {"adviser_level": "6", "duration": "40 min"}
        again(GUIDANCE, "Guidance meeting", [learner], "guidance", cells)


# Putting it together


def learner_rows(rng: random.Random, learners: list[Learner]) -> list[Cells]:
    """Return the rows of the learners, with some blanks."""
    for learner in learners:
        learner.cells |= {
            "subjects": ";".join(learner.subjects),
            "on_roll_from": learner.arrived.isoformat(),
            "on_roll_to": learner.left.isoformat() if learner.left else "",
        }
    going_on = [one for one in learners if one.cells["programme_end"] == str(LAST_DAY[2026])]
    for learner in rng.sample(going_on, 7):
        learner.cells["programme_end"] = ""
    for learner in rng.sample([learner for learner in going_on if is_counted(learner)], 3):
        learner.cells["date_of_birth"] = ""
    for learner in rng.sample(going_on, 9):
        learner.cells["subjects"] = ""
    rows = [learner.cells for learner in learners]
    respell(rows, ["disadvantaged", "looked_after", "eal"], "1", "0")
    respell(rows, ["considering_he"], "True", "False")
    return rows


def destinations(rng: random.Random, learners: list[Learner]) -> list[Cells]:
    """Say what last summer's leavers were seen to do in the autumn."""
    shares = {"employment": 35, "apprenticeship": 25, "further_education": 25, "neet": 8, "unknown": 7}
    rows = []
    for learner in learners:
        if learner.left == LAST_DAY[2024]:
            category = draw(rng, shares)
            day = some_day(rng, date(2025, 10, 1), date(2025, 12, 12))
            row = {"learner_id": learner.learner_id, "date": day.isoformat(), "category": category}
            rows.append({**row, "nccis_code": NCCIS_CODES[category] if rng.random() < 0.5 else ""})
    return rows


def make(folder: Path) -> None:
    """Write the folder."""
    rng = random.Random(SEED)
    learners = make_learners(rng)
    number_learners(rng, learners, "R")
    book = Book(rng)
    plan(book, learners)
    tutorials(book, learners)
    fairs(book, learners)
    placements(book, learners)
    guidance(book, learners)
    catch_up(book, learners)
    book.repeat_rows(25)
    book.number_activities()

    folder.mkdir(parents=True, exist_ok=True)
    institution = {
        "format": "gatsbykit/1",
        "name": "Riverside College (synthetic)",
        "kind": "college",
        "ukprn": "99999002",
        "id": "riverside",
    }
    write_json(folder / "institution.json", institution)
    write_json(folder / "answers.json", ANSWERS)
    activity_rows = [activity.cells for activity in book.activities]
    yes_no = [*WORKPLACE_ITEMS, *PROVIDER_ITEMS, "meaningful", "insight", "part_time_job", "site_visit"]
    respell(activity_rows, dict.fromkeys(yes_no), "1", "0")
    participations = book.participation_rows(blank_status=0.0)
    write_table(folder / "learners.csv", LEARNER_COLUMNS, learner_rows(rng, learners))
    write_table(folder / "activities.csv", ACTIVITY_COLUMNS, activity_rows, bom=True)
    for row in participations:
        del row["year_group"]
    write_table(folder / "participations.csv", PARTICIPATION_COLUMNS, participations, newline="\r\n")
    write_table(folder / "destinations.csv", DESTINATION_COLUMNS, destinations(rng, learners))


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(__file__).parent / "riverside"
    parser.add_argument("--out", type=Path, default=default, help="folder to write (default: %(default)s)")
    make(parser.parse_args().out)


if __name__ == "__main__":
    main()
