"""Situations of public reports, in data frames and in the folder of a country, on every engine."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import gatsbykit as gk
from gatsbykit.commands import main

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
nw = pytest.importorskip("narwhals")
parquet = pytest.importorskip("pyarrow.parquet")

from gatsbykit.frames import score_frames  # noqa: E402 (needs the engines)
from gatsbykit.frames.native import in_our_words  # noqa: E402 (the same)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AS_OF = date(2026, 7, 10)
HASH = 2**63 + 12345
LIBRARIES: dict[str, Callable[[Any], Any]] = {
    "polars": pl.from_arrow,
    "pyarrow": lambda table: table,
    "pandas": lambda table: table.to_pandas(),
    "duckdb": duckdb.from_arrow,
}
ENGINES = ("polars", "duckdb")


def school(**changes: dict[str, Any]) -> dict[str, Any]:
    """Make a school of two learners, one of whom had a guidance meeting, as tables of arrow."""
    tables: dict[str, dict[str, Any]] = {
        "institutions": {"institution_id": [1], "kind": ["secondary_school"]},
        "learners": {"institution_id": [1, 1], "learner_id": ["a", "b"], "year_group": [11, 11]},
        "activities": {
            "institution_id": [1], "activity_id": ["A1"], "date": [date(2026, 3, 2)],
            "kinds": ["guidance_meeting"], "adviser_level": [6],
        },
        "participations": {"institution_id": [1], "activity_id": ["A1"], "learner_id": ["a"]},
    }  # fmt: skip
    return {name: pa.table({**columns, **changes.get(name, {})}) for name, columns in tables.items()}


def rows_of(native: Any) -> Any:
    if isinstance(native, pd.DataFrame):
        return native.to_dict("records")
    if isinstance(native, pl.DataFrame):
        return native.to_dicts()
    return (native if isinstance(native, pa.Table) else native.to_arrow_table()).to_pylist()


def counts(scores: Any, criterion: str = "8a") -> tuple[int, int]:
    (row,) = (row for row in rows_of(scores.criteria) if row["criterion"] == criterion)
    return row["numerator"], row["denominator"]


def missing(scores: Any) -> list[tuple[Any, Any]]:
    rows = (row for row in rows_of(scores.missing()) if row["criterion"] == "8a")
    return [(row["institution_id"], row["learner_id"]) for row in rows]


def of(library: str, tables: dict[str, Any]) -> Any:
    make = LIBRARIES[library]
    return score_frames(**{name: make(table) for name, table in tables.items()}, as_of=AS_OF)


# Ids of other types


def unsigned(*values: int) -> Any:
    return pa.array(values, pa.uint64())


def decimals(*values: int) -> Any:
    return pa.array(map(Decimal, values), pa.decimal128(20, 0))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("learners", "participations", "other"),
    [
        (unsigned(HASH, HASH + 1), unsigned(HASH), HASH + 1),
        (unsigned(1, 2), pa.array([1], pa.int64()), "2"),
        (decimals(HASH, HASH + 1), unsigned(HASH), str(HASH + 1)),
        (decimals(10, 20), pa.array([10], pa.int32()), "20"),
        (pa.array(["1", "2"]), unsigned(1), "2"),
        (pa.array(["a", "b"]).dictionary_encode(), pa.array(["a"]), "b"),
        (pa.array([1, 2], pa.int8()), pa.array([1], pa.uint32()), 2),
    ],
    ids=["hashes", "unsigned and signed", "decimals and hashes", "decimals", "text", "categories", "narrow"],
)
def test_ids_are_compared_and_given_back_as_their_owner_sees_them(
    library: str, learners: Any, participations: Any, other: Any
) -> None:
    tables = school(learners={"learner_id": learners}, participations={"learner_id": participations})
    scores = of(library, tables)
    assert counts(scores) == (1, 2)
    assert missing(scores) == [(1, other)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_hashes_of_institutions_and_activities(library: str) -> None:
    tables = {
        name: table.set_column(0, "institution_id", unsigned(*[HASH] * len(table)))
        for name, table in school(
            activities={"activity_id": unsigned(HASH + 7)}, participations={"activity_id": unsigned(HASH + 7)}
        ).items()
    }
    scores = of(library, tables)
    assert counts(scores) == (1, 2)
    assert missing(scores) == [(HASH, "b")]


def test_hashes_of_128_bits() -> None:
    tables = {name: pl.from_arrow(table) for name, table in school().items()}
    for name in ("learners", "participations"):
        ids = [2**100 + number for number in range(len(tables[name]))]
        tables[name] = tables[name].with_columns(learner_id=pl.Series(ids, dtype=pl.Int128))
    scores = score_frames(**tables, as_of=AS_OF)
    assert (counts(scores), missing(scores)) == ((1, 2), [(1, str(2**100 + 1))])


STRANGE: dict[str, tuple[str, str, Any]] = {
    "booleans as ids": ("learners", "learner_id", pa.array([True, False])),
    "days as ids": ("learners", "learner_id", pa.array([date(2026, 1, 1), date(2026, 1, 2)])),
    "bytes as ids": ("learners", "learner_id", pa.array([b"a", b"b"])),
    "numbers with a point as ids": ("learners", "learner_id", pa.array([1.0, 2.0])),
    "a map": ("activities", "kinds", pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))),
    "a structure": ("activities", "date", pa.array([{"day": 1}])),
    "a length of time": ("activities", "date", pa.array([1], pa.duration("s"))),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("table", "column", "values"), STRANGE.values(), ids=STRANGE.keys())
def test_types_that_mean_nothing_are_refused_by_name(
    library: str, table: str, column: str, values: Any
) -> None:
    if library == "pandas" and values.type in {pa.date32(), pa.float64()}:
        pytest.skip("pandas makes whole numbers of 1.0 and 2.0, and keeps days as objects, which have a text")
    with pytest.raises(TypeError, match=f"{table}, column {column}: values of the type"):
        of(library, school(**{table: {column: values}}))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("what", STRANGE)
def test_types_that_mean_nothing_in_a_country(
    engine: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, column, values = STRANGE[what]
    assert run(written(tmp_path, school(**{table: {column: values}})), engine) == 2
    assert f"{table}.parquet, column {column}: wrong_column_type" in capsys.readouterr().err


def test_types_that_the_common_face_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wide = pa.array([Decimal(1), Decimal(2)], pa.decimal256(50, 0))
    tables = school(learners={"learner_id": wide})
    with pytest.raises(TypeError, match="learners, column learner_id"):
        of("pyarrow", tables)
    for engine in ENGINES:
        assert run(written(tmp_path, tables), engine) == 2
        assert "learners.parquet, column learner_id: wrong_column_type" in capsys.readouterr().err


def test_arrow_types_that_mean_the_same() -> None:
    for kinds in (
        pa.array([["guidance_meeting"]], pa.list_view(pa.string())),
        pa.RunEndEncodedArray.from_arrays([1], ["guidance_meeting"]),
        pa.array(["guidance_meeting"], pa.string_view()),
    ):
        assert counts(of("pyarrow", school(activities={"kinds": kinds}))) == (1, 2)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("table", "column"), [("learners", "year_group"), ("activities", "adviser_level")], ids=str
)
def test_whole_numbers_that_are_too_large(library: str, table: str, column: str) -> None:
    rows = len(school()[table])
    fine = school(**{table: {column: unsigned(*[11] * rows)}})
    assert counts(of(library, fine)) == (1, 2)
    with pytest.raises(gk.InvalidRecords) as caught:
        of(library, school(**{table: {column: unsigned(*[2**64 - 1] * rows)}}))
    assert {(issue.file, issue.column, issue.code) for issue in caught.value.issues} == {
        (table, column, "not_a_whole_number")
    }


def test_wide_numbers_with_a_sign() -> None:
    tables = {name: pl.from_arrow(table) for name, table in school().items()}
    for values, expected in (([11, 11], (1, 2)), ([11, None], None), ([11, -(2**100)], None)):
        column = pl.Series(values, dtype=pl.Int128)
        changed = {**tables, "learners": tables["learners"].with_columns(year_group=column)}
        if expected is None:
            with pytest.raises(gk.InvalidRecords):
                score_frames(**changed, as_of=AS_OF)
        else:
            assert counts(score_frames(**changed, as_of=AS_OF)) == expected


def test_objects_of_pandas_that_have_no_text() -> None:
    tables = {name: table.to_pandas() for name, table in school().items()}
    for value in (
        b"guidance_meeting",
        {"guidance_meeting": 1},
        [["guidance_meeting"]],
        [b"guidance_meeting"],
    ):
        changed = {**tables, "activities": tables["activities"].assign(kinds=[value])}
        with pytest.raises(TypeError, match="activities, column kinds"):
            score_frames(**changed, as_of=AS_OF)


# What libraries hand out instead of tables


class Capsule:
    """Something that hands out its rows by the Arrow PyCapsule interface, once."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


HANDED_OUT: dict[str, Callable[[Any], Any]] = {
    "reader": lambda table: table.to_reader(),
    "batch": lambda table: table.to_batches()[0],
    "batches": lambda table: table.to_batches(max_chunksize=1),
    "capsule": Capsule,
    "reader of DuckDB": lambda table: duckdb.connect().from_arrow(table).to_arrow_reader(),
}


@pytest.mark.parametrize("hand_out", HANDED_OUT.values(), ids=HANDED_OUT.keys())
def test_readers_and_batches_are_read_whole(hand_out: Callable[[Any], Any]) -> None:
    tables = school()
    every = {name: hand_out(table) for name, table in tables.items()}
    scores = score_frames(**every, as_of=AS_OF)
    assert (counts(scores), missing(scores)) == ((1, 2), [(1, "b")])
    for name, table in tables.items():
        one = {**tables, name: hand_out(table)}
        assert counts(score_frames(**one, as_of=AS_OF)) == (1, 2)


@pytest.mark.parametrize(
    "other",
    [{"institution_id": [1]}, [], [1, 2], "learners.csv", 7, object(), iter([])],
    ids=["mapping", "empty", "list", "name", "number", "object", "iterator"],
)
def test_what_is_no_table_is_refused_by_name(other: Any) -> None:
    for name in ("learners", "participations"):
        with pytest.raises(TypeError, match=rf"^{name}: a .* is no table; .*to_arrow_table"):
            score_frames(**{**school(), name: other}, as_of=AS_OF)


def test_one_reader_for_two_tables_is_refused() -> None:
    tables = school()
    reader = tables["learners"].to_reader()
    with pytest.raises(TypeError, match="learners and participations are one RecordBatchReader"):
        score_frames(**{**tables, "learners": reader, "participations": reader}, as_of=AS_OF)


def test_frames_of_the_common_face() -> None:
    wrapped = {name: nw.from_native(table) for name, table in school().items()}
    assert counts(score_frames(**wrapped, as_of=AS_OF)) == (1, 2)


def test_what_a_library_raises_is_said_in_our_words() -> None:
    with (
        pytest.raises(TypeError, match="learners: the library of the table cannot read it") as caught,
        in_our_words("learners"),
    ):
        pl.DataFrame({"secret": [1]}).select("none")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(KeyError), in_our_words("learners", asked=False):
        dict[str, int]()["x"]
    with pytest.raises(KeyboardInterrupt), in_our_words("learners"):
        raise KeyboardInterrupt
    with pytest.raises(gk.GatsbykitError), in_our_words("learners"):
        raise gk.GatsbykitError("ours")


# A country's folder


def written(folder: Path, tables: dict[str, Any], kind: str = "parquet") -> Path:
    for name, table in tables.items():
        frame = pl.from_arrow(table) if kind == "csv" else None
        if frame is None:
            parquet.write_table(table, folder / f"{name}.parquet")
        else:
            frame.write_csv(folder / f"{name}.csv")
    return folder


def run(folder: Path, engine: str) -> int:
    out = folder / "out.csv"
    return main(["score-all", str(folder), "--as-of", str(AS_OF), "--out", str(out), "--engine", engine])


def counted(folder: Path) -> tuple[int, int]:
    (row,) = pl.read_csv(folder / "out.csv").filter(criterion="8a").to_dicts()
    return row["numerator"], row["denominator"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_strangers_are_counted(
    engine: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    padded = school(participations={"learner_id": ["a   "]})
    assert run(written(tmp_path, padded, kind), engine) == 0
    said = capsys.readouterr().err
    assert f"participations.{kind}, column learner_id: rows_of_strangers" in said
    assert "without the spaces" in said
    assert counted(tmp_path) == (0, 2)

    unknown = school(participations={"activity_id": ["A2"]})
    unknown["destinations"] = pa.table(
        {
            "institution_id": [1, 2],
            "learner_id": ["x", "y"],
            "date": [date(2026, 1, 5)] * 2,
            "category": ["neet"] * 2,
        }
    )
    assert run(written(tmp_path, unknown, kind), engine) == 0
    said = capsys.readouterr().err
    assert "column activity_id: rows_of_strangers" in said
    assert f"destinations.{kind}, column learner_id: rows_of_strangers" in said
    assert f"destinations.{kind}: unknown_institution" in said
    assert "without the spaces" not in said

    (tmp_path / f"destinations.{kind}").unlink()
    assert run(written(tmp_path, school(), kind), engine) == 0
    assert capsys.readouterr().err == ""
    assert counted(tmp_path) == (1, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_dates_that_nobody_meant(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = [date(1900, 1, 1), None]
    learners = {"on_roll_from": days, "on_roll_to": days}
    assert run(written(tmp_path, school(learners=learners)), engine) == 0
    said = capsys.readouterr().err
    assert "learners.parquet, column on_roll_from: date_implausible" in said
    assert "learners.parquet, column on_roll_to: date_implausible" in said


def test_what_was_doubtful_is_told_again_when_a_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, school(participations={"learner_id": ["x"]}))
    with monkeypatch.context() as patched:

        def stop(*_: object) -> None:
            sys.exit(1)

        patched.setattr("gatsbykit.commands.score_all._write", stop)
        with pytest.raises(SystemExit):
            run(folder, "polars")
    capsys.readouterr()
    assert run(folder, "polars") == 0
    said = capsys.readouterr().err
    assert "scored by an earlier run" in said
    assert "rows_of_strangers" in said


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_in_other_forms(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, school())
    (folder / "destinations.xlsx").write_bytes(b"x")
    (folder / "learners.csv").write_bytes(b"x")  # the Parquet file is read
    assert run(folder, engine) == 0
    said = capsys.readouterr().err
    assert "destinations.xlsx: table_in_other_form" in said
    assert "learners.csv: table_in_other_form" in said
    (folder / "learners.csv").unlink()
    (folder / "learners.parquet").rename(folder / "learners.parq")
    assert run(folder, engine) == 2
    said = capsys.readouterr().err
    assert "learners.parquet: missing_file" in said


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be looked at in many blocks."""
    monkeypatch.setattr("gatsbykit.frames.files._BLOCK", 1 << 12)


CSV = {
    "institutions": "institution_id,kind,name\n7,secondary_school,N\n",
    "learners": "institution_id,learner_id,year_group,note\n7,L1,11,\n7,L2,11,\n",
    "activities": "institution_id,activity_id,date,kinds,adviser_level\n7,A1,2025-11-04,guidance_meeting,6\n",
    "participations": "institution_id,activity_id,learner_id,note\n7,A1,L1,\n7,A1,L2,\n",
}


def written_csv(folder: Path, **changes: str | bytes) -> Path:
    for name, text in {**CSV, **changes}.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CSV)
@pytest.mark.parametrize("where", [0, 2_000])
def test_stray_quotation_marks(
    engine: str, name: str, where: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    width = CSV[name].partition("\n")[0].count(",")
    filler = "8" + ",x" * width + "\n"
    text = CSV[name] + filler * where + "8" + ",x" * (width - 1) + ',"never closed\n' + filler
    if name == "activities":  # where nobody reads a column of it
        text = text.replace("adviser_level", "note")
    assert run(written_csv(tmp_path, **{name: text}), engine) == 2
    rows = CSV[name].count("\n")
    assert f"{name}.csv, row {rows + where + 1}: bad_quoting" in capsys.readouterr().err


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "participations",
    [
        " institution_id,activity_id , learner_id\n7,A1,L1\n7,A1,L2\n",
        'institution_id,activity_id,learner_id,note\n7,A1,L1,"a, ""b""\r\nc"\n7,A1,L2,5\'10"\n',
        "\ufeffinstitution_id,activity_id,learner_id\r\n7,A1,L1\r\n,,\r\n7,A1,L2\r\n , ,\r\n,,\r\n",
        ",,\ninstitution_id,activity_id,learner_id\n7,A1,L1\n7,A1,L2",
        "institution_id,activity_id,learner_id\r7,A1,L1\r7,A1,L2\r",
    ],
    ids=["spaces in the header", "quoting", "rows of commas", "a row of commas first", "old line ends"],
)
def test_texts_that_one_institution_may_have(engine: str, participations: str, tmp_path: Path) -> None:
    assert run(written_csv(tmp_path, participations=participations), engine) == 0
    assert counted(tmp_path) == (2, 2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"institution_id,learner_id\n7,L\0\n", "learners.csv, row 2: nul_character"),
        (b"institution_id,learner_id,note\n7,L1,\xe9\n", "learners.csv, row 2: not_utf8"),
        (b"\xff\xfei\0", "learners.csv, row 1: not_utf8"),
        (b"PK\x03\x04\xff xl/workbook.xml", "learners.csv: not_text: it is a workbook"),
        (b'institution_id,"learner_id\n', "learners.csv, row 1: bad_quoting"),
        (b",,\n", "learners.csv: missing_header"),
        (b"institution_id,learner_id,note\n,,x\n", "missing_value"),
    ],
)
def test_texts_that_are_refused(
    engine: str, data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(written_csv(tmp_path, learners=data), engine) == 2
    assert said in capsys.readouterr().err


def test_an_entry_that_is_none_is_none_on_every_engine() -> None:
    """A dash is no subject: of whom nothing else is recorded the subjects are unknown."""
    rows: dict[str, list[Any]] = {
        "institution_id": [1, 1, 1], "learner_id": ["a", "b", "c"], "year_group": [11, 11, 11],
        "subjects": ["-", "Art;\u2013", "N/A"],
    }  # fmt: skip
    tables = {**school(), "learners": pa.table(rows)}
    learners = [
        gk.Learner(learner_id=one, year_group=11, subjects=subjects.split(";"))
        for one, subjects in zip(rows["learner_id"], rows["subjects"], strict=True)
    ]
    assert [one.subjects for one in learners] == [frozenset(), {"art"}, frozenset()]
    for library in LIBRARIES:
        assert counts(of(library, tables), "4a") == (0, 1)
