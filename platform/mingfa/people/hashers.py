"""Password hashing: argon2id with the parameters of the OWASP minimum (19 MiB, t=2, p=1)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """argon2id, memory 19 MiB, two passes, one lane: about 23 ms on the reference machine (docs/rules.md)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
