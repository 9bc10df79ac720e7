"""JSON Schema (2020-12) of the training report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gatsbykit.exchange.objects import object_schema
from gatsbykit.model.enrolments import EnrolmentState
from gatsbykit.model.evaluation import Advice, Component, CountedRecords, Factor, Finding, Level, QuantityWord
from gatsbykit.model.training import TrainingProgramme
from gatsbykit.practice.training_report import REPORT_FORMAT
from gatsbykit.practice.verdicts import Basis, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["training_report_schema"]

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
_TRUTH: Final[Schema] = {"type": ["boolean", "null"]}
_DATE: Final[Schema] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_SHARE: Final[Schema] = {"type": ["string", "null"], "pattern": "^[0-9]+(?:/[0-9]+)?$"}
_POUNDS: Final[Schema] = {"type": ["number", "null"], "minimum": 0}


def _object(properties: Mapping[str, Schema], *, optional: bool = False) -> Schema:
    """Return the schema of an object that has all of its members and no others."""
    return {
        "type": ["object", "null"] if optional else "object",
        "properties": dict(properties),
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ends(kind: str) -> Schema:
    """Return the schema of a least and a greatest number, or of neither."""
    return {"type": ["array", "null"], "items": {"type": kind}, "minItems": 2, "maxItems": 2}


def _whole(kind: type[Any], definitions: Schema) -> Schema:
    """Return the schema of a value as the report gives it: every member is there, unknown ones as null."""
    object_schema(kind, definitions)
    made: Schema = definitions[kind.__name__]
    return _object(made["properties"])


def training_report_schema() -> Schema:
    """Return the schema of the training report, version 1. Every member is there, and no other.

    Examples:
        >>> training_report_schema()["$defs"]["outcome"]["properties"]["verdict"]
        {'enum': ['shown', 'claimed', 'too_early', None]}
    """
    found: Schema = {}
    factor, finding, records, advice, programme = (
        _whole(kind, found) for kind in (Factor, Finding, CountedRecords, Advice, TrainingProgramme)
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:gatsbykit:schema:training-report:1",
        "title": "gatsbykit training report, version 1",
        **_object(
            {
                "format": {"const": REPORT_FORMAT},
                "as_of": _DATE,
                "programme": programme,
                "providers": _providers(),
                "tallies": _list(_tally()),
                "levels": {**_list(_level()), "minItems": len(Level), "maxItems": len(Level)},
                "components": _object(dict.fromkeys(map(str, Component), _list(finding))),
                "records": _list(records),
                "barriers": _list(factor),
                "enablers": _list(factor),
                "recommendations": _list(advice),
                "issues": _list(_issue()),
            }
        ),
        "$defs": {"outcome": _outcome(), "evidence": _evidence()},
    }


def _providers() -> Schema:
    return _object(
        {
            "providers": _COUNT,
            "residential": _MAYBE_COUNT,
            "level_6": _MAYBE_COUNT,
            "level_7": _MAYBE_COUNT,
            "accredited": _ends("integer"),
            "not_interviewed": {"type": "object", "additionalProperties": _COUNT},
        },
        optional=True,
    )


def _tally() -> Schema:
    states: Schema = {
        "type": ["object", "null"],
        "propertyNames": {"enum": [state.value for state in EnrolmentState]},
        "additionalProperties": _COUNT,
    }
    return _object(
        {
            "date": _DATE,
            "source": {"enum": ["enrolments", "published"]},
            **dict.fromkeys(("completed", "bursary_received", "in_progress", "total"), _COUNT),
            "places": _MAYBE_COUNT,
            "places_left": {"type": ["integer", "null"]},
            "shares": _object(
                dict.fromkeys(("completed", "in_progress", "bursary_received", "places"), _SHARE)
            ),
            "pounds": _object(dict.fromkeys(("paid", "payable", "cap"), _POUNDS)),
            "states": states,
            "left_out": states,
            "place": _MAYBE_TEXT,
        }
    )


def _level() -> Schema:
    return _object(
        {
            "level": {"enum": [level.value for level in Level]},
            "number": {"type": "integer", "minimum": 1, "maximum": len(Level)},
            "asks": _TEXT,
            "when": _TEXT,
            "least_months": _COUNT,
            "source": _TEXT,
            "outcomes": _list({"$ref": "#/$defs/outcome"}),
            "unexamined": _list(_object({"key": _TEXT, "text": _TEXT})),
        }
    )


def _outcome() -> Schema:
    return _object(
        {
            "id": _TEXT,
            "text": _TEXT,
            "intended": _MAYBE_TEXT,
            "verdict": {"enum": [*map(str, Verdict), None]},
            "basis": {"enum": [*map(str, Basis), None]},
            "base": _MAYBE_COUNT,
            "base_assumed": _TRUTH,
            "self_rated": _TRUTH,
            "population": _list(_TEXT),
            "too_early": _MAYBE_TEXT,
            "note": _MAYBE_TEXT,
            "place": _MAYBE_TEXT,
            "evidence": _list({"$ref": "#/$defs/evidence"}),
        }
    )


def _evidence() -> Schema:
    return _object(
        {
            "id": _TEXT,
            "basis": {"enum": [*map(str, Basis)]},
            "verdict": {"enum": [*map(str, Verdict)]},
            "text": _TEXT,
            "source": _MAYBE_TEXT,
            "base": _MAYBE_COUNT,
            "base_assumed": {"type": "boolean"},
            "percent": _MAYBE_TEXT,
            "count": _MAYBE_COUNT,
            **dict.fromkeys(("counts", "before", "better", "worse"), _ends("integer")),
            "share": _ends("number"),
            "points": _ends("number"),
            "word": {"enum": [*map(str, QuantityWord), None]},
            "timing": _object(dict.fromkeys(("certain", "possible", "never"), _COUNT), optional=True),
            "place": _MAYBE_TEXT,
        }
    )


def _issue() -> Schema:
    return _object(
        {
            **dict.fromkeys(("code", "severity", "stage", "message", "expected"), _TEXT),
            "details": {"type": "object", "additionalProperties": _TEXT},
            "file": _MAYBE_TEXT,
            "row": _MAYBE_COUNT,
            **dict.fromkeys(("column", "path", "record", "cell"), _MAYBE_TEXT),
            "count": _COUNT,
            "source": _TEXT,
        }
    )
