"""What the columns lane makes of the types of columns, on every engine."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

import gatsbykit as gk

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

from gatsbykit.frames import FrameScores, score_frames  # noqa: E402 (needs narwhals)
from tests.support.columns import rows_of  # noqa: E402 (needs what importorskip found)

if TYPE_CHECKING:
    from collections.abc import Callable

Tables = dict[str, Any]

AS_OF: Final = date(2026, 7, 10)
NIGHT: Final = [datetime(2026, 3, 2, 23, 30, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]

ENGINES: Final[dict[str, Callable[[Any], Any]]] = {
    "pyarrow": lambda table: table,
    "polars": pl.from_arrow,
    "pandas": lambda table: table.to_pandas(),
    "pandas of arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": duckdb.from_arrow,
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def school() -> Tables:
    """Return a school of two learners, of whom one had a guidance meeting."""
    return {
        "institutions": pa.table({"institution_id": [1], "kind": ["secondary_school"]}),
        "learners": pa.table(
            {
                "institution_id": [1, 1],
                "learner_id": ["L1", "L2"],
                "year_group": [11, 11],
                "sex": ["F", None],
                "subjects": [["art"], None],
            }
        ),
        "activities": pa.table(
            {
                "institution_id": [1, 1],
                "activity_id": ["A1", "A2"],
                "date": [date(2026, 3, 2), date(2026, 3, 3)],
                "kinds": [["guidance_meeting"], ["curriculum_link"]],
                "subjects": [None, ["Art"]],
                "adviser_level": [6, None],
                "meaningful": [None, True],
            }
        ),
        "participations": pa.table(
            {
                "institution_id": [1, 1],
                "activity_id": ["A1", "A2"],
                "learner_id": ["L1", "L1"],
                "status": ["attended", None],
            }
        ),
    }


def school_with(types: dict[str, Any], **tables: dict[str, Any]) -> Tables:
    """Return the school with columns of other types, wherever they stand, and with other columns."""
    made = school()
    for name, table in made.items():
        for column in table.column_names:
            if column in types:
                place = table.schema.get_field_index(column)
                table = table.set_column(place, column, table[column].cast(types[column]))  # noqa: PLW2901
        for column, values in tables.get(name, {}).items():
            table = table.drop_columns([column] if column in table.column_names else [])  # noqa: PLW2901
            table = table.append_column(column, pa.array(values))  # noqa: PLW2901
        made[name] = table
    return made


def score(tables: Tables, engine: str = "pyarrow") -> FrameScores:
    return score_frames(**{name: ENGINES[engine](table) for name, table in tables.items()}, as_of=AS_OF)


def guidance(scores: FrameScores) -> tuple[int, int, list[str]]:
    """Return the counts of guidance by Year 11, and who has had none."""
    (row,) = (row for row in rows_of(scores.criteria) if row["criterion"] == "8a")
    missing = [row["learner_id"] for row in rows_of(scores.missing()) if row["criterion"] == "8a"]
    return row["numerator"], row["denominator"], missing


CODED: Final = pa.dictionary(pa.int32(), pa.string())

READ: Final = {
    "codes": school_with(
        {
            **dict.fromkeys(("kind", "learner_id", "activity_id", "status", "sex"), CODED),
            **dict.fromkeys(("kinds", "subjects"), pa.list_(CODED)),
        }
    ),
    "large and unsigned": school_with(
        {
            "institution_id": pa.uint64(),
            "year_group": pa.uint8(),
            "date": pa.date64(),
            "kinds": pa.large_list(pa.large_string()),
        },
        activities={"meaningful": pa.array([1, 0], type=pa.int8())},
    ),
    "small and with a point": school_with(
        {"institution_id": pa.int8(), "year_group": pa.float64(), "kinds": pa.list_(pa.string(), 1)},
        activities={
            "date": pa.array(NIGHT, type=pa.timestamp("us", "UTC")),
            "adviser_level": [6.0, float("nan")],
            "meaningful": [float("nan"), 1.0],
        },
    ),
    "decimals": school_with(
        {"institution_id": pa.decimal128(30, 0)},
        activities={
            "adviser_level": [decimal.Decimal("6.00"), None],
            "date": pa.array(NIGHT, type=pa.timestamp("ns")),
        },
    ),
    "codes in one table": school_with(
        {}, learners={"learner_id": pa.array(["L1", "L2"]).dictionary_encode(), "subjects": pa.nulls(2)}
    ),
    "nothing": school_with(
        {},
        learners=dict.fromkeys(("subjects", "sex", "on_roll_to"), pa.nulls(2)),
        activities={
            "duration": pa.array([1, 2], type=pa.duration("s")),
            "providers": [["Northfield College"], None],
            "kinds": [["guidance_meeting", None], ["curriculum_link"]],
            "subjects": pa.array([[], None], type=pa.list_(pa.null())),
            "meaningful": pa.nulls(2),
            "provider_types": pa.nulls(2),
        },
    ),
}


@pytest.mark.parametrize("tables", READ.values(), ids=READ)
def test_types_that_are_read(tables: Tables, engine: str) -> None:
    assert guidance(score(tables, engine)) == (1, 2, ["L2"])


def test_groups(engine: str) -> None:
    found = rows_of(score(school(), engine).groups("sex"))
    groups = {
        (row["group"], row["numerator"], row["denominator"]) for row in found if row["criterion"] == "8a"
    }
    assert groups == {("F", 1, 1), ("", 0, 1)}


NOT_WHOLE, NOT_YES, NOT_CHOICE = "not_a_whole_number", "not_yes_or_no", "not_a_choice"
NOT_DAY, MISSING = "not_a_date", "missing_value"
DAY: Final = date(2026, 3, 3)
WRONG: Final = [
    {"adviser_level": ([6.0, float("inf")], NOT_WHOLE), "meaningful": ([1, 2], NOT_YES)},
    {"adviser_level": ([6.0, 4.5], NOT_WHOLE), "meaningful": ([None, 0.5], NOT_YES)},
    {"adviser_level": ([None, True], NOT_WHOLE), "meaningful": ([None, DAY], NOT_YES)},
    {"adviser_level": ([None, DAY], NOT_WHOLE), "kinds": ([["guidance_meeting"], ["2"]], NOT_CHOICE)},
    {"adviser_level": ([6.0, -1e300], NOT_WHOLE), "kinds": ([["guidance_meeting"], [None]], MISSING)},
    {"activity_id": (["A1", None], MISSING), "kinds": ([["guidance_meeting"], []], MISSING)},
    {"adviser_level": ([decimal.Decimal(6), decimal.Decimal("4.5")], NOT_WHOLE)},
    {"date": (["2026-03-02", "3 March"], NOT_DAY)},
    {"date": ([True, False], NOT_DAY)},
    {"date": ([20260302, 20260303], NOT_DAY)},
]


@pytest.mark.parametrize("columns", WRONG, ids=" and ".join)
def test_values_that_are_named(columns: dict[str, tuple[list[Any], str]], engine: str) -> None:
    tables = school_with({}, activities={column: values for column, (values, _) in columns.items()})
    with pytest.raises(gk.InvalidRecords) as raised:
        score(tables, engine)
    assert {(issue.file, issue.column, issue.code) for issue in raised.value.issues} == {
        ("activities", column, code) for column, (_, code) in columns.items()
    }


TYPES: Final = {
    "activities, column kinds": school_with({}, activities={"kinds": [{"guidance": 1}, None]}),
    "learners, column sex": school_with({}, learners={"sex": [["F"], None]}),
    "learners, column learner_id": school_with({}, learners={"learner_id": [["L1"], ["L2"]]}),
    "institutions, column institution_id": school_with({}, institutions={"institution_id": [1.5]}),
}


@pytest.mark.parametrize(
    ("engine", "place"),
    # pandas has columns of numbers, and else only of objects, which are looked at one by one.
    [
        (engine, place)
        for engine in ENGINES
        for place in TYPES
        if engine != "pandas" or "institution_id" in place
    ],
)
def test_types_that_are_refused(place: str, engine: str) -> None:
    with pytest.raises(TypeError, match=place):
        score(TYPES[place], engine)


NEVER_READ: Final[dict[str, list[Any]]] = {
    "Object": [object(), object()],
    "Struct": [{"a": 1}, {"a": 2}],
    "Duration": [timedelta(days=1), timedelta(days=2)],
    "Binary": [b"yes", b"no"],
    "List": [[["F"]], [["M"]]],
}


@pytest.mark.parametrize("kind", NEVER_READ)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("institutions", "kind"),
        ("learners", "sex"),
        ("learners", "year_group"),
        ("learners", "subjects"),
        ("activities", "date"),
        ("activities", "kinds"),
        ("activities", "meaningful"),
        ("participations", "status"),
    ],
)
def test_types_of_polars_in_which_no_value_can_be_read(table: str, column: str, kind: str) -> None:
    tables = {name: pl.from_arrow(one) for name, one in school().items()}
    dtype = pl.Object if kind == "Object" else None
    values = (NEVER_READ[kind] * 2)[: tables[table].height]
    tables[table] = tables[table].with_columns(pl.Series(column, values, dtype=dtype))
    words = f"{table}, column {column}: values of the type {kind}.* cannot be read"
    for given in (tables, {name: one.lazy() for name, one in tables.items()}):
        with pytest.raises(TypeError, match=words):
            score_frames(**given, as_of=AS_OF)


def pandas_with(table: str, **columns: Any) -> Tables:
    tables = {name: one.to_pandas() for name, one in school().items()}
    return tables | {table: tables[table].assign(**columns)}


OBJECTS: Final = {
    "sets": pandas_with("activities", kinds=[{"guidance_meeting"}, frozenset({"curriculum_link"})]),
    "lists with nothing among the entries": pandas_with(
        "activities", kinds=[["guidance_meeting", None], ["curriculum_link", float("nan")]]
    ),
    "days": pandas_with("activities", date=pd.Series([date(2026, 3, 2), pd.NaT], dtype=object).ffill()),
    "times": pandas_with("activities", date=pd.to_datetime(["2026-03-02", "2026-03-03"], utc=True)),
    "facts": pandas_with("activities", meaningful=pd.Series([None, True], dtype=object)),
    "decimals": pandas_with("activities", adviser_level=[decimal.Decimal(6), None]),
    "nothing": pandas_with("learners", sex=None, subjects=float("nan"), on_roll_to=pd.NaT),
    "categories": {
        name: table.astype({column: "category" for column in table.columns if column.endswith("_id")})
        for name, table in pandas_with("learners").items()
    },
    "columns without names": pandas_with("learners", other=0),
}
OBJECTS["columns without names"]["learners"].columns = [*school()["learners"].column_names, 7]


@pytest.mark.parametrize("tables", OBJECTS.values(), ids=OBJECTS)
def test_objects_of_pandas(tables: Tables) -> None:
    scores = score_frames(**tables, as_of=AS_OF)
    assert guidance(scores) == (1, 2, ["L2"])
    assert str(scores.criteria["numerator"].dtype) == "Int64"


def test_times_count_in_the_zone_that_they_are_in() -> None:
    for zone, met in (("UTC", 1), ("Europe/London", 0)):  # half an hour before, half an hour after midnight
        time = pl.Series([datetime(2026, 7, 10, 23, 30, tzinfo=UTC)] * 2).dt.convert_time_zone(zone)
        tables = {name: pl.from_arrow(table) for name, table in school().items()}
        tables["activities"] = tables["activities"].with_columns(date=time)
        assert guidance(score_frames(**tables, as_of=AS_OF))[0] == met


def test_tables_come_from_one_library() -> None:
    tables = school()
    with pytest.raises(TypeError, match="one library, not from polars and pyarrow"):
        score_frames(**tables | {"learners": pl.from_arrow(tables["learners"])}, as_of=AS_OF)
    not_a_frame: Any = [1]
    with pytest.raises(TypeError):
        score_frames(**{**tables, "learners": not_a_frame}, as_of=AS_OF)


def test_ids_that_are_numbers_here_and_texts_there() -> None:
    tables = {name: pl.from_arrow(table) for name, table in school().items()}
    tables["learners"] = tables["learners"].with_columns(institution_id=pl.lit("1"))
    scores = score_frames(**tables, as_of=AS_OF)
    assert guidance(scores) == (1, 2, ["L2"])
    assert scores.criteria["institution_id"].dtype == pl.String
