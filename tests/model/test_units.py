from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.model.units import (
    duration_text,
    parse_duration,
    registry,
    to_hours,
    to_minutes,
    to_pounds,
    to_quantity,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def _registry() -> Any:
    return vars(pint)["UnitRegistry"]()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 min", 45), ("1 minute", 1), ("2 minutes", 2), ("1 h", 60), ("1 hour", 60), ("2 hours", 120),
        ("1 half_day", 150), ("2 half_days", 300), ("1 school_day", 300), ("10 school_days", 3000),
        ("0.1 h", 6), ("0.000000001 min", Fraction(1, 10**9)), ("1.50 h", 90), (" 3min ", 3), ("007 min", 7),
    ],
)  # fmt: skip
def test_durations_are_exact(text: str, minutes: Fraction | int) -> None:
    assert parse_duration(text) == minutes
    assert to_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "", "45", "min", "45 Min", "45 m", "1 day", "1 days", "1 week", "-1 min", "+1 min", "1,5 h", ".5 h",
        "1. h", "1e3 min", "9**9 min", "1 h 30 min", "1:30", "1_000 min", "\u0661 min", "1234567890 min",
        "0.1234567890 h",
        "1\nmin", "1\u00a0min", "inf min", "nan min",
    ],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number and a unit, such as 45 min"):
        parse_duration(text)


@given(st.decimals(0, 10**8, places=9))
def test_durations_are_read_as_they_were_written(number: Decimal) -> None:
    minutes = Fraction(number)
    assert parse_duration(duration_text(minutes)) == minutes


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (90, "90 min"), (Fraction(1, 8), "0.125 min"), (Fraction(25, 2), "12.5 min")],
)
def test_durations_are_written_short(minutes: Fraction | int, text: str) -> None:
    assert duration_text(Fraction(minutes)) == text


@pytest.mark.parametrize("minutes", [Fraction(-1), Fraction(1, 3), Fraction(1, 10**10)])
def test_what_cannot_be_written(minutes: Fraction) -> None:
    with pytest.raises(ValueError, match="at most 9 decimal places"):
        duration_text(minutes)


def test_quantities() -> None:
    assert to_quantity(90).to("minute").magnitude == pytest.approx(90)
    assert to_quantity(Fraction(45, 2), "minute").magnitude == 22.5
    assert to_quantity(750, "half_day").magnitude == 5
    assert str(registry().Quantity(1, "GBP / learner").units) == "GBP / learner"
    assert registry() is registry()


@pytest.mark.parametrize(
    ("magnitude", "unit", "minutes"),
    [
        (1.5, "hour", 90),
        (1, "day", 1440),
        (2, "school_day", 600),
        (0.1, "hour", 6),
        (90, "second", Fraction(3, 2)),
    ],
)
def test_quantities_are_accepted(magnitude: float, unit: str, minutes: Fraction | int) -> None:
    assert to_minutes(registry().Quantity(magnitude, unit)) == minutes


@pytest.mark.parametrize("form", ["~P", "L", "Lx", "D", "~C"])
def test_the_format_of_another_registry_does_not_matter(form: str) -> None:
    elsewhere = _registry()
    elsewhere.formatter.default_format = form
    assert to_minutes(elsewhere.Quantity(1.5, "hour")) == 90


@pytest.mark.parametrize(
    ("definition", "magnitude", "unit", "minutes"),
    [
        ("day = 6 * hour", 10, "day", 3600),
        ("school_day = 6 * hour", 1, "school_day", 360),
        ("half_day = 3 * hour", 2, "half_day", 360),
        ("lesson = 50 * minute", 2, "lesson", 100),
        ("lesson = 50 * minute = L_ = period", 2, "period", 100),
        ("@alias hour = Stunde", 2, "Stunde", 120),
    ],
)
def test_a_quantity_is_converted_by_its_own_registry(
    definition: str, magnitude: int, unit: str, minutes: int
) -> None:
    elsewhere = _registry()
    elsewhere.define(definition)
    given_as = elsewhere.Quantity(magnitude, unit)
    assert to_minutes(given_as) == minutes
    assert to_hours(given_as) == Fraction(minutes, 60)
    made = gk.Activity(
        activity_id="A", date=date(2026, 1, 1), kinds={"workplace_experience"}, duration=given_as
    )
    assert made.duration == minutes
    assert type(made.duration) is Fraction
    back = to_quantity(minutes, unit, into=elsewhere)
    assert to_minutes(back) == minutes


@pytest.mark.parametrize(
    ("number", "minutes"),
    [
        (np.float32(1.5), 90), (np.float64(0.1), 6), (np.int64(2), 120), (np.uint8(2), 120),
        (Decimal("1.1"), 66),
        (Fraction(1, 7), Fraction(60, 7)), (2, 120), (1e-9, 0), (np.float16(0.5), 30),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", [float, Decimal, Fraction])
def test_numbers_of_every_type(number: Any, minutes: Any, of: Any) -> None:
    elsewhere = vars(pint)["UnitRegistry"](non_int_type=of)
    assert to_minutes(elsewhere.Quantity(number, "hour")) == minutes
    assert to_hours(number) == minutes / Fraction(60)
    assert to_pounds(number) == minutes / Fraction(60)


@given(st.fractions(0, 10**6, max_denominator=1000))
def test_exact_quantities_stay_exact(hours: Fraction) -> None:
    assert to_minutes(registry().Quantity(hours, "hour")) == 60 * hours
    assert to_minutes(hours) == hours
    assert to_minutes(timedelta(hours=1)) == 60


NO_DURATIONS: Final[list[Callable[[Any], Any]]] = [
    lambda of: of.Quantity(1, "metre"), lambda of: of.Quantity(20, "degC"), lambda of: of.Quantity(1, ""),
    lambda of: of.Quantity(3, "dB"), lambda of: of.Quantity(1, "shifted"),
    lambda of: of.Quantity(-1, "hour"),
    lambda of: of.Quantity(float("nan"), "hour"), lambda of: of.Quantity(float("inf"), "hour"),
    lambda of: of.Quantity(np.float32("nan"), "hour"), lambda of: of.Quantity(Decimal("sNaN"), "hour"),
    lambda of: of.Quantity(Decimal("Infinity"), "hour"), lambda of: of.Quantity(1j, "hour"),
    lambda of: of.Quantity(np.array([1, 2]), "hour"),
    lambda of: of.Quantity, lambda of: of.hour, lambda of: of, lambda _: True, lambda _: None,
    lambda _: object(),
    lambda _: [90], lambda _: timedelta(hours=-1), lambda _: Decimal("NaN"), lambda _: float("inf"),
    lambda _: -1,
    lambda _: date(2026, 1, 1), lambda _: np.timedelta64(3600, "s"), lambda _: b"1 h",
]  # fmt: skip


@pytest.mark.parametrize("make", NO_DURATIONS)
def test_what_is_no_duration_at_all(make: Callable[[Any], Any]) -> None:
    elsewhere = _registry()
    elsewhere.define("shifted = minute; offset: 30")
    given_as = make(elsewhere)
    for read in (to_minutes, to_hours, to_pounds):
        with pytest.raises(gk.QuantityError, match="expected ") as caught:
            read(given_as)
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, TypeError)
    if given_as is not None:
        with pytest.raises(gk.FieldError, match=r"Activity.duration: expected"):
            gk.Activity(activity_id="A", date=date(2026, 1, 1), kinds={"curriculum_link"}, duration=given_as)


def test_money_is_what_a_registry_says() -> None:
    elsewhere = _registry()
    with pytest.raises(gk.QuantityError, match="pounds, or a quantity of GBP"):
        to_pounds(elsewhere.Quantity(1, "hour"))
    elsewhere.define("GBP = [currency]")
    elsewhere.define("penny = 0.01 * GBP")
    assert to_pounds(elsewhere.Quantity(150, "penny")) == Fraction(3, 2)
    assert to_quantity(12, "GBP", of="GBP").magnitude == 12
    with pytest.raises(gk.QuantityError, match="units that the registry can turn into each other"):
        to_quantity(12, "GBP", of="minute")
    with pytest.raises(gk.QuantityError, match="not hour and nonsense"):
        to_quantity(12, "nonsense", of="hour")


def test_reading_and_scoring_do_without_pint() -> None:
    code = (
        "import sys, datetime, gatsbykit as gk\n"
        "card = gk.score(gk.load('examples/riverside'), as_of=datetime.date(2026, 7, 10))\n"
        "str(card), card.to_dict()\n"
        "print(sorted({'pint', 'hypothesis', 'narwhals', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 (our own code)
    assert done.stdout == "[]\n"
