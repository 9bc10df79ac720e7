from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.answers import Answer, Band, DeclaredShare, PartAnswers


@pytest.mark.parametrize(
    ("share", "band"),
    [
        ("0", "none"), ("0.0001", "a_few"), ("0.01", "a_few"), ("0.2599", "a_few"), ("0.26", "some"),
        ("0.5099", "some"), ("0.51", "majority"), ("0.7599", "majority"), ("0.76", "overwhelming_majority"),
        ("0.9999", "overwhelming_majority"), ("1", "all"),
    ],
)  # fmt: skip
def test_bands(share: str, band: str) -> None:
    assert Band.of(Fraction(share)) == band


@given(st.fractions(0, 1))
def test_a_share_is_at_least_the_lower_bound_of_its_band(share: Fraction) -> None:
    band = Band.of(share)
    higher = [other for other in Band if other.lower_bound > band.lower_bound]
    assert share >= band.lower_bound or (band is Band.A_FEW and share > 0)
    assert all(share < other.lower_bound for other in higher)
    assert Band.of(band.lower_bound) is band


@pytest.mark.parametrize(("text", "share"), [("0", 0), ("1", 1), ("1.000", 1), ("0.83", Fraction(83, 100))])
def test_declared_shares(text: str, share: Fraction | int) -> None:
    assert DeclaredShare(text).share == share
    assert DeclaredShare(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.1",
        "2",
        "-0.1",
        "+0.1",
        ".5",
        "5.",
        "1/2",
        "83 %",
        "1e-1",
        "nan",
        "inf",
        " 0.5",
        "0.5\n",
        "0_1",
        "\u0661",
    ],
)
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(ValueError, match="expected a share from 0 to 1 as a decimal number in quotes"):
        DeclaredShare(text)


def test_answers_to_parts_are_values() -> None:
    given = {"alumni": Answer.YES}
    parts = PartAnswers(given)
    given["alumni"] = Answer.NO
    assert parts == PartAnswers({"alumni": Answer.YES})
    assert parts != PartAnswers({})
    with pytest.raises(TypeError):
        parts.parts["alumni"] = Answer.NO  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    assert isinstance(hash(parts), int)
