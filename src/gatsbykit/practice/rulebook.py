"""What the shipped data of this package say: rules of answers, steps, duties, frameworks."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs

from gatsbykit.model.provision import Framework, FrameworkArea

__all__ = ["AnswerRule", "answer_rules", "interpretation", "review_rules", "shipped_frameworks"]


@attrs.frozen(kw_only=True)
class AnswerRule:
    """What one part of a declared criterion asks of a programme.

    Args:
        name: The name of the rule.
        of: Whom it is about, if the rule asks that.
        yes: When the answer is yes, in words.
        right: What would have to be there, in words.
        more: Further numbers and lists of the rule.
    """

    name: str
    of: str | None
    yes: str
    right: str
    more: Mapping[str, Any] = attrs.field(hash=False)


def _read(name: str) -> dict[str, Any]:
    text = files("gatsbykit.practice").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def _answers() -> dict[str, Any]:
    return _read("answers")


def interpretation() -> str:
    """Why the answers that follow are a reading of this project."""
    return str(_answers()["interpretation"])


@functools.cache
def answer_rules(edition: str) -> Mapping[str, Mapping[str | None, AnswerRule]]:
    """Return, by criterion and part, what an answer follows from.

    Args:
        edition: The key of an edition.

    Returns:
        By criterion the rules of its parts; a criterion without parts has one under ``None``. A
        criterion of which a programme cannot speak is left out.

    Examples:
        >>> answer_rules("2025-school")["1a"]["headteacher"].right
        'a backing by the headteacher dated on or after the day on which this version was made'
        >>> sorted(set(answer_rules("2025-school")) - set(answer_rules("2025-college")))
        ['8c']
    """
    written = sorted(_written(edition).items())
    return MappingProxyType({criterion: MappingProxyType(_parts(parts)) for criterion, parts in written})


def _parts(written: str | dict[str, str]) -> dict[str | None, AnswerRule]:
    if isinstance(written, str):
        return {None: _rule(written)}
    return {part: _rule(one) for part, one in written.items()}


def _written(edition: str) -> dict[str, Any]:
    """Return the rules of an edition as written, those of the edition that it is like included."""
    own = dict(_answers()["editions"].get(edition, {}))
    like, without = own.pop("like", None), own.pop("without", ())
    base: dict[str, Any] = {} if like is None else _written(like)
    return {**{key: parts for key, parts in base.items() if key not in without}, **own}


_OF_WORDS = {
    "headteacher": "the headteacher",
    "governors": "the governors",
    "senior_leadership": "the senior leadership",
    "careers_advisers": "careers advisers",
}


def _rule(written: str) -> AnswerRule:
    name, _, of = written.partition(" ")
    fields = dict(_answers()["rules"][name])
    words = _OF_WORDS.get(of, of)
    return AnswerRule(
        name=name,
        of=of or None,
        yes=fields.pop("yes").format(of=words),
        right=fields.pop("right").format(of=words),
        more=MappingProxyType(fields),
    )


@functools.cache
def review_rules() -> Mapping[str, Any]:
    """Return the rules of a review as written: steps, duties, checks, challenges."""
    return MappingProxyType(_read("review"))


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
