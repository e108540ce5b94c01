"""Safe Exam Browser: the configuration file and the keys its requests prove themselves with.

Rules of safeexambrowser.org/developer/seb-config-key.html: the Config Key is the SHA-256 of the settings as JSON, keys
sorted without regard to case, no white space, without originatorVersion; a request carries SHA-256(address + key).
"""
import hmac
import json
import plistlib
from collections.abc import Iterable
from hashlib import sha256


def settings_for(start: str, leave: str) -> dict:
    """What the browser is told. start: where it opens; leave: the address that ends it. Both absolute."""
    return {
        "startURL": start, "quitURL": leave, "quitURLConfirm": False, "sendBrowserExamKey": True, "allowQuit": True,
        "browserWindowAllowReload": True, "allowSpellCheck": False, "enableRightMouseMac": False,
        "newBrowserWindowByLinkPolicy": 2,
    }  # fmt: skip


def config_key(settings: dict) -> str:
    """The Config Key of these settings, hexadecimal."""
    return sha256(_text(settings).encode()).hexdigest()


def _text(settings: dict) -> str:
    ordered = {key: settings[key] for key in sorted(settings, key=str.lower) if key != "originatorVersion"}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


def file_of(settings: dict) -> bytes:
    """The configuration file: a property list that the browser opens."""
    return plistlib.dumps(settings)


def proves(address: str, keys: Iterable[str], sent: str) -> bool:
    """Whether a header is SHA-256(address + key) of one of the keys."""
    return any(
        hmac.compare_digest(sha256((address + key).encode()).hexdigest(), sent.strip().lower()) for key in keys
    )
