"""Writing and reading an institution's data changes nothing."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit.exchange import document
from gatsbykit.model.answers import answer_value
from gatsbykit.model.identifiers import Urn
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.builders import activity, learner, records

SUMMER = date(2026, 7, 10)
EXAMPLES = Path(__file__).parents[2] / "examples"


@given(scored_cases())
def test_a_folder_and_a_document_hold_everything(case: ScoredCase) -> None:
    with TemporaryDirectory() as place:
        folder, file = Path(place) / "folder", Path(place) / "all.json"
        gk.write_folder(case.records, folder)
        gk.write_document(case.records, file)
        by_folder, by_document = gk.load(folder), gk.load(file)
    assert by_folder == by_document == gk.read_document(document(case.records)) == case.records
    assert by_folder.notes == by_document.notes == ()
    settings = gk.Settings(unknown=case.unknown)
    cards = [
        gk.score(one, as_of=case.as_of, edition=case.edition, settings=settings).to_dict()
        for one in (case.records, by_folder, by_document)
    ]
    assert cards[0] == cards[1] == cards[2]


@pytest.mark.parametrize("name", ["northfield", "riverside"])
def test_the_examples_are_written_as_they_were_read(tmp_path: Path, name: str) -> None:
    found = gk.load(EXAMPLES / name)
    gk.write_folder(found, tmp_path / "folder")
    gk.write_document(found, tmp_path / "all.json")
    assert gk.load(tmp_path / "folder") == gk.load(tmp_path / "all.json") == found


@pytest.mark.parametrize(
    "text",
    [
        "a,b",
        'say "hello"',
        "two\nlines",
        "old\rMac",
        "three\r\n\r\nlines",
        "Łukasz é 😀",
        "'",
        ";",
        "\\",
    ],
)
def test_awkward_texts(tmp_path: Path, text: str) -> None:
    found = records([learner(text)], [activity(SUMMER, "curriculum_link", activity_id=text, title=text)])
    gk.write_folder(found, tmp_path)
    assert gk.read_folder(tmp_path) == found
    assert gk.read_document(json.dumps(document(found))) == found


@pytest.mark.parametrize("entry", ["a;b", " a", "a "])
def test_a_cell_holds_no_such_list(tmp_path: Path, entry: str) -> None:
    found = records([], [activity(SUMMER, "provider_encounter", providers=[entry])])
    with pytest.raises(ValueError, match="semicolon"):
        gk.write_folder(found, tmp_path)


def test_a_document_holds_entries_with_semicolons() -> None:
    found = records([], [activity(SUMMER, "provider_encounter", providers=["a;b"])])
    assert gk.read_document(document(found)) == found


def test_a_folder_is_replaced(tmp_path: Path) -> None:
    everything = records([learner()], [], [], destinations=[], answers={"2025-school": {"1b": gk.Answer.YES}})
    gk.write_folder(everything, tmp_path / "a" / "b")
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == [
        "activities.csv", "answers.json", "destinations.csv", "institution.json", "learners.csv",
        "participations.csv",
    ]  # fmt: skip
    bare = gk.Records(institution=everything.institution)
    gk.write_folder(bare, tmp_path / "a" / "b")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["institution.json"]
    assert gk.read_folder(tmp_path / "a" / "b") == bare


def test_what_is_unknown_is_not_written() -> None:
    found = records([learner(year=None)], kind="college")
    assert document(found) == {
        "format": "gatsbykit/1",
        "institution": {"name": "Northfield School", "kind": "college"},
        "learners": [{"learner_id": "L"}],
        "activities": [],
        "participations": [],
    }


def test_values_are_written_plainly(tmp_path: Path) -> None:
    institution = gk.Institution(name="N", kind=gk.InstitutionKind.COLLEGE, id="x", urn=Urn.parse("100049"))
    lesson = activity(
        SUMMER,
        "guidance_meeting",
        "curriculum_link",
        subjects=["b", "A"],
        duration=Fraction("79.8"),
        adviser_level=6,
        meaningful=False,
    )
    found = gk.Records(institution=institution, learners=[], activities=[lesson], participations=[])
    written = document(found)
    assert written["institution"] == {"name": "N", "kind": "college", "urn": "100049", "id": "x"}
    assert written["activities"] == [
        {
            "activity_id": "A",
            "date": "2026-07-10",
            "kinds": ["curriculum_link", "guidance_meeting"],
            "duration": "79.8 min",
            "subjects": ["a", "b"],
            "adviser_level": 6,
            "meaningful": False,
        }
    ]
    gk.write_folder(found, tmp_path)
    header, row = (tmp_path / "activities.csv").read_text(encoding="utf-8").splitlines()
    cells = {name: cell for name, cell in zip(header.split(","), row.split(","), strict=True) if cell}
    assert cells == {
        "activity_id": "A", "date": "2026-07-10", "kinds": "curriculum_link;guidance_meeting",
        "duration": "79.8 min", "subjects": "a;b", "adviser_level": "6", "meaningful": "no",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (gk.Answer.IN_PROGRESS, "in_progress"),
        (gk.Band.A_FEW, "a_few"),
        (gk.DeclaredShare("0.50"), {"share": "0.50"}),
        (gk.PartAnswers({"alumni": gk.Answer.NO}), {"alumni": "no"}),
        (gk.PartAnswers({}), {}),
    ],
)
def test_answers_are_written_plainly(answer: Any, value: Any) -> None:
    assert answer_value(answer) == value
