"""Indicators from published files: of a country, an authority or a school, with trends over the years."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gatsbykit.errors import GatsbykitError, NotFoundError
from gatsbykit.intervals import wilson
from gatsbykit.model.indicators import Level, Origin
from gatsbykit.outcomes.definitions import indicator, indicators
from gatsbykit.outcomes.gaps import disadvantage_gap, usual_group
from gatsbykit.outcomes.measured import TOO_FEW, Measured, Measures, Status, not_possible
from gatsbykit.published.figures import Bounds, Figure
from gatsbykit.published.layouts import Kind, label
from gatsbykit.published.rows import YearNotKnownError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.published.rows import Row
    from gatsbykit.published.statistics import Statistics

__all__ = ["measures_of_statistics", "of_figure", "trend"]

_FIGURES: Final = {
    Kind.EES_KEY_STAGE_4: {"sustained": "overall", "apprenticeship_16": "appren"},
    Kind.PERFORMANCE_TABLES_KEY_STAGE_4: {"sustained": "overall", "apprenticeship_16": "appren"},
    Kind.EES_16_18: {"sustained": "overall", "apprenticeship_18": "appren", "university": "he"},
    Kind.PERFORMANCE_TABLES_16_18: {
        "sustained": "overall",
        "apprenticeship_18": "appren",
        "university": "he",
    },
}
_RECALCULATED: Final = (
    "later releases recalculate earlier cohorts (employment, 2016/17 to 2022/23): never join one release "
    "with another"
)


def of_figure(
    name: str, figure: Figure, *, subject: str, year: str, source: str, is_population: bool = True
) -> Measured:
    """Return a published figure as an indicator, with what rounding leaves open.

    Args:
        name: The id of the indicator.
        figure: The figure.
        subject: Of whom.
        year: Of which year.
        source: The file.
        is_population: Whether everybody concerned was counted.

    Examples:
        >>> one = Figure(name="overall", percent=91, base=443, decimals=0)
        >>> print(of_figure("sustained", one, subject="a school", year="2022/23", source="x.csv"))
        sustained (a school): 91.0 %; between 90.5 and 91.5 by rounding; 2022/23
    """
    bounds, share = figure.bounds, figure.share
    if bounds is None:
        signs = ", ".join(f"{sign} ({sign.meaning.replace('_', ' ')})" for sign in figure.symbols)
        why = f"the file shows {signs}" if signs else "the file has no such figure"
        return not_possible(name, why, subject=subject, year=year, source=source)
    value = share
    if value is None:
        printed = figure.percent
        middle = Fraction(printed) if isinstance(printed, int | Decimal) else (bounds.low + bounds.high) / 2
        value = middle / 100
    base = figure.base if isinstance(figure.base, int) else None
    count = figure.count if isinstance(figure.count, int) else None
    few = base is not None and base < TOO_FEW
    return Measured(
        indicator=indicator(name),
        subject=subject,
        year=year,
        status=Status.TOO_FEW if few else Status.MEASURED,
        value=value,
        numerator=count,
        denominator=base,
        bounds=bounds,
        interval=wilson(count, base) if count is not None and base else None,
        why="" if is_population else "a sample",
        source=source,
    )


def _subject(row: Row) -> str:
    names = ("school_name", "schname", "provider_name", "la_name", "region_name", "country_name")
    place = next((row.dimensions[name] for name in names if row.dimensions.get(name)), "")
    place = place or ("England" if row.dimensions.get("geographic_level") == "National" else "")
    group = row.dimensions.get("institution_group", "")
    return ", ".join(filter(None, (place, group if group != "Total" else "")))


def measures_of_statistics(statistics: Statistics, *, period: str | None = None, **where: str) -> Measures:
    r"""Return the indicators that a published file allows, and why the others not.

    Args:
        statistics: The file.
        period: The year: of the cohort in files on destinations; the newest, by default.
        where: What the rows have to have, such as ``urn`` or ``la_name``; the whole country and
            mainstream schools, by default.

    Raises:
        NotFoundError: There is no such row.

    Examples:
        >>> from gatsbykit import published
        >>> text = "academic_year,average_benchmarks_achieved_of_8,institutions\n2024/25,5.96,4863\n"
        >>> print(measures_of_statistics(published.read_text(text)).measured[0])
        benchmarks_met (national average): 5.96; between 5.955 and 5.965 by rounding; 2024/25
    """
    if statistics.kind is Kind.NATIONAL_AVERAGES:
        found = list(_averages(statistics, period))
    elif statistics.kind is Kind.NEET:
        found = list(_neet(statistics, period, where))
    elif statistics.kind in _FIGURES:
        found = list(_destinations(statistics, period, where))
    else:
        found = []
    there = {one.id for one in found}
    rest = [
        not_possible(name, f"{statistics.kind.words} has no figures on it", source=statistics.name)
        for name, entry in indicators().items()
        if name not in there and Origin.PUBLISHED in entry.origins and Level.NATIONAL in entry.levels
    ]
    notes = [*statistics.notes, *([_RECALCULATED] if statistics.kind in _FIGURES else [])]
    return Measures(subject=str(statistics.name), measures=(*found, *rest), notes=tuple(notes))


def _destinations(statistics: Statistics, period: str | None, where: dict[str, str]) -> Iterator[Measured]:
    where = where or usual_group(statistics)
    try:
        year = period or statistics.cohort_years[-1]
    except YearNotKnownError as error:
        for name in _FIGURES[statistics.kind]:
            yield not_possible(name, str(error), source=statistics.name)
        return
    if "breakdown" in statistics.dimensions:
        where = {"breakdown": "Total", **where}
    row = statistics.one(cohort_year=year, **where)
    words = f"leavers of {row.cohort_year}, destinations in {row.destination_year}"
    version = row.dimensions.get("version", "")
    for name, figure in _FIGURES[statistics.kind].items():
        if figure in row:
            measured = of_figure(
                name, row[figure], subject=_subject(row), year=_with(words, version), source=statistics.name
            )
            yield measured
    yield _gap(statistics, year, {key: text for key, text in where.items() if key != "breakdown"}, words, row)


def _with(words: str, version: str) -> str:
    return f"{words} ({version.casefold()})" if version else words


def _gap(statistics: Statistics, year: str, where: dict[str, str], words: str, row: Row) -> Measured:
    try:
        gap = disadvantage_gap(statistics, cohort_year=year, **where)
    except GatsbykitError as error:
        return not_possible("gap", str(error), subject=_subject(row), year=words, source=statistics.name)
    return Measured(
        indicator=indicator("gap"),
        subject=_subject(row),
        year=words,
        value=Fraction(gap.points) / 100,
        bounds=gap.bounds,
        interval=gap.interval,
        source=statistics.name,
    )


def _neet(statistics: Statistics, period: str | None, where: dict[str, str]) -> Iterator[Measured]:
    row = statistics.one(period=period or statistics.periods[-1].label, **where)
    for figure, words in (("neet_not_known_percent", "NEET or not known"), ("neet_percent", "NEET alone")):
        subject = ", ".join(filter(None, (_subject(row), words)))
        if figure in row:
            yield of_figure(
                "neet", row[figure], subject=subject, year=row.period.label, source=statistics.name
            )


def _averages(statistics: Statistics, period: str | None) -> Iterator[Measured]:
    rows = statistics.select(period=period) if period else statistics.select()
    for row in rows if period else rows[-1:]:
        figure = row["average_benchmarks_achieved_of_8"]
        number = figure.value
        if isinstance(number, int | Decimal):
            yield Measured(
                indicator=indicator("benchmarks_met"),
                subject="national average",
                year=row.period.label,
                value=Fraction(number),
                bounds=Bounds.of_rounded(number, figure.decimals),
                why=row.dimensions["remark"],
                source=statistics.name,
            )


def trend(statistics: Statistics, *, name: str = "sustained", **where: str) -> tuple[Measured, ...]:
    """Return an indicator cohort by cohort, the earliest first, from one file.

    Args:
        statistics: A file on destinations with several cohorts, or the national averages.
        name: The id of the indicator.
        where: What the rows have to have; mainstream schools of the whole country, by default.

    Raises:
        NotFoundError: The file has no figures on it.
        YearNotKnownError: The file does not tell its years.
    """
    if statistics.kind is Kind.NATIONAL_AVERAGES and name == "benchmarks_met":
        return tuple(one for period in statistics.periods for one in _averages(statistics, period.label))
    figure = _FIGURES.get(statistics.kind, {}).get(name)
    if figure is None:
        raise NotFoundError(f"{statistics.name} has no figures on {name}")
    filters = where or usual_group(statistics)
    if "breakdown" in statistics.dimensions:
        filters = {"breakdown": "Total", **filters}
    found: list[Measured] = []
    for year in statistics.cohort_years:
        row = statistics.one(cohort_year=year, **filters)
        if figure in row:
            subject = ", ".join(filter(None, (_subject(row), label(figure))))
            found.append(of_figure(name, row[figure], subject=subject, year=year, source=statistics.name))
    return tuple(found)
