"""What a closing plan has to supply, and which sessions of which options could supply it.

A *lack* is what one learner still needs for one criterion, taken apart into *needs*: so many of some
mark, a subject, so many different types of provider. A *variant* is an option in the form of one
session: in one subject or a few, for one year group or any. Both planners, the exact one and the
greedy one, see nothing but this.
"""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.insight.closing import Lack
from gatsbykit.model.encounters import Activity, ActivityKind, Participation
from gatsbykit.model.fields import checked
from gatsbykit.model.learners import Learner
from gatsbykit.model.options import PlanningOption
from gatsbykit.model.subjects import subject_keys
from gatsbykit.scoring.evidence import mark_activity
from gatsbykit.scoring.plan import adviser_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatsbykit.insight.examining import Examiner
    from gatsbykit.model.options import PlanningLimits
    from gatsbykit.scoring.evidence import Marked

__all__ = ["Demand", "Need", "OpenLack", "Variant"]

_SATURDAY: Final = 5
_MOST_SESSIONS: Final = 1_000
"""How many sessions of one option are planned at most: a bound for the arithmetic, far from any school."""


@attrs.frozen(field_transformer=checked)
class Need:
    """Something of which a learner lacks a number.

    Args:
        number: How much is lacking.
        supplied_by: What supplies it: marks of the plan, or a subject under the mark of the criterion.
        different: Whether each of the marks counts once.
    """

    number: int
    supplied_by: tuple[int | str, ...]
    different: bool = False


@attrs.frozen(field_transformer=checked)
class OpenLack:
    """What one learner lacks for one criterion.

    Args:
        criterion_id: The criterion.
        learner: The learner.
        needs: What is lacking; all of it closes the gap.
    """

    criterion_id: str
    learner: Learner
    needs: tuple[Need, ...]

    @property
    def is_disadvantaged(self) -> bool:
        """Whether the learner is known to be disadvantaged."""
        return self.learner.disadvantaged is True


@attrs.frozen(field_transformer=checked)
class Variant:
    """One session of an option: in some subjects, for a year group or any.

    Args:
        option: The option.
        subjects: The subjects of the session.
        year_group: The year group that it is for; ``None`` for any that the option is for.
        template: The activity that a session is recorded as.
        most: How many sessions there can be.
    """

    option: PlanningOption
    subjects: frozenset[str]
    year_group: int | None
    template: Activity
    most: int


class Demand:
    """The lacks of an institution's learners, the variants of its options, and who gets what of which.

    Args:
        examiner: The institution, scored on the day by which everything is done.
        options: The options.
        limits: The limits.
        as_of: The day on which planning is done; sessions begin the day after.
    """

    def __init__(
        self, examiner: Examiner, options: Sequence[PlanningOption], limits: PlanningLimits, as_of: date
    ) -> None:
        self.examiner = examiner
        self.limits = limits
        self.as_of = as_of
        self.by = examiner.plan.as_of
        self.evidence_of = [
            Lack(examiner, rule, examiner.learners[learner_id])
            for rule in examiner.plan.rules
            for learner_id in examiner.card[rule.criterion.id].missing or ()
        ]
        self.lacks = [_open_lack(lack, examiner) for lack in self.evidence_of]
        self.options = options
        self.days = {option.id: self.days_of(option) for option in options}
        self.variants = [one for option in options for one in self._variants(option) if one.most]
        self.late = [one for option in options for one in self._variants(option) if not one.most]
        self.supply = [self._supplies(variant) for variant in self.variants]

    def days_of(self, option: PlanningOption) -> list[date]:
        """Return the working days on which sessions of an option can be, one entry a session."""
        first = max(self.as_of + timedelta(days=1), option.earliest or date.min)
        last = min(self.by, option.latest or date.max)
        found: list[date] = []
        most = min(option.most_sessions or _MOST_SESSIONS, _MOST_SESSIONS)
        for ahead in range((last - first).days + 1):
            day = first + timedelta(days=ahead)
            if day.weekday() < _SATURDAY:
                found += [day] * option.per_day
            if len(found) >= most:
                break
        return found[:most]

    def _variants(self, option: PlanningOption) -> Iterator[Variant]:
        days = self.days[option.id]
        day = days[0] if days else self.by
        for subjects, year in itertools.product(self._subjects(option), self._years(option)):
            yield Variant(
                option=option,
                subjects=subjects,
                year_group=year,
                template=self._activity(option, subjects, day),
                most=len(days),
            )

    def _subjects(self, option: PlanningOption) -> list[frozenset[str]]:
        """Return the subjects of sessions: those that most learners lack together first."""
        if ActivityKind.CURRICULUM_LINK not in option.kinds:
            return [frozenset()]
        wanted: Counter[str] = Counter()
        for lack in self.lacks:
            wanted.update(name for need in lack.needs for name in need.supplied_by if isinstance(name, str))
        for rule in self.examiner.plan.rules:
            for _, mark in self.examiner.marks(rule.need.mask):
                if mark.subjects:
                    own = subject_keys(option.subjects) & mark.subjects
                    wanted[min(own or mark.subjects)] += 1
        able = subject_keys(option.subjects)
        ranked = [name for name, _ in sorted(wanted.items(), key=lambda pair: (-pair[1], pair[0]))]
        ranked = [name for name in ranked if not able or name in able]
        each = option.subjects_each
        chunks = [frozenset(ranked[start : start + each]) for start in range(0, len(ranked), each)]
        return chunks or [able]

    def _years(self, option: PlanningOption) -> list[int | None]:
        if option.mixed_years or not self.examiner.plan.by_year_groups:
            return [None]
        lacking = {lack.learner.current_year_group() for lack in self.lacks}
        years = sorted(year for year in lacking if year is not None)
        return [year for year in years if not option.year_groups or year in option.year_groups]

    def _activity(self, option: PlanningOption, subjects: frozenset[str], day: date) -> Activity:
        """Return the activity that a session is recorded as, filled in as the edition asks."""
        edition = self.examiner.edition
        items: dict[str, Any] = {
            item: True for kind in option.kinds for item in edition.checklist(kind).items
        }
        guidance = ActivityKind.GUIDANCE_MEETING in option.kinds
        return Activity(
            activity_id="planned",
            date=day,
            kinds=option.kinds,
            title=option.title,
            mode=option.mode,
            duration=option.duration,
            subjects=subjects,
            provider_types=option.provider_types,
            site_visit=option.site_visit,
            adviser_level=adviser_level(edition, self.examiner.plan.settings) if guidance else None,
            **items,
        )

    def _supplies(self, variant: Variant) -> dict[int, frozenset[int | str]]:
        """Return, by the place of each lack that a session supplies, what it supplies."""
        marked = mark_activity(self.examiner.plan, variant.template)
        found: dict[int, frozenset[int | str]] = {}
        for place, lack in enumerate(self.lacks):
            if self._fits(variant, lack.learner):
                supplied = self._supplied(self.evidence_of[place], marked) & _wanted(lack)
                if supplied:
                    found[place] = supplied
        return found

    def _fits(self, variant: Variant, learner: Learner) -> bool:
        year, option = learner.current_year_group(), variant.option
        if variant.year_group is not None and year != variant.year_group:
            return False
        return not option.year_groups or year in option.year_groups

    def _supplied(self, lack: Lack, marked: Marked) -> frozenset[int | str]:
        """Return everything that a session shows of a learner: marks, and subjects under a mark."""
        place = Participation(marked.activity.activity_id, lack.learner.learner_id)
        bits = lack.evidence.bits_of(self.examiner.plan, place, marked)
        marks = {1 << position for position in range(bits.bit_length()) if bits >> position & 1}
        subjects = marked.activity.subjects if bits & lack.rule.need.each_subject else frozenset[str]()
        return frozenset[int | str](marks) | subjects

    def is_supplied(self, place: int, *, late: bool = False) -> bool:
        """Whether the options can supply all that a lack needs, whatever the limits.

        Args:
            place: The place of the lack.
            late: Whether options count for which there is no day.
        """
        supplied: Counter[int | str] = Counter()
        for variant, what in zip(self.variants, self.supply, strict=True):
            supplied.update(dict.fromkeys(what.get(place, ()), variant.most))
        for variant in self.late if late else ():
            marked = mark_activity(self.examiner.plan, variant.template)
            if self._fits(variant, self.lacks[place].learner):
                found = self._supplied(self.evidence_of[place], marked)
                supplied.update(dict.fromkeys(found, variant.option.most_sessions or _MOST_SESSIONS))
        return all(_is_enough(need, supplied) for need in self.lacks[place].needs)


def _open_lack(lack: Lack, examiner: Examiner) -> OpenLack:
    needs = [Need(number, (bit,)) for bit, number in lack.times.items() if number]
    number, mask = lack.different
    if number:
        needs.append(Need(number, tuple(bit for bit, _ in examiner.marks(mask)), different=True))
    needs += [Need(1, (subject,)) for subject in sorted(lack.subjects)]
    return OpenLack(lack.rule.criterion.id, lack.learner, tuple(needs))


def _wanted(lack: OpenLack) -> frozenset[int | str]:
    return frozenset(name for need in lack.needs for name in need.supplied_by)


def _is_enough(need: Need, supplied: Counter[int | str]) -> bool:
    amounts: Iterable[int] = (supplied[name] for name in need.supplied_by)
    return sum(min(amount, 1) if need.different else amount for amount in amounts) >= need.number
