"""The places where a score changes, one small institution each."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import attrs
import pytest

import gatsbykit as gk
from gatsbykit.model.encounters import PROVIDER_ACCESS_ITEMS
from gatsbykit.model.units import parse_duration
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.rules.grading import declared_share
from gatsbykit.scoring.plan import known_to_count
from tests.support.builders import (
    MEANINGFUL,
    OCCASION,
    activity,
    learner,
    records,
    result,
    row,
    scored,
    warned,
)

SUMMER = date(2026, 7, 10)
OLD, NEW = "2014-school", "2025-school"
COLLEGES = {"2018-college": "college", "2025-college": "sixth_form_college", "2025-itp": "training_provider"}
Unknown = Literal["exclude", "include"]


def years_before(year: int, day: int, month: int, *, now: int = 11) -> date:
    """Return a day of the year in which somebody of Year `now` in 2025/26 was in Year `year`."""
    start = 2025 - (now - year)
    return date(start if month >= 9 else start + 1, month, day)


# --- year groups --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "met"),
    [
        (years_before(6, 31, 8), 0),
        (years_before(7, 1, 9), 1),
        (years_before(11, 31, 8) - timedelta(days=52), 1),  # the day of the assessment
        (SUMMER + timedelta(days=1), 0),
    ],
)
def test_a_year_group_begins_on_the_first_of_september(day: date, met: int) -> None:
    card = scored(records([learner()], [activity(day, "workplace_experience")]), SUMMER, OLD)
    assert result(card, "6a") == (met, 1)


@pytest.mark.parametrize(
    ("as_of", "due"), [(date(2026, 8, 31), (0, 1)), (date(2026, 9, 1), (0, 1)), (date(2025, 9, 1), (0, 1))]
)
def test_the_year_group_is_that_of_the_assessment(as_of: date, due: tuple[int, int]) -> None:
    """It is given as of the assessment: another date does not move the learner up."""
    assert result(scored(records([learner(year=9)]), as_of, OLD), "2a") == due


@pytest.mark.parametrize(
    ("as_of", "day", "met"),
    [
        (date(2026, 8, 31), date(2025, 9, 1), 1),
        (date(2026, 8, 31), date(2025, 8, 31), 0),
        (date(2026, 9, 1), date(2026, 8, 31), 0),
        (date(2026, 9, 1), date(2026, 9, 1), 1),
    ],
)
def test_this_year_is_the_academic_year_of_the_assessment(as_of: date, day: date, met: int) -> None:
    talk = activity(day, "employer_encounter", **MEANINGFUL)
    assert result(scored(records([learner(year=8)], [talk]), as_of, NEW), "5a") == (met, 1)


@pytest.mark.parametrize(("year", "in_5a"), [(5, 0), (6, 0), (7, 1), (13, 1), (14, 1)])
def test_everybody_is_from_year_7_on(year: int, in_5a: int) -> None:
    assert result(scored(records([learner(year=year)]), SUMMER, OLD), "5a") == (0, in_5a)


def test_year_14_is_year_13_after_the_arithmetic() -> None:
    people = [learner("L13", 13), learner("L14", 14)]
    this_year = activity(date(2025, 9, 1), "guidance_meeting", adviser_level=6)
    assert result(scored(records(people, [this_year]), SUMMER, OLD), "8b") == (2, 2)
    two_years_ago = activity(date(2024, 8, 31), "guidance_meeting", adviser_level=6)  # in Years 11 and 12
    assert scored(records(people, [two_years_ago]), SUMMER, OLD)["8b"].missing == ("L13",)


def test_year_14_as_an_override_is_year_13() -> None:
    late = activity(years_before(11, 1, 6), "workplace_experience")
    found = records([learner(year=13)], [late], [row(year=14)])
    assert result(scored(found, SUMMER, OLD), "6b") == (1, 1)


@pytest.mark.parametrize(
    ("rows", "met"),
    [
        ([row()], 1),
        ([row(year=12)], 0),  # too late for a deadline in Year 11
        ([row(year=7)], 1),
        ([row(year=6)], 0),
        ([row(year=1)], 0),
        ([row("attended"), row("offered", 12)], 1),  # the override of a losing row is ignored
        ([row("attended", 6), row("offered", 7)], 0),
        ([row("attended", 6), row("absent", 7)], 0),
        ([row("attended"), row("attended", 12)], 0),  # of the winning rows the highest applies
        ([row("attended", 12), row("attended")], 0),
        ([row("attended", 6), row("attended", 7)], 1),
        ([row("attended", 7), row("attended", 6)], 1),
    ],
)
def test_an_override_of_the_year_group(rows: list[gk.Participation], met: int) -> None:
    placement = activity(years_before(10, 1, 10), "workplace_experience")
    assert result(scored(records([learner()], [placement], rows), SUMMER, OLD), "6a") == (met, 1)


@pytest.mark.parametrize(
    ("now", "then", "met"), [(9, 7, 1), (11, 9, 0), (11, 10, 1), (13, 11, 0), (13, 12, 1)]
)
def test_information_has_to_be_of_the_learners_own_key_stage(now: int, then: int, met: int) -> None:
    lesson = activity(years_before(then, 1, 10, now=now), "labour_market_information")
    assert result(scored(records([learner(year=now)], [lesson]), SUMMER, NEW), "2a") == (met, 1)


def test_those_on_the_way_to_a_deadline_are_beside_it() -> None:
    people = [learner(f"L{year}", year) for year in range(6, 15)]
    lesson = activity(date(2025, 10, 1), "labour_market_information")
    card = scored(records(people, [lesson]), SUMMER, NEW)
    assert result(card, "2a") == (4, 4)  # Years 9, 11, 13 and 14
    assert card["2a"].on_track == {7: (1, 1), 8: (1, 1), 10: (1, 1), 12: (1, 1)}
    assert card["6a"].on_track == dict.fromkeys((7, 8, 9, 10), (0, 1))
    assert card["6b"].on_track == {12: (0, 1)}
    assert card["5a"].on_track is None
    assert scored(records(people, [lesson]), SUMMER, OLD)["2a"].on_track == {7: (1, 1), 8: (1, 1)}


# --- who is on roll, and who counts ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "left", "as_of", "counted"),
    [
        (None, None, SUMMER, 1),
        (SUMMER, None, SUMMER, 1),
        (SUMMER + timedelta(days=1), None, SUMMER, 0),
        (None, SUMMER, SUMMER, 1),
        (None, SUMMER - timedelta(days=1), SUMMER, 1),  # a summer leaver
        (None, date(2026, 5, 1), SUMMER, 1),
        (None, date(2026, 4, 30), SUMMER, 0),
        (None, date(2026, 4, 30), date(2026, 4, 30), 1),
        (None, date(2026, 4, 30), date(2026, 5, 1), 0),
        (None, date(2026, 8, 31), date(2026, 8, 31), 1),
        (None, date(2026, 8, 31), date(2026, 9, 1), 0),
        (None, date(2025, 8, 31), SUMMER, 0),
        (None, date(2025, 12, 31), date(2026, 1, 1), 0),
        (SUMMER, SUMMER, SUMMER, 1),
        (None, date.max, SUMMER, 1),
        (date.min, None, SUMMER, 1),
    ],
)
def test_on_roll(came: date | None, left: date | None, as_of: date, counted: int) -> None:
    card = scored(records([learner(year=8, on_roll_from=came, on_roll_to=left)]), as_of, OLD)
    assert result(card, "5a") == (0, counted)
    assert warned(card).get("learners_left_out", 0) == 1 - counted


def test_the_year_group_of_a_summer_leaver_is_that_of_the_last_day() -> None:
    leaver = learner(year=11, on_roll_to=date(2026, 6, 26))
    placement = activity(date(2021, 9, 1), "workplace_experience")
    assert result(scored(records([leaver], [placement]), date(2026, 8, 31), OLD), "6a") == (1, 1)


@pytest.mark.parametrize("kind", ["special_school", "alternative_provision", "secondary_school"])
@pytest.mark.parametrize("in_cohort", [True, False, None])
def test_only_some_schools_declare_their_cohort(kind: str, in_cohort: bool | None) -> None:
    card = scored(records([learner(in_cohort=in_cohort)], kind=kind), SUMMER, NEW)
    left_out = in_cohort is False and kind != "secondary_school"
    assert result(card, "5a") == (0, 0 if left_out else 1)
    assert ("learners_left_out" in warned(card)) == left_out


@pytest.mark.parametrize("key", COLLEGES)
@pytest.mark.parametrize(
    ("born", "provision", "counted"),
    [
        (date(2006, 9, 1), None, 1),  # 18 on 31 August 2025
        (date(2006, 8, 31), None, 0),  # 19 that very day
        (date(2006, 8, 31), "K", 0),
        (date(2006, 8, 31), "E", 1),
        (date(2000, 9, 1), "E", 1),  # 24
        (date(2000, 8, 31), "E", 0),
        (date(2004, 2, 29), None, 0),
        (None, None, 1),
        (None, "E", 1),
    ],
)
def test_ages_in_colleges(key: str, born: date | None, provision: str | None, counted: int) -> None:
    student = learner(
        year=None,
        date_of_birth=born,
        sen_provision=None if provision is None else gk.SenProvision(provision),
        programme_end=SUMMER,
    )
    card = scored(records([student], kind=COLLEGES[key]), SUMMER, key)
    assert result(card, "5a") == result(card, "8a") == (0, counted)
    assert ("date_of_birth_unknown" in warned(card)) == (born is None)


def test_age_plays_no_part_in_schools() -> None:
    pupil = learner(date_of_birth=date(1990, 1, 1))
    assert result(scored(records([pupil]), SUMMER, NEW), "6a") == (0, 1)


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2025, 8, 31), 0),
        (date(2025, 9, 1), 1),
        (date(2026, 8, 31), 1),
        (date(2026, 9, 1), 0),
        (date.max, 0),
        (None, 0),
    ],
)
def test_the_end_of_a_programme(end: date | None, due: int) -> None:
    card = scored(records([learner(year=None, programme_end=end)], kind="college"), SUMMER, "2025-college")
    assert result(card, "6a") == (0, due)
    assert ("programme_end_unknown" in warned(card)) == (end is None)
    assert card["6a"].on_track is None


@pytest.mark.parametrize(
    ("start", "day", "met"),
    [
        (date(2025, 9, 8), date(2025, 9, 8), 1),
        (date(2025, 9, 8), date(2025, 9, 7), 0),
        (None, date(2010, 1, 1), 1),
        (None, SUMMER + timedelta(days=1), 0),
    ],
)
def test_a_programme_counts_from_its_start(start: date | None, day: date, met: int) -> None:
    student = learner(year=3, programme_start=start, programme_end=date(2026, 3, 1))
    found = records([student], [activity(day, "labour_market_information")], kind="college")
    assert result(scored(found, SUMMER, "2025-college"), "2a") == (met, 1)


def test_the_end_of_a_programme_is_no_bound() -> None:
    student = learner(year=None, programme_end=date(2026, 3, 1))
    found = records([student], [activity(SUMMER, "labour_market_information")], kind="college")
    assert result(scored(found, SUMMER, "2018-college"), "2a") == (1, 1)


# --- statuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "year", "kind", "facts", "offer_is_enough"),
    [
        ("2014-school 2a", 9, "labour_market_information", {}, False),
        ("2014-school 4a", 9, "curriculum_link", {"subjects": ["physics"]}, True),
        ("2014-school 8a", 11, "guidance_meeting", {"adviser_level": 6}, False),
        ("2014-school 8b", 13, "guidance_meeting", {"adviser_level": 6}, True),
        ("2025-school 8b", 13, "guidance_meeting", {"adviser_level": 6}, False),
        ("2025-school 4a", 8, "curriculum_link", {"subjects": ["art"]}, True),
        ("2025-school 5a", 8, "employer_encounter", MEANINGFUL, False),
        ("2014-school 6b", 13, "workplace_experience", {}, False),
    ],
)
def test_offered_against_attended(
    criterion: str, year: int, kind: str, facts: dict[str, Any], offer_is_enough: bool
) -> None:
    key, criterion_id = criterion.split(" ")

    def met(*rows: gk.Participation) -> int | None:
        person = learner(year=year, subjects=["art"])
        return result(
            scored(records([person], [activity(SUMMER, kind, **facts)], rows), SUMMER, key), criterion_id
        )[0]

    assert met(row("attended")) == 1
    assert met(row("offered")) == offer_is_enough
    assert met(row("absent")) == 0
    assert met(row("absent"), row("offered")) == offer_is_enough
    assert met(row("absent"), row("offered"), row("attended")) == 1


def test_repeated_rows_are_one_participation() -> None:
    placement = activity(SUMMER, "workplace_experience", **MEANINGFUL)
    again = activity(SUMMER, "workplace_experience", activity_id="B", **MEANINGFUL)
    assert result(scored(records([learner()], [placement], [row()] * 3), SUMMER, NEW), "6a") == (0, 1)
    both = [row(), row(), row(activity_id="B")]
    assert result(scored(records([learner()], [placement, again], both), SUMMER, NEW), "6a") == (1, 1)


def test_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="1 values of learner_id are not unique"):
        gk.score(records([learner(), learner()]), as_of=SUMMER)
    twice = [activity(SUMMER, "curriculum_link")] * 2
    with pytest.raises(ValueError, match="activity_id"):
        gk.score(records([learner()], twice), as_of=SUMMER)


# --- meaningful, and what is unknown --------------------------------------------------------------

CHECKLISTS = {
    "employer_encounter": ("purpose_shared", "learning_outcomes", "two_way", "reflection"),
    "workplace_experience": (
        "purpose_shared", "learning_outcomes", "two_way", "range_of_people", "task", "feedback", "reflection",
    ),
    "provider_encounter": (
        "purpose_shared", "learning_outcomes", "two_way", "provider_information", "learning_described",
        "reflection", "meets_staff", "meets_learners",
    ),
}  # fmt: skip
WHERE_COUNTED = {
    "employer_encounter": ("5a", 8),
    "workplace_experience": ("6b", 13),
    "provider_encounter": ("7a", 11),
}


@pytest.mark.parametrize(
    ("kind", "item"), [(kind, item) for kind, items in CHECKLISTS.items() for item in items]
)
def test_every_item_of_a_checklist_matters(kind: str, item: str) -> None:
    criterion_id, year = WHERE_COUNTED[kind]

    def met(unknown: Unknown = "exclude", **other: Any) -> int | None:
        facts: dict[str, Any] = {
            **dict.fromkeys(CHECKLISTS[kind], True),
            "provider_types": list(gk.ProviderType),
            **other,
        }
        found = records([learner(year=year)], [activity(SUMMER, kind, **facts)])
        return result(scored(found, SUMMER, NEW, unknown=unknown), criterion_id)[0]

    assert met() == 1
    assert met("exclude", **{item: False}) == met("include", **{item: False}) == 0
    assert met("exclude", **{item: None}) == 0
    assert met("include", **{item: None}) == 1
    assert met("exclude", **{item: False}, meaningful=True) == 1
    assert met(meaningful=False) == met("include", meaningful=False) == 0


@pytest.mark.parametrize(
    ("insight", "meaningful", "met"),
    [
        (True, None, 1),
        (False, None, 0),
        (None, None, None),
        (False, True, 1),
        (True, False, 0),
        (None, True, 1),
    ],
)
def test_the_old_checklist_is_one_question(
    insight: bool | None, meaningful: bool | None, met: int | None
) -> None:
    talk = activity(SUMMER, "employer_encounter", insight=insight, meaningful=meaningful, two_way=False)
    found = records([learner(year=8)], [talk])
    assert result(scored(found, SUMMER, OLD), "5a")[0] == (met or 0)
    card = scored(found, SUMMER, OLD, unknown="include")
    assert result(card, "5a")[0] == (1 if met is None else met)
    assert warned(card).get("meaningful_unknown", 0) == (met is None)


@pytest.mark.parametrize(
    ("kind", "criterion_id", "year"),
    [
        ("labour_market_information", "2a", 9),
        ("guidance_meeting", "8a", 11),
        ("workplace_experience", "6a", 11),
    ],
)
def test_kinds_without_a_checklist_count_unless_they_are_said_not_to(
    kind: str, criterion_id: str, year: int
) -> None:
    def met(meaningful: bool | None) -> int | None:
        found = activity(SUMMER, kind, meaningful=meaningful, adviser_level=6)
        return result(scored(records([learner(year=year)], [found]), SUMMER, OLD), criterion_id)[0]

    assert (met(None), met(True), met(False)) == (1, 1, 0)


@pytest.mark.parametrize("known", [True, False, None])
def test_what_is_known_of_an_activity(known: bool | None) -> None:
    talk = activity(SUMMER, "employer_encounter", insight=known)
    assert known_to_count(talk, gk.ActivityKind.EMPLOYER_ENCOUNTER, edition(OLD), 6) is known


def test_an_unknown_activity_is_warned_about_once() -> None:
    talks = [
        activity(SUMMER, "employer_encounter", "provider_encounter"),
        activity(SUMMER, "employer_encounter", activity_id="B"),
        activity(SUMMER, "employer_encounter", activity_id="C", meaningful=True),
        activity(SUMMER + timedelta(days=1), "employer_encounter", activity_id="D"),
    ]
    for unknown in ("exclude", "include"):
        card = scored(records([learner()], talks), SUMMER, NEW, unknown=unknown)
        assert warned(card)["meaningful_unknown"] == 2
        (words,) = messages(card, "meaningful_unknown")
        assert words.endswith("do not count" if unknown == "exclude" else "meaningful count")
        assert warned(card)["activity_after_as_of"] == 1


@pytest.mark.parametrize(("level", "counts"), [(5, False), (6, True), (7, True), (None, None)])
def test_the_level_of_the_adviser(level: int | None, counts: bool | None) -> None:
    meeting = activity(SUMMER, "guidance_meeting", adviser_level=level)
    found = records([learner()], [meeting])
    assert result(scored(found, SUMMER, NEW), "8a")[0] == (counts is True)
    card = scored(found, SUMMER, NEW, unknown="include")
    assert result(card, "8a")[0] == (counts is not False)
    assert warned(card).get("adviser_level_unknown", 0) == (counts is None)


def test_a_meaningful_meeting_needs_a_known_adviser_all_the_same() -> None:
    meeting = activity(SUMMER, "guidance_meeting", meaningful=True)
    assert result(scored(records([learner()], [meeting]), SUMMER, NEW), "8a") == (0, 1)
    refused = activity(SUMMER, "guidance_meeting", meaningful=False)
    card = scored(records([learner()], [refused]), SUMMER, NEW, unknown="include")
    assert result(card, "8a") == (0, 1)
    assert "adviser_level_unknown" not in warned(card)


@pytest.mark.parametrize("key", [OLD, NEW, *COLLEGES])
@pytest.mark.parametrize(
    ("facts", "counts_in_2025_schools"),
    [
        (MEANINGFUL, True),
        ({"meaningful": True}, True),
        ({**MEANINGFUL, "task": None}, False),
        ({**MEANINGFUL, "task": False}, False),
        ({**MEANINGFUL, "meaningful": False}, False),
        ({}, False),
    ],
)
def test_part_time_jobs(key: str, facts: dict[str, Any], counts_in_2025_schools: bool) -> None:
    kind = COLLEGES.get(key, "secondary_school")
    criterion_id = "6b" if key in {OLD, NEW} else "6a"

    def met(job: bool | None) -> int | None:
        placement = activity(SUMMER, "workplace_experience", part_time_job=job, **facts)
        found = records([learner(year=13, programme_end=SUMMER)], [placement], kind=kind)
        return result(scored(found, SUMMER, key, unknown="include"), criterion_id)[0]

    assert met(True) == (counts_in_2025_schools and key == NEW)
    never_meaningful = facts.get("meaningful") is False
    failed = facts.get("task") is False and key in {NEW, "2025-college", "2025-itp"}
    assert met(None) == met(False) == (not (never_meaningful or failed))


@pytest.mark.parametrize(
    ("facts", "warns"), [({}, 1), (MEANINGFUL, 0), ({"meaningful": True}, 0), ({"task": False}, 0)]
)
def test_a_part_time_job_that_might_count_is_warned_about(facts: dict[str, Any], warns: int) -> None:
    job = activity(SUMMER, "workplace_experience", part_time_job=True, **facts)
    found = records([learner()], [job])
    assert warned(scored(found, SUMMER, NEW)).get("meaningful_unknown", 0) == warns
    assert "meaningful_unknown" not in warned(scored(found, SUMMER, OLD))


@pytest.mark.parametrize(("on_site", "met"), [(True, 1), (False, 0), (None, 0)])
@pytest.mark.parametrize("unknown", ["exclude", "include"])
def test_a_university_visit_is_known_to_be_on_site(on_site: bool | None, met: int, unknown: Unknown) -> None:
    visits = [
        activity(day, "provider_encounter", activity_id=str(day), provider_types=["university"], **MEANINGFUL)
        for day in (years_before(7, 1, 9, now=13), SUMMER)
    ]
    visits[1] = attrs.evolve(visits[1], site_visit=on_site)
    visits[0] = attrs.evolve(visits[0], site_visit=True)
    found = records([learner(year=13, considering_he=True)], visits)
    assert result(scored(found, SUMMER, NEW, unknown=unknown), "7b") == (met, 1)


def test_visits_to_other_providers_are_not_to_universities() -> None:
    visits = [
        activity(
            SUMMER,
            "provider_encounter",
            activity_id=name,
            provider_types=[type_],
            site_visit=True,
            **MEANINGFUL,
        )
        for name, type_ in (("A", "university"), ("B", "college"))
    ]
    found = records([learner(year=13, considering_he=True)], visits)
    assert result(scored(found, SUMMER, OLD), "7b") == (0, 1)


# --- who is asked about -------------------------------------------------------------------------


@pytest.mark.parametrize("key", [OLD, NEW])
@pytest.mark.parametrize(
    ("intentions", "status", "denominator", "blank"),
    [
        ([], "not_applicable", 0, 0),
        ([None], "not_assessed", 0, 1),
        ([None, None], "not_assessed", 0, 2),
        ([False], "not_applicable", 0, 0),
        ([None, False], "not_applicable", 0, 1),
        ([None, True], "not_met", 1, 1),
        ([True, True, False], "not_met", 2, 0),
    ],
)
def test_a_blank_intention(
    key: str, intentions: list[bool | None], status: str, denominator: int, blank: int
) -> None:
    people = [learner(f"L{n}", 13, considering_he=given) for n, given in enumerate(intentions)]
    card = scored(records([*people, learner("young", 8)]), SUMMER, key)
    assert card["7b"].denominator == denominator
    assert {str(one) for one in card["7b"].status.values()} == {status}
    assert warned(card).get("intention_unknown", 0) == blank
    assert all("intention about higher" in words for words in messages(card, "intention_unknown"))


@pytest.mark.parametrize(
    ("subjects", "status", "denominator", "blank"),
    [([], "not_applicable", 0, 0), ([()], "not_assessed", 0, 1), ([(), ("art",)], "not_met", 1, 1)],
)
def test_blank_subjects(subjects: list[tuple[str, ...]], status: str, denominator: int, blank: int) -> None:
    people = [learner(f"L{n}", 8, subjects=given, programme_end=SUMMER) for n, given in enumerate(subjects)]
    for key, kind in ((NEW, "secondary_school"), *COLLEGES.items()):
        card = scored(records(people, kind=kind), SUMMER, key)
        assert card["4a"].denominator == denominator
        assert {str(one) for one in card["4a"].status.values()} == {status}
        assert warned(card).get("subjects_unknown", 0) == blank
        assert all("whose subjects" in words for words in messages(card, "subjects_unknown"))


def test_every_subject_needs_its_own_link() -> None:
    pupil = learner(year=8, subjects=["Art", " Design and  Technology "])
    art = activity(SUMMER, "curriculum_link", subjects=["ART"])
    technology = activity(SUMMER, "curriculum_link", activity_id="B", subjects=["design_and_technology"])
    both = activity(SUMMER, "curriculum_link", activity_id="C", subjects=["art", "design and technology"])
    talk = activity(SUMMER, "employer_encounter", activity_id="D", subjects=["design_and_technology"])

    def met(*links: gk.Activity) -> int | None:
        return result(scored(records([pupil], links), SUMMER, NEW), "4a")[0]

    assert (met(art), met(technology), met(art, technology), met(both), met(art, talk)) == (0, 0, 1, 1, 0)


@pytest.mark.parametrize("subject", sorted(edition(OLD).subject_lists["stem"]))
def test_stem_subjects(subject: str) -> None:
    link = activity(SUMMER, "curriculum_link", subjects=["art", subject.replace("_", "  ").title()])
    assert result(scored(records([learner(year=9)], [link]), SUMMER, OLD), "4a") == (1, 1)


@pytest.mark.parametrize("subjects", [[], ["art"], ["social_science"]])
def test_other_subjects_are_not_stem(subjects: list[str]) -> None:
    link = activity(SUMMER, "curriculum_link", subjects=subjects)
    assert result(scored(records([learner(year=9)], [link]), SUMMER, OLD), "4a") == (0, 1)


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_empty_cohorts(key: str) -> None:
    kind = COLLEGES.get(key, "secondary_school")
    card = scored(records([], kind=kind, destinations=[]), SUMMER, key)
    shares = [one for one in card.criteria if one.criterion.type == "share"]
    assert shares
    for one in shares:
        assert (one.basis, one.numerator, one.denominator, one.missing, one.share) == (
            "evidence",
            0,
            0,
            (),
            None,
        )
        assert set(one.status.values()) == {"not_applicable"}
    statuses = {result.number: result.status[gk.Preset.EVERY_PUPIL] for result in card.benchmarks}
    assert statuses[6] == statuses[7] == "not_applicable"
    assert card.benchmarks[5].percent[gk.Preset.LEGACY] is None
    assert card.applicable == 8 - sum(status == "not_applicable" for status in statuses.values())


# --- the single criteria ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (OLD, ("sixth_form", "college", "university", "apprenticeship_provider")),
        (NEW, ("sixth_form", "college", "university", "itp")),
    ],
)
def test_an_encounter_with_each_type_of_provider(key: str, wanted: tuple[str, ...]) -> None:
    def met(*types: list[str]) -> int | None:
        fairs = [
            activity(SUMMER, "provider_encounter", activity_id=str(n), provider_types=given, **MEANINGFUL)
            for n, given in enumerate(types)
        ]
        return result(scored(records([learner()], fairs), SUMMER, key), "7a")[0]

    assert met([*wanted]) == met([wanted[0]], [*wanted[1:]]) == 1
    for absent in wanted:
        assert met([one.value for one in gk.ProviderType if one != absent]) == 0


@pytest.mark.parametrize("key", COLLEGES)
def test_a_range_of_providers(key: str) -> None:
    def met(*types: list[str]) -> int | None:
        fairs = [
            activity(SUMMER, "provider_encounter", activity_id=str(n), provider_types=given, **MEANINGFUL)
            for n, given in enumerate(types)
        ]
        student = learner(year=None, programme_end=SUMMER)
        return result(scored(records([student], fairs, kind=COLLEGES[key]), SUMMER, key), "7a")[0]

    assert met(["college"], ["college"]) == met([]) == 0
    assert met(["college", "itp"]) == met(["college"], ["university"]) == 1


@pytest.mark.parametrize("key", COLLEGES)
def test_two_employers_one_of_them_in_the_curriculum(key: str) -> None:
    plain = activity(date(2025, 9, 1), "employer_encounter", **MEANINGFUL)
    linked = activity(SUMMER, "employer_encounter", "curriculum_link", activity_id="B", **MEANINGFUL)
    link = activity(SUMMER, "curriculum_link", activity_id="C")
    last_year = activity(date(2025, 8, 31), "employer_encounter", activity_id="D", **MEANINGFUL)
    another = activity(SUMMER, "employer_encounter", activity_id="E", **MEANINGFUL)

    def met(*found: gk.Activity) -> int | None:
        return result(scored(records([learner(year=None)], found, kind=COLLEGES[key]), SUMMER, key), "5a")[0]

    assert met(plain, linked) == 1
    assert met(linked) == met(plain, link) == met(linked, last_year) == met(plain, another) == 0


def test_two_workplaces_are_the_reading_of_a_plural() -> None:
    placements = [activity(SUMMER, "workplace_experience", activity_id=n, **MEANINGFUL) for n in "ABC"]
    for number in range(4):
        found = records([learner()], placements[:number])
        assert result(scored(found, SUMMER, NEW), "6a") == (int(number >= 2), 1)
        asked = gk.score(found, as_of=SUMMER, settings=gk.Settings(at_least={"6a": 3}))
        assert result(asked, "6a") == (int(number >= 3), 1)


def test_settings_change_what_is_configurable_alone() -> None:
    meeting = activity(SUMMER, "guidance_meeting", adviser_level=4)
    found = records([learner()], [meeting])
    assert result(gk.score(found, as_of=SUMMER, settings=gk.Settings(adviser_level=4)), "8a") == (1, 1)
    assert result(gk.score(found, as_of=SUMMER, settings=gk.Settings(adviser_level=5)), "8a") == (0, 1)
    with pytest.raises(ValueError, match="at_least cannot change 5a, 9z of 2025-school"):
        gk.score(found, as_of=SUMMER, settings=gk.Settings(at_least={"9z": 2, "5a": 2, "6a": 2}))
    with pytest.raises(ValueError, match="1 or more"):
        gk.Settings(at_least={"6a": 0})
    with pytest.raises(ValueError, match="'exclude' or 'include'"):
        gk.Settings(unknown="maybe")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_more_types_of_provider_may_be_asked_for() -> None:
    fair = activity(SUMMER, "provider_encounter", provider_types=["college", "itp"], **MEANINGFUL)
    found = records([learner(year=None, programme_end=SUMMER)], [fair], kind="college")
    assert result(gk.score(found, as_of=SUMMER, settings=gk.Settings(at_least={"7a": 3})), "7a") == (0, 1)
    assert result(gk.score(found, as_of=SUMMER, settings=gk.Settings(at_least={"7a": 2})), "7a") == (1, 1)


# --- destinations -------------------------------------------------------------------------------


def seen(*days: date, category: str = "employment") -> list[gk.Destination]:
    return [
        gk.Destination(learner_id="L", date=day, category=gk.DestinationCategory(category)) for day in days
    ]


@pytest.mark.parametrize(
    ("left", "days", "met"),
    [
        (date(2024, 7, 5), [], 0),
        (date(2024, 7, 5), [date(2024, 7, 5)], 0),  # not after leaving
        (date(2024, 7, 5), [date(2024, 7, 6)], 0),  # nothing in 2024/25
        (date(2024, 7, 5), [date(2024, 8, 31)], 0),
        (date(2024, 7, 5), [date(2024, 9, 1)], 1),
        (date(2024, 7, 5), [date(2025, 8, 31)], 1),
        (date(2024, 7, 5), [date(2025, 9, 1)], 0),  # the current year alone
        (date(2024, 7, 5), [date(2025, 9, 1), date(2025, 1, 1)], 1),
        (date(2023, 7, 5), [date(2023, 9, 1), date(2024, 9, 1)], 1),
        (date(2023, 7, 5), [date(2023, 9, 1), date(2025, 9, 1)], 0),  # a gap in 2024/25
        (date(2023, 7, 5), [date(2024, 9, 1)], 0),  # a gap in 2023/24
        (date(2025, 7, 5), [date(2025, 7, 6)], 1),  # left last year: no year between
        (date(2025, 7, 5), [SUMMER], 1),
        (date(2025, 7, 5), [SUMMER + timedelta(days=1)], 0),
        (date(2025, 7, 5), [date(2025, 7, 5)], 0),
        (date(2025, 7, 5), [], 0),
    ],
)
def test_leavers_are_followed_year_by_year(left: date, days: list[date], met: int) -> None:
    found = records([learner(on_roll_to=left)], None, destinations=seen(*days))
    assert result(scored(found, SUMMER, OLD), "3d") == (met, 1)
    unknown = records([learner(on_roll_to=left)], None, destinations=seen(*days, category="unknown"))
    assert result(scored(unknown, SUMMER, OLD), "3d") == (0, 1)


@pytest.mark.parametrize(
    ("left", "year", "kind", "in_cohort", "followed"),
    [
        (date(2022, 8, 31), 11, "secondary_school", None, 0),
        (date(2022, 9, 1), 11, "secondary_school", None, 1),
        (date(2025, 8, 31), 11, "secondary_school", None, 1),
        (date(2025, 9, 1), 11, "secondary_school", None, 0),
        (date(2025, 8, 31), 10, "secondary_school", None, 0),
        (date(2025, 8, 31), 14, "secondary_school", False, 1),
        (date(2025, 8, 31), 11, "special_school", False, 0),
        (date(2025, 8, 31), 11, "alternative_provision", None, 1),
        (None, 11, "secondary_school", None, 0),
    ],
)
def test_leavers_of_three_years(
    left: date | None, year: int, kind: str, in_cohort: bool | None, followed: int
) -> None:
    person = learner(year=year, on_roll_to=left, in_cohort=in_cohort)
    card = scored(records([person], [], kind=kind, destinations=[]), SUMMER, OLD)
    assert result(card, "3d") == (0, followed)
    assert warned(card).get("learners_left_out", 0) == (left is not None and not followed and left < SUMMER)


def test_destinations_need_learners_and_destinations_alone() -> None:
    leaver = learner(on_roll_to=date(2025, 7, 5))
    claims = {OLD: {"3d": gk.Band.ALL, "5a": gk.Band.ALL}}
    without = scored(records([leaver], None, answers=claims), SUMMER, OLD)
    assert (without["3d"].basis, without["3d"].status[gk.Preset.EVERY_PUPIL]) == ("declared", "met")
    card = scored(records([leaver], None, answers=claims, destinations=[]), SUMMER, OLD)
    assert (card["3d"].basis, result(card, "3d"), card["3d"].claim) == ("evidence", (0, 1), gk.Band.ALL)
    assert card["5a"].basis == "declared"
    nobody = gk.Records(institution=card.institution, destinations=[], answers=claims)
    assert scored(nobody, SUMMER, OLD)["3d"].basis == "declared"


# --- work experience ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("durations", "met"),
    [
        (["25 h"], 1),
        (["5 school_day"], 1),
        (["10 half_days"], 1),
        (["24.9 h"], 0),
        (["1499.999999999 min"], 0),
        (["0.1 h"] * 250, 1),  # in floating point this is not 25
        (["4 school_days", "2 half_days"], 1),
        (["4 school_days", "1 half_day", "2 hours", "29 minutes"], 0),
        (["4 school_days", "1 half_day", "2 hours", "30 minutes"], 1),
        ([None], 0),
        ([], 0),
    ],
)
def test_hours_are_exact(durations: list[str | None], met: int) -> None:
    placements = [
        activity(
            years_before(10, 1, 10),
            "workplace_experience",
            activity_id=str(n),
            duration=None if text is None else parse_duration(text),
            meaningful=False,
        )
        for n, text in enumerate(durations)
    ]
    card = scored(records([learner()], placements), SUMMER, NEW)
    assert card.work_experience is not None
    assert card.work_experience["by_year_11"].numerator == met
    assert card.work_experience["by_year_9"].denominator == 0
    assert warned(card).get("duration_unknown", 0) == durations.count(None)


@pytest.mark.parametrize(
    ("now", "then", "met"),
    [
        (9, 6, (0, 1, 0, 0)),
        (9, 7, (1, 1, 0, 0)),
        (9, 9, (1, 1, 0, 0)),
        (11, 9, (0, 0, 0, 1)),
        (11, 10, (0, 0, 1, 1)),
    ],
)
def test_hours_belong_to_year_groups(now: int, then: int, met: tuple[int, ...]) -> None:
    week = activity(years_before(then, 1, 10, now=now), "workplace_experience", duration=1500)
    card = scored(records([learner(year=now)], [week]), SUMMER, OLD)
    assert card.work_experience is not None
    parts = card.work_experience.values()
    assert tuple(n for part in parts for n in (part.numerator, part.denominator)) == met


@pytest.mark.parametrize(
    ("facts", "rows", "met"),
    [
        ({}, None, 1),
        ({"part_time_job": False}, None, 1),
        ({"part_time_job": True, "meaningful": True}, None, 0),
        ({}, [row("offered")], 0),
        ({}, [row("absent")], 0),
        ({}, [row(), row(), row("offered")], 1),
        ({"duration": Fraction(750)}, [row(), row()], 0),
    ],
)
def test_which_hours_count(facts: dict[str, Any], rows: list[gk.Participation] | None, met: int) -> None:
    given: dict[str, Any] = {"duration": Fraction(1500), **facts}
    week = activity(SUMMER, "workplace_experience", **given)
    card = scored(records([learner()], [week], rows), SUMMER, NEW)
    assert card.work_experience is not None
    assert card.work_experience["by_year_11"].numerator == met
    assert "duration_unknown" not in warned(card)


def test_no_hours_outside_schools_or_without_evidence() -> None:
    placement = activity(SUMMER, "workplace_experience", meaningful=True)
    college = scored(records([learner(year=None)], [placement], kind="college"), SUMMER)
    assert (college.work_experience, college.provider_access) == (None, None)
    assert "duration_unknown" not in warned(college)
    learners_only = scored(records([learner()], None), SUMMER)
    assert (learners_only.work_experience, learners_only.provider_access) == (None, None)


def test_a_part_time_job_needs_no_duration() -> None:
    job = activity(SUMMER, "workplace_experience", part_time_job=True, meaningful=True)
    assert "duration_unknown" not in warned(scored(records([learner()], [job]), SUMMER))


# --- provider access ----------------------------------------------------------------------------


def occasion(day: date, providers: str = "P", **facts: Any) -> gk.Activity:
    facts = {**OCCASION, "providers": providers.split("+"), "activity_id": f"{day} {providers}", **facts}
    return activity(day, "provider_encounter", **facts)


def access(
    found: gk.Records, phase: str = "first", as_of: date = date(2024, 7, 1)
) -> tuple[str, int, int, tuple[str, ...]]:
    card = scored(found, as_of, OLD)
    assert card.provider_access is not None
    one = card.provider_access[phase]
    return one.status.value, one.tally.numerator, one.tally.denominator, one.tally.missing


@pytest.mark.parametrize(
    ("phase", "due", "first_day"),
    [("first", 9, date(2022, 9, 1)), ("second", 11, date(2022, 9, 1))],
)
@pytest.mark.parametrize(
    ("day", "met"),
    [
        (date(2022, 8, 31), False),  # the year before the window
        (date(2022, 9, 1), True),
        (date(2023, 2, 28), True),
        (date(2023, 3, 1), True),  # any date of the younger year
        (date(2023, 8, 31), True),
        (date(2023, 9, 1), True),
        (date(2024, 2, 28), True),
        (date(2024, 2, 29), False),  # a day late, in a leap year too
        (date(2024, 3, 1), False),
        (date(2024, 6, 30), False),
    ],
)
def test_the_window_of_a_phase(phase: str, due: int, first_day: date, day: date, met: bool) -> None:
    events = [occasion(first_day, "P"), occasion(day, "Q")]
    found = records([learner(year=due)], events)
    expected = ("met", 1, 1, ()) if met else ("not_met", 0, 1, ("L",))
    assert access(found, phase) == expected


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2023, 9, 1), "open"),
        (date(2023, 12, 31), "open"),
        (date(2024, 2, 28), "open"),
        (date(2024, 2, 29), "not_met"),
        (date(2024, 3, 1), "not_met"),
        (date(2024, 8, 31), "not_met"),
        (date(2025, 3, 1), "not_met"),
        (date(2025, 2, 28), "open"),
    ],
)
def test_how_long_a_phase_is_open(as_of: date, status: str) -> None:
    people = [learner("L9", 9), learner("L11", 11), learner("L13", 13)]
    for phase in ("first", "second", "third"):
        assert access(records(people), phase, as_of)[0] == status
    assert access(records([learner(year=8)]), "first", as_of)[0] == "not_applicable"


@pytest.mark.parametrize(
    ("providers", "met"),
    [
        (["P"], 0),
        (["P", "P"], 0),
        (["P", "p"], 0),  # a provider in two spellings is one
        (["P\u2019s", "P's"], 0),
        (["P", "-"], 0),
        (["P", "P+Q"], 1),
        (["P+Q", "Q+P"], 0),
        (["P", "P", "Q"], 1),
        (["P", "Q"], 1),
    ],
)
def test_two_occasions_differ_in_their_sets_of_providers(providers: list[str], met: int) -> None:
    events = [
        occasion(date(2023, 10, 1), one, activity_id=str(position)) for position, one in enumerate(providers)
    ]
    assert access(records([learner(year=9)], events))[1] == met


@pytest.mark.parametrize(
    "flaw",
    [
        *({item: answer} for item in (*PROVIDER_ACCESS_ITEMS, "school_day") for answer in (False, None)),
        {"providers": []},
        {"kinds": ["employer_encounter"]},
    ],
)
def test_what_makes_an_occasion(flaw: dict[str, Any]) -> None:
    facts: dict[str, Any] = {**OCCASION, "activity_id": "B", **flaw}
    kinds = facts.pop("kinds", ["provider_encounter"])
    poor = activity(date(2023, 10, 2), *kinds, **facts)
    good = [occasion(date(2023, 10, 1), "P"), occasion(date(2023, 10, 1), "Q")]
    assert access(records([learner(year=9)], good))[1] == 1
    assert access(records([learner(year=9)], [good[0], poor]))[1] == 0
    third = records([learner(year=13)], [good[0], poor])
    assert access(third, "third") == ("not_met", 1, 2, ())


def test_an_occasion_need_not_be_meaningful() -> None:
    events = [occasion(date(2023, 10, 1), one, meaningful=False) for one in "PQ"]
    assert access(records([learner(year=9)], events))[1] == 1


@pytest.mark.parametrize("status", ["attended", "offered", "absent"])
def test_learners_have_to_attend_and_schools_to_put_on(status: str) -> None:
    events = [occasion(date(2023, 10, 1), one) for one in "PQ"]
    rows = [row(status, activity_id=one.activity_id) for one in events]
    assert access(records([learner(year=9)], events, rows), "first")[1] == (status == "attended")
    assert access(records([learner(year=13)], events, rows), "third") == ("met", 2, 2, ())
    same = [occasion(date(2023, 10, day), "P") for day in (1, 2, 3)]
    rows = [row(status, activity_id=one.activity_id) for one in same]
    assert access(records([learner(year=13)], same, rows), "third") == ("met", 3, 2, ())


def test_the_third_phase_is_about_the_present_year_13() -> None:
    events = [occasion(date(2023, 10, 1), "P"), occasion(date(2022, 10, 1), "Q")]  # Years 13 and 12
    assert access(records([learner(year=13)], events), "third") == ("met", 2, 2, ())
    assert access(records([learner(year=12)], events), "third") == ("not_applicable", 0, 2, ())
    nobody_came = records([learner(year=13)], events, [])
    assert access(nobody_came, "third") == ("not_met", 0, 2, ())
    gone = records([learner(year=13, on_roll_to=date(2023, 12, 1))], events)
    assert access(gone, "third") == ("not_applicable", 0, 2, ())
    one_event_twice = records([learner("a", 13), learner("b", 13)], events[:1])
    assert access(one_event_twice, "third")[1] == 1


@pytest.mark.parametrize(("phase", "due"), [("second", 11), ("third", 13)])
def test_an_occasion_belongs_to_its_own_phase(phase: str, due: int) -> None:
    early = [occasion(date(2021, 10, 1), one) for one in "PQ"]  # in the window of the phase before
    assert access(records([learner(year=due)], early), phase)[1] == 0


@pytest.mark.parametrize(("phase", "due"), [("first", 9), ("second", 11), ("third", 13)])
def test_hours_are_no_occasions(phase: str, due: int) -> None:
    weeks = [
        activity(day, "workplace_experience", "provider_encounter", activity_id=str(day), duration=1500)
        for day in (date(2023, 9, 4), date(2023, 9, 11))
    ]
    assert access(records([learner(year=due)], weeks), phase)[1] == 0


def test_an_override_decides_the_window_of_an_occasion() -> None:
    events = [occasion(date(2023, 3, 1), one) for one in "PQ"]  # in Year 12, or Year 13 and late

    def held(year: int | None) -> int:
        rows = [row("absent", year, activity_id=one.activity_id) for one in events]
        return access(records([learner(year=13)], events, rows), "third")[1]

    assert (held(None), held(12), held(13), held(14), held(11)) == (2, 2, 0, 0, 0)


def test_before_the_law() -> None:
    events = [occasion(date(2022, 10, 1), "P"), occasion(date(2022, 11, 1), "Q")]
    found = records([learner(year=9)], events)
    assert scored(found, date(2022, 12, 31), OLD).provider_access is None
    assert access(found, as_of=date(2023, 1, 1)) == ("met", 1, 1, ())


def test_occasions_after_the_assessment_do_not_count() -> None:
    events = [occasion(date(2024, 1, 10), "P"), occasion(date(2024, 1, 11), "Q")]
    assert access(records([learner(year=9)], events), as_of=date(2024, 1, 11))[0] == "met"
    assert access(records([learner(year=9)], events), as_of=date(2024, 1, 10))[0] == "open"
    assert access(records([learner(year=13)], events), "third", date(2024, 1, 10)) == ("open", 1, 2, ())


# --- strangers ----------------------------------------------------------------------------------


def test_rows_that_point_nowhere_are_warned_about() -> None:
    rows = [
        row(), row(),
        row(learner_id="?"), row("absent", learner_id="?"), row(learner_id="??"),
        row(activity_id="?"), row(activity_id="?", learner_id="?"),
    ]  # fmt: skip
    sightings = [
        gk.Destination(learner_id=one, date=SUMMER, category=gk.DestinationCategory.NEET)
        for one in ("?", "?", "??", "L")
    ]
    found = records([learner()], [activity(SUMMER, "workplace_experience")], rows, destinations=sightings)
    card = scored(found, SUMMER, OLD)
    assert result(card, "6a") == (1, 1)
    assert warned(card) == {
        "participation_of_unknown_learner": 3,
        "participation_of_unknown_activity": 2,
        "destination_of_unknown_learner": 2,
        "duration_unknown": 1,
    }


# --- claims -------------------------------------------------------------------------------------


def messages(card: gk.Scorecard, code: str) -> list[str]:
    return [notice.message for notice in card.warnings if notice.code == code]


def employers(met: int, of: int, claim: gk.Band | gk.DeclaredShare | None) -> gk.Scorecard:
    """Score a school in which some of the learners met an employer, and which claims something."""
    people = [learner(f"L{number:03}", 8) for number in range(of)]
    talk = activity(SUMMER, "employer_encounter", **MEANINGFUL)
    rows = [row(learner_id=one.learner_id) for one in people[:met]]
    answers = {} if claim is None else {NEW: {"5a": claim}}
    return scored(records(people, [talk], rows, answers=answers), SUMMER, NEW)


@pytest.mark.parametrize(
    ("met", "of", "statuses"),
    [
        (100, 100, ("met", "met", "met")),
        (99, 100, ("not_met", "met", "met")),
        (91, 100, ("not_met", "met", "met")),
        (90, 100, ("not_met", "not_met", "met")),
        (76, 100, ("not_met", "not_met", "met")),
        (75, 100, ("not_met", "not_met", "not_met")),
        (19, 25, ("not_met", "not_met", "met")),  # 76 % exactly
        (0, 1, ("not_met", "not_met", "not_met")),
    ],
)
def test_presets(met: int, of: int, statuses: tuple[str, ...]) -> None:
    card = employers(met, of, None)
    assert tuple(card["5a"].status.values()) == statuses
    assert card["5a"].share == Fraction(met, of)


@pytest.mark.parametrize(
    ("band", "met", "of"),
    [
        (gk.Band.NONE, 0, 100),
        (gk.Band.A_FEW, 1, 100),
        (gk.Band.A_FEW, 25, 100),
        (gk.Band.SOME, 26, 100),
        (gk.Band.SOME, 50, 100),
        (gk.Band.MAJORITY, 51, 100),
        (gk.Band.MAJORITY, 75, 100),
        (gk.Band.OVERWHELMING_MAJORITY, 76, 100),
        (gk.Band.OVERWHELMING_MAJORITY, 99, 100),
        (gk.Band.ALL, 100, 100),
    ],
)
def test_a_band_is_contradicted_by_another(band: gk.Band, met: int, of: int) -> None:
    for claim in gk.Band:
        card = employers(met, of, claim)
        contradicted = claim is not band
        assert card["5a"].is_contradicted is contradicted
        assert ("claim_contradicted" in warned(card)) is contradicted
        assert (card["5a"].basis, card["5a"].claim) == ("evidence", claim)
        if contradicted:
            assert warned(card)["claim_contradicted"] == 1
            (words,) = messages(card, "claim_contradicted")
            assert words.startswith(f"the claim is {claim}, the evidence {band} ({met} of {of}, ")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0.75", None),
        ("0.750", None),
        ("0.7501", "the claim is 75.01 %, 0.01 percentage points above the evidence (3 of 4, 75.0 %)"),
        ("0.749999", "the claim is 75.00 %, 0.01 percentage points below the evidence (3 of 4, 75.0 %)"),
        ("0", "the claim is 0 %, 75.00 percentage points below the evidence (3 of 4, 75.0 %)"),
        ("1", "the claim is 100 %, 25.00 percentage points above the evidence (3 of 4, 75.0 %)"),
    ],
)
def test_a_share_is_contradicted_by_how_much(share: str, words: str | None) -> None:
    card = employers(3, 4, gk.DeclaredShare(share))
    assert messages(card, "claim_contradicted") == ([] if words is None else [words])


def test_a_claim_about_nobody_is_shown_without_a_warning() -> None:
    for claim in (gk.Band.ALL, gk.DeclaredShare("1")):
        card = employers(0, 0, claim)
        assert (card["5a"].basis, card["5a"].claim) == ("evidence", claim)
        assert set(card["5a"].status.values()) == {"not_applicable"}
        assert "claim_contradicted" not in warned(card)
        assert not card["5a"].is_contradicted


def test_a_claim_does_not_help_where_intentions_are_blank() -> None:
    found = records([learner(year=13)], answers={NEW: {"7b": gk.Band.ALL}})
    card = scored(found, SUMMER, NEW)
    assert set(card["7b"].status.values()) == {"not_assessed"}
    assert "claim_contradicted" not in warned(card)


@pytest.mark.parametrize(
    ("claim", "statuses"),
    [
        (gk.Band.ALL, ("met", "met", "met")),
        (gk.Band.OVERWHELMING_MAJORITY, ("not_met", "not_met", "met")),
        (gk.Band.MAJORITY, ("not_met", "not_met", "not_met")),
        (gk.Band.NONE, ("not_met", "not_met", "not_met")),
        (gk.DeclaredShare("0.91"), ("not_met", "met", "met")),
        (gk.DeclaredShare("0.909999"), ("not_met", "not_met", "met")),
        (gk.DeclaredShare("0.999999999999999999"), ("not_met", "met", "met")),
        (None, ("not_assessed",) * 3),
    ],
)
def test_without_evidence_the_institution_is_believed(
    claim: gk.Band | gk.DeclaredShare | None, statuses: tuple[str, ...]
) -> None:
    answers = {} if claim is None else {NEW: {"5a": claim}}
    for learners in (None, [learner()]):
        found = gk.Records(
            institution=gk.Institution(name="N", kind=gk.InstitutionKind.SECONDARY_SCHOOL),
            learners=learners,
            answers=answers,
        )
        one = scored(found, SUMMER, NEW)["5a"]
        assert one.basis == (None if claim is None else "declared")
        assert tuple(one.status.values()) == statuses
        assert (one.numerator, one.denominator, one.missing, one.claim, one.on_track) == (None,) * 5
        assert one.share == declared_share(claim)
        assert one.deadline == date(2026, 8, 31)
        other = scored(found, SUMMER, OLD)["5a"]  # answers under one edition say nothing under another
        assert other.basis is None


YES, NO, BEGUN = gk.Answer.YES, gk.Answer.NO, gk.Answer.IN_PROGRESS


@pytest.mark.parametrize(
    ("criterion_id", "answer", "basis", "status"),
    [
        ("1b", YES, "declared", "met"),
        ("1b", BEGUN, "declared", "not_met"),
        ("1b", NO, "declared", "not_met"),
        ("1b", None, None, "not_assessed"),
        ("3d", gk.PartAnswers({"destinations": YES, "alumni": YES}), "declared", "met"),
        ("3d", gk.PartAnswers({"destinations": YES, "alumni": BEGUN}), "declared", "not_met"),
        ("3d", gk.PartAnswers({"alumni": NO}), "declared", "not_met"),
        ("3d", gk.PartAnswers({"alumni": YES}), "declared", "not_assessed"),
        ("3d", gk.PartAnswers({}), None, "not_assessed"),
        ("3d", None, None, "not_assessed"),
    ],
)
def test_declared_criteria(criterion_id: str, answer: Any, basis: str | None, status: str) -> None:
    answers = {} if answer is None else {NEW: {criterion_id: answer}}
    one = scored(records([], answers=answers), SUMMER, NEW)[criterion_id]
    assert (one.basis, set(one.status.values())) == (basis, {status})
    assert (one.numerator, one.claim, one.deadline, one.on_track, one.share) == (None,) * 5
    assert one.answer == (answer if basis else None)


@pytest.mark.parametrize(
    ("criterion_id", "answer"),
    [
        ("1b", gk.PartAnswers({})),
        ("1b", gk.Band.ALL),
        ("1a", YES),
        ("1a", gk.PartAnswers({"cleaners": YES})),
        ("5a", YES),
        ("5a", gk.PartAnswers({})),
        ("9z", YES),
        ("8b", YES),  # declared in the edition for colleges, not in this one
    ],
)
def test_answers_that_do_not_fit_are_refused(criterion_id: str, answer: Any) -> None:
    found = records([], answers={NEW: {criterion_id: answer}})
    with pytest.raises(
        ValueError, match=f"the answers to {criterion_id} do not fit the criteria of 2025-school"
    ):
        gk.score(found, as_of=SUMMER)


# --- benchmarks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "status", "percent"),
    [
        ({}, "not_assessed", 0),
        ({"1b": YES}, "partially_achieved", 16),  # one of six
        ({"1b": YES, "1d": YES}, "partially_achieved", 33),
        ({"1b": NO}, "not_assessed", 0),
        ({"1b": YES, "1d": NO}, "partially_achieved", 16),
    ],
)
def test_a_benchmark_of_declared_criteria(answers: dict[str, gk.Answer], status: str, percent: int) -> None:
    first = scored(records([], answers={NEW: answers}), SUMMER, NEW).benchmarks[0]
    assert (first.number, first.title) == (1, "A stable careers programme")
    assert set(first.status.values()) == {status}
    assert set(first.percent.values()) == {percent}
    assert first.applies


def all_answered(answer: gk.Answer) -> dict[str, Any]:
    return {
        one.id: gk.PartAnswers(dict.fromkeys(one.parts, answer)) if one.parts else answer
        for one in edition(NEW).criteria
        if one.type == "declared"
    }


def test_all_answered_no_and_all_answered_yes() -> None:
    card = scored(records([], answers={NEW: all_answered(NO)}), SUMMER, NEW)
    assert card.benchmarks[0].status[gk.Preset.LEGACY] == "not_achieved"
    card = scored(records([], answers={NEW: all_answered(YES)}), SUMMER, NEW)
    assert card.benchmarks[0].status[gk.Preset.EVERY_PUPIL] == "achieved"
    assert (card.achieved["every_pupil"], card.applicable) == (6, 6)  # 6 and 7 are about nobody


def test_a_benchmark_of_shares_differs_by_preset() -> None:
    card = employers(9, 10, None)
    five = card.benchmarks[4]
    assert five.status == {
        "every_pupil": "not_assessed",
        "almost_all": "not_assessed",
        "legacy": "partially_achieved",
    }
    assert five.percent == {"every_pupil": 0, "almost_all": 0, "legacy": 50}


# --- editions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("secondary_school", OLD, NEW),
        ("special_school", OLD, NEW),
        ("alternative_provision", OLD, NEW),
        ("college", "2018-college", "2025-college"),
        ("sixth_form_college", "2018-college", "2025-college"),
        ("training_provider", None, "2025-itp"),
    ],
)
def test_the_edition_follows_from_kind_and_date(kind: str, before: str | None, after: str) -> None:
    found = records([], kind=kind)
    assert scored(found, date(2025, 9, 1)).edition.key == after
    if before is None:
        with pytest.raises(
            gk.EditionError, match="no edition was in force for a training_provider on 2025-08-31"
        ):
            gk.score(found, as_of=date(2025, 8, 31))
    else:
        assert scored(found, date(2025, 8, 31)).edition.key == before
        assert scored(found, date(2012, 1, 1)).edition.key == before
    assert scored(found, date(2025, 8, 31), after).edition.key == after
    for key in set(EDITION_KEYS) - {before, after}:
        with pytest.raises(gk.EditionError, match=f"the edition {key} is not for a {kind}; choose one of"):
            gk.score(found, as_of=SUMMER, edition=key)


def test_an_edition_that_there_is_not() -> None:
    with pytest.raises(gk.EditionError, match="there is no edition '2030-school'; choose one of 2014-school"):
        gk.score(records([]), as_of=SUMMER, edition="2030-school")


# --- the scorecard ------------------------------------------------------------------------------


def test_a_scorecard_answers_by_criterion() -> None:
    card = scored(records([learner()]), SUMMER, NEW)
    assert card["6a"].criterion.id == "6a"
    with pytest.raises(KeyError, match="2025-school has no criterion '6z'; it has 1a, 1b"):
        card["6z"]
    assert repr(card) == "<Scorecard of Northfield School, 2025-school as of 2026-07-10: 0 of 8 achieved>"
    assert str(card.academic_year) == "2025/26"
    assert "Northfield School" in str(card)


def test_the_missing_are_sorted_by_code_point() -> None:
    names = ["b", "B", "a", "10", "9", "é", "\U0001f600", "\ufb01"]
    card = scored(records([learner(name) for name in names]), SUMMER, NEW)
    assert card["6a"].missing == tuple(sorted(names))


def test_left_out_learners_are_counted_by_reason() -> None:
    people = [
        learner("a", on_roll_to=date(2025, 12, 1)),
        learner("b", in_cohort=False),
        learner("c", in_cohort=False),
        learner("d"),
    ]
    card = scored(records(people, kind="special_school"), SUMMER, NEW)
    (notice,) = [one for one in card.warnings if one.code == "learners_left_out"]
    assert (notice.count, notice.where) == (3, "learners")
    assert notice.message.endswith("1 not on roll, 2 outside the declared cohort")
    old = learner(year=None, date_of_birth=date(1990, 1, 1), programme_end=SUMMER)
    (words,) = messages(scored(records([old], kind="college"), SUMMER), "learners_left_out")
    assert words.endswith("1 over the age")
