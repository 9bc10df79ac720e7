"""``gatsbykit training``: how a programme of training ran, and what it showed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    import argparse

__all__ = ["add"]


def add(commands: common.Commands) -> None:
    """Describe the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "training",
        help="say what the training of careers leaders showed",
        description=(
            "Say how a programme of training for careers leaders ran, and what is shown, what is only "
            "claimed and what it is too early to know, level by level."
        ),
    )
    parser.add_argument(
        "path", metavar="PATH", help="a folder with training.json, such a file, or - for standard input"
    )
    parser.add_argument(
        "--as-of", type=common.iso_date, metavar="DATE", help="the date of the report, YYYY-MM-DD (today)"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="for people, for programs, or as one page",
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> str:
    """Return the report as text."""
    from gatsbykit.practice.training import load_training, read_training  # noqa: PLC0415 (help answers at once)
    from gatsbykit.practice.training_report import training_report  # noqa: PLC0415 (the same)

    if given.path == "-":
        found = read_training(sys.stdin.buffer.read(), name="standard input")
    else:
        found = load_training(Path(given.path))
    report = training_report(found.training, as_of=common.as_of(given), notes=found.notes)
    if given.format == "html":
        from gatsbykit.report.training import training_html  # noqa: PLC0415 (the same)

        return training_html(report)
    return common.shown(given, report)
