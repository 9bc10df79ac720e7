"""A document held against itself: the 26 of `programmes.md` section 4.5, and each check for itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from gatsbykit.issues import Severity, Stage
from gatsbykit.model.evaluation import Part, Wave
from gatsbykit.model.statements import Remark
from gatsbykit.practice.consistency import contradictions, parts_difference, with_parts_merged
from gatsbykit.practice.doubts import doubts
from gatsbykit.practice.training import load_training
from gatsbykit.practice.verdicts import judge
from tests.model.test_enrolments import DAY, WAY_TO, enrolled
from tests.support.loosely import (
    Block,
    Course,
    CourseCohort,
    Figure,
    Finding,
    Interviews,
    Outcome,
    Provider,
    ProviderGroup,
    QualityCheck,
    Question,
    Statement,
    Survey,
    TrainingEvaluation,
    TrainingProgramme,
)

NATIONAL = load_training("examples/careers-leader-training").training
FOUND = [(issue.code, issue.record, issue.message) for issue in contradictions(NATIONAL)]

FIXTURES: list[tuple[int, str, str]] = [
    (1, "parts_do_not_sum", "(IES 2020, §2.4.2): the parts add up to 51, the whole is 52"),
    (1, "parts_differ", "junior 3, middle 30, multi site 0 (IES 2020, §2.4.2), junior 0, middle 33"),
    (2, "word_for_unlike_shares", "vast majority stands for 57.7 % (IES 2020, §2.4.2) and for 96.0 %"),
    (3, "word_against_count", "vast majority (IES 2020, executive summary), but 535 of 1,125 (47.6 %)"),
    (4, "counts_of_two_dates", "1,125 of 1,300 on 2020-02-14 (IES 2020, §3.1), 1,300 of 1,300 on a day"),
    (5, "values_differ", "satisfied with the programme: 91 % (IES 2020, §3.2.1, figure 3.1), 90 %"),
    (6, "decimals_differ", "decimal places than the rest; of the bases, 185 (cannot), 443 (can) give it"),
    (7, "complements_do_not_round", "78 + 21 cannot be the whole, 1 to 8 people in none of them"),
    (8, "wording_differs", "F18 asks 'know how', IES 2020, §4.2.1 says 'confident'"),
    (8, "wording_differs", "F19 asks 'know how', IES 2020, §4.2.1 says 'able'"),
    (8, "wording_differs", "F22 asks 'made progress', IES 2020, §4.3.1 says 'made better progress'"),
    *((9, "scope_wider", f"{name} is about schools") for name in ("F12", "F18", "F19", "F20")),
    (10, "form_differs", "(IES 2020, §4.1.5): a table is announced, a figure follows"),
    *((10, "before_not_printed", f"a rise of {rise} points") for rise in (25, 22, 28, 26)),
    (11, "claimed_and_too_early", "so (IES 2020, §4.3), and too early to know (IES 2020, §4.3.2)"),
    (12, "words_differ", "all eight benchmarks: few (IES 2020, §4.3.1), small number"),
    (12, "words_differ", "all eight benchmarks: few (IES 2020, §4.3.1), one"),
    (13, "yes_and_no", "the final plan is submitted: so (IES 2020, §4.2.1, portfolio), not so"),
    (14, "words_differ", "differ in the assessment alone: all (IES 2020, §3.2), few"),
    (15, "scopes_differ", "courses at level 7 (IES 2020, glossary), university courses of both"),
    (16, "yes_and_no", "careers specialists are qualified: so (IES 2020, §2.4.1), not so"),
    (17, "words_differ", "leaders who study in their own time: all (IES 2020, §3.2.1), majority"),
    (17, "seen_by_a_reader", "study time in work: of some, and of one or two"),
    (18, "seen_by_a_reader", "teaching and assessment practice, and careers"),
    (19, "question_unanswered", "Does training that is online alone differ?"),
    (19, "question_unanswered", "Were institutions reached whose careers work was weak?"),
    (20, "asked_too_soon", "behaviour: of 52 people the time had come for 6, may have for 29, cannot"),
    (21, "comparison_not_borne_out", "7.4 is not more than 7.4, hours a week of leaders in 2009"),
    (22, "time_without_wave", "nobody who ended from 2020-01-01 to 2020-02-29 is in a wave"),
    (23, "yes_and_no", "essential: so (many) (IES 2020, §2.4.3, careers leaders), not so (some)"),
    (24, "scopes_differ", "providers (IES 2020, executive summary), participants, as providers say"),
    (25, "values_differ", "hubs of the first wave: 22 (IES 2020, §1.1), 21"),
    (26, "one_number_two_things", "1,300 is places of the programme (IES 2020, §2.2) and institutions"),
]


@pytest.mark.parametrize(("number", "code", "words"), FIXTURES)
def test_section_4_5(number: int, code: str, words: str) -> None:
    assert number
    assert [message for found, _, message in FOUND if found == code and words in message]


def test_section_4_5_all_twenty_six_and_what_only_a_reader_sees() -> None:
    assert {number for number, _, _ in FIXTURES} == {*range(1, 27)}
    by_reader = {number for number, code, _ in FIXTURES if code == "seen_by_a_reader"}
    by_rule = {number for number, code, _ in FIXTURES if code != "seen_by_a_reader"}
    assert (by_reader, by_reader - by_rule) == ({17, 18}, {18})
    entered = {int(re.sub(r"^4\.5-(\d+).*", r"\1", one.id)) for one in NATIONAL.statements}
    assert entered <= {*range(1, 27)}
    said = {code for code, _, _ in FOUND}
    assert said == {code for _, code, _ in FIXTURES}


def test_section_9_4() -> None:
    text, table = (one for one in NATIONAL.statements if one.about == "leaders by level")
    assert table.base == 52
    assert sum(part.count for part in text.parts) == table.base - 1
    merged = with_parts_merged(text.parts, {"junior": "middle"})
    assert parts_difference(merged, table.parts) == {"multi site": (0, 1)}
    assert parts_difference([*merged, Part(name="multi site", count=1)], table.parts) == {}
    assert with_parts_merged([], {}) == ()


def test_everything_found_is_a_warning_with_its_place() -> None:
    for issue in contradictions(NATIONAL):
        assert (issue.severity, issue.stage) == (Severity.WARNING, Stage.EVIDENCE)
        assert issue.file == "training.json"
        assert issue.path
        assert "…" not in issue.message


# Each check for itself


def said(*statements: dict[str, Any], as_of: date | None = None, **lists: Any) -> list[str]:
    made = [
        Statement(**{"id": f"s{n}", "about": "x", "place": f"p{n}", **one})
        for n, one in enumerate(statements)
    ]
    programme = TrainingProgramme(title="T")
    found = contradictions(TrainingEvaluation(programme=programme, statements=made, **lists), as_of)
    return [issue.code for issue in found]


def parts(**counts: int) -> list[Part]:
    return [Part(name=name, count=count) for name, count in counts.items()]


@pytest.mark.parametrize(
    ("statements", "codes"),
    [
        ([], []),
        ([{"parts": parts(a=1, b=2), "base": 3}], []),
        ([{"parts": parts(a=1, b=2)}], []),
        ([{"parts": parts(a=1, b=2), "base": 4}], ["parts_do_not_sum"]),
        ([{"parts": parts(a=1)}, {"parts": parts(a=1)}], []),
        ([{"parts": parts(a=1)}, {"parts": parts(a=2)}], ["parts_differ"]),
        ([{"parts": parts(a=1)}, {}], []),
        ([{"count": 5}, {"count": 5}], []),
        ([{"count": 5}, {"count": 6}], ["values_differ"]),
        ([{"count": 5}, {"count": 6, "about": "y"}], []),
        ([{"count": 5}, {"percent": "6"}], []),
        ([{"count": 5}, {}], []),
        ([{"number": 5}, {"number": 5.5}], ["values_differ"]),
        ([{"about": "X ", "count": 5}, {"about": "x", "count": 6}], ["values_differ"]),
        ([{"count": 5, "date": DAY}, {"count": 6}], ["counts_of_two_dates"]),
        ([{"count": 5, "date": DAY}, {"count": 6, "date": DAY}], ["values_differ"]),
        ([{"word": "few"}, {"word": "few"}], []),
        ([{"word": "few"}, {"word": "many"}], ["words_differ"]),
        ([{"word": "few"}, {}], []),
        ([{"holds": True}, {"holds": True}], []),
        ([{"holds": True}, {}], []),
        ([{"holds": True}, {"holds": False}], ["yes_and_no"]),
        ([{"holds": True, "word": "many"}, {"holds": False, "word": "few"}], ["yes_and_no"]),
        ([{"scope": "a"}, {"scope": "a"}, {}], []),
        ([{"scope": "a"}, {"scope": "b"}], ["scopes_differ"]),
        ([{"too_early": True}, {"holds": True}], ["claimed_and_too_early"]),
        ([{"holds": True}, {"too_early": True}], ["claimed_and_too_early"]),
        ([{"too_early": True}, {"holds": False}], []),
        ([{"too_early": True}, {"too_early": True}], []),
        ([{"word": "most"}, {"count": 1, "base": 2}], ["word_against_count"]),
        ([{"percent": "50"}, {"word": "majority"}], ["word_against_count"]),
        ([{"word": "most"}, {"count": 2, "base": 3}], []),
        ([{"word": "many"}, {"count": 1, "base": 3}], []),
        ([{"word": "most"}, {"count": 1}], []),
        ([{"word": "all", "percent": "70"}, {"word": "all", "percent": "95", "about": "y"}], []),
        (
            [{"word": "all", "percent": "69"}, {"word": "all", "percent": "95", "about": "y"}],
            ["word_for_unlike_shares"],
        ),
        ([{"count": 100}, {"count": 100, "about": "y"}], ["one_number_two_things"]),
        ([{"count": 99}, {"count": 99, "about": "y"}], []),
        ([{"count": 100}, {"count": 100, "base": 100, "about": "y"}], []),
        ([{"number": 5}, {"about": "y", "number": 5, "more_than": "s0"}], ["comparison_not_borne_out"]),
        ([{"number": 5}, {"about": "y", "number": 5.5, "more_than": "s0"}], []),
        ([{}, {"about": "y", "number": 5.5, "more_than": "s0"}], []),
        ([{"announces": "table", "form": "table"}], []),
        ([{"announces": "table", "form": "figure"}], ["form_differs"]),
    ],
)
def test_each_check(statements: list[dict[str, Any]], codes: list[str]) -> None:
    assert said(*statements) == codes


def survey(*items: Any, **facts: Any) -> Any:
    return Survey(**{"id": "S", "title": "t", "base": 185, "items": items, **facts})


def item(name: str = "F", **facts: Any) -> Any:
    return Figure(**{"id": name, "asks": "x", "percent": "91", **facts})


def test_figures_against_their_bases() -> None:
    assert said(surveys=[survey(item())]) == []
    assert said(surveys=[survey(item(percent="90.7"))]) == ["base_impossible"]
    assert said(surveys=[survey(item(percent="90.7"), item("G"), item("H"), base=None)]) == [
        "decimals_differ"
    ]
    assert said(surveys=[survey(item(rest=["9"]))]) == []
    assert said(surveys=[survey(item(rest=["8"]), base=None)]) == ["complements_do_not_round"]
    rise = survey(item(rise="20"), design="matched")
    assert said(surveys=[rise]) == ["before_not_printed"]
    wrong = survey(item(before="0.1"), design="matched", base=10)
    assert said(surveys=[wrong]) == ["base_impossible"]
    assert said(surveys=[survey()]) == []
    assert said(surveys=[survey(item(percent=None, count=185))]) == []
    assert said(surveys=[survey(item(percent=None, count=186))]) == ["base_impossible"]


def test_quotations_of_figures() -> None:
    schools = survey(item(stem="know how"), population=["schools"])
    quoted = {"quotes": "F", "stem": "know how", "population": ["schools"]}
    assert said(quoted, surveys=[schools]) == []
    assert said({**quoted, "stem": "confident"}, surveys=[schools]) == ["wording_differs"]
    assert said({**quoted, "population": ["colleges"]}, surveys=[schools]) == ["scope_wider"]
    assert said({**quoted, "population": ["colleges"]}, surveys=[survey(item())]) == []


def test_time() -> None:
    wave = Wave(name="w", people=3, ended_from=date(2019, 1, 1), ended_to=date(2019, 12, 31))
    talks = Interviews(
        id="I",
        title="t",
        respondents="leader",
        base=3,
        asked_from=date(2019, 6, 1),
        asked_to=date(2020, 1, 31),
        waves=[wave],
    )
    later = survey(item(), waves=[Wave(name="w", people=3)], asked_from=DAY, asked_to=DAY)
    lists: dict[str, Any] = {
        "findings": [Finding(id="f", text="t", interviews="I")],
        "outcomes": [Outcome(id="o", text="t", level="results", evidence=["f", "F"])],
    }
    assert said(interviews=[talks], surveys=[later], **lists) == [
        "asked_too_soon",
        "time_without_wave",
    ]
    assert said(interviews=[talks], surveys=[later], as_of=date(2020, 1, 30), **lists) == ["asked_too_soon"]
    assert said(interviews=[talks], surveys=[later], as_of=date(2019, 1, 1), **lists) == []


def test_blocks_questions_and_remarks() -> None:
    block = Block(id="b", parts=parts(a=1, b=2))
    talks = Interviews(id="I", title="t", respondents="leader", base=4, blocks=[block])
    assert said(interviews=[talks]) == ["parts_do_not_sum"]
    questions = [
        Question(id="q", text="?", place="p"),
        Question(id="r", text="?", place="p", answered_at=["q"]),
    ]
    assert said(questions=questions) == ["question_unanswered"]
    assert said(remarks=[Remark(id="r", text="t", place="p")]) == ["seen_by_a_reader"]


# What is doubtful


def doubted(**lists: Any) -> list[tuple[str, str | None]]:
    made = TrainingEvaluation(**{"programme": TrainingProgramme(title="T"), **lists})
    as_of = date(2020, 12, 31)
    return [(issue.code, issue.path) for issue in doubts(made, judge(made, as_of), as_of)]


def test_the_published_programmes_raise_no_doubts() -> None:
    for name in ("careers-leader-training", "teach-first-programme"):
        training = load_training(f"examples/{name}").training
        assert doubts(training, judge(training, date(2020, 12, 31)), date(2020, 12, 31)) == ()


def test_doubts() -> None:
    providers = [Provider(id="P1", specialism="careers")]
    assert doubted(
        providers=providers,
        courses=[Course(id="C", provider="P1", accreditation="none", assessment="portfolio")],
    ) == [("assessment_without_accreditation", "courses[0].assessment")]
    for accreditation, assessment in (("none", "none"), ("none", None), ("level_6", "portfolio")):
        course = Course(id="C", provider="P1", accreditation=accreditation, assessment=assessment)
        assert doubted(providers=providers, courses=[course]) == []
    group = ProviderGroup(specialism="careers", providers=2)
    assert doubted(providers=providers, provider_groups=[group]) == [
        ("provider_counts_differ", "provider_groups[0].providers")
    ]
    assert doubted(provider_groups=[group]) == []
    checks = [
        QualityCheck(kind=kind, provider="P1") for kind in ("programme_review", "observation", "feedback")
    ]
    assert doubted(providers=providers, quality_checks=checks[:2]) == [
        ("quality_never_checked", "providers[0]")
    ]
    assert doubted(providers=providers, quality_checks=checks) == []
    assert doubted(outcomes=[Outcome(id="o", text="t", level="results")]) == [
        ("outcome_without_evidence", "outcomes")
    ]
    fall = survey(item(before="91", percent="40"), item("G", before="50", percent="51"), design="matched")
    assert doubted(surveys=[fall]) == [("change_against_outcome", "surveys[0].items[0]")]


def test_a_cohort_with_fewer_people_than_it_needs() -> None:
    provider, course = Provider(id="P1"), Course(id="C", provider="P1")
    cohorts = [
        CourseCohort(id="K", course="C", starts=DAY, minimum=2),
        CourseCohort(id="L", course="C", starts=date(2021, 1, 1), minimum=2),
        CourseCohort(id="M", course="C", starts=DAY),
        CourseCohort(id="N", course="C", minimum=2),
    ]
    one = enrolled(*WAY_TO["in_progress"], course="C", cohort="K")
    lists: dict[str, Any] = {"providers": [provider], "courses": [course], "cohorts": cohorts}
    assert doubted(**lists, enrolments=[one]) == [("cohort_below_minimum", "cohorts[0].minimum")]
