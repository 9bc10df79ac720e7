"""Names and entries of lists, in the form in which a person compares them."""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["alike", "entry_key", "entry_keys"]

_LOOK_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_NOTHING: Final = frozenset(
    {"n/a", "#n/a", "na", "nil", "none", "not applicable", "not known", "tba", "tbc", "unknown"}
)
"""What people write in a list where there is nothing (interpretation)."""


@functools.lru_cache(maxsize=4096)
def alike(text: str) -> str:
    r"""Return the form in which texts compare that a reader cannot tell apart.

    Case, spaces of any kind and number, signs that cannot be seen, apostrophes, quotation marks and
    dashes of any shape, and whether an accent is a sign of its own play no part. Letters do.

    Examples:
        >>> alike("King\u2019s  College") == alike("king's\u00a0college")
        True
        >>> alike("King's College") == alike("Queen's College")
        False
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKE)
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = text.replace("`", "'").casefold()
    return unicodedata.normalize("NFC", " ".join(text.split()))


def entry_key(text: str) -> str:
    """Return what tells an entry of a list from others; empty if nobody would count it as one.

    Examples:
        >>> entry_key("Aldbury  College"), entry_key(" - "), entry_key("N/A")
        ('aldbury college', '', '')
    """
    key = alike(text)
    return key if any(map(str.isalnum, key)) and key not in _NOTHING else ""


@functools.lru_cache(maxsize=4096)
def _keys(entries: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(None, map(entry_key, entries)))


def entry_keys(entries: Iterable[str]) -> frozenset[str]:
    """Return what is different among the entries of a list.

    Examples:
        >>> sorted(entry_keys(["Aldbury College", "ALDBURY COLLEGE", "", "-"]))
        ['aldbury college']
    """
    return _keys(frozenset(entries))
