"""Every public value pickles and copies to an equal one, into other processes too."""

from __future__ import annotations

import copy
import inspect
import multiprocessing
import os
import pickle
import pkgutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from enum import Enum
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import attrs
import pytest

import gatsbykit as gk
from gatsbykit import outcomes, practice, published
from gatsbykit.errors import need_extra
from gatsbykit.frozen import FrozenMapping
from gatsbykit.model.attributes import Fault
from gatsbykit.model.codes import Sic2007, Soc2020
from gatsbykit.model.identifiers import Laestab, Postcode, Ukprn, Uln, Upn, Urn
from gatsbykit.model.learners import Sex
from tests.support.builders import present
from tests.support.instances import AS_OF, instances, public_classes, roots

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gatsbykit.model.programmes import CareersProgramme

PROTOCOLS: Final = range(pickle.HIGHEST_PROTOCOL + 1)


def _again(value: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 (our own)


@pytest.mark.parametrize("cls", public_classes(), ids=lambda cls: cls.__name__)
def test_an_instance_of_every_public_class(cls: type) -> None:
    one = instances()[cls]
    for protocol in PROTOCOLS:
        made = _again(one, protocol)
        assert made == one
        assert type(made) is cls
    assert copy.deepcopy(one) == one
    assert copy.copy(one) == one


@pytest.mark.parametrize("name", roots())
def test_what_the_library_returns(name: str) -> None:
    one = roots()[name]
    assert _again(one, pickle.HIGHEST_PROTOCOL) == one
    assert copy.deepcopy(one) == one
    if hasattr(one, "to_dict"):
        assert _again(one, 2).to_dict() == one.to_dict()
        assert str(copy.deepcopy(one)) == str(one)


def test_copies_stay_as_they_are() -> None:
    made = _again(roots()["scorecard"], pickle.HIGHEST_PROTOCOL)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.as_of = AS_OF
    with pytest.raises(TypeError, match="does not change"):
        made.benchmarks[0].criteria[0].status["every_pupil"] = "met"
    assert type(made.settings.at_least) is FrozenMapping


@pytest.mark.parametrize(
    "one",
    [
        Upn("B801200005001"), Uln("9276308686"), Urn("100049"), Ukprn("10079319"), Laestab("2136007"),
        Postcode("SW1A 2AA"), Soc2020("2313"), Sic2007("01110"),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_identifiers(one: Any) -> None:
    for made in (*(_again(one, protocol) for protocol in PROTOCOLS), copy.deepcopy(one), copy.copy(one)):
        assert (made, type(made)) == (one, type(one))


def test_a_ledger() -> None:
    ledger = gk.Ledger(roots()["records"], as_of=AS_OF)
    for made in (_again(ledger, pickle.HIGHEST_PROTOCOL), copy.deepcopy(ledger)):
        assert made.scorecard() == ledger.scorecard()
        before = ledger.scorecard()
        learner = attrs.evolve(present(made.records.learners)[0], year_group=8)
        made.put_learner(learner)
        assert made.scorecard() == gk.score(made.records, as_of=AS_OF)
        assert ledger.scorecard() == before


def _errors() -> list[type[BaseException]]:
    found: set[type[BaseException]] = set()
    for info in pkgutil.walk_packages(gk.__path__, "gatsbykit."):
        if not info.name.endswith("__main__"):
            members = inspect.getmembers(import_module(info.name), inspect.isclass)
            found.update(one for _, one in members if issubclass(one, gk.GatsbykitError))
    return sorted(found, key=lambda one: one.__name__)


MADE: Final[dict[str, tuple[Any, ...]]] = {
    "FieldError": ("Learner", "sex", "F or M"),
    "RefusedError": ("Step", (Fault("date", "a date"), Fault("state", "one of done, open"))),
    "IdentifierError": ("malformed", "a UPN"),
    "IssueError": (gk.Issue(code="unknown_file"),),
    "InvalidRecords": ([gk.Issue(code="missing_value")], [gk.Issue(code="unknown_file")]),
}


@pytest.mark.parametrize("cls", _errors(), ids=lambda cls: cls.__name__)
def test_errors(cls: type[BaseException]) -> None:
    error = cls(*MADE.get(cls.__name__, ("what went wrong",)))
    for made in (
        *(_again(error, protocol) for protocol in PROTOCOLS),
        copy.copy(error),
        copy.deepcopy(error),
    ):
        assert type(made) is cls
        assert str(made) == str(error)
        assert vars(made) == vars(error) or cls is gk.InvalidRecords
    assert getattr(gk, cls.__name__) is cls
    assert f"{cls.__module__}.{cls.__qualname__}" == f"gatsbykit.{cls.__name__}"
    # The natural built-in as well.
    assert cls is gk.GatsbykitError or any(one.__module__ == "builtins" for one in cls.__mro__[1:-3])


@pytest.mark.parametrize(
    ("ask", "library", "extra"),
    [
        ("import gatsbykit.frames", "narwhals", "frames"),
        ("import gatsbykit.testing", "hypothesis", "testing"),
        ("gk.load('examples/exports', profile='ctf')", "defusedxml", "ctf"),
        ("commands.main(['score-all', folder, '--out', folder + '/x.csv'])", "narwhals", "country"),
        ("commands.main(['score-all', folder, '--out', folder + '/x.csv'])", "pyarrow", "country"),
    ],
)
def test_a_missing_extra_is_told_in_one_way(ask: str, library: str, extra: str, tmp_path: Path) -> None:
    (tmp_path / "export.xml").write_text("<CTfile/>")
    code = (
        "import sys, datetime, gatsbykit as gk\n"
        "from gatsbykit import commands\n"
        f"sys.modules[{library!r}] = None\n"
        "day = datetime.date(2026, 7, 10)\n"
        "school = gk.load('examples/northfield')\n"
        f"folder = {str(tmp_path)!r}\n"
        f"try:\n    {ask.replace('examples/exports', str(tmp_path / 'export.xml'))}\n"
        "except gk.MissingExtraError as error:\n    sys.stderr.write(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 (our own code)
    assert (
        done.stderr.strip() == f"{library} is not installed; it comes with: pip install 'gatsbykit[{extra}]'"
    )


def test_a_fault_of_our_own_is_no_missing_extra() -> None:
    with pytest.raises(ImportError, match="no_such_room") as caught, need_extra("ctf", "defusedxml"):
        import_module("gatsbykit.no_such_room")
    assert not isinstance(caught.value, gk.MissingExtraError)


def test_errors_from_elsewhere_keep_their_place() -> None:
    class OursError(gk.GatsbykitError):
        """An error of a program that uses the library."""

    assert OursError.__module__ == __name__


@pytest.mark.parametrize("method", ["spawn", "fork"] if hasattr(os, "fork") else ["spawn"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_into_other_processes(method: str) -> None:
    school, card = roots()["records"], roots()["scorecard"]
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        cards = list(pool.map(partial(gk.score, as_of=AS_OF), [school, school]))
        with pytest.raises(gk.NotFoundError, match="has no criterion '9z'") as caught:
            pool.submit(gk.edition("2025-school").criterion, "9z").result()
    assert cards == [card, card]
    assert {type(one.settings.at_least) for one in cards} == {FrozenMapping}
    assert isinstance(caught.value, KeyError)


def test_with_other_hashes() -> None:
    """Sets and mappings are in another order elsewhere; values are equal all the same."""
    code = (
        "import pickle, sys, datetime, gatsbykit as gk\n"
        "school, card = pickle.load(sys.stdin.buffer)\n"
        "made = gk.score(school, as_of=datetime.date(2026, 7, 10))\n"
        "assert made == card and made.to_dict() == card.to_dict() \n"
        "assert school == gk.load('examples/northfield')\n"
        "sys.stdout.buffer.write(pickle.dumps((made, hash(made.settings))))\n"
    )
    school = gk.load("examples/northfield")
    card = gk.score(school, as_of=AS_OF)
    for seed in ("0", "1", "4711"):
        done = subprocess.run(  # noqa: S603 (our own code)
            [sys.executable, "-c", code],
            input=pickle.dumps((school, card)),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        made, _ = pickle.loads(done.stdout)  # noqa: S301 (our own)
        assert made == card
        assert hash(made.settings) == hash(card.settings)


def test_enums_are_the_same_afterwards() -> None:
    for one in instances().values():
        kind: type[Any] = one.__class__
        for field in attrs.fields(kind):
            value = getattr(one, field.name)
            if isinstance(value, Enum):
                assert _again(value, 2) is value
    assert _again(Sex.FEMALE, 2) is Sex.FEMALE


def _programme() -> CareersProgramme:
    found = gk.load("examples/northfield").programme
    assert found is not None
    return found


OTHERS: Final[dict[str, Callable[[], object]]] = {
    "programme": _programme,
    "review": lambda: practice.review_programme(_programme(), as_of=AS_OF),
    "measures": lambda: outcomes.measures(gk.load("examples/northfield"), as_of=AS_OF),
    "averages": lambda: published.read_text(
        "academic_year,average_benchmarks_achieved_of_8,institutions,source\n2016/17,1.87,578 schools,ours\n",
        name="averages.csv",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_the_newer_rooms_hand_out_pickles_and_copies(name: str) -> None:
    one = OTHERS[name]()
    for made in (_again(one, pickle.HIGHEST_PROTOCOL), copy.deepcopy(one)):
        assert type(made) is type(one)
        assert str(made) == str(one)
