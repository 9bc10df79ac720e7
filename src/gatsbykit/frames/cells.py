"""Reading the columns of a data frame, whatever their types, by the rules of the exchange format.

A system's tables hold booleans as booleans, as ``yes``/``no`` or as 1/0; dates as dates or as text;
lists as lists or as text with semicolons. Here each becomes an expression without nulls, and beside
it stands another one that is true where a value cannot be read.

Days are numbers of the form YYYYMMDD: every engine compares them, and their differences divided by
10,000 are ages in whole years.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs
import narwhals as nw

from gatsbykit.exchange.values import TRUTH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date
    from enum import StrEnum

    from gatsbykit.model.calendar import Between

__all__ = [
    "NO_LISTS",
    "SEPARATOR",
    "SPACES",
    "Cells",
    "Fault",
    "Frame",
    "Known",
    "Lists",
    "all_of",
    "any_of",
    "day_number",
    "remainder",
    "year_start",
]

Frame = nw.LazyFrame[Any]
"""A frame behind the common face. An eager one has all that is used of lazy ones here, and passes as one."""

SEPARATOR: Final = "\x1f"
"""What stands between the entries of a list that has become a text."""

SPACES: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""What Python trims from a text; engines have ideas of their own."""

_YES: Final = tuple(sorted(text for text, truth in TRUTH.items() if truth))
_NO: Final = tuple(sorted(text for text, truth in TRUTH.items() if not truth))
_ISO_DATE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LEAP_YEAR: Final = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_CALENDAR_DAY: Final = (
    "^(?:(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-"  # from the year 1 on
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)$"
)
_DATE_FORM: Final = "YYYY-MM-DD"
_WHOLE_NUMBER: Final = r"^-?[0-9]{1,15}$"
_TOO_LARGE: Final = 10**15
_UNSIGNED: Final = (nw.UInt64, nw.UInt128)
_WIDE: Final = (*_UNSIGNED, nw.Int128)
"""Whole numbers that may not fit into 64 bits with a sign."""


def all_of(conditions: Iterable[nw.Expr]) -> nw.Expr:
    """Whether all conditions hold; yes if there are none."""
    conditions = tuple(conditions)
    return functools.reduce(lambda one, other: one & other, conditions) if conditions else nw.lit(True)


def any_of(conditions: Iterable[nw.Expr]) -> nw.Expr:
    """Whether any condition holds; no if there are none."""
    conditions = tuple(conditions)
    return functools.reduce(lambda one, other: one | other, conditions) if conditions else nw.lit(False)


def day_number(day: date) -> int:
    """Return a day as a number.

    Examples:
        >>> from datetime import date
        >>> day_number(date(2026, 7, 10))
        20260710
    """
    return day.year * 10_000 + day.month * 100 + day.day


def remainder(number: nw.Expr, by: int) -> nw.Expr:
    """Return what is left of a number that is not negative; not every engine has a word for it."""
    return number - number // by * by


def year_start(day: nw.Expr) -> nw.Expr:
    """Return the calendar year in which the academic year of a day began."""
    return (day + 9_100) // 10_000 - 1  # from the first of September on the next ten thousand are reached


@attrs.frozen
class Known:
    """A fact that may be unknown: neither `yes` nor `no` is true then, and neither is ever null."""

    yes: nw.Expr
    no: nw.Expr


@attrs.frozen(kw_only=True)
class Lists:
    """A column of lists, as text with a separator on both sides of each entry.

    Args:
        text: The column.
        is_empty: Whether the list has no entries.
        separator: What stands between the entries.
        keys: By entry as it is written, the form in which it compares; blank ones are left out.
    """

    text: nw.Expr
    is_empty: nw.Expr
    separator: str
    keys: Mapping[str, str]

    def as_columns(self, name: str) -> dict[str, nw.Expr]:
        """Return the columns that hold the lists in a tidy table."""
        return {name: self.text, f"no_{name}": self.is_empty}

    def of_columns(self, name: str) -> Lists:
        """Return the lists as the tidy table has them."""
        return attrs.evolve(self, text=nw.col(name), is_empty=nw.col(f"no_{name}"))

    def holding(self, wanted: Collection[str]) -> nw.Expr:
        """Whether the list has one of the wanted entries."""
        edge = self.separator
        return any_of(
            self.text.str.contains(f"{edge}{written}{edge}", literal=True)
            for written, key in sorted(self.keys.items())
            if key in wanted
        )


NO_LISTS: Final = Lists(text=nw.lit(""), is_empty=nw.lit(True), separator=";", keys=MappingProxyType({}))
"""A column of lists that is not there."""


@attrs.frozen(kw_only=True)
class Fault:
    """Something that may be wrong with a column.

    Args:
        column: The column.
        code: The stable code of the issue.
        details: What the words of the catalogue leave open.
        bad: True where it is wrong, never null.
    """

    column: str
    code: str
    details: Mapping[str, object]
    bad: nw.Expr


class Cells:
    """The columns of one table; asking for one notes what may be wrong with it.

    Args:
        frame: The table; its lists have become texts already.
        joined: The columns that were lists; in the other texts a semicolon separates entries.
        distinct: What finds every entry of the lists in the column ``text`` of a frame, in the engine's way.
    """

    def __init__(
        self, frame: Frame, joined: Iterable[str], distinct: Callable[[Frame, str], set[str]]
    ) -> None:
        self.frame = frame
        self._distinct = distinct
        self._schema = frame.collect_schema()
        self._joined = frozenset(joined)
        self.faults: list[Fault] = []

    def __contains__(self, column: str) -> bool:
        return column in self._schema

    def _is_text(self, column: str) -> bool:
        kind = self._schema[column]
        return not (kind.is_numeric() or isinstance(kind, nw.Boolean | nw.Date | nw.Datetime))

    def is_nothing(self, column: str) -> nw.Expr:
        """Whether nothing stands in a column: NaN, which is no number, is nothing too."""
        if column not in self:
            return nw.lit(True)
        value, kind = nw.col(column), self._schema[column]
        if kind.is_float():
            return value.is_null() | value.is_nan().fill_null(False)
        return value.is_null() if kind.is_numeric() else self.text(column) == ""

    def text(self, column: str) -> nw.Expr:
        """Return the trimmed text of a column, empty where there is nothing."""
        if column not in self:
            return nw.lit("")
        written = nw.col(column).cast(nw.String).fill_null("")
        return nw.when(written == "").then(written).otherwise(written.str.strip_chars(SPACES))

    def require(self, column: str) -> None:
        """Note as a fault where a column that every row needs is blank."""
        missing = nw.col(column).is_null()
        if self._is_text(column):
            missing = _is_blank(nw.col(column).cast(nw.String).fill_null(""))
        self.refuse(column, "missing_value", missing, columns=column)

    def refuse(self, column: str, code: str, bad: nw.Expr, **details: object) -> None:
        """Note something else that may be wrong with a column."""
        self.faults.append(Fault(column=column, code=code, details=details, bad=bad))

    def in_order(self, first: str, last: str, began: nw.Expr, ended: nw.Expr) -> None:
        """Note as a fault where a last day is before the first."""
        if last in self:
            self.refuse(last, "dates_out_of_order", ended < began, first=first)

    def known(self, column: str) -> Known:
        """Return a fact that is yes, no or unknown."""
        if column not in self:
            return Known(nw.lit(False), nw.lit(False))
        kind = self._schema[column]
        value = nw.col(column)
        if kind == nw.Boolean:
            return Known(value.fill_null(False), (~value).fill_null(False))
        if kind.is_numeric():
            yes, no = (value == 1).fill_null(False), (value == 0).fill_null(False)
            blank = self.is_nothing(column)
        else:
            text = self.text(column).str.to_lowercase()
            yes, no, blank = text.is_in([*_YES]), text.is_in([*_NO]), text == ""
        self.refuse(column, "not_yes_or_no", ~(yes | no | blank))
        return Known(yes, no)

    def day(self, column: str, blank: int) -> nw.Expr:
        """Return a day as a number, or `blank` where there is none."""
        if column not in self:
            return nw.lit(blank).cast(nw.Int64)
        if isinstance(self._schema[column], nw.Date | nw.Datetime):
            value = nw.col(column).dt
            parts = (value.year(), 10_000), (value.month(), 100), (value.day(), 1)
            numbers = (part.fill_null(0).cast(nw.Int64) * factor for part, factor in parts)
            number = functools.reduce(operator.add, numbers)
            return nw.when(number > 0).then(number).otherwise(nw.lit(blank))
        text = self.text(column)
        is_date, exists = text.str.contains(_ISO_DATE), text.str.contains(_CALENDAR_DAY)
        self.refuse(column, "not_a_date", ~is_date & (text != ""), form=_DATE_FORM)
        self.refuse(column, "impossible_date", is_date & ~exists, form=_DATE_FORM)
        digits = text.str.replace_all("-", "", literal=True)
        return nw.when(exists).then(digits).otherwise(nw.lit(str(blank))).cast(nw.Int64)

    def number(self, column: str, blank: int, bounds: Between | None = None) -> nw.Expr:
        """Return a whole number, or `blank` where there is none."""
        if column not in self:
            return nw.lit(blank).cast(nw.Int64)
        kind = self._schema[column]
        value, given = nw.col(column), ~self.is_nothing(column)
        is_narrow = kind.is_integer() and not isinstance(kind, _WIDE)
        if is_narrow:
            readable = nw.lit(True)
            number = value.cast(nw.Int64).fill_null(blank)
        elif kind.is_integer():
            fits = value < nw.lit(_TOO_LARGE).cast(kind)  # not every engine compares unlike numbers
            if not isinstance(kind, _UNSIGNED):
                fits &= value > nw.lit(-_TOO_LARGE).cast(kind)
            readable = fits.fill_null(False)
            number = nw.when(readable).then(value).otherwise(nw.lit(0).cast(kind)).cast(nw.Int64)
            number = nw.when(readable).then(number).otherwise(nw.lit(blank))
        elif kind.is_numeric():
            value = value.cast(nw.Float64)
            fits = given & (value.abs() < _TOO_LARGE).fill_null(False)
            number = nw.when(fits).then(value.round()).otherwise(nw.lit(blank)).cast(nw.Int64)
            readable = fits & (value == number).fill_null(False)
        else:
            text = self.text(column)
            readable = text.str.contains(_WHOLE_NUMBER)
            given = text != ""
            number = nw.when(readable).then(text).otherwise(nw.lit(str(blank))).cast(nw.Int64)
        if not is_narrow:
            self.refuse(column, "not_a_whole_number", given & ~readable)
        if bounds is not None:
            least, most = bounds.least, bounds.most
            if is_narrow:  # the same in a word, as this is asked of every participation
                outside = ~value.fill_null(least).is_between(least, most)
            else:
                outside = given & readable & ~number.is_between(least, most)
            self.refuse(column, "out_of_range", outside, least=least, most=most)
        return number

    def choice(self, column: str, choices: type[StrEnum]) -> nw.Expr:
        """Return the text of a choice, empty where there is none."""
        if column not in self:
            return nw.lit("")
        readable = ["", *(member.value for member in choices)]
        written, trimmed = nw.col(column).cast(nw.String).fill_null(""), self.text(column)
        # Trimming is costly on some engines, and nearly always there is nothing to trim.
        as_it_is = written.is_in(readable)
        is_strange = nw.when(as_it_is).then(nw.lit(False)).otherwise(~trimmed.is_in(readable))
        self.refuse(column, "not_a_choice", is_strange, choices=", ".join(choices))
        return nw.when(as_it_is).then(written).otherwise(trimmed)

    def lists(self, column: str, key: Callable[[str], str] = str.strip) -> Lists:
        """Return a column of lists; collects the entries that occur in it, each once.

        Args:
            column: The column.
            key: What turns an entry as it is written into the form in which it compares.
        """
        if column not in self:
            return NO_LISTS
        separator = SEPARATOR if column in self._joined else ";"
        text = nw.col(column).cast(nw.String).fill_null("")
        edge = nw.lit(separator)
        written = self._distinct(self.frame.select(text.alias("text")), separator)
        keys = {entry: found for entry in written if (found := key(entry))}
        lists = Lists(
            text=nw.concat_str([edge, text, edge]),
            is_empty=_is_blank(text, separator),
            separator=separator,
            keys=keys,
        )
        if any(entry.strip() and entry not in keys for entry in written):  # such as a dash, which is no entry
            return attrs.evolve(lists, is_empty=~lists.holding({*keys.values()}))
        return lists

    def chosen(self, column: str, choices: type[StrEnum]) -> Lists:
        """Return a column of lists of choices."""
        lists = self.lists(column)
        members = [member.value for member in choices]
        strange = set(lists.keys.values()).difference(members)
        if strange:
            self.refuse(column, "not_a_choice", lists.holding(strange), choices=", ".join(members))
        return lists


def _is_blank(text: nw.Expr, separator: str = "") -> nw.Expr:
    """Whether a text holds nothing but spaces and separators.

    Trimming is costly on some engines. Only what begins like a blank text is trimmed.
    """
    # Between these two lie all characters of ASCII that are no space.
    begins_blank = ~text.is_between(nw.lit("!"), nw.lit("~"))
    if separator:
        begins_blank |= text.str.starts_with(separator)
    trimmed = text.str.strip_chars(SPACES + separator)
    is_blank = nw.when(begins_blank).then(trimmed == "").otherwise(nw.lit(False))
    return nw.when(text == "").then(nw.lit(True)).otherwise(is_blank)
