"""Programmes of training in and out of ``training.json``: all errors at once, or everything in one value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import attrs

from gatsbykit.exchange.files import is_folder, read_bytes
from gatsbykit.exchange.jsontext import decode, is_list, is_object, parse_json
from gatsbykit.exchange.objects import object_schema, plain_object, read_object
from gatsbykit.exchange.problems import Place, Problems, shown
from gatsbykit.exchange.values import json_words
from gatsbykit.jsonschema import DIALECT
from gatsbykit.model.training import TrainingProgramme
from gatsbykit.model.training_evaluation import TrainingEvaluation, cross_faults
from gatsbykit.practice.figure_checks import FILE

if TYPE_CHECKING:
    from gatsbykit.issues import Issue

__all__ = [
    "TRAINING_FORMAT",
    "LoadedTraining",
    "load_training",
    "read_training",
    "training_document",
    "training_schema",
    "write_training",
]

TRAINING_FORMAT: Final = "gatsbykit-training/1"
"""The name and version of the format of ``training.json``."""

_PROGRAMME: Final = "programme"


class LoadedTraining(NamedTuple):
    """A programme of training as it was read, and what was noticed on the way."""

    training: TrainingEvaluation
    notes: tuple[Issue, ...]


def load_training(path: str | Path) -> LoadedTraining:
    """Read a programme of training from a folder with ``training.json``, or from such a file.

    Args:
        path: The folder or the file.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> load_training("examples/teach-first-programme").training.programme.title
        'Teach First careers leaders programme'
    """
    path, problems = Path(path), Problems()
    file = path / FILE if is_folder(path) else path
    data = read_bytes(file, problems, folder=path if file != path else None)
    if data is None:
        raise problems.as_exception()
    return read_training(data, name=shown(file.name))


def read_training(document: bytes | str | Mapping[str, Any], *, name: str | None = None) -> LoadedTraining:
    """Read a programme of training from a JSON document.

    Args:
        document: The document: its bytes (UTF-8), its text, or the parsed value.
        name: What messages call the document, such as the name of its file.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> found = read_training({"format": "gatsbykit-training/1", "programme": {"title": "National"}})
        >>> found.training.programme.title, found.notes
        ('National', ())
    """
    problems, place = Problems(), Place(file=name)
    value: Any = document
    if isinstance(value, bytes):
        value = decode(value, place, problems)
    if isinstance(value, str):
        value = parse_json(value, place, problems)
    if not problems.count and not isinstance(value, Mapping):
        problems.error(place, "wrong_type", details={"type": "object"})
    whole: dict[str, Any] = {} if problems.count else {**value}
    found = None if problems.count else _read(whole, place, problems)
    if found is None:
        raise problems.as_exception()
    return LoadedTraining(found, problems.warnings)


def _read(document: dict[str, Any], place: Place, problems: Problems) -> TrainingEvaluation | None:
    """Read every member, even where one is wrong, and then what has to be so between them."""
    given = document.pop("format", None)
    if given != TRAINING_FORMAT:
        cell = None if given is None else json_words(given)
        details = {"format": TRAINING_FORMAT}
        problems.error(place, "unknown_format", column="format", cell=cell, details=details)
    kinds = list_kinds()
    for name in document.keys() - kinds.keys() - {_PROGRAMME}:
        problems.unknown_column(place.file, "the document", name)
    programme: TrainingProgramme | None = None
    if document.get(_PROGRAMME) is None:
        problems.error(place, "missing_value", column=_PROGRAMME, details={"columns": _PROGRAMME})
    else:
        programme = read_object(document[_PROGRAMME], TrainingProgramme, place.at(_PROGRAMME), problems)
    lists: dict[str, Any] = {
        name: _read_list(document.get(name), name, kind, place, problems) for name, kind in kinds.items()
    }
    for fault in cross_faults(programme, lists, _ids(document)):
        problems.error(place, fault.code, column=fault.attribute, details={"right": fault.expected})
    if problems.count or programme is None:
        return None
    return TrainingEvaluation(programme=programme, **lists)


def list_kinds() -> dict[str, Any]:
    """Return the lists of a document by name, with the class of their elements."""
    fields = attrs.fields_dict(TrainingEvaluation)
    return {name: get_args(field.type)[0] for name, field in fields.items() if name != _PROGRAMME}


def _read_list(value: Any, name: str, kind: Any, place: Place, problems: Problems) -> list[Any]:
    """Read a list; an element that cannot be read is ``None`` in it."""
    if value is None:
        return []
    if not is_list(value):
        problems.error(place, "wrong_type", column=name, details={"type": "array"})
        return []
    return [read_object(one, kind, place.at(f"{name}[{index}]"), problems) for index, one in enumerate(value)]


def _ids(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the ids by list, those of unreadable objects too, so that references to them are not lost."""
    found = {name: _ids_of(document.get(name)) for name in list_kinds()}
    surveys = document.get("surveys")
    items = [survey.get("items") for survey in surveys if is_object(survey)] if is_list(surveys) else []
    found["figures"] = set[str]().union(*map(_ids_of, items))
    return found


def _ids_of(values: Any) -> set[str]:
    rows: Iterable[Any] = values if is_list(values) else ()
    ids = [row.get("id") for row in rows if is_object(row)]
    return {one.strip() for one in ids if isinstance(one, str)}


def training_document(training: TrainingEvaluation) -> dict[str, Any]:
    """Return a programme of training as a document that `read_training` reads back to an equal one.

    Examples:
        >>> training_document(TrainingEvaluation(programme=TrainingProgramme(title="National")))
        {'format': 'gatsbykit-training/1', 'programme': {'title': 'National'}}
    """
    return {"format": TRAINING_FORMAT, **plain_object(training)}


def write_training(training: TrainingEvaluation, path: str | Path) -> None:
    """Write a programme of training as a JSON file, or as ``training.json`` into a folder that is there."""
    path = Path(path)
    text = json.dumps(training_document(training), ensure_ascii=False, indent=1)
    (path / FILE if is_folder(path) else path).write_text(f"{text}\n", encoding="utf-8")


def training_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``training.json``.

    It says what single values look like. That ids are unique, references lead somewhere and histories are
    legal it cannot say; the reader looks at that too. The reader takes blank texts for nothing.

    Examples:
        >>> schema = training_schema()
        >>> schema["required"], schema["$defs"]["Step"]["required"]
        (['format', 'programme'], ['date'])
    """
    definitions: dict[str, Any] = {}
    object_schema(TrainingEvaluation, definitions)
    whole = definitions.pop(TrainingEvaluation.__name__)
    return {
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:training:1",
        "title": "gatsbykit programme of training, version 1",
        "description": "A programme of training and its evaluation. null or absent is unknown.",
        **whole,
        "properties": {"format": {"const": TRAINING_FORMAT}, **whole["properties"]},
        "required": ["format", *whole["required"]],
        "$defs": definitions,
    }
