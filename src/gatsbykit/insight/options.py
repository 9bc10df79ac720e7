"""Options for a closing plan: from a file, from a programme, from what was done before, from a catalogue."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter, defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from gatsbykit.exchange.objects import load_object, object_document, object_schema
from gatsbykit.jsonschema import DIALECT
from gatsbykit.model.calendar import AcademicYear
from gatsbykit.model.encounters import Activity, ActivityKind, Mode, ParticipationStatus, ProviderType
from gatsbykit.model.options import OptionSource, PlanningOption, PlanningRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.model.records import Records

__all__ = [
    "catalogue_options",
    "load_request",
    "options_from_programme",
    "options_from_records",
    "read_request",
    "request_schema",
    "usual_options",
]

_YEARS_BACK = 1
_HOUR = 60


def read_request(document: bytes | str | dict[str, Any], *, name: str = "options.json") -> PlanningRequest:
    """Read options and limits from JSON.

    Args:
        document: Its bytes (UTF-8), its text, or the parsed value.
        name: What messages call it.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> asked = read_request({"options": [{"id": "t", "title": "Talk", "kinds": ["employer_encounter"]}]})
        >>> asked.options[0].places
        30
    """
    return object_document(document, PlanningRequest, name)


def load_request(path: str | Path) -> PlanningRequest:
    """Read options and limits from a file.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.
    """
    return load_object(path, PlanningRequest)


def request_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of options and limits.

    Examples:
        >>> request_schema()["$defs"]["PlanningOption"]["required"]
        ['id', 'title', 'kinds']
    """
    definitions: dict[str, Any] = {}
    reference = object_schema(PlanningRequest, definitions)
    return {
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:options:1",
        "title": "options and limits of a closing plan, version 1",
        **reference,
        "$defs": definitions,
    }


@functools.cache
def catalogue_options() -> tuple[PlanningOption, ...]:
    """Return what most schools could put on. The numbers are ours, and costs are unknown.

    Examples:
        >>> [option.id for option in catalogue_options()][:3]
        ['lesson', 'employer-talk', 'employer-lesson']
    """
    text = files("gatsbykit.insight").joinpath("data", "options.toml").read_text(encoding="utf-8")
    written: list[dict[str, Any]] = tomllib.loads(text)["options"]
    return tuple(PlanningOption(**fields, source=OptionSource.CATALOGUE) for fields in written)


def options_from_programme(programme: CareersProgramme) -> tuple[PlanningOption, ...]:
    """Return the planned activities of a programme as options to be held again.

    Those without a kind, and those that are not for learners, are left out. What one costs is what a
    session costs; where a leader delivers it, the leader's hours are as long as it lasts.

    Args:
        programme: The programme.

    Examples:
        >>> from gatsbykit.exchange.programme import load_programme
        >>> found = options_from_programme(load_programme("examples/northfield/programme.json"))
        >>> [option.id for option in found if option.places == 24]
        ['programme: guidance-early']
    """
    return tuple(
        PlanningOption(
            id=f"programme: {one.id}",
            title=one.title,
            kinds=one.kinds,
            subjects=one.subjects,
            provider_types=one.provider_types,
            site_visit=one.site_visit,
            year_groups=one.year_groups,
            places=one.places or _PLACES,
            cost=one.cost,
            leader_hours=one.duration / _HOUR
            if one.duration is not None and any(role.is_leader for role in one.delivery_roles)
            else None,
            duration=one.duration,
            mode=one.mode,
            source=OptionSource.PROGRAMME,
        )
        for one in programme.activities
        if one.kinds and (one.target_group is None or one.target_group.is_learners)
    )


_PLACES = 30


def options_from_records(records: Records, *, as_of: date) -> tuple[PlanningOption, ...]:
    """Return what the institution did in this academic year and the last as options to be held again.

    Activities that are of the same kinds, with the same types of provider, on a site or not, are one
    option, in person if any of them was. It has the places of the largest of them, as many subjects
    as one of them had at most, and the sessions that there were on its busiest day. It is for one year
    group at a time if all of them were. What it costs is not recorded.

    Args:
        records: The records of the institution.
        as_of: The day up to which they count.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> found = options_from_records(gk.load("examples/northfield"), as_of=date(2026, 7, 10))
        >>> next(option.places for option in found if option.kinds == {"guidance_meeting"})
        1
    """
    first = AcademicYear.of(as_of).plus(-_YEARS_BACK).first_day
    attended = _attended(records)
    years = {one.learner_id: one.current_year_group() for one in records.learners or ()}
    alike: defaultdict[tuple[Any, ...], list[Activity]] = defaultdict(list)
    for one in records.activities or ():
        if first <= one.date <= as_of and attended.get(one.activity_id) and not one.part_time_job:
            kinds = tuple(sorted(one.kinds))
            alike[kinds, tuple(sorted(one.provider_types)), one.site_visit is True].append(one)
    return tuple(
        _option(f"record {number}", key, alike[key], attended, years)
        for number, key in enumerate(sorted(alike), 1)
    )


def _attended(records: Records) -> Mapping[str, frozenset[str]]:
    who: defaultdict[str, set[str]] = defaultdict(set)
    for row in records.participations or ():
        if row.status is ParticipationStatus.ATTENDED:
            who[row.activity_id].add(row.learner_id)
    return {activity_id: frozenset(ids) for activity_id, ids in who.items()}


def _option(
    option_id: str,
    key: tuple[Any, ...],
    held: list[Activity],
    attended: Mapping[str, frozenset[str]],
    years: Mapping[str, int | None],
) -> PlanningOption:
    kinds, providers, site = cast("tuple[tuple[ActivityKind, ...], tuple[ProviderType, ...], bool]", key)
    busiest = Counter(one.date for one in held)
    largest = max(held, key=lambda one: (len(attended[one.activity_id]), one.activity_id))
    at_once = [{years.get(who) for who in attended[one.activity_id]} for one in held]
    lasting = sorted(one.duration for one in held if one.duration is not None)
    return PlanningOption(
        id=option_id,
        title=_title(largest),
        kinds=frozenset(kinds),
        subjects_each=max(1, *(len(one.subjects) for one in held)),
        provider_types=frozenset(providers),
        site_visit=site or None,
        mixed_years=any(len(found) > 1 for found in at_once),
        places=len(attended[largest.activity_id]),
        duration=lasting[len(lasting) // 2] if lasting else None,
        mode=Mode.IN_PERSON if any(one.mode is not Mode.VIRTUAL for one in held) else Mode.VIRTUAL,
        per_day=max(busiest.values()),
        source=OptionSource.RECORD,
    )


def _title(activity: Activity) -> str:
    """Return the title of an activity without what follows a colon or a comma."""
    title = " ".join((activity.title or "").split())
    for sign in (":", ",", "("):
        title = title.partition(sign)[0]
    return title.strip() or " and ".join(sorted(kind.replace("_", " ") for kind in activity.kinds))


def usual_options(
    records: Records, *, as_of: date, programme: CareersProgramme | None = None
) -> tuple[PlanningOption, ...]:
    """Return options from the programme, from what was done before, and from the catalogue.

    The catalogue adds those alone that are of kinds, types of provider and a site of which there is
    nothing else.

    Args:
        records: The records of the institution.
        as_of: The day up to which they count.
        programme: The careers programme, if there is one.
    """
    own = (
        *(options_from_programme(programme) if programme is not None else ()),
        *options_from_records(records, as_of=as_of),
    )
    return (*own, *_not_among(own, catalogue_options()))


def _not_among(own: Iterable[PlanningOption], others: Iterable[PlanningOption]) -> list[PlanningOption]:
    own = tuple(own)
    return [
        other
        for other in others
        if not any(
            other.kinds <= one.kinds
            and other.provider_types <= one.provider_types
            and (one.site_visit or not other.site_visit)
            for one in own
        )
    ]
