"""A Janus of the test's own on free ports, with a configuration made here.

    with running_janus(folder) as janus:          janus.api is its HTTP address, janus.settings what the product needs
        janus.process.kill()
"""
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from courses.live.media.asking import NoAnswer, ask

SECRET, ADMIN = "janus-of-the-test", "makes-rooms"
CORE = """
general: {{ configs_folder = "{folder}" log_to_stdout = true admin_secret = "no" token_auth = true
  token_auth_secret = "{secret}" server_name = "test" }}
media: {{ rtp_port_range = "{first}-{last}" ipv6 = false }}
nat: {{ ignore_mdns = true }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
loggers: {{ }}
"""
HTTP = 'general: {{ json = "compact" base_path = "/janus" http = true port = {port} ip = "127.0.0.1" https = false }}\n'
ROOMS = 'general: {{ admin_key = "{admin}" lock_rtp_forward = true }}\n'


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def others(folder, kept):
    return ",".join(name for name in sorted(os.listdir(folder)) if name.endswith(".so") and kept not in name)


@dataclass(frozen=True)
class Running:
    api: str
    process: subprocess.Popen

    @property
    def settings(self):
        return {"JANUS_API": self.api, "JANUS_SECRET": SECRET, "JANUS_ADMIN_KEY": ADMIN}


@contextmanager
def running_janus(folder):
    program = shutil.which("janus")
    if not program:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no Janus found: apt-get install janus")
    port = free_port()
    lib = next(one for one in ("/usr/lib/x86_64-linux-gnu/janus", "/usr/lib/aarch64-linux-gnu/janus") if os.path.isdir(one))
    first = min(free_port(), 60000)
    values = {
        "folder": folder, "secret": SECRET, "port": port, "admin": ADMIN, "first": first,
        "last": first + 200, "plugins": others(f"{lib}/plugins", "videoroom"),
        "transports": others(f"{lib}/transports", "libjanus_http"),
    }  # fmt: skip
    for name, text in (("janus.jcfg", CORE), ("janus.transport.http.jcfg", HTTP), ("janus.plugin.videoroom.jcfg", ROOMS)):
        (folder / name).write_text(text.format(**values))
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([program, "-F", folder, "-N"], stdout=log, stderr=log)
    found = f"http://127.0.0.1:{port}/janus"
    try:
        for _ in range(200):
            with suppress(NoAnswer):
                ask(f"{found}/info")
                break
            assert process.poll() is None, (folder / "log").read_text()[-3000:]
            time.sleep(0.1)
        yield Running(found, process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
