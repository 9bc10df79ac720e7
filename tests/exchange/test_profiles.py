"""Files of other systems, read by profiles: mapped, translated, refused where they are doubtful."""

from __future__ import annotations

import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import gatsbykit as gk
from gatsbykit.errors import ProfileError
from gatsbykit.exchange import write_folder
from gatsbykit.exchange.profiles import PROFILE_KEYS, Profile, find_profile, read_profile

if TYPE_CHECKING:
    from pathlib import Path
from tests.support.builders import present

INSTITUTION = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'
CENSUS = (
    "Estab,UPN,Surname,Forename,gender,DoB,EnrolStatus,EntryDate,NCyearActual,Language,SENprovision,"
    "UniqueLearnerNumber"
)
CENSUS_ROW = "4001,B801200005001,Patel,Mina,F,03/02/2010,C,01/09/2021,11.0,POL,S,9276308686"


def folder_of(path: Path, *, institution: bool = True, **files: str | bytes) -> Path:
    path.mkdir(exist_ok=True)
    if institution:
        (path / "institution.json").write_text(INSTITUTION, encoding="utf-8")
    for name, data in files.items():
        target = path / name.replace("_", ".")
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def profile_of(**changes: Any) -> Profile:
    """Return a profile of learners with some things different."""
    made = read_profile(
        """
        title = "Ours"
        [[files]]
        table = "learners"
        name = "*.csv"
        separator = ";"
        dates = ["DD/MM/YYYY"]
        [files.columns]
        learner_id = ["Id", "Number"]
        year_group = ["Year"]
        sex = ["Sex"]
        subjects = ["Subjects"]
        on_roll_from = ["From"]
        """
    )
    return attrs.evolve(made, files=(attrs.evolve(made.files[0], **changes),))


def counts(path: Path, profile: Profile | str, text: str | bytes) -> dict[str, int]:
    report = gk.check(folder_of(path, pupils_csv=text), profile=profile)
    return {code: count for code, count in report.counts.items() if code != "table_not_supplied"}


# The profiles that come with the library


@pytest.mark.parametrize("key", PROFILE_KEYS)
def test_shipped_profiles_say_what_they_are(key: str) -> None:
    profile = find_profile(key)
    assert profile.title
    assert profile.summary
    assert profile.source
    assert find_profile(profile) is profile
    assert [shape.layout for shape in profile.files] == (["ctf"] if key == "ctf" else ["csv"])


def test_a_census_export(tmp_path: Path) -> None:
    rows = [
        CENSUS,
        CENSUS_ROW,
        "4001,M940200005001,Guest,A,M,03/02/2010,G,01/09/2021,11,ENG,N,",
        "4001,P207000016049,Small,B,M,03/02/2020,C,01/09/2021,R,ENG,N,",
        "4001,P207000016049,O\u2019Neill,C,M,2009-10-01,C,01/09/2021,11,ENG,,",
    ]
    school = gk.load(folder_of(tmp_path, pupils_csv="\n".join(rows).encode("windows-1252")), profile="census")
    first, second = present(school.learners)
    assert (first.upn, first.uln, first.year_group, first.sex) == ("B801200005001", "9276308686", 11, "F")
    assert (first.date_of_birth, first.on_roll_from) == (date(2010, 2, 3), date(2021, 9, 1))
    assert (first.sen_provision, first.eal, second.eal) == ("E", True, False)  # a statement became a plan
    assert second.date_of_birth == date(2009, 10, 1)
    assert second.sen_provision is None
    assert [(note.code, note.count) for note in school.notes] == [
        ("column_not_found", 1),
        ("rows_left_out", 2),
    ]


def test_ilr_destinations(tmp_path: Path) -> None:
    text = (
        "LearnRefNumber,ULN,OutType,OutCode,OutStartDate,OutEndDate,OutCollDate\n"
        "L1,9276308686,EDU,2,2025-09-01,,2025-10-01\n"
        "L1,9276308686,NPE,1,2025-09-01,2025-10-01,2025-10-01\n"
    )
    school = gk.load(folder_of(tmp_path, outcomes_csv=text), profile="ilr-destinations")
    first, second = present(school.destinations)
    assert (first.learner_id, first.category, first.date) == ("L1", "apprenticeship", date(2025, 10, 1))
    assert (second.category, second.end_date) == ("neet", date(2025, 10, 1))
    bad = text.replace("EDU,2", "EDU,9").replace("NPE,1", ",")
    report = gk.check(folder_of(tmp_path, outcomes_csv=bad), profile="ilr-destinations")
    assert [(one.code, one.row, one.cell) for one in report.errors] == [
        ("not_a_choice", 2, "EDU 9"),
        ("missing_value", 3, None),
    ]


def test_an_nccis_export(tmp_path: Path) -> None:
    text = (
        "UniquePupilNumber,ActivityCode,DateVerified,EstablishmentName\n"
        "B801200005001,310.0,01/10/2025,Garage\n"
    )
    school = gk.load(folder_of(tmp_path, caseload_csv=text), profile="nccis")
    (seen,) = present(school.destinations)
    assert (seen.category, seen.nccis_code, seen.provider) == ("apprenticeship", "310", "Garage")


def test_oneroster_users(tmp_path: Path) -> None:
    text = (
        "sourcedId,status,enabledUser,role,username,grades\n"
        "u1,active,true,student,a,11\n"
        "u2,active,true,teacher,b,\n"
        "u3,tobedeleted,true,student,c,11\n"
    )
    school = gk.load(folder_of(tmp_path, users_csv=text), profile="oneroster-1.1")
    assert [one.learner_id for one in present(school.learners)] == ["u1"]


# How values are read


def test_separators_lists_and_names_of_columns(tmp_path: Path) -> None:
    profile = profile_of(
        lists=",", values={"sex": {"female": "F", "*": ""}, "subjects": {"maths": "mathematics"}}
    )
    text = 'NUMBER ;year;SEX;Subjects;From\n A1;9;Female;"Maths, Art,";01/09/2025\nB;9;other;;\n'
    school = gk.load(folder_of(tmp_path, pupils_csv=text), profile=profile)
    first, second = present(school.learners)
    assert first.learner_id == " A1"
    assert first.sex == "F"
    assert first.subjects == {"mathematics", "art"}
    assert first.on_roll_from == date(2025, 9, 1)
    assert (second.sex, second.subjects) == (None, frozenset())


ACTIVITIES = """
title = "Ours"
[[files]]
table = "activities"
name = "events.csv"
lists = "|"
[files.columns]
activity_id = ["Id"]
date = ["Date"]
kinds = ["Kinds"]
subjects = ["Subjects"]
provider_types = ["Types"]
providers = ["Providers"]
[files.values.providers]
"Nth College" = "Northern College"
"""


@pytest.mark.parametrize("separator", ["|", "/", " and ", ";"])
def test_a_profile_has_its_own_separator_in_every_list(tmp_path: Path, separator: str) -> None:
    profile = read_profile(ACTIVITIES.replace('"|"', f'"{separator}"'))
    lists = {
        "Kinds": ("provider_encounter", "employer_encounter"),
        "Subjects": ("Maths", "Art, craft"),
        "Types": ("college", "university"),
        "Providers": ("nth college", "Acme Training, Ltd"),
    }
    cells = [f'"{separator.join(entries)}"' for entries in lists.values()]
    institution = gk.Institution(name="N", kind="secondary_school")
    write_folder(gk.Records(institution=institution, learners=[]), tmp_path)
    (tmp_path / "participations.csv").write_text("activity_id,learner_id\n", encoding="utf-8")
    text = f"Id,Date,{','.join(lists)}\nA,2026-03-02,{','.join(cells)}\n"
    (read,) = present(gk.load(folder_of(tmp_path, events_csv=text), profile=profile).activities)
    assert read.kinds == {"provider_encounter", "employer_encounter"}
    assert read.subjects == {"maths", "art,_craft"}
    assert read.provider_types == {"college", "university"}
    assert read.providers == {"Northern College", "Acme Training, Ltd"}


@pytest.mark.parametrize("separator", ["\t", "|", ","])
def test_other_separators(tmp_path: Path, separator: str) -> None:
    text = separator.join(["Id", "Year"]) + "\n" + separator.join(["L", "9"]) + "\n"
    school = gk.load(folder_of(tmp_path, pupils_csv=text), profile=profile_of(separator=separator))
    assert school.learners == (gk.Learner(learner_id="L", year_group=9),)


@pytest.mark.parametrize(
    ("encoding", "codec"), [("windows-1252", "cp1252"), ("utf-16", "utf-16"), ("utf-8", "utf-8-sig")]
)
def test_encodings(tmp_path: Path, encoding: str, codec: str) -> None:
    text = "Id;Year;Subjects\nL\u2019;9;Caf\xe9\n".encode(codec)
    school = gk.load(folder_of(tmp_path, pupils_csv=text), profile=profile_of(encoding=encoding))
    assert school.learners == (gk.Learner(learner_id="L\u2019", year_group=9, subjects={"caf\xe9"}),)


@pytest.mark.parametrize(
    ("encoding", "data", "expected"),
    [
        ("windows-1252", b"Id;Year\nL;9\n\x81", {"wrong_encoding": 1}),
        ("utf-16", b"Id;Year\nL;9\n", {"wrong_encoding": 1}),
        ("utf-16", b"\xff\xfeI", {"wrong_encoding": 1}),
        ("utf-8", b"Id;Year\nL\x92;9\n", {"not_utf8": 1}),
        ("windows-1252", b"Id;Year\nL;\x00", {"nul_character": 1}),
    ],
)
def test_wrong_encodings(tmp_path: Path, encoding: str, data: bytes, expected: dict[str, int]) -> None:
    assert counts(tmp_path, profile_of(encoding=encoding), data) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("01/09/2025", None),
        ("2025-09-01", "not_a_date"),
        ("1/9/2025", "not_a_date"),
        ("31/09/2025", "impossible_date"),
        ("45901", "serial_date"),
        ("45901.5", "serial_date"),
    ],
)
def test_dates_are_read_as_the_profile_says_and_never_guessed(
    tmp_path: Path, cell: str, code: str | None
) -> None:
    text = f"Id;Year;From\nL;9;{cell}\n"
    report = gk.check(folder_of(tmp_path, pupils_csv=text), profile=profile_of())
    assert [issue.code for issue in report.errors] == ([] if code is None else [code])
    for issue in report.errors:
        assert issue.expected == "a date that exists, written DD/MM/YYYY"
        assert (issue.column, issue.row, issue.file) == ("From", 2, "pupils.csv")


def test_quirks_of_spreadsheet_programs(tmp_path: Path) -> None:
    text = "Id;Year\n7.0;11.0\n"
    strict = gk.check(folder_of(tmp_path, pupils_csv=text), profile=profile_of())
    assert [issue.code for issue in strict.errors] == ["not_a_whole_number"]
    school = gk.load(tmp_path, profile=profile_of(point_zero=True))
    assert school.learners == (gk.Learner(learner_id="7", year_group=11),)
    assert counts(tmp_path, profile_of(point_zero=True), "Id;Year\nL;11.5\n")["not_a_whole_number"] == 1
    shortened = attrs.evolve(
        profile_of(), files=(attrs.evolve(profile_of().files[0], columns={
            "learner_id": ("Id",), "year_group": ("Year",), "uln": ("ULN",)}),)
    )  # fmt: skip
    report = gk.check(folder_of(tmp_path, pupils_csv="Id;Year;ULN\nL;9;9.28E+09\n"), profile=shortened)
    assert [issue.code for issue in report.errors] == ["scientific_notation"]


def test_constants_stand_in_for_columns_that_are_not_there(tmp_path: Path) -> None:
    profile = profile_of(
        constants={"year_group": "9"}, columns={"learner_id": ("Id",), "year_group": ("Year",)}
    )
    assert gk.load(folder_of(tmp_path, pupils_csv="Id\nL\n"), profile=profile).learners == (
        gk.Learner(learner_id="L", year_group=9),
    )


# What is wrong with files


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    report = gk.check(folder_of(tmp_path, pupils_csv="Year;Id2\n9;x\n"), profile=profile_of())
    assert [(one.code, one.message) for one in report.errors] == [
        ("missing_column", "there is no column Id or Number")
    ]
    assert [one.details[0] for one in report.warnings] == [
        ("names", "Sex"),
        ("names", "Subjects"),
        ("names", "From"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"missing_header": 1}),
        ("Mina;Patel\n", {"missing_header": 1}),
        ("Id;Year;id\nL;9;M\n", {"duplicate_column": 1, "column_not_found": 3}),
        ("Id;Year\nL\n", {"wrong_number_of_cells": 1, "column_not_found": 3}),
        ('Id;Year\n"L;9\n', {"bad_quoting": 1, "column_not_found": 3}),
        ("Id;Year\nL;9\nL;9\n", {"duplicate_id": 1, "column_not_found": 3}),
    ],
)
def test_files_that_are_wrong(tmp_path: Path, text: str, expected: dict[str, int]) -> None:
    assert counts(tmp_path, profile_of(), text) == expected


def test_which_file_is_meant(tmp_path: Path) -> None:
    assert gk.check(folder_of(tmp_path), profile=profile_of()).counts == {"missing_file": 1}
    folder_of(tmp_path, a_csv="Id;Year\nL;9\n", b_csv="Id;Year\nM;9\n")
    assert gk.check(tmp_path, profile=profile_of()).counts == {"several_files": 1}
    assert present(gk.load(tmp_path / "b.csv", profile=profile_of()).learners)[0].learner_id == "M"
    assert gk.check(tmp_path / "c.csv", profile=profile_of()).counts["missing_file"] == 1


def test_a_file_named_alone_whatever_its_name(tmp_path: Path) -> None:
    """Beside it only what is said of the institution is read, and no other table."""
    write_folder(gk.load("examples/northfield"), tmp_path)
    folder_of(tmp_path, institution=False, users_csv="Id;Year\nL;9\n", other_csv="Id;Year\nM;9\n")
    (tmp_path / "export 2026.txt").write_text("Id;Year\nN;9\n", encoding="utf-8")
    for name, learner_id in (("users.csv", "L"), ("export 2026.txt", "N")):
        school = gk.load(tmp_path / name, profile=profile_of(name="pupils.csv"))
        assert [one.learner_id for one in present(school.learners)] == [learner_id]
        assert school.institution.name == "Northfield School (synthetic)"
        assert school.answers
        assert (school.activities, school.participations, school.destinations) == (None, None, None)
        assert {note.code for note in school.notes} == {"column_not_found"}
    folder = folder_of(tmp_path / "again", users_csv="Id;Year\nL;9\n")
    codes = gk.check(folder / "users.csv", profile=profile_of(name="pupils.csv")).counts
    assert "missing_file" not in codes
    assert gk.check(folder, profile=profile_of(name="pupils.csv")).counts["missing_file"] == 1


def test_a_file_named_alone_has_to_fit_where_a_profile_reads_several(tmp_path: Path) -> None:
    learners = profile_of(name="pupils.csv").files[0]
    seen = attrs.evolve(
        learners,
        table="destinations",
        name="leavers.csv",
        columns={"learner_id": ("Id",), "date": ("Seen",), "category": ("What",)},
    )
    both = attrs.evolve(profile_of(), files=(learners, seen))
    folder = folder_of(
        tmp_path, pupils_csv="Id;Year\nL;9\n", leavers_csv="Id;Seen;What\nL;01/10/2025;employment\n"
    )
    school = gk.load(folder, profile=both)
    assert (len(present(school.learners)), len(present(school.destinations))) == (1, 1)
    for name in ("pupils.csv", "leavers.csv"):
        report = gk.check(folder / name, profile=both)
        assert [one.code for one in report.errors] == ["missing_file"]


def test_an_institution_from_the_profile(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, institution=False, a_csv="Id;Year\nL;9\n")
    assert gk.check(folder, profile=profile_of()).counts["missing_value"] == 2
    named = attrs.evolve(profile_of(), institution={"name": "Ours", "kind": "secondary_school"})
    assert gk.load(folder, profile=named).institution.name == "Ours"


def test_their_learners_with_our_activities(tmp_path: Path) -> None:
    """What a profile does not speak of is read as the format has it, from the same folder."""
    write_folder(gk.load("examples/northfield"), tmp_path)
    (tmp_path / "learners.csv").unlink()
    folder_of(tmp_path, pupils_csv="Id;Year\nL0001;13\n")
    school = gk.load(tmp_path, profile=profile_of())
    assert len(present(school.learners)) == 1
    assert len(present(school.participations)) > 10_000
    assert school.answers


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("Id;Year\nL;9\n", encoding="utf-8")
    folder = folder_of(tmp_path / "folder")
    (folder / "pupils.csv").symlink_to(tmp_path / "secret.csv")
    assert gk.check(folder, profile=profile_of()).counts["link_leaves_folder"] == 1


# Profiles that are none


LEARNERS = 'title = "x"\n[[files]]\ntable = "learners"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "required field missing"),
        ("a = [", "not TOML"),
        (b"\xff", "not TOML"),
        ('title = "x"\nfiles = []\nmore = 1', "extra fields found"),
        ("title = 3\nfiles = []", "expected str"),
        ('title = "x"\n[[files]]\ntable = "pupils"\nname = "*"\ncolumns = {}', "no table pupils"),
        (LEARNERS + 'name = "*"\ncolumns = {age = ["a"]}', "no column age"),
        (LEARNERS + 'name = "../a"\ncolumns = {}', "is not a path"),
        (LEARNERS + 'name = ""\ncolumns = {}', "is not a path"),
        (LEARNERS + 'name = "*"\nlists = " "\ncolumns = {}', "can be seen"),
        (LEARNERS + 'name = "*"\ndates = ["DD.MM.YY"]\ncolumns = {}', "once each"),
        (LEARNERS + 'name = "*"\ndates = ["DD/MM/YYYY", "MM/DD/YYYY"]\ncolumns = {}', "cannot be told from"),
        (
            LEARNERS + 'name = "*"\ncolumns = {sex = ["a"]}\njoined = {sex = ["b"]}',
            "both a column and joined",
        ),
        (
            LEARNERS + 'name = "*"\ncolumns = {}\n[[files]]\ntable = "learners"\nname = "*"\ncolumns = {}',
            "two files for one table",
        ),
        (LEARNERS + 'name = "*"\nencoding = "utf-7"\ncolumns = {}', "utf-7"),
    ],
)
def test_profiles_that_say_something_else(text: str | bytes, words: str) -> None:
    with pytest.raises(ProfileError, match=words) as raised:
        read_profile(text)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 (our own bytes)


def test_a_profile_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        LEARNERS + 'name = "p.csv"\ncolumns = {learner_id = ["a"]}\n',
        encoding="utf-8",
    )
    assert find_profile(path).files[0].name == "p.csv"
    assert find_profile(str(path)) == find_profile(path)
    folder_of(tmp_path, p_csv="a\nL\n")
    assert gk.check(tmp_path, profile=path).counts["missing_value"] == 1
