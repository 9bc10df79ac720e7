"""What a caller may choose about a score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal

import attrs

from gatsbykit.errors import SettingsError
from gatsbykit.model.fields import Refused, checked, reader

__all__ = ["DEFAULTS", "Settings"]

_any_numbers = reader(Mapping[str, int])


def _numbers(numbers: Mapping[str, int]) -> Mapping[str, int]:
    read: Mapping[str, int] = _any_numbers(numbers)
    if any(number < 1 for number in read.values()):
        raise Refused("a mapping, each number 1 or more")
    return read


def _error(owner: str, attribute: str, expected: str) -> SettingsError:
    return SettingsError(f"{owner}.{attribute}: expected {expected}")


@attrs.frozen(kw_only=True, field_transformer=partial(checked, error=_error))
class Settings:
    """What a caller may choose about a score.

    Args:
        unknown: Whether an activity of which nobody said whether it was meaningful counts
            (``include``) or not (``exclude``). An adviser's unknown level is treated alike.
        adviser_level: The least level of the adviser in a guidance meeting, instead of the
            edition's.
        at_least: By criterion id, how many are asked for instead of the edition's number; only
            for criteria whose number is an interpretation and marked configurable.

    Raises:
        SettingsError: A choice that does not exist, or a number below 1.

    Examples:
        >>> Settings(unknown="include", at_least={"6a": 1}).at_least["6a"]
        1
    """

    unknown: Literal["exclude", "include"] = "exclude"
    adviser_level: int | None = None
    at_least: Mapping[str, int] = attrs.field(factory=dict[str, int], converter=_numbers, hash=False)


DEFAULTS: Final = Settings()
"""What is chosen where nobody chooses."""
