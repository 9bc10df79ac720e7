"""What of a folder has been scored already: an interrupted run goes on where it stopped."""

from __future__ import annotations

import contextlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyarrow import parquet

from gatsbykit.rules import EDITION_KEYS
from gatsbykit.rules import edition as load_edition
from gatsbykit.rules.document import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["KeptScores", "job"]

_JOB: Final = "job.json"
_PART: Final = "part-{}.parquet"


def job(files: Mapping[str, Path], *how: object) -> str:
    """Return what has to be the same for the scores of an earlier run to be those of this one."""
    stats = {path.name: path.stat() for path in files.values()}
    tables = {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}
    rules = [fingerprint(load_edition(key)) for key in EDITION_KEYS]
    return json.dumps([version("gatsbykit"), rules, tables, *map(repr, how)])


class KeptScores:
    """The scores of batches, kept in a folder until all are there."""

    def __init__(self, folder: Path | None, job: str) -> None:
        self._folder = folder
        self._job = job
        if folder is not None and not self._are_of_this_job(folder):
            self.remove()

    def _are_of_this_job(self, folder: Path) -> bool:
        try:
            return (folder / _JOB).read_text(encoding="utf-8") == self._job
        except (OSError, UnicodeDecodeError):
            return False

    def get(self, number: int) -> pa.Table | None:
        """Return the scores of a batch, if they are there and whole."""
        path = None if self._folder is None else self._folder / _PART.format(number)
        if path is None or not path.is_file():
            return None
        try:
            # (the stubs of pyarrow leave some options of these functions without types)
            table: pa.Table = parquet.read_table(path)  # pyright: ignore[reportUnknownMemberType]
        except (OSError, pa.ArrowException):
            return None
        return table

    def put(self, number: int, criteria: pa.Table) -> None:
        """Keep the scores of a batch."""
        if self._folder is None:
            return
        self._folder.mkdir(exist_ok=True)
        (self._folder / _JOB).write_text(self._job, encoding="utf-8")
        path = self._folder / _PART.format(number)
        unfinished = path.with_suffix(".unfinished")
        parquet.write_table(criteria, unfinished)  # pyright: ignore[reportUnknownMemberType] (as above)
        unfinished.replace(path)

    def remove(self) -> None:
        """Remove what was kept, and the folder unless somebody else has put something there."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in (self._folder / _JOB, *self._folder.glob(_PART.format("*"))):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._folder.rmdir()
