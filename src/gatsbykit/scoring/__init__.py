"""Scoring: an edition is compiled into a plan, a lane counts, and the counts are judged.

Examples:
    >>> import gatsbykit as gk
    >>> from datetime import date
    >>> school = gk.Records(
    ...     institution=gk.Institution(name="Northfield School", kind="secondary_school"),
    ...     learners=[gk.Learner(learner_id="L1", year_group=9), gk.Learner(learner_id="L2", year_group=9)],
    ...     activities=[
    ...         gk.Activity(activity_id="A1", date=date(2025, 11, 4), kinds={"labour_market_information"})
    ...     ],
    ...     participations=[gk.Participation("A1", "L1")],
    ... )
    >>> card = gk.score(school, as_of=date(2026, 7, 10))
    >>> card["2a"].numerator, card["2a"].denominator, card["2a"].missing
    (1, 2, ('L2',))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.model.fields import read_as
from gatsbykit.model.records import Records
from gatsbykit.rules import resolve_edition
from gatsbykit.scoring.following import declared
from gatsbykit.scoring.judging import build_scorecard
from gatsbykit.scoring.measurement import Tally
from gatsbykit.scoring.objects import measure
from gatsbykit.scoring.plan import (
    DEFAULTS,
    AccessRule,
    HoursRule,
    LeaverRule,
    Mark,
    Need,
    Plan,
    Settings,
    ShareRule,
    Test,
    compile_plan,
)
from gatsbykit.scoring.scorecard import BenchmarkResult, CriterionResult, PhaseResult, Scorecard

if TYPE_CHECKING:
    from datetime import date

    from gatsbykit.rules import Edition
    from gatsbykit.scoring.ledger import Ledger

__all__ = [
    "DEFAULTS",
    "AccessRule",
    "BenchmarkResult",
    "CriterionResult",
    "HoursRule",
    "LeaverRule",
    "Ledger",
    "Mark",
    "Need",
    "PhaseResult",
    "Plan",
    "Scorecard",
    "Settings",
    "ShareRule",
    "Tally",
    "Test",
    "compile_plan",
    "score",
]


def score(
    records: Records, *, as_of: date, edition: str | Edition | None = None, settings: Settings = DEFAULTS
) -> Scorecard:
    """Score an institution.

    Args:
        records: The institution's records; nothing in them is changed.
        as_of: The date of the assessment. There is no default: the library reads no clock.
        edition: The edition or its key; by default the one in force on the date for this kind of
            institution.
        settings: The caller's choices, such as what unknowns count as.

    Returns:
        The scorecard, with the results at all presets.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        RecordsError: Ids are not unique, or answers do not fit the edition.
        SettingsError: The settings do not fit the edition.
    """
    read_as(Records, "score", "records", records)
    chosen = resolve_edition(records.institution.kind, as_of, edition)
    plan = compile_plan(chosen, as_of, settings)
    given = records.answers.get(chosen.key, {})
    answers = declared(given, records.programme, chosen, as_of, records.learners)
    return build_scorecard(plan, records.institution, answers, measure(plan, records), records.notes)


def __getattr__(name: str) -> object:
    # A ledger reads and writes records: what it loads for that costs more than scoring itself.
    if name == "Ledger":
        from gatsbykit.scoring.ledger import Ledger  # noqa: PLC0415 (see above)

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
