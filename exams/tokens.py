"""The token a page sends with each save instead of session and user: sitting and device epoch, signed.

It says who may write, not that writing is allowed: the guarded UPDATE of the save decides that.
"""
from dataclasses import dataclass

from django.core import signing

_signer = signing.Signer(salt="exams.sitting", sep=".")


@dataclass(frozen=True)
class SittingToken:
    sitting_id: int
    epoch: int


def issue(sitting_id: int, epoch: int) -> str:
    return _signer.sign(f"{sitting_id}-{epoch}")


def read(token: str) -> SittingToken | None:
    """The content of a token, or None when it is not one of ours."""
    try:
        sitting_id, _, epoch = _signer.unsign(token).partition("-")
        return SittingToken(int(sitting_id), int(epoch))
    except (signing.BadSignature, ValueError):
        return None
