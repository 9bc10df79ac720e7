"""Writing scorecards as the exchange format has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gatsbykit.exchange.writing import answer_value
from gatsbykit.scoring.plan import adviser_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatsbykit.scoring.measurement import Tally
    from gatsbykit.scoring.scorecard import CriterionResult, Scorecard

__all__ = ["SCORECARD_FORMAT", "scorecard_document"]

SCORECARD_FORMAT: Final = "gatsbykit-scorecard/1"
"""The name and version of the scorecard's format."""


def scorecard_document(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as the exchange format writes it, ready for `json`."""
    return {
        "format": SCORECARD_FORMAT,
        "institution": {
            "id": str(card.institution.id),
            "name": card.institution.name,
            "kind": card.institution.kind.value,
        },
        "edition": card.edition.key,
        "as_of": card.as_of.isoformat(),
        "academic_year": str(card.academic_year),
        "achieved": _plain(card.achieved),
        "applicable": card.applicable,
        "benchmarks": [
            {
                "number": result.number,
                "title": result.title,
                "status": _plain(result.status),
                "percent": _plain(result.percent),
                "criteria": [_criterion(one) for one in result.criteria],
            }
            for result in card.benchmarks
        ],
        "provider_access": None
        if card.provider_access is None
        else {
            name: {"status": phase.status.value, **_counts(phase.tally)}
            for name, phase in card.provider_access.items()
        },
        "work_experience": None
        if card.work_experience is None
        else {name: _counts(tally) for name, tally in card.work_experience.items()},
        "warnings": [
            {"code": notice.code, "message": notice.message, "count": notice.count, "where": notice.where}
            for notice in card.warnings
        ],
        "rules": {"fingerprint": f"sha256:{card.fingerprint}"},
        "settings": {
            "unknown": card.settings.unknown,
            "adviser_level": adviser_level(card.edition, card.settings),
            "at_least": dict(sorted(card.settings.at_least.items())),
        },
    }


def _plain(by_preset: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(preset): value if value is None or isinstance(value, int) else str(value)
        for preset, value in by_preset.items()
    }


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "numerator": tally.numerator,
        "denominator": tally.denominator,
        "missing": list(tally.missing),
    }


def _criterion(result: CriterionResult) -> dict[str, Any]:
    criterion = result.criterion
    nobody = {"numerator": None, "denominator": None, "missing": None}
    on_track = result.on_track
    return {
        "id": criterion.id,
        "type": criterion.type,
        "basis": result.basis,
        "status": _plain(result.status),
        **(nobody if result.tally is None else _counts(result.tally)),
        "text": criterion.text,
        "source": "; ".join(f"{source.title} ({source.where})" for source in criterion.sources),
        "interpretation": criterion.interpretation,
        "deadline": None if result.deadline is None else result.deadline.isoformat(),
        "on_track": None
        if on_track is None
        else {
            str(year): {"numerator": numerator, "denominator": denominator}
            for year, (numerator, denominator) in on_track.items()
        },
        "claim": None if result.claim is None else answer_value(result.claim),
    }
