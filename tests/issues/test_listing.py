"""Listings: of each fault the first are listed, and the rest counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.issues import Issue, Listing

PLACES = st.sampled_from(["learners.csv", "activities.csv", None])
CODES = st.sampled_from(["not_a_date", "duplicate_id", "unknown_column"])
ISSUES = st.builds(
    Issue, code=CODES, file=PLACES, column=st.sampled_from(["date", None]), row=st.integers(2, 99)
)
BY = st.sampled_from([(), ("file",), ("file", "column")])


def listed(issues: list[Issue], **how: Any) -> Listing:
    found = Listing(**how)
    for issue in issues:
        found.add(issue)
    return found


@given(st.lists(ISSUES), st.integers(1, 4), BY)
def test_the_first_of_each_fault_are_listed_and_nothing_is_lost(
    issues: list[Issue], most: int, by: tuple[str, ...]
) -> None:
    found = listed(issues, most=most, by=by)
    assert found.count == len(issues) == sum(issue.count for issue in found)
    met: Counter[tuple[object, ...]] = Counter()
    first: list[Issue] = []
    for issue in issues:
        fault = (issue.code, *(getattr(issue, name) for name in by))
        met[fault] += 1
        if met[fault] <= most:
            first.append(issue)
    assert list(found)[: len(first)] == first
    more = {
        (dict(issue.details)["code"], *(getattr(issue, name) for name in by)): issue.count
        for issue in list(found)[len(first) :]
    }
    assert more == {fault: count - most for fault, count in met.items() if count > most}


@given(st.lists(ISSUES), st.integers(1, 4), BY)
def test_a_listing_of_a_listing_says_the_same(issues: list[Issue], most: int, by: tuple[str, ...]) -> None:
    once = listed(issues, most=most, by=by)
    again = listed(list(once), most=most, by=by)
    assert (list(again), again.count) == (list(once), once.count)


@given(st.lists(ISSUES), st.integers(1, 4), BY)
def test_what_is_left_out_unmade_is_counted_as_if_it_had_been_made(
    issues: list[Issue], most: int, by: tuple[str, ...]
) -> None:
    lazy = Listing(most=most, by=by)
    for issue in issues:
        if lazy.has_room(issue.code, file=issue.file, column=issue.column):
            lazy.add(issue)
        else:
            lazy.leave_out(issue.code, file=issue.file, column=issue.column)
    assert list(lazy) == list(listed(issues, most=most, by=by))


def test_warnings_left_out_are_called_warnings() -> None:
    found = Listing(most=0)
    found.leave_out("unknown_column", 3)
    found.leave_out("not_a_date", 2)
    found.leave_out("duplicate_id", 0)
    assert [(issue.code, issue.severity, issue.count) for issue in found] == [
        ("more_warnings", "warning", 3),
        ("more_errors", "error", 2),
    ]


def test_what_is_to_be_listed_once_is_counted() -> None:
    found = Listing(most=1)
    for name in ("shoe size", "shoe size", "hair"):
        found.add(Issue(code="unknown_column", details={"column": name, "table": "learners"}), once=name)
    assert ("shoe size" in found, "hair" in found, found.count) == (True, False, 3)
    assert [(issue.code, issue.count) for issue in found] == [("unknown_column", 2), ("more_warnings", 1)]
