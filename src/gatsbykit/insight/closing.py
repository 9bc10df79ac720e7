"""What would close the gaps: hypothetical activities, and a short list of those that help most.

Everything here works on copies: the records are never touched. A planned activity is dated at the
day of the assessment, attended by everybody it is for, and filled in as the edition asks.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from gatsbykit.errors import NotFoundError, RecordsError
from gatsbykit.frozen import FrozenMapping
from gatsbykit.insight.examining import Examiner
from gatsbykit.model.encounters import Activity, ActivityKind, Participation, ProviderType
from gatsbykit.model.fields import checked
from gatsbykit.plain import plain
from gatsbykit.privacy import shown, shown_id
from gatsbykit.rules import CriterionStatus
from gatsbykit.rules.grading import PRESETS
from gatsbykit.scoring import DEFAULTS, Scorecard, Settings, score
from gatsbykit.scoring.evidence import Evidence, mark_activity
from gatsbykit.scoring.plan import adviser_level
from gatsbykit.words import counted, day_words, listed, name_words, printable, wrapped, years_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Edition, EncounterRequirement
    from gatsbykit.scoring.evidence import Marked
    from gatsbykit.scoring.plan import Plan, ShareRule

__all__ = [
    "ClosingPlan",
    "CriterionCount",
    "Lack",
    "PlannedActivity",
    "closing_plan",
    "what_if",
    "with_activities",
]


_TOGETHER: Final = (
    frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.CURRICULUM_LINK}),
    frozenset({ActivityKind.EMPLOYER_ENCOUNTER, ActivityKind.WORKPLACE_EXPERIENCE}),
    frozenset({ActivityKind.LABOUR_MARKET_INFORMATION, ActivityKind.GUIDANCE_MEETING}),
)
"""Kinds that one activity can well be at once: an employer in a lesson, a workplace where learners
meet those who work there, a guidance meeting that uses labour market information. Ours."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class CriterionCount:
    """Where a criterion would stand.

    Args:
        criterion_id: The criterion.
        numerator: How many learners would meet it.
        denominator: How many it is about.
        status: By preset, what would come out.
    """

    criterion_id: str
    numerator: int
    denominator: int
    status: Mapping[str, CriterionStatus] = attrs.field(hash=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class PlannedActivity:
    """An activity that would help, and whom.

    Args:
        activity: The activity, with a made-up id.
        learner_ids: Those whom it is for.
        year_groups: Their year groups, where there are any.
        supplies: By criterion, how many of its learners get something that they lack.
        counts: Where the criteria that it moves would stand after it and all those before it.
    """

    activity: Activity
    learner_ids: tuple[str, ...]
    year_groups: tuple[int, ...]
    supplies: Mapping[str, int] = attrs.field(hash=False)
    counts: tuple[CriterionCount, ...]

    @property
    def words(self) -> str:
        """What it is and whom it is for, in a sentence without a full stop."""
        kinds = listed(name_words(kind) for kind in sorted(self.activity.kinds))
        words = kinds[0].upper() + kinds[1:]
        if self.activity.provider_types:
            words += f" with {listed(name_words(one) for one in sorted(self.activity.provider_types))}"
        if self.activity.site_visit:
            words += ", on the provider's site"
        if self.activity.subjects:
            words += f", in {listed(name_words(one) for one in sorted(self.activity.subjects))}"
        whom = f" in {years_words(self.year_groups)}" if self.year_groups else ""
        return f"{words}, for {counted(len(self.learner_ids), 'learner')}{whom}"


@attrs.frozen(kw_only=True, field_transformer=checked)
class ClosingPlan:
    """A short list of activities that would close the gaps that activities can close.

    Args:
        edition: The key of the edition.
        as_of: The date of the assessment, and of the planned activities.
        activities: The activities, the one that helps most first.
        before: Where the share criteria with evidence stand.
        after: Where they would stand after all of it: what the plan promises.
        left_open: By criterion, the learners who would still be missing: what they lack is not an
            activity (leavers' destinations), or they cannot take part yet.
        one_by_one: How many activities it would take to close one criterion after the other.
    """

    edition: str
    as_of: date
    activities: tuple[PlannedActivity, ...]
    before: tuple[CriterionCount, ...]
    after: tuple[CriterionCount, ...]
    left_open: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)
    one_by_one: int

    def apply_to(self, records: Records) -> Records:
        """Return records to which the planned activities are added; the given ones stay as they are."""
        return with_activities(records, [(one.activity, one.learner_ids) for one in self.activities])

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain data, ready for `json`."""
        return {"format": "gatsbykit-plan/1", **plain(self)}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def what_if(
    records: Records,
    activity: Activity,
    learners: Iterable[str],
    *,
    as_of: date,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
) -> Scorecard:
    """Score an institution as if some of its learners had attended one more activity.

    Args:
        records: The institution's records; nothing in them is changed.
        activity: The activity; its id must be new. Dated after `as_of` it counts for nothing.
        learners: The ids of those who would attend.
        as_of: The date of the assessment.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.

    Raises:
        NotFoundError: A learner is not in the records.
        RecordsError: The id of the activity is taken.
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school, day = gk.load("examples/northfield"), date(2026, 7, 10)
        >>> fair = gk.Activity(
        ...     activity_id="an idea", date=day, kinds={"provider_encounter"}, meaningful=True,
        ...     provider_types={"university", "sixth_form"},
        ... )
        >>> before = gk.score(school, as_of=day)["7a"]
        >>> after = gk.what_if(school, fair, before.missing, as_of=day)["7a"]
        >>> before.numerator, after.numerator, after.denominator
        (146, 158, 158)
    """
    attending = tuple(learners)
    known = {learner.learner_id for learner in records.learners or ()}
    unknown = sorted({*attending} - known)
    if unknown:
        raise NotFoundError(f"there are no such learners in the records: {', '.join(map(shown, unknown))}")
    if any(one.activity_id == activity.activity_id for one in records.activities or ()):
        raise RecordsError(f"the id {shown_id(activity.activity_id)} is taken by an activity of the records")
    return score(
        with_activities(records, [(activity, attending)]), as_of=as_of, edition=edition, settings=settings
    )


def with_activities(records: Records, added: Iterable[tuple[Activity, Iterable[str]]]) -> Records:
    """Return records with activities that some learners attended."""
    added = [(activity, tuple(learner_ids)) for activity, learner_ids in added]
    if records.learners is None or not added:
        return records
    return attrs.evolve(
        records,
        activities=(*(records.activities or ()), *(activity for activity, _ in added)),
        participations=(
            *(records.participations or ()),
            *(
                Participation(activity.activity_id, learner_id)
                for activity, learner_ids in added
                for learner_id in learner_ids
            ),
        ),
    )


def closing_plan(
    records: Records, *, as_of: date, edition: str | Edition | None = None, settings: Settings = DEFAULTS
) -> ClosingPlan:
    """Plan a short list of activities that close the gaps.

    Candidates are activities of one kind, or of kinds that go well together, with the types of
    provider, subjects and site visit that missing learners lack. The one that supplies most is
    chosen again and again until nothing is left that an activity can supply. Closing one criterion
    after the other is tried as well, and whichever takes fewer activities (then fewer places) is
    returned. What one activity can be at once is our judgement, no rule of the benchmarks.

    Args:
        records: The institution's records; nothing in them is changed.
        as_of: The date of the assessment.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.

    Raises:
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school, day = gk.load("examples/northfield"), date(2026, 7, 10)
        >>> plan = gk.closing_plan(school, as_of=day)
        >>> len(plan.activities) <= plan.one_by_one
        True
        >>> gk.score(plan.apply_to(school), as_of=day)["6a"].numerator
        158
    """
    return find_closing_plan(Examiner(records, as_of=as_of, edition=edition, settings=settings))


def find_closing_plan(examiner: Examiner) -> ClosingPlan:
    """Plan how to close the gaps that an examiner sees."""
    records, as_of, settings = examiner.records, examiner.plan.as_of, examiner.plan.settings
    greedy = _greedy(examiner)
    naive = _one_by_one(examiner)
    chosen = min((greedy, naive), key=lambda steps: (len(steps), sum(len(who) for _, who, _ in steps)))
    before = examiner.card
    activities: list[PlannedActivity] = []
    reached = before
    done: list[tuple[Activity, tuple[str, ...]]] = []
    for activity, learner_ids, supplies in chosen:
        done.append((activity, learner_ids))
        now = score(with_activities(records, done), as_of=as_of, edition=examiner.edition, settings=settings)
        years = {examiner.learners[one].current_year_group() for one in learner_ids}
        activities.append(
            PlannedActivity(
                activity=activity,
                learner_ids=learner_ids,
                year_groups=tuple(sorted(year for year in years if year is not None))
                if examiner.plan.by_year_groups
                else (),
                supplies=supplies,
                counts=tuple(one for one in _counts(now) if one.criterion_id in supplies),
            )
        )
        reached = now
    return ClosingPlan(
        edition=examiner.edition.key,
        as_of=as_of,
        activities=tuple(activities),
        before=tuple(_counts(before)),
        after=tuple(_counts(reached)),
        left_open=FrozenMapping(
            {result.criterion.id: result.missing for result in reached.criteria if result.missing}
        ),
        one_by_one=len(naive),
    )


def _counts(card: Scorecard) -> Iterator[CriterionCount]:
    for result in card.criteria:
        if result.tally is not None:
            yield CriterionCount(
                criterion_id=result.criterion.id,
                numerator=result.tally.numerator,
                denominator=result.tally.denominator,
                status=result.status,
            )


_Step = tuple[Activity, tuple[str, ...], Mapping[str, int]]


class Lack:
    """What one learner still lacks for one criterion."""

    __slots__ = ("different", "evidence", "learner", "rule", "subjects", "times")

    def __init__(self, examiner: Examiner, rule: ShareRule, learner: Learner) -> None:
        self.rule = rule
        self.learner = learner
        self.evidence = Evidence(learner, examiner.plan)
        found = examiner.examine(rule.criterion, learner)
        self.times = {
            bit: max(number - found.times.get(bit, 0), 0)
            for number, mask in rule.need.counts
            for bit, _ in examiner.marks(mask)
        }
        number, mask = rule.need.different
        unmet = {bit for bit, _ in examiner.marks(mask) if bit not in found.times}
        had = mask.bit_count() - len(unmet)
        self.different = (max(number - had, 0), sum(unmet))
        self.subjects = learner.subjects - found.subjects if rule.need.each_subject else frozenset[str]()

    def supply(self, plan: Plan, marked: Marked, *, take: bool = False) -> int:
        """Return how many of the things that are lacking an activity supplies; `take` them, if wanted."""
        place = Participation(marked.activity.activity_id, self.learner.learner_id)
        bits = self.evidence.bits_of(plan, place, marked)
        supplied = [bit for bit, lacking in self.times.items() if lacking and bits & bit]
        number, mask = self.different
        types = min(number, (bits & mask).bit_count())
        subjects = (
            self.subjects & marked.activity.subjects if bits & self.rule.need.each_subject else set[str]()
        )
        if take:
            for bit in supplied:
                self.times[bit] -= 1
            self.different = (number - types, mask & ~bits)
            self.subjects = self.subjects - subjects
        return len(supplied) + types + len(subjects)

    def is_open(self) -> bool:
        """Whether anything is lacking."""
        return any(self.times.values()) or self.different[0] > 0 or bool(self.subjects)


@attrs.frozen
class _Design:
    """What an activity would have to be to supply what some learners lack."""

    kinds: frozenset[ActivityKind]
    site_visit: bool
    provider_types: frozenset[ProviderType] = frozenset()
    subjects: frozenset[str] = frozenset()


class _Planner:
    """Chooses activities one by one and keeps account of what is lacking."""

    def __init__(self, examiner: Examiner) -> None:
        self.examiner = examiner
        self.plan = examiner.plan
        self.steps: list[_Step] = []
        self.taken = {activity.activity_id for activity in examiner.records.activities or ()}
        self.lacks = [
            Lack(examiner, rule, examiner.learners[learner_id])
            for rule in examiner.plan.rules
            for learner_id in examiner.card[rule.criterion.id].missing or ()
        ]

    def open_rules(self) -> list[ShareRule]:
        """Return the criteria of which somebody lacks something."""
        still = {lack.rule.criterion.id for lack in self.lacks if lack.is_open()}
        return [rule for rule in self.plan.rules if rule.criterion.id in still]

    def design(self, rule: ShareRule) -> _Design:
        """Return what an activity for one criterion would be."""
        required = cast("EncounterRequirement", rule.criterion.encounters)
        lacks = [lack for lack in self.lacks if lack.rule is rule and lack.is_open()]
        types: set[ProviderType] = set()
        for lack in lacks:
            wanted = sum(bit for bit, lacking in lack.times.items() if lacking)
            types |= {mark.provider_type for _, mark in self.examiner.marks(wanted) if mark.provider_type}
        if required.different_types:
            types |= self._different_types(lacks)
        subjects = {subject for lack in lacks for subject in lack.subjects}
        if required.subjects is not None:
            studied = Counter(subject for lack in lacks for subject in lack.learner.subjects)
            choice = sorted(self.examiner.edition.subject_lists[required.subjects])
            subjects = {max(choice, key=lambda subject: studied[subject])}
        kinds = {required.kind} if required.one_also is None else {required.kind, required.one_also}
        return _Design(
            kinds=frozenset(kinds),
            site_visit=required.site_visit,
            provider_types=frozenset(types),
            subjects=frozenset(subjects),
        )

    def _different_types(self, lacks: list[Lack]) -> set[ProviderType]:
        """Return a few types of provider, as many as everybody needs to have met different ones."""
        chosen: set[ProviderType] = set()
        while True:
            wanted: Counter[ProviderType] = Counter()
            for lack in lacks:
                number, mask = lack.different
                types = {mark.provider_type for _, mark in self.examiner.marks(mask) if mark.provider_type}
                if len(types & chosen) < number:
                    wanted.update(types - chosen)
            if not wanted:
                return chosen
            chosen.add(max(ProviderType, key=lambda one: wanted[one]))

    def candidates(self) -> Iterator[_Design]:
        """Yield activities of one kind, or of kinds that go well together, for all who lack them."""
        designs = [self.design(rule) for rule in self.open_rules()]
        pool = dict.fromkeys([*(design.kinds for design in designs), *_TOGETHER])
        for kinds, site_visit in itertools.product(pool, (False, True)):
            fitting = [
                design for design in designs if design.kinds <= kinds and design.site_visit is site_visit
            ]
            if fitting and frozenset[ActivityKind]().union(*(one.kinds for one in fitting)) == kinds:
                yield _Design(
                    kinds=kinds,
                    site_visit=site_visit,
                    provider_types=frozenset[ProviderType]().union(*(one.provider_types for one in fitting)),
                    subjects=frozenset[str]().union(*(one.subjects for one in fitting)),
                )

    def activity(self, design: _Design) -> Activity:
        """Return an activity of a design on the day of the assessment, filled in as the edition asks."""
        number = next(
            number for number in itertools.count(len(self.steps) + 1) if f"planned {number}" not in self.taken
        )
        items: dict[str, Any] = {
            item: True for kind in design.kinds for item in self.examiner.edition.checklist(kind).items
        }
        return Activity(
            activity_id=f"planned {number}",
            date=self.plan.as_of,
            kinds=design.kinds,
            site_visit=design.site_visit or None,
            provider_types=design.provider_types,
            subjects=design.subjects,
            adviser_level=adviser_level(self.examiner.edition, self.plan.settings)
            if ActivityKind.GUIDANCE_MEETING in design.kinds
            else None,
            **items,
        )

    def gain(self, design: _Design) -> int:
        """Return how many things an activity would supply."""
        marked = mark_activity(self.plan, self.activity(design))
        return sum(lack.supply(self.plan, marked) for lack in self.lacks)

    def take(self, design: _Design, only: ShareRule | None = None) -> bool:
        """Plan an activity for everybody to whom it supplies something; return whether there is anybody.

        Args:
            design: The activity.
            only: The criterion whose learners it is for.
        """
        activity = self.activity(design)
        marked = mark_activity(self.plan, activity)
        attending = {
            lack.learner.learner_id: None
            for lack in self.lacks
            if only in {None, lack.rule} and lack.supply(self.plan, marked)
        }
        if not attending:
            return False
        supplied = Counter(
            lack.rule.criterion.id
            for lack in self.lacks
            if lack.learner.learner_id in attending and lack.supply(self.plan, marked, take=True)
        )
        self.taken.add(activity.activity_id)
        order = {rule.criterion.id: supplied[rule.criterion.id] for rule in self.plan.rules}
        supplies = {criterion_id: count for criterion_id, count in order.items() if count}
        self.steps.append((activity, tuple(sorted(attending)), FrozenMapping(supplies)))
        return True


def _greedy(examiner: Examiner) -> list[_Step]:
    """Choose what supplies most, again and again."""
    planner = _Planner(examiner)
    while True:
        candidates = list(planner.candidates())
        if not candidates or not planner.take(max(candidates, key=planner.gain)):
            return planner.steps


def _one_by_one(examiner: Examiner) -> list[_Step]:
    """Close one criterion after the other, with activities for it alone."""
    planner = _Planner(examiner)
    for rule in planner.plan.rules:
        while rule in planner.open_rules() and planner.take(planner.design(rule), rule):
            pass
    return planner.steps


def _lines(found: ClosingPlan) -> Iterator[str]:
    """Yield a plan for people, at most 80 columns wide."""
    yield f"What would close the gaps under {found.edition}, as of {day_words(found.as_of)}"
    if not found.activities:
        yield "  There is nothing that an activity could close."
    for number, one in enumerate(found.activities, 1):
        yield ""
        yield from wrapped(f"{printable(one.words)}.", "    ", f"{number:>2}. ")
        yield from _count_lines(one.counts)
    if found.activities:
        yield ""
        count = counted(len(found.activities), "activity", "activities")
        yield f"{count}; one criterion after the other takes {found.one_by_one}."
    if found.left_open:
        yield ""
        yield "Left open: no activity on the day of the assessment supplies this"
        for criterion_id, missing in found.left_open.items():
            yield f"    {criterion_id}  {counted(len(missing), 'learner')}"
    if found.before:
        yield ""
        yield "There are small numbers here: this is not for publication."


def _count_lines(counts: Iterable[CriterionCount]) -> Iterator[str]:
    for one in counts:
        results = ", ".join(f"{name_words(preset)} {one.status[preset].words}" for preset in PRESETS)
        yield f"    {one.criterion_id}  then {one.numerator} of {one.denominator}: {results}"
