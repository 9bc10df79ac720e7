"""What the makers of the example institutions share: identifiers, people, a book of activities, tables.

Everything is drawn from a `random.Random` that the scripts seed, so the same script always
writes the same bytes. Nobody and nothing in the output is real.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from gatsbykit.model.identifiers import IdentifierError, Uln, Upn

if TYPE_CHECKING:
    import random
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

Cells = dict[str, str]

AS_OF: Final = date(2026, 7, 10)
"""The day for which the examples are made."""

THIS_YEAR: Final = 2025
"""The calendar year in which its academic year, 2025/26, began."""

EMPLOYER: Final = "employer_encounter"
WORKPLACE: Final = "workplace_experience"
PROVIDER: Final = "provider_encounter"
GUIDANCE: Final = "guidance_meeting"
LMI: Final = "labour_market_information"
LINK: Final = "curriculum_link"

EMPLOYER_ITEMS: Final = ("purpose_shared", "learning_outcomes", "two_way", "reflection")
WORKPLACE_ITEMS: Final = (*EMPLOYER_ITEMS, "range_of_people", "task", "feedback")
PROVIDER_ITEMS: Final = (
    *EMPLOYER_ITEMS, "provider_information", "learning_described", "meets_staff", "meets_learners",
)  # fmt: skip
ACCESS_ITEMS: Final = ("covers_provider", "covers_careers", "covers_learning", "covers_questions")

EMPLOYERS: Final = (
    ("Alder & Finch Architects", "small", "M"),
    ("Ashgrove Veterinary Centre", "small", "M"),
    ("Ayodele Catering", "micro", "I"),
    ("Barrow Lane Primary School", "medium", "P"),
    ("Bexcombe Borough Council", "large", "O"),
    ("Bexcombe Leisure Trust", "medium", "R"),
    ("Brook Street Dental, Bexcombe", "small", "Q"),
    ("Café Søndergård", "micro", "I"),
    ("Calder Precision Engineering", "medium", "C"),
    ("Castle Court Care Home", "medium", "Q"),
    ("Clearwater Utilities", "large", "E"),
    ("Dovecote Theatre", "small", "R"),
    ("Eastfield Motors", "small", "G"),
    ("Fennimore Accountants", "small", "M"),
    ("Fernhill Farm", "micro", "A"),
    ("Garside Builders", "small", "F"),
    ("Greenway Garden Centre", "small", "G"),
    ("Halden Aerospace", "large", "C"),
    ("Harbour Radio", "micro", "J"),
    ("Hollins & Wray Solicitors", "small", "M"),
    ("Ivy Lane Nursery", "small", "P"),
    ("Jubilee Hospital Trust", "large", "Q"),
    ("Kestrel Logistics", "large", "H"),
    ("Linden House Hotel", "medium", "I"),
    ("Łukasz Nowak Joinery", "self_employed", "F"),
    ("Marlowe Insurance", "large", "K"),
    ("Millbank Textiles", "medium", "C"),
    ("Moorside Community Pharmacy", "micro", "G"),
    ("Nettlefold Software", "small", "J"),
    ("Nguyễn Hair and Beauty", "micro", "S"),
    ("Oakapple Films", "self_employed", "J"),
    ("Pemberton's Bakery", "small", "C"),
    ("Quarry Road Recycling", "medium", "E"),
    ("Ravenscroft Estate Agents", "small", "L"),
    ("Redcliffe Supermarkets", "large", "G"),
    ("Siân Prys Illustration", "self_employed", "R"),
    ("Solway Wind", "medium", "D"),
    ("St Bride's Hospice", "medium", "Q"),
    ("Tandem Cycles", "micro", "G"),
    ("Three Rivers Fire and Rescue", "large", "O"),
    ("Upland Surveyors", "micro", "M"),
    ("Vantage Recruitment", "small", "N"),
    ("Westmere Airport", "large", "H"),
    ("Zielony Landscaping", "self_employed", "N"),
)
"""Employers of the made-up borough of Bexcombe: name, size and sector."""

NCCIS_CODES: Final = {
    "school_sixth_form": "210", "sixth_form_college": "220", "further_education": "230",
    "higher_education": "240", "apprenticeship": "310", "employment": "330", "training": "430",
    "neet": "619", "unknown": "810",
}  # fmt: skip
"""One code for each of the destinations that occur."""


def upn(digits: str) -> str:
    """Put the right check letter before the other twelve signs of a UPN.

    Args:
        digits: Authority, establishment, year and serial number; a temporary one ends in a letter.
    """
    return str(Upn.with_check_letter(digits))


def uln(rng: random.Random) -> str:
    """Make a ULN with a right check digit."""
    while True:
        try:
            return str(Uln.with_check_digit("9" + "".join(str(rng.randrange(10)) for _ in range(8))))
        except IdentifierError:  # one beginning in eleven has no check digit
            continue


def academic_year(day: date) -> int:
    """Return the calendar year in which the academic year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


def on(year: int, month: int, day: int) -> date:
    """Return a day of an academic year; a weekend moves to the Monday after."""
    moved = date(year if month >= 9 else year + 1, month, day)
    return moved + timedelta(days=(7 - moved.weekday()) % 7 if moved.weekday() > 4 else 0)


def some_day(rng: random.Random, first: date, last: date) -> date:
    """Draw a day between two, both included, that is in no weekend and not around Christmas."""
    while True:
        day = first + timedelta(days=rng.randrange((last - first).days + 1))
        if day.weekday() < 5 and not (day.month, day.day) >= (12, 20) and (day.month, day.day) > (1, 4):
            return day


def draw(rng: random.Random, shares: Mapping[str, int]) -> str:
    """Draw a key by its weight."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


def all_yes(items: Iterable[str]) -> Cells:
    """Answer a checklist with yes throughout."""
    return dict.fromkeys(items, "yes")


@dataclass(eq=False)
class Learner:
    """Somebody who is, was or will be a learner.

    Args:
        arrived: First day on roll.
        left: Last day on roll, if it is known.
        year_group: As the exchange format wants it; none in colleges.
        repeated: The academic year from which on the arithmetic of year groups holds; before it,
            the learner was a year group further on than that arithmetic says.
        attendance: How likely the learner is to be there on any one day.
        records_from: Earlier records have been deleted.
        counts_from: Nothing earlier counts (colleges: the start of the programme).
        subjects: As written in the cell.
        cells: The other cells of the row.
        learner_id: Given at the end, in order of arrival.
    """

    arrived: date
    left: date | None = None
    year_group: int | None = None
    repeated: int | None = None
    attendance: float = 0.96
    records_from: date = date.min
    counts_from: date = date.min
    subjects: list[str] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)
    learner_id: str = ""

    def is_here(self, day: date) -> bool:
        """Whether the learner is on roll on a day of which there still are records."""
        return max(self.arrived, self.records_from) <= day and (self.left is None or day <= self.left)

    def year_in(self, year: int) -> int:
        """The year group in an academic year, as it really was."""
        return self.arithmetic_year_in(year) + (self.repeated is not None and year < self.repeated)

    def arithmetic_year_in(self, year: int) -> int:
        """The year group in an academic year as the calendar says."""
        reference = AS_OF if self.left is None else min(AS_OF, self.left)
        return (self.year_group or 0) - (academic_year(reference) - year)


@dataclass(eq=False)
class Activity:
    """An activity on its way into the table; the id is given at the end, in order of date."""

    day: date
    cells: Cells
    activity_id: str = ""


@dataclass
class Participation:
    """One row of the participations."""

    activity: Activity
    learner: Learner
    status: str
    year_group: str = ""


class Book:
    """The activities of an institution and who took part in them.

    Args:
        rng: The source of all chance.

    A *tag* names something that learners need, such as ``workplace``. The book counts for each
    learner the attended activities with a tag; the makers mark with it only what is really going
    to count. `keep_away` plans a shortfall: those learners are absent whenever the tag comes up.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.activities: list[Activity] = []
        self.participations: list[Participation] = []
        self.tally: Counter[tuple[Learner, str]] = Counter()
        self._away: set[tuple[Learner, str]] = set()

    def keep_away(self, tag: str, learners: Iterable[Learner]) -> None:
        """Plan that these learners never attend what has the tag."""
        self._away.update((learner, tag) for learner in learners)

    def hold(
        self,
        day: date,
        kinds: str,
        title: str,
        learners: Iterable[Learner],
        cells: Mapping[str, str],
        *,
        tags: Collection[str] = (),
        certain: bool = False,
    ) -> Activity:
        """Put on an activity for those of the learners who are on roll that day.

        Args:
            day: When.
            kinds: The cell ``kinds``.
            title: The cell ``title``.
            learners: For whom.
            cells: Further cells of the row.
            tags: What it counts for.
            certain: Everybody comes (one-to-one meetings, catch-ups) but for planned shortfalls.
        """
        activity = Activity(day, {"date": day.isoformat(), "kinds": kinds, "title": title, **cells})
        people = [learner for learner in learners if learner.is_here(day)]
        if people or not certain:  # a catch-up that nobody needs is not held
            self.activities.append(activity)
        for learner in people:
            status = "absent"
            if not any((learner, tag) in self._away for tag in tags):
                there = certain or self.rng.random() < learner.attendance
                status = "attended" if there else draw(self.rng, {"absent": 85, "offered": 15})
            self.join(activity, learner, status, tags)
        return activity

    def join(self, activity: Activity, learner: Learner, status: str, tags: Iterable[str] = ()) -> None:
        """Write down one participation."""
        year = academic_year(activity.day)
        override = ""
        if learner.year_in(year) != learner.arithmetic_year_in(year):
            override = str(learner.year_in(year))
        self.participations.append(Participation(activity, learner, status, override))
        if status == "attended" and activity.day >= learner.counts_from:
            self.tally.update((learner, tag) for tag in tags)

    def short_of(
        self, learners: Iterable[Learner], tag: str, at_least: int = 1, besides: Collection[Learner] = ()
    ) -> list[Learner]:
        """Those who have attended too little with a tag, planned shortfalls left out."""
        return [
            learner
            for learner in learners
            if self.tally[learner, tag] < at_least
            and (learner, tag) not in self._away
            and learner not in besides
        ]

    def repeat_rows(self, how_many: int) -> None:
        """Repeat rows as booking systems do: the same learner and activity, another status."""
        attended = [row for row in self.participations if row.status == "attended"]
        for row in self.rng.sample(attended, how_many):
            again = self.rng.choice(("offered", "offered", "absent", "attended"))
            self.participations.append(Participation(row.activity, row.learner, again, row.year_group))

    def number_activities(self) -> None:
        """Give the activities their ids, in order of date, and sort them by id."""
        self.activities.sort(key=lambda activity: activity.day)
        for number, activity in enumerate(self.activities, start=1):
            activity.activity_id = activity.cells["activity_id"] = f"A{number:04}"

    def participation_rows(self, blank_status: float) -> list[Cells]:
        """Return the rows of participations, in order of activity.

        Args:
            blank_status: The share of attended ones that say so by leaving the status blank.
        """
        return [
            {
                "activity_id": row.activity.activity_id,
                "learner_id": row.learner.learner_id,
                "status": "" if row.status == "attended" and self.rng.random() < blank_status else row.status,
                "year_group": row.year_group,
            }
            for row in sorted(self.participations, key=lambda row: row.activity.activity_id)
        ]


def number_learners(rng: random.Random, learners: list[Learner], letter: str) -> None:
    """Give learners their ids in order of arrival, and sort them by id."""
    rng.shuffle(learners)
    learners.sort(key=lambda learner: learner.arrived)
    for number, learner in enumerate(learners, start=1):
        learner.learner_id = learner.cells["learner_id"] = f"{letter}{number:04}"


def least_present(rng: random.Random, learners: Sequence[Learner], how_many: int) -> list[Learner]:
    """Choose learners for a planned shortfall, mostly those who are often away."""
    order = {learner: learner.attendance + rng.uniform(0, 0.15) for learner in learners}
    return sorted(learners, key=order.__getitem__)[:how_many]


def split(rng: random.Random, learners: Sequence[Learner], most: int) -> list[list[Learner]]:
    """Split learners into small groups of up to so many, at random."""
    rest = list(learners)
    rng.shuffle(rest)
    groups = []
    while rest:
        size = rng.randint(1, most)
        groups.append(rest[:size])
        rest = rest[size:]
    return groups


def employer_cells(rng: random.Random) -> Cells:
    """Draw an employer."""
    name, size, sector = rng.choice(EMPLOYERS)
    return {"employer": name, "employer_size": size, "employer_sector": sector}


def respell(rows: Iterable[Cells], columns: Iterable[str], yes: str, no: str) -> None:
    """Spell the yes and no of some columns as another system would."""
    spelling = {"yes": yes, "no": no}
    chosen = list(columns)
    for row in rows:
        row.update({column: spelling.get(row[column], row[column]) for column in chosen if column in row})


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Cells], *, bom: bool = False, newline: str = "\n"
) -> None:
    """Write a table as UTF-8 CSV.

    Args:
        path: Where to.
        columns: The header.
        rows: The rows; a cell that is missing is blank.
        bom: Whether it begins with a byte-order mark.
        newline: How lines end.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig" if bom else "utf-8"))


def write_json(path: Path, content: object) -> None:
    """Write a JSON file."""
    path.write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def in_years(learners: Iterable[Learner], year: int, *year_groups: int) -> list[Learner]:
    """Those who were in one of the year groups in an academic year; a Year 14 is a Year 13."""
    return [
        learner
        for learner in learners
        if min(learner.year_in(year), 13) in year_groups
        and (learner.left is None or academic_year(learner.left) >= year)
    ]
