"""A country of schools: the library against queries written by hand for the same criteria.

Synthetic countries are made if they are not there, and scored by the library (what ``score-all``
does) and by a peer in turn, every run in a process of its own: with time, processor time, peak memory
and a digest of all counts. Where the digests differ there is no comparison.

The peers know one edition (2025-school), one date and this one data set: its spellings, its types, no
colleges, no bad values. They classify the activities once, spread bits and combine them, as good
queries do. They are as fast as their author could make them while giving the same digest.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.timing import Comparison, compared, time_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["run"]

AS_OF: Final = date(2026, 7, 10)
HERE: Final = Path(__file__).resolve().parent
DATA: Final = Path(os.environ.get("GATSBYKIT_BENCH_DATA", HERE / "data"))

MEANINGFUL: Final = {
    "employer": ("purpose_shared", "learning_outcomes", "two_way", "reflection"),
    "workplace": (
        "purpose_shared", "learning_outcomes", "two_way", "range_of_people", "task", "feedback", "reflection"
    ),
    "provider": (
        "purpose_shared", "learning_outcomes", "two_way", "provider_information", "learning_described",
        "reflection", "meets_staff", "meets_learners",
    ),
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
LATER: Final = 1 << 10
"""What moves a bit to its place for Years 12 and 13."""

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
                    (
                        bit(provider & pl.col("provider_types").list.contains(name), value)
                        for name, value in types.items()
                    ),
                    start=pl.lit(0),
                )
                + bit(
                    provider & pl.col("provider_types").list.contains("university") & pl.col("site_visit"),
                    VISIT,
                )
                + bit(
                    pl.col("kinds").list.contains("guidance_meeting") & fine & (pl.col("adviser_level") >= 6),
                    GUIDANCE,
                )
                + bit(pl.col("kinds").list.contains("curriculum_link") & fine & this_year, LINK)
            )
            .cast(pl.Int64)
            .alias("bits"),
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
            strength=pl.when(pl.col("status") == "attended")
            .then(32)
            .when(pl.col("status") == "offered")
            .then(16)
            .otherwise(0)
            + pl.col("year_group").fill_null(0)
        )
        .join(activities, on=["institution_id", "activity_id"])
        .join(
            learners.select("institution_id", "learner_id", "now", "offset"),
            on=["institution_id", "learner_id"],
        )
        .group_by("institution_id", "learner_id", "activity_id")
        .agg(pl.col("strength").max(), pl.first("year", "bits", "links", "now", "offset"))
    )
    override = pl.col("strength") % 16
    then = (
        pl.when(override > 0).then(override).otherwise(pl.col("offset") + pl.col("year")).clip(upper_bound=13)
    )
    early = WORKPLACE | ALL_TYPES | GUIDANCE
    by_time = (
        pl.when(then < 7).then(0)
        .when(then <= 11).then(EMPLOYER | VISIT | LINK | early)
        .otherwise(EMPLOYER | VISIT | LINK | (early * LATER))
    )  # fmt: skip
    stage = pl.when(then <= 9).then(3).when(then <= 11).then(4).otherwise(5)
    own_stage = pl.when(pl.col("now") <= 9).then(3).when(pl.col("now") <= 11).then(4).otherwise(5)
    information = bit((stage == own_stage) & (then >= 7), INFORMATION)
    by_status = (
        pl.when(pl.col("strength") >= 32).then(-1).when(pl.col("strength") >= 16).then(LINK).otherwise(0)
    )
    bits = (pl.col("bits") | (pl.col("bits") * LATER)) & (by_time | information) & by_status
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
        "6b": (due[13], has(WORKPLACE * LATER)),
        "7a": (due[11], has(ALL_TYPES)),
        "7b": (due[13] & pl.col("he"), pl.col("visits") >= 2),
        "8a": (due[11], has(GUIDANCE)),
        "8b": (due[13], has(GUIDANCE * LATER)),
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


def with_duckdb(folder: Path) -> list[tuple[Any, ...]]:
    """Score the country with one query of DuckDB."""
    import duckdb  # noqa: PLC0415 (measured is the one that was chosen)

    def yes(kind: str, items: str) -> str:
        checked = " AND ".join(f"coalesce({item}, false)" for item in MEANINGFUL[items])
        return f"(list_contains(kinds, '{kind}') AND coalesce(meaningful, {checked}))"

    def year_of(day: str) -> str:
        return f"(year({day}) - CASE WHEN month({day}) < 9 THEN 1 ELSE 0 END)"

    def bit(condition: str, value: int) -> str:
        return f"CASE WHEN {condition} THEN {value} ELSE 0 END"

    places = " ".join(f"WHEN '{subject}' THEN {1 << place}" for place, subject in enumerate(SUBJECTS))
    subject_bits = f"coalesce(list_sum(list_transform(subjects, lambda s: CASE s {places} END)), 0)::BIGINT"
    provider = yes("provider_encounter", "provider")
    types = {"sixth_form": SIXTH_FORM, "college": COLLEGE, "university": UNIVERSITY, "itp": ITP}
    this_year = f"{year_of('date')} = 2025"
    fine = "coalesce(meaningful, true)"
    bits = [
        bit(f"list_contains(kinds, 'labour_market_information') AND {fine}", INFORMATION),
        bit(f"{yes('employer_encounter', 'employer')} AND {this_year}", EMPLOYER),
        bit(yes("workplace_experience", "workplace"), WORKPLACE),
        *(
            bit(f"{provider} AND list_contains(provider_types, '{name}')", value)
            for name, value in types.items()
        ),
        bit(f"{provider} AND list_contains(provider_types, 'university') AND site_visit", VISIT),
        bit(f"list_contains(kinds, 'guidance_meeting') AND {fine} AND adviser_level >= 6", GUIDANCE),
        bit(f"list_contains(kinds, 'curriculum_link') AND {fine} AND {this_year}", LINK),
    ]
    always, early = EMPLOYER | VISIT | LINK, WORKPLACE | ALL_TYPES | GUIDANCE
    stage = "CASE WHEN {0} <= 9 THEN 3 WHEN {0} <= 11 THEN 4 ELSE 5 END"
    has = "coalesce(seen, 0) & {0} = {0}"
    asked = {
        "2a": ("now IN (9, 11, 13)", has.format(INFORMATION)),
        "4a": ("now >= 7 AND mine != 0", "mine & ~coalesce(s.links, 0) = 0"),
        "5a": ("now >= 7", has.format(EMPLOYER)),
        "6a": ("now = 11", "coalesce(workplaces, 0) >= 2"),
        "6b": ("now = 13", has.format(WORKPLACE * LATER)),
        "7a": ("now = 11", has.format(ALL_TYPES)),
        "7b": ("now = 13 AND he", "coalesce(visits, 0) >= 2"),
        "8a": ("now = 11", has.format(GUIDANCE)),
        "8b": ("now = 13", has.format(GUIDANCE * LATER)),
    }
    sums = ", ".join(
        f'count(*) FILTER (({who}) AND ({met})) AS "{name} met", count(*) FILTER ({who}) AS "{name} of"'
        for name, (who, met) in asked.items()
    )
    tables = {
        name: f"read_parquet('{folder / name}.parquet')"
        for name in ("institutions", "learners", "activities", "participations")
    }
    query = f"""
        WITH marked AS (
            SELECT institution_id, activity_id, {year_of("date")} AS year,
                ({" + ".join(bits)})::BIGINT AS bits, {subject_bits} AS links
            FROM {tables["activities"]} WHERE date <= DATE '{AS_OF}'
        ), people AS (
            SELECT institution_id, learner_id, least(year_group, 13)::BIGINT AS now,
                year_group::BIGINT - 2025 AS "offset", coalesce(considering_he, false) AS he,
                {subject_bits} AS mine
            FROM {tables["learners"]} l JOIN {tables["institutions"]} i USING (institution_id)
            WHERE (on_roll_to IS NULL OR on_roll_to >= DATE '{AS_OF}'
                   OR on_roll_to BETWEEN DATE '2026-05-01' AND DATE '2026-08-31')
                AND (kind = 'secondary_school' OR coalesce(in_cohort, true))
        ), places AS (
            SELECT institution_id, learner_id, activity_id, any_value(year) AS year, any_value(bits) AS bits,
                any_value(m.links) AS links, any_value(now) AS now, any_value("offset") AS "offset",
                max(CASE status WHEN 'attended' THEN 32 WHEN 'offered' THEN 16 ELSE 0 END
                    + coalesce(p.year_group, 0))::BIGINT AS strength
            FROM {tables["participations"]} p
            JOIN marked m USING (institution_id, activity_id)
            JOIN people USING (institution_id, learner_id)
            WHERE bits != 0 GROUP BY ALL
        ), dated AS (
            SELECT *, least(
                CASE WHEN strength % 16 > 0 THEN strength % 16 ELSE "offset" + year END, 13) AS then_
            FROM places
        ), masked AS (
            SELECT institution_id, learner_id, links,
                (bits | (bits * {LATER}))
                & (CASE WHEN then_ < 7 THEN 0 WHEN then_ <= 11 THEN {always | early}
                        ELSE {always | early * LATER} END
                   | CASE WHEN then_ >= 7 AND {stage.format("then_")} = {stage.format("now")}
                     THEN {INFORMATION} ELSE 0 END)
                & CASE WHEN strength >= 32 THEN -1 WHEN strength >= 16 THEN {LINK} ELSE 0 END AS seen
            FROM dated
        ), learned AS (
            SELECT institution_id, learner_id, bit_or(seen) AS seen,
                count(*) FILTER (seen & {WORKPLACE} != 0) AS workplaces,
                count(*) FILTER (seen & {VISIT} != 0) AS visits,
                bit_or(CASE WHEN seen & {LINK} != 0 THEN links ELSE 0 END) AS links
            FROM masked GROUP BY ALL
        )
        SELECT institution_id, {sums}
        FROM people LEFT JOIN learned s USING (institution_id, learner_id) GROUP BY institution_id
    """  # noqa: S608 (constants of our own)
    connection = duckdb.connect()
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [
        (row["institution_id"], name, row[f"{name} met"], row[f"{name} of"])
        for row in (dict(zip(names, values, strict=True)) for values in found.fetchall())
        for name in CRITERIA
    ]


def with_library(folder: Path, engine: str) -> list[tuple[Any, ...]]:
    """Score the country with the library."""
    from gatsbykit.frames.folder import score_folder  # noqa: PLC0415 (the same)
    from gatsbykit.scoring import Settings  # noqa: PLC0415 (only the contestants)

    scores = score_folder(folder, as_of=AS_OF, edition=None, settings=Settings(), engine=engine)
    return [
        (row["institution_id"], row["criterion"], row["numerator"], row["denominator"])
        for row in scores.criteria.to_pylist()
        if row["basis"] is not None
    ]


RUNS: Final = {
    "gatsbykit-polars": lambda folder: with_library(folder, "polars"),
    "peer-polars": with_polars,
    "gatsbykit-duckdb": lambda folder: with_library(folder, "duckdb"),
    "peer-duckdb": with_duckdb,
}


def digest(rows: list[tuple[Any, ...]]) -> str:
    """Return one digest of all counts, in a fixed order."""
    lines = sorted(f"{institution},{criterion},{met},{of}" for institution, criterion, met, of in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run_one(name: str, folder: Path) -> None:
    """Run one contestant in this process and print what it cost, beyond imports."""
    for module in ("duckdb", "polars", "pyarrow.parquet", "gatsbykit.frames.folder"):
        importlib.import_module(module)
    start, before = time.perf_counter(), time.process_time()
    rows = RUNS[name](folder)
    result = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - before,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "digest": digest(rows),
    }
    sys.stdout.write(json.dumps(result))


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Run one contestant in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.country", name, str(folder)]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 (ourselves)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def country(schools: int) -> Path:
    """Return the folder of a country, made if it is not there."""
    folder = DATA / f"country-{schools}"
    if not (folder / "participations.parquet").exists():
        script = HERE.parent / "examples" / "make_country.py"
        subprocess.run([sys.executable, str(script), str(folder), "--schools", str(schools)], check=True)  # noqa: S603 (ours)
    return folder


def run(schools: Sequence[int], rounds: int) -> Iterator[Comparison]:
    """Compare on countries of these sizes: time and memory on the largest, growth from the smallest."""
    few, many = min(schools), max(schools)
    for engine, peer in (("polars", "hand-written polars, bit by bit"), ("duckdb", "hand-written SQL")):
        ours, theirs = f"gatsbykit-{engine}", f"peer-{engine}"
        of_few: list[dict[str, Any]] = []
        found: dict[str, list[dict[str, Any]]] = {ours: [], theirs: []}
        for _ in range(rounds):
            if few < many:
                of_few.append(measure(ours, country(few)))
            for name, results in found.items():
                results.append(measure(name, country(many)))
        digests = {result["digest"] for results in found.values() for result in results}
        if len(digests) > 1:
            raise SystemExit(f"{engine}: the counts differ: {', '.join(sorted(digests))}")
        seconds = {name: [result["seconds"] for result in results] for name, results in found.items()}
        yield compared(
            f"{many} schools with `score-all --engine {engine}`",
            f"{peer} (digest {digests.pop()[:12]}, equal)",
            seconds[ours],
            seconds[theirs],
            at_least=Fraction(2, 3),
            target="at most 1.5 times its time",
        )
        if engine == "polars":  # DuckDB takes what there is, and spills the rest to disk
            peak, peer_peak = (max(one["peak_mib"] for one in found[name]) for name in (ours, theirs))
            yield Comparison(
                work="memory at the peak, polars",
                peer="the same",
                ours=f"{peak:,.0f} MiB",
                theirs=f"{peer_peak:,.0f} MiB",
                found=f"{peak / peer_peak:.2f} times its memory",
                target="at most 1.5 GiB",
                reached=peak <= 1536,
            )
        if few < many:
            each = [min(one["cpu"] for one in results) for results in (found[ours], of_few)]
            growth = (each[0] / many) / (each[1] / few)
            yield Comparison(
                work=f"growth on {engine}: processor time a school, {many} schools",
                peer=f"{few} schools",
                ours=time_words(each[0] / many),
                theirs=time_words(each[1] / few),
                found=f"{growth:.2f} times as long",
                target="at most 1.2 times",
                reached=growth <= 1.2,
            )


if __name__ == "__main__":
    run_one(sys.argv[1], Path(sys.argv[2]))
