"""JSON Schema (2020-12) of the exchange document and of the scorecard, made from the types.

The schema describes documents as they are meant to be written. The reader forgives a little more:
spaces around texts, blank texts where nothing is known, numbers for the digits of an identifier,
small letters in a UPN, a slash in a DfE number. And it refuses more, since a schema cannot say that
check digits agree, ids are unique, dates are in order, a code fits its category, or a date exists.
Numbers are written without a point: the schema takes ``11.0`` for a whole number, the reader does not.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_origin

from gatsbykit.exchange.reading import FORMAT, INSTITUTION_FIELDS
from gatsbykit.exchange.tables import Table, tables
from gatsbykit.model.answers import Answer, Band
from gatsbykit.model.destinations import NCCIS_CATEGORIES
from gatsbykit.model.identifiers import Identifier
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.model.units import DURATION_PATTERN
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.scoring import PRESETS, BenchmarkStatus, CriterionStatus, PhaseStatus
from gatsbykit.scoring.document import SCORECARD_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gatsbykit.rules import Criterion

__all__ = ["document_schema", "scorecard_schema"]

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DATE: Final[Schema] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_SHARE: Final = r"^(?:0{1,9}(?:\.[0-9]{1,18})?|0{0,8}1(?:\.0{1,18})?)$"
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_TEXT: Final[Schema] = {"type": "string"}
# Something that can be seen: the reader takes a blank text for nothing.
_FILLED: Final[Schema] = {"type": "string", "pattern": r"\S"}


def document_schema() -> Schema:
    """Return the schema of the exchange document, version 1.

    Unknown members are allowed, as the reader keeps them out of scoring and says so in a warning.

    Examples:
        >>> schema = document_schema()
        >>> schema["$defs"]["learner"]["properties"]["year_group"]
        {'type': ['integer', 'null'], 'minimum': 1, 'maximum': 14}
        >>> schema["$defs"]["learner"]["required"]
        ['learner_id']
    """
    rows = {table.name: _row(table) for table in tables()}
    return {
        "$schema": _DIALECT,
        "$id": "urn:gatsbykit:schema:document:1",
        "title": "gatsbykit exchange document, version 1",
        "description": "An institution's records. null or absent is unknown.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "institution": {"$ref": "#/$defs/institution"},
            **{
                name: {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{_singular(name)}"}}
                for name in rows
            },
            "answers": {"$ref": "#/$defs/answers"},
        },
        "required": ["format", "institution"],
        "allOf": [
            _together("activities", "participations", "learners"),
            _together("participations", "activities", "learners"),
            _year_groups_in_schools(),
        ],
        "$defs": {
            "institution": _institution(),
            **{_singular(name): row for name, row in rows.items()},
            "answers": _answers(),
        },
    }


def _singular(name: str) -> str:
    return f"{name[:-3]}y" if name.endswith("ies") else name[:-1]


def _together(one: str, *others: str) -> Schema:
    """A table that needs others."""
    return {
        "if": {"properties": {one: {"type": "array"}}, "required": [one]},
        "then": {"properties": {other: {"type": "array"} for other in others}, "required": [*others]},
    }


def _year_groups_in_schools() -> Schema:
    schools = [kind.value for kind in InstitutionKind if kind.is_school]
    needed = {"properties": {"year_group": {"type": "integer"}}, "required": ["year_group"]}
    return {
        "if": {
            "properties": {"institution": {"properties": {"kind": {"enum": schools}}, "required": ["kind"]}},
        },
        "then": {"properties": {"learners": {"items": needed}}},
    }


def _institution() -> Schema:
    required = ("name", "kind")
    return {
        "type": "object",
        "properties": {
            name: _FILLED if kind is str and name in required else _of(kind, optional=name not in required)
            for name, kind in INSTITUTION_FIELDS.items()
        },
        "required": [*required],
    }


def _row(table: Table[Any]) -> Schema:
    kinds = {name: kind for name, (_, kind) in table.json_readers.items()}
    properties = {name: _of(kind, optional=name not in table.required) for name, kind in kinds.items()}
    for name in table.required:
        if kinds[name] is str:
            properties[name] = _FILLED
        elif get_origin(kinds[name]) is frozenset:
            properties[name]["minItems"] = 1
    if "nccis_code" in properties:
        properties["nccis_code"] = {"enum": [*NCCIS_CATEGORIES, None]}
    made: Schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in table.columns if name in table.required],
    }
    if table.either:
        made["anyOf"] = [
            {"properties": {name: {"type": "string"}}, "required": [name]} for name in table.either
        ]
    return made


def _of(kind: Any, *, optional: bool) -> Schema:
    """Return the schema of a type; of an optional one, ``null`` is a value as well."""
    made = _known(kind)
    if not optional:
        return made
    if "enum" in made:
        return {"enum": [*made["enum"], None]}
    return {**made, "type": [made["type"], "null"]}


def _known(kind: Any) -> Schema:
    if get_origin(kind) is frozenset:
        return {"type": "array", "items": _known(get_args(kind)[0])}
    if get_origin(kind) is Annotated:
        bounds = get_args(kind)[1]
        return {"type": "integer", "minimum": bounds.least, "maximum": bounds.most}
    if issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    if issubclass(kind, Identifier):
        return {"type": "string", "pattern": f"^(?:{kind.form.pattern})$"}
    plain: Mapping[type, Schema] = {
        str: _TEXT,
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: _DATE,
        Fraction: {"type": "string", "pattern": f"^{DURATION_PATTERN}$"},
    }
    return dict(plain[kind])


def _answers() -> Schema:
    return {
        "type": ["object", "null"],
        "properties": {
            key: {
                "type": ["object", "null"],
                "properties": {criterion.id: _answer(criterion) for criterion in edition(key).criteria},
                "additionalProperties": False,
            }
            for key in EDITION_KEYS
        },
        "additionalProperties": False,
    }


def _answer(criterion: Criterion) -> Schema:
    answer = _of(Answer, optional=True)
    if criterion.parts:
        return {
            "type": ["object", "null"],
            "properties": dict.fromkeys(criterion.parts, answer),
            "additionalProperties": False,
        }
    if criterion.type == "declared":
        return answer
    return {"anyOf": [_of(Band, optional=True), _declared_share()]}


def _declared_share() -> Schema:
    return _object({"share": {"type": "string", "pattern": _SHARE}})


# The scorecard


def _object(properties: Mapping[str, Schema], *, optional: bool = False) -> Schema:
    """Return the schema of an object that has all of its members and no others."""
    return {
        "type": ["object", "null"] if optional else "object",
        "properties": dict(properties),
        "required": [*properties],
        "additionalProperties": False,
    }


def _by_preset(value: Schema) -> Schema:
    return _object({preset.value: value for preset in PRESETS})


def _choice(values: type[StrEnum] | Iterable[str]) -> Schema:
    return {"enum": [str(value) for value in values]}


def _counts(*, optional: bool = False) -> Schema:
    made: Mapping[str, Schema] = {
        "numerator": _COUNT,
        "denominator": _COUNT,
        "missing": {"type": "array", "items": _TEXT},
    }
    if not optional:
        return dict(made)
    return {name: {**schema, "type": [schema["type"], "null"]} for name, schema in made.items()}


def scorecard_schema() -> Schema:
    """Return the schema of the scorecard, version 1. Every member is there, and no other.

    Examples:
        >>> scorecard_schema()["properties"]["benchmarks"]["minItems"]
        8
    """
    tally = _object(_counts())
    on_track = {
        "type": ["object", "null"],
        "patternProperties": {"^(?:7|8|9|10|11|12)$": _object({"numerator": _COUNT, "denominator": _COUNT})},
        "additionalProperties": False,
    }
    text_or_none: Schema = {"type": ["string", "null"]}
    criterion = _object(
        {
            "id": _TEXT,
            "type": _choice(("declared", "share")),
            "basis": {"enum": ["evidence", "declared", None]},
            "status": _by_preset(_choice(CriterionStatus)),
            **_counts(optional=True),
            "text": _TEXT,
            "source": _TEXT,
            "interpretation": text_or_none,
            "deadline": {**_DATE, "type": ["string", "null"]},
            "on_track": on_track,
            "claim": {"anyOf": [_of(Band, optional=True), _declared_share()]},
        }
    )
    benchmark = _object(
        {
            "number": {"type": "integer", "minimum": 1, "maximum": 8},
            "title": _TEXT,
            "status": _by_preset(_choice(BenchmarkStatus)),
            "percent": _by_preset({"type": ["integer", "null"], "minimum": 0, "maximum": 100}),
            "criteria": {"type": "array", "items": {"$ref": "#/$defs/criterion"}},
        }
    )
    phase = _object({"status": _choice(PhaseStatus), **_counts()})
    made = _object(
        {
            "format": {"const": SCORECARD_FORMAT},
            "institution": _object({"id": _TEXT, "name": _TEXT, "kind": _choice(InstitutionKind)}),
            "edition": _choice(EDITION_KEYS),
            "as_of": _DATE,
            "academic_year": {"type": "string", "pattern": "^[0-9]{1,4}/[0-9]{2}$"},
            "achieved": _by_preset(_COUNT),
            "applicable": _COUNT,
            "benchmarks": {
                "type": "array",
                "items": {"$ref": "#/$defs/benchmark"},
                "minItems": 8,
                "maxItems": 8,
            },
            "provider_access": _object(dict.fromkeys(("first", "second", "third"), phase), optional=True),
            "work_experience": _object(dict.fromkeys(("by_year_9", "by_year_11"), tally), optional=True),
            "warnings": {
                "type": "array",
                "items": _object({"code": _TEXT, "message": _TEXT, "count": _COUNT, "where": _TEXT}),
            },
            "rules": _object({"fingerprint": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}}),
            "settings": _object(
                {
                    "unknown": _choice(("exclude", "include")),
                    "adviser_level": {"type": "integer"},
                    "at_least": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
                }
            ),
        }
    )
    return {
        "$schema": _DIALECT,
        "$id": "urn:gatsbykit:schema:scorecard:1",
        "title": "gatsbykit scorecard, version 1",
        **made,
        "$defs": {"criterion": criterion, "benchmark": benchmark},
    }
