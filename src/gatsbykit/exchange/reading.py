"""Reading an institution's records: a folder of CSV files, or one JSON document.

Everything that is wrong is collected and raised at once as `InvalidRecords`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import attrs

from gatsbykit.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers
from gatsbykit.exchange.jsontext import decode, is_list, is_object, parse_json
from gatsbykit.exchange.problems import Place, Problems, Unreadable
from gatsbykit.exchange.strict import json_converter, json_words
from gatsbykit.exchange.tables import Table, tables
from gatsbykit.framework import EDITION_KEYS, Criterion, edition
from gatsbykit.identifiers import Laestab, Ukprn, Urn
from gatsbykit.institutions import Institution, InstitutionKind
from gatsbykit.records import Records
from gatsbykit.validation import InvalidRecords

__all__ = ["FORMAT", "load", "read_document", "read_folder"]

FORMAT: Final = "gatsbykit/1"
"""The name and version of the exchange format."""

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)
_INSTITUTION_FIELDS: Final[Mapping[str, Any]] = {
    "name": str,
    "kind": InstitutionKind,
    "urn": Urn,
    "ukprn": Ukprn,
    "laestab": Laestab,
    "id": str,
}


def load(path: str | Path) -> Records:
    """Read an institution's records from a folder or from a JSON file.

    Args:
        path: A folder of the exchange format, or a file with a JSON document of it.

    Returns:
        The records; `Records.notes` holds what was noticed on the way.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> load("examples/northfield").institution.name
        'Northfield School (synthetic)'
    """
    path = Path(path)
    if path.is_dir():
        return read_folder(path)
    problems = Problems()
    data = _read_file(path, problems)
    if data is None:
        raise InvalidRecords(problems.errors)
    return read_document(data, name=path.name)


def read_folder(folder: str | Path) -> Records:
    """Read an institution's records from a folder of CSV files.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    folder = Path(folder)
    problems = Problems()
    all_tables = tables()
    institution = _read_folder_institution(folder, problems)
    files = {table.name: folder / f"{table.name}.csv" for table in all_tables}
    present = {name for name, path in files.items() if path.exists()}
    _check_tables(present, problems, lambda name: Place(file=f"{name}.csv"))
    _note_strange_files(folder, problems)

    def read(table: Table[_Model]) -> tuple[_Model, ...] | None:
        if table.name not in present:
            return None
        return _read_csv(files[table.name], table, _also_required(table, institution), problems)

    made = (
        read(all_tables.learners),
        read(all_tables.activities),
        read(all_tables.participations),
        read(all_tables.destinations),
    )
    answers_file = folder / "answers.json"
    answers: Mapping[str, Mapping[str, DeclaredAnswer]] = {}
    if answers_file.exists():
        answers = _read_answers(
            _read_json_file(answers_file, problems), Place(file=answers_file.name), problems
        )
    return _finish(institution, made, answers, problems)


def read_document(document: bytes | str | Mapping[str, Any], *, name: str | None = None) -> Records:
    """Read an institution's records from a JSON document.

    Args:
        document: The document: its bytes (UTF-8), its text, or the parsed value.
        name: What messages call the document, such as the name of its file.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> records = read_document({
        ...     "format": "gatsbykit/1",
        ...     "institution": {"name": "Northfield School", "kind": "secondary_school"},
        ...     "learners": [{"learner_id": "L1", "year_group": 9}],
        ... })
        >>> records.learners
        (Learner(learner_id='L1', year_group=9),)
    """
    problems = Problems()
    place = Place(file=name)
    value: Any = document
    if isinstance(document, bytes):
        value = decode(document, place, problems)
    if isinstance(value, str):
        value = parse_json(value, place, problems)
    if problems.errors:
        raise InvalidRecords(problems.errors)
    if not isinstance(value, Mapping):
        problems.error(place, "wrong_type", "the document is not an object", "an object in braces")
        raise InvalidRecords(problems.errors)
    return _read_members(cast("Mapping[str, Any]", value), place, problems)


def _read_members(document: Mapping[str, Any], place: Place, problems: Problems) -> Records:
    """Read the members of a parsed document."""
    all_tables = tables()
    _check_format(document, place, problems)
    names = {table.name for table in all_tables}
    for key in document.keys() - names - {"format", "institution", "answers"}:
        problems.unknown_column(place.file, "the document", key)
    institution = _read_institution(
        document.get("institution"), attrs.evolve(place, path="institution"), problems
    )
    present = {name for name in names if document.get(name) is not None}
    _check_tables(present, problems, place.at)

    def read(table: Table[_Model]) -> tuple[_Model, ...] | None:
        if table.name not in present:
            return None
        rows = _document_rows(document[table.name], table, place.at(table.name), problems)
        also = _also_required(table, institution)
        return table.read(rows, table.json_readers, problems, also_required=also)

    made = (
        read(all_tables.learners),
        read(all_tables.activities),
        read(all_tables.participations),
        read(all_tables.destinations),
    )
    answers = _read_answers(document.get("answers"), place.at("answers"), problems)
    return _finish(institution, made, answers, problems)


def _finish(
    institution: Institution | None,
    made: tuple[Any, Any, Any, Any],
    answers: Mapping[str, Mapping[str, DeclaredAnswer]],
    problems: Problems,
) -> Records:
    """Return the records, or raise everything that was wrong."""
    if problems.errors or institution is None:
        raise InvalidRecords(problems.errors)
    learners, activities, participations, destinations = made
    return Records(
        institution=institution,
        learners=learners,
        activities=activities,
        participations=participations,
        destinations=destinations,
        answers=answers,
        notes=problems.warnings,
    )


def _also_required(table: Table[Any], institution: Institution | None) -> frozenset[str]:
    """Return the columns that a kind of institution requires beside those that all do."""
    if table.name == "learners" and institution is not None and institution.kind.is_school:
        return frozenset({"year_group"})
    return frozenset()


def _check_tables(present: set[str], problems: Problems, place_of: Callable[[str], Place]) -> None:
    """Refuse tables that mean nothing without each other."""
    for one, other in (("activities", "participations"), ("participations", "activities")):
        if one in present and other not in present:
            problems.error(
                place_of(other),
                "missing_table",
                f"there are {one} but no {other}",
                "both of them, or neither",
            )
    if present & {"activities", "participations"} and "learners" not in present:
        problems.error(
            place_of("learners"),
            "missing_table",
            "there are activities but no learners",
            "the learners who may have taken part",
        )


# Files


def _read_file(path: Path, problems: Problems) -> bytes | None:
    """Return the bytes of a file, or ``None`` after noting why they cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
        problems.error(Place(file=path.name), "missing_file", why, "a file that can be read")
        return None


def _read_text_file(path: Path, problems: Problems) -> str | None:
    data = _read_file(path, problems)
    return None if data is None else decode(data, Place(file=path.name), problems)


def _read_json_file(path: Path, problems: Problems) -> Any:
    text = _read_text_file(path, problems)
    return None if text is None else parse_json(text, Place(file=path.name), problems)


def _note_strange_files(folder: Path, problems: Problems) -> None:
    """Note data files that the format does not have, such as one whose name is misspelt."""
    known = {"institution.json", "answers.json", *(f"{table.name}.csv" for table in tables())}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".csv", ".json"} and path.name not in known:
            problems.unknown_file(path.name)


def _read_csv(
    path: Path, table: Table[_Model], also_required: frozenset[str], problems: Problems
) -> tuple[_Model, ...]:
    """Read one CSV file."""
    text = _read_text_file(path, problems)
    if text is None:
        return ()
    place = Place(file=path.name)
    rows = _csv_rows(text, place, problems)
    header = next(rows, None)
    if header is None:
        problems.error(place, "missing_header", "there is no header row", "a first row with the column names")
        return ()
    columns = _check_header([name.strip() for name in header[1]], table, path.name, problems)
    required = table.required | also_required
    absent = required.difference(columns)
    for column in sorted(absent):
        problems.error(
            Place(file=path.name, row=1),
            "missing_column",
            f"there is no column {column}",
            f"the columns {', '.join(sorted(required))}",
            column=column,
        )
    if table.either and not any(column in columns for column in table.either):
        words = " or ".join(table.either)
        problems.error(
            Place(file=path.name, row=1), "missing_column", f"there is no column {words}", "one of them"
        )
        absent |= frozenset(table.either)
    raws = _csv_raws(rows, columns, table, problems)
    return table.read(raws, table.cell_readers, problems, also_required=also_required, absent=absent)


def _csv_rows(text: str, place: Place, problems: Problems) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows of a CSV text that are not empty lines, numbered as a spreadsheet does."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    while True:
        row += 1
        here = attrs.evolve(place, row=row)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Where quoting is broken nothing after it can be trusted.
            problems.error(
                here, "bad_quoting", f"the row cannot be read: {error}", "quotation marks in pairs (RFC 4180)"
            )
            return
        if cells:
            yield here, cells


def _check_header(header: list[str], table: Table[Any], file: str, problems: Problems) -> list[str]:
    """Note strange and repeated columns, and return the header."""
    for position, column in enumerate(header):
        if column not in table.columns:
            problems.unknown_column(file, table.name, column)
        elif column in header[:position]:
            problems.error(
                Place(file=file, row=1),
                "duplicate_column",
                f"the column {column} stands twice",
                "each column once",
                column=column,
            )
    return header


def _csv_raws(
    rows: Iterator[tuple[Place, list[str]]], header: list[str], table: Table[Any], problems: Problems
) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield the rows of a table as mappings, blanks left out."""
    wanted = [(index, name, name in table.ids) for index, name in enumerate(header) if name in table.columns]
    for place, cells in rows:
        if len(cells) != len(header):
            problems.error(
                place,
                "wrong_number_of_cells",
                f"the row has {len(cells)} cells, the header {len(header)}",
                "as many cells as there are columns",
            )
            continue
        raw: dict[str, str] = {}
        for index, name, is_id in wanted:
            cell = cells[index]
            trimmed = cell.strip()
            if trimmed:
                raw[name] = cell if is_id else trimmed
        yield place, raw


# JSON


def _check_format(document: Mapping[str, Any], place: Place, problems: Problems) -> None:
    given = document.get("format")
    if given != FORMAT:
        problems.error(
            place,
            "unknown_format",
            "there is no format" if given is None else "not a format that this version reads",
            f'"{FORMAT}"',
            column="format",
            cell=None if given is None else json_words(given),
        )


def _document_rows(
    rows: Any, table: Table[Any], place: Place, problems: Problems
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the elements of a table of a document as mappings, blanks left out."""
    if not is_list(rows):
        problems.error(place, "wrong_type", "the table is not a list", "a list of objects")
        return
    columns = frozenset(table.columns)
    for index, element in enumerate(rows):
        here = Place(file=place.file, path=f"{place.path}[{index}]")
        if not is_object(element):
            problems.error(here, "wrong_type", "the row is not an object", "an object in braces")
            continue
        raw: dict[str, Any] = {}
        for name, value in element.items():
            if name not in columns:
                problems.unknown_column(place.file, table.name, name)
                continue
            if isinstance(value, str):
                trimmed = value.strip()
                if not trimmed:
                    continue
                raw[name] = value if name in table.ids else trimmed
            elif value is not None:
                raw[name] = value
        yield here, raw


def _read_folder_institution(folder: Path, problems: Problems) -> Institution | None:
    before = len(problems.errors)
    value = _read_json_file(folder / "institution.json", problems)
    place = Place(file="institution.json")
    if len(problems.errors) > before:
        return None
    if is_object(value):
        _check_format(value, place, problems)
        value = {key: member for key, member in value.items() if key != "format"}
    return _read_institution(value, place, problems)


def _read_institution(value: Any, place: Place, problems: Problems) -> Institution | None:
    """Read the institution, noting everything that is wrong with it."""
    if not is_object(value):
        problems.error(place, "wrong_type", "there is no institution", "an object with name and kind")
        return None
    given = value
    read: dict[str, Any] = {}
    for name, member in given.items():
        if name not in _INSTITUTION_FIELDS:
            problems.unknown_column(place.file, "institution", name)
        elif member is not None and member != "":
            kind = _INSTITUTION_FIELDS[name]
            trimmed = member.strip() if isinstance(member, str) and name != "id" else member
            try:
                read[name] = json_converter().get_structure_hook(kind)(trimmed, kind)
            except Unreadable as why:
                # An institution's identifiers and name are public, and shown.
                problems.error(
                    place, why.code, why.message, why.expected, column=name, cell=json_words(member)
                )
    for name in ("name", "kind"):
        if given.get(name) in {None, ""} if not isinstance(given.get(name), list | dict) else False:
            problems.error(place, "missing_value", "there is no value", "a value", column=name)
    if "name" not in read or "kind" not in read:
        return None
    return Institution(**read)


def _read_answers(value: Any, place: Place, problems: Problems) -> dict[str, dict[str, DeclaredAnswer]]:
    """Read the answers to declared criteria, by edition and criterion."""
    answers: dict[str, dict[str, DeclaredAnswer]] = {}
    for key, given in _members(value, place, problems):
        here = place.at(key)
        if key not in EDITION_KEYS:
            problems.error(
                here, "unknown_edition", "there is no such edition", f"one of {', '.join(EDITION_KEYS)}"
            )
            continue
        criteria = {criterion.id: criterion for criterion in edition(key).criteria}
        answers[key] = {}
        for criterion_id, raw in _members(given, here, problems):
            there = here.at(criterion_id)
            criterion = criteria.get(criterion_id)
            if criterion is None:
                problems.error(
                    there,
                    "unknown_criterion",
                    f"{key} has no such criterion",
                    f"one of {', '.join(criteria)}",
                )
            elif raw is not None:
                answer = _read_answer(raw, criterion, there, problems)
                if answer is not None:
                    answers[key][criterion_id] = answer
    return answers


def _members(value: Any, place: Place, problems: Problems) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if not is_object(value):
        problems.error(place, "wrong_type", "not an object", "an object in braces")
        return
    yield from value.items()


def _read_answer(raw: Any, criterion: Criterion, place: Place, problems: Problems) -> DeclaredAnswer | None:
    """Read the answer to one criterion, which is of the criterion's own type."""
    if criterion.parts:
        parts: dict[str, Answer] = {}
        for part, given in _members(raw, place, problems):
            here = place.at(part)
            if part not in criterion.parts:
                words = f"one of {', '.join(criterion.parts)}"
                problems.error(here, "unknown_part", f"{criterion.id} has no such part", words)
            elif given is not None:
                answer = _read_choice(given, Answer, here, problems)
                if answer is not None:
                    parts[part] = answer
        return PartAnswers(parts)
    if criterion.type == "declared":
        return _read_choice(raw, Answer, place, problems)
    if is_object(raw):
        return _read_share(raw, place, problems)
    return _read_choice(raw, Band, place, problems, ' or {"share": "0.83"}')


_Choice = TypeVar("_Choice", Answer, Band)


def _read_choice(
    raw: Any, kind: type[_Choice], place: Place, problems: Problems, also: str = ""
) -> _Choice | None:
    if isinstance(raw, str) and raw in {member.value for member in kind}:
        return kind(raw)
    words = ", ".join(f'"{member.value}"' for member in kind)
    problems.error(
        place, "not_a_choice", "not one of the answers", f"one of {words}{also}", cell=json_words(raw)
    )
    return None


def _read_share(raw: dict[str, Any], place: Place, problems: Problems) -> DeclaredShare | None:
    share = raw.get("share")
    if raw.keys() == {"share"} and isinstance(share, str):
        try:
            return DeclaredShare(share)
        except ValueError:
            pass
    problems.error(
        place,
        "not_a_share",
        "not a share",
        '{"share": "0.83"}, a decimal number in quotes from 0 to 1',
        cell=json_words(share),
    )
    return None
