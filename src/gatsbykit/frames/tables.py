"""The tables of many institutions, made ready to be scored, and what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import narwhals as nw

from gatsbykit.errors import FrameError
from gatsbykit.exchange.tables import tables
from gatsbykit.frames.cells import NO_LISTS, SEPARATOR, SPACES, Cells, Frame, Lists, day_number
from gatsbykit.frames.engines.base import Engine, collected
from gatsbykit.frames.native import in_our_words
from gatsbykit.frames.rules import NEVER_ENDS, tidy_activities, tidy_learners
from gatsbykit.frames.spreading import strength
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.model.calendar import FIRST_YEAR, LAST_YEAR
from gatsbykit.model.destinations import NCCIS_CATEGORIES, DestinationCategory
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.model.subjects import subject_key
from gatsbykit.privacy import shown, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from gatsbykit.frames.cells import Fault

__all__ = ["COLUMNS", "LISTED", "UNREAD", "Tables", "can_be_read", "doubts", "read_tables"]

LISTED: Final = 5
"""How many rows of each fault are listed; the rest are counted."""

_IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "institutions": ("institution_id",),
    "learners": ("institution_id", "learner_id"),
    "activities": ("institution_id", "activity_id"),
    "participations": ("institution_id", "learner_id", "activity_id"),
    "destinations": ("institution_id", "learner_id"),
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "institutions": ("kind",),
    **{table.name: table.columns for table in tables()},
}
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "institutions": ("kind",),
    "activities": ("date", "kinds"),
    "destinations": ("date",),
}
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "learners": ("subjects",),
    "activities": ("kinds", "subjects", "provider_types"),
}

UNREAD: Final = frozenset({"duration", "providers"})
"""Columns that may have types of their own, and from which no number follows."""


@attrs.frozen(kw_only=True)
class Tables:
    """Tables of which every value has been read.

    Args:
        engine: The engine of all of them.
        institutions: ``institution_id`` and ``kind``.
        kinds: The kinds of institution that occur.
        learners: The learners as `tidy_learners` has them, with what matters of their institution.
        activities: The activities as `tidy_activities` has them; ``None`` without evidence.
        rows: The participations with their strength; ``None`` without evidence.
        seen: The destinations with their day, and whether anything is known; ``None`` where nobody was
            followed.
        sightings: Those of them that are known and not of a later day.
        of_learners: The subjects of the learners.
        of_activities: The subjects of the activities.
        people: The columns of the learners as they were given.
    """

    engine: Engine
    institutions: Frame
    kinds: frozenset[InstitutionKind]
    learners: Frame
    activities: Frame | None
    rows: Frame | None
    seen: Frame | None
    sightings: Frame | None
    of_learners: Lists
    of_activities: Lists
    people: Cells


class _Reader:
    """Opens tables, and collects what is wrong with them."""

    def __init__(self, natives: Mapping[str, Any], engine: Engine, *, is_callers: bool) -> None:
        self.issues = Listing(most=LISTED, by=["file", "column"])
        self._engine = engine
        self._is_callers = is_callers
        frames = {name: self._open(name, native) for name, native in natives.items() if native is not None}
        self._cells: dict[str, Cells] = {}
        if not self.issues.count:
            for name, frame in _with_equal_ids(frames).items():
                with self._in_our_words(name):
                    self._cells[name] = self._cells_of(name, frame)

    def _open(self, name: str, native: Any) -> Frame:
        """Open a table with the columns of the exchange format alone; note those that are missing."""
        with self._in_our_words(name):
            frame = self._engine.opened(native)
            schema = frame.collect_schema()
        present = schema.names()
        required = (*_IDS[name], *_REQUIRED.get(name, ()))
        for column in required:
            if column not in present:
                details = {"column": column, "columns": ", ".join(required)}
                self.issues.add(Issue(code="missing_column", details=details, file=name, column=column))
        known = ("institution_id", *COLUMNS[name])
        for column in known:
            if column not in present or column in UNREAD:
                continue
            is_strange = schema[column] == nw.Unknown and not self._engine.has_no_type(frame, column)
            if is_strange or not can_be_read(name, column, schema[column]):
                kind = "that it has" if is_strange else schema[column]
                raise FrameError(f"{name}, column {column}: values of the type {kind} cannot be read")
        return frame.select(
            # A column in which nothing stands may have no type.
            nw.col(column).cast(nw.String) if schema[column] == nw.Unknown else nw.col(column)
            for column in known
            if column in present
        )

    def _in_our_words(self, name: str) -> AbstractContextManager[None]:
        return in_our_words(name, asked=self._is_callers)

    def _cells_of(self, name: str, frame: Frame) -> Cells:
        """Return the columns of a table, those of lists as texts."""
        schema = frame.collect_schema()
        lists = [one for one in _LISTS.get(name, ()) if isinstance(schema.get(one), nw.List | nw.Array)]
        if lists:
            frame = self._engine.joined_lists(frame, lists)
        return Cells(frame, lists, self._engine.distinct)

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def __getitem__(self, name: str) -> Cells:
        cells = self._cells[name]
        lists = _LISTS.get(name, ())  # whether one is empty is seen when its entries are read
        for column in (*_IDS[name], *_REQUIRED.get(name, ())):
            if column not in lists:
                cells.require(column)
        return cells

    def read(self, name: str, cells: Cells, *kept: str, **columns: nw.Expr) -> Frame:
        """Return columns of a table, and note what is wrong with its values.

        Args:
            name: The table.
            cells: Its columns as they were given.
            kept: Columns that stay as they are, beside the ids.
            columns: By name, what is read of the others.
        """
        with self._in_our_words(name):
            return self._read(name, cells, *kept, **columns)

    def _read(self, name: str, cells: Cells, *kept: str, **columns: nw.Expr) -> Frame:
        ids = _IDS[name]
        faults = {f"fault_{number}": fault for number, fault in enumerate(cells.faults)}
        bad = {key: fault.bad.cast(nw.Int8) for key, fault in faults.items()}
        made = self._engine.materialised(name, cells.frame.select(*ids, *kept, **columns, **bad))
        sums = made.select(nw.col(*faults).cast(nw.Int64).sum())
        for fault, count in zip(faults.values(), collected(sums).row(0), strict=True):
            if count:
                self._list(name, cells, fault, int(count))
        if name not in {"participations", "destinations"}:
            self._check_unique(name, cells, ids)
        return made.drop(*faults)

    def _list(self, name: str, cells: Cells, fault: Fault, count: int) -> None:
        """List the first rows with a fault, and count the rest."""
        ids = _IDS[name]
        columns = list(dict.fromkeys((*ids, fault.column)))
        present = [column for column in columns if column in cells]
        marked = cells.frame.with_columns(is_bad=fault.bad).filter(nw.col("is_bad"))
        bad = marked.select(*present).sort(*ids).head(LISTED)
        for row in collected(bad).iter_rows(named=True):
            cell = row.get(fault.column)
            self.issues.add(
                Issue(
                    code=fault.code,
                    details=fault.details,
                    file=name,
                    column=fault.column,
                    record=_record(row, ids),
                    cell=None if cell is None or fault.code == "missing_value" else _cell(cell, fault.column),
                )
            )
        self.issues.leave_out(fault.code, count - LISTED, file=name, column=fault.column)

    def _check_unique(self, name: str, cells: Cells, ids: tuple[str, ...]) -> None:
        """Note ids that stand twice in an institution."""
        repeated = cells.frame.group_by(*ids).agg(nw.len().alias("times")).filter(nw.col("times") > 1)
        found = collected(repeated.sort(*ids).head(LISTED + 1))
        for row in found.head(LISTED).iter_rows(named=True):
            details = {"first": "another row", "column": ids[-1]}
            self.issues.add(
                Issue(
                    code="duplicate_id", details=details, file=name, column=ids[-1], record=_record(row, ids)
                )
            )
        if len(found) > LISTED:
            total = int(collected(repeated.select(nw.len().alias("times")))["times"][0])
            self.issues.leave_out("duplicate_id", total - LISTED, file=name, column=ids[-1])


_TEXTS: Final = (nw.String, nw.Categorical, nw.Enum)
_OTHERS: Final = (nw.Boolean, nw.Date, nw.Datetime, nw.Time)


def can_be_read(name: str, column: str, kind: nw.dtypes.DType) -> bool:
    """Whether a column of this type can have values that can be read; no type (unknown) has none."""
    if column in UNREAD or kind == nw.Unknown:
        return True
    if column in _IDS[name]:
        # The numbers 7 and 7.0 are one id, but their texts are two.
        is_whole = kind.is_integer() or (isinstance(kind, nw.Decimal) and kind.scale == 0)
        return is_whole or isinstance(kind, _TEXTS)
    if isinstance(kind, nw.List | nw.Array) and column in _LISTS.get(name, ()):
        inner = kind.inner
        kind = inner() if isinstance(inner, type) else inner
        if kind == nw.Unknown:
            return True
    return kind.is_numeric() or isinstance(kind, (*_TEXTS, *_OTHERS))


def _record(row: Mapping[str, object], ids: tuple[str, ...]) -> str:
    """Return how a message names a row: its own id, and the institution's."""
    institution, *own = (shown_name(str(row[column])) for column in ids)
    return f"{' in '.join(own)} of {institution}" if own else institution


def _cell(value: object, column: str) -> str:
    return shown(str(value).replace(SEPARATOR, ";"), column)


_NARROW: Final = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)
"""Whole numbers that fit into 64 bits with a sign."""


def _with_equal_ids(frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """Give the ids the same type in all tables: numbers where all are alike, else text."""
    kinds: defaultdict[str, set[nw.dtypes.DType]] = defaultdict(set)
    for name, frame in frames.items():
        schema = frame.collect_schema()
        for column in _IDS[name]:
            kinds[column].add(schema[column])
    types = {column: _common_type(found) for column, found in kinds.items()}
    return {
        name: frame.with_columns(nw.col(column).cast(types[column]) for column in _IDS[name])
        for name, frame in frames.items()
    }


def _common_type(kinds: set[nw.dtypes.DType]) -> type[nw.Int64 | nw.UInt64 | nw.String]:
    if all(isinstance(kind, _NARROW) for kind in kinds):
        return nw.Int64
    # Hashes are unsigned, and half of them have no sign to spare.
    return nw.UInt64 if all(isinstance(kind, nw.UInt64) for kind in kinds) else nw.String


def read_tables(
    natives: Mapping[str, Any], as_of: date, engine: Engine, *, is_callers: bool = True
) -> Tables:
    """Read the tables of many institutions.

    Args:
        natives: The tables by name, in the form of the caller's engine; ``None`` where there is none.
        as_of: The date of the assessment.
        engine: The engine that they are of.
        is_callers: Whether what a library raises about a table is to be said to its caller in our words.

    Raises:
        InvalidRecords: Columns are missing, or hold values that cannot be read; the group has all.
        FrameError: A type has no meaning here.
    """
    reader = _Reader(natives, engine, is_callers=is_callers)
    if reader.issues.count:
        raise InvalidRecords(tuple(reader.issues))
    institutions = reader["institutions"]
    known = reader.read("institutions", institutions, kind=institutions.choice("kind", InstitutionKind))
    kinds = collected(known.select("kind").unique())["kind"].to_list()

    people = reader["learners"]
    people.frame = people.frame.join(known, on="institution_id", how="inner")
    of_learners = people.lists("subjects", subject_key)
    tidy = tidy_learners(people, as_of)
    learners = reader.read("learners", people, "kind", **of_learners.as_columns("subjects"), **tidy)

    activities = rows = seen = sightings = None
    of_activities = NO_LISTS
    if "activities" in reader and "participations" in reader:
        events = reader["activities"]
        of_activities = events.lists("subjects", subject_key)
        facts = tidy_activities(events)
        activities = reader.read("activities", events, **of_activities.as_columns("subjects"), **facts)
        places = reader["participations"]
        rows = reader.read("participations", places, strength=strength(places))
    if "destinations" in reader:
        destinations = reader["destinations"]
        day, is_known = _sighting(destinations)
        seen = reader.read("destinations", destinations, seen=day, known=is_known)
        sightings = seen.filter(nw.col("known") & (nw.col("seen") <= day_number(as_of)))
    if reader.issues.count:
        raise InvalidRecords(tuple(reader.issues))
    return Tables(
        engine=engine,
        institutions=known,
        kinds=frozenset(map(InstitutionKind, kinds)),
        learners=learners,
        activities=activities,
        rows=rows,
        seen=seen,
        sightings=sightings,
        of_learners=of_learners.of_columns("subjects"),
        of_activities=of_activities.of_columns("subjects"),
        people=people,
    )


def _sighting(cells: Cells) -> tuple[nw.Expr, nw.Expr]:
    """Return the day of a destination, and whether anything is known of it."""
    category = cells.choice("category", DestinationCategory)
    code = cells.text("nccis_code")
    unknown = DestinationCategory.UNKNOWN
    of_unknown = [text for text, fitting in NCCIS_CATEGORIES.items() if fitting[0] is unknown]
    cells.refuse(
        "category", "missing_value", (category == "") & (code == ""), columns="category or nccis_code"
    )
    if "nccis_code" in cells:
        is_code = code.is_in(list(NCCIS_CATEGORIES))
        words = f"an NCCIS activity code: {', '.join(NCCIS_CATEGORIES)}"
        cells.refuse("nccis_code", "not_a_choice", (code != "") & ~is_code, choices=words)
        for one, other in _contradictions():
            cells.refuse(
                "nccis_code",
                "code_contradicts_category",
                (category == one.value) & is_code & ~code.is_in(other),
                category=one,
                fitting="that follows from the code",
            )
    is_known = (category != unknown.value) & ((category != "") | ~code.is_in(of_unknown))
    return cells.day("date", 0), is_known


def _contradictions() -> Iterator[tuple[DestinationCategory, list[str]]]:
    """Yield the categories, each with the codes that do not contradict it."""
    for category in DestinationCategory:
        yield category, [code for code, fitting in NCCIS_CATEGORIES.items() if category in fitting]


def doubts(tables: Tables) -> Iterator[Issue]:
    """Find what makes evidence vanish without being wrong: rows of strangers, dates that nobody meant."""
    for name, frame in (("participations", tables.rows), ("destinations", tables.seen)):
        if frame is not None:
            yield from _strangers(name, frame, "learners", tables.learners, tables)
    if tables.rows is not None and tables.activities is not None:
        yield from _strangers("participations", tables.rows, "activities", tables.activities, tables)
    for name, frame, days in (
        ("learners", tables.learners, _DAYS),
        ("activities", tables.activities, {"day": "date"}),
        ("destinations", tables.seen, {"seen": "date"}),
    ):
        if frame is not None:
            yield from _implausible(name, frame, days)


def _strangers(name: str, frame: Frame, other: str, others: Frame, tables: Tables) -> Iterator[Issue]:
    """Find rows of known institutions whose learner or activity is not in the table of these."""
    ids: list[str] = [*_IDS[other]]
    known = others.select(*ids)
    lost = frame.select(*ids).join(known, on=ids, how="anti")
    if not _count(lost):  # mostly; and this is asked of every participation
        return
    lost = lost.join(tables.institutions.select("institution_id"), on="institution_id", how="semi")
    hint = ""
    if lost.collect_schema()[ids[-1]] == nw.String:
        trimmed = nw.col(ids[-1]).str.strip_chars(SPACES)
        padded = lost.with_columns(trimmed).join(known.with_columns(trimmed), on=ids, how="semi")
        hint = "; some would be known without the spaces around their ids" if _count(padded) else ""
    rows = _count(lost)
    if rows:
        details = {"column": ids[-1], "table": other, "hint": hint}
        yield Issue(code="rows_of_strangers", details=details, file=name, column=ids[-1], count=rows)


def _count(frame: Frame) -> int:
    return int(collected(frame.select(nw.len().alias("rows")))["rows"][0])


_DAYS: Final = {
    "arrived": "on_roll_from",
    "left": "on_roll_to",
    "began": "programme_start",
    "ends": "programme_end",
}
"""By column of the tidy learners, what it is read from."""


def _implausible(name: str, frame: Frame, days: Mapping[str, str]) -> Iterator[Issue]:
    first, last = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))
    blank = (0, NEVER_ENDS)
    strange = {
        column: (~nw.col(column).is_between(first, last) & ~nw.col(column).is_in(blank)).cast(nw.Int64)
        for column in days
    }
    counts = collected(frame.select(**strange).select(nw.col(*days).sum()))
    for column, count in zip(days, counts.row(0), strict=True):
        if count:
            details = {"first": FIRST_YEAR, "last": LAST_YEAR}
            yield Issue(
                code="date_implausible", details=details, file=name, column=days[column], count=int(count)
            )
