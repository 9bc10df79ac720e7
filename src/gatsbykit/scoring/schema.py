"""The JSON Schema (2020-12) of the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.exchange.schema import declared_share_schema
from gatsbykit.jsonschema import COUNT, DATE, DIALECT, FINGERPRINT, TEXT, Schema, choice, closed
from gatsbykit.model.answers import Band
from gatsbykit.model.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.rules import EDITION_KEYS
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus, PhaseStatus
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.scoring.scorecard import SCORECARD_FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["scorecard_schema"]


def _by_preset(value: Schema) -> Schema:
    return closed({preset.value: value for preset in PRESETS})


def _counts(*, optional: bool = False) -> Schema:
    made: Mapping[str, Schema] = {
        "numerator": COUNT,
        "denominator": COUNT,
        "missing": {"type": "array", "items": TEXT},
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
    tally = closed(_counts())
    younger = "|".join(map(str, range(FIRST_YEAR_GROUP, LAST_YEAR_GROUP)))
    on_track = {
        "type": ["object", "null"],
        "patternProperties": {f"^(?:{younger})$": closed({"numerator": COUNT, "denominator": COUNT})},
        "additionalProperties": False,
    }
    text_or_none: Schema = {"type": ["string", "null"]}
    criterion = closed(
        {
            "id": TEXT,
            "type": choice(("declared", "share")),
            "basis": {"enum": ["evidence", "declared", None]},
            "status": _by_preset(choice(CriterionStatus)),
            **_counts(optional=True),
            "text": TEXT,
            "source": TEXT,
            "interpretation": text_or_none,
            "deadline": {**DATE, "type": ["string", "null"]},
            "on_track": on_track,
            "claim": {"anyOf": [choice(Band, optional=True), declared_share_schema()]},
            "origin": {"enum": ["answers", "programme", "both", None]},
        }
    )
    benchmark = closed(
        {
            "number": {"type": "integer", "minimum": 1, "maximum": 8},
            "title": TEXT,
            "status": _by_preset(choice(BenchmarkStatus)),
            "percent": _by_preset({"type": ["integer", "null"], "minimum": 0, "maximum": 100}),
            "criteria": {"type": "array", "items": {"$ref": "#/$defs/criterion"}},
        }
    )
    phase = closed({"status": choice(PhaseStatus), **_counts()})
    phases = [one.name for one in provider_access_rules().phases]
    parts = [one.name for one in work_experience_rules().parts]
    made = closed(
        {
            "format": {"const": SCORECARD_FORMAT},
            "institution": closed({"id": TEXT, "name": TEXT, "kind": choice(InstitutionKind)}),
            "edition": choice(EDITION_KEYS),
            "as_of": DATE,
            "academic_year": {"type": "string", "pattern": "^[0-9]{1,4}/[0-9]{2}$"},
            "achieved": _by_preset(COUNT),
            "applicable": COUNT,
            "benchmarks": {
                "type": "array",
                "items": {"$ref": "#/$defs/benchmark"},
                "minItems": 8,
                "maxItems": 8,
            },
            "provider_access": closed(dict.fromkeys(phases, phase), optional=True),
            "work_experience": closed(dict.fromkeys(parts, tally), optional=True),
            "warnings": {
                "type": "array",
                "items": closed({"code": TEXT, "message": TEXT, "count": COUNT, "where": TEXT}),
            },
            "rules": closed({"fingerprint": FINGERPRINT}),
            "settings": closed(
                {
                    "unknown": choice(("exclude", "include")),
                    "adviser_level": {"type": "integer"},
                    "at_least": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
                }
            ),
        }
    )
    return {
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:scorecard:1",
        "title": "gatsbykit scorecard, version 1",
        **made,
        "$defs": {"criterion": criterion, "benchmark": benchmark},
    }
