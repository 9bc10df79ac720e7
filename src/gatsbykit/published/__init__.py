r"""Official statistics, read as they were meant: symbols stay symbols, years stay what they are.

Examples:
    >>> from gatsbykit import published
    >>> averages = published.read_text(
    ...     "academic_year,average_benchmarks_achieved_of_8,institutions\n"
    ...     "2023/24,5.83,\n"
    ...     "2024/25,5.96,4863\n"
    ... )
    >>> [(row.period.label, str(row["average_benchmarks_achieved_of_8"])) for row in averages]
    [('2023/24', '5.83'), ('2024/25', '5.96')]
"""

from __future__ import annotations

from gatsbykit.published.figures import Bounds, Figure, read_cell
from gatsbykit.published.layouts import Kind, label
from gatsbykit.published.recognising import from_frame, read, read_text
from gatsbykit.published.registers import Establishment
from gatsbykit.published.rows import Period, Row, YearNotKnownError
from gatsbykit.published.statistics import Account, Deviation, Statistics, SumCheck
from gatsbykit.published.symbols import SYMBOLS, Meaning, Symbol, symbol
from gatsbykit.published.tables import NotPublishedError

__all__ = [
    "SYMBOLS",
    "Account",
    "Bounds",
    "Deviation",
    "Establishment",
    "Figure",
    "Kind",
    "Meaning",
    "NotPublishedError",
    "Period",
    "Row",
    "Statistics",
    "SumCheck",
    "Symbol",
    "YearNotKnownError",
    "from_frame",
    "label",
    "read",
    "read_cell",
    "read_text",
    "symbol",
]
