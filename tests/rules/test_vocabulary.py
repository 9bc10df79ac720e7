from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from cattrs.errors import BaseValidationError

from gatsbykit.errors import EditionError
from gatsbykit.model.encounters import ActivityKind
from gatsbykit.model.institutions import InstitutionKind
from gatsbykit.rules import EDITION_KEYS, Edition, edition, loading, resolve_edition
from gatsbykit.rules.loading import load_sources, read_rules, rules_converter
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from tests.support import oracle


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_editions_have_the_criteria_of_the_contract(key: str) -> None:
    found = edition(key)
    assert found.key == key
    assert [benchmark.number for benchmark in found.benchmarks] == [*range(1, 9)]
    expected = oracle.EDITIONS[key]
    assert [one.id for one in found.criteria] == sorted(expected)
    for one in found.criteria:
        contract = expected[one.id]
        if isinstance(contract, oracle.Declared):
            assert (one.type, one.parts, one.due_years) == ("declared", contract.parts, ())
        else:
            assert one.type == "share"
            assert (one.encounters is None) != (one.destinations is None)
        assert found.criterion(one.id) is one
        assert one.sources
        assert one.text.endswith(".")
        assert one.interpretation is None or one.interpretation.endswith(".")
    assert edition(key) is found


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_reading_is_labelled(key: str) -> None:
    found = edition(key)
    for one in found.criteria:
        if one.encounters is not None and one.encounters.configurable:
            assert one.interpretation is not None
    assert found.notes["presets"]
    assert "Compass" not in " ".join([found.title, found.summary, *found.notes.values()])


def test_checklists_by_kind() -> None:
    old, new = edition("2014-school"), edition("2025-school")
    assert old.checklist(ActivityKind.EMPLOYER_ENCOUNTER).items == ("insight",)
    assert old.checklist(ActivityKind.WORKPLACE_EXPERIENCE).items == ()
    assert len(new.checklist(ActivityKind.WORKPLACE_EXPERIENCE).items) == 7
    for kind in ("guidance_meeting", "labour_market_information", "curriculum_link"):
        assert new.checklist(ActivityKind(kind)).items == ()


def test_what_there_is_not() -> None:
    with pytest.raises(EditionError, match="there is no edition '2030'; choose one of 2014-school, 2018"):
        edition("2030")
    with pytest.raises(KeyError, match="2025-itp has no criterion '8c'; it has 1a, 1b"):
        edition("2025-itp").criterion("8c")


@pytest.mark.parametrize("kind", InstitutionKind)
def test_every_institution_has_one_edition_in_force(kind: InstitutionKind) -> None:
    now = resolve_edition(kind, date(2025, 9, 1))
    assert now.key.startswith("2025-")
    assert kind in now.kinds
    assert resolve_edition(kind, date(2020, 1, 1), now.key) is now
    other = next(key for key in EDITION_KEYS if kind not in edition(key).kinds)
    with pytest.raises(EditionError, match=f"is not for a {kind}; choose one of"):
        resolve_edition(kind, date(2025, 9, 1), other)


def test_the_statutory_rules() -> None:
    access = provider_access_rules()
    assert access.in_force == date(2023, 1, 1)
    assert [phase.name for phase in access.phases] == ["first", "second", "third"]
    late = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 8, 31), date(2024, 9, 1)]
    assert [access.is_late(day) for day in late] == [False, True, True, True, False]
    assert [access.is_late(date(2023, month, 1)) for month in (10, 12, 1, 2)] == [False] * 4
    assert [part.hours for part in work_experience_rules().parts] == [25, 25]


def test_every_source_that_rules_name_is_described() -> None:
    assert {source.checked for source in load_sources().values()} == {"primary", "secondary", "project"}
    for key, source in load_sources().items():
        assert source.key == key
        assert source.title
        assert source.where


# --- rule files that are wrong --------------------------------------------------------------------


def structure(**changes: Any) -> Edition:
    written = {**read_rules("2014-school"), **changes}
    return rules_converter().structure(written, Edition)


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"adviser_level": "6"},
        {"adviser_level": True},
        {"title": 7},
        {"also_before": 1},
        {"in_force": "2014-01-01"},
        {"sources": ["NOBODY"]},
        {"kinds": ["academy"]},
        {"checklists": {"talk": ["insight"]}},
        {"checklists": {"employer_encounter": ["fun"]}},
        {"part_time_jobs": "always"},
    ],
)
def test_a_rule_file_says_nothing_that_is_not_in_the_vocabulary(changes: dict[str, Any]) -> None:
    assert structure() == edition("2014-school")
    with pytest.raises(BaseValidationError):
        structure(**changes)


def test_an_edition_may_be_written_as_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    new_criterion = {"id": "8d", "text": "Something new.", "sources": ["GKIT-SCORING"]}
    written: dict[str, Any] = {
        "key": "2030-school",
        "based_on": "2025-school",
        "title": "The next one",
        "benchmarks": [
            {"number": 8, "title": "Guidance for all", "remove": ["8c"], "criteria": [new_criterion]},
            {"number": 2, "criteria": [{"id": "2b", "text": "Changed.", "sources": ["GKIT-SCORING"]}]},
        ],
    }

    def read(name: str) -> dict[str, Any]:
        return written if name == "2030-school" else read_rules(name)

    monkeypatch.setattr(loading, "read_rules", read)
    monkeypatch.setattr(loading, "EDITION_KEYS", (*EDITION_KEYS, "2030-school"))
    found, base = loading.load_edition.__wrapped__("2030-school"), edition("2025-school")
    assert (found.based_on, found.title, found.summary) == ("2025-school", "The next one", base.summary)
    assert [one.id for one in found.benchmarks[7].criteria] == ["8a", "8b", "8d"]
    assert found.benchmarks[7].title == "Guidance for all"
    assert found.benchmarks[1].title == base.benchmarks[1].title
    assert found.criterion("2b").text == "Changed."
    assert found.criterion("2a") == base.criterion("2a")
    assert found.benchmarks[:1] == base.benchmarks[:1]
    assert found.checklists == base.checklists


def test_training_providers_differ_from_colleges_in_name_alone() -> None:
    provider, college = edition("2025-itp"), edition("2025-college")
    assert provider.based_on == "2025-college"
    assert provider.benchmarks == college.benchmarks
    assert provider.kinds.isdisjoint(college.kinds)
