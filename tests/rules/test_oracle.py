"""Hand-worked cases: does the oracle read the contract as people would?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, given, settings

from gatsbykit.model.answers import Answer, Band, DeclaredShare, PartAnswers
from gatsbykit.model.destinations import Destination, DestinationCategory
from gatsbykit.model.encounters import (
    CHECKLIST_ITEMS,
    PROVIDER_ACCESS_ITEMS,
    Activity,
    Participation,
    ParticipationStatus,
    ProviderType,
)
from gatsbykit.model.identifiers import Uln, Upn
from gatsbykit.model.institutions import Institution, InstitutionKind
from gatsbykit.model.learners import Learner, SenProvision
from gatsbykit.model.records import Records
from gatsbykit.testing import ScoredCase, scored_cases, ulns, upns
from tests.support import oracle

if TYPE_CHECKING:
    from collections.abc import Sequence

SUMMER = date(2026, 7, 10)
OFFERED, ABSENT = ParticipationStatus.OFFERED, ParticipationStatus.ABSENT
SCHOOL, COLLEGE = InstitutionKind.SECONDARY_SCHOOL, InstitutionKind.COLLEGE


@dataclass(frozen=True)
class Criterion:
    """A criterion of the oracle as `answers` wants it, so that these tests need no edition data."""

    id: str
    type: str
    parts: tuple[str, ...]


CRITERIA = {
    edition: [
        Criterion(criterion_id, "declared", one.parts)
        if isinstance(one, oracle.Declared)
        else Criterion(criterion_id, "share", ())
        for criterion_id, one in criteria.items()
    ]
    for edition, criteria in oracle.EDITIONS.items()
}


def make(
    learners: Sequence[Learner] | None,
    activities: Sequence[Activity] | None = (),
    rows: Sequence[Participation] | None = None,
    *,
    kind: InstitutionKind = SCHOOL,
    **more: Any,
) -> Records:
    """Make records; without rows everybody attended everything."""
    if rows is None and activities is not None:
        everybody = learners or ()
        rows = [Participation(one.activity_id, who.learner_id) for one in activities for who in everybody]
    tables: dict[str, Any] = {"learners": learners, "activities": activities, "participations": rows}
    return Records(institution=Institution(name="N", kind=kind), **tables, **more)


def learner(name: str = "L", year: int | None = 11, **facts: Any) -> Learner:
    return Learner(learner_id=name, year_group=year, **facts)


def activity(day: date, *kinds: str, name: str = "A", **facts: Any) -> Activity:
    return Activity(activity_id=name, date=day, kinds=kinds, **facts)


def criterion(
    records: Records,
    criterion_id: str,
    edition: str = "2014-school",
    *,
    as_of: date = SUMMER,
    unknown: str = "exclude",
) -> dict[str, Any]:
    card = oracle.score(records, as_of=as_of, edition=edition, unknown=unknown)
    found = [one for benchmark in card["benchmarks"] for one in benchmark["criteria"]]
    (result,) = [one for one in found if one["id"] == criterion_id]
    assert isinstance(result, dict)
    return cast("dict[str, Any]", result)


def counts(*args: Any, **options: Any) -> tuple[int | None, int | None]:
    result = criterion(*args, **options)
    return result["numerator"], result["denominator"]


@pytest.mark.parametrize(
    ("day", "met"),
    [
        (date(2021, 8, 31), 0),  # Year 6
        (date(2021, 9, 1), 1),  # the first day of Year 7
        (SUMMER, 1),
        (SUMMER + timedelta(days=1), 0),
    ],
)
def test_a_year_group_begins_on_the_first_of_september(day: date, met: int) -> None:
    records = make([learner()], [activity(day, "workplace_experience")])
    assert counts(records, "6a") == (met, 1)


@pytest.mark.parametrize(
    ("left", "counted"),
    [(date(2026, 4, 30), 0), (date(2026, 5, 1), 1), (date(2025, 8, 31), 0), (SUMMER, 1), (None, 1)],
)
def test_summer_leavers_stay(left: date | None, counted: int) -> None:
    assert counts(make([learner(on_roll_to=left)]), "6a") == (0, counted)


def test_may_leavers_of_an_autumn_assessment_are_gone() -> None:
    records = make([learner(on_roll_to=date(2026, 5, 1)), learner("N", on_roll_from=date(2026, 9, 2))])
    assert counts(records, "6a", as_of=date(2026, 9, 1)) == (0, 0)


@pytest.mark.parametrize(
    ("status", "edition", "met"),
    [
        (OFFERED, "2014-school", 1),
        (OFFERED, "2025-school", 0),
        (ABSENT, "2014-school", 0),
        (ParticipationStatus.ATTENDED, "2025-school", 1),
    ],
)
def test_offered_counts_for_8b_of_2014_alone(status: ParticipationStatus, edition: str, met: int) -> None:
    meeting = activity(SUMMER, "guidance_meeting", adviser_level=6)
    records = make([learner(year=13)], [meeting], [Participation("A", "L", status)])
    assert counts(records, "8b", edition) == (met, 1)


def test_of_repeated_rows_the_strongest_status_and_then_the_highest_override_win() -> None:
    placement = activity(date(2026, 1, 5), "workplace_experience")

    def met(*rows: tuple[ParticipationStatus, int | None]) -> int | None:
        found = [Participation("A", "L", status, year) for status, year in rows]
        return counts(make([learner()], [placement], found), "6a")[0]

    attended = ParticipationStatus.ATTENDED
    assert met((attended, None), (OFFERED, 12)) == 1  # the override of the weaker row is ignored
    assert met((attended, None), (attended, 12)) == 0  # Year 12 is too late
    assert met((attended, 6), (attended, 7), (ABSENT, None)) == 1
    assert met((attended, 6), (OFFERED, 7)) == 0
    twice = make([learner()], [placement], [Participation("A", "L")] * 2)
    assert counts(twice, "6a", "2025-school", unknown="include") == (0, 1)  # one experience, not two


def test_offered_beats_absent() -> None:
    meeting = activity(SUMMER, "guidance_meeting", adviser_level=6)
    rows = [Participation("A", "L", ABSENT, 9), Participation("A", "L", OFFERED)]
    assert counts(make([learner(year=13)], [meeting], rows), "8b") == (1, 1)


def test_year_14_is_year_13() -> None:
    pupils = [learner("L13", 13), learner("L14", 14)]
    at_thirteen = activity(date(2025, 3, 1), "workplace_experience")
    assert counts(make(pupils, [at_thirteen]), "6b") == (2, 2)
    earlier = activity(date(2023, 9, 1), "workplace_experience")  # Year 11 of one, Year 12 of the other
    result = criterion(make(pupils, [earlier]), "6b")
    assert (result["missing"], result["on_track"]) == (["L13"], {"12": {"numerator": 0, "denominator": 0}})


@pytest.mark.parametrize(
    ("facts", "unknown", "met"),
    [
        ({}, "exclude", 0),
        ({}, "include", 1),
        ({"two_way": False}, "include", 0),
        ({"two_way": False, "meaningful": True}, "exclude", 1),
        (dict.fromkeys(CHECKLIST_ITEMS[1:5], True), "exclude", 1),
        (dict.fromkeys(CHECKLIST_ITEMS, True) | {"meaningful": False}, "include", 0),
        ({"insight": True}, "exclude", 0),  # the checklist of another edition
    ],
)
def test_meaningful(facts: dict[str, Any], unknown: str, met: int) -> None:
    records = make([learner(year=8)], [activity(SUMMER, "employer_encounter", **facts)])
    assert counts(records, "5a", "2025-school", unknown=unknown) == (met, 1)


@pytest.mark.parametrize(
    ("level", "unknown", "met"),
    [(6, "exclude", 1), (5, "include", 0), (None, "exclude", 0), (None, "include", 1)],
)
def test_guidance_needs_level_6(level: int | None, unknown: str, met: int) -> None:
    meeting = activity(SUMMER, "guidance_meeting", adviser_level=level, meaningful=True)
    assert counts(make([learner()], [meeting]), "8a", unknown=unknown) == (met, 1)


def test_a_part_time_job_must_be_known_to_be_meaningful() -> None:
    def met(edition: str, **facts: Any) -> int | None:
        job = activity(SUMMER, "workplace_experience", part_time_job=True, **facts)
        return counts(make([learner(year=13)], [job]), "6b", edition, unknown="include")[0]

    assert met("2025-school") == 0
    assert met("2025-school", meaningful=True) == 1
    assert met("2014-school", meaningful=True) == 0


def test_information_of_the_learners_own_key_stage() -> None:
    """In March 2024 the learners were in Years 7, 9 and 11: only the first is still in that key stage."""
    pupils = [learner("L9", 9), learner("L11", 11), learner("L13", 13), learner("L10", 10)]
    result = criterion(
        make(pupils, [activity(date(2024, 3, 1), "labour_market_information")]), "2a", "2025-school"
    )
    assert (result["numerator"], result["missing"]) == (1, ["L11", "L13"])
    assert result["on_track"]["10"] == {"numerator": 0, "denominator": 1}
    assert result["on_track"]["7"] == {"numerator": 0, "denominator": 0}


def test_blank_intentions_and_subjects() -> None:
    def status(criterion_id: str, *pupils: Learner) -> str:
        result = criterion(make(pupils), criterion_id, "2025-school")
        found = result["status"]["every_pupil"]
        assert isinstance(found, str)
        return found

    assert status("7b") == "not_applicable"
    assert status("7b", learner("a", 13), learner("b", 13)) == "not_assessed"
    assert status("7b", learner("a", 13), learner("b", 13, considering_he=False)) == "not_applicable"
    assert status("7b", learner("a", 13), learner("b", 13, considering_he=True)) == "not_met"
    assert status("4a", learner("a", 8)) == "not_assessed"
    assert status("4a", learner("a", 6, subjects=["art"])) == "not_applicable"


def test_all_subjects_this_year() -> None:
    pupils = [learner("a", 8, subjects=["Art", "Design and  Technology"]), learner("b", 8, subjects=["art"])]
    lessons = [
        activity(date(2025, 9, 1), "curriculum_link", name="1", subjects=["art"]),
        activity(date(2025, 8, 31), "curriculum_link", name="2", subjects=["design_and_technology"]),
    ]
    assert criterion(make(pupils, lessons), "4a", "2025-school")["missing"] == ["a"]


def test_destinations() -> None:
    """Left in July 2024: something after that, and something in 2024/25."""
    left = date(2024, 7, 5)

    def met(*days: date, category: str = "employment") -> tuple[int | None, int | None]:
        seen = [Destination(learner_id="L", date=day, category=DestinationCategory(category)) for day in days]
        return counts(make([learner(on_roll_to=left)], None, destinations=seen), "3d")

    assert met() == (0, 1)
    assert met(left) == (0, 1)
    assert met(date(2024, 8, 31)) == (0, 1)
    assert met(date(2024, 9, 1)) == (1, 1)
    assert met(date(2025, 9, 1)) == (0, 1)
    assert met(date(2025, 8, 31), date(2026, 3, 1)) == (1, 1)
    assert met(date(2024, 9, 1), category="unknown") == (0, 1)


@pytest.mark.parametrize(
    ("left", "year", "leavers"),
    [
        (date(2022, 8, 31), 11, 0),
        (date(2022, 9, 1), 11, 1),
        (date(2025, 8, 31), 13, 1),
        (date(2025, 8, 31), 10, 0),
        (date(2025, 9, 1), 13, 0),
    ],
)
def test_leavers_of_three_years(left: date, year: int, leavers: int) -> None:
    result = criterion(make([learner(year=year, on_roll_to=left)], destinations=[]), "3d")
    assert (result["numerator"], result["denominator"], result["on_track"]) == (0, leavers, None)


def test_college_5a() -> None:
    start = date(2026, 1, 5)
    student = Learner(learner_id="L", programme_start=start)
    linked = activity(start, "employer_encounter", "curriculum_link", name="1", insight=True)
    plain = activity(SUMMER, "employer_encounter", name="2", insight=True)
    early = activity(date(2026, 1, 4), "employer_encounter", name="3", insight=True)

    def met(*found: Activity) -> int | None:
        return counts(make([student], found, kind=COLLEGE), "5a", "2018-college")[0]

    assert met(linked, plain) == 1
    assert met(linked, early) == 0
    assert met(plain, activity(SUMMER, "employer_encounter", name="4", insight=True)) == 0
    assert met(linked) == 0


@pytest.mark.parametrize(
    ("born", "plan", "counted"),
    [
        (date(2006, 8, 31), False, 0),
        (date(2006, 9, 1), False, 1),
        (date(2000, 8, 31), True, 0),
        (date(2000, 9, 1), True, 1),
        (None, False, 1),
    ],
)
def test_ages_at_college(born: date | None, plan: bool, counted: int) -> None:
    provision = SenProvision.EHC_PLAN if plan else SenProvision.SUPPORT
    student = Learner(
        learner_id="L", date_of_birth=born, sen_provision=provision, programme_end=date(2026, 8, 31)
    )
    records = make([student], kind=COLLEGE)
    assert counts(records, "5a", "2025-college") == counts(records, "8a", "2025-college") == (0, counted)


@pytest.mark.parametrize(
    ("second", "as_of", "status"),
    [
        (date(2024, 2, 28), date(2024, 2, 28), "met"),
        (date(2024, 2, 29), date(2024, 2, 29), "not_met"),
        (date(2024, 2, 29), date(2024, 2, 28), "open"),
        (date(2023, 8, 31), date(2024, 7, 1), "met"),
        (date(2022, 8, 31), date(2024, 7, 1), "not_met"),  # Year 7
    ],
)
def test_provider_access(second: date, as_of: date, status: str) -> None:
    good: dict[str, Any] = dict.fromkeys((*PROVIDER_ACCESS_ITEMS, "school_day"), True)
    first = activity(date(2022, 11, 1), "provider_encounter", name="1", providers=["P"], **good)
    other = activity(second, "provider_encounter", name="2", providers=["P", "Q"], **good)
    records = make([learner(year=9)], [first, other])
    card = oracle.score(records, as_of=as_of)
    assert card["provider_access"]["first"]["status"] == status
    assert card["provider_access"]["second"]["status"] == "not_applicable"
    assert card["provider_access"]["third"] == {
        "status": "not_applicable", "numerator": 0, "denominator": 2, "missing": [],
    }  # fmt: skip
    assert oracle.score(records, as_of=date(2022, 12, 31))["provider_access"] is None


def test_the_third_phase_counts_what_was_put_on() -> None:
    good: dict[str, Any] = dict.fromkeys((*PROVIDER_ACCESS_ITEMS, "school_day"), True)
    events = [
        activity(date(2025, 11, day), "provider_encounter", name=str(day), providers=["P"], **good)
        for day in (1, 2, 3)
    ]
    rows = [Participation(one.activity_id, "L", ABSENT) for one in events]
    card = oracle.score(make([learner(year=13)], events, rows), as_of=SUMMER)
    assert card["provider_access"]["third"] == {
        "status": "met", "numerator": 3, "denominator": 2, "missing": [],
    }  # fmt: skip


@pytest.mark.parametrize(("minutes", "met"), [(Fraction("1499.5"), 0), (Fraction(1500), 1)])
def test_work_experience(minutes: Fraction, met: int) -> None:
    placement = activity(date(2024, 9, 1), "workplace_experience", duration=minutes, meaningful=False)
    card = oracle.score(make([learner("a", 11), learner("b", 9)], [placement]), as_of=SUMMER)
    assert card["work_experience"]["by_year_11"]["numerator"] == met
    assert card["work_experience"]["by_year_9"]["numerator"] == met


@pytest.mark.parametrize(("override", "nine", "eleven"), [(6, 0, 0), (9, 1, 0), (10, 0, 1), (12, 0, 0)])
def test_work_experience_by_year_group(override: int, nine: int, eleven: int) -> None:
    placement = activity(SUMMER, "workplace_experience", duration=Fraction(1500))
    rows = [Participation("A", one, year_group=override) for one in ("a", "b")]
    card = oracle.score(make([learner("a", 11), learner("b", 9)], [placement], rows), as_of=SUMMER)
    assert card["work_experience"]["by_year_9"]["numerator"] == nine
    assert card["work_experience"]["by_year_11"]["numerator"] == eleven


def test_without_evidence_the_institution_is_believed() -> None:
    claims = {
        "5a": Band.OVERWHELMING_MAJORITY,
        "6a": DeclaredShare("0.91"),
        "2b": Answer.IN_PROGRESS,
        "3a": PartAnswers({"stereotypes": Answer.YES}),
    }
    records = make([learner(year=9)], None, answers={"2014-school": claims})
    legacy_only = {"every_pupil": "not_met", "almost_all": "not_met", "legacy": "met"}
    assert criterion(records, "5a")["status"] == legacy_only
    assert criterion(records, "6a")["status"] == legacy_only | {"almost_all": "met"}
    assert criterion(records, "2b")["status"]["legacy"] == "not_met"
    assert criterion(records, "3a")["status"]["legacy"] == "not_assessed"
    assert [criterion(records, one)["basis"] for one in ("5a", "3a", "3b", "7a")] == ["declared"] * 2 + [
        None
    ] * 2
    assert criterion(records, "5a", "2025-school")["basis"] is None
    card = oracle.score(records, as_of=SUMMER, edition="2014-school")
    assert card["benchmarks"][1]["status"]["legacy"] == "not_assessed"
    assert card["applicable"] == 8


def test_an_empty_cohort_is_not_applicable_whatever_is_claimed() -> None:
    claims = {"8a": Band.ALL, "8b": Band.ALL}
    result = oracle.score(make([], answers={"2014-school": claims}), as_of=SUMMER, edition="2014-school")
    guidance = result["benchmarks"][7]
    assert (guidance["status"]["legacy"], guidance["percent"]["legacy"]) == ("not_applicable", None)
    assert guidance["criteria"][0]["claim"] == "all"
    assert result["applicable"] == 3  # 1 to 3 have declared criteria


@pytest.mark.parametrize(
    ("kind", "as_of", "edition"),
    [
        (SCHOOL, date(2025, 8, 31), "2014-school"),
        (SCHOOL, date(2025, 9, 1), "2025-school"),
        (COLLEGE, date(2025, 8, 31), "2018-college"),
        (InstitutionKind.TRAINING_PROVIDER, date(2025, 9, 1), "2025-itp"),
    ],
)
def test_default_editions(kind: InstitutionKind, as_of: date, edition: str) -> None:
    assert oracle.score(make([], kind=kind), as_of=as_of)["edition"] == edition


def test_editions_that_are_refused() -> None:
    with pytest.raises(ValueError):
        oracle.score(make([], kind=InstitutionKind.TRAINING_PROVIDER), as_of=date(2025, 8, 31))
    with pytest.raises(ValueError):
        oracle.score(make([]), as_of=SUMMER, edition="2025-college")


def each(part: dict[str, dict[str, Any]] | None) -> list[dict[str, Any]]:
    return list((part or {}).values())


def shares(card: dict[str, Any]) -> list[dict[str, Any]]:
    criteria = [one for benchmark in card["benchmarks"] for one in benchmark["criteria"]]
    tracks = [track for one in criteria for track in each(one["on_track"])]
    access = each(card["provider_access"])[:2]  # the third is about occasions
    hours = each(card["work_experience"])
    return [one for one in criteria if one["basis"] == "evidence"] + tracks + access + hours


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=scored_cases(criteria=CRITERIA))
def test_laws(case: ScoredCase) -> None:
    records, as_of, edition, unknown = case
    card = oracle.score(records, as_of=as_of, edition=edition, unknown=unknown)
    assert len(card["benchmarks"]) == 8
    for share in shares(card):
        assert 0 <= share["numerator"] <= share["denominator"]
        if "missing" in share:
            assert len(share["missing"]) == share["denominator"] - share["numerator"]
    for benchmark in card["benchmarks"]:
        assert all(percent is None or 0 <= percent <= 100 for percent in benchmark["percent"].values())
    tables: dict[str, Any] = {
        name: None
        if table is None
        else [*reversed(table), *([] if name in {"learners", "activities"} else table)]
        for name in ("learners", "activities", "participations", "destinations")
        for table in [getattr(records, name)]
    }
    again = Records(institution=records.institution, answers=records.answers, **tables)
    assert oracle.score(again, as_of=as_of, edition=edition, unknown=unknown) == card


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=scored_cases(InstitutionKind.COLLEGE, criteria=CRITERIA))
def test_the_kind_of_generated_institutions_may_be_asked_for(case: ScoredCase) -> None:
    assert case.records.institution.kind is InstitutionKind.COLLEGE


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=scored_cases(criteria=CRITERIA))
def test_generated_records_are_valid(case: ScoredCase) -> None:
    records = case.records
    school = records.institution.kind.is_school
    for one in records.learners or ():
        assert one.year_group is None or 1 <= one.year_group <= 14
        assert one.year_group is not None or not school
        assert not (one.on_roll_from and one.on_roll_to) or one.on_roll_from <= one.on_roll_to
        assert not (one.programme_start and one.programme_end) or one.programme_start <= one.programme_end
        assert one.upn is None or Upn.is_valid(one.upn)
        assert one.uln is None or Uln.is_valid(one.uln)
    learner_ids = [one.learner_id for one in records.learners or ()]
    activity_ids = [one.activity_id for one in records.activities or ()]
    assert len({*learner_ids}) == len(learner_ids) <= 8
    assert len({*activity_ids}) == len(activity_ids) <= 8
    assert len(records.participations or ()) <= 40
    for found in records.activities or ():
        assert found.kinds
        assert found.provider_types <= frozenset(ProviderType)
        assert found.duration is None or found.duration >= 0


@settings(max_examples=50)
@given(upn=upns(), uln=ulns())
def test_generated_numbers_have_the_right_check(upn: Upn, uln: Uln) -> None:
    assert Upn.is_valid(upn)
    assert Uln.is_valid(uln)
