"""A programme answers where the institution does not (scoring.md 4, exchange.md)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange.programme import programme_document, read_programme
from gatsbykit.exchange.schema import document_schema
from gatsbykit.exchange.writing import document
from gatsbykit.model.answers import Answer, PartAnswers
from gatsbykit.practice.review import answers_of_programme
from gatsbykit.rules import edition
from gatsbykit.scoring.ledger import Ledger
from gatsbykit.scoring.schema import scorecard_schema
from tests.support import oracle
from tests.support.builders import learner, records, scored
from tests.support.judged import judged
from tests.support.programmes import AS_OF, programmes, sound

if TYPE_CHECKING:
    from pathlib import Path

    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.scoring import CriterionResult

YES, IN_PROGRESS, NO = Answer.YES, Answer.IN_PROGRESS, Answer.NO
KEY = "2025-school"
CARDS: Any = jsonschema.Draft202012Validator(scorecard_schema())
DECLARED = [one for one in edition(KEY).criteria if one.type == "declared"]


def school(programme: CareersProgramme | None, answers: dict[str, Any] | None = None) -> gk.Records:
    return records([learner("L", 11)], [], [], programme=programme, answers={KEY: answers or {}})


def result(answers: dict[str, Any], criterion_id: str) -> CriterionResult:
    return gk.score(school(sound(), answers), as_of=AS_OF)[criterion_id]


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some declared criteria, and to some of their parts."""
    words = st.sampled_from(list(Answer))
    return st.fixed_dictionaries(
        {},
        optional={
            one.id: st.dictionaries(st.sampled_from(one.parts), words).map(PartAnswers)
            if one.parts
            else words
            for one in DECLARED
        },
    )


def by_hand(given: dict[str, Any], follows: Any) -> dict[str, Any]:
    """The answers in force, worked out another way: part by part."""
    made: dict[str, Any] = {}
    for one in DECLARED:
        if not one.parts:
            answer = given.get(one.id, follows.get(one.id))
            if answer is not None:
                made[one.id] = answer
            continue
        parts: dict[str, Answer] = {}
        for part in one.parts:
            for source in (follows, given):
                found = source.get(one.id)
                if found is not None and part in found.parts:
                    parts[part] = found.parts[part]
        if parts:
            made[one.id] = PartAnswers(parts)
    return made


@settings(max_examples=40)
@given(programmes(), answers())
def test_a_score_is_that_of_the_answers_in_force(programme: CareersProgramme, own: dict[str, Any]) -> None:
    """The straightforward implementation, given the answers put together by hand, says the same."""
    both = school(programme, own)
    follows = answers_of_programme(programme, as_of=AS_OF, edition=KEY, records=both)
    merged = by_hand(own, follows)
    card = gk.score(both, as_of=AS_OF, edition=KEY)
    expected = judged(oracle.score(school(None, merged), as_of=AS_OF, edition=KEY))
    found = judged(card.to_dict())
    for one in (expected, found):
        for benchmark in one["benchmarks"]:
            for criterion in benchmark["criteria"]:
                criterion.pop("origin")
    assert found == expected
    for criterion in DECLARED:
        assert card[criterion.id].origin == origin_by_hand(
            criterion.parts, own.get(criterion.id), follows.get(criterion.id)
        )
    assert Ledger(both, as_of=AS_OF, edition=KEY).scorecard() == card
    CARDS.validate(card.to_dict())


def origin_by_hand(parts: tuple[str, ...], own: Any, follows: Any) -> str | None:
    if not parts:
        return "answers" if own is not None else "programme" if follows is not None else None
    mine = [part for part in parts if own is not None and part in own.parts]
    theirs = [part for part in parts if follows is not None and part in follows.parts and part not in mine]
    if mine:
        return "both" if theirs else "answers"
    return "programme" if theirs else None


@settings(max_examples=40)
@given(programmes(), answers())
def test_records_with_a_programme_read_back(programme: CareersProgramme, own: dict[str, Any]) -> None:
    both = school(programme, own)
    written = json.loads(json.dumps(document(both)))
    assert gk.read_document(json.dumps(written).encode()) == gk.read_document(written)
    assert gk.read_document(written).programme == programme


def test_where_an_answer_comes_from() -> None:
    assert result({}, "1b").origin == "programme"
    assert result({"1b": YES}, "1b").origin == "answers"
    parts = {"governors": YES}
    assert result({"1a": PartAnswers(parts)}, "1a").origin == "both"
    whole = {"governors": NO, "headteacher": NO, "senior_leadership": NO}
    assert result({"1a": PartAnswers(whole)}, "1a").origin == "answers"
    assert result({"1a": PartAnswers({})}, "1a").origin == "programme"
    assert result({}, "3a").origin is None
    assert result({"3a": PartAnswers({})}, "3a").origin is None
    assert result({}, "5a").origin is None
    claims = gk.Records(
        institution=gk.Institution(name="N", kind=gk.InstitutionKind.SECONDARY_SCHOOL),
        answers={KEY: {"5a": gk.Band.ALL}},
    )
    assert scored(claims, AS_OF)["5a"].origin == "answers"


def test_the_answers_win_with_a_warning() -> None:
    own = {"1b": NO, "1a": PartAnswers({"governors": NO, "headteacher": YES}), "4b": YES}
    card = gk.score(school(sound(), own), as_of=AS_OF)
    assert card["1b"].answer is NO
    assert card["1a"].answer == PartAnswers({"governors": NO, "headteacher": YES, "senior_leadership": YES})
    found = {one.where: one.message for one in card.warnings if one.code == "programme_contradicted"}
    opening = "the answer is another than what follows from the careers programme: "
    assert found == {"1b": f"{opening}no and not yes", "1a": f"{opening}governors is no and not yes"}


def test_benchmark_1_follows_from_a_sound_programme() -> None:
    card = gk.score(school(sound()), as_of=AS_OF)
    assert {one.criterion.id for one in card.criteria if one.origin == "programme"} == {
        "1a", "1b", "1c", "1d", "1e", "1f", "2b", "3d", "4b", "8c",
    }  # fmt: skip
    assert card.benchmarks[0].status["every_pupil"] == "achieved"
    assert "1a  programme: 3 of 3 parts" in str(card)
    mixed = gk.score(school(sound(), {"1a": PartAnswers({"governors": YES})}), as_of=AS_OF)
    assert "1a  both: 3 of 3 parts" in str(mixed)
    assert all(len(line) <= 80 for line in str(mixed).splitlines())


def test_explanations_say_where_an_answer_comes_from() -> None:
    both = school(sound(), {"1a": PartAnswers({"governors": YES})})
    said = str(gk.explain(both, "1b", as_of=AS_OF))
    assert "this follows from its careers programme" in " ".join(said.split())
    assert "The programme answers: yes." in said
    assert "the rest follows from its careers programme" in " ".join(
        str(gk.explain(both, "1a", as_of=AS_OF)).split()
    )
    assert "The institution answers: yes." in str(gk.explain(school(None, {"1b": YES}), "1b", as_of=AS_OF))


def test_what_a_programme_answers_is_not_unanswered() -> None:
    report = gk.check(school(sound()), as_of=AS_OF)
    (issue,) = [one for one in report.issues if one.code == "criteria_unanswered"]
    assert "1b" not in issue.message
    assert "3a" in issue.message


def test_other_editions_take_what_means_the_same() -> None:
    card = gk.score(school(sound()), as_of=AS_OF, edition="2014-school")
    assert card["1a"].answer == PartAnswers({"senior_leadership": YES, "trained_leader": YES})
    assert card["1b"].answer == PartAnswers(
        dict.fromkeys(("pupils", "parents", "teachers", "employers"), YES)
    )
    assert card["3a"].origin is None


def test_an_edition_of_ones_own_has_no_rules_for_programmes() -> None:
    own = attrs.evolve(edition(KEY), key="2031-school")
    card = gk.score(school(sound()), as_of=AS_OF, edition=own)
    assert {one.origin for one in card.criteria} == {None}


def test_a_folder_with_a_programme(tmp_path: Path) -> None:
    both = school(sound(), {"1b": YES})
    gk.write_folder(both, tmp_path)
    assert (tmp_path / "programme.json").exists()
    read = gk.load(tmp_path)
    assert read == both
    assert read.notes == ()
    gk.write_folder(attrs.evolve(both, programme=None), tmp_path)
    assert not (tmp_path / "programme.json").exists()
    assert gk.load(tmp_path).programme is None


def test_errors_of_a_programme_are_among_the_others(tmp_path: Path) -> None:
    gk.write_folder(school(sound()), tmp_path)
    (tmp_path / "programme.json").write_text('{"edition": "x", "vision": 3}', encoding="utf-8")
    (tmp_path / "answers.json").write_text("[]", encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.load(tmp_path)
    assert {(issue.file, issue.code) for issue in caught.value.issues} == {
        ("answers.json", "wrong_type"), ("programme.json", "wrong_type"),
    }  # fmt: skip
    (tmp_path / "programme.json").write_text("{", encoding="utf-8")
    with pytest.raises(gk.InvalidRecords) as caught:
        gk.load(tmp_path)
    assert ("programme.json", "not_json") in {(issue.file, issue.code) for issue in caught.value.issues}


def test_a_document_fits_the_schema() -> None:
    validator: Any = jsonschema.Draft202012Validator(document_schema())
    validator.validate(document(school(sound())))
    made = document(school(None))
    validator.validate({**made, "programme": None})
    assert gk.read_document({**made, "programme": None}).programme is None
    assert not validator.is_valid({**made, "programme": {"edition": "2031-school"}})


def test_pseudonyms_score_the_same_and_name_nobody() -> None:
    named = read_programme(
        {
            **programme_document(sound()),
            "roles": [
                {
                    "kind": "careers_leader",
                    "person": "Ann Example",
                    "leader": {"training": [{"completed": "2025-01-01"}]},
                }
            ],
            "evaluations": [
                {"audience": "staff", "method": "interview", "date": "2026-05-01", "finding": "Ann is good"}
            ],
            "challenges": [{"kind": "time", "text": "Ann has none"}],
        }
    )
    activities = (attrs.evolve(named.activities[0], activity_ids=frozenset({"A1"})), *named.activities[1:])
    both = school(attrs.evolve(named, activities=activities))
    safe = gk.pseudonymise(both, key=b"a secret of the school")
    cards = [gk.score(one, as_of=AS_OF) for one in (safe, both)]
    assert cards[0].benchmarks[0] == cards[1].benchmarks[0]
    text = json.dumps(document(safe))
    for name in ("Ann", "A. Leader", "careers@school.example", '"A1"'):
        assert name not in text
    bare = gk.pseudonymise(school(read_programme({"edition": KEY})), key=b"a secret of the school")
    assert bare.programme is not None
    assert bare.programme.publication is None


def test_a_ledger_keeps_the_programme() -> None:
    ledger = Ledger(school(sound()), as_of=AS_OF)
    ledger.put_learner(learner("M", 12))
    assert ledger.scorecard() == gk.score(ledger.records, as_of=AS_OF)
    assert ledger.scorecard()["1b"].origin == "programme"
    no_learners = gk.Records(
        institution=gk.Institution(name="N", kind=gk.InstitutionKind.SECONDARY_SCHOOL), programme=sound()
    )
    assert Ledger(no_learners, as_of=date(2026, 7, 10)).scorecard()["1b"].origin == "programme"
