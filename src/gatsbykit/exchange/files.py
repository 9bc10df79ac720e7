"""Files from strangers: read when they are regular files inside their folder, and not otherwise."""

from __future__ import annotations

import codecs
import re
import stat
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.exchange.problems import Place, Problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["container", "decode", "file_names", "is_folder", "read_bytes", "table_of"]

_CODECS: Final = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_WORKBOOK: Final = "a workbook of a spreadsheet program"
_CONTAINERS: Final = (
    (re.compile(rb"PK\x03\x04.*(?:xl/|opendocument\.spreadsheet)", re.DOTALL), _WORKBOOK),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), "a ZIP archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _WORKBOOK),
    (re.compile(rb"PAR1"), "a Parquet file"),
    (re.compile(rb"ARROW1|FEA1"), "an Arrow file"),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"), "a compressed archive"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"SQLite format 3\x00"), "a database"),
)


def container(data: bytes) -> str | None:
    r"""Return what a file is that is no text, as far as its first signs say.

    Examples:
        >>> container(b"PK\x03\x04 ..."), container(b"learner_id,year_group")
        ('a ZIP archive', None)
    """
    return next((what for pattern, what in _CONTAINERS if pattern.match(data)), None)


def decode(data: bytes, place: Place, problems: Problems, encoding: str | None = None) -> str | None:
    """Return the text of data, or ``None`` after noting why there is none.

    Args:
        data: The bytes of a file.
        place: The file.
        problems: Where errors are noted.
        encoding: What a profile says of the file; a byte-order mark in it knows better, and UTF-16
            has to have one. Files of the exchange format are UTF-8, with or without a mark.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), None)
    named = encoding or "utf-8"
    if encoding is not None and mark is not None:
        named = _MARKS[mark]
    # Without its mark UTF-16 would be read in the byte order of this computer.
    strange = 0 if named == "utf-16" and mark is None else None
    text = ""
    if strange is None:
        try:
            text = data.decode(_CODECS[named])
        except UnicodeDecodeError as error:
            strange = error.start
    what = container(data)
    if what is not None and (strange is not None or "\0" in text):
        problems.error(place, "not_text", details={"what": what})
    elif strange is not None:
        here = attrs.evolve(place, row=data.count(b"\n", 0, strange) + 1)
        code = "not_utf8" if named == "utf-8" else "wrong_encoding"
        problems.error(here, code, details={"encoding": named})
    elif "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        problems.error(attrs.evolve(place, row=row), "nul_character")
    else:
        return text
    return None


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
