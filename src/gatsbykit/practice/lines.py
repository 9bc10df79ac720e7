"""Lines for people, at most 80 columns wide."""

from __future__ import annotations

import textwrap

from gatsbykit.words import WIDTH

__all__ = ["wrapped"]


def wrapped(text: str, first: str = "") -> list[str]:
    """Return a text as lines, the first behind some words and the others as far in.

    Examples:
        >>> wrapped("no backing", "  1. ")
        ['  1. no backing']
    """
    later = " " * len(first)
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later) or [first.rstrip()]
