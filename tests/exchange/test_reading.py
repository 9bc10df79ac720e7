"""Reading is strict: everything that is wrong is listed at once, with its place, and nothing private."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange.jsontext import is_list, is_object
from gatsbykit.exchange.problems import shown
from gatsbykit.model.destinations import NCCIS_CATEGORIES
from gatsbykit.rules import EDITION_KEYS, edition

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
Row = dict[str, str]

INSTITUTION: Json = {"format": "gatsbykit/1", "name": "Northfield School", "kind": "secondary_school"}
UPN, ULN = "B801200005001", "9276308686"
TABLES: dict[str, list[Row]] = {
    "learners": [
        {"learner_id": "L1", "year_group": "11", "date_of_birth": "2010-01-02", "upn": UPN, "uln": ULN},
        {
            "learner_id": "L2", "year_group": "9", "on_roll_from": "2020-09-01",
            "programme_start": "2020-09-01",
        },
    ],
    "activities": [
        {"activity_id": "A1", "date": "2025-11-04", "kinds": "employer_encounter"},
        {"activity_id": "A2", "date": "2025-11-05", "kinds": "curriculum_link", "duration": "45 min"},
    ],
    "participations": [
        {"activity_id": "A1", "learner_id": "L1", "status": "attended"},
        {"activity_id": "A1", "learner_id": "L2", "status": ""},
    ],
    "destinations": [
        {"learner_id": "L1", "date": "2026-01-01", "category": "employment"},
        {"learner_id": "L2", "date": "2026-01-01", "category": "employment"},
    ],
}  # fmt: skip
# What a document has numbers, booleans and lists for.
NUMBERS, LISTS = (
    {"year_group", "adviser_level", "level"},
    {"kinds", "subjects", "providers", "provider_types"},
)


def csv_text(rows: list[Row], columns: list[str] | None = None) -> str:
    columns = columns or list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def make_folder(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """Write a valid folder, then replace some of its files (`None` leaves one out)."""
    folder.mkdir(exist_ok=True)
    valid: dict[str, str | bytes | None] = {
        "institution.json": json.dumps(INSTITUTION),
        **{f"{name}.csv": csv_text(rows) for name, rows in TABLES.items()},
    }
    for name, content in {**valid, **(files or {})}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
    return folder


def json_row(row: Row) -> Json:
    made: Json = {}
    for column, cell in row.items():
        if cell:
            made[column] = int(cell) if column in NUMBERS else cell.split(";") if column in LISTS else cell
    return made


def make_document(**members: Any) -> Json:
    institution = {name: value for name, value in INSTITUTION.items() if name != "format"}
    tables = {name: [json_row(row) for row in rows] for name, rows in TABLES.items()}
    document: Json = {"format": "gatsbykit/1", "institution": institution, **tables, **members}
    return copy.deepcopy(document)


def folder_issues(folder: Path) -> tuple[gk.Issue, ...]:
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.load(folder)
    return caught.value.issues


def document_issues(document: Json | bytes | str) -> tuple[gk.Issue, ...]:
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.read_document(document, name="export.json")
    return caught.value.issues


def codes(issues: tuple[gk.Issue, ...]) -> list[str]:
    return [issue.code for issue in issues]


def changed(table: str, column: str, cell: str) -> list[Row]:
    """Return the rows of a table with a cell of the second row replaced."""
    rows = copy.deepcopy(TABLES[table])
    rows[1][column] = cell
    return rows


def test_the_institution_of_a_document_may_name_the_format_too() -> None:
    institution = make_document()["institution"]
    named = make_document(institution={**institution, "format": "gatsbykit/1"})
    assert gk.read_document(named) == gk.read_document(make_document())
    later = make_document(institution={**institution, "format": "gatsbykit/2"})
    (issue,) = document_issues(later)
    assert (issue.code, issue.path) == ("unknown_format", "institution.format")


def test_an_unknown_column_is_said_once() -> None:
    rows: list[Any] = [{**json_row(row), "shoe": "left"} for row in TABLES["learners"]]
    assert len(rows) > 1
    assert [note.code for note in gk.read_document(make_document(learners=rows)).notes] == ["unknown_column"]
    with pytest.raises(gk.InvalidRecords) as caught:  # rows that have to be read one by one
        gk.read_document(make_document(learners=[3, *rows]))
    assert codes(caught.value.issues) == ["wrong_type"]
    assert [note.code for note in caught.value.notes] == ["unknown_column"]


def test_the_two_spellings_say_the_same(tmp_path: Path) -> None:
    by_folder = gk.read_folder(make_folder(tmp_path))
    assert by_folder == gk.read_document(make_document())
    assert by_folder.notes == ()
    document = tmp_path / "all.json"
    document.write_text(json.dumps(make_document()), encoding="utf-8")
    assert gk.load(document) == gk.load(str(document)) == by_folder


# --- single cells -------------------------------------------------------------------------------

CELLS = [
    # table, column, cell, code
    ("learners", "year_group", "10.9", "not_a_whole_number"),
    ("learners", "year_group", "11.0", "not_a_whole_number"),
    ("learners", "year_group", "Y11", "not_a_whole_number"),
    ("learners", "year_group", "\u0661\u0661", "not_a_whole_number"),
    ("learners", "year_group", "1e1", "not_a_whole_number"),
    ("learners", "year_group", "9" * 16, "not_a_whole_number"),
    ("learners", "year_group", "0", "out_of_range"),
    ("learners", "year_group", "15", "out_of_range"),
    ("learners", "year_group", "-1", "out_of_range"),
    ("learners", "year_group", "", "missing_value"),
    ("learners", "year_group", "  ", "missing_value"),
    ("learners", "learner_id", "", "missing_value"),
    ("learners", "learner_id", "L1", "duplicate_id"),
    ("learners", "on_roll_to", "2020-08-31", "dates_out_of_order"),
    ("learners", "programme_end", "2020-08-31", "dates_out_of_order"),
    ("learners", "on_roll_to", "31/08/2026", "not_a_date"),
    ("learners", "on_roll_to", "20260831", "not_a_date"),
    ("learners", "on_roll_to", "2026-8-31", "not_a_date"),
    ("learners", "on_roll_to", "2026-08-31T00:00:00", "not_a_date"),
    ("learners", "on_roll_to", "2026-W35-1", "not_a_date"),
    ("learners", "on_roll_to", "46265", "serial_date"),
    ("learners", "on_roll_to", "next year", "not_a_date"),
    ("learners", "on_roll_to", "2026-02-29", "impossible_date"),
    ("learners", "on_roll_to", "2026-13-01", "impossible_date"),
    ("learners", "on_roll_to", "0000-01-01", "impossible_date"),
    ("learners", "date_of_birth", "2010-02-30", "impossible_date"),
    ("learners", "sex", "f", "not_a_choice"),
    ("learners", "sex", "female", "not_a_choice"),
    ("learners", "sen_provision", "S", "not_a_choice"),
    ("learners", "disadvantaged", "maybe", "not_yes_or_no"),
    ("learners", "eal", "2", "not_yes_or_no"),
    ("learners", "looked_after", "on", "not_yes_or_no"),
    ("learners", "considering_he", "None", "not_yes_or_no"),
    ("learners", "in_cohort", "yes.", "not_yes_or_no"),
    ("learners", "upn", "A801200005001", "bad_check_digit"),
    ("learners", "upn", "B80120000500", "bad_identifier"),
    ("learners", "uln", "9276308685", "bad_check_digit"),
    ("learners", "uln", "0276308686", "bad_identifier"),
    ("activities", "activity_id", "A1", "duplicate_id"),
    ("activities", "activity_id", "", "missing_value"),
    ("activities", "date", "", "missing_value"),
    ("activities", "date", "2025-02-29", "impossible_date"),
    ("activities", "kinds", "", "missing_value"),
    ("activities", "kinds", "talk", "not_a_choice"),
    ("activities", "kinds", "employer_encounter;talk", "not_a_choice"),
    ("activities", "kinds", "Employer_Encounter", "not_a_choice"),
    ("activities", "kinds", "employer_encounter,curriculum_link", "not_a_choice"),
    ("activities", "mode", "online", "not_a_choice"),
    ("activities", "provider_types", "university;sixth form", "not_a_choice"),
    ("activities", "employer_size", "Large", "not_a_choice"),
    ("activities", "employer_sector", "Z", "not_a_choice"),
    ("activities", "duration", "45", "not_a_duration"),
    ("activities", "duration", "min", "not_a_duration"),
    ("activities", "duration", "1 week", "not_a_duration"),
    ("activities", "duration", "1,5 h", "not_a_duration"),
    ("activities", "duration", "1e3 min", "not_a_duration"),
    ("activities", "duration", "9**9 h", "not_a_duration"),
    ("activities", "duration", "-45 min", "negative_duration"),
    ("activities", "adviser_level", "six", "not_a_whole_number"),
    ("activities", "adviser_level", "6.5", "not_a_whole_number"),
    ("activities", "meaningful", "unknown", "not_yes_or_no"),
    ("activities", "part_time_job", "part", "not_yes_or_no"),
    ("activities", "covers_questions", "x", "not_yes_or_no"),
    ("participations", "activity_id", "", "missing_value"),
    ("participations", "learner_id", "", "missing_value"),
    ("participations", "status", "present", "not_a_choice"),
    ("participations", "year_group", "15", "out_of_range"),
    ("destinations", "learner_id", "", "missing_value"),
    ("destinations", "date", "", "missing_value"),
    ("destinations", "category", "", "missing_value"),
    ("destinations", "category", "university", "not_a_choice"),
    ("destinations", "nccis_code", "310", "code_contradicts_category"),
    ("destinations", "nccis_code", "999", "not_a_choice"),
    ("destinations", "nccis_code", "0320", "not_a_choice"),
    ("destinations", "level", "three", "not_a_whole_number"),
    ("destinations", "end_date", "soon", "not_a_date"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "cell", "code"), CELLS)
def test_a_bad_cell_of_a_folder(tmp_path: Path, table: str, column: str, cell: str, code: str) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {f"{table}.csv": csv_text(changed(table, column, cell))}))
    assert (issue.code, issue.file, issue.row, issue.column) == (code, f"{table}.csv", 3, column)
    assert issue.expected
    id_column = "activity_id" if table == "activities" else "learner_id"
    given_id = cell if column == id_column else TABLES[table][1][id_column]
    if code != "duplicate_id":
        assert issue.record == (given_id or None)
    if code == "missing_value":
        assert issue.cell is None
    elif column in {"upn", "uln", "date_of_birth"}:
        assert issue.cell == "<hidden>"
        assert cell not in str(issue)
    else:
        assert issue.cell == shown(cell)
        assert f'"{issue.cell}"' in str(issue)
    assert str(issue).startswith(f"{table}.csv, row 3, column {column}")


VALUES: list[tuple[str, str, Any, str]] = [
    *(case for case in CELLS if case[1] not in NUMBERS | LISTS and case[3] != "not_yes_or_no"),
    ("learners", "year_group", "11", "wrong_type"),
    ("learners", "year_group", 10.9, "wrong_type"),
    ("learners", "year_group", 11.0, "wrong_type"),
    ("learners", "year_group", True, "wrong_type"),
    ("learners", "year_group", None, "missing_value"),
    ("learners", "year_group", 15, "out_of_range"),
    ("learners", "year_group", 10**29, "out_of_range"),
    ("learners", "year_group", [11], "wrong_type"),
    ("learners", "learner_id", 7, "wrong_type"),
    ("learners", "learner_id", {"a": 1}, "wrong_type"),
    ("learners", "learner_id", "a\0b", "bad_character"),
    ("learners", "learner_id", "\ud800", "bad_character"),
    ("learners", "eal", "yes", "wrong_type"),
    ("learners", "eal", 1, "wrong_type"),
    ("learners", "subjects", "art", "wrong_type"),
    ("learners", "subjects", [1], "wrong_type"),
    ("learners", "subjects", [None], "wrong_type"),
    ("learners", "subjects", [["art"]], "wrong_type"),
    ("learners", "sex", 1, "not_a_choice"),
    ("learners", "on_roll_from", 20200901, "wrong_type"),
    ("learners", "on_roll_from", date(2020, 9, 1), "wrong_type"),
    ("learners", "uln", 9276308685, "bad_check_digit"),
    ("learners", "uln", True, "wrong_type"),
    ("activities", "kinds", [], "missing_value"),
    ("activities", "kinds", [" "], "missing_value"),
    ("activities", "kinds", ["talk"], "not_a_choice"),
    ("activities", "kinds", "curriculum_link", "wrong_type"),
    ("activities", "duration", 45, "wrong_type"),
    ("activities", "adviser_level", "6", "wrong_type"),
    ("activities", "adviser_level", float("inf"), "wrong_type"),
    ("destinations", "nccis_code", 310, "wrong_type"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value", "code"), VALUES)
def test_a_bad_value_of_a_document(table: str, column: str, value: Any, code: str) -> None:
    document = make_document()
    document[table][1][column] = value
    (issue,) = document_issues(document)
    assert (issue.code, issue.file, issue.path) == (code, "export.json", f"{table}[1].{column}")
    assert issue.where.startswith(f"export.json, {table}[1].{column}")
    if column in {"upn", "uln", "date_of_birth"} and code != "missing_value":
        assert issue.cell == "<hidden>"


def test_a_set_without_entries_is_a_missing_value(tmp_path: Path) -> None:
    rows = changed("activities", "kinds", " ; ")
    (issue,) = folder_issues(make_folder(tmp_path, {"activities.csv": csv_text(rows)}))
    assert (issue.code, issue.row, issue.column) == ("missing_value", 3, "kinds")


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        *((cell, True) for cell in ("yes", "YES", "Yes", "y", "Y", "true", "TRUE", "True", "1", " yes ")),
        *((cell, False) for cell in ("no", "NO", "n", "N", "false", "FALSE", "0", "\tno")),
        ("", None),
        ("  ", None),
    ],
)
def test_yes_no_and_unknown(tmp_path: Path, cell: str, truth: bool | None) -> None:
    files: dict[str, str | bytes | None] = {
        "learners.csv": csv_text(changed("learners", "eal", cell)),
        "activities.csv": csv_text(changed("activities", "meaningful", cell)),
    }
    found = gk.load(make_folder(tmp_path, files))
    assert found.learners is not None
    assert found.activities is not None
    assert found.learners[1].eal is truth
    assert found.activities[1].meaningful is truth


@pytest.mark.parametrize(("value", "truth"), [(True, True), (False, False), (None, None), ("", None)])
def test_yes_no_and_unknown_of_a_document(value: object, truth: bool | None) -> None:
    document = make_document()
    document["learners"][1]["eal"] = value
    found = gk.read_document(document)
    assert found.learners is not None
    assert found.learners[1].eal is truth


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("45 min", 45), ("1 minute", 1), ("90 minutes", 90), ("1.5 h", 90), ("1 hour", 60), ("2 hours", 120),
        ("1 half_day", 150), ("3 half_days", 450), ("1 school_day", 300), ("5 school_days", 1500),
        ("0 min", 0), ("45min", 45), (" 45   min ", 45), ("0.1 min", Fraction(1, 10)),
    ],
)  # fmt: skip
def test_durations(tmp_path: Path, cell: str, minutes: Fraction | int) -> None:
    rows = changed("activities", "duration", cell)
    found = gk.load(make_folder(tmp_path, {"activities.csv": csv_text(rows)}))
    assert found.activities is not None
    assert found.activities[1].duration == minutes


def test_ids_are_never_trimmed_and_other_cells_are(tmp_path: Path) -> None:
    rows = [{"learner_id": " L1", "year_group": " 9 ", "sex": " F "}, {"learner_id": "L1", "year_group": "9"}]
    files: dict[str, str | bytes | None] = {"learners.csv": csv_text(rows)}
    found = gk.load(make_folder(tmp_path, files))
    assert found.learners is not None
    assert [one.learner_id for one in found.learners] == [" L1", "L1"]
    assert (found.learners[0].year_group, found.learners[0].sex) == (9, gk.Sex.FEMALE)
    document = make_document(learners=[{"learner_id": " L1", "year_group": 9, "sex": " F "}])
    found = gk.read_document(document)
    assert found.learners is not None
    assert (found.learners[0].learner_id, found.learners[0].sex) == (" L1", gk.Sex.FEMALE)


def test_lists(tmp_path: Path) -> None:
    cells = {
        "kinds": " curriculum_link ;; curriculum_link;employer_encounter;",
        "subjects": "Design and  Technology; design_and_technology ;ART",
        "providers": "Aldbury College; aldbury college;Aldbury College",
    }
    rows = [{**TABLES["activities"][0], **cells}]
    found = gk.load(make_folder(tmp_path, {"activities.csv": csv_text(rows)}))
    assert found.activities is not None
    (one,) = found.activities
    assert one.kinds == {"curriculum_link", "employer_encounter"}
    assert one.subjects == {"design_and_technology", "art"}
    assert one.providers == {"Aldbury College", "aldbury college"}
    listed = {name: cell.split(";") for name, cell in cells.items()}
    document = make_document(activities=[{**json_row(TABLES["activities"][0]), **listed}])
    assert gk.read_document(document).activities == found.activities


@pytest.mark.parametrize("code", NCCIS_CATEGORIES)
def test_every_activity_code(tmp_path: Path, code: str) -> None:
    follows, *others = NCCIS_CATEGORIES[code]
    for category in gk.DestinationCategory:
        document = make_document(
            destinations=[
                {"learner_id": "L1", "date": "2026-01-01", "nccis_code": code, "category": category.value}
            ]
        )
        if category in {follows, *others}:
            found = gk.read_document(document).destinations
            assert found is not None
            assert found[0].category is category
        else:
            (issue,) = document_issues(document)
            assert (issue.code, issue.cell) == ("code_contradicts_category", code)
            assert follows.value in issue.expected
    rows = [{"learner_id": "L1", "date": "2026-01-01", "nccis_code": f" {code} "}]
    found = gk.load(make_folder(tmp_path, {"destinations.csv": csv_text(rows)})).destinations
    assert found is not None
    assert (found[0].category, found[0].nccis_code) == (follows, code)


def test_unknown_activity_codes_are_known_to_be_unknown() -> None:
    unknown = [code for code, categories in NCCIS_CATEGORIES.items() if "unknown" in categories]
    assert unknown == ["150", "810", "820", "830"]


# --- files --------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_listed_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "institution.json": json.dumps({**INSTITUTION, "format": "gatsbykit/2", "urn": "12"}),
        "learners.csv": "learner_id,year_group,sex,eal\nL1,99,x,perhaps\nL1,9,F,yes\n,,F,\n",
        "activities.csv": "activity_id,date\nA1,yesterday\n",
        "participations.csv": "activity_id,learner_id,status\nA1,L1,gone\nA1\n",
        "destinations.csv": "learner_id,category\n",
        "answers.json": json.dumps({"1999-school": {}, "2025-school": {"1b": "perhaps", "9z": "yes"}}),
    }
    issues = folder_issues(make_folder(tmp_path, files))
    assert [(issue.file, issue.row, issue.path, issue.column, issue.code) for issue in issues] == [
        ("institution.json", None, None, "format", "unknown_format"),
        ("institution.json", None, None, "urn", "bad_identifier"),
        ("learners.csv", 2, None, "year_group", "out_of_range"),
        ("learners.csv", 2, None, "sex", "not_a_choice"),
        ("learners.csv", 2, None, "eal", "not_yes_or_no"),
        ("learners.csv", 3, None, "learner_id", "duplicate_id"),
        ("learners.csv", 4, None, "learner_id", "missing_value"),
        ("learners.csv", 4, None, "year_group", "missing_value"),
        ("activities.csv", 1, None, "kinds", "missing_column"),
        ("activities.csv", 2, None, "date", "not_a_date"),
        ("participations.csv", 2, None, "status", "not_a_choice"),
        ("participations.csv", 3, None, None, "wrong_number_of_cells"),
        ("destinations.csv", 1, None, "date", "missing_column"),
        ("answers.json", None, "1999-school", None, "unknown_edition"),
        ("answers.json", None, "2025-school.1b", None, "not_a_choice"),
        ("answers.json", None, "2025-school.9z", None, "unknown_criterion"),
    ]


def test_errors_are_a_group_that_pickles(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {"learners.csv": "learner_id,year_group\nL1,x\nL2,y\n"})
    with pytest.raises(gk.InvalidRecords, match="2 errors in the records") as caught:
        gk.load(folder)
    assert len(caught.value.exceptions) == len(caught.value.issues) == 2
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own bytes)
    assert again.issues == caught.value.issues


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("learner_id,year_group\n\nL1,9\n\n\nL2,x\n", 6),
        ("learner_id,year_group\r\nL1,9\r\nL2,x\r\n", 3),
        ("learner_id,year_group\rL1,9\rL2,x\r", 3),
        ("learner_id,year_group\nL1,9\nL2,x", 3),
        ('"learner_id",year_group,subjects\n"L\n1",9,"a\r\nb\n\nc"\nL2,x,\n', 3),
        ("\ufefflearner_id,year_group\nL2,x\n", 2),
        ('\ufeff"learner_id","year_group"\nL2,x\n', 2),
        ("year_group, learner_id \nx,L2\n", 2),
    ],
)
def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path, text: str, row: int) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"learners.csv": text}))
    assert (issue.code, issue.row, issue.record) == ("not_a_whole_number", row, "L2")


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("", "missing_header", None),
        ("\n\n", "missing_header", None),
        ("year_group\n9\n", "missing_column", 1),
        ("learner_id\nL1\n", "missing_column", 1),
        ("learner_id,year_group,year_group\nL1,9,9\n", "duplicate_column", 1),
        ("learner_id,year_group\nL1\n", "wrong_number_of_cells", 2),
        ("learner_id,year_group\nL1,9,\n", "wrong_number_of_cells", 2),
        ("learner_id,year_group\nL1,9\n ,x,\n", "wrong_number_of_cells", 3),
        ('learner_id,year_group\nL1,9\n"L2,9\nL3,9\n', "bad_quoting", 3),
        ('learner_id,year_group\n"L1"x,9\n', "bad_quoting", 2),
        (b"learner_id,year_group\nL1,9\nL\xe9,9\n", "not_utf8", 3),
        ("learner_id,year_group\nL1,9\n".encode("utf-16"), "not_utf8", 1),
        ("learner_id,year_group\nL1,9\nL\0,9\n", "nul_character", 3),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, text: str | bytes, code: str, row: int | None) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"learners.csv": text}))
    assert (issue.code, issue.file, issue.row) == (code, "learners.csv", row)
    assert issue.expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("learner_id;year_group\nL1;9\n", "wrong_separator"),
        ("year_group\tlearner_id\n9\tL1\n", "wrong_separator"),
        ("Learner_ID|Year_Group\nL1|9\n", "wrong_separator"),
        ("LEARNER_ID,Year_Group\nL1,9\n", "header_in_capitals"),
        ("L1;Mina,9\n", "missing_header"),
    ],
)
def test_says_once_what_is_wrong_with_a_header(tmp_path: Path, text: str, code: str) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"learners.csv": text}))
    assert (issue.code, issue.file, issue.row) == (code, "learners.csv", 1)


def test_a_table_alone_is_no_institution(tmp_path: Path) -> None:
    table = make_folder(tmp_path, {"learners.csv": "learner_id,year_group\nL1,9\n"}) / "learners.csv"
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.load(table)
    assert [(issue.code, issue.file) for issue in caught.value.issues] == [("table_alone", "learners.csv")]


def test_a_first_row_that_is_a_learner_is_not_shown(tmp_path: Path) -> None:
    issues = folder_issues(make_folder(tmp_path, {"learners.csv": "Mina Patel,11\nAl Smith,9\n"}))
    assert (issues[0].code, issues[0].row) == ("missing_header", 1)
    assert "Mina" not in "".join(map(str, issues))


def test_a_table_needs_a_category_or_a_code(tmp_path: Path) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"destinations.csv": "learner_id,date\nL1,2026-01-01\n"}))
    assert (issue.code, issue.row, issue.column) == ("missing_column", 1, "category")
    assert "category or nccis_code" in issue.message
    (issue,) = document_issues(make_document(destinations=[{"learner_id": "L1", "date": "2026-01-01"}]))
    assert (issue.code, issue.path) == ("missing_value", "destinations[0].category")


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    headers = {f"{name}.csv": csv_text([], list(rows[0])) for name, rows in TABLES.items()}
    found = gk.load(make_folder(tmp_path, {**headers}))
    assert (found.learners, found.activities, found.participations, found.destinations) == ((), (), (), ())
    assert found == gk.read_document(make_document(**{name: [] for name in TABLES}))


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (("learners",), ["learners"]),
        (("activities",), ["activities"]),
        (("participations",), ["participations"]),
        (("activities", "learners"), ["activities", "learners"]),
        (("destinations",), []),
        (("activities", "participations"), []),
        (("learners", "activities", "participations"), []),
    ],
)
def test_tables_that_come_together(tmp_path: Path, left_out: tuple[str, ...], missing: list[str]) -> None:
    folder = make_folder(tmp_path, {f"{name}.csv": None for name in left_out})
    document = {name: value for name, value in make_document().items() if name not in left_out}
    nulls = {**document, **dict.fromkeys(left_out)}
    if missing:
        assert [(one.code, one.file) for one in folder_issues(folder)] == [
            ("missing_table", f"{name}.csv") for name in missing
        ]
        for spelling in (document, nulls):
            assert [(one.code, one.path) for one in document_issues(spelling)] == [
                ("missing_table", name) for name in missing
            ]
    else:
        found = gk.load(folder)
        assert found == gk.read_document(document) == gk.read_document(nulls)
        assert all(getattr(found, name) is None for name in left_out)


def test_a_college_needs_no_year_groups(tmp_path: Path) -> None:
    college = {"institution.json": json.dumps({**INSTITUTION, "kind": "college"})}
    folder = make_folder(tmp_path, {**college, "learners.csv": "learner_id\nL1\n"})
    assert gk.load(folder).learners == (gk.Learner(learner_id="L1"),)
    for kind in ("special_school", "alternative_provision"):
        institution = {"name": "N", "kind": kind}
        (issue,) = document_issues(make_document(institution=institution, learners=[{"learner_id": "L1"}]))
        assert (issue.code, issue.path) == ("missing_value", "learners[0].year_group")


def test_what_is_not_there(tmp_path: Path) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"institution.json": None}))
    assert (issue.code, issue.file) == ("missing_file", "institution.json")
    (issue,) = folder_issues(tmp_path / "nowhere.json")
    assert (issue.code, issue.file) == ("missing_file", "nowhere.json")
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.read_folder(tmp_path / "nowhere")
    assert codes(caught.value.issues) == ["missing_folder"]
    for impossible in ("x" * 5000, "a\0b"):
        assert codes(folder_issues(Path(impossible))) == ["unreadable_file"]


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {"learners.csv": None})
    (folder / "learners.csv").mkdir()
    (issue,) = folder_issues(folder)
    assert (issue.code, issue.file) == ("unreadable_file", "learners.csv")


def test_strange_columns_and_files_are_named_once(tmp_path: Path) -> None:
    rows = [{**row, "tutor": "x", "": "y"} for row in TABLES["learners"]]
    folder = make_folder(
        tmp_path,
        {
            "learners.csv": csv_text(rows),
            "learner.csv": "misspelt",
            "README.txt": "not data",
            "Answers.JSON": "{}",
            "institution.json": json.dumps({**INSTITUTION, "phase": "secondary"}),
        },
    )
    found = gk.load(folder)
    assert [(note.code, note.file, note.column) for note in found.notes] == [
        ("unknown_column", "institution.json", "phase"),
        ("unknown_file", "Answers.JSON", None),
        ("unknown_file", "learner.csv", None),
        ("unknown_column", "learners.csv", "tutor"),
        ("unknown_column", "learners.csv", "(no name)"),
    ]
    assert found == gk.load(make_folder(tmp_path / "plain"))
    card = gk.score(found, as_of=date(2026, 7, 10))
    assert [one.count for one in card.warnings if one.code == "unknown_column"] == [1, 1, 1]


def test_strange_members_of_a_document_are_named_once() -> None:
    learners = [{**json_row(row), "tutor": 1} for row in TABLES["learners"]]
    found = gk.read_document(make_document(learners=learners, sites=[], comment="x"), name="export.json")
    assert [(note.path, note.column) for note in found.notes] == [
        ("the document", "sites"),
        ("the document", "comment"),
        ("learners", "tutor"),
    ]
    assert all(note.file == "export.json" for note in found.notes)
    assert found == gk.read_document(make_document())


# --- the institution ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": ""}, [("missing_value", "name")]),
        ({"name": "  "}, [("missing_value", "name")]),
        ({"name": None, "kind": None}, [("missing_value", "name"), ("missing_value", "kind")]),
        ({"name": 7}, [("wrong_type", "name")]),
        ({"name": ["x"]}, [("wrong_type", "name")]),
        ({"kind": "school"}, [("not_a_choice", "kind")]),
        ({"kind": " "}, [("missing_value", "kind")]),
        ({"kind": {}}, [("not_a_choice", "kind")]),
        ({"urn": "10004"}, [("bad_identifier", "urn")]),
        ({"urn": "012345"}, [("bad_identifier", "urn")]),
        ({"ukprn": "1007931"}, [("bad_identifier", "ukprn")]),
        ({"laestab": "213-6007"}, [("bad_identifier", "laestab")]),
        ({"id": 7}, [("wrong_type", "id")]),
        ({"id": "a\0"}, [("bad_character", "id")]),
        ({"urn": True}, [("wrong_type", "urn")]),
    ],
)
def test_a_bad_institution(tmp_path: Path, fields: Json, expected: list[tuple[str, str]]) -> None:
    given = {**INSTITUTION, **fields}
    issues = folder_issues(make_folder(tmp_path, {"institution.json": json.dumps(given)}))
    assert [(one.code, one.column) for one in issues] == expected
    assert {one.file for one in issues} == {"institution.json"}
    given.pop("format")
    issues = document_issues(make_document(institution=given))
    assert [(one.code, one.path) for one in issues] == [
        (code, f"institution.{column}") for code, column in expected
    ]


def test_a_folder_of_no_institution(tmp_path: Path) -> None:
    (issue,) = folder_issues(make_folder(tmp_path, {"institution.json": "[]"}))
    assert (issue.code, issue.file) == ("wrong_type", "institution.json")


def test_an_institution_without_a_name_or_a_kind() -> None:
    assert [one.path for one in document_issues(make_document(institution={}))] == [
        "institution.name",
        "institution.kind",
    ]
    nothings: tuple[Any, ...] = (None, [], "Northfield School")
    for nothing in nothings:
        (issue,) = document_issues(make_document(institution=nothing))
        assert (issue.code, issue.path) == ("wrong_type", "institution")


@pytest.mark.parametrize(
    ("fields", "institution_id"),
    [
        ({}, "Northfield School"),
        ({"ukprn": 10079319}, "10079319"),
        ({"ukprn": "10079319", "urn": " 100049 "}, "100049"),
        ({"urn": "100049", "id": " site 2 "}, " site 2 "),
        ({"urn": "100049", "id": "  "}, "100049"),
        ({"urn": " ", "laestab": "213/6007"}, "Northfield School"),
    ],
)
def test_the_id_of_an_institution(fields: Json, institution_id: str) -> None:
    given = {"name": " Northfield School ", "kind": "secondary_school", **fields}
    assert gk.read_document(make_document(institution=given)).institution.id == institution_id


@pytest.mark.parametrize("given", [None, 1, "gatsbykit/2", "GATSBYKIT/1", ["gatsbykit/1"]])
def test_the_format_is_named(tmp_path: Path, given: Any) -> None:
    (issue,) = document_issues(make_document(format=given))
    assert (issue.code, issue.column) == ("unknown_format", "format")
    assert issue.expected == '"gatsbykit/1"'
    changed_text = json.dumps({**INSTITUTION, "format": given})
    (issue,) = folder_issues(make_folder(tmp_path, {"institution.json": changed_text}))
    assert (issue.code, issue.file) == ("unknown_format", "institution.json")


# --- JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"{} {}", "not_json"),
        (b"{'format': 1}", "not_json"),
        (b'{"format": NaN}', "not_json"),
        (b'{"format": -Infinity}', "not_json"),
        (b'{"format": ' + b"9" * 31 + b"}", "not_json"),
        (b'{"format": "\t"}', "not_json"),
        (b"[" * 100_000 + b"]" * 100_000, "not_json"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "not_json"),
        (b'{"format": "\xff"}', "not_utf8"),
        (b'{"format": "\0"}', "nul_character"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b'"gatsbykit/1"', "wrong_type"),
        (b"\xef\xbb\xbf7", "wrong_type"),
        (b'{"a": 1, "b": 2, "a": 3}', "duplicate_key"),
    ],
)
def test_a_document_that_is_none(tmp_path: Path, data: bytes, code: str) -> None:
    (issue,) = document_issues(data)
    assert (issue.code, issue.file) == (code, "export.json")
    path = tmp_path / "x.json"
    path.write_bytes(data)
    assert codes(folder_issues(path)) == [code]
    if code != "wrong_type":
        assert code in codes(folder_issues(make_folder(tmp_path / "f", {"institution.json": data})))


def test_duplicate_keys_are_all_named() -> None:
    twice = '"a": 1, "a": 2, "b": {"c": 1, "c": 1, "d\\u001b[31m": 1, "d\\u001b[31m": 2}'
    text = f'{{{twice}, "{ULN}": 1, "{ULN}": 2}}'
    issues = document_issues(text)
    assert codes(issues) == ["duplicate_key"] * 4
    assert [one.column for one in issues] == ["c", "d\\x1b[31m", "a", "<hidden>"]


def test_bytes_text_and_values_are_read_alike() -> None:
    document = make_document()
    text = json.dumps(document)
    expected = gk.read_document(document)
    assert gk.read_document(text) == gk.read_document(text.encode()) == expected
    assert gk.read_document(b"\xef\xbb\xbf" + text.encode()) == expected
    assert gk.read_document(json.dumps(document, separators=(" ,", " : "))) == expected


@pytest.mark.parametrize("rows", [{}, "x", 7, True])
def test_a_table_is_a_list_of_objects(rows: Any) -> None:
    (issue,) = document_issues(make_document(destinations=rows))
    assert (issue.code, issue.path) == ("wrong_type", "destinations")
    (issue,) = document_issues(make_document(destinations=[rows] if rows != {} else [[]]))
    assert (issue.code, issue.path) == ("wrong_type", "destinations[0]")


# --- answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "code", "path"),
    [
        ([], "wrong_type", ""),
        ("yes", "wrong_type", ""),
        ({"2026-school": {}}, "unknown_edition", ".2026-school"),
        ({"2025-school": []}, "wrong_type", ".2025-school"),
        ({"2025-school": "yes"}, "wrong_type", ".2025-school"),
        ({"2025-school": {"9z": None}}, "unknown_criterion", ".2025-school.9z"),
        ({"2014-school": {"8c": "yes"}}, "unknown_criterion", ".2014-school.8c"),
        ({"2025-school": {"1b": "Yes"}}, "not_a_choice", ".2025-school.1b"),
        ({"2025-school": {"1b": True}}, "not_a_choice", ".2025-school.1b"),
        ({"2025-school": {"1b": "all"}}, "not_a_choice", ".2025-school.1b"),
        ({"2025-school": {"1b": {"share": "1"}}}, "not_a_choice", ".2025-school.1b"),
        ({"2025-school": {"1a": "yes"}}, "wrong_type", ".2025-school.1a"),
        ({"2025-school": {"1a": {"parents": "yes"}}}, "unknown_part", ".2025-school.1a.parents"),
        ({"2025-school": {"1a": {"governors": "maybe"}}}, "not_a_choice", ".2025-school.1a.governors"),
        ({"2025-school": {"1a": {"governors": ["yes"]}}}, "not_a_choice", ".2025-school.1a.governors"),
        ({"2025-school": {"5a": "most"}}, "not_a_choice", ".2025-school.5a"),
        ({"2025-school": {"5a": "yes"}}, "not_a_choice", ".2025-school.5a"),
        ({"2025-school": {"5a": 1}}, "not_a_choice", ".2025-school.5a"),
        *(
            ({"2025-school": {"5a": share}}, "not_a_share", ".2025-school.5a")
            for share in (
                {}, {"share": 0.83}, {"share": "83%"}, {"share": "1.01"}, {"share": "-0.1"}, {"share": ""},
                {"share": None}, {"share": "0.5", "of": "Year 9"}, {"share": ".5"}, {"share": "1/2"},
                {"share": " 0.5"}, {"share": "NaN"}, {"share": "1e-1"}, {"part": "0.5"},
            )
        ),
    ],
)  # fmt: skip
def test_a_bad_answer(tmp_path: Path, answers: Any, code: str, path: str) -> None:
    (issue,) = document_issues(make_document(answers=answers))
    assert (issue.code, issue.path) == (code, f"answers{path}")
    assert issue.expected
    (issue,) = folder_issues(make_folder(tmp_path, {"answers.json": json.dumps(answers)}))
    assert (issue.code, issue.file, issue.path) == (code, "answers.json", path.removeprefix(".") or None)


def test_good_answers(tmp_path: Path) -> None:
    answers = {
        "2025-school": {
            "1b": "in_progress",
            "1d": None,
            "1a": {"governors": "yes", "headteacher": None},
            "1c": {},
            "5a": "overwhelming_majority",
            "6a": {"share": "0.83"},
        },
        "2014-school": None,
    }
    found = gk.read_document(make_document(answers=answers))
    assert found.answers == {
        "2025-school": {
            "1b": gk.Answer.IN_PROGRESS,
            "1a": gk.PartAnswers({"governors": gk.Answer.YES}),
            "1c": gk.PartAnswers({}),
            "5a": gk.Band.OVERWHELMING_MAJORITY,
            "6a": gk.DeclaredShare("0.83"),
        },
        "2014-school": {},
    }
    assert gk.load(make_folder(tmp_path, {"answers.json": json.dumps(answers)})) == found


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_criterion_can_be_answered(key: str) -> None:
    answers: Json = {
        one.id: dict.fromkeys(one.parts, "yes") if one.parts else "yes" if one.type == "declared" else "all"
        for one in edition(key).criteria
    }
    found = gk.read_document(make_document(answers={key: answers}))
    assert found.answers[key].keys() == answers.keys()


def test_what_is_strange_in_answers_is_shown_safely() -> None:
    answers = {UPN: {}, "2025-school": {"\x1b[2J": "yes", "1a": {"L" * 500: "yes"}, "1b": f"yes {ULN}"}}
    issues = document_issues(make_document(answers=answers))
    text = "\n".join(map(str, issues))
    assert len(issues) == 4
    assert UPN not in text
    assert ULN not in text
    assert "\x1b" not in text
    assert "L" * 100 not in text


# --- nothing private ----------------------------------------------------------------------------


def test_no_message_shows_what_is_private(tmp_path: Path) -> None:
    """Columns that slipped put identifiers into places where they do not belong."""
    rows = [
        {
            "learner_id": UPN, "year_group": ULN, "date_of_birth": "02/03/2010", "upn": "Mina Patel",
            "sex": UPN.lower(),
        },
        {"learner_id": UPN, "year_group": "9", "uln": "Mina", "eal": f"x {UPN} x", "subjects": ""},
    ]  # fmt: skip
    issues = folder_issues(make_folder(tmp_path, {"learners.csv": csv_text(rows)}))
    text = "\n".join([*map(str, issues), *map(repr, issues)])
    assert len(issues) == 7
    for private in (UPN, UPN.lower(), ULN, "Mina", "02/03/2010"):
        assert private not in text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("plain", "plain"),
        ("x" * 61, "x" * 60 + "…"),
        ("a\nb\x1b", "a\\nb\\x1b"),
        ("é\u202e", "é\\u202e"),
        (f"({ULN})", "<hidden>"),
    ],
)
def test_what_is_shown_of_a_cell(cell: str, expected: str) -> None:
    assert shown(cell, "title") == expected
    for column in ("upn", "uln", "date_of_birth", "name"):
        assert shown(cell, column) == "<hidden>"


# --- garbage ------------------------------------------------------------------------------------

GARBAGE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "yes", "10.9", "2026-02-30", "-1", ";", "999", UPN, '"', "\r", "\0", "=1+1", "\ud800"]
    ),
)


def issues_of(work: Callable[[], object]) -> tuple[gk.Issue, ...]:
    """Return what is wrong, if anything is; any other exception is a failure."""
    try:
        work()
    except gk.InvalidRecords as errors:
        return errors.issues
    return ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_garbled_cell_is_an_error_or_is_read(tmp_path: Path, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(TABLES)))
    rows = copy.deepcopy(TABLES[table])
    columns = sorted({column for row in rows for column in row})
    column = data.draw(st.sampled_from(columns))
    data.draw(st.sampled_from(rows))[column] = data.draw(GARBAGE)
    content = csv_text(rows).encode("utf-8", "surrogatepass")
    folder = make_folder(tmp_path, {f"{table}.csv": content})
    for issue in issues_of(lambda: gk.load(folder)):
        assert issue.file == f"{table}.csv"
        assert str(issue).isprintable()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | GARBAGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(GARBAGE, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a document, as a container and the key in it."""
    found: list[tuple[Any, Any]] = []
    members: list[tuple[Any, Any]] = []
    if is_object(value):
        members = [*value.items()]
    elif is_list(value):
        members = [*enumerate(value)]
    for key, inner in members:
        found += [(value, key), *places(inner)]
    return found


ANSWERED = make_document(
    answers={"2025-school": {"1b": "yes", "1a": {"governors": "yes"}, "5a": "all", "6a": {"share": "0.5"}}}
)


@given(st.data())
def test_one_garbled_value_is_an_error_or_is_read(data: st.DataObject) -> None:
    document = copy.deepcopy(ANSWERED)
    container, key = data.draw(st.sampled_from(places(document)))
    container[key] = data.draw(ANY_JSON)
    for issue in issues_of(
        lambda: gk.score(gk.read_document(document), as_of=date(2026, 7, 10), edition="2025-school")
    ):
        assert str(issue).isprintable()


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_an_error(data: bytes) -> None:
    assert document_issues(data)
