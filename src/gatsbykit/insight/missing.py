"""Gaps: who is missing from each criterion, why, and how near each of them is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from gatsbykit.errors import NotFoundError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.insight.examining import Examiner, Part, cohort_of
from gatsbykit.insight.reason_words import REASON_WORDS
from gatsbykit.model.fields import checked
from gatsbykit.plain import plain
from gatsbykit.scoring import DEFAULTS, Settings
from gatsbykit.scoring.reasons import Reason
from gatsbykit.words import counted, day_words, printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Criterion, Edition

__all__ = ["CriterionGaps", "Gap", "Gaps", "find_gaps", "gaps"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Gap:
    """One learner who is missing from a criterion.

    Args:
        learner_id: The learner.
        year_group: The learner's year group, where there are any.
        parts: What is needed, and what there is.
        reasons: Why records of the right kind did not count; empty where there are none.
    """

    learner_id: str
    year_group: int | None
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]

    @property
    def needed(self) -> int:
        """How many things are needed in all, such as four types of provider."""
        return sum(part.needed for part in self.parts)

    @property
    def had(self) -> int:
        """How many of them there are."""
        return self.needed - sum(part.lacking for part in self.parts)

    @property
    def nearness(self) -> Fraction:
        """The share of what is needed that is there."""
        return Fraction(self.had, self.needed)

    @property
    def lacking(self) -> tuple[Part, ...]:
        """What is not there yet."""
        return tuple(part for part in self.parts if not part.is_met)


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionGaps:
    """The learners who are missing from a criterion.

    Args:
        criterion_id: The criterion.
        text: What it asks for.
        denominator: How many learners it is about.
        gaps: One for each missing learner, the nearest first.
    """

    criterion_id: str
    text: str
    denominator: int
    gaps: tuple[Gap, ...]

    @property
    def lacking(self) -> Mapping[str, int]:
        """By what is lacking, how many learners lack it, the most first."""
        found = Counter(part.name for gap in self.gaps for part in gap.lacking)
        return FrozenMapping(dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))))

    @property
    def reasons(self) -> Mapping[Reason, int]:
        """By reason, for how many learners a record of the right kind did not count."""
        found = Counter(reason for gap in self.gaps for reason in gap.reasons)
        return FrozenMapping({reason: found[reason] for reason in Reason if found[reason]})


@attrs.frozen(kw_only=True, field_transformer=checked)
class Gaps:
    """Who is missing from each criterion.

    Args:
        edition: The key of the edition.
        as_of: The date of the assessment.
        criteria: The criteria from which somebody is missing, in order.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> found = gk.gaps(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> [(one.criterion_id, len(one.gaps)) for one in found.criteria]
        [('4a', 347), ('5a', 50), ('6a', 27), ('6b', 8), ('7a', 12), ('7b', 12)]
        >>> nearest = found["7a"].gaps[0]
        >>> nearest.had, nearest.needed, [part.words for part in nearest.lacking]
        (3, 4, ['university'])
    """

    edition: str
    as_of: date
    criteria: tuple[CriterionGaps, ...]

    def __getitem__(self, criterion_id: str) -> CriterionGaps:
        for one in self.criteria:
            if one.criterion_id == criterion_id:
                return one
        raise NotFoundError(f"nobody is missing from {criterion_id!r}, or there is no evidence for it")

    def to_dict(self) -> dict[str, Any]:
        """Return the gaps as plain data, ready for `json`."""
        return {"format": "gatsbykit-gaps/1", **plain(self)}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def gaps(
    records: Records,
    *,
    as_of: date,
    criterion: str | None = None,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
) -> Gaps:
    """Find who is missing from each share criterion, why, and how near each of them is.

    Learners who do not count (not on roll, outside the declared cohort, too old) and those whom a
    criterion is not about have no gaps.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        criterion: The id of the only criterion to look at.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.

    Raises:
        NotFoundError: There is no such criterion, or it is about no learners.
        EditionError: The edition does not exist or is not for this institution.
    """
    examiner = Examiner(records, as_of=as_of, edition=edition, settings=settings)
    return find_gaps(examiner, criterion)


def find_gaps(examiner: Examiner, only: str | None = None) -> Gaps:
    """Find the gaps that an examiner sees, in one criterion or in all."""
    if only is not None:
        cohort_of(examiner.criterion(only))
    return Gaps(
        edition=examiner.edition.key,
        as_of=examiner.plan.as_of,
        criteria=tuple(
            CriterionGaps(
                criterion_id=result.criterion.id,
                text=result.criterion.text,
                denominator=result.tally.denominator,
                gaps=tuple(
                    sorted(
                        (
                            _gap(examiner, result.criterion, examiner.learners[missing])
                            for missing in result.tally.missing
                        ),
                        key=lambda gap: -gap.nearness,
                    )
                ),
            )
            for result in examiner.card.criteria
            if result.tally is not None and result.tally.missing
            if only in {None, result.criterion.id}
        ),
    )


def _gap(examiner: Examiner, criterion: Criterion, learner: Learner) -> Gap:
    found = examiner.examine(criterion, learner)
    reasons = {why.reason for record in found.records for why in record.obstacles}
    return Gap(
        learner_id=learner.learner_id,
        year_group=learner.current_year_group(),
        parts=found.parts,
        reasons=tuple(reason for reason in Reason if reason in reasons),
    )


def _lines(found: Gaps) -> Iterator[str]:
    """Yield the gaps for people, at most 80 columns wide."""
    yield f"Who is missing under {found.edition}, as of {day_words(found.as_of)}"
    if not found.criteria:
        yield "  Nobody, so far as the records go."
    for one in found.criteria:
        yield ""
        head = f"{one.criterion_id}  "
        words = f"{len(one.gaps)} of {counted(one.denominator, 'learner')} missing. {one.text}"
        yield from wrapped(words, " " * len(head), head)
        for gap in one.gaps:
            year = "" if gap.year_group is None else f" (Year {gap.year_group})"
            lacks = printable(", ".join(part.words for part in gap.lacking))
            why = "; ".join(REASON_WORDS[reason] for reason in gap.reasons) or "no record of the right kind"
            words = f"{printable(gap.learner_id)}{year}: {gap.had} of {gap.needed}; lacks {lacks} [{why}]"
            yield from wrapped(words, " " * 8, " " * 4)
