"""A review of a careers programme: steps, duties of a website, checks, and the answers that follow."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.issues import Issue, Severity
from gatsbykit.model.answers import Answer, PartAnswers
from gatsbykit.model.fields import checked
from gatsbykit.model.leaders import FULL_WEEK
from gatsbykit.practice.checks import programme_issues
from gatsbykit.practice.duties import Duty, website_duties
from gatsbykit.practice.leading import leader_issues
from gatsbykit.practice.lines import wrapped
from gatsbykit.practice.pages import page, paragraph, table
from gatsbykit.practice.rulebook import review_rules
from gatsbykit.practice.steps import StepStanding, step_issues, step_standings
from gatsbykit.rules import edition as edition_of
from gatsbykit.rules.vocabulary import Timeline
from gatsbykit.scoring.answer_rules import interpretation
from gatsbykit.scoring.following import FollowingAnswer, declared_answers, following_answers
from gatsbykit.scoring.programme_case import Case
from gatsbykit.words import day_words, name_words, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.records import Records

__all__ = ["REVIEW_FORMAT", "ProgrammeReview", "answers_of_programme", "review_programme"]

REVIEW_FORMAT: Final = "gatsbykit-programme-review/1"
"""The name and version of the review's format."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class ProgrammeReview:
    """What a review found.

    Args:
        edition: The key of the edition.
        as_of: The day of the review.
        steps: Where each of the seven steps stands.
        following: The answers that follow, part by part, with the records they rest on.
        declared: The ids of all criteria that an institution answers itself, in order, with the
            names of their parts.
        duties: What a website must show.
        findings: What is doubtful, errors first.
    """

    edition: str
    as_of: date
    steps: tuple[StepStanding, ...]
    following: tuple[FollowingAnswer, ...]
    declared: tuple[tuple[str, tuple[str, ...]], ...]
    duties: tuple[Duty, ...]
    findings: tuple[Issue, ...]

    @property
    def answers(self) -> Mapping[str, Answer | PartAnswers]:
        """The answers that follow, as an institution declares them; the unanswered are left out."""
        return declared_answers(self.following, edition_of(self.edition))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the findings."""
        return frozenset(issue.code for issue in self.findings)

    def answer(self, criterion_id: str, part: str | None = None) -> Answer | None:
        """Return the answer to a part of a criterion; ``None`` where the programme is silent."""
        return next(
            (one.answer for one in self.following if one.criterion_id == criterion_id and one.part == part),
            None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the review as plain data, ready for `json`."""
        return {
            "format": REVIEW_FORMAT,
            "edition": self.edition,
            "as_of": self.as_of.isoformat(),
            "steps": [_step_fields(one) for one in self.steps],
            "answers": dict(self._answer_fields()),
            "rests_on": dict(self._rests_on()),
            "interpretation": interpretation(),
            "findings": [_finding_fields(issue) for issue in self.findings],
            "duties": [
                {"id": one.id, "met": one.is_met, "words": one.words, "lacking": [*one.lacking]}
                for one in self.duties
            ],
        }

    def _answer_fields(self) -> Iterator[tuple[str, Any]]:
        given = self.answers
        for criterion_id, parts in self.declared:
            answer = given.get(criterion_id)
            if isinstance(answer, PartAnswers):
                yield criterion_id, {part: _word(answer.parts.get(part)) for part in parts}
            else:
                yield criterion_id, _word(answer)

    def _rests_on(self) -> Iterator[tuple[str, Any]]:
        for criterion_id, parts in self.declared:
            found = [one for one in self.following if one.criterion_id == criterion_id and one.rests_on]
            if found:
                records = {one.part: [*one.rests_on] for one in found}
                yield criterion_id, records if parts else records[None]

    def to_html(self) -> str:
        """Return the review as one HTML page that needs nothing from elsewhere."""
        return page(f"Careers programme under {self.edition}", _parts(self))

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def review_programme(
    programme: CareersProgramme,
    *,
    as_of: date,
    edition: str | None = None,
    records: Records | None = None,
    full_week: Fraction | int = FULL_WEEK,
) -> ProgrammeReview:
    """Review a careers programme.

    Args:
        programme: The programme.
        as_of: The day of the review.
        edition: The key of the edition; by default that of the programme.
        records: The records of the institution: from them it is known which year groups there are.
        full_week: The hours of a full week of work.

    Raises:
        EditionError: There is no such edition.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.exchange.programme import load_programme
        >>> programme = load_programme("examples/northfield/programme.json")
        >>> review = review_programme(programme, as_of=date(2026, 7, 10))
        >>> review.answer("1a", "senior_leadership"), review.answer("1c", "development_plan")
        (<Answer.IN_PROGRESS: 'in_progress'>, <Answer.YES: 'yes'>)
    """
    learners = None if records is None else records.learners
    case = Case(programme, as_of, edition_of(programme.edition if edition is None else edition), learners)
    steps, following = step_standings(case), following_answers(case)
    college = case.edition.timeline is Timeline.PROGRAMMES
    findings = (
        *programme_issues(case, None if records is None else records.institution),
        *leader_issues(programme.roles, as_of=as_of, full_week=full_week, college=college),
        *step_issues(steps),
        *_unanswered(following),
    )
    return ProgrammeReview(
        edition=case.edition.key,
        as_of=as_of,
        steps=steps,
        following=following,
        declared=tuple((one.id, one.parts) for one in case.edition.criteria if one.type == "declared"),
        duties=website_duties(case),
        findings=tuple(sorted(findings, key=lambda issue: issue.severity is not Severity.ERROR)),
    )


def answers_of_programme(
    programme: CareersProgramme, *, as_of: date, edition: str, records: Records | None = None
) -> Mapping[str, Answer | PartAnswers]:
    """Return the answers that follow from a programme, as an institution declares them.

    Args:
        programme: The programme.
        as_of: The day.
        edition: The key of the edition.
        records: The records of the institution.
    """
    case = Case(programme, as_of, edition_of(edition), None if records is None else records.learners)
    return declared_answers(following_answers(case), case.edition)


def _unanswered(following: tuple[FollowingAnswer, ...]) -> Iterator[Issue]:
    """Yield a finding for each no, so that a programme without findings has none."""
    for one in following:
        if one.answer is Answer.NO:
            what = one.criterion_id if one.part is None else f"{one.criterion_id} {name_words(one.part)}"
            details = {"what": what, "right": one.right}
            yield Issue(code="nothing_for_it", path=f"answers.{what.replace(' ', '_')}", details=details)


def _word(answer: Answer | PartAnswers | None) -> str | None:
    return answer.value if isinstance(answer, Answer) else None


def _step_fields(one: StepStanding) -> dict[str, Any]:
    return {
        "step": one.step.value,
        "state": one.state.value,
        "date": None if one.date is None else one.date.isoformat(),
        "words": one.words,
        "done_when": one.done_when,
        "holds": one.holds,
        "lacking": [*one.lacking],
        "interpretation": review_rules()["steps"]["interpretation"],
    }


def _finding_fields(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "where": issue.where,
        "message": f"{issue.message}; expected {issue.expected}" if issue.expected else issue.message,
    }


# For people


def _lines(review: ProgrammeReview) -> Iterator[str]:
    yield f"Careers programme under {review.edition}, reviewed as of {day_words(review.as_of)}"
    yield from ("", "Steps")
    for number, one in enumerate(review.steps, 1):
        since = "" if one.date is None else f" since {day_words(one.date)}"
        yield from wrapped(f"{name_words(one.step)}: {name_words(one.state)}{since}", f"  {number}. ")
        yield from wrapped("; ".join(one.lacking), "       lacks ") if one.lacking else ()
    yield from ("", "Answers that follow (a reading of this project, no official result)")
    yield from map(_answer_line, review.following)
    yield from ("", "Website")
    for duty in review.duties:
        mark = {True: "yes", False: "no", None: "?"}[duty.is_met]
        lacking = f" (lacks {', '.join(duty.lacking)})" if duty.lacking else ""
        yield from wrapped(f"{duty.words}{lacking}", f"  {mark:<4}")
    yield from ("", f"Findings: {len(review.findings)}")
    for issue in review.findings:
        yield from wrapped(printable(f"{issue.severity}: {issue}"), "  ")


def _answer_line(one: FollowingAnswer) -> str:
    what = one.criterion_id if one.part is None else f"{one.criterion_id} {name_words(one.part)}"
    answer = "silent" if one.answer is None else name_words(one.answer)
    return f"  {what:<22} {answer:<12} {_some(one.rests_on)}".rstrip()


def _some(records: tuple[str, ...]) -> str:
    """Name the first of some records, and say how many more there are."""
    more = len(records) - 1
    return "" if not records else f"{records[0]}{f' and {more} more' if more else ''}"


def _parts(review: ProgrammeReview) -> Iterator[str]:
    yield paragraph(f"Reviewed as of {day_words(review.as_of)}. This is no official result.")
    yield table(
        "The seven steps",
        ("step", "state", "since", "what its records lack"),
        (
            (name_words(one.step), name_words(one.state), one.date or "", "; ".join(one.lacking))
            for one in review.steps
        ),
    )
    yield table(
        "Answers that follow",
        ("criterion", "part", "answer", "yes when", "rests on"),
        (
            (
                one.criterion_id,
                "" if one.part is None else name_words(one.part),
                "silent" if one.answer is None else name_words(one.answer),
                one.rule,
                ", ".join(one.rests_on),
            )
            for one in review.following
        ),
    )
    yield paragraph(f"Interpretation: {interpretation()}")
    met = {True: "yes", False: "no", None: "not known"}
    yield table(
        "What the website must show",
        ("duty", "kept", "lacking"),
        ((one.words, met[one.is_met], ", ".join(one.lacking)) for one in review.duties),
    )
    yield table(
        f"Findings: {len(review.findings)}",
        ("where", "severity", "what", "what would be right"),
        ((issue.where, issue.severity, issue.message, issue.expected) for issue in review.findings),
    )
