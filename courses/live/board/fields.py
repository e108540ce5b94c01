"""Checks of untrusted data, field by field: each takes a value and returns it cleaned, or raises BadData."""
import re
from collections.abc import Callable, Mapping

from .refusals import BadData

Check = Callable[[object], object]
MISSING = object()
LARGEST = 2**53 - 1  # what a browser can count to


def text(longest: int, *, empty: bool = False) -> Check:
    """A string of at most so many characters, without control characters other than line ends."""

    def check(value):
        if not isinstance(value, str) or len(value) > longest:
            raise BadData
        cleaned = re.sub(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", "", value).strip()
        if not cleaned and not empty:
            raise BadData
        return cleaned

    return check


def whole(least: int = 0, most: int = LARGEST) -> Check:
    def check(value):
        if type(value) is not int or not least <= value <= most:
            raise BadData
        return value

    return check


def flag(value):
    if type(value) is not bool:
        raise BadData
    return value


def one_of(*words: str) -> Check:
    def check(value):
        if not isinstance(value, str) or value not in words:
            raise BadData
        return value

    return check


def many(each: Check, most: int, *, least: int = 0) -> Check:
    def check(value):
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise BadData
        return [each(one) for one in value]

    return check


def pair(first: Check, second: Check) -> Check:
    def check(value):
        if not isinstance(value, list) or len(value) != 2:
            raise BadData
        return [first(value[0]), second(value[1])]

    return check


def either(*checks: Check) -> Check:
    """The first check that takes the value."""

    def check(value):
        for one in checks:
            try:
                return one(value)
            except BadData:
                continue
        raise BadData

    return check


def or_none(each: Check) -> Check:
    return lambda value: None if value is None else each(value)


def keyed(each: Check, most: int = 200) -> Check:
    """An object whose keys are numbers written out: ids of venues."""

    def check(value):
        if not isinstance(value, dict) or len(value) > most:
            raise BadData
        if not all(isinstance(key, str) and re.fullmatch(r"[1-9]\d{0,15}", key) for key in value):
            raise BadData
        return {key: each(one) for key, one in value.items()}

    return check


class Optional:
    """A field that may be left out, and what stands there then."""

    def __init__(self, check: Check, default: object = None):
        self.check, self.default = check, default


def clean(fields: Mapping[str, Check | Optional], data: object) -> dict:
    """The data with exactly these fields.

    Raises:
        BadData: not an object, a field is missing, unknown or wrong; names it.
    """
    if not isinstance(data, dict):
        raise BadData
    for name in data:
        if name not in fields:
            raise BadData(str(name)[:40])
    cleaned = {}
    for name, field in fields.items():
        value = data.get(name, MISSING)
        if isinstance(field, Optional):
            if value is MISSING:
                cleaned[name] = field.default() if callable(field.default) else field.default
                continue
            field = field.check
        if value is MISSING:
            raise BadData(name)
        try:
            cleaned[name] = field(value)
        except BadData as wrong:
            raise BadData(name) from wrong
    return cleaned


def shape(fields: Mapping[str, Check | Optional]) -> Check:
    return lambda value: clean(fields, value)
