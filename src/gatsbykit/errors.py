"""The library's exceptions. Each is also the natural built-in, and all of them pickle."""

from __future__ import annotations

__all__ = ["EditionError", "GatsbykitError", "MissingExtraError", "NotFoundError", "RuleError"]


class GatsbykitError(Exception):
    """The base of what the library raises on purpose."""


class EditionError(GatsbykitError, ValueError):
    """There is no such edition, or it is not for this kind of institution or this date."""


class MissingExtraError(GatsbykitError, ImportError):
    """A library is needed that comes with one of the extras; the message says which."""


class NotFoundError(GatsbykitError, LookupError):
    """There is no such criterion, learner or attribute; the message says what there is, where it can."""


class RuleError(GatsbykitError, ValueError):
    """A rule says something that nobody interprets; the message says what, and what would be right."""
