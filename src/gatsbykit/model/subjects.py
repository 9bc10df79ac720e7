"""Subjects, in the form in which they compare."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from gatsbykit.model.fields import reader
from gatsbykit.model.names import entry_key

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["subject_key", "subject_keys"]


@functools.lru_cache(maxsize=1024)
def subject_key(subject: str) -> str:
    """Return the form in which subjects compare: lower case, runs of spaces read as ``_``.

    What a reader cannot tell apart is one subject, and a dash is none; see `gatsbykit.model.names`.

    Examples:
        >>> subject_key(" Design and  Technology ")
        'design_and_technology'
    """
    return entry_key(subject).replace(" ", "_")


def subject_keys(subjects: Iterable[str]) -> frozenset[str]:
    """Return the set of comparable forms of some subjects, blanks left out."""
    return frozenset(key for key in map(subject_key, _any_texts(subjects)) if key)


_any_texts = reader(frozenset[str])
