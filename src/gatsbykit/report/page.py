"""What stands on a page, as plain values: texts, numbers and nothing that may not be shown.

Templates get these and nothing else, so no template can tell what the page must not. ``None`` stands
for what is not shown, or is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.insight.reason_words import REASON_WORDS
from gatsbykit.rules import PRESETS, Preset
from gatsbykit.scoring.scorecard import access_words, hours_words
from gatsbykit.words import counted, day_words, name_words, percent_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.insight.grouping import PublishedShare
    from gatsbykit.insight.missing import CriterionGaps, Gap
    from gatsbykit.report.shown import Shown
    from gatsbykit.rules.grading import Status
    from gatsbykit.rules.vocabulary import Criterion
    from gatsbykit.scoring import BenchmarkResult, CriterionResult

__all__ = ["Page", "page_of"]

_ATTRIBUTE_WORDS: Final = {
    "year_group": "Year group",
    "sex": "Sex",
    "disadvantaged": "Disadvantaged",
    "sen_provision": "SEN provision (N none, K support, E plan)",
    "looked_after": "Looked after",
    "eal": "English as an additional language",
}


@attrs.frozen(kw_only=True)
class Look:
    """How a result looks: what colours it (``good``, ``partly``, ``bad``, ``none``), a sign, and words."""

    tone: str
    sign: str
    words: str


@attrs.frozen(kw_only=True)
class PresetHead:
    """A preset: its name, how much of a group is enough, and how many benchmarks are achieved by it."""

    name: str
    threshold: str
    achieved: str


@attrs.frozen(kw_only=True)
class CriterionRow:
    """A criterion: what its result rests on, and how it looks by each preset."""

    id: str
    text: str
    basis: str
    looks: tuple[Look, ...]


@attrs.frozen(kw_only=True)
class BenchmarkRow:
    """A benchmark: how it looks by each preset, and per cent of its criteria met for every pupil."""

    number: int
    title: str
    looks: tuple[Look, ...]
    percent: int | None
    criteria: tuple[CriterionRow, ...]

    @property
    def look(self) -> Look:
        """How it looks by the words of the benchmarks: for every pupil."""
        return self.looks[PRESETS.index(Preset.EVERY_PUPIL)]


@attrs.frozen(kw_only=True)
class LearnerRow:
    """A learner who is missing from a criterion; on pages with learners alone."""

    learner_id: str
    year_group: int | None
    had: int
    needed: int
    lacks: str
    why: str


@attrs.frozen(kw_only=True)
class GapPart:
    """Who is missing from a criterion, what they lack, and why records of theirs did not count."""

    criterion_id: str
    how_many: str
    text: str
    lacking: str | None = None
    reasons: str | None = None
    learners: tuple[LearnerRow, ...] | None = None


@attrs.frozen(kw_only=True)
class ShareRow:
    """A group: how many meet a criterion, of how many, and the share."""

    words: str
    numerator: int | None
    denominator: int | None
    share: str | None


@attrs.frozen(kw_only=True)
class AttributePart:
    """The groups of an attribute."""

    words: str
    rows: tuple[ShareRow, ...]


@attrs.frozen(kw_only=True)
class GroupTable:
    """A criterion by attributes of the learners."""

    criterion_id: str
    attributes: tuple[AttributePart, ...]
    total: ShareRow


@attrs.frozen(kw_only=True)
class PhaseRow:
    """A phase of the provider access law."""

    words: str
    look: Look
    counted: str | None


@attrs.frozen(kw_only=True)
class HoursRow:
    """A part of the work experience guarantee."""

    words: str
    numerator: int
    denominator: int


@attrs.frozen(kw_only=True)
class Doubt:
    """Something doubtful about the records, and how often."""

    how_many: str
    message: str


@attrs.frozen(kw_only=True)
class Reading:
    """What a criterion rests on: our interpretation of it, if any, and its sources."""

    criterion_id: str
    interpretation: str | None
    sources: str


@attrs.frozen(kw_only=True)
class Page:
    """Everything that stands on a page.

    Args:
        institution: The name of the institution.
        edition: The title of the edition.
        academic_year: The academic year, such as ``2025/26``.
        day: The date of the assessment, in words.
        fingerprint: The first characters of the fingerprint of the rules.
        with_learners: Whether learners are named and nothing is hidden.
        minimum: The least count that is shown.
        applicable: How many benchmarks apply.
        presets: The presets, in the order in which results are given.
        benchmarks: The benchmarks with their criteria.
        gaps: Who is missing.
        groups: The shares by group.
        access: The phases of the provider access law; ``None`` where it does not apply.
        hours: The work experience guarantee; ``None`` where it does not apply or may not be shown.
        doubts: What is doubtful about the records.
        pictures: The caller's pictures, as HTML.
        readings: The sources of the criteria.
    """

    institution: str
    edition: str
    academic_year: str
    day: str
    fingerprint: str
    with_learners: bool
    minimum: int
    applicable: int
    presets: tuple[PresetHead, ...]
    benchmarks: tuple[BenchmarkRow, ...]
    gaps: tuple[GapPart, ...]
    groups: tuple[GroupTable, ...]
    access: tuple[PhaseRow, ...] | None
    hours: tuple[HoursRow, ...] | None
    doubts: tuple[Doubt, ...]
    pictures: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def preset_heads(self) -> list[str]:
        """The presets as headings of columns, each with how much of a group is enough."""
        return [f"{one.name} ({one.threshold})" for one in self.presets]


def page_of(shown: Shown, *, pictures: tuple[str, ...] = ()) -> Page:
    """Return what stands on the page."""
    card = shown.card
    return Page(
        institution=card.institution.name,
        edition=card.edition.title,
        academic_year=str(card.academic_year),
        day=day_words(card.as_of),
        fingerprint=card.fingerprint[:12],
        with_learners=shown.with_learners,
        minimum=shown.minimum,
        applicable=card.applicable,
        presets=tuple(_preset(shown, preset) for preset in PRESETS),
        benchmarks=tuple(_benchmark(shown, result) for result in card.benchmarks),
        gaps=tuple(_gaps(shown)),
        groups=tuple(_groups(shown)),
        access=_access(shown),
        hours=_hours(shown),
        doubts=tuple(_doubts(shown)),
        pictures=pictures,
        readings=tuple(_reading(result.criterion) for result in card.criteria),
    )


def _preset(shown: Shown, preset: Preset) -> PresetHead:
    return PresetHead(
        name=name_words(preset),
        threshold=percent_text(preset.threshold, 0),
        achieved=shown.achieved(preset),
    )


def _look(status: Status, *, shows: bool) -> Look:
    if not shows:
        return Look(tone="none", sign="c", words="hidden")
    return Look(tone=status.tone, sign=status.sign, words=status.words)


def _benchmark(shown: Shown, result: BenchmarkResult) -> BenchmarkRow:
    every = Preset.EVERY_PUPIL
    return BenchmarkRow(
        number=result.number,
        title=result.title,
        looks=tuple(_look(result.status[one], shows=shown.shows_all(result, one)) for one in PRESETS),
        percent=result.percent[every] if shown.shows_all(result, every) else None,
        criteria=tuple(_criterion(shown, one) for one in result.criteria),
    )


def _criterion(shown: Shown, result: CriterionResult) -> CriterionRow:
    return CriterionRow(
        id=result.criterion.id,
        text=result.criterion.text,
        basis=shown.basis(result),
        looks=tuple(_look(result.status[one], shows=shown.shows(result, one)) for one in PRESETS),
    )


def _gaps(shown: Shown) -> Iterator[GapPart]:
    gaps = {one.criterion_id: one for one in shown.gaps}
    for result in shown.card.criteria:
        if shown.possible(result) is None:
            yield GapPart(
                criterion_id=result.criterion.id,
                how_many="some learners missing, or none: they are too few to say",
                text=result.criterion.text,
            )
        elif result.criterion.id in gaps:
            yield _gap(shown, gaps[result.criterion.id])


def _gap(shown: Shown, gaps: CriterionGaps) -> GapPart:
    count = len(gaps.gaps)
    lacking: str | None = None
    reasons: str | None = None
    how_many = "some learners missing"
    if shown.shows_missing(gaps.criterion_id):
        how_many = f"{counted(count, 'learner')} missing"
        lacking = shown.counts({name_words(name): number for name, number in gaps.lacking.items()}, count)
        if gaps.reasons:
            reasons = shown.counts({REASON_WORDS[one]: number for one, number in gaps.reasons.items()}, count)
    elif len(asked := shown.asked.get(gaps.criterion_id, ())) == 1:
        # What so few lack is told only where there is nothing else to be lacking.
        lacking = name_words(asked[0])
    return GapPart(
        criterion_id=gaps.criterion_id,
        how_many=how_many,
        text=gaps.text,
        lacking=lacking,
        reasons=reasons,
        learners=tuple(map(_learner, gaps.gaps)) if shown.with_learners else None,
    )


def _learner(gap: Gap) -> LearnerRow:
    return LearnerRow(
        learner_id=gap.learner_id,
        year_group=gap.year_group,
        had=gap.had,
        needed=gap.needed,
        lacks=", ".join(part.words for part in gap.lacking),
        why="; ".join(REASON_WORDS[one] for one in gap.reasons) or "no record of the right kind",
    )


def _groups(shown: Shown) -> Iterator[GroupTable]:
    for criterion_id in dict.fromkeys(table.criterion_id for table in shown.tables):
        own = [table for table in shown.tables if table.criterion_id == criterion_id]
        yield GroupTable(
            criterion_id=criterion_id,
            attributes=tuple(
                AttributePart(
                    words=_ATTRIBUTE_WORDS[table.attribute],
                    rows=tuple(_share(group.value, group) for group in table.groups),
                )
                for table in own
                if table.groups
            ),
            total=_share("Everybody", own[0].total),
        )


def _share(words: str, group: PublishedShare) -> ShareRow:
    return ShareRow(
        words=words,
        numerator=group.numerator,
        denominator=group.denominator,
        share=None if group.share is None else percent_text(group.share),
    )


def _access(shown: Shown) -> tuple[PhaseRow, ...] | None:
    """Show the phases of the law; counts only where learners are shown."""
    if shown.card.provider_access is None:
        return None
    rows: list[PhaseRow] = []
    for name, phase in shown.card.provider_access.items():
        words, count = access_words(name, phase.tally)
        look = _look(phase.status, shows=shown.shows_phase(name, phase))
        rows.append(PhaseRow(words=words, look=look, counted=count if shown.with_learners else None))
    return tuple(rows)


def _hours(shown: Shown) -> tuple[HoursRow, ...] | None:
    if shown.card.work_experience is None or not shown.with_learners:
        return None
    return tuple(
        HoursRow(words=hours_words(name), numerator=tally.numerator, denominator=tally.denominator)
        for name, tally in shown.card.work_experience.items()
    )


def _doubts(shown: Shown) -> Iterator[Doubt]:
    """Yield what is doubtful; without learners nothing that is about them."""
    for notice in shown.card.warnings:
        if shown.with_learners or notice.where in {"activities", "participations"}:
            yield Doubt(how_many=shown.at_least(notice.count), message=notice.message)


def _reading(criterion: Criterion) -> Reading:
    return Reading(
        criterion_id=criterion.id,
        interpretation=criterion.interpretation,
        sources="; ".join(f"{source.title} ({source.where})" for source in criterion.sources),
    )
