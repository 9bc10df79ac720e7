"""What comes with the library as files."""

from __future__ import annotations

from pathlib import Path

import attrs
import cattrs
import pytest

import gatsbykit
from gatsbykit.data import read_rows, read_toml, toml_names
from gatsbykit.exchange.profiles import PROFILE_KEYS, find_profile
from gatsbykit.plain import strict_converter
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.rules.forms import FORM_KEYS, form

PACKAGE = Path(gatsbykit.__file__).parent


def test_keys_are_the_names_of_files_the_oldest_edition_first() -> None:
    assert [edition(key).key for key in EDITION_KEYS] == [*EDITION_KEYS]
    days = [edition(key).in_force for key in EDITION_KEYS]
    assert days == sorted(days)
    assert [form(key).key for key in FORM_KEYS] == [*FORM_KEYS]
    assert all(find_profile(key).files for key in PROFILE_KEYS)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("data/*.toml")), ids=lambda path: path.stem)
def test_every_file_is_found_by_its_room(path: Path) -> None:
    room = path.parent.parent.relative_to(PACKAGE).as_posix()
    assert path.stem in toml_names(room)
    assert read_toml(room, path.stem)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("data/*.csv")), ids=lambda path: path.stem)
def test_every_row_of_a_list_has_all_of_its_cells(path: Path) -> None:
    rows = read_rows(path.parent.parent.relative_to(PACKAGE).as_posix(), path.stem)
    assert all(None not in row and None not in row.values() for row in rows)


@attrs.frozen
class Planned:
    title: str
    hours: int = 0
    compulsory: bool = False


@pytest.mark.parametrize(
    "written",
    [
        {"title": 7},
        {"title": "a", "hours": True},
        {"title": "a", "hours": "7"},
        {"title": "a", "colour": ""},
        {},
    ],
)
def test_nothing_is_turned_into_something_else(written: dict[str, object]) -> None:
    with pytest.raises(cattrs.BaseValidationError):
        strict_converter().structure(written, Planned)
    assert strict_converter().structure({"title": "a", "hours": 7}, Planned) == Planned("a", 7)
