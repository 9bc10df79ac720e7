"""Make a synthetic country: as many schools as asked for, straight to Parquet, always the same rows.

``python examples/make_country.py FOLDER [--schools 3400]`` writes institutions, learners, activities
and participations, sorted by institution. At 3,400 schools there are about 3.6 million learners and
57 million participations. Nobody and nothing in it is real: seeded random numbers drew it all.

It needs numpy and pyarrow. Memory stays small, because schools are written a few at a time.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import parquet

SEED: Final = 2026_07_10
THIS_YEAR: Final = 2025
"""The year in which the academic year of the assessment, on 10 July 2026, began."""

LEARNERS_A_YEAR: Final = {7: 162, 8: 162, 9: 162, 10: 160, 11: 158, 12: 132, 13: 124}
TUTOR_GROUPS: Final = 6
SCHOOLS_AT_A_TIME: Final = 20
FIRST_ID: Final = 900_001
SPECIAL_EVERY: Final = 25
"""So often there is a special school, which declares who is in the cohort."""

CORE: Final = ("English", "mathematics", "science")
FOUNDATION: Final = ("art", "computing", "Design and Technology", "french", "geography", "history", "music")
OPTIONS: Final = (
    "biology", "business", "chemistry", "drama", "economics", "engineering", "further_mathematics",
    "law", "physics", "psychology", "sociology", "spanish", "statistics",
)  # fmt: skip

CHECKLIST: Final = (
    "purpose_shared", "learning_outcomes", "two_way", "reflection", "range_of_people", "task",
    "feedback", "meets_staff", "meets_learners", "provider_information", "learning_described",
)  # fmt: skip
STATUSES: Final = ("attended", "absent", "offered")

EMPLOYER, WORKPLACE, PROVIDER = "employer_encounter", "workplace_experience", "provider_encounter"
GUIDANCE, INFORMATION, LINK = "guidance_meeting", "labour_market_information", "curriculum_link"


class Event(NamedTuple):
    """Something that a year group has once in an academic year, tutor group by tutor group.

    Args:
        kinds: What it is.
        month: The month of the calendar.
        attendance: How many of a hundred learners are there.
        provider_types: Whom they meet.
        subjects: What it links to.
        this_year_only: Whether records of earlier years have been cleared.
    """

    kinds: tuple[str, ...]
    month: int
    attendance: float
    provider_types: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    this_year_only: bool = False


TALK: Final = Event((EMPLOYER,), 11, 0.97)
MARKET: Final = Event((INFORMATION,), 10, 0.98)
CORE_LINK: Final = Event((LINK,), 3, 0.97, subjects=CORE)
OTHER_LINK: Final = Event((LINK,), 2, 0.97, subjects=(*FOUNDATION, *OPTIONS), this_year_only=True)
EVERY_YEAR: Final = (TALK, MARKET, CORE_LINK, OTHER_LINK)
FOUR_TYPES: Final = ("sixth_form", "college", "university", "itp")
ALSO: Final[dict[int, tuple[Event, ...]]] = {
    7: (),
    8: (Event((PROVIDER,), 6, 0.94, ("sixth_form", "college")),),
    9: (Event((PROVIDER, EMPLOYER), 5, 0.94, ("itp", "apprenticeship_provider")),),
    10: (Event((WORKPLACE, EMPLOYER), 6, 0.97),),
    11: (
        Event((GUIDANCE,), 1, 0.98),
        Event((WORKPLACE,), 10, 0.97),
        Event((PROVIDER,), 12, 0.95, (*FOUR_TYPES, "apprenticeship_provider")),
    ),
    12: (Event((WORKPLACE, EMPLOYER), 6, 0.96), Event((PROVIDER,), 6, 0.95, ("university",))),
    13: (Event((GUIDANCE,), 1, 0.98), Event((PROVIDER,), 9, 0.94, ("university",))),
}
"""By year group, what there is beside `EVERY_YEAR`."""


def events_of(year_group: int) -> list[tuple[int, Event]]:
    """Return what a year group of today has had: the academic year and the event."""
    return [
        (THIS_YEAR - (year_group - then), event)
        for then in range(7, year_group + 1)
        for event in (*EVERY_YEAR, *ALSO[then])
        if then == year_group or not event.this_year_only
    ]


def day_of(year: int, event: Event, group: int) -> date:
    """Return the day on which a tutor group had an event."""
    return date(year if event.month >= 9 else year + 1, event.month, 3 + 4 * group)


class Columns:
    """Columns of a table on their way to a file, as arrays of one school after the other."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Any]] = {}

    def add(self, **columns: Any) -> None:
        """Add the rows of a school."""
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(values)

    def table(self, schema: pa.Schema) -> pa.Table:
        """Return all rows."""
        columns = [
            pa.chunked_array([pa.array(part, type=field.type) for part in self._parts[field.name]])
            for field in schema
        ]
        return pa.Table.from_arrays(columns, schema=schema)


TEXT: Any = pa.string()
CODED: Any = pa.dictionary(pa.int32(), pa.string())
LISTED: Any = pa.list_(pa.string())
SCHEMAS: Final[dict[str, pa.Schema]] = {
    "institutions": pa.schema({"institution_id": pa.int64(), "name": TEXT, "kind": TEXT}),
    "learners": pa.schema(
        [
            ("institution_id", pa.int64()), ("learner_id", CODED), ("year_group", pa.int8()), ("sex", CODED),
            ("disadvantaged", pa.bool_()), ("sen_provision", CODED), ("considering_he", pa.bool_()),
            ("in_cohort", pa.bool_()), ("subjects", LISTED), ("on_roll_to", pa.date32()),
        ]
    ),
    "activities": pa.schema(
        {
            "institution_id": pa.int64(), "activity_id": CODED, "date": pa.date32(), "kinds": LISTED,
            "subjects": LISTED, "provider_types": LISTED, "duration_minutes": pa.int32(),
            "adviser_level": pa.int8(), "meaningful": pa.bool_(), "site_visit": pa.bool_(),
            **dict.fromkeys(CHECKLIST, pa.bool_()),
        }
    ),
    "participations": pa.schema(
        [
            ("institution_id", pa.int64()), ("activity_id", CODED), ("learner_id", CODED), ("status", CODED),
            ("year_group", pa.int8()),
        ]
    ),
}  # fmt: skip

LEARNER_IDS: Final = pa.array([f"L{number:05}" for number in range(2000)])
ACTIVITY_IDS: Final = pa.array([f"A{number:05}" for number in range(2000)])


def coded(indices: Any, texts: Any, blank: Any = None) -> Any:
    """Return texts by their number."""
    return pa.DictionaryArray.from_arrays(pa.array(indices, type=pa.int32(), mask=blank), texts)


def maybe(values: Any, blank: Any) -> Any:
    """Return values of which some are not known."""
    return pa.array(values, mask=blank)


def add_school(number: int, files: dict[str, Columns]) -> None:
    """Draw one school."""
    rng = np.random.default_rng([SEED, number])
    school = FIRST_ID + number
    special = number % SPECIAL_EVERY == SPECIAL_EVERY - 1
    files["institutions"].add(
        institution_id=[school],
        name=[f"School {school} (synthetic)"],
        kind=["special_school" if special else "secondary_school"],
    )
    size = rng.uniform(0.75, 1.25)
    missed = max(0.0, rng.normal(0.01, 0.02))  # what a weak school adds to everybody's absence
    first_learner = first_activity = 0
    for year_group, usual in LEARNERS_A_YEAR.items():
        count = int(usual * size)
        events = events_of(year_group)
        add_learners(
            rng, files["learners"], school, year_group, first=first_learner, count=count, special=special
        )
        add_activities(rng, files["activities"], school, events, first_activity)
        add_participations(
            rng,
            files["participations"],
            school,
            events,
            first_learner=first_learner,
            count=count,
            first_activity=first_activity,
            missed=missed,
        )
        first_learner += count
        first_activity += len(events) * TUTOR_GROUPS


def add_learners(
    rng: np.random.Generator,
    columns: Columns,
    school: int,
    year_group: int,
    *,
    first: int,
    count: int,
    special: bool,
) -> None:
    """Draw the learners of a year group."""
    if year_group < 10:
        subjects = [[*CORE, *FOUNDATION]] * count
    else:
        pool = np.array([*FOUNDATION, *OPTIONS] if year_group < 12 else OPTIONS)
        chosen = rng.random((count, len(pool))).argsort(axis=1)[:, : 4 if year_group < 12 else 3]
        core = CORE if year_group < 12 else ()
        subjects = [[*core, *row] for row in pool[chosen].tolist()]
    unknown = rng.random(count) < 0.005
    left = rng.random(count) < 0.02
    left_on = np.where(rng.random(count) < 0.5, np.datetime64("2026-05-15"), np.datetime64("2026-02-13"))
    columns.add(
        institution_id=np.full(count, school),
        learner_id=coded(np.arange(first, first + count), LEARNER_IDS),
        year_group=np.full(count, 14 if year_group == 13 and school % 50 == 0 else year_group, dtype=np.int8),
        sex=coded(rng.integers(0, 2, count), pa.array(["F", "M"])),
        disadvantaged=maybe(rng.random(count) < 0.25, rng.random(count) < 0.02),
        sen_provision=coded(rng.choice(3, count, p=[0.82, 0.14, 0.04]), pa.array(["N", "K", "E"])),
        considering_he=maybe(rng.random(count) < 0.55, rng.random(count) < 0.04),
        in_cohort=maybe(rng.random(count) > 0.1, np.full(count, not special)),
        subjects=[None if blank else row for row, blank in zip(subjects, unknown, strict=True)],
        on_roll_to=pa.array(left_on, type=pa.date32(), mask=~left),
    )


def add_activities(
    rng: np.random.Generator, columns: Columns, school: int, events: list[tuple[int, Event]], first: int
) -> None:
    """Draw the activities of a year group: each event once for each tutor group."""
    held = [(year, event, group) for year, event in events for group in range(TUTOR_GROUPS)]
    count = len(held)
    checked = rng.random(count) < 0.95
    lacking = rng.random((count, len(CHECKLIST))) < 0.004
    columns.add(
        institution_id=np.full(count, school),
        activity_id=coded(np.arange(first, first + count), ACTIVITY_IDS),
        date=[day_of(year, event, group) for year, event, group in held],
        kinds=[event.kinds for _, event, _ in held],
        subjects=[event.subjects or None for _, event, _ in held],
        provider_types=[event.provider_types or None for _, event, _ in held],
        duration_minutes=rng.integers(1, 11, count, dtype=np.int32) * 30,
        adviser_level=maybe(
            np.where(rng.random(count) < 0.97, 6, 4).astype(np.int8),
            np.array([GUIDANCE not in event.kinds for _, event, _ in held]),
        ),
        meaningful=maybe(checked, rng.random(count) < 0.9),
        site_visit=np.array([bool(event.provider_types) for _, event, _ in held])
        & (rng.random(count) < 0.97),
        **{item: maybe(~lacking[:, place], ~checked) for place, item in enumerate(CHECKLIST)},
    )


def add_participations(
    rng: np.random.Generator,
    columns: Columns,
    school: int,
    events: list[tuple[int, Event]],
    *,
    first_learner: int,
    count: int,
    first_activity: int,
    missed: float,
) -> None:
    """Draw who took part: a row for nearly everybody who was meant to come."""
    chance = rng.random((len(events), count))
    attendance = np.array([event.attendance for _, event in events])[:, None] - missed
    there = chance < attendance
    status = np.where(there, 0, np.where(chance < attendance + 0.01, 2, 1)).astype(np.int32)
    recorded = there | (rng.random(there.shape) < 0.6)
    event, learner = np.nonzero(recorded)
    activity = event * TUTOR_GROUPS + learner % TUTOR_GROUPS
    status = status[event, learner]
    again = np.flatnonzero(rng.random(len(event)) < 0.004)  # as booking systems do
    event, learner, activity = (np.concatenate([rows, rows[again]]) for rows in (event, learner, activity))
    status = np.concatenate([status, rng.integers(0, 3, len(again), dtype=np.int32)])
    order = np.argsort(activity, kind="stable")
    rows = len(order)
    columns.add(
        institution_id=np.full(rows, school),
        activity_id=coded(first_activity + activity[order], ACTIVITY_IDS),
        learner_id=coded(first_learner + learner[order], LEARNER_IDS),
        status=coded(status[order], pa.array(STATUSES)),
        year_group=maybe(rng.integers(7, 14, rows, dtype=np.int8), rng.random(rows) >= 0.001),
    )


def make(folder: Path, schools: int) -> None:
    """Write the tables of so many schools."""
    folder.mkdir(parents=True, exist_ok=True)
    writers = {
        # Without the schema of arrow, readers see texts where it has codes for them.
        name: parquet.ParquetWriter(
            folder / f"{name}.parquet", schema, compression="zstd", store_schema=False
        )
        for name, schema in SCHEMAS.items()
    }
    for first in range(0, schools, SCHOOLS_AT_A_TIME):
        files = {name: Columns() for name in SCHEMAS}
        for number in range(first, min(first + SCHOOLS_AT_A_TIME, schools)):
            add_school(number, files)
        for name, columns in files.items():
            writers[name].write_table(columns.table(SCHEMAS[name]))
    for writer in writers.values():
        writer.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make a synthetic country of schools as Parquet tables.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=3400)
    given = parser.parse_args()
    make(given.folder, given.schools)


if __name__ == "__main__":
    main()
