"""One round of the suite, in a pytest of its own. Needs nothing but Python: run.py starts it.

Tests of two browsers on two cores may starve each other, so a few failures run once more, alone.
"""
import re
import socket
import subprocess
import sys
from urllib.parse import urlsplit

# So many failures on a loaded machine may be a starved browser or clock and are run once more, alone; more are not.
FEW = 10
ONCE_MORE = ["--last-failed", "--last-failed-no-failures", "none"]
# A whole run uses both cores; one named test is quicker without the second process.
TWO_AT_A_TIME = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=25", "--max-worker-restart=1"]
CRASHED = "crashed while running"
# A whole second round leaves out what another database cannot change (tests/conftest.py says what, and how many).
SECOND, LEFT_OUT = ["--second-round"], "left out, "


def run(command, env, *, once_more):
    """Run pytest; with `once_more` a few failures run again alone, and those that pass then do not fail the round."""
    result, told = pytest(command, env)
    # After a crash (or a test that waited for ever) there may be tests that nobody ran.
    if result != 1 or not once_more or failures(told[-1]) > FEW or CRASHED in told:
        return result, told
    print("▸ 没有通过的单独再跑一遍 / what failed runs once more, alone", flush=True)
    result, again = pytest([part for part in command if part not in TWO_AT_A_TIME] + ONCE_MORE, env)
    return result, [*told, f"单独再跑一遍 / once more, alone: {again[-1]}"]


def failures(last):
    """How many tests failed by the closing line of pytest; the same test may count twice (failed, error)."""
    return sum(int(count) for count in re.findall(r"(\d+) (?:failed|error)", last))


def pytest(command, env):
    """Run pytest, passing its output on; returns its exit code, whether it crashed, what was left out, its closing line."""
    color = ["--color=yes"] if sys.stdout.isatty() else []
    tail = b""
    with subprocess.Popen([str(part) for part in command + color], env=env, stdout=subprocess.PIPE) as process:
        while chunk := process.stdout.read1(65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            tail = (tail + chunk)[-4000:]
    lines = re.sub(rb"\x1b\[[0-9;]*m", b"", tail).decode("utf-8", "replace").strip().splitlines()
    crashed = [CRASHED] if any(CRASHED in line for line in lines) else []
    return process.returncode, [*crashed, *(line for line in lines if line.startswith(LEFT_OUT)), *(lines[-1:] or ["no output"])]


def answers(url):
    """Whether something listens at the address."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=2):
            return True
    except OSError:
        return False
