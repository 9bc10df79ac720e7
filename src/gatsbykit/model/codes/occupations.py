"""Occupations: the Standard Occupational Classification 2020.

Nine major groups (one digit), 26 sub-major groups, 104 minor groups and 412 unit groups (four
digits); a code begins with the code of the group it belongs to.

Source: Office for National Statistics, SOC 2020 volume 1. Contains public sector information
licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from gatsbykit.data import read_rows
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.codes.base import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Soc2020", "soc_codes"]

_LEVELS: Final = {1: "major", 2: "sub_major", 3: "minor", 4: "unit"}


class Soc2020(Code):
    """A group of the Standard Occupational Classification 2020.

    Examples:
        >>> teachers = Soc2020.parse("2313")
        >>> teachers.label, teachers.level
        ('Secondary education teaching professionals', 'unit')
        >>> teachers.parent, [str(group) for group in teachers.ancestors]
        (Soc2020('231'), ['231', '23', '2'])
        >>> Soc2020.examine("2999"), Soc2020.examine("23131")
        (<Verdict.UNKNOWN_CODE: 'unknown_code'>, <Verdict.MALFORMED: 'malformed'>)
    """

    __slots__ = ()
    form = re.compile(r"[1-9][0-9]{0,3}")
    words = "a SOC 2020 code: 1 to 4 digits"
    classification = "SOC 2020"
    levels = _LEVELS

    @classmethod
    def known(cls) -> Mapping[str, str]:
        """Return all groups that there are."""
        return soc_codes()

    @property
    def label(self) -> str:
        """The title of the group."""
        return soc_codes()[self]

    @property
    def parent(self) -> Soc2020 | None:
        """The group it belongs to; ``None`` for a major group."""
        return Soc2020(self[:-1]) if len(self) > 1 else None

    @property
    def children(self) -> tuple[Soc2020, ...]:
        """The groups that belong to it."""
        return tuple(Soc2020(code) for code in soc_codes() if code[:-1] == self)


@functools.cache
def soc_codes() -> Mapping[str, str]:
    """Return the titles of all groups by code.

    Examples:
        >>> sum(len(code) == 4 for code in soc_codes())
        412
    """
    return FrozenMapping({row["code"]: row["title"] for row in read_rows("model/codes", "soc2020")})
