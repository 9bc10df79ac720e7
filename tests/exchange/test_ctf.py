"""Common Transfer Files: learners from XML, and XML that is an attack."""

from __future__ import annotations

import builtins
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.errors import MissingExtraError
from gatsbykit.exchange.problems import Place, Problems
from gatsbykit.exchange.profiles.ctf import ctf_institution, ctf_rows, parse_ctf
from gatsbykit.issues import catalogue
from tests.support.builders import present

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("defusedxml")

HEADER = """<Header><DocumentName>Common Transfer File</DocumentName>
<CTFversion>19.0</CTFversion><SourceSchool><LEA>213</LEA><Estab>6007</Estab>
<SchoolName>Northfield School</SchoolName>
</SourceSchool></Header>"""
PUPIL = """<Pupil><UPN>B801200005001</UPN><UniqueLearnerNumber>9276308686</UniqueLearnerNumber>
<Surname>Patel</Surname><Forename>Mina</Forename><DOB>2010-02-03</DOB><Sex>F</Sex>
<BasicDetails><NCyearActual>11</NCyearActual><Ethnicity>WBRI</Ethnicity></BasicDetails></Pupil>"""


def ctf(pupils: str = PUPIL, header: str = HEADER, *, before: str = "", root: str = "CTfile") -> bytes:
    body = f"<{root}>{header}<CTFpupilData>{pupils}</CTFpupilData></{root}>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}{body}'.encode()


def check(path: Path, data: bytes, *, institution: bool = True) -> gk.Report:
    path.mkdir(exist_ok=True)
    (path / "2136007_CTF_8201234_001.xml").write_bytes(data)
    if institution:
        head = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'
        (path / "institution.json").write_text(head, encoding="utf-8")
    return gk.check(path, profile="ctf")


def errors(path: Path, data: bytes) -> list[str]:
    return [issue.code for issue in check(path, data).errors]


def test_learners_of_a_common_transfer_file(tmp_path: Path) -> None:
    infant = PUPIL.replace(">11<", ">R<")
    gendered = (
        PUPIL.replace("Sex", "Gender").replace("B801200005001", "M940200005001").replace("9276308686", "")
    )
    assert check(tmp_path, ctf(PUPIL + infant + gendered)).is_valid
    school = gk.load(tmp_path, profile="ctf")
    first, second = present(school.learners)
    assert (first.learner_id, first.upn, first.uln) == ("B801200005001", "B801200005001", "9276308686")
    assert (first.year_group, first.sex, first.date_of_birth) == (11, "F", date(2010, 2, 3))
    assert (second.sex, second.uln) == ("F", None)
    assert [(note.code, note.count) for note in school.notes] == [("rows_left_out", 1)]
    alone = gk.load(tmp_path / "2136007_CTF_8201234_001.xml", profile="ctf")
    assert alone == school


def test_the_header_names_the_school_but_not_its_kind(tmp_path: Path) -> None:
    report = check(tmp_path, ctf(), institution=False)
    assert [(one.code, one.column) for one in report.errors] == [("missing_value", "kind")]
    root = parse_ctf(ctf(header=HEADER.replace("<LEA>", "<URN>100049</URN><LEA>")), Place(), Problems())
    assert root is not None
    assert ctf_institution(root) == {"name": "Northfield School", "urn": "100049", "laestab": "2136007"}
    for header in ("", "<Header/>", "<Header><SourceSchool/></Header>"):
        root = parse_ctf(ctf(header=header), Place(), Problems())
        assert root is not None
        assert ctf_institution(root) == {}


def test_errors_say_which_pupil_and_element(tmp_path: Path) -> None:
    wrong = PUPIL.replace(">11<", ">15<").replace("2010-02-03", "2010-02-30").replace("B801", "A801")
    report = check(tmp_path, ctf(PUPIL + wrong))
    assert [(one.code, one.path) for one in report.errors] == [
        ("bad_check_digit", "Pupil[2].UPN"),
        ("out_of_range", "Pupil[2].BasicDetails/NCyearActual"),
        ("impossible_date", "Pupil[2].DOB"),
    ]
    assert "A801200005001" not in str(report)
    assert "2010-02-30" not in str(report)
    assert errors(tmp_path, ctf(PUPIL.replace("<UPN>B801200005001</UPN>", ""))) == ["missing_value"]
    assert errors(tmp_path, ctf(PUPIL + PUPIL)) == ["duplicate_id"]


def test_rows_are_leaves_and_the_first_of_them(tmp_path: Path) -> None:
    data = ctf(
        '<Pupil xmlns="urn:x"><A>1</A><A>2</A><B>text<C> 3 </C><C><D>deep</D></C></B><E/></Pupil><Other/>'
    )
    root = parse_ctf(data, Place(file="a.xml"), Problems())
    assert root is not None
    assert [(place.path, raw) for place, raw in ctf_rows(root, Place(file="a.xml"))] == [
        ("Pupil[1]", {"A": "1", "B/C": "3"})
    ]
    assert errors(tmp_path, ctf("")) == []


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(9)
)


@pytest.mark.parametrize(
    "before",
    [
        BOMB + "]>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/x.dtd"> %p;]>',
        '<!DOCTYPE CTfile SYSTEM "http://localhost/ctf.dtd">',
        "<!DOCTYPE CTfile>",
    ],
    ids=["bomb", "file", "parameter", "external", "empty"],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, before: str) -> None:
    assert errors(tmp_path, ctf("<Pupil><UPN>&j;</UPN></Pupil>", before=before)) == ["forbidden_xml"]
    assert errors(tmp_path, ctf(before=before)) == ["forbidden_xml"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xml"),
        (b"<CTfile>", "not_xml"),
        (b"Surname,Forename", "not_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><CTfile/>', "not_xml"),
        (b'<?xml version="1.0" encoding="shift_jis"?><CTfile/>', "not_xml"),
        (b"\x00<CTfile/>", "not_xml"),
        (b"<CTfile>\xff</CTfile>", "not_xml"),
        (b"<CTfile/>", "not_ctf"),
        (b"<html><CTFpupilData/></html>", "not_ctf"),
    ],
)
def test_other_documents(tmp_path: Path, data: bytes, code: str) -> None:
    assert errors(tmp_path, data) == [code]


def test_very_deep_nesting(tmp_path: Path) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    assert set(errors(tmp_path, ctf(f"<Pupil>{deep}</Pupil>"))) <= {"missing_value", "not_xml"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes(ctf())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.xml").symlink_to(tmp_path / "secret.xml")
    assert gk.check(folder, profile="ctf").counts["link_leaves_folder"] == 1


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def none(name: str, *rest: Any) -> Any:
        if name.startswith("defusedxml"):
            raise ImportError(name)
        return real(name, *rest)

    for module in [name for name in sys.modules if name.startswith("defusedxml")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(MissingExtraError, match=r"gatsbykit\[ctf\]"):
        parse_ctf(ctf(), Place(), Problems())


_PIECES = st.sampled_from(
    ["<Pupil>", "</Pupil>", "<UPN>", "</UPN>", "B801200005001", "<BasicDetails>", "</BasicDetails>", "&a;",
     "<![CDATA[", "]]>", "<!--", "-->", "<?x ?>", "<!DOCTYPE a>", "&#0;", "&#x10FFFF;", "<a xmlns='b'/>",
     "\0"]
)  # fmt: skip


@given(pieces=st.lists(_PIECES, max_size=12).map("".join), raw=st.binary(max_size=40))
def test_any_bytes_are_a_file_or_errors(
    pieces: str, raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for data in (ctf(pieces), raw, ctf(pieces)[:-20] + raw):
        assert set(check(folder, data).counts) <= catalogue().keys()
