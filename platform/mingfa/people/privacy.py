"""Telephone and identity numbers: one spelling, checks, masks. Pure.

Rules: 身份证号 by GB 11643 (17 digits and a check character by ISO 7064 mod 11-2); masks by compliance D4.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
PHONE_DIGITS = 11


class IdentityError(ValueError):
    """The identity number is wrong. `code` is identity_length, identity_date or identity_checksum."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Identity:
    """number: 18 characters, folded. born: date of birth it contains."""

    number: str
    born: date


def fold_digits(text: str) -> str:
    """Full-width digits to ASCII, blanks and separators dropped, upper case."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        mark for mark in folded.upper() if not mark.isspace() and mark not in "-–—.()·'\u200b\ufeff"
    )


def fold_phone(text: str) -> str:
    """One spelling of a mobile number: “+86 138-0000 0001” → “13800000001”. "" for no number.

    Raises ValueError if it is not eleven digits.
    """
    digits = fold_digits(text)
    if not digits:
        return ""
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    if len(digits) == PHONE_DIGITS + 2:
        digits = digits.removeprefix("86")
    if len(digits) != PHONE_DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise ValueError("phone")
    return digits


def check_identity(text: str) -> Identity:
    """A checked identity number. Raises IdentityError: length, then date, then checksum."""
    number = fold_digits(text)
    body, check = number[:17], number[17:]
    if len(number) != 18 or not (body.isascii() and body.isdecimal()) or check not in CHECK_CHARACTERS:
        raise IdentityError("identity_length")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as wrong:
        raise IdentityError("identity_date") from wrong
    if check_character(body) != check:
        raise IdentityError("identity_checksum")
    return Identity(number, born)


def check_character(body: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064 mod 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECK_CHARACTERS[total % 11]


def mask_phone(phone: str) -> str:
    """“138****5678”; "" stays ""."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def mask_identity(number: str) -> str:
    """“110101********1234”: six in front and four behind at most."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}" if number else ""
