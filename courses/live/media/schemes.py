"""How other systems want to be asked: checksums, tokens and passwords that run out. Pure."""
import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlencode

JANUS_REALM = "janus"


def bbb_address(base: str, call: str, fields: dict[str, str], secret: str) -> str:
    """An address of BigBlueButton's API: the checksum is over the call's name, the query as it is sent, and the secret."""
    query = urlencode(fields)
    checksum = hashlib.sha256(f"{call}{query}{secret}".encode()).hexdigest()
    return f"{base.rstrip('/')}/api/{call}?{query}{'&' if query else ''}checksum={checksum}"


def janus_token(secret: str, *, realm: str = JANUS_REALM, rights: Iterable[str], expires: int) -> str:
    """A token that Janus checks by itself: until when, the realm, what it is good for; signed with HMAC-SHA1.

    Args:
        realm: janus for the API (rights are plugins), a plugin's name for its own (`room=<id>`).
        expires: seconds since 1970.
    """
    said = ",".join([str(expires), realm, *rights])
    signed = hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()
    return f"{said}:{base64.b64encode(signed).decode()}"


def turn_credentials(secret: str, *, name: str, expires: int) -> dict[str, str]:
    """User name and password for coturn with `use-auth-secret`: both run out by themselves.

    Args:
        name: who, for coturn's log; no personal data.
        expires: seconds since 1970.
    """
    username = f"{expires}:{name}"
    signed = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return {"username": username, "credential": base64.b64encode(signed).decode()}
