"""What the code lists have in common: a code is as long as its level is deep."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from gatsbykit.model.identifiers import Identifier, IdentifierError, Verdict

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

__all__ = ["Code"]


class Code(Identifier):
    """A code of a classification, which begins with the code of the group it belongs to."""

    __slots__ = ()
    levels: ClassVar[Mapping[int, str]]
    """The names of the levels, by the length of their codes."""

    classification: ClassVar[str]

    @classmethod
    @abstractmethod
    def known(cls) -> Container[str]:
        """Return all codes that there are."""

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form, and that there is such a code."""
        text = super().canonical(text)
        if text not in cls.known():
            raise IdentifierError(Verdict.UNKNOWN_CODE, f"a code of {cls.classification}")
        return text

    @property
    def level(self) -> str:
        """The name of its level."""
        return self.levels[len(self)]

    @property
    def ancestors(self) -> tuple[Self, ...]:
        """The groups it belongs to, the nearest first."""
        return tuple(
            type(self)(self[:length]) for length in sorted(self.levels, reverse=True) if length < len(self)
        )
