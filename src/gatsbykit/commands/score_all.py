"""``gatsbykit score-all``: every institution of a country, from a folder of tables."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatsbykit.commands import common
from gatsbykit.errors import GatsbykitError, need_extra

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from gatsbykit.frames.folder import FolderScores

__all__ = ["add"]

_SUFFIXES: Final = (".parquet", ".csv")


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "score-all",
        help="score every institution of a folder of tables",
        description=(
            "Score every institution of a folder with the tables institutions, learners, activities and "
            "participations, as .parquet or .csv. A run that was interrupted goes on where it stopped when "
            "the same command is given again. Exit status: 0 scored, 2 the input has errors."
        ),
    )
    parser.add_argument("tables", metavar="TABLES", type=Path, help="the folder")
    common.add_scoring_options(parser)
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the result, .parquet or .csv"
    )
    parser.add_argument("--engine", choices=("polars", "duckdb"), default="polars", help="(polars)")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Score the tables, write the result and return a summary."""
    out: Path = given.out
    if out.suffix not in _SUFFIXES:
        raise GatsbykitError(f"{out.name} is not a name for the result; end it in .parquet or .csv")
    if not out.absolute().parent.is_dir():
        raise GatsbykitError(f"there is no folder {out.parent} for the result")
    if out.is_dir():
        raise GatsbykitError(f"{out} is a folder; give the result the name of a file")
    tables: Path = given.tables
    if not tables.is_dir():
        raise GatsbykitError(f"there is no folder {tables} with the tables")
    with need_extra("country", "polars"):
        from gatsbykit.frames.folder import score_folder  # noqa: PLC0415 (an extra)
        from gatsbykit.frames.tables import COLUMNS  # noqa: PLC0415 (the same)

        bar = _bar()
    if out.stem in COLUMNS and out.absolute().parent.samefile(tables):
        raise GatsbykitError(f"{out.name} is the name of a table; give the result another, or another folder")
    with bar as progress:
        scores = score_folder(
            tables,
            as_of=common.as_of(given),
            edition=given.edition,
            settings=common.settings(given),
            engine=given.engine,
            progress=progress,
            parts=out.with_name(f"{out.name}.parts"),
        )
    _write(scores, out)
    scores.forget_parts()
    if scores.resumed:
        sys.stderr.write(f"scored by an earlier run that was interrupted: {scores.resumed}\n")
    for note in scores.notes:
        sys.stderr.write(f"{note}\n")
    return str(scores.summary())


def _bar() -> AbstractContextManager[Callable[[int, int, int], None] | None]:
    """Return a bar for a terminal, and nothing for any other stream."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from gatsbykit.commands.bar import bar  # noqa: PLC0415 (an extra)

    return bar(sys.stderr)


def _write(scores: FolderScores, out: Path) -> None:
    """Write the result: all of it, or nothing."""
    kind, write = ("parquet", "write_table") if out.suffix == ".parquet" else ("csv", "write_csv")
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        getattr(importlib.import_module(f"pyarrow.{kind}"), write)(scores.criteria, unfinished)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
