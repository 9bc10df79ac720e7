"""What is doubtful about a programme of training and its evidence: warnings, each with what is meant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gatsbykit.model.training import Accreditation, Assessment
from gatsbykit.practice.courses import quality
from gatsbykit.practice.figure_checks import found_issue
from gatsbykit.practice.figures import read_figure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from gatsbykit.issues import Issue
    from gatsbykit.model.training_evaluation import TrainingEvaluation
    from gatsbykit.practice.verdicts import LevelResult

__all__ = ["doubts"]


def doubts(
    training: TrainingEvaluation, levels: Sequence[LevelResult], as_of: datetime.date
) -> tuple[Issue, ...]:
    """Return what is doubtful, as warnings.

    Args:
        training: The programme with its evidence.
        levels: Its outcomes as judged.
        as_of: The day of the report.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.training import Course, Provider, TrainingProgramme
        >>> from gatsbykit.model.training_evaluation import TrainingEvaluation
        >>> (issue,) = doubts(
        ...     TrainingEvaluation(
        ...         programme=TrainingProgramme(title="National"),
        ...         providers=[Provider(id="P1")],
        ...         courses=[Course(id="C1", provider="P1", accreditation="none", assessment="portfolio")],
        ...     ),
        ...     (),
        ...     date(2020, 2, 14),
        ... )
        >>> issue.code
        'assessment_without_accreditation'
    """
    return (
        *_assessed(training),
        *_provider_counts(training),
        *_unchecked(training, as_of),
        *_small_cohorts(training, as_of),
        *_without_evidence(levels),
        *_falls(training),
    )


def _assessed(training: TrainingEvaluation) -> Iterator[Issue]:
    for index, course in enumerate(training.courses):
        if course.accreditation is Accreditation.NONE and course.assessment not in {None, Assessment.NONE}:
            yield found_issue("assessment_without_accreditation", f"courses[{index}].assessment", course.id)


def _provider_counts(training: TrainingEvaluation) -> Iterator[Issue]:
    listed = Counter(provider.specialism for provider in training.providers)
    for index, group in enumerate(training.provider_groups):
        if training.providers and listed[group.specialism] != group.providers:
            yield found_issue(
                "provider_counts_differ",
                f"provider_groups[{index}].providers",
                None,
                listed=listed[group.specialism],
                counted=group.providers,
                specialism=group.specialism,
            )


def _unchecked(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[Issue]:
    if not training.quality_checks:  # nobody recorded any, which says nothing of a provider
        return
    found = quality(training.providers, training.courses, training.quality_checks, as_of)
    for index, record in enumerate(found):
        if record.missing:
            missing = " and no ".join(kind.replace("_", " ") for kind in record.missing)
            yield found_issue(
                "quality_never_checked",
                f"providers[{index}]",
                record.provider,
                provider=record.provider,
                missing=missing,
            )


def _small_cohorts(training: TrainingEvaluation, as_of: datetime.date) -> Iterator[Issue]:
    standings = [enrolment.standing(as_of) for enrolment in training.enrolments]
    begun = Counter(one.cohort for one in standings if one is not None and one.started is not None)
    for index, cohort in enumerate(training.cohorts):
        has_started = cohort.starts is not None and cohort.starts <= as_of
        if has_started and cohort.minimum is not None and begun[cohort.id] < cohort.minimum:
            yield found_issue(
                "cohort_below_minimum",
                f"cohorts[{index}].minimum",
                cohort.id,
                started=begun[cohort.id],
                minimum=cohort.minimum,
            )


def _without_evidence(levels: Sequence[LevelResult]) -> Iterator[Issue]:
    for level in levels:
        for result in level.outcomes:
            if result.verdict is None:
                yield found_issue(
                    "outcome_without_evidence", "outcomes", result.outcome.id, outcome=result.outcome.text
                )


def _falls(training: TrainingEvaluation) -> Iterator[Issue]:
    """Yield the matched changes that are clear of nothing the wrong way."""
    for index, survey in enumerate(training.surveys):
        for place, figure in enumerate(survey.items):
            interval = read_figure(figure, survey).interval
            if interval is not None and interval[1] < 0:
                low, high = (f"{-100 * end:.1f}" for end in (interval[1], interval[0]))
                yield found_issue(
                    "change_against_outcome",
                    f"surveys[{index}].items[{place}]",
                    figure.id,
                    figure=figure.asks,
                    low=low,
                    high=high,
                )
