"""``gatsbykit groups``: whether some groups of learners are served worse."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    from gatsbykit.insight import Groups, PublishedGroups

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "groups",
        help="break shares down by year group, sex, disadvantage and so on",
        description=(
            "Break every share down by attributes of the learners and compare each group with the rest. "
            "With --publish small counts are hidden, and whatever would give one away."
        ),
    )
    common.add_path(parser)
    parser.add_argument(
        "--by", action="append", metavar="ATTRIBUTE", help="an attribute, such as sex; may be repeated (all)"
    )
    parser.add_argument("--publish", action="store_true", help="hide small counts; leave out intervals")
    parser.add_argument(
        "--minimum",
        type=_minimum,
        metavar="N",
        help="with --publish: the least count that is shown",
    )
    parser.add_argument("--show-zeros", action="store_true", help="with --publish: show counts of nobody")
    common.add_scoring_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def _minimum(text: str) -> int:
    if not (text.isdecimal() and text.isascii() and 0 < int(text) < 10**6):
        raise argparse.ArgumentTypeError(f"{text!r} is not a minimum; expected a whole number, 1 or more")
    return int(text)


def run(given: argparse.Namespace) -> str:
    """Return the groups as text."""
    from gatsbykit.insight import disclosure, grouping  # noqa: PLC0415 (help and bad usage answer at once)

    records, as_of, settings = common.read(given.path), common.as_of(given), common.settings(given)
    by = tuple(dict.fromkeys(given.by or grouping.ATTRIBUTES))
    found: Groups | PublishedGroups
    if given.publish:
        found = grouping.publish_groups(
            records,
            as_of=as_of,
            by=by,
            edition=given.edition,
            settings=settings,
            minimum=given.minimum or disclosure.MINIMUM,
            show_zeros=given.show_zeros,
        )
    else:
        found = grouping.groups(records, as_of=as_of, by=by, edition=given.edition, settings=settings)
    return common.shown(given, found)
