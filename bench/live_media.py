"""bench live_media: CPU of one pushed viewer of a class, and of the stream that comes in.

    python3 run.py bench live_media [--quick]

One trainer's socket sends a stream like a browser's (a fragment of a second, about 400 kbit/s) at the speed of the
clock; N raw sockets watch. Figures are CPU of the server process, in percent of one core and per viewer. TLS is not in
them (nginx does it in a real deployment), nor are decoding and players: the viewers only count bytes. Every viewer must
get every fragment.
"""
import argparse
import asyncio
import contextlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.live import _open, cpu, resident

GOALS = {"percent_per_viewer": 0.026, "missing": 0}
# 1/20 of what a subscriber of Janus VideoRoom cost at 455 kbit/s where it was measured: 0.53 % of a core.
SECONDS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="21 and 100 viewers only")
    quick = parser.parse_args().quick
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hash_ms = one_hash_ms()
    with tempfile.TemporaryDirectory() as folder:
        rows = run(Path(folder), (0, 21, 100) if quick else (0, 100, 500))
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms (reference {REFERENCE_HASH_MS})")
    names = list(rows[0])
    print("".join(f"{name:>14}" for name in names))
    for row in rows:
        print("".join(f"{row[name]:>14}" for name in names))
    last, none = rows[-1], rows[0]
    figures = {
        "viewers": last["viewers"], "kbit_s": last["kbit_s"],
        "percent_per_viewer": round((last["cpu_percent"] - none["cpu_percent"]) / last["viewers"], 4),
        "ingest_percent": none["cpu_percent"], "missing": sum(row["missing"] for row in rows),
    }  # fmt: skip
    met = all(figures[name] <= goal for name, goal in GOALS.items())
    print(json.dumps({"bench": "live_media", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": GOALS, "met": met}))
    return 0 if met else 1


def run(path: Path, counts) -> list[dict]:
    from tests.live.test_media_sockets import PREPARE
    from tests.servers import DataFolder, running_server

    folder = DataFolder(path, base_url="").create()
    print("preparing the database…", flush=True)
    folder.manage("migrate", "-v0")
    room = json.loads(folder.manage("shell", "-v0", "-c", PREPARE).splitlines()[-1])
    with running_server(folder) as server:
        rows = []
        for count in counts:
            print(f"{count} viewers, {SECONDS} seconds…", flush=True)
            rows.append(asyncio.run(measure(server, room, count)))
        return rows


async def measure(server, room, count: int) -> dict:
    from tests.live.stream import fragment, init
    from tests.live.test_media_sockets import MIME

    url = f"{server.socket_url}/ws/live/{room['training']}/"
    (teacher, own), (phone, ticket) = room["keys"]["trainer"], room["keys"]["cadre"]
    before = resident(server.process.pid)
    viewers = [await _open(f"{url}watch/", server.url, phone, {"ticket": ticket}) for _ in range(count)]
    trainer = await _open(f"{url}publish/", server.url, teacher, {"ticket": own, "take": 0, "mime": MIME})
    seen = [0] * count
    readers = [asyncio.create_task(read(line, seen, place)) for place, line in enumerate(viewers)]
    drain = asyncio.create_task(read(trainer, [0], 0))
    await trainer.send(init())
    await asyncio.sleep(2)
    sent, spent, began = 0, cpu(server.process.pid), time.perf_counter()
    for number in range(SECONDS):
        data = fragment(number, size=3200)
        for at in range(0, len(data), 13_000):  # a quarter of a second each, as the recorder gives it
            await trainer.send(data[at : at + 13_000])
            sent += len(data[at : at + 13_000])
            await asyncio.sleep(max(0, began + sent / len(data) - time.perf_counter()))
    await asyncio.sleep(1)
    took = time.perf_counter() - began
    spent = cpu(server.process.pid) - spent
    await trainer.send('{"end":1}')
    row = {
        "viewers": count, "kbit_s": round(sent * 8 / SECONDS / 1000), "cpu_percent": round(100 * spent / took, 2),
        "of_it_each": round(100 * spent / took / count, 4) if count else "", "missing": sum(SECONDS - one for one in seen),
        "rss_mb": round((resident(server.process.pid) - before) / 2**20, 1),
    }  # fmt: skip
    for task in (*readers, drain):
        task.cancel()
    await asyncio.gather(trainer.close(), *(line.close() for line in viewers))
    await asyncio.sleep(2)
    return row


async def read(line, seen, place):
    with contextlib.suppress(Exception):
        async for frame in line:
            seen[place] += isinstance(frame, bytes) and frame[4:8] == b"moof"


if __name__ == "__main__":
    sys.exit(main())
