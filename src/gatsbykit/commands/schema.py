"""``gatsbykit schema``: the JSON Schema of the exchange document or of the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "schema",
        help="print the JSON Schema of the exchange document or of the scorecard",
        description="Print the JSON Schema (2020-12) of the exchange document or of the scorecard.",
    )
    parser.add_argument(
        "what", nargs="?", choices=("document", "scorecard"), default="document", help="which (document)"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the schema as text."""
    from gatsbykit.exchange.schema import document_schema  # noqa: PLC0415 (help answers at once)
    from gatsbykit.scoring.schema import scorecard_schema  # noqa: PLC0415 (help answers at once)

    made = document_schema() if given.what == "document" else scorecard_schema()
    return common.as_json(made)
