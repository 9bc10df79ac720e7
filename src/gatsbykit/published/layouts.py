"""What the columns of published files mean: data, with the sources beside it."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import Any

import attrs

from gatsbykit.data import read_toml
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked

__all__ = ["Kind", "SumRule", "column_key", "label", "layouts", "sum_rules"]


class Kind(StrEnum):
    """What a published file is."""

    EES_KEY_STAGE_4 = "ees_key_stage_4"
    EES_16_18 = "ees_16_18"
    EES_OTHER = "ees_other"
    PERFORMANCE_TABLES_KEY_STAGE_4 = "performance_tables_key_stage_4"
    PERFORMANCE_TABLES_16_18 = "performance_tables_16_18"
    PERFORMANCE_TABLES_HE = "performance_tables_he"
    PERFORMANCE_TABLES_CENSUS = "performance_tables_census"
    NEET = "neet"
    GIAS = "gias"
    NATIONAL_AVERAGES = "national_averages"

    @property
    def words(self) -> str:
        """What it is, for people."""
        return _WORDS[self]


_WORDS = {
    Kind.EES_KEY_STAGE_4: "key stage 4 destinations (Explore Education Statistics)",
    Kind.EES_16_18: "16-18 destinations (Explore Education Statistics)",
    Kind.EES_OTHER: "another file of Explore Education Statistics",
    Kind.PERFORMANCE_TABLES_KEY_STAGE_4: "key stage 4 destinations (performance tables)",
    Kind.PERFORMANCE_TABLES_16_18: "16-18 destinations (performance tables)",
    Kind.PERFORMANCE_TABLES_HE: "progression to higher education or training (performance tables)",
    Kind.PERFORMANCE_TABLES_CENSUS: "school census (performance tables)",
    Kind.NEET: "NEET and participation by local authority",
    Kind.GIAS: "an extract of Get Information About Schools",
    Kind.NATIONAL_AVERAGES: "national averages of benchmarks achieved",
}


@functools.cache
def layouts() -> dict[str, Any]:
    """Return the data about columns."""
    return read_toml("published", "layouts")


def column_key(column: str) -> str:
    """Return the form in which names of columns compare, older names read as the newer ones.

    Examples:
        >>> column_key(" Only_BeNEET ")
        'only_ben'
    """
    key = column.strip().casefold()
    return str(layouts()["aliases"].get(key, key))


def label(name: str) -> str:
    """Return what a figure counts, in words; its name where there are none.

    Examples:
        >>> label("appren"), label("cohort_djfavg")
        ('sustained apprenticeship', 'cohort_djfavg')
    """
    return str(layouts()["labels"].get(name, name))


@attrs.frozen(kw_only=True, field_transformer=checked)
class SumRule:
    """Figures that add up to another.

    Args:
        total: The figure that is the sum.
        parts: The figures that it is the sum of.
        from_cohort: The first cohort for which it holds, where it did not always.
        known: What is known where it does not hold.
    """

    total: str
    parts: tuple[str, ...]
    from_cohort: AcademicYear | None = None
    known: str = ""

    def __str__(self) -> str:
        return f"{self.total} = {' + '.join(self.parts)}"


@functools.cache
def sum_rules(kind: Kind) -> tuple[SumRule, ...]:
    """Return which figures of a kind of file add up to which.

    Examples:
        >>> print(sum_rules(Kind.EES_KEY_STAGE_4)[0])
        cohort = overall + all_notsust + all_unknown
    """
    return tuple(
        SumRule(
            total=rule["total"],
            parts=tuple(rule["parts"]),
            from_cohort=AcademicYear.parse(rule["from_cohort"]) if "from_cohort" in rule else None,
            known=rule.get("known", ""),
        )
        for rule in layouts()["sums"]
        if kind in rule["kinds"]
    )
