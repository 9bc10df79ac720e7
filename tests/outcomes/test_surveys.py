"""Surveys: every figure of programmes.md 4.3, and the worked examples of section 9 that are about them."""

# ruff: noqa: E501 (rows and figures as they are published, each on a line)

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import paired, rounded_figures
from gatsbykit.intervals import newcombe, newcombe_paired, wilson
from gatsbykit.model.attributes import RefusedError
from gatsbykit.model.surveys import PublishedShare, Scale, SurveyAnswer, SurveyItem, SurveyWave
from gatsbykit.outcomes import NoBaseError, agreement, bounded_change, paired_change, published_agreement

ITEM = SurveyItem(
    id="q",
    wording="I know what to do",
    scale=Scale(answers=("strongly agree", "agree", "disagree"), agree=("strongly agree", "agree")),
)


def points(share: float) -> Decimal:
    return Decimal(repr(round(share * 100, 2)))


# programmes.md 4.3, after only, n 443


@pytest.mark.parametrize(
    ("figure", "percent", "least", "most", "low", "high"),
    [
        ("F1", 91, 401, 405, "87.43", "93.69"), ("F2", 78, 344, 347, "73.54", "81.91"), ("F2", 21, 91, 95, "17.04", "25.50"),
        ("F4", 90, 397, 400, "86.43", "92.71"), ("F5", 87, 384, 387, "83.20", "90.14"), ("F6", 84, 370, 374, "79.78", "87.50"),
        ("F7", "90.7", 402, 402, "87.68", "93.10"), ("F8", 87, 384, 387, "83.20", "90.14"), ("F9", 79, 348, 352, "74.50", "82.96"),
        ("F10", 89, 393, 396, "85.43", "91.93"), ("F11", 95, 419, 423, "92.07", "97.06"), ("F13", 96, 424, 427, "93.40", "97.76"),
        ("F21", 92, 406, 409, "88.70", "94.46"), ("F22", 84, 370, 374, "79.78", "87.50"),
    ],
)  # fmt: skip
def test_figures_of_4_3_after_only(  # noqa: PLR0917 (the columns of the source)
    figure: str, percent: int | str, least: int, most: int, low: str, high: str
) -> None:
    found = published_agreement(figure, PublishedShare(percent=percent, base=443, base_assumed=True))  # pyright: ignore[reportArgumentType]
    assert (found.counts[0], found.counts[-1]) == (least, most)
    assert found.interval is not None
    assert (points(found.interval.low), points(found.interval.high)) == (Decimal(low), Decimal(high))
    assert found.base_assumed


# programmes.md 4.3, before and after, matched, n 185


@pytest.mark.parametrize(
    ("figure", "given_figures", "before", "after", "better", "worse", "chi2", "p", "pp"),
    [
        ("F12", {"before": 85, "after": 97}, (157, 158), (179, 180), (21, 28), (0, 6), ("13.36", "23.00"), "3.3e-4", ("5.45", "18.61")),
        ("F12 strongly", {"before": 25, "after": 61}, (46, 47), (112, 113), (65, 113), (0, 47), ("26.57", "67.00"), "2.7e-7", ("22.22", "47.73")),
        ("F14", {"rise": 25, "after": 98}, (134, 136), (181, 182), (46, 51), (0, 4), ("39.19", "47.00"), "3.9e-11", ("17.88", "32.49")),
        ("F15", {"rise": 22, "after": 98}, (140, 142), (181, 182), (40, 45), (0, 4), ("33.33", "42.00"), "1.6e-9", ("14.94", "29.53")),
        ("F16", {"rise": 28, "after": 98}, (129, 131), (181, 182), (51, 56), (0, 4), ("44.08", "53.00"), "1.7e-12", ("20.36", "35.79")),
        ("F17", {"rise": 26, "after": 98}, (132, 134), (181, 182), (47, 53), (0, 4), ("40.16", "49.00"), "2.1e-11", ("18.38", "33.63")),
        ("F18", {"before": 71, "after": 98}, (131, 132), (181, 182), (49, 54), (0, 4), ("42.12", "51.00"), "6.0e-12", ("19.37", "34.66")),
        ("F19", {"before": 74, "after": 99}, (136, 137), (183, 184), (46, 49), (0, 2), ("42.32", "48.00"), "2.3e-12", ("18.30", "32.77")),
        ("F20", {"before": 71, "after": 99}, (131, 132), (183, 184), (51, 54), (0, 2), ("47.29", "53.00"), "8.6e-14", ("20.77", "35.61")),
    ],
)  # fmt: skip
def test_figures_of_4_3_before_and_after(  # noqa: PLR0917 (the columns of the source)
    figure: str,
    given_figures: dict[str, Any],
    before: tuple[int, int],
    after: tuple[int, int],
    better: tuple[int, int],
    worse: tuple[int, int],
    chi2: tuple[str, str],
    p: str,
    pp: tuple[str, str],
) -> None:
    found = bounded_change(figure, base=185, base_assumed=True, **given_figures)
    assert ((found.before[0], found.before[-1]), (found.after[0], found.after[-1])) == (before, after)
    assert (found.bounds.better, found.bounds.worse) == (better, worse)
    assert found.bounds.chi2 is not None
    assert tuple(f"{float(end):.2f}" for end in found.bounds.chi2) == chi2
    rounded_up = Context(prec=2, rounding=ROUND_CEILING).divide(
        Decimal(found.bounds.p_value.numerator), Decimal(found.bounds.p_value.denominator)
    )
    assert rounded_up == Decimal(p)
    assert (points(found.interval.low), points(found.interval.high)) == tuple(map(Decimal, pp))
    assert "(base assumed)" in str(found)


# programmes.md 9


def test_9_6_percentages_that_a_base_cannot_print() -> None:
    assert list(rounded_figures.counts("90.7", 443)) == [402]
    assert list(rounded_figures.counts("90.7", 185)) == []
    with pytest.raises(ValueError, match=r"no count of 185 is printed as 90\.7 %"):
        published_agreement("F7", PublishedShare(percent="90.7", base=185))  # pyright: ignore[reportArgumentType]


def test_9_7_complements_and_overlap() -> None:
    assert rounded_figures.residual([78, 21], 443) == range(1, 9)
    least = rounded_figures.overlap_at_least(401, 91, 443)
    assert (least, round(100 * least / 443, 1)) == (49, 11.1)


def test_9_8_face_to_face_and_online() -> None:
    assert rounded_figures.overlap_at_least(384, 348, 443) == 289
    pairs = [
        (face, online)
        for face in rounded_figures.counts(87, 443)
        for online in rounded_figures.counts(79, 443)
    ]
    found = paired.bounds(pairs, 443)
    assert {face - online for face, online in pairs} == set(range(32, 40))
    assert found.chi2 is not None
    assert [round(float(end), 2) for end in found.chi2] == [6.83, 39.0]
    assert round(float(found.p_value), 5) == 0.01112


def test_9_9_f18() -> None:
    found = bounded_change("F18", base=185, before=71, after=98)
    assert found.tables == 18
    before = wilson(found.before[0], 185).low, wilson(found.before[-1], 185).high
    after = wilson(found.after[0], 185).low, wilson(found.after[-1], 185).high
    assert tuple(map(points, (*before, *after))) == tuple(map(Decimal, ("63.89", "77.38", "94.57", "99.45")))


def test_9_10_one_table_of_f18() -> None:
    table = next(one for one in paired.tables(132, 181, 185) if one.worse == 4)
    assert (table.both, table.worse, table.better, table.neither) == (128, 4, 53, 0)
    assert table.chi2 == Fraction(2401, 57)
    assert f"{float(table.p_value):.4e}" == "5.9109e-12"
    assert points(newcombe_paired(128, 4, 53, 0).low) == Decimal("19.37")
    unpaired = newcombe(181, 185, 131, 185)
    assert (points(unpaired.low), points(unpaired.high)) == (Decimal("20.13"), Decimal("34.07"))


def test_9_11_f12_strongly() -> None:
    found = bounded_change("F12", base=185, before=25, after=61)
    assert (found.tables, found.bounds.better, found.bounds.worse) == (190, (65, 113), (0, 47))


def test_9_12_a_rise_alone() -> None:
    exact = rounded_figures.pairs(185, 98, rise=22, from_rounded=False)
    assert exact.pairs == ((140, 181), (141, 181), (141, 182), (142, 182))
    assert bounded_change("F15", base=185, rise=22, after=98, from_rounded=True).before == range(140, 142)


def test_9_13_percentages_without_a_base_are_refused() -> None:
    for percent, words in ((73, "8 of 11"), (94, "15 of 16"), (98, "39 of 40")):
        with pytest.raises(NoBaseError, match=words):
            published_agreement("seed 001", PublishedShare(percent=percent))  # pyright: ignore[reportArgumentType]


# Tables of answers


def rows(**answers: dict[str, str | None]) -> list[SurveyAnswer]:
    return [
        SurveyAnswer(respondent=who, wave=wave, item="q", answer=answer)
        for wave, given_answers in answers.items()
        for who, answer in given_answers.items()
    ]


def test_agreement_leaves_out_who_did_not_answer() -> None:
    table = rows(one={"a": "agree", "b": "disagree", "c": None, "d": "strongly agree"})
    found = agreement(
        [*table, SurveyAnswer(respondent="z", wave="one", item="other", answer="?")], ITEM, "one"
    )
    assert (found.counts, found.answered, found.missing) == (range(2, 3), 3, 1)
    assert (found.share, found.non_response) == (Fraction(2, 3), Fraction(1, 4))
    assert found.to_dict()["counts"] == [2, 2]
    nobody = agreement([], ITEM, "one")
    assert (str(nobody), nobody.share, nobody.non_response) == ("q: nobody answered", None, None)
    assert nobody.to_dict()["interval"] is None
    assert published_agreement("x", PublishedShare(percent=50, base=300)).share is None  # pyright: ignore[reportArgumentType]
    with pytest.raises(gk.NotFoundError, match="not on its scale; expected one of strongly agree"):
        agreement(rows(one={"a": "maybe"}), ITEM, "one")


def test_an_answer_given_twice_counts_once() -> None:
    table = [*rows(one={"a": "agree"}), *rows(one={"a": None}), *rows(one={"a": "disagree"})]
    assert agreement(table, ITEM, "one").counts == range(1)


def test_paired_change_counts_the_same_people() -> None:
    table = rows(
        before={"a": "agree", "b": "disagree", "c": "disagree", "d": "agree", "e": "agree"},
        after={"a": "agree", "b": "agree", "c": "disagree", "d": "disagree", "f": "agree"},
    )
    found = paired_change(table, ITEM, before="before", after="after")
    assert str(found.table) == "1 both, 1 worse, 1 better, 1 neither"
    assert (found.change, found.p_value, found.unmatched) == (Fraction(0), Fraction(1), 2)
    assert str(found).startswith("q: +0.0 points in 4 who answered both times")
    assert found.to_dict()["better"] == 1
    with pytest.raises(gk.NotFoundError, match="nobody answered q in both one and two"):
        paired_change(rows(one={"a": "agree"}, two={"b": "agree"}), ITEM, before="one", after="two")


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_bounds_hold_whatever_the_pairs_were(pairs: list[tuple[bool, bool]]) -> None:
    words = {True: "agree", False: "disagree"}
    before = {str(place): words[first] for place, (first, _) in enumerate(pairs)}
    after = {str(place): words[second] for place, (_, second) in enumerate(pairs)}
    found = paired_change(rows(before=before, after=after), ITEM, before="before", after="after")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    base = len(pairs)
    printed = [
        str(rounded_figures.half_up(Fraction(100 * sum(one[place] for one in pairs), base)))
        for place in (0, 1)
    ]
    bounded = bounded_change("q", base=base, before=printed[0], after=printed[1])
    assert bounded.bounds.better[0] <= found.table.better <= bounded.bounds.better[1]
    assert bounded.bounds.worse[0] <= found.table.worse <= bounded.bounds.worse[1]
    assert bounded.interval.low - 1e-9 <= found.interval.low
    assert found.interval.high <= bounded.interval.high + 1e-9
    assert found.p_value <= bounded.bounds.p_value
    assert bounded.to_dict()["tables"] >= 1


def test_nouns_refuse_what_means_nothing() -> None:
    with pytest.raises(RefusedError, match="each answer once"):
        Scale(answers=("yes", "yes"), agree=("yes",))
    with pytest.raises(RefusedError, match="one or more of the answers"):
        Scale(answers=("yes", "no"), agree=("maybe",))
    with pytest.raises(RefusedError, match="one or more"):
        Scale(answers=("yes", "no"), agree=())
    with pytest.raises(ValueError, match="1 or more"):
        PublishedShare(percent=50, base=0)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="no counts of 185 are printed so"):
        bounded_change("x", base=185, before="90.7", after=98)
    assert SurveyWave(id="w").matched is None
