"""A class as it went, from the doors to the replay, through the actions users use."""
from datetime import date, timedelta

from django.core.cache import cache

from courses.live import actions
from courses.live.board import proof
from courses.live.models import Event, Recording, RosterEntry, Training
from tests.library import texts

from .scene import NOW

MINUTE = timedelta(minutes=1)


def sign(scene, place, *, at, late=None):
    """The cadre of this number scans the QR of the moment `at`; `late`: it reaches the server only then."""
    actor = scene.sitting(place)
    venue = next(one for one in scene.venues if one.pk == actor.venue)
    code = proof.qr(venue.secret, scene.training.pk, venue.pk, proof.step_at(round(at.timestamp() * 1000)))
    data = {"code": code, "device": f"phone{place}"}
    if late:
        data["made_at"] = round(at.timestamp() * 1000)
    cache.clear()
    return actions.check_in(scene.training.pk, data, actor=actor, now=late or at)


def hold(scene, *, quiz=True):
    """Cadres 0, 1 present; 2 late; 3 early; 4 ticked by the steward and confirmed; 5 absent. Stewards and trainer absent.

    Hall 0 has cadres 0, 2, 4 and both stewards, hall 1 has 1, 3, 5.
    """
    now = NOW
    lines = [f"第 {number} 条的内容。" for number in range(1, 20)] + ["自知道之日起六十日内可以申请行政复议。"]
    title = "行政复议法"
    texts.bring_in(texts.edition(title, texts.articles(*lines), version=date(2023, 9, 1), effective_on=date(2024, 1, 1)))
    # A question that was there before its law would wait to be looked at.
    question = scene.question()
    scene.do("slide.deck", {"deck": "d1", "pages": 9, "sha": "x"}, now=now - 40 * MINUTE)
    scene.turn("scheduled", "lobby", now=now - 20 * MINUTE)
    scene.do("checkin.open", {"kind": "qr", "seconds": None}, now=now - 10 * MINUTE)
    for place in (0, 1, 3):
        sign(scene, place, at=now - 5 * MINUTE)
    scene.turn("live", now=now)
    scene.do("slide.goto", {"deck": "d1", "page": 1}, now=now + timedelta(seconds=2))
    actions.tick(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(), now=now)
    actions.confirm(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(scene.second), now=now)
    scene.do("checkin.open", {"kind": "qr", "seconds": None}, now=now + 5 * MINUTE)
    scene.do("slide.goto", {"deck": "d1", "page": 2}, now=now + 6 * MINUTE)
    scene.do("ink.stroke", {"page": 2, "id": "s1", "colour": "#8e2419", "width": 5, "points": [9, 9, 90, 90]},
             now=now + 7 * MINUTE)  # fmt: skip
    scene.do("law.show", {"law": "行政复议法", "article": "第二十条"}, now=now + 8 * MINUTE)
    if quiz:
        _quiz(scene, question, now + 10 * MINUTE)
    scene.do("mark", {"text": "期限的起算"}, now=now + 15 * MINUTE)
    for place in (0, 1):
        sign(scene, place, at=now + 16 * MINUTE)
    sign(scene, 2, at=now + 20 * MINUTE)
    scene.do("checkin.open", {"kind": "qr", "seconds": None}, now=now + 30 * MINUTE)
    for place in (0, 1, 2):
        sign(scene, place, at=now + 31 * MINUTE)
    actions.tick(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(), now=now + 31 * MINUTE)
    actions.confirm(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(scene.second), now=now + 32 * MINUTE)
    scene.do("headcount", {"heads": 3}, actor=scene.stewarding(), now=now + 33 * MINUTE)
    scene.do("headcount", {"heads": 3, "confirm": True}, actor=scene.stewarding(scene.second), now=now + 34 * MINUTE)
    _asked(scene, now + 40 * MINUTE)
    scene.do("session.state", {"to": "paused", "reason": "休息"}, now=now + 50 * MINUTE)
    scene.do("session.state", {"to": "live"}, now=now + 55 * MINUTE)
    scene.do("session.state", {"to": "ended"}, now=now + 80 * MINUTE)
    actions.tally(scene.training.pk, now=now + 81 * MINUTE)
    finish(scene, now + 111 * MINUTE)
    return scene


def record(scene):
    """Twelve seconds from the tenth minute on were recorded; the take's file is somebody else's to write."""
    at = NOW + 10 * MINUTE
    made = Recording.objects.create(
        training=scene.training, take=1, mime="video/mp4", state="done", offset_ms=0, duration_ms=12_000, made_by=scene.trainer,
        made_at=at, closed_at=at + MINUTE,
    )  # fmt: skip
    first = scene.training.events.filter(kind="session.state", data__to="live").order_by("seq").first()
    # In the log as if the server had said it then: the class is over already.
    for seq, media in ((scene.training.seq + 1, 0), (scene.training.seq + 2, 5_000)):
        Event.objects.create(
            training=scene.training, seq=seq, at=first.at + 10 * MINUTE + timedelta(milliseconds=media), actor_key="s",
            role="system", kind="media.marker", data={"media_ms": media},
        )  # fmt: skip
    return made


def finish(scene, now):
    """Half an hour after the end: the results are settled."""
    actions.keep_time(scene.training.pk, now=now)
    scene.training = Training.objects.get(pk=scene.training.pk)
    assert scene.training.state == "replay"


def _quiz(scene, question, at):
    scene.do("quiz.open", {"question_ref": question.pk, "seconds": 60}, now=at)
    item = scene.state["quiz"]["id"]
    assert scene.answer(item, [0], actor=scene.sitting(0), now=at) is None
    assert scene.answer(item, [0], actor=scene.sitting(1), now=at) is None
    assert scene.answer(item, [1], actor=scene.sitting(3), now=at) is None
    scene.do("quiz.close", {"id": item}, now=at + MINUTE)


def _asked(scene, at):
    scene.do("poll.open", {"kind": "single", "text": "听懂了吗", "options": ["懂了", "没懂"]}, now=at)
    item = scene.state["poll"]["id"]
    assert scene.answer(item, [0], actor=scene.sitting(0), now=at) is None
    scene.do("poll.close", {"id": item}, now=at + MINUTE)
    scene.do("qa.new", {"text": "节假日算不算"}, actor=scene.sitting(1), now=at)
    scene.do("qa.approve", {"id": scene.state["qa"][0]["id"]}, now=at)
    scene.do("qa.answered", {"id": scene.state["qa"][0]["id"], "note": "算，最后一天顺延"}, now=at)


def entry(scene, place) -> RosterEntry:
    """The line of a cadre on the roster as it is stored now."""
    return RosterEntry.objects.select_related("user", "venue__unit", "unit", "training").get(
        training=scene.training, user=scene.cadres[place]
    )
