"""The columns lane on PySpark, against the objects lane."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest

import gatsbykit as gk

pl = pytest.importorskip("polars")
pyspark_sql = pytest.importorskip("pyspark.sql")

from gatsbykit.frames import FrameScores, score_frames, tables  # noqa: E402 (needs narwhals)
from gatsbykit.frames.engines import base  # noqa: E402 (the same)
from tests.support.columns import Country, columns_of, expected_of, found_by, polars_frames, rows_of  # noqa: E402 (needs what importorskip found)

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
AS_OF: Final = date(2026, 7, 10)

SETTINGS: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "OFF",
    "spark.sql.session.timeZone": "Europe/London",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # For a few rows, what makes Spark fast at many costs more than it saves.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    # By default a dozen calls of Java tell it from which line of Python an expression comes.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("PySpark needs Java 17 or newer, which is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        warehouse = str(tmp_path_factory.mktemp("warehouse"))
        builder = pyspark_sql.SparkSession.builder.master("local[2]")
        session = builder.config(map={**SETTINGS, "spark.sql.warehouse.dir": warehouse}).getOrCreate()
        yield session
        session.stop()


def some_of(name: str) -> gk.Records:
    """Return about 60 learners of an example, evenly picked, and what they took part in."""
    whole = gk.load(EXAMPLES / name)
    assert whole.learners is not None
    learners = whole.learners[:: len(whole.learners) // 60]
    ids = {learner.learner_id for learner in learners}
    rows = tuple(row for row in whole.participations or () if row.learner_id in ids)
    held = {row.activity_id for row in rows}
    return attrs.evolve(
        whole,
        answers={},
        programme=None,
        learners=learners,
        activities=tuple(one for one in whole.activities or () if one.activity_id in held),
        participations=rows,
        destinations=tuple(one for one in whole.destinations or () if one.learner_id in ids),
    )


def scored_on(session: Any, country: Country) -> FrameScores:
    """Score a country on Spark; the ids of its institutions are texts where all is text."""
    frames = polars_frames(columns_of(country.institutions, as_text=country.as_text), as_text=country.as_text)
    if country.as_text:
        frames = {
            name: frame.with_columns(pl.col("institution_id").cast(pl.String))
            for name, frame in frames.items()
        }
    return score_frames(
        **{name: session.createDataFrame(frame.to_arrow()) for name, frame in frames.items()},
        as_of=country.as_of,
        edition=country.edition,
        settings=gk.Settings(unknown=country.unknown),  # type: ignore[arg-type]
    )


BOTH: Final = Country([some_of("northfield"), some_of("riverside")], AS_OF, None, "exclude", as_text=False)
# The edition of 2014 asks of leavers too.
SCHOOL: Final = Country([some_of("northfield")], AS_OF, "2014-school", "include", as_text=True)


class Both:
    """Two institutions, scored; and of how many rows the driver saw the values while reading them."""

    def __init__(self, session: Any) -> None:
        self.seen: list[int] = []
        with pytest.MonkeyPatch.context() as patch:
            for module in (base, tables):
                patch.setattr(module, "collected", self._collect)
            self.scores = scored_on(session, BOTH)

    def _collect(self, frame: Any, collect: Any = base.collected) -> Any:
        rows = collect(frame)
        self.seen.append(len(rows))
        return rows


@pytest.fixture(scope="module")
def both(spark: Any) -> Both:
    return Both(spark)


def test_lists_and_days_as_they_are(both: Both) -> None:
    expected = expected_of(BOTH)
    assert found_by(both.scores) == expected
    assert all(row[3] for row in expected.values() if row[1])  # everything was asked of somebody


def test_everything_as_text(spark: Any) -> None:
    found = found_by(scored_on(spark, SCHOOL))
    assert {(int(number), name): row for (number, name), row in found.items()} == expected_of(SCHOOL)


def test_groups(both: Both) -> None:
    expected = {
        (number, table.criterion_id, group.value, group.numerator, group.denominator)
        for number, one in enumerate(BOTH.institutions, start=1)
        for table in gk.groups(one, as_of=AS_OF, by=["sex"]).breakdowns
        for group in table.groups
    }
    rows = rows_of(both.scores.groups("sex"))
    assert expected == {
        (row["institution_id"], row["criterion"], row["group"] or "not recorded", *counts_of(row))
        for row in rows
    }


def counts_of(row: dict[str, Any]) -> tuple[int, int]:
    return row["numerator"], row["denominator"]


def test_the_tables_stay_where_they_are(both: Both) -> None:
    assert max(both.seen) <= len(gk.InstitutionKind)


def test_the_kind_of_frame_is_kept(both: Both) -> None:
    for frame in (both.scores.criteria, both.scores.missing(), both.scores.groups("eal")):
        assert isinstance(frame, pyspark_sql.DataFrame)


def small(session: Any, **tables: tuple[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """Return tables of one school, from their schemas and rows."""
    schools = session.createDataFrame([(1, "secondary_school")], "institution_id int, kind string")
    return {"institutions": schools} | {
        name: session.createDataFrame(rows, schema) for name, (schema, rows) in tables.items()
    }


def test_types_of_spark(spark: Any) -> None:
    meeting = datetime(2026, 3, 2, 23, 30)  # noqa: DTZ001 (a time of day in the session's zone)
    given = small(
        spark,
        learners=(
            "institution_id bigint, learner_id string, year_group tinyint, sex void, subjects void",
            [(1, "L1", 11, None, None), (1, "L2", 11, None, None)],
        ),
        activities=(
            "institution_id int, activity_id string, date timestamp, adviser_level real, kinds array<string>",
            [(1, "A1", meeting, 6.0, ["guidance_meeting", None])],
        ),
        participations=(
            "institution_id smallint, learner_id string, activity_id string",
            [(1, "L1", "A1")],
        ),
    )
    rows = rows_of(score_frames(**given, as_of=date(2026, 3, 2)).criteria)
    assert [counts_of(row) for row in rows if row["criterion"] == "8a"] == [(1, 2)]


def test_nothing_but_learners(spark: Any) -> None:
    learners = ("institution_id int, learner_id string, year_group int", [(1, "L1", 11)])
    scores = score_frames(**small(spark, learners=learners), as_of=AS_OF)
    assert {row["basis"] for row in rows_of(scores.criteria)} == {None}
    assert rows_of(scores.missing()) == []


def test_errors_name_table_column_and_record(spark: Any) -> None:
    given = small(
        spark,
        learners=(
            "institution_id int, learner_id string, year_group string, on_roll_to string",
            [(1, "L1", "11", ""), (1, "L1", "11", "2026-02-30"), (1, "L3", "15", "soon")],
        ),
        activities=(
            "institution_id int, activity_id string, date date, kinds array<string>",
            [(1, "A1", None, ["open_day"])],
        ),
        participations=("institution_id int, learner_id string, activity_id string, status string", []),
    )
    with pytest.raises(gk.InvalidRecords) as raised:
        score_frames(**given, as_of=AS_OF)
    found = {(issue.file, issue.column, issue.record, issue.code) for issue in raised.value.issues}
    assert found == {
        ("learners", "learner_id", "L1 of 1", "duplicate_id"),
        ("learners", "on_roll_to", "L1 of 1", "impossible_date"),
        ("learners", "on_roll_to", "L3 of 1", "not_a_date"),
        ("learners", "year_group", "L3 of 1", "out_of_range"),
        ("activities", "date", "A1 of 1", "missing_value"),
        ("activities", "kinds", "A1 of 1", "not_a_choice"),
    }
