"""The columns lane against the objects lane: pandas and pyarrow."""

from __future__ import annotations

import pytest

from tests.support.columns import agree_on


@pytest.mark.parametrize("engine", ["pandas", "pyarrow"])
def test_the_engine_agrees_with_the_objects_lane(engine: str) -> None:
    agree_on(engine)
