"""Comparing two editions, two dates and many institutions."""

from __future__ import annotations

import json
import pickle
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.insight.comparing import ComparisonError, as_of_earlier
from gatsbykit.rules import BenchmarkStatus, CriterionStatus, Preset
from gatsbykit.scoring.summarising import BenchmarkRates, CriterionRates
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from gatsbykit.model.answers import DeclaredAnswer

EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind="secondary_school")
COLLEGE = gk.Institution(name="Riverside College", kind="college")


@pytest.fixture(scope="module")
def northfield() -> gk.Records:
    return gk.load(EXAMPLES / "northfield")


@pytest.fixture(scope="module")
def changed(northfield: gk.Records) -> gk.Comparison:
    return gk.compare_editions(northfield, "2014-school", "2025-school", as_of=AS_OF)


# --- two editions -------------------------------------------------------------------------------


def test_what_changed_for_a_school(changed: gk.Comparison) -> None:
    six = changed["6a"]
    assert six.status_before() == (CriterionStatus.MET,)
    assert six.status_after() is CriterionStatus.NOT_MET
    assert six.moved()
    assert six.moved(Preset.ALMOST_ALL)
    assert not six.moved(Preset.LEGACY)
    assert [(result.numerator, result.denominator) for result in six.before] == [(158, 158)]
    assert six.after is not None
    assert (six.after.numerator, six.after.denominator) == (131, 158)
    needs, *others = six.why
    assert needs == (
        "Needs: In Years 7 to 11, each learner has attended at least two meaningful workplace experiences. "
        "Before: In Years 7 to 11, each learner has attended at least one workplace experience."
    )
    assert others == [
        "Other activities count: what makes one meaningful is another question.",
        "Before: 158 of 158 (100 %).",
        "Now: 131 of 158 (82.9 %).",
        "Learners missing now but not before: 27; before but not now: 0.",
    ]


def test_the_same_rule_says_so(changed: gk.Comparison) -> None:
    assert changed["8a"].why[0] == "The rule is the same."
    assert not changed["8a"].moved()


def test_two_criteria_that_became_one(changed: gk.Comparison) -> None:
    records = changed["3b"]
    assert [result.criterion.id for result in records.before] == ["3b", "3c"]
    assert records.status_before() == (CriterionStatus.MET, CriterionStatus.NOT_ASSESSED)
    assert "Before: answered, met (3b) and no records and no answer (3c)." in records.why


def test_records_that_became_an_answer(changed: gk.Comparison) -> None:
    destinations = changed["3c"]
    assert destinations.why[0] == "Answered by: the institution. Before: records of learners."
    assert destinations.why[-2:] == ("Before: 391 of 435 (89.9 %).", "Now: answered, met.")


def test_what_is_new_and_what_was_dropped() -> None:
    answers: dict[str, dict[str, DeclaredAnswer]] = {
        "2018-college": {"5b": gk.Answer.YES, "8b": gk.Answer.IN_PROGRESS},
        "2025-college": {"5b": gk.Answer.NO},
    }
    records = gk.Records(institution=COLLEGE, answers=answers)
    made = gk.compare_editions(records, "2018-college", "2025-college", as_of=AS_OF)
    new = made["5b"]
    assert new.before == ()
    assert new.why == ("2018-college does not ask for this.", "Now: answered, not met.")
    assert new.moved()
    old, fresh = made.of_benchmark(5)[-1], made.of_benchmark(5)[-2]
    assert fresh is new
    assert (old.id, old.after, old.status_after()) == ("5b", None, None)
    assert old.why == ("2025-college does not ask for this.", "Before: answered, met.")
    assert old.moved()


def test_a_cohort_of_nobody_is_said() -> None:
    records = gk.Records(institution=SCHOOL, learners=[], activities=[], participations=[])
    made = gk.compare_editions(records, "2014-school", "2025-school", as_of=AS_OF)
    assert made["8a"].why == (
        "The rule is the same.",
        "Before: nobody whom it is about.",
        "Now: nobody whom it is about.",
    )


def test_every_criterion_belongs_to_one_benchmark(changed: gk.Comparison) -> None:
    spread = [change for number in range(1, 9) for change in changed.of_benchmark(number)]
    assert spread == [*changed.criteria]
    with pytest.raises(KeyError, match="2025-school has no criterion '9a'"):
        _ = changed["9a"]


def test_an_edition_for_others(northfield: gk.Records) -> None:
    with pytest.raises(gk.EditionError, match="2025-college is not for a secondary_school"):
        gk.compare_editions(northfield, "2014-school", "2025-college", as_of=AS_OF)


def test_different_institutions_are_not_compared() -> None:
    cards = [gk.score(gk.Records(institution=one), as_of=AS_OF) for one in (SCHOOL, COLLEGE)]
    with pytest.raises(ComparisonError, match="different institutions; use summarise") as raised:
        gk.compare(*cards)
    assert isinstance(raised.value, ValueError)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 (our own bytes)


@given(scored_cases())
def test_comparing_shows_what_scoring_says(case: ScoredCase) -> None:
    keys = sorted({case.edition, *(("2014-school", "2025-school") if "school" in case.edition else ())})
    settings = gk.Settings(unknown=case.unknown)
    cards = [
        gk.score(case.records, as_of=case.as_of, edition=key, settings=settings)
        for key in (keys[0], keys[-1])
    ]
    made = gk.compare(*cards)
    after = [change.after for change in made.criteria if change.after is not None]
    assert after == [*cards[1].criteria]
    before = {result.criterion.id for change in made.criteria for result in change.before}
    assert before == {result.criterion.id for result in cards[0].criteria}
    for change in made.criteria:
        assert change.why
        for preset in Preset:
            assert change.status_before(preset) == tuple(one.status[preset] for one in change.before)
    text = str(made)
    assert all(len(line) <= 80 for line in text.splitlines())
    json.dumps(made.to_dict())


def test_a_scorecard_does_not_differ_from_itself(northfield: gk.Records) -> None:
    card = gk.score(northfield, as_of=AS_OF)
    made = gk.compare(card, card)
    assert not any(change.moved() for change in made.criteria)
    assert made["6a"].why == ("Before: 131 of 158 (82.9 %).", "Now: 131 of 158 (82.9 %).")


def test_no_learner_is_named(changed: gk.Comparison, northfield: gk.Records) -> None:
    written = f"{changed}{json.dumps(changed.to_dict())}"
    assert northfield.learners is not None
    assert not [one.learner_id for one in northfield.learners if one.learner_id in written]


# --- two dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year_group", "left", "expected"),
    [
        (date(2026, 7, 10), 11, None, 11),
        (date(2025, 9, 1), 11, None, 11),
        (date(2025, 8, 31), 11, None, 10),
        (date(2018, 7, 10), 3, None, 1),  # not at school yet: as little in any population
        (date(2025, 7, 10), 14, None, 13),
        (date(2025, 6, 1), 11, date(2025, 7, 18), 11),  # left in that year: right on the last day
        (date(2024, 6, 1), 11, date(2025, 7, 18), 10),
        (date(2025, 10, 1), 11, date(2025, 7, 18), 11),
        (date(2024, 6, 1), None, None, None),
    ],
)
def test_year_groups_as_they_were(
    day: date, year_group: int | None, left: date | None, expected: int | None
) -> None:
    learner = gk.Learner(learner_id="L1", year_group=year_group, on_roll_to=left)
    seen = as_of_earlier(gk.Records(institution=SCHOOL, learners=[learner]), day, recorded=AS_OF)
    assert seen.learners is not None
    assert seen.learners[0].year_group == expected


def test_records_do_not_know_who_moved_up() -> None:
    with pytest.raises(ComparisonError, match="2026-09-01 is after 2026-07-10"):
        as_of_earlier(gk.Records(institution=SCHOOL), date(2026, 9, 1), recorded=AS_OF)


@given(case=scored_cases(), years=st.integers(0, 3))
def test_year_groups_at_activities_do_not_depend_on_when_they_are_seen(case: ScoredCase, years: int) -> None:
    earlier = case.as_of.replace(year=case.as_of.year - years, day=min(case.as_of.day, 28))
    seen = as_of_earlier(case.records, earlier, recorded=case.as_of)
    for was, is_ in zip(case.records.learners or (), seen.learners or (), strict=True):
        year_group = was.year_group_at(earlier, as_of=case.as_of)
        if year_group is not None and year_group >= 1 and (was.on_roll_to or earlier) >= earlier:
            assert is_.year_group_at(earlier, as_of=earlier) == year_group
    assert seen.participations == case.records.participations


def test_one_school_at_two_dates() -> None:
    records = gk.Records(
        institution=SCHOOL,
        learners=[gk.Learner(learner_id="L1", year_group=11), gk.Learner(learner_id="L2", year_group=10)],
        activities=[
            gk.Activity(
                activity_id="A1", date=date(2025, 10, 1), kinds={"employer_encounter"}, meaningful=True
            ),
            gk.Activity(
                activity_id="A2", date=date(2025, 11, 4), kinds={"guidance_meeting"}, adviser_level=6
            ),
        ],
        participations=[gk.Participation("A1", "L2"), gk.Participation("A2", "L1")],
    )
    made = gk.compare_dates(records, date(2025, 10, 31), AS_OF)
    assert (made.before.as_of, made.after.as_of) == (date(2025, 10, 31), AS_OF)
    assert made["8a"].why == (
        "Before: 0 of 1 (0 %).",
        "Now: 1 of 1 (100 %).",
        "Learners missing now but not before: 0; before but not now: 1.",
    )
    assert not made["5a"].moved()
    across = gk.compare_dates(records, date(2025, 7, 10), date(2025, 10, 31), recorded=AS_OF)
    assert (across.before.edition.key, across.after.edition.key) == ("2014-school", "2025-school")
    assert across.before["8a"].denominator == 0  # in July 2025 nobody was in Year 11
    fixed = gk.compare_dates(records, date(2025, 7, 10), AS_OF, edition="2025-school")
    assert fixed.before.edition is fixed.after.edition


# --- many institutions --------------------------------------------------------------------------


@given(st.lists(scored_cases(), max_size=3))
def test_the_mean_number_achieved_is_the_sum_of_the_rates(cases: list[ScoredCase]) -> None:
    cards = [
        gk.score(
            case.records, as_of=case.as_of, edition=case.edition, settings=gk.Settings(unknown=case.unknown)
        )
        for case in cases
    ]
    summary = gk.summarise(iter(cards))
    assert summary.institutions == len(cards)
    for preset in Preset:
        rates = [one.rate(preset) for one in summary.benchmarks]
        if not cards:
            assert rates == []
            assert summary.mean_achieved(preset) is None
            continue
        assert summary.mean_achieved(preset) == sum(rate for rate in rates if rate is not None)
        assert summary.mean_achieved(preset) == Fraction(
            sum(card.achieved[preset] for card in cards), len(cards)
        )
        assert sum(summary.distribution[preset]) == len(cards)
        for criterion in summary.criteria:
            assert 0 <= criterion.met[preset] <= criterion.assessed <= criterion.applicable <= len(cards)
    for one, number in zip(summary.benchmarks, range(1, 9), strict=bool(cards)):
        statuses = [card.benchmarks[number - 1].status[Preset.EVERY_PUPIL] for card in cards]
        assert one.applicable == sum(status is not BenchmarkStatus.NOT_APPLICABLE for status in statuses)
        assert one.achieved[Preset.EVERY_PUPIL] == statuses.count(BenchmarkStatus.ACHIEVED)
    assert all(len(line) <= 80 for line in str(summary).splitlines())
    json.dumps(summary.to_dict())


def test_a_summary_as_text_and_data(northfield: gk.Records) -> None:
    cards = [gk.score(one, as_of=AS_OF) for one in (northfield, gk.load(EXAMPLES / "riverside"))]
    summary = gk.summarise(cards)
    lines = str(summary).splitlines()
    assert lines[0] == "2 institutions"
    assert "Mean number achieved                        2.50        4.00        5.50" in lines
    assert "Institutions that achieve all of them       0           0           0" in lines
    document: dict[str, Any] = summary.to_dict()
    assert document["mean_achieved"] == {"every_pupil": "5/2", "almost_all": "4", "legacy": "11/2"}
    assert document["distribution"]["every_pupil"] == [0, 0, 1, 1, 0, 0, 0, 0, 0]
    six = {one["edition"]: one for one in document["criteria"] if one["id"] == "6a"}
    assert six["2025-college"] == {
        "edition": "2025-college",
        "id": "6a",
        "applicable": 1,
        "assessed": 1,
        "met": {"every_pupil": 0, "almost_all": 1, "legacy": 1},
        "rate": {"every_pupil": "0", "almost_all": "1", "legacy": "1"},
        "numerator": cards[1]["6a"].numerator,
        "denominator": cards[1]["6a"].denominator,
        "share": str(cards[1]["6a"].share),
    }
    assert "no official result" in lines[-1]


@given(st.lists(scored_cases(), max_size=3))
def test_a_summary_of_evidence_alone_is_that_of_scorecards_without_answers(cases: list[ScoredCase]) -> None:
    cards = [gk.score(case.records, as_of=case.as_of, edition=case.edition) for case in cases]
    summary = gk.summarise(cards, evidence_only=True)
    assert summary.institutions == len(cards)
    for preset in Preset:
        rates = [one.rate(preset) for one in summary.benchmarks]
        assert (summary.mean_achieved(preset) or 0) == sum(rate for rate in rates if rate is not None)
    for rates_of in summary.criteria:
        own = [card[rates_of.id] for card in cards if card.edition.key == rates_of.edition]
        counted = [one.tally for one in own if one.tally is not None]
        assert rates_of.denominator == sum(tally.denominator for tally in counted)
        assert rates_of.numerator == sum(tally.numerator for tally in counted)
        assert counted
    declared = [attrs.evolve(case.records, answers={}) for case in cases]
    without = [
        gk.score(one, as_of=case.as_of, edition=case.edition)
        for one, case in zip(declared, cases, strict=True)
    ]
    assert gk.summarise(without, evidence_only=True) == summary
    assert all(len(line) <= 80 for line in str(summary).splitlines())


def test_a_criterion_that_applies_to_nobody_has_no_rate() -> None:
    empty = gk.Records(institution=SCHOOL, learners=[], activities=[], participations=[])
    summary = gk.summarise([gk.score(empty, as_of=AS_OF)])
    rates = {one.id: one.rate() for one in summary.criteria}
    assert rates["6a"] is None
    assert rates["1b"] == 0
    assert str(summary).splitlines()[0] == "1 institution"
    assert (
        "  6a                                        -           -           -" in str(summary).splitlines()
    )


def test_a_summary_of_nobody() -> None:
    summary = gk.summarise([])
    assert str(summary).startswith("0 institutions")
    assert "Mean number achieved                        -           -           -" in str(summary)
    assert summary.to_dict()["benchmarks"] == []
    for preset in gk.Preset:
        assert summary.mean_achieved(preset) is None
        counts = {str(one): 0 for one in gk.Preset}
        of_nobody = BenchmarkRates(number=1, institutions=0, applicable=0, achieved=counts)
        assert of_nobody.rate(preset) is None
        to_nobody = CriterionRates(edition="2025-school", id="6a", applicable=0, assessed=0, met=counts)
        assert to_nobody.rate(preset) is None


# --- the command --------------------------------------------------------------------------------


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["compare", str(EXAMPLES / "riverside"), *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_comparing_editions_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--editions", "2018-college", "2025-college", "--as-of", "2026-07-10"]
    lines = output(capsys, *options).splitlines()
    assert lines[0] == "Riverside College (synthetic)"
    assert "Achieved, almost all                          5 of 8 -> 4 of 8" in lines
    assert "   5b                                         no -> -" in lines
    document = json.loads(output(capsys, *options, "--format", "json"))
    assert document["format"] == "gatsbykit-comparison/1"
    assert [one["number"] for one in document["benchmarks"]] == [*range(1, 9)]
    assert document["before"]["edition"] == "2018-college"


def test_comparing_dates_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--dates", "2025-12-19", "2026-07-10")
    assert "Before  2025-college as of 2025-12-19" in text
    assert "Now     2025-college as of 2026-07-10" in text


@pytest.mark.parametrize(
    "arguments", [[], ["--editions", "2018-college"], ["--dates", "2025-12-19", "10 July 2026"]]
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compare", "anywhere", *arguments])
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def test_dates_after_the_records(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(EXAMPLES / "riverside")
    assert main(["compare", path, "--dates", "2025-12-19", "2026-07-10", "--as-of", "2026-01-01"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "2026-07-10 is after 2026-01-01, the date at which the year groups are right\n"
