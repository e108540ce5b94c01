"""Password hashing: argon2id with the parameters of the OWASP minimum (19 MiB, t=2, p=1)."""

import os
import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# One core stays for the pages: Python serves them one at a time, and more hashes than cores only take the memory
# cache from each other (six at once cost a quarter more CPU each). Whoever waits here holds no database lock.
_turn = threading.BoundedSemaphore(max(1, len(os.sched_getaffinity(0)) - 1 if hasattr(os, "sched_getaffinity") else 1))


class Argon2idHasher(Argon2PasswordHasher):
    """argon2id, memory 19 MiB, two passes, one lane: about 23 ms on the reference machine (docs/rules.md)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password, salt):
        with _turn:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _turn:
            return super().verify(password, encoded)
