"""Personal numbers at rest: cipher text and keyed hashes, with keys derived from SECRET_KEY (compliance D4).

A hash finds a person by number, the cipher text gives the telephone number back. Changing SECRET_KEY makes
both useless, so a deployment keeps it with its backups. Identity numbers are hashed only: nothing gives them back.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from mingfa.people.privacy import fold_phone, mask_phone

NONCE_BYTES = 12


@lru_cache
def _key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, by HKDF-SHA256."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"mingfa.people", info=purpose.encode())
    return derive.derive(secret.encode())


def _keyed_hash(purpose: str, text: str) -> str:
    key = _key(settings.SECRET_KEY, purpose)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def seal_phone(phone: str) -> bytes | None:
    """AES-256-GCM cipher text of a folded number, None for ""."""
    if not phone:
        return None
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY, "phone")).encrypt(nonce, phone.encode(), None)


def open_phone(sealed: bytes | None) -> str:
    """The number, "" if there is none or the key it was sealed with is gone."""
    if not sealed:
        return ""
    sealed = bytes(sealed)
    try:
        opened = AESGCM(_key(settings.SECRET_KEY, "phone")).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None
        )
    except InvalidTag:
        return ""
    return opened.decode()


def masked_phone(sealed: bytes | None) -> str:
    """The number as it may be shown: 138****5678."""
    return mask_phone(open_phone(sealed))


def phone_hash(phone: str) -> str:
    """Look-up hash of a folded number, "" for ""."""
    return _keyed_hash("phone look-up", phone) if phone else ""


def typed_phone_hash(text: str) -> str:
    """Look-up hash of whatever somebody typed, "" if it is no telephone number."""
    try:
        return phone_hash(fold_phone(text))
    except ValueError:
        return ""


def identity_hash(number: str) -> str | None:
    """Look-up hash of a checked identity number, None for "" (the column is unique)."""
    return _keyed_hash("identity look-up", number) if number else None


def code_hash(code: str) -> str:
    """Look-up hash of an activation code."""
    return _keyed_hash("activation code", code)
