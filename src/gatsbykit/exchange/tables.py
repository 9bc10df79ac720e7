"""The four tables of the exchange format, read row by row into models.

The columns of a table are the fields of its model. A row comes in as a mapping of column to raw
value, blanks left out; everything that is wrong with it is noted at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs

from gatsbykit.exchange.problems import Place, Problems, Unreadable
from gatsbykit.exchange.values import cell_converter, field_types, json_converter, json_words
from gatsbykit.model.destinations import NCCIS_CATEGORIES, Destination, DestinationCategory
from gatsbykit.model.encounters import Activity, Participation
from gatsbykit.model.learners import Learner

__all__ = ["Table", "tables"]

_Model = TypeVar("_Model", bound=attrs.AttrsInstance)
Readers = Mapping[str, tuple[Callable[[Any, Any], Any], Any]]
Raw = Mapping[str, Any]
Complain = Callable[..., None]
"""Takes a column, a code, and by name what the words of the code leave open."""


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
        rows: Iterable[tuple[Place, Raw]],
        readers: Readers,
        problems: Problems,
        *,
        also_required: frozenset[str] = frozenset(),
        absent: frozenset[str] = frozenset(),
    ) -> tuple[_Model, ...]:
        """Read rows into models, noting everything that is wrong.

        Args:
            rows: Places and raw values by column, blanks left out.
            readers: `cell_readers` or `json_readers`.
            problems: Where errors are noted.
            also_required: Columns that are required of this institution.
            absent: Required columns that the whole table lacks, which was noted already.
        """
        required = (self.required | also_required) - absent
        either = () if absent.intersection(self.either) else self.either
        seen: dict[str, str] = {}
        made: list[_Model] = []
        for place, raw in rows:
            before = problems.count
            values = self._values(place, raw, readers, problems)
            record = raw.get(self.unique or "learner_id")
            record = record if isinstance(record, str) else None
            blank = {column for column, value in values.items() if value == frozenset()}
            for column in sorted(required - (raw.keys() - blank)):
                problems.error(
                    place, "missing_value", column=column, record=record, details={"columns": column}
                )
            if either and not any(column in raw for column in either):
                details = {"columns": " or ".join(either)}
                problems.error(place, "missing_value", column=either[0], record=record, details=details)
            self._check_unique(place, values, seen, problems)

            def complain(column: str, code: str, **details: object) -> None:
                problems.error(
                    place,  # noqa: B023 (called before the next turn)
                    code,
                    column=column,
                    cell=json_words(raw[column]),  # noqa: B023
                    record=record,  # noqa: B023
                    details=details,
                )

            if self.check is not None:
                self.check(values, complain)
            if problems.count == before and not absent:
                made.append(self.model(**values))
        return tuple(made)

    def _values(self, place: Place, raw: Raw, readers: Readers, problems: Problems) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column, value in raw.items():
            read, kind = readers[column]
            try:
                values[column] = read(value, kind)
            except Unreadable as why:
                record = raw.get(self.unique or "learner_id")
                problems.unreadable(
                    place, why, column, json_words(value), record if isinstance(record, str) else None
                )
        return values

    def _check_unique(
        self, place: Place, values: Mapping[str, Any], seen: dict[str, str], problems: Problems
    ) -> None:
        if self.unique is None or self.unique not in values:
            return
        value: str = values[self.unique]
        here = f"row {place.row}" if place.path is None else place.path
        first = seen.setdefault(value, here)
        if first is not here:
            problems.error(
                place,
                "duplicate_id",
                column=self.unique,
                cell=value,
                details={"first": first, "column": self.unique},
            )


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
