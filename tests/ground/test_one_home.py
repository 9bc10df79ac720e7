"""One home for each number and word: what people read follows the rule data."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

import gatsbykit as gk
from gatsbykit.report import report_html
from gatsbykit.rules import grading
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.scoring import scorecard
from gatsbykit.scoring.scorecard import scorecard_text

ROOT = Path(__file__).parents[2]
DAY = date(2026, 7, 10)
STATUSES = [*grading.CriterionStatus, *grading.BenchmarkStatus, *grading.PhaseStatus]


@pytest.fixture(scope="module")
def school() -> gk.Records:
    return gk.load(ROOT / "examples" / "northfield")


def test_the_page_and_the_table_follow_the_law_and_the_guarantee(
    school: gk.Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    access, experience = provider_access_rules(), work_experience_rules()
    phases = [attrs.evolve(one, any_time_year=one.any_time_year - 1) for one in access.phases]
    parts = [attrs.evolve(one, hours=31) for one in experience.parts]
    card = gk.score(school, as_of=DAY)
    monkeypatch.setattr(
        scorecard, "provider_access_rules", lambda: attrs.evolve(access, phases=tuple(phases))
    )
    monkeypatch.setattr(
        scorecard, "work_experience_rules", lambda: attrs.evolve(experience, parts=tuple(parts))
    )
    for text in (scorecard_text(card), report_html(school, as_of=DAY, with_learners=True)):
        assert "31 hours by the end of Year 9" in text
        assert "25 hours" not in text
        assert "Third phase (Years 11-13)" in text
        assert "occasions held" in text


def test_the_page_follows_the_thresholds(school: gk.Records, monkeypatch: pytest.MonkeyPatch) -> None:
    looser = {preset: preset.threshold - Fraction(1, 20) for preset in grading.PRESETS}
    monkeypatch.setattr(grading, "_THRESHOLDS", looser)
    page = report_html(school, as_of=DAY)
    assert "95 %, 86 % and 71 % of it" in page
    assert "legacy (71 %)" in page


@pytest.mark.parametrize("status", STATUSES, ids=repr)
def test_every_status_has_words_that_fit_their_place(status: grading.Status) -> None:
    assert status.words
    assert len(status.short) < 12  # the columns of the table
    assert len(status.sign) == 1


def test_statuses_that_are_not_the_same_are_not_told_in_the_same_words() -> None:
    for kind in (grading.CriterionStatus, grading.BenchmarkStatus, grading.PhaseStatus):
        for which in ("words", "short"):
            said = [getattr(status, which) for status in kind]
            assert len(set(said)) == len(said)


def test_a_printed_scorecard_loads_neither_insight_nor_html() -> None:
    lines = (
        "import sys",
        "before = {*sys.modules}",  # what measures coverage has modules of its own
        "import datetime, gatsbykit as gk",
        f"school = gk.load({str(ROOT / 'examples' / 'northfield')!r})",
        "card = gk.score(school, as_of=datetime.date(2026, 7, 10))",
        "text = str(card), card.to_dict()",
        "print(*sys.modules.keys() - before)",
    )
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.split()
    assert "gatsbykit.scoring.scorecard" in loaded
    assert [
        name
        for name in loaded
        if re.match(r"gatsbykit\.(insight|report|frames|checks)|(html|jinja2|markupsafe)\b", name)
    ] == []
