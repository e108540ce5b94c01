"""The replay: the same reducer from chapter to chapter, two clocks, who may watch; 补学 and what follows the class."""
import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from mingfa import followups
from mingfa.desk.registry import entries_for
from mingfa.people.actions import grant_role
from mingfa.people.models import Role, User
from wagtail.models import ModelLogEntry

from courses.live import actions, results
from courses.live.board import Clock, initial, public, redact, reduce, scenes_of, state_at
from courses.live.media.files import index_of
from courses.live.models import RosterEntry, Training
from courses.live.views.replay import MOST, span_of
from exams.actions import publish_exam
from exams.models import Exam

from . import held
from .playing import play
from .scene import NOW

LATER = NOW + timedelta(hours=3)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.floats(0, 1))
def test_the_board_from_the_chapter_on_is_the_board_of_the_whole_log(seed, cut):
    log = play(seed, 120).events
    scenes = scenes_of(log)
    assert [one.seq for one in scenes] == sorted({one.seq for one in scenes})
    if not scenes:
        return
    at = log[min(int(cut * len(log)), len(log) - 1)]["at"]
    before = [one for one in scenes if one.at <= at]
    if not before:
        return
    whole = initial()
    for envelope in log:
        if envelope["at"] <= at:
            whole = reduce(whole, redact(envelope))
    assert state_at(before[-1], log, at) == public(whole)


def test_chapters_are_turns_of_the_slides_bookmarks_and_pauses(scene):
    held.hold(scene)
    assert list(scene.training.chapters.values_list("title", flat=True)) == [
        "开始上课", "第 2 页，共 9 页", "期限的起算", "暂停", "继续上课", "下课"
    ]  # fmt: skip
    mark = scene.training.chapters.get(title="期限的起算")
    assert [one["id"] for one in mark.ink] == ["s1"]
    assert mark.state["law"]["law"] == "行政复议法"
    assert mark.state["quiz"]["correct"] == "A"


CLOCK = Clock([(0, 1_000), (60_000, 61_000), (60_000, 361_000), (90_000, 391_000)])


@pytest.mark.parametrize(("media", "moment"), [(0, 1_000), (30_000, 31_000), (60_000, 361_000), (95_000, 396_000)])
def test_the_recordings_clock_is_tied_to_the_classs(media, moment):
    assert CLOCK.moment(media) == moment
    assert CLOCK.media(moment) == media


def test_while_nothing_was_recorded_the_recording_stands_still():
    assert [CLOCK.media(at) for at in (0, 1_000, 61_000, 200_000, 361_000)] == [0, 0, 60_000, 60_000, 60_000]


@pytest.fixture
def over(scene):
    with time_machine.travel(LATER, tick=True):
        yield held.hold(scene)


def replay(scene, name="replay", *more):
    return reverse(f"live:{name}", args=[scene.training.pk, *more])


def test_everybody_of_the_class_watches_strangers_do_not_and_who_watched_is_logged(over, client):
    outside = over.person("丁二", over.outsiders())
    for user, status in ((over.cadres[0], 200), (over.trainer, 200), (over.steward, 200), (outside, 404)):
        client.force_login(user)
        assert client.get(replay(over)).status_code == status
        chapter = over.training.chapters.first()
        assert client.get(replay(over, "chapter", chapter.seq)).status_code == status
    assert ModelLogEntry.objects.filter(action="live.watch_replay").count() == 3
    client.force_login(over.cadres[0])
    assert client.get(replay(over, "audience")).status_code == 404
    client.force_login(over.trainer)
    assert "甲0" in client.get(replay(over, "audience")).content.decode()


def test_a_chapter_brings_its_board_and_the_events_up_to_the_next_as_the_audience_had_them(over, client):
    client.force_login(over.cadres[0])
    chapters = list(over.training.chapters.all())
    part = client.get(replay(over, "chapter", chapters[2].seq)).json()
    assert [one["seq"] for one in part["events"]] == list(range(chapters[2].seq + 1, chapters[3].seq + 1))
    asked = over.training.events.get(kind="qa.new")
    hidden = next(one for one in part["events"] if one["seq"] == asked.seq)
    assert (hidden["kind"], hidden["data"]) == ("", {})
    assert len(json.dumps(part)) < 20_000
    assert client.get(replay(over, "chapter", 10**9)).status_code == 404


def test_without_scripts_a_chapter_is_a_link_that_shows_its_article_and_question(over, client):
    client.force_login(over.cadres[0])
    mark = over.training.chapters.get(title="期限的起算")
    page = client.get(replay(over), {"at": mark.seq}).content.decode()
    assert "答题：申请复议的期限" in page
    assert "《行政复议法》第二十条" in page


@pytest.fixture
def take(over):
    """The recording of the class: its file and its index."""
    made = held.record(over)
    made.path.parent.mkdir(parents=True, exist_ok=True)
    made.path.write_bytes(bytes(range(200)) * 5)
    index_of(made.path).write_bytes(b"index")
    return made


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(("wanted", "status", "first", "last"), [
    ("", 200, 0, 999), ("bytes=0-", 206, 0, 999), ("bytes=10-19", 206, 10, 19), ("bytes=-5", 206, 995, 999),
    ("bytes=990-5000", 206, 990, 999),
])  # fmt: skip
def test_the_recording_is_sent_whole_or_in_part(take, over, client, wanted, status, first, last):
    client.force_login(over.cadres[0])
    answer = client.get(replay(over, "take", 1), headers={"Range": wanted} if wanted else {})
    assert answer.status_code == status
    assert body(answer) == (bytes(range(200)) * 5)[first : last + 1]
    if wanted:
        assert answer["Content-Range"] == f"bytes {first}-{last}/1000"


def test_a_range_without_an_end_is_sent_in_pieces():
    assert span_of("bytes=0-", 10**9) == (0, MOST - 1)
    assert span_of(f"bytes={MOST}-", 10**9) == (MOST, 2 * MOST - 1)
    assert span_of("", 10**9) == (0, 10**9 - 1)


@pytest.mark.parametrize("wanted", ["bytes=1000-", "bytes=9-3", "bytes=-", "bytes=a-b", "bytes=0-1,4-5", "lines=1-2"])
def test_a_range_that_is_not_there_is_refused(take, over, client, wanted):
    client.force_login(over.cadres[0])
    assert client.get(replay(over, "take", 1), headers={"Range": wanted}).status_code == 416


def test_only_the_organiser_downloads_the_recording_and_it_is_logged(take, over, client):
    address, outside = replay(over, "take", 1), over.person("丁二", over.outsiders())
    for user, watches, downloads in ((over.cadres[0], 200, 404), (over.steward, 200, 404), (over.trainer, 200, 200),
                                     (outside, 404, 404)):  # fmt: skip
        client.force_login(user)
        for answer, status in ((client.get(address), watches), (client.get(f"{address}?download"), downloads)):
            assert answer.status_code == status
            if status == 200:
                assert len(body(answer)) == 1000
    line = ModelLogEntry.objects.get(action="live.download_recording")
    assert (line.user_id, line.data) == (over.trainer.pk, {"take": 1})
    assert client.get(replay(over, "take", 2)).status_code == 404
    client.force_login(over.trainer)
    assert "下载录像" in client.get(replay(over)).content.decode()


def test_the_recording_goes_with_its_term_and_the_timeline_stays(take, over, client):
    day = timedelta(days=1)
    training = Training.objects.get(pk=over.training.pk)
    assert actions.clear_files(now=training.settled_at + 180 * day - timedelta(seconds=1)) == 0
    assert actions.clear_files(now=training.settled_at + 180 * day) == 1
    assert not take.path.exists()
    assert not index_of(take.path).exists()
    take.refresh_from_db()
    assert take.state == "gone"
    assert ModelLogEntry.objects.get(action="live.clear_files").data == {"photos": 0, "recordings": 1, "days": 180}
    client.force_login(over.cadres[0])
    assert client.get(replay(over, "take", 1)).status_code == 404
    page = client.get(replay(over)).content.decode()
    assert "没有录像" in page
    assert "期限的起算" in page


def test_there_is_no_replay_before_the_class_is_settled(scene, client):
    scene.begin()
    client.force_login(scene.cadres[0])
    assert client.get(replay(scene)).status_code == 404


def test_who_was_absent_makes_up_with_the_questions_of_the_class_and_the_result_stays(over, client):
    client.force_login(over.cadres[5])
    assert "补学：行政复议法新规" in client.get("/me/").content.decode()
    page = client.get(replay(over)).content.decode()
    assert "您缺席了这次培训，请补学" in page
    version = results.questions_of(over.training)[0].version
    assert "不对，可以再答" not in page
    wrong = client.post(replay(over, "makeup"), {f"v{version.pk}": "B"}, follow=True).content.decode()
    assert "还有题没有答对" in wrong
    assert "不对，可以再答" in wrong
    assert held.entry(over, 5).made_up_at is None
    done = client.post(replay(over, "makeup"), {f"v{version.pk}": "A"}, follow=True).content.decode()
    assert "您已完成补学" in done
    entry = held.entry(over, 5)
    assert entry.attendance == "absent"
    assert entry.made_up_at
    assert "补学：" not in client.get("/me/").content.decode()
    standing = results.standing_of(results.entries_of(over.training))
    assert (standing.came, standing.absent, standing.made_up) == (5, 3, 1)
    assert ModelLogEntry.objects.filter(action="live.make_up").count() == 1


def test_nothing_is_made_up_by_who_was_there_nor_twice_nor_with_nonsense(over, client):
    client.force_login(over.cadres[0])
    assert "缺席名单里" in client.post(replay(over, "makeup"), {}, follow=True).content.decode()
    assert "补学" not in client.get("/me/").content.decode()
    client.force_login(over.cadres[5])
    version = results.questions_of(over.training)[0].version
    for field, value in ((f"v{version.pk}", "%"), ("v99", "A"), ("vx", "A"), (f"v{version.pk}", "AB" * 40)):
        client.post(replay(over, "makeup"), {field: value})
        assert held.entry(over, 5).made_up_at is None


def test_a_class_without_questions_is_made_up_by_a_word(scene, client):
    with time_machine.travel(LATER, tick=True):
        held.hold(scene, quiz=False)
        client.force_login(scene.cadres[5])
        assert "我看过了，完成补学" in client.get(replay(scene)).content.decode()
        client.post(replay(scene, "makeup"))
        assert held.entry(scene, 5).made_up_at


# --- what follows the class -----------------------------------------------------------------------
@pytest.fixture
def setter(over):
    grant_role(over.trainer, role=Role.SETTER, unit=over.district, by=over.boss, now=NOW)
    return User.objects.get(pk=over.trainer.pk)


def follow(scene, client, who="came"):
    kind = followups.kind("exam")
    (choice, words), *_ = kind.choices(User.objects.get(pk=scene.trainer.pk), scene.district)
    assert words == "新的组卷规则，题库：题库"
    form = {
        "choice": f"exam/{choice}", "who": who, "opens_at": "2026-09-18T09:00", "closes_at": "2026-09-25T18:00",
    }  # fmt: skip
    return client.post(replay(scene, "follow"), form)


@pytest.mark.parametrize(("who", "places"), [("roster", range(6)), ("came", range(5)), ("made_up", range(6))])
def test_an_exam_after_the_class_is_for_its_people(over, setter, client, who, places):
    if who == "made_up":
        RosterEntry.objects.filter(pk=held.entry(over, 5).pk).update(made_up_at=LATER)
    client.force_login(setter)
    made = follow(over, client, who)
    exam = Exam.objects.get()
    assert made.url == reverse("exams:manage", args=[exam.pk])
    assert (exam.name, exam.named_from, exam.state) == ("“行政复议法新规”课后考试", "培训：行政复议法新规", "draft")
    event = over.training.events.get(kind="task.after")
    assert event.data == {"exam_ref": exam.pk, "due": "2026-09-25"}
    exam.blueprint.rules.all().delete()
    exam.blueprint.rules.create(order=0, type="single", count=1, marks=100)
    publish_exam(exam, by=setter, now=LATER)
    due = set(exam.candidates.values_list("user", flat=True))
    cadres = {over.cadres[place].pk for place in places}
    assert due == (cadres if who != "roster" else set(over.training.roster.values_list("user", flat=True)))


def test_the_exams_results_stand_beside_the_attendance(over, setter, client):
    client.force_login(setter)
    follow(over, client)
    exam = Exam.objects.get()
    exam.blueprint.rules.all().delete()
    exam.blueprint.rules.create(order=0, type="single", count=1, marks=100)
    publish_exam(exam, by=setter, now=LATER)
    page = client.get(replay(over, "results")).content.decode()
    assert "“行政复议法新规”课后考试" in page
    assert "未参加 5 人" in page
    assert f'href="{reverse("exams:manage", args=[exam.pk])}"' in page


def test_who_sets_no_exams_is_offered_none_and_wrong_times_are_told(over, client):
    client.force_login(over.trainer)
    assert "安排培训后的考试" not in client.get(replay(over, "results")).content.decode()
    assert client.post(replay(over, "follow"), {}).status_code == 404
    grant_role(over.trainer, role=Role.SETTER, unit=over.district, by=over.boss, now=NOW)
    form = {"choice": "exam/bank:999", "who": "came", "opens_at": "2026-09-18T09:00", "closes_at": "2026-09-17T18:00"}
    words = client.post(replay(over, "follow"), form, follow=True).content.decode()
    assert "请重新选考什么" in words
    assert "截止时间要晚于开始时间" in words
    assert not Exam.objects.exists()


# --- the start page -------------------------------------------------------------------------------
def titles(user, now=LATER):
    return [one.title for one in entries_for(User.objects.get(pk=user.pk), now) if hasattr(one, "facts")]


def test_the_trainer_is_asked_for_the_minutes_until_they_are_frozen(over, client):
    assert "会议纪要：行政复议法新规" in titles(over.trainer)
    client.force_login(over.trainer)
    client.post(reverse("live:minutes_freeze", args=[over.training.pk]))
    assert "会议纪要：行政复议法新规" not in titles(over.trainer)


def test_what_waits_for_a_second_person_is_told_to_the_second_person_only(scene):
    scene.turn("scheduled", "lobby")
    actions.tick(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(), now=NOW)
    scene.do("headcount", {"heads": 3}, actor=scene.stewarding())
    hall = scene.venues[0].name
    assert hall not in titles(scene.steward, NOW)
    assert hall in titles(scene.second, NOW)
    actions.confirm(scene.training.pk, {"who": scene.cadres[4].pk}, actor=scene.stewarding(scene.second), now=NOW)
    scene.do("headcount", {"heads": 3, "confirm": True}, actor=scene.stewarding(scene.second))
    assert hall not in titles(scene.second, NOW)


def test_the_start_page_of_who_has_no_training_asks_once(scene, django_assert_num_queries):
    from courses.live.todos import training_todos

    Training.objects.all().delete()
    user = User.objects.get(pk=scene.cadres[0].pk)
    user.role_less = True
    with django_assert_num_queries(1):
        assert training_todos(user, NOW) == []
