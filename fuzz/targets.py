"""Coverage-guided fuzzing of whatever reads data from strangers.

``python fuzz/targets.py TARGET [libFuzzer options]``, where TARGET is document, folder, profile,
foreign, ctf or duration; ``nox -s fuzz -- SECONDS`` runs all of them for so long each. A target fails
when something else than an answer or one of our own exceptions comes out, when an input takes more
than ten seconds, or when memory grows beyond a bound. It ends with the number of inputs tried.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import atheris  # type: ignore[import-untyped, unused-ignore]

with atheris.instrument_imports(include=["gatsbykit"]):
    import gatsbykit as gk
    from gatsbykit.checks.checking import check
    from gatsbykit.errors import ProfileError
    from gatsbykit.exchange import document
    from gatsbykit.exchange.profiles import find_profile, read_profile
    from gatsbykit.issues import catalogue
    from gatsbykit.model.pseudonyms import pseudonymise
    from gatsbykit.model.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_AS_OF: Final = date(2026, 7, 10)
_HEAD: Final = '{"format":"gatsbykit/1","name":"N","kind":"secondary_school"}'
_TABLES: Final = ("learners", "activities", "participations", "destinations")
_SEPARATOR: Final = b"\n%%\n"
_WORKPLACE: Final = Path(tempfile.mkdtemp(prefix="gatsbykit-fuzz-"))


def _accept(report: gk.Report) -> None:
    """A report has codes of the catalogue alone, and can be written in both forms."""
    strange = report.counts.keys() - catalogue().keys()
    if strange:
        raise AssertionError(f"codes that nobody documented: {strange}")
    json.dumps(report.to_dict())
    str(report)


def fuzz_document(data: bytes) -> None:
    """Read a document; what can be read can be checked, pseudonymised, scored and written again."""
    report = check(data, as_of=_AS_OF)
    _accept(report)
    if report.is_valid:
        records = gk.read_document(data)
        if gk.read_document(json.dumps(document(records))) != records:
            raise AssertionError("writing and reading changed something")
        gk.score(pseudonymise(records, key=b"0123456789abcdef"), as_of=_AS_OF, edition=None)


def _fill(files: dict[str, bytes]) -> Path:
    shutil.rmtree(_WORKPLACE, ignore_errors=True)
    _WORKPLACE.mkdir()
    for name, content in files.items():
        (_WORKPLACE / name).write_bytes(content)
    return _WORKPLACE


def fuzz_folder(data: bytes) -> None:
    """Read a folder whose files are the parts of the input."""
    parts = data.split(_SEPARATOR)
    files = {f"{name}.csv": part for name, part in zip(_TABLES, parts, strict=False)}
    files["institution.json"] = parts[4] if len(parts) > 4 else _HEAD.encode()
    if len(parts) > 5:
        files["answers.json"] = parts[5]
    _accept(check(_fill(files), as_of=_AS_OF))


def fuzz_profile(data: bytes) -> None:
    """Read a profile, and with it a file."""
    text, _, file = data.partition(_SEPARATOR)
    try:
        profile = read_profile(text)
    except ProfileError:
        return
    folder = _fill({"institution.json": _HEAD.encode(), "a.csv": file})
    _accept(check(folder / "a.csv", profile=profile, as_of=_AS_OF))


def fuzz_foreign(data: bytes) -> None:
    """Read a file with a profile that comes with the library."""
    folder = _fill({"institution.json": _HEAD.encode(), "users.csv": data})
    for key in ("census", "ilr-destinations", "nccis", "oneroster-1.1"):
        _accept(check(folder / "users.csv", profile=find_profile(key), as_of=_AS_OF))


def fuzz_ctf(data: bytes) -> None:
    """Read a Common Transfer File."""
    folder = _fill({"institution.json": _HEAD.encode(), "a.xml": data})
    _accept(check(folder, profile=find_profile("ctf"), as_of=_AS_OF))


def fuzz_duration(data: bytes) -> None:
    """Read a duration."""
    try:
        minutes = parse_duration(data.decode("utf-8", "replace"))
    except ValueError:
        return
    if minutes < 0:
        raise AssertionError("a negative duration")


_CENSUS: Final = b"UPN,NCyearActual,DoB,Gender,EnrolStatus,EntryDate,Language,SENprovision\n"
_OUTCOMES: Final = b"LearnRefNumber,OutType,OutCode,OutCollDate,OutEndDate\nL1,EDU,2,2025-10-01,\n"
_CTF: Final = (
    b"<CTfile><Header><SourceSchool><LEA>213</LEA><Estab>6007</Estab><SchoolName>N</SchoolName></SourceSchool>"
    b"</Header><CTFpupilData><Pupil><UPN>B801200005001</UPN><DOB>2010-02-03</DOB><Sex>F</Sex><BasicDetails>"
    b"<NCyearActual>11</NCyearActual></BasicDetails></Pupil></CTFpupilData></CTfile>"
)
_PROFILE: Final = b"""title = "x"
[[files]]
table = "learners"
name = "*.csv"
separator = ";"
dates = ["DD/MM/YYYY"]
[files.columns]
learner_id = ["Id"]
year_group = ["Year"]
[files.values.sex]
f = "F"
"""


def _seeds(target: str) -> Sequence[bytes]:
    """Return inputs to start from: small, and right."""
    tables = [
        b"learner_id,year_group,subjects,date_of_birth,upn,on_roll_to\nL1,11,a;b,2010-02-03,B801200005001,\n",
        b"activity_id,date,kinds,duration,meaningful\nA1,2026-01-05,provider_encounter,1.5 h,yes\n",
        b"activity_id,learner_id,status,year_group\nA1,L1,attended,\n",
        b"learner_id,date,nccis_code,category\nL1,2025-10-01,310,\n",
    ]
    plain = {
        "format": "gatsbykit/1",
        "institution": {"name": "N", "kind": "secondary_school", "urn": "100049"},
        "learners": [{"learner_id": "L1", "year_group": 11, "subjects": ["a"], "upn": "B801200005001"}],
        "activities": [{"activity_id": "A1", "date": "2026-01-05", "kinds": ["guidance_meeting"]}],
        "participations": [{"activity_id": "A1", "learner_id": "L1"}],
        "destinations": [{"learner_id": "L1", "date": "2025-10-01", "nccis_code": "310"}],
        "answers": {"2025-school": {"1a": {"governors": "yes"}, "5a": "all", "6a": {"share": "0.5"}}},
    }
    answers = b'{"2025-school":{"1b":"yes"}}'
    seeds = {
        "document": [json.dumps(plain).encode()],
        "folder": [_SEPARATOR.join([*tables, _HEAD.encode(), answers])],
        "profile": [_PROFILE + _SEPARATOR + b"Id;Year\nL;9\n"],
        "foreign": [_CENSUS + b"B801200005001,11,03/02/2010,F,C,01/09/2021,ENG,N\n", _OUTCOMES],
        "ctf": [_CTF],
        "duration": [b"45 min", b"1.5 h", b"2 half_days"],
    }
    return seeds[target]


_TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "document": fuzz_document,
    "folder": fuzz_folder,
    "profile": fuzz_profile,
    "foreign": fuzz_foreign,
    "ctf": fuzz_ctf,
    "duration": fuzz_duration,
}


def main() -> None:
    """Fuzz one target."""
    if len(sys.argv) < 2 or sys.argv[1] not in _TARGETS:
        sys.exit(f"usage: {sys.argv[0]} {{{','.join(_TARGETS)}}} [libFuzzer options]")
    target = sys.argv.pop(1)
    corpus = Path(tempfile.mkdtemp(prefix="gatsbykit-corpus-"))
    for number, seed in enumerate(_seeds(target)):
        (corpus / f"seed{number}").write_bytes(seed)
    atheris.Setup([*sys.argv, "-timeout=10", "-rss_limit_mb=2048", str(corpus)], _TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
