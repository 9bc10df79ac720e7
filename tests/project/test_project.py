"""What the project promises around its code: the front page, the documentation, light imports."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gatsbykit as gk
from gatsbykit.commands import main
from gatsbykit.exchange.tables import tables
from gatsbykit.model.answers import Answer, Band
from gatsbykit.model.encounters import ActivityKind, EmployerSize, Mode, ParticipationStatus, ProviderType
from gatsbykit.rules import EDITION_KEYS, edition

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
HEAVY = ("duckdb", "hypothesis", "narwhals", "numpy", "pandas", "pint", "polars", "pyarrow", "scipy")


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def load_script(path: str) -> ModuleType:
    """Import a file that is not in a package, such as an extension of the documentation."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project_files() -> list[Path]:
    """The files of the project: those git knows or would add, or in a source archive all of them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603 (a constant)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout, so the project's own files cannot be told apart")
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


# The front page


def test_ci_runs_the_test_command_of_the_readme() -> None:
    _, test_command = blocks(text_of("README.md"), "console")
    assert test_command in text_of(".ci/run")
    assert test_command.strip().endswith("-m pytest -n auto")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert text_of(".ci/run").splitlines()[0].endswith("bash")
    assert "set -euo pipefail" in text_of(".ci/run").splitlines()


def test_readme_shows_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    score_command, _ = blocks(text_of("README.md"), "console")
    _, arguments = score_command.split(" -m gatsbykit ")
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(arguments)) == 0
    printed = capsys.readouterr().out
    (excerpt,) = blocks(text_of("README.md"), "text")
    for part in excerpt.split("...\n"):
        assert part in printed
        printed = printed.partition(part)[2]


def test_first_lines_say_what_it_is_and_is_not() -> None:
    for page in ("README.md", "docs/index.md"):
        opening = " ".join(text_of(page).split("##")[0].split())
        for words in (
            "Gatsby Benchmarks of Good Career Guidance",
            "England",
            "web framework",
            "not affiliated",
            "Gatsby Charitable Foundation",
            "The Careers & Enterprise Company",
            "Department for Education",
            "never",
            "Compass",
        ):
            assert words in opening, (page, words)


def test_links_of_the_front_pages_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(page)):
            assert (ROOT / target).exists(), (page, target)


def test_citation_names_the_version() -> None:
    assert f"\nversion: {version('gatsbykit')}\n" in text_of("CITATION.cff")


def test_fragments_of_the_changelog_have_a_category() -> None:
    pattern = re.compile(r"\+[a-z0-9-]+\.(rules|breaking|feature|fix)\.md")
    names = {path.name for path in (ROOT / "changelog.d").iterdir()} - {"README.md"}
    assert {name for name in names if pattern.fullmatch(name) is None} == set()


# The documentation


@pytest.fixture(scope="module")
def rule_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    load_script("docs/_ext/criteria.py").write_pages(folder)
    return folder


@pytest.mark.parametrize("key", EDITION_KEYS)
def test_every_criterion_has_a_page(key: str, rule_pages: Path) -> None:
    chosen = edition(key)
    index = (rule_pages / key / "index.md").read_text(encoding="utf-8")
    for note in (*chosen.notes.values(), *chosen.left_out.values()):
        assert note in index
    for criterion in chosen.criteria:
        page = (rule_pages / key / f"{criterion.id}.md").read_text(encoding="utf-8")
        assert f"({criterion.id}.md)" in index
        assert criterion.text in page
        assert (criterion.interpretation or "") in page
        assert ("Interpretation" in page) == (criterion.interpretation is not None)
        for source in criterion.sources:
            assert source.title in page
            assert source.where in page
        for part in criterion.parts:
            assert f"`{part}`" in page
        assert ("`almost_all`" in page) == (criterion.type == "share")


def test_pages_of_criteria_that_are_gone_go_too(tmp_path: Path) -> None:
    write_pages = load_script("docs/_ext/criteria.py").write_pages
    write_pages(tmp_path)
    before = sorted(tmp_path.rglob("*.md"))
    (tmp_path / EDITION_KEYS[0] / "9z.md").write_text("# 9z\n", encoding="utf-8")
    write_pages(tmp_path)
    assert sorted(tmp_path.rglob("*.md")) == before


def test_every_edition_is_in_the_reference() -> None:
    reference = text_of("docs/reference/index.md")
    assert set(re.findall(r"generated/([^/]+)/index", reference)) - {"api", "issue-codes"} == set(
        EDITION_KEYS
    )


def test_every_column_of_the_exchange_format_is_explained() -> None:
    page = text_of("docs/how-to/read-a-school.md")
    names = {column for table in tables() for column in table.columns}
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_every_choice_of_the_exchange_format_is_explained() -> None:
    page = text_of("docs/how-to/read-a-school.md")
    kinds = (
        ActivityKind,
        Answer,
        Band,
        EmployerSize,
        Mode,
        ParticipationStatus,
        ProviderType,
        gk.DestinationCategory,
        gk.InstitutionKind,
        gk.SenProvision,
        gk.Sex,
    )
    choices = {member.value for kind in kinds for member in kind}
    assert {choice for choice in choices if re.search(rf'[`"]{choice}[`"]', page) is None} == set()


def test_every_field_of_a_scorecard_is_explained() -> None:
    page = text_of("docs/reference/scorecard.md")
    school = gk.load(ROOT / "examples" / "northfield")
    card: dict[str, Any] = gk.score(school, as_of=date(2026, 7, 10)).to_dict()
    benchmark = card["benchmarks"][5]
    fields = {
        *card,
        *card["institution"],
        *card["achieved"],
        *benchmark,
        *benchmark["criteria"][0],
        *card["provider_access"],
        *card["provider_access"]["first"],
        *card["work_experience"],
        *card["warnings"][0],
        *card["rules"],
        *card["settings"],
    }
    assert {field for field in fields if f"`{field}`" not in page} == set()


# The package


def test_every_public_name_is_there() -> None:
    assert sorted(gk.__all__) == list(gk.__all__)
    assert set(dir(gk)) >= set(gk.__all__)
    for name in gk.__all__:
        assert getattr(gk, name) is not None


def test_import_loads_nothing_heavy() -> None:
    code = f"import sys, gatsbykit; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 (our own interpreter and a constant)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_scoring_loads_nothing_heavy() -> None:
    code = (
        "import sys, gatsbykit as gk; from datetime import date;"
        "gk.score(gk.load('examples/northfield'), as_of=date(2026, 7, 10)).to_dict();"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter and a constant)
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    # Spelled in pieces, so that this file is not a finding of its own.
    places = tuple(f"/{name}/".encode() for name in ("work", "tmp", "home", "root", "Users"))
    found = {
        str(path.relative_to(ROOT))
        for path in project_files()
        if any(place in path.read_bytes() for place in places)
    }
    assert found == set()


# The licences of what users install


@pytest.mark.parametrize(
    ("licence", "copyleft"),
    [
        ("MIT", False),
        ("BSD License", False),
        ("Apache-2.0 OR BSD-2-Clause", False),
        ("LGPL-3.0-only OR MIT", False),
        ("GPL-3.0-or-later", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("MPL-2.0 AND MIT", True),
        ("", True),
    ],
)
def test_copyleft_is_recognised(licence: str, copyleft: bool) -> None:
    assert load_script(".ci/licences.py").is_copyleft(licence) is copyleft
