"""Ids that a program wrote in another way: what would be one id to whoever looks at both."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["changes"]

_FORMULA: Final = re.compile(r'="(.*)"')
_SHORTENED: Final = re.compile(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+?([0-9]{1,2})")
_WHOLE: Final = re.compile(r"[0-9]{1,40}")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = re.compile(r"(?:([0-9]{1,4})[- /])?([A-Za-z]{3,9})(?:[- /]([0-9]{1,4}))?")
_PAIR: Final = re.compile(r"([0-9]{1,4})[-/.]([0-9]{1,4})")
_DAY: Final = re.compile(
    r"(?:[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})/[0-9]{4})(?:[ T][0-9:.]+)?"
)
_Form = tuple[Any, str]
"""What an id may have been, and what a program did to it; nothing if it stands as it was."""


def changes(strangers: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Return by unknown id what tells it from a known one, where a program may have made the difference.

    Examples:
        >>> changes(["7", '="008"', "10-Nov", "X"], ["007", "008", "10-11"])
        {'7': 'leading zeros', '="008"': 'a formula', '10-Nov': 'being taken for a date'}
    """
    precisions = {*map(_precision, (*strangers, *known))} - {None}
    forms: dict[Any, str] = {}
    for one in known:
        for key, how in _forms(one, precisions):
            forms[key] = max(forms.get(key, ""), how)
    found: dict[str, str] = {}
    for one in strangers:
        for key, how in _forms(one, precisions):
            if key in forms and (how or forms[key]):
                found[one] = how or forms[key]
                break
    return found


def _precision(text: str) -> int | None:
    """Return how many digits a shortened number has after its first one."""
    shortened = _SHORTENED.fullmatch(text.strip())
    return None if shortened is None else len(shortened[2] or "")


def _forms(one: str, precisions: Collection[int | None]) -> Iterator[_Form]:
    """Yield what an id may have been, the likeliest first."""
    text, how = _bare(one)
    yield text, how
    plain = text.removesuffix(".0").lstrip("0")
    if plain:
        yield plain, how or _of_number(text, plain)
    yield from _numbers(text, plain, how, precisions)
    yield from _days(text, how)


def _bare(one: str) -> tuple[str, str]:
    """Return an id without what programs put around it, and what that was."""
    text = "".join(sign for sign in one if unicodedata.category(sign) not in {"Cf", "Cc"})
    how = "" if text == one else "signs that cannot be seen"
    if text != text.strip():
        text, how = text.strip(), "spaces"
    if (wide := unicodedata.normalize("NFKC", text)) != text:
        text, how = wide.strip(), "signs that look alike"
    if text.startswith("'"):
        text, how = text[1:], "an apostrophe"
    if (formula := _FORMULA.fullmatch(text)) is not None:
        text, how = formula[1].strip(), "a formula"
    return text, how


def _of_number(text: str, plain: str) -> str:
    if text == plain:
        return ""
    return "a point and zero" if text.endswith(".0") else "leading zeros"


def _numbers(text: str, plain: str, how: str, precisions: Collection[int | None]) -> Iterator[_Form]:
    """Yield a number as a program shortens it, with as many digits as it has left somewhere."""
    shortened = _SHORTENED.fullmatch(text)
    if shortened is not None:
        number = Decimal(text.replace(",", "."))
        # (11E5 may be an id of its own, of which a program made 1.10E+06)
        how = how or ("being shortened as a number" if "+" in text or "." in text else "")
    elif _WHOLE.fullmatch(plain) is not None:
        number = Decimal(plain)
    elif (exponent := re.fullmatch(r"([0-9]{1,15})[Ee]([0-9]{1,2})", text)) is not None:
        number = Decimal(f"{exponent[1]}E{exponent[2]}")
    else:
        return
    for precision in precisions:
        yield ("number", f"{number:.{precision}E}"), how


def _days(text: str, how: str) -> Iterator[_Form]:
    """Yield two numbers of which a program may have made a day or a month."""
    pair = _PAIR.fullmatch(text)
    if pair is not None:
        yield ("date", frozenset(map(int, pair.groups()))), how
        return
    day = _DAY.fullmatch(text)
    if day is not None:
        numbers = frozenset(int(part) for part in day.groups() if part)
        yield ("date", numbers), "being taken for a date"
        return
    named = _NAMED.fullmatch(text)
    month = "" if named is None else named[2][:3].casefold()
    if named is not None and month in _MONTHS:
        others = [int(part) for part in (named[1], named[3]) if part]
        if len(others) == 1:
            numbers = frozenset({_MONTHS.index(month) + 1, others[0]})
            yield ("date", numbers), "being taken for a date"
