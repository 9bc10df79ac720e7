"""Explaining: what a criterion asks for, who it is about, and why a learner meets it or does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.frozen import FrozenMapping
from gatsbykit.insight.examining import Examiner, Membership, Part, RecordVerdict, cohort_of
from gatsbykit.insight.reason_words import REASON_WORDS, obstacle_words
from gatsbykit.model.fields import checked
from gatsbykit.plain import plain
from gatsbykit.rules import CriterionStatus
from gatsbykit.rules.grading import PRESETS
from gatsbykit.rules.vocabulary import Source
from gatsbykit.rules.words import cohort_words, requirement_words
from gatsbykit.scoring import DEFAULTS, Settings
from gatsbykit.scoring.reasons import Reason
from gatsbykit.words import counted, day_words, name_words, percent_text, printable, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.records import Records
    from gatsbykit.rules.vocabulary import Criterion, Edition
    from gatsbykit.scoring import CriterionResult

__all__ = ["Explanation", "LearnerExplanation", "LearnerVerdict", "explain"]


class LearnerVerdict(StrEnum):
    """What came out for a learner under a criterion."""

    MEETS_IT = "meets_it"
    MISSING = "missing"
    NOT_IN_POPULATION = "not_in_population"
    """The learner is in neither the numerator nor the denominator; the rest says how far along."""

    NO_EVIDENCE = "no_evidence"
    """There are no records from which to tell."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class LearnerExplanation:
    """Why one learner meets a criterion, misses it or is not in it.

    Args:
        learner_id: The learner.
        verdict: What came out.
        membership: Whether the learner is in the population, and if not, why.
        because: The same in plain words.
        records: Each record that was looked at, and whether it counted.
        parts: What is needed, and what there is: the arithmetic.
    """

    learner_id: str
    verdict: LearnerVerdict
    membership: Membership
    because: str
    records: tuple[RecordVerdict, ...]
    parts: tuple[Part, ...]

    @property
    def lacking(self) -> tuple[Part, ...]:
        """What the learner does not have yet."""
        return tuple(part for part in self.parts if not part.is_met)

    def __str__(self) -> str:
        return "\n".join(_learner_lines(self))


@attrs.frozen(kw_only=True, field_transformer=checked)
class Explanation:
    """Why a criterion came out as it did.

    Args:
        edition: The key of the edition.
        as_of: The date of the assessment.
        criterion_id: The criterion.
        text: What it asks for, in the edition's words.
        requirement: What is computed, in plain words.
        cohort: Whom it is about, in plain words; ``None`` for what the institution declares.
        basis: ``evidence``, ``declared`` or ``None``.
        arithmetic: How the counts lead to the result.
        status: By preset, the result.
        population: By kind of membership, how many learners of the records.
        reasons: By reason, for how many missing learners a record of the right kind did not count.
        no_record: How many missing learners have no record of the right kind at all.
        missing: The ids of the missing learners.
        learner: The explanation for the learner who was asked about.
        interpretation: Where the rule goes beyond its sources.
        sources: Where it comes from.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> why = gk.explain(gk.load("examples/northfield"), "6a", as_of=date(2026, 7, 10))
        >>> why.arithmetic[0]
        '131 of 158 learners meet it (82.9 %); 27 are missing.'
        >>> why.reasons[gk.insight.Reason.MEANINGFUL_UNKNOWN]
        9
    """

    edition: str
    as_of: date
    criterion_id: str
    text: str
    requirement: str
    cohort: str | None
    basis: str | None
    arithmetic: tuple[str, ...]
    status: Mapping[str, CriterionStatus] = attrs.field(hash=False)
    population: Mapping[Membership, int] = attrs.field(hash=False)
    reasons: Mapping[Reason, int] = attrs.field(hash=False)
    no_record: int
    missing: tuple[str, ...]
    learner: LearnerExplanation | None
    interpretation: str | None
    sources: tuple[Source, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, ready for `json`."""
        return {"format": "gatsbykit-explanation/1", **plain(self)}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def explain(
    records: Records,
    criterion_id: str,
    *,
    as_of: date,
    learner: str | None = None,
    edition: str | Edition | None = None,
    settings: Settings = DEFAULTS,
) -> Explanation:
    """Explain what came out for a criterion, and for one of its learners.

    Explaining looks at the records as the score does and changes nothing.

    Args:
        records: The institution's records.
        criterion_id: The criterion, such as ``6a``.
        as_of: The date of the assessment.
        learner: The id of a learner to explain too, in the population or not.
        edition: The edition or its key; by default the one in force.
        settings: The caller's choices.

    Raises:
        NotFoundError: There is no such criterion or learner, or the criterion is about no learners.
        EditionError: The edition does not exist or is not for this institution.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> school = gk.load("examples/northfield")
        >>> day = date(2026, 7, 10)
        >>> one = gk.score(school, as_of=day)["7a"].missing[0]
        >>> why = gk.explain(school, "7a", as_of=day, learner=one).learner
        >>> why.verdict.value, [part.words for part in why.lacking]
        ('missing', ['university'])
    """
    examiner = Examiner(records, as_of=as_of, edition=edition, settings=settings)
    return find_explanation(examiner, criterion_id, learner)


def find_explanation(examiner: Examiner, criterion_id: str, learner: str | None = None) -> Explanation:
    """Explain what an examiner sees of a criterion, and of one of its learners."""
    settings = examiner.plan.settings
    criterion = examiner.criterion(criterion_id)
    if learner is not None:
        cohort_of(criterion)
    result = examiner.card[criterion_id]
    population = _population(examiner, criterion)
    missing = result.missing or ()
    reasons: Counter[Reason] = Counter()
    no_record = 0
    for one in missing:
        found = examiner.examine(criterion, examiner.learners[one])
        reasons.update({why.reason for record in found.records for why in record.obstacles})
        no_record += not found.records
    return Explanation(
        edition=examiner.edition.key,
        as_of=examiner.plan.as_of,
        criterion_id=criterion_id,
        text=criterion.text,
        requirement=requirement_words(
            criterion,
            examiner.edition,
            at_least=settings.at_least.get(criterion_id),
            adviser_level=settings.adviser_level,
        ),
        cohort=None if criterion.cohort is None else cohort_words(criterion.cohort, examiner.edition),
        basis=result.basis,
        arithmetic=tuple(_arithmetic(result)),
        status=result.status,
        population=population,
        reasons=FrozenMapping({reason: reasons[reason] for reason in Reason if reasons[reason]}),
        no_record=no_record,
        missing=missing,
        learner=None if learner is None else explain_learner(examiner, criterion, examiner.learner(learner)),
        interpretation=criterion.interpretation,
        sources=criterion.sources,
    )


def explain_learner(examiner: Examiner, criterion: Criterion, learner: Learner) -> LearnerExplanation:
    """Explain what came out for a learner under a share criterion.

    Args:
        examiner: What looks at the records.
        criterion: The criterion, one about learners.
        learner: The learner.
    """
    membership = examiner.membership(learner, criterion)
    found = examiner.examine(criterion, learner)
    if examiner.card[criterion.id].tally is None:
        verdict = LearnerVerdict.NO_EVIDENCE
    elif membership is not Membership.IN:
        verdict = LearnerVerdict.NOT_IN_POPULATION
    else:
        verdict = LearnerVerdict.MEETS_IT if found.is_met else LearnerVerdict.MISSING
    return LearnerExplanation(
        learner_id=learner.learner_id,
        verdict=verdict,
        membership=membership,
        because=examiner.membership_words(learner, criterion),
        records=found.records,
        parts=found.parts,
    )


def _population(examiner: Examiner, criterion: Criterion) -> Mapping[Membership, int]:
    if criterion.cohort is None:
        return FrozenMapping({})
    found = Counter(examiner.membership(learner, criterion) for learner in examiner.records.learners or ())
    return FrozenMapping({one: found[one] for one in Membership if found[one]})


def _arithmetic(result: CriterionResult) -> Iterator[str]:
    """Say how the counts, or the answers, lead to the result."""
    tally = result.tally
    if tally is None:
        if result.basis is None:
            yield "There are no records of it, and the institution has not answered."
        elif result.share is not None:
            yield f"There are no records of it; the institution declares {percent_text(result.share, 2)}."
        else:
            yield from _answer_words(result)
        return
    if tally.share is None:
        yield (
            "What puts a learner in the population is recorded of nobody."
            if tally.unknown_only
            else "There is nobody in the population, so it does not apply."
        )
        return
    counts = f"{tally.numerator} of {counted(tally.denominator, 'learner')} meet it"
    yield f"{counts} ({percent_text(tally.share)}); {len(tally.missing)} are missing."
    for preset in PRESETS:
        enough = ceil(preset.threshold * tally.denominator)
        verb = (
            "is met" if tally.numerator >= enough else f"is not met: {enough - tally.numerator} more needed"
        )
        yield f"{name_words(preset)} ({percent_text(preset.threshold)}) asks for {enough} and {verb}."


def _answer_words(result: CriterionResult) -> Iterator[str]:
    """Say what the institution answered, part by part."""
    criterion = result.criterion
    given: Mapping[str, Any] = getattr(result.answer, "parts", {})
    if result.origin == "programme":
        yield "The institution has not answered; this follows from its careers programme."
    elif result.origin == "both":
        yield "The institution answers in part; the rest follows from its careers programme."
    if not criterion.parts:
        who = "The programme" if result.origin == "programme" else "The institution"
        yield f"{who} answers: {name_words(str(result.answer))}."
    for part in criterion.parts:
        answer = given.get(part)
        yield f"{name_words(part)}: {'not answered' if answer is None else name_words(answer)}."


def _lines(why: Explanation) -> Iterator[str]:
    """Yield an explanation for people, at most 80 columns wide."""
    yield f"Criterion {why.criterion_id} of {why.edition}, as of {day_words(why.as_of)}"
    yield from wrapped(why.text, "  ")
    yield ""
    yield "What is asked for"
    yield from wrapped(why.requirement, "  ")
    if why.cohort is not None:
        yield ""
        yield "Whom it is about"
        yield from wrapped(f"{why.cohort[0].upper()}{why.cohort[1:]}.", "  ")
        yield from (f"  {count:>6}  {one.words}" for one, count in why.population.items())
    yield ""
    yield "What came out"
    for line in why.arithmetic:
        yield from wrapped(f"{line[0].upper()}{line[1:]}", "    ", "  ")
    for preset in PRESETS if not why.missing else ():
        yield f"  {name_words(preset)}: {why.status[preset].words}"
    if why.missing:
        yield ""
        yield "Why learners are missing (one may have several reasons)"
        if why.no_record:
            yield f"  {why.no_record:>6}  no record of the right kind at all"
        for reason, count in why.reasons.items():
            yield from wrapped(REASON_WORDS[reason], " " * 10, f"  {count:>6}  ")
        yield from wrapped(f"Missing: {', '.join(map(printable, why.missing))}", "    ", "  ")
    if why.learner is not None:
        yield ""
        yield from _learner_lines(why.learner)
    if why.interpretation is not None:
        yield ""
        yield "Interpretation (ours, beyond the source)"
        yield from wrapped(why.interpretation, "  ")
    yield ""
    yield "Sources"
    for source in why.sources:
        yield from wrapped(f"{source.title} ({source.where})", "    ", "  ")


_VERDICT_WORDS: Final = {
    LearnerVerdict.MEETS_IT: "meets it",
    LearnerVerdict.MISSING: "missing",
    LearnerVerdict.NOT_IN_POPULATION: "not in the population",
    LearnerVerdict.NO_EVIDENCE: "no records to tell from",
}


def _learner_lines(one: LearnerExplanation) -> Iterator[str]:
    yield f"Learner {printable(one.learner_id)}: {_VERDICT_WORDS[one.verdict]}"
    yield from wrapped(f"Population: {one.because}.", "    ", "  ")
    if not one.records:
        yield "  No record of the right kind."
    for record in one.records:
        if record.counts:
            what = f"counts for {', '.join(map(_shown, record.counts_for))}"
        else:
            what = f"does not count: {'; '.join(map(obstacle_words, record.obstacles))}"
        title = f"{record.record_id} {record.title or ''}"
        yield from wrapped(f"{record.date} {printable(title)}: {what}", "    ", "  ")
    for part in one.parts:
        mark = "enough" if part.is_met else f"{part.lacking} lacking"
        yield from wrapped(f"{part.had} of {part.needed} {_shown(part.name)}: {mark}", "      ", "  = ")


def _shown(name: str) -> str:
    """Write a name, which may be a subject from outside, for a terminal."""
    return printable(name_words(name))
