"""English: lists, years, days, counts, percentages, and lines of 80 columns."""

from __future__ import annotations

import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

WIDTH: Final = 80
"""How many columns a text for a terminal or an e-mail has."""


def listed(words: Iterable[str]) -> str:
    """Join words as a sentence does.

    Examples:
        >>> listed(["a", "b", "c"]), listed(["a", "b"]), listed(["a"])
        ('a, b and c', 'a and b', 'a')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def years_words(years: Sequence[int]) -> str:
    """Name year groups.

    Examples:
        >>> years_words([11]), years_words([12, 13]), years_words([7, 8, 9]), years_words([9, 11, 13])
        ('Year 11', 'Years 12 and 13', 'Years 7 to 9', 'Years 9, 11 and 13')
    """
    if len(years) == 1:
        return f"Year {years[0]}"
    if len(years) > 2 and list(years) == list(range(years[0], years[-1] + 1)):
        return f"Years {years[0]} to {years[-1]}"
    return f"Years {listed(map(str, years))}"


def name_words(name: str) -> str:
    """Write a name of the exchange format (a part, a subject, a status) as words.

    Examples:
        >>> name_words("senior_leadership")
        'senior leadership'
    """
    return name.replace("_", " ")


def day_words(day: date) -> str:
    """Write a day as people do.

    Examples:
        >>> from datetime import date
        >>> day_words(date(2026, 7, 10))
        '10 July 2026'
    """
    return f"{day.day} {day:%B %Y}"


def printable(text: str) -> str:
    r"""Return a text from outside on one line, without characters that a terminal would obey.

    Examples:
        >>> printable("A day\nat work\x1b[2J")
        'A day at work [2J'
    """
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Break a text into lines of at most `WIDTH` columns.

    Args:
        text: The text.
        indent: What stands before each line.
        first: What stands before the first line instead.

    Examples:
        >>> wrapped("word " * 20, "    ", "6a  ")[1]
        '    word word word word word'
    """
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent
    )


def percent_text(share: Fraction, digits: int = 1) -> str:
    """Write a share as a percentage, rounded half up but never up to 100 or down to 0.

    Examples:
        >>> percent_text(Fraction(131, 158)), percent_text(Fraction(1999, 2000), 0), percent_text(Fraction(1))
        ('82.9 %', '99 %', '100 %')
    """
    scale: int = 10**digits
    steps = int(share * 100 * scale + Fraction(1, 2))
    if 0 < share < 1:
        steps = min(max(steps, 1), 100 * scale - 1)
    whole, rest = divmod(steps, scale)
    return f"{whole}.{rest:0{digits}} %" if digits and share not in (0, 1) else f"{whole} %"


def counted(count: int, one: str, several: str | None = None) -> str:
    """Count things.

    Args:
        count: How many.
        one: What one of them is called.
        several: What several are called; by default with an ``s``.

    Examples:
        >>> counted(1, "learner"), counted(1040, "learner"), counted(0, "activity", "activities")
        ('1 learner', '1040 learners', '0 activities')
    """
    return f"{count} {plural(count, one, several)}"


def plural(count: int, one: str, several: str | None = None) -> str:
    """Return what some things are called; see `counted`.

    Examples:
        >>> plural(2, "criterion is", "criteria are")
        'criteria are'
    """
    return one if count == 1 else several or f"{one}s"
