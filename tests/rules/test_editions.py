"""The editions: which one is in force, what it covers, whom it counts, and what answers come to."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.rules import (
    EDITION_KEYS,
    CohortWho,
    CriterionStatus,
    Edition,
    Timeline,
    edition,
    resolve_edition,
)
from gatsbykit.rules.differences import edition_difference
from gatsbykit.rules.document import fingerprint, scored_rules
from gatsbykit.rules.loading import load_sources
from gatsbykit.rules.transitions import transition

if TYPE_CHECKING:
    from gatsbykit.model.answers import DeclaredAnswer

ROWS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "published_rows.toml").read_text(encoding="utf-8")
)
AS_OF = date(2026, 7, 10)
COLLEGE = gk.Institution(name="Riverside College", kind="college")
SCHOOL = gk.Institution(name="Northfield School", kind="secondary_school")


# --- which edition ------------------------------------------------------------------------------

LAST_OLD_DAY, FIRST_NEW_DAY = date(2025, 8, 31), date(2025, 9, 1)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("secondary_school", "2014-school", "2025-school"),
        ("special_school", "2014-school", "2025-school"),
        ("alternative_provision", "2014-school", "2025-school"),
        ("college", "2018-college", "2025-college"),
        ("sixth_form_college", "2018-college", "2025-college"),
    ],
)
def test_the_edition_follows_from_kind_and_date(kind: str, old: str, new: str) -> None:
    chosen = gk.InstitutionKind(kind)
    assert resolve_edition(chosen, LAST_OLD_DAY).key == old
    assert resolve_edition(chosen, FIRST_NEW_DAY).key == new
    assert resolve_edition(chosen, date(1999, 1, 1)).key == old  # none came before it
    assert resolve_edition(chosen, LAST_OLD_DAY, new).key == new  # a named one wins over the date
    assert resolve_edition(chosen, FIRST_NEW_DAY, old).key == old


def test_training_providers_have_an_edition_from_september_2025() -> None:
    kind = gk.InstitutionKind.TRAINING_PROVIDER
    assert resolve_edition(kind, FIRST_NEW_DAY).key == "2025-itp"
    with pytest.raises(
        gk.EditionError, match="no edition was in force for a training_provider on 2025-08-31"
    ):
        resolve_edition(kind, LAST_OLD_DAY)
    assert resolve_edition(kind, LAST_OLD_DAY, "2025-itp").key == "2025-itp"


@pytest.mark.parametrize("kind", gk.InstitutionKind)
@pytest.mark.parametrize("key", EDITION_KEYS)
def test_an_edition_is_for_its_own_kinds_alone(kind: gk.InstitutionKind, key: str) -> None:
    own = {"school": kind.is_school, "college": "college" in kind, "itp": kind == "training_provider"}
    if own[key.partition("-")[2]]:
        assert resolve_edition(kind, AS_OF, key).key == key
    else:
        with pytest.raises(gk.EditionError, match=f"the edition {key} is not for a {kind}; choose one of"):
            resolve_edition(kind, AS_OF, key)


def test_an_unknown_edition_is_named_with_those_there_are() -> None:
    with pytest.raises(gk.EditionError, match=r"'2019-school'; choose one of 2014-school, 2018-college"):
        resolve_edition(SCHOOL.kind, AS_OF, "2019-school")


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("training_provider", ["--as-of", "2025-08-31"], "no edition was in force"),
        ("training_provider", ["--as-of", "2026-01-01", "--edition", "2025-college"], "is not for a"),
        ("college", ["--as-of", "2026-01-01", "--edition", "2025-school"], "is not for a college"),
    ],
)
def test_an_impossible_pair_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, options: list[str], message: str
) -> None:
    gk.write_folder(gk.Records(institution=gk.Institution(name="Anywhere", kind=kind)), tmp_path)
    assert main(["score", str(tmp_path), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


# --- what an edition covers ---------------------------------------------------------------------


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_published_row_is_covered_or_left_out_with_a_reason(key: str) -> None:
    chosen = edition(key)
    covered = {row for criterion in chosen.criteria for row in criterion.covers}
    assert covered.isdisjoint(chosen.left_out)
    assert covered | chosen.left_out.keys() == {*ROWS[key]}
    assert max(Counter(ROWS[key]).values()) == 1
    assert all(len(reason) > 30 for reason in chosen.left_out.values())


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_criterion_has_sources_and_says_where_it_goes_beyond_them(key: str) -> None:
    chosen = edition(key)
    assert [benchmark.number for benchmark in chosen.benchmarks] == [*range(1, 9)]
    for criterion in chosen.criteria:
        assert criterion.sources
        if not criterion.covers or [source.key for source in criterion.sources] == ["GKIT-SCORING"]:
            assert criterion.interpretation, criterion.id


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_a_reading_of_ours_is_among_the_sources(key: str) -> None:
    for criterion in edition(key).criteria:
        ours = "GKIT-SCORING" in {source.key for source in criterion.sources}
        assert ours is (criterion.interpretation is not None), criterion.id


def named_sources(written: dict[str, Any]) -> set[str]:
    """Return the sources of a file of rules, of its criteria and of its transitions."""
    criteria = [one for benchmark in written.get("benchmarks", ()) for one in benchmark.get("criteria", ())]
    places = [written, *criteria, *written.get("transitions", ())]
    return {key for place in places for key in place.get("sources", ())}


def test_every_source_is_named_by_a_rule() -> None:
    folder = Path(str(files("gatsbykit.rules").joinpath("data")))
    rules = [path for path in folder.rglob("*.toml") if path.name != "sources.toml"]
    named = [named_sources(tomllib.loads(path.read_text(encoding="utf-8"))) for path in rules]
    assert len(rules) >= 10
    assert set[str]().union(*named) == load_sources().keys()


SAME_DEFINITION = {
    "2025-school": {"5": {"5a"}, "6": {"6a", "6b"}, "7": {"7a", "7b"}},
    "2014-school": {"5": {"5a"}, "7": {"7a"}},
}


@pytest.mark.parametrize("key", SAME_DEFINITION)
def test_definitions_are_covered_by_what_they_define(key: str) -> None:
    for number, criteria in SAME_DEFINITION[key].items():
        row = f"S{key[2:4]}-{number}-def"
        assert {one.id for one in edition(key).criteria if row in one.covers} == criteria


def test_what_makes_a_provider_encounter_of_2025_meaningful() -> None:
    """Six points of the definition, and two on whom learners meet."""
    for key in EDITION_KEYS:
        items = edition(key).checklist(gk.ActivityKind.PROVIDER_ENCOUNTER).items
        if key.startswith("2025-"):
            assert items == (
                "purpose_shared",
                "learning_outcomes",
                "two_way",
                "provider_information",
                "learning_described",
                "reflection",
                "meets_staff",
                "meets_learners",
            )
        else:
            assert items == ("insight",)


def test_old_records_of_provider_encounters_are_unknown_and_never_no() -> None:
    """A yes to the four points that were asked before November 2026 is no longer enough."""
    learner = gk.Learner(learner_id="L1", year_group=11)
    four: dict[str, Any] = dict.fromkeys(
        ("purpose_shared", "learning_outcomes", "meets_staff", "meets_learners"), True
    )

    def met(unknown: Literal["exclude", "include"], **facts: Any) -> tuple[int | None, int]:
        fair = gk.Activity(
            activity_id="A1", date=AS_OF, kinds={"provider_encounter"}, provider_types=[*gk.ProviderType],
            **(four | facts),
        )  # fmt: skip
        records = gk.Records(
            institution=SCHOOL,
            learners=[learner],
            activities=[fair],
            participations=[gk.Participation("A1", "L1")],
        )
        card = gk.score(records, as_of=AS_OF, settings=gk.Settings(unknown=unknown))
        return card["7a"].numerator, noticed(card).get("meaningful_unknown", 0)

    assert met("exclude") == (0, 1)
    assert met("include") == (1, 1)
    assert met("exclude", meaningful=True) == (1, 0)
    for item in ("two_way", "reflection", "provider_information", "learning_described"):
        assert met("include", **{item: False}) == (0, 0)
        assert met("exclude", **{item: True}) == (0, 1)


def test_what_is_configurable_is_an_interpretation() -> None:
    chosen = {
        (key, criterion.id)
        for key in EDITION_KEYS
        for criterion in edition(key).criteria
        if criterion.encounters is not None and criterion.encounters.configurable
    }
    assert chosen == {
        ("2025-school", "6a"),
        ("2018-college", "7a"),
        ("2025-college", "7a"),
        ("2025-itp", "7a"),
    }
    assert all(edition(key).criterion(criterion_id).interpretation for key, criterion_id in chosen)


def shape(chosen: Edition) -> dict[str, str]:
    return {criterion.id: criterion.type for criterion in chosen.criteria}


@pytest.mark.parametrize(
    ("key", "shares", "declared"),
    [
        ("2014-school", "2a 3d 4a 5a 6a 6b 7a 7b 8a 8b", "1a 1b 1c 2b 3a 3b 3c"),
        ("2025-school", "2a 4a 5a 6a 6b 7a 7b 8a 8b", "1a 1b 1c 1d 1e 1f 2b 3a 3b 3c 3d 4b 5b 8c"),
        ("2018-college", "2a 4a 5a 6a 7a 8a", "1a 1b 1c 2b 3a 3b 3c 5b 8b"),
        ("2025-college", "2a 4a 5a 6a 7a 8a", "1a 1b 1c 1d 1e 1f 2b 3a 3b 3c 3d 4b 5b 8b"),
        ("2025-itp", "2a 4a 5a 6a 7a 8a", "1a 1b 1c 1d 1e 1f 2b 3a 3b 3c 3d 4b 5b 8b"),
    ],
)
def test_criteria_of_the_contract(key: str, shares: str, declared: str) -> None:
    expected = dict.fromkeys(shares.split(), "share") | dict.fromkeys(declared.split(), "declared")
    assert shape(edition(key)) == expected


@pytest.mark.parametrize("key", ["2018-college", "2025-college", "2025-itp"])
def test_year_groups_play_no_part_in_programmes(key: str) -> None:
    chosen = edition(key)
    assert chosen.timeline is Timeline.PROGRAMMES
    for criterion in chosen.criteria:
        assert criterion.due_years == ()
        assert criterion.encounters is None or criterion.encounters.years == ()
        assert criterion.cohort is None or criterion.cohort.who in {CohortWho.DUE, CohortWho.EVERYONE}


# --- editions as differences --------------------------------------------------------------------


def test_training_providers_are_written_as_a_difference_from_colleges() -> None:
    written = tomllib.loads(
        files("gatsbykit.rules").joinpath("data", "2025-itp.toml").read_text(encoding="utf-8")
    )
    assert written["based_on"] == "2025-college"
    assert "benchmarks" not in written
    itp, college = edition("2025-itp"), edition("2025-college")
    assert itp.benchmarks == college.benchmarks
    assert itp.kinds == {gk.InstitutionKind.TRAINING_PROVIDER}
    own = {"key", "kinds"}
    rules = [
        {k: v for k, v in scored_rules(one)["edition"].items() if k not in own} for one in (itp, college)
    ]
    assert rules[0] == rules[1]
    assert fingerprint(itp) != fingerprint(college)


@pytest.mark.parametrize("before", EDITION_KEYS)
@pytest.mark.parametrize("after", EDITION_KEYS)
def test_a_transition_accounts_for_every_criterion(before: str, after: str) -> None:
    old, new = edition(before), edition(after)
    pairs = transition(old, new).pairs
    named_before = [one for pair in pairs for one in pair.before]
    named_after = [pair.after for pair in pairs if pair.after is not None]
    assert {*named_before} == {criterion.id for criterion in old.criteria}
    assert named_after == [criterion.id for criterion in new.criteria]
    back = transition(new, old).pairs
    links = {(one, pair.after) for pair in pairs if pair.after for one in pair.before}
    assert links == {(pair.after, one) for pair in back if pair.after for one in pair.before}


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_an_edition_does_not_differ_from_itself(key: str) -> None:
    difference = edition_difference(edition(key), edition(key))
    assert difference.changes == ()
    assert {one.kind for one in difference.criteria} == {"same"}


def test_what_changed_for_schools_in_september_2025() -> None:
    difference = edition_difference(edition("2014-school"), edition("2025-school"))
    kinds = {one.after_id: one.kind for one in difference.criteria}
    assert {one for one, kind in kinds.items() if kind == "added"} == {"1c", "1d", "4b", "5b", "8c"}
    assert {one for one, kind in kinds.items() if kind == "same"} == {"8a"}
    assert None not in kinds  # nothing was dropped without something in its place
    assert difference.transition.changed.keys() == {*range(1, 9)}
    (six,) = (one for one in difference.of_benchmark(6) if one.after_id == "6a")
    needs, counts = six.changes
    assert (needs.aspect, counts.aspect) == ("needs", "counts")
    assert "at least one workplace experience" in needs.before
    assert "at least two meaningful workplace experiences" in needs.after


def test_what_changed_for_colleges_in_september_2025() -> None:
    difference = edition_difference(edition("2018-college"), edition("2025-college"))
    dropped = [one.before_ids for one in difference.criteria if one.kind == "dropped"]
    assert dropped == [("5b",), ("8b",)]
    assert [one.after_id for one in difference.of_benchmark(8)] == ["8a", "8b", None]


# --- who counts ---------------------------------------------------------------------------------


def learners_in(kind: str, learners: list[gk.Learner], key: str | None = None) -> gk.Scorecard:
    records = gk.Records(
        institution=gk.Institution(name="Anywhere", kind=kind),
        learners=learners,
        activities=[],
        participations=[],
    )
    return gk.score(records, as_of=AS_OF, edition=key)


def noticed(card: gk.Scorecard) -> dict[str, int]:
    return {notice.code: notice.count for notice in card.warnings}


@pytest.mark.parametrize("kind", gk.InstitutionKind)
@pytest.mark.parametrize("in_cohort", [True, False, None])
def test_special_schools_and_alternative_provision_declare_their_cohort(
    kind: gk.InstitutionKind, *, in_cohort: bool | None
) -> None:
    learner = gk.Learner(learner_id="L1", year_group=11, in_cohort=in_cohort)
    card = learners_in(kind, [learner])
    left_out = in_cohort is False and kind in {"special_school", "alternative_provision"}
    assert card["5a"].denominator == (0 if left_out else 1)
    assert any("cohort" in notice.message for notice in card.warnings) is left_out


@pytest.mark.parametrize("kind", ["special_school", "alternative_provision"])
def test_leavers_outside_the_declared_cohort_are_not_followed(kind: str) -> None:
    left = date(2025, 7, 18)
    learners = [
        gk.Learner(learner_id="L1", year_group=11, on_roll_to=left, in_cohort=False),
        gk.Learner(learner_id="L2", year_group=11, on_roll_to=left, in_cohort=True),
    ]
    records = gk.Records(
        institution=gk.Institution(name="Anywhere", kind=kind), learners=learners, destinations=[]
    )
    assert gk.score(records, as_of=AS_OF, edition="2014-school")["3d"].missing == ("L2",)


@pytest.mark.parametrize("kind", ["college", "sixth_form_college", "training_provider"])
@pytest.mark.parametrize(
    ("programme_end", "due"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2026, 8, 31), True),
        (date(2026, 9, 1), False),
        (None, False),
    ],
)
def test_the_end_of_the_programme_sets_the_deadline(
    kind: str, programme_end: date | None, *, due: bool
) -> None:
    # The year group says Year 11, which would be due in a school, and plays no part here.
    learner = gk.Learner(
        learner_id="L1", year_group=11, date_of_birth=date(2008, 3, 1), programme_end=programme_end
    )
    card = learners_in(kind, [learner])
    for criterion_id in ("2a", "6a", "7a", "8a"):
        assert card[criterion_id].denominator == int(due)
        assert card[criterion_id].on_track is None
    assert card["5a"].denominator == 1
    assert any("end" in notice.message for notice in card.warnings) is (programme_end is None)
    assert card.provider_access is None
    assert card.work_experience is None


@pytest.mark.parametrize(
    ("date_of_birth", "provision", "counts"),
    [
        (date(2006, 9, 1), None, True),  # 18 on 31 August 2025
        (date(2006, 8, 31), None, False),  # 19 on that day
        (date(2006, 8, 31), gk.SenProvision.SUPPORT, False),
        (date(2006, 8, 31), gk.SenProvision.EHC_PLAN, True),
        (date(2000, 9, 1), gk.SenProvision.EHC_PLAN, True),  # 24
        (date(2000, 8, 31), gk.SenProvision.EHC_PLAN, False),  # 25
        (None, None, True),
    ],
)
def test_how_old_learners_of_colleges_may_be(
    date_of_birth: date | None, provision: gk.SenProvision | None, *, counts: bool
) -> None:
    learner = gk.Learner(learner_id="L1", date_of_birth=date_of_birth, sen_provision=provision)
    assert learners_in("college", [learner])["5a"].denominator == int(counts)


def test_what_was_done_before_the_programme_does_not_count() -> None:
    learners = [
        gk.Learner(
            learner_id=f"L{number}",
            date_of_birth=date(2008, 3, 1),
            programme_start=start,
            programme_end=date(2026, 6, 26),
        )
        for number, start in enumerate([date(2025, 11, 4), date(2025, 11, 5), None], start=1)
    ]
    records = gk.Records(
        institution=COLLEGE,
        learners=learners,
        activities=[
            gk.Activity(activity_id="A1", date=date(2025, 11, 4), kinds={"labour_market_information"})
        ],
        participations=[gk.Participation("A1", learner.learner_id) for learner in learners],
    )
    assert gk.score(records, as_of=AS_OF)["2a"].missing == ("L2",)


# --- answers ------------------------------------------------------------------------------------

YES, SOON, NO = gk.Answer.YES, gk.Answer.IN_PROGRESS, gk.Answer.NO


def answered(answers: dict[str, DeclaredAnswer], institution: gk.Institution = COLLEGE) -> gk.Scorecard:
    key = resolve_edition(institution.kind, AS_OF).key
    return gk.score(gk.Records(institution=institution, answers={key: answers}), as_of=AS_OF)


@pytest.mark.parametrize(
    ("answer", "status"),
    [(YES, "met"), (SOON, "not_met"), (NO, "not_met"), (None, "not_assessed")],
)
def test_an_answer_without_parts(answer: gk.Answer | None, status: str) -> None:
    result = answered({} if answer is None else {"1b": answer})["1b"]
    assert {*result.status.values()} == {CriterionStatus(status)}
    assert result.basis == (None if answer is None else "declared")
    assert (result.numerator, result.denominator, result.missing, result.claim) == (None, None, None, None)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"destinations": YES, "alumni": YES}, "met"),
        ({"destinations": YES, "alumni": SOON}, "not_met"),
        ({"destinations": YES, "alumni": NO}, "not_met"),
        ({"alumni": NO}, "not_met"),  # one no is enough, whatever the other part is
        ({"alumni": SOON}, "not_met"),
        ({"destinations": YES}, "not_assessed"),
        ({}, "not_assessed"),
    ],
)
def test_an_answer_in_parts(parts: dict[str, gk.Answer], status: str) -> None:
    result = answered({"3d": gk.PartAnswers(parts)})["3d"]
    assert {*result.status.values()} == {CriterionStatus(status)}
    assert result.basis == ("declared" if parts else None)


@pytest.mark.parametrize(
    ("answer", "share", "met_at"),
    [
        (gk.Band.ALL, Fraction(1), 3),
        (gk.Band.OVERWHELMING_MAJORITY, Fraction(76, 100), 1),
        (gk.Band.MAJORITY, Fraction(51, 100), 0),
        (gk.Band.A_FEW, Fraction(1, 100), 0),
        (gk.Band.NONE, Fraction(0), 0),
        (gk.DeclaredShare("0.91"), Fraction(91, 100), 2),
        (gk.DeclaredShare("0.909"), Fraction(909, 1000), 1),
    ],
)
def test_without_records_a_share_rests_on_the_answer(
    answer: DeclaredAnswer, share: Fraction, met_at: int
) -> None:
    result = answered({"6a": answer})["6a"]
    assert result.basis == "declared"
    assert result.share == share
    assert [*result.status.values()].count(CriterionStatus.MET) == met_at
    assert result.missing is None


def test_an_answer_under_another_edition_says_nothing() -> None:
    records = gk.Records(institution=COLLEGE, answers={"2018-college": {"6a": gk.Band.ALL}})
    assert gk.score(records, as_of=AS_OF)["6a"].basis is None


def with_evidence(answer: DeclaredAnswer) -> gk.Scorecard:
    """Three of four learners met: a share of 0.75, a majority."""
    learners = [
        gk.Learner(learner_id=f"L{n}", date_of_birth=date(2008, 3, 1), programme_end=date(2026, 6, 26))
        for n in range(1, 5)
    ]
    records = gk.Records(
        institution=COLLEGE,
        learners=learners,
        activities=[
            gk.Activity(activity_id="A1", date=date(2026, 1, 9), kinds={"labour_market_information"})
        ],
        participations=[gk.Participation("A1", f"L{n}") for n in range(1, 4)],
        answers={"2025-college": {"2a": answer}},
    )
    return gk.score(records, as_of=AS_OF)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (gk.Band.ALL, "the claim is all, the evidence majority (3 of 4, 75.0 %)"),
        (gk.Band.SOME, "the claim is some, the evidence majority (3 of 4, 75.0 %)"),
        (gk.Band.MAJORITY, None),
        (
            gk.DeclaredShare("0.97"),
            "the claim is 97.00 %, 22.00 percentage points above the evidence (3 of 4, 75.0 %)",
        ),
        (
            gk.DeclaredShare("0.7"),
            "the claim is 70.00 %, 5.00 percentage points below the evidence (3 of 4, 75.0 %)",
        ),
        (gk.DeclaredShare("0.75"), None),
    ],
)
def test_evidence_decides_and_a_contradiction_says_by_how_much(
    answer: DeclaredAnswer, words: str | None
) -> None:
    card = with_evidence(answer)
    result = card["2a"]
    assert (result.basis, result.numerator, result.denominator) == ("evidence", 3, 4)
    assert result.status[gk.Preset.LEGACY] is CriterionStatus.NOT_MET
    assert result.claim == answer
    said = [notice.message for notice in card.warnings if notice.code == "claim_contradicted"]
    assert said == ([] if words is None else [words])


def test_a_claim_about_nobody_is_shown_without_a_warning() -> None:
    records = gk.Records(
        institution=COLLEGE,
        learners=[],
        activities=[],
        participations=[],
        answers={"2025-college": {"2a": gk.Band.ALL}},
    )
    card = gk.score(records, as_of=AS_OF)
    assert card["2a"].claim is gk.Band.ALL
    assert card["2a"].status[gk.Preset.EVERY_PUPIL] is CriterionStatus.NOT_APPLICABLE
    assert card.warnings == ()


@pytest.mark.parametrize(
    ("name", "key", "contradicted"),
    [
        ("northfield", "2025-school", {"5a", "7a"}),
        ("northfield", "2014-school", {"3d"}),
        ("riverside", "2025-college", {"5a"}),
    ],
)
def test_examples_claim_what_their_records_contradict(name: str, key: str, contradicted: set[str]) -> None:
    card = gk.score(gk.load(Path(__file__).parents[2] / "examples" / name), as_of=AS_OF, edition=key)
    assert {one.criterion.id for one in card.criteria if one.is_contradicted} == contradicted
    warned: dict[str, Any] = {n.where: n for n in card.warnings if n.code == "claim_contradicted"}
    assert warned.keys() == contradicted
