"""Identifiers of learners and institutions, each a text that knows its own rules.

Every type has the same contract: making one (or `parse`) gives the canonical text or raises an
`IdentifierError` that says what would be right, and `is_valid` answers yes or no. A value is a
`str`, so it compares, hashes and serialises as its text; the ``repr`` of a personal identifier
does not show it.

Sources: the rules of UPN and ULN check characters as published by DfE (UPN guide) and the
Learning Records Service; URN, UKPRN and LAESTAB as used in Get Information About Schools.
"""

from __future__ import annotations

import operator
import re
from enum import StrEnum
from typing import ClassVar, Final, Self

from gatsbykit.errors import GatsbykitError
from gatsbykit.model.authorities import authorities

__all__ = [
    "Identifier",
    "IdentifierError",
    "Laestab",
    "Postcode",
    "Ukprn",
    "Uln",
    "Upn",
    "Urn",
    "Verdict",
]


class Verdict(StrEnum):
    """What can be said of a text that should be an identifier."""

    VALID = "valid"

    MALFORMED = "malformed"
    """Not of the form at all."""

    WRONG_CHECK = "wrong_check"
    """The form is right, the check character is not."""

    UNKNOWN_AUTHORITY = "unknown_authority"
    """All is right, and the table has no local authority, past or present, of the code in it."""

    UNKNOWN_CODE = "unknown_code"
    """The form is right, and the list has no such code."""


class IdentifierError(GatsbykitError, ValueError):
    """A text is not a valid identifier.

    Args:
        code: The verdict.
        expected: What would be right.
    """

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(code, expected)
        self.code = Verdict(code)
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.code}: expected {self.expected}"


class Identifier(str):
    """The common contract of the identifiers."""

    __slots__ = ()

    personal: ClassVar[bool] = False
    """Whether it identifies a person: then it is never shown."""

    placeholders: ClassVar[frozenset[str]] = frozenset()
    """What its standard has where there is none."""

    form: ClassVar[re.Pattern[str]]
    """What the text looks like, its check character apart."""

    words: ClassVar[str]
    """What would be right, for messages."""

    def __new__(cls, text: str) -> Self:
        """Make the identifier that a text spells; spaces around it are ignored."""
        return str.__new__(cls, cls.canonical(_stripped(text)))

    @classmethod
    def canonical(cls, text: str) -> str:
        """Return the canonical form of a text, or raise `IdentifierError`."""
        if cls.form.fullmatch(text) is None:
            raise IdentifierError(Verdict.MALFORMED, cls.words)
        return text

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the identifier that a text spells.

        Args:
            text: The identifier; spaces around it are ignored.

        Raises:
            IdentifierError: It is malformed, or its check character is wrong.
        """
        return str.__new__(cls, cls.canonical(_stripped(text)))

    @classmethod
    def stands_for_none(cls, text: str) -> bool:
        """Whether the standard has this text where there is no identifier, or none is known yet."""
        return text.strip() in cls.placeholders

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would accept the text."""
        try:
            cls.parse(text)
        except IdentifierError:
            return False
        return True

    @classmethod
    def examine(cls, text: str) -> Verdict:
        """Return what can be said of a text. Only `Verdict.VALID` leaves nothing to doubt.

        An identifier of an unknown authority is accepted by `parse` all the same: authorities come
        and go, and a number is not wrong because a table is old.
        """
        try:
            parsed = cls.parse(text)
        except IdentifierError as error:
            return error.code
        authority: str | None = getattr(parsed, "authority", None)
        if authority is not None and not _is_authority(authority):
            return Verdict.UNKNOWN_AUTHORITY
        return Verdict.VALID

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'<hidden>' if self.personal else str(self)!r})"


def _is_authority(code: str) -> bool:
    return code in authorities()


def _stripped(text: object) -> str:
    """Return a text without the spaces around it; what is no text spells no identifier."""
    return text.strip() if isinstance(text, str) else ""


_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_VALUES: Final = {
    **{digit: int(digit) for digit in "0123456789"},
    **{letter: place for place, letter in enumerate(_UPN_LETTERS)},
}
_UPN_WEIGHTS: Final = tuple(range(2, 14))
_ULN_WEIGHTS: Final = tuple(range(10, 1, -1))


class Upn(Identifier):
    """A unique pupil number: check letter, authority, establishment, year, serial number.

    A temporary number ends in a letter.

    Examples:
        >>> Upn.is_valid("B801200005001"), Upn.is_valid("A801200005001")
        (True, False)
        >>> Upn.parse("m80120000500a").is_temporary
        True
        >>> Upn.examine("A801200005001"), Upn.examine("F999400109001")
        (<Verdict.WRONG_CHECK: 'wrong_check'>, <Verdict.UNKNOWN_AUTHORITY: 'unknown_authority'>)
    """

    __slots__ = ()
    personal = True
    form = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")
    words = "a UPN: a check letter and 12 digits (a temporary one ends in a letter)"

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form and the check letter; letters become capitals."""
        text = super().canonical(text.upper())
        if _upn_letter(text[1:]) != text[0]:
            raise IdentifierError(Verdict.WRONG_CHECK, "a UPN whose check letter agrees with the rest of it")
        return text

    @classmethod
    def with_check_letter(cls, rest: str) -> Self:
        """Return the number that has these twelve signs after its check letter.

        For test data, and for systems that issue numbers.

        Args:
            rest: Authority (3 digits), establishment (4), year (2), serial number (3; of a temporary
                number the last one is a letter).

        Raises:
            IdentifierError: These are not the signs of a number.

        Examples:
            >>> str(Upn.with_check_letter("801200005001"))
            'B801200005001'
        """
        rest = _stripped(rest).upper()
        if cls.form.fullmatch(f"A{rest}") is None:
            raise IdentifierError(Verdict.MALFORMED, "12 digits of a UPN, the last of them perhaps a letter")
        return cls(_upn_letter(rest) + rest)

    @property
    def is_temporary(self) -> bool:
        """Whether the number is an interim one."""
        return not self[-1].isdigit()

    @property
    def authority(self) -> str:
        """The three-digit code of the local authority that issued it."""
        return self[1:4]

    @property
    def year_issued(self) -> int:
        """The calendar year in which it was issued; the numbers began in 1997."""
        year = int(self[8:10])
        return 1900 + year if year >= 97 else 2000 + year


class Uln(Identifier):
    """A unique learner number: ten digits, the last of them a check digit.

    Examples:
        >>> Uln.is_valid("9276308686"), Uln.is_valid("9276308685")
        (True, False)
        >>> Uln.stands_for_none("9999999999")  # "no ULN yet" of the individualised learner record
        True
    """

    __slots__ = ()
    personal = True
    placeholders = frozenset({"9999999999"})
    form = re.compile(r"[1-9][0-9]{9}")
    words = "a ULN: 10 digits, the first of them not 0"

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form and the check digit."""
        text = super().canonical(text)
        if _uln_digit(text[:-1]) != text[-1]:
            raise IdentifierError(Verdict.WRONG_CHECK, "a ULN whose last digit agrees with the rest of it")
        return text

    @classmethod
    def with_check_digit(cls, rest: str) -> Self:
        """Return the number that begins with these nine digits.

        For test data, and for systems that issue numbers.

        Args:
            rest: Nine digits, the first of them not 0.

        Raises:
            IdentifierError: These are not the digits of a number. One beginning in eleven has no
                check digit, and no number begins with it.

        Examples:
            >>> str(Uln.with_check_digit("927630868"))
            '9276308686'
        """
        rest = _stripped(rest)
        if cls.form.fullmatch(f"{rest}0") is None:
            raise IdentifierError(Verdict.MALFORMED, "9 digits of a ULN, the first of them not 0")
        digit = _uln_digit(rest)
        if digit is None:
            raise IdentifierError(Verdict.WRONG_CHECK, "9 digits that have a check digit")
        return cls(rest + digit)


def _upn_letter(rest: str) -> str:
    return _UPN_LETTERS[sum(map(operator.mul, _UPN_WEIGHTS, map(_VALUES.__getitem__, rest))) % 23]


def _uln_digit(rest: str) -> str | None:
    """Return the digit that makes the weighted sum leave 10 when divided by 11, if one does."""
    digit = (10 - sum(map(operator.mul, _ULN_WEIGHTS, map(_VALUES.__getitem__, rest)))) % 11
    return str(digit) if digit < 10 else None


class Urn(Identifier):
    """A unique reference number of an establishment.

    Examples:
        >>> Urn.parse(" 100049 ")
        Urn('100049')
    """

    __slots__ = ()
    form = re.compile(r"[1-9][0-9]{5}")
    words = "a URN: 6 digits, the first of them not 0"


class Ukprn(Identifier):
    """A UK provider reference number.

    Examples:
        >>> Ukprn.is_valid("10079319"), Ukprn.is_valid("79319")
        (True, False)
    """

    __slots__ = ()
    form = re.compile(r"[1-9][0-9]{7}")
    words = "a UKPRN: 8 digits, the first of them not 0"


class Laestab(Identifier):
    """A DfE number: local authority (3 digits) and establishment (4 digits).

    Examples:
        >>> Laestab.parse("213/6007")
        Laestab('2136007')
    """

    __slots__ = ()
    form = re.compile(r"[0-9]{7}")
    words = "a DfE number: 3 digits of the authority and 4 of the establishment"

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form; the slash is left out."""
        if text[3:4] == "/":
            text = text[:3] + text[4:]
        return super().canonical(text)

    @property
    def authority(self) -> str:
        """The three-digit code of the local authority."""
        return self[:3]


class Postcode(Identifier):
    """A UK postcode. It may be where a learner lives, so it is not shown.

    The form is checked, not whether the place exists.

    Examples:
        >>> str(Postcode.parse("sw1a2aa")), Postcode.is_valid("SW1A 2A")
        ('SW1A 2AA', False)
    """

    __slots__ = ()
    personal = True
    form = re.compile(r"GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}")
    words = "a postcode, such as SW1A 2AA"

    @classmethod
    def canonical(cls, text: str) -> str:
        """Check the form; letters become capitals, with one space before the last three characters."""
        text = "".join(text.upper().split())
        return super().canonical(f"{text[:-3]} {text[-3:]}")
