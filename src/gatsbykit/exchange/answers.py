"""Reading what an institution declares about itself, by edition and criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from gatsbykit.exchange.jsontext import is_object
from gatsbykit.exchange.values import json_words
from gatsbykit.model.answers import Answer, Band, DeclaredAnswer, DeclaredShare, PartAnswers
from gatsbykit.rules import EDITION_KEYS, Criterion, edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.exchange.problems import Place, Problems


__all__ = ["read_answers"]


def read_answers(value: Any, place: Place, problems: Problems) -> dict[str, dict[str, DeclaredAnswer]]:
    """Read the answers to declared criteria, by edition and criterion."""
    answers: dict[str, dict[str, DeclaredAnswer]] = {}
    for key, given in _members(value, place, problems):
        here = place.at(key)
        if key not in EDITION_KEYS:
            problems.error(here, "unknown_edition", details={"choices": ", ".join(EDITION_KEYS)})
            continue
        criteria = {criterion.id: criterion for criterion in edition(key).criteria}
        answers[key] = {}
        for criterion_id, raw in _members(given, here, problems):
            there = here.at(criterion_id)
            criterion = criteria.get(criterion_id)
            if criterion is None:
                problems.error(
                    there,
                    "unknown_criterion",
                    details={"edition": key, "choices": ", ".join(criteria)},
                )
            elif raw is not None:
                answer = _read_answer(raw, criterion, there, problems)
                if answer is not None:
                    answers[key][criterion_id] = answer
    return answers


def _members(value: Any, place: Place, problems: Problems) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if not is_object(value):
        problems.error(place, "wrong_type", details={"type": "object"})
        return
    yield from value.items()


def _read_answer(raw: Any, criterion: Criterion, place: Place, problems: Problems) -> DeclaredAnswer | None:
    """Read the answer to one criterion, which is of the criterion's own type."""
    if criterion.parts:
        parts: dict[str, Answer] = {}
        for part, given in _members(raw, place, problems):
            here = place.at(part)
            if part not in criterion.parts:
                details = {"criterion": criterion.id, "choices": ", ".join(criterion.parts)}
                problems.error(here, "unknown_part", details=details)
            elif given is not None:
                answer = _read_choice(given, Answer, here, problems)
                if answer is not None:
                    parts[part] = answer
        return PartAnswers(parts)
    if criterion.type == "declared":
        return _read_choice(raw, Answer, place, problems)
    if is_object(raw):
        return _read_share(raw, place, problems)
    return _read_choice(raw, Band, place, problems, ' or {"share": "0.83"}')


_Choice = TypeVar("_Choice", Answer, Band)


def _read_choice(
    raw: Any, kind: type[_Choice], place: Place, problems: Problems, also: str = ""
) -> _Choice | None:
    if isinstance(raw, str) and raw in {member.value for member in kind}:
        return kind(raw)
    choices = ", ".join(f'"{member.value}"' for member in kind) + also
    problems.error(place, "not_a_choice", cell=json_words(raw), details={"choices": choices})
    return None


def _read_share(raw: dict[str, Any], place: Place, problems: Problems) -> DeclaredShare | None:
    share = raw.get("share")
    if raw.keys() == {"share"} and isinstance(share, str):
        try:
            return DeclaredShare(share)
        except ValueError:
            pass
    problems.error(
        place,
        "not_a_share",
        cell=json_words(share),
    )
    return None
