"""The JSON Schema (2020-12) of the rules document, made from the types that the rules are written in.

Examples:
    >>> schema = rules_schema()
    >>> schema["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    >>> schema["$defs"]["Criterion"]["properties"]["type"]
    {'enum': ['declared', 'share']}
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs

from gatsbykit.jsonschema import DIALECT, FINGERPRINT, Schema, closed, list_of, map_of, or_null
from gatsbykit.model.answers import Band
from gatsbykit.model.calendar import KeyStage
from gatsbykit.model.encounters import CHECKLIST_ITEMS, PROVIDER_ACCESS_ITEMS, ActivityKind, Checklist
from gatsbykit.rules.document import RULES_FORMAT
from gatsbykit.rules.forms import Form
from gatsbykit.rules.grading import Preset
from gatsbykit.rules.statutory import ProviderAccessRules, WorkExperienceRules
from gatsbykit.rules.vocabulary import Benchmark, Criterion, Edition, Source

__all__ = ["rules_schema"]


_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
_FRACTION: Final[Schema] = {"type": "string", "pattern": "^[0-9]+(/[1-9][0-9]*)?$"}
_PLAIN: Final[Mapping[Any, Schema]] = {
    str: _TEXT,
    int: _NUMBER,
    bool: {"type": "boolean"},
    date: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    Fraction: _FRACTION,
    Source: {"type": "string", "description": "a key of sources"},
    Checklist: {"type": "array", "items": {"enum": [*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS]}},
    type(None): {"type": "null"},
}


def rules_schema() -> Schema:
    """Return the JSON Schema of the document that `rules_document` makes."""
    made = _Definitions()
    made.add(
        Criterion, type={"enum": ["declared", "share"]}, in_words=_closed(who=or_null(_TEXT), needs=_TEXT)
    )
    made.add(Benchmark)
    made.add(
        Edition,
        in_words=_closed(counted=_TEXT, **{kind.value: _TEXT for kind in ActivityKind}),
        fingerprint=FINGERPRINT,
    )
    members: Schema = {
        "format": {"const": RULES_FORMAT},
        "about": _TEXT,
        "procedure": _closed(
            revision={"type": "integer", "minimum": 1},
            presets=_closed(**{preset.value: _FRACTION for preset in Preset}),
            bands=_closed(**{band.value: _FRACTION for band in Band}),
            key_stages=_closed(**{stage.value: list_of(_NUMBER) for stage in KeyStage}),
            first_year_group=_NUMBER,
            last_year_group=_NUMBER,
            status_order=list_of(_TEXT),
            steps=map_of(_TEXT),
            vocabulary=map_of(map_of(_TEXT)),
        ),
        "editions": list_of(made.of(Edition)),
        "provider_access": made.of(ProviderAccessRules),
        "work_experience": made.of(WorkExperienceRules),
        "forms": list_of(made.of(Form)),
        "fingerprint_leaves_out": list_of(_TEXT),
        "sources": map_of(made.whole(Source)),
    }
    return {
        "$schema": DIALECT,
        "title": "gatsbykit rules",
        "description": "The rules by which gatsbykit reads the Gatsby Benchmarks, for other programs.",
        **closed(members),
        "$defs": made.definitions,
    }


def _closed(**members: Schema) -> Schema:
    return closed(members)


class _Definitions:
    """The definitions that a schema refers to, one for each class of the vocabulary."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def add(self, model: type[attrs.AttrsInstance], **more: Schema) -> None:
        """Define a class, with members that the document has beside its fields."""
        self.definitions[model.__name__] = {}  # a class may speak of itself
        self.definitions[model.__name__] = self.whole(model, **more)

    def whole(self, model: type[attrs.AttrsInstance], **more: Schema) -> Schema:
        """Return the schema of a class itself, not a reference to it."""
        attrs.resolve_types(model)
        members = {field.name: self.of(field.type) for field in attrs.fields(model)}
        description = (model.__doc__ or "").partition("\n")[0]
        return {"description": description, **closed({**members, **more})}

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type of the vocabulary."""
        if kind in _PLAIN:
            return _PLAIN[kind]
        if get_origin(kind) is not None:
            return self._of_generic(get_origin(kind), get_args(kind))
        if issubclass(kind, StrEnum):
            return {"enum": [member.value for member in kind]}
        if kind.__name__ not in self.definitions:
            self.add(kind)
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def _of_generic(self, origin: Any, arguments: tuple[Any, ...]) -> Schema:
        if origin in {Union, types.UnionType}:
            return {"anyOf": [self.of(one) for one in arguments]}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is Mapping:
            keys, values = arguments
            names: Schema = {} if keys is str else {"propertyNames": self.of(keys)}
            return {**map_of(self.of(values)), **names}
        return list_of(self.of(arguments[0]))
