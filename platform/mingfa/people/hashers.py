"""Password hashing: argon2id with the parameters of the OWASP minimum (19 MiB, t=2, p=1).

The same function and the same text as Django's own hasher, worked out by libsodium (PyNaCl), which uses what the processor
offers (AVX2, AVX-512): half the time of argon2-cffi, and one hash is the dearest step of a sitting.
"""

import os
import threading
from base64 import b64decode, b64encode

from django.contrib.auth.hashers import Argon2PasswordHasher
from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13, crypto_pwhash_str_verify
from nacl.exceptions import InvalidkeyError

SALT_BYTES = 16
HASH_BYTES = 32
# One core stays for the pages: Python serves them one at a time, and more hashes than cores only take the memory
# cache from each other (six at once cost a quarter more CPU each). Whoever waits here holds no database lock.
_turn = threading.BoundedSemaphore(max(1, len(os.sched_getaffinity(0)) - 1 if hasattr(os, "sched_getaffinity") else 1))


class Argon2idHasher(Argon2PasswordHasher):
    """argon2id, memory 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
    # 128 bits; Django counts the 16 bytes as if they were letters and digits.
    salt_entropy = 95

    def salt(self) -> str:
        """16 random bytes as they stand in the hash."""
        return _text(os.urandom(SALT_BYTES))

    def encode(self, password, salt):
        raw = b64decode(salt + "=" * (-len(salt) % 4), validate=True)
        with _turn:
            made = crypto_pwhash_alg(
                HASH_BYTES, password.encode(), raw, self.time_cost, self.memory_cost * 1024, crypto_pwhash_ALG_ARGON2ID13
            )
        return f"argon2$argon2id$v=19$m={self.memory_cost},t={self.time_cost},p=1${_text(raw)}${_text(made)}"

    def verify(self, password, encoded):
        _, kept = encoded.split("$", 1)
        try:
            with _turn:
                return crypto_pwhash_str_verify(f"${kept}".encode(), password.encode())
        except InvalidkeyError:
            return False


def _text(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
