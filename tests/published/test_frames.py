"""Published files by every engine: the same rows, and symbols on the way to a frame and back."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

import gatsbykit as gk
from gatsbykit import published
from tests.support.published_texts import KS4, PT, gap_rows

pytest.importorskip("narwhals")
for engine in ("polars", "duckdb", "pandas", "pyarrow"):
    pytest.importorskip(engine)

from gatsbykit.published.frames import ENGINES, FrameTable  # noqa: E402 (after the engines were found)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = {"ks4": KS4 + gap_rows(), "tables": PT}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FILES)
def test_engines_read_the_same_rows(engine: str, name: str, path: Path) -> None:
    path.write_text(FILES[name], encoding="utf-8-sig")
    plain, by_engine = published.read(path), published.read(path, engine=engine)
    assert by_engine.select() == plain.select()
    assert by_engine.account() == plain.account()
    assert by_engine.check_sums() == plain.check_sums()
    wanted: dict[str, str] = {"breakdown": "disadvantaged"}
    assert by_engine.select(**wanted) == plain.select(**wanted)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FILES)
def test_symbols_survive_the_way_to_a_frame_and_back(engine: str, name: str, path: Path) -> None:
    path.write_text(FILES[name], encoding="utf-8")
    plain = published.read(path)
    frame = plain.to_frame(engine)
    back = published.from_frame(frame, name="file.csv")
    assert back.account() == plain.account()
    assert [dict(row.figures) for row in back] == [dict(row.figures) for row in plain]
    assert back.columns == plain.columns


def test_a_frame_has_numbers_and_symbols_apart() -> None:
    frame = published.read_text(KS4).to_frame("polars")
    assert frame["ind"].to_list() == [None, None]
    assert frame["he_symbol"].to_list() == ["c", "low"]
    assert frame["overall"].to_list() == [542314.0, 91.3]
    assert frame["overall_symbol"].to_list() == [None, None]
    assert str(frame["inst_count"].dtype) == "Int64"


def test_frames_of_the_callers_own_with_numbers_and_blanks() -> None:
    pandas: Any = importlib.import_module("pandas")
    frame = pandas.DataFrame(
        {"URN": [100000, 100001], "COHORT": [20.0, float("nan")], "OVERALL_DESTPER": ["95%", None]}
    )
    file = published.from_frame(frame)
    assert file.one(urn="100000")["cohort"].count == 20
    assert file.one(urn="100001")["cohort"].count is None
    assert file.account().blanks == 2


def test_what_is_not_a_number_is_blank() -> None:
    polars: Any = importlib.import_module("polars")
    frame = polars.DataFrame({"URN": [100000], "COHORT": [float("nan")], "OVERALL_DESTPER": [None]})
    assert published.from_frame(frame).one(urn="100000")["cohort"].count is None
    lazy = polars.LazyFrame({"URN": [100000], "COHORT": [20], "OVERALL_DESTPER": ["95%"]})
    assert published.from_frame(lazy).one(urn="100000")["overall"].percent == 95


def test_empty_rows_and_windows_1252_by_an_engine(path: Path) -> None:
    path.write_bytes(
        "URN;EstablishmentName\n\n100000;St John\N{RIGHT SINGLE QUOTATION MARK}s\n;\n".encode("cp1252")
    )
    file = published.read(path, engine="polars")
    assert [row.dimensions["establishmentname"] for row in file] == [
        "St John\N{RIGHT SINGLE QUOTATION MARK}s"
    ]


def test_rows_of_a_wrong_width_by_an_engine(path: Path) -> None:
    path.write_text(KS4 + "1,2,3\n", encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read(path, engine="duckdb")
    assert [(issue.code, issue.row) for issue in caught.value.issues] == [("wrong_number_of_cells", 4)]


def test_what_arrow_cannot_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(KS4, encoding="utf-8")
    arrow: Any = importlib.import_module("pyarrow")
    csv: Any = importlib.import_module("pyarrow.csv")

    def refuse(*_: object, **__: object) -> None:
        raise arrow.ArrowInvalid("CSV parse error: something")

    monkeypatch.setattr(csv, "read_csv", refuse)
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read(path, engine="pyarrow")
    assert [issue.code for issue in caught.value.issues] == ["unreadable_row"]


def test_engines_that_are_none_or_not_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(KS4, encoding="utf-8")
    with pytest.raises(gk.NotFoundError, match="there is no engine 'excel'; there are polars"):
        published.read(path, engine="excel")
    spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", _without_polars(spec))
    with pytest.raises(gk.MissingExtraError, match="reading with polars needs polars"):
        published.read(path, engine="polars")


def _without_polars(spec: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda name: None if name == "polars" else spec(name)


def test_without_narwhals_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "narwhals":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "gatsbykit.published.frames")
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(gk.MissingExtraError, match=r"gatsbykit\[frames\]"):
        published.read_text(KS4).to_frame()


def test_a_table_in_a_frame_knows_its_name() -> None:
    polars: Any = importlib.import_module("polars")
    table = FrameTable.of(polars.DataFrame({"a": ["1"]}), "B801200005001.csv")
    assert table.name == "<hidden>"
    assert list(table.rows({0: ["2"]})) == []
