from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.calendar import (
    AcademicYear,
    Between,
    KeyStage,
    academic_year_start,
    capped_year_group,
    key_stage,
    year_group_at,
)
from gatsbykit.testing import academic_years, dates


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2025, 8, 31), "2024/25"),
        (date(2025, 9, 1), "2025/26"),
        (date(2025, 12, 31), "2025/26"),
        (date(2026, 1, 1), "2025/26"),
        (date(2028, 2, 29), "2027/28"),
        (date(1999, 9, 1), "1999/00"),
        (date(2009, 1, 1), "2008/09"),
    ],
)
def test_an_academic_year_begins_on_the_first_of_september(day: date, label: str) -> None:
    year = AcademicYear.of(day)
    assert str(year) == label
    assert year == AcademicYear.parse(label)
    assert day in year


@given(dates())
def test_a_year_holds_its_days_and_no_others(day: date) -> None:
    year = AcademicYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert year.first_day in year
    assert year.last_day in year
    assert year.first_day - timedelta(days=1) not in year
    assert year.last_day + timedelta(days=1) in year.plus(1)
    assert academic_year_start(day) == year.start


@given(academic_years(), st.integers(-5, 5))
def test_years_count_on(year: AcademicYear, steps: int) -> None:
    assert AcademicYear.parse(str(year)) == year
    assert year.plus(steps).start - year.start == steps
    assert (year < year.plus(steps)) == (steps > 0)


@pytest.mark.parametrize(
    "text", ["2025", "2025/25", "2025/27", "2025-26", "25/26", "2025/26 ", "\u0662\u0660\u0662\u0665/26", ""]
)
def test_what_is_no_academic_year(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"AcademicYear.parse: expected two consecutive years, such as 2025/26"
    ):
        AcademicYear.parse(text)


def test_the_turn_of_the_century() -> None:
    assert AcademicYear.parse("1999/00") == AcademicYear(1999)


@pytest.mark.parametrize(
    ("year_group", "stage"),
    [
        (1, None),
        (6, None),
        (7, "KS3"),
        (9, "KS3"),
        (10, "KS4"),
        (11, "KS4"),
        (12, "KS5"),
        (13, "KS5"),
        (14, "KS5"),
        (15, None),
    ],
)
def test_key_stages(year_group: int, stage: str | None) -> None:
    assert key_stage(year_group) == stage
    if stage is not None:
        assert capped_year_group(year_group) in KeyStage(stage).years


def test_only_year_14_is_capped() -> None:
    assert [capped_year_group(year) for year in (6, 12, 13, 14)] == [6, 12, 13, 13]


@pytest.mark.parametrize(
    ("day", "year_group", "then"),
    [
        (date(2026, 7, 10), 11, 11),
        (date(2025, 9, 1), 11, 11),
        (date(2025, 8, 31), 11, 10),
        (date(2021, 9, 1), 11, 7),
        (date(2021, 8, 31), 11, 6),
        (date(2026, 1, 1), 14, 13),  # capped after the arithmetic:
        (date(2025, 1, 1), 14, 13),
        (date(2024, 1, 1), 14, 12),
        (date(2026, 9, 1), 11, 12),
        (date(2026, 9, 1), 13, 13),
    ],
)
def test_the_year_group_on_a_day(day: date, year_group: int, then: int) -> None:
    assert year_group_at(day, year_group=year_group, reference=date(2026, 7, 10)) == then


def test_bounds_include_both_ends() -> None:
    assert [number in Between(1, 14) for number in (0, 1, 14, 15)] == [False, True, True, False]
