"""The command line: ``python -m gatsbykit`` or ``gatsbykit``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from gatsbykit.errors import GatsbykitError
from gatsbykit.validation import InvalidRecords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatsbykit.records import Records
    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["main"]

_INVALID = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments, by default those of the process.

    Returns:
        The exit status: 0 when the work was done, 2 when the input has errors.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    # A file may hold any character; a terminal that lacks one gets a substitute, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        output: str = given.run(given)
    except InvalidRecords as errors:
        for issue in errors.issues:
            sys.stderr.write(f"{issue}\n")
        count = len(errors.issues)
        sys.stderr.write(f"{count} error{'' if count == 1 else 's'}; nothing was scored\n")
        return _INVALID
    except GatsbykitError as error:
        sys.stderr.write(f"{error}\n")
        return _INVALID
    try:
        sys.stdout.write(f"{output}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatsbykit",
        description="The Gatsby Benchmarks of Good Career Guidance (England), scored by documented rules.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score",
        help="score an institution from its records",
        description="Score an institution from its records. Exit status: 0 scored, 2 the input has errors.",
    )
    score.add_argument(
        "path", metavar="PATH", help="a folder, a JSON file, or - for a document on standard input"
    )
    score.add_argument(
        "--as-of", type=_date, metavar="DATE", help="the date of the assessment, YYYY-MM-DD (today)"
    )
    score.add_argument("--edition", metavar="KEY", help="instead of the one in force, such as 2025-school")
    score.add_argument(
        "--unknown",
        choices=("exclude", "include"),
        default="exclude",
        help="whether activities of unknown meaningfulness count (exclude)",
    )
    score.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    score.set_defaults(run=_score)
    return parser


def _date(text: str) -> date:
    """Read a date strictly: Python's own reader takes other spellings as well."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD")
    return day


def _score(given: argparse.Namespace) -> str:
    from gatsbykit.scoring import Settings, score  # noqa: PLC0415 (help and bad usage answer at once)

    as_of: date = given.as_of or date.today()  # noqa: DTZ011 (a school's date is a local one)
    card = score(
        _read(given.path),
        as_of=as_of,
        edition=given.edition,
        settings=Settings(unknown=cast('Literal["exclude", "include"]', given.unknown)),
    )
    return _written(card, given.format)


def _read(path: str) -> Records:
    from gatsbykit.exchange import load, read_document  # noqa: PLC0415 (the same)

    if path == "-":
        return read_document(sys.stdin.buffer.read(), name="standard input")
    return load(Path(path))


def _written(card: Scorecard, form: str) -> str:
    if form == "json":
        return json.dumps(card.to_dict(), ensure_ascii=False, indent=1)
    from gatsbykit.reports import scorecard_text  # noqa: PLC0415 (the same)

    return scorecard_text(card, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)


if __name__ == "__main__":
    sys.exit(main())
