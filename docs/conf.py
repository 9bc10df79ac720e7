"""How the documentation is built: ``sphinx -n -W -b html docs docs/_build/html``."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "gatsbykit"
author = "The gatsbykit developers"
copyright = author  # noqa: A001 (the name that Sphinx reads)
release = version = installed_version("gatsbykit")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "notfound.extension",
    "sphinx_copybutton",
    "sphinx_llms_txt",
    "sphinxarg.ext",
    "sphinxext.opengraph",
    "api",
    "criteria",
    "issue_codes",
]
exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_title = f"gatsbykit {version}"
html_show_sphinx = False

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True

# `name` in a docstring links where there is something to link to; parameters and columns are code.
default_role = "py:obj"
nitpicky = True
# The built-in `type` of an annotation is none of the attributes of that name.
suppress_warnings = ["ref.python"]
# Types of other projects have no page here, and linking to them would need the network.
_ELSEWHERE = (
    *("attrs", "cattrs", "collections", "date", "datetime", "decimal", "enum", "Fraction", "fractions"),
    *(
        "hypothesis",
        "icalendar",
        "jinja2",
        "json",
        "narwhals",
        "os",
        "Path",
        "pathlib",
        "pint",
        "re",
        "st",
        "types",
    ),
)
# Annotations that are names for longer types, and have no page of their own.
_ALIASES = (
    *("By", "Cell", "Convention", "Engine", "GROUPS", "PathLike", "Picture", "PlanGoal", "Reader"),
    *("SolverName", "Wanted", "Records.notes", "Verdict.VALID"),
)
# What is deeper than the rooms is private; a constructor may name it all the same.
_PRIVATE = (
    r".*\b_[A-Za-z]\w*",
    r"gatsbykit\.(frames|insight|outcomes|scoring)\.\w+(\..*)?",
    r"gatsbykit\.scoring\.ledger\.Ledger",
)
_ANY_ROLE = r"py:(obj|class|exc|func|meth|mod|attr|data)"
nitpick_ignore_regex = [
    (_ANY_ROLE, rf"({'|'.join(_ELSEWHERE)})(\..*)?"),
    (_ANY_ROLE, "|".join(re.escape(alias) for alias in _ALIASES)),
    (_ANY_ROLE, "|".join(_PRIVATE)),
    # A sentence about an attribute, of which Napoleon takes what stands before a colon for its type.
    ("py:class", r".*[ .].*|interpretation"),
    # Names of parameters, columns and files: code, and nothing to link to.
    ("py:obj", r"[a-z_]+|data/.*"),
]

# What is copied from an example is what is typed.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# A page that is not there points to those that are, wherever the site lies.
notfound_urls_prefix = None
ogp_site_name = "gatsbykit"
llms_txt_title = "gatsbykit"
llms_txt_summary = "The Gatsby Benchmarks of Good Career Guidance (England) as a typed Python library."
