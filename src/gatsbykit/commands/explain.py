"""``gatsbykit explain``: why a criterion came out as it did, and why for one learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "explain",
        help="say why a criterion came out as it did, for one learner too",
        description="Say what a criterion asks for, whom it is about and why it came out as it did.",
    )
    common.add_path(parser)
    parser.add_argument("--criterion", required=True, metavar="ID", help="the criterion, such as 6a")
    parser.add_argument("--learner", metavar="ID", help="explain what came out for this learner too")
    common.add_scoring_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the explanation as text."""
    from gatsbykit.insight import explain  # noqa: PLC0415 (help and bad usage answer at once)

    found = explain(
        common.read(given.path),
        given.criterion,
        as_of=common.as_of(given),
        learner=given.learner,
        edition=given.edition,
        settings=common.settings(given),
    )
    return common.shown(given, found)
