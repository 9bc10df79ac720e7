"""DuckDB, which combines bits itself; see `gatsbykit.frames.engines.sql`."""

from __future__ import annotations

import glob
import itertools
import threading
from typing import TYPE_CHECKING, Any, Final

import duckdb
from duckdb import ConstantExpression, FunctionExpression, SQLExpression

from gatsbykit.frames.engines.base import BitEngine, FolderEngine, wrapped
from gatsbykit.frames.engines.sql import any_may, bits_set, found, may, totals
from gatsbykit.frames.spreading import ACTIVITY, LEARNER, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import narwhals as nw
    from duckdb import DuckDBPyRelation, Expression

    from gatsbykit.frames.cells import Frame
    from gatsbykit.frames.engines.base import Id
    from gatsbykit.frames.spreading import Spreading

__all__ = ["DuckDB", "DuckDBFolder"]

_FLOATS: Final = ("FLOAT", "DOUBLE")


class DuckDB(BitEngine):
    """Relations of DuckDB."""

    @classmethod
    def for_folder(cls, scratch: Path) -> DuckDBFolder:
        """Return the engine for a folder of files, which spills what does not fit into memory."""
        return DuckDBFolder(scratch)

    def opened(self, native: Any) -> Frame:
        """Return a relation behind the common face, in which NaN is found.

        From the statistics of a Parquet file, in which NaN has no part, DuckDB concludes that there is
        none, and answers accordingly without looking. Of a number that comes from a text it knows nothing.
        """
        if any(kind in _FLOATS for kind in native.types):
            columns = zip(native.columns, native.types, strict=True)
            native = native.select(*(_unsuspected(name, kind in _FLOATS) for name, kind in columns))
        return wrapped(native)

    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand."""
        native = frame.to_native()
        return str(native.types[native.columns.index(column)]).strip('"') == "NULL"

    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""
        texts = (f'array_to_string("{column}"::VARCHAR[], chr(31)) AS "{column}"' for column in lists)
        return wrapped(frame.to_native().project(f"* REPLACE ({', '.join(texts)})"))

    def distinct(self, frame: Frame, separator: str) -> set[str]:
        """Return every entry, as it is written, of the lists in the column ``text``."""
        texts = frame.to_native().aggregate("text")
        pieces = texts.project(f"unnest(string_split(text, chr({ord(separator)}))) AS text")
        return {text for (text,) in pieces.distinct().fetchall()}

    def unpivoted(self, frame: Frame, index: Sequence[str], names: Sequence[str]) -> Frame:
        """Return a frame with one row per row and criterion: the columns ``criterion`` and ``value``.

        The common face unpivots on DuckDB's default connection alone. Lists of one length go in step.
        """
        long = frame.to_native().select(
            *map(_column, index),
            _in_turn(map(ConstantExpression, names)).alias("criterion"),
            _in_turn(map(_column, names)).alias("value"),
        )
        return wrapped(long)

    def spread_bits(
        self,
        spreading: Spreading,
        learners: DuckDBPyRelation,
        activities: DuckDBPyRelation,
        rows: DuckDBPyRelation,
    ) -> DuckDBPyRelation:
        """Spread marks as the bits of one number; see `spread_flags`."""
        links = spreading.links
        learner = [NUMBER] if NUMBER in learners.columns else list(LEARNER)
        place = NUMBER if NUMBER in activities.columns else "row_number() OVER ()"
        asked = learners.filter(f"{any_may(spreading)} != 0").project(
            _listed(dict.fromkeys([*LEARNER, *learner]), ['"offset"', "began", *may(spreading)])
        )
        marked = activities.project(_listed(ACTIVITY, ["day", "year", "bits", *links, f"{place} AS place"]))
        placed = rows.join(asked.set_alias("l"), _listed(LEARNER)).set_alias("p")
        shift, bits = len(spreading.plan.marks), bits_set(spreading, '"offset"')
        packed = f"(strength << {shift}) | ({bits}) AS packed"
        once = (
            placed.join(marked.set_alias("a"), f"p.activity_id = a.activity_id AND {_same_institution(rows)}")
            .filter(f"(bits & {any_may(spreading)}) != 0")
            .project(_listed([f"p.{column}" for column in learner], ["place", packed, *links]))
            .aggregate(
                _listed(
                    learner,
                    # Of repeated rows the strongest wins.
                    [f"max(packed) & {(1 << shift) - 1} AS bits"],
                    [f"any_value({link}) AS {link}" for link in links],
                ),
                _listed(learner, ["place"]),
            )
        )
        seen = once.aggregate(_listed(learner, totals(spreading)), _listed(learner))
        own = [f'l."{column}"' for column in learners.columns]
        together = learners.set_alias("l").join(seen.set_alias("s"), _listed(learner), how="left")
        return together.project(_listed(own, found(spreading)))


def _column(name: str) -> Expression:
    """Return a column, whatever its name; in one as it stands DuckDB 1.4 takes a dot for that of a table."""
    return SQLExpression('"' + name.replace('"', '""') + '"')


def _unsuspected(name: str, is_float: bool) -> Expression:
    """Return a column; a number by way of its text, so that nothing is known of it."""
    column = _column(name)
    return column.cast("VARCHAR").cast("DOUBLE").alias(name) if is_float else column


def _in_turn(values: Iterable[Expression]) -> Expression:
    """Return one row for each of some values."""
    return FunctionExpression("unnest", FunctionExpression("list_value", *values))


def _same_institution(rows: DuckDBPyRelation) -> str:
    """Return that a row and an activity are of one institution, in words that hide it from DuckDB.

    It would conclude that activities and learners share their institutions too, and without knowing
    how many there are might join these first: every activity of a school to every learner.
    """
    is_text = rows.types[rows.columns.index("institution_id")] == "VARCHAR"
    hidden = "({}.institution_id || '.')" if is_text else "xor({}.institution_id, 1)"
    return f"{hidden.format('p')} = {hidden.format('a')}"


def _listed(*columns: Iterable[str]) -> str:
    return ", ".join(itertools.chain(*columns))


class DuckDBFolder(DuckDB, FolderEngine):
    """Files that DuckDB reads.

    A query costs DuckDB more to plan, so batches are large; what does not fit into memory it spills to
    disk by itself.
    Each batch is worked on through a cursor of its own thread.
    """

    batch_size = 32_000_000
    at_once = 2
    failures = (duckdb.Error,)

    def __init__(self, scratch: Path) -> None:
        self._connection = duckdb.connect(
            config={"temp_directory": str(scratch / "spilled"), "preserve_insertion_order": False}
        )
        self._of_thread = threading.local()
        self._paths: dict[str, Path] = {}
        self._id = "institution_id"

    @property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._of_thread, "cursor"):
            self._of_thread.cursor = self._connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._of_thread.cursor
        return cursor

    def _table(self, name: str) -> DuckDBPyRelation:
        return self._cursor.read_parquet(glob.escape(str(self._paths[name])), hive_partitioning=False)

    def open(self, name: str, path: Path) -> nw.Schema:
        """Open a Parquet file and return its columns with their types."""
        self._paths[name] = path
        return wrapped(self._table(name)).collect_schema()

    def use_text_ids(self) -> None:
        """Compare the ids of institutions as text."""
        self._id = "CAST(institution_id AS VARCHAR)"

    def sizes(self, name: str) -> dict[Id | None, int]:
        """Return by institution how many rows of a table are its own."""
        counts = self._table(name).aggregate(f"{self._id}, count(*)", self._id)
        try:
            return dict(counts.fetchall())
        except RuntimeError:  # what DuckDB makes of somebody's interruption
            raise KeyboardInterrupt from None

    def batch(self, name: str, first: Id, last: Id) -> DuckDBPyRelation:
        """Return the rows of some institutions."""
        bounds = map(ConstantExpression, (first, last))
        return self._table(name).filter(SQLExpression(self._id).between(*bounds))

    def read_through(self, name: str, first: Id, last: Id) -> None:
        """Read all rows of some institutions, only to see whether they can be read."""
        self.batch(name, first, last).aggregate("max(hash(*COLUMNS(*)))").fetchall()

    def materialised(self, name: str, frame: Frame) -> Frame:
        """Return a table that has been read, its rows kept until the next batch, with their numbers."""
        if name == "participations":  # so many that reading them again costs less than keeping them
            return frame
        table = f"{name}_{threading.get_ident()}"
        self._cursor.execute(f"DROP TABLE IF EXISTS {table}")
        frame.to_native().create(table)
        return wrapped(self._cursor.table(table).project(f"*, rowid AS {NUMBER}"))
