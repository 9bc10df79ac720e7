"""Values as plain data: one converter, and what it has to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

import attrs
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit.plain import plain, plain_converter
from gatsbykit.testing import ScoredCase, scored_cases


def straightforward(value: Any) -> Any:
    """Say again, case by case, what plain data are."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | Fraction | date):
        return str(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {str(key): straightforward(member) for key, member in members.items()}
    if isinstance(value, frozenset | set):
        return sorted(map(straightforward, cast("set[object]", value)))
    if isinstance(value, tuple | list):
        return [straightforward(element) for element in cast("list[object]", value)]
    fields = attrs.fields_dict(cast("type[attrs.AttrsInstance]", type(value)))
    return {name: straightforward(getattr(value, name)) for name in fields}


SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.fractions()
VALUES = st.recursive(
    SCALARS | st.sampled_from([*gk.Preset]) | st.frozensets(st.text()) | st.sets(st.dates()),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner).map(MappingProxyType),
)


@given(VALUES)
def test_whatever_is_in_a_value_is_plain(value: Any) -> None:
    made = plain(value)
    assert made == straightforward(value)
    assert json.loads(json.dumps(made)) == made


@given(scored_cases())
def test_results_are_written_with_all_that_is_in_them(case: ScoredCase) -> None:
    how: dict[str, Any] = {"as_of": case.as_of, "edition": case.edition}
    results: list[Any] = [gk.gaps(case.records, **how), gk.closing_plan(case.records, **how)]
    card = gk.score(case.records, **how)
    for criterion in [one for one in card.criteria if one.missing][:3]:
        assert criterion.missing is not None
        results.append(gk.explain(case.records, criterion.criterion.id, learner=criterion.missing[0], **how))
    for result in results:
        made = plain(result)
        assert made == straightforward(result)
        assert json.loads(json.dumps(made)) == made


def test_a_room_can_write_a_value_in_another_way() -> None:
    converter = plain_converter()
    converter.register_unstructure_hook(gk.Learner, lambda learner: learner.learner_id)
    assert converter.unstructure({"first": (gk.Learner(learner_id="L1"),)}) == {"first": ["L1"]}
    assert plain(gk.Learner(learner_id="L1"))["learner_id"] == "L1"
