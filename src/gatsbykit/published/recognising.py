"""Which of the published files a table is, by the names of its columns."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatsbykit.issues import InvalidRecords, Issue
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.privacy import shown_name
from gatsbykit.published import explore_education, performance_tables, registers
from gatsbykit.published.layouts import Kind, column_key, layouts
from gatsbykit.published.statistics import Statistics
from gatsbykit.published.tables import NotPublishedError, open_csv, open_text

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    from gatsbykit.published.explore_education import Convention
    from gatsbykit.published.readers import Reader
    from gatsbykit.published.tables import Table

__all__ = ["from_frame", "read", "read_text", "recognise"]

_COLUMNS_SHOWN = 6


def recognise(table: Table) -> Kind:
    """Return which of the published files a table is.

    Raises:
        NotPublishedError: It is none; the message says what it looks like.
    """
    keys = frozenset(key for column in table.columns if (key := column_key(column)))
    kind = explore_education.recognise(keys) or performance_tables.recognise(keys)
    if kind is not None:
        return kind
    if keys.issuperset(layouts()["averages"]["required"]):
        return Kind.NATIONAL_AVERAGES
    if keys.issuperset(layouts()["gias"]["required"]):
        return Kind.GIAS
    raise NotPublishedError(
        f"{table.name} is none of the published files that are read here; {_looks(table, keys)}"
    )


def _looks(table: Table, keys: frozenset[str]) -> str:
    for lookalike in layouts()["lookalikes"]:
        if keys.issuperset(lookalike["columns"]):
            return f"it looks like {lookalike['words']}"
    required: list[str] = layouts()["explore_education"]["required"]
    missing = [name for name in required if name not in keys]
    if len(missing) <= 2:
        return f"it is nearly a file of Explore Education Statistics, which has {' and '.join(missing)} too"
    names = ", ".join(shown_name(name) for name in table.columns[:_COLUMNS_SHOWN])
    return f"its {len(table.columns):,} columns begin with {names}"


def _reader(
    table: Table, others: Collection[str], convention: Convention | None, cohort_year: AcademicYear | None
) -> Reader:
    kind = recognise(table)
    _refuse_repeated(table)
    match kind:
        case Kind.EES_KEY_STAGE_4 | Kind.EES_16_18:
            return explore_education.destination_reader(kind, table, others, convention)
        case Kind.EES_OTHER | Kind.NEET:
            return explore_education.other_reader(kind, table, others)
        case Kind.PERFORMANCE_TABLES_CENSUS:
            return performance_tables.census_reader(kind, table, others)
        case Kind.GIAS:
            return registers.register_reader(table, others)
        case Kind.NATIONAL_AVERAGES:
            return registers.averages_reader(table, others)
        case _:
            return performance_tables.wide_reader(kind, table, others, cohort_year)


def _refuse_repeated(table: Table) -> None:
    times = Counter(key for column in table.columns if (key := column_key(column)))
    repeated = [
        Issue(
            code="duplicate_column",
            details={"column": shown_name(key)},
            file=table.name,
            column=shown_name(key),
        )
        for key, count in times.items()
        if count > 1
    ]
    if repeated:
        raise InvalidRecords(repeated)


def _year(year: str | AcademicYear | None) -> AcademicYear | None:
    return AcademicYear.parse(year) if isinstance(year, str) else year


def read(
    path: str | os.PathLike[str],
    *,
    time_period: Convention | None = None,
    cohort_year: str | AcademicYear | None = None,
    other_symbols: Collection[str] = (),
    engine: str | None = None,
) -> Statistics:
    """Read a file of published statistics, whichever it is.

    A file is recognised by the names of its columns: destinations, NEET tables and other files of
    Explore Education Statistics, destination and census files of the performance tables, extracts of
    Get Information About Schools, and the national averages of benchmarks achieved.

    A file of up to 32 MB is kept in memory, which takes about six times its size. A greater one is
    read anew for each question, and takes no more memory than what is asked for. With an engine it is
    read by that engine.

    Args:
        path: The file.
        time_period: For destinations of Explore Education Statistics, whether `time_period` is the
            year in which the ``cohort`` left or the ``destination`` year, where the file does not tell.
        cohort_year: For performance tables, the year in which the pupils left, where the file does
            not tell.
        other_symbols: Signs in the place of numbers that you know and the library does not; they
            are read as unavailable.
        engine: ``polars``, ``duckdb``, ``pandas`` or ``pyarrow`` (extra `frames`, and the engine).

    Raises:
        NotPublishedError: It is none of these files; the message says what it looks like.
        InvalidRecords: It is one, and has errors; the group has all of them.
        MissingExtraError: The engine is not installed.
        NotFoundError: There is no such engine.
    """
    place = Path(path)
    table: Table = open_csv(place)
    if engine is not None:
        from gatsbykit.published.frames import open_with  # noqa: PLC0415 (an extra, loaded where it is used)

        recognise(table)  # before an engine reads all of it
        table = open_with(engine, open_csv(place))
    return Statistics(_reader(table, other_symbols, time_period, _year(cohort_year)))


def read_text(
    text: str,
    *,
    name: str = "the text",
    time_period: Convention | None = None,
    cohort_year: str | AcademicYear | None = None,
    other_symbols: Collection[str] = (),
) -> Statistics:
    r"""Read published statistics from a text; see `read`.

    Args:
        text: The text of a CSV file.
        name: What to call it in messages.
        time_period: As for `read`.
        cohort_year: As for `read`.
        other_symbols: As for `read`.

    Raises:
        NotPublishedError: It is none of the files.
        InvalidRecords: It has errors.

    Examples:
        >>> found = read_text("URN,EstablishmentName,UKPRN\n100000,The Aldgate School,10079319\n")
        >>> found.kind, found.one(urn="100000").dimensions["establishmentname"]
        (<Kind.GIAS: 'gias'>, 'The Aldgate School')
        >>> try:
        ...     read_text("code,name\n01,Community school\n", name="types.csv")
        ... except NotPublishedError as error:
        ...     print(str(error).partition("; ")[2])
        it looks like a list of codes, which has no statistics
    """
    table = open_text(text, name)
    return Statistics(_reader(table, other_symbols, time_period, _year(cohort_year)))


def from_frame(
    frame: Any,
    *,
    name: str = "the frame",
    time_period: Convention | None = None,
    cohort_year: str | AcademicYear | None = None,
    other_symbols: Collection[str] = (),
) -> Statistics:
    """Read published statistics from a data frame, such as `Statistics.to_frame` makes.

    Args:
        frame: A frame of polars, pandas or pyarrow, or a relation of DuckDB, with the columns of the
            published file; a column ``X_symbol`` holds the symbols that stood in ``X``.
        name: What to call it in messages.
        time_period: As for `read`.
        cohort_year: As for `read`.
        other_symbols: As for `read`.

    Raises:
        NotPublishedError: It is none of the files.
        InvalidRecords: It has errors.
        MissingExtraError: The extra `frames` is not installed.
    """
    from gatsbykit.published.frames import FrameTable  # noqa: PLC0415 (an extra, loaded where it is used)

    table = FrameTable.of(frame, name)
    return Statistics(_reader(table, other_symbols, time_period, _year(cohort_year)))
