"""Lines for people, at most 80 columns wide."""

from __future__ import annotations

import textwrap
from typing import Final

__all__ = ["wrapped"]

_WIDTH: Final = 80


def wrapped(text: str, first: str = "") -> list[str]:
    """Return a text as lines, the first behind some words and the others as far in.

    Examples:
        >>> wrapped("no backing", "  1. ")
        ['  1. no backing']
    """
    later = " " * len(first)
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later) or [first.rstrip()]
