"""``gatsbykit compare``: one institution under two editions, or at two dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "compare",
        help="compare two editions or two dates for an institution",
        description="Compare what an institution's records come to under two editions, or at two dates.",
    )
    common.add_path(parser)
    common.add_scoring_options(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--editions", nargs=2, metavar=("BEFORE", "AFTER"), help="at the date of --as-of")
    what.add_argument(
        "--dates",
        nargs=2,
        type=common.iso_date,
        metavar=("BEFORE", "AFTER"),
        help="year groups are taken to be right at --as-of, by default the later of the two",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Compare the records and return the comparison as text."""
    from gatsbykit.insight.comparing import compare_dates, compare_editions  # noqa: PLC0415 (help answers at once)

    records, settings = common.read(given.path), common.settings(given)
    if given.editions:
        made = compare_editions(records, *given.editions, as_of=common.as_of(given), settings=settings)
    else:
        made = compare_dates(
            records, *given.dates, recorded=given.as_of, edition=given.edition, settings=settings
        )
    return common.shown(given, made)
