"""bench live_fanout: one event to every socket of a live training, against a plain consumer with a group.

    python3 run.py bench live_fanout [--quick]

1,000 sockets join a class on the real server; the trainer makes one event after the other, each through the log in
the database, and the next when everybody has the last and a moment has passed. The reference is the textbook consumer
(every socket a member of a group of the in-memory layer, no database) behind the same web server in the same run.
Figures are CPU of the server process. Then 5,000 sockets on the hub, two events a second, for the latency. Everybody
must have got every event once, in order. The phones are driven from this process by hand-written frames
(bench.load.crowd).
"""
import argparse
import asyncio
import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.crowd import Keys
from bench.load.faults import begun
from bench.load.live import fan_out

ROOT = Path(__file__).resolve().parents[1]
PAUSE = 0.04  # seconds between two events: a desk may say thirty things a second (courses.live.limits)
GOALS = {"of_the_reference": 0.1, "p95_s_5000": 0.5, "socket_kb": 35, "wrong_clients": 0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the events, no 5,000 sockets")
    quick = parser.parse_args().quick
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hash_ms = one_hash_ms()
    events = 20 if quick else 200
    with tempfile.TemporaryDirectory() as folder:
        print("1,000 sockets on the hub…", flush=True)
        found = {"hub": on_the_hub(Path(folder) / "hub", 1000, events)}
        print("1,000 sockets with a group…", flush=True)
        found["group"] = on_groups(Path(folder), 1000, events)
        if not quick:
            print("5,000 sockets on the hub, two events a second…", flush=True)
            found["hub 5000"] = on_the_hub(Path(folder) / "large", 5000, 60, pause=0.5)
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms (reference {REFERENCE_HASH_MS})")
    names = list(found["hub"])
    print(f"{'':14}" + "".join(f"{name:>14}" for name in names))
    for who, figures in found.items():
        print(f"{who:14}" + "".join(f"{figures[name]:>14}" for name in names))
    figures = {
        "hub_cpu_ms": found["hub"]["cpu_ms"], "group_cpu_ms": found["group"]["cpu_ms"],
        "of_the_reference": round(found["hub"]["cpu_ms"] / found["group"]["cpu_ms"], 3),
        "socket_kb": found["hub"]["socket_kb"],
        "wrong_clients": sum(one["wrong_clients"] for who, one in found.items() if who != "group"),
    }  # fmt: skip
    if not quick:
        figures["p95_s_5000"] = found["hub 5000"]["p95_s"]
    goals = {name: goal for name, goal in GOALS.items() if name in figures}
    print(f"\n{'figure':20}{'measured':>12}{'goal':>10}")
    for name, value in figures.items():
        print(f"{name:20}{value:>12}{goals.get(name, ''):>10}")
    met = all(figures[name] <= goal for name, goal in goals.items())
    said = {"bench": "live_fanout", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": goals, "met": met}
    print(json.dumps(said))
    return 0 if met else 1


def on_the_hub(path: Path, count: int, events: int, pause: float = PAUSE) -> dict:
    """The product's own server."""
    from tests.servers import DataFolder, running_server

    folder = DataFolder(path, base_url="").create()
    folder.manage("migrate", "-v0")
    made = begun(folder, count)
    keys = [Keys(*one) for one in (made["trainer"], *made["cadres"])]
    with running_server(folder) as server:
        address = f"/ws/live/{made['training']}/"
        return asyncio.run(fan_out(server.process.pid, server.url, address, keys, events=events, pause=pause))


def on_groups(path: Path, count: int, events: int) -> dict:
    """The reference, behind the same web server with the same settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "import django; django.setup(); import uvicorn; "
        f"uvicorn.run('bench.load.live:reference', port={port}, ws='websockets-sansio', ws_per_message_deflate=False, "
        "lifespan='off', log_level='error')"
    )
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "mingfa.settings", "MINGFA_DATA": str(path / "reference"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]), "REDIS_URL": "", "DATABASE_URL": "",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        url, nobody = f"http://127.0.0.1:{port}", [Keys("", "")] * (count + 1)
        return asyncio.run(fan_out(process.pid, url, "/ws/room/", nobody, events=events, pause=PAUSE))
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    sys.exit(main())
