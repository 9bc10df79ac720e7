"""Scoring many institutions at once, in data frames; needs ``gatsbykit[frames]``.

Tables with the columns of the exchange format and an ``institution_id`` go in, from pandas, polars
(eager or lazy), pyarrow, DuckDB or PySpark; a table of the same kind comes out.

Examples:
    >>> import polars as pl
    >>> from datetime import date
    >>> from gatsbykit.frames import score_frames
    >>> scores = score_frames(
    ...     institutions=pl.DataFrame({"institution_id": [1], "kind": ["secondary_school"]}),
    ...     learners=pl.DataFrame(
    ...         {"institution_id": [1, 1], "learner_id": ["L1", "L2"], "year_group": [11, 11]}
    ...     ),
    ...     activities=pl.DataFrame(
    ...         {
    ...             "institution_id": [1],
    ...             "activity_id": ["A1"],
    ...             "date": [date(2026, 3, 2)],
    ...             "kinds": ["guidance_meeting"],
    ...             "adviser_level": [6],
    ...         }
    ...     ),
    ...     participations=pl.DataFrame({"institution_id": [1], "activity_id": ["A1"], "learner_id": ["L1"]}),
    ...     as_of=date(2026, 7, 10),
    ... )
    >>> scores.criteria.filter(criterion="8a").select("numerator", "denominator", "status_legacy").rows()
    [(1, 2, 'not_met')]
    >>> scores.missing().filter(criterion="8a")["learner_id"].to_list()
    ['L2']
"""

from __future__ import annotations

from gatsbykit.errors import need_extra

with need_extra("frames", "narwhals"):
    from gatsbykit.frames.scores import COLUMNS, GROUPS, FrameScores, score_frames

__all__ = ["COLUMNS", "GROUPS", "FrameScores", "score_frames"]
