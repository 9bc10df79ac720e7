"""The whole picture as one HTML file: for a screen, a screen reader or A4 paper.

The file needs nothing from elsewhere: no script, no font, no image. It is written by templates, which
Jinja2 fills (the extra ``report``); every text is escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.insight.disclosure import MINIMUM
from gatsbykit.insight.examining import Examiner
from gatsbykit.report.filling import sendable, template_of
from gatsbykit.report.page import page_of
from gatsbykit.report.shown import Shown
from gatsbykit.scoring import DEFAULTS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from os import PathLike

    from gatsbykit.model.records import Records
    from gatsbykit.outcomes.plots import Picture

__all__ = ["report_html"]

_PARTS: Final = {
    "glance": "At a glance",
    "benchmarks": "Benchmarks and criteria",
    "gaps": "Who is missing",
    "groups": "Groups",
    "duties": "Beside the benchmarks",
    "pictures": "Pictures",
    "reading": "How to read this",
}
"""The parts of the page in their order, each with its heading and a template of its name."""


def report_html(
    records: Records,
    *,
    as_of: date,
    edition: str | None = None,
    settings: Settings = DEFAULTS,
    with_learners: bool = False,
    minimum: int = MINIMUM,
    pictures: Iterable[Picture] = (),
    templates: str | PathLike[str] | None = None,
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
        templates: A folder with templates of your own, which take the place of those of the same
            name; the others are still ours. What is hidden does not reach any template.

    Raises:
        EditionError: The edition does not exist or is not for this institution.
        MissingExtraError: Jinja2 is not installed.
        SettingsError: The minimum is below 1.
        ValueError: No file of the folder is named like a template of ours.
        jinja2.TemplateError: A template of your own is wrong; the message says where.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> page = report_html(gk.load("examples/riverside"), as_of=date(2026, 7, 10))
        >>> page.startswith("<!DOCTYPE html>"), "<script" in page, "R0438" in page
        (True, False, False)
    """
    template = template_of("page.html.j2", templates)
    examiner = Examiner(records, as_of=as_of, edition=edition, settings=settings)
    shown = Shown.of(examiner, with_learners=with_learners, minimum=minimum)
    page = page_of(shown, pictures=tuple(picture.to_html() for picture in pictures))
    parts = {name: heading for name, heading in _PARTS.items() if name != "pictures" or page.pictures}
    return sendable(template.render(page=page, parts=parts))
