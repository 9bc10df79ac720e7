"""``gatsbykit score``: a school's data goes in, a scorecard comes out."""

from __future__ import annotations

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
    parser.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="for people, for programs, or one page with gaps and groups (text)",
    )
    parser.add_argument(
        "--with-learners",
        action="store_true",
        help="with --format html: name the missing learners by their ids and hide no small counts",
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Score the records and return the scorecard as text."""
    records, as_of, settings = common.read(given.path), common.as_of(given), common.settings(given)
    if given.format == "html":
        from gatsbykit.report import report_html  # noqa: PLC0415 (help and bad usage answer at once)

        return report_html(
            records,
            as_of=as_of,
            edition=given.edition,
            settings=settings,
            with_learners=given.with_learners,
        ).rstrip("\n")
    from gatsbykit.scoring import score  # noqa: PLC0415 (the same)

    card = score(records, as_of=as_of, edition=given.edition, settings=settings)
    if given.format == "json":
        return common.shown(given, card)
    from gatsbykit.scoring.scorecard import scorecard_text  # noqa: PLC0415 (the same)

    return scorecard_text(card, colour=common.wants_colour())
