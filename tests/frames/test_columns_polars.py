"""The columns lane against the objects lane: polars and polars-lazy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.columns import agree_on, agree_on_a_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("engine", ["polars", "polars-lazy"])
def test_the_engine_agrees_with_the_objects_lane(engine: str) -> None:
    agree_on(engine)


def test_a_folder_agrees_with_the_objects_lane(tmp_path: Path) -> None:
    agree_on_a_folder("polars", tmp_path)
