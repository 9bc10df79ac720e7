"""The whole picture as one HTML file: for a screen, a screen reader or A4 paper.

The file needs nothing from elsewhere: no script, no font, no image. Every text is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from fractions import Fraction
from string import Template
from typing import TYPE_CHECKING, Final

import attrs

from gatsbykit.data import read_text
from gatsbykit.insight.disclosure import possible_counts
from gatsbykit.insight.examining import Examiner
from gatsbykit.insight.grouping import ATTRIBUTES, MINIMUM, PublishedBreakdown, published
from gatsbykit.insight.missing import CriterionGaps, find_gaps
from gatsbykit.insight.wording import REASON_WORDS
from gatsbykit.rules import PRESETS, Preset
from gatsbykit.rules.grading import share_statuses
from gatsbykit.scoring import DEFAULTS, PhaseResult, Scorecard, Settings
from gatsbykit.scoring.scorecard import access_words, basis_words, hours_words
from gatsbykit.words import counted, day_words, listed, name_words, percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from gatsbykit.insight.grouping import PublishedShare
    from gatsbykit.model.records import Records
    from gatsbykit.outcomes.plots import Picture
    from gatsbykit.rules.grading import Status
    from gatsbykit.scoring import BenchmarkResult, CriterionResult
    from gatsbykit.scoring.plan import ShareRule

__all__ = ["report_html"]

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_Look = tuple[str, str, str]
"""What colours it, a sign, and words."""

_ATTRIBUTE_WORDS: Final = {
    "year_group": "Year group",
    "sex": "Sex",
    "disadvantaged": "Disadvantaged",
    "sen_provision": "SEN provision (N none, K support, E plan)",
    "looked_after": "Looked after",
    "eal": "English as an additional language",
}
_HIDDEN: Final[_Look] = ("none", "c", "hidden")
_SECTIONS: Final = (
    ("benchmarks", "Benchmarks and criteria"),
    ("gaps", "Who is missing"),
    ("groups", "Groups"),
    ("duties", "Beside the benchmarks"),
    ("reading", "How to read this"),
)


class Markup(str):
    """Text that is HTML already; any other text is escaped before it goes in."""

    __slots__ = ()


def _escaped(text: str) -> Markup:
    return (
        text
        if isinstance(text, Markup)
        else Markup(html.escape(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)))
    )


def _tag(name: str, *children: str, **attributes: str) -> Markup:
    """Return an element; a trailing underscore is for names that Python keeps (``class_``)."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{given}>{_joined(children)}</{name}>")


def _joined(children: Iterable[str]) -> Markup:
    return Markup("".join(map(_escaped, children)))


@attrs.frozen
class _Report:
    """Everything that goes into one file."""

    card: Scorecard
    tables: tuple[PublishedBreakdown, ...]
    gaps: tuple[CriterionGaps, ...]
    asked: Mapping[str, tuple[str, ...]]
    with_learners: bool
    minimum: int

    def total(self, criterion_id: str) -> PublishedShare | None:
        """Return the counts of a criterion as far as they may be shown."""
        return next((table.total for table in self.tables if table.criterion_id == criterion_id), None)

    def possible(self, result: CriterionResult) -> range | None:
        """Return how many learners a reader has to think possible to meet a criterion.

        ``None`` stands for any number of any number, where not even the size may be shown.
        """
        tally, shown = result.tally, self.total(result.criterion.id)
        met = 0 if tally is None else tally.numerator
        if tally is None or shown is None or shown.numerator is not None:
            return range(met, met + 1)
        if shown.denominator is None:
            return None
        return possible_counts(met, shown.denominator, self.minimum)

    def shows(self, result: CriterionResult, preset: Preset) -> bool:
        """Whether a result may be shown: only if whatever is possible comes to the same."""
        possible, tally = self.possible(result), result.tally
        if possible is None or tally is None or len(possible) == 1:
            return possible is not None
        size = tally.denominator
        return len({share_statuses(Fraction(count, size))[preset] for count in possible}) == 1

    def shows_all(self, result: BenchmarkResult, preset: Preset) -> bool:
        """Whether the results of all criteria of a benchmark may be shown."""
        return all(self.shows(one, preset) for one in result.criteria)


def report_html(
    records: Records,
    *,
    as_of: date,
    edition: str | None = None,
    settings: Settings = DEFAULTS,
    with_learners: bool = False,
    minimum: int = MINIMUM,
    pictures: Iterable[Picture] = (),
) -> str:
    """Return a report on an institution as one HTML file that stands alone.

    Without learners it can be handed on: no ids are in it, and counts under the minimum are hidden
    together with those that would give them away, as in `publish_groups` with zeros shown. A result
    is hidden where it would tell a hidden count. That a criterion is met for every pupil, of at least
    the minimum, is shown, and says so of every group. With learners it is for those who work with
    them, and nothing is hidden.

    Args:
        records: The institution's records.
        as_of: The date of the assessment.
        edition: The key of the edition, by default the one in force.
        settings: The caller's choices.
        with_learners: Whether to name the missing learners by their ids, and to show every count.
        minimum: The least count that is shown without learners, 0 aside.
        pictures: Pictures to put in, such as those of `gatsbykit.outcomes.plots`. What they show is
            yours to judge: nothing in them is hidden.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        ValueError: The minimum is below 1.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> page = report_html(gk.load("examples/riverside"), as_of=date(2026, 7, 10))
        >>> page.startswith("<!DOCTYPE html>"), "<script" in page, "R0438" in page
        (True, False, False)
    """
    examiner = Examiner(records, as_of=as_of, edition=edition, settings=settings)
    least = 1 if with_learners else minimum
    report = _Report(
        examiner.card,
        published(examiner, by=ATTRIBUTES, minimum=least, show_zeros=True).breakdowns,
        find_gaps(examiner).criteria,
        {rule.criterion.id: _asked(examiner, rule) for rule in examiner.plan.rules},
        with_learners,
        least,
    )
    card = examiner.card
    body = _joined(
        [
            _header(report),
            _tag(
                "main",
                _picture(report),
                _benchmarks(report),
                _missing(report),
                _groups(report),
                _duties(report),
                _pictures(pictures),
                _reading(report),
                id="results",
            ),
            _tag(
                "footer",
                _tag(
                    "p",
                    "Made with gatsbykit. Not a Compass result, and not an official result of anybody. "
                    f"Rules {card.fingerprint[:12]}.",
                ),
            ),
        ]
    )
    page = Template(read_text("report", "report.html")).substitute(
        title=_escaped(f"Gatsby Benchmarks: {card.institution.name}, {card.academic_year}"),
        style=read_text("report", "report.css"),
        body=body,
    )
    # ASCII alone: right in whatever encoding it is sent or saved.
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _asked(examiner: Examiner, rule: ShareRule) -> tuple[str, ...]:
    """Return what a criterion asks of everybody alike."""
    anybody = next(iter(examiner.learners.values()), None)
    if anybody is None or rule.need.each_subject:
        return ()
    return tuple(part.name for part in examiner.examine(rule.criterion, anybody).parts)


def _header(report: _Report) -> Markup:
    card = report.card
    links = [_tag("li", _tag("a", words, href=f"#{key}")) for key, words in _SECTIONS]
    whom = (
        "This copy names learners by their ids. Keep it among those who work with them."
        if report.with_learners
        else f"This copy names no learners. Counts under {report.minimum} are hidden, and others that "
        "would give them away."
    )
    return _tag(
        "header",
        _tag("h1", card.institution.name),
        _tag(
            "p", f"{card.edition.title}. Academic year {card.academic_year}, as of {day_words(card.as_of)}."
        ),
        _tag("p", whom, class_="quiet"),
        _tag("nav", _tag("ul", *links), aria_label="Sections"),
    )


def _look(status: Status) -> _Look:
    return status.tone, status.sign, status.words


def _status(look: _Look) -> Markup:
    kind, sign, words = look
    return _tag("span", _tag("span", sign, aria_hidden="true"), f" {words}", class_=f"status {kind}")


def _preset_words(preset: Preset) -> str:
    return f"{name_words(preset)} ({percent_text(preset.threshold, 0)})"


def _benchmark_look(report: _Report, result: BenchmarkResult, preset: Preset) -> _Look:
    return _look(result.status[preset]) if report.shows_all(result, preset) else _HIDDEN


def _picture(report: _Report) -> Markup:
    """Draw the eight benchmarks: a tile each, with a sign and a word, and a bar of criteria met."""
    preset, card = Preset.EVERY_PUPIL, report.card
    tiles: list[Markup] = []
    said: list[str] = []
    for place, result in enumerate(card.benchmarks):
        look = _benchmark_look(report, result, preset)
        percent = result.percent[preset] if report.shows_all(result, preset) else None
        tiles.append(_tile(6 + 225 * (place % 4), 6 + 132 * (place // 4), str(result.number), look, percent))
        met = "" if percent is None else f", {percent} % of its criteria met"
        said.append(f"{result.number} {result.title}: {look[2]}{met}")
    achieved = ", ".join(f"{_achieved(report, one)} ({name_words(one)})" for one in PRESETS)
    picture = _tag(
        "svg",
        _tag("title", "The eight benchmarks, for every pupil", id="picture-title"),
        _tag("desc", f"{'; '.join(said)}.", id="picture-text"),
        *tiles,
        viewBox="0 0 900 268",
        role="img",
        aria_labelledby="picture-title picture-text",
    )
    return _tag(
        "section",
        _tag("h2", "At a glance", id="glance"),
        _tag("p", f"Achieved of the {card.applicable} benchmarks that apply: {achieved}.", class_="big"),
        _tag(
            "figure",
            picture,
            _tag(
                "figcaption",
                "Each tile is a benchmark, judged by the words of the benchmarks: every pupil. "
                "The bar is the share of its criteria that are met.",
                class_="quiet",
            ),
        ),
        aria_labelledby="glance",
    )


def _achieved(report: _Report, preset: Preset) -> str:
    """Say how many benchmarks are achieved, unless that would tell of one that is hidden."""
    shown = all(report.shows_all(result, preset) for result in report.card.benchmarks)
    return str(report.card.achieved[preset]) if shown else "c"


def _tile(left: int, top: int, number: str, look: _Look, percent: int | None) -> Markup:
    """Draw one benchmark: its number, a sign, a word, and a bar for its criteria."""
    kind, sign, words = look
    parts = [
        _box(left, top, 213, 120, f"tile {kind}"),
        _text(left + 14, top + 42, number, 34, "number"),
        _text(left + 174, top + 42, sign, 30, f"word {kind}"),
        _text(left + 14, top + 72, words, 18, f"word {kind}"),
    ]
    if percent is not None:
        parts += [
            _box(left + 14, top + 88, 120, 12, "track"),
            _box(left + 14, top + 88, percent * 120 // 100, 12, "bar"),
            _text(left + 142, top + 99, f"{percent} %", 15, "percent"),
        ]
    return _joined(parts)


def _box(x: int, y: int, width: int, height: int, looks: str) -> Markup:
    return _tag("rect", x=str(x), y=str(y), width=str(width), height=str(height), class_=looks)


def _text(x: int, y: int, words: str, size: int, looks: str) -> Markup:
    return _tag("text", words, x=str(x), y=str(y), font_size=str(size), class_=looks)


def _pictures(pictures: Iterable[Picture]) -> Markup:
    """Return the caller's pictures, each with its text, or nothing."""
    figures = [Markup(picture.to_html()) for picture in pictures]
    if not figures:
        return Markup()
    return _tag("section", _tag("h2", "Pictures", id="pictures"), *figures, aria_labelledby="pictures")


def _section(key: str, *children: str) -> Markup:
    title = dict(_SECTIONS)[key]
    return _tag("section", _tag("h2", title, id=key), *children, aria_labelledby=key)


def _table(key: str, caption: str, heads: Iterable[Markup], *bodies: Markup) -> Markup:
    """Return a table that a narrow screen can scroll, by keyboard too."""
    table = _tag("table", _tag("caption", caption, id=key), _tag("thead", _tag("tr", *heads)), *bodies)
    return _tag("div", table, class_="scroll", role="region", aria_labelledby=key, tabindex="0")


def _head(words: str, *, number: bool = False) -> Markup:
    return _tag("th", words, scope="col", class_="number" if number else "words")


def _benchmarks(report: _Report) -> Markup:
    bodies = [_tag("tbody", *_benchmark_rows(report, result)) for result in report.card.benchmarks]
    heads = [
        _head("Benchmark or criterion"),
        _head("What it rests on"),
        *map(_head, map(_preset_words, PRESETS)),
    ]
    return _section(
        "benchmarks", _table("t-benchmarks", "Results by benchmark and criterion", heads, *bodies)
    )


def _benchmark_rows(report: _Report, result: BenchmarkResult) -> Iterator[Markup]:
    statuses = [_tag("td", _status(_benchmark_look(report, result, preset))) for preset in PRESETS]
    title = _tag("th", f"{result.number} {result.title}", scope="rowgroup")
    yield _tag("tr", title, _tag("td", ""), *statuses, class_="head")
    for one in result.criteria:
        looks = [_look(one.status[preset]) if report.shows(one, preset) else _HIDDEN for preset in PRESETS]
        statuses = [_tag("td", _status(look)) for look in looks]
        name = _tag("th", _tag("strong", one.criterion.id), f" {one.criterion.text}", scope="row")
        yield _tag("tr", name, _tag("td", _basis(report, one)), *statuses)


def _basis(report: _Report, result: CriterionResult) -> str:
    """Say what a result rests on, as far as the counts may be shown."""
    tally, possible = result.tally, report.possible(result)
    if possible is not None and len(possible) == 1:
        return basis_words(result)
    if tally is None or possible is None or len(possible) >= report.minimum:
        return "counts hidden"
    size, few = counted(tally.denominator, "learner"), f"fewer than {report.minimum}"
    return f"{few} of {size} meet it" if possible.start == 1 else f"{few} of {size} missing"


def _missing(report: _Report) -> Markup:
    gaps = {one.criterion_id: one for one in report.gaps}
    parts: list[Markup] = []
    for result in report.card.criteria:
        if report.possible(result) is None:
            words = "some learners missing, or none: they are too few to say"
            parts += [_tag("h3", f"{result.criterion.id}: {words}"), _tag("p", result.criterion.text)]
        elif result.criterion.id in gaps:
            parts += _criterion_gaps(report, gaps[result.criterion.id])
    nobody = _tag("p", "So far as the records go, nobody is missing from any criterion.")
    return _section("gaps", *(parts or [nobody]))


def _criterion_gaps(report: _Report, gaps: CriterionGaps) -> Iterator[Markup]:
    shown = report.total(gaps.criterion_id)
    count = len(gaps.gaps)
    is_shown = shown is not None and shown.share is not None
    how_many = f"{counted(count, 'learner')} missing" if is_shown else "some learners missing"
    yield _tag("h3", f"{gaps.criterion_id}: {how_many}")
    yield _tag("p", gaps.text)
    lacking = {name_words(name): number for name, number in gaps.lacking.items()}
    reasons = {REASON_WORDS[reason]: number for reason, number in gaps.reasons.items()}
    if is_shown:
        yield _tag("p", f"Lacking: {_counted(report, lacking, count)}.")
        if reasons:
            yield _tag("p", f"Why records did not count: {_counted(report, reasons, count)}.")
    elif len(asked := report.asked.get(gaps.criterion_id, ())) == 1:
        # What so few lack is told only where there is nothing else to be lacking.
        yield _tag("p", f"Lacking: {name_words(asked[0])}.")
    if report.with_learners:
        heads = [_head("Learner"), _head("Year"), _head("Has", number=True), _head("Lacks"), _head("Why")]
        rows = [
            _tag(
                "tr",
                _tag("th", gap.learner_id, scope="row"),
                _tag("td", "" if gap.year_group is None else str(gap.year_group)),
                _tag("td", f"{gap.had} of {gap.needed}", class_="number"),
                _tag("td", ", ".join(part.words for part in gap.lacking)),
                _tag(
                    "td", "; ".join(REASON_WORDS[one] for one in gap.reasons) or "no record of the right kind"
                ),
            )
            for gap in gaps.gaps
        ]
        key = f"t-gaps-{gaps.criterion_id}"
        yield _table(
            key, f"Learners missing from {gaps.criterion_id}, the nearest first", heads, _tag("tbody", *rows)
        )


def _counted(report: _Report, numbers: Mapping[str, int], missing: int) -> str:
    """List what there is, with counts if none of them is small, nor what any leaves of the missing."""
    left = [missing - number for number in numbers.values() if number != missing]
    if min(*numbers.values(), *left, missing) >= report.minimum:
        return listed(f"{words} ({counted(number, 'learner')})" for words, number in numbers.items())
    return listed(numbers)


def _groups(report: _Report) -> Markup:
    parts: list[Markup] = []
    hidden = _tag("abbr", "c", title="confidential")
    for criterion_id in dict.fromkeys(table.criterion_id for table in report.tables):
        own = [table for table in report.tables if table.criterion_id == criterion_id]
        bodies: list[Markup] = []
        for table in (one for one in own if one.groups):
            words = _ATTRIBUTE_WORDS[table.attribute]
            rows = [_tag("tr", _tag("th", words, scope="rowgroup", colspan="4"), class_="head")]
            rows += [_share_row(group.value, group, hidden) for group in table.groups]
            bodies.append(_tag("tbody", *rows))
        bodies.append(_tag("tbody", _share_row("Everybody", own[0].total, hidden)))
        heads = [_head("Group"), *(_head(words, number=True) for words in ("Meet it", "Of", "Share"))]
        parts.append(_table(f"t-groups-{criterion_id}", f"{criterion_id} by group", heads, *bodies))
    note = "There are no records of learners to break down."
    if parts:
        note = (
            "Small groups differ by chance. Whether a difference is more than that, the groups command says."
        )
        if not report.with_learners:
            note = (
                f"The letter c stands for a hidden count: one under {report.minimum}, or one that would give "
                f"such a count away. {note}"
            )
    return _section("groups", _tag("p", note), *parts)


def _share_row(words: str, group: PublishedShare, hidden: Markup) -> Markup:
    cells = (
        hidden if group.numerator is None else str(group.numerator),
        hidden if group.denominator is None else str(group.denominator),
        hidden if group.share is None else percent_text(group.share),
    )
    return _tag("tr", _tag("th", words, scope="row"), *(_tag("td", cell, class_="number") for cell in cells))


def _duties(report: _Report) -> Markup:
    """Show what stands beside the benchmarks; counts only where learners are shown."""
    card = report.card
    parts: list[Markup] = []
    if card.provider_access is not None:
        rows = [
            _tag(
                "tr",
                _tag("th", access_words(name, phase.tally)[0], scope="row"),
                _tag("td", _status(_phase_look(report, name, phase))),
                *(
                    [_tag("td", access_words(name, phase.tally)[1], class_="number")]
                    if report.with_learners
                    else []
                ),
            )
            for name, phase in card.provider_access.items()
        ]
        heads = [_head("Phase"), _head("Result")]
        heads += [_head("Counted", number=True)] if report.with_learners else []
        parts.append(_table("t-access", "Provider access, the law", heads, _tag("tbody", *rows)))
    if card.work_experience is not None and report.with_learners:
        rows = [
            _tag(
                "tr",
                _tag("th", hours_words(name), scope="row"),
                _tag("td", f"{tally.numerator} of {tally.denominator}", class_="number"),
            )
            for name, tally in card.work_experience.items()
        ]
        heads = [_head("Hours"), _head("Learners", number=True)]
        caption = "Work experience guarantee, for information"
        parts.append(_table("t-hours", caption, heads, _tag("tbody", *rows)))
    notices = [
        _tag("li", f"{_at_least(report, notice.count)}: {notice.message}")
        for notice in card.warnings
        if report.with_learners or notice.where in {"activities", "participations"}
    ]
    if notices:
        parts += [_tag("h3", "Doubts about the records"), _tag("ul", *notices)]
    return _section("duties", *(parts or [_tag("p", "Nothing to report.")]))


def _phase_look(report: _Report, name: str, phase: PhaseResult) -> _Look:
    """Return how a phase looks; the third counts occasions and not learners."""
    if name != "third" and 0 < phase.tally.denominator < report.minimum:
        return _HIDDEN
    return _look(phase.status)


def _at_least(report: _Report, count: int) -> str:
    """Show a number of records: each may be one learner's."""
    return str(count) if count >= report.minimum else f"fewer than {report.minimum}"


def _reading(report: _Report) -> Markup:
    enough = listed(percent_text(preset.threshold, 0) for preset in PRESETS)
    terms = [
        (listed(map(name_words, PRESETS)).capitalize(), f"How much of a group is enough: {enough} of it."),
        ("What it rests on", "Records of learners where there are any, else the institution's own answer."),
    ]
    entries = [_joined([_tag("dt", term), _tag("dd", words)]) for term, words in terms]
    for result in report.card.criteria:
        words = "; ".join(f"{source.title} ({source.where})" for source in result.criterion.sources)
        if result.criterion.interpretation is not None:
            words = f"Interpretation: {result.criterion.interpretation} Sources: {words}."
        else:
            words = f"Sources: {words}."
        entries.append(_joined([_tag("dt", f"Criterion {result.criterion.id}"), _tag("dd", words)]))
    return _section("reading", _tag("dl", *entries))
