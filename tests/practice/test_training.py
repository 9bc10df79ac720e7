"""Providers, courses, cohorts, money, tallies: `programmes.md` sections 3 and 9."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, cast

import attrs
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model import enrolments, evaluation, statements, training
from gatsbykit.model.attributes import RefusedError
from gatsbykit.model.enrolments import EnrolmentState, enrolment_rules
from gatsbykit.model.training import PublishedTally
from gatsbykit.model.units import registry
from gatsbykit.practice.courses import choose, provider_figures, quality
from gatsbykit.practice.tallies import Tally, published_tally, response_rate, tally
from gatsbykit.words import percent_text
from tests.model.test_enrolments import DAY, WAY_TO, enrolled, step
from tests.support.loosely import (
    BursaryUse,
    Course,
    CourseCohort,
    CourseWish,
    Enrolment,
    Figure,
    Finding,
    Interviews,
    Outcome,
    Provider,
    ProviderGroup,
    QualityCheck,
    Statement,
    Survey,
    TrainingEvaluation,
    TrainingProgramme,
)

GROUPS = (
    ProviderGroup(
        specialism="careers",
        providers=7,
        regional=6,
        national=1,
        both=3,
        accredited=2,
        non_accredited=2,
        level_6=5,
        level_7=0,
        residential=1,
        interviewed=6,
    ),
    ProviderGroup(specialism="university", providers=5, level_6=3, level_7=3, residential=2, interviewed=5),
    ProviderGroup(
        specialism="leadership",
        providers=2,
        national=2,
        both=0,
        accredited=0,
        non_accredited=2,
        level_6=0,
        level_7=0,
        residential=1,
        interviewed=2,
    ),
)
PUBLISHED = PublishedTally(
    date=date(2020, 2, 14), completed=245, bursary_received=290, in_progress=590, total=1125, places=1300
)


# Section 9


def test_section_9_1() -> None:
    one = published_tally(PUBLISHED)
    assert (one.started, one.all_completed) == (1125, 535)
    words = {name: percent_text(share) for name, share in one.shares().items() if share is not None}
    assert words == {
        "completed": "47.6 %",
        "in_progress": "52.4 %",
        "bursary_received": "54.2 %",
        "places": "86.5 %",
    }
    assert one.places_left == 175
    assert [one.paid, one.payable, one.cap] == [290_000, 245_000, 1_300_000]


def test_section_9_2() -> None:
    found = provider_figures(GROUPS)
    assert (found.providers, found.residential, found.level_6, found.level_7) == (14, 4, 8, 3)
    assert found.accredited == (8, 10)
    assert [group.offering_accreditation for group in GROUPS] == [range(5, 6), range(3, 6), range(1)]
    assert found.not_interviewed == {"careers": 1}


def test_section_9_16_the_bursary_for_eighty() -> None:
    assert BursaryUse(purpose="training of staff", amount=1000, people=80).for_each == Fraction(25, 2)
    assert BursaryUse(purpose="travel").for_each is None


def test_section_9_21() -> None:
    january, february = date(2020, 1, 31), date(2020, 2, 14)
    whole = response_rate(443, 535, answered_by=january, eligible_on=february)
    assert (whole.rate, percent_text(whole.bound)) == (None, "82.8 %")
    matched = response_rate(185, 443, answered_by=january, eligible_on=january)
    assert matched.rate is not None
    assert percent_text(matched.rate) == "41.8 %"
    wrong: list[Any] = [(536, 535), (-1, 5), (0, 0), (1.0, 2), (True, 2)]
    for answered, eligible in wrong:
        with pytest.raises(ValueError, match="answered: expected"):
            response_rate(answered, eligible, answered_by=january, eligible_on=january)


# Tallies


WAYS = sorted(WAY_TO.values())


@st.composite
def places(draw: st.DrawFn) -> list[enrolments.Enrolment]:
    made: list[enrolments.Enrolment] = []
    for number in range(draw(st.integers(0, 6))):
        way, day = draw(st.sampled_from(WAYS)), DAY + timedelta(days=draw(st.integers(0, 60)))
        steps: list[enrolments.Step] = []
        for word in way:
            day += timedelta(days=draw(st.integers(0, 30)))
            steps.append(step(word, day))
        made.append(Enrolment(id=f"E{number}", history=steps))
    return made


@given(places(), st.integers(-5, 300))
def test_counts_by_state_add_up_to_all_enrolments_at_every_date(
    places_taken: list[enrolments.Enrolment], days: int
) -> None:
    as_of = DAY + timedelta(days=days)
    one = tally(places_taken, as_of, places=3)
    begun = [enrolment for enrolment in places_taken if enrolment.history[0].date <= as_of]
    assert one.states is not None
    assert one.left_out is not None
    assert sum(one.states.values()) == len(begun)
    assert one.started + sum(one.left_out.values()) == len(begun)
    assert one.places_left == 3 - one.started
    assert one.to_dict()["total"] == one.started
    assert str(one).startswith(f"{as_of.day} ")


@given(places(), st.integers(-5, 300))
def test_nothing_is_paid_before_completion_and_claim(
    places_taken: list[enrolments.Enrolment], days: int
) -> None:
    as_of = DAY + timedelta(days=days)
    for enrolment in places_taken:
        standing = enrolment.standing(as_of)
        if standing is not None and standing.paid:
            seen = [one.state for one in enrolment.history if one.date <= as_of]
            order = [
                seen.index(EnrolmentState(word)) for word in ("completed", "bursary_claimed", "bursary_paid")
            ]
            assert order == sorted(order)
            assert standing.paid == enrolment_rules().bursary


def test_who_is_in_no_published_tally() -> None:
    every = [enrolled(*way) for way in WAYS]
    one = tally(every, DAY)
    assert (one.completed, one.bursary_received, one.in_progress, one.started) == (2, 1, 1, 4)
    assert one.left_out == dict.fromkeys(("applied", "sponsored", "waiting", "contracted", "withdrawn"), 1)
    assert (one.places_left, one.cap, one.shares()["places"]) == (None, None, None)
    assert "withdrawn" in str(one)
    assert one.to_dict()["left_out"]["withdrawn"] == 1


def test_a_tally_of_nobody() -> None:
    one = tally([], DAY, places=10)
    assert [line.strip() for line in str(one).splitlines()] == [
        "2 September 2019: 0 started",
        "completed             0",
        "bursary received      0",
        "in progress           0",
        "0 % of 10 places, 10 left",
        "0 GBP paid",
        "10,000 GBP at most",
    ]
    only = Tally(date=DAY, completed=0, bursary_received=0, in_progress=2, place="here")
    assert "(here)" in str(only)
    assert "0 % completed, 100 % in progress\n" in f"{only}\n"


# Choosing a course


def course(**facts: Any) -> Any:
    return Course(**{"id": "C1", "provider": "P1", **facts})


@pytest.mark.parametrize(
    ("wish", "facts", "met"),
    [
        ({"region": "Kent"}, {"coverage": "national"}, True),
        ({"region": "Kent"}, {"coverage": "regional", "region": "kent"}, True),
        ({"region": "Kent"}, {"region": "Essex"}, False),
        ({"region": "Kent"}, {"coverage": "regional"}, None),
        ({"accreditations": ["level_6", "none"]}, {"accreditation": "none"}, True),
        ({"accreditations": ["level_6"]}, {"accreditation": "none"}, False),
        ({"blends": ["online"]}, {}, None),
        ({"patterns": ["weekend"]}, {"pattern": "weekend"}, True),
        ({"residential": False}, {"residential": True}, False),
        ({"residential": False}, {"residential": False}, True),
        ({"residential": True}, {}, None),
        ({"most_contact_hours": 12}, {"contact_hours": 12}, True),
        ({"most_contact_hours": 12}, {"contact_hours": 12.5}, False),
        ({"most_weeks": 20}, {}, None),
        ({"outcomes": ["theory"]}, {"outcomes": ["theory", "role"]}, True),
        ({"support": ["catch_up"]}, {"support": ["one_to_one"]}, False),
        ({"support": ["catch_up"]}, {}, None),
    ],
)
def test_each_need_with_its_reason(wish: dict[str, Any], facts: dict[str, Any], met: bool | None) -> None:
    (choice,) = choose([course(**facts)], CourseWish(**wish))
    (reason,) = choice.reasons
    assert (choice.fits, reason.met, reason.need) == (met, met, next(iter(wish)))
    assert reason.words in str(choice)


RUNS: list[tuple[list[dict[str, Any]], bool | None]] = [
    ([], None),
    ([{"course": "C2"}], None),
    ([{}], None),
    ([{"starts": date(2020, 1, 1)}], None),
    ([{"starts": date(2020, 1, 1), "ends": date(2020, 6, 30)}], True),
    ([{"starts": date(2019, 12, 31), "ends": date(2020, 6, 30)}], False),
    ([{"starts": date(2020, 1, 1), "ends": date(2020, 7, 1)}], False),
    ([{"ends": date(2020, 7, 1)}, {}], None),
    ([{"ends": date(2020, 7, 1)}, {"starts": date(2020, 2, 1), "ends": date(2020, 3, 1)}], True),
]


@pytest.mark.parametrize(("cohorts", "met"), RUNS)
def test_some_cohort_at_the_right_time(cohorts: list[dict[str, Any]], met: bool | None) -> None:
    runs = [CourseCohort(**{"id": f"K{n}", "course": "C1", **facts}) for n, facts in enumerate(cohorts)]
    wish = CourseWish(starts_from=date(2020, 1, 1), ends_by=date(2020, 6, 30))
    (choice,) = choose([course()], wish, cohorts=runs)
    assert [(reason.need, reason.met) for reason in choice.reasons] == [("dates", met)]
    (from_then,) = choose([course()], CourseWish(starts_from=date(2019, 1, 1)), cohorts=runs)
    assert from_then.fits is (True if any("starts" in facts for facts in cohorts) else None)


def test_what_fits_comes_first_and_what_fails_least_before_the_rest() -> None:
    wish = CourseWish(accreditations=["level_6"], most_weeks=10)
    found = choose(
        [
            course(id="two wrong", accreditation="level_7", weeks=30),
            course(id="one wrong", accreditation="level_6", weeks=30),
            course(id="unknown", accreditation="level_6"),
            course(id="fits", accreditation="level_6", weeks=9),
        ],
        wish,
    )
    assert [choice.course.id for choice in found] == ["fits", "unknown", "one wrong", "two wrong"]
    assert str(choose([course()], CourseWish())[0]) == "C1 fits: no needs"


def test_hours_are_quantities_of_any_registry() -> None:
    other = cast("Any", pint.UnitRegistry())
    one = course(contact_hours=other.Quantity(90, "minute"))
    assert one.contact_hours == Fraction(3, 2)
    assert one.contact_time is not None
    assert one.contact_time.to("minute").magnitude == 90
    assert course().contact_time is None
    assert course().is_accredited is None
    assert TrainingProgramme(title="T").bursary_quantity is None
    money = TrainingProgramme(title="T", bursary=registry().Quantity(1000, "GBP")).bursary_quantity
    assert money is not None
    assert str(money.units) == "GBP"


# Quality


def test_quality_of_a_provider_up_to_a_day() -> None:
    checks = [
        QualityCheck(kind="observation", course="C1", date=date(2019, 10, 1), change="shorter days"),
        QualityCheck(kind="observation", provider="P1", date=date(2020, 1, 9)),
        QualityCheck(kind="feedback", provider="P1"),
        QualityCheck(kind="programme_review", provider="P1", date=date(2020, 5, 1)),
        QualityCheck(kind="programme_review"),
    ]
    before, none = quality([Provider(id="P1"), Provider(id="P2")], [course()], checks, date(2020, 2, 14))
    assert before.last == {"observation": date(2020, 1, 9), "feedback": None}
    assert (before.missing, before.changes) == (("programme_review",), 1)
    assert none.missing == ("programme_review", "observation", "feedback")
    (after, _) = quality([Provider(id="P1"), Provider(id="P2")], [course()], checks, date(2020, 5, 1))
    assert after.missing == ()


# Every attribute is read or refused


ONE_PAIR = evaluation.PairedAnswers(both=1, worse=0, better=0, neither=0)
REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (TrainingProgramme, {"title": "T", "places": -1}, "places"),
    (TrainingProgramme, {"title": "T", "places": True}, "places"),
    (TrainingProgramme, {"title": "T", "places": 1.5}, "places"),
    (TrainingProgramme, {"title": "T", "fee": 5}, "fee"),
    (TrainingProgramme, {"title": "T", "bursary": -1}, "bursary"),
    (TrainingProgramme, {"title": "T", "register_by": datetime(2020, 1, 1)}, "register_by"),  # noqa: DTZ001
    (
        TrainingProgramme,
        {"title": "T", "register_by": date(2020, 2, 1), "complete_by": date(2020, 1, 1)},
        "complete_by",
    ),
    (TrainingProgramme, {"title": " "}, "title"),
    (Provider, {"id": "P", "residential": "no"}, "residential"),
    (Provider, {"id": "P", "residential": 0}, "residential"),
    (Provider, {"id": "P", "specialism": "Careers"}, "specialism"),
    (Provider, {"id": None}, "id"),
    (ProviderGroup, {"specialism": "careers", "providers": 0}, "providers"),
    (ProviderGroup, {"specialism": "careers", "providers": 2, "level_6": 3}, "level_6"),
    (ProviderGroup, {"specialism": "careers", "providers": 2, "regional": 2, "national": 1}, "national"),
    (
        ProviderGroup,
        {"specialism": "careers", "providers": 2, "both": 1, "non_accredited": 2},
        "non_accredited",
    ),
    (Course, {"id": "C", "provider": "P", "credits": 20, "accreditation": "none"}, "credits"),
    (Course, {"id": "C", "provider": "P", "contact_hours": "12"}, "contact_hours"),
    (Course, {"id": "C", "provider": "P", "contact_hours": registry().Quantity(5, "GBP")}, "contact_hours"),
    (Course, {"id": "C", "provider": "P", "contact_hours": float("nan")}, "contact_hours"),
    (Course, {"id": "C", "provider": "P", "weeks": 0}, "weeks"),
    (Course, {"id": "C", "provider": "P", "support": "catch_up"}, "support"),
    (Course, {"id": "C", "provider": "P", "outcomes": ["all"]}, "outcomes"),
    (CourseCohort, {"id": "K", "course": "C", "starts": date(2020, 2, 1), "ends": date(2020, 1, 1)}, "ends"),
    (CourseCohort, {"id": "K", "course": "C", "places": 5, "minimum": 6}, "minimum"),
    (QualityCheck, {"kind": "visit"}, "kind"),
    (BursaryUse, {"purpose": "x", "people": 0}, "people"),
    (
        PublishedTally,
        {"date": DAY, "completed": 1, "bursary_received": 1, "in_progress": 1, "total": 4},
        "total",
    ),
    (PublishedTally, {"date": DAY, "completed": "1", "bursary_received": 1, "in_progress": 1}, "completed"),
    (CourseWish, {"most_contact_hours": -1}, "most_contact_hours"),
    (CourseWish, {"starts_from": date(2020, 2, 1), "ends_by": date(2020, 1, 1)}, "ends_by"),
    (evaluation.PairedAnswers, {"both": 0, "worse": 0, "better": 0, "neither": 0}, "both"),
    (evaluation.PairedAnswers, {"both": -1, "worse": 0, "better": 0, "neither": 0}, "both"),
    (evaluation.Figure, {"id": "F", "asks": "x"}, "percent"),
    (evaluation.Figure, {"id": "F", "asks": "x", "percent": "9", "count": 3}, "percent"),
    (evaluation.Figure, {"id": "F", "asks": "x", "count": 3, "before": "9"}, "before"),
    (evaluation.Figure, {"id": "F", "asks": "x", "count": 3, "rise": "9"}, "rise"),
    (evaluation.Figure, {"id": "F", "asks": "x", "count": 3, "rest": ["9"]}, "rest"),
    (evaluation.Figure, {"id": "F", "asks": "x", "count": 3, "approximate": True}, "approximate"),
    (evaluation.Figure, {"id": "F", "asks": "x", "count": 3, "base": 2}, "count"),
    (
        evaluation.Figure,
        {
            "id": "F",
            "asks": "x",
            "base": 2,
            "pairs": evaluation.PairedAnswers(both=1, worse=0, better=0, neither=0),
        },
        "base",
    ),
    (evaluation.Figure, {"id": "F", "asks": "x", "percent": 91}, "percent"),
    (evaluation.Figure, {"id": "F", "asks": "x", "percent": "101"}, "percent"),
    (evaluation.Figure, {"id": "F", "asks": "x", "percent": "98", "before": "71", "rise": "27"}, "rise"),
    (evaluation.Figure, {"id": "F", "asks": "x", "percent": "98", "approximate": 1}, "approximate"),
    (evaluation.Wave, {"name": "w", "people": 1, "ended_from": DAY}, "ended_to"),
    (
        evaluation.Wave,
        {"name": "w", "people": 1, "ended_from": DAY, "ended_to": date(2019, 1, 1)},
        "ended_to",
    ),
    (evaluation.Survey, {"id": "S", "title": "x", "base": 0}, "base"),
    (
        evaluation.Survey,
        {"id": "S", "title": "x", "asked_from": DAY, "asked_to": date(2019, 1, 1)},
        "asked_to",
    ),
    (
        evaluation.Survey,
        {"id": "S", "title": "x", "base": 1, "waves": [evaluation.Wave(name="w", people=2)]},
        "waves",
    ),
    (
        evaluation.Survey,
        {"id": "S", "title": "x", "items": [evaluation.Figure(id="F", asks="x", percent="9", before="8")]},
        r"items\[0\]",
    ),
    (
        evaluation.Interviews,
        {"id": "I", "title": "x", "respondents": "leader", "base": 3, "out_of": 2},
        "out_of",
    ),
    (evaluation.Finding, {"id": "f", "text": "x", "count": 3, "base": 2}, "count"),
    (evaluation.Finding, {"id": "f", "text": "x", "word": "dozens"}, "word"),
    (evaluation.CountedRecords, {"id": "r", "text": "x", "count": 3, "base": 2}, "count"),
    (evaluation.Factor, {"id": "b", "text": "x", "count": 3, "base": 2}, "count"),
    (evaluation.Outcome, {"id": "o", "text": "x", "level": 3}, "level"),
    (evaluation.Outcome, {"id": "o", "text": "x", "level": "results", "evidence": "F1"}, "evidence"),
    (statements.Statement, {"id": "s", "about": "x", "place": "p", "count": 3, "base": 2}, "count"),
    (statements.Statement, {"id": "s", "about": "x", "place": "p", "holds": "yes"}, "holds"),
    (statements.Statement, {"id": "s", "about": "x", "place": "p", "parts": [("a", 1)]}, "parts"),
]


@pytest.mark.parametrize(("kind", "facts", "attribute"), REFUSED)
def test_every_attribute_is_read_or_refused(kind: Any, facts: dict[str, Any], attribute: str) -> None:
    with pytest.raises(ValueError, match=rf"^{kind.__name__}\.{attribute}: expected "):
        kind(**facts)


def test_span_of_providers_that_may_offer_accreditation() -> None:
    def span(**facts: Any) -> range:
        group: training.ProviderGroup = ProviderGroup(specialism="university", providers=5, **facts)
        return group.offering_accreditation

    assert span() == range(6)
    assert span(level_6=2) == range(2, 6)
    assert span(non_accredited=2) == range(4)
    assert span(level_6=1, level_7=1) == range(1, 3)
    assert provider_figures([ProviderGroup(specialism="careers", providers=2)]).level_6 is None


# What has to be so between the parts


def whole(**facts: Any) -> Any:
    given_ = {
        "programme": TrainingProgramme(title="T"),
        "providers": [Provider(id="P1")],
        "courses": [course(accreditation="none"), course(id="C2", accreditation="level_6")],
        "cohorts": [
            CourseCohort(id="K1", course="C1", starts=date(2019, 10, 1), places=1),
            CourseCohort(id="K2", course="C2", starts=date(2019, 9, 1)),
            CourseCohort(id="K3", course="C1", starts=date(2019, 11, 1)),
            CourseCohort(id="K4", course="C1"),
        ],
        **facts,
    }
    return TrainingEvaluation(**given_)


def faults(**facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(RefusedError) as caught:
        whole(**facts)
    return [(fault.attribute, fault.code) for fault in caught.value.faults]


def place(*words: str | enrolments.Step, **facts: Any) -> Any:
    steps = [step(word) if isinstance(word, str) else word for word in words]
    return Enrolment(**{"id": "E1", "course": "C1", "cohort": "K1", "history": steps, **facts})


def test_references_lead_somewhere_and_ids_stand_once() -> None:
    figure = Figure(id="F1", asks="x", percent="9")
    assert faults(
        providers=[Provider(id="P1"), Provider(id="P1")],
        courses=[course(), course(id="C2", provider="P9")],
        quality_checks=[
            QualityCheck(kind="feedback", provider="P8"),
            QualityCheck(kind="feedback", course="C8"),
        ],
        surveys=[
            Survey(id="S", title="x", items=[figure]),
            Survey(id="S2", title="x", items=[figure]),
        ],
        interviews=[Interviews(id="S", title="x", respondents="leader")],
        findings=[Finding(id="F1", text="x", interviews="I9")],
        outcomes=[Outcome(id="o", text="x", level="results", evidence=["F1", "F9"])],
        statements=[Statement(id="s", about="x", place="p", quotes="F9", more_than="s9")],
    ) == [
        ("providers[1].id", "repeated_id"),
        ("interviews[0].id", "repeated_id"),
        ("findings[0].id", "repeated_id"),
        ("surveys[1].items", "repeated_id"),
        ("courses[1].provider", "unknown_reference"),
        ("quality_checks[0].provider", "unknown_reference"),
        ("quality_checks[1].course", "unknown_reference"),
        ("findings[0].interviews", "unknown_reference"),
        ("outcomes[0].evidence", "unknown_reference"),
        ("statements[0].quotes", "unknown_reference"),
        ("statements[0].more_than", "unknown_reference"),
    ]


def test_enrolments_name_courses_and_cohorts_that_there_are() -> None:
    lost = place(*WAY_TO["waiting"], step("switch_course", course="C9"), step("switch_cohort", cohort="K9"))
    assert faults(enrolments=[attr_replaced(lost, course="C8", cohort="K8")]) == [
        ("enrolments[0].course", "unknown_reference"),
        ("enrolments[0].cohort", "unknown_reference"),
        ("enrolments[0].history[3].course", "unknown_reference"),
        ("enrolments[0].history[4].cohort", "unknown_reference"),
    ]


def attr_replaced(one: enrolments.Enrolment, **facts: Any) -> Any:
    return attrs.evolve(one, **facts)


def test_the_window_of_the_programme() -> None:
    programme = TrainingProgramme(title="T", register_by=date(2019, 9, 1), complete_by=date(2019, 9, 1))
    late = place(*WAY_TO["completed"])
    assert faults(programme=programme, enrolments=[late]) == [
        ("enrolments[0].history[0].date", "unfit_value"),
        ("enrolments[0].history[4].date", "unfit_value"),
    ]
    on_the_day = TrainingProgramme(title="T", register_by=DAY, complete_by=DAY)
    assert whole(programme=on_the_day, enrolments=[late]).enrolments == (late,)


def test_the_bursary_of_the_programme_is_that_of_the_rules() -> None:
    assert faults(programme=TrainingProgramme(title="T", bursary=999)) == [
        ("programme.bursary", "unfit_value")
    ]
    assert whole(programme=TrainingProgramme(title="T", bursary=1000)).programme.bursary == 1000


def test_what_an_enrolment_says_against_its_courses() -> None:
    assert faults(enrolments=[place("applied", cohort="K2")]) == [("enrolments[0].cohort", "unfit_value")]
    assert faults(enrolments=[place("applied", accredited=True)]) == [
        ("enrolments[0].accredited", "unfit_value")
    ]
    up = step("switch_course", course="C2", cohort="K2")
    assert faults(enrolments=[place(*WAY_TO["in_progress"], up)]) == [
        ("enrolments[0].history[4].course", "illegal_move"),
        ("enrolments[0].history[4].cohort", "illegal_move"),
    ]
    later = step("switch_course", course="C2")
    assert whole(enrolments=[place(*WAY_TO["contracted"], later)]).enrolments


@pytest.mark.parametrize(("cohort", "legal"), [("K3", True), ("K4", True), ("K1", True), ("K2", False)])
def test_a_cohort_can_be_changed_for_a_later_one(cohort: str, legal: bool) -> None:
    switch = step("switch_cohort", cohort=cohort)
    one = place(*WAY_TO["in_progress"], switch)
    if legal:
        assert whole(enrolments=[one]).enrolments == (one,)
    else:
        assert ("enrolments[0].history[4].cohort", "illegal_move") in faults(enrolments=[one])


def test_a_cohort_has_no_more_people_than_places() -> None:
    two = [place(*WAY_TO["in_progress"], id=name) for name in ("E1", "E2")]
    assert faults(enrolments=two) == [("cohorts[0].places", "unfit_value")]
    waiting = place(*WAY_TO["waiting"], id="E2")
    assert whole(enrolments=[two[0], waiting]).enrolments


def test_at_most_a_hundred_statements_about_one_thing() -> None:
    many = [Statement(id=str(n), about="the same", place="p") for n in range(101)]
    assert faults(statements=many) == [("statements", "unfit_value")]
    assert whole(statements=many[:100]).statements == tuple(many[:100])


def test_the_choices_of_the_domain() -> None:
    assert [len(kind) for kind in (training.CourseOutcome, training.Support, training.Pattern)] == [8, 7, 4]
    assert len(list(itertools.chain(evaluation.Level, evaluation.QuantityWord))) == 14
