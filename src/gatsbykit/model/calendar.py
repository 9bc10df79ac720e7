"""Academic years, year groups and key stages: the calendar that every rule is written in.

An academic year runs from 1 September to 31 August and is written ``2025/26``.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

import attrs

from gatsbykit.errors import FieldError
from gatsbykit.model.fields import Between, checked, is_text, read_as

__all__ = [
    "FIRST_YEAR",
    "FIRST_YEAR_GROUP",
    "LAST_YEAR",
    "LAST_YEAR_GROUP",
    "AcademicYear",
    "Between",
    "KeyStage",
    "YearGroup",
    "academic_year_start",
    "assessment_day",
    "capped_year_group",
    "key_stage",
    "year_group_at",
]

FIRST_YEAR: Final = 1990
"""No careers programme has a date before this year (interpretation): a program filled in its first day."""

LAST_YEAR: Final = 2100
"""Nor has it one after this year."""

FIRST_YEAR_GROUP: Final = 7
"""The first year group that the benchmarks speak of."""

LAST_YEAR_GROUP: Final = 13
"""The last one; a Year 14 counts as Year 13."""


YearGroup = Annotated[int, Between(1, 14)]
"""A year group as institutions record it, 1 to 14."""

_LABEL = re.compile(r"([0-9]{4})/([0-9]{2})")


@attrs.frozen(order=True, field_transformer=checked)
class AcademicYear:
    """An academic year: 1 September to the next 31 August.

    Args:
        start: The calendar year in which it begins.

    Examples:
        >>> from datetime import date
        >>> year = AcademicYear.of(date(2026, 7, 10))
        >>> str(year)
        '2025/26'
        >>> year.first_day, year.last_day
        (datetime.date(2025, 9, 1), datetime.date(2026, 8, 31))
        >>> AcademicYear.of(date(2026, 9, 1)) == year.plus(1)
        True
    """

    start: Annotated[int, Between(0, 9999)]

    @classmethod
    def of(cls, day: date) -> AcademicYear:
        """Return the academic year that a day lies in."""
        return cls(academic_year_start(day))

    @classmethod
    def parse(cls, text: str) -> AcademicYear:
        """Read the label of an academic year.

        Raises:
            FieldError: The text is not two consecutive years such as ``2025/26``.

        Examples:
            >>> AcademicYear.parse("2025/26").start
            2025
            >>> AcademicYear.parse("2025/27")
            Traceback (most recent call last):
            ...
            gatsbykit.FieldError: AcademicYear.parse: expected two consecutive years, such as 2025/26
        """
        found = _LABEL.fullmatch(text) if is_text(text) else None
        if found is not None:
            start = int(found[1])
            if (start + 1) % 100 == int(found[2]):
                return cls(start)
        raise FieldError("AcademicYear", "parse", "two consecutive years, such as 2025/26")

    @property
    def first_day(self) -> date:
        """1 September."""
        return date(self.start, 9, 1)

    @property
    def last_day(self) -> date:
        """31 August, the deadline of every criterion of the year."""
        return date(self.start + 1, 8, 31)

    def plus(self, years: int) -> AcademicYear:
        """Return the academic year so many years later (or earlier, if negative)."""
        return AcademicYear(self.start + years)

    def __contains__(self, day: date) -> bool:
        return academic_year_start(day) == self.start

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02}"


class KeyStage(StrEnum):
    """A key stage of secondary education, with the year groups that belong to it.

    Examples:
        >>> KeyStage.KS4.years
        (10, 11)
    """

    KS3 = "KS3"
    KS4 = "KS4"
    KS5 = "KS5"

    @property
    def years(self) -> tuple[int, ...]:
        """The year groups of the key stage."""
        return _KEY_STAGE_YEARS[self]


_KEY_STAGE_YEARS: Final = {KeyStage.KS3: (7, 8, 9), KeyStage.KS4: (10, 11), KeyStage.KS5: (12, 13)}


def academic_year_start(day: date) -> int:
    """Return the calendar year in which the academic year of a day began."""
    return day.year if day.month >= 9 else day.year - 1


_FIRST_DAY: Final = date(1, 9, 1)
_LAST_DAY: Final = date(9999, 8, 31)


def assessment_day(day: date) -> date:
    """Read the date of an assessment, which has whole academic years around it.

    Raises:
        FieldError: It is no date, or has none.

    Examples:
        >>> assessment_day("2026-07-10")
        Traceback (most recent call last):
        ...
        gatsbykit.FieldError: assessment.as_of: expected a datetime.date, without a time
    """
    read = read_as(date, "assessment", "as_of", day)
    if not _FIRST_DAY <= read <= _LAST_DAY:
        raise FieldError("assessment", "as_of", f"a day from {_FIRST_DAY} to {_LAST_DAY}")
    return read


def key_stage(year_group: int) -> KeyStage | None:
    """Return the key stage of a year group, or ``None`` before Year 7.

    Examples:
        >>> key_stage(11)
        <KeyStage.KS4: 'KS4'>
        >>> key_stage(14)
        <KeyStage.KS5: 'KS5'>
        >>> key_stage(6) is None
        True
    """
    year_group = capped_year_group(year_group)
    return next((stage for stage, years in _KEY_STAGE_YEARS.items() if year_group in years), None)


def capped_year_group(year_group: int) -> int:
    """Return the year group with Year 14 read as Year 13."""
    return LAST_YEAR_GROUP if year_group == LAST_YEAR_GROUP + 1 else year_group


def year_group_at(day: date, *, year_group: int, reference: date) -> int:
    """Work out a learner's year group on a day from the one on a reference day.

    Learners move up on 1 September. Year 14 becomes 13, after the arithmetic.

    Args:
        day: The day asked about.
        year_group: The year group on the reference day.
        reference: The day on which ``year_group`` was right.

    Examples:
        >>> from datetime import date
        >>> year_group_at(date(2024, 8, 31), year_group=11, reference=date(2026, 7, 10))
        9
        >>> year_group_at(date(2024, 9, 1), year_group=11, reference=date(2026, 7, 10))
        10
    """
    years_ago = academic_year_start(reference) - academic_year_start(day)
    return capped_year_group(year_group - years_ago)
