"""What goes wrong in a class, on real servers, and that nobody misses anything: for bench live_faults and the tests.

    made = begun(folder, people)                        before a server's clock looks at the class
    with Servers(folder, path) as servers:              two processes on one PostgreSQL, a Redis of their own
        run = Run(servers, made, events=60)
        asyncio.run(run.play(say=print))                every fault of FAULTS, one after the other
        run.lost()                                      acknowledged commands and answers the database does not hold
"""
import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from tests.servers import DataFolder, running_server

from .crowd import Crowd, Keys

# Run by manage.py shell.
BEGIN = "from bench.load.class_of import begin; begin({people})"
LOG = """
import json
from courses.live.models import Answer, Event
print(json.dumps({
    "events": list(Event.objects.order_by("seq").values_list("seq", "actor_key", "idem", "kind")),
    "answers": list(Answer.objects.values_list("item", "voter", "choice")),
}))
"""

def begun(folder: DataFolder, people: int) -> dict:
    """A class that has begun on this data: {"training": id, "trainer": keys, "cadres": keys of each}."""
    return json.loads(folder.manage("shell", "-v0", "-c", BEGIN.format(people=people)).splitlines()[-1])


class Redis:
    """A redis-server of its own on a free port, which forgets everything when it is killed."""

    def __init__(self, path: Path):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.path, self.process = path, None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [
            "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", str(self.path),
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise RuntimeError("redis-server does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Servers:
    """`count` processes of the product on one PostgreSQL and one Redis that can be made to fail."""

    def __init__(self, folder: DataFolder, path: Path, *, count: int = 2):
        self.folder, self.count, self.redis = folder, count, Redis(path)
        self.faults = path / "faults.json"
        self.ports: list[int] = [0] * count
        self.running: list = [None] * count

    def __enter__(self):
        if shutil.which("redis-server") is None:
            raise RuntimeError("no redis-server: apt-get install redis-server")
        self.fail()
        self.redis.start()
        with ThreadPoolExecutor(self.count) as pool:
            list(pool.map(self.start, range(self.count)))
        return self

    def __exit__(self, *_):
        for n in range(self.count):
            self.running[n][0].close()
        self.redis.kill()

    @property
    def urls(self) -> list[str]:
        return [server.url for _, server in self.running]

    def start(self, n: int) -> None:
        """Start the process, again on the port it had."""
        environment = {
            "DJANGO_SETTINGS_MODULE": "bench.load.faulty_settings", "FAULTS": str(self.faults), "REDIS_URL": self.redis.url,
        }  # fmt: skip
        stack = ExitStack()
        server = stack.enter_context(running_server(self.folder, "--port", str(self.ports[n]), **environment))
        self.ports[n] = int(server.url.rsplit(":", 1)[1])
        self.running[n] = (stack, server)

    def kill(self, n: int) -> None:
        self.running[n][1].kill()

    def restart(self, n: int) -> None:
        """After a kill -9, by us or by itself."""
        stack, server = self.running[n]
        server.process.wait(60)
        stack.close()
        self.start(n)

    def fail(self, **how) -> None:
        """What the channel layer does from now on (bench.load.faulty_layer)."""
        beside = self.faults.with_suffix(".new")
        beside.write_text(json.dumps(how))
        beside.replace(self.faults)


class Run:
    """One class on these servers and its people; half of them at each server, the trainer at the first."""

    def __init__(self, servers: Servers, made: dict, *, events: int, polls: int = 1):
        self.servers, self.events, self.polls = servers, events, polls
        path = f"/ws/live/{made['training']}/"
        cadres = [Keys(*one) for one in made["cadres"]]
        # Odd ones at the far server, where only hints and the database tell of the trainer.
        self.crowd = Crowd(path, cadres, servers.urls)
        self.desk = Crowd(path, [Keys(*made["trainer"])], servers.urls[:1], jitter=0.5, noted=self._noted)
        self.poll: dict = {}
        self.numbers = Counter()

    # --- the class ----------------------------------------------------------------------------------
    def _noted(self, phone, event):
        if event["kind"] == "poll.open":
            self.poll = event["data"]

    async def enter(self):
        await self.desk.enter()
        await self.crowd.enter()

    async def leave(self):
        await self.crowd.leave()
        await self.desk.leave()

    def say(self, cmd: str, data: dict) -> str:
        self.numbers[cmd] += 1
        idem = f"{cmd.replace('.', '-')}-{self.numbers[cmd]:012d}"
        self.desk.phones[0].say(cmd, data, idem)
        return idem

    async def told(self, idem: str) -> dict:
        """The receipt of a command of the trainer."""
        await self.desk.until(lambda phone: idem in phone.told)
        frame = self.desk.phones[0].told[idem]
        assert "ack" in frame, frame
        return frame

    async def ask(self):
        """Open a poll; every phone knows of it."""
        receipt = await self.told(self.say("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]}))
        await self.crowd.until(lambda phone: (phone.last or 0) >= receipt["seq"])
        await self.desk.until(lambda phone: (phone.last or 0) >= receipt["seq"])
        return self.poll["id"]

    async def answer(self, poll: str, seconds: float):
        """Everybody answers once, spread over the time."""
        pause = seconds / len(self.crowd.phones)
        for n, phone in enumerate(self.crowd.phones):
            phone.say("answer", {"id": poll, "choice": [n % 2]}, f"{poll}-answer-{n:06d}")
            await asyncio.sleep(pause)

    async def teach(self, label: str, seconds: float, at_half):
        """The trainer marks one moment after the other; half-way something happens."""
        for n in range(self.events):
            if n == self.events // 2:
                at_half()
            self.say("mark", {"text": f"{label} {n}"})
            await asyncio.sleep(seconds / self.events)

    async def quiet(self) -> float:
        """Wait until everything is acknowledged and everybody stands at the same number; the seconds it took."""
        began = time.monotonic()
        await self.desk.until(lambda phone: not phone.outbox)
        await self.crowd.until(lambda phone: phone.is_in and not phone.outbox)
        head = self.desk.phones[0].last
        await self.crowd.until(lambda phone: (phone.last or 0) >= head)
        for _ in range(400):
            if self.crowd.wrong == 0:
                break
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    # --- faults -------------------------------------------------------------------------------------
    async def play(self, *, faults=(), say=None) -> dict[str, dict]:
        """Each fault in turn: events and answers flow, it strikes half-way, and everybody ends at the same number."""
        await self.enter()
        found = {}
        for name in faults or FAULTS:
            phones = self.crowd.phones
            before = sum(phone.entered for phone in phones)
            strike, mend = FAULTS[name]
            for _ in range(self.polls):
                poll = await self.ask()
                seconds = max(2.0, self.events / 15)
                await asyncio.gather(self.answer(poll, seconds), self.teach(name, seconds, partial(strike, self)))
                if mend is not None:
                    await mend(self)
                took = await self.quiet()
                self.servers.fail()
            found[name] = {
                "wrong_clients": self.crowd.wrong, "gaps": sum(phone.gaps for phone in phones),
                "doubles": sum(phone.doubles for phone in phones),
                "reconnects": sum(phone.entered for phone in phones) - before, "quiet_s": round(took, 1),
                "head": self.desk.phones[0].last,
            }  # fmt: skip
            if say:
                say(name, found[name])
        await self.leave()
        return found

    def lost(self) -> dict[str, int]:
        """What was acknowledged, and how much of it the database does not hold exactly once."""
        log = json.loads(self.servers.folder.manage("shell", "-v0", "-c", LOG).splitlines()[-1])
        commands = Counter((seq, idem) for seq, _, idem, _ in log["events"] if idem)
        answers = Counter((item, voter, tuple(choice)) for item, voter, choice in log["answers"])
        acknowledged = [(frame["seq"], idem) for idem, frame in self.desk.phones[0].told.items() if "ack" in frame]
        given = [
            (idem.partition("-answer-")[0], f"u{phone.keys.user}", (int(idem[-6:]) % 2,))
            for phone in self.crowd.phones for idem, frame in phone.told.items() if "ack" in frame
        ]  # fmt: skip
        twice = Counter((key, idem) for _, key, idem, _ in log["events"] if idem)
        return {
            "commands": len(acknowledged), "answers": len(given),
            "refused": sum("refused" in frame for phone in self.crowd.phones for frame in phone.told.values()),
            "lost": sum(commands[one] != 1 for one in acknowledged) + sum(answers[one] != 1 for one in given),
            "twice": sum(times > 1 for times in twice.values()),
            "holes": len(log["events"]) - max(seq for seq, *_ in log["events"]),
        }  # fmt: skip


async def _restarted(run, n):
    await asyncio.to_thread(run.servers.restart, n)


async def _redis_back(run):
    await asyncio.sleep(1)
    await asyncio.to_thread(run.servers.redis.start)


# name: (what happens half-way, what mends it)
FAULTS = {
    "30 % of the hints lost": (lambda run: run.servers.fail(lose=0.3), None),
    "all hints lost": (lambda run: run.servers.fail(lose=1.0), None),
    "kill -9 of the far server": (lambda run: run.servers.kill(1), lambda run: _restarted(run, 1)),
    "kill -9 between commit and hint": (
        lambda run: run.servers.fail(die_at=f"kill -9 between commit and hint {run.events // 2 + 1}"),
        lambda run: _restarted(run, 0),
    ),
    "Redis restarted": (lambda run: run.servers.redis.kill(), _redis_back),
    "everybody reconnects at once": (lambda run: run.crowd.tear(), None),
}
