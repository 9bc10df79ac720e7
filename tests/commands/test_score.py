"""The command line ``score``: what it writes where, and its exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange import document
from tests.support.builders import learner, records

EXAMPLES = Path(__file__).parents[2] / "examples"
NORTHFIELD, RIVERSIDE = str(EXAMPLES / "northfield"), str(EXAMPLES / "riverside")
DAY = ("--as-of", "2026-07-10")

# The fields that the exchange format promises, and those that go beyond it.
SCORECARD = {
    "format", "institution", "edition", "as_of", "academic_year", "achieved", "applicable", "benchmarks",
    "provider_access", "work_experience", "warnings",
}  # fmt: skip
BEYOND = {"rules", "settings"}
CRITERION = {
    "id", "type", "basis", "status", "numerator", "denominator", "missing", "text", "source",
    "interpretation", "deadline", "on_track", "claim", "origin",
}  # fmt: skip
PRESETS = {"every_pupil", "almost_all", "legacy"}


class Standard(io.TextIOWrapper):
    """A standard stream of some encoding, perhaps a terminal."""

    def __init__(self, data: bytes = b"", encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self.data = io.BytesIO(data)
        self.terminal = terminal
        super().__init__(self.data, encoding=encoding, write_through=True)

    def isatty(self) -> bool:
        return self.terminal


def run(*arguments: str, data: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "gatsbykit", *arguments],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_scorecard_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", NORTHFIELD, *DAY, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    card: dict[str, Any] = json.loads(out)
    assert card == gk.score(gk.load(NORTHFIELD), as_of=date(2026, 7, 10)).to_dict()
    assert card.keys() == SCORECARD | BEYOND
    assert card["format"] == "gatsbykit-scorecard/1"
    assert card["institution"].keys() == {"id", "name", "kind"}
    assert (card["edition"], card["as_of"], card["academic_year"]) == ("2025-school", "2026-07-10", "2025/26")
    assert card["achieved"].keys() == PRESETS
    assert isinstance(card["applicable"], int)
    assert [one["number"] for one in card["benchmarks"]] == [*range(1, 9)]
    for benchmark in card["benchmarks"]:
        assert benchmark.keys() == {"number", "title", "status", "percent", "criteria"}
        assert benchmark["status"].keys() == benchmark["percent"].keys() == PRESETS
        for criterion in benchmark["criteria"]:
            assert criterion.keys() == CRITERION
            assert criterion["id"].startswith(str(benchmark["number"]))
            assert criterion["status"].keys() == PRESETS
            is_evidence = criterion["basis"] == "evidence"
            for name in ("numerator", "denominator", "missing"):
                assert (criterion[name] is not None) == is_evidence
    access, hours = card["provider_access"], card["work_experience"]
    assert [*access] == ["first", "second", "third"]
    assert all(one.keys() == {"status", "numerator", "denominator", "missing"} for one in access.values())
    assert [*hours] == ["by_year_9", "by_year_11"]
    assert all(one.keys() == {"numerator", "denominator", "missing"} for one in hours.values())
    assert card["warnings"]
    assert all(one.keys() == {"code", "message", "count", "where"} for one in card["warnings"])


def test_a_scorecard_of_a_college(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", RIVERSIDE, *DAY, "--format", "json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["edition"] == "2025-college"
    assert (card["provider_access"], card["work_experience"]) == (None, None)
    assert all(one["on_track"] is None for each in card["benchmarks"] for one in each["criteria"])


def test_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "score",
        RIVERSIDE,
        *DAY,
        "--edition",
        "2018-college",
        "--unknown",
        "include",
        "--format",
        "json",
    ]
    assert main(arguments) == 0
    card = json.loads(capsys.readouterr().out)
    settings = gk.Settings(unknown="include")
    found = gk.load(RIVERSIDE)
    assert (
        card == gk.score(found, as_of=date(2026, 7, 10), edition="2018-college", settings=settings).to_dict()
    )
    assert card["edition"] == "2018-college"


def test_the_date_is_today_unless_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", RIVERSIDE, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == date.today().isoformat()  # noqa: DTZ011 (the same)


def test_a_scorecard_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", RIVERSIDE, *DAY]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out == f"{gk.score(gk.load(RIVERSIDE), as_of=date(2026, 7, 10))}\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_document_on_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mark: bytes
) -> None:
    data = mark + json.dumps(document(gk.load(RIVERSIDE))).encode()
    monkeypatch.setattr(sys, "stdin", Standard(data))
    assert main(["score", "-", *DAY, "--format", "json"]) == 0
    card = json.loads(capsys.readouterr().out)
    expected = gk.score(gk.load(RIVERSIDE), as_of=date(2026, 7, 10)).to_dict()
    assert {**card, "warnings": None} == {**expected, "warnings": None}


def test_errors_are_all_listed_and_nothing_else_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "institution.json").write_text('{"format": "gatsbykit/1", "name": "N", "kind": "college"}')
    (tmp_path / "learners.csv").write_text(
        "learner_id,year_group,upn,date_of_birth\nL1,10.9,A801200005001,2010-02-30\nL1,9,,\n"
    )
    assert main(["score", str(tmp_path), *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    *lines, count = err.splitlines()
    assert count == "4 errors; nothing was done"
    places = [line.split(":")[0] for line in lines]
    assert places == [
        "learners.csv, row 2, column year_group (L1)",
        "learners.csv, row 2, column upn (L1)",
        "learners.csv, row 2, column date_of_birth (L1)",
        "learners.csv, row 3, column learner_id",
    ]
    assert '"10.9"' in lines[0]
    assert "expected a whole number" in lines[0]
    assert "A801200005001" not in err
    assert "2010-02-30" not in err


def test_one_error_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(tmp_path / "nowhere"), *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    first, count = err.splitlines()
    assert first.startswith("nowhere: missing_file: ")
    assert count == "1 error; nothing was done"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"[" * 100_000, b'{"format": NaN}', b"\0"])
def test_bad_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(data))
    assert main(["score", "-", *DAY]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("standard input")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            [NORTHFIELD, *DAY, "--edition", "2025-college"],
            "the edition 2025-college is not for a secondary_school",
        ),
        ([NORTHFIELD, *DAY, "--edition", "1066-school"], "there is no edition '1066-school'"),
        ([RIVERSIDE, *DAY, "--edition", "2025-itp"], "choose one of 2018-college, 2025-college"),
    ],
)
def test_an_edition_that_does_not_fit(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["score", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert len(err.splitlines()) == 1


def test_training_providers_before_their_edition(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.dumps(document(records([], kind="training_provider"))).encode()
    monkeypatch.setattr(sys, "stdin", Standard(data))
    assert main(["score", "-", "--as-of", "2025-08-31"]) == 2
    assert "no edition was in force for a training_provider" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", Standard(data))
    assert main(["score", "-", "--as-of", "2025-08-31", "--edition", "2025-itp"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["score"],
        ["grade", NORTHFIELD],
        ["score", NORTHFIELD, "--unknown", "maybe"],
        ["score", NORTHFIELD, "--format", "xml"],
        *(
            ["score", NORTHFIELD, "--as-of", day]
            for day in (
                "10/07/2026",
                "2026-02-29",
                "20260710",
                "2026-W28-5",
                "today",
                "",
                "0001-01-01",
                "9999-12-31",
            )
        ),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: gatsbykit" in err


@pytest.mark.parametrize("day", ["0002-01-01", "9998-12-31"])
def test_far_away_dates(capsys: pytest.CaptureFixture[str], day: str) -> None:
    for example in (NORTHFIELD, RIVERSIDE):
        assert main(["score", example, "--as-of", day, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["as_of"] == day


@pytest.mark.parametrize(
    ("terminal", "no_colour", "colour"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_colour_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, no_colour: bool, colour: bool
) -> None:
    out = Standard(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    assert main(["score", RIVERSIDE, *DAY]) == 0
    assert (b"\x1b[" in out.data.getvalue()) == colour
    assert main(["score", RIVERSIDE, *DAY, "--format", "json"]) == 0
    assert b"\x1b[1m{" not in out.data.getvalue()


AWKWARD = "Ysgol Môn \U0001f600 Łódź"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-16"])
def test_text_that_a_terminal_cannot_show(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    school = gk.Institution(name=AWKWARD, kind=gk.InstitutionKind.SECONDARY_SCHOOL)
    found = gk.Records(institution=school, learners=[learner(AWKWARD)], activities=[], participations=[])
    data = json.dumps(document(found)).encode()
    for arguments in ([], ["--format", "json"]):
        out = Standard(encoding=encoding)
        monkeypatch.setattr(sys, "stdin", Standard(data))
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["score", "-", *DAY, *arguments]) == 0
    card = json.loads(out.data.getvalue().decode(encoding))
    assert card["institution"]["name"] == AWKWARD
    assert card["benchmarks"][5]["criteria"][0]["missing"] == [AWKWARD]


def test_a_process_of_its_own() -> None:
    good = run("score", RIVERSIDE, *DAY, "--format", "json", PYTHONIOENCODING="ascii")
    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout)["institution"]["kind"] == "college"
    bad = run(
        "score",
        "-",
        *DAY,
        data=b'{"format": "gatsbykit/1", "institution": {"name": "\\u00e9"}}',
        PYTHONIOENCODING="ascii",
    )
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert b"Traceback" not in bad.stderr
    assert b"missing_value" in bad.stderr


def test_the_output_may_go_to_any_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["score", NORTHFIELD, *DAY]) == 0
    assert "Northfield School" in stream.getvalue()


def test_a_stream_that_nobody_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["score", NORTHFIELD, *DAY]) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_stream_that_is_full(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["score", NORTHFIELD, *DAY]) == 1
    assert capsys.readouterr().err.startswith("the result cannot be written: ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_who_has_seen_enough() -> None:
    code = f"{sys.executable} -m gatsbykit score {NORTHFIELD} --as-of 2026-07-10 --format json"
    both = subprocess.run(  # noqa: S603 (our own command)
        ["/bin/bash", "-o", "pipefail", "-c", f"{code} | head -c 10"], capture_output=True, check=False
    )
    assert (both.returncode, both.stdout, both.stderr) == (0, b'{\n "format', b"")
