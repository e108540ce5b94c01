"""Proof of work: a little of a visitor's time that a program with a thousand answers has not got. Pure.

Switched on, it needs a script; without one the answer is explained as always and not counted.
"""
import hashlib

LONGEST = 20


def is_enough(nonce: str, work: str, bits: int) -> bool:
    """Whether SHA-256 of “nonce:work” begins with so many zero bits."""
    if not work or len(work) > LONGEST:
        return False
    digest = hashlib.sha256(f"{nonce}:{work}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0
