"""Every example is a test: those of the README, of the documentation and of the docstrings.

They run from the root of the repository, as the pages say, and each page or module has a
namespace of its own.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.myst import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

_ROOT = Path(__file__).parent
_STARTED_IN = "_started_in"


def _enter_root(namespace: dict[str, Any]) -> None:
    namespace[_STARTED_IN] = Path.cwd()
    os.chdir(_ROOT)


def _leave_root(namespace: dict[str, Any]) -> None:
    os.chdir(namespace.pop(_STARTED_IN))


_PAGES = Sybil(
    parsers=[PythonCodeBlockParser()],
    path=str(_ROOT),
    patterns=["README.md", "docs/**/*.md"],
    setup=_enter_root,
    teardown=_leave_root,
)
_DOCSTRINGS = Sybil(
    parsers=[DocTestParser()],
    path=str(_ROOT / "src"),
    patterns=["**/*.py"],
    document_types={".py": PythonDocStringDocument},
    setup=_enter_root,
    teardown=_leave_root,
)

pytest_collect_file = (_PAGES + _DOCSTRINGS).pytest()
