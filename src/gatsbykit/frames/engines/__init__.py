"""How each engine of data frames does what the lane asks of it; and which engine a frame is of.

An engine is a file here and a line in the table below. Files are loaded where their engine is used,
as each needs a library that not everybody has.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, cast

import narwhals as nw

from gatsbykit.errors import FrameError, need_extra

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gatsbykit.frames.engines.base import Engine

__all__ = ["ENGINES", "engine_named", "engine_of"]

ENGINES: Final[Mapping[str, str]] = {
    "polars": "polars:Polars",
    "duckdb": "duckdb:DuckDB",
    "pyspark": "spark:Spark",
    "pyarrow": "memory:Arrow",
    "pandas": "memory:Pandas",
}
"""By the name of a library, the file of its engine and the class in it."""

_ANY_OTHER: Final = "memory:PandasLike"


def engine_of(natives: Mapping[str, Any]) -> Engine:
    """Return the engine of a caller's tables.

    Args:
        natives: The tables by name, in the form of the caller's library; ``None`` where there is none.

    Raises:
        FrameError: One is no data frame that the common face knows, or they are not all from one library.
    """
    given = {name: _implementation(name, native) for name, native in natives.items() if native is not None}
    kinds = {str(implementation): name for name, implementation in given.items()}
    if len(kinds) > 1:
        libraries, some = (" and ".join(words) for words in zip(*sorted(kinds.items()), strict=True))
        raise FrameError(f"all tables come from one library, not from {libraries} (such as {some})")
    return _loaded(ENGINES.get(given["institutions"].value, _ANY_OTHER)).for_tables(natives)


def _implementation(name: str, native: Any) -> nw.Implementation:
    try:
        return cast("nw.Implementation", nw.from_native(native).implementation)
    except TypeError:
        libraries = ", ".join(ENGINES)
        raise FrameError(f"{name} is no data frame that can be read; expected one of {libraries}") from None


def engine_named(library: str) -> type[Engine]:
    """Return the engine of a library."""
    return _loaded(ENGINES[library])


def _loaded(place: str) -> type[Engine]:
    file, _, name = place.partition(":")
    with need_extra("country", file):
        return cast("type[Engine]", getattr(importlib.import_module(f"{__name__}.{file}"), name))
