"""Reading the code lists that come with the library."""

from __future__ import annotations

import csv
from importlib.resources import files

__all__ = ["read_list"]


def read_list(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the code lists."""
    text = files("gatsbykit.model.codes").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
