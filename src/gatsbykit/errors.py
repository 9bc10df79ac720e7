"""What the library raises on purpose, as one family.

Each is ours and the natural built-in as well, so that both ``except gk.GatsbykitError`` and, say,
``except KeyError`` do what they promise::

    GatsbykitError(Exception)
    ├── FieldError(ValueError)            a constructor was given what its attribute cannot hold
    │   └── RefusedError                  the same for several attributes, or for attributes to each other
    ├── SettingsError(ValueError)         a setting does not exist, or does not fit the edition
    ├── RecordsError(ValueError)          records or answers do not fit together, or the edition
    ├── QuantityError(ValueError, TypeError)   not a duration, number of hours or sum of money
    ├── IdentifierError(ValueError)       not a UPN, ULN, URN, ...; carries a verdict
    ├── RuleError(ValueError)             a rule says something that nobody interprets
    ├── EditionError(ValueError)          no such edition, or none for this institution or date
    ├── FigureError(ValueError)           figures of which nothing can be counted, drawn or compared
    ├── FormError(ValueError)             no such self-assessment form, or not one of its answers
    ├── ProfileError(ValueError)          no such profile, or it says what a profile cannot
    ├── ComparisonError(ValueError)       two results cannot be compared
    ├── NotPublishedError(ValueError)     a file is none of the published statistics
    ├── YearNotKnownError(ValueError)     a year that a published file does not tell
    ├── PlanningError(ValueError)         a plan of activities that cannot be made
    ├── NoBaseError(ValueError)           a percentage without a base
    ├── FrameError(TypeError)             not a data frame, or tables of different libraries
    ├── NotFoundError(KeyError)           no such criterion, learner, row or attribute
    ├── MissingExtraError(ImportError)    a library is needed that comes with one of the extras
    ├── IssueError(ValueError)            one error of the data; carries the issue
    └── InvalidRecords(ExceptionGroup)    all errors of the data; carries every issue

The errors that carry a value stand beside it; all of them are names of ``gatsbykit`` itself. All of
them pickle, so that they come back whole from another process, and no message shows a learner's
name, UPN, ULN, date of birth or anything else that a caller passed in as a person's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "ComparisonError",
    "EditionError",
    "FieldError",
    "FigureError",
    "FormError",
    "FrameError",
    "GatsbykitError",
    "MissingExtraError",
    "NotFoundError",
    "ProfileError",
    "QuantityError",
    "RecordsError",
    "RuleError",
    "SettingsError",
    "need_extra",
]


class GatsbykitError(Exception):
    """The base of what the library raises on purpose."""

    def __init_subclass__(cls) -> None:
        """Name the errors of the library by the place from which users import them."""
        super().__init_subclass__()
        if cls.__module__.partition(".")[0] == "gatsbykit":
            cls.__module__ = "gatsbykit"


GatsbykitError.__module__ = "gatsbykit"


class FieldError(GatsbykitError, ValueError):
    """A constructor or a function was given what one of its attributes cannot hold.

    The message never shows what was given: it may be a person's.

    Args:
        owner: The class or function.
        attribute: The attribute, with the place in it where there are many values.
        expected: What would be right.

    Examples:
        >>> import gatsbykit as gk
        >>> gk.Learner(learner_id="L1", year_group=15)
        Traceback (most recent call last):
        ...
        gatsbykit.FieldError: Learner.year_group: expected a whole number from 1 to 14, or None
    """

    def __init__(self, owner: str, attribute: str, expected: str) -> None:
        super().__init__(owner, attribute, expected)
        self.owner = owner
        self.attribute = attribute
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.owner}.{self.attribute}: expected {self.expected}"


class SettingsError(GatsbykitError, ValueError):
    """A setting does not exist, or the edition does not let it be changed."""


class RecordsError(GatsbykitError, ValueError):
    """Records do not fit together, or an institution's answers do not fit the edition."""


class QuantityError(GatsbykitError, ValueError, TypeError):
    """Something is not a duration, a number of hours or a sum of money.

    It is a `TypeError` too, as pint's own errors of dimension are.

    Args:
        expected: What would be right.
    """

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected

    def __str__(self) -> str:
        return f"expected {self.expected}"


class EditionError(GatsbykitError, ValueError):
    """There is no such edition, or it is not for this kind of institution or this date."""


class FormError(GatsbykitError, ValueError):
    """There is no such form or item, or an answer is not one of the item's."""


class ProfileError(GatsbykitError, ValueError):
    """There is no such profile, or it does not say what a profile can say."""


class ComparisonError(GatsbykitError, ValueError):
    """Two results cannot be compared."""


class FrameError(GatsbykitError, TypeError):
    """A table is not a data frame that can be read, or tables come from different libraries."""


class NotFoundError(GatsbykitError, KeyError):
    """There is no such criterion, learner, row or attribute; the message says what there is, where it can."""

    def __str__(self) -> str:
        """Return the message as it is: a `KeyError` alone would show it in quotes."""
        return str(self.args[0]) if self.args else ""


class MissingExtraError(GatsbykitError, ImportError):
    """A library is needed that comes with one of the extras; the message says which."""


class RuleError(GatsbykitError, ValueError):
    """A rule says something that nobody interprets; the message says what, and what would be right."""


@contextmanager
def need_extra(extra: str, library: str) -> Generator[None, None, None]:
    """Import what an extra brings, or say how to get it.

    Args:
        extra: The name of the extra.
        library: The library that is imported, for an import that does not say what failed.

    Raises:
        MissingExtraError: Something that is imported within is not installed.

    Examples:
        >>> with need_extra("ctf", "not_there"):
        ...     import not_there
        Traceback (most recent call last):
        ...
        gatsbykit.MissingExtraError: not_there is not installed; it comes with: pip install 'gatsbykit[ctf]'
    """
    try:
        yield
    except ImportError as error:
        name = error.name or library
        if name.partition(".")[0] == "gatsbykit":  # a fault of our own, which no extra mends
            raise
        words = f"{name} is not installed; it comes with: pip install 'gatsbykit[{extra}]'"
        raise MissingExtraError(words, name=name) from error


class FigureError(GatsbykitError, ValueError):
    """Figures of which nothing can be counted, drawn or compared; the message says what would be right."""
