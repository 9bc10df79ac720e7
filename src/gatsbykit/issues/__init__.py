"""What is wrong or doubtful in data: issues as values, their catalogue, and reports of them.

Every issue has a stable code. What a code means, in which words it is put and what to do about it
is data (`catalogue`), so that programs rely on codes and people read sentences in their own
language. Reading collects every issue before it gives up, so that an export is mended in one go.
"""

from __future__ import annotations

from gatsbykit.issues.catalogue import CodeEntry, Severity, Stage, catalogue
from gatsbykit.issues.issues import InvalidRecords, Issue, IssueError
from gatsbykit.issues.listing import Listing
from gatsbykit.issues.report import REPORT_FORMAT, Report

__all__ = [
    "REPORT_FORMAT",
    "CodeEntry",
    "InvalidRecords",
    "Issue",
    "IssueError",
    "Listing",
    "Report",
    "Severity",
    "Stage",
    "catalogue",
]
