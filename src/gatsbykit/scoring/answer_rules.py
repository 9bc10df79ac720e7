"""What the shipped data say of the answers that follow from a careers programme."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs

from gatsbykit.model.fields import checked

__all__ = ["AnswerRule", "answer_rules", "asked_years", "interpretation"]


@attrs.frozen(kw_only=True, field_transformer=checked)
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


@functools.cache
def _answers() -> dict[str, Any]:
    text = files("gatsbykit.scoring").joinpath("data", "programme_answers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


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


def asked_years() -> tuple[int, ...]:
    """Return the year groups that are asked for where nobody says which there are."""
    return tuple(_answers()["years_asked"])
