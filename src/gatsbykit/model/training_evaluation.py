"""Everything about a programme of training in one value: how it ran, and what is known of its effects."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.model.attributes import Fault, name_of, read_or_refuse, refuse
from gatsbykit.model.enrolments import Enrolment, EnrolmentState, Step, enrolment_rules
from gatsbykit.model.evaluation import (
    Advice,
    CountedRecords,
    Factor,
    Finding,
    Interviews,
    Outcome,
    Survey,
)
from gatsbykit.model.statements import Question, Remark, Statement
from gatsbykit.model.training import (
    BursaryUse,
    Course,
    CourseCohort,
    Provider,
    ProviderGroup,
    PublishedTally,
    QualityCheck,
    TrainingProgramme,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["TrainingEvaluation", "cross_faults"]


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class TrainingEvaluation:
    """A programme of training, who took part, and what surveys, interviews and records say of it.

    Args:
        programme: The programme, its money and its window.
        providers: The providers, one by one.
        provider_groups: Providers as a report counts them.
        courses: The courses.
        cohorts: The runs of the courses.
        enrolments: The leaders' places, with their histories.
        tallies: How many were how far, as published.
        bursary_uses: What institutions did with the bursary.
        quality_checks: How quality was looked after.
        surveys: Surveys with their figures.
        interviews: Interviews.
        findings: What people said.
        records: What records show.
        outcomes: What the training is said to lead to, each with its evidence.
        barriers: What hinders.
        enablers: What helps.
        recommendations: The advice of the evaluation.
        statements: What the document says, place by place.
        questions: What the document sets out to answer.
        remarks: Contradictions that only a reader can see.

    Raises:
        ValueError: An id stands twice, a reference leads nowhere, or an enrolment does not fit its programme,
            its course or its cohort.

    Examples:
        >>> TrainingEvaluation(  # doctest: +NORMALIZE_WHITESPACE
        ...     programme=TrainingProgramme(title="National"),
        ...     courses=[Course(id="C1", provider="P1")],
        ... )
        Traceback (most recent call last):
        ...
        gatsbykit.RefusedError: TrainingEvaluation.courses[0].provider:
            expected an id that stands in providers
    """

    programme: TrainingProgramme
    providers: tuple[Provider, ...] = ()
    provider_groups: tuple[ProviderGroup, ...] = ()
    courses: tuple[Course, ...] = ()
    cohorts: tuple[CourseCohort, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    tallies: tuple[PublishedTally, ...] = ()
    bursary_uses: tuple[BursaryUse, ...] = ()
    quality_checks: tuple[QualityCheck, ...] = ()
    surveys: tuple[Survey, ...] = ()
    interviews: tuple[Interviews, ...] = ()
    findings: tuple[Finding, ...] = ()
    records: tuple[CountedRecords, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    barriers: tuple[Factor, ...] = ()
    enablers: tuple[Factor, ...] = ()
    recommendations: tuple[Advice, ...] = ()
    statements: tuple[Statement, ...] = ()
    questions: tuple[Question, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what does not fit together."""
        lists = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))[1:]}
        refuse(self, cross_faults(self.programme, lists, {}))


_SHARED: Final = (("surveys", "interviews"), ("figures", "findings", "records"))
_REFERENCES: Final = (
    ("courses", "provider", ("providers",)),
    ("cohorts", "course", ("courses",)),
    ("enrolments", "course", ("courses",)),
    ("enrolments", "cohort", ("cohorts",)),
    ("quality_checks", "provider", ("providers",)),
    ("quality_checks", "course", ("courses",)),
    ("findings", "interviews", ("interviews",)),
    ("outcomes", "evidence", ("figures", "findings", "records")),
    ("statements", "quotes", ("figures",)),
    ("statements", "more_than", ("statements",)),
)


def cross_faults(
    programme: TrainingProgramme | None, lists: Mapping[str, Sequence[Any]], also: Mapping[str, Iterable[str]]
) -> Iterator[Fault]:
    """Yield everything that does not fit together, so that a reader can report all of it at once.

    Args:
        programme: The programme; ``None`` where it could not be read.
        lists: The lists of a `TrainingEvaluation`, by name. An element that could not be read is ``None``.
        also: Ids by list of which more is not known, as their objects could not be read.
    """
    named = {**lists, "figures": [item for survey in lists["surveys"] if survey for item in survey.items]}
    known = {
        name: {name_of(one) for one in values if one} | {*also.get(name, ())}
        for name, values in named.items()
    }
    bursary = enrolment_rules().bursary
    if programme is not None and programme.bursary not in {None, bursary}:
        yield Fault("programme.bursary", f"{bursary} pounds, as the rules of enrolment have it")
    for name, values in lists.items():
        yield from _repeated(name, values)
    for names in _SHARED:
        yield from _shared(names, named)
    for name, attribute, targets in _REFERENCES:
        ids = set[str]().union(*(known[target] for target in targets))
        for index, value in _there(lists[name]):
            yield from _lost(f"{name}[{index}].{attribute}", getattr(value, attribute), ids, targets)
    for index, enrolment in _there(lists["enrolments"]):
        here = f"enrolments[{index}]"
        yield from _step_references(here, enrolment, known)
        yield from _window_faults(here, enrolment, programme)
        yield from _course_faults(here, enrolment, lists)
    yield from _places_faults(lists)
    yield from _too_many_faults(lists)


def _there(values: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    return ((index, value) for index, value in enumerate(values) if value is not None)


def _repeated(name: str, values: Sequence[Any]) -> Iterator[Fault]:
    seen = set[str]()
    for index, value in _there(values):
        given = name_of(value)
        if given and given in seen:
            yield Fault(f"{name}[{index}].id", "an id of its own", "repeated_id")
        seen.add(given)


def _shared(names: Sequence[str], named: Mapping[str, Sequence[Any]]) -> Iterator[Fault]:
    """Yield a fault for each id that stands in two lists whose ids are used side by side."""
    owner: dict[str, str] = {}
    for name in names:
        for index, value in _there(named[name]):
            first = owner.setdefault(name_of(value), name)
            if first != name:
                yield Fault(f"{name}[{index}].id", f"an id that does not stand in {first}", "repeated_id")
    figures = Counter(name_of(value) for value in named["figures"]) if "figures" in names else Counter[str]()
    for given, times in figures.items():
        if times > 1:
            where = [index for index, one in _there(named["surveys"]) if given in map(name_of, one.items)]
            yield Fault(f"surveys[{where[-1]}].items", "an id of its own for each figure", "repeated_id")


def _lost(attribute: str, given: Any, known: set[str], targets: Sequence[str]) -> Iterator[Fault]:
    wanted = () if given is None else (given,) if isinstance(given, str) else given
    if not known.issuperset(wanted):
        yield Fault(attribute, f"an id that stands in {' or '.join(targets)}", "unknown_reference")


def _step_references(here: str, enrolment: Enrolment, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    for index, step in enumerate(enrolment.history):
        yield from _lost(f"{here}.history[{index}].course", step.course, known["courses"], ("courses",))
        yield from _lost(f"{here}.history[{index}].cohort", step.cohort, known["cohorts"], ("cohorts",))


def _window_faults(here: str, enrolment: Enrolment, programme: TrainingProgramme | None) -> Iterator[Fault]:
    """Yield a fault where somebody applied or completed outside the programme's window."""
    if programme is None:
        return
    windows = (
        (EnrolmentState.APPLIED, "register_by", programme.register_by),
        (EnrolmentState.COMPLETED, "complete_by", programme.complete_by),
    )
    for state, name, last in windows:
        first = next((index for index, step in enumerate(enrolment.history) if step.state is state), None)
        if first is not None and last is not None and enrolment.history[first].date > last:
            yield Fault(f"{here}.history[{first}].date", f"a day on or before {name} of the programme")


def _course_faults(here: str, enrolment: Enrolment, lists: Mapping[str, Sequence[Any]]) -> Iterator[Fault]:
    """Yield a fault where an enrolment says something else than its courses and cohorts."""
    courses: dict[str, Course] = {one.id: one for _, one in _there(lists["courses"])}
    cohorts: dict[str, CourseCohort] = {one.id: one for _, one in _there(lists["cohorts"])}
    places: list[tuple[str, Enrolment | Step]] = [(here, enrolment)]
    places += [(f"{here}.history[{index}]", step) for index, step in enumerate(enrolment.history)]
    course, cohort, has_begun = enrolment.course, enrolment.cohort, False
    for path, one in places:
        before, earlier = courses.get(course or ""), cohorts.get(cohort or "")
        course, cohort = one.course or course, one.cohort or cohort
        now, later = courses.get(course or ""), cohorts.get(cohort or "")
        if one.cohort is not None and later is not None and course is not None and later.course != course:
            yield Fault(f"{path}.cohort", "a cohort of the course")
        if one.accredited is not None and now is not None and now.is_accredited not in {None, one.accredited}:
            yield Fault(f"{path}.accredited", "what the course says")
        if has_begun and before and now and before.is_accredited is False and now.is_accredited:
            yield Fault(
                f"{path}.course", "a course that is not accredited, as the training has begun", "illegal_move"
            )
        if isinstance(one, Step):
            has_begun = has_begun or one.state not in {None, *_BEFORE_START}
            if one.event is not None and _is_earlier(later, earlier):
                yield Fault(f"{path}.cohort", "a cohort that starts later", "illegal_move")


_BEFORE_START: Final = frozenset(
    {
        EnrolmentState.APPLIED,
        EnrolmentState.SPONSORED,
        EnrolmentState.WAITING,
        EnrolmentState.CONTRACTED,
    }
)


def _is_earlier(one: CourseCohort | None, other: CourseCohort | None) -> bool:
    if one is None or other is None or one is other:
        return False
    return one.starts is not None and other.starts is not None and one.starts < other.starts


def _places_faults(lists: Mapping[str, Sequence[Any]]) -> Iterator[Fault]:
    """Yield a fault for each cohort in which more have begun than it has places."""
    taken = Counter(_cohort_begun(one) for _, one in _there(lists["enrolments"]))
    for index, cohort in _there(lists["cohorts"]):
        if cohort.places is not None and taken[cohort.id] > cohort.places:
            yield Fault(f"cohorts[{index}].places", f"at least {taken[cohort.id]}, as many as have begun")


def _cohort_begun(enrolment: Enrolment) -> str | None:
    last: datetime.date = max(step.date for step in enrolment.history)
    standing = enrolment.standing(last)
    return None if standing is None or standing.started is None else standing.cohort


MOST_ABOUT_ONE_THING: Final = 100
"""How many statements may be about the same thing: each of them is held against each other one."""


def _too_many_faults(lists: Mapping[str, Sequence[Any]]) -> Iterator[Fault]:
    about = Counter(one.about.casefold() for _, one in _there(lists["statements"]))
    if any(times > MOST_ABOUT_ONE_THING for times in about.values()):
        yield Fault("statements", f"at most {MOST_ABOUT_ONE_THING} about the same thing")
