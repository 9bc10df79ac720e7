"""Templates, and what fills them: Jinja2, which comes with the extra ``report``.

Every text is escaped; a template that asks for what is not there is an error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatsbykit.errors import MissingExtraError, SettingsError
from gatsbykit.words import listed

if TYPE_CHECKING:
    from os import PathLike

    from jinja2 import Environment, Template

__all__ = ["environment_of", "sendable", "template_of"]

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def template_of(name: str, folder: str | PathLike[str] | None) -> Template:
    """Return a template, from a folder of somebody's own if it is there.

    Raises:
        MissingExtraError: Jinja2 is not installed.
        ValueError: No file of the folder is named like a template of ours.
    """
    return environment_of(None if folder is None else Path(folder).absolute()).get_template(name)


@lru_cache(maxsize=4)
def environment_of(folder: Path | None) -> Environment:
    """Return what finds and fills the templates, those of a folder first; templates stay compiled."""
    try:
        import jinja2  # noqa: PLC0415 (comes with an extra)
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 (the same)
        from markupsafe import Markup  # noqa: PLC0415 (the same)
    except ImportError:
        raise MissingExtraError("a page of HTML needs jinja2; install gatsbykit[report]") from None
    ours = jinja2.PackageLoader("gatsbykit", "report/templates")
    # Under a name of their own too, so that a template can extend the one whose place it takes.
    places: list[jinja2.BaseLoader] = [ours, jinja2.PrefixLoader({"gatsbykit": ours})]
    if folder is not None:
        _check(folder, ours.list_templates())
        places.insert(0, jinja2.FileSystemLoader(folder))
    loader = jinja2.ChoiceLoader(places)
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def raw(name: str) -> Markup:
        """Return a file as it is: style sheets are no templates."""
        return Markup(loader.get_source(environment, name)[0])  # noqa: S704 (a file, and no input)

    environment.globals["raw"] = raw  # pyright: ignore[reportArgumentType] (typed by what is there already)
    environment.filters["listed"] = listed
    return environment


def _check(folder: Path, names: list[str]) -> None:
    """Refuse a folder that would change nothing, which is a slip of somebody's."""
    if not any((folder / name).is_file() for name in names):
        expected = ", ".join(names)
        raise SettingsError(f"no file in the folder takes the place of a template of ours: {expected}")


def sendable(page: str) -> str:
    """Return a page in ASCII alone, right in whatever encoding it is sent or saved."""
    page = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", page)
    # Quotes as Python's `html.escape` writes them: markupsafe writes numbers, of the same characters.
    page = page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")
