"""What the lane asks of an engine of data frames.

The common face of narwhals answers most of it, and what it answers stands here. An engine of its own
file says the rest: what the common face has no word for, and what the engine does better in its own.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import narwhals as nw

from gatsbykit.errors import SettingsError
from gatsbykit.frames.cells import SEPARATOR, Frame, year_start
from gatsbykit.frames.spreading import spread_flags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from gatsbykit.frames.spreading import Spreading

__all__ = ["BitEngine", "Engine", "FolderEngine", "Id", "collected", "joined", "wrapped"]

Id = int | str
"""What identifies an institution."""


def collected(frame: Any) -> nw.DataFrame[Any]:
    """Return a frame's rows; for the few that the library has to look at."""
    return cast("nw.DataFrame[Any]", frame.collect() if isinstance(frame, nw.LazyFrame) else frame)


def wrapped(native: Any) -> Frame:
    """Return a native frame behind the common face."""
    return cast("Frame", nw.from_native(native))


def joined(entries: Iterable[object], separator: str = SEPARATOR) -> str:
    """Return the entries of a list as a text, without those that are nothing."""
    return separator.join(str(entry) for entry in entries if entry is not None)


class Engine(abc.ABC):
    """An engine of data frames, with the tables of one caller."""

    @classmethod
    def for_tables(cls, natives: Mapping[str, Any]) -> Self:  # noqa: ARG003 (some engines look at them)
        """Return the engine for a caller's tables, by name."""
        return cls()

    @classmethod
    def for_folder(cls, scratch: Path) -> FolderEngine:  # noqa: ARG003 (some engines write there)
        """Return the engine for a folder of files.

        Args:
            scratch: A folder for what does not fit into memory.

        Raises:
            SettingsError: The engine reads no folders.
        """
        raise SettingsError(f"{cls.__name__} reads no folders")

    def opened(self, native: Any) -> Frame:
        """Return a native frame behind the common face."""
        return wrapped(native)

    @abc.abstractmethod
    def has_no_type(self, frame: Frame, column: str) -> bool:
        """Whether a column is one in which nothing can stand, as a column of nulls is on some engines."""

    @abc.abstractmethod
    def joined_lists(self, frame: Frame, lists: Sequence[str]) -> Frame:
        """Return a frame in which columns of lists are texts, with `SEPARATOR` between the entries."""

    def distinct(self, frame: Frame, separator: str) -> set[str]:
        """Return every entry, as it is written, of the lists in the column ``text``."""
        texts = collected(frame.unique())["text"].to_list()
        return {piece for text in texts for piece in text.split(separator)}

    def materialised(self, name: str, frame: Frame) -> Frame:  # noqa: ARG002 (some engines ask)
        """Return a table that has been read so that its rows are made once for all who ask.

        As it is, where the engine has made them already, or where the caller works lazily.

        Args:
            name: The table.
            frame: What has been read of it.
        """
        return frame

    def fenced(self, frame: Frame) -> Frame:
        """Return a frame with a fence before it, where the engine's planner needs one."""
        return frame

    def unpivoted(self, frame: Frame, index: Sequence[str], names: Sequence[str]) -> Frame:
        """Return a frame with one row per row and criterion: the columns ``criterion`` and ``value``."""
        return frame.unpivot(on=list(names), index=list(index), variable_name="criterion", value_name="value")

    def spread(self, spreading: Spreading, learners: Frame, activities: Frame, rows: Frame) -> Frame:
        """Spread marks from activities over the learners who took part; see `spread_flags`."""
        return spread_flags(spreading, learners, activities, rows)

    def finished(self, frame: Frame) -> Any:
        """Return a result in the form that the caller uses."""
        return frame.to_native()


class BitEngine(Engine):
    """An engine that combines bits: a learner's marks travel as those of one number."""

    def spread(self, spreading: Spreading, learners: Frame, activities: Frame, rows: Frame) -> Frame:
        """Spread marks from activities over the learners who took part; see `spread_flags`."""
        if spreading.subjects:
            learners = spreading.with_words(learners, spreading.of_learners, spreading.mine)
            activities = spreading.with_words(activities, spreading.of_activities, spreading.links)
        activities = activities.filter(nw.col("bits") != 0).with_columns(year=year_start(nw.col("day")))
        natives = (frame.to_native() for frame in (learners, activities, rows))
        return wrapped(self.spread_bits(spreading, *natives)).drop(*spreading.mine)

    @abc.abstractmethod
    def spread_bits(self, spreading: Spreading, learners: Any, activities: Any, rows: Any) -> Any:
        """Spread marks over native frames; the activities have the ``year`` in which theirs began too."""


class FolderEngine(Engine):
    """An engine that reads the tables of a folder itself, some institutions at a time."""

    batch_size: ClassVar[int]
    """About how many learners and participations are in a batch."""

    at_once: ClassVar[int]
    """How many batches are in memory at a time."""

    failures: ClassVar[tuple[type[BaseException], ...]]
    """What the engine raises where it cannot read a file, or go on."""

    @abc.abstractmethod
    def open(self, name: str, path: Path) -> nw.Schema:
        """Open a Parquet file and return its columns with their types."""

    @abc.abstractmethod
    def use_text_ids(self) -> None:
        """Compare the ids of institutions as text."""

    @abc.abstractmethod
    def sizes(self, name: str) -> dict[Id | None, int]:
        """Return by institution how many rows of a table are its own."""

    @abc.abstractmethod
    def batch(self, name: str, first: Id, last: Id) -> Any:
        """Return the rows of some institutions."""

    @abc.abstractmethod
    def read_through(self, name: str, first: Id, last: Id) -> None:
        """Read all rows of some institutions, only to see whether they can be read."""
