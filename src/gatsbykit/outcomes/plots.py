"""Pictures of outcomes: trend, funnel, gap, shares with intervals, flow, achievement over the years.

Colours can be told apart by people who are colour-blind and in grey; every mark has a shape or a
pattern of its own as well, and every picture a text that says the same. matplotlib is the extra `plots`.
"""

from __future__ import annotations

import html
import io
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.errors import FigureError, MissingExtraError
from gatsbykit.intervals import FUNNEL, funnel
from gatsbykit.model.fields import checked
from gatsbykit.outcomes.measured import Status
from gatsbykit.outcomes.sustained import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gatsbykit.outcomes.gaps import Gap
    from gatsbykit.outcomes.intentions import Flow
    from gatsbykit.outcomes.measured import Measured
    from gatsbykit.published.figures import Figure

__all__ = [
    "COLOURS",
    "Picture",
    "achievement_plot",
    "dot_plot",
    "flow_plot",
    "funnel_plot",
    "gap_plot",
    "trend_plot",
]

COLOURS: Final = ("#000000", "#0072B2", "#D55E00", "#56B4E9", "#E8C36A")
"""Dark to light, so that they differ in grey too. After Okabe and Ito."""

_HATCHES: Final = ("", "//", "..", "xx", "\\\\")
_SIZE: Final = (7.2, 4.2)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Picture:
    """A picture and the text that says the same.

    Args:
        title: What it shows.
        text: The same in words, for those who do not see it.
        svg: The picture as SVG, with the text inside.
        png: The picture as PNG.
    """

    title: str
    text: str
    svg: str = attrs.field(repr=False)
    png: bytes = attrs.field(repr=False)

    def to_html(self) -> str:
        """Return the picture as a figure of a page, escaped, with its text behind a fold."""
        body = self.svg[self.svg.index("<svg") :]
        text = html.escape(self.text).replace("\n", "<br>")
        return (
            f"<figure><figcaption>{html.escape(self.title)}</figcaption>{body}"
            f"<details><summary>The same in words</summary><p>{text}</p></details></figure>"
        )


def _figure(title: str) -> tuple[Any, Any]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 (an extra)
        from matplotlib.figure import Figure  # noqa: PLC0415 (the same)
    except ImportError as error:
        raise MissingExtraError("pictures need matplotlib: pip install 'gatsbykit[plots]'") from error
    figure = Figure(figsize=_SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11, wrap=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _finished(figure: Any, title: str, lines: Sequence[str]) -> Picture:
    import matplotlib  # noqa: PLC0415, ICN001 (an extra, and there by now)

    mpl: Any = matplotlib

    text = "\n".join(lines)
    svg, png = io.StringIO(), io.BytesIO()
    # The same data make the same bytes: no date, and ids that follow from the title.
    with mpl.rc_context({"svg.hashsalt": title, "svg.fonttype": "none"}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=150, metadata={"Software": None, "Description": text})
    return Picture(title=title, text=text, svg=_described(svg.getvalue(), title, text), png=png.getvalue())


def _described(svg: str, title: str, text: str) -> str:
    """Put the title and the text into the picture, where screen readers look for them, and nothing else."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    start = svg.index("<svg")
    end = svg.index(">", start)
    label = html.escape(title, quote=True)
    words = f"<title>{html.escape(title)}</title><desc>{html.escape(text)}</desc>"
    return f'{svg[:end]} role="img" aria-label="{label}"{svg[end]}{words}{svg[end + 1 :]}'


def _per_cent(value: Fraction | float) -> float:
    return float(value) * 100


def trend_plot(measures: Iterable[Measured], *, title: str) -> Picture:
    """Draw a share over the years, with intervals.

    Args:
        measures: The same indicator year by year, such as `gatsbykit.outcomes.trend` returns.
        title: What it shows.

    Raises:
        ValueError: There is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    found = _drawable(measures)
    figure, axes = _figure(title)
    places = range(len(found))
    values = [_per_cent(one.value or 0) for one in found]
    axes.plot(places, values, color=COLOURS[1], marker="o", linewidth=1.8)
    for place, value, one in zip(places, values, found, strict=True):
        low, high = _ends(one)
        axes.vlines(place, low, high, color=COLOURS[0], linewidth=1)
        axes.annotate(
            f"{value:.1f}", (place, high), textcoords="offset points", xytext=(0, 4), ha="center", fontsize=8
        )
    axes.set_xticks(list(places), [one.year for one in found], rotation=35, ha="right", fontsize=8)
    axes.set_ylabel("per cent")
    axes.margins(y=0.2)
    return _finished(
        figure, title, [title, *(f"{one.year}: {one.number}{_interval_words(one)}" for one in found)]
    )


def _drawable(measures: Iterable[Measured]) -> list[Measured]:
    found = [one for one in measures if one.value is not None and one.status is Status.MEASURED]
    if not found:
        raise FigureError("there is nothing to draw: no indicator has a number")
    return found


def _ends(one: Measured) -> tuple[float, float]:
    if one.interval is not None:
        return one.interval.low * 100, one.interval.high * 100
    if one.bounds is not None:
        return float(one.bounds.low), float(one.bounds.high)
    value = _per_cent(one.value or 0)
    return value, value


def _interval_words(one: Measured) -> str:
    return f" ({one.interval})" if one.interval is not None else ""


def dot_plot(measures: Iterable[Measured], *, title: str) -> Picture:
    """Draw shares of several indicators or benchmarks as dots with intervals.

    Args:
        measures: The shares.
        title: What it shows.

    Raises:
        ValueError: There is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    found = _drawable(measures)
    figure, axes = _figure(title)
    for place, one in enumerate(reversed(found)):
        low, high = _ends(one)
        axes.hlines(place, low, high, color=COLOURS[1], linewidth=1.8)
        axes.plot(_per_cent(one.value or 0), place, marker="o", color=COLOURS[0])
    names = [f"{one.id}{f', {one.subject}' if one.subject else ''}" for one in found]
    axes.set_yticks(range(len(found)), list(reversed(names)), fontsize=8)
    axes.set_xlim(0, 100)
    axes.set_xlabel("per cent")
    lines = [f"{name}: {one.number}{_interval_words(one)}" for name, one in zip(names, found, strict=True)]
    return _finished(figure, title, [title, *lines])


def funnel_plot(counts: Mapping[str, tuple[int, int]], *, title: str, marked: str | None = None) -> Picture:
    """Draw institutions by size, with the limits of chance around the share of all together.

    Args:
        counts: By institution, how many of how many.
        title: What it shows.
        marked: The institution to point out.

    Raises:
        ValueError: There is nobody to draw.
        MissingExtraError: matplotlib is not installed.
    """
    shown = {name: pair for name, pair in counts.items() if pair[1] > 0}
    if not shown:
        raise FigureError("there is nothing to draw: nobody is counted")
    total = Fraction(sum(count for count, _ in shown.values()), sum(base for _, base in shown.values()))
    figure, axes = _figure(title)
    largest = max(base for _, base in shown.values())
    sizes = sorted({max(1, largest * step // 60) for step in range(1, 61)})
    for level, style in zip(FUNNEL, ("--", ":"), strict=True):
        limits = [funnel(total, size, level) for size in sizes]
        for ends in ([one.low * 100 for one in limits], [one.high * 100 for one in limits]):
            axes.plot(sizes, ends, linestyle=style, color=COLOURS[0], linewidth=1)
    axes.axhline(_per_cent(total), color=COLOURS[0], linewidth=1)
    outside = [
        name for name, (count, base) in shown.items() if Fraction(count, base) not in funnel(total, base)
    ]
    for name, (count, base) in shown.items():
        is_marked = name == marked
        axes.plot(
            base,
            _per_cent(Fraction(count, base)),
            marker="D" if is_marked else "s" if name in outside else "o",
            color=COLOURS[2] if is_marked else COLOURS[1],
            markersize=8 if is_marked else 4,
            linestyle="",
        )
    axes.set_xlabel("number of leavers")
    axes.set_ylabel("per cent")
    lines = [
        title,
        f"All together: {_per_cent(total):.1f} per cent.",
        "Dashed: 95 of 100 lie between by chance; dotted: 99.8.",
        f"Outside the dashed limits: {len(outside):,} of {len(shown):,}"
        + (f", among them {', '.join(sorted(outside)[:10])}." if outside else "."),
    ]
    if marked in shown:
        count, base = shown[marked]
        lines.append(f"{marked}: {count:,} of {base:,}, {_per_cent(Fraction(count, base)):.1f} per cent.")
    return _finished(figure, title, lines)


def gap_plot(gaps: Iterable[Gap], *, title: str) -> Picture:
    """Draw the gap between the disadvantaged and the others, year by year.

    Args:
        gaps: The gaps, the earliest first.
        title: What it shows.

    Raises:
        ValueError: There is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    found = list(gaps)
    if not found:
        raise FigureError("there is nothing to draw: there is no gap")
    figure, axes = _figure(title)
    for place, gap in enumerate(found):
        low, high = _middle(gap.disadvantaged), _middle(gap.others)
        axes.vlines(place, low, high, color=COLOURS[0], linewidth=1.2)
        axes.plot(place, high, marker="o", color=COLOURS[1], label=None if place else "others")
        axes.plot(place, low, marker="s", color=COLOURS[2], label=None if place else "disadvantaged")
        beside = {"textcoords": "offset points", "xytext": (5, 0), "fontsize": 8}
        axes.annotate(f"{gap.points}", (place, (low + high) / 2), **beside)
    axes.set_xticks(
        range(len(found)), [gap.cohort_year for gap in found], rotation=35, ha="right", fontsize=8
    )
    axes.set_ylabel("per cent")
    axes.legend(frameon=False, fontsize=8)
    return _finished(figure, title, [title, *(f"{gap.cohort_year}: {gap}" for gap in found)])


def _middle(figure: Figure) -> float:
    """Return a figure's percentage, or the middle of what it may be; a gap has one of the two."""
    bounds = figure.bounds
    if isinstance(figure.percent, int | Decimal):
        return float(figure.percent)
    return 0.0 if bounds is None else float(bounds.low + bounds.high) / 2


def flow_plot(flow: Flow, *, title: str) -> Picture:
    """Draw what became of intentions: a bar for each, divided by what came out.

    Args:
        flow: What became of intentions.
        title: What it shows.

    Raises:
        ValueError: There is nobody to draw.
        MissingExtraError: matplotlib is not installed.
    """
    if not flow.base:
        raise FigureError("there is nothing to draw: nobody left")
    figure, axes = _figure(title)
    rows = list(reversed(flow.pathways))
    left = [0] * len(rows)
    for outcome, colour, hatch in zip(Outcome, COLOURS, _HATCHES, strict=True):
        widths = [flow.count(pathway, outcome) for pathway in rows]
        if any(widths):
            axes.barh(
                range(len(rows)),
                widths,
                left=left,
                color=colour,
                hatch=hatch,
                edgecolor="white",
                label=outcome.replace("_", " "),
            )
        left = [before + width for before, width in zip(left, widths, strict=True)]
    names = ["no intention recorded" if one is None else one.replace("_", " ") for one in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    axes.set_xlabel("learners, by what they intended; the parts are what came out")
    axes.legend(frameon=False, fontsize=8)
    return _finished(figure, title, [title, *str(flow).splitlines()])


def achievement_plot(achieved: Mapping[str, float | Fraction], *, title: str, out_of: int = 8) -> Picture:
    """Draw how many benchmarks were achieved, year by year.

    Args:
        achieved: By year, how many, or how many on average.
        title: What it shows.
        out_of: How many there are.

    Raises:
        ValueError: There is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    if not achieved:
        raise FigureError("there is nothing to draw: there is no year")
    figure, axes = _figure(title)
    numbers = [float(number) for number in achieved.values()]
    axes.bar(range(len(numbers)), numbers, color=COLOURS[1], edgecolor=COLOURS[0], width=0.6)
    for place, number in enumerate(numbers):
        axes.annotate(
            f"{number:g}", (place, number), textcoords="offset points", xytext=(0, 3), ha="center", fontsize=8
        )
    axes.set_xticks(range(len(numbers)), list(achieved), rotation=35, ha="right", fontsize=8)
    axes.set_ylim(0, out_of)
    axes.set_ylabel(f"benchmarks of {out_of}")
    return _finished(
        figure,
        title,
        [title, *(f"{year}: {float(number):g} of {out_of}" for year, number in achieved.items())],
    )
