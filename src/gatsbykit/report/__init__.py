"""Scorecards for people to read: plain text and HTML."""

from __future__ import annotations

from gatsbykit.report.html import report_html
from gatsbykit.scoring.scorecard import scorecard_text

__all__ = ["report_html", "scorecard_text"]
