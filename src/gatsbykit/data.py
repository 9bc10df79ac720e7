"""What comes with the library as files: lists, rules and templates, read strictly.

Each room keeps its own in a folder ``data``. A reader names the room and the file.

Examples:
    >>> read_toml("rules", "work_experience")["parts"][0]["hours"]
    25
    >>> read_rows("model/codes", "soc2020")[0]["code"]
    '1'
"""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def _folder(room: str) -> Traversable:
    # By way of the root package: asking for a room itself would load it.
    return files("gatsbykit").joinpath(*room.split("/"), "data")


def read_text(room: str, name: str) -> str:
    """Return the text of a file.

    Args:
        room: The room in whose folder it lies, such as ``exchange/profiles``.
        name: Its name, with its suffix.
    """
    return _folder(room).joinpath(name).read_text(encoding="utf-8")


def read_toml(room: str, name: str) -> dict[str, Any]:
    """Return what a TOML file says, as plain data; its name is given without the suffix."""
    return tomllib.loads(read_text(room, f"{name}.toml"))


def read_rows(room: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file; its name is given without the suffix."""
    return list(csv.DictReader(read_text(room, f"{name}.csv").splitlines(), strict=True))


def toml_names(room: str, *folder: str) -> tuple[str, ...]:
    """Return the names of the TOML files of a room, without their suffix, in their order.

    Args:
        room: The room in whose folder they lie.
        folder: The folder in it, if it is one further down.

    Examples:
        >>> toml_names("rules", "forms")
        ('legacy-quarters-v1',)
    """
    names = (path.name for path in _folder(room).joinpath(*folder).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))
