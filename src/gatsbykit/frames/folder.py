"""Scoring a folder of tables that may be larger than memory, some institutions at a time.

An institution is scored from its own rows alone. So the folder is worked through in batches of
institutions: one batch is in memory at a time, and files that are sorted by ``institution_id`` are
read once over all batches.
"""

from __future__ import annotations

import contextlib
import glob
import itertools
import json
import operator
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs
import narwhals as nw
import pyarrow as pa
from narwhals.exceptions import NarwhalsError
from pyarrow import parquet

from gatsbykit.errors import EditionError, GatsbykitError
from gatsbykit.frames.engines.common import Frame, collected, held
from gatsbykit.frames.files import (
    as_parquet,
    check_header,
    column_names,
    find_tables,
    unknown_columns,
)
from gatsbykit.frames.scores import score_tables
from gatsbykit.frames.spreading import NUMBER
from gatsbykit.frames.tables import COLUMNS, LISTED, can_be_read
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.rules import EDITION_KEYS
from gatsbykit.rules import edition as load_edition
from gatsbykit.rules.document import fingerprint
from gatsbykit.rules.grading import PRESETS, CriterionStatus
from gatsbykit.scoring.plan import Settings
from gatsbykit.scoring.summarising import Outcome, Summary, sum_up

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import duckdb

__all__ = ["ENGINES", "FolderScores", "score_folder"]

_FAILURES: Final = (NarwhalsError, pa.ArrowException, OSError)
"""What is raised beside an engine's own exceptions."""

_JOB: Final = "job.json"
_PART: Final = "part-{}.parquet"
Id = int | str


@attrs.frozen(kw_only=True)
class FolderScores:
    """The scores of a folder of tables.

    Args:
        criteria: One row per institution and criterion, in this order; see `FrameScores.criteria`.
        notes: What was noticed on the way.
        resumed: How many institutions an interrupted run had scored before.
    """

    criteria: pa.Table
    notes: tuple[Issue, ...]
    resumed: int = 0
    _kept: _Parts = attrs.field(alias="kept", repr=False)

    def summary(self) -> Summary:
        """Return what they come to, by records of learners alone: what is declared is in no table.

        It is what `gatsbykit.summarise` makes of the scorecards of the same institutions.
        """
        rows: list[dict[str, Any]] = self.criteria.to_pylist()
        institutions = itertools.groupby(rows, operator.itemgetter("institution_id", "edition"))
        return sum_up(
            ((load_edition(key), _outcomes(own)) for (_, key), own in institutions), evidence_only=True
        )

    def forget_parts(self) -> None:
        """Remove the scores of batches that were kept; for when the result is in a safe place."""
        self._kept.remove()


def _outcomes(rows: Iterable[dict[str, Any]]) -> Iterator[Outcome]:
    """Yield what came out for the criteria of an institution about which there is evidence."""
    for row in rows:
        if row["basis"] is not None:
            status: dict[str, CriterionStatus] = {
                preset: CriterionStatus(row[f"status_{preset}"]) for preset in PRESETS
            }
            yield Outcome(row["criterion"], status, row["numerator"], row["denominator"])


@attrs.frozen
class _Batch:
    """Some institutions, one after another in the order of their ids."""

    number: int
    first: Id
    last: Id
    count: int


@attrs.frozen
class _Found:
    """The scores of a batch, or what is wrong with it."""

    criteria: pa.Table | None
    issues: tuple[Issue, ...] = ()
    is_old: bool = False


class _Engine(Protocol):
    """What reads the tables of a folder."""

    batch_size: int
    """About how many learners and participations are in a batch."""

    at_once: int
    """How many batches are in memory at a time."""

    @property
    def failures(self) -> tuple[type[BaseException], ...]:
        """What the engine raises where it cannot read a file, or go on."""
        ...

    def open(self, name: str, path: Path) -> nw.Schema:
        """Open a Parquet file and return its columns with their types."""
        ...

    def use_text_ids(self) -> None:
        """Compare the ids of institutions as text."""

    def sizes(self, name: str) -> dict[Id | None, int]:
        """Return by institution how many rows of a table are its own."""
        ...

    def batch(self, name: str, first: Id, last: Id) -> Any:
        """Return the rows of some institutions."""
        ...

    def read_through(self, name: str, first: Id, last: Id) -> None:
        """Read all rows of some institutions, only to see whether they can be read."""

    def hold(self, name: str, frame: Frame) -> Frame:
        """Keep the rows of a table that has been read until the next batch."""
        ...


class _Polars:
    """Reads with polars."""

    batch_size = 2_000_000
    at_once = 2

    def __init__(self, _: Path) -> None:
        import polars as pl  # noqa: PLC0415 (only where it was chosen)

        self._pl = pl
        self.failures = (pl.exceptions.PolarsError, pl.exceptions.PanicException, *_FAILURES)
        self._tables: dict[str, pl.LazyFrame] = {}
        self._id = pl.col("institution_id")

    def open(self, name: str, path: Path) -> nw.Schema:
        self._tables[name] = self._pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return nw.from_native(self._tables[name]).collect_schema()

    def use_text_ids(self) -> None:
        self._id = self._id.cast(self._pl.String)

    def sizes(self, name: str) -> dict[Id | None, int]:
        counts = self._tables[name].group_by(self._id).len().collect(engine="streaming")
        return dict(counts.iter_rows())

    def batch(self, name: str, first: Id, last: Id) -> Any:
        ids = self._id.is_between(self._pl.lit(first), self._pl.lit(last))
        return self._tables[name].filter(ids).collect(engine="streaming")

    def read_through(self, name: str, first: Id, last: Id) -> None:
        self.batch(name, first, last)

    def hold(self, name: str, frame: Frame) -> Frame:
        return held(name, frame)


class _DuckDB:
    """Reads with DuckDB.

    A query costs DuckDB more to plan, so batches are large; what does not fit into memory it spills to
    disk by itself.
    Each batch is worked on through a cursor of its own thread.
    """

    batch_size = 32_000_000
    at_once = 2

    def __init__(self, scratch: Path) -> None:
        import duckdb  # noqa: PLC0415 (only where it was chosen)

        self._connection = duckdb.connect(
            config={"temp_directory": str(scratch / "spilled"), "preserve_insertion_order": False}
        )
        self.failures = (duckdb.Error, *_FAILURES)
        self._of_thread = threading.local()
        self._paths: dict[str, Path] = {}
        self._id = "institution_id"

    @property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._of_thread, "cursor"):
            self._of_thread.cursor = self._connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._of_thread.cursor
        return cursor

    def _table(self, name: str) -> duckdb.DuckDBPyRelation:
        return self._cursor.read_parquet(glob.escape(str(self._paths[name])), hive_partitioning=False)

    def open(self, name: str, path: Path) -> nw.Schema:
        self._paths[name] = path
        return nw.from_native(self._table(name)).collect_schema()

    def use_text_ids(self) -> None:
        self._id = "CAST(institution_id AS VARCHAR)"

    def sizes(self, name: str) -> dict[Id | None, int]:
        counts = self._table(name).aggregate(f"{self._id}, count(*)", self._id)
        try:
            return dict(counts.fetchall())
        except RuntimeError:  # what DuckDB makes of somebody's interruption
            raise KeyboardInterrupt from None

    def batch(self, name: str, first: Id, last: Id) -> Any:
        return self._table(name).filter(f"{self._id} BETWEEN {_literal(first)} AND {_literal(last)}")

    def read_through(self, name: str, first: Id, last: Id) -> None:
        self.batch(name, first, last).aggregate("max(hash(*COLUMNS(*)))").fetchall()

    def hold(self, name: str, frame: Frame) -> Frame:
        if name == "participations":  # so many that reading them again costs less than keeping them
            return frame
        table = f"{name}_{threading.get_ident()}"
        self._cursor.execute(f"DROP TABLE IF EXISTS {table}")
        frame.to_native().create(table)
        return nw.from_native(self._cursor.table(table).project(f"*, rowid AS {NUMBER}"))


def _literal(value: Id) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


ENGINES: Final[Mapping[str, Callable[[Path], _Engine]]] = {"polars": _Polars, "duckdb": _DuckDB}
"""The engines by name."""


def score_folder(
    folder: Path,
    *,
    as_of: date,
    edition: str | None,
    settings: Settings,
    engine: str = "polars",
    progress: Callable[[int, int], None] | None = None,
    parts: Path | None = None,
) -> FolderScores:
    """Score every institution of a folder of tables.

    Args:
        folder: ``institutions`` and ``learners``, and ``activities``, ``participations`` and
            ``destinations`` where they exist, each as ``.parquet`` or else ``.csv``.
        as_of: The date of the assessment.
        edition: The key of the edition; by default the one in force for each institution.
        settings: The caller's choices.
        engine: One of `ENGINES`.
        progress: Called after each batch with the number of institutions done, and of all.
        parts: A folder for the scores of each batch, until `FolderScores.forget_parts`. If it holds
            those of an interrupted run over the same tables in the same way, they are used.

    Raises:
        InvalidRecords: There are errors; the group has all.
        EditionError: The edition does not exist, or is not for one of the institutions.
        GatsbykitError: The engine could not go on, though it can read the files.
    """
    files = find_tables(folder)
    problems = Listing(most=LISTED, by=["file", "column"])
    done: list[pa.Table] = []
    scored = resumed = 0
    with tempfile.TemporaryDirectory(prefix="gatsbykit-", ignore_cleanup_errors=True) as scratch:
        reader = ENGINES[engine](Path(scratch))
        kept = _Parts(parts, _job(files, as_of, edition, settings, engine, reader.batch_size))
        notes = list(_open(reader, files, Path(scratch)))
        sizes = {name: _read(reader, path, reader.sizes, name) for name, path in files.items()}
        _refuse_ids(files, sizes)
        notes += _note_strangers(files, sizes)
        ids: list[Id] = sorted(sizes["institutions"])
        batches = list(_batches(ids, sizes, reader.batch_size))

        work = _Work(reader=reader, files=files, kept=kept, as_of=as_of, edition=edition, settings=settings)

        # While one batch is computed the next is prepared.
        with (
            ThreadPoolExecutor(reader.at_once) as pool,
            contextlib.closing(_begun(pool, work.score, batches)) as results,
        ):
            for batch, found in zip(batches, results, strict=True):
                for issue in found.issues:
                    problems.add(issue)
                if found.criteria is not None:
                    done.append(found.criteria)
                if found.is_old:
                    resumed += batch.count
                elif found.criteria is not None:
                    kept.put(batch.number, found.criteria)
                if any(issue.code == "missing_column" for issue in found.issues):
                    break  # as it will be in every batch
                scored += batch.count
                if progress is not None:
                    progress(scored, len(ids))
    if problems.count:
        kept.remove()
        raise InvalidRecords(tuple(problems))
    criteria = pa.concat_tables(done, promote_options="permissive")
    return FolderScores(criteria=criteria, notes=tuple(notes), resumed=resumed, kept=kept)


@attrs.frozen(kw_only=True)
class _Work:
    """What is done with each batch, and with what."""

    reader: _Engine
    files: Mapping[str, Path]
    kept: _Parts
    as_of: date
    edition: str | None
    settings: Settings

    def score(self, batch: _Batch) -> _Found:
        """Score a batch, or find what is wrong with it."""
        criteria = self.kept.get(batch.number)
        if criteria is not None:
            return _Found(criteria, is_old=True)
        try:
            return _Found(self._criteria(batch))
        except InvalidRecords as errors:
            return _Found(None, errors.issues)
        except EditionError:
            self.kept.remove()
            raise
        except self.reader.failures as failure:
            for name, path in self.files.items():
                _read(self.reader, path, self.reader.read_through, name, batch.first, batch.last)
            # What it says may quote learners' data, and is not shown.
            raise GatsbykitError(
                f"the engine could not go on ({type(failure).__name__}), although it can read the tables: "
                "it may lack memory or room on the disk, or there may be a number that is too large for it; "
                "another engine may do better"
            ) from None

    def _criteria(self, batch: _Batch) -> pa.Table:
        tables = {
            name: _read(self.reader, path, self.reader.batch, name, batch.first, batch.last)
            for name, path in self.files.items()
        }
        try:
            scores = score_tables(
                tables, as_of=self.as_of, edition=self.edition, settings=self.settings, hold=self.reader.hold
            )
        except InvalidRecords as errors:
            named = [attrs.evolve(one, file=self.files[str(one.file)].name) for one in errors.issues]
            raise InvalidRecords(named) from None
        return _sorted(collected(nw.from_native(scores.criteria)).to_arrow())


def _begun(
    pool: ThreadPoolExecutor, score: Callable[[_Batch], _Found], batches: list[_Batch]
) -> Generator[_Found, None, None]:
    """Yield what is found in the batches, in their order; who stops does not wait for the rest."""
    futures = [pool.submit(score, batch) for batch in batches]
    try:
        for future in futures:
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _sorted(criteria: Any) -> pa.Table:
    table: pa.Table = criteria.sort_by([("institution_id", "ascending"), ("criterion", "ascending")])
    return table


def _job(files: Mapping[str, Path], *how: object) -> str:
    """Return what has to be the same for the scores of an earlier run to be those of this one."""
    stats = {path.name: path.stat() for path in files.values()}
    tables = {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}
    rules = [fingerprint(load_edition(key)) for key in EDITION_KEYS]
    return json.dumps([version("gatsbykit"), rules, tables, *map(repr, how)])


class _Parts:
    """The scores of batches, kept in a folder until all are there."""

    def __init__(self, folder: Path | None, job: str) -> None:
        self._folder = folder
        self._job = job
        if folder is not None and not self._are_of_this_job(folder):
            self.remove()

    def _are_of_this_job(self, folder: Path) -> bool:
        try:
            return (folder / _JOB).read_text(encoding="utf-8") == self._job
        except (OSError, UnicodeDecodeError):
            return False

    def get(self, number: int) -> pa.Table | None:
        """Return the scores of a batch, if they are there and whole."""
        path = None if self._folder is None else self._folder / _PART.format(number)
        if path is None or not path.is_file():
            return None
        try:
            # (the stubs of pyarrow leave some options of these functions without types)
            table: pa.Table = parquet.read_table(path)  # pyright: ignore[reportUnknownMemberType]
        except (OSError, pa.ArrowException):
            return None
        return table

    def put(self, number: int, criteria: pa.Table) -> None:
        """Keep the scores of a batch."""
        if self._folder is None:
            return
        self._folder.mkdir(exist_ok=True)
        (self._folder / _JOB).write_text(self._job, encoding="utf-8")
        path = self._folder / _PART.format(number)
        unfinished = path.with_suffix(".unfinished")
        parquet.write_table(criteria, unfinished)  # pyright: ignore[reportUnknownMemberType] (as above)
        unfinished.replace(path)

    def remove(self) -> None:
        """Remove what was kept, and the folder unless somebody else has put something there."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in (self._folder / _JOB, *self._folder.glob(_PART.format("*"))):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._folder.rmdir()


def _read(reader: _Engine, path: Path, read: Callable[..., Any], *arguments: Any) -> Any:
    """Read something of a file.

    Raises:
        InvalidRecords: The engine cannot. What it says may quote learners' data, and is not shown.
    """
    try:
        return read(*arguments)
    except reader.failures:
        raise InvalidRecords([Issue(code="unreadable_file", file=path.name)]) from None


def _open(reader: _Engine, files: Mapping[str, Path], scratch: Path) -> Iterator[Issue]:
    """Open the tables, and note columns that the format does not have."""
    errors: list[Issue] = []
    has_text_ids = False
    for name, path in files.items():
        try:
            header = column_names(path)
            faults = list(check_header(name, path, header))
            if not faults:
                schema = reader.open(name, as_parquet(name, path, header, scratch))
                faults += _wrong_types(name, path, schema)
                has_text_ids |= not schema["institution_id"].is_integer()
        except InvalidRecords as found:
            errors += found.issues
        except reader.failures:
            errors.append(Issue(code="unreadable_file", file=path.name))
        else:
            errors += faults
            yield from unknown_columns(name, path, header)
    if errors:
        raise InvalidRecords(errors)
    if has_text_ids:
        reader.use_text_ids()


def _wrong_types(name: str, path: Path, schema: nw.Schema) -> Iterator[Issue]:
    """Find columns that can never be read."""
    for column in ("institution_id", *COLUMNS[name]):
        if column in schema and not can_be_read(name, column, schema[column]):
            details = {"type": schema[column]}
            yield Issue(code="wrong_column_type", details=details, file=path.name, column=column)


def _refuse_ids(files: Mapping[str, Path], sizes: Mapping[str, Mapping[Id | None, int]]) -> None:
    """Refuse rows that say of no institution that they are its own, and a country without any."""
    blank = {name: counts.get(None, 0) + counts.get("", 0) for name, counts in sizes.items()}
    column = "institution_id"
    issues = [
        Issue(
            code="missing_value",
            details={"columns": column},
            file=files[name].name,
            column=column,
            count=count,
        )
        for name, count in blank.items()
        if count
    ]
    if not issues and not sizes["institutions"]:
        issues.append(Issue(code="no_institutions", file=files["institutions"].name))
    if issues:
        raise InvalidRecords(issues)


def _note_strangers(
    files: Mapping[str, Path], sizes: Mapping[str, Mapping[Id | None, int]]
) -> Iterator[Issue]:
    """Note rows of institutions that are not in the table of institutions."""
    for name, counts in sizes.items():
        strangers = counts.keys() - sizes["institutions"].keys()
        if strangers:
            yield Issue(
                code="unknown_institution",
                file=files[name].name,
                count=len(strangers),
            )


def _batches(ids: list[Id], sizes: Mapping[str, Mapping[Id | None, int]], most: int) -> Iterator[_Batch]:
    """Yield batches of about the same size of institutions, of which there is at least one."""
    weights: Counter[Id | None] = Counter(sizes["learners"])
    weights.update(sizes.get("participations", {}))
    batch: list[Id] = []
    weight = number = 0
    for one in ids:
        if batch and weight + weights[one] > most:
            yield _Batch(number, batch[0], batch[-1], len(batch))
            batch, weight, number = [], 0, number + 1
        batch.append(one)
        weight += weights[one]
    yield _Batch(number, batch[0], batch[-1], len(batch))
