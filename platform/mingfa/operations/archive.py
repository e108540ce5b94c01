"""The file of a backup: a ZIP of which a manifest names every member with size and digest. Knows no framework.

Written under another name until it is whole. Read as a stranger's: nothing is unpacked before names, kinds and sizes
of all members agree with the manifest, and never more than that.
"""
import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
# In which folders members may lie, and which may lie beside them.
FOLDERS = ("media", "recordings")
SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
FILES = (SQLITE, POSTGRESQL, "secret-key", "demo-accounts.json")
LARGEST_MANIFEST = 64 * 1024 * 1024
MOST_MEMBERS = 500_000
PART = 1024 * 1024
PACKED_ALREADY = {".docx", ".gz", ".jpeg", ".jpg", ".m4s", ".mp4", ".pdf", ".pgdump", ".png", ".pptx", ".webp", ".xlsx", ".zip"}

# report(words, done, total), in bytes
Report = Callable[[str, int, int], None]


class Trouble(Exception):
    """Why it cannot be done and what to do, in Chinese."""


@dataclass
class Manifest:
    """What is in a backup.

    made_at: ISO 8601 with zone; kind: manual, nightly or before-update; vendor: sqlite or postgresql; key: fingerprint
    of the secret key; migrations: applied ones as “app.name”; counts: rows of every table; recordings: whether
    those of trainings are in it; files: name -> [bytes, SHA-256].
    """

    version: str
    made_at: str
    kind: str
    vendor: str
    key: str
    recordings: bool
    migrations: list[str]
    counts: dict[str, int]
    files: dict[str, list] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Members one after the other, then the manifest."""

    def __init__(self, pack: zipfile.ZipFile):
        self.pack, self.files = pack, {}

    def add(self, name: str, source: Path, report: Report = lambda *_: None) -> None:
        """Copy one file as it is now: what grows while it is read is taken as long as it was when opened.

        Raises:
            FileNotFoundError: it is gone.
        """
        digest, done = hashlib.sha256(), 0
        packed = zipfile.ZIP_STORED if source.suffix.lower() in PACKED_ALREADY else zipfile.ZIP_DEFLATED
        with open(source, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            member = zipfile.ZipInfo(name)
            member.compress_type, member.external_attr = packed, (stat.S_IFREG | 0o600) << 16
            with self.pack.open(member, "w", force_zip64=True) as target:
                while done < size and (part := file.read(min(PART, size - done))):
                    target.write(part)
                    digest.update(part)
                    done += len(part)
                    report(name, done, size)
        self.files[name] = [done, digest.hexdigest()]

    def finish(self, manifest: Manifest) -> None:
        manifest.files = self.files
        self.pack.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False), zipfile.ZIP_DEFLATED)


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new archive that gets its name when everything in it is on the disk; nothing is left when the block fails."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", compresslevel=6) as pack:
                yield Writer(pack)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
        sync_folder(target.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Archive:
    """An archive whose list of members is sound; made by `opened`."""

    def __init__(self, pack: zipfile.ZipFile, manifest: Manifest):
        self.pack, self.manifest = pack, manifest

    @property
    def size(self) -> int:
        """Bytes unpacked."""
        return sum(size for size, _ in self.manifest.files.values())

    def check(self, report: Report) -> None:
        """Read everything and compare the digests."""
        for name, part in self._parts(report):
            del name, part

    def unpack(self, place_of: Callable[[str], Path], report: Report) -> None:
        """Write every member to `place_of(name)`, digests compared."""
        current, file = None, None
        try:
            for name, part in self._parts(report):
                if name != current:
                    file = _next(file, place_of(name))
                    current = name
                file.write(part)
        finally:
            _next(file, None)

    def _parts(self, report: Report) -> Iterator[tuple[str, bytes]]:
        done, total = 0, self.size
        for name, (size, wanted) in self.manifest.files.items():
            digest, left = hashlib.sha256(), size
            yield name, b""
            try:
                with self.pack.open(name) as member:
                    while left and (part := member.read(min(PART, left))):
                        left -= len(part)
                        done += len(part)
                        digest.update(part)
                        yield name, part
                        report("核对", done, total)
                    more = member.read(1)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                raise Trouble(_damaged(name)) from None
            if left or more or digest.hexdigest() != wanted:
                raise Trouble(_damaged(name))
        report("核对", total, total)


def _next(file: BinaryIO | None, path: Path | None) -> BinaryIO | None:
    if file is not None:
        file.close()
    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    # Nothing lies there yet, so there is no link to follow either.
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _damaged(name: str) -> str:
    return f"备份文件已损坏：{name} 与清单不符，没有改动任何数据。请换一份备份。"


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at `path`.

    Raises:
        Trouble: it is none of ours, or names, kinds or sizes in it are not what a backup holds.
    """
    try:
        file = open(path, "rb")  # noqa: SIM115 closed below, the messages differ
    except OSError as error:
        raise Trouble(f"打不开 {path}（{error.strerror}）。请核对文件名。") from None
    with file:
        try:
            pack = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Trouble(f"{path.name} 不是完整的备份文件。没有做完的备份以 .part 结尾，不能用。") from None
        with pack:
            yield Archive(pack, _manifest(pack))


def _manifest(pack: zipfile.ZipFile) -> Manifest:
    members = pack.infolist()
    if len(members) > MOST_MEMBERS:
        raise Trouble(f"备份里有 {len(members)} 个文件，多于 {MOST_MEMBERS} 个，不接受。")
    for member in members:
        _refuse_unsound(member)
    by_name = {member.filename: member for member in members}
    if len(by_name) != len(members):
        raise Trouble("备份里有同名的文件，不接受。")
    listed = by_name.pop(MANIFEST, None)
    if listed is None:
        raise Trouble("里面没有清单（manifest.json），不是明法的备份。")
    if listed.file_size > LARGEST_MANIFEST:
        raise Trouble("备份的清单大得不合理，不接受。")
    try:
        with pack.open(MANIFEST) as source:
            found = json.loads(source.read(LARGEST_MANIFEST))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RecursionError, NotImplementedError, RuntimeError):
        raise Trouble(_damaged(MANIFEST)) from None
    manifest = _understood(found)
    if by_name.keys() != manifest.files.keys():
        raise Trouble("备份里的文件与清单不一致，不接受。")
    for name, (size, _) in manifest.files.items():
        if by_name[name].file_size != size:
            raise Trouble(_damaged(name))
    return manifest


def _understood(found) -> Manifest:
    if isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] > FORMAT:
        raise Trouble("这份备份来自更新的版本。请先更新明法，再恢复。")
    try:
        manifest = Manifest(**found)
    except TypeError:
        raise Trouble("清单的内容看不懂，不是明法的备份。") from None
    files = manifest.files
    texts = [manifest.version, manifest.made_at, manifest.kind, manifest.vendor, manifest.key]
    sound = (
        all(isinstance(text, str) for text in texts)
        and isinstance(manifest.migrations, list)
        and all(isinstance(name, str) for name in manifest.migrations)
        and isinstance(manifest.counts, dict)
        and all(isinstance(count, int) for count in manifest.counts.values())
        and isinstance(files, dict)
        and all(isinstance(one, list) and [type(part) for part in one] == [int, str] and one[0] >= 0 for one in files.values())
        and {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(manifest.vendor) in files
    )
    if not sound:
        raise Trouble("清单的内容看不懂，不是明法的备份。")
    return manifest


def _refuse_unsound(member: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or member.is_dir():
        raise Trouble(f"备份里有链接或特殊文件（{_shown(member)}），不接受。")
    if member.flag_bits & 1:
        raise Trouble(f"备份里有加密的文件（{_shown(member)}），不接受。")
    if member.filename != MANIFEST and not is_ours(member.orig_filename):
        raise Trouble(f"备份里有不该有的文件（{_shown(member)}），不接受。")


def _shown(member: zipfile.ZipInfo) -> str:
    return ascii(member.orig_filename[:60])[1:-1] if not member.orig_filename.isprintable() else member.orig_filename[:60]


def is_ours(name: str) -> bool:
    """Whether a backup may hold a member of this name: known files, and plain paths below known folders."""
    if name in FILES:
        return True
    parts = name.split("/")
    return (
        len(parts) > 1
        and parts[0] in FOLDERS
        and str(PurePosixPath(name)) == name
        and all(_plain(part) for part in parts)
    )


def _plain(part: str) -> bool:
    return (
        part not in ("", ".", "..") and "\\" not in part and not any(ord(letter) < 32 for letter in part)
        and len(part.encode("utf-8", "surrogatepass")) <= 255
    )  # fmt: skip
