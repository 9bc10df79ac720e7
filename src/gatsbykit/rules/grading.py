"""From counts and answers to statuses: presets, criteria, benchmarks, percentages."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.answers import Answer, Band, DeclaredShare, PartAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gatsbykit.model.answers import DeclaredAnswer
    from gatsbykit.rules.vocabulary import Criterion

__all__ = [
    "PRESETS",
    "BenchmarkStatus",
    "CriterionStatus",
    "PhaseStatus",
    "Preset",
    "Status",
    "Tone",
    "benchmark_percent",
    "benchmark_status",
    "declared_share",
    "declared_status",
    "everywhere",
    "fits",
    "share_statuses",
]


class Preset(StrEnum):
    """How much of a cohort is enough, from the strictest to the loosest.

    These are named readings of the benchmarks' "every"; none of them is anybody's official score.
    """

    EVERY_PUPIL = "every_pupil"
    ALMOST_ALL = "almost_all"
    LEGACY = "legacy"

    @property
    def threshold(self) -> Fraction:
        """The least share that is enough."""
        return _THRESHOLDS[self]


_THRESHOLDS: Final = {
    Preset.EVERY_PUPIL: Fraction(1),
    Preset.ALMOST_ALL: Fraction(91, 100),
    Preset.LEGACY: Fraction(76, 100),
}
PRESETS: Final = tuple(Preset)
"""All presets, the strictest first."""


class Tone(StrEnum):
    """How good a result is: for colours and the like, which must never say it alone."""

    GOOD = "good"
    PARTLY = "partly"
    BAD = "bad"
    NONE = "none"
    """Neither good nor bad."""


class Status(StrEnum):
    """A result, with the words that people read for it everywhere."""

    @property
    def words(self) -> str:
        """In plain English.

        Examples:
            >>> BenchmarkStatus.PARTIALLY_ACHIEVED.words, CriterionStatus.NOT_APPLICABLE.words
            ('partly achieved', 'does not apply')
        """
        return _STATUSES[self][0]

    @property
    def short(self) -> str:
        """In a word, for the narrow columns of a table."""
        return _STATUSES[self][1]

    @property
    def sign(self) -> str:
        """As one character, to be seen at a glance beside the words."""
        return _STATUSES[self][2]

    @property
    def tone(self) -> Tone:
        """How good it is."""
        return _STATUSES[self][3]


_STATUSES: Final[Mapping[str, tuple[str, str, str, Tone]]] = {
    "met": ("met", "met", "✓", Tone.GOOD),
    "not_met": ("not met", "no", "✗", Tone.BAD),
    "achieved": ("achieved", "achieved", "✓", Tone.GOOD),
    "partially_achieved": ("partly achieved", "partly", "◐", Tone.PARTLY),
    "not_achieved": ("not achieved", "no", "✗", Tone.BAD),
    "open": ("still open", "open", "◐", Tone.PARTLY),
    "not_assessed": ("not assessed", "unknown", "?", Tone.NONE),
    "not_applicable": ("does not apply", "n/a", "-", Tone.NONE),
}


class CriterionStatus(Status):
    """What came out for a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"


class BenchmarkStatus(Status):
    """What came out for a benchmark."""

    ACHIEVED = "achieved"
    PARTIALLY_ACHIEVED = "partially_achieved"
    NOT_ACHIEVED = "not_achieved"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"


def everywhere(status: CriterionStatus) -> Mapping[str, CriterionStatus]:
    """Return the same status at every preset."""
    return FrozenMapping(dict.fromkeys(PRESETS, status))


def share_statuses(share: Fraction) -> Mapping[str, CriterionStatus]:
    """Return whether a share is enough, by preset.

    Examples:
        >>> [str(status) for status in share_statuses(Fraction(91, 100)).values()]
        ['not_met', 'met', 'met']
    """
    return FrozenMapping(
        {
            preset: CriterionStatus.MET if share >= preset.threshold else CriterionStatus.NOT_MET
            for preset in PRESETS
        }
    )


def declared_share(answer: DeclaredAnswer | None) -> Fraction | None:
    """Return the share that a declared band or share counts as."""
    match answer:
        case Band():
            return answer.lower_bound
        case DeclaredShare():
            return answer.share
        case _:
            return None


def fits(criterion: Criterion, answer: DeclaredAnswer) -> bool:
    """Return whether an answer is of the criterion's own type: parts, an answer, a band or a share."""
    if criterion.type == "share":
        return declared_share(answer) is not None
    if criterion.parts:
        return isinstance(answer, PartAnswers) and answer.parts.keys() <= set(criterion.parts)
    return isinstance(answer, Answer)


def declared_status(criterion: Criterion, answer: DeclaredAnswer | None) -> CriterionStatus:
    """Return what an answer to a declared criterion comes to; in progress is not yet met."""
    answers: Sequence[Answer | None]
    if isinstance(answer, PartAnswers):
        answers = [answer.parts.get(part) for part in criterion.parts]
    else:
        answers = [answer if isinstance(answer, Answer) else None]
    if any(given in {Answer.NO, Answer.IN_PROGRESS} for given in answers):
        return CriterionStatus.NOT_MET
    return CriterionStatus.NOT_ASSESSED if None in answers else CriterionStatus.MET


def _applicable(statuses: Iterable[CriterionStatus]) -> list[CriterionStatus]:
    return [status for status in statuses if status is not CriterionStatus.NOT_APPLICABLE]


def benchmark_status(statuses: Iterable[CriterionStatus]) -> BenchmarkStatus:
    """Return what the statuses of its criteria make of a benchmark.

    Examples:
        >>> met, not_met, unclear = (
        ...     CriterionStatus.MET, CriterionStatus.NOT_MET, CriterionStatus.NOT_ASSESSED
        ... )
        >>> benchmark_status([met, unclear]).value, benchmark_status([not_met, unclear]).value
        ('partially_achieved', 'not_assessed')
    """
    applicable = _applicable(statuses)
    if not applicable:
        return BenchmarkStatus.NOT_APPLICABLE
    if all(status is CriterionStatus.MET for status in applicable):
        return BenchmarkStatus.ACHIEVED
    if CriterionStatus.MET in applicable:
        return BenchmarkStatus.PARTIALLY_ACHIEVED
    if CriterionStatus.NOT_ASSESSED in applicable:
        return BenchmarkStatus.NOT_ASSESSED
    return BenchmarkStatus.NOT_ACHIEVED


def benchmark_percent(statuses: Iterable[CriterionStatus]) -> int | None:
    """Return the percentage of applicable criteria that are met, rounded down."""
    applicable = _applicable(statuses)
    return 100 * applicable.count(CriterionStatus.MET) // len(applicable) if applicable else None


class PhaseStatus(Status):
    """What came out for a phase of the provider access law."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    """There is still time, and not everybody meets it yet."""

    NOT_APPLICABLE = "not_applicable"
