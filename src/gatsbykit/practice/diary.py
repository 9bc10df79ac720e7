"""A programme as a calendar that diaries can read (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from gatsbykit.errors import MissingExtraError
from gatsbykit.words import name_words, years_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.provision import PlannedActivity

__all__ = ["programme_calendar"]

_PRODUCT = "-//gatsbykit//careers programme//EN"


def programme_calendar(programme: CareersProgramme, *, as_of: date) -> str:
    """Return the days of a programme as an iCalendar text: activities, reviews, actions that are due.

    Every entry is one of whole days. Nobody is named.

    Args:
        programme: The programme.
        as_of: The day that entries are stamped with: the library reads no clock.

    Raises:
        MissingExtraError: `icalendar` is not installed (``pip install 'gatsbykit[calendar]'``).

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.exchange.programme import load_programme
        >>> programme = load_programme("examples/northfield/programme.json")
        >>> programme_calendar(programme, as_of=date(2026, 7, 10)).count("BEGIN:VEVENT")
        29
    """
    try:
        import icalendar  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtraError("a calendar needs icalendar: pip install 'gatsbykit[calendar]'") from None
    library = cast("Any", icalendar)
    calendar = library.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    stamp = datetime.combine(as_of, time(), UTC)
    for key, day, summary, about in _entries(programme):
        event = library.Event()
        event.add("uid", f"{key}@careers-programme")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        if day.year < 9999:  # the day after the last one of the calendar is none
            event.add("dtend", day + timedelta(days=1))
        event.add("summary", summary)
        if about:
            event.add("description", about)
        calendar.add_component(event)
    return cast("bytes", calendar.to_ical()).decode()


def _entries(programme: CareersProgramme) -> Iterator[tuple[str, date, str, str]]:
    for index, one in enumerate(programme.activities):
        yield from _activity_entries(index, one)
    for number, day in enumerate(programme.review_dates):
        yield f"review-{number}", day, "Review of the careers programme", ""
    for index, gap in enumerate(programme.gaps):
        for number, action in enumerate(gap.actions):
            due = action.due_on()
            if action.is_open and due is not None:
                owners = ", ".join(map(name_words, action.owner_roles))
                yield f"action-{index}-{number}", due, f"Due: {action.text}", owners
    for index, objective in enumerate(programme.objectives):
        if objective.due is not None:
            yield f"objective-{index}", objective.due, f"Objective: {objective.text}", objective.measure or ""


def _activity_entries(index: int, one: PlannedActivity) -> Iterator[tuple[str, date, str, str]]:
    about = years_words(sorted(one.year_groups)) if one.year_groups else ""
    for number, day in enumerate(one.dates):
        yield f"activity-{index}-{number}", day, one.title, about
    for number, session in enumerate(one.series):
        if session.date is not None and session.date not in one.dates:
            yield f"session-{index}-{number}", session.date, f"{one.title}: {session.part}", about
