"""``gatsbykit validate``: everything that is wrong or doubtful in the data, listed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatsbykit.commands import common
from gatsbykit.data import toml_names

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "validate",
        help="list everything that is wrong or doubtful in an institution's records",
        description="List everything that is wrong or doubtful in an institution's records. "
        "Exit status: 0 no errors (there may be warnings), 2 errors.",
    )
    common.add_path(parser)
    parser.add_argument(
        "--profile",
        metavar="KEY_OR_FILE",
        help=f"how to read files of another system: {', '.join(toml_names('exchange/profiles'))}, "
        "or a TOML file of your own",
    )
    parser.add_argument(
        "--as-of", type=common.iso_date, metavar="DATE", help="the date of the assessment, YYYY-MM-DD (today)"
    )
    parser.add_argument("--edition", metavar="KEY", help="instead of the one in force, such as 2025-school")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str | common.Outcome:
    """Check the records and return the report as text, with the exit status."""
    from gatsbykit.checks.checking import check  # noqa: PLC0415 (help and bad usage answer at once)

    source = sys.stdin.buffer.read() if given.path == "-" else Path(given.path)
    report = check(source, as_of=common.as_of(given), edition=given.edition, profile=given.profile)
    text = common.shown(given, report)
    return text if report.is_valid else common.Outcome(text, common.INVALID)
