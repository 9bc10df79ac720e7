"""A country of schools: the library against queries written by hand for the same criteria.

``python benchmarks/country.py [--schools 100 3400] [--engines polars duckdb] [--rounds 3]`` makes the
synthetic countries if they are not there, then scores each with the library (``score-all``) and with
a peer, in turn, every run in a process of its own. It prints time, processor time and peak memory, the
ratios, and one digest per run: they have to be equal.

The peers know one edition (2025-school), one date and this one data set: its spellings, its types, no
colleges, no bad values. They classify the activities once, spread bits and combine them, as good
queries do. They are as fast as their author could make them while giving the same digest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final

AS_OF: Final = date(2026, 7, 10)
HERE: Final = Path(__file__).resolve().parent
DATA: Final = Path(os.environ.get("GATSBYKIT_BENCH_DATA", HERE / "data"))

MEANINGFUL: Final = {
    "employer": ("purpose_shared", "learning_outcomes", "two_way", "reflection"),
    "workplace": (
        "purpose_shared", "learning_outcomes", "two_way", "range_of_people", "task", "feedback", "reflection"
    ),
    "provider": ("purpose_shared", "learning_outcomes", "meets_staff", "meets_learners"),
}  # fmt: skip
SUBJECTS: Final = (
    "English", "mathematics", "science", "art", "computing", "Design and Technology", "french",
    "geography", "history", "music", "biology", "business", "chemistry", "drama", "economics",
    "engineering", "further_mathematics", "law", "physics", "psychology", "sociology", "spanish",
    "statistics",
)  # fmt: skip
INFORMATION, EMPLOYER, WORKPLACE, SIXTH_FORM, COLLEGE, UNIVERSITY, ITP, VISIT, GUIDANCE, LINK = (
    1 << place for place in range(10)
)
ALL_TYPES: Final = SIXTH_FORM | COLLEGE | UNIVERSITY | ITP
CRITERIA: Final = ("2a", "4a", "5a", "6a", "6b", "7a", "7b", "8a", "8b")


def with_polars(folder: Path) -> list[tuple[Any, ...]]:
    """Score the country with one streaming query of polars."""
    import polars as pl  # noqa: PLC0415 (measured is the one that was chosen)

    def table(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / f"{name}.parquet")

    def yes(name: str, kind: str) -> pl.Expr:
        has_kind = pl.col("kinds").list.contains(name)
        checked = pl.all_horizontal(pl.col(item).fill_null(False) for item in MEANINGFUL[kind])
        return has_kind & pl.coalesce("meaningful", checked)

    def bit(condition: pl.Expr, value: int) -> pl.Expr:
        return pl.when(condition).then(value).otherwise(0)

    def year_of(day: pl.Expr) -> pl.Expr:
        return day.dt.year() - (day.dt.month() < 9).cast(pl.Int32)

    def subject_bits(column: pl.Expr) -> pl.Expr:
        bits = pl.element().replace_strict(
            list(SUBJECTS), [1 << place for place in range(len(SUBJECTS))], return_dtype=pl.Int64
        )
        return column.list.eval(bits).list.sum().fill_null(0)

    this_year = year_of(pl.col("date")) == 2025
    fine = pl.col("meaningful").fill_null(True)
    provider = yes("provider_encounter", "provider")
    types = {"sixth_form": SIXTH_FORM, "college": COLLEGE, "university": UNIVERSITY, "itp": ITP}
    activities = (
        table("activities")
        .filter(pl.col("date") <= AS_OF)
        .select(
            "institution_id",
            "activity_id",
            year_of(pl.col("date")).alias("year"),
            (
                bit(pl.col("kinds").list.contains("labour_market_information") & fine, INFORMATION)
                + bit(yes("employer_encounter", "employer") & this_year, EMPLOYER)
                + bit(yes("workplace_experience", "workplace"), WORKPLACE)
                + sum(
                    (bit(provider & pl.col("provider_types").list.contains(name), value) for name, value in types.items()),
                    start=pl.lit(0),
                )
                + bit(provider & pl.col("provider_types").list.contains("university") & pl.col("site_visit"), VISIT)
                + bit(pl.col("kinds").list.contains("guidance_meeting") & fine & (pl.col("adviser_level") >= 6), GUIDANCE)
                + bit(pl.col("kinds").list.contains("curriculum_link") & fine & this_year, LINK)
            ).cast(pl.Int64).alias("bits"),
            subject_bits(pl.col("subjects")).alias("links"),
        )
        .filter(pl.col("bits") != 0)
    )
    now = pl.col("year_group").clip(upper_bound=13).cast(pl.Int32)
    left = pl.col("on_roll_to")
    learners = (
        table("learners")
        .join(table("institutions").select("institution_id", "kind"), on="institution_id")
        .filter(
            left.is_null() | (left >= AS_OF) | left.is_between(date(2026, 5, 1), date(2026, 8, 31)),
            (pl.col("kind") == "secondary_school") | pl.col("in_cohort").fill_null(True),
        )
        .select(
            "institution_id",
            "learner_id",
            now.alias("now"),
            (pl.col("year_group").cast(pl.Int32) - 2025).alias("offset"),
            pl.col("considering_he").fill_null(False).alias("he"),
            subject_bits(pl.col("subjects")).alias("mine"),
        )
    )
    places = (
        table("participations")
        .with_columns(
            strength=pl.when(pl.col("status") == "attended").then(32).when(pl.col("status") == "offered").then(16).otherwise(0)
            + pl.col("year_group").fill_null(0)
        )
        .join(activities, on=["institution_id", "activity_id"])
        .join(learners.select("institution_id", "learner_id", "now", "offset"), on=["institution_id", "learner_id"])
        .group_by("institution_id", "learner_id", "activity_id")
        .agg(pl.col("strength").max(), pl.first("year", "bits", "links", "now", "offset"))
    )
    override = pl.col("strength") % 16
    then = pl.when(override > 0).then(override).otherwise(pl.col("offset") + pl.col("year")).clip(upper_bound=13)
    early = WORKPLACE | ALL_TYPES | GUIDANCE
    by_time = (
        pl.when(then < 7).then(0)
        .when(then <= 11).then(EMPLOYER | VISIT | LINK | early)
        .otherwise(EMPLOYER | VISIT | LINK | (early << 10))
    )  # fmt: skip
    stage = pl.when(then <= 9).then(3).when(then <= 11).then(4).otherwise(5)
    own_stage = pl.when(pl.col("now") <= 9).then(3).when(pl.col("now") <= 11).then(4).otherwise(5)
    information = bit((stage == own_stage) & (then >= 7), INFORMATION)
    by_status = pl.when(pl.col("strength") >= 32).then(-1).when(pl.col("strength") >= 16).then(LINK).otherwise(0)
    bits = (pl.col("bits") | (pl.col("bits") << 10 if False else pl.col("bits") * 1024)) & (by_time | information) & by_status
    seen = (
        places.with_columns(seen=bits)
        .group_by("institution_id", "learner_id")
        .agg(
            pl.col("seen").bitwise_or(),
            ((pl.col("seen") & WORKPLACE) != 0).sum().alias("workplaces"),
            ((pl.col("seen") & VISIT) != 0).sum().alias("visits"),
            pl.when((pl.col("seen") & LINK) != 0).then("links").otherwise(0).bitwise_or(),
        )
    )

    def has(mask: int) -> pl.Expr:
        return (pl.col("seen") & mask) == mask

    due = {year: pl.col("now") == year for year in (9, 11, 13)}
    asked = {
        "2a": (due[9] | due[11] | due[13], has(INFORMATION)),
        "4a": ((pl.col("now") >= 7) & (pl.col("mine") != 0), (pl.col("mine") & ~pl.col("links")) == 0),
        "5a": (pl.col("now") >= 7, has(EMPLOYER)),
        "6a": (due[11], pl.col("workplaces") >= 2),
        "6b": (due[13], has(WORKPLACE << 10)),
        "7a": (due[11], has(ALL_TYPES)),
        "7b": (due[13] & pl.col("he"), pl.col("visits") >= 2),
        "8a": (due[11], has(GUIDANCE)),
        "8b": (due[13], has(GUIDANCE << 10)),
    }
    sums = (
        learners.join(seen, on=["institution_id", "learner_id"], how="left")
        .with_columns(pl.col("seen", "workplaces", "visits", "links").fill_null(0))
        .group_by("institution_id")
        .agg(
            *((who & met).sum().alias(f"{name} met") for name, (who, met) in asked.items()),
            *(who.sum().alias(f"{name} of") for name, (who, _) in asked.items()),
        )
        .collect(engine="streaming")
    )
    return [
        (row["institution_id"], name, row[f"{name} met"], row[f"{name} of"])
        for row in sums.iter_rows(named=True)
        for name in CRITERIA
    ]
