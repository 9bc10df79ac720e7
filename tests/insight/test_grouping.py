"""Groups add up, intervals are right, and nothing hidden can be worked out."""

from __future__ import annotations

import json
import sys
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import commands
from gatsbykit.insight import Contrast, Groups, PublishedGroups
from gatsbykit.insight.disclosure import is_small
from gatsbykit.insight.elimination import hide
from gatsbykit.insight.examining import Examiner
from gatsbykit.insight.grouping import ATTRIBUTES
from gatsbykit.testing import ScoredCase, scored_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gatsbykit.insight import Breakdown, PublishedBreakdown

DAY = date(2026, 7, 10)
SCHOOL = gk.Institution(name="Northfield School", kind=gk.InstitutionKind.SECONDARY_SCHOOL)


class Equations:
    """Rows that are known, in echelon form: exact, and plain to read."""

    def __init__(self, rows: Iterable[Sequence[int]]) -> None:
        self.steps: list[tuple[int, list[Fraction]]] = []
        for row in dict.fromkeys(map(tuple, rows)):
            rest = self.rest(row)
            lead = next((place for place, cell in enumerate(rest) if cell), None)
            if lead is not None:
                self.steps.append((lead, [cell / rest[lead] for cell in rest]))

    def rest(self, row: Sequence[int]) -> list[Fraction]:
        """What is left of a row when all that is known has been taken away."""
        work = [Fraction(cell) for cell in row]
        for lead, step in self.steps:
            if factor := work[lead]:
                work = [a - factor * b for a, b in zip(work, step, strict=True)]
        return work

    def decide(self, row: Sequence[int]) -> bool:
        """Whether sums and differences of the known rows make a row."""
        return not any(self.rest(row))


cells = st.dictionaries(
    st.integers(0, 8), st.frozensets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=9
)


@given(cells, st.sets(st.integers(0, 8)))
def test_no_hidden_cell_is_a_sum_of_visible_ones(table: dict[int, frozenset[str]], small: set[int]) -> None:
    small &= table.keys()
    hidden = hide(table, small, cost=lambda cell: len(table[cell]))
    assert small <= hidden <= table.keys()
    rows = {cell: [one in learners for one in "abcdefgh"] for cell, learners in table.items()}
    visible = [rows[cell] for cell in table if cell not in hidden]
    known = Equations(visible)
    assert not any(known.decide(rows[cell]) for cell in hidden)
    if not small:
        assert not hidden


def test_every_combination_of_a_small_table_is_tried() -> None:
    """The same as the property says, by trying all whole-number combinations of visible cells."""
    table = {"girls": "abcdefg", "boys": "hi", "no": "abch", "yes": "defgi", "all": "abcdefghi"}
    hidden = hide(table, ["boys", "no"], cost=lambda cell: (cell == "all", len(table[cell])))
    assert hidden == {"boys", "no", "girls", "yes"}
    visible = [cell for cell in table if cell not in hidden]
    for weights in product(range(-3, 4), repeat=len(visible)):
        made = [
            sum(w for w, cell in zip(weights, visible, strict=True) if one in table[cell])
            for one in "abcdefghi"
        ]
        assert made not in [[one in table[cell] for one in "abcdefghi"] for cell in hidden]


def published_cells(found: PublishedGroups) -> list[tuple[PublishedBreakdown, str, int | None, int | None]]:
    return [
        (table, group.value, group.numerator, group.denominator)
        for table in found.breakdowns
        for group in (*table.groups, table.total)
    ]


@given(scored_cases(), st.integers(1, 4), st.booleans())
def test_published_tables_give_no_hidden_count_away(case: ScoredCase, minimum: int, zeros: bool) -> None:
    """All visible counts of all tables together, as equations about learners, decide no hidden one."""
    choices: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition}
    found = gk.publish_groups(case.records, minimum=minimum, show_zeros=zeros, **choices)
    card = gk.score(case.records, **choices)
    learners = {one.learner_id: one for one in case.records.learners or ()}
    ids = sorted(learners)
    examiner = Examiner(case.records, as_of=case.as_of, edition=case.edition, settings=gk.Settings())
    populations = {
        table.criterion_id: {
            one.learner_id for one in examiner.population(card.edition.criterion(table.criterion_id))
        }
        for table in found.breakdowns
    }
    criteria = sorted(populations)
    width = len(ids) * (1 + len(criteria))

    def row(members: set[str], criterion: str | None) -> list[int]:
        """A count of learners; or of those of them who meet a criterion, whoever they are."""
        start = 0 if criterion is None else len(ids) * (1 + criteria.index(criterion))
        cells = [0] * width
        for member in members:
            cells[start + ids.index(member)] = 1
        return cells

    visible: list[list[int]] = []
    hidden: list[list[int]] = []
    for table, value, numerator, denominator in published_cells(found):
        result = card[table.criterion_id]
        assert result.tally is not None
        everybody = populations[table.criterion_id]
        members = {
            one for one in everybody if value == "all" or label(learners[one], table.attribute) == value
        }
        met = members - {*result.tally.missing}
        size, of_them = row(members, None), row(members, table.criterion_id)
        not_met = [a - b for a, b in zip(size, of_them, strict=True)]
        assert denominator in {None, len(members)}
        assert numerator in {None, len(met)}
        (hidden if denominator is None else visible).append(size)
        if numerator is None:
            hidden += [of_them, not_met]
        else:
            visible += [of_them, not_met]
            assert denominator is not None
            for count in (numerator, denominator - numerator, denominator):
                assert count >= minimum or (zeros and count == 0)
    known = Equations(visible)
    assert not any(known.decide(one) for one in hidden)


def label(learner: gk.Learner, attribute: str) -> str:
    value = learner.current_year_group() if attribute == "year_group" else getattr(learner, attribute)
    words = {None: "not recorded", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


@given(scored_cases())
def test_groups_add_up(case: ScoredCase) -> None:
    found = gk.groups(case.records, as_of=case.as_of, edition=case.edition)
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition)
    counted = [one for one in card.criteria if one.tally is not None and one.tally.denominator]
    assert [(one.criterion_id, one.attribute) for one in found.breakdowns] == [
        (one.criterion.id, attribute) for one in counted for attribute in ATTRIBUTES
    ]
    for table in found.breakdowns:
        result = card[table.criterion_id]
        assert (table.numerator, table.denominator) == (result.numerator, result.denominator)
        assert sum(group.numerator for group in table.groups) == table.numerator
        assert sum(group.denominator for group in table.groups) == table.denominator
        for group in table.groups:
            assert group.interval is not None
            assert 0 <= group.interval.low <= float(group.share) <= group.interval.high <= 1
            assert (group.difference is None) is (group.difference_interval is None)
            assert group.contrast is Contrast.TOO_FEW  # nobody has ten learners in these
    for text in (str(found), str(gk.publish_groups(case.records, as_of=case.as_of, edition=case.edition))):
        assert all(len(line) <= 80 for line in text.splitlines())
    assert json.loads(json.dumps(found.to_dict()))["format"] == "gatsbykit-groups/1"


def school(*groups: tuple[str, int, int]) -> gk.Records:
    """A Year 11 with guidance meetings: for each sex, how many had one, and how many there are."""
    learners = [
        gk.Learner(learner_id=f"{sex}{number}", year_group=11, sex=gk.Sex(sex) if sex in "FM" else None)
        for sex, _, size in groups
        for number in range(size)
    ]
    meeting = gk.Activity(activity_id="G", date=DAY, kinds={"guidance_meeting"}, adviser_level=6)
    return gk.Records(
        institution=SCHOOL,
        learners=learners,
        activities=[meeting],
        participations=[
            gk.Participation("G", f"{sex}{number}") for sex, met, _ in groups for number in range(met)
        ],
    )


def by_sex(records: gk.Records, **choices: Any) -> Breakdown:
    found: Groups = gk.groups(records, as_of=DAY, by=["sex"], **choices)
    return next(one for one in found.breakdowns if one.criterion_id == "8a")


def test_intervals_and_contrasts() -> None:
    """Wilson's and Newcombe's bounds, against published worked figures."""
    girls, boys, unknown = by_sex(school(("F", 40, 60), ("M", 70, 80), ("-", 0, 3))).groups
    assert girls.value == "F"
    assert girls.difference == Fraction(40, 60) - Fraction(70, 80)
    assert girls.difference_interval is not None
    assert girls.difference_interval.low == pytest.approx(-0.3462, abs=5e-5)
    assert girls.difference_interval.high == pytest.approx(-0.0692, abs=5e-5)
    assert (girls.contrast, boys.contrast) == (Contrast.LOWER, Contrast.HIGHER)
    assert unknown.contrast is Contrast.TOO_FEW
    assert unknown.difference == 0 - Fraction(110, 140)
    (only,) = by_sex(school(("F", 17, 23))).groups
    assert only.interval is not None
    assert only.interval.low == pytest.approx(0.5352999516)
    assert only.interval.high == pytest.approx(0.8745138395)
    assert only.difference is None
    (everyone,) = by_sex(school(("F", 12, 12))).groups
    assert everyone.interval is not None
    assert everyone.interval.high == 1


def test_too_few_to_say_is_a_choice() -> None:
    records = school(("F", 9, 9), ("M", 0, 10))
    assert [one.contrast for one in by_sex(records).groups] == [Contrast.TOO_FEW] * 2
    assert [one.contrast for one in by_sex(records, least=9).groups] == [Contrast.HIGHER, Contrast.LOWER]
    even = school(("F", 9, 10), ("M", 9, 10))
    assert [one.contrast for one in by_sex(even).groups] == [Contrast.NO_CLEAR_DIFFERENCE] * 2


def test_words_of_groups() -> None:
    found = str(gk.groups(school(("F", 40, 60), ("M", 70, 80), ("-", 0, 3)), as_of=DAY, by=["sex"]))
    assert "    F                40 of 60  66.7 % (54 to 77)    -20.8 (-35 to -7) lower" in found
    assert "    not recorded       0 of 3  0 % (0 to 56)        too few" in found


def test_groups_of_the_callers_own() -> None:
    houses = {"F": "Oak", "M": None}

    def house(one: gk.Learner) -> str | None:
        return houses[str(one.sex)]

    def early(one: gk.Learner) -> bool:
        return one.learner_id < "G"

    by = {"house": house, "early": early}
    found = gk.groups(school(("F", 1, 2), ("M", 1, 1)), as_of=DAY, by=by)
    tables = {one.attribute: one for one in found.breakdowns if one.criterion_id == "8a"}
    assert [one.value for one in tables["house"].groups] == ["Oak", "not recorded"]
    assert [one.value for one in tables["early"].groups] == ["no", "yes"]


def test_year_groups_are_in_order() -> None:
    learners = [gk.Learner(learner_id=str(year), year_group=year) for year in (13, 7, 10, 9)]
    records = gk.Records(institution=SCHOOL, learners=learners, activities=[], participations=[])
    found = gk.groups(records, as_of=DAY, by=["year_group"]).breakdowns
    assert [one.value for one in found[-1].groups] == ["13"]
    assert next([g.value for g in one.groups] for one in found if one.criterion_id == "5a") == [
        "7", "9", "10", "13",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["upn", "learner_id", "date_of_birth", "shoe_size", "subjects"])
def test_not_everything_is_a_group(name: str) -> None:
    with pytest.raises(gk.NotFoundError, match=f"cannot be grouped by '{name}'; choose from year_group, sex"):
        gk.groups(school(("F", 1, 1)), as_of=DAY, by=[name])


def shown(records: gk.Records, **choices: Any) -> dict[str, tuple[int | None, int | None, object]]:
    found = gk.publish_groups(records, as_of=DAY, by=["sex"], **choices)
    table = next(one for one in found.breakdowns if one.criterion_id == "8a")
    return {one.value: (one.numerator, one.denominator, one.share) for one in (*table.groups, table.total)}


def test_small_counts_and_their_complements_are_hidden() -> None:
    assert shown(school(("F", 6, 12), ("M", 7, 13))) == {
        "F": (6, 12, Fraction(1, 2)),
        "M": (7, 13, Fraction(7, 13)),
        "all": (13, 25, Fraction(13, 25)),
    }
    assert shown(school(("F", 5, 12), ("M", 7, 13))) == {
        "F": (None, 12, None),
        "M": (None, 13, None),
        "all": (12, 25, Fraction(12, 25)),
    }
    assert shown(school(("F", 7, 12), ("M", 8, 13)))["F"][0] is None  # five did not have one
    assert shown(school(("F", 2, 5), ("M", 20, 40), ("-", 25, 50))) == {
        "F": (None, None, None),
        "M": (None, None, None),
        "not recorded": (25, 50, Fraction(1, 2)),
        "all": (47, 95, Fraction(47, 95)),
    }
    # All there are is one small group: the total would give it away.
    assert shown(school(("F", 5, 12))) == {"F": (None, 12, None), "all": (None, 12, None)}


def test_zeros_are_hidden_unless_asked_for() -> None:
    records = school(("F", 12, 12), ("M", 13, 13))
    assert shown(records)["F"] == (None, 12, None)
    assert shown(records, show_zeros=True)["F"] == (12, 12, 1)
    assert is_small(0, 6)
    assert not is_small(0, 6, show_zeros=True)


def test_a_minimum_of_one_hides_only_zeros() -> None:
    assert shown(school(("F", 1, 2), ("M", 1, 3)), minimum=1)["F"] == (1, 2, Fraction(1, 2))
    with pytest.raises(ValueError, match="the minimum is 0; expected 1 or more"):
        shown(school(("F", 1, 2)), minimum=0)


def test_published_text_says_what_c_is() -> None:
    text = str(gk.publish_groups(school(("F", 5, 12), ("M", 7, 13)), as_of=DAY, by=["sex"]))
    assert "c: hidden, because a count is under 6" in text
    assert "    F                          c of 12               c" in text
    assert "zeros are shown" in str(gk.publish_groups(school(), as_of=DAY, show_zeros=True))
    few = gk.publish_groups(school(("F", 1, 2)), as_of=DAY, by=["sex"])
    assert "  by sex\n    (groups are not listed)\n    all                        c of c " in str(few)
    assert few.to_dict()["breakdowns"][0]["groups"] in ((), [])


@pytest.fixture
def no_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)


@pytest.mark.usefixtures("no_statsmodels")
def test_without_the_library_for_intervals_there_are_shares() -> None:
    records = school(("F", 40, 60), ("M", 70, 80), ("-", 0, 3))
    girls, _, unknown = by_sex(records).groups
    assert (girls.numerator, girls.denominator, girls.share) == (40, 60, Fraction(2, 3))
    assert girls.difference == Fraction(40, 60) - Fraction(70, 80)
    assert (girls.interval, girls.difference_interval, girls.contrast) == (None, None, None)
    assert unknown.contrast is Contrast.TOO_FEW
    found = gk.groups(records, as_of=DAY, by=["sex"])
    plain = json.loads(json.dumps(found.to_dict()))["breakdowns"][-1]["groups"][0]
    assert plain["numerator"] == 40
    assert plain["interval"] is plain["difference_interval"] is plain["contrast"] is None
    assert gk.publish_groups(records, as_of=DAY).breakdowns


@pytest.mark.usefixtures("no_statsmodels")
def test_text_without_intervals_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gk.write_folder(school(("F", 40, 60), ("M", 70, 80), ("-", 0, 3)), tmp_path / "x")
    assert commands.main(["groups", str(tmp_path / "x"), "--as-of", "2026-07-10", "--by", "sex"]) == 0
    text = capsys.readouterr().out
    assert "    F                40 of 60  66.7 %               -20.8\n" in text
    assert "    not recorded       0 of 3  0 %                  too few\n" in text
    words = " ".join(text.split())
    assert "are missing: they need statsmodels; install gatsbykit[research]." in words
    assert "not for publication" in words
    assert "95 %" not in words


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gk.write_folder(school(("F", 5, 12), ("M", 7, 13)), tmp_path / "x")
    ask = ["groups", str(tmp_path / "x"), "--as-of", "2026-07-10", "--by", "sex", "--by", "sex"]
    assert commands.main(ask) == 0
    assert "not for publication" in " ".join(capsys.readouterr().out.split())
    assert commands.main([*ask, "--publish", "--format", "json"]) == 0
    tables = json.loads(capsys.readouterr().out)
    assert tables["minimum"] == 6
    assert {one["attribute"] for one in tables["breakdowns"]} == {"sex"}
    assert commands.main([*ask, "--publish", "--minimum", "5", "--show-zeros"]) == 0
    assert "5 of 12" in " ".join(capsys.readouterr().out.split())
    assert commands.main([*ask, "--by", "upn"]) == 2
    for wrong in ("0", "-1", "x", "٣"):
        with pytest.raises(SystemExit):
            commands.main([*ask, "--minimum", wrong])
