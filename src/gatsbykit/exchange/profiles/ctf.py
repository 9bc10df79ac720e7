"""Common Transfer Files: the pupils of an XML document, as rows of text.

XML from strangers is read by `defusedxml`: a document type definition, an entity or an external
reference is refused before anything is expanded or fetched. It comes with the extra ``ctf``.

Source: the Common Transfer File is XML with the root ``CTfile``, a ``Header`` that names the source
school, and ``CTFpupilData`` with a ``Pupil`` for every pupil.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from gatsbykit.errors import need_extra
from gatsbykit.exchange.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

__all__ = ["ctf_institution", "ctf_rows", "parse_ctf"]

_ROOT: Final = "CTfile"
_PUPILS: Final = "CTFpupilData"
_PUPIL: Final = "Pupil"


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
    except (ParseError, LookupError, ValueError):  # the latter two: an encoding that does not exist
        problems.error(place, "not_xml")
        return None
    if _tag(root) != _ROOT or _child(root, _PUPILS) is None:
        problems.error(place, "not_ctf")
        return None
    return root


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
