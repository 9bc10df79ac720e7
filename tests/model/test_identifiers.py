from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.identifiers import Identifier, IdentifierError, Laestab, Postcode, Ukprn, Uln, Upn, Urn
from gatsbykit.testing import ulns, upns

KINDS: list[type[Identifier]] = [Upn, Uln, Urn, Ukprn, Laestab, Postcode]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Upn, "A801200005001", "wrong_check"),
        (Upn, "B801200005002", "wrong_check"),
        (Upn, "B80120000500", "malformed"),
        (Upn, "B8012000050011", "malformed"),
        (Upn, "I801200005001", "malformed"),  # I, O and S are not used
        (Upn, "B80120000500I", "malformed"),
        (Upn, "B8012000050\u0661\u0661", "malformed"),
        (Upn, "", "malformed"),
        (Uln, "9276308685", "wrong_check"),
        (Uln, "0276308686", "malformed"),
        (Uln, "927630868", "malformed"),
        (Uln, "92763086861", "malformed"),
        (Uln, "927630868X", "malformed"),
        (Urn, "10004", "malformed"),
        (Urn, "1000499", "malformed"),
        (Urn, "012345", "malformed"),
        (Urn, "1000.9", "malformed"),
        (Ukprn, "1007931", "malformed"),
        (Ukprn, "00079319", "malformed"),
        (Laestab, "213-6007", "malformed"),
        (Laestab, "2136/007", "malformed"),
        (Laestab, "213//6007", "malformed"),
        (Laestab, "213600", "malformed"),
        (Postcode, "SW1A 2A", "malformed"),
        (Postcode, "S", "malformed"),
    ],
)
def test_what_is_refused(kind: type[Identifier], text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        kind.parse(text)
    assert caught.value.code == code
    assert str(caught.value) == f"{code}: expected {caught.value.expected}"
    assert not kind.is_valid(text)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own bytes)
    assert (again.code, again.expected) == (caught.value.code, caught.value.expected)


@pytest.mark.parametrize(
    ("kind", "text", "canonical"),
    [
        (Upn, " b801200005001 ", "B801200005001"),
        (Upn, "m80120000500a", "M80120000500A"),
        (Uln, "9276308686\t", "9276308686"),
        (Urn, "100049", "100049"),
        (Ukprn, "10079319", "10079319"),
        (Laestab, "213/6007", "2136007"),
        (Laestab, "2136007", "2136007"),
        (Postcode, "sw1a2aa", "SW1A 2AA"),
    ],
)
def test_the_canonical_text(kind: type[Identifier], text: str, canonical: str) -> None:
    found = kind.parse(text)
    assert (found, type(found)) == (canonical, kind)
    assert isinstance(found, str)
    assert kind.parse(found) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 (our own bytes)


def test_personal_identifiers_are_not_shown() -> None:
    assert repr(Upn.parse("B801200005001")) == "Upn('<hidden>')"
    assert repr(Uln.parse("9276308686")) == "Uln('<hidden>')"
    assert repr(Urn.parse("100049")) == "Urn('100049')"
    assert {kind.__name__ for kind in KINDS if kind.personal} == {"Upn", "Uln", "Postcode"}


def test_the_parts_of_a_upn() -> None:
    permanent, temporary = Upn.parse("B801200005001"), Upn.parse("M80120000500A")
    assert (permanent.authority, permanent.is_temporary) == ("801", False)
    assert (temporary.authority, temporary.is_temporary) == ("801", True)


@given(upns(), st.integers(1, 11), st.integers(1, 9))
def test_one_wrong_digit_of_a_upn_is_noticed(upn: Upn, position: int, step: int) -> None:
    digit = (int(upn[position]) + step) % 10
    assert not Upn.is_valid(f"{upn[:position]}{digit}{upn[position + 1 :]}")


@given(ulns(), st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_of_a_uln_is_noticed(uln: Uln, position: int, step: int) -> None:
    digit = (int(uln[position]) + step) % 10
    assert not Uln.is_valid(f"{uln[:position]}{digit}{uln[position + 1 :]}")


@given(ulns(), st.integers(0, 8))
def test_two_digits_of_a_uln_that_changed_places_are_noticed(uln: Uln, position: int) -> None:
    one, other = uln[position], uln[position + 1]
    swapped = f"{uln[:position]}{other}{one}{uln[position + 2 :]}"
    assert Uln.is_valid(swapped) == (one == other)


@given(st.sampled_from(KINDS), st.text(max_size=15))
def test_any_text_is_valid_or_refused(kind: type[Identifier], text: str) -> None:
    if kind.is_valid(text):
        assert kind.parse(kind.parse(text)) == kind.parse(text)


@given(upns())
def test_the_check_letter_is_found(upn: Upn) -> None:
    assert Upn.with_check_letter(upn[1:]) == upn
    assert Upn.with_check_letter(f" {upn[1:].lower()} ") == upn
    assert sum(Upn.is_valid(letter + upn[1:]) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 1


@given(st.integers(10**8, 10**9 - 1))
def test_the_check_digit_is_found_where_there_is_one(number: int) -> None:
    right = [f"{number}{digit}" for digit in range(10) if Uln.is_valid(f"{number}{digit}")]
    try:
        assert [Uln.with_check_digit(str(number))] == right
    except IdentifierError:
        assert right == []


@pytest.mark.parametrize(
    "rest", ["", "80120000500", "8012000050011", "80120000500I", None, 801200005001, "-" * 12]
)
def test_what_has_no_check_letter(rest: Any) -> None:
    with pytest.raises(IdentifierError, match="12 digits of a UPN"):
        Upn.with_check_letter(rest)
    with pytest.raises(IdentifierError, match="9 digits of a ULN"):
        Uln.with_check_digit(rest)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", ["nonsense", "", None, 1, b"1"])
def test_a_constructor_checks_like_parse(kind: type[Identifier], wrong: Any) -> None:
    for make in (kind, kind.parse):
        with pytest.raises(IdentifierError, match="malformed: expected a "):
            make(wrong)
    assert not kind.is_valid(wrong)
