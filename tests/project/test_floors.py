"""The house: which room stands on which. Imports run down the floors, those for types included.

The table is also the map: a room may use the rooms on the floors above it in the table, and nothing
below. Within a floor, rooms do not know each other.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gatsbykit

_PACKAGE = Path(gatsbykit.__file__).parent

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "frozen"),  # what goes wrong, as one family; a mapping that nobody changes
    (
        "privacy",
        "words",
        "plain",
        "data",
        "jsonschema",
        "rounded_figures",
        "paired",
        "intervals",
    ),  # what everybody needs: texts, plain data, files of our own
    ("issues",),  # something is wrong, where, and what would be right
    ("model",),  # the nouns of the field: frozen values
    ("rules",),  # what the benchmarks and the law say, as data
    ("exchange", "published"),  # records in and out; official statistics, read right
    ("scoring",),  # a plan, lanes that count, a scorecard
    # why and what if; the same for a country; what is doubtful; impact; programmes, leaders, groups, training
    ("insight", "frames", "checks", "outcomes", "practice"),
    ("report", "testing"),  # one page of HTML; help for those who test
    ("commands",),  # one module a command
)
"""From the ground up."""

_FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
_MODULES = sorted(path for path in _PACKAGE.rglob("*.py") if path.parent != _PACKAGE or path.stem[0] != "_")


def _name(path: Path) -> str:
    parts = path.relative_to(_PACKAGE).with_suffix("").parts
    return ".".join(part for part in ("gatsbykit", *parts) if part != "__init__")


_NAMES = {_name(path): path for path in _PACKAGE.rglob("*.py")}


def _room(name: str) -> str:
    return name.split(".")[1]


def _imported(path: Path) -> set[str]:
    """Return the modules of ours that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("gatsbykit.")}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "gatsbykit":
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in _NAMES else node.module for name in whole}
    return found - {"gatsbykit"}


def test_every_room_has_a_floor() -> None:
    rooms = {_room(_name(path)) for path in _MODULES}
    assert rooms == set(_FLOOR)


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_imports_run_down(path: Path) -> None:
    room = _room(_name(path))
    climbing = {
        name for name in _imported(path) if _room(name) != room and _FLOOR[_room(name)] >= _FLOOR[room]
    }
    assert not climbing


def test_no_file_stands_in_a_circle() -> None:
    below = {_name(path): _imported(path) for path in _MODULES}
    while True:
        ground = {name for name, needed in below.items() if not needed & below.keys()}
        if not ground:
            break
        below = {name: needed for name, needed in below.items() if name not in ground}
    assert not below, "these files need each other"
