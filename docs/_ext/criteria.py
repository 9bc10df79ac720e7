"""Write the pages of the rules from the rules themselves: one per edition and one per criterion."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatsbykit.rules import EDITION_KEYS, PRESETS, edition
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.rules.words import ITEM_WORDS, cohort_words, counted_words, counting_words, requirement_words
from gatsbykit.scoring.plan import years_towards
from gatsbykit.words import listed, name_words, percent_text, years_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from gatsbykit.rules import Benchmark, Criterion, Edition, Source

_READ = {
    "primary": "its words were read",
    "secondary": "read in a copy or a paraphrase",
    "project": "a decision of this project",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir) / "reference" / "generated"))
    return {"version": "1", "parallel_read_safe": True}


def write_pages(folder: Path) -> None:
    """Write all pages into a folder, one folder an edition."""
    for key in EDITION_KEYS:
        chosen = edition(key)
        place = folder / key
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "index.md", edition_page(chosen))
        for benchmark in chosen.benchmarks:
            for criterion in benchmark.criteria:
                _write(place / f"{criterion.id}.md", criterion_page(chosen, benchmark, criterion))
        wanted = {"index", *(criterion.id for criterion in chosen.criteria)}
        for stale in place.glob("*.md"):
            if stale.stem not in wanted:
                stale.unlink()
    _write(folder / "beside.md", beside_page())


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def edition_page(chosen: Edition) -> Iterator[str]:
    """Yield the page of an edition."""
    yield f"# {chosen.title}\n"
    yield f"Key: `{chosen.key}`. {chosen.summary}\n"
    yield f"In force by default from {_day(chosen)} for: {listed(sorted(map(name_words, chosen.kinds)))}.\n"
    if chosen.based_on is not None:
        yield f"It is written as a difference from [`{chosen.based_on}`](../{chosen.based_on}/index.md).\n"
    yield f"**Who counts:** {counted_words(chosen)}. Every population below is of these learners.\n"
    for benchmark in chosen.benchmarks:
        yield f"## {benchmark.number}. {benchmark.title}\n"
        yield f"{benchmark.summary}\n"
        yield "| criterion | type | what it asks for |\n|---|---|---|"
        for criterion in benchmark.criteria:
            yield f"| [{criterion.id}]({criterion.id}.md) | {criterion.type} | {criterion.text} |"
        yield ""
    yield "## Readings that hold for the whole edition\n"
    yield "Each of these goes beyond the words of the sources: it is this project's **interpretation**.\n"
    for topic, text in chosen.notes.items():
        yield f"{name_words(topic).capitalize()}\n: {text}\n"
    yield "## What was left out, and why\n"
    if chosen.left_out:
        yield "Rows of the published text that no criterion stands for.\n"
        for row, reason in chosen.left_out.items():
            yield f"`{row}`\n: {reason}\n"
    else:
        yield "Nothing: every row of the published text that we know has a criterion.\n"
    yield "## Sources of the edition\n"
    yield from _sources(chosen.sources)
    pages = "\n".join(criterion.id for criterion in chosen.criteria)
    yield f"```{{toctree}}\n:hidden:\n\n{pages}\n```"


def criterion_page(chosen: Edition, benchmark: Benchmark, criterion: Criterion) -> Iterator[str]:
    """Yield the page of a criterion."""
    yield f"# {criterion.id} in {chosen.key}\n"
    yield f"Benchmark {benchmark.number}, {benchmark.title}, in the [{chosen.title}](index.md).\n"
    yield f"> {criterion.text}\n"
    if criterion.cohort is None:
        yield "**Type:** declared; the institution answers it with `yes`, `in_progress` or `no`.\n"
        yield f"**Met when:** {requirement_words(criterion, chosen)} In progress is not yet met.\n"
        if criterion.parts:
            yield "## Parts\n"
            yield "Each has an answer of its own. One `no` or `in_progress` is enough for not met;"
            yield "otherwise one part without an answer is enough for not assessed.\n"
            yield from (f"* `{part}`" for part in criterion.parts)
            yield ""
    else:
        yield "**Type:** share of learners, counted from records.\n"
        yield f"**Whom it is about:** {cohort_words(criterion.cohort, chosen)}.\n"
        yield f"**What they need:** {requirement_words(criterion, chosen)}\n"
        if criterion.encounters is not None:
            required = criterion.encounters
            yield f"**What counts** (of a {name_words(required.kind)}): "
            yield f"{counting_words(required.kind, chosen)}\n"
            if required.configurable:
                yield "**Can be changed:** the number is a reading, and the settings may ask for another one "
                yield f'(`Settings(at_least={{"{criterion.id}": …}})`).\n'
        towards = years_towards(criterion.due_years)
        if towards:
            yield f"**On track:** learners in {years_words(towards)} are not in the share yet;"
            yield "how many of them meet it already is reported beside it.\n"
        yield "## When the share is enough\n"
        yield "| preset | share of the learners |\n|---|---|"
        yield from (f"| `{preset}` | {percent_text(preset.threshold, 0)} |" for preset in PRESETS)
        yield "\nWhere it is about nobody it is not applicable, never 100 %.\n"
    if criterion.interpretation is not None:
        yield f":::{{admonition}} Interpretation\n:class: warning\n\n{criterion.interpretation}\n:::\n"
    yield "## Sources\n"
    yield from _sources(criterion.sources)
    if criterion.covers:
        rows = ", ".join(f"`{row}`" for row in criterion.covers)
        yield f"Rows of the published text that it stands for: {rows}."


def beside_page() -> Iterator[str]:
    """Yield the page of what stands beside the benchmarks."""
    access, experience = provider_access_rules(), work_experience_rules()
    yield "# Beside the benchmarks\n"
    yield "Both are shown on a school's scorecard and are no part of any benchmark.\n"
    yield "## Provider access law\n"
    yield f"> {access.text}\n"
    yield f"In force from {access.in_force.day} {access.in_force:%B %Y}; before that there is no result.\n"
    for phase in access.phases:
        yield f"{phase.name.capitalize()} phase\n: {phase.text}\n"
    yield "An occasion is a provider encounter that names at least one provider, took place in the school"
    yield f"day, and of which this is so: {listed(ITEM_WORDS[item] for item in access.checklist.items)}.\n"
    yield f":::{{admonition}} Interpretation\n:class: warning\n\n{access.interpretation}\n:::\n"
    yield from _sources(access.sources)
    yield "## Work experience guarantee\n"
    yield f"> {experience.text}\n"
    for part in experience.parts:
        yield f"`{part.name}`\n: Learners in Year {part.due_year}: at least {part.hours} hours of attended "
        yield f"  workplace experience in {years_words(part.years)}, part-time jobs left out.\n"
    yield f":::{{admonition}} Interpretation\n:class: warning\n\n{experience.interpretation}\n:::\n"
    yield from _sources(experience.sources)


def _day(chosen: Edition) -> str:
    words = f"{chosen.in_force.day} {chosen.in_force:%B %Y}"
    return f"{words} (and for earlier dates, there being none before it)" if chosen.also_before else words


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        yield f"* {source.title}: `{source.where}` ({_READ[source.checked]})"
    yield ""
