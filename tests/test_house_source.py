"""What the tree itself promises: clean code, no addresses of package sources, pages without inline code."""
import re
import subprocess
import sys

import pytest

from tests.servers import ROOT

REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "npm" + "mirror"]


def files(*patterns):
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_ruff_finds_nothing():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "."], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host):
    assert [path.name for path in files() if host in path.read_text("utf-8", errors="ignore")] == []


def test_no_lock_holds_an_address():
    locks = files("requirements", "package-lock.json", ".npmrc")
    assert len(locks) > 5
    assert [path.name for path in locks if "://" in path.read_text("utf-8")] == []


def test_every_python_package_is_locked_by_hash():
    for path in files("requirements/*.txt"):
        packages = re.findall(r"^[\w.-]+(?:\[[^]]*\])?==", path.read_text(), re.MULTILINE)
        hashed = re.findall(r"^[\w.-]+(?:\[[^]]*\])?==[^\n]*\\\n    --hash=sha256:", path.read_text(), re.MULTILINE)
        assert (path.name, len(hashed)) == (path.name, len(packages))


INLINE = re.compile(r"<script(?![^>]*(?:src=|type=\"application/json\"))|<style|\sstyle=|\son\w+=[\"']|javascript:")
FOREIGN = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//")


def test_no_page_carries_inline_code_or_calls_another_host():
    found = []
    for path in files("templates/**.html", "*/templates/**.html"):
        text = path.read_text("utf-8")
        found += [f"{path.relative_to(ROOT)}: {m[0]}" for m in [*INLINE.finditer(text), *FOREIGN.finditer(text)]]
    assert found == []
