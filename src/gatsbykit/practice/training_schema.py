"""JSON Schema (2020-12) of the training report."""

from __future__ import annotations

from typing import Any, Final

from gatsbykit.exchange.objects import object_schema
from gatsbykit.jsonschema import COUNT, DATE, DIALECT, TEXT, Schema, choice, closed, list_of, map_of
from gatsbykit.model.enrolments import EnrolmentState
from gatsbykit.model.evaluation import Advice, Component, CountedRecords, Factor, Finding, Level, QuantityWord
from gatsbykit.model.training import TrainingProgramme
from gatsbykit.practice.training_report import REPORT_FORMAT
from gatsbykit.practice.verdicts import Basis, Verdict

__all__ = ["training_report_schema"]

_MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
_MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
_TRUTH: Final[Schema] = {"type": ["boolean", "null"]}
_SHARE: Final[Schema] = {"type": ["string", "null"], "pattern": "^[0-9]+(?:/[0-9]+)?$"}
_POUNDS: Final[Schema] = {"type": ["number", "null"], "minimum": 0}


def _ends(kind: str) -> Schema:
    """Return the schema of a least and a greatest number, or of neither."""
    return {"type": ["array", "null"], "items": {"type": kind}, "minItems": 2, "maxItems": 2}


def _whole(kind: type[Any], definitions: Schema) -> Schema:
    """Return the schema of a value as the report gives it: every member is there, unknown ones as null."""
    object_schema(kind, definitions)
    made: Schema = definitions[kind.__name__]
    return closed(made["properties"])


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
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:training-report:1",
        "title": "gatsbykit training report, version 1",
        **closed(
            {
                "format": {"const": REPORT_FORMAT},
                "as_of": DATE,
                "programme": programme,
                "providers": _providers(),
                "tallies": list_of(_tally()),
                "levels": {**list_of(_level()), "minItems": len(Level), "maxItems": len(Level)},
                "components": closed(dict.fromkeys(map(str, Component), list_of(finding))),
                "records": list_of(records),
                "barriers": list_of(factor),
                "enablers": list_of(factor),
                "recommendations": list_of(advice),
                "issues": list_of(_issue()),
            }
        ),
        "$defs": {"outcome": _outcome(), "evidence": _evidence()},
    }


def _providers() -> Schema:
    return closed(
        {
            "providers": COUNT,
            "residential": _MAYBE_COUNT,
            "level_6": _MAYBE_COUNT,
            "level_7": _MAYBE_COUNT,
            "accredited": _ends("integer"),
            "not_interviewed": map_of(COUNT),
        },
        optional=True,
    )


def _tally() -> Schema:
    states: Schema = {
        "type": ["object", "null"],
        "propertyNames": choice(EnrolmentState),
        "additionalProperties": COUNT,
    }
    return closed(
        {
            "date": DATE,
            "source": choice(("enrolments", "published")),
            **dict.fromkeys(("completed", "bursary_received", "in_progress", "total"), COUNT),
            "places": _MAYBE_COUNT,
            "places_left": {"type": ["integer", "null"]},
            "shares": closed(
                dict.fromkeys(("completed", "in_progress", "bursary_received", "places"), _SHARE)
            ),
            "pounds": closed(dict.fromkeys(("paid", "payable", "cap"), _POUNDS)),
            "states": states,
            "left_out": states,
            "place": _MAYBE_TEXT,
        }
    )


def _level() -> Schema:
    return closed(
        {
            "level": choice(Level),
            "number": {"type": "integer", "minimum": 1, "maximum": len(Level)},
            "asks": TEXT,
            "when": TEXT,
            "least_months": COUNT,
            "interpretation": _MAYBE_TEXT,
            "source": TEXT,
            "outcomes": list_of({"$ref": "#/$defs/outcome"}),
            "unexamined": list_of(closed({"key": TEXT, "text": TEXT})),
        }
    )


def _outcome() -> Schema:
    return closed(
        {
            "id": TEXT,
            "text": TEXT,
            "intended": _MAYBE_TEXT,
            "verdict": choice(Verdict, optional=True),
            "basis": choice(Basis, optional=True),
            "base": _MAYBE_COUNT,
            "base_assumed": _TRUTH,
            "self_rated": _TRUTH,
            "population": list_of(TEXT),
            "too_early": _MAYBE_TEXT,
            "note": _MAYBE_TEXT,
            "place": _MAYBE_TEXT,
            "evidence": list_of({"$ref": "#/$defs/evidence"}),
        }
    )


def _evidence() -> Schema:
    return closed(
        {
            "id": TEXT,
            "basis": choice(Basis),
            "verdict": choice(Verdict),
            "text": TEXT,
            "source": _MAYBE_TEXT,
            "base": _MAYBE_COUNT,
            "base_assumed": {"type": "boolean"},
            "percent": _MAYBE_TEXT,
            "count": _MAYBE_COUNT,
            **dict.fromkeys(("counts", "before", "better", "worse"), _ends("integer")),
            "share": _ends("number"),
            "points": _ends("number"),
            "word": choice(QuantityWord, optional=True),
            "timing": closed(dict.fromkeys(("certain", "possible", "never"), COUNT), optional=True),
            "place": _MAYBE_TEXT,
        }
    )


def _issue() -> Schema:
    return closed(
        {
            **dict.fromkeys(("code", "severity", "stage", "message", "expected"), TEXT),
            "details": map_of(TEXT),
            "file": _MAYBE_TEXT,
            "row": _MAYBE_COUNT,
            **dict.fromkeys(("column", "path", "record", "cell"), _MAYBE_TEXT),
            "count": COUNT,
            "source": TEXT,
        }
    )
