"""Every edition point by point, without chance: institutions in which each learner turns on one thing.

The engine reads the editions, the oracle has its words from the contract. A point of a checklist, a
year group, a number or a type that is changed in an edition moves a learner here, in every run.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

import gatsbykit as gk
from gatsbykit.model.encounters import CHECKLIST_ITEMS, PROVIDER_ACCESS_ITEMS
from gatsbykit.rules import EDITION_KEYS, edition
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from tests.support import oracle
from tests.support.builders import activity, learner, records, row, scored
from tests.support.judged import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gatsbykit.model.answers import DeclaredAnswer

AS_OF: Final = date(2026, 7, 10)
ONE_DAY: Final = timedelta(days=1)
ALL_TYPES: Final = frozenset(gk.ProviderType)
DUE: Final = (9, 11, 13)
SUBJECTS: Final = (*sorted(oracle.STEM_SUBJECTS), "art", "economics", "english", "geography", "psychology")

KINDS: Final = (*((kind,) for kind in gk.ActivityKind), ("employer_encounter", "curriculum_link"))
"""Each kind alone, and the two that colleges need at once."""

GOOD: Final[dict[str, Any]] = {
    **dict.fromkeys((*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS, "site_visit", "school_day"), True),
    "adviser_level": 6,
    "provider_types": ALL_TYPES,
    "subjects": frozenset(SUBJECTS),
    "duration": 600,
}
"""What an activity is like of which nothing is wanting."""

FLAWS: Final[tuple[dict[str, Any], ...]] = (
    *({item: answer} for item in CHECKLIST_ITEMS for answer in (None, False)),
    *({item: None, "meaningful": answer} for item in CHECKLIST_ITEMS for answer in (True, False)),
    *({item: answer, "part_time_job": True} for item in CHECKLIST_ITEMS for answer in (None, False)),
    {"meaningful": True, "task": False},
    {"meaningful": False},
    *({"part_time_job": True, "meaningful": answer} for answer in (None, True, False)),
    {"part_time_job": False},
    *({"adviser_level": level} for level in (None, 4, 5, 7)),
    {"adviser_level": None, "meaningful": True},
    *({"site_visit": answer} for answer in (None, False)),
    {"provider_types": frozenset()},
    *({"provider_types": frozenset({only})} for only in gk.ProviderType),
    *({"provider_types": ALL_TYPES - {missing}} for missing in gk.ProviderType),
    *({"provider_types": frozenset(pair)} for pair in itertools.combinations(gk.ProviderType, 2)),
    {"subjects": frozenset()},
    *({"subjects": frozenset({subject})} for subject in SUBJECTS),
    *({item: answer} for item in (*PROVIDER_ACCESS_ITEMS, "school_day") for answer in (None, False)),
    {"providers": frozenset()},
    *({"duration": minutes} for minutes in (None, 0, 499, 500)),
)
"""What one activity may lack, each alone."""


class Event(NamedTuple):
    """What a learner took part in: a good activity with some facts changed."""

    day: date
    kinds: frozenset[str]
    facts: dict[str, Any]
    status: str
    override: int | None


def event(
    day: date, *kinds: str, status: str = "attended", override: int | None = None, **facts: Any
) -> Event:
    return Event(day, frozenset(kinds), facts, status, override)


def year_ago(years: int, month: int = 11, day: int = 4) -> date:
    """Give a day of the academic year so many years before the present one."""
    return date((2025 if month >= 9 else 2026) - years, month, day)


class Crowd:
    """An institution in the making: learners with the events that they took part in."""

    def __init__(self, kind: gk.InstitutionKind) -> None:
        self.kind = kind
        self.learners: list[gk.Learner] = []
        self.activities: dict[Any, gk.Activity] = {}
        self.rows: list[gk.Participation] = []
        self.destinations: list[gk.Destination] = []

    def add(self, events: Iterable[Event] = (), *, year: int = 11, **facts: Any) -> str:
        """Add a learner who is due, but for what is said otherwise."""
        name = f"L{len(self.learners):05}"
        usual: dict[str, Any] = {"considering_he": True, "subjects": {"english"}}
        if not self.kind.is_school:
            usual |= {"date_of_birth": date(2008, 3, 1), "programme_end": date(2026, 6, 26)}
        self.learners.append(learner(name, year, **{**usual, **facts}))
        number_of: dict[Any, int] = {}
        for one in events:
            key = one.day, one.kinds, repr(sorted(one.facts.items(), key=str))
            number_of[key] = number = number_of.get(key, 0) + 1
            held = self.activities.get((key, number))
            if held is None:
                activity_id = f"A{len(self.activities):05}"
                given = {"providers": frozenset({f"provider {activity_id}"}), **GOOD, **one.facts}
                held = activity(one.day, *one.kinds, activity_id=activity_id, **given)
                self.activities[key, number] = held
            place = {"activity_id": held.activity_id, "learner_id": name}
            self.rows.append(row(one.status, one.override, **place))
        return name

    def records(self) -> gk.Records:
        return records(
            self.learners,
            self.activities.values(),
            self.rows,
            kind=self.kind,
            destinations=self.destinations,
        )


# --- who turns on what ----------------------------------------------------------------------------


def add_numbers(crowd: Crowd) -> None:
    """In each year group, so many good activities of one kind in one year group."""
    for year, kinds in itertools.product(range(5, 15), KINDS):
        for back in range(max(year - 5, 1)):
            for number in (1, 2, 3):
                crowd.add([event(year_ago(back), *kinds)] * number, year=year)


def add_overrides(crowd: Crowd) -> None:
    """Activities of this year, of which the records say in which year group the learner was."""
    for year, kinds, override in itertools.product(range(7, 14), KINDS, range(5, 15)):
        for number in (1, 2, 3):
            crowd.add([event(year_ago(0), *kinds, override=override)] * number, year=year)


def add_flaws(crowd: Crowd) -> None:
    """Enough activities of a kind, all with the same flaw."""
    for year, kinds, flaw in itertools.product(DUE, KINDS, FLAWS):
        crowd.add([event(year_ago(0), *kinds, **flaw)] * 3, year=year)


def add_places(crowd: Crowd) -> None:
    """Places that were not taken; and one good activity among those that were not."""
    for year, kinds, status in itertools.product(DUE, KINDS, ("offered", "absent")):
        missed = event(year_ago(0), *kinds, status=status)
        crowd.add([missed] * 3, year=year)
        crowd.add([missed, missed, event(year_ago(0), *kinds)], year=year)


def add_mixtures(crowd: Crowd) -> None:
    """Activities of two kinds, alone and beside others of one of them."""
    for year, (one, other) in itertools.product(DUE, itertools.permutations(gk.ActivityKind, 2)):
        both, single = event(year_ago(0), one, other), event(year_ago(0), one)
        for events in ([both], [both, both], [both, single], [single, single, event(year_ago(0), other)]):
            crowd.add(events, year=year)


def add_days(crowd: Crowd) -> None:
    """One kind on the days on which years change, and around the assessment."""
    days = [
        *(date(year, *day) for year in range(2019, 2027) for day in ((8, 31), (9, 1), (2, 28), (3, 1))),
        date(2024, 2, 29), AS_OF, AS_OF + ONE_DAY,
    ]  # fmt: skip
    for year, kinds, day in itertools.product(range(7, 14), KINDS, days):
        crowd.add([event(day, *kinds)] * 3, year=year)


def add_types(crowd: Crowd) -> None:
    """Types of provider that are met one after the other."""
    for year, size in itertools.product((11, 13), range(6)):
        for types in itertools.combinations(gk.ProviderType, size):
            met = [event(year_ago(0), "provider_encounter", provider_types=frozenset({one})) for one in types]
            crowd.add(met, year=year)


def add_subjects(crowd: Crowd) -> None:
    """Links in some of a learner's subjects, or in all."""
    own = ("english", "art", "science")
    for year, chosen, back in itertools.product(DUE, range(8), (0, 1)):
        linked = [subject for place, subject in enumerate(own) if chosen >> place & 1]
        links = [
            event(year_ago(back), "curriculum_link", subjects=frozenset({subject})) for subject in linked
        ]
        crowd.add(links, year=year, subjects=set(own))
        crowd.add(links, year=year, subjects=set())


def everything() -> list[Event]:
    return [event(year_ago(0), *gk.ActivityKind)] * 3


def add_people(crowd: Crowd) -> None:
    """Learners who have done everything and may not count, or not be asked."""
    facts: list[dict[str, Any]] = [
        *({"considering_he": answer} for answer in (True, False, None)),
        *({"in_cohort": answer} for answer in (True, False, None)),
        *({"on_roll_from": AS_OF + ONE_DAY * days} for days in (-1, 0, 1)),
        *({"on_roll_to": AS_OF + ONE_DAY * days} for days in (-1, 0, 1)),
        *({"on_roll_to": day} for day in (date(2026, 4, 30), date(2026, 5, 1), date(2025, 8, 31))),
        *({"programme_end": day} for day in (None, *(date(2025, 8, 31) + ONE_DAY * d for d in (0, 1)))),
        *({"programme_end": date(2026, 8, 31) + ONE_DAY * days} for days in (0, 1)),
        *({"programme_start": year_ago(0) + ONE_DAY * days} for days in (-1, 0, 1)),
        *(
            {"date_of_birth": date(2025 - age - 1, 8, 31) + ONE_DAY * days, "sen_provision": provision}
            for age in (16, 17, 18, 19, 23, 24, 25)
            for days in (0, 1)
            for provision in (None, gk.SenProvision.SUPPORT, gk.SenProvision.EHC_PLAN)
        ),
        {"date_of_birth": None},
    ]
    for year, fact in itertools.product((5, 9, 11, 12, 13, 14), facts):
        crowd.add(everything(), year=year, **fact)
        crowd.add(year=year, **fact)


def add_leavers(crowd: Crowd) -> None:
    """Leavers of the last years, seen in all, all but one or none of the years since."""
    for year, back in itertools.product(range(9, 15), range(5)):
        left = year_ago(back, 7, 4)
        seen = [date(later, 11, 4) for later in range(left.year, 2026)]
        patterns = [seen, [], [left], [left + ONE_DAY], [AS_OF + ONE_DAY], [AS_OF]]
        patterns += [[day for day in seen if day != gap] for gap in seen]
        for number, days in enumerate(patterns):
            intention, subjects = (True, False, None)[number % 3], {"english"} if number % 2 else set[str]()
            name = crowd.add(year=year, on_roll_to=left, considering_he=intention, subjects=subjects)
            crowd.destinations += [
                gk.Destination(learner_id=name, date=day, category="employment") for day in days
            ]
        name = crowd.add(year=year, on_roll_to=left)
        crowd.destinations += [gk.Destination(learner_id=name, date=day, category="unknown") for day in seen]


def add_occasions(crowd: Crowd) -> None:
    """Two occasions of the provider access law, of the same providers or of others."""
    for year, backs in itertools.product(range(8, 14), itertools.product(range(3), repeat=2)):
        for names in (("one", "one"), ("one", "other")):
            crowd.add(
                [
                    event(year_ago(back, 2, 3 + place), "provider_encounter", providers=frozenset({name}))
                    for place, (back, name) in enumerate(zip(backs, names, strict=True))
                ],
                year=year,
            )
    # Of a leap year too: then a learner who is in the same year group again had it in that year.
    for year, day in itertools.product((9, 11, 13), (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))):
        crowd.add([event(day, "provider_encounter", override=year)] * 2, year=year)


CROWDS: Final[tuple[Callable[[Crowd], None], ...]] = (
    add_numbers,
    add_overrides,
    add_flaws,
    add_places,
    add_mixtures,
    add_days,
    add_types,
    add_subjects,
    add_people,
    add_leavers,
    add_occasions,
)


def differences(found: gk.Records, key: str, unknown: Any) -> dict[str, Any]:
    """Return what the engine and the oracle say differently, by criterion and by name."""
    card = gk.score(found, as_of=AS_OF, edition=key, settings=gk.Settings(unknown=unknown)).to_dict()
    expected = oracle.score(found, as_of=AS_OF, edition=key, unknown=unknown)
    said, meant = judged(card), judged(expected)
    apart: dict[str, Any] = {name: (said[name], meant[name]) for name in said if said[name] != meant[name]}
    for ours, theirs in zip(said["benchmarks"], meant["benchmarks"], strict=True):
        for one, other in zip(ours["criteria"], theirs["criteria"], strict=True):
            if one != other:
                apart[other["id"]] = sorted({*(one["missing"] or ())} ^ {*(other["missing"] or ())})
    return apart


@pytest.mark.parametrize("fill", CROWDS, ids=lambda fill: fill.__name__.removeprefix("add_"))
@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_edition_is_what_the_contract_says(key: str, fill: Callable[[Crowd], None]) -> None:
    for kind in sorted(edition(key).kinds):
        crowd = Crowd(kind)
        fill(crowd)
        found = crowd.records()
        for unknown in ("exclude", "include"):
            assert differences(found, key, unknown) == {}, (kind, unknown)


# --- what an institution declares -----------------------------------------------------------------


def sheets(criterion: oracle.Declared) -> Iterable[DeclaredAnswer | None]:
    """Give what may be answered: all yes, and each part otherwise or not at all."""
    if not criterion.parts:
        return (*gk.Answer, None)
    yes = dict.fromkeys(criterion.parts, gk.Answer.YES)
    changed = [{**yes, part: answer} for part in yes for answer in (gk.Answer.NO, gk.Answer.IN_PROGRESS)]
    left_out = [{other: yes[other] for other in yes if other != part} for part in yes]
    return map(gk.PartAnswers, (yes, {}, *changed, *left_out))


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_part_of_a_declared_criterion_is_asked(key: str) -> None:
    institution = gk.Institution(name="Anywhere", kind=min(edition(key).kinds))
    declared = {one: what for one, what in oracle.EDITIONS[key].items() if isinstance(what, oracle.Declared)}
    for criterion_id, criterion in declared.items():
        for answer in sheets(criterion):
            given = {} if answer is None else {criterion_id: answer}
            found = gk.Records(institution=institution, answers={key: given})
            assert differences(found, key, "exclude") == {}, (criterion_id, answer)


# --- what stands beside the benchmarks ------------------------------------------------------------


def test_the_phases_of_the_provider_access_law() -> None:
    phases = provider_access_rules().phases
    assert [
        (one.name, one.any_time_year, one.until_year, one.per, one.occasions, one.different_providers)
        for one in phases
    ] == [
        ("first", 8, 9, "learner", 2, True),
        ("second", 10, 11, "learner", 2, True),
        ("third", 12, 13, "institution", 2, False),
    ]
    assert [(one.name, one.due_year, one.years, one.hours) for one in work_experience_rules().parts] == [
        ("by_year_9", 9, (7, 8, 9), 25),
        ("by_year_11", 11, (10, 11), 25),
    ]


@pytest.mark.parametrize(
    ("year", "phase", "same", "others"), [(9, "first", 0, 1), (11, "second", 0, 1), (13, "third", 2, 2)]
)
def test_only_in_the_third_phase_may_both_occasions_be_of_the_same_providers(
    year: int, phase: str, same: int, others: int
) -> None:
    def numerator(names: Sequence[str]) -> int:
        crowd = Crowd(gk.InstitutionKind.SECONDARY_SCHOOL)
        crowd.add(
            [
                event(year_ago(1, 2, 3 + place), "provider_encounter", providers=frozenset({name}))
                for place, name in enumerate(names)
            ],
            year=year,
        )
        access = scored(crowd.records(), AS_OF).provider_access
        assert access is not None
        return access[phase].tally.numerator

    assert numerator(["Northern College", "Northern College"]) == same
    assert numerator(["Northern College", "Acme Training"]) == others
