"""Shown, claimed, too early: `programmes.md` sections 4.1 to 4.4, 4.7 and 9, and what is so in general."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.intervals import wilson
from gatsbykit.model import evaluation, training_evaluation
from gatsbykit.model.evaluation import Component, Level, QuantityWord, Wave
from gatsbykit.practice.figures import margin_tables, read_figure
from gatsbykit.practice.training import load_training
from gatsbykit.practice.training_report import training_report
from gatsbykit.practice.verdicts import Basis, Verdict, judge, level_rules, months_between, months_of, timing
from tests.model.test_enrolments import step
from tests.practice.test_training import place, whole
from tests.support.loosely import (
    CountedRecords,
    Figure,
    Finding,
    Interviews,
    Outcome,
    PairedAnswers,
    Survey,
    TrainingEvaluation,
    TrainingProgramme,
)

NATIONAL = load_training("examples/careers-leader-training").training
TEACH_FIRST = load_training("examples/teach-first-programme").training
AS_OF = date(2020, 12, 31)
REPORT = training_report(NATIONAL, as_of=AS_OF)
FIGURES = {item.id: (item, survey) for survey in NATIONAL.surveys for item in survey.items}
LEADERS = next(one for one in NATIONAL.interviews if one.id == "leaders")


# Section 4.1


def test_section_4_1_levels_and_their_intended_outcomes() -> None:
    assert [(rules.level.number, len(rules.intended)) for rules in level_rules().values()] == [
        (1, 3),
        (2, 9),
        (3, 5),
        (4, 2),
    ]
    assert [rules.least_months for rules in level_rules().values()] == [0, 0, 3, 12]
    assert level_rules()[Level.RESULTS].interpretation
    intended = {key for rules in level_rules().values() for key in rules.intended}
    assert {one.intended for one in NATIONAL.outcomes if one.intended} <= intended


def test_section_4_1_components() -> None:
    assert {component: bool(found) for component, found in REPORT.components.items()} == dict.fromkeys(
        Component, True
    )


# Section 4.2


def test_section_4_2_sources_and_bases() -> None:
    surveys = {one.id: (one.base, sorted(one.population)) for one in NATIONAL.surveys}
    assert surveys == {"audit-after": (443, ["colleges", "schools"]), "audit-matched": (185, ["schools"])}
    assert {one.id: (one.base, one.out_of) for one in NATIONAL.interviews} == {
        "providers": (13, 14),
        "leaders": (52, None),
        "seniors": (13, None),
    }


def test_section_9_3() -> None:
    blocks = {block.id: {part.name: part.count for part in block.parts} for block in LEADERS.blocks}
    assert (
        {sum(parts.values()) for parts in blocks.values()}
        == {block.total for block in LEADERS.blocks}
        == {52}
    )
    ended = blocks["end of training"]
    assert ended["just"] + ended["summer"] + ended["spring"] == blocks["progress"]["complete"] == 35
    assert blocks["accreditation"]["level 6"] + blocks["accreditation"]["level 7"] == 46
    schools = 52 - blocks["institution"]["FE or sixth form college"]
    assert schools == 41


def test_section_9_5() -> None:
    rows, columns = {"careers": 40, "university": 10, "leadership": 2}, {"6": 39, "7": 7, "none": 6}
    never = frozenset({("leadership", "6"), ("leadership", "7"), ("careers", "7")})
    found = [*margin_tables(rows, columns, never)]
    assert len(found) == 4
    assert [table["careers", "6"] for table in found] == [36, 37, 38, 39]
    assert [table["careers", "none"] for table in found] == [4, 3, 2, 1]
    assert [table["university", "6"] for table in found] == [3, 2, 1, 0]
    assert {table["university", "7"] for table in found} == {7}
    assert [table["university", "none"] for table in found] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="the same sum"):
        margin_tables({"a": 1}, {"x": 2})


def test_margins_that_no_table_has() -> None:
    assert [*margin_tables({"a": 1}, {"x": 1}, frozenset({("a", "x")}))] == []
    assert [*margin_tables({}, {})] == [{}]


def test_section_9_15() -> None:
    waves = {wave.name: wave for wave in LEADERS.waves}
    assert [
        months_of(waves[name], LEADERS) for name in ("spring", "summer", "just ended", "in training")
    ] == [
        range(5, 14),
        range(2, 9),
        range(6),
        range(0),
    ]
    found = timing(LEADERS, Level.BEHAVIOUR)
    assert found is not None
    assert (found.certain, found.possible, found.never) == (6, 29, 17)
    at_once = timing(LEADERS, Level.LEARNING)
    assert at_once is not None
    assert (at_once.certain, at_once.is_too_early) == (52, False)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
def test_whole_months(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    months = months_between(first, last)
    assert (
        0
        <= months
        == months_between(first, last + timedelta(days=1))
        - (months_between(first, last + timedelta(days=1)) != months)
    )
    assert months * 28 <= days <= (months + 1) * 31
    assert months_between(last, first) <= 0


# Section 4.3


@pytest.mark.parametrize(
    ("name", "counts", "low", "high"),
    [
        ("F1", (401, 405), "87.43", "93.69"),
        ("F2", (344, 347), "73.54", "81.91"),
        ("F4", (397, 400), "86.43", "92.71"),
        ("F5", (384, 387), "83.20", "90.14"),
        ("F6", (370, 374), "79.78", "87.50"),
        ("F7", (402, 402), "87.68", "93.10"),
        ("F8", (384, 387), "83.20", "90.14"),
        ("F9", (348, 352), "74.50", "82.96"),
        ("F10", (393, 396), "85.43", "91.93"),
        ("F11", (419, 423), "92.07", "97.06"),
        ("F13", (424, 427), "93.40", "97.76"),
        ("F21", (406, 409), "88.70", "94.46"),
        ("F22", (370, 374), "79.78", "87.50"),
    ],
)
def test_section_4_3_after_only(name: str, counts: tuple[int, int], low: str, high: str) -> None:
    found = read_figure(*FIGURES[name])
    assert (found.base, found.base_assumed) == (443, True)
    assert (found.counts[0], found.counts[-1]) == counts
    assert found.share is not None
    assert [f"{100 * end:.2f}" for end in found.share] == [low, high]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("F12", "5.45", "18.61"),
        ("F12-strongly", "22.22", "47.73"),
        ("F14", "17.88", "32.49"),
        ("F15", "14.94", "29.53"),
        ("F16", "20.36", "35.79"),
        ("F17", "18.38", "33.63"),
        ("F18", "19.37", "34.66"),
        ("F19", "18.30", "32.77"),
        ("F20", "20.77", "35.61"),
    ],
)
def test_section_4_3_before_and_after(name: str, low: str, high: str) -> None:
    found = read_figure(*FIGURES[name])
    assert found.interval is not None
    assert [f"{100 * end:.2f}" for end in found.interval] == [low, high]


def test_section_4_3_about_ninety_has_no_counts() -> None:
    found = read_figure(*FIGURES["F3"])
    assert (found.counts, found.is_possible, found.share) == (range(0), None, None)
    assert str(found) == "about 90 % of 443 (base assumed)"


def test_section_4_3_without_a_base_nothing_is_counted() -> None:
    for survey in TEACH_FIRST.surveys:
        for item in survey.items:
            found = read_figure(item, survey)
            assert (found.base, found.counts, found.is_possible) == (None, range(0), None)
            assert str(found).endswith("of an unknown base")
    rest = Figure(id="F", asks="x", percent="78", rest=["21"])
    assert read_figure(rest, Survey(id="S", title="x")).fits is False
    assert read_figure(attrs.evolve(rest, approximate=True), Survey(id="S", title="x")).fits is None


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))))
def test_every_interval_contains_the_figure_it_is_about(case: tuple[int, int, int]) -> None:
    before, after, base = case
    printed = [str((200 * count + base) // (2 * base)) for count in (before, after)]
    figure = Figure(id="F", asks="x", before=printed[0], percent=printed[1])
    found = read_figure(figure, Survey(id="S", title="x", design="matched", base=base))
    assert after in found.counts
    assert found.share is not None
    assert found.share[0] <= after / base <= found.share[1]
    assert wilson(after, base).low >= found.share[0]
    assert found.interval is not None
    assert found.interval[0] <= (after - before) / base <= found.interval[1]
    assert found.bounds is not None
    assert found.bounds.change[0] <= Fraction(after - before, base) <= found.bounds.change[1]


def test_a_change_that_the_base_cannot_print() -> None:
    survey = Survey(id="S", title="x", design="matched", base=3)
    found = read_figure(Figure(id="F", asks="x", before="10", percent="67"), survey)
    assert (found.is_possible, found.interval, found.bounds) == (False, None, None)
    own = read_figure(Figure(id="F", asks="x", percent="50", base=2), survey)
    assert (own.base, own.base_assumed, str(own)) == (2, False, "50 % of 2, 1")
    assert str(found) == "67 % of 3 (base assumed), 2; before 10 %"
    assert "; before +25 points, 134 to 136; better 46 to 51, worse 0 to 4; +17.9" in str(
        read_figure(*FIGURES["F14"])
    )


def test_what_was_counted_is_open_to_nothing() -> None:
    counted = Figure(id="F", asks="x", count=12)
    survey = Survey(id="S", title="x", base=40)
    found = read_figure(counted, survey)
    assert (found.counts, found.base_assumed, str(found)) == (range(12, 13), True, "12 of 40 (base assumed)")
    assert found.is_possible is True
    assert read_figure(counted, Survey(id="S", title="x", base=11)).is_possible is False
    unknown = read_figure(counted, Survey(id="S", title="x"))
    assert (unknown.share, str(unknown)) == (None, "12 of an unknown base")
    assert str(read_figure(counted, Survey(id="S", title="x", base=11))) == "12 of 11 (base assumed)"


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any))
def test_counted_pairs_lie_within_what_their_percentages_allow(cells: list[int]) -> None:
    both, worse, better, neither = cells
    base = sum(cells)
    pairs = PairedAnswers(both=both, worse=worse, better=better, neither=neither)
    matched = Survey(id="S", title="x", design="matched", base=base)
    exact = read_figure(Figure(id="F", asks="x", pairs=pairs), matched)
    printed = [str((200 * count + base) // (2 * base)) for count in (both + worse, both + better)]
    loose = read_figure(Figure(id="F", asks="x", before=printed[0], percent=printed[1]), matched)
    assert exact.bounds is not None
    assert loose.bounds is not None
    assert exact.interval is not None
    assert loose.interval is not None
    assert loose.interval[0] <= exact.interval[0] <= exact.interval[1] <= loose.interval[1]
    assert exact.bounds.p_value <= loose.bounds.p_value
    assert loose.bounds.better[0] <= better <= loose.bounds.better[1]
    assert exact.bounds.worse == (worse, worse)
    assert exact.base_assumed is False


def test_counted_pairs_in_words() -> None:
    pairs = PairedAnswers(both=36, worse=2, better=12, neither=0)
    matched = Survey(id="S", title="x", design="matched")
    assert str(read_figure(Figure(id="F", asks="x", pairs=pairs), matched)) == (
        "48 of 50; before 38; better 12, worse 2; +5.7 to +34.0 points"
    )
    still = PairedAnswers(both=3, worse=0, better=0, neither=0)
    found = read_figure(Figure(id="F", asks="x", pairs=still), matched)
    assert found.bounds is not None
    assert found.bounds.chi2 is None
    shown = survey(items=[Figure(id="F0", asks="x", pairs=pairs)], base=None)
    assert verdict_of(training_of(shown)) == "shown"


# Section 4.4


def test_section_4_4_words_have_an_order_and_are_no_numbers() -> None:
    words = [
        "one",
        "few",
        "small_number",
        "some",
        "several",
        "many",
        "majority",
        "most",
        "vast_majority",
        "all",
    ]
    assert [word.value for word in sorted(QuantityWord, key=lambda word: word)] == words
    for low, high in itertools.pairwise(words):
        one, other = QuantityWord(low), QuantityWord(high)
        assert one < other
        assert one <= other
        assert other > one
        assert other >= one
        assert not one > other
        assert not one >= other
    every: list[Any] = [*QuantityWord]
    for word in every:
        for number in (int, float):
            with pytest.raises(ValueError, match=r"invalid literal|could not convert"):
                number(word)
        with pytest.raises(TypeError):
            assert word < 3
    for name in ("__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(QuantityWord.ONE, name)("few") is NotImplemented


# Section 4.7


@pytest.mark.parametrize(
    ("outcome", "verdict", "basis"),
    [
        ("satisfied", "shown", "opinion"),
        *(
            (name, "shown", "matched_change")
            for name in (
                "manages-development",
                "leads-others",
                "advises",
                "reports",
                "supports-staff",
                "plans",
                "reviews",
                "develops",
            )
        ),
        ("knowledge", "claimed", "after_only"),
        ("actions", "claimed", "after_only"),
        ("effective", "claimed", "after_only"),
        ("knows-theory", "claimed", "interviews"),
        ("knows-routes", "claimed", "interviews"),
        ("knows-policies", "claimed", "interviews"),
        ("knows-benchmarks", "claimed", "interviews"),
        ("leads", "claimed", "interviews"),
        ("plan-handed-in", "claimed", "interviews"),
        ("provision-changed", "claimed", "interviews"),
        ("benchmark-progress", "claimed", "after_only"),
        ("award", "claimed", "interviews"),
        ("standing", "claimed", "interviews"),
        ("employers", "too_early", None),
        ("neet", "too_early", None),
        ("attainment", "too_early", None),
        ("pupils", "too_early", None),
    ],
)
def test_section_4_7(outcome: str, verdict: str, basis: str | None) -> None:
    found = REPORT.outcome(outcome)
    assert found is not None
    assert found.verdict == verdict
    assert (None if found.strongest is None else found.strongest.basis) == basis
    if basis == "matched_change":
        assert found.strongest is not None
        assert (found.strongest.base, found.strongest.base_assumed) == (185, True)
        assert (found.strongest.population, found.strongest.self_rated) == (("schools",), True)


def test_section_4_7_recommendations() -> None:
    addressed = [one.addressee.value for one in NATIONAL.recommendations]
    assert {name: addressed.count(name) for name in addressed} == {
        "government": 2,
        "company": 5,
        "providers": 5,
        "institutions": 3,
    }


def test_section_4_6_no_number_where_nothing_was_counted() -> None:
    assert [one.id for one in (*NATIONAL.barriers, *NATIONAL.enablers) if one.is_counted] == []
    assert [one.id for one in TEACH_FIRST.barriers if one.is_counted] == ["time-barrier"]


def test_section_6_figures_without_a_base_are_claims() -> None:
    report = training_report(TEACH_FIRST, as_of=AS_OF)
    for name in ("recommended", "strategy", "change-in-the-year"):
        found = report.outcome(name)
        assert found is not None
        assert found.verdict == "claimed"
    assert report.outcome("nothing") is None


# The rules in general


KINDS: dict[Any, str] = {
    evaluation.Survey: "surveys",
    evaluation.Finding: "findings",
    evaluation.CountedRecords: "records",
    evaluation.Interviews: "interviews",
}


def training_of(*evidence: Any, level: str = "learning", **facts: Any) -> Any:
    """Make a programme with one outcome that rests on everything given."""
    lists: dict[str, list[Any]] = {"surveys": [], "findings": [], "records": [], "interviews": []}
    ids: list[str] = []
    for one in evidence:
        lists[KINDS[type(one)]].append(one)
        if KINDS[type(one)] != "interviews":
            ids += [item.id for item in getattr(one, "items", (one,))]
    outcome = Outcome(**{"id": "o", "text": "x", "level": level, "evidence": ids, **facts})
    return TrainingEvaluation(programme=TrainingProgramme(title="T"), outcomes=[outcome], **lists)


def verdict_of(training: training_evaluation.TrainingEvaluation, as_of: date = AS_OF) -> Verdict | None:
    return next(result.verdict for level in judge(training, as_of) for result in level.outcomes)


def survey(before: str | None = "40", after: str = "90", **facts: Any) -> Any:
    number = facts.pop("number", 0)
    figure = Figure(id=f"F{number}", asks="x", before=before, percent=after)
    design = "after_only" if before is None else "matched"
    return Survey(
        **{"id": f"S{number}", "title": "x", "design": design, "base": 100, "items": [figure], **facts}
    )


ENDED = Wave(name="ended", people=9, ended_from=date(2020, 1, 1), ended_to=date(2020, 1, 1))


def asked(months: int) -> dict[str, Any]:
    day = date(2020 + months // 12, months % 12 + 1, 1)
    return {"asked_from": day, "asked_to": day, "waves": [ENDED], "base": 100}


@pytest.mark.parametrize(
    ("before", "after", "base", "verdict"),
    [
        ("40", "90", 100, "shown"),
        ("50", "51", 100, "claimed"),
        ("90", "40", 100, "claimed"),
        ("50", "50", 100, "claimed"),
        ("40", "90", None, "claimed"),
        ("40", "90", 7, "claimed"),
    ],
)
def test_a_matched_change_is_shown_if_clear_of_nothing(
    before: str, after: str, base: int | None, verdict: str
) -> None:
    assert verdict_of(training_of(survey(before, after, base=base))) == verdict


@pytest.mark.parametrize(
    ("level", "months", "verdict"),
    [
        ("reaction", 0, "shown"),
        ("learning", 0, "shown"),
        ("behaviour", 2, "too_early"),
        ("behaviour", 3, "shown"),
        ("results", 11, "too_early"),
        ("results", 12, "shown"),
    ],
)
def test_a_level_has_its_time(level: str, months: int, verdict: str) -> None:
    assert verdict_of(training_of(survey(**asked(months)), level=level), date(2022, 1, 1)) == verdict


def test_people_in_training_can_be_asked_at_once_alone() -> None:
    waves: dict[str, Any] = {
        "waves": [Wave(name="in training", people=9)],
        "asked_from": AS_OF,
        "asked_to": AS_OF,
    }
    talks = Interviews(id="I", title="x", respondents="leader", **waves)
    finding = Finding(id="f", text="x", interviews="I")
    assert verdict_of(training_of(talks, finding, level="learning")) == "claimed"
    assert verdict_of(training_of(talks, finding, level="behaviour")) == "too_early"
    unknown = attrs.evolve(talks, asked_from=None, asked_to=None)
    assert verdict_of(training_of(unknown, finding, level="behaviour")) == "claimed"


def test_evidence_of_later_days_is_not_there_yet() -> None:
    later: dict[str, Any] = {"asked_from": date(2020, 1, 1), "asked_to": date(2020, 6, 1)}
    for evidence in (
        (survey(**later),),
        (CountedRecords(id="r", text="x", count=3, date=date(2020, 6, 1)),),
        (
            Interviews(id="I", title="x", respondents="leader", **later),
            Finding(id="f", text="x", interviews="I"),
        ),
    ):
        assert verdict_of(training_of(*evidence), date(2020, 5, 31)) is None
        assert verdict_of(training_of(*evidence), date(2020, 6, 1)) in {"shown", "claimed"}
    only_first = survey(asked_from=date(2020, 6, 1))
    assert verdict_of(training_of(only_first), date(2020, 5, 31)) is None


def test_counted_records_show_and_a_share_without_a_base_claims() -> None:
    assert verdict_of(training_of(CountedRecords(id="r", text="x", count=3))) == "shown"
    assert verdict_of(training_of(CountedRecords(id="r", text="x", percent="98"))) == "claimed"


COMPLETED = place("applied", "sponsored", "contracted", "in_progress", step("completed", date(2020, 1, 1)))


@pytest.mark.parametrize(
    ("day", "early"), [(date(2020, 12, 31), True), (date(2021, 1, 1), False), (None, False)]
)
def test_results_before_their_time_by_the_enrolments(day: date | None, early: bool) -> None:
    asked_then: dict[str, Any] = {"asked_from": day, "asked_to": day}
    talks = Interviews(id="I", title="x", respondents="leader", **asked_then)
    outcomes = [Outcome(id=name, text="x", level="results", evidence=[name]) for name in ("r", "f", "F0")]
    training = whole(
        enrolments=[COMPLETED],
        outcomes=outcomes,
        records=[CountedRecords(id="r", text="x", count=3, date=day)],
        interviews=[talks],
        findings=[Finding(id="f", text="x", interviews="I")],
        surveys=[survey(**asked_then)],
    )
    found = judge(training, date(2022, 1, 1))[-1].outcomes
    expected = ["too_early"] * 3 if early else ["shown", "claimed", "shown"]
    assert [one.verdict for one in found] == expected


def test_nothing_but_reaction_and_learning_before_anybody_has_completed() -> None:
    begun = place("applied", "sponsored", "contracted", "in_progress")
    for level, verdict in (("learning", "shown"), ("behaviour", "too_early")):
        outcome = Outcome(id="o", text="x", level=level, evidence=["F0"])
        training = whole(enrolments=[begun], outcomes=[outcome], surveys=[survey()])
        assert verdict_of(training, date(2022, 1, 1)) == verdict


def test_the_source_says_that_it_is_too_early() -> None:
    found = judge(training_of(survey(), too_early="section 4"), AS_OF)
    (result,) = (one for level in found for one in level.outcomes)
    assert (result.verdict, result.strongest, len(result.evidence)) == ("too_early", None, 1)


def test_no_evidence_no_verdict() -> None:
    assert verdict_of(training_of()) is None


def test_what_nobody_looked_at() -> None:
    first = judge(training_of(survey(), level="reaction", intended="satisfied"), AS_OF)[0]
    assert first.unexamined == ("active", "relevant")


RANKS: dict[Verdict | None, int] = {None: 0, **{verdict: verdict.rank for verdict in Verdict}}


@st.composite
def evidence(draw: st.DrawFn) -> list[Any]:
    found: list[Any] = []
    for number in range(draw(st.integers(1, 5))):
        months, name = draw(st.integers(0, 20)), f"e{number}"
        match draw(st.sampled_from(["matched", "after", "finding", "records"])):
            case "matched":
                before, after = (str(draw(st.integers(0, 100))) for _ in range(2))
                base = draw(st.sampled_from([None, 20, 100]))
                found.append(
                    survey(
                        before,
                        after,
                        number=number,
                        **{**asked(months), "base": base},
                    )
                )
            case "after":
                found.append(survey(None, "90", number=number, **asked(months)))
            case "finding":
                talks = Interviews(id=f"I{number}", title="x", respondents="leader", **asked(months))
                found += [talks, Finding(id=name, text="x", interviews=talks.id)]
            case _:
                count = draw(st.none() | st.integers(0, 5))
                found.append(CountedRecords(id=name, text="x", count=count, percent=None if count else "98"))
    return found


@given(evidence(), st.sampled_from([*map(str, Level)]), st.data(), st.none() | st.just("section 1"))
def test_a_verdict_never_rises_when_evidence_is_taken_away(
    found: list[Any], level: str, data: st.DataObject, too_early: str | None
) -> None:
    training: training_evaluation.TrainingEvaluation = training_of(*found, level=level, too_early=too_early)
    outcome: Any = training.outcomes[0]
    kept = tuple(one for one in outcome.evidence if data.draw(st.booleans()))
    less = attrs.evolve(training, outcomes=(attrs.evolve(outcome, evidence=kept),))
    as_of = data.draw(st.dates(date(2020, 1, 1), date(2022, 6, 1)))
    assert RANKS[verdict_of(less, as_of)] <= RANKS[verdict_of(training, as_of)]
    assert RANKS[verdict_of(training, date(2019, 1, 1))] <= RANKS[verdict_of(training, date(2030, 1, 1))]


def test_ranks() -> None:
    assert [verdict.rank for verdict in Verdict] == [3, 2, 1]
    assert [basis.value for basis in Basis][:2] == ["records", "matched_change"]
