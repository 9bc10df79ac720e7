"""Activities after the date, learners who are not there and rows that lead nowhere change nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
from hypothesis import given, reject
from hypothesis import strategies as st

from gatsbykit.testing import ScoredCase, activities, destinations, learners, participations, scored_cases
from tests.support.laws import judged, score


@given(scored_cases(), st.data())
def test_what_does_not_count_changes_nothing_but_the_warnings(case: ScoredCase, data: st.DataObject) -> None:
    found, as_of = case.records, case.as_of
    if found.learners is None:
        reject()
    late = attrs.evolve(
        data.draw(activities(activity_id="too late", as_of=as_of)),
        date=as_of + timedelta(days=data.draw(st.integers(1, 400))),
    )
    joins = as_of + timedelta(days=data.draw(st.integers(1, 400)))
    absentee = attrs.evolve(
        data.draw(learners(found.institution.kind, learner_id="not yet", as_of=as_of)),
        on_roll_from=joins,
        on_roll_to=None,
    )
    before = judged(score(case))
    more: dict[str, Any] = {"learners": (*found.learners, absentee)}
    ids = [one.learner_id for one in more["learners"]]
    if found.activities is not None and found.participations is not None:
        more["activities"] = (*found.activities, late)
        strangers = st.lists(participations(activity_ids=["too late", "?"], learner_ids=[*ids, "?"]))
        events = [one.activity_id for one in found.activities] or ["?"]
        outsiders = st.lists(participations(activity_ids=events, learner_ids=["?", "not yet"]))
        more["participations"] = (*found.participations, *data.draw(strangers), *data.draw(outsiders))
    if found.destinations is not None:
        astray = st.lists(destinations(learner_ids=["?", "not yet"]), max_size=3)
        more["destinations"] = (*found.destinations, *data.draw(astray))
    assert judged(score(case, **more)) == before
