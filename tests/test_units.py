from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatsbykit.model.units import duration_text, parse_duration, registry, to_minutes, to_quantity

if TYPE_CHECKING:
    from decimal import Decimal


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


def test_quantities_of_another_registry_are_accepted() -> None:
    elsewhere: Any = vars(pint)["UnitRegistry"]()
    assert to_minutes(elsewhere.Quantity(1.5, "hour")) == 90


def test_what_is_no_time() -> None:
    with pytest.raises(pint.DimensionalityError):
        to_minutes(registry().Quantity(1, "metre"))
    with pytest.raises(ValueError, match="not negative"):
        to_minutes(registry().Quantity(-1, "hour"))


def test_reading_and_scoring_do_without_pint() -> None:
    code = (
        "import sys, datetime, gatsbykit as gk\n"
        "card = gk.score(gk.load('examples/riverside'), as_of=datetime.date(2026, 7, 10))\n"
        "str(card), card.to_dict()\n"
        "print(sorted({'pint', 'hypothesis', 'narwhals', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 (our own code)
    assert done.stdout == "[]\n"
