"""Timing two things side by side, so that a machine whose speed drifts is fair to both."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

__all__ = ["Comparison", "Run", "compare", "compared", "table", "time_words"]


class Comparison(NamedTuple):
    """One row of the table of benchmarks.

    Attributes:
        work: What is done.
        peer: What it is compared with.
        ours: What ours takes, in words.
        theirs: What the peer takes, in words.
        found: What the comparison says, in words.
        target: What is to be reached, in words.
        reached: Whether it was.
    """

    work: str
    peer: str
    ours: str
    theirs: str
    found: str
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


def compare(
    work: str, peer: str, run: Run, *, at_least: float | Fraction, target: str, rounds: int = 15
) -> Comparison:
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
    return compared(work, peer, ours, theirs, at_least=at_least, target=target)


def compared(
    work: str,
    peer: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    at_least: float | Fraction,
    target: str,
) -> Comparison:
    """Compare seconds that were taken in turn: the median of the ratios of the pairs."""
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    return Comparison(
        work=work,
        peer=peer,
        ours=time_words(statistics.median(ours)),
        theirs=time_words(statistics.median(theirs)),
        found=f"{ratio:,.2f} times faster" if at_least >= 1 else f"{1 / ratio:.2f} times its time",
        target=target,
        reached=ratio >= at_least,
    )


def time_words(seconds: float) -> str:
    """Return seconds in a unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def table(comparisons: list[Comparison]) -> str:
    """Return comparisons as a Markdown table."""
    lines = [
        "| work | peer in the same run | ours | peer | found | to reach | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.work} | {one.peer} | {one.ours} | {one.theirs} "
        f"| {one.found} | {one.target} | {'yes' if one.reached else 'no'} |"
        for one in comparisons
    ]
    return "\n".join(lines)
