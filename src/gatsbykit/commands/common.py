"""What the commands share: options, reading, and how to write for people."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatsbykit.model.records import Records
    from gatsbykit.scoring import Settings

__all__ = [
    "INVALID",
    "Commands",
    "Outcome",
    "Result",
    "add_path",
    "add_scoring_options",
    "as_json",
    "as_of",
    "iso_date",
    "read",
    "settings",
    "shown",
    "wants_colour",
]

Commands = Any
"""What `argparse` hands out for subcommands; its type is private."""

INVALID: Final = 2
"""The exit status when the input has errors."""


class Outcome(NamedTuple):
    """Text for standard output, and an exit status other than 0."""

    text: str
    status: int


def add_path(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names an institution's records."""
    parser.add_argument(
        "path", metavar="PATH", help="a folder, a JSON file, or - for a document on standard input"
    )


def add_scoring_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how to score."""
    parser.add_argument(
        "--as-of", type=iso_date, metavar="DATE", help="the date of the assessment, YYYY-MM-DD (today)"
    )
    parser.add_argument("--edition", metavar="KEY", help="instead of the one in force, such as 2025-school")
    parser.add_argument(
        "--unknown",
        choices=("exclude", "include"),
        default="exclude",
        help="whether activities of unknown meaningfulness count (exclude)",
    )


def iso_date(text: str) -> date:
    """Read a date strictly: Python's own reader takes other spellings as well."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD")
    if not MINYEAR < day.year < MAXYEAR:
        raise argparse.ArgumentTypeError(f"{text!r} has no whole academic years around it")
    return day


def as_of(given: argparse.Namespace) -> date:
    """Return the date of the assessment: the library reads no clock, its command line does."""
    return given.as_of or date.today()  # noqa: DTZ011 (a school's date is a local one)


def settings(given: argparse.Namespace) -> Settings:
    """Return the settings that the options ask for."""
    from gatsbykit.scoring import Settings  # noqa: PLC0415 (help and bad usage answer at once)

    return Settings(unknown=cast('Literal["exclude", "include"]', given.unknown))


def read(path: str) -> Records:
    """Read an institution's records.

    Raises:
        InvalidRecords: There are errors in them.
    """
    from gatsbykit.exchange import load, read_document  # noqa: PLC0415 (the same)

    if path == "-":
        return read_document(sys.stdin.buffer.read(), name="standard input")
    return load(Path(path))


class Result(Protocol):
    """What carries its own text and its own plain form."""

    def to_dict(self) -> Mapping[str, Any]:
        """Return it as plain data, ready for `json`."""
        ...


def shown(given: argparse.Namespace, value: Result) -> str:
    """Return a result in the format that was asked for."""
    return as_json(value.to_dict()) if given.format == "json" else str(value)


def as_json(value: Mapping[str, Any]) -> str:
    """Return plain data as JSON, of ASCII alone: right in whatever encoding it is sent."""
    return json.dumps(value, indent=1)


def wants_colour() -> bool:
    """Whether standard output is a terminal that may show colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
