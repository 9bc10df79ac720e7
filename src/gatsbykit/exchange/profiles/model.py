"""What a profile can say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from gatsbykit.model.fields import checked
from gatsbykit.model.names import alike

__all__ = ["FileShape", "Profile"]


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NUMBERS = ("uniquepupil", "uniquelearner")


@attrs.frozen(kw_only=True, field_transformer=checked)
class FileShape:
    """How one table is read from a file of another layout.

    Args:
        table: The table of the exchange format.
        name: The name of the file, ``*`` and ``?`` standing for anything; never a path.
        layout: ``csv``, or ``ctf`` for the pupils of a Common Transfer File.
        encoding: The encoding of a CSV file.
        separator: What stands between its cells.
        columns: By column of the format, what the file calls it; of several names the first that
            the file has. Names compare without case.
        joined: By column of the format, columns of the file whose values together are looked up.
        values: By column of the format and value of the file (without case), the value of the
            format; an empty one is unknown. ``*`` stands for every value that is not here: it can
            only be unknown, and a warning lists such values. Without it they are read as they stand.
        codes: The same the other way round, for long lists: by column and value of the format, the
            values of the file that mean it.
        constants: By column of the format, a value for every row that has none.
        dates: How dates are written, with ``YYYY``, ``MM`` and ``DD``.
        lists: What separates the entries of a list in a cell.
        point_zero: Whether ``11.0`` is the whole number 11, as spreadsheet programs write it.
        only: By column of the file, the values that a row must have, or it is left out.
        without: By column of the file, the values for which a row is left out.
    """

    table: str
    name: str
    layout: Literal["csv", "ctf"] = "csv"
    encoding: Literal["utf-8", "windows-1252", "utf-16"] = "utf-8"
    separator: Literal[",", ";", "\t", "|"] = ","
    columns: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)
    joined: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]], hash=False)
    values: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict[str, Mapping[str, str]], hash=False)
    codes: Mapping[str, Mapping[str, tuple[str, ...]]] = attrs.field(
        factory=dict[str, Mapping[str, tuple[str, ...]]], hash=False
    )
    constants: Mapping[str, str] = attrs.field(factory=dict[str, str], hash=False)
    dates: tuple[str, ...] = ("YYYY-MM-DD",)
    lists: str = ";"
    point_zero: bool = False
    only: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]], hash=False)
    without: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]], hash=False)

    def meanings(self, column: str) -> Iterator[tuple[str, str]]:
        """Yield the values of the file that have a meaning in a column of the format, each with it."""
        yield from self.values.get(column, {}).items()
        for meant, codes in self.codes.get(column, {}).items():
            yield from ((code, meant) for code in codes)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Profile:
    """How to read the files of another system.

    Args:
        title: Its name.
        summary: What it reads, in a sentence or two.
        source: Where the layout is documented.
        interpretation: What in it is a decision of whoever wrote it, if anything.
        institution: The fields of the institution, where the files do not have them and there is
            no ``institution.json``.
        files: The files.

    Examples:
        >>> from gatsbykit.exchange.profiles import find_profile
        >>> census = find_profile("census")
        >>> census.files[0].columns["date_of_birth"]
        ('DoB',)
    """

    title: str
    summary: str = ""
    source: str = ""
    interpretation: str | None = None
    institution: Mapping[str, str] = attrs.field(factory=dict[str, str], hash=False)
    files: tuple[FileShape, ...]

    @property
    def has_personal_ids(self) -> bool:
        """Whether the ids of learners are UPNs or ULNs; then no message shows one, however it is mistyped.

        Examples:
            >>> from gatsbykit.exchange.profiles import find_profile
            >>> [find_profile(key).has_personal_ids for key in ("census", "nccis", "ilr-destinations")]
            [True, True, False]
        """
        return any(
            _is_personal(name, shape) for shape in self.files for name in _names_of(shape, "learner_id")
        )


def _names_of(shape: FileShape, column: str) -> tuple[str, ...]:
    return (*shape.columns.get(column, ()), *shape.joined.get(column, ()))


def _is_personal(name: str, shape: FileShape) -> bool:
    """Whether a column of a file has UPNs or ULNs: by what else it is read as, or by its name."""
    numbers = (*_names_of(shape, "upn"), *_names_of(shape, "uln"))
    words = {word.casefold() for word in _WORD.findall(name)}
    letters = "".join(filter(str.isalnum, name)).casefold()
    return (
        alike(name) in map(alike, numbers)
        or not words.isdisjoint({"upn", "uln"})
        or any(number in letters for number in _NUMBERS)
    )
