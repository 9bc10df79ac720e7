"""An instance of every public value: found by walking through what the library returns."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

import attrs

import gatsbykit as gk
from gatsbykit.exchange.profiles import find_profile
from gatsbykit.exchange.profiles.loading import PROFILE_KEYS
from gatsbykit.exchange.tables import tables
from gatsbykit.insight.examining import Examination, Part, RecordVerdict
from gatsbykit.issues import Issue
from gatsbykit.issues.catalogue import catalogue
from gatsbykit.model.authorities import authorities
from gatsbykit.model.fields import Between
from gatsbykit.rules import EDITION_KEYS
from gatsbykit.rules.differences import edition_difference
from gatsbykit.rules.forms import FORM_KEYS, assess, form
from gatsbykit.rules.statutory import provider_access_rules, work_experience_rules
from gatsbykit.scoring import compile_plan
from gatsbykit.scoring.objects import measure
from gatsbykit.scoring.reasons import Obstacle, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF: Final = date(2026, 7, 10)

# Frames hold what their engine gave them, and the inside of reading and of hiding is nobody's value.
# Rooms that were built beside this walk and are still to be held to it; the list only gets shorter.
YET: Final = (
    "gatsbykit.exchange.programme_source", "gatsbykit.insight.demand", "gatsbykit.insight.exact",
    "gatsbykit.insight.option_plan", "gatsbykit.intervals", "gatsbykit.model.actions",
    "gatsbykit.model.attributes", "gatsbykit.model.awards", "gatsbykit.model.engagement",
    "gatsbykit.model.enrolments", "gatsbykit.model.evaluation", "gatsbykit.model.follow_ups",
    "gatsbykit.model.indicators", "gatsbykit.model.inquiries", "gatsbykit.model.intentions",
    "gatsbykit.model.leaders", "gatsbykit.model.networks", "gatsbykit.model.options",
    "gatsbykit.model.programmes", "gatsbykit.model.provision", "gatsbykit.model.spells",
    "gatsbykit.model.statements", "gatsbykit.model.surveys", "gatsbykit.model.training",
    "gatsbykit.outcomes", "gatsbykit.paired", "gatsbykit.practice", "gatsbykit.published",
    "gatsbykit.rounded_figures", "gatsbykit.scoring.answer_rules", "gatsbykit.scoring.following",
)  # fmt: skip
_NOT_VALUES: Final = ("gatsbykit.frames", "gatsbykit.commands", "gatsbykit.report", "gatsbykit.__main__")
_NOT_A_VALUE: Final = {
    "Raws",
    "Doubtful",
    "Rows",
    "Place",
    "Table",
    "Tables",
    "Crowd",
    "Counted",
    "Protection",
}


@functools.cache
def public_classes() -> tuple[type, ...]:
    """Return every public attrs class of the library."""
    found: dict[type, None] = {}
    for info in pkgutil.walk_packages(gk.__path__, "gatsbykit."):
        if not info.name.startswith((*_NOT_VALUES, *YET)):
            module = importlib.import_module(info.name)
            for name, one in inspect.getmembers(module, inspect.isclass):
                ours = one.__module__ == info.name and attrs.has(one)
                if ours and not name.startswith("_") and name not in _NOT_A_VALUE:
                    found[one] = None
    return tuple(found)


@functools.cache
def roots() -> Mapping[str, Any]:
    """Return what the library returns, by a name for messages."""
    school = gk.load("examples/northfield")
    small = attrs.evolve(
        school,
        answers={
            "2025-school": {
                "1a": gk.PartAnswers({"governors": gk.Answer.YES}),
                "1b": gk.Answer.YES,
                "8a": gk.DeclaredShare("0.83"),
                "6a": gk.Band.SOME,
            }
        },
        notes=[Issue(code="unknown_file", details={"file": "x.csv"})],
    )
    card = gk.score(small, as_of=AS_OF)
    later = gk.score(small, as_of=date(2026, 7, 11))
    missing = card["6a"].missing
    assert missing
    planned = gk.closing_plan(small, as_of=AS_OF)
    return {
        "records": small,
        "scorecard": card,
        "settings": gk.Settings(unknown="include", at_least={"6a": 1}),
        "explanation": gk.explain(small, "6a", as_of=AS_OF, learner=missing[0]),
        "gaps": gk.gaps(small, as_of=AS_OF),
        "groups": gk.groups(small, as_of=AS_OF, by=["sex"]),
        "published groups": gk.publish_groups(small, as_of=AS_OF, by=["sex"]),
        "closing plan": planned,
        "comparison": gk.compare(card, later),
        "summary": gk.summarise([card]),
        "report": gk.check({"format": "gatsbykit/1"}),
        "catalogue": catalogue(),
        "authorities": authorities(),
        "editions": [gk.edition(key) for key in EDITION_KEYS],
        "difference": edition_difference(gk.edition("2014-school"), gk.edition("2025-school")),
        "forms": [form(key) for key in FORM_KEYS],
        "form result": assess(FORM_KEYS[0], {}, sixth_form=True),
        "law": (provider_access_rules(), work_experience_rules()),
        "profiles": [find_profile(key) for key in PROFILE_KEYS],
        "plan": compile_plan(card.edition, AS_OF, card.settings),
        "plan of old": compile_plan(gk.edition("2014-school"), AS_OF, card.settings),
        "measurement": measure(compile_plan(card.edition, AS_OF, card.settings), small),
        "academic year": gk.AcademicYear(2025),
        "bounds": Between(1, 14),
        "examination": Examination(
            records=(
                RecordVerdict(
                    record_id="A1",
                    date=AS_OF,
                    counts_for=(),
                    obstacles=(Obstacle(Reason.NOT_ATTENDED, ("absent",)),),
                ),
            ),
            parts=(Part(name="times", needed=2, had=1),),
        ),
        "tables": [table.defaults for table in tables()],
    }


@functools.cache
def instances() -> Mapping[type, Any]:
    """Return an instance of every public class that can be reached."""
    found: dict[type, Any] = {}
    for one in _reached(roots().values(), set()):
        found.setdefault(_kind_of(one), one)
    return found


def _kind_of(value: object) -> type[Any]:
    return type(value)


def _is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _reached(values: Iterable[Any], seen: set[int]) -> Iterator[Any]:
    for value in values:
        if id(value) in seen:
            continue
        seen.add(id(value))
        kind = _kind_of(value)
        if attrs.has(kind):
            yield value
            names = [field.name for field in attrs.fields(kind)]
            yield from _reached([getattr(value, name) for name in names], seen)
        elif _is_mapping(value):
            yield from _reached(value.values(), seen)
        elif isinstance(value, list | tuple | frozenset):
            yield from _reached(cast("Iterable[Any]", value), seen)
