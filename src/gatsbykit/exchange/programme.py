"""A careers programme in and out of the exchange format: ``programme.json``, and the member ``programme``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gatsbykit.exchange.files import read_bytes
from gatsbykit.exchange.jsontext import decode, is_object, parse_json
from gatsbykit.exchange.objects import object_schema, plain_object, read_object
from gatsbykit.exchange.problems import Place, Problems, shown
from gatsbykit.jsonschema import DIALECT
from gatsbykit.model.programmes import CareersProgramme
from gatsbykit.rules import EDITION_KEYS, edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.rules import Criterion

__all__ = [
    "PROGRAMME_FILE",
    "load_programme",
    "programme_document",
    "programme_from",
    "programme_schema",
    "read_programme",
    "write_programme",
]

PROGRAMME_FILE: Final = "programme.json"
"""The name of the file in a folder of the exchange format."""

_FORMAT: Final = "format"


def programme_from(value: Any, place: Place, problems: Problems) -> CareersProgramme | None:
    """Read a programme from a parsed value, noting everything that is wrong.

    Args:
        value: An object with the fields of `CareersProgramme`; a member ``format`` is passed over.
        place: Where it stands.
        problems: Where errors and warnings are noted.

    Returns:
        The programme, or ``None`` after noting why there is none.
    """
    if is_object(value):
        value = {name: member for name, member in value.items() if name != _FORMAT}
    before = problems.count
    found = read_object(value, CareersProgramme, place, problems)
    if found is None:
        return None
    _check_criteria(found, place, problems)
    return found if problems.count == before else None


def _check_criteria(programme: CareersProgramme, place: Place, problems: Problems) -> None:
    """Note criteria that the edition of the programme does not have."""
    if programme.edition not in EDITION_KEYS:
        details = {"choices": ", ".join(EDITION_KEYS)}
        problems.error(place, "unknown_edition", column="edition", details=details)
        return
    known = {criterion.id: criterion for criterion in edition(programme.edition).criteria}
    for path, ids in _criteria(programme):
        if not ids <= known.keys():
            details = {"edition": programme.edition, "choices": ", ".join(known)}
            problems.error(place, "unknown_criterion", column=path, details=details)
    for index, gap in enumerate(programme.gaps):
        _check_part(f"gaps[{index}].part", known.get(gap.criterion), gap.part, place, problems)


def _criteria(programme: CareersProgramme) -> Iterator[tuple[str, frozenset[str]]]:
    for name in ("objectives", "activities", "changes"):
        for index, one in enumerate(getattr(programme, name)):
            yield f"{name}[{index}].criteria", one.criteria
    for index, gap in enumerate(programme.gaps):
        yield f"gaps[{index}].criterion", frozenset({gap.criterion})


def _check_part(
    path: str, criterion: Criterion | None, part: str | None, place: Place, problems: Problems
) -> None:
    if criterion is not None and part is not None and part not in criterion.parts:
        details = {"criterion": criterion.id, "choices": ", ".join(criterion.parts) or "none"}
        problems.error(place, "unknown_part", column=path, details=details)


def read_programme(document: bytes | str | dict[str, Any], *, name: str = PROGRAMME_FILE) -> CareersProgramme:
    """Read a careers programme from JSON.

    Args:
        document: Its bytes (UTF-8), its text, or the parsed value.
        name: What messages call it.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> programme = read_programme({"edition": "2025-school", "vision": "Everybody knows what is next"})
        >>> programme.vision
        'Everybody knows what is next'
    """
    problems, place = Problems(), Place(file=name)
    value: Any = document
    if isinstance(value, bytes):
        value = decode(value, place, problems)
    if isinstance(value, str):
        value = parse_json(value, place, problems)
    if problems.count:
        raise problems.as_exception()
    return _required(value, place, problems)


def _required(value: Any, place: Place, problems: Problems) -> CareersProgramme:
    found = programme_from(value, place, problems)
    if found is None:
        raise problems.as_exception()
    return found


def load_programme(path: str | Path) -> CareersProgramme:
    """Read the careers programme of a folder, or of a file of its own.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> print(load_programme("examples/northfield/programme.json"))
        Careers programme under 2025-school: 5 objectives, 10 outcomes, 17 activities, 9 roles
    """
    path = Path(path)
    folder = path if path.is_dir() else None
    file = path / PROGRAMME_FILE if folder is not None else path
    problems = Problems()
    data = read_bytes(file, problems, folder=folder)
    if data is None:
        raise problems.as_exception()
    return read_programme(data, name=shown(file.name))


def programme_document(programme: CareersProgramme) -> dict[str, Any]:
    """Return a programme as an object of JSON that `read_programme` reads back to the same."""
    return plain_object(programme)


def write_programme(programme: CareersProgramme, path: str | Path) -> None:
    """Write a programme as one JSON file, replacing it if it is there."""
    text = json.dumps(programme_document(programme), ensure_ascii=False, indent=1)
    Path(path).write_text(f"{text}\n", encoding="utf-8")


def programme_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a careers programme.

    Examples:
        >>> programme_schema()["$defs"]["CareersProgramme"]["required"]
        ['edition']
    """
    definitions: dict[str, Any] = {}
    reference = object_schema(CareersProgramme, definitions)
    definitions["CareersProgramme"]["properties"]["edition"] = {"enum": [*EDITION_KEYS]}
    return {
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:programme:1",
        "title": "careers programme, version 1",
        "description": "null or absent is unknown.",
        **reference,
        "$defs": definitions,
    }
