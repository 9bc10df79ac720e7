"""Reading who the institution is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gatsbykit.exchange.jsontext import is_object
from gatsbykit.exchange.problems import Place, Problems, Unreadable
from gatsbykit.exchange.values import json_converter, json_words
from gatsbykit.model.identifiers import Laestab, Ukprn, Urn
from gatsbykit.model.institutions import Institution, InstitutionKind

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["FORMAT", "INSTITUTION_FIELDS", "check_format", "read_institution"]


FORMAT: Final = "gatsbykit/1"
"""The name and version of the exchange format."""


INSTITUTION_FIELDS: Final[Mapping[str, Any]] = {
    "name": str,
    "kind": InstitutionKind,
    "urn": Urn,
    "ukprn": Ukprn,
    "laestab": Laestab,
    "id": str,
}


def check_format(document: Mapping[str, Any], place: Place, problems: Problems) -> None:
    """Note where a document says that it is of another format, or does not say."""
    given = document.get("format")
    if given != FORMAT:
        problems.error(
            place,
            "unknown_format",
            column="format",
            cell=None if given is None else json_words(given),
            details={"format": FORMAT},
        )


def read_institution(value: Any, place: Place, problems: Problems) -> Institution | None:
    """Read the institution, noting everything that is wrong with it."""
    if not is_object(value):
        problems.error(place, "wrong_type", details={"type": "object"})
        return None
    given = {name for name, member in value.items() if not _is_blank(member)}
    read: dict[str, Any] = {}
    for name, member in value.items():
        if name == "format":  # in a document it may stand here as well
            check_format(value, place, problems)
        elif name not in INSTITUTION_FIELDS:
            problems.unknown_column(place.file, "institution", name)
        elif name in given:
            kind = INSTITUTION_FIELDS[name]
            trimmed = member.strip() if isinstance(member, str) and name != "id" else member
            try:
                read[name] = json_converter().get_structure_hook(kind)(trimmed, kind)
            except Unreadable as why:
                # An institution's identifiers and name are public, and shown.
                problems.error(place, why.code, column=name, cell=json_words(member), details=why.details)
    for name in ("name", "kind"):
        if name not in given:
            problems.error(place, "missing_value", column=name, details={"columns": name})
    if "name" not in read or "kind" not in read:
        return None
    return Institution(**read)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
