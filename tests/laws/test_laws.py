"""The laws of scoring.md, section 8: they hold for every dataset and every edition."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import given, reject
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.model.encounters import CHECKLIST_ITEMS
from gatsbykit.rules.grading import PRESETS, CriterionStatus
from gatsbykit.testing import ScoredCase, activities, destinations, learners, participations, scored_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from gatsbykit.scoring import BenchmarkResult, Tally

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


@given(scored_cases(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(case: ScoredCase, chance: Random) -> None:
    def shuffled(rows: Iterable[Any] | None, *, repeat: bool) -> list[Any] | None:
        if rows is None:
            return None
        rows = list(rows)
        if repeat and rows:
            rows += chance.choices(rows, k=5)
        chance.shuffle(rows)
        return rows

    found = case.records
    again = score(
        case,
        learners=shuffled(found.learners, repeat=False),
        activities=shuffled(found.activities, repeat=False),
        participations=shuffled(found.participations, repeat=True),
        destinations=shuffled(found.destinations, repeat=True),
        answers={key: found.answers[key] for key in sorted(found.answers, reverse=True)},
    )
    assert again.to_dict() == score(case).to_dict()


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


@given(scored_cases(), st.data())
def test_parts_add_up(case: ScoredCase, data: st.DataObject) -> None:
    people = case.records.learners
    if people is None:
        reject()
    cut = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    parts = [[one for one, here in zip(people, cut, strict=True) if here is side] for side in (True, False)]
    whole = score(case)
    numerators: Counter[str] = Counter()
    denominators: Counter[str] = Counter()
    missing: dict[str, list[str]] = {}
    for part in parts:
        card = score(case, learners=part)
        for name, (numerator, denominator) in counts(card).items():
            numerators[name] += numerator
            denominators[name] += denominator
        for name, tally in tallies(card):
            missing.setdefault(name, []).extend(tally.missing)
    for name, (numerator, denominator) in counts(whole).items():
        assert (numerators[name], denominators[name]) == (numerator, denominator)
    for name, tally in tallies(whole):
        assert sorted(missing[name]) == list(tally.missing)


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


@given(scored_cases())
def test_including_the_unknown_never_lowers_a_numerator(case: ScoredCase) -> None:
    exclude = counts(score(case._replace(unknown="exclude")))
    include = counts(score(case._replace(unknown="include")))
    assert exclude.keys() == include.keys()
    for name, (numerator, denominator) in exclude.items():
        assert include[name][0] >= numerator
        assert include[name][1] == denominator


@given(scored_cases())
def test_a_scorecard_is_consistent(case: ScoredCase) -> None:
    before = repr([getattr(case.records, field.name) for field in attrs.fields(gk.Records)])
    card = score(case)
    assert_counts_are_whole(case, card)
    assert_stricter_presets_are_met_less(card)
    for benchmark in card.benchmarks:
        assert_percent_is_rounded_down(benchmark)
    # Scoring changes nothing, and repeats itself; claims change no count.
    assert repr([getattr(case.records, field.name) for field in attrs.fields(gk.Records)]) == before
    assert score(case) == card
    assert counts(score(case, answers={})) == counts(card)


def assert_counts_are_whole(case: ScoredCase, card: gk.Scorecard) -> None:
    known = {learner.learner_id for learner in case.records.learners or ()}
    for _, tally in tallies(card):
        assert 0 <= tally.numerator <= tally.denominator
        assert tally.numerator + len(tally.missing) == tally.denominator
        assert list(tally.missing) == sorted({*tally.missing})
        assert known.issuperset(tally.missing)
        assert all(0 <= met <= of for met, of in tally.on_track.values())


def assert_stricter_presets_are_met_less(card: gk.Scorecard) -> None:
    for one in card.criteria:
        met = [one.status[preset] == "met" for preset in PRESETS]
        assert met == sorted(met)
    for benchmark in card.benchmarks:
        achieved = [benchmark.status[preset] == "achieved" for preset in PRESETS]
        assert achieved == sorted(achieved)
        percents = [benchmark.percent[preset] for preset in PRESETS]
        assert percents == sorted(percents, key=lambda percent: percent or 0)
    numbers = [card.achieved[preset] for preset in PRESETS]
    assert numbers == sorted(numbers)
    assert numbers[-1] <= card.applicable <= len(card.benchmarks) == 8


def assert_percent_is_rounded_down(benchmark: BenchmarkResult) -> None:
    for preset in PRESETS:
        statuses = [one.status[preset] for one in benchmark.criteria]
        applicable = [status for status in statuses if status != "not_applicable"]
        percent = benchmark.percent[preset]
        if not applicable:
            assert percent is None
            assert benchmark.status[preset] == "not_applicable"
        else:
            assert percent is not None
            exact = Fraction(100 * statuses.count(CriterionStatus.MET), len(applicable))
            assert percent <= exact < percent + 1
