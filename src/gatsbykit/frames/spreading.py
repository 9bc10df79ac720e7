"""Spreading marks from activities over the learners who took part.

An engine takes three frames and returns the learners with what their participations show:

* the learners with `offset`, `began` and, by *stretch* of year groups, the marks that an activity in
  those years may set (`may_0`, `may_1`, … as bits);
* the activities with the marks that they can set (`bits`);
* the participations with their `strength`, from which the winning one of repeated rows follows.

Engines that can combine bits do it in their own words (`gatsbykit.frames.engines`); `spread_flags`
is the way for all others, with one column of yes and no per mark.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import attrs
import narwhals as nw

from gatsbykit.frames.cells import Lists, all_of, any_of, remainder, year_start
from gatsbykit.frames.rules import YEAR_GROUPS, capped
from gatsbykit.model.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP
from gatsbykit.model.encounters import ParticipationStatus
from gatsbykit.scoring.plan import Mark, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gatsbykit.frames.cells import Cells
    from gatsbykit.frames.engines.common import Frame

__all__ = [
    "ACTIVITY",
    "LEARNER",
    "NUMBER",
    "RANKS",
    "STEP",
    "Shape",
    "has",
    "numbered",
    "packed",
    "spread_flags",
    "strength",
    "times",
]

LEARNER: Final = ("institution_id", "learner_id")
"""What identifies a learner in a country."""

ACTIVITY: Final = ("institution_id", "activity_id")
"""What identifies an activity in a country."""

NUMBER: Final = "number"
"""Where an engine keeps tables: a number for each row, which is compared faster than the ids are."""

STEP: Final = 16
"""By how much a stronger status outweighs any override of the year group."""

_WORD: Final = 62
"""How many bits a signed number of 64 bits holds with room to spare."""

RANKS: Final = {status: rank for rank, status in enumerate(reversed(ParticipationStatus))}
"""How strong each status is."""


def strength(cells: Cells) -> nw.Expr:
    """Return one number for status and override: of repeated rows the strongest wins.

    Attended beats offered beats absent, and of the rows with the winning status the highest
    override applies.
    """
    status = cells.choice("status", ParticipationStatus)
    rank = nw.lit(RANKS[ParticipationStatus.ATTENDED])  # a blank status is attended
    for other in (ParticipationStatus.OFFERED, ParticipationStatus.ABSENT):
        rank = nw.when(status == other.value).then(nw.lit(RANKS[other])).otherwise(rank)
    return (rank * STEP + cells.number("year_group", 0, YEAR_GROUPS)).cast(nw.Int64)


def numbered(frame: Frame, *ids: str) -> tuple[str, ...]:
    """Return the ids of a table, and the number of its rows if they have one."""
    return (*ids, NUMBER) if NUMBER in frame.collect_schema() else ids


def has(bit: int) -> str:
    """Return the column that says whether a learner has a mark."""
    return f"has_{bit}"


def times(bit: int) -> str:
    """Return the column that says in how many activities a learner set a mark."""
    return f"times_{bit}"


@attrs.frozen(kw_only=True)
class Stretch:
    """Year groups, one after another, in which the same marks can be set.

    Args:
        last: The last of them.
        masks: By the learner's year group now, the marks.
    """

    last: int
    masks: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Shape:
    """What an engine has to know of a plan.

    Args:
        plan: The plan.
        marks: The marks that criteria ask for, by bit.
        counted: Those of them that are asked for more than once.
        stretches: The stretches of year groups; one without end where year groups play no part.
        subject_mark: The mark whose activities have to cover each of a learner's subjects, or 0.
        of_learners: The subjects of the learners.
        of_activities: The subjects of the activities.
        subjects: The subjects of which each learner who has them needs an activity.
    """

    plan: Plan
    marks: Mapping[int, Mark]
    counted: tuple[int, ...]
    stretches: tuple[Stretch, ...]
    subject_mark: int
    of_learners: Lists
    of_activities: Lists
    subjects: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, of_learners: Lists, of_activities: Lists) -> Shape:
        """Return the shape of a plan."""
        asked = counted = 0
        for rule in plan.rules:
            asked |= rule.need.mask
            for number, mask in rule.need.counts:
                counted |= mask if number > 1 else 0
        return cls(
            plan=plan,
            marks={bit: mark for bit, mark in enumerate(plan.marks) if asked >> bit & 1},
            counted=tuple(bit for bit in range(len(plan.marks)) if counted >> bit & 1),
            stretches=_stretches(plan, asked),
            subject_mark=plan.needs_subjects,
            of_learners=of_learners,
            of_activities=of_activities,
            subjects=tuple(sorted({*of_learners.keys.values()})) if plan.needs_subjects else (),
        )

    def by_status(self, status: ParticipationStatus) -> int:
        """Return the marks that a status of a participation can set."""
        return sum(1 << bit for bit, mark in self.marks.items() if status in mark.statuses)

    def may(self, wanted: Mapping[int, nw.Expr]) -> dict[str, nw.Expr]:
        """Return by stretch the marks that an activity in it may set for a learner, as bits.

        Args:
            wanted: By mark, whether any criterion asks the learner for it.
        """
        return {
            f"may_{number}": packed(
                {
                    bit: is_wanted & _now_in(now for now, mask in enumerate(stretch.masks) if mask >> bit & 1)
                    for bit, is_wanted in wanted.items()
                }
            )
            for number, stretch in enumerate(self.stretches)
        }

    @property
    def mine(self) -> list[str]:
        """The columns with a bit for each subject of a learner."""
        return [f"mine_{word}" for word in range(-(-len(self.subjects) // _WORD))]

    @property
    def links(self) -> list[str]:
        """The columns with a bit for each subject of an activity."""
        return [f"link_{word}" for word in range(len(self.mine))]

    def with_words(self, frame: Frame, lists: Lists, names: Sequence[str]) -> Frame:
        """Return a frame with a bit for each of `subjects` that is listed, in so many numbers.

        Many rows have the same list: each different one is looked at once.
        """
        words = {
            name: packed(
                {
                    bit: lists.holding({subject})
                    for bit, subject in enumerate(self.subjects[word * _WORD : (word + 1) * _WORD])
                }
            )
            for word, name in enumerate(names)
        }
        different = frame.group_by("subjects").agg(times=nw.len()).select("subjects", **words)
        return frame.join(different, on="subjects", how="inner")


def _stretches(plan: Plan, asked: int) -> tuple[Stretch, ...]:
    """Return the longest stretches of year groups over which no window opens or closes."""
    if not plan.by_year_groups:
        return (Stretch(last=LAST_YEAR_GROUP, masks=(asked,) * len(plan.windows)),)
    found: list[Stretch] = []
    for then in range(FIRST_YEAR_GROUP, LAST_YEAR_GROUP + 1):
        masks = tuple(row[then] & asked for row in plan.windows)
        if found and found[-1].masks == masks:
            found.pop()
        found.append(Stretch(last=then, masks=masks))
    return tuple(found)


def _now_in(years: Iterable[int]) -> nw.Expr:
    years = list(years)
    return nw.lit(True) if len(years) > LAST_YEAR_GROUP else nw.col("now").is_in(years)


def packed(flags: Mapping[int, nw.Expr]) -> nw.Expr:
    """Return conditions as the bits of one number."""
    bits = (nw.when(flag).then(nw.lit(1 << bit)).otherwise(nw.lit(0)) for bit, flag in flags.items())
    return functools.reduce(operator.add, bits, nw.lit(0)).cast(nw.Int64)


def year_then(override: nw.Expr) -> nw.Expr:
    """Return the year group at the date of an activity."""
    by_calendar = nw.col("offset") + year_start(nw.col("day"))
    return capped(nw.when(override > 0).then(override).otherwise(by_calendar))


def _gate(shape: Shape, bit: int, mark: Mark) -> nw.Expr:
    """Return whether a participation, by its time and status, can set a mark."""
    ranks = [rank for status, rank in RANKS.items() if status in mark.statuses]
    in_status = nw.col("rank").is_in(ranks)
    if not shape.plan.by_year_groups:
        return in_status & (nw.col("day") >= nw.col("began"))
    first = FIRST_YEAR_GROUP
    in_time: list[nw.Expr] = []
    for stretch in shape.stretches:
        years = list(range(first, stretch.last + 1))
        first = stretch.last + 1
        nows = [now for now, mask in enumerate(stretch.masks) if mask >> bit & 1]
        if nows:
            in_time.append(nw.col("then").is_in(years) & _now_in(nows))
    return in_status & any_of(in_time)


def spread_flags(shape: Shape, learners: Frame, activities: Frame, rows: Frame) -> Frame:
    """Spread marks with one column of yes and no per mark, as every engine can.

    Args:
        shape: What is asked for.
        learners: Those of whom anything is asked, with their stretches.
        activities: The activities with their marks.
        rows: The participations with their strength.

    Returns:
        The learners with whether they `has` each mark, how many `times` they set the counted ones,
        and ``covered``: whether there was an activity in each of their subjects.
    """
    subjects = dict(enumerate(shape.subjects))
    marked = activities.filter(nw.col("bits") > 0).select(
        *ACTIVITY,
        "day",
        **{f"mark_{bit}": _bit("bits", bit) for bit in shape.marks},
        **{f"subject_{number}": shape.of_activities.holding({name}) for number, name in subjects.items()},
    )
    row = (
        rows.group_by(*LEARNER, "activity_id")
        .agg(nw.col("strength").max())
        .join(marked, on=list(ACTIVITY), how="inner")
        .join(learners.select(*LEARNER, "now", "offset", "began"), on=list(LEARNER), how="inner")
        .with_columns(rank=nw.col("strength") // STEP, then=year_then(remainder(nw.col("strength"), STEP)))
    )
    flags = {has(bit): nw.col(f"mark_{bit}") & _gate(shape, bit, mark) for bit, mark in shape.marks.items()}
    link = any_of(flags[has(bit)] for bit in shape.marks if shape.subject_mark >> bit & 1)
    links = {f"covers_{number}": link & nw.col(f"subject_{number}") for number in subjects}
    sums = {times(bit): flags[has(bit)] for bit in shape.counted}
    numbers = {name: flag.cast(nw.Int64) for name, flag in (flags | links | sums).items()}
    seen = (
        row.select(*LEARNER, **numbers)
        .group_by(*LEARNER)
        .agg(*(nw.col(name).max() for name in flags | links), *(nw.col(name).sum() for name in sums))
    )
    found = learners.join(seen, on=list(LEARNER), how="left").with_columns(
        **{name: nw.col(name).fill_null(0).cast(nw.Int64) for name in numbers}
    )
    covered = all_of(
        ~shape.of_learners.holding({name}) | (nw.col(f"covers_{number}") == 1)
        for number, name in subjects.items()
    )
    return found.with_columns(covered=covered, **{name: nw.col(name) == 1 for name in flags}).drop(*links)


def _bit(column: str, bit: int) -> nw.Expr:
    return remainder(nw.col(column) // (1 << bit), 2) == 1
