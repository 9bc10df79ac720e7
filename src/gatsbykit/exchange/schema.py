"""JSON Schema (2020-12) of the exchange document, made from the types.

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

from gatsbykit.exchange.institution import FORMAT, INSTITUTION_FIELDS
from gatsbykit.exchange.programme import programme_schema
from gatsbykit.exchange.tables import Table, tables
from gatsbykit.jsonschema import DATE, DIALECT, FILLED, TEXT, Schema, choice, closed, or_null
from gatsbykit.model.answers import Answer, Band
from gatsbykit.model.destinations import NCCIS_CATEGORIES
from gatsbykit.model.identifiers import Identifier
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.model.units import DURATION_PATTERN
from gatsbykit.rules import EDITION_KEYS, edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatsbykit.rules import Criterion

__all__ = ["declared_share_schema", "document_schema"]

_SHARE: Final = r"^(?:0{1,9}(?:\.[0-9]{1,18})?|0{0,8}1(?:\.0{1,18})?)$"


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
        "$schema": DIALECT,
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
            "programme": or_null({"$ref": "#/$defs/CareersProgramme"}),
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
            **programme_schema()["$defs"],
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
            name: FILLED if kind is str and name in required else _of(kind, optional=name not in required)
            for name, kind in INSTITUTION_FIELDS.items()
        },
        "required": [*required],
    }


def _row(table: Table[Any]) -> Schema:
    kinds = {name: kind for name, (_, kind) in table.json_readers.items()}
    properties = {name: _of(kind, optional=name not in table.required) for name, kind in kinds.items()}
    for name in table.required:
        if kinds[name] is str:
            properties[name] = FILLED
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
        return choice(kind)
    if issubclass(kind, Identifier):
        return {"type": "string", "pattern": f"^(?:{kind.form.pattern})$"}
    plain: Mapping[type, Schema] = {
        str: TEXT,
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: DATE,
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
    return {"anyOf": [_of(Band, optional=True), declared_share_schema()]}


def declared_share_schema() -> Schema:
    """Return the schema of a share that an institution declares."""
    return closed({"share": {"type": "string", "pattern": _SHARE}})
