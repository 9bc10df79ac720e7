"""Institutions: the schools, colleges and training providers that the benchmarks are for."""

from __future__ import annotations

from enum import StrEnum

import attrs

from gatsbykit.model.fields import any_id, checked, choice
from gatsbykit.model.identifiers import Laestab, Ukprn, Urn

__all__ = ["Institution", "InstitutionKind"]


class InstitutionKind(StrEnum):
    """What an institution is, which decides the edition of the benchmarks it works under.

    Examples:
        >>> InstitutionKind("secondary_school").is_school
        True
        >>> InstitutionKind.COLLEGE.is_school
        False
    """

    SECONDARY_SCHOOL = "secondary_school"
    SPECIAL_SCHOOL = "special_school"
    ALTERNATIVE_PROVISION = "alternative_provision"
    COLLEGE = "college"
    SIXTH_FORM_COLLEGE = "sixth_form_college"
    TRAINING_PROVIDER = "training_provider"

    @property
    def is_school(self) -> bool:
        """Whether it has year groups and falls under the provider access law."""
        return self in _SCHOOLS

    @property
    def declares_cohort(self) -> bool:
        """Whether it declares which learners the benchmarks are meant for."""
        return self in {InstitutionKind.SPECIAL_SCHOOL, InstitutionKind.ALTERNATIVE_PROVISION}


_SCHOOLS = frozenset(
    {
        InstitutionKind.SECONDARY_SCHOOL,
        InstitutionKind.SPECIAL_SCHOOL,
        InstitutionKind.ALTERNATIVE_PROVISION,
    }
)


def _own_id(given: str | None) -> str | None:
    return None if given is None else any_id(given)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Institution:
    """One institution.

    Args:
        name: Its name.
        kind: What it is.
        urn: Unique reference number.
        ukprn: UK provider reference number.
        laestab: DfE number.
        given_id: An id of the caller's own, if there is one.

    Examples:
        >>> Institution(name="Northfield School", kind=InstitutionKind.SECONDARY_SCHOOL).id
        'Northfield School'
    """

    name: str = attrs.field(converter=any_id)
    kind: InstitutionKind = attrs.field(converter=choice)
    urn: Urn | None = attrs.field(default=None, converter=choice)
    ukprn: Ukprn | None = attrs.field(default=None, converter=choice)
    laestab: Laestab | None = attrs.field(default=None, converter=choice)
    given_id: str | None = attrs.field(default=None, alias="id", converter=_own_id)

    @property
    def id(self) -> str:
        """The given id, else the URN, else the UKPRN, else the name."""
        return self.given_id or self.urn or self.ukprn or self.name
