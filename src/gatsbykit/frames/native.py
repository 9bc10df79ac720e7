"""What libraries hand out as tables, and what they raise about them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, cast

import narwhals as nw

from gatsbykit.errors import FrameError, GatsbykitError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

__all__ = ["as_tables", "in_our_words"]

_ARROW: Final = ("__arrow_c_stream__", "__arrow_c_array__")
_LIBRARIES: Final = "pandas, polars, pyarrow, DuckDB or PySpark"


def as_tables(natives: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables that can be read more than once, by name: what Arrow hands out piece by piece is read.

    Raises:
        TypeError: One of them is no table.
    """
    tables: dict[str, Any] = {}
    streams: dict[int, str] = {}
    for name, native in natives.items():
        tables[name] = native if native is None or _is_frame(native) else _read_whole(name, native)
        if tables[name] is not native:
            other = streams.setdefault(id(native), name)
            if other != name:
                kind = type(native).__name__
                raise FrameError(f"{other} and {name} are one {kind}, which is read only once")
    return tables


def _is_frame(native: Any) -> bool:
    try:
        return nw.from_native(native) is not native
    except TypeError:
        return False


def _read_whole(name: str, native: Any) -> Any:
    """Return a table of the rows that something hands out once, as readers and record batches do."""
    if isinstance(native, nw.DataFrame | nw.LazyFrame):
        return cast("Any", native).to_native()
    pieces: Any = list(cast("Iterable[Any]", native)) if isinstance(native, list | tuple) else [native]
    if pieces and all(any(hasattr(one, way) for way in _ARROW) for one in pieces):
        with in_our_words(name):
            import pyarrow as pa  # noqa: PLC0415 (only where the caller uses it)

            return pa.concat_tables([pa.table(one) for one in pieces])
    raise FrameError(
        f"{name}: a {type(cast('object', native)).__name__} is no table; give a data frame of {_LIBRARIES}, "
        "such as to_arrow_table() of a DuckDB relation"
    )


@contextlib.contextmanager
def in_our_words(name: str, *, asked: bool = True) -> Generator[None, None, None]:
    """Say of a table that it cannot be read, whatever its library says, which may quote what is in it.

    Args:
        name: The table.
        asked: Whether it is to be said so; a folder's reader has words of its own.

    Raises:
        TypeError: Something was raised outside of this package.
    """
    try:
        yield
    except (GatsbykitError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # (what polars raises in a panic is no Exception)
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        module = "" if trace is None else str(trace.tb_frame.f_globals.get("__name__"))
        if not asked or module.partition(".")[0] == "gatsbykit":
            raise
        raise FrameError(
            f"{name}: the library of the table cannot read it as it is ({type(error).__name__}); "
            "give its columns the types of the exchange format, or text"
        ) from None
