"""The rules as others read them: the document, its schema, fingerprints, differences and the command."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import jsonschema
import pytest

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.model.answers import Band
from gatsbykit.rules import (
    EDITION_KEYS,
    Cohort,
    CohortWho,
    DestinationRequirement,
    Edition,
    EncounterRequirement,
    Preset,
    edition,
)
from gatsbykit.rules.differences import edition_difference
from gatsbykit.rules.document import (
    NOT_SCORED,
    Json,
    canonical,
    difference_document,
    fingerprint,
    rules_document,
    short_fingerprint,
)
from gatsbykit.rules.loading import load_sources, read_rules
from gatsbykit.rules.schema import rules_schema
from gatsbykit.rules.text import difference_text, rules_text

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = rules_document()
SCHEMA = rules_schema()
AS_OF = date(2026, 7, 10)


def members(value: Json, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from members(member, f"{path}.{key}")
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from members(member, f"{path}[{place}]")


# --- the document -------------------------------------------------------------------------------


def test_the_document_is_plain_and_whole() -> None:
    plain = {dict, list, str, int, bool, type(None)}
    strange = [path for path, value in members(DOCUMENT) if type(value) not in plain]
    assert strange == []
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
    assert [one["key"] for one in DOCUMENT["editions"]] == [*EDITION_KEYS]
    assert DOCUMENT["procedure"]["presets"] == {"every_pupil": "1", "almost_all": "91/100", "legacy": "19/25"}
    assert {name: Fraction(share) for name, share in DOCUMENT["procedure"]["bands"].items()} == {
        band.value: band.lower_bound for band in Band
    }
    assert [form["key"] for form in DOCUMENT["forms"]] == ["legacy-quarters-v1"]


def test_one_edition_comes_with_all_that_it_rests_on() -> None:
    alone = rules_document(["2025-itp"])
    assert [one["key"] for one in alone["editions"]] == ["2025-itp"]
    for key in ("procedure", "provider_access", "work_experience", "forms"):
        assert alone[key] == DOCUMENT[key]
    assert alone["sources"].items() < DOCUMENT["sources"].items()


def test_every_source_that_is_named_is_listed_and_no_other() -> None:
    named = {key for path, value in members(DOCUMENT) if path.endswith("].sources") for key in value} | {
        *DOCUMENT["provider_access"]["sources"],
        *DOCUMENT["work_experience"]["sources"],
    }
    assert named == DOCUMENT["sources"].keys()
    assert DOCUMENT["sources"]["GB1"] == attrs.asdict(load_sources()["GB1"])


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_rule_is_in_the_document(key: str) -> None:
    (written,) = (one for one in DOCUMENT["editions"] if one["key"] == key)
    chosen = edition(key)
    ids = [one["id"] for benchmark in written["benchmarks"] for one in benchmark["criteria"]]
    assert ids == [criterion.id for criterion in chosen.criteria]
    for benchmark in written["benchmarks"]:
        for one in benchmark["criteria"]:
            criterion = chosen.criterion(one["id"])
            assert one["type"] == criterion.type
            if criterion.encounters is not None:
                assert one["encounters"] == json.loads(json.dumps(attrs.asdict(criterion.encounters)))
            assert (one["in_words"]["who"] is None) == (criterion.cohort is None)


def test_every_word_of_the_vocabulary_is_explained() -> None:
    vocabulary = read_rules("procedure")["vocabulary"]
    for name, model in (
        ("cohort", Cohort),
        ("encounters", EncounterRequirement),
        ("destinations", DestinationRequirement),
    ):
        assert vocabulary[name].keys() == {field.name for field in attrs.fields(model)}
    speaking_for_themselves = {
        "key", "title", "summary", "in_force", "kinds", "benchmarks", "notes", "sources", "based_on",
    }  # fmt: skip
    fields = {field.name for field in attrs.fields(Edition)}
    assert vocabulary["edition"].keys() >= fields - speaking_for_themselves


def test_numbers_in_the_words_are_those_of_the_code() -> None:
    steps = DOCUMENT["procedure"]["steps"]
    assert DOCUMENT["procedure"]["key_stages"] == {"KS3": [7, 8, 9], "KS4": [10, 11], "KS5": [12, 13]}
    assert (DOCUMENT["procedure"]["first_year_group"], DOCUMENT["procedure"]["last_year_group"]) == (7, 13)
    assert DOCUMENT["procedure"]["status_order"] == ["attended", "offered", "absent"]
    assert "1 May" in steps["on_roll"]
    summer, spring = (
        gk.Learner(learner_id="L1", year_group=11, on_roll_to=day)
        for day in (date(2026, 5, 1), date(2026, 4, 30))
    )
    assert summer.is_on_roll(AS_OF)
    assert not spring.is_on_roll(AS_OF)


# --- the schema ---------------------------------------------------------------------------------


def test_the_document_fits_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for document in (DOCUMENT, rules_document(["2025-school"])):
        jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)


NOTHING = object()
"""Stands for taking a member away."""

SHARE = "editions 0 benchmarks 1 criteria 0"


def spoilt(path: str, value: object) -> dict[str, Any]:
    """Return the document with one member changed, added or taken away."""
    document = copy.deepcopy(DOCUMENT)
    *way, last = path.split()
    place: Any = document
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is NOTHING:
        del place[last]
    else:
        place[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "gatsbykit-rules/2"),
        ("sources", NOTHING),
        ("more", 1),
        ("procedure presets legacy", 0.76),
        ("procedure presets legacy", NOTHING),
        ("procedure revision", 0),
        ("editions 0 kinds", ["school"]),
        ("editions 0 fingerprint", "sha256:1"),
        ("editions 0 in_force", "1 September 2025"),
        ("editions 0 checklists nothing", []),
        ("editions 0 checklists guidance_meeting", ["nice"]),
        (f"{SHARE} cohort who", "nobody"),
        (f"{SHARE} cohort years", "9"),
        (f"{SHARE} encounters at_least", -1),
        (f"{SHARE} encounters window", NOTHING),
        (f"{SHARE} type", "counted"),
        ("provider_access phases 0 per", "school"),
    ],
)
def test_a_spoilt_document_does_not_fit(path: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt(path, value), SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_carries_the_words_of_the_model() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["Cohort"]["description"] == "The population of a share criterion: its denominator."
    assert definitions["Cohort"]["properties"]["who"] == {"enum": ["due", "everyone", "leavers"]}


# --- fingerprints -------------------------------------------------------------------------------


def without(value: Json, names: set[str]) -> Json:
    if isinstance(value, dict):
        return {key: without(member, names) for key, member in value.items() if key not in names}
    return [without(member, names) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_a_fingerprint_can_be_computed_from_the_document_alone(key: str) -> None:
    (written,) = (one for one in DOCUMENT["editions"] if one["key"] == key)
    in_schools = written["timeline"] == "year_groups"
    covered = {
        "procedure": DOCUMENT["procedure"],
        "edition": {name: value for name, value in written.items() if name != "fingerprint"},
        "provider_access": DOCUMENT["provider_access"] if in_schools else None,
        "work_experience": DOCUMENT["work_experience"] if in_schools else None,
    }
    plain = without(covered, {*DOCUMENT["fingerprint_leaves_out"]})
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert written["fingerprint"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    assert written["fingerprint"].removeprefix("sha256:").startswith(short_fingerprint(edition(key)))


def test_fingerprints_tell_editions_apart() -> None:
    assert len({fingerprint(edition(key)) for key in EDITION_KEYS}) == len(EDITION_KEYS)


def test_better_words_keep_the_fingerprint_and_other_rules_change_it() -> None:
    school = edition("2025-school")
    worded = attrs.evolve(school, title="Another title", summary="Other words", notes={}, sources=())
    assert fingerprint(worded) == fingerprint(school)
    benchmark = school.benchmarks[5]
    six = benchmark.criteria[0]
    assert six.encounters is not None

    def with_six(**changes: Any) -> Edition:
        criteria = (attrs.evolve(six, **changes), *benchmark.criteria[1:])
        changed = attrs.evolve(benchmark, criteria=criteria)
        return attrs.evolve(school, benchmarks=(*school.benchmarks[:5], changed, *school.benchmarks[6:]))

    assert fingerprint(with_six(text="In other words", interpretation=None)) == fingerprint(school)
    for changed in (
        attrs.evolve(school, adviser_level=4),
        attrs.evolve(school, checklists={}),
        with_six(encounters=attrs.evolve(six.encounters, at_least=1)),
        with_six(cohort=Cohort(who=CohortWho.DUE, years=(10,))),
        with_six(id="6z"),
    ):
        assert fingerprint(changed) != fingerprint(school)


@pytest.mark.parametrize("preset", Preset)
def test_presets_are_in_the_fingerprint(preset: Preset) -> None:
    covered = canonical({"presets": DOCUMENT["procedure"]["presets"]}).decode()
    assert f'"{preset.value}":"{preset.threshold}"' in covered
    assert "presets" not in NOT_SCORED


def test_every_scorecard_carries_the_fingerprint_and_its_settings() -> None:
    records = gk.Records(institution=gk.Institution(name="Northfield School", kind="secondary_school"))
    card = gk.score(records, as_of=AS_OF)
    document = card.to_dict()
    assert card.fingerprint == fingerprint(edition("2025-school"))
    assert document["rules"] == {"fingerprint": f"sha256:{card.fingerprint}"}
    assert document["settings"] == {"unknown": "exclude", "adviser_level": 6, "at_least": {}}
    assert f"Rules {card.fingerprint[:12]} (python -m gatsbykit rules 2025-school)" in str(card).splitlines()
    settings = gk.Settings(unknown="include", adviser_level=4, at_least={"6a": 1})
    chosen = gk.score(records, as_of=AS_OF, settings=settings)
    assert chosen.fingerprint == card.fingerprint  # settings are no rules
    assert chosen.to_dict()["settings"] == {"unknown": "include", "adviser_level": 4, "at_least": {"6a": 1}}


# --- differences --------------------------------------------------------------------------------


def test_a_difference_as_data() -> None:
    document = difference_document(edition_difference(edition("2014-school"), edition("2025-school")))
    assert json.loads(json.dumps(document)) == document
    assert document["before"] == {
        "key": "2014-school",
        "fingerprint": f"sha256:{fingerprint(edition('2014-school'))}",
    }
    by_id = {one["after"]["id"]: one for one in document["criteria"]}
    assert by_id["1c"]["kind"] == "added"
    assert by_id["1c"]["before"] == []
    assert [one["id"] for one in by_id["3b"]["before"]] == ["3b", "3c"]
    assert by_id["6a"]["before"][0]["encounters"]["at_least"] == 1
    assert by_id["6a"]["after"]["encounters"]["at_least"] == 2
    assert {change["aspect"] for change in by_id["6a"]["changes"]} == {"needs", "counts"}
    assert document["changed"].keys() == {str(number) for number in range(1, 9)}
    assert set(document["sources"]) <= load_sources().keys()


def test_a_dropped_criterion_as_data() -> None:
    document = difference_document(edition_difference(edition("2018-college"), edition("2025-college")))
    dropped = [one for one in document["criteria"] if one["kind"] == "dropped"]
    assert [(one["before"][0]["id"], one["after"]) for one in dropped] == [("5b", None), ("8b", None)]


# --- the command --------------------------------------------------------------------------------


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["rules", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_rules_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys)
    assert text == f"{rules_text()}\n"
    assert all(len(line) <= 80 for line in text.splitlines())
    for key in EDITION_KEYS:
        assert edition(key).title in text
        assert short_fingerprint(edition(key)) in text
    words = " ".join(text.split())
    for key in EDITION_KEYS:
        for criterion in edition(key).criteria:
            assert criterion.text in words
    for step in DOCUMENT["procedure"]["steps"].values():
        assert step in words


def test_rules_of_one_edition_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "2025-college")
    assert edition("2025-college").title in text
    assert edition("2025-school").title not in text
    assert "Left out" not in text  # the college edition leaves no row out
    assert "Left out" in output(capsys, "2025-school")


@pytest.mark.parametrize("arguments", [[], ["2014-school"]])
def test_rules_as_json(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    document = json.loads(output(capsys, *arguments, "--format", "json"))
    assert document == rules_document(arguments or EDITION_KEYS)


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(output(capsys, "--schema")) == SCHEMA


@pytest.mark.parametrize("before", EDITION_KEYS)
@pytest.mark.parametrize("after", EDITION_KEYS)
def test_differences_as_text(before: str, after: str) -> None:
    text = difference_text(edition_difference(edition(before), edition(after)))
    assert all(len(line) <= 80 for line in text.splitlines())
    assert text.startswith("From  ")
    assert "as before." in text


def test_a_difference_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--diff", "2018-college", "2025-college")
    assert "   5b  no longer asked for: The college records learners' part-time jobs and" in text
    assert "   1e  changed, from 1b: " in text
    assert "   1c  new: " in text
    assert "       counts: as changed for the edition as a whole" in text
    assert "\n3 criteria are as before.\n" in text


def test_a_difference_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(output(capsys, "--diff", "2025-college", "2025-itp", "--format", "json"))
    assert document["edition"] == [
        {"aspect": "institutions", "before": "college and sixth_form_college", "after": "training_provider"}
    ]
    assert {one["kind"] for one in document["criteria"]} == {"same"}


def test_an_unknown_edition(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "2019-school"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"there is no edition '2019-school'; choose one of {', '.join(EDITION_KEYS)}\n"


@pytest.mark.parametrize("arguments", [["2025-itp", "--schema"], ["--diff", "2025-itp"]])
def test_bad_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["rules", *arguments])
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""
