"""bench live_idle: 2,000 idle sockets of a class, and whether people can still start an exam beside them (LD4).

    python3 run.py bench live_idle [--quick]

One server on throw-away data (SQLite). People start an exam within ten seconds; then the sockets of a class come in and
stay without a word, and as many others start the exam. Figures: memory of the server process for each idle socket, CPU of
one start without and with them, errors of the starts, sockets that were lost meanwhile.
"""
import argparse
import asyncio
import contextlib
import json
import resource
import sys

from bench.exam_day import REFERENCE_HASH_MS, Host, one_hash_ms, scenario
from bench.load.crowd import Crowd, Keys
from bench.load.faults import BEGIN
from bench.load.live import resident

GOALS = {"socket_kb": 35, "start_with_of_without": 1.3, "errors": 0, "lost": 0}
PEOPLE = 500  # who have a socket: some have several pages open


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="500 sockets, 20 starts")
    quick = parser.parse_args().quick
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hash_ms = one_hash_ms()
    sockets, starts = (500, 20) if quick else (2000, 60)
    figures = run(sockets, starts)
    print(f"\n{'figure':28}{'measured':>12}{'goal':>10}   (argon2id {hash_ms:.1f} ms, reference {REFERENCE_HASH_MS})")
    for name, value in figures.items():
        print(f"{name:28}{value:>12}{GOALS.get(name, ''):>10}")
    met = all(figures[name] <= goal for name, goal in GOALS.items())
    print(json.dumps({"bench": "live_idle", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": GOALS, "met": met}))
    return 0 if met else 1


def run(sockets: int, starts: int) -> dict:
    host = Host("sqlite", candidates=8 + 2 * starts)
    try:
        made = json.loads(host.manage("shell", "-v0", "-c", BEGIN.format(people=PEOPLE)).splitlines()[-1])
        host.start()
        scenario(host, "sit", 1, sittings=8)
        print(f"{starts} people start an exam…", flush=True)
        without = scenario(host, "starts", 9, candidates=starts)
        return asyncio.run(beside(host, made, sockets, without, starts))
    finally:
        host.close()


async def beside(host: Host, made: dict, sockets: int, without: dict, starts: int) -> dict:
    """The same with the sockets open; `without`: what the driver measured before."""
    url = f"http://127.0.0.1:{host.port}"
    people, path = [Keys(*one) for one in made["cadres"]], f"/ws/live/{made['training']}/"
    first = Crowd(path, people[:20], [url])
    await first.enter()  # the room itself takes memory once
    await first.leave()
    before = resident(host.process.pid)
    crowd = Crowd(path, people * (sockets // PEOPLE), [url])
    await crowd.enter()
    taken = (resident(host.process.pid) - before) / sockets
    print(f"{sockets} sockets are open; {starts} others start the exam…", flush=True)
    then = await asyncio.to_thread(scenario, host, "starts", 9 + starts, candidates=starts)
    lost = sum(phone.lost.done() for phone in crowd.phones)
    await crowd.leave()
    return {
        "sockets": sockets, "socket_kb": round(taken / 1000, 1), "lost": lost,
        "start_cpu_ms_without": without["server_cpu_ms_each"], "start_cpu_ms_with": then["server_cpu_ms_each"],
        "start_with_of_without": round(then["server_cpu_ms_each"] / without["server_cpu_ms_each"], 2),
        "start_p95_ms_with": then["steps"]["press to paper"]["p95_ms"],
        "errors": sum(sum(one["errors"].values()) for one in (without, then)),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
