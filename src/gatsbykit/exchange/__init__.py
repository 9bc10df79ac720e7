"""The exchange format: an institution's records in and out.

Two spellings of the same content, a folder of CSV files and one JSON document, are read strictly:
everything that is wrong is listed at once, or nothing is.
"""

from __future__ import annotations

from gatsbykit.exchange.institution import FORMAT
from gatsbykit.exchange.programme import read_programme
from gatsbykit.exchange.reading import load, read_document, read_folder
from gatsbykit.exchange.writing import document, write_document, write_folder

__all__ = [
    "FORMAT",
    "document",
    "load",
    "read_document",
    "read_folder",
    "read_programme",
    "write_document",
    "write_folder",
]
