"""bench rush: the last hour of an exam on PostgreSQL, with its bars.

    python3 run.py bench rush [--quick]

Starts its own server on throw-away data. 1,000 people who have signed in beforehand start within a minute and hand in
within a minute; then 200 start and 200 hand in within ten seconds; then the server is killed with -9 while people
save, and started again. The exam has all that an exam may switch on: venue with code and network, slot, a condition,
leaving noted, the waiting room looking. CPU per step is measured as in bench exam_day, with the sharper bars of this bench.
"""
import argparse
import asyncio
import contextlib
import json
import resource
import sys
import threading
from types import SimpleNamespace

from bench.exam_day import PEER, REFERENCE_HASH_MS, Host, driver, one_hash_ms, scenario

BARS = {
    "sitting_cpu_ms": 60, "start_cpu_ms": 15, "hand_in_cpu_ms": 20, "save_cpu_ms": 2,
    "rush_start_p95_ms": 3000, "rush_hand_in_p95_ms": 3000, "burst_start_p95_ms": 2000, "burst_hand_in_p95_ms": 2000,
    "refused": 0, "paper_back_s": 10, "lost_papers": 0,
}  # fmt: skip
OPEN_FILES = 8192


class Sizes:
    """How many people each part of the day takes; nobody sits twice."""

    def __init__(self, quick: bool):
        self.warm, self.sittings, self.saving = 16, 40 if quick else 200, 16
        self.rush, self.window = (120, 7.2) if quick else (1000, 60.0)
        self.burst, self.burst_window = (40, 2.0) if quick else (200, 10.0)
        self.killed = 20 if quick else 60

    @property
    def people(self) -> int:
        return self.warm + self.sittings + self.saving + self.rush + 2 * self.burst + self.killed


def run_of(host: Host, first: int, **options) -> driver.Run:
    return driver.Run(host.target(), SimpleNamespace(exam=host.exam, first=first, timeout=120, **options))


async def rush(host: Host, first: int, count: int, window: float) -> tuple[dict, dict]:
    """Everybody starts within `window` seconds, answers, and hands in within `window` seconds.

    Returns:
        what the driver measured of starting and of handing in.
    """
    run = run_of(host, first, window=window)
    try:
        ready = await run.prepared(count, "open")
        print(f"  {len(ready)} people have signed in", flush=True)

        async def start(c):
            c.paper = await run.adapter.start(c)

        started = await run.storm(ready, start, "press to paper")
        run.clock.reset()
        sitting = [c for c in ready if c.paper]
        for c in sitting:
            *_, c.sheet = driver.plan(c.paper, driver.random.Random(c.n))
            await run.adapter.save(c, c.sheet)
        run.clock.reset()

        async def hand_in(c):
            await run.adapter.submit(c, c.sheet)
            await run.adapter.result(c)

        return started, await run.storm(sitting, hand_in, "press to result")
    finally:
        await run.close()


async def kill(host: Host, first: int, count: int) -> dict:
    """kill -9 while `count` people save without pause; the service manager's part is played by a thread."""
    target = {**host.target(), "victims": {"web": {"group": "web", "scope": "tree"}}}
    options = SimpleNamespace(exam=host.exam, first=first, timeout=60, window=3.0, candidates=count, victim="web")
    run = driver.Run(target, options)
    restarting = threading.Thread(target=lambda: (host.process.wait(), host.start()))
    restarting.start()
    try:
        return await run.kill()
    finally:
        await run.close()
        restarting.join()


def measure(sizes: Sizes) -> dict:
    host = Host("postgres", candidates=sizes.people, features=True)
    at = 1

    def next_people(count: int) -> int:
        nonlocal at
        at += count
        return at - count

    try:
        host.start()
        warm = scenario(host, "sit", next_people(sizes.warm), sittings=sizes.warm)
        sit = scenario(host, "sit", next_people(sizes.sittings), sittings=sizes.sittings)
        print(f"  {sit['done']} sittings at 16: {sit['server_cpu_ms_each']} ms CPU each", flush=True)
        save = scenario(host, "saves", next_people(sizes.saving), candidates=sizes.saving, each=60)
        started, handed_in = asyncio.run(rush(host, next_people(sizes.rush), sizes.rush, sizes.window))
        print(f"  rush: {started.get('done')} started, {handed_in.get('done')} handed in", flush=True)
        burst = {"candidates": sizes.burst, "window": sizes.burst_window}
        starts = scenario(host, "starts", next_people(sizes.burst), **burst)
        hand_ins = scenario(host, "submits", next_people(sizes.burst), **burst)
        killed = asyncio.run(kill(host, next_people(sizes.killed), sizes.killed))
    finally:
        host.close()
    steps = (warm, sit, save, started, handed_in, starts, hand_ins)
    for message in sorted({message for one in steps for message in one["errors"]}):
        print(f"  {message}", flush=True)
    refused = sum(sum(one["errors"].values()) for one in steps)
    return {
        "sitting_cpu_ms": sit["server_cpu_ms_each"],
        "start_cpu_ms": starts["server_cpu_ms_each"],
        "hand_in_cpu_ms": hand_ins["server_cpu_ms_each"],
        "save_cpu_ms": save["server_cpu_ms_each"],
        "rush_start_p95_ms": started["steps"]["press to paper"]["p95_ms"],
        "rush_hand_in_p95_ms": handed_in["steps"]["press to result"]["p95_ms"],
        "burst_start_p95_ms": starts["steps"]["press to paper"]["p95_ms"],
        "burst_hand_in_p95_ms": hand_ins["steps"]["press to result"]["p95_ms"],
        "refused": refused + 2 * sizes.rush - started.get("done", 0) - handed_in.get("done", 0),
        "paper_back_s": killed["paper_back_after_s"]["last"],
        "lost_papers": killed["papers_that_lost_an_acked_save"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the people in a tenth of the time")
    sizes = Sizes(parser.parse_args().quick)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        # A connection a person at both ends; the server started from here inherits the limit.
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most) if most > 0 else OPEN_FILES, most))
    hash_ms = one_hash_ms()
    scale = max(1.0, hash_ms / REFERENCE_HASH_MS)
    figures = measure(sizes)
    goals = {name: round(bar * scale, 1) if name.endswith("cpu_ms") else bar for name, bar in BARS.items()}
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms; CPU bars × {scale:.2f}")
    print(f"{'':22}{'Moodle 5.1':>12}{'ours':>12}{'bar':>10}")
    for name, bar in goals.items():
        print(f"{name:22}{PEER.get(name, ''):>12}{figures[name]:>12}{bar:>10}")
    met = all(figures[name] <= bar for name, bar in goals.items())
    print(json.dumps({"bench": "rush", "argon2id_ms": round(hash_ms, 1), "people": sizes.rush, "figures": figures,
                      "goals": goals, "met": met}))  # fmt: skip
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
