"""Pages for people to read: scorecards as plain text and HTML, training reports as HTML."""

from __future__ import annotations

from gatsbykit.report.html import report_html
from gatsbykit.report.training import training_html
from gatsbykit.scoring.scorecard import scorecard_text

__all__ = ["report_html", "scorecard_text", "training_html"]
