"""Making a backup while the server runs, throwing old ones away, and what is known of the last one."""
import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from . import archive, databases
from .archive import Manifest, Report, Trouble
from .locks import Taken, only_one

MANUAL, NIGHTLY, BEFORE_UPDATE = "manual", "nightly", "before-update"
# Backups before an update are kept so many; nightly ones as BACKUP_KEEP says; those made by hand for ever.
KEPT_BEFORE_UPDATE = 3
# Bytes left free on the disk: the exam that is going on must be able to save.
RESERVE = 200 * 1024 * 1024
STATE = "last-backup.json"


def version() -> str:
    """Version of this checkout."""
    return tomllib.loads((settings.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def key_fingerprint(key: str) -> str:
    """Tells whether two secret keys are the same, without telling the key."""
    return hashlib.sha256(b"mingfa.backup:" + key.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Result:
    """The last try.

    at: when it ended, ISO 8601; path and size (bytes) of the archive; error: why there is none; gone: files that were
    deleted while the backup ran, so that it has them not. whole_at, whole_path: the last one that was made.
    """

    at: str
    kind: str
    path: str = ""
    size: int = 0
    error: str = ""
    gone: int = 0
    whole_at: str = ""
    whole_path: str = ""

    @property
    def whole_moment(self) -> datetime | None:
        return datetime.fromisoformat(self.whole_at) if self.whole_at else None


def last() -> Result | None:
    """The last try on this data folder; None when there was none."""
    try:
        return Result(**json.loads((settings.DATA / STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def default_path(kind: str, now: datetime) -> Path:
    return settings.BACKUP_FOLDER / f"mingfa-{kind}-{timezone.localtime(now):%Y%m%d-%H%M%S}.zip"


def make_backup(target: Path | None = None, *, kind: str, recordings: bool, now: datetime, report: Report) -> Result:
    """Put everything into one archive: database, uploaded files, key; consistent, while the server runs.

    The database is copied first, as it is at one moment; then the files. A file that is deleted in between is one whose
    row was deleted too (photos and recordings whose time is over), so it is left out and counted.

    Args:
        target: file to make; None for one in BACKUP_FOLDER with the time in its name.
        kind: MANUAL, NIGHTLY or BEFORE_UPDATE; of the latter two old ones are thrown away afterwards.
        recordings: also the recordings of trainings, which may be large.

    Raises:
        Trouble: why there is none. It is noted as well, so that the page for administrators can say so.
    """
    target = (target or default_path(kind, now)).resolve()
    try:
        with only_one(settings.DATA / "backup.lock"):
            gone = _write(target, kind, recordings, now, report)
            _throw_away_old(kind)
        result = Result(now.isoformat(), kind, str(target), target.stat().st_size, "", gone, now.isoformat(), str(target))
    except Taken:
        raise Trouble("另一个备份正在进行，请等它结束。") from None
    except OSError as error:
        _note_failure(kind, now, sentence := f"写不下备份（{error.strerror}：{error.filename or target}）。")
        raise Trouble(sentence) from error
    except Trouble as trouble:
        _note_failure(kind, now, str(trouble))
        raise
    _note(result)
    return result


def _write(target: Path, kind: str, recordings: bool, now: datetime, report: Report) -> int:
    folder = settings.BACKUP_FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Nobody else makes one, so what lies there was left by a killed backup.
    for left in [*folder.glob("*.part"), *folder.glob("making-*")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    if not target.parent.is_dir():
        raise Trouble(f"没有文件夹 {target.parent}，请先建好。")
    _refuse_without_room(folder, databases.size() * 2)
    gone = 0
    with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as making:
        taken = databases.snapshot(Path(making), report)
        files = list(_files(recordings))
        _refuse_without_room(target.parent, sum(size for _, _, size in files) + taken.path.stat().st_size // 2)
        total, done = sum(size for _, _, size in files), 0
        with archive.writing(target) as writer:
            writer.add(taken.member, taken.path, lambda _, at, size: report("压缩数据库", at, size))
            for name, path, size in files:
                try:
                    writer.add(name, path)
                except FileNotFoundError:
                    gone += 1
                done += size
                report("文件", done, total)
            writer.finish(Manifest(
                version=version(), made_at=now.isoformat(), kind=kind,
                vendor="sqlite" if taken.member == archive.SQLITE else "postgresql",
                key=key_fingerprint(settings.SECRET_KEY), recordings=recordings, migrations=taken.migrations,
                counts=taken.counts,
            ))  # fmt: skip
    return gone


def _files(recordings: bool) -> Iterator[tuple[str, Path, int]]:
    """(name in the archive, path, bytes) of everything beside the database."""
    for name in ("secret-key", "demo-accounts.json"):
        path = settings.DATA / name
        if path.is_file():
            yield name, path, path.stat().st_size
    roots = [("media", Path(settings.MEDIA_ROOT))] + [("recordings", Path(settings.RECORDINGS_ROOT))] * recordings
    for top, root in roots:
        for path in sorted(root.rglob("*")):
            name = f"{top}/{path.relative_to(root).as_posix()}"
            # A link could lead anywhere; the product makes none.
            if path.is_file() and not path.is_symlink() and archive.is_ours(name):
                yield name, path, path.stat().st_size


def _refuse_without_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE:
        raise Trouble(
            f"磁盘空间不够：{folder} 还剩 {free // 2**20} MB，备份要 {(needed + RESERVE) // 2**20} MB。"
            "请腾出空间，或者把备份写到别的磁盘。"
        )


def _throw_away_old(kind: str) -> None:
    keep = {NIGHTLY: settings.BACKUP_KEEP, BEFORE_UPDATE: KEPT_BEFORE_UPDATE}.get(kind, 0)
    if keep:
        # The time is in the name, so the order of names is that of time.
        for old in sorted(settings.BACKUP_FOLDER.glob(f"mingfa-{kind}-*.zip"))[:-keep]:
            old.unlink()


def _note_failure(kind: str, now: datetime, error: str) -> None:
    before = last()
    _note(Result(now.isoformat(), kind, error=error, whole_at=before.whole_at if before else "",
                 whole_path=before.whole_path if before else ""))  # fmt: skip


def _note(result: Result) -> None:
    new = settings.DATA / f"{STATE}.new"
    try:
        new.write_text(json.dumps(asdict(result), ensure_ascii=False), "utf-8")
        os.replace(new, settings.DATA / STATE)
    except OSError:
        # The disk is full: the page sees that by itself.
        new.unlink(missing_ok=True)
