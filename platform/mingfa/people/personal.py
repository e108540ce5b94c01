"""Numbers that identify a person, in text that should not have any (fault catalogue PR4)."""
import re
import unicodedata

from .privacy import IdentityError, check_identity, fold_digits

IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def personal_numbers(text: str) -> list[str]:
    """Words for what was found, each kind once: 身份证号, 手机号. A long number that is no identity number is none.

    Looked at as written and with blanks and dashes dropped, which people put between the groups of a number.
    """
    spellings = (unicodedata.normalize("NFKC", text), fold_digits(text))
    found = []
    if any(_is_identity(number) for one in spellings for number in IDENTITY.findall(one)):
        found.append("身份证号")
    if any(PHONE.search(one) for one in spellings):
        found.append("手机号")
    return found


def _is_identity(number: str) -> bool:
    try:
        check_identity(number.upper())
    except IdentityError:
        return False
    return True
