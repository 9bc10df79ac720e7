"""What learners intend, what became of it, and whether guidance was followed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.issues import Issue
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.model.intentions import Certainty, Intention, Pathway
from gatsbykit.outcomes.sustained import CohortOutcomes, Outcome
from gatsbykit.outcomes.tracking import Share

if TYPE_CHECKING:
    import datetime

    from gatsbykit.model.follow_ups import FollowUp
    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records

__all__ = [
    "Flow",
    "Needs",
    "current_intentions",
    "flow",
    "intentions_known",
    "needs",
    "with_considering_he",
]


def current_intentions(intentions: Iterable[Intention], *, as_of: datetime.date) -> Mapping[str, Intention]:
    """Return each learner's last intention up to a day; of several on one day, the one that stands last.

    Examples:
        >>> from datetime import date
        >>> series = [
        ...     Intention(learner_id="L1", date=date(2025, 11, 3), pathway="university"),
        ...     Intention(learner_id="L1", date=date(2025, 2, 3), pathway="undecided"),
        ...     Intention(learner_id="L1", date=date(2026, 2, 3), pathway="apprenticeship"),
        ... ]
        >>> current_intentions(series, as_of=date(2025, 12, 31))["L1"].pathway.value
        'university'
    """
    found: dict[str, Intention] = {}
    for one in intentions:
        before = found.get(one.learner_id)
        if one.date <= as_of and (before is None or one.date >= before.date):
            found[one.learner_id] = one
    return MappingProxyType(found)


def intentions_known(
    learner_ids: Iterable[str], intentions: Iterable[Intention], *, as_of: datetime.date
) -> Share:
    """Count the learners with an intention recorded in the academic year, undecided included.

    An older intention is stale and does not count.

    Examples:
        >>> from datetime import date
        >>> series = [Intention(learner_id="L1", date=date(2025, 2, 3), pathway="university")]
        >>> intentions_known(["L1"], series, as_of=date(2025, 9, 1)).count
        0
    """
    ids = dict.fromkeys(learner_ids)
    current = current_intentions(intentions, as_of=as_of)
    year = AcademicYear.of(as_of)
    count = sum(learner in current and current[learner].date in year for learner in ids)
    return Share(count=count, base=len(ids))


_NO_UNIVERSITY: Final = frozenset({Pathway.APPRENTICESHIP, Pathway.EMPLOYMENT, Pathway.TRAINING})


def considers_he(intention: Intention) -> bool | None:
    """Return whether an intention says that a learner considers higher education.

    University is a yes; a firm intention of an apprenticeship, a job or training is a no; anything
    else says neither (interpretation).

    Examples:
        >>> from datetime import date
        >>> day = date(2025, 11, 3)
        >>> considers_he(Intention(learner_id="L1", date=day, pathway="college")) is None
        True
    """
    if intention.pathway is Pathway.UNIVERSITY:
        return True
    firm = intention.certainty is Certainty.FIRM
    return False if firm and intention.pathway in _NO_UNIVERSITY else None


def with_considering_he(
    records: Records, intentions: Iterable[Intention], *, as_of: datetime.date
) -> Records:
    """Fill `considering_he` from current intentions where it is blank, with a warning that says so.

    What the institution recorded is never changed.

    Args:
        records: The records; nothing in them is changed.
        intentions: The intentions.
        as_of: The date of the assessment.

    Returns:
        Records with what was filled in, and a note of how often.
    """
    current = current_intentions(intentions, as_of=as_of)
    filled = 0

    def fill(learner: Learner) -> Learner:
        nonlocal filled
        found = current.get(learner.learner_id)
        said = None if found is None or learner.considering_he is not None else considers_he(found)
        if said is None:
            return learner
        filled += 1
        return attrs.evolve(learner, considering_he=said)

    learners = None if records.learners is None else tuple(map(fill, records.learners))
    if not filled:
        return records
    note = Issue(code="considering_he_from_intentions", count=filled)
    return attrs.evolve(records, learners=learners, notes=(*records.notes, note))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Flow:
    """What became of intentions.

    Args:
        cohort_year: The academic year in which the learners left.
        counts: By what was intended and what came out, how many; no intention is ``None``.
    """

    cohort_year: AcademicYear
    counts: Mapping[tuple[Pathway | None, Outcome], int] = attrs.field(hash=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _flow, (self.cohort_year, dict(self.counts))

    @property
    def base(self) -> int:
        """How many leavers there are."""
        return sum(self.counts.values())

    @property
    def pathways(self) -> tuple[Pathway | None, ...]:
        """What was intended by anybody, in the order of the pathways, no intention last."""
        there = {pathway for pathway, _ in self.counts}
        return tuple(pathway for pathway in (*Pathway, None) if pathway in there)

    def count(self, pathway: Pathway | None, outcome: Outcome | None = None) -> int:
        """Return how many intended something, and of them for how many something came out."""
        return sum(
            times
            for (intended, became), times in self.counts.items()
            if intended == pathway and (outcome is None or became is outcome)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the flow as plain data."""
        return {
            "cohort_year": str(self.cohort_year),
            "counts": [
                {
                    "intended": None if pathway is None else str(pathway),
                    "outcome": str(outcome),
                    "count": count,
                }
                for (pathway, outcome), count in self.counts.items()
            ],
        }

    def __str__(self) -> str:
        lines = [f"Leavers of {self.cohort_year}: {self.base:,}"]
        for pathway in self.pathways:
            parts = [
                f"{self.count(pathway, outcome):,} {outcome.replace('_', ' ')}"
                for outcome in Outcome
                if self.count(pathway, outcome)
            ]
            name = "no intention recorded" if pathway is None else pathway.replace("_", " ")
            lines.append(f"  {name} ({self.count(pathway):,}): {', '.join(parts)}")
        return "\n".join(lines)


def _flow(cohort_year: AcademicYear, counts: Mapping[tuple[Pathway | None, Outcome], int]) -> Flow:
    """Make a flow again in another process; its mapping does not travel as it is."""
    return Flow(cohort_year=cohort_year, counts=MappingProxyType(dict(counts)))


def flow(intentions: Iterable[Intention], outcomes: CohortOutcomes) -> Flow:
    """Return what became of the last intentions before the leavers left.

    Args:
        intentions: The intentions.
        outcomes: What came out.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.outcomes.sustained import cohort_outcomes
        >>> series = [Intention(learner_id="L1", date=date(2024, 3, 1), pathway="college")]
        >>> print(flow(series, cohort_outcomes(["L1", "L2"], [], cohort_year=AcademicYear(2023))))
        Leavers of 2023/24: 2
          college (1): 1 not captured
          no intention recorded (1): 1 not captured
    """
    current = current_intentions(intentions, as_of=outcomes.cohort_year.last_day)
    counts: Counter[tuple[Pathway | None, Outcome]] = Counter()
    for one in outcomes.outcomes:
        intention = current.get(one.learner_id)
        counts[None if intention is None else intention.pathway, one.outcome] += 1
    return Flow(cohort_year=outcomes.cohort_year, counts=MappingProxyType(dict(counts)))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Needs:
    """What became of needs that guidance saw.

    Args:
        with_need: The learners with a need.
        with_action: Those with an action for every need.
        without_action: Those with a need that nothing is to be done about.
        overdue: The ids of follow-ups whose day is past.
        done: How many follow-ups are done.
        total: How many follow-ups there are.
    """

    with_need: tuple[str, ...] = attrs.field(repr=False)
    with_action: tuple[str, ...] = attrs.field(repr=False)
    without_action: tuple[str, ...] = attrs.field(repr=False)
    overdue: tuple[str, ...] = attrs.field(repr=False)
    done: int
    total: int

    @property
    def met(self) -> Share:
        """Of how many learners with a need every need has an action."""
        return Share(count=len(self.with_action), base=len(self.with_need))


def needs(follow_ups: Iterable[FollowUp], *, as_of: datetime.date) -> Needs:
    """Return what became of needs; dropped ones are neither met nor open.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.follow_ups import FollowUp
        >>> found = needs([FollowUp(id="F1", learner_id="L1", need="n")], as_of=date(2026, 1, 1))
        >>> found.without_action, found.met.count
        (('L1',), 0)
    """
    every = tuple(follow_ups)
    live = [one for one in every if one.state != "dropped"]
    learners = dict.fromkeys(one.learner_id for one in live)
    without = {one.learner_id for one in live if not one.has_action}
    return Needs(
        with_need=tuple(learners),
        with_action=tuple(learner for learner in learners if learner not in without),
        without_action=tuple(learner for learner in learners if learner in without),
        overdue=tuple(one.id for one in live if one.is_overdue(as_of)),
        done=sum(one.is_done(as_of) for one in every),
        total=len(every),
    )
