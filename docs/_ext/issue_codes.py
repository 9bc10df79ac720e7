"""Write a page for every issue code from the catalogue, and one that lists them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatsbykit.issues import Severity, Stage, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from gatsbykit.issues import CodeEntry

_STAGES = {
    Stage.TEXT: ("Text", "Files, encodings, quoting, JSON and XML."),
    Stage.SHAPE: ("Shape", "Tables, columns, cells in a row."),
    Stage.VALUES: ("Values", "Single values, ids, and what has to be so between the columns of a row."),
    Stage.MEANING: ("Meaning", "Sense. Everything here is a warning, and touches no score."),
    Stage.SCORING: ("Scoring", "The warnings of a scorecard: what it had to leave out or leave open."),
    Stage.PROGRAMME: ("Programme", "What a review of a careers programme, or of a group, finds."),
    Stage.EVIDENCE: (
        "Evidence",
        "What a document says against itself, or is doubtful about a training programme.",
    ),
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir) / "reference" / "generated"))
    return {"version": "1", "parallel_read_safe": True}


def write_pages(folder: Path) -> None:
    """Write all pages into a folder of their own."""
    place = folder / "issue-codes"
    place.mkdir(parents=True, exist_ok=True)
    entries = catalogue()
    for entry in entries.values():
        _write(place / f"{entry.code}.md", code_page(entry))
    _write(place / "index.md", index_page(entries.values()))
    for stale in place.glob("*.md"):
        if stale.stem not in entries.keys() | {"index"}:
            stale.unlink()


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def index_page(entries: Iterable[CodeEntry]) -> Iterator[str]:
    """Yield the page that lists the codes by stage."""
    entries = tuple(entries)
    yield "# Issue codes\n"
    yield "Codes are stable: programs rely on them. Sentences are not, and can be translated: they are"
    yield "templates in a catalogue of their own. A stage is looked at with what the stages before let"
    yield "through, so mending every error of one leaves none of it, and may show errors of the next.\n"
    for stage, (title, words) in _STAGES.items():
        yield f"## {title}\n"
        yield f"{words}\n"
        yield "| code | severity | what it says |\n|---|---|---|"
        for entry in entries:
            if entry.stage is stage:
                says = entry.message or entry.about.split(".")[0]
                yield f"| [{entry.code}]({entry.code}.md) | {entry.severity} | {_cell(says)} |"
        yield ""
    pages = "\n".join(entry.code for entry in entries)
    yield f"```{{toctree}}\n:hidden:\n\n{pages}\n```"


def code_page(entry: CodeEntry) -> Iterator[str]:
    """Yield the page of a code."""
    yield f"# {entry.code}\n"
    stops = "it stops the work" if entry.severity is Severity.ERROR else "it does not stop the work"
    yield f"**{entry.severity.capitalize()}** ({stops}), found at the stage [{entry.stage}](index.md).\n"
    yield f"{entry.about}\n"
    if entry.message:
        yield f"**Says:** {_cell(entry.message)}\n"
    if entry.expected:
        yield f"**What would be right:** {_cell(entry.expected)}\n"
    if entry.interpretation:
        yield ":::{admonition} Interpretation\n:class: warning\n"
        yield "No source sets this bound: it is a decision of this project.\n:::\n"
    yield f"**Source:** {entry.source}."


def _cell(template: str) -> str:
    """Return a template as text of a page: code, as it may hold any sign."""
    return f"`{template.replace('{{', '{').replace('}}', '}')}`"
