"""bench exam_day: the exam day of bench/load/exam_day.py against this product, with its bars.

    python3 run.py bench exam_day [--quick] [--postgres] [--sqlite]

Starts its own server on throw-away data (SQLite and, where one answers, PostgreSQL), plays sittings, saves,
starts and hand-ins, and prints a table of server CPU (web and database processes, user + system) per step.
"""
import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE / "load"), str(ROOT), str(ROOT / "platform")]

import exam_day as driver  # noqa: E402  (bench/load, not this file: it stands first on the path)

PEER = {"sitting_cpu_ms": 800, "save_cpu_ms": 26, "start_cpu_ms": 180, "hand_in_cpu_ms": 297, "growth_kb": 35}
BARS = {
    "sitting_cpu_ms": 80, "save_cpu_ms": 3, "save_statements": 4, "start_cpu_ms": 30, "hand_in_cpu_ms": 30,
    "growth_kb": 8, "errors": 0,
}  # fmt: skip
REFERENCE_HASH_MS = 23
QUESTIONS = 20
MORE_THAN_COME = 100_000  # starts a minute: the waiting room looks, and nobody waits


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def one_hash_ms() -> float:
    """CPU ms of one argon2id hash (19 MiB, t=2, p=1) on this machine, median of nine."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    times = []
    for _ in range(9):
        t = time.process_time()
        hasher.hash("Bench-2026-mingfa")
        times.append(1000 * (time.process_time() - t))
    return sorted(times)[4]


class Host:
    """A server of this product on throw-away data; `features`: with everything switched on that an exam may."""

    def __init__(self, database: str, candidates: int, features: bool = False):
        self.data = Path(tempfile.mkdtemp(prefix="mingfa-bench-"))
        self.port = free_port()
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
        made = self.manage("shell", "-v0", "-c", f"from bench.load.people import make; make({candidates})")
        self.exam = made.strip().splitlines()[-1]
        if features:
            self.manage("shell", "-v0", "-c", f"from bench.load.people import switch_on; switch_on({self.exam})")
            self.env["EXAM_STARTS_PER_MINUTE"] = str(MORE_THAN_COME)
        self.process = None

    def psql(self, database: str, sql: str) -> str:
        command = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-d", database, "-Atc", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--no-demo"]
        log = (self.data / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        for _ in range(600):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                raise SystemExit((self.data / "server.log").read_text())
            time.sleep(0.1)
        raise SystemExit("the server did not start")

    def target(self) -> dict:
        groups = {"web": {"pid": self.process.pid}}
        if self.database == "postgres":
            groups["db"] = {"pidfile": self.psql("postgres", "SHOW data_directory").strip() + "/postmaster.pid"}
            size = f"psql -h 127.0.0.1 -U postgres -d {self.name} -Atc 'SELECT pg_database_size(current_database())'"
        else:
            size = (
                f"{sys.executable} -c \"import sqlite3;c=sqlite3.connect('{self.data / 'mingfa.sqlite3'}');"
                "print(c.execute('pragma page_count').fetchone()[0]*c.execute('pragma page_size').fetchone()[0])\""
            )
        return {
            "name": f"mingfa {self.database}", "adapter": f"{HERE / 'mingfa_adapter.py'}:Mingfa",
            "base": f"http://127.0.0.1:{self.port}", "user": "bench{n:04d}", "password": "Bench-2026-mingfa",
            "groups": groups, "db_bytes": size,
        }  # fmt: skip

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        if self.database == "postgres":
            self.psql("postgres", f'DROP DATABASE "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.data, ignore_errors=True)


def scenario(host: Host, name: str, first: int, **options) -> dict:
    defaults = {"timeout": 120, "concurrency": 16, "window": 10.0}
    arguments = SimpleNamespace(exam=host.exam, first=first, **{**defaults, **options})
    return asyncio.run(play(host, name, arguments))


async def play(host, name, arguments):
    run = driver.Run(host.target(), arguments)
    try:
        if name == "saves":
            return await saves(run)
        return await getattr(run, name)()
    finally:
        await run.close()


async def saves(run):
    """CPU of one save: candidates with an open paper change one answer after another, without pause."""
    import random

    ready = await run.prepared(run.args.candidates, "saved")
    out = {}

    async def one(c):
        rng = random.Random(c.n)
        for _ in range(run.args.each):
            driver.change_one(c.paper, c.sheet, rng)
            await run.adapter.save(c, {name: list(options) for name, options in c.sheet.items()})

    async with driver.measured(run.server, run.clock, out, "save"):
        await asyncio.gather(*(one(c) for c in ready))
    return out


def save_statements(host: Host) -> int:
    """Statements of one save with BEGIN and COMMIT, counted on the connection of the real view."""
    code = f"from bench.load.people import count_save_statements; print(count_save_statements({host.exam}))"
    return int(host.manage("shell", "-v0", "-c", code).strip().splitlines()[-1])


def measure(database: str, quick: bool) -> dict:
    sittings, each = (60, 30) if quick else (200, 120)
    print(f"\n== {database} ==", flush=True)
    host = Host(database, candidates=sittings * 2 + 80)
    try:
        statements = save_statements(host)
        host.start()
        warm = scenario(host, "sit", 1, sittings=16)
        print(f"  warm-up: {warm['done']} sittings", flush=True)
        sit = scenario(host, "sit", 17, sittings=sittings)
        print(f"  {sit['done']} sittings at 16, {sit['server_cpu_ms_each']} ms CPU each", flush=True)
        save = scenario(host, "saves", 17 + sittings, candidates=16, each=each)
        burst = min(sittings, 100) // 2
        start = scenario(host, "starts", 40 + sittings, candidates=burst)
        hand_in = scenario(host, "submits", 40 + sittings + burst, candidates=burst)
    finally:
        host.close()
    return {
        "sitting_cpu_ms": sit["server_cpu_ms_each"],
        "save_cpu_ms": save["server_cpu_ms_each"],
        "save_statements": statements,
        "start_cpu_ms": start["server_cpu_ms_each"],
        "hand_in_cpu_ms": hand_in["server_cpu_ms_each"],
        "growth_kb": round(sit["db_bytes"] / sit["done"] / 1000, 2),
        "errors": sum(sum(one["errors"].values()) for one in (warm, sit, save, start, hand_in)),
        "sittings": sit["done"],
        "steps": sit["steps"],
        "start_p95_ms": start["steps"]["press to paper"]["p95_ms"],
        "hand_in_p95_ms": hand_in["steps"]["press to result"]["p95_ms"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer sittings, under a minute after set-up")
    parser.add_argument("--postgres", action="store_true", help="only PostgreSQL")
    parser.add_argument("--sqlite", action="store_true", help="only SQLite")
    options = parser.parse_args()
    chosen = [name for name in ("sqlite", "postgres") if getattr(options, name)] or ["sqlite", "postgres"]
    hash_ms = one_hash_ms()
    scale = max(1.0, hash_ms / REFERENCE_HASH_MS)
    figures = {name: measure(name, options.quick) for name in chosen}
    goals = {name: round(bar * scale, 1) if name.endswith("cpu_ms") else bar for name, bar in BARS.items()}
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms; bars × {scale:.2f}")
    print(f"{'':18}{'Moodle 5.1':>12}" + "".join(f"{name:>12}" for name in chosen) + f"{'bar':>10}")
    for name, bar in goals.items():
        cells = "".join(f"{figures[one][name]:>12}" for one in chosen)
        print(f"{name:18}{PEER.get(name, ''):>12}{cells}{bar:>10}")
    met = all(figures[one][name] <= bar for one in chosen for name, bar in goals.items())
    print(json.dumps({"bench": "exam_day", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": goals,
                      "met": met}))  # fmt: skip
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
