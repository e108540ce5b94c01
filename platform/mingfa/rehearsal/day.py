"""The exam day of a rehearsal: sign in, start at a growing rate until the host is full, hand in at once."""
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .crowd import PASSWORD
from .host import Host
from .player import Failed, Player

HANDS = 32  # people whose requests are under way at the same moment
SLOWEST_MS = 3000  # 95 of 100 have their paper by then, or the host counts as full
STEP_SECONDS = 8
FIRST_RATE = 120  # starts a minute
FULL_SITTINGS = 32

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Step:
    """One rate. rate: starts a minute asked for; done: how many of `people` got their paper; p95_ms of those.

    slowest_ms: what it may be at most.
    """

    rate: int
    people: int
    done: int
    p95_ms: int
    slowest_ms: int = SLOWEST_MS

    @property
    def carried(self) -> bool:
        return self.done == self.people and self.p95_ms <= self.slowest_ms


@dataclass(frozen=True)
class Day:
    """steps: every rate that was played; cpu_ms: server CPU of one full sitting; hand_in_p95_ms: when all hand in at once."""

    cpu_ms: float
    steps: tuple[Step, ...]
    hand_in_p95_ms: int
    refused: int

    @property
    def best(self) -> Step | None:
        """The highest rate that was carried before the first that was not."""
        found = None
        for step in self.steps:
            if not step.carried:
                break
            found = step
        return found


def p95_ms(seconds: list[float]) -> int:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]) if ordered else 0


def play(host: Host, report: Report, slowest_ms: int = SLOWEST_MS) -> Day:
    """Play the whole day. report(words, done, total) draws the progress; slower than `slowest_ms` the host is full."""
    players = [Player(host.url, host.exam, f"bench{n:04d}", PASSWORD) for n in range(1, host.candidates + 1)]
    refused = 0
    with ThreadPoolExecutor(HANDS) as hands:
        some = players[: min(FULL_SITTINGS, len(players) // 4)]
        before = host.cpu_seconds()
        refused += _each(hands, some, _whole_sitting, "完整考一遍，量每份的处理器时间", report)[1]
        cpu_ms = 1000 * (host.cpu_seconds() - before) / max(1, len(some))
        rest = players[len(some) :]
        refused += _each(hands, rest, Player.sign_in, "登录", report)[1]
        steps, at, rate = [], 0, FIRST_RATE
        while at < len(rest):
            count = min(max(1, rate * STEP_SECONDS // 60), len(rest) - at)
            step = _starts(hands, rest[at : at + count], rate, slowest_ms, report)
            steps.append(step)
            at, rate = at + count, rate * 2
            if not step.carried:
                break
        started = [one for one in rest if hasattr(one, "questions")]
        refused += _each(hands, started, Player.answer, "作答", report)[1]
        handed, more = _each(hands, started, Player.hand_in, "同时交卷", report)
    for one in players:
        one.leave()
    return Day(round(cpu_ms, 1), tuple(steps), p95_ms(handed), refused + more)


def _whole_sitting(player: Player) -> None:
    player.sign_in()
    player.start()
    player.answer()
    player.hand_in()


def _each(hands: ThreadPoolExecutor, players: list[Player], step, words: str, report: Report) -> tuple[list, int]:
    """(what the step returned, how many failed) for everybody, as fast as the hands can."""
    found, failed = [], 0
    jobs = [hands.submit(step, one) for one in players]
    for done, job in enumerate(jobs, 1):
        try:
            found.append(job.result())
        except Failed:
            failed += 1
        report(words, done, len(jobs))
    return found, failed


def _starts(hands: ThreadPoolExecutor, players: list[Player], rate: int, slowest_ms: int, report: Report) -> Step:
    """Starts spread evenly at a rate a minute; whoever is late is not waited for before the next presses."""
    began, jobs = time.perf_counter(), []
    for n, one in enumerate(players):
        time.sleep(max(0.0, began + n * 60 / rate - time.perf_counter()))
        jobs.append(hands.submit(_start_since, one, time.perf_counter()))
        report(f"每分钟 {rate} 人开始", n + 1, len(players))
    found = []
    for job in jobs:
        try:
            found.append(job.result())
        except Failed:
            continue
    return Step(rate, len(players), len(found), p95_ms(found), slowest_ms)


def _start_since(player: Player, pressed: float) -> float:
    """Seconds from the press, the wait for a free hand included, as a full host would make people wait."""
    player.start()
    return time.perf_counter() - pressed
