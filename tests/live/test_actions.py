"""Commands reach the log once, in order and without gaps; what is refused leaves nothing."""
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from mingfa.people.models import Role
from wagtail.models import ModelLogEntry

from courses.live import actions, queries
from courses.live.actions import Given
from courses.live.board import IllegalTurn, NotAllowed, WrongMoment, initial, reduce
from courses.live.board.refusals import BadData, Gone
from courses.live.models import Answer, Event, Training

from . import scene as scenes
from .scene import NOW

KEY = "k" * 22
AT = round(NOW.timestamp() * 1000) - 60_000


def replayed(scene):
    state = initial()
    for envelope in scene.log:
        state = reduce(state, envelope)
    return state


def test_a_command_sent_again_makes_no_second_event(scene):
    scene.begin()
    first = scene.do("mark", {"text": "一"}, idem=KEY)
    again = scene.do("mark", {"text": "一"}, idem=KEY)
    assert (first.again, again.again, again.seq) == (False, True, first.seq)
    assert len(scene.state["marks"]) == 1


def test_the_key_is_the_actors_own(scene):
    scene.begin()
    scene.do("hand.up", actor=scene.sitting(0), idem=KEY)
    scene.do("hand.up", actor=scene.sitting(1), idem=KEY)
    assert [one["name"] for one in scene.state["hands"]] == ["甲0", "甲1"]


def test_the_snapshot_is_the_log_reduced(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    scene.do("qa.new", {"text": "怎么算"}, actor=scene.sitting())
    scene.do("qa.approve", {"id": f"a{scene.state['seq']}"})
    assert scene.state == replayed(scene)
    assert [one["seq"] for one in scene.log] == list(range(1, scene.state["seq"] + 1))
    assert scene.state["qa"][0]["text"] == "怎么算"


@pytest.mark.parametrize(("kind", "data", "why"), [
    ("session.state", {"to": "replay"}, IllegalTurn), ("timer", {"ends_at": ""}, BadData), ("mark", {"text": "一"}, WrongMoment),
    ("slide.goto", {"deck": "d1", "page": 1}, Gone),
])  # fmt: skip
def test_what_is_refused_leaves_nothing(scene, kind, data, why):
    scene.turn("scheduled", "lobby")
    before = scene.log
    with pytest.raises(why):
        scene.do(kind, data)
    assert scene.log == before
    assert scene.state["seq"] == len(before)


def test_LR4_a_cadre_cannot_turn_the_slide(scene):
    scene.begin()
    with pytest.raises(NotAllowed):
        scene.do("session.state", {"to": "ended"}, actor=scene.sitting())
    assert scene.state["state"] == "live"


def test_every_turn_is_in_the_audit_log(scene):
    scene.begin()
    rows = ModelLogEntry.objects.filter(action="live.state").order_by("pk")
    assert [(one.user, one.data["to"]) for one in rows] == [(scene.trainer, to) for to in ("scheduled", "lobby", "live")]


@pytest.mark.django_db(transaction=True)
def test_two_threads_leave_no_gap_and_no_double():
    scene = scenes.build(people_each=1)
    scene.begin()
    failed = []

    def speak(actor, name):
        try:
            for n in range(15):
                # Each of the two sends every command twice, as a phone on a bad line does.
                for _ in range(2):
                    scene.do("mark", {"text": f"{name}{n}"}, actor=actor, idem=f"{name}-{n:08d}")
        except Exception as error:  # told below, in the test's own thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=speak, args=(scene.teaching, name)) for name in "ab"]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert [one["seq"] for one in scene.log] == list(range(1, scene.state["seq"] + 1))
    assert len([one for one in scene.log if one["kind"] == "mark"]) == 30
    assert scene.state == replayed(scene)


@pytest.mark.django_db(transaction=True)
def test_a_poll_closed_while_people_answer_counts_every_answer_that_was_taken():
    scene = scenes.build(people_each=10)
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    poll = scene.state["poll"]["id"]
    actors = [scene.sitting(place) for place in range(20)]
    results = []

    def answer():
        try:
            results.extend(scene.answer(poll, [0], actor=actor) for actor in actors)
        finally:
            connections.close_all()

    thread = threading.Thread(target=answer)
    thread.start()
    while thread.is_alive() and not results:
        pass
    scene.do("poll.close", {"id": poll})
    thread.join(60)
    taken = results.count(None)
    assert len(results) == 20
    assert scene.state["poll"]["counts"] == [taken, 0]
    assert Answer.objects.filter(item=poll).count() == taken


def test_LR2_of_ten_taps_one_answer_counts_and_it_is_the_last(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    poll = scene.state["poll"]["id"]
    taps = [Given("answer", {"id": poll, "choice": [place % 2]}, scene.sitting(), AT + place) for place in range(10)]
    assert actions.take_answers(scene.training.pk, taps, now=NOW) == [None] * 10
    assert Answer.objects.get().choice == [1]


def test_an_answer_is_changed_until_the_poll_is_closed_and_what_was_overtaken_changes_nothing(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    poll = scene.state["poll"]["id"]

    def give(choice, at):
        return actions.take_answers(
            scene.training.pk, [Given("answer", {"id": poll, "choice": [choice]}, scene.sitting(), at)], now=NOW
        )

    counts = []
    for choice, at in [(0, AT), (1, AT + 20), (0, AT + 10), (1, AT + 20), (0, 2**60), (1, "x")]:
        assert give(choice, at) == [None]
        counts.append(Answer.objects.get().choice[0])
    # The clock that is years ahead is not believed: both last ones count as given now, the first of them first.
    assert counts == [0, 1, 1, 1, 0, 0]
    actions.tally(scene.training.pk, now=NOW)
    assert (scene.state["poll"]["counts"], scene.state["poll"]["n"]) == ([1, 0], 1)
    scene.do("poll.close", {"id": poll})
    assert [type(one) for one in give(1, AT + 99)] == [Gone]
    assert scene.state == replayed(scene)


def test_sums_reach_the_log_only_when_they_change(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    poll = scene.state["poll"]["id"]
    assert actions.tally(scene.training.pk, now=NOW) == ()
    for place in range(3):
        assert scene.answer(poll, [place % 2], actor=scene.sitting(place)) is None
    assert [one["kind"] for one in actions.tally(scene.training.pk, now=NOW)] == ["poll.tally"]
    assert actions.tally(scene.training.pk, now=NOW) == ()
    first, second = (str(one.pk) for one in scene.venues)
    assert scene.state["poll"]["counts"] == [2, 1]
    assert scene.state["poll"]["by_venue"] == {first: [2, 0], second: [0, 1]}


@pytest.mark.parametrize(("kind", "choice", "why"), [
    ("single", [0, 1], BadData), ("single", [2], BadData), ("single", [], BadData), ("text", "", BadData),
    ("multi", [0, 1], type(None)), ("cloud", "信访", type(None)), ("scale", [4], type(None)), ("scale", [5], BadData),
])  # fmt: skip
def test_an_answer_fits_its_poll(scene, kind, choice, why):
    scene.begin()
    scene.do("poll.open", {"kind": kind, "text": "懂吗", "options": ["懂", "不懂"] if kind in ("single", "multi") else []})
    assert isinstance(scene.answer(scene.state["poll"]["id"], choice), why)


def test_a_closed_poll_takes_no_answer(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"], "seconds": 10})
    poll = scene.state["poll"]["id"]
    assert isinstance(scene.answer(poll, [0], now=NOW + timedelta(seconds=13)), Gone)
    scene.do("poll.close", {"id": poll})
    assert isinstance(scene.answer(poll, [0]), Gone)


def test_an_anonymous_answer_names_nobody_and_still_counts_once(scene):
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"], "anonymous": True})
    poll = scene.state["poll"]["id"]
    assert scene.answer(poll, [0]) is None
    assert scene.answer(poll, [1], now=NOW + timedelta(seconds=1)) is None
    stored = Answer.objects.get()
    assert stored.choice == [1]
    assert stored.user is None
    assert str(scene.cadres[0].pk) not in stored.voter[1:3] or stored.voter.startswith("x")


def test_a_quiz_ends_in_a_board_of_venues_over_those_signed_in(scene):
    question = scene.question()
    scene.begin()
    scene.do("quiz.open", {"question_ref": question.pk, "seconds": 30})
    quiz = scene.state["quiz"]["id"]
    assert scene.state["quiz"]["options"] == ["六十日", "三十日", "十五日"]
    for place, choice in enumerate([[0], [0], [0], [1]]):
        assert scene.answer(quiz, choice, actor=scene.sitting(place)) is None
    scene.do("quiz.close", {"id": quiz})
    first, second = (one.pk for one in scene.venues)
    assert scene.state["quiz"]["correct"] == "A"
    assert scene.state["quiz"]["counts"] == [3, 1, 0]
    assert scene.state["board"] == [
        {"venue": first, "average": 100, "of": 2}, {"venue": second, "average": 50, "of": 2},
    ]  # fmt: skip


def test_a_trainer_asks_only_what_his_banks_hold(scene):
    question = scene.question()
    other = scene.holder(Role.TRAINER, scene.towns[1], "外人")
    question.bank.unit = scene.towns[0]
    question.bank.save()
    scene.begin()
    from courses.live.board import Actor

    with pytest.raises(Gone):
        scene.do("quiz.open", {"question_ref": question.pk}, actor=Actor("trainer", other.pk, other.name))


def test_votes_are_counted_once_each(scene):
    scene.begin()
    scene.do("qa.new", {"text": "怎么算"}, actor=scene.sitting(0))
    asked = f"a{scene.state['seq']}"
    assert isinstance(scene.answer(asked, None, kind="qa.vote"), Gone)
    scene.do("qa.approve", {"id": asked})
    for place in (0, 1, 1):
        assert scene.answer(asked, None, actor=scene.sitting(place), kind="qa.vote") is None
    actions.tally(scene.training.pk, now=NOW)
    assert scene.state["qa"][0]["votes"] == 2


def test_the_clock_opens_the_doors_closes_what_is_over_and_ends_the_class(scene):
    def kinds(now):
        return [(one["kind"], one["data"].get("to")) for one in actions.keep_time(scene.training.pk, now=now)]

    scene.turn("scheduled")
    assert kinds(NOW - timedelta(minutes=31)) == []
    assert kinds(NOW - timedelta(minutes=30)) == [("session.state", "lobby")]
    scene.turn("live")
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"], "seconds": 10})
    assert kinds(NOW + timedelta(seconds=11)) == []
    assert [kind for kind, _ in kinds(NOW + timedelta(seconds=13))] == ["poll.close"] or scene.state["poll"]["open"] is False
    end = NOW + timedelta(minutes=120)
    assert kinds(end) == [("session.state", "ended")]
    assert kinds(end + timedelta(minutes=29)) == []
    assert kinds(end + timedelta(minutes=30)) == [("session.state", "processing"), ("session.state", "replay")]
    assert kinds(end + timedelta(minutes=31)) == []
    assert Training.objects.get().settled_at == end + timedelta(minutes=30)


def test_the_clock_goes_on_when_nobody_is_in_the_room(scene):
    from courses.live.tasks import keep_trainings

    scene.begin()
    Training.objects.update(starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1))
    with time_machine.travel(NOW):
        assert keep_trainings.call() == 1
    with time_machine.travel(NOW + timedelta(minutes=31)):
        assert keep_trainings.call() == 2
    assert scene.state["state"] == "replay"


def test_the_ink_of_a_page_is_what_was_drawn_less_what_was_taken_back(scene):
    scene.begin()
    for n, page in enumerate([1, 1, 2, 1]):
        stroke = {"page": page, "id": f"s{n}", "colour": "red", "width": 3, "points": [1, 2]}
        scene.do("ink.stroke", stroke)
    scene.do("ink.undo", {"id": "s1"})
    scene.do("ink.clear", {"page": 2})
    assert [one["id"] for one in queries.ink_of(scene.training.pk, 1)] == ["s0", "s3"]
    assert queries.ink_of(scene.training.pk, 2) == []


def test_a_key_of_an_odd_form_is_refused(scene):
    scene.begin()
    with pytest.raises(BadData):
        scene.do("mark", {"text": "一"}, idem="short")
    assert Event.objects.filter(kind="mark").count() == 0
