"""The JSON Schemas are valid, and agree with the reader from both sides."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange import document
from gatsbykit.exchange.jsontext import is_list, is_object
from gatsbykit.exchange.schema import document_schema
from gatsbykit.exchange.tables import tables
from gatsbykit.model.identifiers import Identifier, Laestab, Upn
from gatsbykit.scoring.schema import scorecard_schema
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

jsonschema = pytest.importorskip("jsonschema")

Json = Any
_DRAFT = jsonschema.Draft202012Validator
_DOCUMENT = document_schema()
DOCUMENTS = _DRAFT(_DOCUMENT, format_checker=_DRAFT.FORMAT_CHECKER)
SCORECARDS = _DRAFT(scorecard_schema(), format_checker=_DRAFT.FORMAT_CHECKER)

# What the reader refuses and no schema can say.
BEYOND_A_SCHEMA = {
    "bad_check_digit",
    "duplicate_id",
    "dates_out_of_order",
    "code_contradicts_category",
    "bad_character",
}


def is_valid(value: Json) -> bool:
    return bool(DOCUMENTS.is_valid(value))


@pytest.mark.parametrize("make", [document_schema, scorecard_schema])
def test_schema_is_valid_against_the_meta_schema(make: Any) -> None:
    _DRAFT.check_schema(make())
    assert json.loads(json.dumps(make())) == make()


def test_schema_has_every_column_of_the_tables() -> None:
    for table, name in zip(tables(), ("learner", "activity", "participation", "destination"), strict=True):
        assert tuple(_DOCUMENT["$defs"][name]["properties"]) == table.columns


# Documents made from the schema itself


_DATES = st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(date.isoformat)
_VALID_IDENTIFIERS = {"upn": ["B801200005001"], "uln": ["9276308686"]}


def values_of(schema: Json, name: str = "") -> st.SearchStrategy[Json]:
    """Give values that a schema of ours describes; identifiers with right check characters.

    A programme has references inside, and tests of its own.
    """
    if name == "programme":
        return st.none()
    if "$ref" in schema:
        schema = _DOCUMENT["$defs"][schema["$ref"].rpartition("/")[2]]
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema and "properties" not in schema:
        return st.one_of([values_of(one) for one in schema["anyOf"]])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_kind(kind, schema, name) for kind in kinds])


def _of_kind(kind: str, schema: Json, name: str) -> st.SearchStrategy[Json]:
    makers: dict[str, Callable[[], st.SearchStrategy[Json]]] = {
        "null": st.none,
        "boolean": st.booleans,
        "integer": lambda: st.integers(schema.get("minimum", -9), schema.get("maximum", 9)),
        "array": lambda: st.lists(values_of(schema["items"]), min_size=schema.get("minItems", 0), max_size=3),
        "object": lambda: _objects(schema),
        "string": lambda: _texts(schema, name),
    }
    return makers[kind]()


def _texts(schema: Json, name: str) -> st.SearchStrategy[str]:
    if name in _VALID_IDENTIFIERS:
        return st.sampled_from(_VALID_IDENTIFIERS[name])
    if schema.get("format") == "date":
        return _DATES
    if "pattern" in schema:
        pattern: str = schema["pattern"]
        return st.from_regex(pattern, fullmatch=pattern != r"\S")
    return st.text(st.characters(codec="utf-8"), max_size=5)


@st.composite
def _objects(draw: st.DrawFn, schema: Json) -> Json:
    required = set(schema.get("required", ()))
    # Few of many members, so that an object stays small.
    names = [name for name in schema["properties"] if name in required or draw(st.integers(0, 3)) == 0]
    made = {name: draw(values_of(schema["properties"][name], name)) for name in names}
    if "nccis_code" in schema["properties"]:
        one = draw(st.sampled_from(["category", "nccis_code"]))
        made[one] = draw(values_of(schema["properties"][one]).filter(lambda value: value is not None))
    return made


@st.composite
def documents(draw: st.DrawFn) -> Json:
    made = draw(values_of(_DOCUMENT))
    if made.get("activities") is not None or made.get("participations") is not None:
        for name in ("activities", "participations", "learners"):
            if made.get(name) is None:
                made[name] = []
    if made["institution"]["kind"] in {kind for kind in gk.InstitutionKind if kind.is_school}:
        for learner in made.get("learners") or ():
            learner["year_group"] = draw(st.integers(1, 14))
    return made


@given(documents())
def test_what_the_schema_describes_the_reader_reads(value: Json) -> None:
    assert is_valid(value)
    assert set(_codes(value)) <= BEYOND_A_SCHEMA


def _codes(value: Json) -> list[str]:
    return [issue.code for issue in gk.check(value).errors]


# Documents that records make, and near misses of both


@given(scored_cases())
def test_what_the_library_writes_the_schema_describes(case: ScoredCase) -> None:
    assert is_valid(json.loads(json.dumps(document(case.records))))


_STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 16),
    st.sampled_from(
        [10.9, "", " ", "x", "yes", "2025-02-30", "2025-9-1", "2026-01-31", "A", "45 min", "-1 h", "310",
         "attended", [], ["x"], [None], {}, {"share": "1.5"}, {"share": 1}, "in_progress", "all", "E",
         "B801200005001", "A801200005001", "100049", "10079319", "2136007", "college", " 11 "]
    ),
)  # fmt: skip


def _paths(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    members: Iterable[tuple[Any, Json]] = ()
    if is_object(value):
        members = value.items()
    elif is_list(value):
        members = enumerate(value)
    for key, member in members:
        yield from _paths(member, (*path, key))


@st.composite
def near_misses(draw: st.DrawFn) -> Json:
    """Give documents in which something was replaced, left out or added."""
    value = copy.deepcopy(draw(documents()))
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from([*_paths(value)]))
        parent = value
        for step in way:
            parent = parent[step]
        how = draw(st.sampled_from(["replace", "replace", "leave out", "add"]))
        if how == "leave out":
            del parent[last]
        elif how == "add" and is_object(parent):
            parent[draw(st.sampled_from(["extra", "upn", "learners", "activities", "2030-school"]))] = draw(
                _STRANGE
            )
        else:
            parent[last] = draw(_STRANGE)
        if not [*_paths(value)]:
            break
    return value


@given(near_misses())
def test_near_misses_are_refused_by_both_or_by_neither(value: Json) -> None:
    codes = set(_codes(value))
    if is_valid(value):
        assert codes <= BEYOND_A_SCHEMA
    elif not codes:
        # What the reader forgives beyond the schema is named in its documentation, and is all of it.
        assert is_valid(_as_meant(value))


def _as_meant(value: Json) -> Json:
    """Return a document without what the reader forgives."""
    made = {**value, "institution": _row_as_meant(value["institution"], frozenset({"id"}))}
    for name in ("urn", "ukprn", "laestab"):
        _identifier_as_meant(made["institution"], name, Laestab if name == "laestab" else Upn)
    for table in tables():
        if value.get(table.name) is not None:
            made[table.name] = [_row_as_meant(row, table.ids) for row in value[table.name]]
            for row in made[table.name]:
                for name in ("upn", "uln"):
                    _identifier_as_meant(row, name, Upn)
    return made


def _identifier_as_meant(row: Json, name: str, kind: type[Identifier]) -> None:
    if isinstance(row.get(name), int):
        row[name] = str(row[name])
    if isinstance(row.get(name), str):
        row[name] = kind.parse(row[name]) if kind is Laestab else row[name].upper()


def _row_as_meant(row: Json, ids: frozenset[str]) -> Json:
    made: dict[str, Json] = {}
    for name, written in row.items():
        value: Json = written
        if isinstance(written, str) and name not in ids:
            value = written.strip()
        elif is_list(written):
            value = [entry.strip() if isinstance(entry, str) else entry for entry in written]
            value = [entry for entry in value if entry != ""]
        if value != "" and not (isinstance(value, str) and not value.strip()):
            made[name] = value
    return made


# Scorecards


@given(scored_cases())
def test_every_scorecard_is_of_its_schema(case: ScoredCase) -> None:
    settings = gk.Settings(unknown=case.unknown)
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=settings)
    SCORECARDS.validate(json.loads(json.dumps(card.to_dict())))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("achieved", "every_pupil"), -1),
        (("edition",), "2014"),
        (("benchmarks", 0, "status", "legacy"), "met"),
        (("benchmarks", 0, "criteria", 0, "type"), "maybe"),
        (("extra",), 1),
        (("institution", "kind"), "zoo"),
        (("as_of",), "10/07/2026"),
    ],
)
def test_near_misses_of_a_scorecard_are_refused(way: tuple[Any, ...], value: Json) -> None:
    card = json.loads(json.dumps(gk.score(gk.load("examples/northfield"), as_of=date(2026, 7, 10)).to_dict()))
    parent = card
    for step in way[:-1]:
        parent = parent[step]
    parent[way[-1]] = value
    assert not SCORECARDS.is_valid(card)
