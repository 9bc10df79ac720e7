"""Situations of public reports: how data went wrong for others. Each kind is tried through its doors."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import gatsbykit as gk
from gatsbykit.checks.ids import changes
from gatsbykit.errors import ProfileError
from gatsbykit.exchange.profiles import PROFILE_KEYS, Profile, find_profile, read_profile
from tests.support.builders import present

if TYPE_CHECKING:
    from pathlib import Path

SCHOOL = {"format": "gatsbykit/1", "name": "N", "kind": "secondary_school"}
AS_OF = date(2026, 7, 10)


def folder_of(path: Path, files: dict[str, str | bytes]) -> Path:
    path.mkdir(exist_ok=True)
    for name, data in {"institution.json": json.dumps(SCHOOL), **files}.items():
        (path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def codes(report: gk.Report) -> dict[str, int]:
    apart = {"table_not_supplied", "criteria_unanswered", "column_not_found", "kind_never_held"}
    return {code: count for code, count in report.counts.items() if code not in apart}


# Filters of profiles


ROSTER = "sourcedId,status,role,grades\n{}"


def profile(more: str, columns: str = 'learner_id = ["Id"]\nyear_group = ["Year"]') -> Profile:
    return read_profile(
        f'title = "x"\n[[files]]\ntable = "learners"\nname = "*.csv"\n{more}\n[files.columns]\n{columns}'
    )


def test_a_column_that_a_profile_reads_only_rows_by_has_to_be_there(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"users.csv": "sourcedId,status,grades\na,active,11\n"})
    report = gk.check(folder, profile="oneroster-1.1")
    assert [(issue.code, dict(issue.details)["column"]) for issue in report.errors] == [
        ("filter_column_missing", "role")
    ]
    assert "every_row_left_out" not in codes(report)


def test_a_column_that_leaves_rows_out_is_told_where_it_is_not_there(tmp_path: Path) -> None:
    text = "UPN,NCyearActual,{}\nB801200005001,11,{}\n"
    folder = folder_of(tmp_path, {"c.csv": text.format("Enrolment Status", "G")})
    report = gk.check(folder, profile="census")
    (issue,) = (issue for issue in report.warnings if issue.code == "filter_not_asked")
    assert "EnrolStatus" in issue.message
    assert "no such column" in issue.message
    folder_of(tmp_path, {"c.csv": text.format("EnrolStatus", " ")})
    (issue,) = (one for one in gk.check(folder, profile="census").warnings if one.code == "filter_not_asked")
    assert "no value in it" in issue.message
    folder_of(tmp_path, {"c.csv": text.format("EnrolStatus", "C")})
    assert "filter_not_asked" not in codes(gk.check(folder, profile="census"))


@pytest.mark.parametrize("cell", ["g", " G ", "\u00a0G", '"G"', "\u200bG", "\uff27"])
def test_filters_see_what_a_reader_sees(tmp_path: Path, cell: str) -> None:
    text = f"UPN,NCyearActual,EnrolStatus\nB801200005001,11,{cell}\nM940200005001,11,C\n"
    folder = folder_of(tmp_path, {"c.csv": text.encode("utf-8-sig")})
    school = gk.load(folder, profile="census")
    assert [one.upn for one in present(school.learners)] == ["M940200005001"]
    (issue,) = (issue for issue in school.notes if issue.code == "rows_left_out")
    assert (issue.count, "EnrolStatus G (1)" in issue.message) == (1, True)


def test_filters_and_whole_numbers_with_a_point(tmp_path: Path) -> None:
    ours = profile('point_zero = true\n[files.only]\nPhase = ["4"]\n')
    folder = folder_of(tmp_path, {"p.csv": "Id,Year,Phase\na,11.0,4.0\nb,5,2\n"})
    school = gk.load(folder, profile=ours)
    assert [one.learner_id for one in present(school.learners)] == ["a"]


def test_a_filter_that_leaves_everybody_out_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"users.csv": ROSTER.format("a,active,pupil,11\nb,active,,9\n")})
    report = gk.check(folder, profile="oneroster-1.1")
    assert {"every_row_left_out", "rows_left_out"} <= codes(report).keys()
    (issue,) = (issue for issue in report.warnings if issue.code == "rows_left_out")
    assert issue.details == (("why", "role other than student (1), role blank (1)"),)


def test_rows_that_may_be_learners_are_named_by_what_leaves_them_out(tmp_path: Path) -> None:
    text = "UPN,NCyearActual,EnrolStatus\nB801200005001,X,C\nM940200005001,11,C\nP207000016049,r,C\n"
    school = gk.load(folder_of(tmp_path, {"c.csv": text}), profile="census")
    (issue,) = (issue for issue in school.notes if issue.code == "rows_left_out")
    assert issue.details == (("why", "NCyearActual X (1), NCyearActual R (1)"),)


# Files that are none


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    return held.getvalue()


def archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("learners.csv", "learner_id\n\xe9")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (workbook(), "a workbook"),
        (archive(), "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "a workbook"),
        (b"PAR1\x15\x04\x00\xff", "a Parquet file"),
        (b"\x1f\x8b\x08\x00\xff", "a compressed archive"),
    ],
)
def test_what_is_no_text_is_called_what_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    folder = folder_of(tmp_path / "f", {"learners.csv": data})
    foreign = folder_of(tmp_path / "p", {"p.csv": data})
    windows = profile('encoding = "windows-1252"')
    for report in (gk.check(path), gk.check(folder), gk.check(foreign, profile=windows)):
        (issue,) = (issue for issue in report.errors if issue.code == "not_text")
        assert what in issue.message
        assert "CSV UTF-8" in issue.expected


@pytest.mark.parametrize(
    "name",
    ["learners.xlsx", "Learners.XLS", "learners.ods", "learners.txt", "learners (1).tsv", "learners.parquet"],
)
def test_a_table_in_another_form_is_named(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, {name: b"x", "activities.csv": "activity_id,date,kinds\n"})
    report = gk.check(folder)
    assert [issue.file for issue in report.warnings if issue.code == "table_in_other_form"] == [name]
    (folder / "activities.csv").unlink()
    report = gk.check(folder)
    assert [issue.code for issue in report.errors] == ["nothing_recognised"]
    assert any(issue.file == name for issue in report.warnings)


def test_files_of_other_names_are_no_tables(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "notes.txt": "x",
        "learnersupport.docx": "x",
        ".~lock.learners.xlsx#": "x",
    }
    assert gk.check(folder_of(tmp_path, files)).is_valid
    assert "table_in_other_form" not in codes(gk.check(tmp_path))


# Things that nobody recognises are no school without evidence


def test_a_folder_of_strange_files_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"learner.csv": "learner_id,year_group\nL1,9\n"})
    assert codes(gk.check(folder)) == {"nothing_recognised": 1, "unknown_file": 1}
    folder_of(tmp_path, {"answers.json": json.dumps({"2025-school": {"8c": "yes"}})})
    assert gk.check(folder).is_valid
    (folder / "answers.json").write_text("{}")
    assert not gk.check(folder).is_valid


def test_a_document_of_strange_tables_is_refused() -> None:
    document: dict[str, Any] = {"format": "gatsbykit/1", "institution": SCHOOL}
    assert gk.check(document).is_valid  # an institution of which nothing is known yet
    assert gk.check({**document, "colour": "red", "tags": ["x"]}).is_valid
    strange = {**document, "pupils": [{"learner_id": "L1"}]}
    assert [issue.code for issue in gk.check(strange).errors] == ["nothing_recognised"]
    assert gk.check({**strange, "answers": {"2025-school": {"8c": "yes"}}}).is_valid


# Rows in which nothing stands


@pytest.mark.parametrize(
    "blank", [",,\n", ", ,\r\n", '"","",\n', "\n", " \n", ",\n", "\u00a0,,\n", ",,,,,\n"]
)
@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_rows_in_which_nothing_stands_are_none(tmp_path: Path, blank: str, where: str) -> None:
    rows = {"before": blank * 2 + "{}", "between": "{}", "after": "{}"}[where]
    text = rows.format("learner_id,year_group,sex\n")
    text += "L1,9,F\n" + (blank * 3 if where == "between" else "") + "L2,99,\n"
    text += blank * 3 if where == "after" else ""
    report = gk.check(folder_of(tmp_path, {"learners.csv": text}))
    shift = {"before": 2, "between": 3, "after": 0}[where]
    assert [(issue.code, issue.row) for issue in report.errors] == [("out_of_range", 3 + shift)]
    if where != "before":
        foreign = folder_of(tmp_path / "p", {"p.csv": text.replace("learner_id,year_group", "Id,Year")})
        report = gk.check(foreign, profile=profile(""))
        assert [(issue.code, issue.row) for issue in report.errors] == [("out_of_range", 3 + shift)]


def test_a_row_in_which_something_stands_is_a_row(tmp_path: Path) -> None:
    text = "learner_id,year_group,sex,note\nL1,9,F,\n,,,x\n"
    report = gk.check(folder_of(tmp_path, {"learners.csv": text}))
    assert [(issue.code, issue.row) for issue in report.errors] == [("missing_value", 3)] * 2


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("first", ["Id", "Note"])
def test_a_mark_says_what_a_file_is(tmp_path: Path, encoding: str, mark: str, first: str) -> None:
    text = f"{first},{'Note' if first == 'Id' else 'Id'},Year,Subjects\nZoë,Zoë,9,Café\n"
    data = text.encode(mark) if mark != "utf-16-be" else b"\xfe\xff" + text.encode(mark)
    ours = profile(
        f'encoding = "{encoding}"', 'learner_id = ["Id"]\nyear_group = ["Year"]\nsubjects = ["Subjects"]'
    )
    (learner,) = present(gk.load(folder_of(tmp_path, {"p.csv": data}), profile=ours).learners)
    assert (learner.learner_id, learner.subjects) == ("Zoë", frozenset({"café"}))


# Values of profiles


@pytest.mark.parametrize(
    ("code", "meant"), [("S", "E"), ("A", "K"), ("p", "K"), ("K", "K"), ("E", "E"), ("N", "N"), ("", None)]
)
def test_special_needs_in_a_census(tmp_path: Path, code: str, meant: str | None) -> None:
    text = f"UPN,NCyearActual,SENprovision\nB801200005001,11,{code}\n"
    (learner,) = present(gk.load(folder_of(tmp_path, {"c.csv": text}), profile="census").learners)
    assert learner.sen_provision == meant


@pytest.mark.parametrize(
    ("code", "meant", "told"),
    [
        ("ENG", False, 0), ("enb", False, 0), ("English", False, 0), ("POL", True, 0), ("urd", True, 0),
        ("OTH", True, 0), ("OTB", True, 0), ("BNGS", True, 0), ("NOT", None, 0), ("REF", None, 0),
        ("ZZZ", None, 0), ("", None, 0), ("N/A", None, 1), ("UNK", None, 1), ("False", None, 1),
        ("TBC", None, 1),
        ("yes", None, 1), ("-", None, 1),
    ],
)  # fmt: skip
def test_languages_in_a_census(tmp_path: Path, code: str, meant: bool | None, told: int) -> None:
    text = f"UPN,NCyearActual,Language\nB801200005001,11,{code}\nM940200005001,11,{code}\n"
    school = gk.load(folder_of(tmp_path, {"c.csv": text}), profile="census")
    assert [one.eal for one in present(school.learners)] == [meant] * 2
    found = [issue for issue in school.notes if issue.code == "value_not_listed"]
    assert [(issue.count, issue.column) for issue in found] == [(2, "Language")] * told


def test_a_catch_all_leads_to_unknown_alone() -> None:
    for key in PROFILE_KEYS:
        for shape in find_profile(key).files:
            assert {words.get("*", "") for words in shape.values.values()} <= {""}
    with pytest.raises(ProfileError, match="can only be unknown"):
        profile('[files.values.sex]\nGirl = "F"\n"*" = "M"')
    with pytest.raises(ProfileError, match="has two meanings"):
        profile('[files.values.sex]\ng = "F"\n" G" = "M"')
    with pytest.raises(ProfileError, match="is no value of sex"):
        profile('[files.values.sex]\ng = "girl"')
    with pytest.raises(ProfileError, match="no column age"):
        profile('[files.codes.age]\nF = ["Girl"]')


def test_entries_of_a_list_that_a_profile_does_not_know(tmp_path: Path) -> None:
    ours = profile(
        'lists = "|"\n[files.values.subjects]\nMa = "mathematics"\n"*" = ""',
        'learner_id = ["Id"]\nyear_group = ["Year"]\nsubjects = ["Subjects"]',
    )
    folder = folder_of(tmp_path, {"p.csv": "Id,Year,Subjects\na,9,Ma|Zz|\n"})
    school = gk.load(folder, profile=ours)
    assert present(school.learners)[0].subjects == {"mathematics"}
    assert [issue.code for issue in school.notes] == ["value_not_listed"]


@pytest.mark.parametrize(
    ("column", "words", "cell", "expected"),
    [
        (
            "kinds",
            '[files.values.kinds]\ntalk = "employer_encounter"',
            "walk",
            "talk (by the profile), employer_",
        ),
        ("kinds", "", "walk", "one of employer_encounter"),
    ],
)
def test_entries_that_are_no_choice(
    tmp_path: Path, column: str, words: str, cell: str, expected: str
) -> None:
    ours = read_profile(
        f'title = "x"\n[[files]]\ntable = "activities"\nname = "a.csv"\n{words}\n[files.columns]\n'
        f'activity_id = ["Id"]\ndate = ["Day"]\n{column} = ["What"]'
    )
    files: dict[str, str | bytes] = {
        "a.csv": f"Id,Day,What\nA,2026-01-05,{cell}\n",
        "learners.csv": "learner_id,year_group\nL,9\n",
        "participations.csv": "activity_id,learner_id\nA,L\n",
    }
    (issue,) = gk.check(folder_of(tmp_path, files), profile=ours).errors
    assert (issue.code, issue.cell) == ("not_a_choice", cell)
    assert expected in issue.expected


def test_a_column_of_a_filter_in_which_nothing_stands(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"users.csv": ROSTER.format("a,,,11\nb,,,9\n")})
    found = codes(gk.check(folder, profile="oneroster-1.1"))
    assert (found["every_row_left_out"], found["rows_left_out"], found["filter_not_asked"]) == (1, 2, 1)
    assert gk.check(folder, profile="oneroster-1.1").is_valid


def test_a_constant_is_no_value_of_the_file(tmp_path: Path) -> None:
    ours = profile(
        '[files.constants]\nsex = "F"\n[files.values.sex]\nBoy = "M"\n"*" = ""\n',
        'learner_id = ["Id"]\nyear_group = ["Year"]\nsex = ["Sex"]',
    )
    school = gk.load(folder_of(tmp_path, {"p.csv": "Id,Year,Sex\na,9,\nb,9,boy\nc,9,girl\n"}), profile=ours)
    assert [one.sex for one in present(school.learners)] == ["F", "M", None]


OUTCOMES = "LearnRefNumber,OutType,OutCode,OutCollDate\n"


def test_outcomes_of_older_returns(tmp_path: Path) -> None:
    rows = ["L1,EMP,3,2025-10-01", "L2,OTH,2,2025-10-01", "L3,emp ,3,2025-10-01"]
    folder = folder_of(tmp_path, {"o.csv": OUTCOMES + "\n".join(rows)})
    seen = present(gk.load(folder, profile="ilr-destinations").destinations)
    assert [str(one.category) for one in seen] == ["employment", "unknown", "employment"]
    folder_of(tmp_path, {"o.csv": OUTCOMES + "\n".join([*rows, "L4,EDU,9,2025-10-01"])})
    (issue,) = gk.check(folder, profile="ilr-destinations").errors
    assert (issue.code, issue.row, issue.cell) == ("not_a_choice", 5, "EDU 9")
    assert "EDU 6" in issue.expected


# Dates


@pytest.mark.parametrize(
    "forms",
    [
        ("DDMMYYYY", "YYYYMMDD"), ("MMDDYYYY", "DDMMYYYY"), ("YYYYDDMM", "YYYYMMDD"),
        ("YYYYDDMM", "MMDDYYYY"),
        ("DD/MM/YYYY", "MM/DD/YYYY"), ("YYYY-MM-DD", "YYYY-DD-MM"), ("DD.MM.YYYY", "DD.MM.YYYY"),
        ("DD-MMM-YYYY",), ("DD/MM/YY",), ("D/M/YYYY",), ("DD/MM/YYYYT",), ("DD of MM YYYY",), ("DDMMYYYYMM",),
        (" DD/MM/YYYY",), (),
    ],
)  # fmt: skip
def test_date_forms_that_are_refused(forms: tuple[str, ...]) -> None:
    for order in (forms, forms[::-1]):
        with pytest.raises(ProfileError, match="date"):
            profile(f"dates = {json.dumps(order)}")


@pytest.mark.parametrize(
    ("forms", "cells"),
    [
        (("DD/MM/YYYY", "YYYY-MM-DD"), ("05/03/2010", "2010-03-05")),
        (("DDMMYYYY",), ("05032010",)),
        (("YYYYMMDD",), ("20100305",)),
        (("YYYYMMDD", "DD.MM.YYYY", "YYYY/MM/DD"), ("20100305", "05.03.2010", "2010/03/05")),
        (("YYYY_MM_DD", "DD MM YYYY"), ("2010_03_05", "05 03 2010")),
    ],
)
def test_date_forms_that_can_be_told_apart(
    tmp_path: Path, forms: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    columns = 'learner_id = ["Id"]\nyear_group = ["Year"]\ndate_of_birth = ["Born"]'
    ours = profile(f"dates = {json.dumps(forms)}", columns)
    rows = "".join(f"{number},9,{cell}\n" for number, cell in enumerate(cells))
    school = gk.load(folder_of(tmp_path, {"p.csv": f"Id,Year,Born\n{rows}"}), profile=ours)
    assert {one.date_of_birth for one in present(school.learners)} == {date(2010, 3, 5)}


# UPNs and ULNs


MISTYPED = ["b801 2000 05001", "B80120000500", "801200005001", "B8012000050011", "B8O1200005001", "xyz"]


def everything_said(path: Path, named: Any) -> str:
    report = gk.check(path, profile=named, as_of=AS_OF)
    said = [str(report), repr(report), json.dumps(report.to_dict())]
    try:
        school = gk.load(path, profile=named)
        said += [repr(school), repr(school.learners), repr(school.destinations), repr(school.participations)]
        said += [repr(one.learner_id) for one in school.learners or ()]
        said += [repr(one.learner_id) for one in school.destinations or ()]
    except gk.InvalidRecords as errors:
        said += [repr(errors), str(errors), *map(repr, errors.issues), *map(str, errors.exceptions)]
    return "\n".join(said)


@pytest.mark.parametrize("upn", MISTYPED)
def test_mistyped_upns_are_never_shown(tmp_path: Path, upn: str) -> None:
    census = f"UPN,NCyearActual,EnrolStatus\n{upn},99,C\n{upn},11,C\n"
    own = f"activity_id,learner_id\nA1,{upn}x\n"
    files: dict[str, str | bytes] = {
        "c.csv": census,
        "activities.csv": "activity_id,date,kinds\nA1,2026-01-05,guidance_meeting\n",
        "participations.csv": own,
    }
    assert upn not in everything_said(folder_of(tmp_path / "census", files), "census")
    ids = profile("", 'learner_id = ["PupilUPN"]\nyear_group = ["NCyearActual"]')
    files["c.csv"] = (
        census.replace("UPN,", "PupilUPN,").replace(",99,", ",11,").replace(f"{upn},11,C\n", "", 1)
    )
    assert upn not in everything_said(folder_of(tmp_path / "ours", files), ids)
    nccis = f"UniquePupilNumber,ActivityCode,DateVerified\n{upn},999,01/10/2025\n{upn},310,01/10/1899\n"
    assert upn not in everything_said(folder_of(tmp_path / "nccis", {"n.csv": nccis}), "nccis")
    assert upn not in everything_said(
        folder_of(tmp_path / "nccis", {"n.csv": nccis.replace("999", "310")}), "nccis"
    )


def test_ids_of_other_kinds_are_shown(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"p.csv": "Id,Year\nL0412,99\n"})
    (issue,) = gk.check(folder, profile=profile("")).errors
    assert issue.record == "L0412"
    vulnerable = profile("", 'learner_id = ["VulnerableId"]\nyear_group = ["Year"]')
    assert not vulnerable.has_personal_ids
    numbers = profile("", 'learner_id = ["Number"]\nuln = ["number"]\nyear_group = ["Year"]')
    assert numbers.has_personal_ids


def test_personal_ids_are_texts_like_others(tmp_path: Path) -> None:
    text = "UPN,NCyearActual,EnrolStatus\nB801200005001,11,C\n"
    (learner,) = present(gk.load(folder_of(tmp_path, {"c.csv": text}), profile="census").learners)
    assert learner.learner_id == "B801200005001"
    assert pickle.loads(pickle.dumps(learner)) == learner  # noqa: S301 (our own bytes)
    assert json.dumps(learner.learner_id) == '"B801200005001"'


@pytest.mark.parametrize("times", [1, 2])
def test_a_uln_that_is_not_known_yet(tmp_path: Path, times: int) -> None:
    rows = [{"learner_id": f"L{number}", "year_group": 11, "uln": "9999999999"} for number in range(times)]
    text = "learner_id,year_group,uln\n" + "".join(f"L{n},11,9999999999\n" for n in range(times))
    document = {"format": "gatsbykit/1", "institution": SCHOOL, "learners": rows}
    numbers = {**document, "learners": [{**row, "uln": 9999999999} for row in rows]}
    census = "UPN,NCyearActual,EnrolStatus,UniqueLearnerNumber\n" + "".join(
        f"{upn},11,C,9999999999\n" for upn in ("B801200005001", "M940200005001")[:times]
    )
    reports = [
        gk.check(folder_of(tmp_path / "own", {"learners.csv": text})),
        gk.check(document),
        gk.check(json.dumps(numbers).encode()),
        gk.check(folder_of(tmp_path / "census", {"c.csv": census}), profile="census"),
    ]
    for report in reports:
        found = [issue for issue in report.issues if issue.code == "identifier_not_known"]
        assert [issue.count for issue in found] == [times]
        assert report.is_valid
        assert "shared_identifier" not in report.counts
    (learner, *_) = present(gk.read_document(document).learners)
    assert learner.uln is None
    wrong = {**document, "learners": [{**rows[0], "uln": "9999999990"}]}
    assert [issue.code for issue in gk.check(wrong).errors] == ["bad_check_digit"]


# One provider in two spellings


def occasion(number: int, *providers: str) -> dict[str, Any]:
    items = dict.fromkeys(
        ("covers_provider", "covers_careers", "covers_learning", "covers_questions", "school_day"), True
    )
    return {
        "activity_id": f"A{number}", "date": f"2025-11-0{number + 3}", "kinds": ["provider_encounter"],
        "provider_types": ["college"], "providers": list(providers), **items,
    }  # fmt: skip


def first_phase(*meetings: tuple[str, ...]) -> str:
    document = {
        "format": "gatsbykit/1", "institution": SCHOOL,
        "learners": [{"learner_id": "L1", "year_group": 9}],
        "activities": [occasion(number, *names) for number, names in enumerate(meetings)],
        "participations": [{"activity_id": f"A{n}", "learner_id": "L1"} for n in range(len(meetings))],
    }  # fmt: skip
    card = gk.score(gk.read_document(document), as_of=AS_OF)
    access = card.provider_access
    assert access is not None
    return str(access["first"].status)


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        (("King's College",), ("King's College",), "not_met"),
        (("King's College",), ("King\u2019s College",), "not_met"),
        (("King's College",), ("king's college",), "not_met"),
        (("King's College",), ("King's\u00a0College",), "not_met"),
        (("King's College",), ("King's  College",), "not_met"),
        (("King's College",), ("King's Co\u00adllege\u200b",), "not_met"),
        (("Caf\u00e9 School",), ("Cafe\u0301 School",), "not_met"),
        (("A \u2013 B",), ("A - B",), "not_met"),
        (("King's College", "KING'S COLLEGE"), ("King's College",), "not_met"),
        (("King's College", "-"), ("King's College",), "not_met"),
        (("King's College", "N/A"), ("King's College",), "not_met"),
        (("-",), ("\u2013",), "not_met"),
        (("King's College",), ("-",), "not_met"),
        (("King's College",), ("Queen's College",), "met"),
        (("Cafe",), ("Caf\u00e9",), "met"),
    ],
)
def test_a_provider_counts_if_a_person_would_count_it(
    one: tuple[str, ...], other: tuple[str, ...], status: str
) -> None:
    assert first_phase(one, other) == status


# Ids that a program changed


@pytest.mark.parametrize(
    ("known", "stranger", "how"),
    [
        ("'001", "001", "an apostrophe"), ("001", "'001", "an apostrophe"),
        ('="001"', "001", "a formula"), ("001", '="001"', "a formula"),
        ("007", "7", "leading zeros"), ("7", "007", "leading zeros"), ("7", "7.0", "a point and zero"),
        ("11E5", "1.10E+06", "being shortened as a number"),
        ("1234567", "1.23E+06", "being shortened as a number"),
        ("10-11", "10-Nov", "being taken for a date"), ("10-11", "11-Oct", "being taken for a date"),
        ("10/11", "2026-11-10 00:00:00", "being taken for a date"),
        ("11-26", "Nov-26", "being taken for a date"),
        ("3-1", "01/03/2026", "being taken for a date"), ("2026-11-10", "10-11", "being taken for a date"),
        ("A1", "A1 ", "spaces"), (" A1", "A1", "spaces"), ("A1", "\u00a0A1", "spaces"),
        ("A1", "A\u200b1", "signs that cannot be seen"), ("A1", "\uff211", "signs that look alike"),
        ("A1", "A2", None), ("7", "8", None), ("10-11", "11-10", None), ("10-11", "10-Dec", None),
        ("1234567", "1.25E+06", None), ("March", "Mar-3", None), ("A1", "a1", None), ("0", "00.0", None),
    ],
)  # fmt: skip
def test_ids_that_a_program_changed(known: str, stranger: str, how: str | None) -> None:
    assert changes([stranger], [known, "Z9"]) == ({} if how is None else {stranger: how})
    for table in ("participations", "destinations"):
        report = gk.check(school_with_stranger(known, stranger, table), as_of=AS_OF)
        found = [
            (issue.path, dict(issue.details)["how"])
            for issue in report.issues
            if "how" in dict(issue.details)
        ]
        assert found == ([] if how is None else [(table, how)])


def school_with_stranger(known: str, stranger: str, table: str) -> dict[str, Any]:
    rows: dict[str, Any] = {
        "activities": [{"activity_id": "A", "date": "2025-11-04", "kinds": ["guidance_meeting"]}],
        "participations": [],
        "destinations": [],
    }
    row = (
        {"activity_id": "A"}
        if table == "participations"
        else {"date": "2025-11-04", "category": "employment"}
    )
    rows[table] = [{"learner_id": stranger, **row}]
    learners = [{"learner_id": known, "year_group": 11}, {"learner_id": "Z9", "year_group": 11}]
    return {"format": "gatsbykit/1", "institution": SCHOOL, "learners": learners, **rows}


# Everybody moved by the same step


def ages(*learners: tuple[int, int, int], left: tuple[int, int, int] | None = None) -> dict[str, int]:
    """Check learners: how many, of which year group, born in which academic year."""
    rows = [
        gk.Learner(
            learner_id=f"{year_group}-{born}-{number}", year_group=year_group, date_of_birth=date(born, 10, 1)
        )
        for count, year_group, born in learners
        for number in range(count)
    ]
    if left is not None:
        count, year_group, born = left
        rows += [
            gk.Learner(
                learner_id=f"left-{number}", year_group=year_group, date_of_birth=date(born, 10, 1),
                on_roll_from=date(2020, 9, 1), on_roll_to=date(2026, 6, 30),
            )
            for number in range(count)
        ]  # fmt: skip
    school = gk.Records(institution=gk.Institution(name="N", kind="secondary_school"), learners=rows)
    found = gk.check(school, as_of=date(2026, 9, 10)).counts
    return {code: count for code, count in found.items() if "age_" in code or "out_of_step" in code}


def test_year_groups_of_the_year_before() -> None:
    # On 10 September 2026 learners of Year 9 are born from September 2012 on.
    assert ages((30, 9, 2012), (30, 10, 2011)) == {}
    assert ages((30, 9, 2011), (30, 10, 2010)) == {"year_groups_out_of_step": 60}
    assert ages((30, 9, 2013), (30, 10, 2012)) == {"year_groups_out_of_step": 60}
    assert ages((30, 9, 2011), (30, 10, 2011)) == {"year_groups_out_of_step": 30}  # one was not rolled over
    assert ages((30, 9, 2011), (30, 10, 2010), left=(30, 13, 2007)) == {"year_groups_out_of_step": 60}
    assert ages((27, 9, 2012), (3, 9, 2011), (30, 10, 2011)) == {}  # a few are taught out of step
    assert ages((4, 9, 2011)) == {}
    assert ages((28, 9, 2011), (2, 9, 2012)) == {"year_groups_out_of_step": 30}
    assert ages((12, 9, 2010)) == {"age_against_year_group": 12, "year_groups_out_of_step": 12}
