"""The package itself: names that load on first use, and the command ``python -m``."""

from __future__ import annotations

import importlib
import runpy
import sys
from importlib.metadata import version

import pytest

import gatsbykit


def test_every_public_name_is_there() -> None:
    for name in gatsbykit.__all__:
        assert getattr(gatsbykit, name) is not None
    assert dir(gatsbykit) == sorted([*gatsbykit.__all__, "__version__"])
    assert [*gatsbykit.__all__] == sorted(gatsbykit.__all__)
    assert gatsbykit.__version__ == version("gatsbykit")
    absent = "nothing"
    with pytest.raises(AttributeError, match="module 'gatsbykit' has no attribute 'nothing'"):
        getattr(gatsbykit, absent)


def test_names_load_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(gatsbykit), "Records", raising=False)
    assert gatsbykit.Records is importlib.import_module("gatsbykit.model.records").Records
    assert "Records" in vars(gatsbykit)


def test_the_package_is_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gatsbykit", "score", "nowhere"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("gatsbykit", run_name="__main__")
    assert caught.value.code == 2
    assert "missing_file" in capsys.readouterr().err
    runpy.run_module("gatsbykit.__main__", run_name="imported")  # which runs nothing
