"""Pictures: labelled, told apart without colours, and said in words as well."""

from __future__ import annotations

import builtins
import functools
import re
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import gatsbykit as gk
from gatsbykit import outcomes, published
from gatsbykit.outcomes.measured import Measures, not_possible, share
from gatsbykit.outcomes.page import indicators_html
from gatsbykit.report import report_html
from tests.support.published_texts import KS4, gap_rows

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("matplotlib")

from gatsbykit.outcomes import plots

SHARES = [
    share("sustained", 90 + n, 100, year=f"20{20 + n}/{21 + n}", subject="Hill & Sons") for n in range(4)
]


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(rgb: list[float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


# What each kind of dichromat sees, after Viénot, Brettel and Mollon 1999.
SEEN = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_differ_for_all_eyes(eyes: str) -> None:
    def seen(colour: str) -> list[float]:
        rgb = linear(colour)
        return [sum(weight * part for weight, part in zip(row, rgb, strict=True)) for row in SEEN[eyes]]

    for one, other in combinations(plots.COLOURS, 2):
        assert sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5 > 0.08, (
            one,
            other,
        )


def test_colours_differ_in_grey() -> None:
    greys = sorted(luminance(linear(colour)) for colour in plots.COLOURS)
    assert all(later / max(earlier, 0.01) > 1.25 for earlier, later in pairwise(greys))


@functools.cache
def made() -> dict[str, plots.Picture]:
    file = published.read_text(KS4 + gap_rows())
    low = published.read_text(KS4 + gap_rows().replace(",83,", ",low,"))
    cohort = outcomes.cohort_outcomes("ABC", [], cohort_year=gk.AcademicYear(2023))
    counts = {f"S{n}": (80 + n % 3, 100) for n in range(12)} | {"odd": (10, 100), "none": (0, 0)}
    return {
        "trend": plots.trend_plot([*SHARES, not_possible("sustained", "x")], title="Trend <&>"),
        "dots": plots.dot_plot([*SHARES, _without_interval(), _bounded()], title="Shares"),
        "funnel": plots.funnel_plot(counts, title="Funnel", marked="S3"),
        "funnel, nobody marked": plots.funnel_plot({"S1": (80, 100)}, title="Funnel"),
        "gap": plots.gap_plot([outcomes.disadvantage_gap(file), outcomes.disadvantage_gap(low)], title="Gap"),
        "flow": plots.flow_plot(outcomes.flow([], cohort), title="Flow"),
        "achievement": plots.achievement_plot(
            {"2022/23": 5.5, "2023/24": Fraction(583, 100)}, title="Benchmarks"
        ),
    }


def _without_interval() -> outcomes.Measured:
    import attrs

    return attrs.evolve(share("university", 50, 100), interval=None)


def _bounded() -> outcomes.Measured:
    import attrs

    return attrs.evolve(share("university", 50, 100), interval=None, bounds=published.Bounds(49, 51))


NAMES = ("trend", "dots", "funnel", "funnel, nobody marked", "gap", "flow", "achievement")


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_whole_and_said_in_words(name: str) -> None:
    picture = made()[name]
    assert picture.png.startswith(b"\x89PNG")
    root = ET.fromstring(picture.svg[picture.svg.index("<svg") :])  # noqa: S314 (our own)
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.title
    texts = [child.text for child in root if child.tag.endswith(("title", "desc"))]
    assert texts[0] == picture.title
    assert picture.text.startswith(picture.title)
    assert len(picture.text.splitlines()) > 1
    assert re.search(r"[0-9]", picture.text)
    assert "<script" not in picture.svg
    page = picture.to_html()
    assert page.startswith("<figure><figcaption>")
    assert "&lt;&amp;&gt;" in page or name != "trend"


def test_the_same_data_make_the_same_bytes() -> None:
    again = plots.trend_plot(SHARES, title="Trend <&>")
    assert (again.svg, again.png) == (made()["trend"].svg, made()["trend"].png)
    assert tuple(made()) == NAMES


def test_words_of_pictures() -> None:
    pictures = made()
    assert "2020/21: 90.0 % (82.6 to 94.5 %)" in pictures["trend"].text
    assert "Outside the dashed limits: 1 of 13, among them odd." in pictures["funnel"].text
    assert "S3: 80 of 100, 80.0 per cent." in pictures["funnel"].text
    assert "Outside the dashed limits: 0 of 1." in pictures["funnel, nobody marked"].text
    assert "2022/23: 11.2 percentage points, between 11.1 and 11.3 by rounding" in pictures["gap"].text
    assert "no intention recorded (3): 3 not captured" in pictures["flow"].text
    assert "2023/24: 5.83 of 8" in pictures["achievement"].text


def test_there_has_to_be_something_to_draw() -> None:
    nobody = outcomes.flow([], outcomes.cohort_outcomes([], [], cohort_year=gk.AcademicYear(2023)))
    draws: tuple[Callable[[], plots.Picture], ...] = (
        lambda: plots.trend_plot([], title="t"),
        lambda: plots.dot_plot([not_possible("gap", "x")], title="t"),
        lambda: plots.funnel_plot({"a": (0, 0)}, title="t"),
        lambda: plots.gap_plot([], title="t"),
        lambda: plots.flow_plot(nobody, title="t"),
        lambda: plots.achievement_plot({}, title="t"),
    )
    for draw in draws:
        with pytest.raises(ValueError, match="nothing to draw"):
            draw()


def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without_matplotlib(monkeypatch)
    with pytest.raises(gk.MissingExtraError, match=r"gatsbykit\[plots\]"):
        plots.trend_plot(SHARES, title="t")
    page = indicators_html(Measures(subject="s", measures=tuple(SHARES)), trend=SHARES)
    assert "<svg" not in page
    assert "90 of 100" in page


def test_pages_have_pictures_and_say_what_cannot_be_said() -> None:
    measures = Measures(
        subject="A <b>",
        measures=(*SHARES, not_possible("voice", "it needs a survey"), _bounded(), share("gap", 1, 2)),
        notes=("n\x00",),
    )
    page = indicators_html(measures, trend=SHARES)
    assert page.count("<svg") == 2
    assert "A &lt;b&gt;" in page
    assert "it needs a survey" in page
    assert "49 to 51 left open" in page
    assert "n\N{REPLACEMENT CHARACTER}" in page
    assert "<script" not in page
    assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]*"|"http://www.w3.org[^"]*"', "", page)
    none = indicators_html(Measures(subject="s", measures=(not_possible("gap", "x"),)))
    assert "<svg" not in none
    assert "Nothing: all that was asked is there." in indicators_html(Measures(subject="s", measures=()))


def test_pictures_stand_in_the_report() -> None:
    school, day = gk.load("examples/riverside"), date(2026, 7, 10)
    bare = report_html(school, as_of=day)
    page = report_html(school, as_of=day, pictures=[made()["trend"], made()["dots"]])
    assert page.count("<figure>") == bare.count("<figure>") + 2
    assert 'id="pictures"' in page
    assert "2020/21: 90.0 %" in page
    assert 'id="pictures"' not in bare
