"""``python -m benchmarks``: every benchmark, each against a named peer in the same run."""

from __future__ import annotations

import argparse

from benchmarks import country, library
from benchmarks.timing import Comparison, table


def main() -> None:
    """Read the command line, compare, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("school", "country"), help="one half of them")
    parser.add_argument(
        "--schools", type=int, nargs="+", default=[100, 3400], help="sizes of the countries (100 3400)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of each comparison of countries (3)")
    given = parser.parse_args()
    found: list[Comparison] = []
    if given.only != "country":
        found += library.run()
    if given.only != "school":
        found += country.run(given.schools, given.rounds)
    print(table(found))


if __name__ == "__main__":
    main()
