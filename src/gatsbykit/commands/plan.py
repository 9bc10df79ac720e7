"""``gatsbykit plan``: which activities would close the gaps."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from gatsbykit.commands import common

if TYPE_CHECKING:
    from gatsbykit.insight.option_plan import OptionPlan

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
    parser.add_argument(
        "--options",
        metavar="PATH",
        help=(
            "choose sessions among the options of a JSON file, or among the usual ones with the word usual: "
            "what the programme plans, what was done before, what most schools could put on"
        ),
    )
    parser.add_argument(
        "--budget", type=_amount, metavar="POUNDS", help="with --options: what there is to spend"
    )
    parser.add_argument("--hours", type=_amount, metavar="HOURS", help="with --options: the leader's hours")
    parser.add_argument(
        "--by", type=common.iso_date, metavar="DATE", help="with --options: the last day (31 August)"
    )
    parser.add_argument(
        "--goal",
        choices=("least_cost", "most_learners"),
        default="least_cost",
        help="with --options: what the plan is to be best at (least_cost)",
    )
    parser.add_argument(
        "--disadvantaged-first", action="store_true", help="with --options: their gaps before those of others"
    )
    parser.add_argument(
        "--solver",
        choices=("auto", "exact", "greedy"),
        default="auto",
        help="with --options: exact needs scipy (exact where it is installed)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people or programs")
    parser.set_defaults(run=run)


def _amount(text: str) -> Fraction:
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount; write it as 1200 or 7.5")
    return Fraction(text)


def run(given: argparse.Namespace) -> str:
    """Return the plan as text."""
    from gatsbykit.insight import closing_plan  # noqa: PLC0415 (help and bad usage answer at once)

    if given.options is not None:
        return common.shown(given, _by_options(given))
    found = closing_plan(
        common.read(given.path),
        as_of=common.as_of(given),
        edition=given.edition,
        settings=common.settings(given),
    )
    return common.shown(given, found)


def _by_options(given: argparse.Namespace) -> OptionPlan:
    """Return a plan of sessions of options; the command's limits win over those of the file."""
    from gatsbykit.insight.options import load_request  # noqa: PLC0415 (the same)
    from gatsbykit.insight.planning import plan_by_options  # noqa: PLC0415 (the same)
    from gatsbykit.model.options import PlanningLimits  # noqa: PLC0415 (the same)

    request = None if given.options == "usual" else load_request(given.options)
    written = PlanningLimits() if request is None else request.limits
    limits = PlanningLimits(
        budget=written.budget if given.budget is None else given.budget,
        leader_hours=written.leader_hours if given.hours is None else given.hours,
        sessions=written.sessions,
        by=written.by if given.by is None else given.by,
    )
    return plan_by_options(
        common.read(given.path),
        as_of=common.as_of(given),
        options=None if request is None else request.options,
        limits=limits,
        goal=given.goal,
        disadvantaged_first=given.disadvantaged_first,
        solver=given.solver,
        edition=given.edition,
        settings=common.settings(given),
    )
