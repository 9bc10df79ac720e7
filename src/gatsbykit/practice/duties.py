"""What the website of an institution must show of its careers programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from gatsbykit.model.fields import checked
from gatsbykit.practice.rulebook import review_rules
from gatsbykit.rules.vocabulary import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatsbykit.scoring.programme_case import Case

__all__ = ["Duty", "website_duties"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class Duty:
    """A duty, and whether it is kept.

    Args:
        id: Its id.
        words: What it asks for.
        is_met: Whether it is kept; ``None`` where the programme says nothing of its publication.
        lacking: What is lacking, by field.
    """

    id: str
    words: str
    is_met: bool | None
    lacking: tuple[str, ...]


def website_duties(case: Case) -> tuple[Duty, ...]:
    """Return the duties of a website, and whether each is kept.

    Args:
        case: The programme, the day and the edition.
    """
    return tuple(_duties(case))


def _duties(case: Case) -> Iterator[Duty]:
    is_school = case.edition.timeline is Timeline.YEAR_GROUPS
    for key, rule in review_rules()["duties"].items():
        if key == "source" or (rule.get("schools_only", False) and not is_school):
            continue
        lacking = tuple(_lacking(case, rule.get("fields")))
        is_met = None if case.programme.publication is None else not lacking
        yield Duty(id=key, words=rule["words"], is_met=is_met, lacking=lacking)


def _lacking(case: Case, fields: list[str] | None) -> Iterator[str]:
    """Yield what a duty lacks; one without fields is that of a summary for each audience."""
    page = case.programme.publication
    if page is None:
        yield "publication"
    elif fields is None:
        told = {one.audience for one in page.summaries}
        yield from (f"summaries.{one}" for one in case.told if one not in told)
    else:
        yield from (name for name in fields if getattr(page, name) is None)
        if "next_review" in fields and page.next_review is not None and page.next_review < case.as_of:
            yield "next_review"
