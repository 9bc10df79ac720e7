"""The parts that every JSON Schema (2020-12) of ours is built of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "COUNT",
    "DATE",
    "DIALECT",
    "FILLED",
    "FINGERPRINT",
    "TEXT",
    "Schema",
    "choice",
    "closed",
    "list_of",
    "map_of",
    "or_null",
]

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DATE: Final[Schema] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
TEXT: Final[Schema] = {"type": "string"}
FILLED: Final[Schema] = {"type": "string", "pattern": r"\S"}
"""Something that can be seen: the reader takes a blank text for nothing."""
FINGERPRINT: Final[Schema] = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}


def closed(members: Mapping[str, Schema], *, optional: bool = False) -> Schema:
    """Return the schema of an object that has all of its members and no others.

    Args:
        members: The members by name.
        optional: Whether ``null`` may stand in its place.

    Examples:
        >>> closed({"name": TEXT})["required"]
        ['name']
    """
    return {
        "type": ["object", "null"] if optional else "object",
        "properties": dict(members),
        "required": [*members],
        "additionalProperties": False,
    }


def choice(values: Iterable[str], *, optional: bool = False) -> Schema:
    """Return the schema of one of some texts.

    Examples:
        >>> choice(["yes", "no"], optional=True)
        {'enum': ['yes', 'no', None]}
    """
    return {"enum": [*map(str, values), *([None] if optional else [])]}


def list_of(element: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": element}


def map_of(member: Schema) -> Schema:
    """Return the schema of an object whose members may have any name."""
    return {"type": "object", "additionalProperties": member}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be ``null``."""
    return {"anyOf": [schema, {"type": "null"}]}
