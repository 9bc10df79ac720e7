"""Many questions about one institution, scored once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatsbykit.insight.closing import ClosingPlan, find_closing_plan
from gatsbykit.insight.disclosure import MINIMUM
from gatsbykit.insight.examining import Examiner
from gatsbykit.insight.explaining import Explanation, find_explanation
from gatsbykit.insight.grouping import (
    ATTRIBUTES,
    TOO_FEW,
    By,
    Groups,
    PublishedGroups,
    find_groups,
    published,
)
from gatsbykit.insight.missing import Gaps, find_gaps
from gatsbykit.scoring.plan import DEFAULTS, Settings

if TYPE_CHECKING:
    from datetime import date

    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Edition
    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["Inquiry", "examine"]


class Inquiry:
    """An institution that was scored once, and the questions that can be asked of it.

    Get one from `examine`. Every answer is the one that the function of the same name gives.
    """

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

    @property
    def card(self) -> Scorecard:
        """The scorecard."""
        return self._examiner.card

    def explain(self, criterion_id: str, *, learner: str | None = None) -> Explanation:
        """Explain what came out for a criterion, and for one of its learners; see `explain`."""
        return find_explanation(self._examiner, criterion_id, learner)

    def gaps(self, criterion: str | None = None) -> Gaps:
        """Find who is missing from one share criterion or from all; see `gaps`."""
        return find_gaps(self._examiner, criterion)

    def groups(self, by: By = ATTRIBUTES, *, least: int = TOO_FEW) -> Groups:
        """Break the share criteria down by attributes of the learners; see `groups`."""
        return find_groups(self._examiner, by=by, least=least)

    def publish_groups(
        self, by: By = ATTRIBUTES, *, minimum: int = MINIMUM, show_zeros: bool = False
    ) -> PublishedGroups:
        """Break the share criteria down for publication; see `publish_groups`."""
        return published(self._examiner, by=by, minimum=minimum, show_zeros=show_zeros)

    def closing_plan(self) -> ClosingPlan:
        """Plan a short list of activities that close the gaps; see `closing_plan`."""
        return find_closing_plan(self._examiner)

    def __repr__(self) -> str:
        return f"<Inquiry into {self.card!r}>"


def examine(
    records: Records,
    *,
    as_of: date,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
) -> Inquiry:
    """Score an institution once, to ask several questions about it.

    Args:
        records: The institution's records; nothing in them is changed.
        as_of: The date of the assessment.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.

    Returns:
        What answers: ``.card``, ``.explain()``, ``.gaps()``, ``.groups()``, ``.closing_plan()``.

    Raises:
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.examine(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> school.card["6a"].numerator, len(school.gaps("6a").criteria[0].gaps)
        (131, 27)
        >>> school.explain("6a").arithmetic[0]
        '131 of 158 learners meet it (82.9 %); 27 are missing.'
    """
    return Inquiry(Examiner(records, as_of=as_of, edition=edition, settings=settings))
