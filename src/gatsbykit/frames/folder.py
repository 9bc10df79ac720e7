"""Scoring a folder of tables that may be larger than memory, some institutions at a time.

An institution is scored from its own rows alone. So the folder is worked through in batches of
institutions: one batch is in memory at a time, and files that are sorted by ``institution_id`` are
read once over all batches.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import operator
import tempfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import narwhals as nw
import pyarrow as pa
from narwhals.exceptions import NarwhalsError
from pyarrow import parquet

from gatsbykit.errors import EditionError, GatsbykitError
from gatsbykit.frames.engines import engine_named
from gatsbykit.frames.engines.base import FolderEngine, Id, collected
from gatsbykit.frames.engines.memory import Arrow
from gatsbykit.frames.files import (
    as_parquet,
    check_header,
    column_names,
    find_tables,
    other_forms,
    unknown_columns,
)
from gatsbykit.frames.resuming import KeptScores, job
from gatsbykit.frames.scores import score_tables
from gatsbykit.frames.tables import COLUMNS, LISTED, UNREAD, can_be_read, doubts
from gatsbykit.issues import InvalidRecords, Issue, Listing
from gatsbykit.rules import edition as load_edition
from gatsbykit.rules.grading import PRESETS, CriterionStatus
from gatsbykit.scoring.plan import Settings
from gatsbykit.scoring.summarising import Outcome, Summary, sum_up

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

__all__ = ["FolderScores", "score_folder"]

_FAILURES: Final[tuple[type[Exception], ...]] = (NarwhalsError, pa.ArrowException, OSError)
"""What is raised beside an engine's own exceptions."""


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
    _kept: KeptScores = attrs.field(alias="kept", repr=False)

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


def score_folder(
    folder: Path,
    *,
    as_of: date,
    edition: str | None,
    settings: Settings,
    engine: str = "polars",
    progress: Callable[[int, int, int], None] | None = None,
    parts: Path | None = None,
) -> FolderScores:
    """Score every institution of a folder of tables.

    Args:
        folder: ``institutions`` and ``learners``, and ``activities``, ``participations`` and
            ``destinations`` where they exist, each as ``.parquet`` or else ``.csv``.
        as_of: The date of the assessment.
        edition: The key of the edition; by default the one in force for each institution.
        settings: The caller's choices.
        engine: The name of an engine that reads folders, ``polars`` or ``duckdb``.
        progress: Called when scoring begins and after each batch, with the numbers of institutions:
            those that are done, those of them that an interrupted run had done, and all.
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
        reader = engine_named(engine).for_folder(Path(scratch))
        kept = KeptScores(parts, job(files, as_of, edition, settings, engine, reader.batch_size))
        notes = [*other_forms(folder, files), *_open(reader, files, Path(scratch))]
        sizes = {name: _read(reader, path, reader.sizes, name) for name, path in files.items()}
        _refuse_ids(files, sizes)
        notes += _note_strangers(files, sizes)
        ids: list[Id] = sorted(sizes["institutions"])
        batches = list(_batches(ids, sizes, reader.batch_size))

        work = _Work(reader=reader, files=files, kept=kept, as_of=as_of, edition=edition, settings=settings)
        if progress is not None:
            progress(0, 0, len(ids))

        # While one batch is computed the next is prepared.
        with (
            ThreadPoolExecutor(reader.at_once) as pool,
            contextlib.closing(_in_order(pool, work.score, batches)) as results,
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
                    progress(scored, resumed, len(ids))
    if problems.count:
        kept.remove()
        raise InvalidRecords(tuple(problems))
    notes += _doubts_of(done)
    bare = [criteria.replace_schema_metadata(None) for criteria in done]
    criteria = pa.concat_tables(bare, promote_options="permissive")
    return FolderScores(criteria=criteria, notes=tuple(notes), resumed=resumed, kept=kept)


@attrs.frozen(kw_only=True)
class _Work:
    """What is done with each batch, and with what."""

    reader: FolderEngine
    files: Mapping[str, Path]
    kept: KeptScores
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
        except TypeError as error:
            raise GatsbykitError(str(error)) from None
        except (*self.reader.failures, *_FAILURES) as failure:
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
        doubtful: list[Issue] = []
        try:
            scores = score_tables(
                tables,
                as_of=self.as_of,
                edition=self.edition,
                settings=self.settings,
                engine=self.reader,
                look=lambda read: doubtful.extend(doubts(read)),
            )
        except InvalidRecords as errors:
            raise InvalidRecords([self._named(one) for one in errors.issues]) from None
        criteria = _sorted(collected(nw.from_native(scores.criteria)).to_arrow())
        return _with_doubts(criteria, [self._named(one) for one in doubtful])

    def _named(self, issue: Issue) -> Issue:
        return attrs.evolve(issue, file=self.files[str(issue.file)].name)


_DOUBTS: Final = b"gatsbykit doubts"


def _with_doubts(criteria: pa.Table, issues: Iterable[Issue]) -> pa.Table:
    """Return the scores of a batch with what is doubtful about it, so that the one is kept with the other."""
    plain = [[one.code, dict(one.details), one.file, one.column, one.count] for one in issues]
    return criteria.replace_schema_metadata({_DOUBTS: json.dumps(plain)})


def _doubts_of(batches: Iterable[pa.Table]) -> Iterator[Issue]:
    """Yield what is doubtful in all batches together."""
    counts: Counter[tuple[str, str | None, str | None]] = Counter()
    details: dict[tuple[str, str | None, str | None], dict[str, str]] = {}
    for criteria in batches:
        for code, more, file, column, count in json.loads(
            (criteria.schema.metadata or {}).get(_DOUBTS, "[]")
        ):
            known = details.setdefault((code, file, column), more)
            known.update((name, words) for name, words in more.items() if words)  # a hint of any batch
            counts[code, file, column] += count
    for key, count in counts.items():
        code, file, column = key
        yield Issue(code=code, details=details[key], file=file, column=column, count=count)


def _in_order(
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


def _read(reader: FolderEngine, path: Path, read: Callable[..., Any], *arguments: Any) -> Any:
    """Read something of a file.

    Raises:
        InvalidRecords: The engine cannot. What it says may quote learners' data, and is not shown.
    """
    try:
        return read(*arguments)
    except (*reader.failures, *_FAILURES):
        raise InvalidRecords([Issue(code="unreadable_file", file=path.name)]) from None


def _open(reader: FolderEngine, files: Mapping[str, Path], scratch: Path) -> Iterator[Issue]:
    """Open the tables, and note columns that the format does not have."""
    errors: list[Issue] = []
    has_text_ids = False
    for name, path in files.items():
        try:
            header = column_names(path)
            faults = list(check_header(name, path, header))
            if not faults:
                table = as_parquet(name, path, header, scratch)
                faults += _wrong_types(name, path, table)
                if not faults:
                    has_text_ids |= not reader.open(name, table)["institution_id"].is_integer()
        except InvalidRecords as found:
            errors += found.issues
        except (*reader.failures, *_FAILURES):
            errors.append(Issue(code="unreadable_file", file=path.name))
        else:
            errors += faults
            yield from unknown_columns(name, path, header)
    if errors:
        raise InvalidRecords(errors)
    if has_text_ids:
        reader.use_text_ids()


def _wrong_types(name: str, path: Path, table: Path) -> Iterator[Issue]:
    """Find columns that can never be read, whatever an engine makes of their types."""
    # (the stubs of pyarrow leave some options of these functions without types)
    arrow: Any = parquet.read_schema(table)  # pyright: ignore[reportUnknownMemberType]
    for column in ("institution_id", *COLUMNS[name]):
        if column in arrow.names and not _can_be_read(name, arrow.field(column)):
            details = {"type": arrow.field(column).type}
            yield Issue(code="wrong_column_type", details=details, file=path.name, column=column)


def _can_be_read(name: str, field: pa.Field[Any]) -> bool:
    try:
        kind = Arrow().opened(pa.schema([field]).empty_table()).collect_schema()[field.name]
    except ValueError:  # a type that the common face cannot express
        return False
    is_unknown = kind == nw.Unknown and not pa.types.is_null(field.type)
    return field.name in UNREAD or (not is_unknown and can_be_read(name, field.name, kind))


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
