"""What a page may tell: with learners everything, without them nothing that gives one of them away."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from gatsbykit.insight.disclosure import possible_counts
from gatsbykit.insight.grouping import ATTRIBUTES, PublishedBreakdown, published
from gatsbykit.insight.missing import CriterionGaps, find_gaps
from gatsbykit.rules.grading import share_statuses
from gatsbykit.scoring import Scorecard
from gatsbykit.scoring.scorecard import basis_words
from gatsbykit.words import counted, listed

if TYPE_CHECKING:
    from gatsbykit.insight.examining import Examiner
    from gatsbykit.insight.grouping import PublishedShare
    from gatsbykit.rules import Preset
    from gatsbykit.scoring import BenchmarkResult, CriterionResult, PhaseResult
    from gatsbykit.scoring.plan import ShareRule

__all__ = ["Shown"]


@attrs.frozen
class Shown:
    """Everything that a page is made of, and what of it may be told."""

    card: Scorecard
    tables: tuple[PublishedBreakdown, ...]
    gaps: tuple[CriterionGaps, ...]
    asked: Mapping[str, tuple[str, ...]]
    with_learners: bool
    minimum: int

    @classmethod
    def of(cls, examiner: Examiner, *, with_learners: bool, minimum: int) -> Shown:
        """Take from an examiner what a page is made of; with learners every count may be shown."""
        least = 1 if with_learners else minimum
        return cls(
            examiner.card,
            published(examiner, by=ATTRIBUTES, minimum=least, show_zeros=True).breakdowns,
            find_gaps(examiner).criteria,
            {rule.criterion.id: _asked(examiner, rule) for rule in examiner.plan.rules},
            with_learners,
            least,
        )

    def total(self, criterion_id: str) -> PublishedShare | None:
        """Return the counts of a criterion as far as they may be shown."""
        return next((table.total for table in self.tables if table.criterion_id == criterion_id), None)

    def possible(self, result: CriterionResult) -> range | None:
        """Return how many learners a reader has to think possible to meet a criterion.

        ``None`` stands for any number of any number, where not even the size may be shown.
        """
        tally, shown = result.tally, self.total(result.criterion.id)
        met = 0 if tally is None else tally.numerator
        if tally is None or shown is None or shown.numerator is not None:
            return range(met, met + 1)
        if shown.denominator is None:
            return None
        return possible_counts(met, shown.denominator, self.minimum)

    def shows(self, result: CriterionResult, preset: Preset) -> bool:
        """Whether a result may be shown: only if whatever is possible comes to the same."""
        possible, tally = self.possible(result), result.tally
        if possible is None or tally is None or len(possible) == 1:
            return possible is not None
        size = tally.denominator
        return len({share_statuses(Fraction(count, size))[preset] for count in possible}) == 1

    def shows_all(self, result: BenchmarkResult, preset: Preset) -> bool:
        """Whether the results of all criteria of a benchmark may be shown."""
        return all(self.shows(one, preset) for one in result.criteria)

    def shows_missing(self, criterion_id: str) -> bool:
        """Whether it may be told how many learners are missing from a criterion."""
        total = self.total(criterion_id)
        return total is not None and total.share is not None

    def shows_phase(self, name: str, phase: PhaseResult) -> bool:
        """Whether the result of a phase may be shown; the third counts occasions and not learners."""
        return name == "third" or not 0 < phase.tally.denominator < self.minimum

    def achieved(self, preset: Preset) -> str:
        """Say how many benchmarks are achieved, unless that would tell of one that is hidden."""
        shown = all(self.shows_all(result, preset) for result in self.card.benchmarks)
        return str(self.card.achieved[preset]) if shown else "c"

    def basis(self, result: CriterionResult) -> str:
        """Say what a result rests on, as far as the counts may be shown."""
        tally, possible = result.tally, self.possible(result)
        if possible is not None and len(possible) == 1:
            return basis_words(result)
        if tally is None or possible is None or len(possible) >= self.minimum:
            return "counts hidden"
        size, few = counted(tally.denominator, "learner"), f"fewer than {self.minimum}"
        return f"{few} of {size} meet it" if possible.start == 1 else f"{few} of {size} missing"

    def counts(self, numbers: Mapping[str, int], missing: int) -> str:
        """List what there is, with counts if none of them is small, nor what any leaves of the missing."""
        left = [missing - number for number in numbers.values() if number != missing]
        if min(*numbers.values(), *left, missing) >= self.minimum:
            return listed(f"{words} ({counted(number, 'learner')})" for words, number in numbers.items())
        return listed(numbers)

    def at_least(self, count: int) -> str:
        """Show a number of records: each may be one learner's."""
        return str(count) if count >= self.minimum else f"fewer than {self.minimum}"


def _asked(examiner: Examiner, rule: ShareRule) -> tuple[str, ...]:
    """Return what a criterion asks of everybody alike."""
    anybody = next(iter(examiner.learners.values()), None)
    if anybody is None or rule.need.each_subject:
        return ()
    return tuple(part.name for part in examiner.examine(rule.criterion, anybody).parts)
