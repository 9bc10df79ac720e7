"""Indicators as one HTML page that needs nothing from elsewhere; pictures where matplotlib is installed."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from gatsbykit.errors import MissingExtraError
from gatsbykit.outcomes.measured import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gatsbykit.outcomes.measured import Measured, Measures
    from gatsbykit.outcomes.plots import Picture

__all__ = ["indicators_html"]

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;"
    "background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.4rem .6rem;border-bottom:1px solid #bbb}td.number{white-space:nowrap;font-weight:600}"
    "figure{margin:1.5rem 0}svg{max-width:100%;height:auto}@media print{body{margin:0}}"
)


def _text(text: str) -> str:
    return html.escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))


def indicators_html(found: Measures, *, trend: Iterable[Measured] = ()) -> str:
    """Return a page of indicators: what was measured, what cannot be said, and how to read it.

    Args:
        found: The indicators.
        trend: One of them over the years, for a picture.

    Examples:
        >>> from gatsbykit.outcomes.measured import Measures, share
        >>> page = indicators_html(Measures(subject="A <school>", measures=(share("sustained", 27, 30),)))
        >>> "A &lt;school&gt;" in page, "27 of 30" in page, "<script" in page
        (True, True, False)
    """
    rows = "".join(map(_row, found.measured))
    rest = "".join(
        f"<li><b>{_text(one.indicator.question)}</b> {_text(str(one))}</li>" for one in found.not_measured
    )
    read = "".join(f"<li>{_text(words)}</li>" for words in (*found.notes, *map(str, found.cautions)))
    pictures = "".join(picture.to_html() for picture in _pictures(found, tuple(trend)))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Indicators: {_text(found.subject)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Indicators: {_text(found.subject)}</h1>"
        '<table><thead><tr><th scope="col">Question</th><th scope="col">Number</th><th scope="col">Base and '
        'interval</th><th scope="col">Of whom and when</th><th scope="col">Mind</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{pictures}"
        f"<h2>What cannot be said</h2><ul>{rest or '<li>Nothing: all that was asked is there.</li>'}</ul>"
        f"<h2>Read with this in mind</h2><ul>{read}</ul></main></body></html>\n"
    )


def _row(one: Measured) -> str:
    base: list[str] = []
    if one.numerator is not None and one.denominator is not None:
        base.append(f"{one.numerator:,} of {one.denominator:,}")
    if one.interval is not None:
        base.append(str(one.interval))
    if one.bounds is not None and not one.bounds.is_exact:
        base.append(f"{one.bounds} left open")
    mind = "; ".join(filter(None, (one.why, *one.indicator.pitfalls)))
    cells = (f"{one.subject}, {one.year}".strip(", "), mind)
    return (
        f'<tr><th scope="row">{_text(one.indicator.question)}</th><td class="number">{_text(one.number)}</td>'
        f"<td>{_text('; '.join(base))}</td>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>"
    )


def _pictures(found: Measures, trend: tuple[Measured, ...]) -> list[Picture]:
    """Return the pictures, or none where matplotlib is not installed: the table says it all."""
    from gatsbykit.outcomes.plots import dot_plot, trend_plot  # noqa: PLC0415 (an extra, only for pages)

    shares = [one for one in found.measured if one.is_share]
    years = [one for one in trend if one.status is Status.MEASURED]
    try:
        made = [dot_plot(shares, title="Shares, with 95 per cent intervals")] if shares else []
        if len(years) > 1:
            made.append(trend_plot(years, title=f"{years[0].indicator.question} ({years[0].subject})"))
    except MissingExtraError:
        return []
    return made
