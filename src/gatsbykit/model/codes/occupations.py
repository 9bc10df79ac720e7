"""Occupations: the Standard Occupational Classification 2020.

Nine major groups (one digit), 26 sub-major groups, 104 minor groups and 412 unit groups (four
digits); a code begins with the code of the group it belongs to.

Source: Office for National Statistics, SOC 2020 volume 1. Contains public sector information
licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from gatsbykit.data import read_rows
from gatsbykit.model.identifiers import Identifier, IdentifierError, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Soc2020", "soc_codes"]

_LEVELS: Final = ("major", "sub_major", "minor", "unit")


class Soc2020(Identifier):
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
    form: ClassVar[re.Pattern[str]] = re.compile(r"[1-9][0-9]{0,3}")

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form, and that there is such a group."""
        if cls.form.fullmatch(text) is None:
            raise IdentifierError(Verdict.MALFORMED, "a SOC 2020 code: 1 to 4 digits")
        if text not in soc_codes():
            raise IdentifierError(Verdict.UNKNOWN_CODE, "a group of SOC 2020")
        return text

    @property
    def label(self) -> str:
        """The title of the group."""
        return soc_codes()[self]

    @property
    def level(self) -> str:
        """``major``, ``sub_major``, ``minor`` or ``unit``."""
        return _LEVELS[len(self) - 1]

    @property
    def parent(self) -> Soc2020 | None:
        """The group it belongs to; ``None`` for a major group."""
        return Soc2020(self[:-1]) if len(self) > 1 else None

    @property
    def ancestors(self) -> tuple[Soc2020, ...]:
        """The groups it belongs to, the nearest first."""
        return tuple(Soc2020(self[:length]) for length in range(len(self) - 1, 0, -1))

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
    return MappingProxyType({row["code"]: row["title"] for row in read_rows("model/codes", "soc2020")})
