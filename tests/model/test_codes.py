"""Code lists and identifiers: three different answers, dated authorities, hierarchies."""

from __future__ import annotations

import csv
import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.errors import GatsbykitError
from gatsbykit.model.codes import Authority, Sic2007, Soc2020, authorities, sic_sections, soc_codes
from gatsbykit.model.encounters import EmployerSector
from gatsbykit.model.identifiers import (
    Identifier,
    IdentifierError,
    Laestab,
    Postcode,
    Ukprn,
    Uln,
    Upn,
    Urn,
    Verdict,
)
from gatsbykit.testing import ulns, upns

_DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not _DATA.is_dir(), reason="the published files are not beside this checkout")

ALL: tuple[type[Identifier], ...] = (Upn, Uln, Urn, Ukprn, Laestab, Postcode, Soc2020, Sic2007)


# One contract


@pytest.mark.parametrize(
    ("kind", "text", "verdict"),
    [
        (Upn, "B801200005001", Verdict.VALID),
        (Upn, "A801200005001", Verdict.WRONG_CHECK),
        (Upn, "B80120000500", Verdict.MALFORMED),
        (Upn, "I801200005001", Verdict.MALFORMED),
        (Upn, "M80120000500A", Verdict.VALID),
        (Upn, "M940200005001", Verdict.VALID),
        (Upn, "F999400109001", Verdict.UNKNOWN_AUTHORITY),
        (Upn, "P207000016049", Verdict.VALID),
        (Upn, "Q207000016049", Verdict.WRONG_CHECK),
        (Uln, "9276308686", Verdict.VALID),
        (Uln, "7673614579", Verdict.VALID),
        (Uln, "9276308685", Verdict.WRONG_CHECK),
        (Uln, "9999999999", Verdict.WRONG_CHECK),
        (Uln, "0276308686", Verdict.MALFORMED),
        (Urn, "100049", Verdict.VALID),
        (Urn, "20220", Verdict.MALFORMED),
        (Ukprn, "10079319", Verdict.VALID),
        (Ukprn, "079319", Verdict.MALFORMED),
        (Laestab, "2136007", Verdict.VALID),
        (Laestab, "213/6007", Verdict.VALID),
        (Laestab, "9996007", Verdict.UNKNOWN_AUTHORITY),
        (Laestab, "213600", Verdict.MALFORMED),
        (Postcode, "SW1A 2AA", Verdict.VALID),
        (Postcode, "gir0aa", Verdict.VALID),
        (Postcode, "m1 1ae", Verdict.VALID),
        (Postcode, "SW1A 2AC", Verdict.MALFORMED),
        (Postcode, "SW1A", Verdict.MALFORMED),
        (Postcode, "", Verdict.MALFORMED),
        (Soc2020, "2313", Verdict.VALID),
        (Soc2020, "2999", Verdict.UNKNOWN_CODE),
        (Soc2020, "0111", Verdict.MALFORMED),
        (Sic2007, "01110", Verdict.VALID),
        (Sic2007, "99999", Verdict.UNKNOWN_CODE),
        (Sic2007, "1", Verdict.MALFORMED),
    ],
)
def test_what_can_be_said_of_a_text(kind: type[Identifier], text: str, verdict: Verdict) -> None:
    assert kind.examine(text) is verdict
    assert kind.is_valid(text) is (verdict in {Verdict.VALID, Verdict.UNKNOWN_AUTHORITY})
    if not kind.is_valid(text):
        with pytest.raises(IdentifierError) as raised:
            kind.parse(text)
        assert raised.value.code is verdict
        assert isinstance(raised.value, GatsbykitError)
        assert pickle.loads(pickle.dumps(raised.value)).code is verdict  # noqa: S301 (our own bytes)
        assert len(text) < 6 or text not in str(raised.value)


@pytest.mark.parametrize("kind", ALL)
@given(text=st.text(max_size=20) | upns() | ulns())
def test_the_contract_of_identifiers(kind: type[Identifier], text: str) -> None:
    assert kind.is_valid(text) is (kind.examine(text) in {Verdict.VALID, Verdict.UNKNOWN_AUTHORITY})
    if kind.is_valid(text):
        parsed = kind.parse(text)
        assert kind.parse(parsed) == parsed
        assert kind.form.fullmatch(parsed)
        assert pickle.loads(pickle.dumps(parsed)) == parsed  # noqa: S301 (our own bytes)
        assert not kind.personal or str(parsed) not in repr(parsed)


@given(upns(), st.integers(1, 12), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_upn_is_found(upn: Upn, position: int, digit: str) -> None:
    changed = upn[:position] + digit + upn[position + 1 :]
    if changed != upn and upn[position].isdigit():
        assert Upn.examine(changed) is Verdict.WRONG_CHECK


def test_parts_of_identifiers() -> None:
    upn = Upn.parse("b801200005001")
    assert (upn.authority, upn.year_issued, upn.is_temporary) == ("801", 2005, False)
    assert Upn.with_check_letter(upn[1:8] + "97" + upn[10:]).year_issued == 1997
    assert Upn.with_check_letter(upn[1:8] + "96" + upn[10:]).year_issued == 2096
    assert Laestab.parse("213/6007").authority == "213"
    assert str(Postcode.parse(" ec1a1bb ")) == "EC1A 1BB"


# Local authorities


@pytest.mark.parametrize("code", ["838", "839", "940", "941", "942", "943"])
def test_the_authorities_that_older_lists_lack(code: str) -> None:
    authority = authorities()[code]
    assert authority.name
    assert authority.first_day is not None
    assert authority.existed_on(authority.first_day)
    assert not authority.existed_on(date(2018, 1, 1))
    assert authority.last_day is None


@pytest.mark.parametrize("code", ["835", "836", "837", "909", "928"])
def test_the_authorities_that_they_followed(code: str) -> None:
    authority = authorities()[code]
    assert authority.last_day is not None
    assert authority.existed_on(authority.last_day)
    assert not authority.existed_on(date(2026, 1, 1))


def test_codes_of_authorities_are_three_digits() -> None:
    assert all(len(code) == 3 and code.isdigit() for code in authorities())
    assert len(authorities()) == 195
    always = Authority(code="001")
    assert always.existed_on(date.min)
    assert always.existed_on(date.max)


@needs_data
def test_authorities_agree_with_the_published_list() -> None:
    with (_DATA / "las.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["old_la_code"].isdigit()]
    assert len(rows) > 150
    for row in rows:
        authority = authorities()[row["old_la_code"]]
        if row["status"] == "live":
            assert authority.last_day is None
            assert authority.name == row["la_name"]


# Occupations and industries


def test_occupations_have_a_hierarchy() -> None:
    sizes = {
        level: sum(Soc2020(code).level == level for code in soc_codes())
        for level in ("major", "sub_major", "minor", "unit")
    }
    assert sizes == {"major": 9, "sub_major": 26, "minor": 104, "unit": 412}
    for code in map(Soc2020, soc_codes()):
        assert code.label
        assert code.parent is None or code in code.parent.children
        assert all(Soc2020.is_valid(group) for group in code.ancestors)
    assert Soc2020("2313").ancestors == (Soc2020("231"), Soc2020("23"), Soc2020("2"))
    assert Soc2020("2").parent is None


def test_industries_have_sections_and_divisions() -> None:
    assert sic_sections().keys() == {*EmployerSector}
    divisions = [f"{number:02}" for number in range(100) if Sic2007.is_valid(f"{number:02}")]
    assert len(divisions) == 88
    assert {Sic2007(division).section for division in divisions} == {*EmployerSector}
    code = Sic2007.parse("85310")
    assert (code.level, code.division, code.section) == ("subclass", "85", EmployerSector.EDUCATION)
    assert Sic2007.parse("8531").level == "class"
    assert code.ancestors == ("8531", "853", "85")


@needs_data
def test_codes_agree_with_the_published_lists() -> None:
    with (_DATA / "codes" / "soc2020_structure.csv").open(encoding="utf-8-sig", newline="") as file:
        assert soc_codes() == {row["code"]: row["title"].strip() for row in csv.DictReader(file)}
    with (_DATA / "codes" / "sic2007_5digit_companies_house.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        published = {row["sic_code"] for row in csv.DictReader(file) if len(row["sic_code"]) == 5}
    assert all(Sic2007.is_valid(code) for code in published - {"99999"})
