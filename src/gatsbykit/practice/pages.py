"""Small HTML pages for what this package finds: self-contained, every text escaped."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from gatsbykit.framework.words import name_words
from gatsbykit.insight.wording import day_words
from gatsbykit.practice.rulebook import interpretation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gatsbykit.practice.review import ProgrammeReview

__all__ = ["page", "review_page", "table"]

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


def _text(value: object) -> str:
    """Escape a text, without the characters that a page must not hold."""
    return html.escape(_CONTROLS.sub(" ", str(value)))


def review_page(review: ProgrammeReview) -> str:
    """Return a review as one HTML page."""
    return page(f"Careers programme under {review.edition}", _review_parts(review))


def _review_parts(review: ProgrammeReview) -> Iterator[str]:
    yield f"<p>Reviewed as of {_text(day_words(review.as_of))}. This is no official result.</p>"
    yield table(
        "The seven steps",
        ("step", "state", "since", "what its records lack"),
        (
            (name_words(one.step), name_words(one.state), one.date or "", "; ".join(one.lacking))
            for one in review.steps
        ),
    )
    yield table(
        "Answers that follow",
        ("criterion", "part", "answer", "yes when", "rests on"),
        (
            (
                one.criterion_id,
                "" if one.part is None else name_words(one.part),
                "silent" if one.answer is None else name_words(one.answer),
                one.rule,
                ", ".join(one.rests_on),
            )
            for one in review.following
        ),
    )
    yield f"<p>Interpretation: {_text(interpretation())}</p>"
    met = {True: "yes", False: "no", None: "not known"}
    yield table(
        "What the website must show",
        ("duty", "kept", "lacking"),
        ((one.words, met[one.is_met], ", ".join(one.lacking)) for one in review.duties),
    )
    yield table(
        f"Findings: {len(review.findings)}",
        ("where", "severity", "what", "what would be right"),
        ((issue.where, issue.severity, issue.message, issue.expected) for issue in review.findings),
    )
