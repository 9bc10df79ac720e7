"""Import profiles: how to read files that are not of the exchange format, as data.

A profile says which file holds which table, what its columns are called, how its values and dates
are written and in which encoding. It is a TOML file: those that come with the library are examples
to start from, and anybody can write one. Nothing in it is executed.
"""

from __future__ import annotations

from gatsbykit.exchange.profiles.loading import PROFILE_KEYS, find_profile, read_profile
from gatsbykit.exchange.profiles.model import FileShape, Profile

__all__ = ["PROFILE_KEYS", "FileShape", "Profile", "find_profile", "read_profile"]
