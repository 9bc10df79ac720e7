"""Checks of those who lead: hours, standing, and how the role is split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gatsbykit.issues import Issue
from gatsbykit.model.leaders import FULL_WEEK, RoleKind, Seniority
from gatsbykit.scoring.programme_case import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from fractions import Fraction

    from gatsbykit.model.leaders import Role

__all__ = ["leader_issues"]

_SPLIT: Final[set[RoleKind]] = {RoleKind.STRATEGIC_LEADER, RoleKind.OPERATIONAL_LEADER}


def leader_issues(
    roles: Sequence[Role], *, as_of: date, full_week: Fraction | int = FULL_WEEK, college: bool = False
) -> Iterator[Issue]:
    """Yield what is doubtful about those who lead.

    Args:
        roles: All the roles of a programme.
        as_of: The day.
        full_week: The hours of a full week.
        college: Whether the role may be split, so that an operational leader needs a strategic one.

    Examples:
        >>> from datetime import date
        >>> from gatsbykit.model.leaders import Role
        >>> alone = [Role(kind="operational_leader", hours_a_week=40)]
        >>> [one.code for one in leader_issues(alone, as_of=date(2026, 7, 10), college=True)]
        ['leader_over_full_week', 'leader_without_senior', 'operational_alone']
    """
    leaders = [(index, role) for index, role in enumerate(roles) if role.kind.is_leader]
    if not leaders:
        yield Issue(code="leader_missing", path="roles")
    sponsored = any(role.kind is RoleKind.SENIOR_SPONSOR and role.is_current(as_of) for role in roles)
    strategic = any(role.kind is RoleKind.STRATEGIC_LEADER and role.is_current(as_of) for role in roles)
    for index, role in leaders:
        path = place("roles", index)
        yield from _issues_of_hours(path, role, full_week)
        if not (_is_senior(role) or sponsored or (role.leader is not None and role.leader.senior_sponsor)):
            yield Issue(code="leader_without_senior", path=path)
        if college and role.kind is RoleKind.OPERATIONAL_LEADER and not strategic:
            yield Issue(code="operational_alone", path=path)
    yield from _overlaps(leaders)


def _issues_of_hours(path: str, role: Role, full_week: Fraction | int) -> Iterator[Issue]:
    if role.hours_a_week is None:
        yield Issue(code="leader_without_hours", path=f"{path}.hours_a_week")
        return
    if role.hours_a_week > full_week:
        details: dict[str, object] = {"week": f"{float(full_week):g}"}
        yield Issue(code="leader_over_full_week", path=f"{path}.hours_a_week", details=details)
    if len(role.institutions) > 1:
        details = {"count": len(role.institutions)}
        yield Issue(code="several_institutions", path=f"{path}.institutions", details=details)


def _is_senior(role: Role) -> bool:
    by_kind = role.kind is RoleKind.STRATEGIC_LEADER
    return by_kind or (role.leader is not None and role.leader.seniority is Seniority.SENIOR)


def _overlaps(leaders: Sequence[tuple[int, Role]]) -> Iterator[Issue]:
    """Yield leaders beside whom another leads the same institution in the same days."""
    for number, (index, role) in enumerate(leaders):
        for _, other in leaders[:number]:
            split = {role.kind, other.kind} == _SPLIT
            known = role.institutions and other.institutions
            apart = known and not {*role.institutions} & {*other.institutions}
            if not split and not apart and _meet(role, other):
                yield Issue(code="leaders_overlap", path=place("roles", index))
                break


def _meet(one: Role, other: Role) -> bool:
    """Whether two roles are held on some day by both, as far as is known."""
    return not (_is_over_before(one, other) or _is_over_before(other, one))


def _is_over_before(one: Role, other: Role) -> bool:
    return one.held_to is not None and other.held_from is not None and one.held_to < other.held_from
