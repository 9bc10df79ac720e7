"""Constructors mean it: every attribute of every public model is read or refused."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pickle
import pkgutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, cast, get_type_hints

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange.tables import tables
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.destinations import NCCIS_CATEGORIES
from gatsbykit.model.encounters import CHECKLIST_ITEMS, PROVIDER_ACCESS_ITEMS, Checklist, Mode
from gatsbykit.model.fields import Refused, any_id, read_as, reader
from gatsbykit.model.identifiers import Laestab, Ukprn, Uln, Upn, Urn
from gatsbykit.testing import activities, records, scored_cases
from gatsbykit.testing import learners as any_learners
from tests.support.instances import YET, instances, public_classes

if TYPE_CHECKING:
    from collections.abc import Callable

DAY: Final = date(2026, 2, 3)
PERSON: Final = "Amy Brown B801200005001 2011-02-03"
SCHOOL: Final = gk.Institution(name="Northfield School", kind="secondary_school")
JUNK: Final = cast(
    "tuple[Any, ...]",
    (
        PERSON, "", " ", "no", "N", "Y", "yes", b"yes", 0, 1, -1, 15, 10**30, 1.5, float("nan"), True,
        False, None,
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), DAY, Decimal(1), Fraction(1, 3), 1j, [], (), {},
        set(), [1], ["x"], [[]],
        {"x": "y"}, {1: 2}, {"x": {"y": "z"}}, object(), int, Mode.VIRTUAL, SCHOOL, np.int64(9),
        np.bool_(True),
        iter(["x"]), [None], ((1, 2),), {PERSON: PERSON}, [SCHOOL],
    ),
)  # fmt: skip
"""What somebody may give by mistake."""

# These carry what the issue's own catalogue says, or whatever the caller's function gave.
UNCHECKED: Final = {"Issue", "Report", "CodeEntry", "Between", "Plan", "Mark", "Need", "ShareRule",
"AccessRule",
                    "HoursRule", "LeaverRule"}  # fmt: skip
CHECKED: Final = [one for one in public_classes() if one.__name__ not in UNCHECKED]


def _names(cls: type) -> list[tuple[str, str]]:
    return [(one.name, one.alias or one.name) for one in attrs.fields(cls)]


@pytest.mark.parametrize("cls", public_classes(), ids=lambda cls: cls.__name__)
def test_there_is_an_instance_of_every_public_class(cls: type) -> None:
    assert cls in instances()


@pytest.mark.parametrize("cls", CHECKED, ids=lambda cls: cls.__name__)
def test_every_attribute_is_read_or_refused(cls: type) -> None:
    """What a constructor takes is of the attribute's type afterwards; what it refuses is not shown."""
    one = instances()[cls]
    hints = get_type_hints(cls, include_extras=True)
    refused: list[tuple[str, gk.GatsbykitError]] = []
    for name, alias in _names(cls):
        for junk in JUNK:
            try:
                made = attrs.evolve(one, **{alias: junk})
            except gk.GatsbykitError as why:
                refused.append((alias, why))
            else:
                value = getattr(made, name)
                assert reader(hints[name])(value) == value or value != value  # noqa: PLR0124 (not a number)
    assert len(refused) > len(attrs.fields(cls))
    for alias, error in refused:
        assert isinstance(error, ValueError)
        assert f"{cls.__name__}.{alias}" in str(error) or type(error) in {gk.RecordsError, gk.RuleError}
        assert "Amy" not in str(error)
        assert pickle.loads(pickle.dumps(error)).args == error.args  # noqa: S301 (our own)


@pytest.mark.parametrize("cls", CHECKED, ids=lambda cls: cls.__name__)
def test_what_a_model_holds_is_what_it_takes(cls: type) -> None:
    one = instances()[cls]
    assert attrs.evolve(one) == one


FACTS: Final = [
    *(
        (gk.Learner, name)
        for name in ("disadvantaged", "looked_after", "eal", "considering_he", "in_cohort")
    ),
    *(
        (gk.Activity, name)
        for name in (
            "meaningful", "part_time_job", "site_visit", "school_day", *CHECKLIST_ITEMS,
            *PROVIDER_ACCESS_ITEMS,
        )
    ),
]  # fmt: skip
MADE: Final[dict[type, dict[str, Any]]] = {
    gk.Learner: {"learner_id": "L"},
    gk.Activity: {"activity_id": "A", "date": DAY, "kinds": {"guidance_meeting"}},
}


@pytest.mark.parametrize(("cls", "name"), FACTS)
@pytest.mark.parametrize("given_as", ["no", "N", "Y", "yes", "true", "", 0, 1, 1.0, "unknown", []])
def test_a_fact_is_yes_no_or_unknown(cls: type, name: str, given_as: Any) -> None:
    with pytest.raises(gk.FieldError, match=f"{cls.__name__}.{name}: expected True or False, or None"):
        cls(**MADE[cls], **{name: given_as})
    for fact in (True, False, None):
        assert getattr(cls(**MADE[cls], **{name: fact}), name) is fact


@pytest.mark.parametrize("year", [0, 15, -1, "9", 9.0, True, "Year 9", [9]])
def test_a_year_group_is_one(year: Any) -> None:
    for make in (
        lambda: gk.Learner(learner_id="L", year_group=year),
        lambda: gk.Participation("A", "L", year_group=year),
    ):
        with pytest.raises(gk.FieldError, match="year_group: expected a whole number from 1 to 14, or None"):
            make()
    assert type(gk.Learner(learner_id="L", year_group=np.int64(9)).year_group) is int  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("given_id", ["", "  ", "\t", 7, None, b"L", 7.0])
def test_an_id_is_a_text_that_is_not_blank(given_id: Any) -> None:
    makers: list[Callable[[], object]] = [
        lambda: gk.Learner(learner_id=given_id),
        lambda: gk.Activity(activity_id=given_id, date=DAY, kinds={"guidance_meeting"}),
        lambda: gk.Participation(given_id, "L"),
        lambda: gk.Participation("A", given_id),
        lambda: gk.Destination(learner_id=given_id, date=DAY, category="neet"),
        lambda: gk.Institution(name=given_id, kind="college"),
    ]
    for make in makers:
        with pytest.raises(gk.FieldError, match="expected a text that is not blank"):
            make()
    if given_id is not None:
        with pytest.raises(gk.FieldError, match=r"Institution.id: expected a text that is not blank"):
            gk.Institution(name="N", kind="college", id=given_id)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: gk.Learner(learner_id="L", sex="F").sex, gk.Sex.FEMALE),
        (lambda: gk.Learner(learner_id="L", sen_provision="E").sen_provision, gk.SenProvision.EHC_PLAN),
        (lambda: gk.Participation("A", "L", "absent").status, gk.ParticipationStatus.ABSENT),
        (lambda: gk.Activity(**MADE[gk.Activity], mode="virtual").mode, Mode.VIRTUAL),
        (lambda: gk.Institution(name="N", kind="college").kind, gk.InstitutionKind.COLLEGE),
    ],
)
def test_a_text_of_a_choice_becomes_its_type(make: Any, expected: Any) -> None:
    assert make() is expected


@pytest.mark.parametrize("wrong", ["Attended", "present", "", 1, None, gk.Answer.YES, ["attended"]])
def test_any_other_text_is_refused(wrong: Any) -> None:
    with pytest.raises(
        gk.FieldError, match=r"Participation.status: expected one of attended, offered, absent"
    ):
        gk.Participation("A", "L", wrong)


def test_a_member_of_another_choice_is_not_meant() -> None:
    with pytest.raises(gk.FieldError, match=r"Destination.category"):
        gk.Destination(learner_id="L", date=DAY, category=gk.InstitutionKind.SIXTH_FORM_COLLEGE)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "day", [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), "2026-01-01", 20260101, None, DAY.isoformat]
)
def test_a_day_is_a_date(day: Any) -> None:
    with pytest.raises(gk.FieldError, match=r"Activity.date: expected a datetime.date, without a time"):
        gk.Activity(activity_id="A", date=day, kinds={"guidance_meeting"})
    if day is not None:
        with pytest.raises(gk.FieldError, match="on_roll_to"):
            gk.Learner(learner_id="L", on_roll_to=day)


@pytest.mark.parametrize("name", ["subjects", "providers", "provider_types"])
@pytest.mark.parametrize("wrong", ["art", b"art", {"art": 1}, 1, None, [1], [None], [["art"]]])
def test_a_text_is_no_set_of_texts(name: str, wrong: Any) -> None:
    facts: dict[str, Any] = {**MADE[gk.Activity], name: wrong}
    with pytest.raises(gk.FieldError, match=f"Activity.{name}: expected a set"):
        gk.Activity(**facts)


def test_any_collection_becomes_a_set() -> None:
    for names in (["b", "a", "b"], ("b", "a"), {"a", "b"}, frozenset("ab"), iter("ab")):
        assert gk.Activity(**MADE[gk.Activity], providers=names).providers == {"a", "b"}
    assert gk.Activity(**MADE[gk.Activity], providers=["", " ", "a"]).providers == {"a"}
    facts: dict[str, Any] = {**MADE[gk.Activity], "kinds": ["guidance_meeting"]}
    assert gk.Activity(**facts).kinds == {"guidance_meeting"}


@pytest.mark.parametrize("table", ["learners", "activities", "participations", "destinations"])
def test_a_table_holds_its_own_rows(table: str) -> None:
    others: dict[str, Any] = {"learners": [], "activities": [], "participations": []}
    given: dict[str, Any] = {**others, table: [*_one_row(table), {"learner_id": PERSON}]}
    with pytest.raises(
        gk.FieldError, match=rf"Records.{table}\[1\]: expected an instance of [A-Z]\w+"
    ) as why:
        gk.Records(institution=SCHOOL, **given)
    assert "Amy" not in str(why.value)
    wrongs: list[Any] = ["L", {"learner_id": "L"}, 5]
    for wrong in wrongs:
        with pytest.raises(gk.FieldError, match=f"Records.{table}: expected a list or tuple"):
            gk.Records(institution=SCHOOL, **(others | {table: wrong}))


def _one_row(table: str) -> list[Any]:
    rows: dict[str, list[Any]] = {
        "learners": [gk.Learner(learner_id="L")],
        "activities": [gk.Activity(**MADE[gk.Activity])],
        "participations": [gk.Participation("A", "L")],
        "destinations": [gk.Destination.from_code("L", DAY, "310")],
    }
    return rows[table]


@pytest.mark.parametrize(
    "answers",
    [
        [], "1a", {"2025-school": "yes"}, {"2025-school": {"1a": "perhaps"}}, {2025: {}},
        {"2025-school": {1: "yes"}},
        {"2025-school": {"1a": {"governors": "yes"}}}, {"2025-school": {"1a": None}},
        {"2025-school": [("1a", "yes")]},
    ],
)  # fmt: skip
def test_answers_are_by_edition_and_criterion(answers: Any) -> None:
    with pytest.raises(gk.FieldError, match=r"Records.answers: expected a mapping"):
        gk.Records(institution=SCHOOL, answers=answers)


def test_the_text_of_an_answer_becomes_its_type() -> None:
    found = gk.Records(institution=SCHOOL, answers={"2025-school": {"1b": "yes", "6a": "a_few"}})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    assert found.answers["2025-school"]["1b"] is gk.Answer.YES
    assert found.answers["2025-school"]["6a"] is gk.Band.A_FEW
    assert gk.PartAnswers({"governors": "yes"}).parts["governors"] is gk.Answer.YES  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("name", "kind", "right"),
    [("urn", Urn, "100049"), ("ukprn", Ukprn, "10079319"), ("laestab", Laestab, "213/6007")],
)
def test_a_number_of_an_institution_becomes_its_type(name: str, kind: type, right: str) -> None:
    made = gk.Institution(name="N", kind="college", **{name: right})  # pyright: ignore[reportArgumentType]
    assert type(getattr(made, name)) is kind
    assert getattr(made, name) == right.replace("/", "")
    for wrong in ("1", 100049, "", True, ["100049"]):
        with pytest.raises(gk.FieldError, match=f"Institution.{name}: expected a "):
            gk.Institution(name="N", kind="college", **{name: wrong})  # type: ignore[arg-type]


def test_numbers_of_learners_are_read_and_never_shown() -> None:
    made = gk.Learner(learner_id="L", upn=" b801200005001", uln="9276308686")  # pyright: ignore[reportArgumentType]
    assert (type(made.upn), made.upn) == (Upn, "B801200005001")
    assert (type(made.uln), made.uln) == (Uln, "9276308686")
    for name, wrong in (("upn", "A801200005001"), ("uln", "9276308685"), ("uln", 9276308686), ("upn", "")):
        with pytest.raises(gk.FieldError, match=f"Learner.{name}: expected a U") as why:
            gk.Learner(learner_id="L", **{name: wrong})  # type: ignore[arg-type]
        assert "01200005001" not in str(why.value) + repr(why.value)
        assert "927630" not in str(why.value) + repr(why.value)


@pytest.mark.parametrize("code", ["999", "31", 310, "", "310 "])
def test_an_activity_code_is_one_of_the_list(code: Any) -> None:
    with pytest.raises(gk.FieldError, match=r"Destination.nccis_code: expected an activity code of NCCIS"):
        gk.Destination(learner_id="L", date=DAY, category="neet", nccis_code=code)
    assert "310" in NCCIS_CATEGORIES


@pytest.mark.parametrize(
    "text", ["1.5", "83", "0,83", "", "nan", "-0.1", 0.83, 1, None, Fraction(1, 2), "1e-1"]
)
def test_a_share_is_a_decimal_number_in_quotes(text: Any) -> None:
    with pytest.raises(gk.FieldError, match=r"DeclaredShare.text: expected a share from 0 to 1"):
        gk.DeclaredShare(text)


@pytest.mark.parametrize("items", ["task", ["task", "fun"], {"task": 1}, None, [1]])
def test_a_checklist_has_known_items(items: Any) -> None:
    with pytest.raises(gk.FieldError, match=r"Checklist.items.*: expected a (list|text)"):
        Checklist(items)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unknown": "perhaps"}, {"unknown": True}, {"adviser_level": "6"}, {"adviser_level": float("nan")},
        {"adviser_level": 6.0}, {"at_least": {"6a": 0}}, {"at_least": {"6a": "1"}}, {"at_least": {6: 1}},
        {"at_least": [("6a", 1)]}, {"at_least": None}, {"at_least": {"6a": True}},
    ],
)  # fmt: skip
def test_settings_that_do_not_exist(wrong: dict[str, Any]) -> None:
    with pytest.raises(gk.SettingsError, match=f"Settings.{next(iter(wrong))}: expected"):
        gk.Settings(**wrong)


def test_a_mapping_in_a_value_does_not_change() -> None:
    given_as = {"6a": 1}
    made = gk.Settings(at_least=given_as)
    given_as["6a"] = 2
    assert made.at_least == {"6a": 1}
    frozen: FrozenMapping[str, int] = FrozenMapping({"a": 1})
    changes: list[Callable[[], object]] = [
        lambda: frozen.update(a=2), lambda: frozen.pop("a"), frozen.clear, frozen.popitem,
        lambda: frozen.setdefault("b", 2), lambda: frozen.__setitem__("a", 2),
        lambda: frozen.__delitem__("a"),
        lambda: frozen.__ior__({"a": 2}),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(TypeError, match="a FrozenMapping does not change"):
            change()
    assert frozen == {"a": 1}
    assert hash(FrozenMapping({"a": 1, "b": 2})) == hash(FrozenMapping({"b": 2, "a": 1}))


def test_arguments_are_read_like_attributes() -> None:
    assert read_as(int, "score", "times", 1) == 1
    with pytest.raises(gk.FieldError, match=r"score.times: expected a whole number"):
        read_as(int, "score", "times", "1")
    with pytest.raises(Refused):
        any_id("")


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (tuple[int, str], (1, "a"), (1,)),
        (tuple[int, str], (1, "a"), ("a", 1)),
        (float, 1.5, True),
        (Fraction, Fraction(1, 2), 0.5),
        (Annotated[str, "a remark"], "a", 1),
        (None, None, 1),
        (Any, object, None),
        (dict, {}, []),
        (int | str, "a", 1.5),
        (tuple[tuple[int, int], ...] | None, ((1, 2),), ((1, 2), (1,))),
    ],
)
def test_types_that_are_made_of_others(kind: Any, right: Any, wrong: Any) -> None:
    read = reader(type(None) if kind is None else kind)
    assert read(right) == right
    if kind is not Any:
        with pytest.raises(Refused):
            read(wrong)


@given(any_learners("secondary_school"), activities())
def test_models_of_strategies_are_taken_as_they_are(learner: gk.Learner, activity: gk.Activity) -> None:
    assert attrs.evolve(learner) == learner
    assert attrs.evolve(activity) == activity


def test_models_of_tables_can_be_made_without_their_constructor() -> None:
    for table in tables():
        fields = attrs.fields(table.model)
        assert not any(isinstance(one.default, attrs.Factory) for one in fields)  # type: ignore[arg-type]
        assert not hasattr(table.model, "__attrs_post_init__")


@given(records())
def test_check_and_score_stand_by_what_constructors_take(school: gk.Records) -> None:
    assert gk.check(school, as_of=DAY) is not None
    assert gk.score(school, as_of=DAY).applicable <= 8


_ID: Final = st.sampled_from(["A", "B", "L", "nobody", "B801200005001", "2011-02-03", "'", "\0", "\ud800"])
_ANY_DAY: Final = st.sampled_from(
    [date.min, date.max, date(1900, 2, 28), DAY, date(2026, 8, 31), date(9999, 9, 1)]
)


@st.composite
def odd_records(draw: st.DrawFn) -> gk.Records:
    """Make records by hand that no file could hold: whatever the constructors let through."""
    days = st.none() | _ANY_DAY
    learners = st.builds(
        gk.Learner,
        learner_id=_ID,
        year_group=st.none() | st.integers(1, 14),
        date_of_birth=days,
        on_roll_from=days,
        on_roll_to=days,
        programme_start=days,
        programme_end=days,
        sen_provision=st.sampled_from(["E", "K", None]),
        subjects=st.sets(st.sampled_from(["Art", "\0", "ß"])),
    )
    held = st.builds(
        gk.Activity,
        activity_id=_ID,
        date=_ANY_DAY,
        kinds=st.sets(st.sampled_from(gk.ActivityKind)),
        duration=st.sampled_from([None, 0, Fraction(1, 3), 10**12, 0.1]),
        adviser_level=st.none() | st.integers(),
        providers=st.sets(st.sampled_from(["", "x", "\0"])),
        provider_types=st.sets(st.sampled_from(gk.ProviderType)),
        meaningful=st.none() | st.booleans(),
        school_day=st.none() | st.booleans(),
    )
    rows = st.builds(
        gk.Participation, _ID, _ID, st.sampled_from(gk.ParticipationStatus), st.none() | st.integers(1, 14)
    )
    seen = st.builds(
        gk.Destination,
        learner_id=_ID,
        date=_ANY_DAY,
        category=st.sampled_from(gk.DestinationCategory),
        nccis_code=st.none() | st.sampled_from(sorted(NCCIS_CATEGORIES)),
        level=st.none() | st.integers(),
        end_date=days,
    )
    answers = st.dictionaries(
        st.sampled_from(["2025-school", "2025-college", "nope"]),
        st.dictionaries(
            st.sampled_from(["1a", "8a", "9z"]),
            st.sampled_from([gk.Answer.YES, gk.Band.ALL, gk.DeclaredShare("1"), gk.PartAnswers({"x": "no"})]),  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
        ),
        max_size=2,
    )  # fmt: skip
    return gk.Records(
        institution=gk.Institution(name="N", kind=draw(st.sampled_from(gk.InstitutionKind))),
        learners=draw(st.lists(learners, max_size=3)),
        activities=draw(st.lists(held, max_size=3)),
        participations=draw(st.lists(rows, max_size=4)),
        destinations=draw(st.none() | st.lists(seen, max_size=3)),
        answers=draw(cast("st.SearchStrategy[Any]", answers)),
    )


@given(odd_records(), _ANY_DAY)
def test_check_never_raises_and_score_raises_our_errors(school: gk.Records, as_of: date) -> None:
    """What check calls valid scores; what it does not is an error of ours."""
    if not date(1, 9, 1) <= as_of <= date(9999, 8, 31):
        with pytest.raises(gk.FieldError, match="as_of: expected a day from 0001-09-01 to 9999-08-31"):
            gk.check(school, as_of=as_of)
        as_of = DAY
    report = gk.check(school, as_of=as_of)
    assert str(report)
    assert report.to_dict()
    try:
        card = gk.score(school, as_of=as_of)
    except gk.EditionError:  # none was in force so long ago, whatever the data
        return
    except gk.RecordsError as error:
        words = str(error)
    else:
        words = str(card)
        assert gk.Ledger(school, as_of=as_of).scorecard() == card
        assert card.to_dict()
    assert not report.is_valid or words.startswith("N\n")
    assert "B801200005001" not in words


@given(scored_cases())
def test_a_settled_case_pickles(case: Any) -> None:
    card = gk.score(case.records, as_of=case.as_of, edition=case.edition)
    assert pickle.loads(pickle.dumps((case.records, card))) == (case.records, card)  # noqa: S301 (our own)


@pytest.mark.parametrize(
    ("as_of", "edition", "settings", "error"),
    [
        (datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), None, gk.Settings(), gk.FieldError),
        ("2026-07-10", None, gk.Settings(), gk.FieldError),
        (None, None, gk.Settings(), gk.FieldError),
        (date(9999, 9, 1), None, gk.Settings(), gk.FieldError),
        (date(1, 8, 31), None, gk.Settings(), gk.FieldError),
        (DAY, ["2025-school"], gk.Settings(), gk.FieldError),
        (DAY, "9", gk.Settings(), gk.EditionError),
        (DAY, None, {"unknown": "include"}, gk.FieldError),
        (DAY, None, gk.Settings(at_least={"1a": 2}), gk.SettingsError),
    ],
)
def test_what_a_caller_gets_wrong_is_an_error_of_ours(
    as_of: Any, edition: Any, settings: Any, error: type
) -> None:
    school = gk.Records(institution=SCHOOL, learners=[])
    for ask in (gk.score, gk.Ledger):
        with pytest.raises(error):
            ask(school, as_of=as_of, edition=edition, settings=settings)
    with pytest.raises(gk.FieldError, match="expected an instance of Records"):
        gk.score("school", as_of=DAY)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# What they hold is counted by the library itself, on the floor below what reads attributes; the rest is
# what the readers of attributes are made of.
_BELOW: Final = {
    "Interval",
    "Limits",
    "Bounds",
    "PairedTable",
    "Printed",
    "Reading",
    "Amount",
    "Form",
    "Fault",
}
# Read by a hand of their own after construction.
_BY_HAND: Final = {"PublishedShare", "Row", "Symbol"}


def test_every_attribute_of_the_newer_rooms_has_what_reads_or_refuses_it() -> None:
    for name in YET:
        found = importlib.import_module(name)
        for info in [found.__spec__, *pkgutil.iter_modules(getattr(found, "__path__", []), f"{name}.")]:
            assert info is not None
            module = importlib.import_module(info.name)
            for one, cls in inspect.getmembers(module, inspect.isclass):
                if cls.__module__ == module.__name__ and attrs.has(cls) and one not in _BELOW | _BY_HAND:
                    fields = attrs.fields(cls)
                    unread = [f.name for f in fields if f.converter is None and f.validator is None]
                    assert not unread or one.startswith("_"), f"{module.__name__}.{one}: {unread}"
