"""What is refused of a file that says it is a backup; nothing is unpacked then."""
import json
import stat
import zipfile
from dataclasses import asdict

import pytest
from mingfa.operations import archive
from mingfa.operations.archive import MANIFEST, SQLITE, Manifest, Trouble


@pytest.fixture
def sound(tmp_path):
    """A small archive as the product writes it."""
    database, upload = tmp_path / "db", tmp_path / "photo.jpg"
    database.write_bytes(b"rows " * 1000)
    upload.write_bytes(b"picture")
    path = tmp_path / "sound.zip"
    with archive.writing(path) as writer:
        writer.add(SQLITE, database)
        writer.add("media/a/photo.jpg", upload)
        writer.finish(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "manual", "sqlite", "k", False, [], {}))
    return path


@pytest.fixture
def changed(sound, tmp_path):
    """Function that copies the archive with other members, or another manifest, and returns why it is refused."""

    def act(*members, manifest=None, listed=()):
        path = tmp_path / "changed.zip"
        with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w") as new:
            found = json.loads(old.read(MANIFEST))
            for name in (SQLITE, "media/a/photo.jpg"):
                new.writestr(name, old.read(name))
            for member, data in members:
                new.writestr(member, data)
            found["files"] |= {name: [len(data), "0" * 64] for name, data in listed}
            new.writestr(MANIFEST, json.dumps(found if manifest is None else manifest(found)))
        return refusal(path)

    return act


def refusal(path) -> str:
    with pytest.raises(Trouble) as trouble, archive.opened(path) as pack:
        pack.check(lambda *_: None)
    return str(trouble.value)


def test_what_was_written_is_read_again_byte_for_byte(sound, tmp_path):
    with archive.opened(sound) as pack:
        pack.unpack(lambda name: tmp_path / "out" / name, lambda *_: None)
    assert (tmp_path / "out" / SQLITE).read_bytes() == b"rows " * 1000
    assert (tmp_path / "out/media/a/photo.jpg").read_bytes() == b"picture"
    assert stat.S_IMODE((tmp_path / "out" / SQLITE).stat().st_mode) == 0o600
    assert stat.S_IMODE(sound.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", [
    "../evil", "/etc/cron.d/evil", "media/../../evil", "media//evil", "media/./evil", "media/", "media", "media/a\\..\\evil",
    "media/a\nb", "other/evil", "secret-key/evil", "manage.py", "media/" + "长" * 100,
])  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(changed, name):
    assert "不接受" in changed((name, b"x"), listed=[(name, b"x")])
    assert not archive.is_ours(name)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_links_and_special_files_are_refused(changed, kind):
    member = zipfile.ZipInfo("media/link")
    member.external_attr = (kind | 0o777) << 16
    assert changed((member, b"/etc/passwd"), listed=[("media/link", b"/etc/passwd")]) == (
        "备份里有链接或特殊文件（media/link），不接受。"
    )


def test_what_the_manifest_does_not_name_or_names_in_vain_is_refused(changed):
    assert "与清单不一致" in changed(("media/more", b"x"))
    assert "与清单不一致" in changed(listed=[("media/less", b"x")])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(changed):
    assert "同名" in changed(("media/a/photo.jpg", b"other"))


def test_a_member_that_unpacks_to_more_than_the_manifest_says_is_refused(changed):
    def smaller(found):
        found["files"][SQLITE][0] = 10
        return found

    assert "已损坏" in changed(manifest=smaller)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_beyond_it(sound, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(SQLITE, b"\0" * 50_000_000)
        digest = "0" * 64
        manifest = asdict(Manifest("0.1.0", "", "manual", "sqlite", "k", False, [], {}, {SQLITE: [1000, digest]}))
        pack.writestr(MANIFEST, json.dumps(manifest))
    raw = bomb.read_bytes().replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    bomb.write_bytes(raw)
    with pytest.raises(Trouble), archive.opened(bomb) as pack:
        pack.unpack(lambda name: tmp_path / "out" / name, lambda *_: None)
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) <= 1000


def test_one_turned_byte_is_found(sound):
    raw = bytearray(sound.read_bytes())
    at = raw.index(b"picture")
    raw[at] ^= 1
    sound.write_bytes(raw)
    assert refusal(sound) == "备份文件已损坏：media/a/photo.jpg 与清单不符，没有改动任何数据。请换一份备份。"


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -30])
def test_half_an_archive_is_refused(sound, cut):
    sound.write_bytes(sound.read_bytes()[:cut])
    assert "不是完整的备份文件" in refusal(sound)


@pytest.mark.parametrize("found", [[], {}, "x", {"format": 1}, None])
def test_a_manifest_of_something_else_is_refused(changed, found):
    assert changed(manifest=lambda _: found) == "清单的内容看不懂，不是明法的备份。"


@pytest.mark.parametrize(("name", "value"), [
    ("files", []), ("files", {SQLITE: ["1", "x"]}), ("files", {SQLITE: [-1, "x"]}), ("files", {}), ("counts", {"a": "b"}),
    ("migrations", [1]), ("vendor", "oracle"), ("vendor", "postgresql"), ("version", 1),
])  # fmt: skip
def test_a_manifest_with_a_part_of_the_wrong_kind_is_refused(changed, name, value):
    assert changed(manifest=lambda found: {**found, name: value}) == "清单的内容看不懂，不是明法的备份。"


def test_a_backup_in_a_later_form_says_what_to_do(changed):
    assert changed(manifest=lambda found: {**found, "format": 2}) == "这份备份来自更新的版本。请先更新明法，再恢复。"


def test_a_zip_of_something_else_is_refused(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("media/a.txt", b"x")
    assert refusal(path) == "里面没有清单（manifest.json），不是明法的备份。"
    assert "核对文件名" in refusal(tmp_path / "none.zip")


def test_an_archive_that_fails_leaves_no_file_at_all(tmp_path):
    with pytest.raises(FileNotFoundError), archive.writing(tmp_path / "new.zip") as writer:
        writer.add("media/a", tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []
