"""Comma-separated text, row by row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gatsbykit.exchange.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["csv_raws", "csv_rows"]


def csv_rows(
    text: str, place: Place, problems: Problems, separator: str = ","
) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows of a CSV text that are not empty lines, numbered as a spreadsheet does."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    row = 0
    while True:
        row += 1
        here = Place(file=place.file, row=row, names=place.names)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # Where quoting is broken nothing after it can be trusted.
            problems.error(here, "bad_quoting", details={"why": error})
            return
        if cells:
            yield here, cells


def csv_raws(
    rows: Iterable[tuple[Place, list[str]]],
    width: int,
    wanted: Sequence[tuple[int, str]],
    ids: frozenset[str],
    problems: Problems,
) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield rows as mappings, blanks left out.

    Args:
        rows: The rows after the header.
        width: How many cells the header has.
        wanted: Positions and names of the cells that are asked for.
        ids: The names of those that are never trimmed.
        problems: Where errors are noted.
    """
    columns = [(index, name, name in ids) for index, name in wanted]
    for place, cells in rows:
        if len(cells) != width:
            details = {"cells": len(cells), "columns": width}
            problems.error(place, "wrong_number_of_cells", details=details)
            continue
        raw: dict[str, str] = {}
        for index, name, is_id in columns:
            cell = cells[index]
            trimmed = cell.strip()
            if trimmed:
                raw[name] = cell if is_id else trimmed
        yield place, raw
