"""The password hash: argon2id as everybody else's."""
import argon2
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from mingfa.people.hashers import Argon2idHasher

ours, others = Argon2idHasher(), argon2.PasswordHasher(time_cost=3, memory_cost=12 * 1024, parallelism=1)


class Django(Argon2PasswordHasher):
    """Django's own, with the same parameters."""

    time_cost, memory_cost, parallelism = 3, 12 * 1024, 1


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text)))
def test_what_we_hash_another_library_verifies_and_the_other_way_round(password):
    salt = ours.salt()
    made = ours.encode(password, salt)
    assert others.verify(made.removeprefix("argon2"), password)
    assert ours.verify(password, "argon2" + others.hash(password))
    assert ours.encode(password, salt) == made
    assert not ours.verify(password + "x", made)


def test_a_hash_of_djangos_own_hasher_still_lets_in():
    kept = Django().encode("Bench-2026", Django().salt())
    assert ours.verify("Bench-2026", kept)
    assert not ours.verify("bench-2026", kept)


def test_a_fresh_hash_is_not_asked_to_be_made_anew():
    assert not ours.must_update(ours.encode("Bench-2026", ours.salt()))


@pytest.mark.parametrize(("passes", "mebibytes"), [(1, 8), (2, 19)])
def test_a_hash_with_other_settings_lets_in_and_is_asked_to_be_made_anew(passes, mebibytes):
    other = argon2.PasswordHasher(time_cost=passes, memory_cost=mebibytes * 1024, parallelism=1).hash("Bench-2026")
    assert ours.verify("Bench-2026", "argon2" + other)
    assert ours.must_update("argon2" + other)


@pytest.mark.parametrize("broken", ["argon2$argon2id$v=19$m=19456,t=2,p=1$!!$!!", "argon2$", "argon2$argon2id$v=19"])
def test_a_broken_hash_lets_nobody_in(broken):
    assert not ours.verify("Bench-2026", broken)


def test_every_hash_has_its_own_salt():
    assert len({ours.salt() for _ in range(100)}) == 100
