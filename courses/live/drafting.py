"""The draft of the 会议纪要 from the log: every figure carries the numbers of the events it comes from."""
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from mingfa.indicators.figures import rate
from mingfa.wording import day, time_of_day

from .facts import letters_of
from .models import CheckIn, Event, RosterEntry, Training
from .results import (
    Asked,
    Hall,
    Person,
    Standing,
    answers_by,
    entries_of,
    halls_of,
    people_of,
    questions_of,
    standing_of,
)

CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Line:
    """One heading or paragraph of the draft."""

    text: str
    events: tuple[int, ...] = ()
    heading: bool = False


class _Log:
    """The log by kind."""

    def __init__(self, training: Training):
        self.events = list(training.events.order_by("seq"))
        self.names = dict(training.venues.values_list("pk", "name"))

    def of(self, *kinds: str) -> list[Event]:
        return [one for one in self.events if one.kind in kinds]

    def turns(self, to: str) -> list[Event]:
        return [one for one in self.of("session.state") if one.data["to"] == to]

    def last(self, kind: str, item: str) -> Event | None:
        """The last event of a kind about this poll or quiz."""
        return next((one for one in reversed(self.of(kind)) if one.data.get("id") == item), None)


def _seqs(*events: Event | None) -> tuple[int, ...]:
    return tuple(one.seq for one in events if one is not None)


def draft_minutes(training: Training) -> list[Line]:
    """The paragraphs in order. The same number of queries however long the class was."""
    log, entries = _Log(training), entries_of(training)
    asked = questions_of(training)
    halls = halls_of(training, entries, asked)
    parts = [
        ("会议概况", _about(training, log, halls)),
        ("参会情况", _attendance(log, halls, standing_of(entries), people_of(training, entries))),
        ("讲授内容", _taught(log)),
        ("投票和答题", [*_polls(log), *_quizzes(training, log, asked, entries)]),
        ("提问和答复", _questions(log)),
        ("发言", _floor(log)),
        ("会后安排", _after(log)),
    ]
    lines: list[Line] = []
    for title, body in parts:
        body = list(body)
        if body:
            number = CHINESE[sum(one.heading for one in lines)]
            lines += [Line(f"{number}、{title}", heading=True), *body]
    return lines


def _span(first, last) -> str:
    """“2026年9月17日9:00至10:30”, as official documents write it."""
    start = timezone.localtime(first)
    words = f"{start.year}年{start.month}月{start.day}日{time_of_day(first)}"
    if last is None:
        return words
    same = timezone.localtime(last).date() == start.date()
    return f"{words}至{time_of_day(last) if same else day(last).replace(' ', '') + time_of_day(last)}"


def _about(training, log, halls) -> Iterable[Line]:
    begun, ended = next(iter(log.turns("live")), None), next(iter(reversed(log.turns("ended"))), None)
    when = _span(begun.at if begun else training.starts_at, ended and ended.at)
    yield Line(
        f"{when}，{training.unit.name}举办“{training.title}”实时培训，{training.trainer.name}主讲，"
        f"设{len(halls)}个会场：{'、'.join(one.venue.name for one in halls)}。", _seqs(begun, ended),
    )  # fmt: skip
    pauses = log.turns("paused")
    if pauses:
        reasons = "、".join(dict.fromkeys(one.data["reason"] for one in pauses if one.data["reason"]))
        yield Line(f"中间暂停{len(pauses)}次" + (f"：{reasons}。" if reasons else "。"), _seqs(*pauses))


def _heads(standing: Standing) -> str:
    parts = [f"应到{standing.due}人，实到{standing.came}人"]
    for name, words in (("late", "迟到"), ("early", "早退"), ("absent", "缺席")):
        if heads := getattr(standing, name):
            parts.append(f"{words}{heads}人")
    return "，".join(parts)


def _attendance(log: _Log, halls: list[Hall], total: Standing, people: list[Person]) -> Iterable[Line]:
    rounds = log.of("checkin.open")
    figure = rate(total.came, total.due)
    turns = f"签到{len(rounds)}轮。" if rounds else "没有发起签到。"
    last = log.of("checkin.tally")[-1:]
    yield Line(f"{_heads(total)}，参训率{figure.text}（{total.came}/{total.due}）。{turns}", _seqs(*rounds, *last))
    for hall in halls:
        counted = ""
        if hall.heads is not None:
            counted = f"；会场清点{hall.heads}人，{'已由另一人确认' if hall.confirmed else '没有另一人确认'}"
        more = "；用手机签到的人多于清点人数" if hall.too_many else ""
        counts = (hall.count_seq,) if hall.count_seq else ()
        yield Line(f"{hall.venue.name}：{_heads(hall.standing)}{counted}{more}。", (*_seqs(*last), *counts))
    for state in ("late", "early", "absent"):
        named = [one for one in people if one.entry.attendance == state]
        if named:
            words = "、".join(f"{one.entry.user.name}（{one.note}）" if one.note else one.entry.user.name for one in named)
            yield Line(f"{RosterEntry.Attendance(state).label}：{words}。", _seqs(*rounds))
    ticked = [one for one in people if one.first and one.first.how == CheckIn.How.STEWARD]
    if ticked:
        yield Line(f"由会场管理员代签、另一人确认的{len(ticked)}人。", _seqs(*rounds))


def _taught(log: _Log) -> Iterable[Line]:
    turns = log.of("slide.goto")
    shown = {(one.data["deck"], one.data["page"]) for one in turns}
    decks = {one.data["deck"]: one for one in log.of("slide.deck")}
    used = [one for key, one in decks.items() if any(deck == key for deck, _ in shown)]
    if shown:
        of = f"，课件共{sum(one.data['pages'] for one in used)}页" if used else ""
        yield Line(f"讲课件{len(shown)}页{of}。", _seqs(*used, turns[0], turns[-1]))
    laws: dict[str, list[Event]] = {}
    for one in log.of("law.show"):
        if one.data["law"]:
            laws.setdefault(f"《{one.data['law']}》{one.data['article']}", []).append(one)
    if laws:
        yield Line(f"对照讲解法律条文{len(laws)}处：{'、'.join(laws)}。", _seqs(*(one for some in laws.values() for one in some)))
    marks = log.of("mark")
    if marks:
        yield Line(f"要点：{'；'.join(one.data['text'] for one in marks)}。", _seqs(*marks))


def _polls(log: _Log) -> Iterable[Line]:
    for opened in log.of("poll.open"):
        item = opened.data["id"]
        tally, closed = log.last("poll.tally", item), log.last("poll.close", item)
        result = _votes(opened.data, tally.data if tally else None)
        yield Line(f"投票“{opened.data['text']}”：{result}。", _seqs(opened, tally, closed))


def _votes(poll: dict, tally: dict | None) -> str:
    if not tally or not tally["n"]:
        return "没有人作答"
    if poll["kind"] == "text":
        return f"收到{tally['n']}份书面意见"
    if poll["kind"] == "cloud":
        return f"{tally['n']}人作答，" + "、".join(f"{word}{heads}人" for word, heads in tally["counts"][:10])
    return f"{tally['n']}人作答，" + "，".join(
        f"{option}{heads}人" for option, heads in zip(poll["options"], tally["counts"], strict=True)
    )


def _quizzes(training, log: _Log, asked: list[Asked], entries) -> Iterable[Line]:
    tallies = answers_by(training, asked, entries)
    for one in asked:
        own = [tally for (item, _), tally in tallies.items() if item == one.item]
        given, right = sum(tally.given for tally in own), sum(tally.right for tally in own)
        share = rate(right, given)
        result = f"{given}人作答，答对{right}人，正确率{share.text}（{right}/{given}）" if given else "没有人作答"
        closed = log.last("quiz.close", one.item)
        key = f"，答案：{_key(one, closed.data['correct'])}" if closed and closed.data["correct"] else ""
        opened = next(event for event in log.of("quiz.open") if event.seq == one.seq)
        yield Line(f"答题“{one.text}”：{result}{key}。", _seqs(opened, closed))


def _key(asked: Asked, correct: str) -> str:
    """The right options in words, for paper."""
    places = [place for place in range(len(asked.options)) if letters_of(asked.type, [place]) in correct]
    return "、".join(asked.options[place] for place in places)


def _questions(log: _Log) -> Iterable[Line]:
    """What was approved, with what was noted as the answer; hidden and merged ones are not told."""
    gone = {one.data["id"] for one in log.of("qa.hide", "qa.merge")}
    for one in log.of("qa.approve"):
        if one.data["id"] in gone:
            continue
        answered, votes = log.last("qa.answered", one.data["id"]), log.last("qa.vote", one.data["id"])
        where = log.names.get(one.data["venue"], "")
        also = f"（另有{votes.data['n']}人想问）" if votes and votes.data["n"] else ""
        note = answered.data["note"] if answered else ""
        reply = f"答：{note}" if note else "当场作了答复" if answered else "没有当场答复"
        yield Line(f"{where}问：{one.data['text']}{also}。{reply}。", _seqs(one, votes, answered))


def _floor(log: _Log) -> Iterable[Line]:
    spoke = [one for one in log.of("floor") if one.data["holder"]]
    if spoke:
        yield Line(f"发言的有：{'、'.join(dict.fromkeys(one.data['holder'] for one in spoke))}。", _seqs(*spoke))


def _after(log: _Log) -> Iterable[Line]:
    for one in log.of("task.after"):
        yield Line(f"安排培训后的考试，{one.data['due']}前完成。", _seqs(one))
