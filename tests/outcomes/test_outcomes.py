"""Destinations of learners: codes, spells, what is sustained and why, tracking, cohorts of records."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import outcomes
from gatsbykit.model.destinations import NCCIS_CATEGORIES, Destination
from gatsbykit.model.spells import Month, Scheme, Snapshot, Spell, Strand, activities, activity, spells
from gatsbykit.outcomes import leavers
from gatsbykit.outcomes.leavers import Stage
from gatsbykit.outcomes.sustained import Outcome, Precedence, SustainedSettings, learner_outcome
from gatsbykit.outcomes.tracking import Offer, followed, neet_figures, participation, september_guarantee

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

YEAR = gk.AcademicYear(2023)
AUGUST = Month(2024, 8)
CODES = {"e": "230", "w": "330", "a": "310", "n": "619", "g": "260", "?": "810", "s": "550"}


def seen(months: str, learner: str = "L", **more: Any) -> list[Snapshot]:
    """Snapshots of a year from August on, a letter a month; a dot is a month without one."""
    return [
        Snapshot.of_code(learner, AUGUST.plus(later), "nccis", CODES[letter], **more)
        for later, letter in enumerate(months)
        if letter != "."
    ]


def judged(months: str, **settings: Any) -> outcomes.LearnerOutcome:
    return learner_outcome("L", seen(months), cohort_year=YEAR, settings=SustainedSettings(**settings))


# Codes (destinations.md 3.1, ILR)


def test_every_nccis_code_is_mapped_and_agrees_with_the_categories_of_the_exchange_format() -> None:
    known = activities(Scheme.NCCIS)
    assert known.keys() == NCCIS_CATEGORIES.keys()
    assert len(known) == 46
    for code, one in known.items():
        assert one.category is NCCIS_CATEGORIES[code][0]
        assert one.is_neet == (540 <= int(code) <= 699)  # the working definition of 3.2


def test_ilr_outcomes_are_mapped() -> None:
    assert set(activities(Scheme.ILR)) == {
        *(f"EDU{n}" for n in range(1, 7)), "EMP1", "EMP2", "EMP4", "EMP5", "GAP1", "NPE1", "NPE2",
        *(f"OTH{n}" for n in range(1, 5)), *(f"SDE{n}" for n in range(1, 5)), "VOL1",
    }  # fmt: skip
    assert activities(Scheme.EXCHANGE).keys() == {str(one) for one in gk.DestinationCategory}


def test_550_is_disputed_and_a_setting() -> None:
    """Trap 8."""
    one = activity("nccis", "550")
    assert one.is_disputed
    assert one.read_as("neet").is_neet
    assert one.read_as("employment").strand is Strand.EMPLOYMENT
    assert one.read_as("employment").participates
    assert judged("sssssssss...", disputed_550="employment").outcome is Outcome.EMPLOYMENT
    assert judged("sssssssss...").outcome is Outcome.NOT_SUSTAINED


def test_codes_that_are_none() -> None:
    with pytest.raises(gk.NotFoundError, match="no nccis code of that form"):
        activity("nccis", "999")
    with pytest.raises(ValueError, match="there is no month 13"):
        Month(2024, 13)


# Spells


months_of = st.text("eawn.", min_size=1, max_size=12)


@given(months_of, st.randoms())
def test_spells_do_not_depend_on_order_and_cover_what_was_seen(months: str, random: Any) -> None:
    rows = seen(months)
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)
    found = spells(shuffled)
    assert found == spells(rows)
    covered = {(month, spell.activity.code) for spell in found for month in _months(spell)}
    assert covered == {(one.month, one.activity.code) for one in rows}
    assert sum(map(len, found)) == len({(one.month, one.activity.code) for one in rows})


def _months(spell: Spell) -> Iterable[Month]:
    return (spell.first.plus(later) for later in range(len(spell)))


def test_sightings_with_an_end_are_of_every_month() -> None:
    row = Destination(
        learner_id="L", date=date(2024, 9, 3), category="employment", end_date=date(2024, 11, 1)
    )
    assert [str(one.month) for one in Snapshot.of_destination(row)] == ["2024-09", "2024-10", "2024-11"]
    backwards = Destination(learner_id="L", date=date(2024, 9, 3), category="neet", end_date=date(2024, 1, 1))
    assert len(Snapshot.of_destination(backwards)) == 1
    coded = Destination.from_code("L", date(2024, 9, 3), "330")
    assert Snapshot.of_destination(coded)[0].activity.code == "330"


# Sustained (destinations.md 1.1); August to July, October to March are the third to the eighth


@pytest.mark.parametrize(
    ("months", "outcome", "reason"),
    [
        ("..eeeeee....", Outcome.EDUCATION, "in education in all of October to March"),
        ("eeeeeee.....", Outcome.NOT_SUSTAINED, "active in 5 of the months from October to March"),
        ("..wwwww.....", Outcome.EMPLOYMENT, "in employment in 5 of the months from October to March"),
        ("..w.wwww....", Outcome.EMPLOYMENT, "in employment in 5 of the months from October to March"),
        ("..wwww......", Outcome.NOT_SUSTAINED, "active in 4 of the months from October to March"),
        (
            "..eeewww....",
            Outcome.EMPLOYMENT,
            "education and employment in 6 of the months from October to March",
        ),
        ("..eeewwn....", Outcome.NOT_SUSTAINED, "active in 5 of the months from October to March"),
        ("aaaaaa......", Outcome.APPRENTICESHIP, "6 months running of an apprenticeship"),
        ("......aaaaaa", Outcome.APPRENTICESHIP, "6 months running of an apprenticeship"),
        ("aaaaa.aaaaa.", Outcome.NOT_SUSTAINED, "active in 5 of the months from October to March"),
        (
            "..eeeaaa....",
            Outcome.EDUCATION,
            "apprenticeship and education in 6 of the months from October to March",
        ),
        (
            "..wwwaaa....",
            Outcome.EMPLOYMENT,
            "apprenticeship and employment in 6 of the months from October to March",
        ),
        ("eeeee.aaaaaa", Outcome.APPRENTICESHIP, "6 months running of an apprenticeship"),
        (
            "..nnnnnn....",
            Outcome.NOT_SUSTAINED,
            "recorded as NEET, and no education, employment or apprenticeship",
        ),
        ("..??????....", Outcome.NOT_CAPTURED, "snapshots of the year, none of a known activity that counts"),
        ("gggggggggggg", Outcome.NOT_CAPTURED, "snapshots of the year, none of a known activity that counts"),
        ("............", Outcome.NOT_CAPTURED, "no snapshot from August to July"),
    ],
)
def test_what_is_sustained_and_why(months: str, outcome: Outcome, reason: str) -> None:
    found = judged(months)
    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.outcome.is_sustained == (
        found.outcome in {Outcome.EDUCATION, Outcome.EMPLOYMENT, Outcome.APPRENTICESHIP}
    )


@pytest.mark.parametrize(
    ("precedence", "outcome"),
    [("dashboard", Outcome.EDUCATION), ("apprenticeship_first", Outcome.APPRENTICESHIP)],
)
def test_precedence_is_a_setting(precedence: Precedence, outcome: Outcome) -> None:
    both = [*seen("eeeeeeeeeeee"), *seen("aaaaaaaaaaaa")]
    found = learner_outcome("L", both, cohort_year=YEAR, settings=SustainedSettings(precedence=precedence))
    assert found.outcome is outcome


def test_other_settings() -> None:
    assert judged("..eee.ww....", mixture_months=5).outcome is Outcome.EMPLOYMENT
    assert judged("..eee.ee....", bridge=1).outcome is Outcome.EDUCATION
    assert judged("..nnnnnn....", neet_is_seen=False).outcome is Outcome.NOT_CAPTURED
    for bad in ({"precedence": "x"}, {"disputed_550": "x"}, {"mixture_months": 4}, {"bridge": -1}):
        with pytest.raises(ValueError, match=r"is |has |: expected "):
            SustainedSettings(**bad)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("months", "is_open"),
    [
        ("............", True), ("..eeeee.....", True), ("..wwww......", True), ("nnnnnnnnnnnn", False),
        ("nnnnnnn?????", False), ("nnnnnn......", True), ("..eeeeee....", False), ("nnewwwwnnnnn", False),
    ],
)  # fmt: skip
def test_months_without_a_snapshot_leave_it_open(months: str, is_open: bool) -> None:
    assert judged(months).is_undecided == is_open


@given(months_of)
def test_more_activity_never_unsettles_a_sustained_destination(months: str) -> None:
    before = judged(months)
    more = learner_outcome("L", [*seen(months), *seen("eeeeeeeeeeee")], cohort_year=YEAR)
    assert more.outcome.is_sustained
    if before.outcome.is_sustained:
        assert not before.is_undecided


def naive(months: str) -> str:
    """The definition as it is written, by brute force, for one activity a month (destinations.md 1.1)."""
    window = months.ljust(12, ".")[2:8]
    if window == "eeeeee":
        return "education"
    work, run = window.count("w") >= 5, "aaaaaa" in months
    mixed = not set(window) - set("ewa") and len(set(window)) > 1
    if work or (mixed and not run and "w" in window):
        return "employment"
    if run:
        return "apprenticeship"
    return "education" if mixed else "none"


@given(st.text("eawn.", min_size=12, max_size=12))
def test_sustained_agrees_with_the_definition_by_brute_force(months: str) -> None:
    found = judged(months)
    assert (found.outcome.value if found.outcome.is_sustained else "none") == naive(months)


def test_cohorts_have_counts_intervals_levels_and_no_learner_twice() -> None:
    rows = [*seen("..eeeeee....", "A", level=3, provider="Hill College"), *seen("..wwwwww....", "B")]
    rows += [*seen("..eeeeee....", "C", level=5), *seen("..eeeeee....", "X", level=1)]
    found = outcomes.cohort_outcomes(["A", "B", "C", "D", "A"], rows, cohort_year=YEAR)
    assert (found.base, found.sustained, found.undecided) == (4, 3, 1)
    assert found.share(Outcome.EDUCATION) == Fraction(1, 2)
    interval = found.interval(Outcome.EDUCATION)
    assert interval is not None
    assert 0.5 in interval
    assert {words: one.count for words, one in found.levels(Outcome.EDUCATION).items()} == {
        "1 or below": 0,
        "2": 0,
        "3": 1,
        "4+": 1,
        "not recorded": 0,
    }
    assert str(found.levels(Outcome.EMPLOYMENT)["not recorded"]).startswith("1 of 4, 25.0 %")
    assert found.outcomes[0].providers == ("Hill College",)
    assert found.to_dict()["counts"]["not_captured"] == 1
    assert found.outcomes[0].to_dict()["months"][2] == ["education"]
    assert "50.0 % (15.0 to 85.0 %)" in str(found)
    nobody = outcomes.cohort_outcomes([], rows, cohort_year=YEAR)
    assert nobody.share(Outcome.EDUCATION) is None
    assert "education                     0" in str(nobody)
    low = outcomes.cohort_outcomes(["X"], rows, cohort_year=YEAR)
    assert low.levels(Outcome.EDUCATION)["1 or below"].count == 1


# NEET, participation, the guarantee, three years (destinations.md 3.2)


def test_neet_is_the_average_of_december_to_february() -> None:
    rows = [
        *seen("....n.......", "A"),
        *seen("....eee.....", "B"),
        *seen("....nnn.....", "C"),
        *seen("....w.......", "C"),
    ]
    found = neet_figures(["A", "B", "C"], rows, year=YEAR.plus(1))
    assert (found.neet, found.not_known) == ((1, 1, 1), (0, 1, 1))  # who works beside it is not NEET
    assert (found.neet_share, found.not_known_share, found.together) == (
        Fraction(1, 3),
        Fraction(2, 9),
        Fraction(5, 9),
    )
    assert found.interval is not None
    assert found.to_dict()["neet"] == [1, 1, 1]
    nobody = neet_figures([], rows, year=YEAR)
    assert nobody.together is None
    assert nobody.interval is None


def test_participation_is_taken_in_march() -> None:
    rows = [*seen(".......e", "A"), *seen("......e", "B"), *seen(".......g", "C"), *seen(".......s", "D")]
    assert str(participation("ABCD", rows, year=YEAR.plus(1))).startswith("1 of 4, 25.0 %")
    assert participation("ABCD", rows, year=YEAR.plus(1), disputed_550="employment").count == 2


def test_the_september_guarantee_ends_with_september() -> None:
    def offer(learner: str, day: date, suitable: bool | None = None) -> Offer:
        return Offer(learner_id=learner, date=day, kind="apprenticeship_or_traineeship", suitable=suitable)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    offers = [
        offer("A", date(2024, 9, 30)), offer("B", date(2024, 10, 1)),
        offer("C", date(2024, 3, 1), suitable=False),
        offer("D", date(2023, 8, 31)), offer("A", date(2024, 4, 1)),
    ]  # fmt: skip
    found = september_guarantee("ABCD", offers, year=YEAR)
    assert (found.count, found.base) == (1, 4)
    assert found.to_dict()["count"] == 1
    nobody = september_guarantee([], offers, year=YEAR)
    assert (str(nobody), nobody.share, nobody.to_dict()["interval"]) == ("nobody", None, None)


def test_leavers_are_followed_for_years_that_are_over() -> None:
    left = [gk.Learner(learner_id=one, on_roll_to=date(2022, 7, 1)) for one in "AB"]
    rows = [
        Destination.from_code("A", date(2022, 10, 1), "230"),
        Destination.from_code("A", date(2023, 10, 1), "810"),
        Destination.from_code("B", date(2024, 10, 1), "310"),
        Destination.from_code("X", date(2022, 10, 1), "310"),
    ]  # fmt: skip
    found = followed(left, rows, cohort_year=gk.AcademicYear(2021), as_of=date(2025, 9, 1))
    assert [(one.count, one.base) for one in found.years] == [(1, 2), (0, 2), (1, 2)]
    early = followed(left, rows, cohort_year=gk.AcademicYear(2021), as_of=date(2023, 8, 31))
    assert early.years == ()


# Providers


def test_the_selective_universities_are_dated() -> None:
    durham = outcomes.selective_provider("university of durham")
    assert durham is not None
    assert not durham.in_russell_group(gk.AcademicYear(2011))
    assert durham.in_russell_group(gk.AcademicYear(2012))
    assert all(one.checked in {"DfE", "register", "memory"} for one in outcomes.selective_providers())
    assert outcomes.selective_provider(
        "King\N{RIGHT SINGLE QUOTATION MARK}s  College London"
    ) is outcomes.selective_provider("10003645")


# Cohorts of records


def school(*learners: gk.Learner, kind: str = "secondary_school", destinations: Any = ()) -> gk.Records:
    return gk.Records(
        institution=gk.Institution(name="Hill School", kind=kind),  # pyright: ignore[reportArgumentType]
        learners=learners,
        destinations=destinations,
    )


NOW = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("learner", "stage", "belongs"),
    [
        ({"year_group": 12}, Stage.KEY_STAGE_4, True),
        ({"year_group": 13}, Stage.KEY_STAGE_4, False),
        ({"year_group": 11}, Stage.KEY_STAGE_4, False),
        ({"year_group": 11, "on_roll_to": date(2025, 5, 1)}, Stage.KEY_STAGE_4, True),
        ({"year_group": 11, "on_roll_to": date(2025, 4, 30)}, Stage.KEY_STAGE_4, False),
        ({"year_group": 12, "on_roll_from": date(2025, 9, 2)}, Stage.KEY_STAGE_4, False),
        ({"year_group": 13, "on_roll_to": date(2025, 7, 1)}, Stage.AGES_16_TO_18, True),
        ({"year_group": 11, "on_roll_to": date(2025, 7, 1)}, Stage.AGES_16_TO_18, False),
        ({"on_roll_to": date(2025, 7, 1)}, Stage.AGES_16_TO_18, True),
        ({"year_group": 13}, Stage.AGES_16_TO_18, False),
        ({"year_group": 13, "on_roll_to": date(2024, 7, 1)}, Stage.AGES_16_TO_18, False),
    ],
)
def test_who_belongs_to_a_cohort(learner: dict[str, Any], stage: Stage, belongs: bool) -> None:
    found = outcomes.cohort(
        [gk.Learner(learner_id="L", **learner)], cohort_year=gk.AcademicYear(2024), stage=stage, as_of=NOW
    )
    assert bool(found) == belongs


def test_nobody_has_finished_a_year_that_is_not_over() -> None:
    learner = gk.Learner(learner_id="L", year_group=11)
    assert not outcomes.cohort(
        [learner], cohort_year=gk.AcademicYear(2025), stage="key_stage_4", as_of=date(2026, 4, 1)
    )


def test_whoever_stays_on_is_in_education() -> None:
    stayed = gk.Learner(learner_id="S", year_group=12)
    left_early = gk.Learner(learner_id="D", year_group=12, on_roll_to=date(2025, 12, 1))
    found = outcomes.of_records(
        school(stayed, left_early), cohort_year=gk.AcademicYear(2024), stage="key_stage_4", as_of=NOW
    )
    by_learner = {one.learner_id: one.outcome for one in found.outcomes}
    assert by_learner == {"S": Outcome.EDUCATION, "D": Outcome.NOT_SUSTAINED}
    college = outcomes.of_records(
        school(stayed, kind="college"), cohort_year=gk.AcademicYear(2024), stage="key_stage_4", as_of=NOW
    )
    assert college.sustained == 0


def test_what_is_dated_later_does_not_count() -> None:
    left = gk.Learner(learner_id="L", year_group=13, on_roll_to=date(2024, 7, 1))
    months = [AUGUST.plus(later) for later in range(12)]
    rows = [Destination.from_code("L", date(month.year, month.number, 5), "240") for month in months]
    records = school(left, destinations=rows)
    for as_of, count in ((date(2025, 8, 1), 1), (date(2025, 1, 1), 0)):
        found = outcomes.of_records(records, cohort_year=YEAR, stage="16-18", as_of=as_of)
        assert found.sustained == count
    assert leavers.cohort_years(records, stage="16-18", as_of=date(2025, 4, 1)) == (YEAR,)
    assert leavers.cohort_years(records, stage="16-18", as_of=date(2025, 3, 31)) == ()
    assert leavers.cohort_years(school(), stage="16-18", as_of=NOW) == ()


# Tables


def test_nccis_exports_become_snapshots(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "YoungPersonsID,ActivityCode,PeriodEnd,EstablishmentName,UKProviderReferenceNumber\n"
        "Y1,230,31/10/2024,Hill College,\nY1,310,2024-11-30,,10007774\nY2,810,31/10/2024 00:00,,\n",
        encoding="utf-8",
    )
    found = outcomes.read_snapshots(path)
    assert [(one.learner_id, str(one.month), one.activity.code, one.provider) for one in found] == [
        ("Y1", "2024-10", "230", "Hill College"),
        ("Y1", "2024-11", "310", "10007774"),
        ("Y2", "2024-10", "810", None),
    ]
    path.write_text("UniquePupilNumber,ActivityCode,PeriodEnd\nB1,230,31/10/2024\n", encoding="utf-8")
    assert outcomes.read_snapshots(path, learner_column="UniquePupilNumber")[0].learner_id == "B1"


def test_errors_of_an_export_are_all_listed_and_show_nobody(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "YoungPersonsID,ActivityCode,PeriodEnd\nY1,999,31/02/2024\n,230,October\nB801200005001,230,31/10/2024\n",
        encoding="utf-8",
    )
    with pytest.raises(gk.InvalidRecords) as caught:
        outcomes.read_snapshots(path)
    assert [(issue.row, issue.column) for issue in caught.value.issues] == [
        (2, "ActivityCode"), (2, "PeriodEnd"), (3, "PeriodEnd"), (3, "YoungPersonsID"),
    ]  # fmt: skip
    assert "B8012" not in str(caught.value.issues)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        outcomes.read_snapshots(path)
    assert [issue.code for issue in caught.value.issues] == ["missing_column"] * 3


def test_surveys_arrive_as_tables(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("Respondent;wave;item;answer\nr1;w;q;agree\nr2;w;q;\n", encoding="utf-8")
    found = outcomes.read_answers(path)
    assert [one.answer for one in found] == ["agree", None]
    path.write_text("respondent,wave,item,answer\n,w,,agree\n", encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        outcomes.read_answers(path)
    assert [issue.column for issue in caught.value.issues] == ["respondent", "item"]
