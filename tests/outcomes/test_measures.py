"""Indicators: what records and published files allow, what not, and what stands beside them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

import gatsbykit as gk
from gatsbykit import outcomes, published
from gatsbykit.intervals import Interval
from gatsbykit.model.awards import QualityAward
from gatsbykit.model.destinations import Destination
from gatsbykit.model.follow_ups import FollowUp
from gatsbykit.model.indicators import Better, Origin
from gatsbykit.model.intentions import Intention
from gatsbykit.model.spells import Month
from gatsbykit.outcomes.gaps import disadvantage_gap, usual_group
from gatsbykit.outcomes.measured import Measured, Measures, Status, average, not_possible, pooled, share
from gatsbykit.outcomes.published_measures import of_figure
from gatsbykit.outcomes.surveys import Agreement
from gatsbykit.published.figures import Figure, read_cell
from tests.support.published_texts import EES, KS4, KS4_HEADER, PLACE, PT, PT_HEADER, gap_rows

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Hill School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)


# The indicators themselves (programmes.md 8)

EXPECTED = """
    level3 apprenticeship_16 apprenticeship_18 university selective_he sustained neet gap
    attainment award benchmarks_met score_change voice parents partnerships skills champions
    staff_trained guidance_follow_up targeted intentions_known mode_mix breadth reporting
    leader_hours strategy_handed_in recruitment completion satisfied expectations recommend
    knows_how time_barrier connected employer_contacts encounters
"""


def test_every_indicator_of_programmes_8_is_there() -> None:
    known = outcomes.indicators()
    for name in EXPECTED.split():
        one = known[name]
        assert one.question.endswith("?")
        assert one.pitfalls
        assert one.sources
        assert one.interpretation
    assert known["attainment"].origins == (Origin.PUBLISHED,)
    assert known["attainment"].denominator is None
    assert {one.id for one in known.values() if one.better is Better.DOWN} == {"neet", "gap", "time_barrier"}
    with pytest.raises(gk.NotFoundError, match="there is no indicator 'x'; there are level3"):
        outcomes.indicator("x")


def test_association_is_called_association_and_the_disputed_figure_is_not_shipped() -> None:
    """benchmarks.md 6."""
    words = " ".join(str(one) for one in outcomes.cautions())
    assert "association" in words
    assert "86" not in words
    assert all(one.sources for one in outcomes.cautions())


# Measured values


def test_too_few_is_said_and_not_the_number() -> None:
    few = share("sustained", 5, 9)
    assert (few.status, few.number) == (Status.TOO_FEW, "too few to say")
    assert "5" not in str(few).replace("too few to say", "")
    assert share("sustained", 0, 0).why == "there is nobody to count"
    assert average("encounters", 0, 0).status is Status.NOT_POSSIBLE
    assert average("encounters", 12, 8).status is Status.TOO_FEW
    assert average("encounters", 15, 10).number == "1.5"
    points = attrs.evolve(share("gap", 1, 10), value=Fraction(-1, 8))
    assert points.number == "-12.5 points"
    assert points.to_dict()["value"] == "-1/8"
    assert not_possible("gap", "why").to_dict()["interval"] is None


def test_years_are_pooled_only_where_they_are_counted() -> None:
    years = [
        share("sustained", 8, 10, year="a"),
        share("sustained", 9, 10, year="b"),
        share("sustained", 10, 10, year="c"),
    ]
    found = pooled(years)
    assert (found.numerator, found.denominator, found.year) == (27, 30, "a, b and c together")
    assert pooled(years[:1]).year == "a"
    for bad in ([], [years[0], not_possible("sustained", "x")], [years[0], share("neet", 1, 10)]):
        with pytest.raises(ValueError, match="pooled of one indicator"):
            pooled(bad)


def test_measures_are_shown_with_what_cannot_be_said() -> None:
    found = Measures(subject="Hill", measures=(share("sustained", 27, 30),), notes=("a note",))
    assert "nothing: all that was asked is there" in str(found)
    assert "* a note" in str(found)
    assert "higher is better" in str(found)
    assert found.to_dict()["format"] == "gatsbykit-indicators/1"
    assert found.of("sustained") == found.measured
    assert found.not_measured == ()
    open_ = attrs.evolve(share("sustained", 27, 30), bounds=published.Bounds(90, 95))
    assert "between 90.0 and 95.0 as months are missing" in str(open_)


# From records


def leaver(name: str, *, year_group: int = 13, disadvantaged: bool | None = None) -> gk.Learner:
    return gk.Learner(
        learner_id=name, year_group=year_group, on_roll_to=date(2024, 7, 1), disadvantaged=disadvantaged
    )


def year_of(name: str, category: str, **more: Any) -> list[Destination]:
    """Sightings of every month of 2024/25."""
    months = [Month(2024, 8).plus(later) for later in range(12)]
    return [
        Destination(
            learner_id=name,
            date=date(month.year, month.number, 5),
            category=gk.DestinationCategory(category),
            **more,
        )
        for month in months
    ]


def school(learners: list[gk.Learner], destinations: list[Destination] | None, **more: Any) -> gk.Records:
    return gk.Records(institution=SCHOOL, learners=learners, destinations=destinations, **more)


def test_destinations_of_a_well_tracked_cohort() -> None:
    rows: list[Destination] = []
    for number in range(20):
        category = ("higher_education", "apprenticeship", "employment", "neet")[number % 4]
        provider = {0: "University of Leeds", 4: "10007774", 8: "Hill University"}.get(number)
        rows += year_of(f"L{number}", category, provider=provider, level=6 if provider else None)
    found = outcomes.measures(school([leaver(f"L{n}") for n in range(20)], rows), as_of=DAY)
    by_id = {one.id: one for one in found.measures if one.subject.startswith("after 16 to 18")}
    assert (by_id["sustained"].numerator, by_id["sustained"].denominator) == (15, 20)
    assert (by_id["university"].numerator, by_id["apprenticeship_18"].numerator) == (5, 5)
    oxbridge, russell = found.of("selective_he")
    assert (oxbridge.numerator, russell.numerator, oxbridge.denominator) == (1, 2, 20)
    assert oxbridge.why == "of leavers; a provider is known of 3 of 5 in higher education"
    assert found.of("sustained")[0].why == "no cohort's destination year is past by March"


def test_a_gap_between_groups_of_an_institution() -> None:
    learners = [leaver(f"L{n}", year_group=11, disadvantaged=n % 2 == 0) for n in range(40)]
    rows = [
        row
        for n in range(40)
        for row in year_of(f"L{n}", "neet" if n % 4 == 0 else "further_education", level=3)
    ]
    found = outcomes.measures(school(learners, rows), as_of=DAY)
    gap = found.of("gap")[0]
    assert (gap.value, gap.denominator, gap.number) == (Fraction(1, 2), 40, "+50.0 points")
    assert gap.interval is not None
    assert gap.interval.excludes_zero
    level3 = found.of("level3")[0]
    assert (level3.numerator, level3.why) == (40, "")
    assert found.of("neet")[0].value == Fraction(1, 4)
    few = outcomes.measures(school(learners[:12], rows), as_of=DAY).of("gap")[0]
    assert few.why == "6 disadvantaged and 6 others are too few"


def test_months_that_are_missing_leave_a_figure_open_or_unsaid() -> None:
    learners = [leaver(f"L{n}", year_group=11) for n in range(20)]
    rows = [row for n in range(15) for row in year_of(f"L{n}", "further_education")]
    found = outcomes.measures(school(learners, rows), as_of=DAY)
    sustained = found.of("sustained")[0]
    assert (sustained.numerator, sustained.why) == (15, "of 5 of 20 too few months are recorded to say")
    assert sustained.bounds == published.Bounds(75, 100)
    assert found.of("gap")[0].why == "of 5 of 20 too few months are recorded to say"
    assert found.of("level3")[0].why == "of 20 of 20 no level is recorded"
    thin = outcomes.measures(school(learners, rows[:60]), as_of=DAY).of("sustained")[0]
    assert thin.status is Status.NOT_POSSIBLE
    assert "it needs monthly snapshots" in thin.why
    some = [attrs.evolve(row, level=3) if int(row.learner_id[1:]) < 12 else row for row in rows]
    partly = outcomes.measures(school(learners, some), as_of=DAY).of("level3")[0]
    assert (partly.numerator, partly.why) == (12, "of 8 of 20 no level is recorded")


def test_higher_education_without_a_provider_says_nothing_of_which() -> None:
    learners = [leaver(f"L{n}") for n in range(12)]
    rows = [row for n in range(12) for row in year_of(f"L{n}", "higher_education")]
    assert outcomes.measures(school(learners, rows), as_of=DAY).of("selective_he")[0].why == (
        "no destination in higher education names a provider"
    )
    assert outcomes.measures(school(learners, []), as_of=DAY).of("selective_he")[0].why.startswith("of most")


def test_tables_that_are_not_there() -> None:
    found = outcomes.measures(gk.Records(institution=SCHOOL), as_of=DAY, edition="2018-college")
    assert {one.why for one in found.of("sustained")} == {"there is no table of destinations"}
    assert found.of("encounters")[0].why == "there are no activities and participations"
    assert "2018-college" in found.of("benchmarks_met")[0].why
    assert found.of("parents")[0].why.endswith("a survey can be given")
    assert not found.measured
    with pytest.raises(gk.NotFoundError):
        found.of("nothing")


def talk(name: str, day: date, kinds: set[str], **more: Any) -> gk.Activity:
    return gk.Activity(activity_id=name, date=day, kinds=kinds, **more)  # pyright: ignore[reportArgumentType]


def with_activities() -> gk.Records:
    now, before = date(2026, 2, 2), date(2025, 2, 2)
    activities = [
        talk("a", now, {"employer_encounter"}, employer="Mill  Ltd", mode="virtual"),
        talk("b", now, {"provider_encounter"}, provider_types={"college", "university"}),
        talk("c", before, {"employer_encounter"}, employer="mill ltd"),
        talk("d", before, {"workplace_experience"}, employer="Quarry"),
        talk("g", now, {"guidance_meeting"}),
        talk("z", date(2026, 8, 1), {"employer_encounter"}, employer="Later"),
    ]
    learners = [gk.Learner(learner_id=f"L{n}", year_group=10) for n in range(10)]
    places = [gk.Participation("a", f"L{n}") for n in range(6)] + [gk.Participation("b", "L9")]
    places += [gk.Participation("g", f"L{n}") for n in range(10)]
    places += [
        gk.Participation("a", "L7", gk.ParticipationStatus.ABSENT),
        gk.Participation("z", "L1"),
        gk.Participation("a", "gone"),
    ]
    return school(learners, None, activities=activities, participations=places)


def test_provision_of_the_year() -> None:
    found = outcomes.measures(with_activities(), as_of=DAY)
    by_id = {one.id: one for one in found.measures}
    assert (by_id["encounters"].numerator, by_id["encounters"].denominator) == (17, 10)
    assert (by_id["employer_contacts"].value, by_id["employer_contacts"].why) == (
        Fraction(3, 5),
        "4 have none",
    )
    assert (by_id["partnerships"].numerator, by_id["partnerships"].denominator) == (1, 2)
    assert by_id["partnerships"].status is Status.TOO_FEW
    assert (by_id["mode_mix"].numerator, by_id["mode_mix"].denominator) == (6, 6)
    assert by_id["mode_mix"].why == "of 1 the mode is not known"
    assert (by_id["breadth"].numerator, by_id["breadth"].denominator) == (2, 5)
    assert by_id["benchmarks_met"].denominator == gk.score(with_activities(), as_of=DAY).applicable
    alone = attrs.evolve(with_activities(), activities=(), participations=())
    assert outcomes.measures(alone, as_of=DAY).of("partnerships")[0].why.startswith("no employer is named")


def test_tracking_awards_and_surveys_are_given() -> None:
    follow_ups = [
        FollowUp(id="1", learner_id="L1", need="n", meeting="g", action="a", state="done"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        FollowUp(id="2", learner_id="L2", need="n", meeting="g"),
    ]
    intentions = [Intention(learner_id=f"L{n}", date=date(2026, 1, 5), pathway="college") for n in range(9)]  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    voice = Agreement(item="q1", counts=range(60, 61), answered=80, missing=3, interval=Interval(0.6, 0.8))
    found = outcomes.measures(
        with_activities(),
        as_of=DAY,
        intentions=intentions,
        follow_ups=follow_ups,
        awards=[QualityAward(name="Mark", valid_from=date(2025, 7, 10))],
        surveys={
            "voice": voice,
            "parents": attrs.evolve(voice, counts=range(40, 43), base_assumed=True),
            "skills": attrs.evolve(voice, counts=range(0), answered=0, interval=None),
        },
    )
    by_id = {one.id: one for one in found.measures}
    assert (by_id["intentions_known"].numerator, by_id["intentions_known"].denominator) == (9, 10)
    assert (by_id["guidance_follow_up"].numerator, by_id["guidance_follow_up"].denominator) == (1, 10)
    assert by_id["targeted"].status is Status.TOO_FEW
    assert (by_id["award"].why, by_id["award"].subject) == ("held for 365 days", "Mark")
    assert by_id["voice"].number == "75.0 %"
    assert (by_id["parents"].value, by_id["parents"].why) == (Fraction(41, 80), "base assumed")
    assert by_id["skills"].status is Status.TOO_FEW
    none = outcomes.measures(with_activities(), as_of=DAY, awards=[])
    assert none.of("award")[0].why == "none is held"


def test_northfield_says_what_it_can() -> None:
    found = outcomes.measures(gk.load("examples/northfield"), as_of=DAY)
    assert {one.id for one in found.measures} == {
        one.id for one in outcomes.indicators().values() if "school" in one.levels
    }
    assert found.of("benchmarks_met")[0].numerator == 3
    assert "* What goes together with the benchmarks" in str(found)


def test_a_trend_of_cohorts() -> None:
    rows = [row for n in range(12) for row in year_of(f"L{n}", "apprenticeship" if n % 2 else "employment")]
    records = school([leaver(f"L{n}") for n in range(12)], rows)
    (one,) = outcomes.trend_of_records(records, as_of=DAY, stage="16-18")
    assert (one.year, one.numerator, one.id) == ("2023/24", 12, "sustained")
    (work,) = outcomes.trend_of_records(
        records, as_of=DAY, stage="16-18", outcome=outcomes.Outcome.APPRENTICESHIP
    )
    assert (work.id, work.numerator, work.subject) == ("apprenticeship_18", 6, "apprenticeship")
    assert outcomes.trend_of_records(records, as_of=DAY, outcome=outcomes.Outcome.APPRENTICESHIP) == ()


# From published files


def test_gaps_carry_rounding() -> None:
    file = published.read_text(KS4 + gap_rows())
    gap = disadvantage_gap(file)
    assert str(gap) == "11.2 percentage points, between 11.1 and 11.3 by rounding"
    assert (gap.exact, gap.interval) == (None, None)
    assert gap.to_dict()["bounds"] == {"low": "111/10", "high": "113/10"}
    older = published.read_text(KS4 + gap_rows(others="All other pupils"))
    assert disadvantage_gap(older, figure="overall").points == Decimal("11.2")
    counted = published.read_text(PT, cohort_year="2016/17")
    found = disadvantage_gap(counted, urn="137181")
    assert found.points == 3
    assert found.exact == Fraction(72, 75) * 100 - Fraction(80, 86) * 100
    assert found.to_dict()["exact"] == str(found.exact)


def test_gaps_of_counts_alone_are_exact() -> None:
    header = f"{EES},breakdown_topic,breakdown,data_type,cohort,overall,education,all_work"
    rows = [
        f"202223,{PLACE},Disadvantage Status,{group},Number of students,{cells}"
        for group, cells in (("Disadvantaged", "100,80,70,10"), ("Not disadvantaged", "100,90,80,10"))
    ]
    gap = disadvantage_gap(published.read_text("\n".join([header, *rows])))
    assert str(gap) == "10 percentage points"
    assert gap.interval is not None


def test_gaps_that_cannot_be_said() -> None:
    with pytest.raises(gk.NotFoundError, match="no group beside the disadvantaged"):
        disadvantage_gap(published.read_text(KS4 + gap_rows(others="Somebody else")))
    with pytest.raises(
        gk.NotFoundError, match="does not show sustained education of both groups: of 441,823 c; of 151,912 c"
    ):
        disadvantage_gap(published.read_text(KS4 + gap_rows()), figure="education")
    low = gap_rows().replace(",83,", ",low,").replace(",94.2,", ",low,")
    with_low = disadvantage_gap(published.read_text(KS4 + low))
    assert (with_low.points, str(with_low.bounds)) == (Decimal("0.0"), "-0.05 to 0.05")


def test_published_indicators_with_and_without_numbers() -> None:
    found = outcomes.measures_of_statistics(published.read_text(KS4 + gap_rows()))
    by_id = {one.id: one for one in found.measures}
    assert (by_id["sustained"].numerator, by_id["sustained"].denominator) == (542314, 593735)
    assert by_id["sustained"].year == "leavers of 2022/23, destinations in 2023/24 (provisional)"
    assert by_id["gap"].number == "+11.2 points"
    assert by_id["neet"].status is Status.NOT_POSSIBLE
    assert any("recalculate" in note for note in found.notes)
    bare = outcomes.measures_of_statistics(published.read_text(KS4))
    assert "no row with breakdown 'disadvantaged'" in {one.id: one for one in bare.measures}["gap"].why


def test_published_indicators_of_a_school() -> None:
    file = published.read_text(PT, cohort_year="2016/17")
    found = outcomes.measures_of_statistics(file, urn="137181")
    assert found.of("sustained")[0].subject == "The UCL Academy"
    unknown = outcomes.measures_of_statistics(published.read_text(PT), urn="137181")
    assert "say which" in unknown.of("sustained")[0].why
    hidden = published.read_text(
        f"{PT_HEADER}\n2,938,7023,135814,0,Ingfield,NMSS,5,{','.join(['SUPP'] * 17)}\n", cohort_year="2016/17"
    )
    assert outcomes.measures_of_statistics(hidden, urn="135814").of("sustained")[0].why == (
        "the file shows SUPP (hidden), SUPP (hidden)"
    )


def test_published_indicators_of_neet_and_others() -> None:
    header = f"{EES},la_name,NEET_not_known_percent,NEET_percent,Notknown_percent"
    rows = f"2025,{PLACE},,5.6,3.4,2.2\n2025,Calendar year,Local authority,E92000001,England,Camden,2.9,1.9,c"
    file = published.read_text(f"{header}\n{rows}\n")
    found = outcomes.measures_of_statistics(file, la_name="Camden")
    assert [one.number for one in found.of("neet")] == ["2.9 %", "1.9 %"]
    assert found.of("neet")[0].subject == "Camden, NEET or not known"
    partly = published.read_text(f"{header.replace('NEET_not_known_percent', 'other_percent')}\n{rows}\n")
    assert len(outcomes.measures_of_statistics(partly).of("neet")) == 1
    averages = published.read_text(
        "academic_year,average_benchmarks_achieved_of_8,institutions\n"
        "2018/19,3 (rounded in source),\n2024/25,5.96,\n2025/26,NP,\n"
    )
    assert [one.number for one in outcomes.trend(averages, name="benchmarks_met")] == ["3", "5.96"]
    assert (
        outcomes.measures_of_statistics(averages, period="2018/19").of("benchmarks_met")[0].why
        == "rounded in source"
    )
    register = published.read_text("URN,EstablishmentName\n100000,A\n")
    assert not outcomes.measures_of_statistics(register).measured
    with pytest.raises(gk.NotFoundError, match="no figures on sustained"):
        outcomes.trend(register)


def test_figures_as_indicators() -> None:
    low = of_figure(
        "sustained",
        Figure(name="x", percent=read_cell("SP"), decimals=0),
        subject="s",
        year="y",
        source="f",
        is_population=False,
    )
    assert (low.number, low.why) == ("0.3 %", "a sample")
    few = of_figure("sustained", Figure(name="x", count=3, base=5), subject="s", year="y", source="f")
    assert few.status is Status.TOO_FEW
    nothing = of_figure("sustained", Figure(name="x"), subject="s", year="y", source="f")
    assert nothing.why == "the file has no such figure"


def test_a_trend_of_a_file_without_breakdowns() -> None:
    header = f"{EES},cohort_level,data_type,cohort,education,appren,all_work"
    rows = [f"{year},{PLACE},Total,Percentage,100,80,5,5" for year in ("202122", "202223")]
    file = published.read_text("\n".join([header, *rows]), time_period="cohort")
    found = outcomes.trend(file, name="apprenticeship_18")
    assert [(one.year, one.number) for one in found] == [("2021/22", "5.0 %"), ("2022/23", "5.0 %")]
    assert outcomes.trend(file, name="university") == ()
    assert usual_group(file) == {}
    odd = published.read_text(
        f"{KS4_HEADER}\n{KS4.splitlines()[1].replace('State-funded mainstream schools', 'Other')}\n"
    )
    assert usual_group(odd) == {}
    measured = outcomes.measures_of_statistics(file)
    assert [one.id for one in measured.measured] == ["apprenticeship_18"]


# Similar schools


CENSUS = (
    "URN,NOR,NUMFSM,NUMFSMEVER,PNUMFSMEVER\n"
    + "\n".join(f"10000{n},{800 + 10 * n},{100 + n},{200 + n},{20 + n}" for n in range(8))
    + "\n100009,NA,1,1,1\n"
)
PLACES = (
    "RECTYPE,URN,COHORT,OVERALL_DEST,OVERALL_DESTPER\n"
    + "\n".join(f"1,10000{n},{100 + n},{90 + n},90%" for n in range(6))
    + "\n1,100006,5,SUPP,SUPP\n1,100008,120,30,25%\n"
)


def test_similar_schools_are_the_nearest_and_are_shown() -> None:
    census = published.read_text(CENSUS)
    found = outcomes.similar_schools(census, urn="100003", by=("nor", "pnumfsmever"), count=4)
    assert [one.urn for one in found.schools] == ["100002", "100004", "100001", "100005"]
    assert str(found).splitlines()[1] == "nearest of 7:"
    assert found.values == (Fraction(830), Fraction(23))
    for bad in ({"by": ()}, {"count": 0}):
        with pytest.raises(ValueError, match="1 or more"):
            outcomes.similar_schools(census, urn="100003", **bad)  # pyright: ignore[reportArgumentType]
    with pytest.raises(gk.NotFoundError, match="not all of nor are known"):
        outcomes.similar_schools(census, urn="100009", by=("nor",))
    with pytest.raises(gk.NotFoundError, match="no row with urn"):
        outcomes.similar_schools(census, urn="1", by=("nor",))


def test_comparison_says_chance_or_not_and_never_why() -> None:
    file = published.read_text(PLACES, cohort_year="2016/17")
    census = published.read_text(CENSUS + "100008,838,1,1,28\n")
    similar = outcomes.similar_schools(census, urn="100003", by=("nor",), count=8)
    found = outcomes.compared(file, similar)
    assert found.hidden == ("100006", "100007")
    assert (
        found.verdict == "above what chance alone would have among similar schools; why is not said by this"
    )
    low = outcomes.compared(file, outcomes.similar_schools(census, urn="100008", by=("nor",), count=4))
    assert low.verdict.startswith("below")
    near = outcomes.similar_schools(published.read_text(CENSUS), urn="100003", by=("nor",), count=3)
    assert outcomes.compared(file, near).verdict.startswith("no further")
    assert outcomes.compared(file, near).to_dict()["verdict"].startswith("no further")
    hidden = outcomes.compared(file, outcomes.similar_schools(census, urn="100006", by=("nor",), count=3))
    assert hidden.verdict == "too little is published to say"
    few = published.read_text(
        PLACES.replace("1,100003,103,93,90%", "1,100003,8,7,88%"), cohort_year="2016/17"
    )
    assert outcomes.compared(few, near).verdict == "too few to say"
    lonely = published.read_text(PLACES.splitlines()[0] + "\n1,100003,103,93,90%\n", cohort_year="2016/17")
    assert outcomes.compared(lonely, near).to_dict()["pooled"] is None


def test_the_room_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = outcomes.nothing  # pyright: ignore[reportAttributeAccessIssue]
    for name in outcomes.__all__:
        assert getattr(outcomes, name) is not None
    assert isinstance(share("sustained", 1, 2), Measured)


def test_northfield_with_its_monthly_snapshots() -> None:
    """An export as untidy as real ones: months are missing, two activities at once, code 550."""
    snapshots = outcomes.read_snapshots("examples/northfield_tracking/nccis_export.csv")
    school = gk.load("examples/northfield")
    found = outcomes.measures(school, as_of=DAY, snapshots=snapshots)
    after_18 = next(one for one in found.of("sustained") if one.subject == "after 16 to 18")
    assert (after_18.numerator, after_18.denominator) == (70, 99)
    assert "16 of 99 too few months are recorded to say" in after_18.why
    assert str(after_18).count("between 70.7 and 86.9 as months are missing") == 1
    readings = [
        outcomes.of_records(
            school,
            cohort_year=gk.AcademicYear(2024),
            stage="16-18",
            as_of=DAY,
            more=snapshots,
            settings=outcomes.SustainedSettings(disputed_550=reading),  # pyright: ignore[reportArgumentType]
        ).sustained
        for reading in ("neet", "employment")
    ]
    assert readings[0] <= readings[1]
    (trend,) = outcomes.trend_of_records(school, as_of=DAY, stage="16-18", snapshots=snapshots)[-1:]
    assert trend.numerator == 70


def test_the_export_is_made_again_to_the_byte(tmp_path: Path) -> None:
    made = Path("examples/northfield_tracking/nccis_export.csv").read_bytes()
    subprocess.run([sys.executable, "examples/make_tracking.py", "--out", str(tmp_path)], check=True)  # noqa: S603 (our own)
    assert (tmp_path / "nccis_export.csv").read_bytes() == made


def test_values_travel_to_other_processes() -> None:
    file = published.read_text(KS4 + gap_rows())
    flow = outcomes.flow([], outcomes.cohort_outcomes("AB", [], cohort_year=gk.AcademicYear(2023)))
    gap = disadvantage_gap(file)
    measures = outcomes.measures_of_statistics(file)
    for value in (file.one(breakdown="Total"), file.account(), flow, gap, measures, file.check_sums()):
        again = pickle.loads(pickle.dumps(value))  # noqa: S301 (our own)
        assert again == value
