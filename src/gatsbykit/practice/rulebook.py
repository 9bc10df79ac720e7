"""What the shipped data say of a review: steps, duties, checks, frameworks, challenges."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gatsbykit.model.provision import Framework, FrameworkArea

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["review_rules", "shipped_frameworks"]


@functools.cache
def review_rules() -> Mapping[str, Any]:
    """Return the rules of a review as written: steps, duties, checks, challenges."""
    text = files("gatsbykit.practice").joinpath("data", "review.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@functools.cache
def shipped_frameworks() -> Mapping[str, Framework]:
    """Return the frameworks of learning that ship with the library, by key.

    Examples:
        >>> [area.title for area in shipped_frameworks()["cdi"].areas][:2]
        ['Grow throughout life', 'Explore possibilities']
    """
    return MappingProxyType(
        {
            key: Framework(
                key=key,
                title=fields["title"],
                areas=tuple(FrameworkArea(key=area, title=title) for area, title in fields["areas"].items()),
            )
            for key, fields in review_rules()["frameworks"].items()
        }
    )
