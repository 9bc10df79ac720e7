"""The columns lane: score many institutions at once, in data frames.

The plan is the one that every lane follows. Activities, which are few, are classified first; their
marks are spread over the participations, which are many; and learners are then counted.
"""

from __future__ import annotations

import functools
import operator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import narwhals as nw

from gatsbykit.errors import NotFoundError, RecordsError
from gatsbykit.frames.cells import Cells, Frame, all_of, any_of, remainder, year_start
from gatsbykit.frames.engines import engine_of
from gatsbykit.frames.engines.base import Engine
from gatsbykit.frames.native import as_tables, in_our_words
from gatsbykit.frames.rules import classify, in_cohort, is_chosen, is_counted, is_leaver, is_unknown
from gatsbykit.frames.spreading import ACTIVITY, LEARNER, Spreading, has, numbered, packed, times
from gatsbykit.frames.tables import read_tables
from gatsbykit.model.learners import SenProvision, Sex
from gatsbykit.rules import resolve_edition
from gatsbykit.rules.grading import PRESETS, CriterionStatus
from gatsbykit.rules.vocabulary import Criterion, Edition
from gatsbykit.scoring.plan import DEFAULTS, Plan, Settings, compile_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from fractions import Fraction

    from gatsbykit.frames.tables import Tables
    from gatsbykit.scoring.plan import LeaverRule, Need

__all__ = ["COLUMNS", "GROUPS", "FrameScores", "score_frames"]

_SCALE: Final = 1 << 31
"""A numerator and a denominator travel as one number: the numerator times this plus the denominator."""
COLUMNS: Final = (
    "institution_id",
    "edition",
    "criterion",
    "basis",
    "numerator",
    "denominator",
    *(f"status_{preset}" for preset in PRESETS),
)
"""The columns of the result."""

_NO_EVIDENCE: Final = -1
_UNSURE: Final = ("of", "unknown")
_ALL_UNKNOWN: Final = -2
"""What travels instead where there are no counts, or nobody of whom the deciding fact is known."""


@attrs.frozen(kw_only=True)
class _Counted:
    """Learners and what is known of each of them for some criteria.

    Args:
        learners: For a criterion ``c``: whether they are in the denominator (``in_c``) and meet it
            (``met_c``), and whether they are of its cohort (``of_c``) but what decides is unknown
            (``unknown_c``).
        criteria: The criteria.
    """

    learners: Frame
    criteria: tuple[Criterion, ...]

    @property
    def names(self) -> list[str]:
        """The ids of the criteria."""
        return [criterion.id for criterion in self.criteria]

    @property
    def packed(self) -> dict[str, nw.Expr]:
        """By id, what a learner adds to the numerator and the denominator, as one number."""
        return {name: _number(f"met_{name}") * _SCALE + _number(f"in_{name}") for name in self.names}


def _number(flag: str) -> nw.Expr:
    return nw.col(flag).cast(nw.Int64)


def _lacks(name: str) -> nw.Expr:
    """Return whether a learner is missing in a criterion."""
    return nw.col(f"in_{name}") & ~nw.col(f"met_{name}")


def _unpacked(frame: Frame) -> Frame:
    """Return a frame with the numerator and the denominator that its ``value`` holds."""
    value = nw.when(nw.col("value") < 0).then(nw.lit(0)).otherwise(nw.col("value"))
    return frame.with_columns(
        numerator=(value // _SCALE).cast(nw.Int64), denominator=remainder(value, _SCALE).cast(nw.Int64)
    )


@attrs.frozen(kw_only=True)
class _Scored:
    """The institutions of one edition."""

    plan: Plan
    institutions: Frame
    counted: tuple[_Counted, ...]


@attrs.frozen(kw_only=True, repr=False)
class FrameScores:
    """The scores of many institutions, as data frames of the engine that they came in.

    Lazy frames stay lazy: nothing is computed before it is asked for. The order of rows is the
    engine's own; sort by ``institution_id`` and ``criterion`` where it matters.

    Args:
        as_of: The date of the assessment.
    """

    as_of: date
    _scored: tuple[_Scored, ...] = attrs.field(alias="scored")
    _people: Cells = attrs.field(alias="people")
    _engine: Engine = attrs.field(alias="engine")
    _is_callers: bool = attrs.field(default=True, alias="is_callers")

    @functools.cached_property
    def criteria(self) -> Any:
        """One row per institution and criterion.

        The columns are ``institution_id``, ``edition``, ``criterion``, ``basis`` (``evidence`` or
        nothing), ``numerator`` and ``denominator`` (nothing where there is no evidence), and
        ``status_every_pupil``, ``status_almost_all`` and ``status_legacy``.
        """
        return self._together([_tabulate(scored, self._engine) for scored in self._scored], COLUMNS)

    def missing(self) -> Any:
        """Return the learners who do not meet a criterion: its id, theirs and the institution's."""
        lists = [
            self._engine.unpivoted(
                counted.learners.select(
                    *LEARNER, **{name: _lacks(name).cast(nw.Int64) for name in counted.names}
                ),
                LEARNER,
                counted.names,
            )
            .filter(nw.col("value") == 1)
            .select(*LEARNER, "criterion")
            for scored in self._scored
            for counted in scored.counted
        ]
        return self._together(lists, (*LEARNER, "criterion"))

    def groups(self, column: str) -> Any:
        """Return the counts by a group of learners, one row per institution, criterion and group.

        The counts are as they are, small ones too: what is published needs disclosure control.

        Args:
            column: One of the columns of `GROUPS`. The group of those of whom it is not known is an
                empty text.

        Raises:
            NotFoundError: Learners are not grouped by this column.
        """
        if column not in GROUPS:
            raise NotFoundError(f"learners are not grouped by {column}, but by {', '.join(GROUPS)}")
        group = GROUPS[column](self._people)
        people = self._people.frame.select(*LEARNER, group=group)
        counts = [
            _unpacked(
                self._engine.unpivoted(
                    counted.learners.join(people, on=list(LEARNER), how="inner")
                    .select("institution_id", "group", **counted.packed)
                    .group_by("institution_id", "group")
                    .agg(nw.col(*counted.names).sum())
                    .with_columns(nw.col(*counted.names).cast(nw.Int64)),
                    ("institution_id", "group"),
                    counted.names,
                ).filter(nw.col("value") > 0)
            ).select("institution_id", "criterion", "group", "numerator", "denominator")
            for scored in self._scored
            for counted in scored.counted
        ]
        return self._together(counts, ("institution_id", "criterion", "group", "numerator", "denominator"))

    def _together(self, frames: list[Frame], columns: Collection[str]) -> Any:
        """Return frames one below the other; where there is none, one without rows."""
        if not frames:
            nothing = {column: nw.lit("") for column in columns if column not in LEARNER}
            ids = [column for column in LEARNER if column in columns]
            frames = [self._people.frame.select(*ids, **nothing).head(0)]
        with in_our_words("the scores", asked=self._is_callers):
            return self._engine.finished(nw.concat(frames, how="vertical"))

    def __repr__(self) -> str:
        editions = ", ".join(scored.plan.edition.key for scored in self._scored)
        return f"<FrameScores under {editions} as of {self.as_of}>"


def _yes_no(column: str) -> Callable[[Cells], nw.Expr]:
    def read(cells: Cells) -> nw.Expr:
        known = cells.known(column)
        return nw.when(known.yes).then(nw.lit("yes")).when(known.no).then(nw.lit("no")).otherwise(nw.lit(""))

    return read


GROUPS: Final[Mapping[str, Callable[[Cells], nw.Expr]]] = {
    "sex": lambda cells: cells.choice("sex", Sex),
    "sen_provision": lambda cells: cells.choice("sen_provision", SenProvision),
    "year_group": lambda cells: cells.text("year_group"),
    **{column: _yes_no(column) for column in ("disadvantaged", "looked_after", "eal")},
}
"""The columns of learners by which they can be grouped."""


def score_frames(
    *,
    institutions: Any,
    learners: Any,
    activities: Any = None,
    participations: Any = None,
    destinations: Any = None,
    as_of: date,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
) -> FrameScores:
    """Score many institutions at once, in the data frames of the caller's engine.

    The frames have the columns of the exchange format and ``institution_id``; they come from pandas,
    polars (eager or lazy), pyarrow, DuckDB or PySpark, all from the same. Declared criteria have no
    answers here and are not assessed.

    Args:
        institutions: ``institution_id`` and ``kind``. Rows of other institutions count for nothing.
        learners: The learners.
        activities: The activities; together with `participations` or not at all.
        participations: The participations.
        destinations: The destinations, for the criterion about leavers.
        as_of: The date of the assessment.
        edition: The key of the edition; by default the one in force for each kind of institution.
        settings: The caller's choices.

    Returns:
        The scores.

    Raises:
        InvalidRecords: Columns are missing or hold values that cannot be read; the group has all.
        EditionError: The edition does not exist, or is not for one of the institutions.
        FrameError: A table is no data frame, they are of different kinds, or a type has no meaning here.
        RecordsError: Activities came without participations.
        SettingsError: The settings do not fit the edition.
    """
    if (activities is None) != (participations is None):
        raise RecordsError("activities and participations come together or not at all")
    given = {
        "institutions": institutions,
        "learners": learners,
        "activities": activities,
        "participations": participations,
        "destinations": destinations,
    }
    return score_tables(
        as_tables(given),
        as_of=as_of,
        edition=edition,
        settings=settings,
    )


def score_tables(
    natives: Mapping[str, Any],
    *,
    as_of: date,
    edition: str | Edition | None,
    settings: Settings,
    engine: Engine | None = None,
    look: Callable[[Tables], None] | None = None,
) -> FrameScores:
    """Score tables by name, by default on the engine that they are of; see `score_frames`.

    Args:
        natives: The tables.
        as_of: The date of the assessment.
        edition: The key of the edition, or it itself; by default the one in force for each kind.
        settings: The caller's choices.
        engine: What reads them, if it is not the caller's library.
        look: What sees the tables that have been read before they are scored.
    """
    is_callers = engine is None
    tables = read_tables(natives, as_of, engine or engine_of(natives), is_callers=is_callers)
    if look is not None:
        look(tables)
    editions = {
        chosen.key: chosen
        for chosen in (resolve_edition(kind, as_of, edition) for kind in sorted(tables.kinds))
    }
    plans = [compile_plan(chosen, as_of, settings) for _, chosen in sorted(editions.items())]
    scored = tuple(_score(plan, tables) for plan in plans)
    return FrameScores(
        as_of=as_of, scored=scored, people=tables.people, engine=tables.engine, is_callers=is_callers
    )


def _score(plan: Plan, tables: Tables) -> _Scored:
    """Score the institutions of one edition."""
    kinds = sorted(kind.value for kind in plan.edition.kinds)
    learners = tables.learners.filter(nw.col("kind").is_in(kinds))
    counted: list[_Counted] = []
    if plan.rules and tables.activities is not None and tables.rows is not None:
        counted.append(_count(plan, tables, learners, tables.activities, tables.rows))
    if tables.sightings is not None:
        counted += [_follow(plan, rule, learners, tables.sightings) for rule in plan.leavers]
    return _Scored(
        plan=plan,
        institutions=tables.institutions.filter(nw.col("kind").is_in(kinds)),
        counted=tuple(counted),
    )


def _count(plan: Plan, tables: Tables, learners: Frame, activities: Frame, rows: Frame) -> _Counted:
    """Count the criteria about activities."""
    engine = tables.engine
    spreading = Spreading.of(plan, tables.of_learners, tables.of_activities)
    of: dict[str, nw.Expr] = {}
    chosen: dict[str, nw.Expr] = {}
    unknown: dict[str, nw.Expr] = {}
    for rule in plan.rules:
        name = rule.criterion.id
        of[f"of_{name}"] = in_cohort(plan, rule.cohort)
        unknown[f"unknown_{name}"] = nw.col(f"of_{name}") & is_unknown(rule.cohort, tables.of_learners)
        chosen[f"in_{name}"] = nw.col(f"of_{name}") & is_chosen(rule.cohort, tables.of_learners)
    asked = learners.filter(is_counted(plan)).with_columns(**of).filter(any_of(map(nw.col, of)))
    asked = asked.with_columns(**chosen, **unknown)
    wanted = {
        bit: any_of(nw.col(f"in_{rule.criterion.id}") for rule in plan.rules if rule.need.mask >> bit & 1)
        for bit in spreading.marks
    }
    asked = engine.fenced(
        asked.select(
            *numbered(asked, *LEARNER),
            *("now", "offset", "began", "subjects"),
            *(*of, *chosen, *unknown),
            **spreading.may(wanted),
        )
    )
    bits = packed({bit: classify(plan, mark, tables.of_activities) for bit, mark in spreading.marks.items()})
    marked = engine.fenced(activities.select(*numbered(activities, *ACTIVITY), "day", "subjects", bits=bits))
    met = {
        f"met_{rule.criterion.id}": nw.col(f"in_{rule.criterion.id}") & _meets(rule.need)
        for rule in plan.rules
    }
    seen = engine.spread(spreading, asked, marked, rows)
    return _Counted(
        learners=engine.fenced(seen.select(*LEARNER, *of, *chosen, *unknown, **met)),
        criteria=tuple(rule.criterion for rule in plan.rules),
    )


def _meets(need: Need) -> nw.Expr:
    """Return whether a learner has what a criterion needs."""
    asked = [
        nw.col(has(bit)) if number == 1 else nw.col(times(bit)) >= number
        for number, mask in need.counts
        for bit in _bits(mask)
    ]
    number, mask = need.different
    if number:
        shown = (nw.col(has(bit)).cast(nw.Int64) for bit in _bits(mask))
        asked.append(functools.reduce(operator.add, shown) >= number)
    if need.each_subject:
        asked.append(nw.col("covered"))
    return all_of(asked)


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _follow(plan: Plan, rule: LeaverRule, learners: Frame, sightings: Frame) -> _Counted:
    """Count a criterion about what became of leavers."""
    this_year = plan.academic_year.start
    years = range(this_year - rule.cohort.left_within + 1, this_year) if rule.every_year else ()
    leavers = learners.filter(is_leaver(plan, rule.cohort)).select(*LEARNER, "left")
    after = sightings.join(leavers, on=list(LEARNER), how="inner").filter(nw.col("seen") > nw.col("left"))
    flags = {f"seen_{year}": (year_start(nw.col("seen")) == year).cast(nw.Int64) for year in years}
    by_learner = (
        after.select(*LEARNER, seen_at_all=nw.lit(1), **flags)
        .group_by(*LEARNER)
        .agg(nw.col("seen_at_all", *flags).max())
    )
    followed = leavers.join(by_learner, on=list(LEARNER), how="left").with_columns(
        nw.col("seen_at_all", *flags).fill_null(0)
    )
    met = (nw.col("seen_at_all") == 1) & all_of(
        (year_start(nw.col("left")) >= year) | (nw.col(f"seen_{year}") == 1) for year in years
    )
    name = rule.criterion.id
    columns = {
        f"of_{name}": nw.lit(True),
        f"in_{name}": nw.lit(True),
        f"unknown_{name}": nw.lit(False),
        f"met_{name}": met,
    }
    return _Counted(learners=followed.select(*LEARNER, **columns), criteria=(rule.criterion,))


def _tabulate(scored: _Scored, engine: Engine) -> Frame:
    """Return one row per institution and criterion."""
    frame = scored.institutions.select("institution_id")
    with_evidence: set[str] = set()
    for counted in scored.counted:
        unsure = {f"{what}_{name}": _number(f"{what}_{name}") for name in counted.names for what in _UNSURE}
        totals = (
            counted.learners.select("institution_id", **counted.packed, **unsure)
            .group_by("institution_id")
            .agg(nw.col(*counted.names, *unsure).sum())
        )
        frame = frame.join(totals, on="institution_id", how="left").with_columns(
            nw.col(*counted.names, *unsure).fill_null(0).cast(nw.Int64)
        )
        with_evidence.update(counted.names)
    values: dict[str, nw.Expr] = {}
    for criterion in scored.plan.edition.criteria:
        name = criterion.id
        if name in with_evidence:
            of, unknown = nw.col(f"of_{name}"), nw.col(f"unknown_{name}")
            nobody = nw.when((of > 0) & (unknown == of)).then(nw.lit(_ALL_UNKNOWN))
            values[name] = nobody.otherwise(nw.col(name)).cast(nw.Int64)
        else:
            values[name] = nw.lit(_NO_EVIDENCE).cast(nw.Int64)
    long = engine.unpivoted(frame.select("institution_id", **values), ["institution_id"], list(values))
    has_evidence = nw.col("value") != _NO_EVIDENCE
    return (
        _unpacked(long)
        .with_columns(**{f"status_{preset}": _status(preset.threshold) for preset in PRESETS})
        .select(
            "institution_id",
            "criterion",
            *(f"status_{preset}" for preset in PRESETS),
            edition=nw.lit(scored.plan.edition.key),
            basis=nw.when(has_evidence).then(nw.lit("evidence")),
            numerator=nw.when(has_evidence).then(nw.col("numerator")),
            denominator=nw.when(has_evidence).then(nw.col("denominator")),
        )
        .select(*COLUMNS)
    )


def _status(threshold: Fraction) -> nw.Expr:
    """Return the status of a criterion when this share is enough."""
    enough = nw.col("numerator") * threshold.denominator >= nw.col("denominator") * threshold.numerator
    return (
        nw.when(nw.col("value") < 0)
        .then(nw.lit(CriterionStatus.NOT_ASSESSED.value))
        .when(nw.col("denominator") == 0)
        .then(nw.lit(CriterionStatus.NOT_APPLICABLE.value))
        .when(enough)
        .then(nw.lit(CriterionStatus.MET.value))
        .otherwise(nw.lit(CriterionStatus.NOT_MET.value))
    )
