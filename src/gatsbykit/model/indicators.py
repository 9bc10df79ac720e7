"""Impact indicators: what is asked, counted and not said."""

from __future__ import annotations

from enum import StrEnum

import attrs

from gatsbykit.model.attributes import read_or_refuse

__all__ = ["Better", "Indicator", "Level", "Origin"]


class Better(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"
    """Neither is."""


class Origin(StrEnum):
    """Where an indicator comes from."""

    RECORDS = "records"
    PUBLISHED = "published"
    SURVEY = "survey"


class Level(StrEnum):
    """Of what an indicator can be said."""

    SCHOOL = "school"
    COLLEGE = "college"
    NATIONAL = "national"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Indicator:
    """One indicator of impact.

    Args:
        id: A stable id.
        question: What it asks.
        unit: What its number is of.
        numerator: What is counted.
        denominator: Of what.
        better: Which way is better.
        origins: Where it comes from.
        levels: Of what it can be said.
        pitfalls: What goes wrong with it most easily.
        sources: Where the question comes from.
        interpretation: What is ours in it.
    """

    id: str
    question: str
    unit: str
    numerator: str
    denominator: str | None = None
    better: Better
    origins: tuple[Origin, ...]
    levels: tuple[Level, ...]
    pitfalls: tuple[str, ...]
    sources: tuple[str, ...]
    interpretation: str
