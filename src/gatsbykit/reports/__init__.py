"""Scorecards for people to read."""

from __future__ import annotations

from gatsbykit.reports.text import scorecard_text

__all__ = ["scorecard_text"]
