"""The HTML report: complete, escaped, accessible, and silent about learners unless asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.report import report_html
from gatsbykit.testing import ScoredCase, scored_cases

DAY = date(2026, 7, 10)
ROOT = Path(__file__).parents[2]
NORTHFIELD = gk.load(ROOT / "examples" / "northfield")
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
_VOID = {"meta", "br", "img", "link", "hr", "input"}


class Outline(HTMLParser):
    """Notes what a page is made of, and whether its elements are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [facts for tag, facts in self.found if tag in tags]


def a_school(count: int, missing: int) -> gk.Records:
    """A Year 11 of whom all but some had a guidance meeting."""
    return gk.Records(
        institution=SCHOOL,
        learners=[gk.Learner(learner_id=f"id-{number}", year_group=11) for number in range(count)],
        activities=[gk.Activity(activity_id="G", date=DAY, kinds={"guidance_meeting"}, adviser_level=6)],
        participations=[gk.Participation("G", f"id-{number}") for number in range(missing, count)],
    )


def row_of(page: str, criterion: str) -> str:
    return next(
        " ".join(unescape(re.sub("<[^>]+>", " ", row)).split())
        for row in re.findall("<tr>.*?</tr>", page)
        if f"<strong>{criterion}</strong>" in row
    )


@given(scored_cases())
def test_pages_are_well_formed(case: ScoredCase) -> None:
    settings = gk.Settings(unknown="include" if case.unknown == "include" else "exclude")
    for with_learners in (False, True):
        page = report_html(
            case.records,
            as_of=case.as_of,
            edition=case.edition,
            settings=settings,
            with_learners=with_learners,
        )
        outline = Outline(page)
        ids = [facts["id"] for _, facts in outline.found if "id" in facts]
        assert len(ids) == len({*ids})
        named = " ".join(str(facts.get("aria-labelledby") or "") for _, facts in outline.found).split()
        assert {*named} <= {*ids}
        assert all(facts.get("scope") for facts in outline.all("th"))
        assert len(outline.all("caption")) == len(outline.all("table"))


def test_pages_need_nothing_from_elsewhere() -> None:
    page = report_html(NORTHFIELD, as_of=DAY)
    outline = Outline(page)
    assert not outline.all("script", "link", "img", "iframe", "object", "form", "input", "base")
    assert all(str(facts["href"]).startswith("#") for facts in outline.all("a"))
    assert not re.search(r"url\(|@import|https?://[^\s<]*[\"']", page)
    assert not [name for _, facts in outline.found for name in facts if name.startswith("on")]
    assert "default-src 'none'" in page
    assert outline.all("html")[0]["lang"] == "en-GB"
    assert "prefers-color-scheme: dark" in page
    assert "size: A4" in page


def test_the_picture_has_words() -> None:
    page = report_html(NORTHFIELD, as_of=DAY)
    assert '<svg viewBox="0 0 900 268" role="img" aria-labelledby="picture-title picture-text">' in page
    said = re.search('<desc id="picture-text">(.*?)</desc>', page)
    assert said is not None
    assert said[1].startswith("1 A stable careers programme: partly achieved, 66 % of its criteria met; 2 ")
    assert said[1].count("; ") == 7


def test_everything_is_escaped() -> None:
    evil = "<script>alert(1)</script>&\"'\x00\ud800"
    records = attrs.evolve(
        a_school(1, 1),
        institution=attrs.evolve(SCHOOL, name=evil),
        learners=[gk.Learner(learner_id=evil, year_group=11, subjects=[evil])],
    )
    page = report_html(records, as_of=DAY, with_learners=True)
    assert "<script" not in page
    assert "\x00" not in page
    page.encode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;" in page
    Outline(page)


@given(scored_cases())
def test_learners_are_named_only_when_asked_for(case: ScoredCase) -> None:
    """With ids that occur nowhere else, what a page says of learners can be told."""
    if case.records.learners is None:
        return
    new = {one.learner_id: f"zq{place}zq" for place, one in enumerate(case.records.learners)}
    records = attrs.evolve(
        case.records,
        learners=[attrs.evolve(one, learner_id=new[one.learner_id]) for one in case.records.learners],
        participations=case.records.participations
        and [
            attrs.evolve(one, learner_id=new.get(one.learner_id, "zq")) for one in case.records.participations
        ],
        destinations=case.records.destinations
        and [
            attrs.evolve(one, learner_id=new.get(one.learner_id, "zq")) for one in case.records.destinations
        ],
    )
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition}
    assert "zq" not in report_html(records, **choices)
    page = report_html(records, with_learners=True, **choices)
    missing = {one for result in gk.score(records, **choices).criteria for one in result.missing or ()}
    assert {*re.findall(r"zq\d+zq", page)} == missing
    for learner in records.learners or ():
        assert str(learner.upn) not in page
        assert str(learner.uln) not in page


@pytest.mark.parametrize(
    ("count", "missing", "words"),
    [
        (40, 6, "34 of 40 (85 %)"),
        (40, 5, "fewer than 6 of 40 learners missing"),
        (40, 0, "40 of 40 (100 %)"),
        (40, 36, "fewer than 6 of 40 learners meet it"),
        (5, 2, "counts hidden"),
    ],
)
def test_small_counts_are_hidden_everywhere(count: int, missing: int, words: str) -> None:
    page = report_html(a_school(count, missing), as_of=DAY)
    assert words.replace("85 %", "85.0 %") in row_of(page, "8a")
    if "fewer" in words or "hidden" in words:
        assert f"{count - missing} of" not in row_of(page, "8a")
        assert f"8a: {missing} learner" not in page
        assert "8a: some learners missing" in page
    whole = report_html(a_school(count, missing), as_of=DAY, with_learners=True)
    assert f"{count - missing} of {count}" in row_of(whole, "8a")


@pytest.mark.parametrize(
    ("count", "missing", "words"),
    [
        (5, 0, "hidden hidden hidden"),
        (5, 2, "hidden hidden hidden"),
        (40, 0, "met met met"),
        # 35 to 39 of 40: 37 are almost all, 31 enough for the legacy preset.
        (40, 1, "not met hidden met"),
        (40, 5, "not met hidden met"),
        (40, 36, "not met not met not met"),
        (10, 4, "not met not met hidden"),
        (100, 2, "not met met met"),
    ],
)
def test_a_result_is_shown_only_if_every_possible_count_comes_to_it(
    count: int, missing: int, words: str
) -> None:
    page = report_html(a_school(count, missing), as_of=DAY)
    signs = re.sub("[✓✗?◐]| c ", " ", row_of(page, "8a") + " ")
    assert " ".join(signs.split()).endswith(words)
    whole = report_html(a_school(count, missing), as_of=DAY, with_learners=True)
    assert "hidden" not in row_of(whole, "8a")


def test_a_hidden_result_hides_what_is_made_of_it() -> None:
    page = report_html(a_school(5, 0), as_of=DAY)
    said = re.search('<desc id="picture-text">(.*?)</desc>', page)
    assert said is not None
    assert "8 Personal guidance: hidden;" in said[1] + ";" or "8 Personal guidance: hidden." in said[1]
    assert "apply: c (every pupil), c (almost all), c (legacy)." in page
    assert "apply: c (" not in report_html(a_school(40, 0), as_of=DAY)


def test_too_few_to_say_whether_anybody_is_missing() -> None:
    """The same words, whether all of five learners meet it or none."""
    pages = [report_html(a_school(5, missing), as_of=DAY) for missing in (0, 2, 5)]
    assert all("8a: some learners missing, or none: they are too few to say" in page for page in pages)
    assert len({*pages}) == 1


def test_pages_that_differ_in_what_is_hidden_alone_are_the_same() -> None:
    """One to five missing of 100: nothing on the page says how many."""
    assert len({report_html(a_school(100, missing), as_of=DAY) for missing in range(1, 6)}) == 1


def test_few_records_of_a_kind_are_not_counted() -> None:
    later = gk.Activity(activity_id="Z", date=date(2026, 7, 11), kinds={"guidance_meeting"})
    records = a_school(40, 7)
    records = attrs.evolve(records, activities=[*(records.activities or ()), later])
    assert "fewer than 6: activities dated after" in report_html(records, as_of=DAY)
    assert "1: activities dated after" in report_html(records, as_of=DAY, with_learners=True)


def test_a_phase_about_few_learners_is_hidden() -> None:
    def phase(size: int, **choices: Any) -> str:
        learners = [gk.Learner(learner_id=f"n{number}", year_group=9) for number in range(size)]
        records = attrs.evolve(a_school(40, 7), learners=[*(a_school(40, 7).learners or ()), *learners])
        page = report_html(records, as_of=DAY, **choices)
        found = re.search(r"First phase \(Years 8-9\)</th>(.*?)</td>", page)
        assert found is not None
        return unescape(re.sub("<[^>]+>", " ", found[1]))

    assert "hidden" in phase(5)
    assert "hidden" not in phase(5, with_learners=True)
    assert "hidden" not in phase(6)


def test_what_so_few_lack_is_not_told_where_there_is_a_choice() -> None:
    """7a asks for four types of provider; of five missing learners it is not said which they lack."""

    def lines(missing: int) -> str:
        fair = gk.Activity(
            activity_id="F", date=DAY, kinds={"provider_encounter"}, meaningful=True,
            provider_types={"university", "sixth_form", "college", "apprenticeship_provider"},
        )  # fmt: skip
        part = attrs.evolve(fair, activity_id="P", provider_types={"university", "college"})
        records = attrs.evolve(
            a_school(40, 0),
            activities=[fair, part],
            participations=[
                gk.Participation("P" if number < missing else "F", f"id-{number}") for number in range(40)
            ],
        )
        page = report_html(records, as_of=DAY, edition="2014-school")
        found = re.search("<h3>7a: (.*?)<h3>", page)
        assert found is not None
        return found[1]

    assert "some learners missing" in lines(5)
    assert "Lacking" not in lines(5)
    assert "Lacking: apprenticeship provider (7 learners)" in lines(7)


def test_counts_that_would_give_others_away_are_hidden() -> None:
    """Two learners of Year 12 would follow from all learners less those of Year 11."""
    eleven = a_school(30, 10)
    assert "20 of 30" in row_of(report_html(eleven, as_of=DAY), "8a")
    twelve = [gk.Learner(learner_id=f"b{number}", year_group=12) for number in range(2)]
    both = attrs.evolve(eleven, learners=[*(eleven.learners or ()), *twelve])
    assert row_of(report_html(both, as_of=DAY), "8a").split(" - ")[0].count("counts hidden") == 1


def test_lacks_are_counted_only_if_none_is_small() -> None:
    def plain(page: str) -> str:
        return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())

    assert "Lacking: guidance meeting (7 learners)." in plain(report_html(a_school(40, 7), as_of=DAY))
    assert "Lacking: guidance meeting." in plain(report_html(a_school(40, 5), as_of=DAY))


def test_pages_without_evidence() -> None:
    page = report_html(gk.Records(institution=SCHOOL), as_of=DAY)
    assert "nobody is missing from any criterion" in page
    assert "There are no records of learners to break down." in page
    assert "Nothing to report." in page


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gk.write_folder(a_school(40, 7), tmp_path / "x")
    ask = ["score", str(tmp_path / "x"), "--as-of", "2026-07-10", "--format", "html"]
    assert commands.main(ask) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert "id-3" not in page
    assert commands.main([*ask, "--with-learners"]) == 0
    assert "id-3" in capsys.readouterr().out


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for found in map(shutil.which, names) if found), None)


def _axe() -> Path | None:
    given_path = os.environ.get("AXE_CORE")
    return Path(given_path) if given_path and Path(given_path).is_file() else None


@pytest.mark.skipif(
    _chromium() is None or _axe() is None,
    reason="needs Chromium, and the path of axe.min.js (npm: axe-core) in AXE_CORE",
)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("with_learners", [False, True], ids=["shared", "with learners"])
@pytest.mark.parametrize("example", ["northfield", "riverside"])
def test_axe_finds_nothing(tmp_path: Path, example: str, with_learners: bool, dark: bool) -> None:
    axe, chromium = _axe(), _chromium()
    assert axe is not None
    assert chromium is not None
    page = report_html(gk.load(ROOT / "examples" / example), as_of=DAY, with_learners=with_learners)
    page = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)  # it forbids axe too
    if dark:
        page = page.replace("@media screen and (prefers-color-scheme: dark)", "@media screen")
    script = axe.read_text(encoding="utf-8").replace("</script", "<\\/script")
    run = (
        "axe.run().then(r => {document.body.innerHTML = '<pre id=found></pre>';"
        "document.getElementById('found').textContent ="
        " JSON.stringify(r.violations.map(v => [v.id, v.help]))})"
    )
    checked = page.replace("</body>", f"<script>{script}</script><script>{run}</script></body>")
    (tmp_path / "page.html").write_text(checked, encoding="utf-8")
    output = subprocess.run(  # noqa: S603 (a browser found on this machine, a page of our own)
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000",
            "--dump-dom", (tmp_path / "page.html").as_uri(),
        ],
        capture_output=True, check=True, text=True, timeout=300,
    ).stdout  # fmt: skip
    found = re.search('<pre id="found">(.*?)</pre>', output, re.DOTALL)
    assert found is not None
    assert json.loads(unescape(found[1])) == []
