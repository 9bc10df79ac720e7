"""A page of one's own: templates take the place of ours, and none gets what must not be told."""

from __future__ import annotations

import os
import re
import sys
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import attrs
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.insight.examining import Examiner
from gatsbykit.practice.training import load_training
from gatsbykit.practice.training_report import training_report
from gatsbykit.report import filling, report_html, training_html
from gatsbykit.report.page import Page, page_of
from gatsbykit.report.shown import Shown
from gatsbykit.scoring import DEFAULTS

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)


def a_school(count: int, missing: int) -> gk.Records:
    """A Year 11 of whom all but some had a guidance meeting."""
    return gk.Records(
        institution=SCHOOL,
        learners=[gk.Learner(learner_id=f"id-{number}", year_group=11) for number in range(count)],
        activities=[gk.Activity(activity_id="G", date=DAY, kinds={"guidance_meeting"}, adviser_level=6)],
        participations=[gk.Participation("G", f"id-{number}") for number in range(missing, count)],
    )


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="(\w+)">', page)


def links(page: str) -> list[str]:
    return re.findall(r'<a href="#(\w+)">', page)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the name and the colours of somebody, and with the gaps first."""
    (tmp_path / "page.html.j2").write_text(
        """{% extends "gatsbykit/page.html.j2" %}
{% set parts = {"gaps": "Who is missing", "glance": "At a glance", "contact": "Whom to ask"} %}
{% block brand %}<p class="brand">Oak & Elm Careers</p>{% endblock %}
{% block style %}{{ super() }}:root { --link: #6a1b9a; }{% endblock %}
""",
        encoding="utf-8",
    )
    (tmp_path / "contact.html.j2").write_text("<p>Ask {{ page.institution }}.</p>\n", encoding="utf-8")
    return tmp_path


def test_a_page_of_ones_own(folder: Path) -> None:
    ours = report_html(a_school(40, 7), as_of=DAY)
    page = report_html(a_school(40, 7), as_of=DAY, templates=folder)
    assert headings(ours) == ["glance", "benchmarks", "gaps", "groups", "duties", "reading"]
    assert links(ours) == headings(ours)[1:]
    assert headings(page) == ["gaps", "glance", "contact"]
    assert links(page) == ["glance", "contact"]
    assert '<p class="brand">Oak & Elm Careers</p>' in page
    assert page.index("--link: #0b4f9c") < page.index("--link: #6a1b9a")
    assert "<p>Ask Northfield School.</p>" in page
    assert "8a: 7 learners missing" in page
    assert "Made with gatsbykit" in page
    assert report_html(a_school(40, 7), as_of=DAY, templates=str(folder)) == page


def test_a_part_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "reading.html.j2").write_text(
        '{% include "gatsbykit/reading.html.j2" %}<p>Ring us.</p>', encoding="utf-8"
    )
    page = report_html(a_school(40, 7), as_of=DAY, templates=tmp_path)
    assert page.replace("<p>Ring us.</p>", "") == report_html(a_school(40, 7), as_of=DAY)


def test_a_style_sheet_of_ones_own_is_no_template(tmp_path: Path) -> None:
    sheet = "@media print{#a{color:red}}a{content:'{{ x }}'}"
    (tmp_path / "style.css").write_text(sheet, encoding="utf-8")
    page = report_html(a_school(40, 7), as_of=DAY, templates=tmp_path)
    assert f"<style>\n{sheet}</style>" in page


def test_a_template_that_was_changed_is_read_again(tmp_path: Path) -> None:
    for number, words in enumerate(("first", "and the second")):
        (tmp_path / "reading.html.j2").write_text(words, encoding="utf-8")
        os.utime(tmp_path / "reading.html.j2", (number, number))
        assert words in report_html(a_school(1, 0), as_of=DAY, templates=tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_that_changes_nothing_is_a_slip(tmp_path: Path, name: str) -> None:
    (tmp_path / "pages.html").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match=r"takes the place of a template of ours: .*page\.html\.j2"):
        report_html(a_school(1, 0), as_of=DAY, templates=tmp_path / name)


@pytest.mark.parametrize("wrong", ["{{ page.postcode }}", "{{ page.__class__.mro() }}", "{{ oops", "{{ x }}"])
def test_a_template_that_is_wrong_says_so(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "reading.html.j2").write_text(wrong, encoding="utf-8")
    with pytest.raises(jinja2.TemplateError):
        report_html(a_school(1, 0), as_of=DAY, templates=tmp_path)


def page_values(records: gk.Records, *, with_learners: bool = False) -> Page:
    examiner = Examiner(records, as_of=DAY, edition=None, settings=DEFAULTS)
    return page_of(Shown.of(examiner, with_learners=with_learners, minimum=6))


def test_templates_do_not_get_what_is_hidden() -> None:
    """One to five missing of 100: nothing that a template could write says how many, or who."""
    values = [page_values(a_school(100, missing)) for missing in range(1, 6)]
    assert len({*values}) == 1
    assert "id-" not in repr(values[0])
    assert "id-4" in repr(page_values(a_school(100, 5), with_learners=True))


_PIECES = st.sampled_from(
    ["{{ 7 * 7 }}", "{% raw %}", "{%", "{#", "#}", "{{ page }}", "<script>", "</style>", "<!--", "&amp;",
     "'", '"', "=x onload=", "é", "\x00", "\x1b[2J", "\u2028", "\ud800"]
)  # fmt: skip
_HOSTILE = st.lists(_PIECES, min_size=1, max_size=6).map(lambda pieces: f"x{''.join(pieces)}x")


class Texts(HTMLParser):
    """Gathers the text of a page, and its elements that are named in an attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def as_shown(text: str) -> str:
    return re.sub("[\x00\x1b\ud800]", "\N{REPLACEMENT CHARACTER}", text)


@pytest.fixture(scope="module")
def harmless() -> Texts:
    learner = gk.Learner(learner_id="x", year_group=11)
    return Texts(report_html(attrs.evolve(a_school(1, 1), learners=[learner]), as_of=DAY, with_learners=True))


@given(name=_HOSTILE, learner_id=_HOSTILE)
def test_hostile_texts_come_out_as_they_are(harmless: Texts, name: str, learner_id: str) -> None:
    records = attrs.evolve(
        a_school(1, 1),
        institution=attrs.evolve(SCHOOL, name=name),
        learners=[gk.Learner(learner_id=learner_id, year_group=11)],
    )
    page = report_html(records, as_of=DAY, with_learners=True)
    found = Texts(page)
    assert page.isascii()
    assert (found.tags, found.names) == (harmless.tags, harmless.names)
    assert as_shown(name) in found.texts
    assert as_shown(learner_id) in found.texts


@pytest.fixture
def no_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    filling.environment_of.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)


@pytest.mark.usefixtures("no_jinja")
def test_a_page_needs_an_extra(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(gk.MissingExtraError, match=r"jinja2.*gatsbykit\[report\]"):
        report_html(a_school(1, 0), as_of=DAY)
    gk.write_folder(a_school(1, 0), tmp_path / "x")
    ask = ["score", str(tmp_path / "x"), "--as-of", "2026-07-10"]
    assert commands.main([*ask, "--format", "html"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "gatsbykit[report]" in captured.err
    assert commands.main(ask) == 0


def test_what_all_pages_have_is_changed_in_one_place(tmp_path: Path) -> None:
    brand = '{% extends "gatsbykit/base.html.j2" %}{% block brand %}<p>Oak Careers</p>{% endblock %}'
    (tmp_path / "base.html.j2").write_text(brand, encoding="utf-8")
    training = load_training("examples/careers-leader-training").training
    report = training_report(training, as_of=DAY)
    page = training_html(report, templates=tmp_path)
    assert page.replace("<p>Oak Careers</p>", "") == training_html(report)
    assert "<p>Oak Careers</p>" in report_html(a_school(1, 0), as_of=DAY, templates=tmp_path)
