"""Reading files of other systems by a profile.

A row of theirs becomes a row of the exchange format, text for text; from there it goes through the
same strict readers as any other. What is doubtful is refused, never guessed.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, get_args, get_origin

import attrs

from gatsbykit.exchange.csvtext import CsvTable
from gatsbykit.exchange.files import read_bytes
from gatsbykit.exchange.jsontext import decode
from gatsbykit.exchange.problems import Doubtful, Place, Problems, Unreadable, shown
from gatsbykit.exchange.profiles.ctf import ctf_institution, ctf_rows, parse_ctf
from gatsbykit.exchange.profiles.model import FileShape
from gatsbykit.exchange.tables import Raws, tables
from gatsbykit.issues import Issue
from gatsbykit.model.names import alike

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from gatsbykit.exchange.profiles.model import Profile
    from gatsbykit.exchange.tables import Readers, Table

__all__ = ["ProfiledFiles"]

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)

_DAY_NUMBER: Final = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_POINT_ZERO: Final = re.compile(r"(-?[0-9]+)\.0+")
_FILE_COLUMN: Final = "file column"
_ELSE: Final = "*"
_Read = Callable[[Any, Any], Any]


class ProfiledFiles:
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
    def has_personal_ids(self) -> bool:
        """Whether the ids of learners are UPNs or ULNs."""
        return self._profile.has_personal_ids

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
            csv = self._csv(name, shape, needed)
            if csv is None:
                return ()
            given, absent = csv
        raws = attrs.evolve(
            _mapped(given, shape, self._problems), has_personal_ids=self._profile.has_personal_ids
        )
        readers = _readers(table, shape)
        return table.read(raws, readers, self._problems, also_required=also_required, absent=absent)

    def _csv(self, name: str, shape: FileShape, needed: frozenset[str]) -> tuple[Raws, frozenset[str]] | None:
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
        header = [alike(name) for name in first]
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
    pupils = [(place, {alike(path): text for path, text in raw.items()}) for place, raw in rows]
    there = _asked(shape).intersection(*[{path for _, raw in pupils for path in raw}])
    columns = {path: [raw.get(path, "") for _, raw in pupils] for path in there}
    return Raws(columns=columns, count=len(pupils), place=lambda index: pupils[index][0])


def _asked(shape: FileShape) -> set[str]:
    """Return every column of the file that the profile speaks of."""
    of_columns = (name for names in (*shape.columns.values(), *shape.joined.values()) for name in names)
    return {alike(name) for name in (*of_columns, *shape.only, *shape.without)}


def _found(shape: FileShape, there: Iterable[str]) -> dict[str, str]:
    """Return, by column of the format, the first of its names that the file has."""
    keys = frozenset(there)
    found: dict[str, str] = {}
    for column, names in (*shape.columns.items(), *shape.joined.items()):
        name = next((alike(name) for name in names if alike(name) in keys), None)
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
    rows = _rows_to_read(given, shape, problems)
    columns = {column: [value] * len(rows) for column, value in shape.constants.items()}
    for column, names in shape.columns.items():
        otherwise = shape.constants.get(column, "")
        columns[column] = [cells[0] if cells else otherwise for cells in _cells(given, names, rows)]
    for column, names in shape.joined.items():
        otherwise = shape.constants.get(column, "")
        columns[column] = [
            " ".join(_as_read(cell, given, shape) for cell in cells) or otherwise
            for cells in _cells(given, names, rows)
        ]

    def place(index: int) -> Place:
        return given.place(rows[index])

    return attrs.evolve(
        given,
        columns=columns,
        count=len(rows),
        place=place,
        broken=[(bisect_left(rows, before), place, why) for before, place, why in given.broken],
    )


def _cells(given: Raws, names: Iterable[str], rows: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """Yield what stands in the columns of these names, row by row, blanks left out."""
    found = [given.columns[name] for name in map(alike, names) if name in given.columns]
    return (tuple(cells[row] for cells in found if cells[row].strip()) for row in rows)


def _as_read(cell: str, given: Raws, shape: FileShape) -> str:
    """Return a cell as the strict readers see it."""
    text = given.clean(cell.strip())
    return _without_point(text) if shape.point_zero else text


def _rows_to_read(given: Raws, shape: FileShape, problems: Problems) -> list[int]:
    """Return the indices of the rows that the profile does not leave out, and say which it does."""
    reasons: dict[int, str] = {}
    for name, values in shape.only.items():
        words = f"{name} other than {' or '.join(values)}"
        wanted = {*map(alike, values)}
        for row, cells in enumerate(_cells_of_filter(given, shape, name, problems)):
            if wanted.isdisjoint(map(alike, cells)):
                reasons.setdefault(row, words if cells else f"{name} blank")
    for name, values in shape.without.items():
        unwanted = {alike(value): value for value in values}
        for row, cells in enumerate(_cells_of_filter(given, shape, name, problems)):
            found = next(filter(unwanted.__contains__, map(alike, cells)), None)
            if found is not None:
                reasons.setdefault(row, f"{name} {unwanted[found]}")
    if reasons:
        file = given.place(0).file
        counts = Counter(reasons[row] for row in sorted(reasons))
        why = ", ".join(f"{words} ({count:,})" for words, count in counts.items())
        issue = Issue(code="rows_left_out", details={"why": why}, file=file, count=len(reasons))
        problems.warning((f"{file}", "rows left out"), issue)
        if len(reasons) == given.count:
            problems.warning((f"{file}", "no rows left"), Issue(code="every_row_left_out", file=file))
    return [row for row in range(given.count) if row not in reasons]


def _cells_of_filter(
    given: Raws, shape: FileShape, name: str, problems: Problems
) -> Iterator[tuple[str, ...]]:
    """Yield by row what a filter asks for; note where nobody can be asked.

    A column of the format may be read at several places of the file. What is left out by a value is
    left out wherever the value stands.
    """
    names = next((names for names in shape.columns.values() if alike(name) in map(alike, names)), (name,))
    rows = [
        tuple(_as_read(cell, given, shape) for cell in cells)
        for cells in _cells(given, names, range(given.count))
    ]
    if rows and not any(rows):
        place = given.place(0)
        is_there = not given.columns.keys().isdisjoint(map(alike, names))
        words = "no value in it" if is_there else "no such column"
        details = {"column": " or ".join(names), "has": words}
        if name in shape.only and not is_there:
            problems.error(Place(file=place.file), "filter_column_missing", details=details)
            return iter(())
        if name not in shape.only:
            issue = Issue(code="filter_not_asked", details=details, file=place.file)
            problems.warning((f"{place.file}", f"filter {name}"), issue)
    return iter(rows)


_LISTS: Final = frozenset({"subjects", "kinds", "provider_types", "providers"})


def _readers(table: Table[Any], shape: FileShape) -> Readers:
    """Return the strict readers of the table, with the file's own way of writing."""
    return {
        column: (_reader(column, read, kind, shape), kind)
        for column, (read, kind) in table.cell_readers.items()
    }


def _reader(column: str, read: _Read, kind: Any, shape: FileShape) -> _Read:
    words = _Words(shape, column, read, _plain_reader(read, kind, shape))
    if column in _LISTS:
        return words.entries
    return words.value if words.meanings else words.plain


def _plain_reader(read: _Read, kind: Any, shape: FileShape) -> _Read:
    """Return what reads a value that stands for itself."""
    if kind is date:
        return functools.partial(_read_date, read, shape.dates)
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if shape.point_zero and isinstance(bare, type) and issubclass(bare, int | str):
        return lambda text, to: read(_without_point(text), to)
    return read


@attrs.frozen
class _Words:
    """What a profile says of the values of a column."""

    shape: FileShape
    column: str
    read: _Read
    plain: _Read

    @functools.cached_property
    def meanings(self) -> Mapping[str, str]:
        """The values of the format by those of the file."""
        found = {alike(said): meant for said, meant in self.shape.meanings(self.column)}
        constant = self.shape.constants.get(self.column)
        if found and constant is not None:  # what the profile itself gives is not looked up
            found.setdefault(alike(constant), constant)
        return found

    def value(self, text: str, kind: Any) -> Any:
        """Read a value that may have a meaning; one that is not listed stands for itself, or for nothing."""
        meant = self.meanings.get(alike(_without_point(text) if self.shape.point_zero else text))
        if meant is not None:
            return self.read(meant, kind) if meant else None
        if _ELSE in self.meanings:
            return Doubtful(None, (self._not_listed(text),))
        try:
            return self.plain(text, kind)
        except Unreadable as why:
            raise self._with_codes(why) from None

    def entries(self, text: str, kind: Any) -> Any:
        """Read a list, entry by entry."""
        entries: list[str] = []
        whys: list[Unreadable] = []
        for entry in filter(None, map(str.strip, text.split(self.shape.lists))):
            meant = self.meanings.get(alike(entry))
            if meant is None and _ELSE in self.meanings:
                whys.append(self._not_listed(entry))
            else:
                entries.append(entry if meant is None else meant)
        try:
            found = self.read(entries, kind)
        except Unreadable as why:
            raise self._with_codes(why) from None
        return Doubtful(found, tuple(whys)) if whys else found

    def _not_listed(self, said: str) -> Unreadable:
        return Unreadable("value_not_listed", value=shown(said, self.column))

    def _with_codes(self, why: Unreadable) -> Unreadable:
        """Return why a value is no choice, with the codes of the file among what would be right."""
        codes = ", ".join(said for said, _ in self.shape.meanings(self.column))
        if why.code != "not_a_choice" or not codes:
            return why
        return Unreadable(why.code, choices=f"{codes} (by the profile), {why.details['choices']}")


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
