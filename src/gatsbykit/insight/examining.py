"""Looking at one learner's records through one criterion.

The explanation, the gaps, the groups and the plan that closes gaps are all made from what is found
here. What counts is decided by the compiled plan of the engine; this module only asks it why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.errors import NotFoundError
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.fields import checked
from gatsbykit.privacy import shown
from gatsbykit.rules import resolve_edition
from gatsbykit.rules.vocabulary import CohortWho
from gatsbykit.scoring import score
from gatsbykit.scoring.cohorts import Standing, is_chosen, is_in, is_unknown, standing
from gatsbykit.scoring.evidence import strength
from gatsbykit.scoring.plan import compile_plan
from gatsbykit.scoring.reasons import Obstacle, Reason
from gatsbykit.words import day_words, name_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatsbykit.model.destinations import Destination
    from gatsbykit.model.encounters import Participation
    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Cohort, Criterion, Edition
    from gatsbykit.scoring.plan import LeaverRule, Mark, Settings, ShareRule

__all__ = ["Examination", "Examiner", "Membership", "Part", "RecordVerdict", "cohort_of"]


class Membership(StrEnum):
    """Whether a learner is in the population of a criterion, and if not, why."""

    IN = "in"
    NOT_ON_ROLL = "not_on_roll"
    NOT_IN_COHORT = "not_in_cohort"
    TOO_OLD = "too_old"
    NOT_DUE = "not_due"
    TOO_YOUNG = "too_young"
    NOT_CHOSEN = "not_chosen"
    UNKNOWN = "unknown"
    NOT_A_LEAVER = "not_a_leaver"

    @property
    def words(self) -> str:
        """The same in plain English."""
        return _MEMBERSHIP_WORDS[self]


_MEMBERSHIP_WORDS: Final = {
    Membership.IN: "in the population",
    Membership.NOT_ON_ROLL: "not on roll",
    Membership.NOT_IN_COHORT: "outside the declared cohort",
    Membership.TOO_OLD: "over the age",
    Membership.NOT_DUE: "no deadline in this academic year",
    Membership.TOO_YOUNG: "below Year 7",
    Membership.NOT_CHOSEN: "not considering higher education",
    Membership.UNKNOWN: "what decides it is not recorded",
    Membership.NOT_A_LEAVER: "not among the leavers it is about",
}
_STANDINGS: Final = {
    Standing.NOT_ON_ROLL: Membership.NOT_ON_ROLL,
    Standing.NOT_IN_COHORT: Membership.NOT_IN_COHORT,
    Standing.TOO_OLD: Membership.TOO_OLD,
}


@attrs.frozen(kw_only=True, field_transformer=checked)
class RecordVerdict:
    """One record that was looked at, and whether it counted.

    Args:
        record_id: The activity's id; the category for a destination.
        date: Its date.
        title: The activity's title.
        counts_for: The parts of the requirement that it counts for; empty where it does not count.
        obstacles: Why it did not count; empty where it did.
    """

    record_id: str
    date: date
    title: str | None = attrs.field(default=None, repr=False)
    counts_for: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it counted."""
        return not self.obstacles


@attrs.frozen(kw_only=True, field_transformer=checked)
class Part:
    """One thing that a requirement asks of a learner: so many of something.

    Args:
        name: What it is about: a kind of activity, a type of provider, a subject, a year.
        needed: How many are needed.
        had: How many the learner has.
    """

    name: str
    needed: int
    had: int

    @property
    def is_met(self) -> bool:
        """Whether the learner has enough."""
        return self.had >= self.needed

    @property
    def lacking(self) -> int:
        """How many more are needed."""
        return max(self.needed - self.had, 0)

    @property
    def words(self) -> str:
        """What the learner lacks, in a few words."""
        return name_words(self.name) if self.needed == 1 else f"{name_words(self.name)} ({self.lacking} more)"


@attrs.frozen(kw_only=True, field_transformer=checked)
class Examination:
    """What a learner's records come to under one criterion.

    Args:
        records: The records that were looked at, the oldest first.
        parts: What the requirement asks for, and what there is.
        times: By mark of the engine's plan, how many records set it; those that none did are absent.
        subjects: The learner's own subjects that are covered, where each has to be.
    """

    records: tuple[RecordVerdict, ...]
    parts: tuple[Part, ...]
    times: Mapping[int, int] = attrs.field(factory=dict[int, int], hash=False)
    subjects: frozenset[str] = frozenset()

    @property
    def is_met(self) -> bool:
        """Whether the learner meets the requirement."""
        return all(part.is_met for part in self.parts)


class Examiner:
    """Everything that is needed to look at the learners of one institution.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.
    """

    def __init__(
        self, records: Records, *, as_of: date, edition: str | Edition | None, settings: Settings
    ) -> None:
        self.records = records
        self.edition = resolve_edition(records.institution.kind, as_of, edition)
        self.card = score(records, as_of=as_of, edition=self.edition, settings=settings)
        self.plan = compile_plan(self.edition, as_of, settings)
        self.rules = {rule.criterion.id: rule for rule in self.plan.rules}
        self.leaver_rules = {rule.criterion.id: rule for rule in self.plan.leavers}
        self.learners = {learner.learner_id: learner for learner in records.learners or ()}
        self._activities = {activity.activity_id: activity for activity in records.activities or ()}
        self._places: defaultdict[str, list[Participation]] = defaultdict(list)
        for place in records.participations or ():
            self._places[place.learner_id].append(place)
        self._sightings: defaultdict[str, list[Destination]] = defaultdict(list)
        for sighting in dict.fromkeys(records.destinations or ()):
            self._sightings[sighting.learner_id].append(sighting)

    def criterion(self, criterion_id: str) -> Criterion:
        """Return a criterion by its id.

        Raises:
            NotFoundError: There is none.
        """
        return self.edition.criterion(criterion_id)

    def learner(self, learner_id: str) -> Learner:
        """Return a learner by the id.

        Raises:
            NotFoundError: There is none.
        """
        if learner_id not in self.learners:
            raise NotFoundError(f"there is no learner {shown(learner_id)!r} in the records")
        return self.learners[learner_id]

    def membership(self, learner: Learner, criterion: Criterion) -> Membership:
        """Return whether a learner is in the population of a criterion, and if not, why."""
        cohort = cohort_of(criterion)
        kind, as_of = self.records.institution.kind, self.plan.as_of
        if cohort.who is CohortWho.LEAVERS:
            leaves = self.leaver_rules[criterion.id].concerns(learner, kind, as_of)
            return Membership.IN if leaves else Membership.NOT_A_LEAVER
        found = standing(learner, kind, self.edition, as_of)
        if found is not Standing.COUNTED:
            return _STANDINGS[found]
        if not is_in(learner, cohort, by_year_groups=self.plan.by_year_groups, as_of=as_of):
            return Membership.NOT_DUE if cohort.who is CohortWho.DUE else Membership.TOO_YOUNG
        if not is_chosen(learner, cohort):
            return Membership.UNKNOWN if is_unknown(learner, cohort) else Membership.NOT_CHOSEN
        return Membership.IN

    def population(self, criterion: Criterion) -> Iterator[Learner]:
        """Yield the learners in the population of a criterion."""
        for learner in self.records.learners or ():
            if self.membership(learner, criterion) is Membership.IN:
                yield learner

    def membership_words(self, learner: Learner, criterion: Criterion) -> str:
        """Say why a learner is in a population or not, in a few words."""
        cohort = cohort_of(criterion)
        membership = self.membership(learner, criterion)
        if membership is not Membership.IN:
            return membership.words
        if cohort.who is CohortWho.LEAVERS and learner.on_roll_to is not None:
            return f"left on {day_words(learner.on_roll_to)} from Year {learner.current_year_group()}"
        if not self.plan.by_year_groups:
            if cohort.who is CohortWho.DUE and learner.programme_end is not None:
                return f"on roll; the programme ends on {day_words(learner.programme_end)}"
            return "on roll"
        deadline = self.plan.academic_year.last_day
        words = f"on roll; in Year {learner.current_year_group()} on {day_words(self.plan.as_of)}"
        return f"{words}; the deadline is {day_words(deadline)}" if cohort.years else words

    def examine(self, criterion: Criterion, learner: Learner) -> Examination:
        """Look at a learner's records through a share criterion."""
        if criterion.id in self.rules:
            return self._examine_places(self.rules[criterion.id], learner)
        return self._examine_sightings(self.leaver_rules[criterion.id], learner)

    def marks(self, mask: int) -> Iterator[tuple[int, Mark]]:
        """Yield the marks of a mask, with their bits."""
        for position, mark in enumerate(self.plan.marks):
            if mask >> position & 1:
                yield 1 << position, mark

    def _examine_places(self, rule: ShareRule, learner: Learner) -> Examination:
        need = rule.need
        wanted = need.different[1] | need.each_subject
        for _, mask in need.counts:
            wanted |= mask
        marks = tuple(self.marks(wanted))
        kind = marks[0][1].kind
        verdicts: list[RecordVerdict] = []
        times: Counter[int] = Counter()
        subjects: Counter[str] = Counter()
        for place, is_duplicate in self._ranked(learner.learner_id, kind):
            activity = self._activities[place.activity_id]
            found = [
                (bit, mark, (*self.plan.obstacles(mark, activity),
                             *self.plan.place_obstacles(mark, learner, activity, place)))
                for bit, mark in marks
            ]  # fmt: skip
            counts_for: list[str] = []
            obstacles: tuple[Obstacle, ...] = min((why for _, _, why in found), key=len)
            if is_duplicate:
                obstacles = (Obstacle(Reason.DUPLICATE),)
            else:
                for bit, mark, why in found:
                    if why:
                        continue
                    if bit == need.each_subject:
                        own = sorted(activity.subjects & learner.subjects)
                        counts_for += own
                        obstacles = () if own else (Obstacle(Reason.SUBJECT),)
                        for subject in own:
                            subjects[subject] += 1
                    else:
                        counts_for.append(_name(mark))
                        times[bit] += 1
            verdicts.append(
                RecordVerdict(
                    record_id=activity.activity_id,
                    date=activity.date,
                    title=activity.title,
                    counts_for=tuple(counts_for),
                    obstacles=obstacles,
                )
            )
        parts = [
            Part(name=_name(mark), needed=number, had=times[bit])
            for number, mask in need.counts
            for bit, mark in self.marks(mask)
        ]
        number, mask = need.different
        if number:
            had = sum(times[bit] > 0 for bit, _ in self.marks(mask))
            parts.append(Part(name="different_types_of_provider", needed=number, had=had))
        if need.each_subject:
            parts += [Part(name=one, needed=1, had=subjects[one]) for one in sorted(learner.subjects)]
        return Examination(
            records=_by_date(verdicts), parts=tuple(parts), times=times, subjects=frozenset(subjects)
        )

    def _ranked(self, learner_id: str, kind: str) -> Iterator[tuple[Participation, bool]]:
        """Yield a learner's places in activities of a kind, and whether a row as strong replaces them."""
        rows: defaultdict[str, list[Participation]] = defaultdict(list)
        for place in self._places[learner_id]:
            activity = self._activities.get(place.activity_id)
            if activity is not None and kind in activity.kinds:
                rows[place.activity_id].append(place)
        for repeated in rows.values():
            best = max(repeated, key=strength)
            for place in repeated:
                yield place, place is not best

    def _examine_sightings(self, rule: LeaverRule, learner: Learner) -> Examination:
        """Look at what is known of what became of a leaver."""
        left = learner.on_roll_to
        verdicts: list[RecordVerdict] = []
        seen: Counter[int] = Counter()
        for sighting in self._sightings[learner.learner_id]:
            obstacles: list[Obstacle] = []
            if sighting.date > self.plan.as_of:
                obstacles.append(Obstacle(Reason.AFTER_DATE))
            if left is None or sighting.date <= left:
                obstacles.append(Obstacle(Reason.BEFORE_LEAVING))
            if not sighting.is_known:
                obstacles.append(Obstacle(Reason.DESTINATION_UNKNOWN))
            year = AcademicYear.of(sighting.date)
            if not obstacles:
                seen[year.start] += 1
            verdicts.append(
                RecordVerdict(
                    record_id=sighting.category,
                    date=sighting.date,
                    counts_for=() if obstacles else (str(year),),
                    obstacles=tuple(obstacles),
                )
            )
        parts = [Part(name="known_destination_after_leaving", needed=1, had=seen.total())]
        if left is not None:
            parts += [
                Part(name=str(AcademicYear(start)), needed=1, had=seen[start])
                for start in rule.years_asked(left, self.plan.as_of)
            ]
        return Examination(records=_by_date(verdicts), parts=tuple(parts))


def cohort_of(criterion: Criterion) -> Cohort:
    """Return whom a criterion is about.

    Raises:
        NotFoundError: It is answered by the institution.
    """
    if criterion.cohort is None:
        raise NotFoundError(f"{criterion.id} is answered by the institution and is about no learners")
    return criterion.cohort


def _by_date(verdicts: Iterable[RecordVerdict]) -> tuple[RecordVerdict, ...]:
    return tuple(sorted(verdicts, key=lambda one: (one.date, one.record_id, not one.counts)))


def _name(mark: Mark) -> str:
    """Return what a mark is about, in short."""
    if mark.provider_type is not None:
        return mark.provider_type
    return mark.kind if mark.also is None else f"{mark.kind}_that_is_also_a_{mark.also}"
