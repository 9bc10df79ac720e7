"""Common Transfer Files: the pupils of an XML document, as rows of text.

XML from strangers is read by `defusedxml`: a document type definition, an entity or an external
reference is refused before anything is expanded or fetched. It comes with the extra ``ctf``.

Source: the Common Transfer File is XML with the root ``CTfile``, a ``Header`` that names the source
school, and ``CTFpupilData`` with a ``Pupil`` for every pupil.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import attrs

from gatsbykit.errors import need_extra
from gatsbykit.exchange.jsontext import container
from gatsbykit.exchange.problems import Place, Problems, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

__all__ = ["ctf_institution", "ctf_rows", "parse_ctf"]

_ROOT: Final = "CTfile"
_PUPILS: Final = "CTFpupilData"
_PUPIL: Final = "Pupil"
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# By the number that the parser (expat) gives a fault; its own words are those of a programmer.
_OTHERWISE: Final = "something stands where it cannot"
_WHY: Final = {
    2: _OTHERWISE,
    3: "there is no element in it",
    4: "a character stands where it cannot, such as an & or < that is not written &amp; or &lt;",
    5: "it ends in the middle of something",
    6: "a character is not whole",
    7: "a tag is closed that is not the open one",
    8: "an element has an attribute twice",
    9: "there is something after the end of the document",
    11: "it names an entity that does not exist",
    17: "the XML declaration does not stand at the beginning",
    27: "a prefix is not bound to a namespace",
}


def parse_ctf(data: bytes, place: Place, problems: Problems) -> Element | None:
    """Return the root of a Common Transfer File, or ``None`` after noting why there is none.

    Raises:
        MissingExtraError: `defusedxml` is not installed.
    """
    with need_extra("ctf", "defusedxml"):
        from defusedxml import DefusedXmlException  # noqa: PLC0415 (comes with an extra)
        from defusedxml.ElementTree import fromstring  # noqa: PLC0415 (the same)

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        problems.error(place, "forbidden_xml")
        return None
    except (ParseError, LookupError, ValueError) as error:  # the latter two: an encoding that does not exist
        _note_fault(data, error, place, problems)
        return None
    if _tag(root) != _ROOT or _child(root, _PUPILS) is None:
        problems.error(place, "not_ctf")
        return None
    return root


def _note_fault(data: bytes, error: Exception, place: Place, problems: Problems) -> None:
    """Note why a file is no XML, and where: its words may be about a pupil, so none of them is shown."""
    what = container(data)
    if what is not None:
        problems.error(place, "not_text", details={"what": what})
        return
    named = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8))
    mark = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    encoding = mark if named is None else named[1].decode("ascii")
    line, character = getattr(error, "position", (1, 0))
    why = _WHY.get(getattr(error, "code", 0), _OTHERWISE)
    if not isinstance(error, ParseError):
        why = f"the encoding {shown(encoding)} that it names is none that can be read"
    try:
        data.decode(encoding)
    except LookupError:
        why = f"there is no encoding {shown(encoding)}, which it names"
    except UnicodeDecodeError as strange:
        line = data.count(b"\n", 0, strange.start) + 1
        character = strange.start - data.rfind(b"\n", 0, strange.start) - 1
        has = "names" if named else "has by default"
        why = f"the bytes are not of the encoding {shown(encoding)}, which it {has}"
    why = f"{why} (line {line:,}, character {character + 1:,})"
    problems.error(attrs.evolve(place, row=line), "not_xml", details={"why": why})


def ctf_rows(root: Element, place: Place) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield the pupils of a file: the texts of their elements, by the path below the pupil."""
    pupils = _child(root, _PUPILS)
    for index, pupil in enumerate(() if pupils is None else pupils, start=1):
        if _tag(pupil) == _PUPIL:
            raw: dict[str, str] = {}
            for element in pupil:
                _take(raw, _tag(element), element)
                for inner in element:
                    _take(raw, f"{_tag(element)}/{_tag(inner)}", inner)
            yield Place(file=place.file, path=f"{_PUPIL}[{index}]", names=place.names), raw


def _take(raw: dict[str, str], path: str, element: Element) -> None:
    text = (element.text or "").strip()
    if text and len(element) == 0:
        raw.setdefault(path, text)


def ctf_institution(root: Element) -> Mapping[str, Any]:
    """Return what the header says of the source school: its name and its DfE number."""
    header = _child(root, "Header")
    school = None if header is None else _child(header, "SourceSchool")
    if school is None:
        return {}
    said = {_tag(element): (element.text or "").strip() for element in school}
    fields = {"name": said.get("SchoolName", ""), "urn": said.get("URN", "")}
    if said.get("LEA") and said.get("Estab"):
        fields["laestab"] = said["LEA"] + said["Estab"]
    return {name: value for name, value in fields.items() if value}


def _child(element: Element, tag: str) -> Element | None:
    return next((child for child in element if _tag(child) == tag), None)


def _tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
