"""Published statistics: a file that was recognised, and the questions that it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import NotFoundError
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.published.figures import Figure, printed
from gatsbykit.published.layouts import Kind, SumRule, column_key, sum_rules
from gatsbykit.published.rows import Period, Row, YearNotKnownError
from gatsbykit.published.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.published.readers import Reader

__all__ = ["Account", "Deviation", "Statistics", "SumCheck"]

Wanted = str | AcademicYear | Iterable[str | AcademicYear]
"""What a row may be asked to have: a text, an academic year, or any of several."""

_YEARS: Final = ("cohort_year", "destination_year", "period")
_SHOWN: Final = 8


@attrs.frozen(kw_only=True, field_transformer=checked)
class Account:
    """What stands in the columns of figures: every cell is a number, a symbol or blank.

    Args:
        cells: How many cells there are.
        numbers: How many are numbers.
        blanks: How many are blank.
        symbols: How many are each symbol.
    """

    cells: int
    numbers: int
    blanks: int
    symbols: Mapping[Symbol, int] = attrs.field(hash=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _account, (self.cells, self.numbers, self.blanks, dict(self.symbols))

    def __str__(self) -> str:
        said = [f"{count:,} {sign}" for sign, count in self.symbols.items()]
        return f"{self.cells:,} cells: " + ", ".join(
            [f"{self.numbers:,} numbers", *said, f"{self.blanks:,} blank"]
        )


def _account(cells: int, numbers: int, blanks: int, symbols: Mapping[Symbol, int]) -> Account:
    """Make an account again in another process; its mapping does not travel as it is."""
    return Account(cells=cells, numbers=numbers, blanks=blanks, symbols=MappingProxyType(dict(symbols)))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Deviation:
    """A row whose figures do not add up, or do not round as they should.

    Args:
        row: The row of the file.
        what: Which figures.
        said: The figure that is printed.
        computed: What the others make of it.
        known: What is known of it; empty where it is a surprise.
    """

    row: int
    what: str
    said: Decimal
    computed: Decimal
    known: str = ""

    def __str__(self) -> str:
        words = f"row {self.row}: {self.what}: printed {self.said:,}, computed {self.computed:,}"
        return f"{words} ({self.known})" if self.known else words


@attrs.frozen(kw_only=True, field_transformer=checked)
class SumCheck:
    """A sum that was checked in every row that has all its numbers.

    Args:
        rule: What adds up to what, in words.
        checked: In how many rows it could be checked.
        deviations: Where it does not hold.
    """

    rule: str
    checked: int
    deviations: tuple[Deviation, ...]

    @property
    def held(self) -> int:
        """In how many rows it holds."""
        return self.checked - len(self.deviations)

    def __str__(self) -> str:
        return f"{self.rule}: holds in {self.held:,} of {self.checked:,}"


class Statistics:
    """A published file.

    Rows are asked for by what they have: names of columns in small letters, and the years
    `cohort_year`, `destination_year` and `period`. Texts compare without regard to capitals.

    Args:
        reader: What reads it; `gatsbykit.published.read` chooses it.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @property
    def kind(self) -> Kind:
        """What the file is."""
        return self._reader.kind

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._reader.table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns as they are written."""
        return self._reader.table.columns

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What its rows are set apart by."""
        return self._reader.dimensions

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its columns of figures, in small letters."""
        return tuple(self._reader.keys[column] for column in self._reader.cells.figures)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was doubtful on reading it."""
        return tuple(self._reader.notes)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The years that it has figures for."""
        return tuple(self._reader.periods())

    @property
    def cohort_years(self) -> tuple[str, ...]:
        """The years in which its cohorts left, the earliest first.

        Raises:
            YearNotKnownError: The file does not tell.
        """
        periods = self.periods
        for period in periods:
            if period.cohort is None:
                raise YearNotKnownError(period.why_unknown)
        return tuple(sorted({str(period.cohort) for period in periods}))

    def values(self, dimension: str) -> tuple[str, ...]:
        """Return what stands in a dimension, in order.

        Raises:
            NotFoundError: There is no such dimension.
        """
        return tuple(sorted(self._reader.values(self._dimension(dimension))))

    def _dimension(self, name: str) -> str:
        key = column_key(name)
        if key not in self._reader.dimensions:
            known = ", ".join((*self._reader.dimensions, *_YEARS))
            raise NotFoundError(f"{self.name} has no rows by {name!r}; it has {known}")
        return key

    def select(self, **where: Wanted) -> tuple[Row, ...]:
        """Return the rows that have what is asked for, in the order of the file.

        Raises:
            NotFoundError: There is no such dimension, or nothing of the kind stands in it.
            YearNotKnownError: A year was asked for that the file does not tell.
        """
        return tuple(self.rows(**where))

    def rows(self, **where: Wanted) -> Iterator[Row]:
        """Yield the rows that have what is asked for, one after another; see `select`."""
        years = {name: _texts(wanted) for name, wanted in where.items() if name in _YEARS}
        texts = {
            self._dimension(name): self._written(name, _texts(wanted))
            for name, wanted in where.items()
            if name not in _YEARS
        }
        return self._reader.observations(texts, self._periods(years) if years else None)

    def _written(self, name: str, wanted: frozenset[str]) -> frozenset[str]:
        """Return how texts that are asked for are written in the file."""
        there = self._reader.values(self._dimension(name))
        found = frozenset(text for text in there if text.strip().casefold() in wanted)
        if not found:
            raise NotFoundError(
                f"{self.name} has no row with {name} {' or '.join(sorted(wanted))!r}; {_some(sorted(there))}"
            )
        return found

    def _periods(self, years: Mapping[str, frozenset[str]]) -> list[Period]:
        periods = self.periods
        for name, wanted in years.items():
            found = [period for period in periods if _year_of(period, name) in wanted]
            if not found:
                there = sorted({_year_of(period, name) for period in self.periods})
                raise NotFoundError(
                    f"{self.name} has no {name} {' or '.join(sorted(wanted))}; {_some(there)}"
                )
            periods = tuple(found)
        return list(periods)

    def one(self, **where: Wanted) -> Row:
        r"""Return the one row that has what is asked for.

        Whatever is not mentioned is meant in total: where rows differ in it, the total counts, and of
        places the whole country. Performance tables are of their own year, unless an earlier one is
        asked for.

        Raises:
            NotFoundError: There is no such row, or several; the message says what would decide.
            YearNotKnownError: A year was asked for that the file does not tell.

        Examples:
            >>> from gatsbykit import published
            >>> text = "academic_year,average_benchmarks_achieved_of_8,institutions\n2022/23,5.5,\n"
            >>> print(published.read_text(text).one(period="2022/23")["average_benchmarks_achieved_of_8"])
            5.5
        """
        found = self.select(**where)
        if not found:
            raise NotFoundError(f"{self.name} has no row with all of {_asked(where)}")
        mentioned = {column_key(name) for name in where}
        if mentioned.isdisjoint(_YEARS) and self._reader.is_of_one_year:
            newest = max(row.period.label for row in found)
            found = tuple(row for row in found if row.period.label == newest)
        for name in self._reader.dimensions:
            if len(found) > 1 and name not in mentioned:
                found = _in_total(found, name)
        rows = list(found)
        if len(rows) > 1:
            raise NotFoundError(
                f"{self.name} has {len(found):,} rows with {_asked(where)}; {_differences(found)}"
            )
        return rows[0]

    def account(self) -> Account:
        """Return what stands in the columns of figures, every cell counted."""
        symbols: Counter[Symbol] = Counter()
        numbers = blanks = 0
        for column in self._reader.cells.figures:
            for text, times in self._reader.table.distinct(column).items():
                match self._reader.cells[text]:
                    case None:
                        blanks += times
                    case Symbol() as sign:
                        symbols[sign] += times
                    case _:
                        numbers += times
        cells = numbers + blanks + symbols.total()
        return Account(cells=cells, numbers=numbers, blanks=blanks, symbols=MappingProxyType(dict(symbols)))

    def check_sums(self) -> tuple[SumCheck, ...]:
        """Check every sum that should hold in a file of this kind, in every row with all its numbers."""
        names = self._names()
        rules = [rule for rule in sum_rules(self.kind) if names.issuperset({rule.total, *rule.parts})]
        checked: Counter[SumRule] = Counter()
        wrong: dict[SumRule, list[Deviation]] = {rule: [] for rule in rules}
        for row in self.rows():
            for rule in rules:
                outcome = _sum_of(row, rule)
                if outcome is not None:
                    checked[rule] += 1
                    if outcome.said != outcome.computed:
                        wrong[rule].append(outcome)
        checks = [
            SumCheck(rule=str(rule), checked=checked[rule], deviations=tuple(wrong[rule])) for rule in rules
        ]
        return (*checks, *self._check_groups())

    def _check_groups(self) -> Iterator[SumCheck]:
        rule = "cohort = disadvantaged + not disadvantaged"
        found = [
            Deviation(row=row, what=rule, said=Decimal(said), computed=Decimal(computed))
            for row, said, computed in self._reader.group_sums()
        ]
        if found:
            wrong = tuple(one for one in found if one.said != one.computed)
            yield SumCheck(rule=rule, checked=len(found), deviations=wrong)

    def check_rounding(self) -> SumCheck:
        """Check that percentages are those of their counts, rounded half up."""
        checked, wrong = 0, list[Deviation]()
        for row in self.rows():
            for figure in row.figures.values():
                share = figure.share
                if share is not None and isinstance(figure.percent, int | Decimal):
                    checked += 1
                    expected = printed(share * 100, figure.decimals)
                    if expected != figure.percent:
                        wrong.append(_misprint(row, figure, figure.percent, expected))
        return SumCheck(rule="percentages are rounded half up", checked=checked, deviations=tuple(wrong))

    def _names(self) -> frozenset[str]:
        return next((frozenset(row.figures) for row in self.rows()), frozenset[str]())

    def to_dict(self) -> dict[str, Any]:
        """Return what the file is as plain data; its rows are asked for with `select`."""
        return {
            "format": "gatsbykit-published/1",
            "kind": str(self.kind),
            "name": self.name,
            "periods": [period.label for period in self.periods],
            "dimensions": list(self.dimensions),
            "figures": list(self.figures),
            "notes": list(self.notes),
        }

    def to_frame(self, engine: str = "polars") -> Any:
        """Return the file as a data frame, with a column of symbols beside each column of figures.

        Args:
            engine: ``polars``, ``pandas``, ``pyarrow`` or ``duckdb``.

        Raises:
            MissingExtraError: The extra `frames` or the engine is not installed.
        """
        from gatsbykit.published.frames import to_frame  # noqa: PLC0415 (an extra, loaded where it is used)

        return to_frame(self._reader.table, self._reader.cells, engine)

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def __str__(self) -> str:
        years = [period.label for period in self.periods]
        shown = f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(years)
        lines = [f"{self.name}: {self.kind.words}, {shown}", str(self.account()), *self.notes]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<{self.kind.words}: {self.name}>"


def _texts(wanted: Wanted) -> frozenset[str]:
    if isinstance(wanted, str | AcademicYear):
        wanted = [wanted]
    return frozenset(str(one).strip().casefold() for one in wanted)


def _year_of(period: Period, name: str) -> str:
    year = {"cohort_year": period.cohort, "destination_year": period.destination}.get(name)
    if name == "period":
        return period.label.casefold()
    if year is None:
        raise YearNotKnownError(period.why_unknown)
    return str(year)


def _in_total(rows: tuple[Row, ...], name: str) -> tuple[Row, ...]:
    """Return the rows that are a total in a dimension, if there are any and they differ in it."""
    texts = {row.dimensions[name].strip().casefold() for row in rows}
    for total in ("total", "national", "all", ""):
        if total in texts and len(texts) > 1:
            return tuple(row for row in rows if row.dimensions[name].strip().casefold() == total)
    return rows


def _differences(rows: tuple[Row, ...]) -> str:
    names = [name for name in rows[0].dimensions if len({row.dimensions[name] for row in rows}) > 1]
    parts = [f"{name} ({_some(sorted({row.dimensions[name] for row in rows}))})" for name in names]
    labels = sorted({row.period.label for row in rows})
    if len(labels) > 1:
        parts.append(f"the year ({_some(labels)})")
    return f"they differ in {'; '.join(parts)}" if parts else "nothing sets them apart"


def _some(texts: list[str]) -> str:
    more = f" and {len(texts) - _SHOWN:,} more" if len(texts) > _SHOWN else ""
    return f"there are {', '.join(text or '(blank)' for text in texts[:_SHOWN])}{more}"


def _asked(where: Mapping[str, Wanted]) -> str:
    return (
        ", ".join(f"{name} {' or '.join(sorted(_texts(wanted)))}" for name, wanted in where.items())
        or "nothing"
    )


def _sum_of(row: Row, rule: SumRule) -> Deviation | None:
    """Return a sum as it is and as it should be; ``None`` where a number is missing."""
    counts = [row.figures[name].count if name in row.figures else None for name in (rule.total, *rule.parts)]
    numbers = [count for count in counts if isinstance(count, int)]
    if len(numbers) < len(counts):
        return None
    cohort = row.period.cohort
    is_known = rule.from_cohort is not None and cohort is not None and cohort < rule.from_cohort
    return Deviation(
        row=row.numbers[0],
        what=str(rule),
        said=Decimal(numbers[0]),
        computed=Decimal(sum(numbers[1:])),
        known=rule.known if is_known else "",
    )


def _misprint(row: Row, figure: Figure, said: int | Decimal, expected: Decimal) -> Deviation:
    what = f"percentage of {figure.name}"
    return Deviation(row=row.numbers[-1], what=what, said=Decimal(said), computed=expected)
