"""The four tables of the exchange format, read column by column into models.

The columns of a table are the fields of its model. Most columns have few different values, and each
of those is read once. What is wrong is noted at every row that has it, in the order of the rows.
"""

from __future__ import annotations

import functools
import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from types import NoneType
from typing import Any, Final, Generic, TypeVar

import attrs

from gatsbykit.exchange.problems import Doubtful, Place, Problems, Unreadable
from gatsbykit.exchange.values import cell_converter, field_types, json_converter, json_words
from gatsbykit.model.destinations import NCCIS_CATEGORIES, Destination, DestinationCategory
from gatsbykit.model.encounters import Activity, Participation
from gatsbykit.model.fields import Refused, own_converter
from gatsbykit.model.learners import Learner
from gatsbykit.privacy import PersonalId

__all__ = ["Raws", "Readers", "Table", "tables"]

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)
Readers = Mapping[str, tuple[Callable[[Any, Any], Any], Any]]
Complain = Callable[..., None]
"""Takes a column, a code, and by name what the words of the code leave open."""

_NO_ENTRIES: Final = frozenset[Any]()
_LEARNER: Final = "learner_id"


@attrs.frozen(kw_only=True)
class Raws:
    """The rows of a table as they are written.

    Args:
        columns: By column of the format, what stands in each row; ``None`` or a blank text is nothing.
        count: How many rows there are.
        place: Takes the index of a row and returns where it is.
        clean: What is done to a trimmed text that is no id before it is read.
        broken: Rows that are none of these, as they have not their form: how many of these stand
            before, the place, and why.
        has_personal_ids: Whether learners' ids are UPNs or ULNs, which no message shows.
    """

    columns: Mapping[str, Sequence[Any]]
    count: int
    place: Callable[[int], Place]
    clean: Callable[[str], str] = str
    broken: Sequence[tuple[int, Place, Unreadable]] = ()
    has_personal_ids: bool = False


@attrs.frozen(kw_only=True)
class Table(Generic[_Model]):
    """One table of the exchange format.

    Args:
        name: Its name, which is the name of the file without ``.csv``.
        model: What a row becomes.
        ids: The columns that hold ids: they are compared exactly and never trimmed.
        unique: The column whose values are unique, if there is one.
        check: What has to be so between the columns of a row, if anything.
        checked: The columns that `check` looks at or fills in.
        required: The columns that every row needs.
        either: Columns of which every row needs one.
    """

    name: str
    model: type[_Model]
    ids: frozenset[str]
    unique: str | None
    check: Callable[[dict[str, Any], Complain], None] | None
    required: frozenset[str]
    either: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    @functools.cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order in which they are written."""
        return tuple(field.name for field in attrs.fields(self.model))

    @functools.cached_property
    def defaults(self) -> Mapping[str, Any]:
        """By column, what no value means; a required column has no such thing."""
        return {
            field.name: field.default
            for field in attrs.fields(self.model)
            if field.default is not attrs.NOTHING
        }

    @functools.cached_property
    def cell_readers(self) -> Readers:
        """By column, what reads a cell."""
        return self._readers(cell_converter().get_structure_hook)

    @functools.cached_property
    def json_readers(self) -> Readers:
        """By column, what reads a JSON value."""
        return self._readers(json_converter().get_structure_hook)

    def _readers(self, hook_for: Callable[[Any], Callable[[Any, Any], Any]]) -> Readers:
        kinds = ((name, _known(kind)) for name, kind in field_types(self.model).items())
        return {name: (hook_for(kind), kind) for name, kind in kinds}

    def read(
        self,
        raws: Raws,
        readers: Readers,
        problems: Problems,
        *,
        also_required: frozenset[str] = frozenset(),
        absent: frozenset[str] = frozenset(),
    ) -> tuple[_Model, ...]:
        """Read rows into models, noting everything that is wrong; then there are no models.

        Args:
            raws: The rows.
            readers: `cell_readers` or `json_readers`.
            problems: Where errors are noted.
            also_required: Columns that are required of this institution.
            absent: Required columns that the whole table lacks, which was noted already.
        """
        reading = _Reading(self, raws, readers)
        reading.require((self.required | also_required) - absent)
        reading.check(self.either if absent.isdisjoint(self.either) else ())
        if reading.note(problems) or absent:
            return ()
        return tuple(_models(self.model, reading.columns, raws.count))


class _Column:
    """How a column of a table is read."""

    def __init__(self, table: Table[Any], name: str, readers: Readers, clean: Callable[[str], str]) -> None:
        self._reader, self._kind = readers[name]
        self._is_id = name in table.ids
        self._is_own = readers is table.cell_readers or readers is table.json_readers
        self._default = table.defaults.get(name)
        # What the readers return is of the field's type; what its constructor looks at is right already.
        self._convert = own_converter(attrs.fields_dict(table.model)[name])
        self._clean = clean

    def read(self, values: Sequence[Any]) -> tuple[Sequence[Any], Collection[Any]]:
        """Return what the values mean, and what is different among that.

        Nothing is the default of its field, and what cannot be read is an `Unreadable`.
        """
        comparable = _comparable(values)
        if comparable is None:
            meant = [*map(self._meaning, values)]
            return meant, meant
        values, distinct = comparable
        if self._is_id and self._is_own and self._are_ids(distinct):
            return values, distinct
        found = {value: self._meaning(value) for value in distinct}
        return [*map(found.__getitem__, values)], found.values()

    def _are_ids(self, distinct: Collection[Any]) -> bool:
        """Whether these are ids as they stand: texts, each with something in it."""
        if not {*map(type, distinct)} <= {str} or not all(map(str.strip, distinct)):
            return False
        # An id is any text of any characters that a text may have: one look serves for all of them.
        return not isinstance(self._meaning("".join(distinct)), Unreadable)

    def given(self, raw: Any) -> Any:
        """Return a raw value as its reader takes it; ``None`` where there is nothing."""
        if isinstance(raw, str):
            trimmed = raw.strip()
            if not trimmed:
                return None
            return raw if self._is_id else self._clean(trimmed)
        return list(raw) if raw.__class__ is tuple else raw

    def _meaning(self, raw: Any) -> Any:
        given = self.given(raw)
        if given is None:
            return self._default
        try:
            meant = self._reader(given, self._kind)
        except Unreadable as why:
            return why.with_traceback(None)
        whys: tuple[Unreadable, ...] = ()
        if meant.__class__ is Doubtful:
            meant, whys = meant.value, meant.whys
        try:
            value = self._default if meant is None else self._convert(meant)
        except Refused:  # the check of the row says what is wrong, in the words of the table
            value = meant
        return Doubtful(value, whys) if whys else value


def _comparable(values: Sequence[Any]) -> tuple[Sequence[Any], set[Any]] | None:
    """Return values with lists as tuples, and the different ones; ``None`` if equal ones may differ."""
    try:
        distinct = set(values)
        types = {*map(type, distinct)}
        if not types <= {str, NoneType}:
            # Equal values may be of different types: 1 is True.
            types = {*map(type, values)} - {NoneType}
            if len(types) > 1 or not types <= {int, bool}:
                return None
    except TypeError:  # lists
        if not {*map(type, values)} <= {list, NoneType}:
            return None
        values = [None if value is None else tuple(value) for value in values]
        try:
            distinct = set(values)
        except TypeError:  # a list in a list
            return None
    return values, distinct


class _Reading:
    """The columns of a table as they are read, and what is wrong with its rows."""

    def __init__(self, table: Table[Any], raws: Raws, readers: Readers) -> None:
        self._table = table
        self._raws = raws
        self._faults: list[tuple[int, str, Unreadable]] = []
        self._doubts: list[tuple[int, str, Unreadable]] = []
        self._readers = {name: _Column(table, name, readers, raws.clean) for name in raws.columns}
        self._distinct: dict[str, Collection[Any]] = {}
        self.columns: dict[str, Sequence[Any]] = {}
        for name, values in raws.columns.items():
            self.columns[name], self._distinct[name] = self._readers[name].read(values)
            if not {Unreadable, Doubtful}.isdisjoint(map(type, self._distinct[name])):
                self._look_closely(name)
        if raws.has_personal_ids:
            ids = self.columns.get(_LEARNER, ())
            self.columns[_LEARNER] = [PersonalId(one) if isinstance(one, str) else one for one in ids]

    def _look_closely(self, name: str) -> None:
        """Keep what cannot be read, and what is doubtful, apart from the values."""
        values = [*self.columns[name]]
        for row, value in enumerate(values):
            if isinstance(value, Unreadable):
                self._faults.append((row, name, value))
            elif isinstance(value, Doubtful):
                self._doubts += ((row, name, why) for why in value.whys)
                values[row] = value.value
        self.columns[name] = self._distinct[name] = values

    def require(self, required: Iterable[str]) -> None:
        """Note where a column that every row needs has nothing."""
        for name in sorted(required):
            rows: Iterable[int] = range(self._raws.count)
            if name in self.columns:
                if None not in self._distinct[name] and _NO_ENTRIES not in self._distinct[name]:
                    continue
                values = self.columns[name]
                rows = (row for row in rows if values[row] is None or values[row] == _NO_ENTRIES)
            missing = Unreadable("missing_value", columns=name)
            self._faults += ((row, name, missing) for row in rows)

    def check(self, either: Sequence[str]) -> None:
        """Note what contradicts itself between rows, or between the columns of a row.

        What follows for a column from the others is filled in.
        """
        unique = self._table.unique
        if unique in self.columns and len({*self.columns[unique]}) != self._raws.count:
            self._check_unique(unique)
        names = self._table.checked
        nothing = [None] * self._raws.count
        rows = [*zip(*(self.columns.get(name, nothing) for name in names), strict=True)]
        found = {row: self._checked(dict(zip(names, row, strict=True)), either) for row in set(rows)}
        if any(faults for _, faults in found.values()):
            for index, row in enumerate(rows):
                self._faults += ((index, column, why) for column, why in found[row][1])
        filled_in = zip(*(found[row][0] for row in rows), strict=True)
        self.columns.update(zip(names, filled_in, strict=False))

    def _checked(
        self, row: dict[str, Any], either: Sequence[str]
    ) -> tuple[tuple[Any, ...], list[tuple[str, Unreadable]]]:
        """Return the values of the columns that are checked, and what is wrong with them."""
        faults: list[tuple[str, Unreadable]] = []
        if either and not any(row[name] for name in either):
            faults.append((either[0], Unreadable("missing_value", columns=" or ".join(either))))

        def complain(column: str, code: str, **details: object) -> None:
            faults.append((column, Unreadable(code, **details)))

        values = {name: None if isinstance(value, Unreadable) else value for name, value in row.items()}
        if self._table.check is not None:  # pragma: no branch (otherwise nothing is checked)
            self._table.check(values, complain)
        return tuple(values[name] for name in row), faults

    def _check_unique(self, name: str) -> None:
        first: dict[str, int] = {}
        for row, value in enumerate(self.columns[name]):
            if isinstance(value, str) and first.setdefault(value, row) != row:
                place = self._raws.place(first[value])
                here = f"row {place.row}" if place.path is None else place.path
                self._faults.append((row, name, Unreadable("duplicate_id", first=here, column=name)))

    def note(self, problems: Problems) -> bool:
        """Note what is wrong, row by row; return whether anything is."""
        for row, name, why in self._doubts:
            problems.doubt(self._raws.place(row), name, why)
        of_cells = ((row, functools.partial(self._note, row, name, why)) for row, name, why in self._faults)
        of_rows = (
            (before, functools.partial(Problems.unreadable, place=place, why=why))
            for before, place, why in self._raws.broken
        )
        for _, note in sorted((*of_rows, *of_cells), key=itemgetter(0)):
            note(problems)
        return bool(self._faults or self._raws.broken)

    def _note(self, row: int, name: str, why: Unreadable, problems: Problems) -> None:
        records = self._raws.columns.get(self._table.unique or _LEARNER)
        record = None if records is None else records[row]
        if not isinstance(record, str) or not record.strip() or why.code == "duplicate_id":
            record = None  # or it is the cell
        elif self._raws.has_personal_ids and self._table.unique in {None, _LEARNER}:
            record = PersonalId(record)
        cell = None
        if why.code != "missing_value":
            cell = json_words(self._readers[name].given(self._raws.columns[name][row]))
            if self._raws.has_personal_ids and name == _LEARNER:
                cell = PersonalId(cell)
        problems.unreadable(self._raws.place(row), why, name, cell, record)


def _models(model: type[_Model], columns: Mapping[str, Sequence[Any]], count: int) -> Iterable[_Model]:
    """Make the models, field by field.

    Each value has been read by the reader of its field and brought into form by the field's own
    converter, once for all rows that have it. What is left of a constructor is to put the values
    into their places, and for many rows at once that is several times cheaper.

    So a model of a table may have no default that has to be made for each row, and nothing that runs
    after its constructor.
    """
    fields = attrs.fields(model)
    assert not any(isinstance(field.default, attrs.Factory) for field in fields)  # type: ignore[arg-type]
    assert not hasattr(model, "__attrs_post_init__")
    make: Callable[[type[_Model]], _Model] = object.__new__
    made = list(map(make, itertools.repeat(model, count)))
    for field in fields:
        values = columns.get(field.name)
        place: Callable[[_Model, Any], None] = getattr(model, field.name).__set__
        deque(map(place, made, itertools.repeat(field.default) if values is None else values), maxlen=0)
    return made


def _known(kind: Any) -> Any:
    """Return a field's type without ``None``: blanks never reach the readers."""
    arguments = [argument for argument in getattr(kind, "__args__", ()) if argument is not type(None)]
    is_optional = type(None) in getattr(kind, "__args__", ())
    return arguments[0] if is_optional else kind


def _in_order(values: Mapping[str, Any], first: str, last: str, complain: Complain) -> None:
    start, end = values.get(first), values.get(last)
    if start is not None and end is not None and end < start:
        complain(last, "dates_out_of_order", first=first)


def _check_learner(values: dict[str, Any], complain: Complain) -> None:
    _in_order(values, "on_roll_from", "on_roll_to", complain)
    _in_order(values, "programme_start", "programme_end", complain)


def _check_destination(values: dict[str, Any], complain: Complain) -> None:
    """Fill in the category that follows from the code; refuse one that contradicts it."""
    code: str | None = values.get("nccis_code")
    if code is None:
        return
    fitting = NCCIS_CATEGORIES.get(code)
    if fitting is None:
        complain("nccis_code", "not_a_choice", choices=", ".join(NCCIS_CATEGORIES))
        return
    category: DestinationCategory | None = values.get("category")
    if category is None:
        values["category"] = fitting[0]
    elif category not in fitting:
        complain("nccis_code", "code_contradicts_category", category=category, fitting=fitting[0])


def _required(model: type[attrs.AttrsInstance]) -> frozenset[str]:
    return frozenset(field.name for field in attrs.fields(model) if field.default is attrs.NOTHING)


@attrs.frozen(kw_only=True)
class Tables:
    """The tables of the exchange format."""

    learners: Table[Learner]
    activities: Table[Activity]
    participations: Table[Participation]
    destinations: Table[Destination]

    def __iter__(self) -> Iterator[Table[Any]]:
        return iter((self.learners, self.activities, self.participations, self.destinations))


@functools.cache
def tables() -> Tables:
    """Return the tables of the exchange format."""
    both = frozenset({"activity_id", "learner_id"})
    return Tables(
        learners=Table(
            name="learners",
            model=Learner,
            ids=frozenset({"learner_id"}),
            unique="learner_id",
            check=_check_learner,
            checked=("on_roll_from", "on_roll_to", "programme_start", "programme_end"),
            required=_required(Learner),
        ),
        activities=Table(
            name="activities",
            model=Activity,
            ids=frozenset({"activity_id"}),
            unique="activity_id",
            check=None,
            required=_required(Activity),
        ),
        participations=Table(
            name="participations",
            model=Participation,
            ids=both,
            unique=None,
            check=None,
            required=_required(Participation),
        ),
        destinations=Table(
            name="destinations",
            model=Destination,
            ids=frozenset({"learner_id"}),
            unique=None,
            check=_check_destination,
            checked=("category", "nccis_code"),
            required=_required(Destination) - {"category"},
            either=("category", "nccis_code"),
        ),
    )
