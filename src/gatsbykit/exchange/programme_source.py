"""A programme and the records beside it, from whatever a path holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import attrs

from gatsbykit.exchange.files import is_folder, read_bytes
from gatsbykit.exchange.jsontext import decode, is_object, parse_json
from gatsbykit.exchange.problems import Place, Problems, shown
from gatsbykit.exchange.programme import PROGRAMME_FILE, load_programme, programme_from
from gatsbykit.exchange.reading import read_document, read_folder
from gatsbykit.model.fields import checked
from gatsbykit.model.programmes import CareersProgramme
from gatsbykit.model.records import Records

__all__ = ["ProgrammeSource", "load_programme_source", "read_programme_source"]

_INSTITUTION: Final = "institution"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ProgrammeSource:
    """A programme, and the records with which it lies.

    Args:
        programme: The programme.
        records: The records of the institution, where there are any.
    """

    programme: CareersProgramme
    records: Records | None


def load_programme_source(path: str | Path) -> ProgrammeSource:
    """Read a programme with the records beside it.

    Args:
        path: A folder of the exchange format with ``programme.json`` in it, a document with a member
            ``programme``, or a file that holds a programme alone.

    Raises:
        InvalidRecords: There are errors in either; the group carries every one of them.

    Examples:
        >>> source = load_programme_source("examples/northfield/programme.json")
        >>> source.programme.institution, source.records
        ('999001', None)
    """
    path = Path(path)
    if not is_folder(path):
        problems = Problems()
        data = read_bytes(path, problems)
        if data is None:
            raise problems.as_exception()
        return read_programme_source(data, name=shown(path.name))
    if not (path / f"{_INSTITUTION}.json").exists():
        return ProgrammeSource(programme=load_programme(path), records=None)
    return _source(read_folder(path), Place(file=PROGRAMME_FILE), "missing_file")


def read_programme_source(document: bytes, *, name: str) -> ProgrammeSource:
    """Read a programme from a document, or from JSON that is a programme alone.

    Args:
        document: Its bytes (UTF-8).
        name: What messages call it.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    problems, place = Problems(), Place(file=name)
    text = decode(document, place, problems)
    value: Any = None if text is None else parse_json(text, place, problems)
    if problems.count:
        raise problems.as_exception()
    if is_object(value) and is_object(value.get(_INSTITUTION)):
        return _source(read_document(document, name=name), place.at("programme"), "missing_value")
    found = programme_from(value, place, problems)
    if found is None:
        raise problems.as_exception()
    return ProgrammeSource(programme=found, records=None)


def _source(records: Records, place: Place, code: str) -> ProgrammeSource:
    """Return the programme of records, or say that there is none."""
    if records.programme is None:
        problems = Problems()
        problems.error(place, code, details={"columns": "programme"})
        raise problems.as_exception()
    return ProgrammeSource(programme=records.programme, records=records)
