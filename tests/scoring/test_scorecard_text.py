"""The scorecard as text: complete, honest, and at most 80 columns wide."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit.issues import Issue
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.scoring.scorecard import scorecard_text
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.builders import MEANINGFUL, OCCASION, activity, learner, records

SUMMER = date(2026, 7, 10)
EXAMPLES = Path(__file__).parents[2] / "examples"
ESCAPE = re.compile(r"\x1b\[[0-9]+m")


def lines(card: gk.Scorecard, *, colour: bool = False) -> list[str]:
    return scorecard_text(card, colour=colour).split("\n")


def assert_is_tidy(card: gk.Scorecard) -> None:
    plain = lines(card)
    assert all(len(line) <= 80 for line in plain)
    assert all(line == line.rstrip() for line in plain)
    assert all(line.isprintable() for line in plain)
    coloured = [ESCAPE.sub("", line).rstrip() for line in lines(card, colour=True)]
    assert coloured == plain


@given(scored_cases())
def test_any_scorecard_is_tidy(case: ScoredCase) -> None:
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition)
    assert_is_tidy(card)
    text = scorecard_text(card)
    for one in card.criteria:
        assert f"\n   {one.criterion.id}  " in text


@pytest.mark.parametrize("name", ["northfield", "riverside"])
@pytest.mark.parametrize("day", [date(2026, 7, 10), date(2024, 2, 29), date(2016, 1, 1)])
def test_the_examples_are_tidy(name: str, day: date) -> None:
    assert_is_tidy(gk.score(gk.load(EXAMPLES / name), as_of=day))


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_a_card_without_anything(key: str) -> None:
    (kind, *_) = sorted(edition(key).kinds)
    card = gk.score(gk.Records(institution=gk.Institution(name="N", kind=kind)), as_of=SUMMER, edition=key)
    assert_is_tidy(card)
    text = scorecard_text(card)
    assert "no evidence, no answer" in text
    for absent in ("What is missing most", "Provider access", "Work experience guarantee", "Warnings"):
        assert absent not in text


@pytest.mark.parametrize("name", ["x" * 300, "St Chad's " * 30, "a\nb\x1b[31mred\x07", "\u202egnirts"])
def test_awkward_names(name: str) -> None:
    school = gk.Institution(name=name, kind=gk.InstitutionKind.SECONDARY_SCHOOL)
    assert_is_tidy(gk.score(gk.Records(institution=school), as_of=SUMMER))


def test_long_warnings_are_wrapped() -> None:
    card = gk.score(records([]), as_of=SUMMER)
    warnings = [
        Issue(code="x", message="word " * 40, count=123456, path="w" * 100),
        Issue(code="x", message="m" * 200, path="activities"),
    ]
    assert_is_tidy(attrs.evolve(card, warnings=tuple(warnings)))


def row_of(card: gk.Scorecard, criterion_id: str) -> str:
    (found,) = [line for line in lines(card) if line.startswith(f"   {criterion_id}  ")]
    return " ".join(found.split())


@pytest.mark.parametrize(
    ("criterion_id", "answer", "words"),
    [
        ("1b", gk.Answer.YES, "1b declared: yes met met met"),
        ("1b", gk.Answer.IN_PROGRESS, "1b declared: in progress no no no"),
        (
            "1a",
            gk.PartAnswers({"governors": gk.Answer.YES}),
            "1a declared: 1 of 3 parts unknown unknown unknown",
        ),
        ("5a", gk.Band.OVERWHELMING_MAJORITY, "5a declared: overwhelming majority no no met"),
        ("5a", gk.DeclaredShare("0.915"), "5a declared: 91.5 % no met met"),
        ("5a", None, "5a no evidence, no answer unknown unknown unknown"),
    ],
)
def test_what_a_status_rests_on(criterion_id: str, answer: Any, words: str) -> None:
    answers = {} if answer is None else {"2025-school": {criterion_id: answer}}
    card = gk.score(records([], None, answers=answers), as_of=SUMMER)
    assert row_of(card, criterion_id) == words


def test_counts_and_empty_cohorts() -> None:
    people = [learner("L1", 13), learner("L2", 13), learner("L3", 11)]
    talk = activity(SUMMER, "employer_encounter", **MEANINGFUL)
    card = gk.score(records(people, [talk], [gk.Participation("A", "L1")]), as_of=SUMMER)
    assert row_of(card, "5a") == "5a 1 of 3 (33.3 %) no no no"
    assert row_of(card, "7b") == "7b whom it is about is not recorded unknown unknown unknown"
    none_due = gk.score(records([learner(year=8)], [talk]), as_of=SUMMER)
    assert row_of(none_due, "6a") == "6a nobody it is about n/a n/a n/a"
    assert row_of(none_due, "5a") == "5a 1 of 1 (100 %) met met met"


def test_what_is_missing_most_comes_first() -> None:
    people = [learner(f"L{number}", 11) for number in range(3)]
    meetings = [activity(SUMMER, "guidance_meeting", adviser_level=6)]
    rows = [gk.Participation("A", "L0"), gk.Participation("A", "L1")]
    text = scorecard_text(gk.score(records(people, meetings, rows), as_of=SUMMER))
    missing = text.split("What is missing most\n")[1].split("\n\n")[0]
    assert re.findall(r"^ *(\d+) learners?  +(\w+)", missing, re.MULTILINE) == [
        ("3", "2a"), ("3", "5a"), ("3", "6a"), ("3", "7a"), ("1", "8a"),
    ]  # fmt: skip
    by_criterion = re.split(r"^ *\d+ learners?  +", missing, flags=re.MULTILINE)[1:]
    interpreted = [text[:2] for text in by_criterion if "Interpretation: " in text]
    assert interpreted == ["2a", "6a", "8a"]  # 5a and 7a go beyond no source


def test_the_law_and_the_guarantee_stand_beside_the_score() -> None:
    occasions = [
        activity(date(2025, 10, day), "provider_encounter", activity_id=str(day), **OCCASION)
        for day in (1, 2)
    ]
    card = gk.score(records([learner("a", 13), learner("b", 11)], occasions), as_of=date(2026, 2, 28))
    text = scorecard_text(card)
    assert "First phase (Years 8-9)           0 of 0 learners         does not apply" in text
    assert "Second phase (Years 10-11)        0 of 1 learner          still open" in text
    assert "Third phase (Years 12-13)         2 of 2 occasions held   met" in text
    assert "25 hours by the end of Year 9     nobody it is about" in text
    assert "25 hours in Years 10-11           0 of 1 (0 %)" in text
    late = scorecard_text(gk.score(records([learner("b", 11)], occasions), as_of=SUMMER))
    assert "Second phase (Years 10-11)        0 of 1 learner          not met" in late


def test_the_heading() -> None:
    heading = lines(gk.score(records([], answers={}), as_of=date(2026, 7, 1)))[:3]
    assert heading[0] == "Northfield School"
    assert heading[1] == edition("2025-school").title
    assert heading[2] == "Academic year 2025/26, as of 1 July 2026"
