"""Small builders: an institution as a test describes it, scored by the engine and by the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import gatsbykit as gk
from gatsbykit.model.encounters import CHECKLIST_ITEMS, PROVIDER_ACCESS_ITEMS
from tests.support import oracle
from tests.support.judged import judged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gatsbykit.scoring import CriterionResult

MEANINGFUL: Final[dict[str, Any]] = dict.fromkeys(CHECKLIST_ITEMS, True)
OCCASION: Final[dict[str, Any]] = {
    **dict.fromkeys((*PROVIDER_ACCESS_ITEMS, "school_day"), True),
    "providers": ["Northern College"],
}


_Rows = TypeVar("_Rows", bound=tuple[Any, ...])


def present(rows: _Rows | None) -> _Rows:
    """Return the rows of a table that has to be there."""
    assert rows is not None
    return rows


def learner(learner_id: str = "L", year: int | None = 11, **facts: Any) -> gk.Learner:
    return gk.Learner(learner_id=learner_id, year_group=year, **facts)


def activity(day: date, *kinds: str, activity_id: str = "A", **facts: Any) -> gk.Activity:
    return gk.Activity(
        activity_id=activity_id, date=day, kinds=frozenset(map(gk.ActivityKind, kinds)), **facts
    )


def row(
    status: str = "attended", year: int | None = None, *, activity_id: str = "A", learner_id: str = "L"
) -> gk.Participation:
    return gk.Participation(activity_id, learner_id, gk.ParticipationStatus(status), year)


def records(
    learners: Iterable[gk.Learner],
    activities: Iterable[gk.Activity] | None = (),
    rows: Iterable[gk.Participation] | None = None,
    *,
    kind: str = "secondary_school",
    **more: Any,
) -> gk.Records:
    """Make records; unless there are rows everybody attended everything."""
    learners = tuple(learners)
    if activities is not None:
        activities = tuple(activities)
        if rows is None:
            rows = [
                gk.Participation(one.activity_id, who.learner_id) for one in activities for who in learners
            ]
    return gk.Records(
        institution=gk.Institution(name="Northfield School", kind=gk.InstitutionKind(kind)),
        learners=learners,
        activities=activities,
        participations=rows,
        **more,
    )


def scored(
    found: gk.Records,
    as_of: date,
    edition: str | None = None,
    *,
    unknown: Literal["exclude", "include"] = "exclude",
) -> gk.Scorecard:
    """Score records, and make sure that the straightforward implementation agrees."""
    card = gk.score(found, as_of=as_of, edition=edition, settings=gk.Settings(unknown=unknown))
    assert judged(card.to_dict()) == judged(
        oracle.score(found, as_of=as_of, edition=edition, unknown=unknown)
    )
    return card


def result(card: gk.Scorecard, criterion_id: str) -> tuple[int | None, int | None]:
    """Return the numerator and the denominator of a criterion."""
    one: CriterionResult = card[criterion_id]
    return one.numerator, one.denominator


def warned(card: gk.Scorecard) -> dict[str, int]:
    """Return the counts of a scorecard's warnings by their codes."""
    return {notice.code: notice.count for notice in card.warnings}
