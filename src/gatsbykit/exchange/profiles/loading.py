"""Reading profiles, strictly: a profile that says something else than a profile can is refused."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cattrs

from gatsbykit.data import read_text, toml_names
from gatsbykit.errors import ProfileError
from gatsbykit.exchange.problems import Unreadable
from gatsbykit.exchange.profiles.model import FileShape, Profile
from gatsbykit.exchange.tables import tables
from gatsbykit.model.names import alike
from gatsbykit.plain import strict_converter
from gatsbykit.privacy import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PROFILE_KEYS", "find_profile", "read_profile"]

_ROOM: Final = "exchange/profiles"

PROFILE_KEYS: Final = toml_names(_ROOM)
"""The keys of the profiles that come with the library."""

_LARGEST: Final = 1_000_000
_TOKENS: Final = ("YYYY", "MM", "DD")
_TOKEN: Final = re.compile("|".join(_TOKENS))
_DATE_FORM: Final = re.compile(r"(?:YYYY|MM|DD)[\W_]*(?:YYYY|MM|DD)[\W_]*(?:YYYY|MM|DD)")


def find_profile(key_or_path: Profile | str | Path) -> Profile:
    """Return a profile by its key or from a file.

    Args:
        key_or_path: One of ``PROFILE_KEYS``, or the path of a TOML file.

    Raises:
        ProfileError: There is no such profile, or it is not one.

    Examples:
        >>> find_profile("ilr-destinations").files[0].table
        'destinations'
    """
    if isinstance(key_or_path, Profile):
        return key_or_path
    if key_or_path in PROFILE_KEYS:
        return _shipped(str(key_or_path))
    path = Path(key_or_path)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, ValueError):
        known = ", ".join(PROFILE_KEYS)
        raise ProfileError(
            f"there is no profile {shown(str(key_or_path))!r}; expected one of {known}, or a file"
        ) from None
    if len(data) > _LARGEST:
        raise ProfileError(f"a profile of more than {_LARGEST:,} bytes is not read")
    return read_profile(data)


@functools.cache
def _shipped(key: str) -> Profile:
    return read_profile(read_text(_ROOM, f"{key}.toml"))


def read_profile(text: bytes | str) -> Profile:
    """Read a profile from the text of its TOML file.

    Raises:
        ProfileError: It is not TOML, or says something that a profile cannot; the message lists
            everything that is wrong.

    Examples:
        >>> read_profile('title = "Ours"')
        Traceback (most recent call last):
        ...
        gatsbykit.ProfileError: not a profile: required field missing @ $.files
    """
    try:
        written = tomllib.loads(text.decode("utf-8") if isinstance(text, bytes) else text)
        made = strict_converter().structure(written, Profile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"not a profile: the file is not TOML: {error}") from None
    except RecursionError:
        raise ProfileError("not a profile: nested too deeply") from None
    except cattrs.BaseValidationError as error:
        raise ProfileError(f"not a profile: {'; '.join(cattrs.transform_error(error))}") from None
    wrong = [fault for shape in made.files for fault in _faults(shape)]
    if len({shape.table for shape in made.files}) != len(made.files):
        wrong.append("two files for one table")
    if wrong:
        raise ProfileError(f"not a profile: {'; '.join(wrong)}")
    return made


def _faults(shape: FileShape) -> Iterator[str]:
    """Yield what is wrong with a shape that has the right form."""
    table = next((table for table in tables() if table.name == shape.table), None)
    if table is None:
        yield f"there is no table {shown(shape.table)}"
        return
    named = {*shape.columns, *shape.joined, *shape.values, *shape.codes, *shape.constants}
    for column in sorted(named.difference(table.columns)):
        yield f"{shape.table} has no column {shown(column)}"
    for column in sorted(shape.columns.keys() & shape.joined):
        yield f"{shown(column)} is both a column and joined"
    if not shape.name or re.search(r"[/\\\0]", shape.name) is not None:
        yield "the name of a file is not a path"
    if not shape.lists.strip():
        yield "lists are separated by something that can be seen"
    yield from _faults_of_dates(shape.dates)
    for column in sorted(named.intersection(table.columns)):
        yield from _faults_of_values(shape, column, *table.cell_readers[column])


def _faults_of_dates(forms: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with forms of dates; no text may fit two of them."""
    if not forms:
        yield "there is no form of dates"
    looks: set[str] = set()
    for form in forms:
        if sorted(_TOKEN.findall(form)) != sorted(_TOKENS):
            yield f"the date form {shown(form)} does not have YYYY, MM and DD once each"
        elif _DATE_FORM.fullmatch(form) is None:
            yield f"the date form {shown(form)} has something else than YYYY, MM, DD and signs between them"
        look = _TOKEN.sub(lambda token: "0" * len(token[0]), form)
        if look in looks:
            yield f"the date form {shown(form)} cannot be told from another one"
        looks.add(look)


def _faults_of_values(
    shape: FileShape, column: str, read: Callable[[Any, Any], Any], kind: Any
) -> Iterator[str]:
    """Yield what is wrong with the meanings that a shape gives to the values of a column."""
    meant: dict[str, str] = {}
    for said, meaning in shape.meanings(column):
        if meant.setdefault(alike(said), meaning) != meaning:
            yield f"{shown(said)} has two meanings in {column}"
    if meant.get("*"):
        yield f"in {column} whatever else there is (*) can only be unknown"
    for meaning in sorted({*meant.values()} - {""}):
        try:
            read(meaning, kind)
        except Unreadable:
            yield f"{shown(meaning, column)} is no value of {column}"
