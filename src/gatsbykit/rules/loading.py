"""Reading the edition files that ship with the library."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from gatsbykit.data import read_toml, toml_names
from gatsbykit.errors import EditionError
from gatsbykit.model.encounters import ActivityKind, Checklist
from gatsbykit.model.subjects import subject_keys
from gatsbykit.plain import strict_converter
from gatsbykit.rules.vocabulary import Edition, Source

if TYPE_CHECKING:
    import cattrs

__all__ = ["EDITION_KEYS", "load_edition", "load_sources", "read_rules", "rules_converter"]

_ROOM: Final = "rules"

EDITION_KEYS: Final = tuple(name for name in toml_names(_ROOM) if name[:4].isdecimal())
"""The keys of all editions, the oldest first: they begin with a year."""

_Raw = dict[str, Any]


def read_rules(name: str) -> _Raw:
    """Return one of the shipped rule files as plain data."""
    return read_toml(_ROOM, name)


@functools.cache
def load_sources() -> Mapping[str, Source]:
    """Return every source that the rules name, by key."""
    return {key: Source(key=key, **fields) for key, fields in read_rules("sources").items()}


@functools.cache
def rules_converter() -> cattrs.Converter:
    """Return the converter for rule files; a key that the vocabulary lacks is an error."""
    converter = strict_converter()
    # A hook for str would catch these too, being texts, were they not given their own.
    converter.register_structure_hook(StrEnum, lambda value, kind: kind(value))
    converter.register_structure_hook(Fraction, lambda text, _: Fraction(text))
    converter.register_structure_hook(Source, lambda key, _: load_sources()[key])
    converter.register_structure_hook(Checklist, lambda items, _: Checklist(items))
    converter.register_structure_hook_func(
        lambda kind: kind == Mapping[ActivityKind, Checklist],
        lambda lists, _: {ActivityKind(kind): Checklist(items) for kind, items in lists.items()},
    )
    converter.register_structure_hook_func(
        lambda kind: kind == Mapping[str, frozenset[str]],
        lambda lists, _: {name: subject_keys(subjects) for name, subjects in lists.items()},
    )
    return converter


@functools.cache
def load_edition(key: str) -> Edition:
    """Return an edition by its key.

    Raises:
        EditionError: There is none; the message lists those there are.
    """
    if key not in EDITION_KEYS:
        raise EditionError(f"there is no edition {key!r}; choose one of {', '.join(EDITION_KEYS)}")
    return rules_converter().structure(_whole(read_rules(key)), Edition)


def _whole(written: _Raw) -> _Raw:
    """Return an edition with what it takes over from the one it is based on."""
    if "based_on" not in written:
        return written
    base = _whole(read_rules(written["based_on"]))
    changed = {entry["number"]: entry for entry in written.get("benchmarks", [])}
    benchmarks = [_changed_benchmark(entry, changed.get(entry["number"], {})) for entry in base["benchmarks"]]
    return {**base, **written, "benchmarks": benchmarks}


def _changed_benchmark(base: _Raw, change: _Raw) -> _Raw:
    """Return a benchmark with whole criteria replaced, added or left out."""
    removed = change.get("remove", ())
    criteria = {entry["id"]: entry for entry in base["criteria"] if entry["id"] not in removed}
    criteria.update((entry["id"], entry) for entry in change.get("criteria", ()))
    own = {name: value for name, value in change.items() if name != "remove"}
    return {**base, **own, "criteria": [criteria[criterion_id] for criterion_id in sorted(criteria)]}
