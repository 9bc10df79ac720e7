"""Checks of a careers programme: what is doubtful about it, beside steps and leaders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

import attrs

from gatsbykit.exchange.problems import shown
from gatsbykit.issues import Issue
from gatsbykit.model.encounters import ActivityKind, Mode
from gatsbykit.model.engagement import Publication
from gatsbykit.practice.rulebook import review_rules, shipped_frameworks
from gatsbykit.practice.steps import unit_words
from gatsbykit.scoring.programme_case import Case, place
from gatsbykit.words import name_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from gatsbykit.model.institutions import Institution

__all__ = ["programme_issues"]


def programme_issues(case: Case, institution: Institution | None = None) -> Iterator[Issue]:
    """Yield what is doubtful about a programme.

    Args:
        case: The programme, the day and the edition.
        institution: The institution with whose records it lies, if it does.
    """
    if institution is not None and case.programme.institution is not None:
        known = {institution.id, institution.name, institution.urn, institution.ukprn}
        if case.programme.institution not in known:
            yield _issue("institution", "other_institution")
    for check in _CHECKS:
        yield from check(case)


def _issue(path: str, code: str, record: str | None = None, **details: object) -> Issue:
    return Issue(code=code, path=path, record=None if record is None else shown(record), details=details)


# Is it this institution's, this edition's, and in force?


def _frame(case: Case) -> Iterator[Issue]:
    programme = case.programme
    if programme.edition != case.edition.key:
        details = {"given": programme.edition, "edition": case.edition.key}
        yield _issue("edition", "edition_of_programme", **details)
    if not case.holds:
        yield _issue("valid_to", "programme_out_of_date", as_of=case.as_of)
    if not case.year_groups_known:
        yield _issue("year_groups", "year_groups_unknown")


def _reviews(case: Case) -> Iterator[Issue]:
    done = [one.date for one in case.programme.evaluations if one.date is not None and one.date <= case.as_of]
    for index, due in enumerate(case.programme.review_dates):
        if due < case.as_of and not any(day >= due for day in done):
            yield _issue(place("review_dates", index), "review_overdue", due=due)
    if not any(case.is_recent(day, review_rules()["checks"]["days_between_evaluations"]) for day in done):
        yield _issue("evaluations", "not_evaluated", as_of=case.as_of)


def _backing(case: Case) -> Iterator[Issue]:
    made_on = case.programme.made_on
    newest: dict[str, tuple[str, date]] = {}
    for path, one in case.in_list("backing"):
        if one.date is not None and (one.body not in newest or one.date > newest[one.body][1]):
            newest[one.body] = (path, one.date)
    for body, (path, day) in newest.items():
        if made_on is not None and day < made_on:
            yield _issue(path, "backing_outdated", body=name_words(body), made_on=made_on)


# Outcomes and activities


def _outcomes(case: Case) -> Iterator[Issue]:
    if not case.programme.outcomes:
        yield _issue("outcomes", "no_outcomes")
    for path, one in case.in_list("outcomes"):
        if one.id not in case.served:
            yield _issue(path, "outcome_without_activity", one.id)
    for path, one in case.in_list("activities"):
        if not one.outcomes:
            yield _issue(path, "activity_without_outcome", one.id)
    for unit in case.units:
        for name, what in (("outcomes", "outcome"), ("activities", "activity")):
            if not case.with_unit(name, unit):
                yield _issue(name, "year_group_left_out", unit=unit_words(unit), what=what)


def _frameworks(case: Case) -> Iterator[Issue]:
    known = {**shipped_frameworks(), **{one.key: one for one in case.programme.frameworks}}
    for path, outcome in case.in_list("outcomes"):
        for number, reference in enumerate(outcome.frameworks):
            framework = known.get(reference.framework)
            areas = [area.key for area in framework.areas] if framework is not None else []
            if reference.area not in areas:
                choices = ", ".join(areas) or f"the frameworks {', '.join(known)}"
                yield _issue(f"{path}.frameworks[{number}]", "unknown_area", outcome.id, choices=choices)


def _measures(case: Case) -> Iterator[Issue]:
    programme = case.programme
    if programme.activities and not any(one.measure is not None for one in programme.objectives):
        yield _issue("objectives", "events_without_measure")
    for path, one in case.in_list("objectives"):
        parts = (("owner", one.owner_role), ("measure", one.measure), ("date", one.due))
        yield from _incomplete("objective_incomplete", path, one.id, parts)


def _incomplete(code: str, path: str, record: str, parts: tuple[tuple[str, object], ...]) -> Iterator[Issue]:
    lacking = [what for what, given in parts if not given]
    if lacking:
        yield _issue(path, code, record, what=" and no ".join(lacking))


def _actions(case: Case) -> Iterator[Issue]:
    for path, gap in case.in_list("gaps"):
        if not gap.actions:
            yield _issue(path, "gap_without_action", gap.criterion)
        for number, one in enumerate(gap.actions):
            here = f"{path}.actions[{number}]"
            parts = (("owner", one.owner_roles), ("measure", one.measure), ("date", one.due))
            yield from _incomplete("action_incomplete", here, one.id, parts)
            if one.is_overdue(case.as_of):
                yield _issue(here, "action_overdue", one.id, due=one.due)


def _virtual(case: Case) -> Iterator[Issue]:
    """Yield the kinds of encounter that are virtual alone in a key stage; an unknown mode is not."""
    for kind in map(ActivityKind, review_rules()["checks"]["in_person_kinds"]):
        for stage in case.stages:
            modes = [
                one.mode
                for one in case.programme.activities
                if kind in one.kinds and any(case.is_for(one, unit) for unit in stage)
            ]
            if modes and {*modes} == {Mode.VIRTUAL}:
                words = " and ".join(unit_words(unit) for unit in (stage[0], stage[-1])[: len(stage)])
                yield _issue("activities", "virtual_only", stage=words, kind=name_words(kind))


# Privacy: an address or a number that reaches a person stands in the publication alone

_CONTACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w/])(?:\+44|0)(?:[ ()-]*[0-9]){9,10}(?![0-9])|(?i:\bwhatsapp\b)"
)


def _contacts(case: Case) -> Iterator[Issue]:
    for path, text in _texts(case.programme, ""):
        if _CONTACT.search(text):
            yield _issue(path, "personal_contact")


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a value but those of a publication, with its path."""
    for name, one in _members(value):
        here = f"{path}{name}" if name.startswith("[") or not path else f"{path}.{name}"
        if isinstance(one, str):
            yield here, one
        elif not isinstance(one, Publication):
            yield from _texts(one, here)


def _members(value: object) -> Iterator[tuple[str, Any]]:
    """Yield what a value holds, each with the step that leads to it."""
    if isinstance(value, tuple | frozenset):
        for index, one in enumerate(cast("Iterable[Any]", value)):
            yield f"[{index}]", one
    elif _is_value(value):
        for field in attrs.fields(type(value)):
            yield field.name, getattr(value, field.name)


def _is_value(value: object) -> TypeGuard[attrs.AttrsInstance]:
    return attrs.has(type(value))


_CHECKS: Final[tuple[Callable[[Case], Iterator[Issue]], ...]] = (
    _frame,
    _reviews,
    _backing,
    _outcomes,
    _frameworks,
    _measures,
    _actions,
    _virtual,
    _contacts,
)
