"""Writing an institution's records: a folder of CSV files, or one JSON document."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.exchange.csvtext import kept_as_text
from gatsbykit.exchange.institution import FORMAT
from gatsbykit.exchange.programme import PROGRAMME_FILE, programme_document, write_programme
from gatsbykit.exchange.tables import tables
from gatsbykit.exchange.values import cell_converter, json_converter
from gatsbykit.model.answers import answer_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import cattrs

    from gatsbykit.model.institutions import Institution
    from gatsbykit.model.records import Answers, Records

__all__ = ["document", "write_document", "write_folder"]


def document(records: Records) -> dict[str, Any]:
    """Return an institution's records as a document of the exchange format, ready for `json`.

    Examples:
        >>> from gatsbykit import Institution, Learner, Records
        >>> school = Institution(name="Northfield School", kind="secondary_school")
        >>> records = Records(institution=school, learners=[Learner(learner_id="L1", year_group=9)])
        >>> document(records)["learners"]
        [{'learner_id': 'L1', 'year_group': 9}]
    """
    made: dict[str, Any] = {"format": FORMAT, "institution": _institution_fields(records.institution)}
    converter = json_converter()
    for table in tables():
        rows = getattr(records, table.name)
        if rows is not None:
            made[table.name] = [_fields(row, converter) for row in rows]
    if records.answers:
        made["answers"] = _answer_fields(records.answers)
    if records.programme is not None:
        made["programme"] = programme_document(records.programme)
    return made


def write_document(records: Records, path: str | Path) -> None:
    """Write an institution's records as one JSON file, replacing it if it is there."""
    text = json.dumps(document(records), ensure_ascii=False, indent=1)
    Path(path).write_text(f"{text}\n", encoding="utf-8")


def write_folder(records: Records, folder: str | Path) -> None:
    """Write an institution's records as a folder of CSV files.

    A file of the format that is there already is replaced, or removed where the records have no
    such table.

    Raises:
        RecordsError: A list has an entry that a cell cannot hold (with a semicolon in it).
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / "institution.json", {"format": FORMAT, **_institution_fields(records.institution)})
    converter = cell_converter()
    for table in tables():
        path = folder / f"{table.name}.csv"
        rows: Iterable[attrs.AttrsInstance] | None = getattr(records, table.name)
        if rows is None:
            path.unlink(missing_ok=True)
            continue
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.columns)
            writer.writeheader()
            writer.writerows(_cells(_fields(row, converter), table.ids) for row in rows)
    if records.answers:
        _write_json(folder / "answers.json", _answer_fields(records.answers))
    else:
        (folder / "answers.json").unlink(missing_ok=True)
    if records.programme is not None:
        write_programme(records.programme, folder / PROGRAMME_FILE)
    else:
        (folder / PROGRAMME_FILE).unlink(missing_ok=True)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(f"{json.dumps(value, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


def _fields(row: attrs.AttrsInstance, converter: cattrs.Converter) -> dict[str, Any]:
    """Return the known fields of a row, as a converter writes them."""
    values = ((field.name, getattr(row, field.name)) for field in attrs.fields(type(row)))
    return {name: converter.unstructure(value) for name, value in values if value not in (None, frozenset())}


def _cells(fields: dict[str, Any], ids: frozenset[str]) -> dict[str, Any]:
    """Return the cells of a row: texts that a spreadsheet program would run are kept from it."""
    return {
        name: kept_as_text(value) if isinstance(value, str) and name not in ids else value
        for name, value in fields.items()
    }


def _institution_fields(institution: Institution) -> dict[str, Any]:
    fields = {
        "name": institution.name,
        "kind": institution.kind.value,
        "urn": institution.urn,
        "ukprn": institution.ukprn,
        "laestab": institution.laestab,
        "id": institution.given_id,
    }
    return {name: str(value) for name, value in fields.items() if value is not None}


def _answer_fields(answers: Answers) -> dict[str, Any]:
    return {
        key: {criterion_id: answer_value(answer) for criterion_id, answer in given.items()}
        for key, given in answers.items()
    }
