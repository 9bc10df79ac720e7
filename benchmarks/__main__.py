"""``python -m benchmarks``: every benchmark, each against a named peer in the same run."""

from __future__ import annotations

from benchmarks import library
from benchmarks.timing import table

if __name__ == "__main__":
    print(table(library.run()))
