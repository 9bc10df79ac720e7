"""Small HTML pages for what this package finds: self-contained, every text escaped."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["page", "paragraph", "table"]

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:600}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #767676}"
    "@media print{body{margin:0}}"
)


def page(title: str, parts: Iterable[str]) -> str:
    """Return a page.

    Args:
        title: Its title, as plain text.
        parts: Its parts, as HTML.
    """
    words = _text(title)
    return "\n".join(
        (
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{words}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{words}</h1>",
            *parts,
            "</main>\n</body>\n</html>",
        )
    )


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; the first cell of each row is its head.

    Args:
        caption: What it shows, as plain text.
        heads: The heads of its columns, as plain text.
        rows: Its rows, as plain text.
    """
    top = "".join(f'<th scope="col">{_text(head)}</th>' for head in heads)
    return "\n".join(
        (
            f"<table>\n<caption>{_text(caption)}</caption>",
            f"<thead><tr>{top}</tr></thead>\n<tbody>",
            *map(_row, rows),
            "</tbody>\n</table>",
        )
    )


def _row(cells: Sequence[object]) -> str:
    head, *others = map(_text, cells)
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{_text(text)}</p>"


def _text(value: object) -> str:
    """Escape a text, without the characters that a page must not hold."""
    return html.escape(_CONTROLS.sub(" ", str(value)))
