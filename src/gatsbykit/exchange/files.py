"""Files from strangers: read when they are regular files inside their folder, and not otherwise."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from gatsbykit.exchange.problems import Place, Problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["file_names", "is_folder", "read_bytes", "table_of"]


def table_of(name: str, tables: Iterable[str]) -> str | None:
    """Return the table whose name a file bears that is read as none, such as a workbook's.

    Examples:
        >>> table_of("Learners.xlsx", ["learners"]), table_of("notes.txt", ["learners"])
        ('learners', None)
    """
    stem = name.partition(".")[0].strip().casefold()
    return next((table for table in tables if re.match(rf"{table}(?![a-z])", stem)), None)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # such as a name that is too long: reading it as a file says so
        return False


def file_names(folder: Path, problems: Problems) -> list[str]:
    """Return the names of the files in a folder, in order.

    Raises:
        InvalidRecords: The folder cannot be listed.
    """
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        problems.error(Place(file=shown(folder.name)), "missing_folder")
        raise problems.as_exception() from None


def read_bytes(path: Path, problems: Problems, *, folder: Path | None = None) -> bytes | None:
    """Return the bytes of a file, or ``None`` after noting why they cannot be had.

    Args:
        path: The file.
        problems: Where errors are noted.
        folder: The folder that the file has to lie in, symbolic links followed. Such a file has to
            be a regular one, too: a pipe or a device of that name would never end.
    """
    place = Place(file=shown(path.name))
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            problems.error(place, "link_leaves_folder")
            return None
        if folder is not None and not stat.S_ISREG(path.stat().st_mode):
            problems.error(place, "unreadable_file")
            return None
        return path.read_bytes()
    except FileNotFoundError:
        problems.error(place, "missing_file")
    except (OSError, ValueError, RuntimeError):  # such as a name that no file has, or links in a circle
        problems.error(place, "unreadable_file")
    return None
