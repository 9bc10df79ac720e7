from __future__ import annotations

from datetime import date, timedelta

import pytest

from gatsbykit.model.identifiers import Uln, Upn
from gatsbykit.model.learners import Learner, Sex
from gatsbykit.model.subjects import subject_key, subject_keys

SUMMER = date(2026, 7, 10)


@pytest.mark.parametrize(
    ("came", "left", "on_roll"),
    [
        (None, None, True),
        (SUMMER, None, True),
        (SUMMER + timedelta(days=1), None, False),
        (SUMMER + timedelta(days=1), SUMMER + timedelta(days=9), False),
        (None, SUMMER, True),
        (None, date(2026, 5, 1), True),
        (None, date(2026, 4, 30), False),
        (None, date(2025, 5, 1), False),
    ],
)
def test_on_roll(came: date | None, left: date | None, on_roll: bool) -> None:
    assert Learner(learner_id="L", on_roll_from=came, on_roll_to=left).is_on_roll(SUMMER) is on_roll


@pytest.mark.parametrize(
    ("left", "reference"),
    [(None, SUMMER), (date(2024, 7, 5), date(2024, 7, 5)), (date(2027, 7, 5), SUMMER), (SUMMER, SUMMER)],
)
def test_the_day_on_which_the_year_group_is_right(left: date | None, reference: date) -> None:
    assert Learner(learner_id="L", on_roll_to=left).reference_date(SUMMER) == reference


def test_year_groups() -> None:
    leaver = Learner(learner_id="L", year_group=14, on_roll_to=date(2024, 7, 5))
    assert leaver.current_year_group() == 13
    assert leaver.year_group_at(date(2022, 9, 1), as_of=SUMMER) == 13
    assert leaver.year_group_at(date(2021, 9, 1), as_of=SUMMER) == 12
    adult = Learner(learner_id="L")
    assert (adult.current_year_group(), adult.year_group_at(SUMMER, as_of=SUMMER)) == (None, None)


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Art", "art"),
        (" Design and  Technology ", "design_and_technology"),
        ("design_and_technology", "design_and_technology"),
        ("Design\tand\nTechnology", "design_and_technology"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("  ", ""),
    ],
)
def test_how_subjects_compare(subject: str, key: str) -> None:
    assert subject_key(subject) == key
    assert subject_keys([subject, subject.upper()]) == ({key} if key else set())


def test_nothing_private_is_shown() -> None:
    someone = Learner(
        learner_id="L1",
        year_group=11,
        date_of_birth=date(2010, 1, 2),
        sex=Sex.FEMALE,
        upn=Upn.parse("B801200005001"),
        uln=Uln.parse("9276308686"),
        subjects=frozenset({"Art"}),
    )
    assert repr(someone) == "Learner(learner_id='L1', year_group=11)"
