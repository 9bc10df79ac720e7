"""Validation as values: reports, the catalogue of codes, and mending what is reported."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
import re
import string
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange import document, write_folder
from gatsbykit.exchange.jsontext import is_list
from gatsbykit.exchange.problems import MOST_LISTED, Place, Problems
from gatsbykit.exchange.tables import tables
from gatsbykit.issues import CodeEntry, Severity, Stage, catalogue
from gatsbykit.testing import ScoredCase, records, scored_cases
from tests.support.builders import activity, learner
from tests.support.builders import records as made_records

SOURCES = sorted(Path("src/gatsbykit").rglob("*.py"))


# The catalogue


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.code)
def test_every_entry_says_what_it_has_to(entry: CodeEntry) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.code)
    assert entry.about.endswith(".")
    assert entry.source
    assert entry.message
    assert not entry.message.endswith(".")
    if entry.stage in {Stage.MEANING, Stage.SCORING}:
        assert entry.severity is Severity.WARNING
    for template in (entry.message, entry.expected):
        for _, name, _, _ in string.Formatter().parse(template):
            assert name is None or name.isidentifier()


def test_codes_come_in_the_order_of_the_stages() -> None:
    numbers = [entry.stage.number for entry in catalogue().values() if entry.code != "more_warnings"]
    assert numbers == sorted(numbers)


def test_every_code_that_is_reported_is_in_the_catalogue() -> None:
    """What looks like a code in a call that reports one is in the catalogue."""
    calls = re.compile(
        r"(?:problems\.error\(\s*[^,()]+(?:\([^()]*\))?,|Unreadable\(|complain\([^,]+,|Issue\(\s*code=|"
        r"_issue\(\s*index, \w+,)\s*\"([a-z_]+)\""
    )
    found = {code for path in SOURCES for code in calls.findall(path.read_text(encoding="utf-8"))}
    assert len(found) > 40
    assert found <= catalogue().keys()


def test_words_can_be_translated_apart_from_codes() -> None:
    issue = gk.Issue(code="wrong_number_of_cells", details={"cells": 3, "columns": 5}, row=4)
    assert issue.message == "the row has 3 cells, the header 5"
    french = attrs.evolve(
        catalogue()["wrong_number_of_cells"], message="{cells} cellules au lieu de {columns}", expected="{x}"
    )
    reworded = issue.reworded({"wrong_number_of_cells": french})
    assert (reworded.message, reworded.expected) == ("3 cellules au lieu de 5", "…")
    assert issue.reworded({}) is issue


@given(scored_cases())
def test_the_warnings_of_a_scorecard_can_be_translated(case: ScoredCase) -> None:
    """All that is said is a template of the catalogue, filled with the details of the issue."""
    marked = {code: attrs.evolve(entry, message=f"[{entry.message}]") for code, entry in catalogue().items()}
    for issue in gk.score(case.records, as_of=case.as_of, edition=case.edition).warnings:
        assert issue.message == catalogue()[issue.code].message.format(**dict(issue.details))
        assert issue.reworded(marked).message == f"[{issue.message}]"
        assert (issue.severity, issue.where) == ("warning", issue.path)


def test_an_issue_of_a_record_alone_says_which() -> None:
    assert gk.Issue(code="duplicate_id", record="L1", details={"first": "L1"}).where == "(L1)"


def test_a_code_of_somebody_else_is_an_error_with_the_words_given() -> None:
    issue = gk.Issue(code="ours", message="not ours")
    assert (issue.severity, issue.stage, issue.source, issue.expected) == ("error", "values", "", "")
    assert str(issue) == "ours: not ours"


# Reports


def test_a_report_lists_errors_first_and_counts() -> None:
    report = gk.Report(
        issues=[
            gk.Issue(code="unknown_column", details={"column": "x", "table": "learners"}, count=3),
            gk.Issue(code="missing_header", file="learners.csv"),
        ]
    )
    assert [issue.code for issue in report.issues] == ["missing_header", "unknown_column"]
    assert report.counts == {"missing_header": 1, "unknown_column": 3}
    assert not report.is_valid
    assert str(report).splitlines()[-1] == "1 error, 3 warnings"
    assert str(report).count("(3 times)") == 1
    with pytest.raises(gk.InvalidRecords) as raised:
        report.raise_errors()
    assert raised.value.issues == report.errors
    assert raised.value.notes == report.warnings
    gk.Report(issues=report.warnings).raise_errors()
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 (our own bytes)
    plain = json.loads(json.dumps(report.to_dict()))
    assert (plain["errors"], plain["warnings"]) == (1, 3)
    assert plain["issues"] == [issue.to_dict() for issue in report.issues]
    assert plain["issues"][0]["source"] == catalogue()["missing_header"].source


@given(records(), st.none() | st.dates(date(2020, 1, 1), date(2027, 12, 31)))
def test_records_that_were_read_have_no_errors(institution: gk.Records, as_of: date | None) -> None:
    report = gk.check(institution, as_of=as_of)
    assert report.is_valid
    assert {issue.code for issue in report.issues} <= catalogue().keys()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_check_never_raises_for_bad_data(data: bytes) -> None:
    report = gk.check(data)
    assert report.errors


def test_check_takes_paths_documents_and_records(tmp_path: Path) -> None:
    school = gk.load("examples/northfield")
    write_folder(school, tmp_path / "folder")
    plain = document(school)
    (tmp_path / "file.json").write_text(json.dumps(plain), encoding="utf-8")
    for source in (
        school,
        tmp_path / "folder",
        str(tmp_path / "file.json"),
        plain,
        json.dumps(plain).encode(),
    ):
        assert gk.check(source).is_valid


def test_check_takes_an_edition_and_refuses_one_that_does_not_fit() -> None:
    school = made_records([learner()])
    day = date(2026, 7, 10)
    assert "criteria_unanswered" in gk.check(school, as_of=day, edition="2014-school").counts
    with pytest.raises(gk.EditionError):
        gk.check(school, as_of=day, edition="2025-college")
    provider = made_records([], None, kind="training_provider")
    assert gk.check(provider, as_of=date(2020, 7, 10)).is_valid  # no edition is in force


def test_ids_that_a_program_repeats_are_errors() -> None:
    twice = made_records(
        [learner("L1"), learner("L1"), learner("L1")],
        [activity(date(2026, 1, 1), "curriculum_link"), activity(date(2026, 1, 1), "curriculum_link")],
        [],
    )
    report = gk.check(twice, as_of=date(2026, 7, 10))
    assert [(issue.code, issue.record, issue.count) for issue in report.errors] == [
        ("duplicate_id", "L1", 2),
        ("duplicate_id", "A", 1),
    ]


def test_a_report_with_errors_has_the_warnings_of_reading_too() -> None:
    report = gk.check(
        {"format": "gatsbykit/1", "institution": {"name": "N", "kind": "college", "motto": "…", "urn": "1"}}
    )
    assert report.counts == {"bad_identifier": 1, "unknown_column": 1}


# Mending everything that a stage reports leaves none of that stage


_WRONG_CELLS = ["x", "15", "0", "10.9", "2025-02-30", "01/09/2025", "45123", "maybe", "-5 min",
                "A801200005001", "9.28E+09", "123", "nobody;knows", "2030-01-01"]  # fmt: skip


@st.composite
def _broken_files(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """Give the tables of an institution with wrong cells, missing cells and repeated rows."""
    school = draw(records("secondary_school"))
    assume(school.learners)
    files: dict[str, list[list[str]]] = {}
    for table in tables():
        rows = getattr(school, table.name)
        if rows is None:
            continue
        plain = document(school)[table.name]
        cells = [[_cell(row.get(column)) for column in table.columns] for row in plain]
        files[f"{table.name}.csv"] = [[*table.columns], *cells]
    for _ in range(draw(st.integers(1, 6))):
        rows = files[draw(st.sampled_from(sorted(files)))]
        if len(rows) > 1:
            index = draw(st.integers(1, len(rows) - 1))
            match draw(st.integers(0, 4)):
                case 0:
                    rows.append([*rows[index]])
                case 1:
                    rows[index].pop()
                case _:
                    if rows[index]:
                        at = draw(st.integers(0, len(rows[index]) - 1))
                        rows[index][at] = draw(st.sampled_from(_WRONG_CELLS))
    return files


def _cell(value: Any) -> str:
    if is_list(value):
        return ";".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _write(folder: Path, files: dict[str, list[list[str]]]) -> None:
    head = {"format": "gatsbykit/1", "name": "Northfield School", "kind": "secondary_school"}
    (folder / "institution.json").write_text(json.dumps(head), encoding="utf-8")
    for name, rows in files.items():
        text = io.StringIO()
        csv.writer(text).writerows(row or [""] for row in rows)
        (folder / name).write_text(text.getvalue(), encoding="utf-8", newline="")


@given(files=_broken_files())
def test_mending_every_reported_error_leaves_none_of_that_stage(
    files: dict[str, list[list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    files = copy.deepcopy(files)
    passed: list[Stage] = []
    _write(folder, files)
    while errors := gk.check(folder).errors:
        stage = min((issue.stage for issue in errors), key=lambda one: one.number)
        assert stage not in passed
        # What is mended: the row of every error of the first stage that has any.
        wrong = {(issue.file, issue.row) for issue in errors if issue.stage is stage}
        for file, row in sorted(wrong, key=str, reverse=True):
            assert file is not None
            assert row is not None
            files[file][row - 1] = []
        for name, rows in files.items():
            files[name] = [row for row in rows if row]
        _write(folder, files)
        assert not [issue for issue in gk.check(folder).errors if issue.stage is stage]
        passed.append(stage)
    gk.load(folder)


# Very many errors


def test_very_many_errors_are_counted_and_not_listed() -> None:
    problems = Problems()
    for row in range(MOST_LISTED + 5):
        problems.error(Place(file="a.csv", row=row), "not_a_date", cell="x")
    problems.error(Place(file="b.csv", row=1), "not_a_date", cell="x")
    error = problems.as_exception()
    assert error.count == problems.count == MOST_LISTED + 6
    assert len(error.issues) == MOST_LISTED + 2
    last = error.issues[-1]
    assert (last.code, last.file, last.count) == ("more_errors", "a.csv", 5)
    assert str(error).startswith(f"{MOST_LISTED + 6} errors in the records")


def test_very_many_warnings_are_counted_and_not_listed() -> None:
    head = {"format": "gatsbykit/1", "institution": {"name": "N", "kind": "college"}}
    report = gk.check({**head, **{f"x{number}": 1 for number in range(1500)}})
    assert report.counts["unknown_column"] == 1000
    assert report.counts["more_warnings"] == 500


def test_a_place_shows_no_identifier() -> None:
    assert Place(path="answers").at("B801200005001").path == "answers.<hidden>"
