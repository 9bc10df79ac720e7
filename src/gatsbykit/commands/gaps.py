"""``gatsbykit gaps``: who is missing, why, and how near each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "gaps",
        help="list who is missing, why, and how near each of them is",
        description="List who is missing from each criterion, why, and how near each of them is.",
    )
    common.add_path(parser)
    parser.add_argument("--criterion", metavar="ID", help="only this criterion, such as 6a")
    common.add_scoring_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the gaps as text."""
    from gatsbykit.insight import gaps  # noqa: PLC0415 (help and bad usage answer at once)

    found = gaps(
        common.read(given.path),
        as_of=common.as_of(given),
        criterion=given.criterion,
        edition=given.edition,
        settings=common.settings(given),
    )
    return common.shown(given, found)
