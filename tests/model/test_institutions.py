from __future__ import annotations

from typing import Any

import attrs
import pytest

from gatsbykit.model.identifiers import Laestab, Ukprn, Urn
from gatsbykit.model.institutions import Institution, InstitutionKind

URN, UKPRN = Urn.parse("100049"), Ukprn.parse("10079319")


@pytest.mark.parametrize(
    ("kind", "is_school", "declares_cohort"),
    [
        ("secondary_school", True, False),
        ("special_school", True, True),
        ("alternative_provision", True, True),
        ("college", False, False),
        ("sixth_form_college", False, False),
        ("training_provider", False, False),
    ],
)
def test_kinds(kind: str, is_school: bool, declares_cohort: bool) -> None:
    found = InstitutionKind(kind)
    assert (found.is_school, found.declares_cohort) == (is_school, declares_cohort)
    assert Institution(name="N", kind=found).kind is found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "N"),
        ({"laestab": Laestab.parse("2136007")}, "N"),
        ({"ukprn": UKPRN}, "10079319"),
        ({"ukprn": UKPRN, "urn": URN}, "100049"),
        ({"ukprn": UKPRN, "urn": URN, "id": "site 2"}, "site 2"),
    ],
)
def test_the_id(fields: dict[str, Any], expected: str) -> None:
    assert Institution(name="N", kind=InstitutionKind.COLLEGE, **fields).id == expected


def test_institutions_are_values() -> None:
    one = Institution(name="N", kind=InstitutionKind.COLLEGE)
    assert one == Institution(name="N", kind=InstitutionKind.COLLEGE)
    assert len({one, attrs.evolve(one, name="M")}) == 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.name = "M"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(
        ValueError, match=r"Institution.kind: expected one of secondary_school, special_school"
    ):
        Institution(name="N", kind="academy")
