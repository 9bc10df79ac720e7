"""Countries as data frames of every engine, and what scoring them has to come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import attrs
import narwhals as nw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.exchange.tables import tables
from gatsbykit.exchange.values import cell_converter
from gatsbykit.rules import resolve_edition
from gatsbykit.testing import as_of_dates, records

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("pandas")

from gatsbykit.frames import FrameScores, score_frames  # noqa: E402 (needs narwhals)
from gatsbykit.frames.folder import score_folder  # noqa: E402 (the same)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

Columns = dict[str, list[Any]]


Named = dict[str, Columns]


class Country(NamedTuple):
    """Some institutions, and a legal way to score them."""

    institutions: list[gk.Records]
    as_of: date
    edition: str | None
    unknown: str
    as_text: bool


TYPES: dict[str, Any] = {
    "institution_id": pl.Int64,
    **dict.fromkeys(("learner_id", "activity_id", "kind", "status", "category", "nccis_code"), pl.String),
    **dict.fromkeys(("sex", "sen_provision"), pl.String),
    **dict.fromkeys(("year_group", "adviser_level"), pl.Int64),
    **dict.fromkeys(("date", "date_of_birth", "on_roll_from", "on_roll_to"), pl.Date),
    **dict.fromkeys(("programme_start", "programme_end"), pl.Date),
    **dict.fromkeys(("subjects", "kinds", "provider_types", "providers"), pl.List(pl.String)),
}


def plain(value: Any) -> Any:
    """Return a value as a data frame holds it."""
    if isinstance(value, frozenset):
        return [str(entry) for entry in cast("frozenset[object]", value)]
    return str(value) if isinstance(value, str) else value


def text(value: Any) -> str | None:
    """Return a value as a cell of the exchange format holds it."""
    return None if value is None else str(cell_converter().unstructure(value))


def columns_of(institutions: Iterable[gk.Records], *, as_text: bool) -> Named:
    """Return the tables of several institutions, numbered from 1, as columns."""
    write = text if as_text else plain
    named: Named = {"institutions": {"institution_id": [], "kind": []}}
    for number, one in enumerate(institutions, start=1):
        named["institutions"]["institution_id"].append(number)
        named["institutions"]["kind"].append(str(one.institution.kind))
        for table in tables():
            rows = getattr(one, table.name)
            if rows is None:
                continue
            columns = named.setdefault(table.name, {"institution_id": [], **{c: [] for c in table.columns}})
            for row in rows:
                columns["institution_id"].append(number)
                for column in table.columns:
                    value = getattr(row, column)
                    columns[column].append(value if column in table.ids else write(value))
    for columns in named.values():
        for unread in ("duration", "upn", "uln", "title", "provider", "level", "end_date"):
            columns.pop(unread, None)
    return named


def polars_frames(named: Named, *, as_text: bool) -> dict[str, Any]:
    return {
        name: pl.DataFrame(
            columns,
            schema={
                column: pl.Int64
                if column == "institution_id"
                else pl.String
                if as_text
                else TYPES.get(column, pl.Boolean if column not in WORDS else pl.String)
                for column in columns
            },
        )
        for name, columns in named.items()
    }


WORDS = frozenset({"mode", "employer", "employer_size", "employer_sector"})


def to_duckdb(frame: Any) -> Any:
    table = frame.to_arrow()
    return duckdb.from_arrow(table)


ENGINES: dict[str, Callable[[Any], Any]] = {
    "polars": lambda frame: frame,
    "polars-lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": to_duckdb,
}


def rows_of(native: Any) -> list[dict[str, Any]]:
    frame = nw.from_native(native)
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return [{**row} for row in collected.iter_rows(named=True)]


Result = dict[tuple[int, str], tuple[Any, ...]]


PRESETS = ("every_pupil", "almost_all", "legacy")


def found_by(scores: FrameScores) -> Result:
    """Return what the columns lane found: per criterion its counts, statuses and missing learners."""
    missing: dict[tuple[int, str], list[str]] = {}
    for row in rows_of(scores.missing()):
        missing.setdefault((row["institution_id"], row["criterion"]), []).append(row["learner_id"])
    results: Result = {}
    for row in rows_of(scores.criteria):
        key = (row["institution_id"], row["criterion"])
        assert key not in results
        basis = row["basis"] if row["basis"] == "evidence" else None
        counts = (int(row["numerator"]), int(row["denominator"])) if basis else (None, None)
        who = tuple(sorted(missing.get(key, ()))) if basis else None
        statuses = tuple(row[f"status_{preset}"] for preset in PRESETS)
        results[key] = (row["edition"], basis, *counts, who, *statuses)
    return results


def expected_of(country: Country) -> Result:
    """Return what the objects lane finds."""
    results: Result = {}
    for number, one in enumerate(country.institutions, start=1):
        card = gk.score(
            attrs.evolve(one, answers={}, programme=None),
            as_of=country.as_of,
            edition=country.edition,
            settings=gk.Settings(unknown=country.unknown),  # type: ignore[arg-type]
        )
        for result in card.criteria:
            statuses = tuple(str(result.status[preset]) for preset in card.achieved)
            counts = (result.numerator, result.denominator, result.missing)
            results[number, result.criterion.id] = (card.edition.key, result.basis, *counts, *statuses)
    return results


def found_on(engine: str, country: Country) -> FrameScores:
    named = columns_of(country.institutions, as_text=country.as_text)
    frames = polars_frames(named, as_text=country.as_text)
    return score_frames(
        **{name: ENGINES[engine](frame) for name, frame in frames.items()},
        as_of=country.as_of,
        edition=country.edition,
        settings=gk.Settings(unknown=country.unknown),  # type: ignore[arg-type]
    )


@st.composite
def countries(draw: st.DrawFn, most: int) -> Country:
    as_of = draw(as_of_dates())
    edition = draw(st.sampled_from([None, "2014-school", "2018-college", "2025-college", "2025-school"]))
    kinds = [kind for kind in gk.InstitutionKind if fits(kind, as_of, edition)]
    one = st.sampled_from(kinds).flatmap(lambda kind: records(kind, as_of=as_of))
    institutions = draw(st.lists(one, min_size=1, max_size=most))
    has_evidence, has_destinations = draw(st.integers(0, 7)) > 0, draw(st.booleans())
    return Country(
        [with_tables(one, evidence=has_evidence, destinations=has_destinations) for one in institutions],
        as_of,
        edition,
        draw(st.sampled_from(["exclude", "include"])),
        draw(st.booleans()),
    )


def fits(kind: gk.InstitutionKind, as_of: date, edition: str | None) -> bool:
    try:
        resolve_edition(kind, as_of, edition)
    except gk.EditionError:
        return False
    return True


def with_tables(one: gk.Records, *, evidence: bool, destinations: bool) -> gk.Records:
    """A country has a table or has none; an institution without rows of its own has an empty one."""
    return attrs.evolve(
        one,
        learners=one.learners or (),
        activities=(one.activities or ()) if evidence else None,
        participations=(one.participations or ()) if evidence else None,
        destinations=(one.destinations or ()) if destinations else None,
    )


# How many countries, and of how many institutions: where planning a query is dear, fewer and larger.
SEARCHES: Final = {
    "polars": (60, 3),
    "polars-lazy": (10, 5),
    "pyarrow": (20, 6),
    "pandas": (8, 8),
    "duckdb": (8, 8),
}


def agree_on(engine: str) -> None:
    """Score countries on an engine and one institution at a time, and compare."""
    examples, most = SEARCHES[engine]

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(countries(most))
    def agree(country: Country) -> None:
        assert found_by(found_on(engine, country)) == expected_of(country)

    agree()


def agree_on_a_folder(engine: str, folder: Path) -> None:
    """Score folders of tables and one institution at a time, and compare."""

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(countries(8))
    def agree(country: Country) -> None:
        named = columns_of(country.institutions, as_text=country.as_text)
        for old in folder.glob("*.parquet"):
            old.unlink()
        for name, frame in polars_frames(named, as_text=country.as_text).items():
            frame.write_parquet(folder / f"{name}.parquet")
        found = score_folder(
            folder,
            as_of=country.as_of,
            edition=country.edition,
            settings=gk.Settings(unknown=country.unknown),  # type: ignore[arg-type]
            engine=engine,
        )
        counts = {key: (*row[:4], *row[5:]) for key, row in expected_of(country).items()}
        assert {
            (row["institution_id"], row["criterion"]): (
                row["edition"],
                row["basis"],
                row["numerator"],
                row["denominator"],
                *(row[f"status_{preset}"] for preset in PRESETS),
            )
            for row in found.criteria.to_pylist()
        } == counts

    agree()
