"""What stands in a published table where a number is not: each sign with its meaning.

A symbol is a value of its own. It is no number and no blank, it does not add up, and it goes back
into a table as the sign that it came from.

Source: DfE, analysts' guide to open data standards (`z x c low k u`, formerly ``~`` and ``:``);
the abbreviations of the school and college performance tables (`SUPP NA SP NE LOWCOV NP`).
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SYMBOLS", "Meaning", "Symbol", "symbol"]


class Meaning(StrEnum):
    """Why there is no number."""

    NOT_APPLICABLE = "not_applicable"
    """The question does not arise."""

    UNAVAILABLE = "unavailable"
    """There is an answer, and it is not known."""

    HIDDEN = "hidden"
    """The number is known and kept back, so that nobody can be made out."""

    LOW = "low"
    """Above zero, and rounds to zero: neither nothing nor hidden."""

    UNRELIABLE = "unreliable"
    """Of too low quality to be printed."""

    NO_ENTRIES = "no_entries"
    """Nobody entered, so there is nothing to count."""

    LOW_COVERAGE = "low_coverage"
    """Too few of those concerned are in the data."""

    NOT_PUBLISHED = "not_published"
    """Kept back for another reason than disclosure."""


@attrs.frozen
class Symbol:
    """A sign in the place of a number.

    Args:
        token: The sign as the published table writes it.
        meaning: Why there is no number.

    Examples:
        >>> symbol("low").meaning, str(symbol("SUPP"))
        (<Meaning.LOW: 'low'>, 'SUPP')
        >>> symbol("c") == symbol("SUPP"), symbol("c").meaning is symbol("SUPP").meaning
        (False, True)
        >>> symbol("c") + 1
        Traceback (most recent call last):
        ...
        TypeError: unsupported operand type(s) for +: 'Symbol' and 'int'
    """

    token: str
    meaning: Meaning = attrs.field(converter=Meaning)

    @property
    def is_hidden(self) -> bool:
        """Whether there is a number that is kept back for disclosure."""
        return self.meaning is Meaning.HIDDEN

    @property
    def is_low(self) -> bool:
        """Whether the number is above zero and rounds to zero."""
        return self.meaning is Meaning.LOW

    def to_dict(self) -> dict[str, str]:
        """Return the symbol as plain data."""
        return {"symbol": self.token, "meaning": str(self.meaning)}

    def __str__(self) -> str:
        return self.token


_MEANINGS: Final = {
    Meaning.NOT_APPLICABLE: ("z",),
    Meaning.UNAVAILABLE: ("x", ":", "NA"),
    Meaning.HIDDEN: ("c", "SUPP"),
    Meaning.LOW: ("low", "k", "~", "SP"),
    Meaning.UNRELIABLE: ("u",),
    Meaning.NO_ENTRIES: ("NE",),
    Meaning.LOW_COVERAGE: ("LOWCOV",),
    Meaning.NOT_PUBLISHED: ("NP",),
}

SYMBOLS: Final[Mapping[str, Symbol]] = MappingProxyType(
    {token: Symbol(token, meaning) for meaning, tokens in _MEANINGS.items() for token in tokens}
)
"""Every symbol by its sign. ``NA`` in the performance tables says that there is no figure for an
earlier year."""

_FOLDED: Final = {token.casefold(): found for token, found in SYMBOLS.items()}


def symbol(token: str) -> Symbol:
    """Return the symbol of a sign; capitals and small letters are the same.

    Raises:
        KeyError: There is no such sign.

    Examples:
        >>> symbol("LOW") is symbol("low")
        True
    """
    return _FOLDED[token.casefold()]
