"""An attended, meaningful activity never lowers a score."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import given, reject
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.model.encounters import CHECKLIST_ITEMS
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.laws import counts, score


@given(scored_cases(), st.data())
def test_more_can_only_help(case: ScoredCase, data: st.DataObject) -> None:
    """An attended, meaningful activity never lowers a numerator; turning one off never raises it.

    The learner has no other row with an override in that activity: attending would make a row of a
    weaker status lose, and its override with it.
    """
    rows = case.records.participations
    people, events = case.records.learners, case.records.activities
    if rows is None or not people or not events:
        reject()
    learner, activity = data.draw(st.sampled_from(people)), data.draw(st.sampled_from(events))
    facts: dict[str, Any] = dict.fromkeys((*CHECKLIST_ITEMS, "meaningful"), True)
    meaningful = attrs.evolve(activity, **facts)
    events = tuple(meaningful if one is activity else one for one in events)
    rows = tuple(
        row
        for row in rows
        if (row.learner_id, row.activity_id) != (learner.learner_id, activity.activity_id)
        or (row.year_group is None and row.status != "attended")
    )
    added = gk.Participation(activity.activity_id, learner.learner_id)
    without = counts(score(case, activities=events, participations=rows))
    having = counts(score(case, activities=events, participations=(*rows, added)))
    assert without.keys() == having.keys()
    for name, (numerator, denominator) in without.items():
        assert having[name][0] >= numerator
        assert having[name][1] == denominator
