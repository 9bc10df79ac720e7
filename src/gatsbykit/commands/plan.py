"""``gatsbykit plan``: which activities would close the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "plan",
        help="list the activities that would close the gaps",
        description="List a few activities that would close the gaps, and where each criterion would stand.",
    )
    common.add_path(parser)
    common.add_scoring_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the plan as text."""
    from gatsbykit.insight import closing_plan  # noqa: PLC0415 (help and bad usage answer at once)

    found = closing_plan(
        common.read(given.path),
        as_of=common.as_of(given),
        edition=given.edition,
        settings=common.settings(given),
    )
    return common.shown(given, found)
