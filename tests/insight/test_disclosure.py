"""Nobody is given away: what an integer programme makes of published pages, and what is hidden for it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.insight.alternatives import Crowd, Exchange, Relabelling
from gatsbykit.insight.disclosure import (
    EVERYBODY,
    Counted,
    Protection,
    possible_counts,
    protect,
    protection_width,
)
from gatsbykit.insight.examining import Examiner
from gatsbykit.testing import ScoredCase, scored_cases
from tests.support.disclosure_audit import ALL, Page, School, Shown, audit

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)
_GROUPS = {"sex": "FM-", "looked_after": "ny-", "sen": "NKE", "house": "abcd"}


@attrs.frozen
class Case:
    """A school as `protect` sees it, and how it is published."""

    criteria: Sequence[Counted]
    labels: Mapping[str, Mapping[str, str]]
    minimum: int
    show_zeros: bool

    @property
    def school(self) -> School:
        return School(
            people={one.criterion_id: one.learners for one in self.criteria},
            met={one.criterion_id: one.met for one in self.criteria},
            labels=self.labels,
        )

    def protect(self, **choices: Any) -> Protection:
        choices = {"minimum": self.minimum, "show_zeros": self.show_zeros, **choices}
        return protect(self.criteria, self.labels, **choices)

    def page(self, hidden: Protection, said: bool = False) -> Page:
        cells: dict[str, dict[tuple[str, str], Shown]] = {}
        remarks: dict[str, range] = {}
        for one in self.criteria:
            key = one.criterion_id
            own = cells[key] = {
                ALL: (
                    len(one.learners) if hidden.shows_size(key, EVERYBODY) else None,
                    len(one.met) if hidden.shows_count(key, EVERYBODY) else None,
                )
            }
            if said and own[ALL][0] is not None and own[ALL][1] is None:
                remarks[key] = possible_counts(len(one.met), len(one.learners), self.minimum)
            for attribute, labels in self.labels.items():
                if hidden.lists(key, attribute):
                    for value in {labels[learner] for learner in one.learners}:
                        group = attribute, value
                        members = self.school.group(key, group)
                        own[group] = (
                            len(members) if hidden.shows_size(key, group) else None,
                            len(members & one.met) if hidden.shows_count(key, group) else None,
                        )
        return Page(minimum=self.minimum, show_zeros=self.show_zeros, cells=cells, said=remarks)


@st.composite
def cases(draw: st.DrawFn, minimum: st.SearchStrategy[int] = st.sampled_from([3, 4, 6, 6, 6, 10])) -> Case:  # noqa: B008
    """Draw schools, small and nasty ones too: one looked-after child, all in one group, nobody, everybody."""
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 (schools, not secrets)
    size = draw(st.sampled_from([1, 3, 7, 8, 12, 20, 30, 45, 60, 100]))
    ids = [f"L{number}" for number in range(size)]
    years = draw(st.sampled_from([["11"], ["7", "8"], ["7", "8", "9", "10", "11"]]))
    labels = {"year_group": _dealt(chance, ids, years, (0.02, 0.3, 1, 1, 1))}
    for attribute in list(_GROUPS)[: draw(st.integers(0, 4))]:
        labels[attribute] = _dealt(chance, ids, _GROUPS[attribute], (0, 0.02, 0.1, 0.5, 1))
    criteria: list[Counted] = []
    for number in range(draw(st.integers(1, 4))):
        about = chance.choice([years, years, years[-1:], years[:1], years[:2]])
        learners = frozenset(one for one in ids if labels["year_group"][one] in about)
        share = chance.choice([0, 0.05, 0.2, 0.5, 0.8, 0.95, 1])
        met = frozenset(one for one in sorted(learners) if chance.random() < share)
        if learners:
            criteria.append(Counted(criterion_id=str(number), learners=learners, met=met))
    return Case(criteria, labels, draw(minimum), draw(st.booleans()))


def _dealt(
    chance: random.Random, ids: Sequence[str], values: Sequence[str], weights: Sequence[float]
) -> dict[str, str]:
    own = [chance.choice(weights) for _ in values]
    if not any(own):
        own[0] = 1
    return {one: chance.choices(values, own)[0] for one in ids}


def given_away(school: School, page: Page) -> list[str]:
    return [str(finding) for finding in audit(school, page) if finding.gives_away]


# The audit


@settings(max_examples=40)
@given(cases())
def test_no_hidden_count_can_be_worked_out(case: Case) -> None:
    assert given_away(case.school, case.page(case.protect())) == []


@settings(max_examples=15)
@given(cases(minimum=st.just(6)))
def test_nor_from_what_a_report_says_of_hidden_totals(case: Case) -> None:
    case = attrs.evolve(case, show_zeros=True)
    assert given_away(case.school, case.page(case.protect(), said=True)) == []


@settings(max_examples=25)
@given(scored_cases(), st.integers(3, 4), st.booleans())
def test_published_tables_pass_the_audit(case: ScoredCase, minimum: int, zeros: bool) -> None:
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition}
    found = gk.publish_groups(case.records, minimum=minimum, show_zeros=zeros, **choices)
    card = gk.score(case.records, **choices)
    examiner = Examiner(case.records, as_of=case.as_of, edition=case.edition, settings=gk.Settings())
    people = {
        table.criterion_id: frozenset(
            one.learner_id for one in examiner.population(card.edition.criterion(table.criterion_id))
        )
        for table in found.breakdowns
    }
    labels = {
        attribute: {one.learner_id: label(one, attribute) for one in case.records.learners or ()}
        for attribute in {table.attribute for table in found.breakdowns}
    }
    met = {criterion: people[criterion] - {*(card[criterion].missing or ())} for criterion in people}
    assert given_away(School(people=people, met=met, labels=labels), Page.of(found)) == []


def label(learner: gk.Learner, attribute: str) -> str:
    value = learner.current_year_group() if attribute == "year_group" else getattr(learner, attribute)
    words = {None: "not recorded", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def a_page(**rows: Shown) -> Page:
    cells = {ALL if value == "all" else ("group", value): shown for value, shown in rows.items()}
    return Page(minimum=6, show_zeros=False, cells={"8a": cells})


def a_school(**groups: tuple[int, int]) -> Case:
    """By group, how many it has and how many of them meet the criterion."""
    labels = {f"{value}{number}": value for value, (size, _) in groups.items() for number in range(size)}
    met = frozenset(f"{value}{number}" for value, (_, met) in groups.items() for number in range(met))
    return Case(
        [Counted(criterion_id="8a", learners=frozenset(labels), met=met)],
        {"group": labels},
        6,
        show_zeros=False,
    )


def test_the_audit_finds_what_was_published_before() -> None:
    """One school of sixty: the one looked-after child did not have the meeting."""
    case = a_school(no=(60, 40), yes=(1, 0), unknown=(1, 0))
    page = a_page(no=(60, 40), yes=(None, None), unknown=(None, None), all=(62, 40))
    assert any("insider" in one and "'yes'" in one for one in given_away(case.school, page))
    assert any("reader" in one and "low=0, high=0" in one for one in given_away(case.school, page))


def test_the_audit_finds_zeros_that_add_up() -> None:
    """Of four year groups, 0 of 20 in two follow from the total."""
    case = a_school(y7=(20, 12), y8=(20, 8), y9=(20, 0), y10=(20, 0))
    page = a_page(y7=(20, 12), y8=(20, 8), y9=(20, None), y10=(20, None), all=(80, 20))
    assert given_away(case.school, page)


def test_the_audit_finds_sizes_that_are_too_few_to_share() -> None:
    """Three groups that have three learners together, and each somebody."""
    case = a_school(a=(40, 20), b=(1, 1), c=(1, 0), d=(1, 1))
    page = a_page(a=(40, 20), b=(None, None), c=(None, None), d=(None, None), all=(43, 22))
    assert any("what='size', low=1, high=1" in one for one in given_away(case.school, page))


# What is hidden


def shown(case: Case, **choices: Any) -> dict[str, Shown]:
    return {group[1]: row for group, row in case.page(case.protect(**choices)).cells["8a"].items()}


def test_the_school_of_sixty() -> None:
    assert shown(a_school(no=(60, 40), yes=(1, 0), unknown=(1, 0))) == {
        "no": (None, None), "yes": (None, None), "unknown": (None, None), "all": (62, 40),
    }  # fmt: skip


def test_zeros_that_would_add_up() -> None:
    """The case of four year groups: the hidden ones are many enough to be shown as one."""
    rows = shown(a_school(y7=(20, 12), y8=(20, 8), y9=(20, 0), y10=(20, 0)))
    assert rows["y9"] == rows["y10"] == (20, None)
    # The others are alike in size; one of them has to go, and one may stay.
    assert (rows["y7"], rows["y8"]) in [((20, None), (20, 8)), ((20, 12), (20, None))]
    assert rows["all"] == (80, 20)


@pytest.mark.parametrize("turned", [False, True], ids=["nobody", "everybody"])
def test_nobody_or_everybody_in_all_hidden_groups(turned: bool) -> None:
    groups = {"a": (20, 12), "b": (20, 10), "c": (9, 0), "d": (9, 0)}
    if turned:
        groups = {value: (size, size - met) for value, (size, met) in groups.items()}
    rows = shown(a_school(**groups))
    assert rows["c"][1] is rows["d"][1] is None
    assert None in (rows["a"][1], rows["b"][1])


def test_where_the_total_is_hidden_nothing_of_it_is_shown() -> None:
    rows = shown(a_school(a=(20, 0), b=(20, 3)), show_zeros=True)
    assert rows == {"a": (20, None), "b": (20, None), "all": (40, None)}


def test_where_the_total_says_it_all_no_hidden_group_is_listed() -> None:
    case = a_school(a=(30, 30), b=(20, 20), c=(2, 2))
    assert shown(case, show_zeros=True) == {"all": (52, 52)}
    assert shown(case) == {"a": (30, None), "b": (None, None), "c": (None, None), "all": (52, None)}
    assert shown(a_school(a=(20, 20), b=(20, 20)), show_zeros=True)["a"] == (20, 20)
    assert shown(a_school(a=(20, 0), b=(20, 0)), show_zeros=True)["a"] == (20, 0)


def test_a_criterion_about_few_lists_no_groups() -> None:
    assert shown(a_school(a=(2, 1), b=(3, 1))) == {"all": (None, None)}


def test_groups_too_few_to_share_their_learners_are_not_listed() -> None:
    """Six groups of one: that somebody is in each would say how many."""
    assert shown(a_school(**dict.fromkeys("abcdef", (1, 1)), g=(1, 0))) == {"all": (7, None)}


def test_a_size_that_other_populations_would_give_away() -> None:
    """Two learners of Year 12 would follow from all learners less those of Year 11."""
    year = {f"L{number}": "11" if number < 30 else "12" for number in range(32)}
    eleven = frozenset(one for one in year if year[one] == "11")
    criteria = [
        Counted(criterion_id="5a", learners=frozenset(year), met=frozenset([*year][:20])),
        Counted(criterion_id="8a", learners=eleven, met=frozenset([*year][:12])),
    ]
    hidden = protect(criteria, {"year_group": year}, minimum=6)
    assert hidden.shows_size("5a", EVERYBODY)
    assert not hidden.shows_size("8a", EVERYBODY)
    assert not hidden.shows_count("8a", EVERYBODY)
    assert not hidden.lists("8a", "year_group")


@pytest.mark.parametrize(
    ("count", "size", "numbers"),
    [(37, 40, range(35, 40)), (3, 40, range(1, 6)), (5, 11, range(1, 6)), (4, 10, range(1, 10))],
)
def test_what_may_be_said_of_a_hidden_total(count: int, size: int, numbers: range) -> None:
    assert possible_counts(count, size, 6) == numbers
    assert numbers[-1] - numbers[0] >= protection_width(6)


# The same in every run


@settings(max_examples=60)
@given(cases(), st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(case: Case, chance: random.Random) -> None:
    """What is hidden hangs on counts alone, so that pseudonyms and another order show the same."""
    ids = sorted({one for counted in case.criteria for one in counted.learners})
    new = dict(zip(ids, chance.sample([f"p{number}" for number in range(len(ids))], len(ids)), strict=True))
    criteria = [
        Counted(
            criterion_id=one.criterion_id,
            learners=frozenset(new[learner] for learner in one.learners),
            met=frozenset(new[learner] for learner in one.met),
        )
        for one in case.criteria
    ]
    labels = {
        attribute: {new[one]: own[one] for one in chance.sample(ids, len(ids))}
        for attribute, own in case.labels.items()
    }
    again = protect(criteria, labels, minimum=case.minimum, show_zeros=case.show_zeros)
    assert again == case.protect()


@settings(max_examples=40)
@given(cases())
def test_what_is_hidden_in_any_case_stays_hidden(case: Case) -> None:
    first = case.protect(show_zeros=True)
    kept = first.copy()
    both = case.protect(show_zeros=False, also=first)
    assert first.counts == kept.counts
    assert first.withheld <= both.withheld
    assert first.unlisted <= both.unlisted
    assert first.sizes <= both.sizes
    assert first.counts <= both.counts


BIG = [
    gk.Learner(
        learner_id=f"L{number}",
        year_group=11,
        sex=gk.Sex.FEMALE if number % 2 else gk.Sex.MALE,
        looked_after=number % 13 == 0,
        eal=number % 5 == 0,
        disadvantaged=None if number % 17 == 0 else number % 4 == 0,
    )
    for number in range(120)
]


def big(met: int = 70) -> gk.Records:
    return gk.Records(
        institution=SCHOOL,
        learners=BIG,
        activities=[gk.Activity(activity_id="G", date=DAY, kinds={"guidance_meeting"}, adviser_level=6)],
        participations=[gk.Participation("G", f"L{number * 7 % 120}") for number in range(met)],
    )


def test_tables_asked_for_one_by_one_show_the_same() -> None:
    whole = gk.publish_groups(big(), as_of=DAY)
    for attribute in ("sex", "looked_after", "disadvantaged", "year_group"):
        alone = gk.publish_groups(big(), as_of=DAY, by=[attribute])
        assert alone.breakdowns == tuple(one for one in whole.breakdowns if one.attribute == attribute)
    assert gk.publish_groups(big(), as_of=DAY) == whole


@pytest.mark.parametrize("met", [0, 3, 60, 118, 120])
def test_tables_without_zeros_show_nothing_more(met: int) -> None:
    with_zeros = gk.publish_groups(big(met), as_of=DAY, show_zeros=True)
    without = gk.publish_groups(big(met), as_of=DAY)
    for mine, its in zip(without.breakdowns, with_zeros.breakdowns, strict=True):
        rows = {row.value: row for row in (*its.groups, its.total)}
        for row in (*mine.groups, mine.total):
            assert row.numerator in {None, rows[row.value].numerator if row.value in rows else None}


def test_groups_of_the_callers_own_change_nothing_of_ours() -> None:
    ours = gk.publish_groups(big(), as_of=DAY, by=["sex"])

    def sex(learner: gk.Learner) -> str:
        return "first" if learner.learner_id == "L1" else "other"

    own = gk.publish_groups(big(), as_of=DAY, by={"sex": sex})
    rows = {row.value: row for one in own.breakdowns if one.criterion_id == "8a" for row in one.groups}
    assert rows["first"].denominator is rows["other"].denominator is None
    assert [one.total for one in own.breakdowns] == [one.total for one in ours.breakdowns]


# Other schools of which the page could be told


def test_two_exchanges_make_good_what_each_would_show() -> None:
    """Nobody looks like the learner in question, but two learners together do like two others."""
    kinds = {"p": ("F", "7", "y"), "q": ("F", "8", "n"), "r": ("M", "7", "n"), "s": ("M", "8", "n")}
    labels = [
        (name, {one: kind[place] for one, kind in kinds.items()})
        for place, name in enumerate(("sex", "year", "care"))
    ]
    secret = [("care", "y"), ("care", "n")]
    mixed = Exchange(kinds, ["p", "s"], labels, secret, None, show_zeros=False)
    assert mixed.reaches(("care", "y"), 1)
    assert not mixed.reaches(("care", "y"), 2)
    stuck = Exchange(kinds, ["p", "q"], labels, secret, None, show_zeros=False)
    assert not stuck.reaches(("care", "y"), 1)


def test_the_rule_of_hiding_bounds_what_is_possible() -> None:
    """Of two groups of ten, one has a small count; with five each there would have been nothing to hide."""
    labels = {f"{value}{number}": value for value in "ab" for number in range(10)}
    met = [*[f"a{number}" for number in range(2)], *[f"b{number}" for number in range(8)]]
    secret = [("group", "a"), ("group", "b")]
    free = Exchange(labels, met, [("group", labels)], secret, None, show_zeros=False)
    bound = Exchange(labels, met, [("group", labels)], secret, 2, show_zeros=True)
    assert free.reaches(("group", "a"), 10)
    assert not bound.reaches(("group", "a"), 10)  # nobody in a group would be shown


def test_who_leaves_a_group_leaves_somebody_behind() -> None:
    labels = {"p": "a", "q": "a", "r": "b"}
    both = frozenset("ab")
    everybody = Crowd(learners=frozenset(labels), shown=frozenset(), listed=both)
    patterns = dict.fromkeys(labels, 1)
    moves = Relabelling(labels, patterns, [everybody], None)
    assert moves.reaches(0, "a", {"b"}, 1)
    assert not moves.reaches(0, "a", {"b"}, 2)
    # A group that does not occur in a population cannot be taken up there.
    assert not Relabelling(labels, {"p": 1, "q": 1, "r": 2}, [everybody], None).reaches(0, "a", {"b"}, 1)


def test_where_groups_are_told_apart_elsewhere_two_change_places() -> None:
    labels = {"p": "a", "q": "a", "r": "b", "s": "b", "t": "a", "u": "b"}
    both = frozenset("ab")
    some = Crowd(learners=frozenset("pqrs"), shown=frozenset(), listed=both)
    whole = Crowd(learners=frozenset(labels), shown=both, listed=both)
    patterns = {one: 3 if one in some.learners else 1 for one in labels}
    moves = Relabelling(labels, patterns, [some, whole], None)
    assert moves.reaches(0, "a", {"b"}, 2)
    assert not moves.reaches(0, "a", {"b"}, 3)
