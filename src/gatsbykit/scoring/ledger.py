"""The ledger lane: a scorecard kept current while records change one at a time.

An update undoes what the old record had added, and adds what the new one does. It costs in
proportion to what it touches: a participation touches one learner, an activity those who took
part in it, a learner all of the learner's own participations. Reading a scorecard costs in
proportion to what is on it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from gatsbykit.errors import EditionError, FieldError, NotFoundError, RecordsError
from gatsbykit.exchange import document, read_document
from gatsbykit.model.calendar import academic_year_start
from gatsbykit.model.destinations import Destination
from gatsbykit.model.encounters import Activity, Participation
from gatsbykit.model.fields import read_as
from gatsbykit.model.learners import Learner
from gatsbykit.model.records import Records
from gatsbykit.rules import edition as load_edition
from gatsbykit.rules import resolve_edition
from gatsbykit.rules.vocabulary import Edition
from gatsbykit.scoring.cohorts import Standing, is_chosen, is_in, is_unknown, standing
from gatsbykit.scoring.evidence import Evidence, Marked, mark_activity, occasion_key, strength
from gatsbykit.scoring.following import declared
from gatsbykit.scoring.judging import build_scorecard, refuse_misfits
from gatsbykit.scoring.measurement import Measurement, Tally, repeated_ids
from gatsbykit.scoring.notices import activity_doubts, build_warnings, learner_doubts
from gatsbykit.scoring.plan import (
    DEFAULTS,
    AccessRule,
    HoursRule,
    LeaverRule,
    Settings,
    ShareRule,
    compile_plan,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from gatsbykit.model.answers import DeclaredAnswer
    from gatsbykit.scoring.notices import Doubts
    from gatsbykit.scoring.plan import Plan
    from gatsbykit.scoring.scorecard import Scorecard

__all__ = ["LEDGER_FORMAT", "Ledger"]

LEDGER_FORMAT: Final = "gatsbykit-ledger/1"
"""The name and version of a saved ledger's format."""

_STRANGER = ("participation_of_unknown_learner", "")
_NOWHERE = ("participation_of_unknown_activity", "")
_NO_LEARNER = ("destination_of_unknown_learner", "")


class _Tracked(Evidence):
    """A counted learner's evidence that can be taken back as well as added."""

    __slots__ = ("_counts", "_occasions", "_subjects", "groups")

    def __init__(self, learner: Learner, plan: Plan) -> None:
        super().__init__(learner, plan)
        self.groups: list[_Group] = []
        self._counts = [0] * len(plan.marks)
        self._subjects: Counter[str] = Counter()
        self._occasions: Counter[tuple[int, frozenset[str]]] = Counter()

    def change(self, plan: Plan, activity: Activity, bits: int, step: int) -> None:
        """Add what an activity shows of the learner (step 1), or take it back (step -1)."""
        rest = bits
        while rest:
            bit = rest & -rest
            rest ^= bit
            self._count(bit, step)
        if bits & plan.needs_subjects:
            for subject in activity.subjects:
                _step(self._subjects, self.subjects, subject, step)
        if bits & plan.collected:
            self._collect(plan, activity, bits, step)

    def _count(self, bit: int, step: int) -> None:
        position = bit.bit_length() - 1
        before = self._counts[position]
        self._counts[position] = before + step
        # The plane that changes is the one above the lower of the two counts.
        level = before if step > 0 else before - 1
        if level < len(self.planes):
            self.planes[level] ^= bit

    def _collect(self, plan: Plan, activity: Activity, bits: int, step: int) -> None:
        if activity.duration:
            for hours in plan.hours:
                if bits & hours.mask:
                    self.minutes[hours.mask] += step * activity.duration
        for access in plan.access:
            if access.phase.per == "learner" and bits & access.mask:
                key = occasion_key(activity, different_providers=access.phase.different_providers)
                _step(self._occasions, self.occasions, (access.mask, key), step)


def _step(counts: Counter[Any], members: set[Any], member: Hashable, step: int) -> None:
    """Count a member up or down; it belongs to the set while its count is above zero."""
    counts[member] += step
    if counts[member]:
        members.add(member)
    else:
        del counts[member]
        members.discard(member)


class _Group:
    """A number of learners, those among them who meet something, and the rest by name."""

    __slots__ = ("missing", "rule", "size")

    def __init__(self, rule: ShareRule | AccessRule | HoursRule) -> None:
        self.rule = rule
        self.size = 0
        self.missing: set[str] = set()

    def tally(self) -> Tally:
        return Tally(
            numerator=self.size - len(self.missing),
            denominator=self.size,
            missing=tuple(sorted(self.missing)),
        )


class _Leavers:
    """The leavers whom a criterion is about, and those of whom too little is known."""

    __slots__ = ("followed", "lost", "rule")

    def __init__(self, rule: LeaverRule) -> None:
        self.rule = rule
        self.followed: set[str] = set()
        self.lost: set[str] = set()

    def judge(self, learner_id: str, *, met: bool) -> None:
        self.followed.add(learner_id)
        if met:
            self.lost.discard(learner_id)
        else:
            self.lost.add(learner_id)

    def forget(self, learner_id: str) -> None:
        self.followed.discard(learner_id)
        self.lost.discard(learner_id)

    def tally(self) -> Tally:
        return Tally(
            numerator=len(self.followed) - len(self.lost),
            denominator=len(self.followed),
            missing=tuple(sorted(self.lost)),
        )


class _ShareCount:
    """What is counted for one share criterion."""

    __slots__ = ("cohort", "due", "on_track", "unknown")

    def __init__(self, rule: ShareRule) -> None:
        self.cohort = 0
        self.unknown = 0
        self.due = _Group(rule)
        self.on_track = {year: _Group(rule) for year in rule.on_track_years}

    def tally(self) -> Tally:
        earlier = {
            year: (group.size - len(group.missing), group.size) for year, group in self.on_track.items()
        }
        return attrs.evolve(
            self.due.tally(),
            unknown_only=bool(self.cohort) and self.unknown == self.cohort,
            on_track=earlier,
        )


class Ledger:
    """One institution's records with a scorecard that is kept current.

    Args:
        records: The records to begin with; they are not changed.
        as_of: The date of the assessment.
        edition: The edition or its key; by default the one in force, also after `move_to`.
        settings: The caller's choices.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        RecordsError: Ids are not unique.
        SettingsError: The settings do not fit the edition.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> ledger = gk.Ledger(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> before = ledger.scorecard()["6a"]
        >>> placement = gk.Activity(
        ...     activity_id="NEW",
        ...     date=date(2026, 7, 6),
        ...     kinds={"workplace_experience"},
        ...     meaningful=True,
        ... )
        >>> ledger.put_activity(placement)
        >>> for learner_id in before.missing[:3]:
        ...     ledger.add_participation(gk.Participation("NEW", learner_id))
        >>> after = ledger.scorecard()["6a"]
        >>> after.numerator - before.numerator <= 3
        True
        >>> ledger.scorecard() == gk.score(ledger.records, as_of=date(2026, 7, 10))
        True
    """

    _plan: Plan

    def __init__(
        self,
        records: Records,
        *,
        as_of: date,
        edition: str | Edition | None = None,
        settings: Settings = DEFAULTS,
    ) -> None:
        read_as(Records, "Ledger", "records", records)
        self._start = attrs.evolve(
            records, learners=None, activities=None, participations=None, destinations=None
        )
        self._edition = edition
        self._settings = settings
        self._as_of = as_of
        self._learners = _by_id("learner_id", records.learners)
        self._activities = _by_id("activity_id", records.activities)
        self._rows: dict[str, dict[str, list[Participation]]] = {}
        self._takers: dict[str, set[str]] = {}
        for row in records.participations or ():
            self._rows.setdefault(row.learner_id, {}).setdefault(row.activity_id, []).append(row)
            self._takers.setdefault(row.activity_id, set()).add(row.learner_id)
        self._destinations: dict[str, Counter[Destination]] = {}
        for sighting in records.destinations or ():
            self._destinations.setdefault(sighting.learner_id, Counter())[sighting] += 1
        self._has_learners = records.learners is not None
        self._has_evidence = records.has_evidence
        self._has_destinations = records.destinations is not None
        self._rebuild()

    # Reading

    @property
    def as_of(self) -> date:
        """The date of the assessment."""
        return self._as_of

    @property
    def records(self) -> Records:
        """The records as they are now."""
        has = self._has_learners, self._has_evidence, self._has_destinations
        return attrs.evolve(
            self._start,
            learners=tuple(self._learners.values()) if has[0] else None,
            activities=tuple(self._activities.values()) if has[1] else None,
            participations=tuple(
                row for places in self._rows.values() for rows in places.values() for row in rows
            )
            if has[1]
            else None,
            destinations=tuple(
                row for sightings in self._destinations.values() for row in sightings.elements()
            )
            if has[2]
            else None,
        )

    def scorecard(self) -> Scorecard:
        """Return the scorecard of the records as they are now; it equals that of a full rescore."""
        plan = self._plan
        left_out = self._left_out
        tallies: dict[str, Tally] = {}
        access: dict[str, Tally] | None = None
        hours: dict[str, Tally] | None = None
        if self._has_evidence:
            tallies = {rule.criterion.id: self._shares[rule.criterion.id].tally() for rule in plan.rules}
            if plan.access:
                access = {rule.phase.name: self._access_tally(rule) for rule in plan.access}
            if plan.hours:
                hours = {rule.part.name: self._groups[rule.mask].tally() for rule in plan.hours}
        if self._has_learners and self._has_destinations:
            tallies.update((name, leavers.tally()) for name, leavers in self._leavers.items())
        warnings = build_warnings(plan, self._doubts, left_out)
        return build_scorecard(
            plan,
            self._start.institution,
            declared(
                self._start.answers.get(plan.edition.key, {}),
                self._start.programme,
                plan.edition,
                plan.as_of,
                self._learners.values() if self._has_learners else None,
            ),
            Measurement(tallies=tallies, access=access, hours=hours, warnings=warnings),
            self._start.notes,
        )

    def _access_tally(self, rule: AccessRule) -> Tally:
        group = self._groups[rule.mask]
        if rule.phase.per == "learner":
            return group.tally()
        return Tally(
            numerator=len(self._held[rule.mask]),
            denominator=rule.phase.occasions,
            unknown_only=not group.size,
        )

    # Changing

    def put_learner(self, learner: Learner) -> None:
        """Add a learner, or replace the one with the same id."""
        _refuse_other(Learner, learner, "put_learner")
        self._leave(learner.learner_id)
        self._learners[learner.learner_id] = learner
        if self._has_learners:
            self._enter(learner)
        else:
            self._has_learners = True
            self._rebuild()

    def remove_learner(self, learner_id: str) -> None:
        """Remove a learner; the participations stay, and are then those of an unknown learner.

        Raises:
            NotFoundError: There is no such learner.
        """
        if learner_id not in self._learners:
            raise NotFoundError("there is no learner with this id")
        self._leave(learner_id)
        del self._learners[learner_id]

    def put_activity(self, activity: Activity) -> None:
        """Add an activity, or replace the one with the same id."""
        _refuse_other(Activity, activity, "put_activity")
        self._want_evidence()
        self._exchange_activity(activity.activity_id, activity)

    def remove_activity(self, activity_id: str) -> None:
        """Remove an activity; its participations stay, and are then in an unknown activity.

        Raises:
            NotFoundError: There is no such activity.
        """
        if activity_id not in self._activities:
            raise NotFoundError("there is no activity with this id")
        self._exchange_activity(activity_id, None)

    def add_participation(self, row: Participation) -> None:
        """Add a row; a repeated one changes nothing but is kept."""
        _refuse_other(Participation, row, "add_participation")
        self._want_evidence()
        places = self._rows.setdefault(row.learner_id, {})
        rows = places.get(row.activity_id)
        if rows is None:
            places[row.activity_id] = [row]
            self._takers.setdefault(row.activity_id, set()).add(row.learner_id)
            self._doubt_pair(row, 1)
        else:
            self._change_marked(row.learner_id, row.activity_id, -1)
            rows.append(row)
        self._change_marked(row.learner_id, row.activity_id, 1)
        self._judge(row.learner_id)

    def remove_participation(self, row: Participation) -> None:
        """Remove one row that is equal to this one.

        Raises:
            NotFoundError: There is no such row.
        """
        _refuse_other(Participation, row, "remove_participation")
        places = self._rows.get(row.learner_id, {})
        rows = places.get(row.activity_id, [])
        if row not in rows:
            raise NotFoundError("there is no such participation")
        self._change_marked(row.learner_id, row.activity_id, -1)
        rows.remove(row)
        if rows:
            self._change_marked(row.learner_id, row.activity_id, 1)
        else:
            self._doubt_pair(row, -1)
            del places[row.activity_id]
            self._takers[row.activity_id].discard(row.learner_id)
        self._judge(row.learner_id)

    def change_participation(self, old: Participation, new: Participation) -> None:
        """Replace one row by another.

        Raises:
            NotFoundError: There is no such row; nothing is changed then.
        """
        _refuse_other(Participation, new, "change_participation")
        self.remove_participation(old)
        self.add_participation(new)

    def add_destination(self, sighting: Destination) -> None:
        """Add a sighting of a former learner."""
        _refuse_other(Destination, sighting, "add_destination")
        self._change_destination(sighting, 1)
        if not self._has_destinations:
            self._has_destinations = True
            self._rebuild()

    def remove_destination(self, sighting: Destination) -> None:
        """Remove one sighting that is equal to this one.

        Raises:
            NotFoundError: There is no such sighting.
        """
        _refuse_other(Destination, sighting, "remove_destination")
        if not self._destinations.get(sighting.learner_id, Counter())[sighting]:
            raise NotFoundError("there is no such destination")
        self._change_destination(sighting, -1)

    def put_answer(self, criterion_id: str, answer: DeclaredAnswer | None) -> None:
        """Answer a criterion under the edition of the scorecard, or take the answer back.

        Args:
            criterion_id: The criterion.
            answer: What the institution declares; ``None`` is no answer.

        Raises:
            FieldError: The answer is none.
            RecordsError: There is no such criterion, or the answer is not of its type.
        """
        key = self._plan.edition.key
        answers = {**self._start.answers.get(key, {})}
        if answer is None:
            answers.pop(criterion_id, None)
        else:
            answers[criterion_id] = answer
        start = attrs.evolve(self._start, answers={**self._start.answers, key: answers})
        refuse_misfits(self._plan.edition, start.answers[key])
        self._start = start

    def move_to(self, as_of: date) -> None:
        """Move the date of the assessment.

        Within an academic year this touches the activities, destinations and learners whose dates
        lie between the two days. Over the end of one everybody moves up a year group, and all is
        counted anew.

        Raises:
            EditionError: No edition is in force on the date for this kind of institution.
        """
        old = self._as_of
        chosen = resolve_edition(self._start.institution.kind, as_of, self._edition)
        in_force = self._plan.access_rules.in_force
        same_law = (old >= in_force) == (as_of >= in_force)
        same_year = academic_year_start(old) == academic_year_start(as_of)
        self._as_of = as_of
        if not (same_year and same_law and chosen is self._plan.edition):
            self._rebuild()
            return
        first, last = min(old, as_of), max(old, as_of)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        learners = {learner_id for day in days for learner_id in self._roll_days.get(day, ())}
        activities = {activity_id for day in days for activity_id in self._activity_days.get(day, ())}
        for learner_id in learners:
            self._leave(learner_id)
        moved = {activity_id: self._activities[activity_id] for activity_id in activities}
        for activity_id in moved:
            self._exchange_activity(activity_id, None)
        self._plan = attrs.evolve(self._plan, as_of=as_of)
        for activity_id, activity in moved.items():
            self._exchange_activity(activity_id, activity)
        for learner_id in learners:
            self._enter(self._learners[learner_id])
        for day in days:
            for learner_id in self._sighting_days.get(day, ()):
                self._judge_leaver(learner_id)

    # Saving

    def save(self) -> dict[str, Any]:
        """Return everything the ledger stands for, ready for `json`."""
        return {
            "format": LEDGER_FORMAT,
            "as_of": self._as_of.isoformat(),
            "edition": self._edition.key if isinstance(self._edition, Edition) else self._edition,
            "settings": {
                "unknown": self._settings.unknown,
                "adviser_level": self._settings.adviser_level,
                "at_least": dict(self._settings.at_least),
            },
            "records": document(self.records),
        }

    @classmethod
    def restore(cls, saved: dict[str, Any], *, edition: Edition | None = None) -> Ledger:
        """Return the ledger that `save` wrote down. Notes of the first reading are not kept.

        Args:
            saved: What `save` returned.
            edition: The edition, where it is none that comes with the library.

        Raises:
            InvalidRecords: The records in it have errors.
            EditionError: There is no such edition, or another one is given than was saved.
            RecordsError: It is not a saved ledger.
        """
        if read_as(dict[str, Any], "Ledger", "restore", saved).get("format") != LEDGER_FORMAT:
            raise RecordsError(f'expected a saved ledger, "format": "{LEDGER_FORMAT}"')
        try:
            as_of = date.fromisoformat(saved["as_of"])
            settings = Settings(**saved["settings"])
            key = saved["edition"]
            chosen = edition or (None if key is None else load_edition(key))
        except EditionError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordsError("the saved ledger lacks as_of, edition or settings") from error
        if chosen is not None and chosen.key != key:
            raise EditionError(f"the ledger was saved under {key!r}, not under {chosen.key!r}")
        return cls(
            read_document(cast("dict[str, Any]", saved.get("records"))),
            as_of=as_of,
            edition=chosen,
            settings=settings,
        )

    # Keeping count

    def _rebuild(self) -> None:
        """Count everything anew."""
        kind = self._start.institution.kind
        chosen = resolve_edition(kind, self._as_of, self._edition)
        self._plan = compile_plan(chosen, self._as_of, self._settings)
        self._tracked: dict[str, _Tracked] = {}
        self._doubts: Doubts = Counter()
        self._left_out: Counter[Standing] = Counter()
        self._out: dict[str, Standing] = {}
        self._shares = {rule.criterion.id: _ShareCount(rule) for rule in self._plan.rules}
        self._groups = {rule.mask: _Group(rule) for rule in self._plan.access}
        self._groups.update((rule.mask, _Group(rule)) for rule in self._plan.hours)
        self._held: dict[int, Counter[str]] = {rule.mask: Counter() for rule in self._plan.access}
        self._leavers = {rule.criterion.id: _Leavers(rule) for rule in self._plan.leavers}
        self._marked: dict[str, Marked] = {}
        self._roll_days: defaultdict[date, set[str]] = defaultdict(set)
        self._activity_days: defaultdict[date, set[str]] = defaultdict(set)
        self._sighting_days: defaultdict[date, set[str]] = defaultdict(set)
        for activity in self._activities.values():
            self._mark(activity)
        for learner_id, places in self._rows.items():
            unknown = sum(activity_id not in self._activities for activity_id in places)
            self._doubts[_NOWHERE] += unknown
            self._doubts[_STRANGER] += 0 if learner_id in self._learners else len(places)
        for learner_id, sightings in self._destinations.items():
            self._doubts[_NO_LEARNER] += 0 if learner_id in self._learners else len(sightings)
            for sighting in sightings:
                self._sighting_days[sighting.date].add(learner_id)
        if self._has_learners:
            for learner in self._learners.values():
                self._enter(learner, known=True)

    def _want_evidence(self) -> None:
        """Begin the tables of activities and participations with their first row."""
        if not self._has_evidence:
            if not self._has_learners:
                raise RecordsError("activities and participations need learners")
            self._has_evidence = True
            self._rebuild()

    def _mark(self, activity: Activity) -> None:
        self._marked[activity.activity_id] = mark_activity(self._plan, activity)
        self._activity_days[activity.date].add(activity.activity_id)
        self._doubts.update((code, "") for code in activity_doubts(activity, self._plan))

    def _exchange_activity(self, activity_id: str, new: Activity | None) -> None:
        """Put an activity in the place of the one with its id; ``None`` leaves the place empty."""
        takers = self._takers.get(activity_id, set())
        old = self._activities.pop(activity_id, None)
        if old is None:
            self._doubts[_NOWHERE] -= len(takers)
        else:
            for learner_id in takers:
                self._change_marked(learner_id, activity_id, -1)
            del self._marked[activity_id]
            self._activity_days[old.date].discard(activity_id)
            self._doubts.subtract((code, "") for code in activity_doubts(old, self._plan))
        if new is None:
            self._doubts[_NOWHERE] += len(takers)
        else:
            self._activities[activity_id] = new
            self._mark(new)
            for learner_id in takers:
                self._change_marked(learner_id, activity_id, 1)
        for learner_id in takers:
            self._judge(learner_id)

    def _doubt_pair(self, row: Participation, step: int) -> None:
        if row.learner_id not in self._learners:
            self._doubts[_STRANGER] += step
        if row.activity_id not in self._activities:
            self._doubts[_NOWHERE] += step

    def _change_marked(self, learner_id: str, activity_id: str, step: int) -> None:
        """Add or take back what a learner's place in an activity shows."""
        one = self._tracked.get(learner_id)
        marked = self._marked.get(activity_id)
        if one is None or marked is None or not marked.bits:
            return
        rows = self._rows[learner_id][activity_id]
        row = rows[0] if len(rows) == 1 else max(rows, key=strength)
        bits = one.bits_of(self._plan, row, marked)
        one.change(self._plan, marked.activity, bits, step)
        for access in self._plan.access:
            if bits & access.mask and access.phase.per == "institution" and access.concerns(one):
                held = self._held[access.mask]
                held[activity_id] += step
                if not held[activity_id]:
                    del held[activity_id]

    def _enter(self, learner: Learner, *, known: bool = False) -> None:
        """Count a learner in."""
        learner_id = learner.learner_id
        plan = self._plan
        if not known:
            self._doubts[_STRANGER] -= len(self._rows.get(learner_id, ()))
            self._doubts[_NO_LEARNER] -= len(self._destinations.get(learner_id, ()))
        for day in (learner.on_roll_from, learner.on_roll_to):
            if day is not None:
                self._roll_days[day].add(learner_id)
        reason = standing(learner, self._start.institution.kind, plan.edition, plan.as_of)
        if reason is Standing.COUNTED:
            one = self._tracked[learner_id] = _Tracked(learner, plan)
            self._doubts.update(learner_doubts(learner, plan, has_evidence=self._has_evidence))
            self._place(one, 1)
            for activity_id in self._rows.get(learner_id, ()):
                self._change_marked(learner_id, activity_id, 1)
            self._judge(learner_id)
        else:
            self._out[learner_id] = reason
            self._left_out[reason] += 1
        self._judge_leaver(learner_id)

    def _leave(self, learner_id: str) -> None:
        """Take a learner out of every count, if there is one with this id."""
        learner = self._learners.get(learner_id)
        if learner is None:
            return
        self._doubts[_STRANGER] += len(self._rows.get(learner_id, ()))
        self._doubts[_NO_LEARNER] += len(self._destinations.get(learner_id, ()))
        for day in (learner.on_roll_from, learner.on_roll_to):
            if day is not None:
                self._roll_days[day].discard(learner_id)
        one = self._tracked.get(learner_id)
        if one is not None:
            for activity_id in self._rows.get(learner_id, ()):
                self._change_marked(learner_id, activity_id, -1)
            self._place(one, -1)
            self._doubts.subtract(learner_doubts(learner, self._plan, has_evidence=self._has_evidence))
            del self._tracked[learner_id]
        reason = self._out.pop(learner_id, None)
        if reason is not None and not self._is_followed(learner_id):
            self._left_out[reason] -= 1
        for leavers in self._leavers.values():
            leavers.forget(learner_id)

    def _place(self, one: _Tracked, step: int) -> None:
        """Put a learner into the groups that criteria are about (step 1), or out of them (step -1)."""
        plan = self._plan
        groups: list[_Group] = []
        for rule in plan.rules:
            share = self._shares[rule.criterion.id]
            chosen = is_chosen(one.learner, rule.cohort)
            if is_in(one.learner, rule.cohort, by_year_groups=plan.by_year_groups, as_of=plan.as_of):
                share.cohort += step
                share.unknown += step * is_unknown(one.learner, rule.cohort)
                if chosen:
                    groups.append(share.due)
            elif chosen and one.year in share.on_track:
                groups.append(share.on_track[one.year])
        groups.extend(self._groups[rule.mask] for rule in plan.access if rule.concerns(one))
        groups.extend(self._groups[rule.mask] for rule in plan.hours if rule.concerns(one))
        for group in groups:
            group.size += step
            group.missing.discard(one.learner.learner_id)
        one.groups = groups if step > 0 else []

    def _judge(self, learner_id: str) -> None:
        """Find out anew what a learner meets."""
        one = self._tracked.get(learner_id)
        if one is not None:
            for group in one.groups:
                if group.rule.is_met(one):
                    group.missing.discard(learner_id)
                else:
                    group.missing.add(learner_id)

    def _change_destination(self, sighting: Destination, step: int) -> None:
        learner_id = sighting.learner_id
        sightings = self._destinations.setdefault(learner_id, Counter())
        known = len(sightings)
        sightings[sighting] += step
        if not sightings[sighting]:
            del sightings[sighting]
        if learner_id not in self._learners:
            self._doubts[_NO_LEARNER] += len(sightings) - known
        self._sighting_days[sighting.date].add(learner_id)
        self._judge_leaver(learner_id)

    def _judge_leaver(self, learner_id: str) -> None:
        """Find out anew whether a leaver is followed up."""
        learner = self._learners.get(learner_id)
        if learner is None or not self._has_destinations:
            return
        kind = self._start.institution.kind
        asking = [one for one in self._leavers.values() if one.rule.concerns(learner, kind, self._as_of)]
        if not asking:
            return
        if not self._is_followed(learner_id):
            self._left_out[self._out[learner_id]] -= 1
        seen = [
            sighting.date
            for sighting in self._destinations.get(learner_id, ())
            if sighting.is_known and sighting.date <= self._as_of
        ]
        for leavers in asking:
            leavers.judge(learner_id, met=leavers.rule.is_met(learner, seen, self._as_of))

    def _is_followed(self, learner_id: str) -> bool:
        """Whether a leaver is one whom a criterion is about."""
        return any(learner_id in leavers.followed for leavers in self._leavers.values())


def _refuse_other(kind: type, given: object, method: str) -> None:
    """Refuse anything but a record of a kind, before anything is changed."""
    if not isinstance(given, kind):
        raise FieldError("Ledger", method, f"an instance of {kind.__name__}")


def _by_id(column: str, rows: Iterable[Any] | None) -> dict[str, Any]:
    """Return rows by their id.

    Raises:
        RecordsError: Ids are not unique.
    """
    found = {getattr(row, column): row for row in rows or ()}
    count = sum(1 for _ in rows or ())
    if len(found) != count:
        repeated = Counter(getattr(row, column) for row in rows or ())
        raise repeated_ids(column, [one for one, times in repeated.items() if times > 1])
    return found
