"""Editions that nobody has written: the engine does what the words say, and what a reader of the rules does.

Each share criterion of an edition gets a population and a requirement drawn from the whole
vocabulary. Whatever the vocabulary lets through, the lanes obey, the rules document tells and the
words name; what they would not is refused.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, NamedTuple

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.errors import RuleError
from gatsbykit.exchange import document
from gatsbykit.model.encounters import ActivityKind, ProviderType
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.rules import (
    Cohort,
    CohortWho,
    Criterion,
    DestinationRequirement,
    Edition,
    EncounterRequirement,
    Window,
    edition,
)
from gatsbykit.rules.document import rules_document
from gatsbykit.rules.vocabulary import Timeline
from gatsbykit.rules.words import cohort_words, requirement_words
from gatsbykit.testing import as_of_dates, records
from tests.support.rules_reader import Scorer

YEARS = st.lists(st.integers(7, 13), max_size=4, unique=True).map(lambda years: tuple(sorted(years)))
ONLY: st.SearchStrategy[Any] = st.sampled_from([None, None, "considering_he", "subjects_known"])
FORMS = ("count", "each_of", "different_types", "one_also", "each_subject")


@st.composite
def encounters(draw: st.DrawFn, chosen: Edition, forms: tuple[str, ...] = FORMS) -> EncounterRequirement:
    """Give a requirement about activities that an edition may make."""
    by_year_groups = chosen.timeline is Timeline.YEAR_GROUPS
    windows = [Window.ANY, Window.ANY, Window.THIS_YEAR, *([Window.OWN_KEY_STAGE] if by_year_groups else [])]
    window = draw(st.sampled_from(windows))
    fields: dict[str, Any] = {
        "kind": draw(st.sampled_from(ActivityKind)),
        "window": window,
        "years": draw(YEARS) if by_year_groups and window is not Window.OWN_KEY_STAGE else (),
        "offered": draw(st.booleans()),
        "site_visit": draw(st.integers(0, 3)) == 0,
        "subjects": draw(st.sampled_from([None, None, None, *sorted(chosen.subject_lists)])),
    }
    form = draw(st.sampled_from(forms))
    if form in {"count", "each_of", "one_also"}:
        fields["at_least"] = draw(st.integers(1, 3))
    if form == "each_of":
        fields["each_of"] = tuple(draw(st.lists(st.sampled_from(ProviderType), min_size=1, unique=True)))
    elif form == "different_types":
        fields["different_types"] = draw(st.integers(1, 4))
    elif form == "each_subject":
        fields["each_subject"] = True
    elif form == "one_also":
        others = [kind for kind in ActivityKind if kind is not fields["kind"]]
        fields["one_also"] = draw(st.sampled_from(others))
    return EncounterRequirement(**fields)


@st.composite
def asked(
    draw: st.DrawFn, criterion: Criterion, chosen: Edition, by_subject: EncounterRequirement | None = None
) -> Criterion:
    """Give a share criterion with another population and another requirement.

    An edition asks for each subject in one way, `by_subject`.
    """
    if draw(st.integers(0, 5)) == 0:
        cohort = Cohort(
            who=CohortWho.LEAVERS,
            left_within=draw(st.integers(1, 4)),
            left_from_year=draw(st.integers(0, 13)),
        )
        followed = DestinationRequirement(every_year=draw(st.booleans()))
        return attrs.evolve(criterion, cohort=cohort, encounters=None, destinations=followed)
    due = draw(st.booleans())
    by_year_groups = chosen.timeline is Timeline.YEAR_GROUPS
    required = draw(
        encounters(chosen) if by_subject is None else encounters(chosen, FORMS[:-1]) | st.just(by_subject)
    )
    cohort = Cohort(
        who=CohortWho.DUE if due else CohortWho.EVERYONE,
        years=draw(YEARS.filter(bool)) if due and by_year_groups else (),
        only="subjects_known" if required.each_subject else draw(ONLY),
    )
    return attrs.evolve(criterion, cohort=cohort, encounters=required, destinations=None)


@st.composite
def editions(draw: st.DrawFn, key: str) -> Edition:
    """Give an edition with other share criteria."""
    chosen = edition(key)
    by_subject = draw(encounters(chosen, ("each_subject",)))
    benchmarks = tuple(
        attrs.evolve(
            benchmark,
            criteria=tuple(
                draw(asked(one, chosen, by_subject)) if one.type == "share" else one
                for one in benchmark.criteria
            ),
        )
        for benchmark in chosen.benchmarks
    )
    return attrs.evolve(chosen, key="invented", benchmarks=benchmarks)


class Case(NamedTuple):
    """An institution, and an edition that nobody has written."""

    edition: Edition
    records: gk.Records
    as_of: date
    unknown: str


@st.composite
def cases(draw: st.DrawFn) -> Case:
    as_of = draw(as_of_dates())
    kind, key = draw(
        st.sampled_from(
            [
                (InstitutionKind.SECONDARY_SCHOOL, "2014-school"),
                (InstitutionKind.SECONDARY_SCHOOL, "2025-school"),
                (InstitutionKind.SPECIAL_SCHOOL, "2025-school"),
                (InstitutionKind.COLLEGE, "2025-college"),
            ]
        )
    )
    return Case(
        edition=draw(editions(key)),
        records=attrs.evolve(draw(records(kind, as_of=as_of)), answers={}),
        as_of=as_of,
        unknown=draw(st.sampled_from(["exclude", "include"])),
    )


@settings(max_examples=200)
@given(cases())
def test_the_engine_and_a_reader_of_the_document_agree(case: Case) -> None:
    chosen = gk.Settings(unknown="include" if case.unknown == "include" else "exclude")
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=chosen)
    ledger = gk.Ledger(case.records, as_of=case.as_of, edition=case.edition, settings=chosen)
    assert ledger.scorecard() == card
    assert gk.Ledger.restore(ledger.save(), edition=case.edition).scorecard() == card
    rules = json.loads(json.dumps(rules_document([case.edition])))
    plain = json.loads(json.dumps(document(case.records)))
    for criterion_id, found in Scorer(rules, "invented", plain, case.as_of, case.unknown).results().items():
        result = card[criterion_id]
        if found is None:
            assert result.basis != "evidence"
            continue
        met, missing, status = found
        assert (len(met), tuple(missing)) == (result.numerator, result.missing), result.criterion
        assert status == {str(preset): one.value for preset, one in result.status.items()}, criterion_id


@settings(max_examples=25)
@given(cases())
def test_the_frames_and_the_objects_agree(case: Case) -> None:
    pytest.importorskip("polars")
    from gatsbykit.frames import score_frames
    from tests.support.columns import columns_of, polars_frames, rows_of

    chosen = gk.Settings(unknown="include" if case.unknown == "include" else "exclude")
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition, settings=chosen)
    frames = polars_frames(columns_of([case.records], as_text=False), as_text=False)
    if "learners" not in frames:
        return
    scores = score_frames(**frames, as_of=case.as_of, edition=case.edition, settings=chosen)
    missing = sorted((row["criterion"], row["learner_id"]) for row in rows_of(scores.missing()))
    expected = [(one.criterion.id, who) for one in card.criteria for who in one.missing or ()]
    assert missing == sorted(expected)
    counts = {
        row["criterion"]: (row["numerator"], row["denominator"])
        for row in rows_of(scores.criteria)
        if row["basis"] == "evidence"
    }
    assert counts == {
        one.criterion.id: (one.numerator, one.denominator) for one in card.criteria if one.basis == "evidence"
    }


SCHOOL = edition("2025-school")


@given(encounters(SCHOOL), encounters(SCHOOL))
def test_no_two_requirements_have_the_same_words(
    one: EncounterRequirement, other: EncounterRequirement
) -> None:
    shared = attrs.evolve(
        other, subjects=one.subjects, site_visit=one.site_visit, years=one.years, window=one.window
    )
    for second in (other, shared):
        first_words, second_words = (
            requirement_words(
                Criterion(
                    id="9z",
                    text="x",
                    sources=(),
                    cohort=Cohort(
                        who=CohortWho.EVERYONE, only="subjects_known" if required.each_subject else None
                    ),
                    encounters=required,
                ),
                SCHOOL,
            )
            for required in (one, second)
        )
        same = _meaning(one) == _meaning(second)
        assert (first_words == second_words) == same


def _meaning(required: EncounterRequirement) -> Any:
    """Return a requirement in the form in which two that ask the same are equal."""
    every_year = tuple(range(7, 14))
    years = () if required.years == every_year else required.years
    return attrs.evolve(required, each_of=tuple(sorted(required.each_of)), years=years)


@given(st.data())
def test_no_two_populations_have_the_same_words(data: st.DataObject) -> None:
    first, second = (data.draw(asked(SCHOOL.criterion("5a"), SCHOOL)).cohort for _ in range(2))
    assert first is not None
    assert second is not None
    assert (cohort_words(first, SCHOOL) == cohort_words(second, SCHOOL)) == (
        _population(first) == _population(second)
    )


def _population(cohort: Cohort) -> Any:
    """Return a population in the form in which two that are the same are equal."""
    if cohort.years == tuple(range(7, 14)):
        return attrs.evolve(cohort, who=CohortWho.EVERYONE, years=())
    return cohort


ENCOUNTER = ActivityKind.EMPLOYER_ENCOUNTER


@pytest.mark.parametrize(
    "words",
    [
        {"each_of": (ProviderType.COLLEGE,), "one_also": ENCOUNTER},
        {"each_of": (ProviderType.COLLEGE,), "different_types": 2},
        {"each_subject": True, "different_types": 2},
        {"each_subject": True, "at_least": 2},
        {"each_subject": True, "configurable": True},
        {"different_types": 2, "at_least": 2},
        {"each_of": (ProviderType.COLLEGE, ProviderType.COLLEGE)},
        {"at_least": 0},
        {"one_also": ENCOUNTER},
        {"different_types": -1},
        {"window": Window.OWN_KEY_STAGE, "years": (7,)},
    ],
)
def test_requirements_that_nobody_interprets_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        EncounterRequirement(kind=ENCOUNTER, **words)


@pytest.mark.parametrize(
    "words",
    [
        {"who": CohortWho.EVERYONE, "years": (9,)},
        {"who": CohortWho.LEAVERS},
        {"who": CohortWho.LEAVERS, "left_within": 3, "only": "considering_he"},
        {"who": CohortWho.DUE, "left_within": 3},
        {"who": CohortWho.EVERYONE, "left_from_year": 11},
    ],
)
def test_populations_that_nobody_interprets_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        Cohort(**words)


EVERYONE = Cohort(who=CohortWho.EVERYONE)
LEAVERS = Cohort(who=CohortWho.LEAVERS, left_within=3)
ENCOUNTERS = EncounterRequirement(kind=ENCOUNTER)
FOLLOWED = DestinationRequirement(every_year=False)


@pytest.mark.parametrize(
    "words",
    [
        {"cohort": EVERYONE},
        {"encounters": ENCOUNTERS},
        {"cohort": LEAVERS, "encounters": ENCOUNTERS, "destinations": FOLLOWED},
        {"cohort": LEAVERS, "encounters": ENCOUNTERS},
        {"cohort": EVERYONE, "destinations": FOLLOWED},
        {"cohort": EVERYONE, "encounters": EncounterRequirement(kind=ENCOUNTER, each_subject=True)},
        {"cohort": EVERYONE, "encounters": ENCOUNTERS, "parts": ("one", "two")},
    ],
)
def test_criteria_whose_parts_do_not_belong_together_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        Criterion(id="9z", text="", sources=(), **words)


@pytest.mark.parametrize(
    ("key", "cohort", "required"),
    [
        ("2025-school", Cohort(who=CohortWho.DUE), ENCOUNTERS),
        ("2025-college", Cohort(who=CohortWho.DUE, years=(13,)), ENCOUNTERS),
        ("2025-college", EVERYONE, attrs.evolve(ENCOUNTERS, years=(12,))),
        ("2025-college", EVERYONE, attrs.evolve(ENCOUNTERS, window=Window.OWN_KEY_STAGE)),
        ("2025-school", EVERYONE, attrs.evolve(ENCOUNTERS, subjects="no such list")),
    ],
)
def test_criteria_that_an_edition_leaves_without_a_meaning_are_refused(
    key: str, cohort: Cohort, required: EncounterRequirement
) -> None:
    chosen = edition(key)
    first, *rest = chosen.benchmarks
    odd = Criterion(id="1z", text="", sources=(), cohort=cohort, encounters=required)
    with pytest.raises(RuleError, match="1z"):
        attrs.evolve(chosen, benchmarks=(attrs.evolve(first, criteria=(*first.criteria, odd)), *rest))


def test_an_edition_asks_for_each_subject_in_one_way() -> None:
    chosen = edition("2025-school")
    (one,) = (one for one in chosen.criteria if one.encounters is not None and one.encounters.each_subject)
    assert one.encounters is not None
    other = attrs.evolve(one, id="4z", encounters=attrs.evolve(one.encounters, site_visit=True))
    first, *rest = chosen.benchmarks
    with pytest.raises(RuleError, match="in one way"):
        attrs.evolve(chosen, benchmarks=(attrs.evolve(first, criteria=(*first.criteria, other)), *rest))


def test_a_ledger_of_an_edition_of_ones_own_is_restored_with_it() -> None:
    chosen = attrs.evolve(SCHOOL, key="ours")
    ledger = gk.Ledger(gk.load("examples/northfield"), as_of=date(2026, 7, 10), edition=chosen)
    saved = ledger.save()
    assert gk.Ledger.restore(saved, edition=chosen).scorecard().benchmarks == ledger.scorecard().benchmarks
    for other in (None, SCHOOL):
        with pytest.raises(gk.EditionError, match="ours"):
            gk.Ledger.restore(saved, edition=other)


def test_leavers_of_whom_one_sighting_is_enough() -> None:
    criterion = next(one for one in edition("2014-school").criteria if one.destinations is not None)
    once = attrs.evolve(criterion, destinations=DestinationRequirement(every_year=False))
    base = edition("2014-school")
    lenient = attrs.evolve(
        base,
        key="lenient",
        benchmarks=tuple(
            attrs.evolve(
                benchmark,
                criteria=tuple(once if one is criterion else one for one in benchmark.criteria),
            )
            for benchmark in base.benchmarks
        ),
    )
    school = gk.load("examples/northfield")
    day = date(2026, 7, 10)
    counted = [gk.score(school, as_of=day, edition=chosen)[criterion.id] for chosen in (base, lenient)]
    assert [(one.numerator, one.denominator) for one in counted] == [(391, 435), (420, 435)]
