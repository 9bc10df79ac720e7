"""Reading files of other systems by a profile.

A row of theirs becomes a row of the exchange format, text for text; from there it goes through the
same strict readers as any other. What is doubtful is refused, never guessed.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, get_args, get_origin

import attrs

from gatsbykit.exchange.csvtext import CsvTable
from gatsbykit.exchange.files import read_bytes
from gatsbykit.exchange.jsontext import decode
from gatsbykit.exchange.problems import Place, Problems, Unreadable, shown
from gatsbykit.exchange.profiles.ctf import ctf_institution, ctf_rows, parse_ctf
from gatsbykit.exchange.tables import Raws, tables
from gatsbykit.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from gatsbykit.exchange.profiles import FileShape, Profile
    from gatsbykit.exchange.tables import Readers, Table

__all__ = ["Foreign"]

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)

_DAY_NUMBER: Final = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_POINT_ZERO: Final = re.compile(r"(-?[0-9]+)\.0+")
_FILE_COLUMN: Final = "file column"


class Foreign:
    """The files of a folder that a profile describes.

    Args:
        folder: The folder.
        names: The names of its files.
        profile: The profile.
        problems: Where errors are noted.
        alone: Whether the one file that is named is meant whatever its name is.
    """

    def __init__(
        self, folder: Path, names: Sequence[str], profile: Profile, problems: Problems, *, alone: bool
    ) -> None:
        self._folder = folder
        self._problems = problems
        self._profile = profile
        self._roots: dict[str, Element] = {}
        whatever = alone and len(profile.files) == 1
        # The format's own files of other tables are no candidates, however wide a pattern is.
        own = {f"{table.name}.csv" for table in tables() if table.name not in self.tables}
        self._files: list[tuple[FileShape, str]] = []
        self._fitting: set[str] = set()
        for shape in profile.files:
            fitting = [
                name
                for name in names
                if whatever or (name not in own and fnmatch.fnmatchcase(name.lower(), shape.name.lower()))
            ]
            self._fitting.update(fitting)
            if len(fitting) == 1:
                self._files.append((shape, fitting[0]))
                if shape.layout == "ctf":
                    self._parse(fitting[0])
            else:
                code = "several_files" if fitting else "missing_file"
                problems.error(Place(file=shown(shape.name)), code, details={"files": len(fitting)})

    def _parse(self, name: str) -> None:
        data = read_bytes(self._folder / name, self._problems, folder=self._folder)
        root = None if data is None else parse_ctf(data, Place(file=shown(name)), self._problems)
        if root is not None:
            self._roots[name] = root

    @property
    def tables(self) -> frozenset[str]:
        """The names of the tables that are read from these files."""
        return frozenset(shape.table for shape in self._profile.files)

    @property
    def file_names(self) -> frozenset[str]:
        """The names of the files that the profile may mean."""
        return frozenset(self._fitting)

    def institution(self) -> dict[str, Any]:
        """What the files and the profile say of the institution."""
        headers = [ctf_institution(root) for root in self._roots.values()]
        return {**(headers[0] if headers else {}), **self._profile.institution}

    def read(self, table: Table[_Model], also_required: frozenset[str]) -> tuple[_Model, ...]:
        """Read a table from its file.

        Args:
            table: The table.
            also_required: Columns that are required of this institution.
        """
        found = next(((shape, name) for shape, name in self._files if shape.table == table.name), None)
        if found is None:
            return ()
        shape, name = found
        if shape.layout == "ctf":
            if name not in self._roots:
                return ()
            rows = ctf_rows(self._roots[name], Place(file=shown(name), names=_first_names(shape)))
            given, absent = _of_pupils(rows, shape), frozenset[str]()
        else:
            needed = table.required | also_required | frozenset(table.either)
            csv = self._csv(name, shape, table, needed)
            if csv is None:
                return ()
            given, absent = csv
        raws = _mapped(given, shape, self._problems)
        readers = _readers(table, shape)
        return table.read(raws, readers, self._problems, also_required=also_required, absent=absent)

    def _csv(
        self, name: str, shape: FileShape, table: Table[Any], needed: frozenset[str]
    ) -> tuple[Raws, frozenset[str]] | None:
        """Return the rows of a CSV file by the file's own columns, and which needed columns it lacks."""
        problems, place = self._problems, Place(file=shown(name))
        data = read_bytes(self._folder / name, problems, folder=self._folder)
        text = None if data is None else decode(data, place, problems, shape.encoding)
        if text is None:
            return None
        rows = CsvTable(text, place, problems, shape.separator)
        first = rows.header()
        if first is None:
            return None
        header = [_key(name) for name in first]
        position = {name: index for index, name in reversed([*enumerate(header)])}
        asked = _asked(shape)
        if position.keys().isdisjoint(asked):
            # What stands here may be a learner: its cells are no names of columns, and not shown.
            problems.error(rows.first, "missing_header")
            return None
        absent = _missing(shape, position, rows.first, needed, problems)
        for column in sorted(asked & position.keys()):
            if header.count(column) > 1:
                details = {"column": column}
                problems.error(rows.first, "duplicate_column", column=_FILE_COLUMN, details=details)
        names = {column: first[position[found]].strip() for column, found in _found(shape, position).items()}
        wanted = {column: position[column] for column in sorted(asked & position.keys())}
        return rows.raws(wanted, names), absent


def _of_pupils(rows: Iterable[tuple[Place, Mapping[str, str]]], shape: FileShape) -> Raws:
    """Return the pupils of a Common Transfer File by the paths that a profile asks for."""
    pupils = [(place, {_key(path): text for path, text in raw.items()}) for place, raw in rows]
    columns = {path: [raw.get(path, "") for _, raw in pupils] for path in _asked(shape)}
    return Raws(columns=columns, count=len(pupils), place=lambda index: pupils[index][0])


def _key(name: str) -> str:
    """Return the form in which the names of a file's columns compare."""
    return name.strip().casefold()


def _asked(shape: FileShape) -> set[str]:
    """Return every column of the file that the profile speaks of."""
    of_columns = (name for names in (*shape.columns.values(), *shape.joined.values()) for name in names)
    return {_key(name) for name in (*of_columns, *shape.only, *shape.without)}


def _found(shape: FileShape, there: Iterable[str]) -> dict[str, str]:
    """Return, by column of the format, the first of its names that the file has."""
    keys = frozenset(there)
    found: dict[str, str] = {}
    for column, names in (*shape.columns.items(), *shape.joined.items()):
        name = next((_key(name) for name in names if _key(name) in keys), None)
        if name is not None:
            found[column] = name
    return found


def _first_names(shape: FileShape) -> dict[str, str]:
    return {column: names[0] for column, names in shape.columns.items() if names}


def _missing(
    shape: FileShape, there: Iterable[str], place: Place, needed: frozenset[str], problems: Problems
) -> frozenset[str]:
    """Note columns that the profile names and the file lacks; return those that rows cannot do without."""
    found = _found(shape, there)
    absent: set[str] = set()
    for column, names in (*shape.columns.items(), *shape.joined.items()):
        if column in found:
            continue
        words = " or ".join(names)
        if column in needed and column not in shape.constants:
            absent.add(column)
            problems.error(
                place, "missing_column", column=column, details={"column": words, "columns": words}
            )
        else:
            details = {"names": words, "column": column}
            issue = Issue(
                code="column_not_found", details=details, file=place.file, row=place.row, column=column
            )
            problems.warning((f"{place.file}", column), issue)
    return frozenset(absent)


def _mapped(given: Raws, shape: FileShape, problems: Problems) -> Raws:
    """Turn columns of the file into columns of the format, and leave out the rows that are to be left out."""
    rows = _rows_to_read(given, shape)
    if len(rows) < given.count:
        file, why = given.place(0).file, ", ".join(sorted({*shape.only, *shape.without}))
        count = given.count - len(rows)
        issue = Issue(code="rows_left_out", details={"why": why}, file=file, count=count)
        problems.warning((f"{file}", "rows left out"), issue)

    def cells_of(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield what stands in the columns of these names, row by row, blanks left out."""
        found = [given.columns[key] for key in map(_key, names) if key in given.columns]
        return (tuple(cells[row] for cells in found if cells[row].strip()) for row in rows)

    columns = {column: [value] * len(rows) for column, value in shape.constants.items()}
    for column, names in shape.columns.items():
        otherwise = shape.constants.get(column, "")
        columns[column] = [cells[0] if cells else otherwise for cells in cells_of(names)]
    for column, names in shape.joined.items():
        otherwise = shape.constants.get(column, "")
        columns[column] = [" ".join(map(str.strip, cells)) or otherwise for cells in cells_of(names)]
    return Raws(
        columns={column: _in_our_words(column, cells, shape) for column, cells in columns.items()},
        count=len(rows),
        place=lambda index: given.place(rows[index]),
        clean=given.clean,
        broken=[(bisect_left(rows, before), place, why) for before, place, why in given.broken],
    )


def _in_our_words(column: str, cells: Sequence[str], shape: FileShape) -> list[str]:
    found = {cell: _translated(cell, shape, column) for cell in set(cells)}
    return [found[cell] for cell in cells]


def _rows_to_read(given: Raws, shape: FileShape) -> list[int]:
    """Return the indices of the rows that the profile does not leave out."""
    stays = [True] * given.count
    for filters, wanted in ((shape.only, True), (shape.without, False)):
        for name, values in filters.items():
            said = {value.casefold() for value in values}
            cells = given.columns.get(_key(name), [""] * given.count)
            for index, cell in enumerate(cells):
                stays[index] &= (cell.strip().casefold() in said) is wanted
    return [index for index, one in enumerate(stays) if one]


def _translated(value: str, shape: FileShape, column: str) -> str:
    """Return a value in the words of the format, entry by entry where a cell holds a list."""
    words = shape.values.get(column)
    if column not in _LISTS:
        return value if words is None else _translate(value, words)
    entries = (entry.strip() for entry in value.split(shape.lists))
    known = entries if words is None else (_translate(entry, words) for entry in entries)
    return ";".join(entry for entry in known if entry)


def _translate(value: str, words: Mapping[str, str]) -> str:
    found = words.get(value.strip().casefold())
    return words.get("*", value) if found is None else found


_LISTS: Final = frozenset({"subjects", "kinds", "provider_types", "providers"})


def _readers(table: Table[Any], shape: FileShape) -> Readers:
    """Return the strict readers of the table, with the file's own way of writing dates and numbers."""
    return {column: (_reader(read, kind, shape), kind) for column, (read, kind) in table.cell_readers.items()}


def _reader(read: Callable[[Any, Any], Any], kind: Any, shape: FileShape) -> Callable[[Any, Any], Any]:
    if kind is date:
        return functools.partial(_read_date, read, shape.dates)
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if shape.point_zero and bare in {int, str}:
        return lambda text, to: read(_without_point(text), to)
    return read


def _without_point(text: str) -> str:
    """Return a whole number without the point and zero that spreadsheet programs put after it."""
    return _POINT_ZERO.sub(r"\1", text) if _POINT_ZERO.fullmatch(text) is not None else text


def _read_date(read: Callable[[Any, Any], Any], forms: tuple[str, ...], text: str, kind: Any) -> Any:
    """Read a date that is written in one of the forms; a spreadsheet's day number is none."""
    words = " or ".join(forms)
    if _DAY_NUMBER.fullmatch(text) is not None:
        raise Unreadable("serial_date", form=words)
    for pattern in map(_pattern, forms):
        found = pattern.fullmatch(text)
        if found is not None:
            try:
                return read(f"{found['YYYY']}-{found['MM']}-{found['DD']}", kind)
            except Unreadable as why:
                raise Unreadable(why.code, form=words) from None
    raise Unreadable("not_a_date", form=words)


@functools.cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return a pattern for a form of dates; days and months are two digits."""
    escaped = re.escape(form)
    for token in ("YYYY", "MM", "DD"):
        escaped = escaped.replace(token, f"(?P<{token}>[0-9]{{{len(token)}}})")
    return re.compile(escaped)
