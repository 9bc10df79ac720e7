"""What is doubtful about a group and its work, and how far the institutions of a hub are together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.exchange.objects import load_object, object_document, object_schema, plain_object
from gatsbykit.exchange.problems import shown
from gatsbykit.issues import Issue
from gatsbykit.jsonschema import DIALECT
from gatsbykit.model.fields import checked
from gatsbykit.model.inquiries import CommitmentState
from gatsbykit.model.networks import Community, CommunityKind, QuestionState, Sector
from gatsbykit.rules.grading import PRESETS, BenchmarkStatus, CriterionStatus
from gatsbykit.scoring.programme_case import place
from gatsbykit.words import name_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from gatsbykit.rules.grading import Preset
    from gatsbykit.scoring import Scorecard

__all__ = [
    "HUB_CAP",
    "HubProgress",
    "PooledCriterion",
    "community_document",
    "community_issues",
    "community_schema",
    "hub_progress",
    "load_community",
    "read_community",
]

HUB_CAP: Final = 40
"""How many institutions a careers hub has at most: the first hubs were groups of up to 40."""


# In and out


def read_community(document: bytes | str | dict[str, Any], *, name: str = "community.json") -> Community:
    """Read a group from JSON.

    Args:
        document: Its bytes (UTF-8), its text, or the parsed value.
        name: What messages call it.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> read_community({"name": "Hub", "kind": "hub", "members": []}).kind
        <CommunityKind.HUB: 'hub'>
    """
    return object_document(document, Community, name)


def load_community(path: str | Path) -> Community:
    """Read a group from a file.

    Raises:
        InvalidRecords: There are errors; the group carries every one of them.

    Examples:
        >>> print(load_community("examples/networks/innovation-group.json"))
        Careers Innovation Group: 7 members, 2 meetings, 7 actions
    """
    return load_object(path, Community)


def community_document(community: Community) -> dict[str, Any]:
    """Return a group as an object of JSON that `read_community` reads back to the same."""
    return plain_object(community)


def community_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a group.

    Examples:
        >>> community_schema()["$defs"]["Community"]["required"]
        ['name', 'kind']
    """
    definitions: dict[str, Any] = {}
    reference = object_schema(Community, definitions)
    return {
        "$schema": DIALECT,
        "$id": "urn:gatsbykit:schema:community:1",
        "title": "group that works on careers guidance, version 1",
        **reference,
        "$defs": definitions,
    }


# Checks


def community_issues(community: Community, *, as_of: date, cap: int = HUB_CAP) -> tuple[Issue, ...]:
    """Return what is doubtful about a group and its work.

    Args:
        community: The group.
        as_of: The day.
        cap: How many institutions a hub has at most.

    Examples:
        >>> from datetime import date
        >>> group = load_community("examples/networks/innovation-group.json")
        >>> found = community_issues(group, as_of=date(2010, 5, 12))
        >>> [one.record for one in found if one.code == "action_without_owner"]
        ['a2']
    """
    checks = (_meetings, _actions, _decisions, _questions, _commitments, _externships, _effects, _awards)
    found = [issue for check in checks for issue in check(community, as_of)]
    count = len(community.institutions)
    if community.kind is CommunityKind.HUB and count > cap:
        found.append(Issue(code="hub_over_cap", path="members", details={"count": count, "cap": cap}))
    return tuple(found)


def _meetings(community: Community, _: date) -> Iterator[Issue]:
    latest: date | None = None
    for index, one in enumerate(community.meetings):
        path = place("meetings", index)
        if one.date is not None and latest is not None and one.date < latest:
            yield Issue(code="meetings_out_of_order", path=path, record=shown(one.id))
        if one.date is not None and one.next_date is not None and one.next_date <= one.date:
            yield Issue(code="next_meeting_not_after", path=f"{path}.next_date", record=shown(one.id))
        latest = one.date or latest


def _actions(community: Community, as_of: date) -> Iterator[Issue]:
    meetings = {one.id: one.date for one in community.meetings}
    events = {one.name: one.date for one in community.events}
    for index, one in enumerate(community.actions):
        path, record = place("actions", index), shown(one.id)
        if not one.owner_roles:
            yield Issue(code="action_without_owner", path=path, record=record)
        if one.due is None:
            yield Issue(code="action_without_due", path=path, record=record)
        if one.is_overdue(as_of, meetings=meetings, events=events):
            due = one.due_on(meetings=meetings, events=events)
            yield Issue(code="action_overdue", path=path, record=record, details={"due": due})


def _decisions(community: Community, _: date) -> Iterator[Issue]:
    for index, one in enumerate(community.decisions):
        if one.needs_action and not one.actions:
            yield Issue(code="decision_without_action", path=place("decisions", index), record=shown(one.id))


def _questions(community: Community, as_of: date) -> Iterator[Issue]:
    """Yield questions that are open after the meeting that follows the one which put them."""
    meetings = {one.id: one.date for one in community.meetings}
    days = sorted(day for day in meetings.values() if day is not None)
    for index, one in enumerate(community.questions):
        since = None if one.meeting is None else meetings.get(one.meeting)
        later = since is not None and any(since < day <= as_of for day in days)
        if one.state is QuestionState.OPEN and later:
            path = place("questions", index)
            yield Issue(code="question_open", path=path, record=shown(one.id), details={"since": since})


def _commitments(community: Community, as_of: date) -> Iterator[Issue]:
    for index, one in enumerate(community.commitments):
        path = place("commitments", index)
        if one.is_overdue(as_of):
            yield Issue(code="commitment_overdue", path=path, details={"due": one.due})
        if one.state in {CommitmentState.DEFERRED, CommitmentState.DROPPED} and one.reason is None:
            yield Issue(code="commitment_without_reason", path=path, details={"state": one.state})


def _externships(community: Community, _: date) -> Iterator[Issue]:
    employers = community.organisations(Sector.EMPLOYER)
    for index, one in enumerate(community.externships):
        if one.host not in employers:
            yield Issue(code="host_no_employer", path=f"{place('externships', index)}.host")


def _effects(community: Community, _: date) -> Iterator[Issue]:
    for index, one in enumerate(community.effects):
        if one.is_claimed:
            yield Issue(code="effect_claimed", path=place("effects", index))


def _awards(community: Community, as_of: date) -> Iterator[Issue]:
    for index, one in enumerate(community.awards):
        if one.holder is not None and one.valid_to is not None and one.valid_to < as_of:
            yield Issue(code="award_lapsed", path=place("awards", index), details={"to": one.valid_to})


# Pooled progress


@attrs.frozen(kw_only=True, field_transformer=checked)
class PooledCriterion:
    """A criterion over the institutions of a hub: sums, not a mean of means.

    Args:
        edition: The key of the edition.
        id: The criterion.
        institutions: How many institutions it applies to.
        met: By preset, how many of them meet it.
        counted: How many of them have counts of learners.
        numerator: Over those, the learners who meet it.
        denominator: Over those, the learners whom it is about.
    """

    edition: str
    id: str
    institutions: int
    met: Mapping[str, int] = attrs.field(hash=False)
    counted: int
    numerator: int
    denominator: int

    @property
    def share(self) -> Fraction | None:
        """The share of all the learners together, exact; ``None`` where there are none."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@attrs.frozen(kw_only=True, field_transformer=checked)
class HubProgress:
    """How far the institutions of a hub are, together.

    Args:
        institutions: How many there are.
        achieved: By preset, how many benchmarks were achieved over all of them.
        applicable: How many apply, over all of them.
        by_benchmark: By preset and number, how many institutions achieved the benchmark.
        criteria: The criteria, by edition and id.
    """

    institutions: int
    achieved: Mapping[str, int] = attrs.field(hash=False)
    applicable: int
    by_benchmark: Mapping[str, Mapping[int, int]] = attrs.field(hash=False)
    criteria: tuple[PooledCriterion, ...]

    def mean_achieved(self, preset: Preset) -> Fraction | None:
        """Return how many benchmarks an institution achieved on average, exact."""
        return Fraction(self.achieved[preset], self.institutions) if self.institutions else None

    def __getitem__(self, key: tuple[str, str]) -> PooledCriterion:
        """Return a criterion by the key of its edition and its id."""
        return next(one for one in self.criteria if (one.edition, one.id) == key)

    def to_dict(self) -> dict[str, Any]:
        """Return the progress as plain data, ready for `json`."""
        return {
            "format": "gatsbykit-hub-progress/1",
            "institutions": self.institutions,
            "achieved": {str(preset): count for preset, count in self.achieved.items()},
            "applicable": self.applicable,
            "by_benchmark": {
                str(preset): {str(number): count for number, count in counts.items()}
                for preset, counts in self.by_benchmark.items()
            },
            "criteria": [_criterion_fields(one) for one in self.criteria],
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def hub_progress(cards: Iterable[Scorecard]) -> HubProgress:
    """Pool the scorecards of the institutions of a hub.

    Learners are added up over the institutions, so that a large one weighs more than a small one;
    the mean of the institutions' shares would be another number.

    Args:
        cards: One scorecard an institution, of whatever editions; they are read once.

    Examples:
        >>> import gatsbykit as gk
        >>> from datetime import date
        >>> day = date(2026, 7, 10)
        >>> cards = [gk.score(gk.load(f"examples/{name}"), as_of=day) for name in ("northfield", "riverside")]
        >>> hub = hub_progress(cards)
        >>> hub.achieved["every_pupil"], hub.applicable, hub["2025-school", "6a"].share
        (5, 16, Fraction(131, 158))
    """
    institutions = applicable = 0
    achieved: Counter[tuple[str, int]] = Counter()
    sums: dict[tuple[str, str], Counter[str]] = {}
    for card in cards:
        institutions += 1
        applicable += card.applicable
        for benchmark in card.benchmarks:
            for preset, status in benchmark.status.items():
                achieved[preset, benchmark.number] += status is BenchmarkStatus.ACHIEVED
        for result in card.criteria:
            met = sums.setdefault((card.edition.key, result.criterion.id), Counter())
            strictest = result.status[PRESETS[0]]
            met["institutions"] += strictest is not CriterionStatus.NOT_APPLICABLE
            for preset, standing in result.status.items():
                met[preset] += standing is CriterionStatus.MET
            if result.tally is not None:
                met["counted"] += 1
                met["numerator"] += result.tally.numerator
                met["denominator"] += result.tally.denominator
    by_benchmark = {
        preset.value: {number: achieved[preset, number] for number in range(1, 9)} for preset in PRESETS
    }
    return HubProgress(
        institutions=institutions,
        achieved={preset: sum(counts.values()) for preset, counts in by_benchmark.items()},
        applicable=applicable,
        by_benchmark=by_benchmark,
        criteria=tuple(
            PooledCriterion(
                edition=key[0],
                id=key[1],
                institutions=met["institutions"],
                met={preset.value: met[preset] for preset in PRESETS},
                counted=met["counted"],
                numerator=met["numerator"],
                denominator=met["denominator"],
            )
            for key, met in sorted(sums.items())
        ),
    )


def _lines(progress: HubProgress) -> Iterator[str]:
    yield f"{progress.institutions} institutions, {progress.applicable} benchmarks that apply"
    for preset, count in progress.achieved.items():
        yield f"  {name_words(preset)}: {count} achieved"
    for one in progress.criteria:
        if one.counted:
            learners = f"{one.numerator} of {one.denominator} learners of {one.counted} institutions"
            yield f"  {one.edition} {one.id}: {learners}"


def _criterion_fields(one: PooledCriterion) -> dict[str, Any]:
    return {
        "edition": one.edition,
        "id": one.id,
        "institutions": one.institutions,
        "met": {str(preset): count for preset, count in one.met.items()},
        "counted": one.counted,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "share": None if one.share is None else str(one.share),
    }
