"""``gatsbykit programme``: where a careers programme stands, and what follows from it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

    from gatsbykit.exchange.programme import ProgrammeSource

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "programme",
        help="review a careers programme: steps, duties, answers that follow",
        description=(
            "Review a careers programme: where its steps stand, what is doubtful about it, what its "
            "website must show, and the answers that follow from it."
        ),
    )
    parser.add_argument(
        "path",
        metavar="PATH",
        help=(
            "a folder with programme.json, a document with a programme, a file that is one, or - for "
            "standard input"
        ),
    )
    parser.add_argument(
        "--as-of", type=common.iso_date, metavar="DATE", help="the day of the review, YYYY-MM-DD (today)"
    )
    parser.add_argument("--edition", metavar="KEY", help="instead of the one that the programme names")
    parser.add_argument(
        "--format", choices=("text", "json", "html"), default="text", help="for people or programs"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the review as text."""
    from gatsbykit.framework import resolve_edition  # noqa: PLC0415 (help and bad usage answer at once)
    from gatsbykit.practice.review import review_programme  # noqa: PLC0415 (the same)

    source, as_of = _read(given.path), common.as_of(given)
    key = given.edition or source.programme.edition
    if source.records is not None:
        key = resolve_edition(source.records.institution.kind, as_of, key).key
    review = review_programme(source.programme, as_of=as_of, edition=key, records=source.records)
    if given.format == "json":
        return json.dumps(review.to_dict(), indent=1)
    return review.to_html() if given.format == "html" else str(review)


def _read(path: str) -> ProgrammeSource:
    from gatsbykit.exchange.programme import (  # noqa: PLC0415 (the same)
        load_programme_source,
        read_programme_source,
    )

    if path == "-":
        return read_programme_source(sys.stdin.buffer.read(), name="standard input")
    return load_programme_source(path)
