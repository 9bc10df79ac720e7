"""``gatsbykit score``: a school's data goes in, a scorecard comes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "score",
        help="score an institution from its records",
        description="Score an institution from its records. Exit status: 0 scored, 2 the input has errors.",
    )
    common.add_path(parser)
    common.add_scoring_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Score the records and return the scorecard as text."""
    from gatsbykit.scoring import score  # noqa: PLC0415 (help and bad usage answer at once)

    card = score(
        common.read(given.path),
        as_of=common.as_of(given),
        edition=given.edition,
        settings=common.settings(given),
    )
    if given.format == "json":
        return json.dumps(card.to_dict(), ensure_ascii=False, indent=1)
    from gatsbykit.reports import scorecard_text  # noqa: PLC0415 (the same)

    return scorecard_text(card, colour=common.wants_colour())
