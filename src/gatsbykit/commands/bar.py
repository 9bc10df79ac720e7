"""The bar of ``score-all`` on a terminal; needs rich, which comes with ``gatsbykit[country]``."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TextIO

    from rich.progress import Task

__all__ = ["bar", "course"]

_BAR_WIDTH = 20


@contextlib.contextmanager
def bar(stream: TextIO) -> Generator[Callable[[int, int, int], None], None, None]:
    """Draw a bar on a terminal until the end of the block.

    Args:
        stream: The terminal.

    Yields:
        What is to be called as the work goes on; see ``progress`` of `gatsbykit.frames.folder.score_folder`.
    """
    columns = (BarColumn(bar_width=_BAR_WIDTH), _Course())
    console = Console(file=stream)
    with Progress(*columns, console=console, redirect_stdout=False, redirect_stderr=False) as progress:
        task = progress.add_task("institutions", total=None, resumed=0, seconds=0.0)

        def show(done: int, resumed: int, total: int) -> None:
            if not done:  # from here on it is scoring
                progress.reset(task, total=total)
            seconds = progress.tasks[task].elapsed or 0.0
            progress.update(task, completed=done, resumed=resumed, seconds=seconds)

        yield show


class _Course(ProgressColumn):
    """What stands beside the bar."""

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text("reading the tables")
        seconds = task.fields["seconds"]
        return Text(
            course(
                int(task.completed),
                task.fields["resumed"],
                int(task.total),
                seconds=seconds,
                waited=(task.elapsed or seconds) - seconds,
            )
        )


def course(done: int, resumed: int, total: int, *, seconds: float, waited: float) -> str:
    """Return how far scoring is, how fast it goes and how long it will take.

    Args:
        done: How many institutions are done.
        resumed: How many of them an interrupted run had done.
        total: How many there are.
        seconds: How long it took until these were done.
        waited: How many seconds have gone by since.

    Examples:
        >>> course(1500, 500, 5000, seconds=20, waited=10)
        '1,500 of 5,000 institutions, 50 a second, 0:01:00 left'
    """
    words = f"{done:,} of {total:,} institutions"
    scored = done - resumed
    if not scored or not seconds:
        return words
    rate = scored / seconds
    words += f", {rate:,.0f} a second" if rate >= 1 else f", {rate * 60:,.0f} a minute"
    if done == total:
        return words
    left = timedelta(seconds=max(0, round((total - done) / rate - waited)))
    return f"{words}, {left} left"
