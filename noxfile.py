"""The project's checks: ``nox`` runs them all, ``nox -s NAME`` one of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

ROOT = Path(__file__).resolve().parent
PYTHONS = ("3.11", "3.12", "3.13")
EXAMPLE = ("score", str(ROOT / "examples" / "northfield"), "--as-of", "2026-07-10")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests and every example of the documentation."""
    session.install("-e", ".[tests]")
    session.run("pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and fail where a branch of the package is not taken."""
    session.install("-e", ".[tests]")
    report = ("--cov=gatsbykit", "--cov-branch", "--cov-report=term-missing", "--cov-fail-under=100")
    session.run("pytest", "-n", "auto", *report, *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """Run the tests with many more examples for each Hypothesis property."""
    session.install("-e", ".[tests]")
    session.run("pytest", "tests", *session.posargs, env={"HYPOTHESIS_PROFILE": "nightly"})


@nox.session
def typing(session: nox.Session) -> None:
    """Check types with mypy and pyright, both strict."""
    session.install("-e", ".[dev]")
    session.run("mypy")
    session.run("pyright")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install("ruff")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a link that leads nowhere is an error."""
    session.install("-e", ".[docs]")
    session.run("python", "-m", "sphinx", "-n", "-W", "-b", "html", "docs", "docs/_build/html")


@nox.session(default=False)
def linkcheck(session: nox.Session) -> None:
    """Follow the links of the documentation; needs the network."""
    session.install("-e", ".[docs]")
    session.run("python", "-m", "sphinx", "-n", "-W", "-b", "linkcheck", "docs", "docs/_build/linkcheck")


@nox.session(default=False)
def accessibility(session: nox.Session) -> None:
    """Check the HTML report with axe-core in headless Chromium; needs Chromium, npm and the network."""
    folder = Path(session.create_tmp()).resolve()
    session.run("npm", "install", "--prefix", str(folder), "axe-core@4", external=True)
    session.install("-e", ".[tests]")
    axe = folder / "node_modules" / "axe-core" / "axe.min.js"
    session.run("pytest", "tests/report/test_html.py", "-k", "axe", env={"AXE_CORE": str(axe)})


@nox.session
def licences(session: nox.Session) -> None:
    """Fail when something that users install has a copyleft licence."""
    extras = nox.project.load_toml("pyproject.toml")["project"]["optional-dependencies"]
    # What only developers of this project install is no part of anybody's product.
    offered = sorted(extras.keys() - {"bench", "dev", "docs", "lint"})
    session.install(f".[{','.join(offered)}]")
    session.run("python", ".ci/licences.py")


@nox.session
def build(session: nox.Session) -> None:
    """Build the distributions, install the wheel in a clean environment and score the example."""
    session.install("build")
    folder = Path(session.create_tmp()).resolve()
    built, clean = folder / "dist", folder / "clean"
    for old in (built, clean):
        shutil.rmtree(old, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(built))
    (wheel,) = built.glob("*.whl")
    session.run("python", "-m", "venv", str(clean))
    # Away from the checkout, so that nothing can be imported from it by accident.
    with session.chdir(folder):
        python = str(min(clean.glob("*/python*")))
        session.run(python, "-m", "pip", "install", "--quiet", str(wheel), external=True)
        session.run(python, "-m", "gatsbykit", *EXAMPLE, external=True)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Try to break what reads data from strangers: so many seconds a target (60), nox -s fuzz -- SECONDS."""
    session.install("-e", ".[ctf]", "atheris")
    seconds = session.posargs[0] if session.posargs else "60"
    for target in ("document", "folder", "profile", "foreign", "ctf", "duration"):
        session.run("python", "fuzz/targets.py", target, f"-max_total_time={seconds}")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure, each thing against a named peer in the same run."""
    session.install("-e", ".[bench]")
    session.run("python", "-m", "benchmarks", *session.posargs)
