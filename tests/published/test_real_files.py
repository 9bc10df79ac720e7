"""The published files themselves, where they stand beside the checkout; figures of destinations.md."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gatsbykit import outcomes, published
from gatsbykit.intervals import newcombe
from gatsbykit.published.symbols import SYMBOLS

DATA = Path(__file__).parents[3] / "shared" / "data"
KS4, TABLES = "ees_ks4_nat_202223.csv", "england_ks4-pupdest_2018-19-tables.csv"
CENSUS, KS5 = "england_census_2018-19-tables_ks4schools.csv", "ees_ks5_nat_202223_excerpt.csv"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the published files are not in ../shared/data beside the checkout"
)


@pytest.fixture(scope="module")
def ks4() -> published.Statistics:
    return published.read(DATA / KS4)


@pytest.fixture(scope="module")
def schools() -> published.Statistics:
    return published.read(DATA / TABLES)


def test_the_example_of_the_issue(ks4: published.Statistics) -> None:
    row = ks4.one(
        institution_group="State-funded mainstream schools", breakdown="Total", cohort_year="2022/23"
    )
    assert (row["overall"].count, row["overall"].percent, row.destination_year) == (
        542314,
        Decimal("91.3"),
        "2023/24",
    )
    gap = outcomes.disadvantage_gap(ks4, cohort_year="2022/23")
    assert str(gap) == "11.2 percentage points, between 11.1 and 11.3 by rounding"


@pytest.mark.parametrize(("year", "points"), [("2022/23", "11.2"), ("2021/22", "10.4"), ("2016/17", "8.5")])
def test_gaps_of_destinations_1_1(ks4: published.Statistics, year: str, points: str) -> None:
    gap = outcomes.disadvantage_gap(ks4, cohort_year=year)
    assert gap.points == Decimal(points)
    assert gap.exact is not None
    assert gap.exact in gap.bounds


def test_cohorts_of_destinations_1_2(ks4: published.Statistics) -> None:
    sizes = {
        "2021/22": 575055,
        "2020/21": 563910,
        "2019/20": 550634,
        "2018/19": 531917,
        "2017/18": 513362,
        "2015/16": 530547,
    }
    for year, size in sizes.items():
        row = ks4.one(
            institution_group="State-funded mainstream schools", breakdown="Total", cohort_year=year
        )
        assert row["cohort"].count == size


def test_sums_of_destinations_1_3(ks4: published.Statistics) -> None:
    found = {check.rule: (check.held, check.checked) for check in ks4.check_sums()}
    assert found == {
        "cohort = overall + all_notsust + all_unknown": (2923, 2923),
        "overall = education + appren + all_work": (2923, 2923),
        "education = fe + ssf + sfc + other_edu": (2009, 2391),
        "other_edu = ind + appru + special + spi + edu_combo + he": (1269, 1269),
        "appren = appl3 + appl2": (2103, 2103),
        "all_notsust = notsust + notsust_ben + only_ben": (1517, 1517),
        "all_unknown = unknown_id + unknown": (1517, 1517),
    }
    deviations = [one for check in ks4.check_sums() for one in check.deviations]
    assert len(deviations) == 382
    assert all(one.known for one in deviations)  # trap 12


def test_rounding_of_destinations_1_6(ks4: published.Statistics, schools: published.Statistics) -> None:
    for file, times in ((ks4, 45258), (schools, 95801)):
        check = file.check_rounding()
        assert (check.held, check.checked) == (times, times)
    assert ks4.account().symbols == {SYMBOLS["c"]: 26144, SYMBOLS["z"]: 18382, SYMBOLS["low"]: 2525}


def test_every_token_of_3728_schools_is_accounted_for(schools: published.Statistics) -> None:
    assert len(schools.select(geographic_level="School", cohort_year="2016/17", breakdown="Total")) == 3728
    account = schools.account()
    assert account.symbols == {SYMBOLS["SUPP"]: 45389, SYMBOLS["SP"]: 969, SYMBOLS["NA"]: 2208}
    assert account.blanks == 0
    assert account.cells == 3877 * 75 == account.numbers + 45389 + 969 + 2208


def test_school_sums_of_destinations_1_6(schools: published.Statistics) -> None:
    assert all(check.held == check.checked > 0 for check in schools.check_sums())


def test_suppression_of_destinations_1_6(schools: published.Statistics) -> None:
    smallest = min(
        row["cohort"].count
        for row in schools.select(geographic_level="School", cohort_year="2016/17", breakdown="Total")
        if isinstance(row["overall"].count, int) and isinstance(row["cohort"].count, int)
    )
    assert smallest == 6


def test_the_tables_are_of_the_2016_17_cohort(
    schools: published.Statistics, ks4: published.Statistics
) -> None:
    country = schools.one(geographic_level="National", breakdown="Total", cohort_year="2016/17")
    assert country["cohort"].count == 528139
    assert country["overall"].count == 497037  # before employment was recalculated: trap 2
    both = ks4.one(
        institution_group="Total state-funded mainstream and special",
        breakdown="Total",
        cohort_year="2016/17",
    )
    assert both["overall"].count == 492368


def test_16_to_18_of_destinations_1_4() -> None:
    file = published.read(DATA / KS5)
    checks = file.check_sums()
    assert len(checks) == 8
    assert all(check.held == check.checked == 8 for check in checks)
    assert file.cohort_years == ("2016/17",)


@pytest.mark.parametrize("year", ["2022", "2023"])
def test_neet_tables(year: str) -> None:
    file = published.read(DATA / f"neet_participation_la_{year}.csv")
    row = file.one()
    assert row.period.label == year
    together, neet, unknown = (
        row[name].bounds for name in ("NEET_not_known_percent", "NEET_percent", "Notknown_percent")
    )
    assert together is not None
    assert neet is not None
    assert unknown is not None
    total = neet + unknown
    assert total.low <= together.high
    assert together.low <= total.high
    assert len(file.select(geographic_level="Local authority")) > 140


def test_the_register_and_the_averages() -> None:
    school = published.Establishment.of(
        published.read(DATA / "gias_extract_sample_2rows.csv").one(urn="100000")
    )
    assert (school.name, school.type_code, school.laestab) == ("The Aldgate School", "02", "2013614")
    rows = published.read(DATA / "gatsby_benchmarks_national_average.csv").select()
    found = {row.period.label: row["average_benchmarks_achieved_of_8"].value for row in rows}
    assert found == {
        "2013/14": Decimal("1.34"),
        "2016/17": Decimal("1.87"),
        "2017/18": Decimal("2.13"),
        "2018/19": 3,
        "2019/20": Decimal("3.75"),
        "2021/22": Decimal("4.9"),
        "2022/23": Decimal("5.5"),
        "2023/24": Decimal("5.83"),
        "2024/25": Decimal("5.96"),
    }


def test_other_files_of_the_folder_are_none() -> None:
    for name in (
        "las.csv",
        "region_la_hierarchy.csv",
        *(f"codes/{path.name}" for path in (DATA / "codes").iterdir()),
    ):
        with pytest.raises(published.NotPublishedError, match="none of the published files"):
            published.read(DATA / name)


def test_worked_example_9_17_of_programmes(ks4: published.Statistics) -> None:
    """Apprenticeships fall from 2016/17 to 2022/23, those at level 3 rise: two true answers."""

    def figure(year: str, name: str) -> tuple[int, int]:
        row = ks4.one(
            institution_group="State-funded mainstream schools", breakdown="Total", cohort_year=year
        )
        count, base = row[name].count, row["cohort"].count
        assert isinstance(count, int)
        assert isinstance(base, int)
        return count, base

    assert figure("2016/17", "appren") == (22488, 517627)
    assert figure("2022/23", "appren") == (19403, 593735)
    every = newcombe(*figure("2022/23", "appren"), *figure("2016/17", "appren"))
    assert (round(every.low * 100, 2), round(every.high * 100, 2)) == (-1.15, -1.00)
    level3 = newcombe(*figure("2022/23", "appl3"), *figure("2016/17", "appl3"))
    assert (round(level3.low * 100, 2), round(level3.high * 100, 2)) == (0.27, 0.35)


def test_trend_of_14_cohorts(ks4: published.Statistics) -> None:
    found = outcomes.trend(ks4)
    assert [found[0].year, found[-1].year, len(found)] == ["2009/10", "2022/23", 14]
    assert found[-1].number == "91.3 %"
    averages = outcomes.trend(
        published.read(DATA / "gatsby_benchmarks_national_average.csv"), name="benchmarks_met"
    )
    assert [one.number for one in averages][-2:] == ["5.83", "5.96"]


def test_similar_schools_are_shown_and_compared(schools: published.Statistics) -> None:
    census = published.read(DATA / CENSUS)
    similar = outcomes.similar_schools(census, urn="137181")
    assert [one.urn for one in similar.schools[:3]] == ["135676", "140985", "134224"]
    assert similar.pool == 3659
    found = outcomes.compared(schools, similar)
    assert found.own.numerator == 152
    assert found.verdict == "no further from similar schools than chance would have it"
