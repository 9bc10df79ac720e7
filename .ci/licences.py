"""Say which installed distributions have a copyleft licence, and fail if there are any."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions

_COPYLEFT = re.compile(r"\b(?:[AL]?GPL|MPL|EUPL|SSPL|CC-BY-SA|GNU|MOZILLA)", re.IGNORECASE)
_ACCEPTED = {
    "hypothesis": "Mozilla Public License 2.0, of single files; for tests alone, never part of a product",
}
_TOOLS = frozenset({"pip", "setuptools", "wheel"})


def licence_of(distribution: Distribution) -> str:
    """Return what a distribution says about its licence, the most exact statement first."""
    metadata = distribution.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    prefix = "License :: OSI Approved :: "
    classifiers = [
        line.removeprefix(prefix) for line in metadata.get_all("Classifier", []) if line.startswith(prefix)
    ]
    # Some put the whole text into the licence field: its first line names it.
    stated = metadata["License"].strip().splitlines()[:1] if "License" in metadata else []
    return " AND ".join(classifiers) or " ".join(stated)


def is_copyleft(licence: str) -> bool:
    """Whether every choice that a licence offers is a copyleft one; a missing licence is no choice.

    Examples:
        >>> is_copyleft("LGPL-3.0-only OR MIT"), is_copyleft("MPL-2.0 AND MIT"), is_copyleft("BSD-3-Clause")
        (False, True, False)
        >>> is_copyleft("")
        True
    """
    choices = re.split(r"\s+OR\s+", licence) if licence else [""]
    return all(not choice or _COPYLEFT.search(choice) is not None for choice in choices)


def main() -> int:
    """Check every installed distribution; return the exit status."""
    found = 0
    for distribution in sorted(distributions(), key=lambda one: one.metadata["Name"].lower()):
        name = distribution.metadata["Name"]
        if name.lower() in _TOOLS:
            continue
        licence = licence_of(distribution)
        wrong = is_copyleft(licence) and name.lower() not in _ACCEPTED
        found += wrong
        sys.stdout.write(
            f"{'COPYLEFT' if wrong else 'ok':<9}{name} {distribution.version}: {licence or 'none'}\n"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
