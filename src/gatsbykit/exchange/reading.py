"""Reading an institution's records: a folder of CSV files, or one JSON document.

Everything that is wrong is collected and raised at once as `InvalidRecords`.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import attrs

from gatsbykit.exchange.answers import read_answers
from gatsbykit.exchange.csvtext import CsvTable
from gatsbykit.exchange.fastjson import Rows, parse_bytes
from gatsbykit.exchange.files import file_names, is_folder, read_bytes, table_of
from gatsbykit.exchange.institution import check_format, read_institution
from gatsbykit.exchange.jsontext import decode, is_list, is_object, parse_json
from gatsbykit.exchange.problems import Place, Problems, Unreadable, shown
from gatsbykit.exchange.profiles import find_profile
from gatsbykit.exchange.profiles.foreign import ProfiledFiles
from gatsbykit.exchange.programme import PROGRAMME_FILE, programme_from
from gatsbykit.exchange.tables import Raws, Table, tables
from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.model.records import Records
from gatsbykit.privacy import shown_name

if TYPE_CHECKING:
    from gatsbykit.exchange.profiles import Profile
    from gatsbykit.model.answers import DeclaredAnswer
    from gatsbykit.model.institutions import Institution
    from gatsbykit.model.programmes import CareersProgramme

__all__ = ["load", "read_document", "read_folder"]


_INSTITUTION: Final = "institution.json"
_ANSWERS: Final = "answers.json"
_BESIDE: Final = frozenset({_INSTITUTION, _ANSWERS, PROGRAMME_FILE})
_STRANGE: Final = frozenset({"unknown_file", "table_in_other_form"})

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)


def load(path: str | Path, *, profile: Profile | str | Path | None = None) -> Records:
    """Read an institution's records from a folder or from a file.

    Args:
        path: A folder of the exchange format, or a file with a JSON document of it.
        profile: How to read files that are not of the exchange format: a `Profile`, the key of one
            that comes with the library, or the path of its TOML file. The path is then a folder, or
            the one file that is meant. What the profile does not speak of is read as usual from the
            same folder, ``institution.json`` above all.

    Returns:
        The records; `Records.notes` holds what was noticed on the way.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
        ProfileError: There is no such profile, or it is not one.

    Examples:
        >>> load("examples/northfield").institution.name
        'Northfield School (synthetic)'
    """
    path = Path(path)
    if profile is not None:
        return _load_foreign(path, profile)
    if is_folder(path):
        return read_folder(path)
    problems = Problems()
    if path.suffix.lower() == ".csv" and path.is_file():
        problems.error(Place(file=shown(path.name)), "table_alone")
        raise problems.as_exception()
    data = read_bytes(path, problems)
    if data is None:
        raise problems.as_exception()
    return read_document(data, name=shown(path.name))


def _load_foreign(path: Path, given: Profile | str | Path) -> Records:
    """Read a folder, or one file and what lies beside it, with a profile."""
    profile = find_profile(given)
    problems = Problems()
    if is_folder(path):
        folder, names, alone = path, file_names(path, problems), False
        own = names
    else:
        folder, names, alone = path.parent, [path.name], True
        own = [name for name in file_names(folder, problems) if name in _BESIDE]
    foreign = ProfiledFiles(folder, names, profile, problems, alone=alone)
    return _read_files(folder, own, problems, foreign)


def read_folder(folder: str | Path) -> Records:
    """Read an institution's records from a folder of CSV files.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    folder = Path(folder)
    problems = Problems()
    with _no_collecting():
        return _read_files(folder, file_names(folder, problems), problems)


def _read_files(
    folder: Path, names: Sequence[str], problems: Problems, foreign: ProfiledFiles | None = None
) -> Records:
    """Read the files of a folder: by a profile what it speaks of, the rest as the format has it."""
    all_tables = tables()
    if foreign is None or _INSTITUTION in names:
        institution = _read_folder_institution(folder, problems)
    else:
        institution = read_institution(foreign.institution(), Place(file=_INSTITUTION), problems)
    theirs = frozenset[str]() if foreign is None else foreign.tables
    files = {table.name: folder / f"{table.name}.csv" for table in all_tables}
    present = {name for name, path in files.items() if path.name in names} | theirs
    _check_tables(present, problems, lambda name: Place(file=f"{name}.csv"))
    _note_strange_files(names if foreign is None else {*names} - foreign.file_names, problems)

    def read(table: Table[_Model]) -> tuple[_Model, ...] | None:
        if table.name not in present:
            return None
        also = _also_required(table, institution)
        if foreign is not None and table.name in theirs:
            return foreign.read(table, also)
        hidden = foreign is not None and foreign.has_personal_ids
        return _read_csv(files[table.name], table, also, problems, has_personal_ids=hidden)

    made = (
        read(all_tables.learners),
        read(all_tables.activities),
        read(all_tables.participations),
        read(all_tables.destinations),
    )
    answers: Mapping[str, Mapping[str, DeclaredAnswer]] = {}
    if _ANSWERS in names:
        answers = read_answers(_read_json_file(folder / _ANSWERS, problems), Place(file=_ANSWERS), problems)
    programme = _read_programme_file(folder / PROGRAMME_FILE, problems) if PROGRAMME_FILE in names else None
    is_empty = not present and not answers and PROGRAMME_FILE not in names
    if is_empty and any(one.code in _STRANGE for one in problems.warnings):
        _refuse_nothing(Place(file=shown(folder.name)), problems)
    return _finish(institution, made, answers, programme, problems)


def _read_programme_file(path: Path, problems: Problems) -> CareersProgramme | None:
    before = problems.count
    value = _read_json_file(path, problems)
    if problems.count > before:
        return None
    return programme_from(value, Place(file=path.name), problems)


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
    with _no_collecting():
        if isinstance(document, bytes):
            records = _read_at_once(document)
            if records is not None:
                return records
            value = decode(document, place, problems)
        if isinstance(value, str):
            value = parse_json(value, place, problems)
        if problems.count:
            raise problems.as_exception()
        if not isinstance(value, Mapping):
            problems.error(place, "wrong_type", details={"type": "object"})
            raise problems.as_exception()
        return _read_members(cast("Mapping[str, Any]", value), place, problems)


def _read_at_once(data: bytes) -> Records | None:
    """Return the records of a document of which there is nothing to say.

    Parsers disagree about what is wrong with a document, so Python's own has the last word.
    """
    value = parse_bytes(data)
    if value is None:
        return None
    try:
        records = _read_members(value, Place(), Problems())
    except InvalidRecords:
        return None
    return None if records.notes else records


@contextlib.contextmanager
def _no_collecting() -> Generator[None, None, None]:
    """Do without the collector of cycles for a while.

    A school is tens of thousands of new objects, none of them garbage. The collector would look
    through them again and again, for a fifth of the time that reading takes.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_members(document: Mapping[str, Any], place: Place, problems: Problems) -> Records:
    """Read the members of a parsed document."""
    all_tables = tables()
    check_format(document, place, problems)
    names = {table.name for table in all_tables}
    for key in document:
        if key not in names | {"format", "institution", "answers", "programme"}:
            problems.unknown_column(place.file, "the document", key)
    institution = read_institution(
        document.get("institution"), attrs.evolve(place, path="institution"), problems
    )
    present = {name for name in names if document.get(name) is not None}
    _check_tables(present, problems, place.at)

    def read(table: Table[_Model]) -> tuple[_Model, ...] | None:
        if table.name not in present:
            return None
        also = _also_required(table, institution)
        raws = _raws_of_elements(document[table.name], table, place.at(table.name), problems)
        return table.read(raws, table.json_readers, problems, also_required=also)

    made = (
        read(all_tables.learners),
        read(all_tables.activities),
        read(all_tables.participations),
        read(all_tables.destinations),
    )
    answers = read_answers(document.get("answers"), place.at("answers"), problems)
    programme = document.get("programme")
    strange = (value for name, value in document.items() if name not in names and is_list(value))
    is_empty = not present and not answers and programme is None
    if is_empty and any(is_object(one) for value in strange for one in value):
        _refuse_nothing(place, problems)
    if programme is not None:
        programme = programme_from(programme, place.at("programme"), problems)
    return _finish(institution, made, answers, programme, problems)


def _finish(
    institution: Institution | None,
    made: tuple[Any, Any, Any, Any],
    answers: Mapping[str, Mapping[str, DeclaredAnswer]],
    programme: CareersProgramme | None,
    problems: Problems,
) -> Records:
    """Return the records, or raise everything that was wrong."""
    if problems.count or institution is None:
        raise problems.as_exception()
    learners, activities, participations, destinations = made
    return Records(
        institution=institution,
        learners=learners,
        activities=activities,
        participations=participations,
        destinations=destinations,
        answers=answers,
        programme=programme,
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
                details={"present": one, "absent": other},
            )
    if present & {"activities", "participations"} and "learners" not in present:
        problems.error(
            place_of("learners"),
            "missing_table",
            details={"present": "activities", "absent": "learners"},
        )


# Files


def _read_text_file(path: Path, problems: Problems) -> str | None:
    """Return the text of a file of a folder."""
    data = read_bytes(path, problems, folder=path.parent)
    return None if data is None else decode(data, Place(file=path.name), problems)


def _read_json_file(path: Path, problems: Problems) -> Any:
    text = _read_text_file(path, problems)
    return None if text is None else parse_json(text, Place(file=path.name), problems)


def _note_strange_files(names: Iterable[str], problems: Problems) -> None:
    """Note data files that the format does not have, such as one whose name is misspelt."""
    own = [table.name for table in tables()]
    known = {*_BESIDE, *(f"{name}.csv" for name in own)}
    for name in sorted({*names} - known):
        if name.lower().endswith((".csv", ".json")):
            problems.unknown_file(name)
        elif (table := table_of(name, own)) is not None:
            details = {"table": table, "file": shown_name(name)}
            issue = Issue(code="table_in_other_form", details=details, file=shown_name(name))
            problems.warning((name, ""), issue)


def _refuse_nothing(place: Place, problems: Problems) -> None:
    """Refuse what has no table and no answer, only things that nobody recognises."""
    names = ", ".join(table.name for table in tables())
    problems.error(place, "nothing_recognised", details={"tables": names})


def _read_csv(
    path: Path,
    table: Table[_Model],
    also_required: frozenset[str],
    problems: Problems,
    *,
    has_personal_ids: bool,
) -> tuple[_Model, ...]:
    """Read one CSV file."""
    text = _read_text_file(path, problems)
    if text is None:
        return ()
    rows = CsvTable(text, Place(file=path.name), problems)
    header = rows.header()
    if header is None:
        return ()
    names = [name.strip() for name in header]
    if not _check_header(names, table, rows.first, problems):
        return ()
    required = table.required | also_required
    absent = required.difference(names)
    for column in sorted(absent):
        details = {"column": column, "columns": ", ".join(sorted(required))}
        problems.error(rows.first, "missing_column", column=column, details=details)
    if table.either and absent.isdisjoint(table.either) and {*names}.isdisjoint(table.either):
        words = " or ".join(table.either)
        details = {"column": words, "columns": words}
        problems.error(rows.first, "missing_column", column=table.either[0], details=details)
        absent |= frozenset(table.either)
    wanted = {name: index for index, name in enumerate(names) if name in table.columns}
    raws = attrs.evolve(rows.raws(wanted), has_personal_ids=has_personal_ids)
    return table.read(raws, table.cell_readers, problems, also_required=also_required, absent=absent)


def _check_header(header: list[str], table: Table[Any], here: Place, problems: Problems) -> bool:
    """Note strange and repeated columns; return whether the row is a header at all."""
    known = Counter(column for column in header if column in table.columns)
    if not known:
        # What stands here may be a learner: its cells are no names of columns, and not shown.
        problems.error(here, strange_header(header, table.columns))
        return False
    for column, count in known.items():
        if count > 1:
            problems.error(here, "duplicate_column", column=column, details={"column": column})
    for column in header:
        if column not in known:
            problems.unknown_column(here.file, table.name, column)
    return True


def strange_header(header: Sequence[str], columns: Sequence[str]) -> str:
    """Return the code of what may be wrong with a first row that names no column."""
    if any(name.casefold() in columns for name in header):
        return "header_in_capitals"
    separated = {name.strip().casefold() for cell in header for name in re.split(r"[;\t|]", cell)}
    return "missing_header" if separated.isdisjoint(columns) else "wrong_separator"


# JSON


def _raws_of_elements(elements: Any, table: Table[Any], place: Place, problems: Problems) -> Raws:
    """Return the elements of a table of a document by column."""
    if isinstance(elements, Rows):
        return Raws(columns=elements.columns, count=elements.count, place=place.element)
    if not is_list(elements):
        problems.error(place, "wrong_type", details={"type": "array"})
        elements = []
    numbers: Sequence[int] = range(len(elements))
    broken: list[tuple[int, Place, Unreadable]] = []
    if not {*map(type, elements)} <= {dict}:
        numbers = []
        for number, element in enumerate(elements):
            if is_object(element):
                numbers.append(number)
            else:
                why = Unreadable("wrong_type", type="object")
                broken.append((len(numbers), place.element(number), why))
        elements = [elements[number] for number in numbers]
    names = dict.fromkeys(itertools.chain.from_iterable(elements))  # in the order of the document
    for name in names:
        if name not in table.columns:
            problems.unknown_column(place.file, table.name, name)
    columns = {
        name: [*map(dict[str, Any].get, elements, itertools.repeat(name))]
        for name in names
        if name in table.columns
    }
    return Raws(
        columns=columns,
        count=len(elements),
        place=lambda index: place.element(numbers[index]),
        broken=broken,
    )


def _read_folder_institution(folder: Path, problems: Problems) -> Institution | None:
    before = problems.count
    value = _read_json_file(folder / _INSTITUTION, problems)
    place = Place(file=_INSTITUTION)
    if problems.count > before:
        return None
    if is_object(value):
        check_format(value, place, problems)
        value = {key: member for key, member in value.items() if key != "format"}
    return read_institution(value, place, problems)
