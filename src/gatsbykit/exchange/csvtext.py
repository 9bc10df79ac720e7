"""Comma-separated text, row by row.

A spreadsheet program runs a cell that begins with ``=``, ``+``, ``-`` or ``@``. When a folder is
written, a text that begins so gets an apostrophe before it, which keeps it a text, and when a
folder is read that apostrophe is taken away again: writing and reading change nothing. Ids are
left alone, since other programs compare them exactly.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from gatsbykit.exchange.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["all_cells", "csv_raws", "csv_rows", "kept_as_text", "without_apostrophe"]

_APOSTROPHE: Final = "'"
_RUN_BY_SPREADSHEETS = re.compile(r"'*[=+\-@]")


def kept_as_text(text: str) -> str:
    """Return a text as a cell that no spreadsheet program runs.

    Examples:
        >>> kept_as_text("=1+1"), kept_as_text("Talk - engineers")
        ("'=1+1", 'Talk - engineers')
    """
    return text if _RUN_BY_SPREADSHEETS.match(text) is None else f"{_APOSTROPHE}{text}"


def without_apostrophe(cell: str) -> str:
    """Return the text that `kept_as_text` made a cell of.

    Examples:
        >>> without_apostrophe("'=1+1"), without_apostrophe("'tis")
        ('=1+1', "'tis")
    """
    is_kept = cell[:1] == _APOSTROPHE and _RUN_BY_SPREADSHEETS.match(cell) is not None
    return cell[1:] if is_kept else cell


def _reader(text: str, separator: str = ",") -> Iterator[list[str]]:
    # The csv module refuses long cells, up to a limit of the whole process; ours is the text itself.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    return csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)


def csv_rows(
    text: str, place: Place, problems: Problems, separator: str = ","
) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows of a CSV text that are not empty lines, numbered as a spreadsheet does."""
    reader = _reader(text, separator)
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


def all_cells(text: str) -> list[list[str]] | None:
    """Return the rows of a CSV text that are not empty lines, or ``None`` where one cannot be read."""
    try:
        return [cells for cells in _reader(text) if cells]
    except csv.Error:
        return None


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
                raw[name] = cell if is_id else without_apostrophe(trimmed)
        yield place, raw
