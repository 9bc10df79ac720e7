"""Data from strangers: nothing hangs, nothing grows without bound, nothing outside is read."""

from __future__ import annotations

import contextlib
import json
import os
import time
import tracemalloc
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.errors import ProfileError
from gatsbykit.exchange import write_folder
from gatsbykit.exchange.csvtext import kept_as_text, without_apostrophe
from gatsbykit.exchange.problems import MOST_LISTED
from gatsbykit.exchange.profiles import find_profile, read_profile
from gatsbykit.issues import catalogue
from gatsbykit.model.units import parse_duration
from tests.support.builders import activity, learner, records

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '"format":"gatsbykit/1","institution":{"name":"N","kind":"secondary_school"}'
INSTITUTION = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'


def folder_of(path: Path, **files: bytes) -> Path:
    path.mkdir(exist_ok=True)
    (path / "institution.json").write_text(INSTITUTION, encoding="utf-8")
    for name, data in files.items():
        (path / f"{name}.csv").write_bytes(data)
    return path


# JSON that is none, or too much


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 100_000, "not_json"),
        (b"[NaN]", "not_json"),
        (b"[-Infinity]", "not_json"),
        (b"[" + b"9" * 5000 + b"]", "not_json"),
        (b"[1e999999999]", "wrong_type"),
        (f'{{{HEAD},"format":"gatsbykit/1"}}'.encode(), "duplicate_key"),
        (b'{"a":"\x00"}', "nul_character"),
        ('{"a":"\x00"}'.encode("utf-16"), "not_utf8"),
        (b'\xff{"a":1}', "not_utf8"),
        (b"", "not_json"),
        (b"[", "not_json"),
        (b"\xef\xbb\xbf", "not_json"),
    ],
)
def test_text_that_is_no_document(data: bytes, code: str) -> None:
    assert gk.check(data).counts == {code: 1}


def test_numbers_without_end_are_not_taken(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, learners=b"learner_id,year_group\nL," + b"9" * 5000 + b"\n")
    assert gk.check(folder).counts["not_a_whole_number"] == 1
    wide = f'{{{HEAD},"learners":[{{"learner_id":"L","year_group":{"9" * 30}}}]}}'
    assert gk.check(wide.encode()).counts["out_of_range"] == 1


@pytest.mark.parametrize(
    "text", ["9**9**9 min", "1e9 h", "٣ min", "1 min min", "9" * 10 + " h", "1_0 h", "0x1 h"]
)
def test_durations_are_no_expressions(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number and a unit"):
        parse_duration(text)


def test_days_at_the_edge_of_the_calendar() -> None:
    """Every date of the calendar can be checked, scored and pseudonymised."""
    for day in (date.min, date.max):
        who = learner(
            date_of_birth=day, on_roll_from=day, on_roll_to=day, programme_start=day, programme_end=day
        )
        for kind in ("secondary_school", "college"):
            school = records([who], [activity(day, "curriculum_link")], kind=kind)
            assert gk.check(school, as_of=date(2026, 7, 10)).is_valid
            gk.score(gk.pseudonymise(school, key=b"k" * 16), as_of=date(2026, 7, 10))


# Very many errors, and time


@pytest.mark.parametrize(
    ("name", "rows", "code"),
    [
        ("not numbers", b"L%d,x\n", "not_a_whole_number"),
        ("short rows", b"L%d\n", "wrong_number_of_cells"),
    ],
)
def test_many_errors_are_capped_and_counted(tmp_path: Path, name: str, rows: bytes, code: str) -> None:
    number = MOST_LISTED * 2
    text = b"learner_id,year_group\n" + b"".join(rows % index for index in range(number))
    report = gk.check(folder_of(tmp_path / name, learners=text))
    assert report.counts == {code: MOST_LISTED, "more_errors": number - MOST_LISTED}
    assert f"{number} errors, 0 warnings" in str(report)
    with pytest.raises(gk.InvalidRecords) as raised:
        gk.load(tmp_path / name)
    assert raised.value.count == number


def test_a_header_of_one_name_takes_no_time(tmp_path: Path) -> None:
    """Looking for repeated names takes time in proportion to their number, not its square."""
    folder = folder_of(tmp_path, learners=b",".join([b"learner_id"] * 100_000))
    began = time.process_time()
    assert gk.check(folder).counts["duplicate_column"] == 1
    assert time.process_time() - began < 5


SIZE = 60_000


def _of_size(first: str, unit: str, last: str = "") -> bytes:
    return (first + unit * ((SIZE - len(first) - len(last)) // len(unit)) + last).encode()


@pytest.mark.parametrize(
    "data",
    [
        _of_size(f'{{{HEAD},"learners":[', "[],", "[]]}"),
        _of_size(f'{{{HEAD},"learners":[', "{},", "{}]}"),
        _of_size(f'{{{HEAD},"learners":[', '{"year_group":"x"},', "{}]}"),
        _of_size(f"{{{HEAD}", ',"a":1', "}"),
        _of_size(f'{{{HEAD},"x":"', "a", '\U0001f600"}'),
        ("{" + HEAD + "".join(f',"{index}":1' for index in range(SIZE // 10)) + "}").encode(),
        b"[" * SIZE,
    ],
    ids=["lists", "objects", "rows", "one key", "wide text", "keys", "depth"],
)
def test_memory_is_bounded_by_the_input_and_the_errors_listed(data: bytes) -> None:
    """At most 100 times the input, and 2 KB for each issue listed, as the documentation says."""
    gk.check(b"{}")  # whatever is loaded once
    tracemalloc.start()
    try:
        report = gk.check(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * len(data) + 2000 * len(report.issues) + 200_000


# Files


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("learner_id,year_group\nSECRET,9\n", encoding="utf-8")
    folder = folder_of(tmp_path / "folder")
    (folder / "learners.csv").symlink_to(secret)
    report = gk.check(folder)
    assert report.counts == {"link_leaves_folder": 1}
    assert "SECRET" not in str(report)
    (folder / "learners.csv").unlink()
    (folder / "really.csv").write_text("learner_id,year_group\nL,9\n", encoding="utf-8")
    (folder / "learners.csv").symlink_to("really.csv")
    assert gk.check(folder).is_valid
    (folder / "learners.csv").unlink()
    (folder / "learners.csv").symlink_to("nowhere.csv")
    assert gk.check(folder).errors[0].code == "missing_file"
    (folder / "learners.csv").unlink()
    (folder / "learners.csv").symlink_to("learners.csv")
    assert gk.check(folder).errors[0].code == "unreadable_file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are for POSIX systems")
def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    os.mkfifo(folder / "learners.csv")
    assert gk.check(folder).counts == {"unreadable_file": 1}


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "learners.csv").mkdir()
    assert gk.check(folder).counts == {"unreadable_file": 1}


@pytest.mark.parametrize("path", ["no\0such", "x" * 5000, "no/such/file", "."])
def test_paths_that_lead_nowhere(path: str) -> None:
    assert set(gk.check(path).counts) <= {"missing_file", "unreadable_file", "unknown_file"}
    assert not gk.check(path).is_valid


def test_a_file_that_looks_like_a_header_shows_no_cell(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, learners=b"Mina,Patel,2011-02-03\nTom,Low,2011-03-04\n")
    report = gk.check(folder)
    assert report.counts == {"missing_header": 1}
    assert "Mina" not in json.dumps(report.to_dict())


# Cells that a spreadsheet program would run


@given(st.text(max_size=5) | st.text(alphabet="'=+-@a", max_size=5))
@example("'=x")
@example("''-")
def test_keeping_a_cell_from_running_can_be_undone(text: str) -> None:
    cell = kept_as_text(text)
    assert not cell.startswith(("=", "+", "-", "@"))
    assert without_apostrophe(cell) == text


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "'=x", "'quoted'", "a=b"])
def test_written_cells_do_not_run_and_read_back(tmp_path: Path, text: str) -> None:
    talk = activity(
        date(2026, 3, 2), "curriculum_link", title=text, employer=text, providers=[text], subjects=[text]
    )
    school = records([learner()], [talk])
    write_folder(school, tmp_path)
    assert gk.load(tmp_path) == school
    cells = (tmp_path / "activities.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))]


# Whatever comes


ASCII_JUNK = st.text(alphabet="abcL19,;\"'\n\r\t=-\0\ufeff\U0001f600", max_size=60)
_COLUMNS = "learner_id,year_group,subjects,date_of_birth,upn"


@given(text=ASCII_JUNK | ASCII_JUNK.map(lambda junk: f"{_COLUMNS}\n{junk}") | st.binary(max_size=60))
def test_a_folder_of_anything(text: str | bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    data = text if isinstance(text, bytes) else text.encode()
    folder_of(folder, learners=data, activities=data, participations=data)
    report = gk.check(folder)
    assert set(report.counts) <= catalogue().keys()


@given(st.text(max_size=30) | st.from_regex(r"\A[0-9]{1,12}(\.[0-9]{1,12})? ?[a-z_]{1,12}\Z"))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_duration(text) >= 0


_TOML = st.sampled_from(
    ["title='x'", "[[files]]", "table='learners'", "name='*.csv'", "name='../x'",
     "columns={learner_id=['a']}",
     "dates=['DD/MM/YYYY']", "dates=['x']", "values={sex={a='b'}}", "lists=''", "encoding='utf-7'",
     "columns=1", "files=[]", "constants={x='y'}", "only={a=['b']}", "a=[[[[", "\0", "separator=';'"]
)  # fmt: skip


@given(st.lists(_TOML, max_size=12).map("\n".join) | st.text(max_size=50) | st.binary(max_size=50))
def test_any_text_is_a_profile_or_a_profile_error(text: str | bytes) -> None:
    try:
        read_profile(text)
    except ProfileError as error:
        assert str(error)  # noqa: PT017 (both outcomes are right)


@pytest.mark.parametrize("key", ["nothing", "../../etc/passwd", "no\0such", "/"])
def test_profiles_that_are_none(key: str) -> None:
    with pytest.raises(ProfileError):
        find_profile(key)


def test_a_profile_of_great_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ProfileError, match="not read"):
        find_profile(path)
    with pytest.raises(ProfileError, match=r"nested|TOML"):
        read_profile("a=" + "[" * 100_000)


def test_no_json_value_breaks_the_reader() -> None:
    strange: list[Any] = [None, 0, -1, 1.5, True, "", [], {}, [[]], {"a": {}}]
    for name in ("institution", "learners", "activities", "participations", "destinations", "answers"):
        for value in strange:
            for wrapped in (value, [value], [{"learner_id": value, "kinds": value, "date": value}]):
                gk.check(
                    {"format": "gatsbykit/1", "institution": {"name": "N", "kind": "college"}, name: wrapped}
                )
