"""What is doubtful in an institution's records."""

from __future__ import annotations

from gatsbykit.checks.checking import check

__all__ = ["check"]
