"""bench public_quiz: 2,000 answers a minute of the public quiz, with its bars.

    python3 run.py bench public_quiz [--quick] [--sqlite | --postgres]

Starts its own server on throw-away data. People come evenly over a minute, each from one of 60 addresses, look at the
first question, answer, read, go on: four questions each. Waiting is measured from sending an answer to the whole page
with its explanation; CPU is that of the server (and of the database's processes) for one answer, with the page of the
question before it. At the end the counts must be those that were sent.
"""
import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.exam_day import REFERENCE_HASH_MS, ROOT, Host, free_port, one_hash_ms

BARS = {"answer_p95_ms": 500, "refused": 0, "lost": 0}
QUESTIONS, ADDRESSES = 4, 60
TURN = re.compile(r'name="turn" value="([^"]+)"')
NEXT = re.compile(r'href="\?t=([^"]+)"')


class QuizHost(Host):
    """A server with one quiz; the base class makes an exam, which nobody sits here."""

    def __init__(self, database: str):
        self.data, self.port = Path(tempfile.mkdtemp(prefix="mingfa-bench-")), free_port()
        self.env = {
            **os.environ, "MINGFA_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "mingfa.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        }  # fmt: skip
        self.database, self.name = database, f"mingfa_bench_{os.getpid()}_{free_port()}"
        self.env.pop("DATABASE_URL", None)
        if database == "postgres":
            self.psql("postgres", f'CREATE DATABASE "{self.name}"')
            self.env["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:5432/{self.name}"
        self.manage("migrate", "-v0")
        self.slug = self.manage("shell", "-v0", "-c", "from bench.load.quiz import make; print(make())").split()[-1]
        self.process = None

    def counted(self) -> int:
        code = "from outreach.models import Tally; print(sum(Tally.objects.values_list('number', flat=True)))"
        return int(self.manage("shell", "-v0", "-c", code).split()[-1])

    def cpu_ms(self) -> float:
        """User and system time of the server's process, and of the database's processes for this database."""
        pids = [self.process.pid]
        if self.database == "postgres":
            own = f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.name}'"
            pids += [int(pid) for pid in self.psql("postgres", own).split()]
        return sum(map(ticks_ms, pids))


def ticks_ms(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def visitor(session, address: str, delay: float, waits: list[float], refused: list[int]) -> None:
    """One person: four questions, a moment of thought at each."""
    await asyncio.sleep(delay)
    page = await fetch(session, "GET", address, refused)
    for place in range(QUESTIONS):
        turn = TURN.search(page)
        if not turn:
            refused.append(0)
            return
        began = time.perf_counter()
        page = await fetch(session, "POST", address, refused, {"turn": turn[1], "choice": random.choice("ABCD")})
        waits.append(1000 * (time.perf_counter() - began))
        if place + 1 < QUESTIONS:
            await asyncio.sleep(random.uniform(0.2, 2))
            following = NEXT.search(page)
            page = await fetch(session, "GET", f"{address}?t={following[1]}", refused) if following else ""


async def fetch(session, method: str, address: str, refused: list[int], data=None) -> str:
    async with session.request(method, address, data=data) as response:
        if response.status != 200:
            refused.append(response.status)
        return await response.text()


async def play(host: QuizHost, people: int, window: float) -> tuple[list[float], list[int]]:
    waits: list[float] = []
    refused: list[int] = []
    sessions = [
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(f"127.0.0.{2 + n}", 0), limit=0))
        for n in range(ADDRESSES)
    ]
    address = f"http://127.0.0.1:{host.port}/q/{host.slug}/"
    try:
        await asyncio.gather(*(
            visitor(sessions[n % ADDRESSES], address, window * n / people, waits, refused) for n in range(people)
        ))  # fmt: skip
    finally:
        for session in sessions:
            await session.close()
    return waits, refused


def measure(database: str, quick: bool) -> dict:
    people, window = (100, 12.0) if quick else (500, 60.0)
    host = QuizHost(database)
    try:
        host.start()
        asyncio.run(play(host, 8, 1.0))  # the first pages compile their templates
        before, known = host.cpu_ms(), host.counted()
        waits, refused = asyncio.run(play(host, people, window))
        cpu, counted = host.cpu_ms() - before, host.counted() - known
    finally:
        host.close()
    waits.sort()
    return {
        "answers": len(waits), "answer_p50_ms": round(waits[len(waits) // 2], 1),
        "answer_p95_ms": round(waits[int(len(waits) * 0.95)], 1), "answer_max_ms": round(waits[-1], 1),
        "cpu_ms_per_answer": round(cpu / len(waits), 2), "refused": len(refused), "lost": len(waits) - counted,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="400 answers in twelve seconds")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    both, hash_ms = options.sqlite == options.postgres, one_hash_ms()
    figures, met = {}, True
    for database in [name for name in ("sqlite", "postgres") if both or getattr(options, name)]:
        figures[database] = found = measure(database, options.quick)
        bars = {**BARS, "answer_p95_ms": round(BARS["answer_p95_ms"] * max(1.0, hash_ms / REFERENCE_HASH_MS))}
        print(f"\n{database:28}{'ours':>12}{'bar':>12}")
        for name, value in found.items():
            print(f"{name:28}{value:>12}{bars.get(name, ''):>12}")
        met &= all(found[name] <= bar for name, bar in bars.items())
    load = subprocess.run(["uptime"], capture_output=True, text=True).stdout.strip()
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms; {load}")
    print(json.dumps({"bench": "public_quiz", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": BARS, "met": met}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
