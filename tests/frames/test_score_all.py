"""Scoring a folder of tables from the command line."""

from __future__ import annotations

import csv
import errno
import importlib.util
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange.csvtext import CsvTable
from gatsbykit.exchange.problems import Place, Problems

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pytest.importorskip("rich")

from gatsbykit.commands.bar import course  # noqa: E402 (needs rich)
from gatsbykit.frames import files  # noqa: E402 (needs the engines)
from gatsbykit.frames import folder as folders  # noqa: E402 (needs the engines)
from gatsbykit.frames.engines.duckdb import DuckDBFolder  # noqa: E402 (the same)
from gatsbykit.frames.engines.polars import PolarsFolder  # noqa: E402 (the same)
from gatsbykit.frames.scores import score_tables  # noqa: E402 (the same)

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
AS_OF = "2026-07-10"
ENGINES = ("polars", "duckdb")
EXAMPLES = {"northfield": "N 1", "riverside": "R 2"}


def example_tables(folder: Path) -> Path:
    """Write the example institutions as the tables of one country, as CSV."""
    kinds = {name: str(gk.load(ROOT / "examples" / name).institution.kind) for name in EXAMPLES}
    rows: list[dict[str, str]] = [
        {"institution_id": EXAMPLES[name], "kind": kinds[name], "name": name} for name in EXAMPLES
    ]
    write_csv(folder / "institutions.csv", rows)
    for table in ("learners", "activities", "participations", "destinations"):
        rows = []
        for name, institution_id in EXAMPLES.items():
            text = (ROOT / "examples" / name / f"{table}.csv").read_text(encoding="utf-8-sig")
            rows += [
                {"institution_id": institution_id, **row}
                for row in csv.DictReader(text.splitlines(keepends=True))
            ]
        write_csv(folder / f"{table}.csv", rows)
    return folder


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def small_tables(folder: Path, **changes: dict[str, list[Any]]) -> Path:
    """Write one school as Parquet, with columns changed, added or, where there is nothing, left out."""
    tables: dict[str, dict[str, list[Any]]] = {
        "institutions": {"institution_id": [7], "kind": ["secondary_school"]},
        "learners": {"institution_id": [7, 7], "learner_id": ["L1", "L2"], "year_group": [11, 9]},
        "activities": {
            "institution_id": [7],
            "activity_id": ["A1"],
            "date": [date(2025, 11, 4)],
            "kinds": [["labour_market_information"]],
        },
        "participations": {"institution_id": [7], "activity_id": ["A1"], "learner_id": ["L1"]},
    }
    for name, columns in changes.items():
        tables[name] = {
            column: values for column, values in {**tables.get(name, {}), **columns}.items() if values
        }
    for name, columns in tables.items():
        if columns:
            pl.DataFrame(columns, strict=False).write_parquet(folder / f"{name}.parquet")
    return folder


def run(tables: Path, *more: str, out: str = "out.parquet") -> int:
    return main(["score-all", str(tables), "--as-of", AS_OF, "--out", str(tables / out), *more])


def expected(name: str) -> list[dict[str, Any]]:
    """Return what the objects lane says of an example without its answers."""
    import attrs

    records = attrs.evolve(gk.load(ROOT / "examples" / name), answers={}, programme=None)
    card = gk.score(records, as_of=date.fromisoformat(AS_OF))
    return [
        {
            "institution_id": EXAMPLES[name],
            "edition": card.edition.key,
            "criterion": result.criterion.id,
            "basis": result.basis,
            "numerator": result.numerator,
            "denominator": result.denominator,
            **{f"status_{preset}": str(status) for preset, status in result.status.items()},
        }
        for result in card.criteria
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_scores_the_examples_from_text(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(example_tables(tmp_path), "--engine", engine) == 0
    found = pl.read_parquet(tmp_path / "out.parquet").to_dicts()
    assert found == sorted(
        (row for name in EXAMPLES for row in expected(name)),
        key=lambda row: (row["institution_id"], row["criterion"]),
    )
    shown = capsys.readouterr()
    assert shown.out.startswith("2 institutions\n")
    assert "unknown_column" in shown.err  # tutor_group and its like are not read


def test_the_summary_says_what_the_scores_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(example_tables(tmp_path))
    lines = capsys.readouterr().out.splitlines()
    assert "  6a  82.9 % of 158 learners                0 %         0 %         100 %" in lines
    # 2, 8 of Northfield (3 is declared), and 2, 8 of Riverside
    assert "Mean number achieved                        2.00        3.50        5.00" in lines


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_comes_to_what_its_scorecards_come_to(engine: str, tmp_path: Path) -> None:
    day = date.fromisoformat(AS_OF)
    scores = folders.score_folder(
        example_tables(tmp_path), as_of=day, edition=None, settings=gk.Settings(), engine=engine
    )
    cards = [gk.score(gk.load(ROOT / "examples" / name), as_of=day) for name in EXAMPLES]
    assert scores.summary() == gk.summarise(cards, evidence_only=True)


def test_writes_csv(tmp_path: Path) -> None:
    assert run(small_tables(tmp_path), out="out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = {row["criterion"]: row for row in csv.DictReader(file)}
    assert (rows["2a"]["numerator"], rows["2a"]["denominator"]) == ("1", "2")
    assert rows["2a"]["status_legacy"] == "not_met"
    assert (rows["1a"]["numerator"], rows["1a"]["status_legacy"]) == ("", "not_assessed")


@pytest.mark.parametrize("engine", ENGINES)
def test_batches_change_nothing(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = synthetic_country(tmp_path, schools=3)
    assert run(tables, "--engine", engine, out="whole.parquet") == 0
    bars: list[tuple[int, ...]] = []
    monkeypatch.setattr(type_of(engine), "batch_size", 1)
    scores = folders.score_folder(
        tables,
        as_of=date.fromisoformat(AS_OF),
        edition=None,
        settings=gk.Settings(),
        engine=engine,
        progress=lambda done, resumed, total: bars.append((done, resumed, total)),
    )
    assert bars == [(0, 0, 3), (1, 0, 3), (2, 0, 3), (3, 0, 3)]
    assert scores.criteria.to_pylist() == pl.read_parquet(tables / "whole.parquet").to_dicts()


def type_of(engine: str) -> Any:
    return {"polars": PolarsFolder, "duckdb": DuckDBFolder}[engine]


def synthetic_country(folder: Path, schools: int) -> Path:
    maker().make(folder, schools)
    return folder


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_country", ROOT / "examples" / "make_country.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_engines_agree_on_a_synthetic_country(tmp_path: Path) -> None:
    tables = synthetic_country(tmp_path, schools=2)
    for engine in ENGINES:
        assert run(tables, "--engine", engine, out=f"{engine}.csv") == 0
    assert (tmp_path / "polars.csv").read_bytes() == (tmp_path / "duckdb.csv").read_bytes()


def test_the_synthetic_country_is_always_the_same(tmp_path: Path) -> None:
    first, second = (synthetic_country(tmp_path / name, schools=1) for name in ("first", "second"))
    for name in ("institutions", "learners", "activities", "participations"):
        assert (first / f"{name}.parquet").read_bytes() == (second / f"{name}.parquet").read_bytes()


def test_ids_may_be_numbers_in_one_table_and_text_in_another(tmp_path: Path) -> None:
    tables = small_tables(tmp_path, learners={"institution_id": ["7", "7"]})
    assert run(tables) == 0
    rows = pl.read_parquet(tmp_path / "out.parquet")
    assert rows.filter(criterion="2a").select("institution_id", "numerator").rows() == [("7", 1)]


def test_rows_of_other_institutions_count_for_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = small_tables(tmp_path, learners={"institution_id": [7, 8]})
    assert run(tables) == 0
    assert pl.read_parquet(tmp_path / "out.parquet").filter(criterion="2a")["denominator"].to_list() == [1]
    assert "learners.parquet: unknown_institution" in capsys.readouterr().err


def test_an_edition_may_be_named(tmp_path: Path) -> None:
    assert run(small_tables(tmp_path), "--edition", "2014-school") == 0
    assert set(pl.read_parquet(tmp_path / "out.parquet")["edition"]) == {"2014-school"}


FAULTS: dict[str, tuple[dict[str, dict[str, list[Any]]], list[str]]] = {
    "a column is missing": (
        {"learners": {"learner_id": []}},
        ["learners.parquet, column learner_id: missing_column"],
    ),
    "a boolean": (
        {"learners": {"considering_he": ["maybe", "yes"]}},
        ['learners.parquet, column considering_he (L1 of 7): not_yes_or_no: "maybe" is neither yes nor no'],
    ),
    "an impossible date": (
        {"activities": {"date": ["2025-02-29"]}},
        ['activities.parquet, column date (A1 of 7): impossible_date: "2025-02-29" is not a date'],
    ),
    "no date at all": (
        {"activities": {"date": ["4/11/2025"]}},
        ["activities.parquet, column date (A1 of 7): not_a_date"],
    ),
    "a year group": (
        {"learners": {"year_group": [15, 9]}},
        ['learners.parquet, column year_group (L1 of 7): out_of_range: "15" is out of range'],
    ),
    "a year group that is lacking": (
        {"learners": {"year_group": [None, 9]}},
        ["learners.parquet, column year_group (L1 of 7): missing_value"],
    ),
    "a fraction": (
        {"learners": {"year_group": [9.5, 9.0]}},
        ["learners.parquet, column year_group (L1 of 7): not_a_whole_number"],
    ),
    "a text for a number": (
        {"participations": {"year_group": ["ten"]}},
        ["participations.parquet, column year_group (L1 in A1 of 7): not_a_whole_number"],
    ),
    "a status": (
        {"participations": {"status": ["late"]}},
        ['participations.parquet, column status (L1 in A1 of 7): not_a_choice: "late" is not one'],
    ),
    "a kind of activity": (
        {"activities": {"kinds": [["labour_market_information", "Talk"]]}},
        ["activities.parquet, column kinds (A1 of 7): not_a_choice"],
    ),
    "a kind of institution": (
        {"institutions": {"kind": ["school"]}},
        ["institutions.parquet, column kind (7): not_a_choice"],
    ),
    "an id that stands twice": (
        {"learners": {"learner_id": ["L1", "L1"]}},
        ["learners.parquet, column learner_id (L1 of 7): duplicate_id"],
    ),
    "an empty id": (
        {"learners": {"learner_id": ["L1", " "]}},
        ["learners.parquet, column learner_id"],
    ),
    "dates out of order": (
        {"learners": {"on_roll_from": ["2025-09-01", ""], "on_roll_to": ["2025-08-31", ""]}},
        ["learners.parquet, column on_roll_to (L1 of 7): dates_out_of_order"],
    ),
    "rows of nobody": (
        {"learners": {"institution_id": [7, None]}},
        ["learners.parquet, column institution_id: missing_value"],
    ),
    "a code that contradicts": (
        {
            "destinations": {
                "institution_id": [7],
                "learner_id": ["L1"],
                "date": [date(2026, 1, 9)],
                "category": ["employment"],
                "nccis_code": ["310"],
            }
        },
        ["destinations.parquet, column nccis_code (L1 of 7): code_contradicts_category"],
    ),
    "an unknown code": (
        {
            "destinations": {
                "institution_id": [7],
                "learner_id": ["L1"],
                "date": [date(2026, 1, 9)],
                "nccis_code": ["999"],
            }
        },
        ["destinations.parquet, column nccis_code (L1 of 7): not_a_choice"],
    ),
    "no institutions": (
        {"institutions": {"institution_id": [None], "kind": ["college"]}},
        ["institutions.parquet, column institution_id: missing_value"],
    ),
    "types that could never hold the value": (
        {
            "learners": {"learner_id": [1.5, 2.0], "year_group": [{"Mina": 1}, {"Mina": 2}]},
            "activities": {"date": [["2025-11-04"]], "subjects": [[["art"]]]},
            "participations": {"activity_id": [b"\xff"], "learner_id": [Decimal("1.00")]},
        },
        [
            "learners.parquet, column learner_id: wrong_column_type",
            "learners.parquet, column year_group: wrong_column_type",
            "activities.parquet, column date: wrong_column_type",
            "activities.parquet, column subjects: wrong_column_type",
            "participations.parquet, column activity_id: wrong_column_type",
            "participations.parquet, column learner_id: wrong_column_type",
            "6 errors",
        ],
    ),
    "several at once": (
        {"learners": {"year_group": [0, 20]}, "activities": {"kinds": [["x"]]}},
        ["(L1 of 7): out_of_range", "(L2 of 7): out_of_range", "(A1 of 7): not_a_choice"],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", FAULTS)
def test_lists_what_is_wrong_and_writes_nothing(
    fault: str, engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes, lines = FAULTS[fault]
    assert run(small_tables(tmp_path, **changes), "--engine", engine) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert not (tmp_path / "out.parquet").exists()
    for line in lines:
        assert line in shown.err
    assert "Traceback" not in shown.err


def test_counts_what_it_does_not_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many: dict[str, list[Any]] = {
        "institution_id": [7] * 20 + [8] * 20,
        "learner_id": [f"L{n:02}" for n in range(20)] * 2,
        "year_group": [20] * 40,
    }
    tables = small_tables(
        tmp_path,
        institutions={"institution_id": [7, 8], "kind": ["secondary_school", "special_school"]},
        learners=many,
    )
    assert run(tables) == 2
    error = capsys.readouterr().err
    assert error.count("out_of_range: ") == 5
    assert "40 errors" in error


def test_many_repeated_ids_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [f"L{n:02}" for n in range(8)] * 2
    columns: dict[str, list[Any]] = {"institution_id": [7] * 16, "learner_id": ids, "year_group": [9] * 16}
    assert run(small_tables(tmp_path, learners=columns)) == 2
    assert "8 errors" in capsys.readouterr().err


def test_more_faults_in_later_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(type_of("polars"), "batch_size", 1)
    count = 4
    tables = small_tables(
        tmp_path,
        institutions={"institution_id": [*range(count)], "kind": ["secondary_school"] * count},
        learners={
            "institution_id": [n for n in range(count) for _ in range(2)],
            "learner_id": ["L1", "L2"] * count,
            "year_group": [99] * 2 * count,
        },
    )
    assert run(tables) == 2
    error = capsys.readouterr().err
    assert error.count("out_of_range: ") == 5
    assert "8 errors" in error


def test_a_missing_column_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(type_of("polars"), "batch_size", 1)
    tables = small_tables(
        tmp_path,
        institutions={"institution_id": [7, 8], "kind": ["college"] * 2},
        activities={"kinds": []},
    )
    assert run(tables) == 2
    assert capsys.readouterr().err.count("missing_column") == 1


def test_a_date_of_birth_is_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(small_tables(tmp_path, learners={"date_of_birth": ["2010-02-31", "2010-02-03"]})) == 2
    error = capsys.readouterr().err
    assert "impossible_date" in error
    assert "2010" not in error


SMALL_CSV: dict[str, str] = {
    "institutions": "institution_id,kind\n7,secondary_school\n",
    "learners": "institution_id,learner_id,year_group\n7,L1,11\n7,L2,9\n",
    "activities": "institution_id,activity_id,date,kinds\n7,A1,2025-11-04,labour_market_information\n",
    "participations": "institution_id,activity_id,learner_id\n7,A1,L1\n",
}


def small_csv(folder: Path, **changes: str | bytes) -> Path:
    """Write one school as CSV, with some files changed."""
    folder.mkdir(exist_ok=True)
    for name, content in {**SMALL_CSV, **changes}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def counts_of(folder: Path, criterion: str, out: str = "out.parquet") -> tuple[int, int]:
    results = pl.read_parquet(folder / out, glob=False)
    (row,) = results.filter(pl.col("criterion") == criterion).to_dicts()
    return row["numerator"], row["denominator"]


WELL_FORMED: dict[str, dict[str, str | bytes]] = {
    "quotation marks only at the end": {
        "participations": SMALL_CSV["participations"] + "7,A1,L1\n" * 30_000 + '7,A1,"L2"\n'
    },
    "apostrophes": {
        "learners": "institution_id,learner_id,year_group\n7,'L1',11\n7,'L2',9\n",
        "participations": "institution_id,activity_id,learner_id\n7,A1,'L1'\n7,A1,'L2'\n",
    },
    "mixed line ends and a mark": {
        "participations": b"\xef\xbb\xbfinstitution_id,activity_id,learner_id\r\n7,A1,L1\n\r\n7,A1,L2\r\n"
    },
    "a line end in a cell": {
        "participations": 'institution_id,activity_id,learner_id,note\n7,A1,L1,"a, b\nc"\n7,A1,L2,\n'
    },
    "a very long cell": {
        "participations": f"institution_id,activity_id,learner_id,note\n7,A1,L1,\n7,A1,L2,{'x' * 3_000_000}\n"
    },
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("files", WELL_FORMED.values(), ids=WELL_FORMED.keys())
def test_text_is_read_by_the_standard(engine: str, files: dict[str, str | bytes], tmp_path: Path) -> None:
    assert run(small_csv(tmp_path, **files), "--engine", engine) == 0
    assert counts_of(tmp_path, "2a") == (2, 2)


ILL_FORMED: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "rows of other widths": (
        {"learners": "institution_id,learner_id,year_group\n7,L1\n7,L2,9,9\n" + "7\n" * 10},
        [
            "learners.csv, row 2: wrong_number_of_cells: the row has 2 cells, the header 3",
            "learners.csv, row 3: wrong_number_of_cells: the row has 4 cells, the header 3",
            "more_errors",
            "(7 times)",
            "12 errors",
        ],
    ),
    "columns that stand twice": (
        {"learners": "institution_id,learner_id,year_group,YEAR_GROUP,sex,sex\n7,L1,11,11,F,M\n"},
        [
            "learners.csv, column year_group: duplicate_column",
            "learners.csv, column sex: duplicate_column",
            "2 errors",
        ],
    ),
    "capitals": (
        {
            "learners": SMALL_CSV["learners"].replace(
                "institution_id,learner_id,year_group", "ID,LEARNER_ID,Y"
            )
        },
        ["learners.csv, row 1: header_in_capitals"],
    ),
    "semicolons": (
        {"learners": SMALL_CSV["learners"].replace(",", ";")},
        ["learners.csv, row 1: wrong_separator"],
    ),
    "no header": ({"learners": "7,2010-02-03,Mina\n"}, ["learners.csv, row 1: missing_header"]),
    "another encoding": (
        {"learners": "institution_id,learner_id\n7,Zo\xeb\n".encode("latin-1")},
        ["learners.csv, row 2: not_utf8"],
    ),
    "UTF-16": ({"learners": SMALL_CSV["learners"].encode("utf-16")}, ["learners.csv"]),
    "nothing": ({"learners": b""}, ["learners.csv: missing_header"]),
    "a quotation mark that is not closed": (
        {"learners": SMALL_CSV["learners"] + '7,"L3,9\n7,L4,9\n'},
        ["learners.csv"],
    ),
    "several files": (
        {"learners": b"\xff", "activities": "institution_id\n7,7\n"},
        ["learners.csv", "activities.csv, row 2: wrong_number_of_cells"],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("files", "said"), ILL_FORMED.values(), ids=ILL_FORMED.keys())
def test_text_that_is_not_as_the_standard_has_it(
    engine: str,
    files: dict[str, str | bytes],
    said: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(small_csv(tmp_path, **files), "--engine", engine) == 2
    error = capsys.readouterr().err
    for words in said:
        assert words in error
    assert not any(personal in error for personal in ("Mina", "2010", "Zo"))
    assert not (tmp_path / "out.parquet").exists()


def test_a_row_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gatsbykit.frames.files._BLOCK", 100)
    small_csv(tmp_path, learners=f"{SMALL_CSV['learners']}{'7,L3,9' * 1_000}\n")
    assert run(tmp_path) == 2
    assert "learners.csv, row 4: wrong_number_of_cells" in capsys.readouterr().err


# Whatever a text is, a single institution and a country say the same of it


_PIECES = ['"', '""', ",", "\n", "\r\n", "\r", "a", " ", "'", ";", "é", "x,y\n", ',"b"\n', "\u00a0"]


@given(st.lists(st.sampled_from(_PIECES), max_size=24).map("".join), st.sampled_from([3, 40, 1 << 24]))
def test_any_text_is_read_alike(text: str, block: int) -> None:
    """The rows and the faults of form are those of one institution, wherever a block ends."""
    problems = Problems()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("gatsbykit.frames.files._BLOCK", block)
        path = Path(folder, "learners.csv")
        path.write_bytes(b"institution_id,note,learner_id\n7,n,L0\n" + text.encode())
        table = CsvTable(path.read_bytes().decode(), Place(file=path.name), problems)
        raws = table.raws({"institution_id": 0, "learner_id": 2})
        try:
            copy = files.as_parquet("learners", path, files.column_names(path), Path(folder))
            found: Any = [*zip(*pl.read_parquet(copy).to_dict(as_series=False).values(), strict=True)]
        except gk.InvalidRecords as caught:
            found = sorted((issue.code, issue.row) for issue in caught.issues if issue.row)
    if raws.broken:
        faults = [(why.code, place.row) for _, place, why in raws.broken]
        ragged = [one for one in faults if one[0] != "bad_quoting"][:5]
        assert found == sorted(ragged + [one for one in faults if one[0] == "bad_quoting"])
    else:
        assert found == [*zip(*raws.columns.values(), strict=True)]


def test_schools_without_year_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(small_csv(tmp_path, learners="institution_id,learner_id\n7,L1\n7,L2\n")) == 2
    error = capsys.readouterr().err
    assert "learners.csv, column year_group (L2 of 7): missing_value" in error
    assert "2 errors" in error


@pytest.mark.parametrize("engine", ENGINES)
def test_the_name_of_the_folder_means_nothing(engine: str, tmp_path: Path) -> None:
    for name in ("data[1]", "data1", "institution_id=9", "kind=college", "a*"):
        one = small_csv(tmp_path / name)
        if name == "data1":
            (one / "learners.csv").write_text("institution_id,learner_id,year_group\n7,L9,9\n")
        for table in SMALL_CSV:
            data = (one / f"{table}.csv").read_bytes()
            pl.read_csv(data).write_parquet(one / f"{table}.parquet")
            (one / f"{table}.csv").unlink()
    for name in ("data[1]", "institution_id=9", "kind=college", "a*"):
        assert run(tmp_path / name, "--engine", engine) == 0
        assert counts_of(tmp_path / name, "2a") == (1, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_spaces_of_all_kinds_are_trimmed(engine: str, tmp_path: Path) -> None:
    space = "\u00a0\u3000\u0085 "
    small_csv(
        tmp_path,
        learners=f"institution_id,learner_id,year_group,subjects\n7,L1,{space}11,{space}\n7,L2,9{space},art\n",
        activities=SMALL_CSV["activities"].replace("2025-11-04", f"{space}2025-11-04{space}"),
        participations=f"institution_id,activity_id,learner_id,status\n7,A1,L1,{space}attended{space}\n",
    )
    assert run(tmp_path, "--engine", engine) == 0
    assert counts_of(tmp_path, "2a") == (1, 2)
    assert counts_of(tmp_path, "4a") == (0, 1)  # of L1 the subjects are not known


@pytest.mark.parametrize("engine", ENGINES)
def test_spaces_of_all_kinds_are_nothing(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_csv(
        tmp_path,
        learners="institution_id,learner_id,year_group\n7,\u00a0,9\n",
        activities="institution_id,activity_id,date,kinds\n7,A1,\u3000,\u00a0; ;\n",
        participations="institution_id,activity_id,learner_id\n",
    )
    assert run(tmp_path, "--engine", engine) == 2
    error = capsys.readouterr().err
    assert error.count("missing_value") == 3
    assert "3 errors" in error


@pytest.mark.parametrize("engine", ENGINES)
def test_nan_beside_rows_of_other_institutions(engine: str, tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "institution_id": [7, 8, 9],
        "activity_id": ["A1"] * 3,
        "learner_id": ["L1"] * 3,
        "year_group": [float("nan"), 11.0, 13.0],
    }
    assert run(small_tables(tmp_path, participations=columns), "--engine", engine) == 0
    assert counts_of(tmp_path, "2a") == (1, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_level_below_zero_is_a_level(engine: str, tmp_path: Path) -> None:
    small_csv(
        tmp_path,
        activities="institution_id,activity_id,date,kinds,adviser_level\n7,A1,2025-11-04,guidance_meeting,-1\n",
    )
    assert run(tmp_path, "--engine", engine, "--unknown", "include") == 0
    assert counts_of(tmp_path, "8a") == (0, 1)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [pl.UInt64, pl.Decimal(38, 0)])
def test_hashes_as_ids(engine: str, kind: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [2**63 + 1, 2**63 + 2]
    small_tables(tmp_path)
    for name, of_rows in (("learners", ids), ("participations", ids[:1])):
        path = tmp_path / f"{name}.parquet"
        frame = pl.read_parquet(path)
        given = pl.Series((of_rows * len(frame))[: len(frame)], dtype=kind)
        frame.with_columns(learner_id=given).write_parquet(path)
    assert run(tmp_path, "--engine", engine) == 0
    assert "rows_of_strangers" not in capsys.readouterr().err
    assert counts_of(tmp_path, "2a") == (1, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_year_group_is_wrong_once(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_csv(tmp_path, learners="institution_id,learner_id,year_group\n7,L1,x\n7,L2,0\n7,L3,\n")
    assert run(tmp_path, "--engine", engine) == 2
    error = capsys.readouterr().err
    codes = sorted(line.split(": ")[1] for line in error.splitlines()[:-1])
    assert codes == ["missing_value", "not_a_whole_number", "out_of_range"]


def test_what_looks_like_a_date_of_birth_is_no_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_csv(tmp_path, learners="institution_id,learner_id,year_group,2010-02-03\n7,2010-02-04,x,\n")
    assert run(tmp_path) == 2
    error = capsys.readouterr().err
    assert "not_a_whole_number" in error
    assert "2010" not in error


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_file_that_is_none(
    engine: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_tables(tmp_path, learners={"institution_id": [], "learner_id": [], "year_group": []})
    (tmp_path / f"learners.{suffix}").write_bytes(b'institution_id,learner_id\n1,"L\xff\n' * 3)
    assert run(tmp_path, "--engine", engine) == 2
    said = ", row 2: not_utf8" if suffix == "csv" else ": unreadable_file"
    assert f"learners.{suffix}{said}" in capsys.readouterr().err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_is_damaged_in_the_middle(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = 20_000
    names = [f"Mina{number}" for number in range(many)]
    columns: dict[str, list[Any]] = {
        "institution_id": [7] * many,
        "learner_id": names,
        "year_group": [9] * many,
    }
    path = small_tables(tmp_path, learners=columns) / "learners.parquet"
    content = bytearray(path.read_bytes())
    content[200:4000] = bytes(byte ^ 0x5A for byte in content[200:4000])
    path.write_bytes(content)
    assert run(tmp_path, "--engine", engine) == 2
    error = capsys.readouterr().err
    assert "learners.parquet: unreadable_file" in error
    assert "Mina" not in error


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_cannot_go_on(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failure = pl.exceptions.ComputeError if engine == "polars" else duckdb.OutOfMemoryException

    def fail(*_: object, **__: object) -> None:
        raise failure("of Mina")

    monkeypatch.setattr(folders, "score_tables", fail)
    assert run(small_tables(tmp_path), "--engine", engine) == 2
    assert capsys.readouterr().err.startswith(f"the engine could not go on ({failure.__name__})")


def test_a_table_without_institution_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(small_tables(tmp_path, learners={"institution_id": []})) == 2
    assert "learners.parquet, column institution_id: missing_column" in capsys.readouterr().err


def test_missing_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_tables(tmp_path, learners={"institution_id": [], "learner_id": [], "year_group": []})
    (tmp_path / "activities.parquet").unlink()
    assert run(tmp_path) == 2
    error = capsys.readouterr().err
    assert "learners.parquet: missing_file" in error
    assert "activities.parquet: missing_file" in error


def test_a_country_without_institutions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = small_tables(tmp_path)
    pl.DataFrame(schema={"institution_id": pl.Int64, "kind": pl.String}).write_parquet(
        tables / "institutions.parquet"
    )
    assert run(tables) == 2
    assert "no_institutions" in capsys.readouterr().err


def test_nothing_but_learners_and_destinations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing: dict[str, list[Any]] = {}
    tables = small_tables(tmp_path)
    for name in ("activities", "participations"):
        (tables / f"{name}.parquet").unlink()
    assert not nothing
    assert run(tables) == 0
    assert set(pl.read_parquet(tables / "out.parquet")["status_legacy"]) == {"not_assessed"}
    assert (
        "Mean number achieved                        0.00        0.00        0.00" in capsys.readouterr().out
    )


def test_refuses_an_edition_that_is_not_for_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(small_tables(tmp_path), "--edition", "2025-college") == 2
    assert "is not for a secondary_school" in capsys.readouterr().err


@pytest.mark.parametrize(
    "out", ["out.xlsx", "nowhere/out.csv", "folder.csv", "learners.csv", "destinations.csv"]
)
def test_refuses_a_place_for_the_result(out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert run(small_tables(tmp_path), out=out) == 2
    assert not (tmp_path / out).is_file()
    assert out.partition("/")[0] in capsys.readouterr().err


def test_says_what_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "gatsbykit.frames.folder")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(small_tables(tmp_path)) == 2
    assert "gatsbykit[country]" in capsys.readouterr().err


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)


def test_draws_a_bar_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = synthetic_country(tmp_path, schools=3)
    monkeypatch.setattr(type_of("polars"), "batch_size", 1)
    on_a_terminal(monkeypatch)
    assert run(tables) == 0
    output = capsys.readouterr()
    assert "reading the tables" in output.err
    assert "3 of 3 institutions, " in output.err
    assert "3 of 3" not in output.out
    assert output.out.startswith("3 institutions\n")


def test_draws_no_bar_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run(small_tables(tmp_path)) == 0
    assert capsys.readouterr().err == ""


def test_an_interrupted_bar_leaves_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    interrupted_run(synthetic_country(tmp_path, schools=3), monkeypatch, after=2)
    assert capsys.readouterr().err.endswith("\ninterrupted\n")


def test_says_that_the_bar_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.delitem(sys.modules, "gatsbykit.commands.bar", raising=False)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert run(small_tables(tmp_path)) == 2
    assert "gatsbykit[country]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("done", "resumed", "seconds", "waited", "words"),
    [
        (0, 0, 0.0, 5.0, "0 of 5,000 institutions"),
        (2000, 2000, 1.0, 5.0, "2,000 of 5,000 institutions"),
        (2000, 0, 20.0, 5.0, "2,000 of 5,000 institutions, 100 a second, 0:00:25 left"),
        (2000, 1500, 20.0, 0.0, "2,000 of 5,000 institutions, 25 a second, 0:02:00 left"),
        (1, 0, 4.0, 0.0, "1 of 5,000 institutions, 15 a minute, 5:33:16 left"),
        (2000, 0, 20.0, 90.0, "2,000 of 5,000 institutions, 100 a second, 0:00:00 left"),
        (5000, 0, 20.0, 90.0, "5,000 of 5,000 institutions, 250 a second"),
    ],
)
def test_words_beside_the_bar(done: int, resumed: int, seconds: float, waited: float, words: str) -> None:
    assert course(done, resumed, 5000, seconds=seconds, waited=waited) == words


def interrupted_run(tables: Path, monkeypatch: pytest.MonkeyPatch, *, after: int) -> Path:
    """Start to score school by school, stop after some, and return where their scores are."""
    monkeypatch.setattr(type_of("polars"), "batch_size", 1)
    times = 0

    def score_some(tables: dict[str, Any], **how: Any) -> Any:
        nonlocal times
        times += 1
        if times > after:
            raise KeyboardInterrupt
        return score_tables(tables, **how)

    with monkeypatch.context() as patched:
        patched.setattr(folders, "score_tables", score_some)
        assert run(tables) == 130
    assert not (tables / "out.parquet").exists()
    return tables / "out.parquet.parts"


def test_an_interrupted_run_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = synthetic_country(tmp_path, schools=3)
    assert run(tables, out="whole.parquet") == 0
    parts = interrupted_run(tables, monkeypatch, after=2)
    assert sorted(path.name for path in parts.iterdir()) == ["job.json", "part-0.parquet", "part-1.parquet"]
    (parts / "part-1.parquet").write_bytes(b"torn")
    capsys.readouterr()
    assert run(tables) == 0
    assert "scored by an earlier run that was interrupted: 1\n" in capsys.readouterr().err
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not parts.exists()


@pytest.mark.parametrize("change", ["the tables", "the settings", "the job"])
def test_what_an_earlier_run_found_in_another_way_is_not_used(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = synthetic_country(tmp_path, schools=3)
    parts = interrupted_run(tables, monkeypatch, after=2)
    if change == "the tables":
        learners = pl.read_parquet(tables / "learners.parquet")
        learners.with_columns(year_group=pl.lit(9)).write_parquet(tables / "learners.parquet")
    elif change == "the job":
        (parts / "job.json").write_bytes(b"\xff")
    mine = parts / "notes.txt"
    mine.write_text("somebody's own")
    assert run(tables, *(["--unknown", "include"] if change == "the settings" else [])) == 0
    assert "earlier run" not in capsys.readouterr().err
    assert [path.name for path in parts.iterdir()] == ["notes.txt"]


def test_a_result_that_cannot_be_written_is_not_scored_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object, path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    tables = small_tables(tmp_path)
    before = {path.name for path in tables.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr("pyarrow.csv.write_csv", fail)
        assert run(tables, out="out.csv") == 1
    assert "the result cannot be written: No space left" in capsys.readouterr().err
    assert {path.name for path in tables.iterdir()} == {*before, "out.csv.parts"}
    assert run(tables, out="out.csv") == 0
    assert "scored by an earlier run that was interrupted: 1" in capsys.readouterr().err
    assert {path.name for path in tables.iterdir()} == {*before, "out.csv"}


def test_there_is_no_such_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["score-all", str(tmp_path / "nowhere"), "--as-of", AS_OF, "--out", str(tmp_path / "out.csv")]
    assert main(command) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_an_interruption_of_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("duckdb.DuckDBPyRelation.fetchall", interrupted)
    assert run(small_tables(tmp_path), "--engine", "duckdb") == 130
