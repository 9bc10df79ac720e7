"""Local authorities by their three-digit code, with the days on which they began and ended.

Authorities are reorganised, so a list of codes is right only for a time: six of today's began
between 2019 and 2023.

Source: DfE and ONS, local authorities by code with the days of operation and termination; the
codes without a name are those that the school census accepts beside them (Wales, schools abroad
and codes for statistics).
"""

from __future__ import annotations

import functools
from datetime import date
from typing import TYPE_CHECKING

import attrs

from gatsbykit.data import read_rows
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.fields import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Authority", "authorities"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Authority:
    """A local authority, or another issuer with a code of the same form.

    Args:
        code: Three digits.
        name: Its name; empty where the source gives none.
        first_day: The day on which it began; ``None`` where that is before 2009 or not known.
        last_day: The day on which it ended; ``None`` where it has not.

    Examples:
        >>> from datetime import date
        >>> dorset = authorities()["838"]
        >>> dorset.name, dorset.existed_on(date(2019, 3, 31)), dorset.existed_on(date(2019, 4, 1))
        ('Dorset', False, True)
    """

    code: str
    name: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def existed_on(self, day: date) -> bool:
        """Whether the authority existed on a day."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )


@functools.cache
def authorities() -> Mapping[str, Authority]:
    """Return every authority of the table by its code, the ended ones among them.

    Examples:
        >>> "940" in authorities(), "999" in authorities()
        (True, False)
    """
    made = (
        Authority(
            code=row["code"],
            name=row["name"],
            first_day=_day(row["first_day"]),
            last_day=_day(row["last_day"]),
        )
        for row in read_rows("model/codes", "authorities")
    )
    return FrozenMapping({authority.code: authority for authority in made})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
