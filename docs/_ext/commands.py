"""Write the reference of the command line from what the commands say of themselves."""

from __future__ import annotations

import io
import os
import re
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from gatsbykit.commands import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", lambda app: write_page(Path(app.srcdir) / "reference" / "generated"))
    return {"version": "1", "parallel_read_safe": True}


def write_page(folder: Path) -> None:
    """Write the page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "commands.md").write_text("\n".join(_page()) + "\n", encoding="utf-8")


def _page() -> Iterator[str]:
    overview = _help()
    yield "# The command line\n"
    yield f"```text\n{overview}```\n"
    for command in re.findall(r"^ {4}([a-z-]+)", overview, re.MULTILINE):
        yield f"## `{command}`\n"
        yield f"```text\n{_help(command)}```\n"


def _help(*command: str) -> str:
    """Return what a command answers to ``--help``, in lines of a width that pages can show."""
    output = io.StringIO()
    with (
        mock.patch.dict(os.environ, COLUMNS="90", NO_COLOR="1"),
        redirect_stdout(output),
        suppress(SystemExit),
    ):
        main([*command, "--help"])
    return output.getvalue()
