"""Objects of JSON that hold other objects: reading them strictly, writing them, their JSON Schema.

One reader, one writer and one schema for all values of `gatsbykit.model` whose classes read their
attributes by `read_or_refuse`: what a document may say follows from the types alone. Single values
are read by the converter of the exchange format, so that they are as strict here as in a table.
"""

from __future__ import annotations

import types
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

import attrs

from gatsbykit.exchange.files import read_bytes
from gatsbykit.exchange.jsontext import decode, is_list, is_object, parse_json
from gatsbykit.exchange.problems import Place, Problems, Unreadable, shown
from gatsbykit.exchange.values import json_converter, json_words
from gatsbykit.jsonschema import DATE, FILLED, choice, list_of, or_null
from gatsbykit.model.attributes import Amount, RefusedError, number_of
from gatsbykit.model.calendar import Between
from gatsbykit.model.units import DURATION_PATTERN, duration_text, parse_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["load_object", "object_document", "object_schema", "plain_object", "read_object"]

_Value = TypeVar("_Value", bound=attrs.AttrsInstance)
_KEYED: Final = "keyed_by"


class _Unread:
    """Stands for a value that could not be read; why is among the problems."""


_UNREAD: Final = _Unread()


def read_object(value: Any, kind: type[_Value], place: Place, problems: Problems) -> _Value | None:
    """Read a value from an object of JSON.

    Args:
        value: The parsed value.
        kind: The class of which it is to be.
        place: Where it stands.
        problems: Where everything that is wrong is noted.

    Returns:
        The value, or ``None`` after noting why there is none.

    Examples:
        >>> from gatsbykit.model.programmes import Backing
        >>> problems = Problems()
        >>> read_object({"body": "parents", "date": "2026-02-30"}, Backing, Place(), problems)
        >>> [(issue.column, issue.code) for issue in problems.errors]
        [('body', 'not_a_choice'), ('date', 'impossible_date')]
    """
    made = _read_object(value, kind, place, problems)
    return None if made is _UNREAD else cast("_Value", made)


def _read_object(value: Any, kind: Any, place: Place, problems: Problems) -> Any:
    if not is_object(value):
        problems.error(place, "wrong_type", cell=json_words(value), details={"type": "object"})
        return _UNREAD
    fields = attrs.fields_dict(kind)
    _note_strangers(value, fields, kind.__name__, place, problems)
    read: dict[str, Any] = {}
    for name, field in fields.items():
        given = value.get(name)
        if given is None or (isinstance(given, str) and not given.strip()):
            if field.default is attrs.NOTHING:
                problems.error(place, "missing_value", column=name, details={"columns": name})
                read[name] = _UNREAD
            continue
        read[name] = _read_member(given, field, place, problems)
    if any(one is _UNREAD for one in read.values()):
        return _UNREAD
    return _made(kind, read, place, problems)


def _note_strangers(
    value: Mapping[str, Any], fields: Mapping[str, Any], owner: str, place: Place, problems: Problems
) -> None:
    for name in value:
        if name not in fields:
            problems.unknown_column(place.file, f"an object of the kind {owner}", name)


def _made(kind: Any, read: Mapping[str, Any], place: Place, problems: Problems) -> Any:
    """Make the value; what its class refuses is wrong with the object as a whole."""
    try:
        return kind(**read)
    except RefusedError as error:
        for fault in error.faults:
            problems.error(place, fault.code, column=fault.attribute, details={"right": fault.expected})
        return _UNREAD


def _read_member(value: Any, field: Any, place: Place, problems: Problems) -> Any:
    """Read a member of an object: a single value, an object, or several of one kind."""
    kind = _without_none(field.type)
    here = place.at(field.name)
    if _KEYED in field.metadata and is_object(value):
        return _read_keyed(value, field.metadata[_KEYED], get_args(kind)[0], here, problems)
    if get_origin(kind) in {tuple, frozenset}:
        return _read_several(value, kind, here, problems)
    if _is_object_kind(kind):
        return _read_object(value, kind, here, problems)
    return _read_single(value, kind, place, field.name, problems)


def _read_several(value: Any, kind: Any, place: Place, problems: Problems) -> Any:
    if not is_list(value):
        problems.error(place, "wrong_type", cell=json_words(value), details={"type": "array"})
        return _UNREAD
    element = get_args(kind)[0]
    read: list[Any] = []
    for index, one in enumerate(value):
        here = attrs.evolve(place, path=f"{place.path}[{index}]")
        if _is_object_kind(element):
            read.append(_read_object(one, element, here, problems))
        else:
            read.append(_read_single(one, element, here, None, problems))
    return _UNREAD if any(one is _UNREAD for one in read) else get_origin(kind)(read)


def _read_keyed(value: dict[str, Any], key: str, kind: Any, place: Place, problems: Problems) -> Any:
    """Read an object of objects: the name of each is one of its members."""
    read: list[Any] = []
    for name, one in value.items():
        member = {**one, key: name} if is_object(one) else one
        read.append(_read_object(member, kind, place.at(name), problems))
    return _UNREAD if any(one is _UNREAD for one in read) else tuple(read)


def _read_single(value: Any, kind: Any, place: Place, column: str | None, problems: Problems) -> Any:
    try:
        return _single(value.strip() if isinstance(value, str) else value, kind)
    except Unreadable as why:
        cell = json_words(value)
        problems.error(place, why.code, column=column, cell=cell, details=why.details)
        return _UNREAD


def _single(value: Any, kind: Any) -> Any:
    if get_origin(kind) in {Union, types.UnionType}:
        return _one_of(value, get_args(kind))
    rule = get_args(kind)[1] if get_origin(kind) is Annotated else None
    if isinstance(rule, Amount):
        return _amount(value, rule)
    if rule is not None and not isinstance(rule, Between):
        kind = str  # a text of some form, which its class judges
    return json_converter().structure(value, kind)


def _one_of(value: Any, kinds: Iterable[Any]) -> Any:
    """Read what may be a single value or an object of some kind, told by its members."""
    if not is_object(value):
        single = next(kind for kind in kinds if not _is_object_kind(kind))
        return _single(value, single)
    for kind in kinds:
        if _is_object_kind(kind) and {*value} == {*attrs.fields_dict(kind)}:
            inner = Problems()
            made = _read_object(value, kind, Place(), inner)
            if made is not _UNREAD:
                return made
    raise Unreadable("unfit_value", right=_one_of_words(kinds))


def _one_of_words(kinds: Iterable[Any]) -> str:
    forms = [" and ".join(attrs.fields_dict(kind)) for kind in kinds if _is_object_kind(kind)]
    return f"a date, or an object with {' or with '.join(forms)}"


def _amount(value: Any, rule: Amount) -> Fraction:
    if rule.unit == "minute" and isinstance(value, str):
        if value.startswith("-"):
            raise Unreadable("negative_duration")
        try:
            return parse_duration(value)
        except ValueError:
            raise Unreadable("not_a_duration") from None
    number = None if rule.unit == "minute" else number_of(value)
    if number is None:
        code = "not_a_duration" if rule.unit == "minute" else "not_an_amount"
        raise Unreadable(code, right=rule.words)
    if number < 0 and not rule.may_be_negative:
        raise Unreadable("negative_amount", right=rule.words)
    return number


def _without_none(kind: Any) -> Any:
    """Return a type without the possibility that the value is unknown."""
    if get_origin(kind) not in {Union, types.UnionType}:
        return kind
    kinds = tuple(one for one in get_args(kind) if one is not type(None))
    return kinds[0] if len(kinds) == 1 else Union[kinds]  # noqa: UP007 (made from values)


def _is_object_kind(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind)


# Writing


def plain_object(value: attrs.AttrsInstance) -> dict[str, Any]:
    """Return a value as an object of JSON that `read_object` reads back; the unknown is left out.

    Examples:
        >>> from gatsbykit.model.provision import Resource
        >>> plain_object(Resource(kind="money", amount=1200.5, per="year"))
        {'kind': 'money', 'amount': 1200.5, 'per': 'year'}
    """
    made: dict[str, Any] = {}
    for field in attrs.fields(type(value)):
        given = getattr(value, field.name)
        if given is None or given in ((), frozenset()):
            continue
        if _KEYED in field.metadata:
            key = field.metadata[_KEYED]
            objects = [plain_object(one) for one in given]
            made[field.name] = {one.pop(key): one for one in objects}
        else:
            made[field.name] = _plain(given, field.type)
    return made


def _plain(value: Any, kind: Any) -> Any:
    kind = _without_none(kind)
    if isinstance(value, tuple | frozenset):
        values = cast("Iterable[Any]", value)
        plain = [_plain(one, get_args(kind)[0]) for one in values]
        return plain if isinstance(value, tuple) else sorted(plain)
    if isinstance(value, Fraction):
        if get_args(kind)[1].unit == "minute":
            return duration_text(value)
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if _is_object_kind(type(value)):
        return plain_object(value)
    return str(value) if isinstance(value, str) else value


# Schema


def object_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a class of values, as a reference.

    Args:
        kind: The class.
        definitions: Where the schemas of it and of all classes that it holds are put, by name.

    Examples:
        >>> from gatsbykit.model.programmes import Backing
        >>> found = {}
        >>> object_schema(Backing, found), found["Backing"]["required"]
        ({'$ref': '#/$defs/Backing'}, ['body'])
    """
    name = kind.__name__
    if name not in definitions:
        made: dict[str, Any] = {}
        definitions[name] = made
        fields = attrs.fields_dict(kind)
        required = [key for key, field in fields.items() if field.default is attrs.NOTHING]
        made["type"] = "object"
        made["properties"] = {
            key: _member_schema(field, definitions, optional=key not in required)
            for key, field in fields.items()
        }
        if required:
            made["required"] = required
    return {"$ref": f"#/$defs/{name}"}


def _member_schema(field: Any, definitions: dict[str, Any], *, optional: bool) -> dict[str, Any]:
    kind = _without_none(field.type)
    made = _schema(kind, definitions)
    if _KEYED in field.metadata:
        key, element = field.metadata[_KEYED], get_args(kind)[0]
        object_schema(element, definitions)
        members: dict[str, Any] = definitions[element.__name__]["properties"]
        inner = {name: schema for name, schema in members.items() if name != key}
        by_key: dict[str, Any] = {
            "type": "object",
            "propertyNames": members[key],
            "additionalProperties": {
                "type": "object",
                "properties": inner,
                "required": [name for name in definitions[element.__name__]["required"] if name != key],
            },
        }
        made = {"anyOf": [by_key, made]}
    return or_null(made) if optional else made


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(kind)
    if origin in {tuple, frozenset}:
        return list_of(_schema(get_args(kind)[0], definitions))
    if origin in {Union, types.UnionType}:
        return {"anyOf": [_schema(one, definitions) for one in get_args(kind)]}
    if origin is Annotated:
        return _annotated_schema(get_args(kind)[1])
    if _is_object_kind(kind):
        return object_schema(kind, definitions)
    if issubclass(kind, StrEnum):
        return choice(kind)
    return dict(_PLAIN_SCHEMAS[kind])


def _annotated_schema(rule: Any) -> dict[str, Any]:
    if isinstance(rule, Between):
        return {"type": "integer", "minimum": rule.least, "maximum": rule.most}
    if not isinstance(rule, Amount):
        return {"type": "string", "pattern": f"^(?:{rule.pattern})$"}
    if rule.unit == "minute":
        return {"type": "string", "pattern": f"^{DURATION_PATTERN}$"}
    return {"type": "number"} if rule.may_be_negative else {"type": "number", "minimum": 0}


_PLAIN_SCHEMAS: Final[Mapping[type, dict[str, Any]]] = {
    str: FILLED,
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: DATE,
}


def object_document(document: bytes | str | object, kind: type[_Value], name: str | None) -> _Value:
    """Read a document that is one object.

    Args:
        document: Its bytes (UTF-8), its text, or the parsed value.
        kind: The class of which it is to be.
        name: What messages call the document.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    problems, place = Problems(), Place(file=name)
    value: Any = document
    if isinstance(value, bytes):
        value = decode(value, place, problems)
    if isinstance(value, str):
        value = parse_json(value, place, problems)
    found = None if problems.count else read_object(value, kind, place, problems)
    if found is None:
        raise problems.as_exception()
    return found


def load_object(path: str | Path, kind: type[_Value]) -> _Value:
    """Read a file that is one object.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    path, problems = Path(path), Problems()
    data = read_bytes(path, problems)
    if data is None:
        raise problems.as_exception()
    return object_document(data, kind, shown(path.name))
