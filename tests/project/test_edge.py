"""The edge: pages and examples use what is public, which is what the ``__init__`` of a package hands on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gatsbykit as gk

_ROOT = Path(__file__).parents[2]
_PAGES = [
    _ROOT / "README.md",
    *(path for path in sorted((_ROOT / "docs").rglob("*.md")) if not {"_build", "generated"} & {*path.parts}),
    *sorted((_ROOT / "examples").rglob("*.py")),
]
_IMPORT = re.compile(r"(?:from|import) (gatsbykit(?:\.\w+)*)(?: import ([\w, ]+|\([^)]*\)))?")
_PACKAGE = Path(gk.__file__).parent


def _is_public(module: str) -> bool:
    """Whether a module is public: a room, a room inside a room, or a family of nouns."""
    parts = module.split(".")[1:]
    place = _PACKAGE.joinpath(*parts)
    return len(parts) < 2 or place.is_dir() or (parts[0] == "model" and len(parts) == 2)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_pages_and_examples_use_what_is_public(page: Path) -> None:
    for module, names in _IMPORT.findall(page.read_text(encoding="utf-8")):
        assert _is_public(module), f"{module} is private"
        for name in re.findall(r"\w+", names.replace(" as ", " ")):
            assert not name.startswith("_"), f"{module}.{name} is private"


def test_what_a_room_hands_on_is_listed() -> None:
    """Every package says in ``__all__`` what is public, and has it."""
    for path in sorted(_PACKAGE.rglob("__init__.py")):
        parts = path.parent.relative_to(_PACKAGE).parts
        if parts in {(), ("model",), ("frames", "engines")}:
            continue
        try:
            module = __import__(".".join(("gatsbykit", *parts)), fromlist=["__all__"])
        except gk.MissingExtraError:  # pragma: no cover (the tests have every extra)
            continue
        assert module.__all__
        assert all(hasattr(module, name) for name in module.__all__)
