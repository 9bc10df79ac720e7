"""The indicators of impact and the warnings that belong to them, read from the data."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.data import read_toml
from gatsbykit.errors import NotFoundError
from gatsbykit.model.fields import checked
from gatsbykit.model.indicators import Indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Caution", "cautions", "indicator", "indicators"]


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an indicator; the word ``none`` stands for no denominator."""
    denominator = entry["denominator"]
    return {**entry, "denominator": None if denominator == "none" else denominator}


@functools.cache
def indicators() -> Mapping[str, Indicator]:
    """Return every indicator by its id.

    Examples:
        >>> indicators()["neet"].better.value, indicators()["mode_mix"].better.value
        ('down', 'none')
    """
    made = (Indicator(**_fields(entry)) for entry in read_toml("outcomes", "indicators")["indicators"])
    return MappingProxyType({one.id: one for one in made})


def indicator(name: str) -> Indicator:
    """Return an indicator by its id.

    Raises:
        NotFoundError: There is none of that id.
    """
    try:
        return indicators()[name]
    except KeyError:
        raise NotFoundError(f"there is no indicator {name!r}; there are {', '.join(indicators())}") from None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Caution:
    """What has to stand beside an indicator.

    Args:
        id: A stable id.
        text: What it says.
        sources: Where it comes from.
    """

    id: str
    text: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return self.text


@functools.cache
def cautions() -> tuple[Caution, ...]:
    """Return what has to stand beside indicators, wherever they are set beside benchmarks.

    Examples:
        >>> [one.id for one in cautions()]
        ['association', 'neet', 'employer_contacts', 'population', 'years']
        >>> any("86" in one.text for one in cautions())
        False
    """
    return tuple(
        Caution(id=entry["id"], text=entry["text"], sources=tuple(entry["sources"]))
        for entry in read_toml("outcomes", "warnings")["warnings"]
    )
