"""Industries: the UK Standard Industrial Classification of Economic Activities 2007.

A section (a letter) has divisions (two digits), these have groups (three), classes (four) and
subclasses (five). The codes here are subclasses, as companies are registered under them, and the
divisions, groups and classes that they begin with.

Source: Office for National Statistics, UK SIC 2007, by the list of Companies House; the titles of
sections are in our words. Contains public sector information licensed under the Open Government
Licence v3.0.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from gatsbykit.data import read_rows
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.codes.base import Code
from gatsbykit.model.encounters import EmployerSector

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Sic2007", "sic_sections"]

_SECTIONS: Final[Mapping[str, tuple[int, int, str]]] = {
    "A": (1, 3, "Agriculture, forestry and fishing"),
    "B": (5, 9, "Mining and quarrying"),
    "C": (10, 33, "Manufacturing"),
    "D": (35, 35, "Electricity and gas"),
    "E": (36, 39, "Water and waste"),
    "F": (41, 43, "Construction"),
    "G": (45, 47, "Wholesale and retail, repair of vehicles"),
    "H": (49, 53, "Transport and storage"),
    "I": (55, 56, "Accommodation and food"),
    "J": (58, 63, "Information and communication"),
    "K": (64, 66, "Finance and insurance"),
    "L": (68, 68, "Real estate"),
    "M": (69, 75, "Professional, scientific and technical work"),
    "N": (77, 82, "Administrative and support services"),
    "O": (84, 84, "Public administration and defence"),
    "P": (85, 85, "Education"),
    "Q": (86, 88, "Health and social work"),
    "R": (90, 93, "Arts, entertainment and recreation"),
    "S": (94, 96, "Other services"),
    "T": (97, 98, "Households"),
    "U": (99, 99, "Extraterritorial bodies"),
}
_LEVELS: Final = {2: "division", 3: "group", 4: "class", 5: "subclass"}


class Sic2007(Code):
    """A division, group, class or subclass of the Standard Industrial Classification 2007.

    Examples:
        >>> cereals = Sic2007.parse("01110")
        >>> cereals.level, cereals.division, cereals.section.value
        ('subclass', Sic2007('01'), 'A')
        >>> [str(group) for group in cereals.ancestors]
        ['0111', '011', '01']
        >>> Sic2007.examine("01199"), Sic2007.examine("1110x")
        (<Verdict.UNKNOWN_CODE: 'unknown_code'>, <Verdict.MALFORMED: 'malformed'>)
    """

    __slots__ = ()
    form = re.compile(r"[0-9]{2,5}")
    words = "a SIC 2007 code: 2 to 5 digits, as text"
    classification = "SIC 2007"
    levels = _LEVELS

    @classmethod
    def known(cls) -> frozenset[str]:
        """Return all codes that there are."""
        return _codes()

    @property
    def section(self) -> EmployerSector:
        """The section, which is what records hold of an employer."""
        division = int(self[:2])
        return next(
            EmployerSector(letter)
            for letter, (first, last, _) in _SECTIONS.items()
            if first <= division <= last
        )

    @property
    def division(self) -> Sic2007:
        """The division: the first two digits."""
        return Sic2007(self[:2])


@functools.cache
def _codes() -> frozenset[str]:
    rows = read_rows("model/codes", "sic2007")
    subclasses = (row["division"] + rest for row in rows for rest in row["subclasses"].split())
    return frozenset(code[:length] for code in subclasses for length in _LEVELS)


def sic_sections() -> Mapping[EmployerSector, str]:
    """Return the sections with their titles, in our words.

    Examples:
        >>> sic_sections()[EmployerSector("P")]
        'Education'
    """
    return FrozenMapping({EmployerSector(letter): title for letter, (_, _, title) in _SECTIONS.items()})
