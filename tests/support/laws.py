"""What the laws of scoring are said in: a case scored, and every count of learners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

import gatsbykit as gk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.scoring import Tally
    from gatsbykit.testing import ScoredCase


Counts = dict[str, tuple[int, int]]


def score(case: ScoredCase, **changes: Any) -> gk.Scorecard:
    return gk.score(
        attrs.evolve(case.records, **changes),
        as_of=case.as_of,
        edition=case.edition,
        settings=gk.Settings(unknown=case.unknown),
    )


def tallies(card: gk.Scorecard) -> Iterator[tuple[str, Tally]]:
    """Give every count of learners: the third phase of provider access counts occasions."""
    for one in card.criteria:
        if one.tally is not None:
            yield one.criterion.id, one.tally
    for name, phase in (card.provider_access or {}).items():
        if name != "third":
            yield name, phase.tally
    yield from (card.work_experience or {}).items()


def counts(card: gk.Scorecard) -> Counts:
    found: Counts = {}
    for name, tally in tallies(card):
        found[name] = tally.numerator, tally.denominator
        found |= {f"{name} Year {year}": pair for year, pair in tally.on_track.items()}
    return found


def judged(card: gk.Scorecard) -> dict[str, Any]:
    """Return the scorecard without its warnings."""
    return {**card.to_dict(), "warnings": None}
