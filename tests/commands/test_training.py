"""``training.json`` and ``gatsbykit training``: all errors at once, three formats, schemas, hostile input."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.commands import main
from gatsbykit.issues import InvalidRecords, catalogue
from gatsbykit.model.evaluation import Component, QuantityWord
from gatsbykit.model.training import PublishedTally
from gatsbykit.practice.training import (
    list_kinds,
    load_training,
    read_training,
    training_document,
    training_schema,
    write_training,
)
from gatsbykit.practice.training_report import training_report
from gatsbykit.practice.training_schema import training_report_schema
from gatsbykit.report.training import training_html
from tests.model.test_enrolments import WAY_TO, enrolled
from tests.practice.test_training import places
from tests.support.loosely import (
    Course,
    Factor,
    Figure,
    Finding,
    Outcome,
    Provider,
    Statement,
    Survey,
    TrainingEvaluation,
    TrainingProgramme,
)

if TYPE_CHECKING:
    from gatsbykit.model import training_evaluation

EXAMPLES = ("careers-leader-training", "teach-first-programme")
AS_OF = ["--as-of", "2020-12-31"]
DOCUMENTS: Any = jsonschema.Draft202012Validator(training_schema())
REPORTS: Any = jsonschema.Draft202012Validator(training_report_schema())
HEAD = {"format": "gatsbykit-training/1", "programme": {"title": "T"}}


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str, given: bytes | None = None
) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        if given is not None:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = main(["training", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def errors(document: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(InvalidRecords) as caught:
        read_training(document)
    assert {issue.code for issue in caught.value.issues} <= catalogue().keys()
    return [(issue.code, issue.path or issue.column) for issue in caught.value.issues]


# The published programmes


def test_the_published_programme_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "examples/careers-leader-training", *AS_OF)
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    for words in (
        "14 providers, 8 to 10 with accreditation, 8 at level 6, 3 at level 7, 4\n",
        "14 February 2020: 1,125 started",
        "completed           245",
        "bursary received    290",
        "in progress         590",
        "86.5 % of 1,300 places, 175 left",
        "Level 3: behaviour (3 to 6 months after, or later)",
        "(in\n        time: 6 certainly, 29 possibly, 17 not)",
        "nothing said of: participants take an active part",
        "lack of time: all, everyone interviewed",
    ):
        assert words in out


def test_the_published_programme_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "examples/careers-leader-training", "--format", "json", *AS_OF)
    report = json.loads(out)
    assert (status, err, report["format"]) == (0, "", "gatsbykit-training-report/1")
    (tally,) = report["tallies"]
    assert [tally[name] for name in ("completed", "bursary_received", "in_progress", "total", "places")] == [
        245,
        290,
        590,
        1125,
        1300,
    ]
    assert tally["pounds"] == {"paid": 290_000, "payable": 245_000, "cap": 1_300_000}
    assert [level["number"] for level in report["levels"]] == [1, 2, 3, 4]
    verdicts = {
        one["id"]: (one["verdict"], one["base"]) for level in report["levels"] for one in level["outcomes"]
    }
    assert verdicts["plans"] == ("shown", 185)
    assert verdicts["effective"] == ("claimed", 443)
    assert verdicts["neet"] == ("too_early", None)
    assert {*report} >= {"tallies", "levels", "barriers", "enablers", "issues"}
    assert len(report["barriers"]) == 13
    assert report["barriers"][0]["word"] == "all"
    (evidence,) = next(one for one in report["levels"][1]["outcomes"] if one["id"] == "plans")["evidence"]
    assert (evidence["counts"], evidence["before"], evidence["points"]) == (
        [181, 182],
        [131, 132],
        [19.37, 34.66],
    )
    assert all(issue["stage"] == "evidence" for issue in report["issues"])


def test_the_teach_first_programme(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "examples/teach-first-programme", *AS_OF)
    assert status == 0
    for words in ("94 %, of an unknown base", "98 %", "73 % of an unknown base", "333"):
        assert words in out
    assert "  shown\n" not in out
    _, page, _ = run(capsys, "examples/teach-first-programme", "--format", "html", *AS_OF)
    assert "How far the leaders are" not in seen(page).text
    assert "73 % of an unknown base" in seen(page).text


def test_before_anything_was_published(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "examples/careers-leader-training", "--format", "json", "--as-of", "2018-12-31")
    report = json.loads(out)
    assert report["tallies"] == []
    verdicts = {one["id"]: one["verdict"] for level in report["levels"] for one in level["outcomes"]}
    assert (verdicts["satisfied"], verdicts["plans"], verdicts["knows-theory"]) == (None, None, None)
    assert verdicts["neet"] == "too_early"


class _Page(HTMLParser):
    """What a browser sees: that every tag is closed, and all the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    assert parser.open == []
    return parser


def test_the_published_programme_as_one_page(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "examples/careers-leader-training", "--format", "html", *AS_OF)
    assert status == 0
    page = seen(out)
    assert "script" not in page.tags
    for words in (
        "1,125 started",
        "too early",
        "Not an official result",
        "The source says so, IES 2020, §4.3.2",
    ):
        assert words in page.text


# Hostile texts


EVIL = '<script>alert("x")</script> & \x1b[2J \x07'


def evil() -> Any:
    survey = Survey(id="S", title=EVIL, base=3, items=[Figure(id="F", asks=EVIL, percent="33", place=EVIL)])
    return TrainingEvaluation(
        programme=TrainingProgramme(title=EVIL),
        surveys=[survey],
        tallies=[
            PublishedTally(date=date(2020, 2, 14), completed=1, bursary_received=0, in_progress=0, place=EVIL)
        ],
        findings=[Finding(id="f", text=EVIL, component="capability")],
        outcomes=[
            Outcome(id="o", text=EVIL, level="reaction", evidence=["F", "f"], note=EVIL),
            Outcome(id="p", text=EVIL, level="results", too_early=EVIL),
        ],
        barriers=[Factor(id="b", text=EVIL, who=EVIL, count=1, base=3)],
        enablers=[Factor(id="b", text=EVIL, count=1)],
        statements=[
            Statement(id="s", about=EVIL, place=EVIL, count=1),
            Statement(id="t", about=EVIL, place=EVIL, count=2),
        ],
    )


def test_texts_from_strangers_are_escaped() -> None:
    report = training_report(evil(), as_of=date(2020, 12, 31))
    page = seen(training_html(report))
    assert "script" not in page.tags
    assert page.text.count('<script>alert("x")</script>') > 8
    assert "\x1b" not in str(report)
    assert "\x1b" not in training_html(report)
    assert "1 of 3" in str(report)


# There and back


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_written_back_as_they_are(name: str, tmp_path: Path) -> None:
    path = Path("examples") / name / "training.json"
    found = load_training(path)
    assert found == load_training(path.parent)
    assert found.notes == ()
    write_training(found.training, tmp_path)
    assert json.loads((tmp_path / "training.json").read_text(encoding="utf-8")) == training_document(
        found.training
    )
    write_training(found.training, tmp_path / "other.json")
    assert load_training(tmp_path / "other.json").training == found.training
    written = json.loads(path.read_text(encoding="utf-8"))
    assert training_document(found.training) == _ordered_like(written)


def _ordered_like(written: dict[str, Any]) -> dict[str, Any]:
    """Sets are written in order, and what is false by default is written."""
    for survey in written.get("surveys", ()):
        survey.setdefault("design", "after_only")
        for item in survey["items"]:
            item.setdefault("approximate", False)
    for one in (*written.get("surveys", ()), *written.get("interviews", ()), *written.get("statements", ())):
        if "population" in one:
            one["population"] = sorted(one["population"])
    for statement in written.get("statements", ()):
        statement.setdefault("form", "text")
    return written


WORDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)

POUNDS = st.none() | st.integers(0, 10**8).map(lambda pence: pence / 100)
HOURS = st.none() | st.integers(0, 800).map(lambda eighths: eighths / 8)


@st.composite
def trainings(draw: st.DrawFn) -> Any:
    count = st.none() | st.integers(0, 10)
    return TrainingEvaluation(
        programme=TrainingProgramme(title=draw(WORDS), funding=draw(POUNDS)),
        providers=[
            Provider(id="P", name=draw(st.none() | WORDS), residential=draw(st.none() | st.booleans()))
        ],
        courses=[Course(id="C", provider="P", contact_hours=draw(HOURS))],
        enrolments=draw(places()),
        findings=[
            Finding(
                id="f",
                text=draw(WORDS),
                word=draw(st.none() | st.sampled_from(QuantityWord)),
                count=draw(count),
                component=draw(st.none() | st.sampled_from(Component)),
            )
        ],
    )


@given(trainings())
def test_there_and_back_changes_nothing(training: training_evaluation.TrainingEvaluation) -> None:
    document = training_document(training)
    text = json.dumps(document)
    assert read_training(text).training == training
    assert read_training(text.encode()).training == training
    assert read_training(json.loads(text)).training == training
    DOCUMENTS.validate(document)
    REPORTS.validate(training_report(training, as_of=date(2020, 1, 1)).to_dict())


# Schemas


def test_schemas_are_schemas_and_examples_fit(capsys: pytest.CaptureFixture[str]) -> None:
    for what, made in (("training", training_schema()), ("training-report", training_report_schema())):
        jsonschema.Draft202012Validator.check_schema(made)
        assert main(["schema", what]) == 0
        assert json.loads(capsys.readouterr().out) == made
    for name in EXAMPLES:
        document = json.loads((Path("examples") / name / "training.json").read_text(encoding="utf-8"))
        DOCUMENTS.validate(document)
        report = training_report(load_training(f"examples/{name}").training, as_of=date(2020, 12, 31))
        REPORTS.validate(report.to_dict())


@pytest.mark.parametrize(
    "member",
    [
        {"courses": [{"id": "C", "provider": "P", "weeks": 0}]},
        {"courses": [{"id": "C", "provider": "P", "contact_hours": "12 h"}]},
        {"enrolments": [{"id": "E", "history": [{"date": "2 May", "state": "applied"}]}]},
        {"enrolments": [{"id": "E", "history": [{"date": "2020-05-02", "state": "done"}]}]},
        {"surveys": [{"id": "S", "title": "t", "items": [{"id": "F", "asks": "x", "percent": 91}]}]},
        {"surveys": [{"id": "S", "title": "t", "items": [{"id": "F", "asks": "x", "percent": "191"}]}]},
        {"providers": [{"id": "P", "residential": "no"}]},
        {"providers": [{"name": "P"}]},
        {"providers": {}},
    ],
)
def test_schema_and_reader_refuse_alike(member: dict[str, Any]) -> None:
    document = {**HEAD, **member}
    with pytest.raises(jsonschema.ValidationError):
        DOCUMENTS.validate(document)
    assert errors(document)


# Errors, all at once


def test_all_errors_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    document = {
        "format": "gatsbykit-training/2",
        "programme": {"title": "", "places": -1, "fee": True},
        "providers": [{"id": "P1"}, {"id": "P1", "specialism": "Mrs Ann Example, born 2011-02-03"}, 7],
        "courses": {},
        "cohorts": [{"id": "K1", "course": "C9", "starts": "2020-02-30"}],
        "enrolments": [
            {
                "id": "E1",
                "cohort": "K1",
                "history": [
                    {"date": "2020-01-02", "state": "applied"},
                    {"date": "2020-01-01", "state": "completed"},
                    {"date": "2020-01-03", "event": "catch_up", "until": "2020-01-03"},
                ],
            },
            {
                "id": "E2",
                "leader": "L1",
                "history": [
                    {"date": "2020-01-02", "state": "applied"},
                    {"date": "2020-01-04", "state": "paid"},
                ],
            },
        ],
        "surveys": [{"id": "S1", "title": "T", "items": [{"id": "F1", "asks": "x", "percent": 91}]}],
        "outcomes": [{"id": "o", "text": "x", "level": "results", "evidence": ["F1", "F2"]}],
    }
    assert errors(document) == [
        ("unknown_format", "format"),
        ("missing_value", "programme.title"),
        ("out_of_range", "programme.places"),
        ("not_an_amount", "programme.fee"),
        ("not_a_choice", "providers[1].specialism"),
        ("wrong_type", "providers[2]"),
        ("wrong_type", "courses"),
        ("impossible_date", "cohorts[0].starts"),
        ("unfit_value", "enrolments[0].history[2].until"),
        ("not_a_choice", "enrolments[1].history[1].state"),
        ("wrong_type", "surveys[0].items[0].percent"),
        ("unknown_reference", "outcomes[0].evidence"),
    ]
    status, out, err = run(capsys, "-", given=json.dumps(document).encode())
    assert (status, out) == (2, "")
    assert err.endswith("12 errors; nothing was done\n")
    assert "2011-02-03" not in err
    assert "Traceback" not in err


def test_histories_are_reported_to_the_last_step() -> None:
    history = [
        {"date": "2020-01-02", "state": "applied"},
        {"date": "2020-01-01", "state": "completed"},
        {"date": "2020-01-03", "state": "bursary_paid"},
    ]
    assert errors({**HEAD, "enrolments": [{"id": "E1", "history": history}]}) == [
        ("dates_go_back", "enrolments[0].history[1].date"),
        ("illegal_move", "enrolments[0].history[1].state"),
        ("illegal_move", "enrolments[0].history[2].state"),
    ]
    with pytest.raises(InvalidRecords) as caught:
        read_training({**HEAD, "enrolments": [{"id": "E1", "history": history[:2]}]}, name="training.json")
    assert [
        str(issue).removeprefix("training.json, enrolments[0].history[1].") for issue in caught.value.issues
    ] == [
        (
            "date: dates_go_back: a day before the one of the step before; expected a day on or after that of"
            " the step before"
        ),
        "state: illegal_move: no legal move; expected sponsored or withdrawn after applied",
    ]


def test_ids_and_references_are_looked_at_though_other_values_are_wrong() -> None:
    document = {
        **HEAD,
        "providers": [{"id": "P1", "residential": "no"}],
        "courses": [{"id": "C1", "provider": "P1"}, {"id": "C1", "provider": "P2"}],
        "surveys": [7, {"id": "S", "title": "x", "items": [7]}],
    }
    assert errors(document) == [
        ("wrong_type", "providers[0].residential"),
        ("wrong_type", "surveys[0]"),
        ("wrong_type", "surveys[1].items[0]"),
        ("repeated_id", "courses[1].id"),
        ("unknown_reference", "courses[1].provider"),
    ]
    applied = {"id": "E1", "course": "C1", "history": [{"date": "2020-01-02", "state": "applied"}]}
    assert errors({**HEAD, "programme": {}, "enrolments": [applied]}) == [
        ("missing_value", "programme.title"),
        ("unknown_reference", "enrolments[0].course"),
    ]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["not_json"]),
        (b"[]", ["wrong_type"]),
        (b"[" * 100_000, ["not_json"]),
        (b"\xff", ["not_utf8"]),
        (b'{"a":"\x00"}', ["nul_character"]),
        (b'{"format": "gatsbykit-training/1", "programme": NaN}', ["not_json"]),
        (b'{"format": "gatsbykit-training/1", "programme": null}', ["missing_value"]),
        (b'{"format": "gatsbykit-training/1", "programme": []}', ["wrong_type"]),
        (b"{}", ["unknown_format", "missing_value"]),
        (
            b'{"format": "gatsbykit-training/1", "programme": {"title": "T", "funding": 1e999}}',
            ["not_an_amount"],
        ),
        (b'{"format": "gatsbykit-training/1", "programme": {"title": "T", "title": "T"}}', ["duplicate_key"]),
    ],
)
def test_hostile_documents(data: bytes, codes: list[str]) -> None:
    assert [code for code, _ in errors(data)] == codes


def test_files_that_are_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.json"):
        status, out, err = run(capsys, str(path))
        assert (status, out) == (2, "")
        assert "missing_file" in err
    (tmp_path / "training.json").symlink_to(Path("examples/teach-first-programme/training.json").resolve())
    assert "link_leaves_folder" in run(capsys, str(tmp_path))[2]


def test_members_that_the_format_does_not_have_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    document = {**HEAD, "cohort": [], "providers": [{"id": "P1", "town": "Kent"}], "courses": None}
    found = read_training(document)
    assert [(note.code, note.column) for note in found.notes] == [
        ("unknown_column", "cohort"),
        ("unknown_column", "town"),
    ]
    status, out, _ = run(capsys, "-", "--format", "json", *AS_OF, given=json.dumps(document).encode())
    assert status == 0
    assert [issue["code"] for issue in json.loads(out)["issues"]] == ["unknown_column", "unknown_column"]


NAMES = st.sampled_from(["id", "title", "items", "date", "history"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["format", "programme", *list_kinds()]), JUNK, max_size=5))
def test_nothing_but_our_errors_comes_out(document: dict[str, Any]) -> None:
    found = None
    with contextlib.suppress(InvalidRecords):
        found = read_training({**HEAD, **document})
    if found is None:
        assert errors({**HEAD, **document})
    else:
        REPORTS.validate(training_report(found.training, as_of=date(2020, 1, 1)).to_dict())


# Enrolments in a report


def test_a_report_with_enrolments_of_its_own() -> None:
    every = [attrs.evolve(enrolled(*way), id=str(n)) for n, way in enumerate(WAY_TO.values())]
    training = TrainingEvaluation(programme=TrainingProgramme(title="T", places=20), enrolments=every)
    report = training_report(training, as_of=date(2020, 1, 1))
    (tally,) = report.to_dict()["tallies"]
    assert (tally["source"], tally["total"], tally["places_left"]) == ("enrolments", 4, 16)
    assert tally["states"]["waiting"] == 1
    assert "waiting" in str(report)
    assert report.providers is None
    assert "To be read with care" not in str(report)
    assert "<h2>Barriers" not in training_html(report)


# The page about it


def test_the_page_shows_what_the_command_prints_and_reads(capsys: pytest.CaptureFixture[str]) -> None:
    page = Path("docs/how-to/evaluate-training.md").read_text(encoding="utf-8")
    shown, error = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    _, printed, _ = run(capsys, "examples/careers-leader-training", *AS_OF)
    for part in shown.split("...\n"):
        assert part in printed
        printed = printed.partition(part)[2]
    (written,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    document = json.loads(written)
    DOCUMENTS.validate(document)
    found = read_training(document)
    report = training_report(found.training, as_of=date(2026, 12, 31))
    assert found.notes == report.issues == ()
    result = report.outcome("plans")
    assert result is not None
    assert result.verdict == "shown"
    document["enrolments"][0]["history"][1]["state"] = "completed"
    with pytest.raises(InvalidRecords) as caught:
        read_training(document, name="training.json")
    assert [f"{issue}\n" for issue in caught.value.issues] == [error]
