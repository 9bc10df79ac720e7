"""``gatsbykit validate`` and ``gatsbykit schema``."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gatsbykit.commands import main
from gatsbykit.exchange.schema import document_schema
from gatsbykit.scoring.schema import scorecard_schema

if TYPE_CHECKING:
    from pathlib import Path

BAD = {
    "format": "gatsbykit/1",
    "institution": {"name": "N", "kind": "secondary_school"},
    "learners": [{"learner_id": "L1", "year_group": 15}, {"learner_id": "L1", "year_group": "9"}],
}
DAY = ["--as-of", "2026-07-10"]


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str, given: bytes | None = None
) -> tuple[int, str, str]:
    if given is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            status = main(arguments)
    else:
        status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_good_records_have_warnings_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "validate", "examples/riverside", *DAY)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert all(line.startswith("warning: ") for line in lines[:-1])
    assert lines[-1].startswith("0 errors, ")


def test_every_error_is_listed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "validate", "-", *DAY, given=json.dumps(BAD).encode())
    assert (status, err) == (2, "")
    where = [line.split(": ")[:2] for line in out.splitlines()[:-1]]
    assert where == [
        ["learners[0].year_group (L1)", "out_of_range"],
        ["learners[1].year_group (L1)", "wrong_type"],
        ["learners[1].learner_id", "duplicate_id"],
    ]
    assert '"15" is out of range; expected a whole number from 1 to 14' in out
    assert out.splitlines()[-1] == "3 errors, 0 warnings"


def test_the_report_for_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(BAD), encoding="utf-8")
    status, out, _ = run(capsys, "validate", str(path), "--format", "json", *DAY)
    report = json.loads(out)
    assert (status, report["errors"], report["warnings"]) == (2, 3, 0)
    assert [issue["code"] for issue in report["issues"]] == ["out_of_range", "wrong_type", "duplicate_id"]
    assert {issue["file"] for issue in report["issues"]} == {"bad.json"}
    status, out, _ = run(capsys, "validate", "examples/northfield", "--format", "json", *DAY)
    assert (status, json.loads(out)["errors"]) == (0, 0)


def test_a_profile_by_key_and_by_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    head = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'
    (tmp_path / "institution.json").write_text(head, encoding="utf-8")
    (tmp_path / "users.csv").write_text(
        "sourcedId,role,grades,status\nu1,student,15,active\n", encoding="utf-8"
    )
    status, out, _ = run(capsys, "validate", str(tmp_path), "--profile", "oneroster-1.1", *DAY)
    assert status == 2
    assert "users.csv, row 2, column grades (u1): out_of_range" in out
    ours = tmp_path / "ours.toml"
    ours.write_text(
        'title = "x"\n[[files]]\ntable = "learners"\nname = "users.csv"\nconstants = {year_group = "9"}\n'
        'columns = {learner_id = ["sourcedId"]}\n',
        encoding="utf-8",
    )
    status, _, _ = run(capsys, "validate", str(tmp_path), "--profile", str(ours), *DAY)
    assert status == 0
    status, out, err = run(capsys, "validate", str(tmp_path), "--profile", "nothing", *DAY)
    assert (status, out) == (2, "")
    assert "there is no profile 'nothing'" in err


def test_an_edition_that_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "validate", "examples/northfield", "--edition", "2025-itp", *DAY)
    assert (status, out) == (2, "")
    assert "2025-itp" in err


@pytest.mark.parametrize("path", ["no such file", ""])
def test_a_path_that_leads_nowhere(capsys: pytest.CaptureFixture[str], path: str, tmp_path: Path) -> None:
    status, out, _ = run(capsys, "validate", str(tmp_path / path), *DAY)
    assert status == 2
    assert "missing_file" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["schema"], document_schema()), (["schema", "document"], document_schema()),
     (["schema", "scorecard"], scorecard_schema())],
)  # fmt: skip
def test_schemas(capsys: pytest.CaptureFixture[str], arguments: list[str], expected: Any) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, err) == (0, "")
    assert json.loads(out) == expected


@pytest.mark.parametrize("command", ["validate", "score"])
@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b"\xff\xfe", b"{}", b"[]", b"null", b'{"format":1}', b"NaN"]
)
def test_bad_input_ends_with_status_2_and_no_traceback(command: str, data: bytes) -> None:
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "gatsbykit", command, "-"], input=data, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"error" in done.stdout + done.stderr
