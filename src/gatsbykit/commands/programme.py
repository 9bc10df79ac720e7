"""``gatsbykit programme``: where a careers programme stands, and what follows from it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gatsbykit.commands import common
from gatsbykit.errors import NotFoundError

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from gatsbykit.exchange.programme_source import ProgrammeSource
    from gatsbykit.practice.held import PlanAgainstRecord
    from gatsbykit.practice.review import ProgrammeReview

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
        "--against-record",
        action="store_true",
        help="instead: what was held of it in the academic year, for whom, at what cost",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "html", "ics"),
        default="text",
        help="for people or programs; ics is a calendar of its days (text)",
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the review as text, or what became of the programme, or its calendar."""
    from gatsbykit.rules import resolve_edition  # noqa: PLC0415 (help and bad usage answer at once)

    source, as_of = _read(given.path), common.as_of(given)
    key = given.edition or source.programme.edition
    if source.records is not None:
        key = resolve_edition(source.records.institution.kind, as_of, key).key
    if given.format == "ics":
        from gatsbykit.practice.diary import programme_calendar  # noqa: PLC0415 (the same)

        return programme_calendar(source.programme, as_of=as_of).rstrip()
    found = _against_record(source, as_of, key) if given.against_record else _review(source, as_of, key)
    return found.to_html() if given.format == "html" else common.shown(given, found)


def _review(source: ProgrammeSource, as_of: date, key: str) -> ProgrammeReview:
    from gatsbykit.practice.review import review_programme  # noqa: PLC0415 (the same)

    return review_programme(source.programme, as_of=as_of, edition=key, records=source.records)


def _against_record(source: ProgrammeSource, as_of: date, key: str) -> PlanAgainstRecord:
    from gatsbykit.practice.plan_against_record import plan_against_record  # noqa: PLC0415 (the same)

    if source.records is None:
        raise NotFoundError("there are no records beside the programme; give the folder that it lies in")
    return plan_against_record(source.programme, source.records, as_of=as_of, edition=key)


def _read(path: str) -> ProgrammeSource:
    from gatsbykit.exchange.programme_source import (  # noqa: PLC0415 (the same)
        load_programme_source,
        read_programme_source,
    )

    if path == "-":
        return read_programme_source(sys.stdin.buffer.read(), name="standard input")
    return load_programme_source(path)
