"""Write one reference page for each public module, so that none can be forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gatsbykit

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

GROUND = frozenset({"data", "jsonschema", "plain", "privacy", "words"})
"""What the rooms stand on; nobody else is meant to."""

FAMILIES = "model"
"""The room whose modules are public: each is a family of nouns."""

_NO_PAGE = GROUND | {"__main__", "commands"}
"""The command line is described in words, in the how-to guides."""

_LINKED = frozenset({"class", "exception", "function", "data", "type"})


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", write_pages)
    app.connect("missing-reference", find_short_name)
    return {"version": "1", "parallel_read_safe": True}


def public_modules() -> tuple[str, ...]:
    """Return the names of what is public, below ``gatsbykit``: rooms, their public rooms, and families.

    What the ``__init__`` of a package hands on is public, and deeper is private. A package inside a
    room is a room of its own; the nouns of the model are found family by family.
    """
    names = [found for found in pkgutil.iter_modules(gatsbykit.__path__) if found.name not in _NO_PAGE]
    rooms = [found.name for found in names if found.name != FAMILIES]
    for found in names:
        if found.ispkg:
            inner = pkgutil.iter_modules([str(Path(gatsbykit.__path__[0]) / found.name)])
            rooms += [f"{found.name}.{one.name}" for one in inner if one.ispkg or found.name == FAMILIES]
    return tuple(
        sorted(room for room in rooms if hasattr(importlib.import_module(f"gatsbykit.{room}"), "__all__"))
    )


def write_pages(app: Sphinx) -> None:
    """Write the pages into ``reference/generated/api``."""
    folder = Path(app.srcdir) / "reference" / "generated" / "api"
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[str] = []
    pages = public_modules()
    for name in pages:
        module = importlib.import_module(f"gatsbykit.{name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        (folder / f"{name}.md").write_text(
            f"# `gatsbykit.{name}`\n\n```{{eval-rst}}\n.. automodule:: gatsbykit.{name}\n```\n",
            encoding="utf-8",
        )
        rows.append(f"[`{name}`]({name}.md)\n: {summary}\n")
    toctree = "\n".join(pages)
    (folder / "index.md").write_text(
        "# The library\n\nThe names at the top level (`gk.score`) come from these modules. What one of them "
        "hands on is public; what lies deeper can change without notice.\n\n"
        f"{chr(10).join(rows)}\n```{{toctree}}\n:hidden:\n\n{toctree}\n```\n",
        encoding="utf-8",
    )
    for stale in folder.glob("*.md"):
        if stale.name.removesuffix(".md") not in {*pages, "index"}:
            stale.unlink()


def find_short_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Any) -> Any:
    """Link a name without its module, as annotations and docstrings write it, where there is one.

    Annotations that are imported for type checkers alone reach Sphinx as the text in the code.
    """
    target = str(node["reftarget"])
    if node.get("refdomain") != "py" or "." in target:
        return None
    from sphinx.util.nodes import make_refnode  # noqa: PLC0415 (pages are written without Sphinx too)

    # An object that its module and its package both document is one object: any of its places will do.
    # Attributes do not come into it: a word such as `status` means another thing in every class.
    places = sorted(
        (docname, anchor)
        for name, _, kind, docname, anchor, _ in env.get_domain("py").get_objects()
        if kind in _LINKED and name.endswith(f".{target}")
    )
    return make_refnode(app.builder, node["refdoc"], *places[0], contnode) if places else None
