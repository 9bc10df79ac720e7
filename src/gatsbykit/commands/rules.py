"""``gatsbykit rules``: the rules, for people and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "rules",
        help="show the rules, with their sources",
        description="Show the rules of an edition, or of all of them, with their sources.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("edition", metavar="EDITION", nargs="?", help="an edition, such as 2025-school (all)")
    what.add_argument(
        "--diff", nargs=2, metavar=("BEFORE", "AFTER"), help="what differs between two editions instead"
    )
    what.add_argument("--schema", action="store_true", help="the JSON Schema of the rules as JSON instead")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the rules, a difference or the schema as text."""
    from gatsbykit.rules import EDITION_KEYS, edition  # noqa: PLC0415 (help and bad usage answer at once)
    from gatsbykit.rules.differences import edition_difference  # noqa: PLC0415 (the same)
    from gatsbykit.rules.document import (  # noqa: PLC0415 (the same)
        difference_document,
        rules_document,
    )
    from gatsbykit.rules.schema import rules_schema  # noqa: PLC0415 (the same)
    from gatsbykit.rules.text import difference_text, rules_text  # noqa: PLC0415 (the same)

    if given.schema:
        return common.as_json(rules_schema())
    if given.diff:
        difference = edition_difference(*map(edition, given.diff))
        if given.format == "json":
            return common.as_json(difference_document(difference))
        return difference_text(difference)
    keys = EDITION_KEYS if given.edition is None else [given.edition]
    if given.format == "json":
        return common.as_json(rules_document(keys))
    return rules_text(keys)
