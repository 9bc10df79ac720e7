"""Quality awards for careers work, such as a national quality mark."""

from __future__ import annotations

import datetime

import attrs

from gatsbykit.model.attributes import Fault, read_or_refuse, refuse

__all__ = ["QualityAward"]


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class QualityAward:
    """An award that an institution holds or held.

    Args:
        name: The award.
        body: Who gives it.
        valid_from: The first day.
        valid_to: The last day; ``None`` where none is set.

    Raises:
        RefusedError: It ends before it begins.

    Examples:
        >>> from datetime import date
        >>> mark = QualityAward(name="Quality in Careers Standard", valid_from=date(2024, 3, 1))
        >>> mark.is_held(date(2026, 3, 1)), mark.held_for(date(2026, 3, 1))
        (True, 730)
    """

    name: str
    body: str | None = None
    valid_from: datetime.date
    valid_to: datetime.date | None = None

    def __attrs_post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            refuse(self, [Fault("valid_to", "a day not before valid_from")])

    def is_held(self, as_of: datetime.date) -> bool:
        """Whether it is held on a day."""
        return self.valid_from <= as_of and (self.valid_to is None or as_of <= self.valid_to)

    def held_for(self, as_of: datetime.date) -> int:
        """For how many days it had been held on a day, or until it ended."""
        last = as_of if self.valid_to is None else min(as_of, self.valid_to)
        return max((last - self.valid_from).days, 0)
