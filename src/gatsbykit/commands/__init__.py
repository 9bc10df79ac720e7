"""The command line: one module a command, each with a function ``add`` that describes it.

A command returns the text for standard output, or an outcome with an exit status of its own.
Errors in the input are listed on standard error, all of them, and then standard output stays
empty; only a report of errors that was asked for is output.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from typing import TYPE_CHECKING

from gatsbykit.commands import (
    common,
    compare,
    explain,
    gaps,
    groups,
    indicators,
    plan,
    programme,
    rules,
    schema,
    score,
    score_all,
    training,
    validate,
)
from gatsbykit.errors import GatsbykitError
from gatsbykit.issues import InvalidRecords
from gatsbykit.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "parser"]

_UNWRITTEN = 1
_INTERRUPTED = 130
_COMMANDS = (
    score,
    score_all,
    explain,
    gaps,
    groups,
    plan,
    programme,
    indicators,
    training,
    compare,
    validate,
    rules,
    schema,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments, by default those of the process.

    Returns:
        The exit status: 0 when the work was done, 2 when the input has errors, 1 when the result
        cannot be written, 130 when somebody interrupted the work.
    """
    given = parser().parse_args(arguments)
    # A file may hold any character; a terminal that lacks one gets a substitute, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        outcome: str | common.Outcome = given.run(given)
    except InvalidRecords as errors:
        for issue in errors.issues:
            sys.stderr.write(f"{issue}\n")
        sys.stderr.write(f"{counted(errors.count, 'error')}; nothing was done\n")
        return common.INVALID
    except GatsbykitError as error:
        sys.stderr.write(f"{error}\n")
        return common.INVALID
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        return _INTERRUPTED
    except OSError as error:  # what cannot be read is in the list of errors
        return _unwritten(error)
    output, status = (outcome, 0) if isinstance(outcome, str) else outcome
    try:
        sys.stdout.write(f"{output}\n")
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # otherwise whoever reads has seen enough
            return _unwritten(error)
    return status


def _unwritten(error: OSError) -> int:
    sys.stderr.write(f"the result cannot be written: {error.strerror}\n")
    return _UNWRITTEN


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments of the command line."""
    made = argparse.ArgumentParser(
        prog="gatsbykit",
        description="The Gatsby Benchmarks of Good Career Guidance (England), scored by documented rules.",
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return made
