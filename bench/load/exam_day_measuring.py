"""What the exam-day driver measures: durations by step, and CPU, memory and stores of the system under test."""
import asyncio
import contextlib
import os
import resource
import subprocess
import time

import aiohttp
from exam_day_adapter import StepFailed

TICK = os.sysconf("SC_CLK_TCK")


class Clock:
    """Durations by step, and counts, of one run."""

    def __init__(self):
        self.on_step = None
        self.reset()

    def reset(self):
        self.times, self.errors, self.requests, self.bytes = {}, {}, 0, 0

    @contextlib.contextmanager
    def step(self, name):
        t = time.perf_counter()
        before = (self.requests, self.bytes)
        try:
            yield
        except (TimeoutError, StepFailed, aiohttp.ClientError, OSError) as e:
            key = f"{name}: {type(e).__name__}: {str(e)[:120]}"
            self.errors[key] = self.errors.get(key, 0) + 1
            raise StepFailed(key) from e
        d = time.perf_counter() - t
        self.times.setdefault(name, []).append(d)
        if self.on_step:
            self.on_step(name, d, self.requests - before[0], self.bytes - before[1])

    def add(self, name, seconds):
        self.times.setdefault(name, []).append(seconds)

    def exchange(self, n):
        self.requests += 1
        self.bytes += n

    def table(self):
        return {name: quantiles(ds) for name, ds in self.times.items()}


def quantiles(ds):
    s = sorted(ds)

    def at(p):
        return round(1000 * s[min(len(s) - 1, int(p * len(s)))], 1)
    return {"n": len(s), "p50_ms": at(.50), "p95_ms": at(.95), "p99_ms": at(.99),
            "max_ms": round(1000 * s[-1], 1), "mean_ms": round(1000 * sum(s) / len(s), 1)}


class Server:
    """CPU, memory and stores of the system under test."""

    def __init__(self, target):
        self.target, self.peak_pss, self.peak_rss = target, {}, {}

    def roots(self, group):
        g = self.target["groups"][group]
        if "pid" in g:
            return [int(g["pid"])]
        try:
            with open(g["pidfile"]) as f:
                return [int(f.readline())]
        except (OSError, ValueError):
            return []

    @staticmethod
    def processes():
        out = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", "rb") as f:
                        s = f.read().rpartition(b")")[2].split()
                except OSError:
                    continue
                out[int(name)] = (int(s[1]), sum(map(int, s[11:15])) / TICK)
        return out

    def tree(self, group, procs=None):
        procs = procs or self.processes()
        kids = {}
        for pid, (ppid, _) in procs.items():
            kids.setdefault(ppid, []).append(pid)
        todo, seen = [p for p in self.roots(group) if p in procs], []
        while todo:
            p = todo.pop()
            seen.append(p)
            todo += kids.get(p, [])
        return seen

    def cpu(self):
        procs = self.processes()
        return {g: sum(procs[p][1] for p in self.tree(g, procs)) for g in self.target["groups"]}

    def sample_memory(self):
        procs = self.processes()
        for g in self.target["groups"]:
            pss = rss = 0
            for p in self.tree(g, procs):
                try:
                    with open(f"/proc/{p}/smaps_rollup") as f:
                        for line in f:
                            if line.startswith("Pss:"):
                                pss += int(line.split()[1])
                            elif line.startswith("Rss:"):
                                rss += int(line.split()[1])
                except OSError:
                    pass
            self.peak_pss[g] = max(self.peak_pss.get(g, 0), pss)
            self.peak_rss[g] = max(self.peak_rss.get(g, 0), rss)

    def number(self, name):
        cmd = self.target.get(name)
        if not cmd:
            return None
        return int(subprocess.run(cmd, shell=True, capture_output=True, text=True, check=True).stdout.strip())

    @staticmethod
    def machine_busy():
        with open("/proc/stat") as f:
            v = list(map(int, f.readline().split()[1:]))
        return (sum(v[:8]) - v[3] - v[4]) / TICK


@contextlib.asynccontextmanager
async def measured(server, clock, out, per=None):
    """Fills out with what the block cost.  per: the clock step whose count is the divisor."""
    stores = {k: server.number(k) for k in ("db_bytes", "sql_calls", "disk_bytes")}
    stop = asyncio.Event()

    async def sampler():
        while not stop.is_set():
            server.sample_memory()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), 3)
    me0 = resource.getrusage(resource.RUSAGE_SELF)
    cpu0, busy0, t0 = server.cpu(), server.machine_busy(), time.perf_counter()
    task = asyncio.create_task(sampler())
    try:
        yield
    finally:
        wall = time.perf_counter() - t0
        cpu1, busy1 = server.cpu(), server.machine_busy()
        me1 = resource.getrusage(resource.RUSAGE_SELF)
        stop.set()
        await task
        driver = (me1.ru_utime + me1.ru_stime) - (me0.ru_utime + me0.ru_stime)
        cpu = {g: round(cpu1[g] - cpu0[g], 2) for g in cpu1}
        total = sum(cpu.values())
        n = len(clock.times.get(per, [])) if per else 0
        out.update(wall_s=round(wall, 2), server_cpu_s=cpu, server_cpu_total_s=round(total, 2),
                   driver_cpu_s=round(driver, 2),
                   others_cpu_s=round(max(0, busy1 - busy0 - total - driver), 2),
                   requests=clock.requests, body_bytes=clock.bytes,
                   peak_pss_mib={g: round(v / 1024, 1) for g, v in server.peak_pss.items()},
                   peak_rss_sum_mib={g: round(v / 1024, 1) for g, v in server.peak_rss.items()},
                   steps=clock.table(), errors=clock.errors)
        if n:
            out.update(done=n, per_s=round(n / wall, 3), server_cpu_ms_each=round(1000 * total / n, 2),
                       driver_cpu_ms_each=round(1000 * driver / n, 2))
        for k, v in stores.items():
            if v is not None:
                d = server.number(k) - v
                out[k] = d
                if n:
                    out[k + "_each"] = round(d / n, 1)
