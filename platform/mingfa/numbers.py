"""Numbers as visitors write them into addresses and forms."""

# The largest key a database column holds; one more and a query fails instead of finding nothing.
LARGEST = 2**63 - 1


def whole(text: str, *, most: int = LARGEST) -> int | None:
    """The number that `text` writes in ASCII digits; None for anything else and for one larger than `most`.

    The length is asked first: Python refuses to read thousands of digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))):
        return None
    number = int(text)
    return number if number <= most else None
