"""The exchange format: an institution's records in, scorecards out.

Two spellings of the same content, a folder of CSV files and one JSON document, are read strictly:
everything that is wrong is listed at once, or nothing is.
"""

from __future__ import annotations

from gatsbykit.exchange.reading import FORMAT, load, read_document, read_folder
from gatsbykit.exchange.writing import document, write_document, write_folder
from gatsbykit.scoring.document import SCORECARD_FORMAT, scorecard_document

__all__ = [
    "FORMAT",
    "SCORECARD_FORMAT",
    "document",
    "load",
    "read_document",
    "read_folder",
    "scorecard_document",
    "write_document",
    "write_folder",
]
