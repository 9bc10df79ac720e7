"""The rules as one document that needs no Python: for other implementations, and for auditors.

Everything in it is plain: texts, whole numbers, booleans, lists and objects. Exact fractions are
texts such as ``91/100``, days are ISO dates.

Examples:
    >>> document = rules_document(["2025-school"])
    >>> document["format"], document["procedure"]["presets"]["legacy"]
    ('gatsbykit-rules/1', '19/25')
    >>> school = document["editions"][0]
    >>> next(one["encounters"]["at_least"] for one in school["benchmarks"][5]["criteria"])
    2
"""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs

from gatsbykit.model.answers import Band
from gatsbykit.model.calendar import FIRST_YEAR_GROUP, LAST_YEAR_GROUP, KeyStage
from gatsbykit.model.encounters import ActivityKind, Checklist, ParticipationStatus
from gatsbykit.plain import plain_converter
from gatsbykit.rules.forms import FORM_KEYS, form
from gatsbykit.rules.grading import Preset
from gatsbykit.rules.loading import EDITION_KEYS, load_edition, load_sources, read_rules
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.rules.vocabulary import Criterion, Edition, Source, Timeline
from gatsbykit.rules.words import cohort_words, counted_words, counting_words, requirement_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import cattrs

    from gatsbykit.rules.differences import EditionDifference

__all__ = [
    "DIFFERENCE_FORMAT",
    "RULES_FORMAT",
    "canonical",
    "difference_document",
    "fingerprint",
    "procedure",
    "rules_document",
    "scored_rules",
    "short_fingerprint",
]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"

RULES_FORMAT: Final = "gatsbykit-rules/1"
"""The name and version of the document's format."""

DIFFERENCE_FORMAT: Final = "gatsbykit-rules-difference/1"
"""The name and version of the format of a difference between two editions."""

ABOUT: Final = (
    "Rules by which gatsbykit reads the Gatsby Benchmarks of Good Career Guidance (England). Where they go "
    "beyond their sources they say so: interpretation. A result by these rules is nobody's official score."
)
NOT_SCORED: Final = frozenset(
    {
        "based_on",
        "covers",
        "in_words",
        "interpretation",
        "left_out",
        "note",
        "notes",
        "sources",
        "steps",
        "summary",
        "text",
        "title",
        "vocabulary",
    }
)
"""The members of the document that cannot change a score: a fingerprint leaves them out."""


def rules_document(chosen: Iterable[str | Edition] = EDITION_KEYS) -> dict[str, Any]:
    """Return the rules of some editions, and all that they rest on, ready for `json`.

    Args:
        chosen: The editions or their keys; by default all that come with the library.

    Raises:
        EditionError: There is no such edition.
    """
    editions = [one if isinstance(one, Edition) else load_edition(one) for one in chosen]
    document: dict[str, Any] = {
        "format": RULES_FORMAT,
        "about": ABOUT,
        "procedure": dict(procedure()),
        "editions": [
            {**_edition(edition), "fingerprint": f"sha256:{fingerprint(edition)}"} for edition in editions
        ],
        "provider_access": _plain(provider_access_rules()),
        "work_experience": _plain(work_experience_rules()),
        "forms": [_plain(form(key)) for key in FORM_KEYS],
        "fingerprint_leaves_out": sorted(NOT_SCORED),
    }
    named = sorted(set(_source_keys(document)))
    document["sources"] = {key: attrs.asdict(load_sources()[key]) for key in named}
    return document


def scored_rules(edition: Edition) -> dict[str, Any]:
    """Return everything in an edition's rules that can change a score: what its fingerprint covers.

    Texts, notes and sources are left out, so that better words keep the fingerprint. The revision
    of the procedure is in it, which is raised when the code of a step changes a result.

    Args:
        edition: The edition.
    """
    in_schools = edition.timeline is Timeline.YEAR_GROUPS
    whole: dict[str, Json] = {
        "procedure": dict(procedure()),
        "edition": _edition(edition),
        "provider_access": _plain(provider_access_rules()) if in_schools else None,
        "work_experience": _plain(work_experience_rules()) if in_schools else None,
    }
    return cast("dict[str, Any]", _without(whole, NOT_SCORED))


def canonical(value: Any) -> bytes:
    """Return a plain value as bytes that are the same everywhere: JSON, sorted keys, ASCII, no spaces."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


@functools.lru_cache(maxsize=64)
def fingerprint(edition: Edition) -> str:
    """Return the SHA-256, in hexadecimal, of everything in an edition's rules that can change a score.

    Two scorecards with the same fingerprint and the same settings were made by the same rules.

    Args:
        edition: The edition.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> fingerprint(edition("2025-college")) == fingerprint(edition("2025-itp"))
        False
    """
    return hashlib.sha256(canonical(scored_rules(edition))).hexdigest()


def short_fingerprint(edition: Edition) -> str:
    """Return the first twelve digits of the fingerprint, for people.

    Examples:
        >>> from gatsbykit.rules import edition
        >>> len(short_fingerprint(edition("2025-school")))
        12
    """
    return fingerprint(edition)[:12]


def difference_document(difference: EditionDifference) -> dict[str, Any]:
    """Return a difference between two editions, ready for `json`.

    Every criterion has its rule in both editions as the rules document writes it, and what differs
    in words.

    Args:
        difference: The difference.
    """
    before, after = difference.before, difference.after
    return {
        "format": DIFFERENCE_FORMAT,
        "before": {"key": before.key, "fingerprint": f"sha256:{fingerprint(before)}"},
        "after": {"key": after.key, "fingerprint": f"sha256:{fingerprint(after)}"},
        "sources": [source.key for source in difference.transition.sources],
        "changed": {str(number): text for number, text in difference.transition.changed.items()},
        "edition": [attrs.asdict(change) for change in difference.changes],
        "criteria": [
            {
                "kind": one.kind,
                "before": [_criterion(criterion, before) for criterion in one.before],
                "after": None if one.after is None else _criterion(one.after, after),
                "changes": [attrs.asdict(change) for change in one.changes],
            }
            for one in difference.criteria
        ],
    }


@functools.cache
def procedure() -> Mapping[str, Any]:
    """Return what every edition has in common: numbers from the code, words from the rule file."""
    written = read_rules("procedure")
    return {
        "revision": written["revision"],
        "presets": {preset.value: str(preset.threshold) for preset in Preset},
        "bands": {band.value: str(band.lower_bound) for band in Band},
        "key_stages": {stage.value: list(stage.years) for stage in KeyStage},
        "first_year_group": FIRST_YEAR_GROUP,
        "last_year_group": LAST_YEAR_GROUP,
        "status_order": [status.value for status in ParticipationStatus],
        "steps": written["steps"],
        "vocabulary": written["vocabulary"],
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        **_plain(edition),
        "benchmarks": [
            {
                **_plain(benchmark),
                "criteria": [_criterion(criterion, edition) for criterion in benchmark.criteria],
            }
            for benchmark in edition.benchmarks
        ],
        "in_words": {
            "counted": counted_words(edition),
            **{kind.value: counting_words(kind, edition) for kind in ActivityKind},
        },
    }


def _criterion(criterion: Criterion, edition: Edition) -> dict[str, Any]:
    return {
        **_plain(criterion),
        "type": criterion.type,
        "in_words": {
            "who": None if criterion.cohort is None else cohort_words(criterion.cohort, edition),
            "needs": requirement_words(criterion, edition),
        },
    }


@functools.cache
def _converter() -> cattrs.Converter:
    """Return the converter from the vocabulary to plain data, in which a source is its key."""
    converter = plain_converter()
    converter.register_unstructure_hook(Source, lambda source: source.key)
    converter.register_unstructure_hook(Checklist, lambda checklist: list(checklist.items))
    return converter


def _plain(value: attrs.AttrsInstance) -> dict[str, Any]:
    return cast("dict[str, Any]", _converter().unstructure(value))


def _without(value: Json, names: frozenset[str]) -> Json:
    """Return a plain value without the members of some names, at any depth."""
    if isinstance(value, dict):
        return {key: _without(member, names) for key, member in value.items() if key not in names}
    if isinstance(value, list):
        return [_without(member, names) for member in value]
    return value


def _source_keys(value: Json) -> Iterator[str]:
    """Yield the key of every source that is named anywhere in a plain value."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "sources":
                yield from cast("list[str]", member)
            else:
                yield from _source_keys(member)
    elif isinstance(value, list):
        for member in value:
            yield from _source_keys(member)
