"""The columns lane against the objects lane, on every engine."""

from __future__ import annotations

from datetime import date

import pytest

import gatsbykit as gk

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("pandas")

from gatsbykit.frames import score_frames  # noqa: E402 (needs narwhals)
from tests.support.columns import rows_of  # noqa: E402 (the same)


def test_destinations_without_codes_and_nothing_else() -> None:
    institutions = pl.DataFrame({"institution_id": [1], "kind": ["secondary_school"]})
    learners = pl.DataFrame(
        {
            "institution_id": [1] * 3,
            "learner_id": ["followed", "lost", "here"],
            "year_group": [11, 11, 11],
            "on_roll_to": [date(2025, 7, 10), date(2025, 7, 10), None],
        }
    )
    destinations = pl.DataFrame(
        {
            "institution_id": [1, 1],
            "learner_id": ["followed", "lost"],
            "date": [date(2025, 10, 1)] * 2,
            "category": ["further_education", "unknown"],
        }
    )
    scores = score_frames(
        institutions=institutions,
        learners=learners,
        destinations=destinations,
        as_of=date(2026, 7, 10),
        edition="2014-school",  # the one that follows leavers
    )
    (assessed,) = (row for row in rows_of(scores.criteria) if row["basis"])
    assert (assessed["numerator"], assessed["denominator"]) == (1, 2)
    assert [row["learner_id"] for row in rows_of(scores.missing())] == ["lost"]
    assert repr(scores) == "<FrameScores under 2014-school as of 2026-07-10>"


def test_nobody_is_missing_where_nothing_is_assessed() -> None:
    institutions = pl.DataFrame({"institution_id": [1], "kind": ["secondary_school"]})
    learners = pl.DataFrame({"institution_id": [1], "learner_id": ["L"], "year_group": [11]})
    scores = score_frames(institutions=institutions, learners=learners, as_of=date(2026, 7, 10))
    assert scores.missing().rows() == []
    assert scores.missing().columns == ["institution_id", "learner_id", "criterion"]
    assert scores.groups("sex").rows() == []
    with pytest.raises(gk.NotFoundError, match="not grouped by ethnicity, but by sex,"):
        scores.groups("ethnicity")
    with pytest.raises(ValueError, match="together or not at all"):
        score_frames(
            institutions=institutions, learners=learners, activities=learners, as_of=date(2026, 7, 10)
        )
