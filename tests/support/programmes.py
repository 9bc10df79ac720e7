"""Programmes for tests: one that passes its own check, and any that Hypothesis invents."""

from __future__ import annotations

import functools
import types
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Union, cast, get_args, get_origin

import attrs
from hypothesis import strategies as st

from gatsbykit.exchange.programme import read_programme
from gatsbykit.model.attributes import Amount, RefusedError
from gatsbykit.model.calendar import Between
from gatsbykit.model.programmes import CareersProgramme, Gap

AS_OF = date(2026, 7, 10)

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and "\0" not in text)
DATES = st.dates(date(2023, 9, 1), date(2027, 8, 31))


@functools.cache
def of_type(kind: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 (one for each form of a type)
    """Any value of a type of the model."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return st.one_of(*map(of_type, get_args(kind)))
    if origin is tuple:
        return st.lists(of_type(get_args(kind)[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(of_type(get_args(kind)[0]), max_size=2)
    if origin is Annotated:
        return of_rule(get_args(kind)[1])
    if kind is type(None):
        return st.none()
    if attrs.has(kind):
        return values(kind)
    if issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    return {str: TEXTS, int: st.integers(0, 40), bool: st.booleans(), date: DATES}[kind]


def of_rule(rule: Any) -> st.SearchStrategy[Any]:
    if isinstance(rule, Between):
        return st.integers(rule.least, rule.most)
    if isinstance(rule, Amount):
        least = -10 if rule.may_be_negative else 0
        digits = 6 if rule.unit != "minute" else 3
        return st.integers(least * 10**digits, 10**9).map(lambda number: Fraction(number, 10**digits))
    return st.sampled_from(["1a", "1b", "2b", "4b", "5a", "8c"])


def values(kind: Any, **given: Any) -> st.SearchStrategy[Any]:
    """Any value of a class of the model that its constructor takes."""
    attributes = {
        name: given.get(name, of_type(cast("Any", field.type)))
        for name, field in attrs.fields_dict(kind).items()
    }
    return st.fixed_dictionaries(attributes).map(lambda made: _made(kind, made)).filter(_is_made)


def _made(kind: Any, attributes: dict[str, Any]) -> Any:
    try:
        return kind(**attributes)
    except RefusedError:
        return None


def _is_made(value: Any) -> bool:
    return value is not None


def programmes(edition: str = "2025-school") -> st.SearchStrategy[CareersProgramme]:
    """Any programme; outcomes, objectives and activities refer to each other by few ids."""
    fields = attrs.fields_dict(CareersProgramme)

    def several(name: str, ids: tuple[str, ...], **given: Any) -> st.SearchStrategy[Any]:
        kind = get_args(fields[name].type)[0]
        return st.lists(
            values(kind, id=st.sampled_from(ids), **given), max_size=len(ids), unique_by=lambda one: one.id
        ).map(tuple)

    known = ("o1", "o2", "o3")
    return values(
        CareersProgramme,
        edition=st.just(edition),
        phases=st.just(()),
        year_groups=st.sampled_from([frozenset[int](), frozenset(range(7, 14))]),
        outcomes=several("outcomes", known, phase=st.none()),
        objectives=several("objectives", known),
        activities=several(
            "activities",
            ("a1", "a2", "a3"),
            phase=st.none(),
            outcomes=st.frozensets(st.sampled_from(known), max_size=2),
            objectives=st.just(frozenset[str]()),
        ),
        gaps=st.lists(values(Gap, part=st.none(), actions=st.just(())), max_size=2).map(tuple),
        recommendations=several("recommendations", ("r1", "r2")),
        steps=st.just(()),
    )


def sound() -> CareersProgramme:
    """A programme that passes its own check on `AS_OF`."""
    years = [*range(7, 12)]
    audiences = ("pupils", "parents", "staff", "careers_advisers", "employers")
    summaries = {name: {"channel": "a page"} for name in ("pupils", "parents", "staff", "employers")}
    return read_programme(
        {
            "edition": "2025-school",
            "valid_from": "2025-09-01",
            "vision": "Everybody knows what is next",
            "year_groups": years,
            "steps": {
                step: {"state": "done", "date": "2026-01-10"}
                for step in (
                    "analyse", "vision", "outcomes", "programme", "roles", "stakeholders", "implementation",
                )
            },
            "backing": [
                {"body": body, "date": "2025-09-10"}
                for body in ("governors", "headteacher", "senior_leadership")
            ],
            "assessment": {"date": "2025-09-05", "benchmarks": [*range(1, 9)]},
            "gaps": [
                {
                    "criterion": "5a",
                    "actions": [
                        {
                            "id": "g1", "text": "More", "owner_roles": ["careers_leader"],
                            "due": "2026-12-01", "measure": "encounters",
                        }
                    ],
                }
            ],
            "objectives": [
                {
                    "id": "b1", "text": "More", "measure": "share", "due": "2027-07-01",
                    "owner_role": "careers_leader", "development_plan_ref": "3.1",
                }
            ],
            "outcomes": [{"id": f"o{year}", "text": "Learns", "year_groups": [year]} for year in years],
            "activities": [
                {
                    "id": f"a{year}", "title": f"Day {year}", "year_groups": [year], "outcomes": [f"o{year}"],
                    "kinds": ["employer_encounter"], "mode": "in_person", "delivery_roles": ["teacher"],
                    "target_group": "sen" if year == 7 else None,
                }
                for year in years
            ]
            + [
                {
                    "id": f"p{year}", "title": "Evening", "year_groups": [year], "outcomes": [f"o{year}"],
                    "kinds": ["labour_market_information"], "target_group": "parents",
                    "delivery_roles": ["careers_leader"],
                }
                for year in (9, 11)
            ],
            "roles": [
                {
                    "kind": "careers_leader", "hours_a_week": 10, "held_from": "2024-09-01",
                    "leader": {"seniority": "senior", "training": [{"completed": "2025-06-01"}]},
                }
            ],
            "stakeholders": [{"group": name, "relation": "existing"} for name in (*audiences, "alumni")],
            "evaluations": [
                *({"audience": name, "method": "interview", "date": "2026-05-01"} for name in audiences),
                {"method": "destinations", "date": "2026-05-01"},
            ],
            "publication": {
                "url": "https://school.example", "date": "2025-10-01", "leader_name": "A. Leader",
                "leader_contact": "careers@school.example", "programme": "a file",
                "summaries": summaries, "impact_measured": "by destinations", "next_review": "2026-09-01",
                "provider_access_statement": "a file", "guidance_access": "ask",
            },
            "staff_training": [{"roles": ["teacher", "support_staff"], "date": "2025-11-03"}],
        }
    )  # fmt: skip
