"""Explanations agree with the score, and reasons with the marks of the engine."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.insight import LearnerVerdict, Membership, Obstacle, Reason
from gatsbykit.insight.examining import Examiner
from gatsbykit.insight.explaining import explain_learner
from gatsbykit.insight.reason_words import REASON_WORDS, obstacle_words
from gatsbykit.model.encounters import ActivityKind
from gatsbykit.rules import resolve_edition
from gatsbykit.scoring.cohorts import Standing, standing
from gatsbykit.scoring.evidence import Evidence, mark_activity
from gatsbykit.scoring.plan import compile_plan
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gatsbykit.insight import Explanation
    from gatsbykit.model.answers import DeclaredAnswer
    from gatsbykit.rules import Criterion

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
MINA = gk.Learner(learner_id="mina", year_group=11, subjects=["art", "history"], considering_he=True)
EXPERIENCE = ActivityKind.WORKPLACE_EXPERIENCE


def settings_of(case: ScoredCase) -> gk.Settings:
    return gk.Settings(unknown="include" if case.unknown == "include" else "exclude")


def share_criteria(case: ScoredCase) -> Iterator[Criterion]:
    edition = resolve_edition(case.records.institution.kind, case.as_of, case.edition)
    return (one for one in edition.criteria if one.cohort is not None)


def activity(**facts: Any) -> gk.Activity:
    given_facts: dict[str, Any] = {
        "activity_id": "A1",
        "date": date(2025, 11, 4),
        "kinds": {EXPERIENCE},
        "meaningful": True,
        **facts,
    }
    return gk.Activity(**given_facts)


def school(*activities: gk.Activity, rows: tuple[gk.Participation, ...] = (), **more: Any) -> gk.Records:
    joined = rows or tuple(gk.Participation(one.activity_id, "mina") for one in activities)
    facts: dict[str, Any] = {"learners": [MINA], **more}
    return gk.Records(institution=SCHOOL, activities=activities, participations=joined, **facts)


def why(records: gk.Records, criterion: str = "6a", **choices: Any) -> Explanation:
    return gk.explain(records, criterion, as_of=DAY, learner="mina", **choices)


def obstacles(records: gk.Records, criterion: str = "6a", **choices: Any) -> list[tuple[Obstacle, ...]]:
    one = why(records, criterion, **choices).learner
    assert one is not None
    return [record.obstacles for record in one.records]


@given(scored_cases())
def test_explanations_agree_with_the_score(case: ScoredCase) -> None:
    """Whoever is explained as missing is missing, everybody is somewhere, and the score stays."""
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition, "settings": settings_of(case)}
    card = gk.score(case.records, **choices)
    examiner = Examiner(case.records, **choices)
    for criterion in share_criteria(case):
        result = card[criterion.id]
        verdicts: dict[str, LearnerVerdict] = {
            learner.learner_id: explain_learner(examiner, criterion, learner).verdict
            for learner in case.records.learners or ()
        }
        if result.tally is None:
            assert {*verdicts.values()} <= {LearnerVerdict.NO_EVIDENCE}
            continue
        missing = {one for one, verdict in verdicts.items() if verdict is LearnerVerdict.MISSING}
        meeting = {one for one, verdict in verdicts.items() if verdict is LearnerVerdict.MEETS_IT}
        assert missing == {*result.tally.missing}
        assert len(meeting) == result.tally.numerator
        assert len(meeting) + len(missing) == result.tally.denominator
    assert gk.score(case.records, **choices) == card


@given(scored_cases())
def test_no_reason_exactly_when_a_mark_is_set(case: ScoredCase) -> None:
    """What people are told and what the engine does are the same, mark by mark."""
    records = case.records
    edition = resolve_edition(records.institution.kind, case.as_of, case.edition)
    plan = compile_plan(edition, case.as_of, settings_of(case))
    activities = {one.activity_id: one for one in records.activities or ()}
    for one in activities.values():
        bits = sum(
            1 << position
            for position, mark in enumerate(plan.marks)
            if mark.kind in one.kinds and not [*plan.obstacles(mark, one)]
        )
        assert bits == plan.classify(one)
    learners = {one.learner_id: one for one in records.learners or ()}
    for row in records.participations or ():
        if row.learner_id not in learners or row.activity_id not in activities:
            continue
        learner, one = learners[row.learner_id], activities[row.activity_id]
        if standing(learner, records.institution.kind, edition, case.as_of) is not Standing.COUNTED:
            continue
        set_marks = Evidence(learner, plan).bits_of(plan, row, mark_activity(plan, one))
        for position, mark in enumerate(plan.marks):
            if mark.kind in one.kinds and not [*plan.obstacles(mark, one)]:
                free = not [*plan.place_obstacles(mark, learner, one, row)]
                assert free is bool(set_marks >> position & 1)


@given(scored_cases(), st.data())
def test_explanations_print_serialise_and_say_what_the_score_says(
    case: ScoredCase, data: st.DataObject
) -> None:
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition, "settings": settings_of(case)}
    card = gk.score(case.records, **choices)
    criterion = data.draw(st.sampled_from(card.edition.criteria))
    somebody = next((one.learner_id for one in case.records.learners or ()), None)
    found = gk.explain(
        case.records, criterion.id, learner=None if criterion.cohort is None else somebody, **choices
    )
    result = card[criterion.id]
    assert (found.missing, found.status) == (result.missing or (), result.status)
    if found.learner is not None and result.tally is not None:
        assert (found.learner.verdict is LearnerVerdict.MISSING) is (
            found.learner.learner_id in result.tally.missing
        )
    assert all(len(line) <= 80 for line in str(found).splitlines())
    assert json.loads(json.dumps(found.to_dict()))["criterion_id"] == criterion.id


REASONS: list[tuple[str, gk.Activity, dict[str, str], Obstacle]] = [
    ("6a", activity(date=date(2026, 7, 11)), {}, Obstacle(Reason.AFTER_DATE)),
    ("6a", activity(meaningful=False), {}, Obstacle(Reason.NOT_MEANINGFUL)),
    ("6a", activity(meaningful=None, task=False), {}, Obstacle(Reason.NOT_MEANINGFUL, ("task",))),
    (
        "7a",
        activity(
            kinds={"provider_encounter"},
            provider_types={"college"},
            meaningful=None,
            purpose_shared=True,
            learning_outcomes=True,
            meets_staff=True,
            meets_learners=True,
        ),
        {},
        Obstacle(
            Reason.MEANINGFUL_UNKNOWN,
            ("two_way", "provider_information", "learning_described", "reflection"),
        ),
    ),
    ("6a", activity(meaningful=None, part_time_job=True), {}, Obstacle(Reason.PART_TIME_JOB)),
    ("6a", activity(part_time_job=True), {"edition": "2014-school"}, Obstacle(Reason.PART_TIME_JOB)),
    (
        "5a",
        activity(kinds={"employer_encounter"}, date=date(2025, 8, 31)),
        {},
        Obstacle(Reason.NOT_THIS_YEAR),
    ),
    (
        "8a",
        activity(kinds={"guidance_meeting"}, adviser_level=4),
        {},
        Obstacle(Reason.ADVISER_LEVEL_TOO_LOW, ("4",)),
    ),
    ("8a", activity(kinds={"guidance_meeting"}), {}, Obstacle(Reason.ADVISER_LEVEL_UNKNOWN)),
    (
        "7a",
        activity(kinds={"provider_encounter"}, provider_types={"apprenticeship_provider"}),
        {},
        Obstacle(Reason.PROVIDER_TYPE),
    ),
    (
        "7b",
        activity(kinds={"provider_encounter"}, provider_types={"university"}),
        {},
        Obstacle(Reason.NOT_ON_SITE),
    ),
    ("4a", activity(kinds={"curriculum_link"}, subjects={"music"}), {}, Obstacle(Reason.SUBJECT)),
    ("4a", activity(kinds={"curriculum_link"}), {}, Obstacle(Reason.SUBJECT)),
    (
        "4a",
        activity(kinds={"curriculum_link"}, subjects={"art"}, date=date(2023, 11, 4)),
        {"edition": "2014-school"},
        Obstacle(Reason.SUBJECT),
    ),
    ("6a", activity(date=date(2021, 8, 31)), {}, Obstacle(Reason.YEAR_GROUP, ("6",))),
    ("6b", activity(), {}, Obstacle(Reason.YEAR_GROUP, ("11",))),
]


@pytest.mark.parametrize(("criterion", "one", "choices", "expected"), REASONS)
def test_reasons(criterion: str, one: gk.Activity, choices: dict[str, str], expected: Obstacle) -> None:
    assert obstacles(school(one), criterion, **choices) == [(expected,)]


def test_reasons_of_places() -> None:
    rows = (
        gk.Participation("A1", "mina", gk.ParticipationStatus.ABSENT),
        gk.Participation("A1", "mina"),
        gk.Participation("A2", "mina", gk.ParticipationStatus.OFFERED),
        gk.Participation("A3", "mina", year_group=12),
        gk.Participation("A4", "mina"),
        gk.Participation("not in the table", "mina"),
    )
    day = date(2026, 1, 5)
    others = [
        activity(activity_id="A2", date=day),
        activity(activity_id="A3", date=day, task=False),
        activity(activity_id="A4", date=day, kinds={"employer_encounter"}),
    ]
    assert obstacles(school(activity(), *others, rows=rows)) == [
        (),
        (Obstacle(Reason.DUPLICATE),),
        (Obstacle(Reason.NOT_ATTENDED, ("offered",)),),
        (Obstacle(Reason.YEAR_GROUP, ("12",)),),
    ]


def test_the_reason_is_the_one_of_the_part_that_fits_best() -> None:
    """A college that was met, though not meaningfully, is not said to be of a wrong type."""
    visit = activity(kinds={"provider_encounter"}, provider_types={"college"}, meaningful=False)
    assert obstacles(school(visit), "7a") == [(Obstacle(Reason.NOT_MEANINGFUL),)]


def test_unknown_counts_where_the_settings_say_so() -> None:
    visit = activity(meaningful=None)
    assert len(obstacles(school(visit))[0]) == 1
    assert obstacles(school(visit), settings=gk.Settings(unknown="include")) == [()]


def test_programmes_and_kinds_that_are_wanted_too() -> None:
    college = gk.Institution(name="Riverside", kind=gk.InstitutionKind.COLLEGE)
    learner = attrs.evolve(
        MINA, programme_start=date(2025, 9, 15), programme_end=date(2026, 6, 30), year_group=None
    )
    talks = [
        activity(kinds={"employer_encounter"}, date=date(2025, 9, 14)),
        activity(activity_id="A2", kinds={"employer_encounter"}),
        activity(activity_id="A3", kinds={"employer_encounter", "curriculum_link"}),
    ]
    records = attrs.evolve(school(*talks), institution=college, learners=[learner])
    found = gk.explain(records, "5a", as_of=DAY, learner="mina").learner
    assert found is not None
    assert found.verdict is LearnerVerdict.MEETS_IT
    assert found.because == "on roll"
    assert [record.obstacles for record in found.records] == [(Obstacle(Reason.BEFORE_PROGRAMME),), (), ()]
    assert [len(record.counts_for) for record in found.records] == [0, 1, 2]
    assert [(part.had, part.needed) for part in found.parts] == [(2, 2), (1, 1)]
    fewer = gk.explain(
        attrs.evolve(school(*talks[:2]), institution=college, learners=[learner]),
        "5a",
        as_of=DAY,
        learner="mina",
    )
    assert fewer.learner is not None
    assert [part.words for part in fewer.learner.lacking] == [
        "employer encounter (1 more)",
        "employer encounter that is also a curriculum link",
    ]
    due = gk.explain(records, "6a", as_of=DAY, learner="mina").learner
    assert due is not None
    assert due.because == "on roll; the programme ends on 30 June 2026"


@pytest.mark.parametrize(
    ("criterion", "changes", "membership"),
    [
        ("6a", {}, Membership.IN),
        ("6a", {"on_roll_from": date(2026, 9, 1)}, Membership.NOT_ON_ROLL),
        ("6b", {}, Membership.NOT_DUE),
        ("5a", {"year_group": 6}, Membership.TOO_YOUNG),
        ("7b", {"year_group": 13, "considering_he": False}, Membership.NOT_CHOSEN),
        ("7b", {"year_group": 13, "considering_he": None}, Membership.UNKNOWN),
        ("4a", {"subjects": []}, Membership.UNKNOWN),
    ],
)
def test_membership(criterion: str, changes: dict[str, Any], membership: Membership) -> None:
    learner = attrs.evolve(MINA, **changes)
    found = why(school(activity(), learners=[learner]), criterion)
    assert found.population == {membership: 1}
    assert found.learner is not None
    assert found.learner.membership is membership
    assert (found.learner.verdict is LearnerVerdict.NOT_IN_POPULATION) is (membership is not Membership.IN)
    assert membership.words in found.learner.because or membership is Membership.IN


def test_membership_of_declared_cohorts_and_ages() -> None:
    special = gk.Institution(name="Hill House", kind=gk.InstitutionKind.SPECIAL_SCHOOL)
    outside = attrs.evolve(school(learners=[attrs.evolve(MINA, in_cohort=False)]), institution=special)
    assert why(outside).population == {Membership.NOT_IN_COHORT: 1}
    college = gk.Institution(name="Riverside", kind=gk.InstitutionKind.COLLEGE)
    adult = attrs.evolve(MINA, date_of_birth=date(1990, 1, 1))
    assert why(attrs.evolve(school(learners=[adult]), institution=college)).population == {
        Membership.TOO_OLD: 1
    }


def test_leavers_are_explained_by_their_destinations() -> None:
    left = date(2023, 7, 14)
    seen = [
        gk.Destination(learner_id="mina", date=left, category="employment"),
        gk.Destination(learner_id="mina", date=date(2023, 10, 1), category="unknown"),
        gk.Destination(learner_id="mina", date=date(2024, 10, 1), category="training"),
        gk.Destination(learner_id="mina", date=date(2026, 7, 11), category="training"),
    ]
    gone = attrs.evolve(MINA, on_roll_to=left)
    records = gk.Records(institution=SCHOOL, learners=[gone], destinations=[*seen, seen[2]])
    found = why(records, "3d", edition="2014-school").learner
    assert found is not None
    assert found.verdict is LearnerVerdict.MISSING
    assert found.because == "left on 14 July 2023 from Year 11"
    assert [[one.reason for one in record.obstacles] for record in found.records] == [
        [Reason.BEFORE_LEAVING],
        [Reason.DESTINATION_UNKNOWN],
        [],
        [Reason.AFTER_DATE],
    ]
    assert [(part.name, part.had) for part in found.parts] == [
        ("known_destination_after_leaving", 1),
        ("2023/24", 0),
        ("2024/25", 1),
    ]
    staying = attrs.evolve(records, learners=[MINA])
    still_here = why(staying, "3d", edition="2014-school").learner
    assert still_here is not None
    assert still_here.membership is Membership.NOT_A_LEAVER


def test_what_the_institution_declares_is_explained_too() -> None:
    answers: dict[str, dict[str, DeclaredAnswer]] = {
        "2025-school": {
            "1b": gk.Answer.IN_PROGRESS,
            "1c": gk.PartAnswers({"tailored": gk.Answer.YES}),
            "6a": gk.Band.SOME,
        }
    }
    records = gk.Records(institution=SCHOOL, answers=answers)

    def arithmetic(criterion: str) -> tuple[str, ...]:
        return gk.explain(records, criterion, as_of=DAY).arithmetic

    assert arithmetic("1b") == ("The institution answers: in progress.",)
    assert arithmetic("1c")[:2] == ("tailored: yes.", "sequenced: not answered.")
    assert arithmetic("6a") == ("There are no records of it; the institution declares 26.00 %.",)
    assert arithmetic("8a") == ("There are no records of it, and the institution has not answered.",)


def test_arithmetic_of_counts() -> None:
    found = gk.explain(school(activity()), "6a", as_of=DAY)
    assert found.arithmetic == (
        "0 of 1 learner meet it (0 %); 1 are missing.",
        "every pupil (100 %) asks for 1 and is not met: 1 more needed.",
        "almost all (91.0 %) asks for 1 and is not met: 1 more needed.",
        "legacy (76.0 %) asks for 1 and is not met: 1 more needed.",
    )
    assert found.no_record == 0
    assert gk.explain(school(), "6a", as_of=DAY).no_record == 1
    nobody = gk.explain(school(learners=[]), "6a", as_of=DAY)
    assert nobody.arithmetic == ("There is nobody in the population, so it does not apply.",)
    unknown = gk.explain(school(learners=[attrs.evolve(MINA, subjects=[])]), "4a", as_of=DAY)
    assert unknown.arithmetic == ("What puts a learner in the population is recorded of nobody.",)


def test_text_names_records_and_reasons() -> None:
    odd = activity(title="Visit\x1b[2J\nto a mill", meaningful=None)
    text = str(why(school(odd, activity(activity_id="A2"))))
    assert "2025-11-04 A1 Visit [2J to a mill: does not count: nobody said whether it was" in text
    assert "2025-11-04 A2: counts for workplace experience" in text
    assert "= 1 of 2 workplace experience: 1 lacking" in text
    assert "Learner mina: missing" in str(why(school()).learner)
    assert "Interpretation (ours, beyond the source)" in text
    assert "\x1b" not in text


def test_titles_stay_out_of_reprs() -> None:
    assert "mill" not in repr(why(school(activity(title="Visit to a mill"))))


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    assert REASON_WORDS[reason]
    assert obstacle_words(Obstacle(reason))


def test_obstacles_print() -> None:
    assert str(Obstacle(Reason.DUPLICATE)) == "duplicate"
    assert (
        obstacle_words(Obstacle(Reason.ADVISER_LEVEL_TOO_LOW, ("4",))) == "the adviser's level is too low (4)"
    )
    assert obstacle_words(Obstacle(Reason.NOT_MEANINGFUL, ("task",))) == (
        "not meaningful (no to: learners did a task that the employer set)"
    )


@pytest.mark.parametrize(
    ("criterion", "learner", "message"),
    [
        ("9z", None, "has no criterion '9z'"),
        ("6a", "nobody", "there is no learner 'nobody'"),
        ("1a", "mina", "is about no learners"),
    ],
)
def test_what_is_not_there_is_an_error(criterion: str, learner: str | None, message: str) -> None:
    with pytest.raises(gk.NotFoundError, match=message):
        gk.explain(school(), criterion, as_of=DAY, learner=learner)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    gk.write_folder(school(activity()), tmp_path / "school")
    return str(tmp_path / "school")


def test_command(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["explain", folder, "--criterion", "6a", "--as-of", "2026-07-10", "--learner", "mina"]
    assert commands.main(ask) == 0
    assert "Learner mina: missing" in capsys.readouterr().out
    assert commands.main([*ask, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["learner"]["verdict"] == "missing"
    assert found["format"] == "gatsbykit-explanation/1"
    assert commands.main([*ask, "--learner", "nobody"]) == 2
    given_back = capsys.readouterr()
    assert given_back.out == ""
    assert "no learner 'nobody'" in given_back.err
