"""Those whom a programme is for and with: stakeholders, what they were told and asked, what changed."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from gatsbykit.model.attributes import Fault, Hours, read_or_refuse, refuse
from gatsbykit.model.leaders import RoleKind
from gatsbykit.model.provision import CriterionId

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Cause",
    "ChangeKind",
    "Evaluation",
    "EvaluationMethod",
    "ProvisionChange",
    "Publication",
    "Recommendation",
    "RecommendationState",
    "Relation",
    "StaffTraining",
    "Stakeholder",
    "StakeholderGroup",
    "Summary",
]


class StakeholderGroup(StrEnum):
    """Those who have to do with a careers programme."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"
    CAREERS_ADVISERS = "careers_advisers"
    EMPLOYERS = "employers"
    GOVERNORS = "governors"
    PROVIDERS = "providers"
    ALUMNI = "alumni"
    HUB = "hub"
    ENTERPRISE_ADVISER = "enterprise_adviser"
    ENTERPRISE_COORDINATOR = "enterprise_coordinator"
    LOCAL_AUTHORITY = "local_authority"


class Relation(StrEnum):
    """How a relation stands, and whether it grew."""

    NONE = "none"
    NEW = "new"
    EXISTING = "existing"
    EXPANDED = "expanded"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Stakeholder:
    """A relation to a group or to an organisation of it.

    Args:
        group: The group.
        organisation: The organisation, if it is one.
        relation: How the relation stands.
        since: Since when.
    """

    group: StakeholderGroup
    organisation: str | None = None
    relation: Relation = Relation.NONE
    since: datetime.date | None = None

    def is_in_use(self, as_of: datetime.date) -> bool:
        """Whether there is a relation on a day."""
        return self.relation is not Relation.NONE and (self.since is None or self.since <= as_of)


class EvaluationMethod(StrEnum):
    """How a programme was evaluated."""

    FEEDBACK_SHEET = "feedback_sheet"
    ATTITUDE_SURVEY = "attitude_survey"
    INTERVIEW = "interview"
    OBSERVATION = "observation"
    SELF_ASSESSMENT = "self_assessment"
    DESTINATIONS = "destinations"
    RECORDS = "records"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Evaluation:
    """What some group said of the programme, or what some records showed.

    Args:
        audience: Whose view it is; none where records speak.
        method: How it was done.
        date: When; a day to come where it is planned.
        finding: What was found.
        change_made: What was changed for it.
    """

    audience: StakeholderGroup | None = None
    method: EvaluationMethod
    date: datetime.date | None = None
    finding: str | None = attrs.field(default=None, repr=False)
    change_made: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Summary:
    """A summary of the programme for one group, in a way that it can use.

    Args:
        audience: For whom.
        channel: Where or how, such as an address or a booklet.
    """

    audience: StakeholderGroup
    channel: str


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Publication:
    """What the institution publishes of its programme.

    Args:
        url: The address of the page.
        date: When it was published.
        leader_name: The name of the careers leader, as published.
        leader_contact: How to reach the leader, as published.
        programme: Where the programme itself is to be found.
        summaries: A summary for each audience.
        impact_measured: How the impact of the programme is measured.
        next_review: When what is published will be reviewed.
        provider_access_statement: Where the provider access statement is to be found.
        guidance_access: What personal guidance there is and how to get it.
    """

    url: str | None = None
    date: datetime.date | None = None
    leader_name: str | None = attrs.field(default=None, repr=False)
    leader_contact: str | None = attrs.field(default=None, repr=False)
    programme: str | None = None
    summaries: tuple[Summary, ...] = attrs.field(default=(), metadata={"keyed_by": "audience"})
    impact_measured: str | None = None
    next_review: datetime.date | None = None
    provider_access_statement: str | None = None
    guidance_access: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse two summaries for one audience."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if len({one.audience for one in self.summaries}) < len(self.summaries):
            yield Fault("summaries", "one summary for each audience")


class ChangeKind(StrEnum):
    """What changed in the provision, in the kinds that were seen after training."""

    TOOL = "tool"
    POLICY = "policy"
    PROVIDERS = "providers"
    STAFF_TRAINING = "staff_training"
    PARENTS = "parents"
    WEBSITE = "website"
    CURRICULUM = "curriculum"
    RECORD = "record"
    SELF_ASSESSMENT = "self_assessment"


class Cause(StrEnum):
    """What a change was made for."""

    TRAINING = "training"
    AUDIT = "audit"
    FEEDBACK = "feedback"
    POLICY = "policy"
    OTHER = "other"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class ProvisionChange:
    """Something that changed in the provision, and why.

    Args:
        date: When.
        kind: What.
        criteria: The criteria that it serves.
        cause: What it was made for.
        evidence: By what it can be seen.
    """

    date: datetime.date | None = None
    kind: ChangeKind
    criteria: frozenset[CriterionId] = frozenset()
    cause: Cause | None = None
    evidence: str | None = None


class RecommendationState(StrEnum):
    """What became of a recommendation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class Recommendation:
    """Something that somebody recommended, to whom, and what became of it.

    Args:
        id: An id, unique in the programme.
        text: What is recommended.
        source: Where it comes from, such as a review.
        addressee: To whom it is addressed.
        date: When it was made.
        state: What became of it.
        reason: Why it was declined, or what was done.
    """

    id: str
    text: str
    source: str | None = None
    addressee: str | None = None
    date: datetime.date | None = None
    state: RecommendationState = RecommendationState.OPEN
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a refusal without a reason."""
        if self.state is RecommendationState.DECLINED and self.reason is None:
            refuse(self, [Fault("reason", "the reason why it was declined")])


@attrs.frozen(kw_only=True, field_transformer=read_or_refuse)
class StaffTraining:
    """Training in careers work that staff need, and when they had it.

    Args:
        roles: Whose need it is, by role.
        need: What they need to learn.
        date: When it took place or will.
        title: The title of the session.
        hours: How long it lasts.
        attended: How many took part.
        in_scope: How many it was meant for.
    """

    roles: frozenset[RoleKind]
    need: str | None = None
    date: datetime.date | None = None
    title: str | None = None
    hours: Hours | None = None
    attended: int | None = None
    in_scope: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what does not fit together."""
        refuse(self, self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.roles:
            yield Fault("roles", "at least one role")
        if self.attended is not None and self.attended < 0:
            yield Fault("attended", "a whole number from 0 on")
        if None not in {self.attended, self.in_scope} and (self.attended or 0) > (self.in_scope or 0):
            yield Fault("attended", "no more than in_scope")
