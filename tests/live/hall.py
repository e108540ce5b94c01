"""A hall's laptop for tests: the zip unpacked on the disk, its data, and files sealed as its page seals them."""
import io
import json
import zipfile
from datetime import timedelta

from courses.live import actions
from courses.live.board.hall import FORMAT, code_of, seal
from courses.live.offline import pack

from .scene import NOW

CLASS = NOW + timedelta(hours=26)  # the hall plays it a day later


def milliseconds(moment) -> int:
    return round(moment.timestamp() * 1000)


class Laptop:
    """One download of a venue's bundle."""

    def __init__(self, scene, place=0, run="run-1"):
        self.scene, self.venue, self.run = scene, scene.venues[place], run
        self.bundle = actions.make_bundle(self.venue, actor=scene.teaching, now=NOW)
        self.zip = zipfile.ZipFile(io.BytesIO(pack(self.bundle)))

    @property
    def data(self) -> dict:
        script = self.zip.read(next(name for name in self.zip.namelist() if name.endswith("data.js"))).decode()
        return json.loads(script.removeprefix("window.mfHall = ").rstrip(";\n"))

    def code(self, user) -> str:
        return code_of(self.bundle.key, user.pk)

    def told(self, *signed, at=CLASS + timedelta(minutes=2), heads=None, answers=None, **more) -> dict:
        return {
            "bundle": self.bundle.number, "training": self.scene.training.pk, "venue": self.venue.pk, "run": self.run,
            "began_at": milliseconds(CLASS), "ended_at": None, "heads": heads,
            "ticks": {self.code(user): milliseconds(at) for user in signed}, "answers": answers or {}, **more,
        }  # fmt: skip

    def file(self, *signed, key=None, **more) -> bytes:
        payload = json.dumps(self.told(*signed, **more), ensure_ascii=False)
        mac = seal(key or self.bundle.key, payload)
        return json.dumps({"format": FORMAT, "bundle": self.bundle.number, "payload": payload, "mac": mac}).encode()

    def unpack(self, folder):
        """The address of the page on the disk."""
        self.zip.extractall(folder)
        return next(folder.rglob("index.html")).as_uri()
