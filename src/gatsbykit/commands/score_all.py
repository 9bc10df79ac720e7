"""``gatsbykit score-all``: every institution of a country, from a folder of tables."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatsbykit.commands import common
from gatsbykit.errors import GatsbykitError

if TYPE_CHECKING:
    import argparse

    from gatsbykit.frames.folder import FolderScores

__all__ = ["add"]

_WIDTH: Final = 30
_SUFFIXES: Final = (".parquet", ".csv")


class _NotInstalledError(GatsbykitError):
    """What the command needs is not installed."""


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
    try:
        from gatsbykit.frames.folder import score_folder  # noqa: PLC0415 (an extra)
        from gatsbykit.frames.tables import COLUMNS  # noqa: PLC0415 (the same)
    except ImportError as error:
        raise _NotInstalledError(f"{error.name} is not installed; install gatsbykit[country]") from None
    if out.stem in COLUMNS and out.absolute().parent.samefile(tables):
        raise GatsbykitError(f"{out.name} is the name of a table; give the result another, or another folder")
    scores = score_folder(
        tables,
        as_of=common.as_of(given),
        edition=given.edition,
        settings=common.settings(given),
        engine=given.engine,
        progress=_show_progress if sys.stderr.isatty() else None,
        parts=out.with_name(f"{out.name}.parts"),
    )
    _write(scores, out)
    scores.forget_parts()
    if scores.resumed:
        sys.stderr.write(f"scored by an earlier run that was interrupted: {scores.resumed}\n")
    for note in scores.notes:
        sys.stderr.write(f"{note}\n")
    return str(scores.summary())


def _show_progress(done: int, total: int) -> None:
    """Draw a bar over the last one."""
    bar = "█" * (_WIDTH * done // total)
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r{bar:░<{_WIDTH}} {done} of {total} institutions{end}")
    sys.stderr.flush()


def _write(scores: FolderScores, out: Path) -> None:
    """Write the result: all of it, or nothing."""
    kind, write = ("parquet", "write_table") if out.suffix == ".parquet" else ("csv", "write_csv")
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        getattr(importlib.import_module(f"pyarrow.{kind}"), write)(scores.criteria, unfinished)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
