"""Locks between processes that a killed process cannot leave behind: the kernel lets go of them."""
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Another process holds the lock."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone for the block.

    Raises:
        Taken: somebody else holds it, alone or together.
    """
    with _locked(path, fcntl.LOCK_EX):
        yield


@contextmanager
def together(path: Path) -> Iterator[None]:
    """Hold the lock file `path` for the block, with any number of others that hold it together.

    Raises:
        Taken: somebody holds it alone.
    """
    with _locked(path, fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken from None
        yield
