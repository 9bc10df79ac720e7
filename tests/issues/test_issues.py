from __future__ import annotations

import pickle

import pytest

import gatsbykit as gk
from gatsbykit.issues import IssueError, Severity

ISSUE = gk.Issue(
    code="not_a_whole_number", file="learners.csv", row=17, column="year_group", cell="10.9", record="L0412"
)


def test_an_issue_says_where_and_what() -> None:
    assert ISSUE.where == "learners.csv, row 17, column year_group (L0412)"
    assert str(ISSUE) == (
        'learners.csv, row 17, column year_group (L0412): not_a_whole_number: "10.9" is not a whole number; '
        "expected a whole number"
    )
    assert ISSUE.severity is Severity.ERROR


def test_the_place_in_a_document_is_a_path() -> None:
    issue = gk.Issue(code="duplicate_key", file="x.json", path="learners[3].year_group", column="year_group")
    assert issue.where == "x.json, learners[3].year_group"


def test_errors_are_a_group_that_pickles() -> None:
    other = gk.Issue(code="duplicate_key", file="activities.csv", row=2, column="date")
    errors = gk.InvalidRecords([ISSUE, other])
    assert isinstance(errors, ValueError | ExceptionGroup)
    assert errors.message == "2 errors in the records"
    assert gk.InvalidRecords([ISSUE]).message == "1 error in the records"
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(errors, protocol))  # noqa: S301 (our own bytes)
        assert again.issues == errors.issues
        assert [str(one) for one in again.exceptions] == [str(ISSUE), str(other)]
    one = pickle.loads(pickle.dumps(IssueError(ISSUE)))  # noqa: S301 (our own bytes)
    assert one.issue == ISSUE


def test_errors_can_be_caught_in_part() -> None:
    other = gk.Issue(code="duplicate_key", file="activities.csv", row=2, column="date")
    matching, rest = gk.InvalidRecords([ISSUE, other]).split(
        lambda error: isinstance(error, IssueError) and error.issue.code == "duplicate_key"
    )
    assert isinstance(matching, gk.InvalidRecords)
    assert isinstance(rest, gk.InvalidRecords)
    assert (matching.issues, rest.issues) == ((other,), (ISSUE,))
    with pytest.raises(gk.GatsbykitError):
        raise rest
