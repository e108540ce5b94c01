"""The result of a hall that had no line: a file signed with the key of the bundle it was played from.

The key travels inside the bundle, so the seal proves which bundle a file comes from and that nobody changed it on the
way; that it happened so in the hall is what the second person confirms.
"""
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field

from .fields import Optional, clean, keyed, many, one_of, or_none, shape, text, whole
from .kinds import TIME, WORD
from .refusals import BadData

FORMAT = "mingfa-hall-1"
LARGEST = 400_000  # bytes; 500 people with 50 questions each make half of it
WHO = re.compile(r"[0-9a-f]{10}")


class BadResult(Exception):
    """Why a file is not taken. `what`: large, form, tampered, bundle, training, venue, run, again."""

    def __init__(self, what: str):
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Result:
    """What happened in the hall. People are named by the bundle's own codes.

    Args:
        run: one playing of the bundle; another laptop or another day makes another.
        ticks: code of a person to when they were ticked, in milliseconds of the laptop.
        answers: number of a prepared question to `{"hands": counts}` or `{"each": {code: places}}`.
    """

    bundle: str
    training: int
    venue: int
    run: str
    began_at: int
    ended_at: int | None
    heads: int | None
    ticks: dict[str, int] = field(default_factory=dict)
    answers: dict[str, dict] = field(default_factory=dict)


def code_of(key: str, user_id: int) -> str:
    """What a bundle calls a person: the file carries no account."""
    return _mac(key, f"who.{user_id}")[:10]


def seal(key: str, payload: str) -> str:
    return _mac(key, f"{FORMAT}.{payload}")


def _mac(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """A file as it came, not proved yet."""

    bundle: str
    payload: str
    mac: str

    def opened(self, key: str) -> Result:
        """The content, if the seal was made with this key. Raises BadResult."""
        try:
            proved = hmac.compare_digest(seal(key, self.payload).encode(), self.mac.encode())
        except UnicodeEncodeError:
            proved = False
        if not proved:
            raise BadResult("tampered")
        return _result(_json(self.payload), self.bundle)


def read(content: bytes) -> Sealed:
    """The parts of an untrusted file. Raises BadResult: large, form."""
    if len(content) > LARGEST:
        raise BadResult("large")
    try:
        found = clean(
            {"format": one_of(FORMAT), "bundle": WORD, "payload": text(LARGEST), "mac": text(64)}, _json(content)
        )
    except BadData:
        raise BadResult("form") from None
    return Sealed(found["bundle"], found["payload"], found["mac"])


def _json(content: bytes | str):
    try:
        return json.loads(content.decode("utf-8-sig") if isinstance(content, bytes) else content)
    except (ValueError, RecursionError):
        raise BadResult("form") from None


def _person(each):
    """Checks an object whose keys are codes of people."""

    def check(value):
        if not isinstance(value, dict) or len(value) > 5000 or not all(WHO.fullmatch(str(key)) for key in value):
            raise BadData
        return {key: each(one) for key, one in value.items()}

    return check


PLACES = many(whole(0, 20), 12)
ANSWERS = {"hands": Optional(or_none(many(whole(0, 5000), 20))), "each": Optional(or_none(_person(PLACES)))}
FIELDS = {
    "bundle": WORD, "training": whole(1), "venue": whole(1), "run": text(40), "began_at": TIME,
    "ended_at": Optional(or_none(TIME)), "heads": Optional(or_none(whole(0, 5000))), "ticks": _person(TIME),
    "answers": keyed(shape(ANSWERS)),
}  # fmt: skip


def _result(found: object, bundle: str) -> Result:
    try:
        data = clean(FIELDS, found)
    except BadData:
        raise BadResult("form") from None
    if data.pop("bundle") != bundle:
        raise BadResult("tampered")
    return Result(bundle, **data)
