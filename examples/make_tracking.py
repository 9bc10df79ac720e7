"""Make `northfield_tracking`: monthly snapshots of Northfield's leavers, as an NCCIS export has them.

Run it again to get the same bytes: ``python examples/make_tracking.py [--out FOLDER]``. It reads the
learners of `northfield`, and is as untidy as real tracking: months that are missing, the same month twice
with two activities, two ways to write a date, a code on which sources disagree, leavers never found.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path
from typing import Final

SEED: Final = 2026_07_10
COHORT: Final = ("2025-05-01", "2025-08-31")
"""The last days on roll of those who finished in 2024/25."""

MONTHS: Final = [(2025, number) for number in range(8, 13)] + [(2026, number) for number in range(1, 7)]

NEVER_FOUND: Final = 6
MONTHS_MISSING: Final = 14
DISPUTED: Final = 2
PATHS: Final = {
    11: (("220", 30), ("230", 45), ("310", 12), ("330", 6), ("619", 7)),
    13: (("240", 48), ("230", 8), ("310", 16), ("330", 20), ("619", 8)),
}
"""By year group, how often each activity is begun."""

UNIVERSITIES: Final = (
    "10007795",
    "University of Leeds",
    "10007774",
    "Hill University",
    "",
    "York University",
)
HEADER: Final = (
    "YoungPersonsID",
    "ActivityCode",
    "PeriodEnd",
    "UKProviderReferenceNumber",
    "EstablishmentName",
)


def leavers() -> list[tuple[str, int]]:
    """Return the ids and year groups of those who left in the summer of 2025, from Year 11 or 13."""
    with (Path(__file__).parent / "northfield" / "learners.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first, last = COHORT
    return [
        (row["learner_id"], int(row["year_group"]))
        for row in rows
        if first <= row["on_roll_to"] <= last and row["year_group"] in {"11", "13"}
    ]


def period_end(year: int, month: int, *, iso: bool) -> str:
    """Write the last day of a month in one of the two ways in which exports have it."""
    day = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    return f"{year}-{month:02}-{day}" if iso else f"{day}/{month:02}/{year}"


def rows() -> list[tuple[str, ...]]:
    """Return the rows of the export."""
    dice = random.Random(SEED)
    found: list[tuple[str, ...]] = []
    everybody = leavers()
    hidden = {name for name, _ in dice.sample(everybody, NEVER_FOUND)}
    gaps = {name for name, _ in dice.sample(everybody, MONTHS_MISSING)}
    disputed = {name for name, _ in dice.sample(everybody, DISPUTED)}
    for name, year_group in everybody:
        codes = [code for code, _ in PATHS[year_group]]
        weights = [weight for _, weight in PATHS[year_group]]
        code = dice.choices(codes, weights)[0]
        place = dice.choice(UNIVERSITIES) if code == "240" else ""
        changed = dice.random() < 0.15
        missing = dice.sample(range(2, 8), 2) if name in gaps else []
        for index, (year, month) in enumerate(MONTHS):
            if changed and index == 4:
                code, place = dice.choice(("330", "619", "230")), ""
            now = "810" if name in hidden else "550" if name in disputed else code
            if index in missing:
                continue
            ukprn, named = (place, "") if place.isdigit() else ("", place)
            end = period_end(year, month, iso=dice.random() < 0.1)
            found.append((name, now, end, ukprn, named))
            if now == "230" and dice.random() < 0.05:  # and a Saturday job
                found.append((name, "360", end, "", ""))
    dice.shuffle(found)
    return found


def main() -> None:
    """Write the export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "northfield_tracking")
    folder: Path = parser.parse_args().out
    folder.mkdir(exist_ok=True)
    with (folder / "nccis_export.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
