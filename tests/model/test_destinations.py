from __future__ import annotations

from datetime import date

import pytest

from gatsbykit.model.destinations import NCCIS_CATEGORIES, Destination, DestinationCategory

DAY = date(2026, 1, 1)

# The current codes, and the categories that nobody doubts.
CODES = {
    "school_sixth_form": [210],
    "sixth_form_college": [220],
    "further_education": [230],
    "higher_education": [240],
    "other_education": [110, 120, 250, 260, 270, 280, 290],
    "apprenticeship": [310],
    "employment": [320, 330, 340, 350, 360, 380, 381],
    "training": [410, 430, 440, 450, 460],
    "neet": [540, 610, 615, 616, 619, 620, 630, 640, 650, 660, 670, 680],
    "unknown": [150, 810, 820, 830],
}
DOUBTFUL = {"130", "140", "530", "550", "710", "720"}


def test_the_table_has_all_the_codes() -> None:
    settled = {str(code): (DestinationCategory(name),) for name, codes in CODES.items() for code in codes}
    assert {code: found for code, found in NCCIS_CATEGORIES.items() if code not in DOUBTFUL} == settled
    assert len(NCCIS_CATEGORIES) == len(settled) + len(DOUBTFUL)
    assert [*NCCIS_CATEGORIES] == sorted(NCCIS_CATEGORIES)
    assert all(len({*NCCIS_CATEGORIES[code]}) > 1 for code in DOUBTFUL)
    with pytest.raises(TypeError):
        NCCIS_CATEGORIES["999"] = ()  # type: ignore[index]  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize("code", NCCIS_CATEGORIES)
def test_a_category_follows_from_every_code(code: str) -> None:
    found = Destination.from_code("L", DAY, code)
    assert (found.learner_id, found.date, found.nccis_code) == ("L", DAY, code)
    assert found.category is NCCIS_CATEGORIES[code][0]
    assert found.is_known == (int(code) not in CODES["unknown"])


def test_a_code_that_there_is_not() -> None:
    with pytest.raises(KeyError, match="there is no activity code of NCCIS like this"):
        Destination.from_code("L", DAY, "999")


@pytest.mark.parametrize("category", DestinationCategory)
def test_what_is_known(category: DestinationCategory) -> None:
    found = Destination(learner_id="L", date=DAY, category=category)
    assert found.is_known == (category != "unknown")
    assert found == Destination(learner_id="L", date=DAY, category=DestinationCategory(category.value))
