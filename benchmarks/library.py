"""What one school costs: scoring, reading, one change, importing. Run with ``python -m benchmarks``."""

from __future__ import annotations

import datetime
import functools
import json
import subprocess
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Literal

import attrs
import pydantic
from tests.support import oracle

import gatsbykit as gk
from benchmarks.timing import Comparison, Run, compare
from gatsbykit.exchange import document, read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["run"]

AS_OF = datetime.date(2026, 7, 10)
SCHOOL = "examples/northfield"


def scoring(records: gk.Records) -> Comparison:
    """Score from objects, against one scan over the participations per criterion."""
    return compare(
        "score one school from objects",
        "straightforward, one scan per criterion",
        Run(lambda: gk.score(records, as_of=AS_OF), lambda: oracle.score(records, as_of=AS_OF)),
        at_least=3,
        target="3 times faster or more",
    )


def updating(records: gk.Records) -> Comparison:
    """Change one participation in a ledger, against a full rescore."""
    ledger = gk.Ledger(records, as_of=AS_OF)
    rows = (records.participations or ())[::37]
    changed = [
        (row, gk.Participation(row.activity_id, row.learner_id, gk.ParticipationStatus.ABSENT))
        for row in rows
        if row.status is gk.ParticipationStatus.ATTENDED
    ]

    def change_and_change_back() -> None:
        for row, absent in changed:
            ledger.change_participation(row, absent)
        for row, absent in changed:
            ledger.change_participation(absent, row)

    return compare(
        "one ledger update",
        "a full rescore of the same school",
        Run(
            change_and_change_back,
            lambda: gk.score(records, as_of=AS_OF),
            times=(2 * len(changed), 1),
        ),
        at_least=1000,
        target="1,000 times cheaper or more",
    )


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Kind(Enum):
    EMPLOYER = "employer_encounter"
    WORKPLACE = "workplace_experience"
    PROVIDER = "provider_encounter"
    GUIDANCE = "guidance_meeting"
    INFORMATION = "labour_market_information"
    CURRICULUM = "curriculum_link"


class _ProviderType(Enum):
    SIXTH_FORM = "sixth_form"
    COLLEGE = "college"
    UNIVERSITY = "university"
    ITP = "itp"
    APPRENTICESHIP = "apprenticeship_provider"


_YearGroup = Annotated[int, pydantic.Field(ge=1, le=14, strict=True)]
_Truth = Annotated[bool, pydantic.Field(strict=True)]


class _Institution(_Strict):
    name: str
    kind: Literal["secondary_school", "special_school", "alternative_provision", "college"]
    urn: str | None = None
    ukprn: str | None = None
    laestab: str | None = None
    id: str | None = None


class _Learner(_Strict):
    learner_id: str
    year_group: _YearGroup
    date_of_birth: datetime.date | None = None
    sex: Literal["F", "M"] | None = None
    disadvantaged: _Truth | None = None
    sen_provision: Literal["N", "K", "E"] | None = None
    looked_after: _Truth | None = None
    eal: _Truth | None = None
    considering_he: _Truth | None = None
    in_cohort: _Truth | None = None
    subjects: frozenset[str] = frozenset()
    on_roll_from: datetime.date | None = None
    on_roll_to: datetime.date | None = None
    programme_start: datetime.date | None = None
    programme_end: datetime.date | None = None
    upn: str | None = None
    uln: str | None = None


class _Activity(_Strict):
    activity_id: str
    date: datetime.date
    kinds: frozenset[_Kind]
    title: str | None = None
    mode: Literal["in_person", "virtual", "blended"] | None = None
    duration: str | None = None
    subjects: frozenset[str] = frozenset()
    provider_types: frozenset[_ProviderType] = frozenset()
    providers: frozenset[str] = frozenset()
    employer: str | None = None
    employer_size: Literal["self_employed", "micro", "small", "medium", "large"] | None = None
    employer_sector: str | None = None
    adviser_level: Annotated[int, pydantic.Field(strict=True)] | None = None
    meaningful: _Truth | None = None
    part_time_job: _Truth | None = None
    site_visit: _Truth | None = None
    school_day: _Truth | None = None
    insight: _Truth | None = None
    purpose_shared: _Truth | None = None
    learning_outcomes: _Truth | None = None
    two_way: _Truth | None = None
    reflection: _Truth | None = None
    range_of_people: _Truth | None = None
    task: _Truth | None = None
    feedback: _Truth | None = None
    meets_staff: _Truth | None = None
    meets_learners: _Truth | None = None
    provider_information: _Truth | None = None
    learning_described: _Truth | None = None
    covers_provider: _Truth | None = None
    covers_careers: _Truth | None = None
    covers_learning: _Truth | None = None
    covers_questions: _Truth | None = None


class _Participation(_Strict):
    activity_id: str
    learner_id: str
    status: Literal["attended", "absent", "offered"] = "attended"
    year_group: _YearGroup | None = None


class _Destination(_Strict):
    learner_id: str
    date: datetime.date
    category: str | None = None
    nccis_code: str | None = None
    level: int | None = None
    provider: str | None = None
    end_date: datetime.date | None = None


class _Document(_Strict):
    format: Literal["gatsbykit/1"]
    institution: _Institution
    learners: list[_Learner]
    activities: list[_Activity]
    participations: list[_Participation]
    destinations: list[_Destination]
    answers: dict[str, dict[str, object]] = {}


def _checked(value: str | None, weights: tuple[int, ...], wanted: Callable[[int, str], bool]) -> str | None:
    """Check the check character of an identifier, as a careful user of pydantic would."""
    if value is not None:
        values = [_UPN_LETTERS.index(sign) if sign in _UPN_LETTERS else int(sign) for sign in value]
        total = sum(weight * one for weight, one in zip(weights, values[-len(weights) :], strict=True))
        if not wanted(total, value):
            raise ValueError("the check character is wrong")
    return value


_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def _upn(value: str | None) -> str | None:
    return _checked(value, tuple(range(2, 14)), lambda total, upn: _UPN_LETTERS[total % 23] == upn[0])


def _uln(value: str | None) -> str | None:
    return _checked(value, tuple(range(10, 0, -1)), lambda total, _: total % 11 == 10)


class _CheckedLearner(_Learner):
    upn: Annotated[str | None, pydantic.AfterValidator(_upn)] = None
    uln: Annotated[str | None, pydantic.AfterValidator(_uln)] = None


class _CheckedDocument(_Document):
    learners: list[_CheckedLearner]  # type: ignore[assignment]  # (the same, checked)


def reading(records: gk.Records) -> Iterator[Comparison]:
    """Read one school's document strictly, against pydantic reading it into models."""
    data = json.dumps(document(records), ensure_ascii=False).encode()
    for peer, model in (
        ("pydantic v2 into models", _Document),
        ("pydantic v2 into models that check UPN and ULN too", _CheckedDocument),
    ):
        yield compare(
            "read one school's JSON, strictly, all errors collected",
            peer,
            Run(lambda: read_document(data), functools.partial(model.model_validate_json, data)),
            at_least=1,
            target="no slower",
            rounds=25,
        )


def importing() -> Comparison:
    """Import the package in a new interpreter, against importing attrs."""

    def fresh(name: str) -> None:
        subprocess.run([sys.executable, "-c", f"import {name}"], check=True)  # noqa: S603 (our own code)

    return compare(
        "`import gatsbykit` in a new interpreter",
        "`import attrs`",
        Run(lambda: fresh("gatsbykit"), lambda: fresh("attrs")),
        at_least=1 / 1.5,
        target="at most 1.5 times",
        rounds=25,
    )


def run() -> list[Comparison]:
    """Run all of them."""
    records = attrs.evolve(gk.load(SCHOOL), programme=None)  # a programme is nothing that the peers read
    return [scoring(records), *reading(records), updating(records), importing()]
