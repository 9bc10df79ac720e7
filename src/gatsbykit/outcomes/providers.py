"""Universities that indicators single out: Oxford and Cambridge, and the Russell Group, dated.

Membership of the Russell Group says something of a university, and nothing of whether it is right for
anybody.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

from gatsbykit.data import read_rows
from gatsbykit.model.fields import checked
from gatsbykit.model.identifiers import Ukprn

if TYPE_CHECKING:
    from gatsbykit.model.calendar import AcademicYear

__all__ = ["SelectiveProvider", "selective_provider", "selective_providers"]


@attrs.frozen(kw_only=True, field_transformer=checked)
class SelectiveProvider:
    """A university of one of the lists.

    Args:
        ukprn: UK provider reference number.
        name: Its name.
        is_oxbridge: Whether it is Oxford or Cambridge.
        russell_group_from: The calendar year from which it is a member of the Russell Group.
        aliases: Other ways to write its name.
        checked: Where the number was checked; see `data/README.md`.
    """

    ukprn: Ukprn
    name: str
    is_oxbridge: bool
    russell_group_from: int
    aliases: tuple[str, ...]
    checked: str

    def in_russell_group(self, year: AcademicYear) -> bool:
        """Whether it is a member at the start of an academic year."""
        return self.russell_group_from <= year.start


@functools.cache
def selective_providers() -> tuple[SelectiveProvider, ...]:
    """Return the universities of the lists.

    Examples:
        >>> len(selective_providers()), sum(one.is_oxbridge for one in selective_providers())
        (24, 2)
    """
    return tuple(
        SelectiveProvider(
            ukprn=Ukprn.parse(row["ukprn"]),
            name=row["name"],
            is_oxbridge=row["oxbridge"] == "yes",
            russell_group_from=int(row["russell_group_from"]),
            aliases=tuple(row["aliases"].split(";")),
            checked=row["checked"],
        )
        for row in read_rows("outcomes", "selective_providers")
    )


@functools.cache
def _by_name() -> dict[str, SelectiveProvider]:
    return {_key(name): one for one in selective_providers() for name in (one.ukprn, one.name, *one.aliases)}


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def selective_provider(provider: str) -> SelectiveProvider | None:
    """Return the university of the lists that a UKPRN or a name means, if it means one.

    Examples:
        >>> selective_provider("10007774").name, selective_provider("the university of Leeds").ukprn
        ('University of Oxford', Ukprn('10007795'))
        >>> selective_provider("Oxford Brookes University") is None
        True
    """
    return _by_name().get(_key(provider))
