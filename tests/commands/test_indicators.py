"""``gatsbykit indicators``: published files and records, and what a wrong file looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gatsbykit.commands import main
from tests.support.published_texts import KS4, PT, gap_rows

if TYPE_CHECKING:
    from pathlib import Path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["indicators", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def ks4(tmp_path: Path) -> str:
    path = tmp_path / "ks4.csv"
    path.write_text(KS4 + gap_rows(), encoding="utf-8")
    return str(path)


def test_a_published_file(ks4: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, ks4)
    assert status == 0
    assert "sustained (England, State-funded mainstream schools): 91.3 %; 542,314 of 593,735" in out
    assert "leavers of 2022/23, destinations in 2023/24" in out
    assert "Cannot be said" in out
    assert "not shown to come from them" in out


def test_json_and_html(ks4: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, ks4, "--format", "json", "--year", "2022/23")
    assert status == 0
    assert json.loads(out)["measures"][0]["numerator"] == 542314
    status, out, _ = run(capsys, ks4, "--format", "html")
    assert status == 0
    assert out.startswith("<!DOCTYPE html>")


def test_a_school_of_the_performance_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tables.csv"
    path.write_text(PT, encoding="utf-8")
    status, out, _ = run(
        capsys, str(path), "--where", "urn=137181", "--cohort-year", "2016/17", "--format", "html"
    )
    assert status == 0
    assert "The UCL Academy" in out
    status, out, err = run(capsys, str(path), "--where", "urn")
    assert (status, out) == (2, "")
    assert "write it as COLUMN=TEXT" in err
    status, _, err = run(capsys, str(path), "--cohort-year", "2016")
    assert status == 2
    assert "two consecutive years, such as 2025/26" in err


def test_a_page_of_a_file_without_a_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "register.csv"
    path.write_text("URN,EstablishmentName\n100000,A School\n", encoding="utf-8")
    status, out, _ = run(capsys, str(path), "--format", "html")
    assert status == 0
    assert "has no figures on it" in out


def test_records(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "examples/northfield", "--as-of", "2026-07-10")
    assert status == 0
    assert "Northfield" in out
    assert "voice: cannot be said; it needs a survey" in out


def test_a_wrong_file_is_told_what_it_looks_like(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "learners.csv"
    path.write_text("learner_id,year_group\nL1,9\n", encoding="utf-8")
    status, out, err = run(capsys, str(path))
    assert (status, out) == (2, "")
    assert "it looks like learners.csv of the exchange format" in err


def test_all_errors_of_a_file_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ks4.csv"
    path.write_text(KS4.replace("507450", "?").replace("36.9", "!"), encoding="utf-8")
    status, out, err = run(capsys, str(path))
    assert (status, out) == (2, "")
    assert "ks4.csv, row 2, column education: unknown_symbol" in err
    assert err.endswith("2 errors; nothing was done\n")
