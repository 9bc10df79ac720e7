"""Nothing private gets out: no name, UPN, ULN or date of birth in anything that is shown."""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import pickle
import pkgutil
import re
import traceback
import warnings
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange import write_document, write_folder
from gatsbykit.exchange.jsontext import is_list, is_object
from gatsbykit.model.identifiers import Identifier, IdentifierError, Uln, Upn
from gatsbykit.privacy import shown
from gatsbykit.report import report_html
from gatsbykit.testing import ScoredCase, scored_cases, ulns, upns
from tests.support.builders import activity, learner, present, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY = date(2026, 7, 10)
UPN, ULN, BIRTH, SURNAME, FORENAME = "B801200005001", "9276308686", "2011-02-03", "Xantippa", "Quenby"
WRONG_UPN, WRONG_ULN, WRONG_BIRTH = "A801200005001", "9276308685", "2011-02-30"
TOKENS = (
    UPN, ULN, BIRTH, SURNAME, FORENAME, WRONG_UPN, WRONG_ULN, WRONG_BIRTH,
    "03/02/2011", "datetime.date(2011, 2, 3)", "2011, 2, 3",
)  # fmt: skip


def assert_private(text: str, what: str = "") -> None:
    found = [token for token in TOKENS if token.lower() in text.lower()]
    assert not found, f"{what} shows {found}: {text[:500]}"


def marked_school() -> gk.Records:
    """Return an institution whose learners' identities are marked."""
    who = learner(
        "L1",
        9,
        date_of_birth=date.fromisoformat(BIRTH),
        upn=Upn.parse(UPN),
        uln=Uln.parse(ULN),
        on_roll_from=date(2010, 1, 1),
    )
    other = learner("L2", 11, upn=Upn.parse(UPN), uln=Uln.parse(ULN), date_of_birth=date.fromisoformat(BIRTH))
    talk = activity(date(2026, 3, 2), "labour_market_information", title=f"Talk with {FORENAME} {SURNAME}")
    seen = gk.Destination(learner_id="L1", date=DAY, category="employment")
    return records([who, other], [talk], destinations=[seen])


def _public_classes() -> Iterator[type]:
    for module in pkgutil.walk_packages(gk.__path__, "gatsbykit."):
        if module.name.endswith("__main__"):
            continue
        try:
            found = importlib.import_module(module.name)
        except ImportError:  # an optional library is not installed
            continue
        for name in getattr(found, "__all__", ()):
            thing = getattr(found, name, None)
            if inspect.isclass(thing) and thing.__module__.startswith("gatsbykit"):
                yield thing


PUBLIC_CLASSES = sorted({*_public_classes()}, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def _instances() -> Iterator[tuple[str, Any]]:
    """Give whatever the library makes of the marked school."""
    school = marked_school()
    yield "records", school
    for table in (school.learners, school.activities, school.participations, school.destinations):
        yield from (("row", row) for row in table or ())
    for upn in (UPN, "M80120000500A"):
        yield "upn", Upn.parse(upn)
    yield "uln", Uln.parse(ULN)
    for kind in (gk.InstitutionKind.SECONDARY_SCHOOL, gk.InstitutionKind.COLLEGE):
        like = attrs.evolve(school, institution=gk.Institution(name="N", kind=kind))
        card = gk.score(like, as_of=DAY)
        yield "scorecard", card
        yield "scorecard as text", str(card)
        yield "scorecard as data", card.to_dict()
        yield from (("result", result) for result in (*card.benchmarks, *card.criteria))
        yield "report", gk.check(like, as_of=DAY)
        yield "report as text", str(gk.check(like, as_of=DAY))
        yield "report as data", gk.check(like, as_of=DAY).to_dict()
        yield "ledger", gk.Ledger(like, as_of=DAY)
    yield "pseudonyms", gk.pseudonymise(school, key=b"k" * 16)


def test_no_representation_shows_an_identity() -> None:
    for what, thing in _instances():
        assert_private(repr(thing), what)
        if not isinstance(thing, Identifier):  # the text of an identifier is the identifier
            assert_private(str(thing), what)


def _fields(kind: Any) -> tuple[Any, ...]:
    fields: Any = getattr(kind, "__attrs_attrs__", ())
    return tuple(fields)


@pytest.mark.parametrize("kind", PUBLIC_CLASSES, ids=lambda kind: kind.__qualname__)
def test_classes_that_hold_identities_do_not_show_them(kind: type) -> None:
    """Whatever field of whatever public class is named after an identity, its repr leaves it out."""
    if issubclass(kind, Identifier):
        if not kind.personal or inspect.isabstract(kind):
            return
        shown_as = repr(str.__new__(kind, UPN))
        assert_private(shown_as, kind.__name__)
    else:
        names = {"upn", "uln", "date_of_birth", "surname", "forename", "title"}
        for field in _fields(kind):
            if field.name in names:
                is_person = kind.__name__ in {"Learner", "Activity"}
                assert not is_person or not field.repr, f"{kind.__name__}.{field.name}"


def _wrong_inputs(path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Give ways to hand in identities that are wrong, or in the wrong place."""
    rows = {
        "wrong numbers": f"L1,9,{WRONG_UPN},{WRONG_ULN},{WRONG_BIRTH}",
        "slipped to the left": f"9,{UPN},{ULN},{BIRTH},L1",
        "slipped to the right": f"{BIRTH},L1,9,{UPN},{ULN}",
        "numbers in ids": f"{UPN},9,{UPN},{UPN},{UPN}",
        "ids twice": f"{UPN},9,,,\n{UPN},9,,,",
        "a day in the year group": f"L1,{BIRTH},,,",
        "another day in the year group": "L1,03/02/2011,,,",
        "too many cells": f"L1,9,{UPN},{ULN},{BIRTH},{SURNAME},{FORENAME}",
        "broken quotes": f'"L1,9,{UPN},{ULN},{BIRTH}',
    }
    head = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'
    for number, (what, text) in enumerate(rows.items()):
        folder = path / f"rows{number}"
        folder.mkdir()
        (folder / "institution.json").write_text(head, encoding="utf-8")
        (folder / "learners.csv").write_text(
            f"learner_id,year_group,upn,uln,date_of_birth\n{text}\n", encoding="utf-8"
        )
        yield what, lambda folder=folder: gk.load(folder)  # type: ignore[misc]
    folder = path / "rows0"
    (folder / "learners.csv").write_text(
        f"{SURNAME},{FORENAME},{UPN},{ULN},{BIRTH}\n{SURNAME},{FORENAME},{UPN},{ULN},{BIRTH}\n",
        encoding="utf-8",
    )
    yield "no header", lambda: gk.load(folder)
    header = f"learner_id,year_group,{UPN},{ULN},{BIRTH}\n"
    strange = path / "strange"
    strange.mkdir()
    (strange / "institution.json").write_text(head, encoding="utf-8")
    (strange / "learners.csv").write_text(f"{header}L1,x,a,b,c\n", encoding="utf-8")
    yield "numbers in the header", lambda: gk.load(strange)
    for key in (UPN, ULN):
        document: dict[str, Any] = {
            "format": key,
            "institution": {"name": "N", "kind": key, key: 1},
            "learners": [{"learner_id": key, "year_group": key, "upn": WRONG_UPN, "uln": WRONG_ULN, key: 1}],
            "answers": {key: {}, "2025-school": {key: 1, "1a": {key: 1}}},
            key: 1,
        }
        yield "a document", lambda document=document: gk.read_document(document)  # type: ignore[misc]
        twice = f'{{"{key}":1,"{key}":2}}'
        yield "a document with a key twice", lambda twice=twice: gk.read_document(twice)  # type: ignore[misc]
    yield "an identifier", lambda: Upn.parse(WRONG_UPN)
    yield "another identifier", lambda: Uln.parse(WRONG_ULN)
    yield "a profile", lambda: gk.load(path, profile=f"{UPN}.toml")
    yield "a file", lambda: gk.load(path / f"{UPN}.json")
    double = records([learner(UPN), learner(UPN)], None)
    yield "ids that are not unique", lambda: gk.score(double, as_of=DAY)


def test_no_error_shows_an_identity(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = 0
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for what, call in _wrong_inputs(tmp_path):
            try:
                call()
            except (gk.GatsbykitError, IdentifierError, ValueError) as error:
                seen += 1
                text = "".join(traceback.format_exception(error, chain=False))
                raised = "".join(line for line in text.splitlines(keepends=True) if not _is_source(line))
                assert_private(raised, what)
                assert_private(repr(error), what)
                assert_private(repr(pickle.loads(pickle.dumps(error))), what)  # noqa: S301 (our own bytes)
                if isinstance(error, gk.InvalidRecords):
                    for issue in (*error.issues, *error.notes):
                        assert_private(f"{issue!r} {issue}", what)
                    assert_private(repr(error.exceptions), what)
    assert seen > 15
    assert_private(caplog.text, "the log")
    assert_private("".join(str(one.message) for one in warned), "a warning")
    captured = capsys.readouterr()
    assert_private(captured.out + captured.err, "what is printed")


def _is_source(line: str) -> bool:
    """Whether a line of a traceback is a line of code: this test has the tokens in its own."""
    return re.match(r"\s+(?:\|\s+)*(?:File |[a-z_]+ ?[=(.]|call\()", line) is not None


def test_no_command_shows_an_identity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_folder(marked_school(), tmp_path / "school")
    write_document(marked_school(), tmp_path / "school.json")
    for path in (tmp_path / "school", tmp_path / "school.json"):
        for command in ("score", "validate"):
            for form in ("text", "json"):
                main([command, str(path), "--as-of", "2026-07-10", "--format", form])
    wrong = [str(call) for call in tmp_path.iterdir()]
    for number, (_, _) in enumerate(_wrong_inputs(tmp_path)):
        folder = tmp_path / f"rows{number}"
        if folder.is_dir():
            for command in ("score", "validate"):
                main([command, str(folder), "--as-of", "2026-07-10"])
    assert wrong
    captured = capsys.readouterr()
    assert "L1" in captured.out
    assert_private(captured.out + captured.err, "a command")


def test_no_page_shows_an_identity() -> None:
    for with_learners in (False, True):
        page = report_html(marked_school(), as_of=DAY, with_learners=with_learners)
        assert "<main" in page
        assert_private(page, "report_html")


# What a message shows of a cell


@given(upns() | ulns(), st.text(max_size=5), st.text(max_size=5))
def test_an_identifier_in_any_cell_is_hidden(number: Identifier, before: str, after: str) -> None:
    before, after = before.rstrip("0123456789"), after.lstrip("0123456789")
    assert number not in shown(f"{before}{number}{after}")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_is_hidden_where_no_date_belongs(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        day.strftime("%d.%m.%y"),
        day.strftime("%d %b %Y"),
        day.strftime("%Y%m%d"),
    ):
        assert shown(text, "year_group") == "<hidden>"
        assert shown(text, "sex") == "<hidden>"
        assert shown(text, "date_of_birth") == "<hidden>"
        assert shown(text, "on_roll_from") == text


def test_what_is_shown_can_be_printed() -> None:
    assert shown("a\x1b[31m\u202e\ud800") == "a\\x1b[31m\\u202e\\ud800"
    assert shown("x" * 100) == "x" * 60 + "…"


# Pseudonyms


KEY = b"0123456789abcdef"


@given(scored_cases())
def test_pseudonymised_records_score_the_same(case: ScoredCase) -> None:
    """Everything but the ids of those who are missing; those are the pseudonyms of the same learners."""
    safe = gk.pseudonymise(case.records, key=KEY)
    settings = gk.Settings(unknown=case.unknown)

    def scored(school: gk.Records) -> dict[str, Any]:
        return gk.score(school, as_of=case.as_of, edition=case.edition, settings=settings).to_dict()

    names = dict(
        zip(
            (one.learner_id for one in case.records.learners or ()),
            (one.learner_id for one in safe.learners or ()),
            strict=True,
        )
    )
    assert json.loads(json.dumps(scored(safe))) == _renamed(
        json.loads(json.dumps(scored(case.records))), names
    )


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if is_object(value):
        return {
            key: sorted(names[one] for one in member)
            if key == "missing" and member is not None
            else _renamed(member, names)
            for key, member in value.items()
        }
    return [_renamed(member, names) for member in value] if is_list(value) else value


def test_pseudonyms_name_nobody() -> None:
    school = marked_school()
    safe = gk.pseudonymise(school, key=KEY)
    text = repr(attrs.asdict(present(safe.learners)[0])) + repr(safe.activities)
    assert_private(text + str(attrs.asdict(present(safe.activities)[0])))
    (first, second) = present(safe.learners)
    assert first.date_of_birth == date(2010, 9, 1)
    assert first.upn is None
    assert first.uln is None
    assert first.learner_id != second.learner_id
    assert safe.learners == gk.pseudonymise(school, key=KEY).learners
    assert safe.learners != gk.pseudonymise(school, key=KEY[::-1]).learners
    assert [row.learner_id for row in present(safe.participations)] == [first.learner_id, second.learner_id]
    assert present(safe.destinations)[0].learner_id == first.learner_id


def test_pseudonyms_of_employers_can_be_counted() -> None:
    talks = [
        activity(DAY, "employer_encounter", activity_id=name, employer=employer, providers=["College"])
        for name, employer in (("A", "Acme"), ("B", "Acme"), ("C", "Other"), ("D", None))
    ]
    seen = gk.Destination(learner_id="L", date=DAY, category="employment", provider="Acme")
    safe = gk.pseudonymise(records([learner()], talks, destinations=[seen]), key=KEY)
    employers = [one.employer for one in present(safe.activities)]
    assert employers[0] == employers[1] != employers[2]
    assert employers[3] is None
    assert "Acme" not in str(employers)
    assert present(safe.destinations)[0].provider not in {"Acme", *employers}
    assert {one.providers for one in present(safe.activities)} == {frozenset({"College"})}


def test_a_key_that_is_no_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        gk.pseudonymise(marked_school(), key=b"short")


def test_tables_that_are_not_there_stay_away() -> None:
    nothing = gk.Records(institution=gk.Institution(name="N", kind=gk.InstitutionKind.COLLEGE))
    assert gk.pseudonymise(nothing, key=KEY) == nothing
    note = gk.Issue(code="unknown_column", record="L1", cell="x")
    assert gk.pseudonymise(attrs.evolve(nothing, notes=[note]), key=KEY).notes[0].record is None
    empty = records([], [])
    assert gk.pseudonymise(empty, key=KEY) == empty
