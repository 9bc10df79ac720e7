"""An engine of data frames is a file and a line; nobody else asks which one a frame is of."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("narwhals")

from gatsbykit import frames
from gatsbykit.frames import engines

ROOM = Path(frames.__file__).parent
LIBRARIES = sorted(engines.ENGINES)


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_line_leads_to_an_engine(library: str, tmp_path: Path) -> None:
    pytest.importorskip(library)
    from gatsbykit.frames.engines.base import Engine, FolderEngine

    engine = engines.engine_named(library)
    assert issubclass(engine, Engine)
    if library in {"polars", "duckdb"}:
        assert isinstance(engine.for_folder(tmp_path), FolderEngine)
    else:
        with pytest.raises(ValueError, match=f"{engine.__name__} reads no folders"):
            engine.for_folder(tmp_path)


def test_every_file_of_an_engine_has_a_line() -> None:
    files = {path.stem for path in (ROOM / "engines").glob("*.py")} - {"__init__", "base", "sql"}
    assert files == {place.partition(":")[0] for place in engines.ENGINES.values()}


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.name)
def test_nobody_else_asks_which_engine_it_is(path: Path) -> None:
    asked = re.findall(
        r"\.implementation\b|\bis_(?:polars|duckdb|pyspark|pandas|pyarrow)\b", path.read_text()
    )
    assert bool(asked) == (path.parent.name == "engines" and path.name == "__init__.py")


def test_the_common_face_is_enough_for_a_library_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    pd = pytest.importorskip("pandas")
    monkeypatch.delitem(engines.ENGINES, "pandas")
    scores = frames.score_frames(
        institutions=pd.DataFrame({"institution_id": [1], "kind": ["secondary_school"]}),
        learners=pd.DataFrame({"institution_id": [1, 1], "learner_id": ["L1", "L2"], "year_group": [11, 11]}),
        activities=pd.DataFrame(
            {
                "institution_id": [1],
                "activity_id": ["A1"],
                "date": ["2026-03-02"],
                "kinds": ["guidance_meeting"],
                "adviser_level": [6],
            }
        ),
        participations=pd.DataFrame({"institution_id": [1], "activity_id": ["A1"], "learner_id": ["L1"]}),
        as_of=date(2026, 7, 10),
    )
    row = scores.criteria.query("criterion == '8a'").iloc[0]
    assert (row["numerator"], row["denominator"]) == (1, 2)


def duckdb_tables(connection: Any, learners: str) -> dict[str, Any]:
    return {
        "institutions": connection.sql("SELECT 1 AS institution_id, 'secondary_school' AS kind"),
        "learners": connection.sql(learners),
    }


@pytest.mark.parametrize("name", ['a""b', "a.b", "select", "a b"])
def test_names_of_columns_are_no_words_of_sql(name: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    learner = "1 AS institution_id, 'L1' AS learner_id, 11 AS year_group"
    with duckdb.connect() as connection:
        tables = duckdb_tables(connection, f'SELECT {learner}, 0.5::DOUBLE AS "{name}"')
        scores = frames.score_frames(**tables, as_of=date(2026, 7, 10))
        found = {row[0] for row in scores.criteria.project("institution_id").fetchall()}
    assert found == {1}


def test_ids_are_no_words_of_sql(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = engines.engine_named("duckdb").for_folder(tmp_path)
    ids = ["O'Neill", "O'Neill' OR 'x' = 'x", "Zed"]
    path = tmp_path / "learners.parquet"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE learners AS SELECT unnest(?) AS institution_id", [ids])
        connection.table("learners").write_parquet(str(path))
    folder.open("learners", path)
    folder.use_text_ids()
    assert folder.sizes("learners") == dict.fromkeys(ids, 1)
    for one in ids:
        assert folder.batch("learners", one, one).fetchall() == [(one,)]
