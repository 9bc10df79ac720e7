"""Learners: who they are to the benchmarks, and when they are on roll."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from gatsbykit.model.calendar import YearGroup, academic_year_start, capped_year_group, year_group_at
from gatsbykit.model.fields import any_id, choice, quiet
from gatsbykit.model.identifiers import Uln, Upn
from gatsbykit.model.subjects import subject_keys
from gatsbykit.privacy import shown_id

__all__ = ["Learner", "SenProvision", "Sex"]


class Sex(StrEnum):
    """Sex as the school census records it."""

    FEMALE = "F"
    MALE = "M"


class SenProvision(StrEnum):
    """Provision for special educational needs as the school census records it."""

    NONE = "N"
    SUPPORT = "K"
    EHC_PLAN = "E"


@attrs.frozen(kw_only=True, field_transformer=quiet)
class Learner:
    """A learner of an institution.

    ``None`` is *unknown*, which is neither yes nor no. The ``repr`` shows the id and the year
    group alone.

    Args:
        learner_id: The institution's own id, an opaque text.
        year_group: The year group at the date of the assessment or, for a learner who has left,
            at `on_roll_to`; ``None`` where year groups play no part.
        date_of_birth: For the age rules of colleges and training providers.
        sex: For breakdowns.
        disadvantaged: For breakdowns.
        sen_provision: For breakdowns, and for the age rules of colleges.
        looked_after: For breakdowns.
        eal: English as an additional language; for breakdowns.
        considering_he: Whether the learner considers applying to higher education.
        in_cohort: In special schools and alternative provision, whether the benchmarks are meant
            for the learner; unknown is yes.
        subjects: The subjects studied, in comparable form; empty is unknown.
        on_roll_from: First day on roll.
        on_roll_to: Last day on roll.
        programme_start: First day of a college learner's programme.
        programme_end: Last day of a college learner's programme.
        upn: Unique pupil number.
        uln: Unique learner number.

    Examples:
        >>> from datetime import date
        >>> mina = Learner(learner_id="L0412", year_group=11, on_roll_to=date(2026, 6, 26))
        >>> mina
        Learner(learner_id='L0412', year_group=11)
        >>> mina.is_on_roll(date(2026, 7, 10))  # a summer leaver stays in the year's figures
        True
        >>> mina.year_group_at(date(2023, 9, 1), as_of=date(2026, 7, 10))
        9
    """

    learner_id: str = attrs.field(repr=shown_id, converter=any_id)
    year_group: YearGroup | None = attrs.field(default=None, repr=repr)
    date_of_birth: date | None = None
    sex: Sex | None = attrs.field(default=None, converter=choice)
    disadvantaged: bool | None = None
    sen_provision: SenProvision | None = attrs.field(default=None, converter=choice)
    looked_after: bool | None = None
    eal: bool | None = None
    considering_he: bool | None = None
    in_cohort: bool | None = None
    subjects: frozenset[str] = attrs.field(default=frozenset(), converter=subject_keys)
    on_roll_from: date | None = None
    on_roll_to: date | None = None
    programme_start: date | None = None
    programme_end: date | None = None
    upn: Upn | None = attrs.field(default=None, converter=choice)
    uln: Uln | None = attrs.field(default=None, converter=choice)

    def is_on_roll(self, as_of: date) -> bool:
        """Whether the learner counts as on roll on a day.

        Somebody who left on or after the 1 May of the current academic year still does:
        summer leavers stay in the year's figures (interpretation).
        """
        if self.on_roll_from is not None and self.on_roll_from > as_of:
            return False
        left = self.on_roll_to
        if left is None or left >= as_of:
            return True
        year = academic_year_start(as_of)
        return date(year + 1, 5, 1) <= left <= date(year + 1, 8, 31)

    def reference_date(self, as_of: date) -> date:
        """The day on which `year_group` is right: `as_of`, or the last day on roll if that is past."""
        return as_of if self.on_roll_to is None else min(as_of, self.on_roll_to)

    def current_year_group(self) -> int | None:
        """The year group as given, with Year 14 read as Year 13."""
        return None if self.year_group is None else capped_year_group(self.year_group)

    def year_group_at(self, day: date, *, as_of: date) -> int | None:
        """Work out the year group on a day, or ``None`` where year groups play no part."""
        if self.year_group is None:
            return None
        return year_group_at(day, year_group=self.year_group, reference=self.reference_date(as_of))
