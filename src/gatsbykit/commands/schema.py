"""``gatsbykit schema``: the JSON Schema of what the library reads and writes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]

_SCHEMAS: Final = {
    "document": "exchange.schema:document_schema",
    "scorecard": "scoring.schema:scorecard_schema",
    "programme": "exchange.programme:programme_schema",
    "community": "practice.networks:community_schema",
    "options": "insight.options:request_schema",
    "training": "practice.training:training_schema",
    "training-report": "practice.training_schema:training_report_schema",
}
"""Where each schema is made; looked up when it is asked for, so that help answers at once."""


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "schema",
        help="print the JSON Schema of what is read or written",
        description=(
            "Print the JSON Schema (2020-12) of the exchange document, of the scorecard, of a careers "
            "programme, of a group, of the options of a plan, of training or of its report."
        ),
    )
    parser.add_argument("what", nargs="?", choices=(*_SCHEMAS,), default="document", help="which (document)")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the schema as text."""
    module, _, name = _SCHEMAS[given.what].partition(":")
    made = getattr(importlib.import_module(f"gatsbykit.{module}"), name)()
    return common.as_json(made)
