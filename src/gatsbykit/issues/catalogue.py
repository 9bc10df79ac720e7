"""The catalogue of issue codes: severity, stage, words, explanation and source of each, as data."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from gatsbykit.data import read_toml
from gatsbykit.frozen import FrozenMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CodeEntry", "Severity", "Stage", "catalogue"]


class Severity(StrEnum):
    """Whether an issue stops the work."""

    ERROR = "error"
    WARNING = "warning"


class Stage(StrEnum):
    """How far the data came before the issue showed. A later stage sees what an earlier one let through.

    Examples:
        >>> [stage.value for stage in Stage if stage.number < Stage.VALUES.number]
        ['text', 'shape']
    """

    TEXT = "text"
    """Files, encodings, quoting, JSON."""

    SHAPE = "shape"
    """Tables, columns, cells in a row."""

    VALUES = "values"
    """Single values, ids, and what has to be so between the columns of a row."""

    MEANING = "meaning"
    """Whether it makes sense, such as dates beside each other, checklists beside kinds, double entries."""

    SCORING = "scoring"
    """What a score has to leave out or leave open."""

    PROGRAMME = "programme"
    """What a review of a careers programme, or of a group that works on one, finds."""

    EVIDENCE = "evidence"
    """What a document says against itself, and what is doubtful about a programme of training."""

    @property
    def number(self) -> int:
        """Its place in the order."""
        return list(Stage).index(self)


@attrs.frozen(kw_only=True)
class CodeEntry:
    """What the catalogue says of one code.

    Args:
        code: The stable code.
        stage: Where it shows.
        severity: Whether it stops the work.
        message: A template of what is wrong, with the details of the issue in braces.
        expected: A template of what would be right.
        about: What it means and what to do about it.
        source: Where the rule comes from.
        interpretation: Whether the rule is a decision of this project.

    Examples:
        >>> entry = catalogue()["out_of_range"]
        >>> entry.stage, entry.severity
        (<Stage.VALUES: 'values'>, <Severity.ERROR: 'error'>)
        >>> entry.expected.format(least=1, most=14)
        'a whole number from 1 to 14'
    """

    code: str
    stage: Stage = attrs.field(converter=Stage)
    severity: Severity = attrs.field(default=Severity.ERROR, converter=Severity)
    message: str = ""
    expected: str = ""
    about: str
    source: str
    interpretation: bool = False


@functools.cache
def catalogue() -> Mapping[str, CodeEntry]:
    """Return every code that the library reports, by code, in the order of the stages.

    Examples:
        >>> catalogue()["duplicate_id"].message.format(first="row 2")
        'used already in row 2'
    """
    written = read_toml("issues", "codes")
    sources: dict[str, str] = written.pop("sources")
    for fields in written.values():
        fields["source"] = sources[fields["source"]]
    return FrozenMapping({code: CodeEntry(code=code, **fields) for code, fields in written.items()})
