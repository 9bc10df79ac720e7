"""``gatsbykit indicators``: what published files and an institution's records say of impact, and what not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

    from gatsbykit.outcomes.measured import Measured, Measures

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "indicators",
        help="show indicators of impact, with base, interval and year, and what cannot be said",
        description=(
            "Show indicators of impact from a file of published statistics or from an institution's records. "
            "Exit status: 0 done, 2 it is no such file, or the input has errors."
        ),
    )
    parser.add_argument(
        "path", metavar="PATH", help="a file of published statistics, an institution's folder or document"
    )
    parser.add_argument(
        "--year", metavar="YEAR", help="of a published file: the year, such as 2022/23 (newest)"
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=TEXT",
        help="of a published file: which rows, such as urn=137181; may be given several times",
    )
    parser.add_argument(
        "--time-period",
        choices=("cohort", "destination"),
        help="of a published file: what time_period is, where the file does not tell",
    )
    parser.add_argument(
        "--cohort-year",
        metavar="YEAR",
        help="of performance tables: the year of the leavers, such as 2016/17",
    )
    parser.add_argument(
        "--as-of", type=common.iso_date, metavar="DATE", help="of records: the date, YYYY-MM-DD (today)"
    )
    parser.add_argument("--edition", metavar="KEY", help="of records: an edition instead of the one in force")
    parser.add_argument(
        "--format", choices=("text", "json", "html"), default="text", help="for people, programs, or one page"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the indicators as text."""
    found, trend = _published(given) if _is_published(given.path) else (_recorded(given), ())
    if given.format == "json":
        return json.dumps(found.to_dict(), indent=1)
    if given.format == "html":
        from gatsbykit.outcomes.page import indicators_html  # noqa: PLC0415 (help answers at once)

        return indicators_html(found, trend=trend).rstrip("\n")
    return str(found)


def _is_published(path: str) -> bool:
    """Whether a path is a file that is no document of the exchange format."""
    place = Path(path)
    return path != "-" and not place.is_dir() and place.suffix.lower() != ".json"


def _recorded(given: argparse.Namespace) -> Measures:
    from gatsbykit.outcomes import measures  # noqa: PLC0415 (help and bad usage answer at once)

    return measures(common.read(given.path), as_of=common.as_of(given), edition=given.edition)


def _published(given: argparse.Namespace) -> tuple[Measures, tuple[Measured, ...]]:
    from gatsbykit import outcomes, published  # noqa: PLC0415 (the same)
    from gatsbykit.errors import GatsbykitError  # noqa: PLC0415 (the same)

    where = dict(map(_condition, given.where))
    file = published.read(given.path, time_period=given.time_period, cohort_year=_year(given.cohort_year))
    found = outcomes.measures_of_statistics(file, period=given.year, **where)
    try:
        trend = outcomes.trend(file, **where) if given.format == "html" else ()
    except GatsbykitError:  # a file without a series has no picture of one
        trend = ()
    return found, trend


def _condition(text: str) -> tuple[str, str]:
    from gatsbykit.errors import NotFoundError  # noqa: PLC0415 (the same)

    column, equals, value = text.partition("=")
    if not equals or not column.isidentifier():
        raise NotFoundError(f"--where {text!r} is no condition; write it as COLUMN=TEXT, such as urn=137181")
    return column, value


def _year(text: str | None) -> str | None:
    from gatsbykit.errors import NotFoundError  # noqa: PLC0415 (the same)
    from gatsbykit.model.calendar import AcademicYear  # noqa: PLC0415 (the same)

    try:
        return None if text is None else str(AcademicYear.parse(text))
    except ValueError as error:
        raise NotFoundError(str(error)) from None
