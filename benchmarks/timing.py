"""Timing two things side by side, so that a machine whose speed drifts is fair to both."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Comparison", "Run", "compare", "table"]


class Comparison(NamedTuple):
    """One row of the table of benchmarks.

    Attributes:
        work: What is done.
        peer: What it is compared with.
        ours: Median seconds of ours.
        theirs: Median seconds of the peer.
        ratio: Median, over the pairs of runs, of theirs divided by ours.
        target: What is to be reached, in words.
        reached: Whether it was.
    """

    work: str
    peer: str
    ours: float
    theirs: float
    ratio: float
    target: str
    reached: bool


class Run(NamedTuple):
    """Two things to be timed in turn.

    Attributes:
        ours: Does our work once.
        theirs: Does the peer's work once.
        times: How many units of work a call does, for ours and for the peer.
    """

    ours: Callable[[], object]
    theirs: Callable[[], object]
    times: tuple[int, int] = (1, 1)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(work: str, peer: str, run: Run, *, at_least: float, target: str, rounds: int = 15) -> Comparison:
    """Time two things in turn, and compare them pair by pair.

    Args:
        work: What ours does.
        peer: What it is compared with.
        run: The two.
        at_least: The least ratio of the peer's time to ours.
        target: The same in words.
        rounds: How many pairs of runs, after one that does not count.
    """
    run.ours()
    run.theirs()
    ours: list[float] = []
    theirs: list[float] = []
    gc.collect()
    for _ in range(rounds):
        ours.append(_seconds(run.ours) / run.times[0])
        theirs.append(_seconds(run.theirs) / run.times[1])
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    return Comparison(
        work=work,
        peer=peer,
        ours=statistics.median(ours),
        theirs=statistics.median(theirs),
        ratio=ratio,
        target=target,
        reached=ratio >= at_least,
    )


def _time_words(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def table(comparisons: list[Comparison]) -> str:
    """Return comparisons as a Markdown table."""
    lines = [
        "| work | peer in the same run | ours | peer | peer / ours | to reach | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.work} | {one.peer} | {_time_words(one.ours)} | {_time_words(one.theirs)} "
        f"| {one.ratio:,.2f} | {one.target} | {'yes' if one.reached else 'no'} |"
        for one in comparisons
    ]
    return "\n".join(lines)
