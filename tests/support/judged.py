"""What two implementations of a score have to agree on."""

from __future__ import annotations

from typing import Any


def judged(card: dict[str, Any]) -> dict[str, Any]:
    """Return what both implementations say: everything but texts and warnings."""
    texts = {"text", "source", "interpretation"}
    unjudged = {"benchmarks", "warnings", "rules", "settings"}
    return {
        **{key: value for key, value in card.items() if key not in unjudged},
        "benchmarks": [
            {
                **{key: value for key, value in benchmark.items() if key not in {"criteria", "title"}},
                "criteria": [
                    {key: value for key, value in criterion.items() if key not in texts}
                    for criterion in benchmark["criteria"]
                ],
            }
            for benchmark in card["benchmarks"]
        ],
    }
