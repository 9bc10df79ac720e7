"""The answers that follow from a careers programme, each with the records that it rests on.

What a rule means is said in ``data/programme_answers.toml``; here is how each is looked up. Every rule looks
for records that show something: so taking one away can only lower an answer, and a programme that
has none of them is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from gatsbykit.issues import Issue
from gatsbykit.model.answers import Answer, DeclaredAnswer, PartAnswers
from gatsbykit.model.encounters import ActivityKind
from gatsbykit.model.engagement import ChangeKind, EvaluationMethod, Relation, StakeholderGroup
from gatsbykit.model.fields import checked
from gatsbykit.model.provision import TargetGroup
from gatsbykit.scoring.answer_rules import answer_rules
from gatsbykit.scoring.measurement import Origin
from gatsbykit.scoring.programme_case import Case, place
from gatsbykit.words import name_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from gatsbykit.model.learners import Learner
    from gatsbykit.model.programmes import CareersProgramme
    from gatsbykit.rules import Edition
    from gatsbykit.scoring.answer_rules import AnswerRule

__all__ = ["Declared", "FollowingAnswer", "declared", "declared_answers", "following_answers"]


@attrs.frozen
class _Found:
    """What the records of a programme show of one thing.

    Args:
        speaks: Whether the programme has records of the kind at all.
        whole: Whether they show all of it.
        records: The paths of those that show it, in whole or in part.
    """

    speaks: bool
    whole: bool
    records: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, field_transformer=checked)
class FollowingAnswer:
    """An answer that follows from a programme.

    Args:
        criterion_id: The criterion.
        part: The part of it, if it has parts.
        answer: The answer; ``None`` where the programme is silent.
        rests_on: The paths of the records that it rests on.
        rule: When it is yes, in words.
        right: What would have to be there for it, in words.
    """

    criterion_id: str
    part: str | None
    answer: Answer | None
    rests_on: tuple[str, ...]
    rule: str
    right: str


def following_answers(case: Case) -> tuple[FollowingAnswer, ...]:
    """Return what a programme answers, part by part, for each criterion of which it can speak.

    Args:
        case: The programme, the day and the edition.
    """
    rules = answer_rules(case.edition.key)
    return tuple(
        _answer(case, criterion.id, part, rules[criterion.id][part])
        for criterion in case.edition.criteria
        if criterion.type == "declared" and criterion.id in rules
        for part in criterion.parts or (None,)
        if part in rules[criterion.id]
    )


def declared_answers(
    found: Iterable[FollowingAnswer], edition: Edition
) -> Mapping[str, Answer | PartAnswers]:
    """Return answers by criterion as an institution declares them; those not given are left out.

    Args:
        found: The answers that follow.
        edition: The edition.
    """
    parts: dict[str, dict[str, Answer]] = {}
    made: dict[str, Answer | PartAnswers] = {}
    for one in found:
        if one.answer is not None and one.part is None:
            made[one.criterion_id] = one.answer
        elif one.answer is not None and one.part is not None:
            parts.setdefault(one.criterion_id, {})[one.part] = one.answer
    made |= {criterion_id: PartAnswers(given) for criterion_id, given in parts.items()}
    return {criterion.id: made[criterion.id] for criterion in edition.criteria if criterion.id in made}


@attrs.frozen(kw_only=True, field_transformer=checked)
class Declared:
    """What an institution declares under an edition: its own answers, and those that follow.

    Args:
        answers: By criterion, the answer in force.
        origins: By criterion that is answered, where the answer comes from.
        warnings: Where both answer and differ; the institution's own answer is in force.
    """

    answers: Mapping[str, DeclaredAnswer] = attrs.field(hash=False)
    origins: Mapping[str, Origin] = attrs.field(hash=False)
    warnings: tuple[Issue, ...] = ()


def declared(
    given: Mapping[str, DeclaredAnswer],
    programme: CareersProgramme | None,
    edition: Edition,
    as_of: date,
    learners: Iterable[Learner] | None,
) -> Declared:
    """Put the answers that follow from a programme where the institution gives none itself.

    Args:
        given: What the institution answers under the edition.
        programme: Its careers programme, if there is one.
        edition: The edition.
        as_of: The day.
        learners: Its learners, from whom it is known which year groups there are.
    """
    answers = dict(given)
    origins: dict[str, Origin] = dict.fromkeys(given, "answers")
    if programme is None:
        return Declared(answers=answers, origins=origins)
    follows = declared_answers(following_answers(Case(programme, as_of, edition, learners)), edition)
    warnings: list[Issue] = []
    for criterion_id, answer in follows.items():
        own = given.get(criterion_id)
        differing = _differing(own, answer)
        if differing:
            details = {"differing": differing}
            warnings.append(Issue(code="programme_contradicted", details=details, path=criterion_id))
        answers[criterion_id], origins[criterion_id] = _in_force(own, answer)
    return Declared(answers=answers, origins=origins, warnings=tuple(warnings))


def _in_force(own: DeclaredAnswer | None, follows: Answer | PartAnswers) -> tuple[DeclaredAnswer, Origin]:
    if isinstance(own, PartAnswers) and isinstance(follows, PartAnswers):
        added = follows.parts.keys() - own.parts.keys()
        if added:
            origin: Origin = "both" if own.parts else "programme"
            return PartAnswers({**follows.parts, **own.parts}), origin
    return (follows, "programme") if own is None else (own, "answers")


def _differing(own: DeclaredAnswer | None, follows: Answer | PartAnswers) -> str:
    """Say in which parts two answers differ, and how; nothing where they do not."""
    if isinstance(own, PartAnswers) and isinstance(follows, PartAnswers):
        return "; ".join(
            f"{name_words(part)} is {name_words(answer)} and not {name_words(follows.parts[part])}"
            for part, answer in own.parts.items()
            if follows.parts.get(part, answer) is not answer
        )
    if isinstance(own, Answer) and isinstance(follows, Answer) and own is not follows:
        return f"{name_words(own)} and not {name_words(follows)}"
    return ""


def _answer(case: Case, criterion_id: str, part: str | None, rule: AnswerRule) -> FollowingAnswer:
    found = _RULES[rule.name](case, rule)
    gaps = [
        (index, gap)
        for index, gap in enumerate(case.gaps)
        if gap.criterion == criterion_id and gap.part in {None, part}
    ]
    actions = [
        f"{place('gaps', index)}.actions[{number}]"
        for index, gap in gaps
        for number, action in enumerate(gap.actions)
        if action.is_open and action.due is not None
    ]
    answer: Answer | None = None
    if found.whole and case.holds:
        answer, rests_on = Answer.YES, found.records
    elif found.records or actions:
        answer, rests_on = Answer.IN_PROGRESS, (*found.records, *actions)
    else:
        rests_on = tuple(place("gaps", index) for index, _ in gaps)
        answer = Answer.NO if found.speaks or gaps else None
    return FollowingAnswer(
        criterion_id=criterion_id,
        part=part,
        answer=answer,
        rests_on=rests_on,
        rule=rule.yes,
        right=rule.right,
    )


# The rules, by their names in the data


def _backing(case: Case, rule: AnswerRule) -> _Found:
    made_on = case.programme.made_on
    given = [(path, one) for path, one in case.in_list("backing") if one.body == rule.of]
    now = [
        path
        for path, one in given
        if one.date is not None and one.date <= case.as_of and (made_on is None or one.date >= made_on)
    ]
    return _Found(bool(case.programme.backing), bool(now), tuple(now or (path for path, _ in given)))


def _trained_leader(case: Case, _: AnswerRule) -> _Found:
    published = case.programme.publication
    is_named = published is not None and published.leader_name is not None
    leaders = [(path, one) for path, one in case.in_list("roles") if one.kind.is_leader]
    filled = [
        (path, one)
        for path, one in leaders
        if one.is_filled(case.as_of) or (is_named and one.is_current(case.as_of))
    ]
    trained = [path for path, one in filled if one.leader is not None and one.leader.is_trained(case.as_of)]
    partly = [path for path, _ in filled] + ["publication.leader_name"] * is_named
    speaks = bool(case.programme.roles) or is_named
    return _Found(speaks, bool(trained), tuple(trained or partly))


def _tailored(case: Case, _: AnswerRule) -> _Found:
    fitted = [
        path
        for path, one in case.in_list("activities")
        if one.target_group is not None and one.target_group.is_learners
    ]
    return _Found(bool(case.programme.activities), bool(fitted), tuple(fitted))


def _sequenced(case: Case, _: AnswerRule) -> _Found:
    records: dict[str, None] = {}
    whole = True
    for unit in case.units:
        for name in ("outcomes", "activities"):
            places = [place(name, index) for index in case.with_unit(name, unit)]
            whole = whole and bool(places)
            records |= dict.fromkeys(places)
    speaks = bool(case.programme.outcomes or case.programme.activities)
    return _Found(speaks, whole, tuple(records))


def _outcomes_served(case: Case, _: AnswerRule) -> _Found:
    outcomes = case.programme.outcomes
    served = [place("outcomes", index) for index, one in enumerate(outcomes) if one.id in case.served]
    speaks = bool(outcomes or case.programme.activities)
    return _Found(speaks, bool(outcomes) and len(served) == len(outcomes), tuple(served))


def _development_plan(case: Case, _: AnswerRule) -> _Found:
    tied = [path for path, one in case.in_list("objectives") if one.development_plan_ref is not None]
    return _Found(bool(case.programme.objectives), bool(tied), tuple(tied))


def _for_parents(case: Case) -> list[tuple[str, Any]]:
    return [
        (path, one) for path, one in case.in_list("activities") if one.target_group is TargetGroup.PARENTS
    ]


def _parents_engaged(case: Case, _: AnswerRule) -> _Found:
    meant = _for_parents(case)
    stages = [any(case.is_for(one, unit) for _, one in meant for unit in stage) for stage in case.stages]
    return _Found(bool(meant), bool(stages) and all(stages), tuple(path for path, _ in meant))


def _parents_use_lmi(case: Case, _: AnswerRule) -> _Found:
    kind = ActivityKind.LABOUR_MARKET_INFORMATION
    helping = [path for path, one in _for_parents(case) if kind in one.kinds]
    return _Found(speaks=False, whole=bool(helping), records=tuple(helping))


def _published(case: Case, rule: AnswerRule) -> _Found:
    page = case.programme.publication
    if page is None:
        return _Found(speaks=False, whole=False)
    told = [f"publication.summaries.{one.audience}" for one in page.summaries if one.audience == rule.of]
    return _Found(True, bool(told) and _is_out(case), tuple(told))


def _is_out(case: Case) -> bool:
    """Whether the programme is published on the day, at an address."""
    page = case.programme.publication
    return page is not None and page.url is not None and page.date is not None and page.date <= case.as_of


def _guidance_explained(case: Case, _: AnswerRule) -> _Found:
    page = case.programme.publication
    if page is None:
        return _Found(speaks=False, whole=False)
    said = page.guidance_access is not None
    return _Found(True, said and _is_out(case), ("publication.guidance_access",) if said else ())


def _evaluated(case: Case, rule: AnswerRule) -> _Found:
    every = [(path, one) for path, one in case.in_list("evaluations") if one.audience is not None]
    given = [(path, one) for path, one in every if one.audience == rule.of]
    recent = [path for path, one in given if case.is_recent(one.date, rule.more["days"])]
    return _Found(bool(every), bool(recent), tuple(recent or (path for path, _ in given)))


def _destinations_evaluated(case: Case, _: AnswerRule) -> _Found:
    used = [
        (path, one)
        for path, one in case.in_list("evaluations")
        if one.method is EvaluationMethod.DESTINATIONS
    ]
    done = [path for path, one in used if one.date is not None and one.date <= case.as_of]
    return _Found(bool(used), bool(done), tuple(done or (path for path, _ in used)))


def _alumni(case: Case, _: AnswerRule) -> _Found:
    known = [
        (path, one) for path, one in case.in_list("stakeholders") if one.group is StakeholderGroup.ALUMNI
    ]
    used = [path for path, one in known if one.is_in_use(case.as_of)]
    begun = [path for path, one in known if one.relation is not Relation.NONE]
    return _Found(bool(known), bool(used), tuple(used or begun))


def _staff_trained(case: Case, rule: AnswerRule) -> _Found:
    needed = frozenset(rule.more["roles"])
    sessions = [
        (path, one)
        for path, one in case.in_list("staff_training")
        if one.date is not None and (one.date in case.academic_year or one.date > case.as_of)
    ]
    changes = [
        path
        for path, one in case.in_list("changes")
        if one.kind is ChangeKind.STAFF_TRAINING and one.date is not None and one.date in case.academic_year
    ]
    held = [(path, one) for path, one in sessions if one.date <= case.as_of and one.roles & needed]
    whole = needed <= {role for _, one in held for role in one.roles}
    shown = (path for path, _ in (held if whole else sessions))
    speaks = bool(case.programme.staff_training)
    return _Found(speaks or bool(changes), whole, (*shown, *changes))


_RULES: Final[Mapping[str, Callable[[Case, AnswerRule], _Found]]] = {
    "backing": _backing,
    "trained_leader": _trained_leader,
    "tailored": _tailored,
    "sequenced": _sequenced,
    "outcomes_served": _outcomes_served,
    "development_plan": _development_plan,
    "parents_engaged": _parents_engaged,
    "parents_use_lmi": _parents_use_lmi,
    "published": _published,
    "guidance_explained": _guidance_explained,
    "evaluated": _evaluated,
    "destinations_evaluated": _destinations_evaluated,
    "alumni": _alumni,
    "staff_trained": _staff_trained,
}
