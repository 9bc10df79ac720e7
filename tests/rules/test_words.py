"""The words of a rule say what the engine computes."""

from __future__ import annotations

import attrs
import pytest

from gatsbykit.model.encounters import (
    CHECKLIST_ITEMS,
    PROVIDER_ACCESS_ITEMS,
    ActivityKind,
    Checklist,
    ProviderType,
)
from gatsbykit.rules import (
    EDITION_KEYS,
    Cohort,
    CohortWho,
    Criterion,
    DestinationRequirement,
    EncounterRequirement,
    PartTimeJobs,
    Window,
    edition,
)
from gatsbykit.rules.words import ITEM_WORDS, cohort_words, counted_words, counting_words, requirement_words
from gatsbykit.words import listed, years_words

SCHOOL = edition("2025-school")
COLLEGE = edition("2025-college")
ALL_CRITERIA = [(key, criterion) for key in EDITION_KEYS for criterion in edition(key).criteria]


def of_encounters(required: EncounterRequirement) -> Criterion:
    return Criterion(id="1a", text="", sources=(), cohort=Cohort(who=CohortWho.EVERYONE), encounters=required)


@pytest.mark.parametrize(("key", "criterion"), ALL_CRITERIA, ids=lambda given: getattr(given, "id", given))
def test_every_criterion_is_said_in_a_whole_sentence(key: str, criterion: Criterion) -> None:
    words = requirement_words(criterion, edition(key))
    assert words[0].isupper()
    assert words.endswith(".")
    assert "_" not in words
    assert "  " not in words


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_different_rules_have_different_words(key: str) -> None:
    """Two share criteria of an edition that ask for different things never read the same."""
    chosen = edition(key)
    shares = [criterion for criterion in chosen.criteria if criterion.cohort is not None]
    said = {
        (cohort_words(criterion.cohort, chosen), requirement_words(criterion, chosen))
        for criterion in shares
        if criterion.cohort is not None
    }
    assert len(said) == len(shares)


def test_every_item_of_every_checklist_has_words() -> None:
    assert set(ITEM_WORDS) == {*CHECKLIST_ITEMS, *PROVIDER_ACCESS_ITEMS}


@pytest.mark.parametrize(
    ("key", "criterion_id", "words"),
    [
        ("2014-school", "2a", "learners in Year 9"),
        ("2025-school", "2a", "learners in Years 9, 11 and 13"),
        ("2025-school", "5a", "learners in Years 7 to 13"),
        ("2025-school", "4a", "learners in Years 7 to 13, if their subjects are known"),
        ("2014-school", "7b", "learners in Year 13, if they consider higher education"),
        ("2025-itp", "6a", "learners whose programme ends in the current academic year"),
        ("2018-college", "5a", "all learners"),
        (
            "2014-school",
            "3d",
            (
                "learners who left in one of the three academic years before the current one and were in "
                "Year 11 or above then"
            ),
        ),
    ],
)
def test_cohorts(key: str, criterion_id: str, words: str) -> None:
    cohort = edition(key).criterion(criterion_id).cohort
    assert cohort is not None
    assert cohort_words(cohort, edition(key)) == words


@pytest.mark.parametrize(
    ("key", "criterion_id", "words"),
    [
        ("2025-school", "1b", "The institution answers yes."),
        (
            "2025-school",
            "1c",
            (
                "The institution answers yes to each of these: tailored, sequenced, learning outcomes and"
                " development plan."
            ),
        ),
        (
            "2014-school",
            "3d",
            (
                "Each leaver has a known destination dated after leaving and up to the date of the "
                "assessment, and one in every academic year between the one of leaving and the current "
                "one."
            ),
        ),
        (
            "2014-school",
            "4a",
            (
                "In Years 7 to 9, each learner has attended or been offered at least one curriculum link "
                "in one of these subjects at least: biology, chemistry, computer science, computing, "
                "design and technology, electronics, engineering, further mathematics, mathematics, "
                "physics, science and statistics."
            ),
        ),
        (
            "2014-school",
            "6a",
            "In Years 7 to 11, each learner has attended at least one workplace experience.",
        ),
        (
            "2025-school",
            "2a",
            (
                "In the key stage of their present year group, each learner has attended at least one "
                "activity with labour market information."
            ),
        ),
        (
            "2025-school",
            "4a",
            (
                "In the current academic year, each learner has attended or been offered at least one "
                "curriculum link in each of the learner's own subjects."
            ),
        ),
        (
            "2025-school",
            "7a",
            (
                "In Years 7 to 11, each learner has attended at least one meaningful provider encounter "
                "with each of these: a sixth form, a college, a university or another provider of higher "
                "education and an independent training provider."
            ),
        ),
        (
            "2025-school",
            "7b",
            (
                "In Year 7 or above, each learner has attended at least two meaningful provider "
                "encounters with a university or another provider of higher education, on the provider's "
                "site."
            ),
        ),
        (
            "2025-school",
            "8b",
            (
                "In Years 12 and 13, each learner has attended at least one guidance meeting with an "
                "adviser qualified at level 6 or above."
            ),
        ),
        (
            "2025-college",
            "5a",
            (
                "In the current academic year and the current programme, each learner has attended at "
                "least two meaningful employer encounters, at least one of them also as a curriculum "
                "link."
            ),
        ),
        (
            "2025-college",
            "7a",
            (
                "Since the start of the programme, each learner has attended meaningful provider "
                "encounters with at least two different types of provider (one activity may supply "
                "several)."
            ),
        ),
    ],
)
def test_requirements(key: str, criterion_id: str, words: str) -> None:
    chosen = edition(key)
    assert requirement_words(chosen.criterion(criterion_id), chosen) == words


def test_settings_change_the_words_of_a_configurable_criterion_alone() -> None:
    configurable, fixed = SCHOOL.criterion("6a"), SCHOOL.criterion("6b")
    assert "at least three meaningful workplace experiences" in requirement_words(
        configurable, SCHOOL, at_least=3
    )
    assert requirement_words(fixed, SCHOOL, at_least=3) == requirement_words(fixed, SCHOOL)
    types = requirement_words(COLLEGE.criterion("7a"), COLLEGE, at_least=1)
    assert "at least one type of provider" in types


def test_settings_change_the_level_of_the_adviser() -> None:
    assert "level 4" in requirement_words(SCHOOL.criterion("8a"), SCHOOL, adviser_level=4)
    assert "level 4" in counting_words(ActivityKind.GUIDANCE_MEETING, SCHOOL, adviser_level=4)


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        (
            "2014-school",
            ActivityKind.EMPLOYER_ENCOUNTER,
            (
                "It is meaningful if the institution says so or, where it does not say, if learners could"
                " learn what the workplace or the place of learning is like."
            ),
        ),
        (
            "2014-school",
            ActivityKind.WORKPLACE_EXPERIENCE,
            "It counts unless it is said not to be meaningful. A learner's own part-time job never counts.",
        ),
        (
            "2025-school",
            ActivityKind.PROVIDER_ENCOUNTER,
            (
                "It is meaningful if the institution says so or, where it does not say, if all of this is"
                " so: a clear purpose was shared with everybody beforehand, there were learning outcomes "
                "that suit the learners' needs, both sides talked and listened, the provider told how it "
                "chooses learners and what it offers and which careers that can lead to, the provider told "
                "what learning or training there is like, there was time to reflect afterwards, learners "
                "met staff of the provider and learners met learners of the provider."
            ),
        ),
        ("2025-school", ActivityKind.CURRICULUM_LINK, "It counts unless it is said not to be meaningful."),
        (
            "2025-school",
            ActivityKind.GUIDANCE_MEETING,
            (
                "It counts with an adviser qualified at level 6 or above, unless it is said not to be "
                "meaningful."
            ),
        ),
    ],
)
def test_what_counts(key: str, kind: ActivityKind, words: str) -> None:
    assert counting_words(kind, edition(key)) == words


def test_part_time_jobs_are_said_as_the_edition_has_them() -> None:
    kind = ActivityKind.WORKPLACE_EXPERIENCE
    assert SCHOOL.part_time_jobs is PartTimeJobs.IF_MEANINGFUL
    assert counting_words(kind, SCHOOL).endswith("counts only if it is known to be meaningful.")
    assert counting_words(kind, COLLEGE).endswith("never counts.")


def test_words_follow_the_rule_not_the_text() -> None:
    required = EncounterRequirement(
        kind=ActivityKind.EMPLOYER_ENCOUNTER, at_least=12, years=(8,), offered=True, window=Window.ANY
    )
    plain = attrs.evolve(SCHOOL, checklists={ActivityKind.EMPLOYER_ENCOUNTER: Checklist(())})
    assert requirement_words(of_encounters(required), plain) == (
        "In Year 8, each learner has attended or been offered at least 12 employer encounters."
    )
    either = attrs.evolve(required, at_least=1, each_of=(ProviderType.ITP, ProviderType.COLLEGE))
    assert requirement_words(of_encounters(either), plain) == (
        "In Year 8, each learner has attended or been offered at least one employer encounter with each of "
        "these: a college and an independent training provider."
    )
    this_year = attrs.evolve(required, years=(), window=Window.THIS_YEAR)
    assert requirement_words(of_encounters(this_year), SCHOOL).startswith(
        "In the current academic year, each"
    )


def test_a_requirement_of_one_sighting_says_so() -> None:
    once = attrs.evolve(
        of_encounters(EncounterRequirement(kind=ActivityKind.CURRICULUM_LINK)),
        cohort=Cohort(who=CohortWho.LEAVERS, left_within=3, left_from_year=11),
        encounters=None,
        destinations=DestinationRequirement(every_year=False),
    )
    assert requirement_words(once, SCHOOL).endswith("up to the date of the assessment.")


def test_who_counts() -> None:
    school, college = counted_words(SCHOOL), counted_words(COLLEGE)
    assert "special schools and alternative provision" in school
    assert "31 August" not in school
    assert college.endswith("or 24 or younger with an education, health and care plan")
    assert counted_words(attrs.evolve(COLLEGE, oldest_with_ehc_plan=None)).endswith(
        "before the academic year"
    )


def test_lists_and_years() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert years_words([7, 8, 9, 10, 11]) == "Years 7 to 11"
    assert years_words([12, 13]) == "Years 12 and 13"
