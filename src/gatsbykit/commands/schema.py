"""``gatsbykit schema``: the JSON Schema of a format that we read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]

_FORMATS = ("document", "scorecard", "training", "training-report")


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "schema",
        help="print the JSON Schema of the exchange document, the scorecard or the training formats",
        description="Print the JSON Schema (2020-12) of a format.",
    )
    parser.add_argument("what", nargs="?", choices=_FORMATS, default="document", help="which (document)")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the schema as text."""
    return common.as_json(_schema(given.what))


def _schema(what: str) -> dict[str, Any]:
    # What is loaded here would make help and bad usage wait.
    match what:
        case "training":
            from gatsbykit.practice.training import training_schema  # noqa: PLC0415

            return training_schema()
        case "training-report":
            from gatsbykit.practice.training_schema import training_report_schema  # noqa: PLC0415

            return training_report_schema()
        case "scorecard":
            from gatsbykit.scoring.schema import scorecard_schema  # noqa: PLC0415

            return scorecard_schema()
        case _:
            from gatsbykit.exchange.schema import document_schema  # noqa: PLC0415

            return document_schema()
