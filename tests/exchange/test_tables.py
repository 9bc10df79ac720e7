"""Reading column by column is reading row by row: the same records, the same errors."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import testing
from gatsbykit.exchange import document, fastjson, read_document

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = [None, "", "  "]
ODD: list[Any] = [
    *NOTHING,
    "x",
    " attended ",
    True,
    1,
    1.0,
    11,
    10**20,
    "yes",
    "2026-02-30",
    "'=1",
    [],
    [1],
    [[]],
    {},
]


TABLES = ("learners", "activities", "participations", "destinations")


def read_row_by_row(given_document: Any) -> gk.Records | tuple[str, ...]:
    """Read a document as many of one row each: what a row is does not hang on other rows, ids apart."""
    empty: dict[str, list[Any]] = {name: [] for name in TABLES if given_document.get(name) is not None}
    errors: list[str] = []
    rows: dict[str, list[Any]] = {name: [] for name in empty}
    for name in empty:
        unique = f"{name[:-1].replace('ie', 'y')}_id" if name in {"learners", "activities"} else None
        seen: dict[str, int] = {}
        for index, row in enumerate(given_document[name]):
            try:
                found = read_document({**given_document, **empty, name: [row]})
                rows[name] += getattr(found, name)
            except gk.InvalidRecords as caught:
                errors += (str(issue).replace("[0]", f"[{index}]") for issue in caught.issues)
            one = None if unique is None else row.get(unique)
            if isinstance(one, str) and seen.setdefault(one, index) != index and one.strip():
                errors.append(f"{name}[{index}].{unique}: used in {name}[{seen[one]}]")
    if errors:
        return tuple(errors)
    whole = read_document({**given_document, **empty})
    made: dict[str, Any] = {name: tuple(found) for name, found in rows.items()}
    return attrs.evolve(whole, **made)


def read_or_list(given_document: Any) -> gk.Records | tuple[str, ...]:
    text = json.dumps(given_document)
    found, of_bytes = (read_or_list_one(given) for given in (text, text.encode()))
    assert of_bytes == found  # msgspec reads bytes, where it is installed
    return found


def read_or_list_one(given_document: str | bytes) -> gk.Records | tuple[str, ...]:
    try:
        return read_document(given_document)
    except gk.InvalidRecords as errors:
        return tuple(map(str, errors.issues))


@given(testing.scored_cases(), st.data())
def test_a_document_with_anything_in_it(case: testing.ScoredCase, data: st.DataObject) -> None:
    given_document = document(case.records)
    filled = [
        name
        for name in ("learners", "activities", "participations", "destinations")
        if given_document.get(name)
    ]
    for _ in range(data.draw(st.integers(0, 2)) if filled else 0):
        row = data.draw(st.sampled_from(given_document[data.draw(st.sampled_from(filled))]))
        row[data.draw(st.sampled_from([*row, "year_group", "strange"]))] = data.draw(st.sampled_from(ODD))
    found, expected = read_or_list(given_document), read_row_by_row(given_document)
    if isinstance(found, tuple):
        # The words of a repeated id are looked at elsewhere.
        assert isinstance(expected, tuple)
        assert [one for one in found if "duplicate_id" not in one] == [
            one for one in expected if ": used in " not in one
        ]
        assert len(found) == len(expected)
    else:
        assert found == expected


def test_a_key_that_stands_twice_is_not_overlooked() -> None:
    school = '{"name": "N", "kind": "college"}'
    for text in (
        '{"format": "gatsbykit/1", "institution": %s, "learners": [{"learner_id": "a", "learner_id": "b"}]}',
        '{"format": "gatsbykit/1", "institution": %s, "learners": [{"learner_id" : "a", "learner_id": "b"}]}',
        '{"format": "gatsbykit/1", "format": "gatsbykit/1", "institution": %s}',
        '{"institution": %s,"format":"gatsbykit/1","learners":[{"learner_id": "a", "sex":null, "sex":"F"}]}',
        '{"institution": %s,"format":"gatsbykit/1","learners":[{"learner_id": "a", "sex":"F", "sex":null}]}',
        '{"format": "gatsbykit/1", "institution": %s, "learners": null, "learners": [{"learner_id": "a"}]}',
    ):
        for given_document in (text % school, (text % school).encode()):
            with pytest.raises(gk.InvalidRecords) as caught:
                read_document(given_document)
            assert [issue.code for issue in caught.value.issues] == ["duplicate_key"]


def test_bytes_are_read_without_msgspec(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = gk.load("examples/northfield")
    data = json.dumps(document(expected)).encode()
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "msgspec", None)
        fastjson.decoder.cache_clear()
        assert fastjson.parse_bytes(data) is None
        assert read_document(data) == expected
    fastjson.decoder.cache_clear()
    assert fastjson.parse_bytes(data) is not None
    assert read_document(data) == expected


@pytest.mark.parametrize(
    ("member", "codes"),
    [
        ('"year_group": 18446744073709551616', ["out_of_range"]),
        ('"year_group": 1000000000000000000000000000000', ["not_json"]),
        ('"strange": 1000000000000000000000000000000', ["not_json"]),
        ('"year_group": NaN', ["not_json"]),
        (f'"sex": {"[" * 100_000}', ["not_json"]),
        ('"sex": "\\ud800"', ["not_a_choice"]),
        ('"sex": "\\u0000"', ["not_a_choice"]),
    ],
)
def test_what_parsers_disagree_about(member: str, codes: list[str]) -> None:
    text = (
        '{"format": "gatsbykit/1", "institution": {"name": "N", "kind": "college"}, '
        f'"learners": [{{"learner_id": "a", {member}}}]}}'
    )
    for given_document in (text, text.encode()):
        with pytest.raises(gk.InvalidRecords) as caught:
            read_document(given_document)
        assert [issue.code for issue in caught.value.issues] == codes
        assert "e+" not in str(caught.value.issues[0])


def test_members_without_a_value_are_read_at_once_too() -> None:
    data = (
        b'{"format": "gatsbykit/1", "institution": {"name": "N", "kind": "college", "urn": null}, '
        b'"learners": [{"learner_id": "a", "sex": null}, {"learner_id": "b", "sex": "F", "upn": null}], '
        b'"destinations": [], "answers": null}'
    )
    assert fastjson.parse_bytes(data) is not None
    records = read_document(data)
    assert records == read_document(data.decode())
    assert [learner.sex for learner in records.learners or ()] == [None, "F"]
    assert records.destinations == ()


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_of_cycles_is_left_as_it_was(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    try:
        gk.load("examples/riverside")
        assert gc.isenabled() is was_on
        with pytest.raises(gk.InvalidRecords):
            read_document(b"{")
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def test_a_folder_with_blanks_of_all_sorts(tmp_path: Path) -> None:
    (tmp_path / "institution.json").write_text(
        '{"format": "gatsbykit/1", "name": "N", "kind": "college"}', encoding="utf-8"
    )
    (tmp_path / "learners.csv").write_text(
        "learner_id,year_group,subjects,sex\n a ,  , ; ,F\nb,9,Art;;art,\n", encoding="utf-8"
    )
    learners = gk.load(tmp_path).learners
    assert learners is not None
    first, second = learners
    assert (first.learner_id, first.year_group, first.subjects, first.sex) == (" a ", None, frozenset(), "F")
    assert (second.learner_id, second.year_group, second.subjects) == ("b", 9, frozenset({"art"}))
