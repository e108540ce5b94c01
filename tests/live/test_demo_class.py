"""manage.py demo_training at a real server: 3 halls and 10 phones go through a whole class, and Ctrl-C ends one."""
import json
import re
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.servers import ROOT, running_server

PREPARE = """
from django.utils import timezone
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, User
from tests.live import scene as scenes

scenes.NOW = timezone.now()
scene = scenes.build(people_each=6)
people.create_unit(name="澄溪镇", kind="township", parent=scene.district, by=scene.boss, now=scenes.BEFORE)
User.objects.filter(pk=scene.trainer.pk).update(username="demo-trainer")
scene.question()
"""
TOLD = """
import json
from collections import Counter
from courses.live.models import CheckIn, Answer, Training
from mingfa.people.models import Session
told = []
for one in Training.objects.filter(title__startswith="演示课").order_by("pk"):
    told.append({
        "state": one.state, "kinds": Counter(one.events.values_list("kind", flat=True)), "venues": one.venues.count(),
        "seqs": list(one.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, one.seq + 1)),
        "signed": one.checkins.values("user").distinct().count(), "answers": one.answers.count(), "qa": len(one.snapshot["qa"]),
    })
print(json.dumps({"classes": told, "sessions": Session.objects.count()}))
"""


@pytest.fixture
def folder(new_data_folder):
    folder = new_data_folder()
    folder.manage("shell", "-v0", "-c", PREPARE)
    return folder


def end_by_ctrl_c(folder, url) -> str:
    """Begin a class of an hour, press Ctrl-C as soon as the doors are open; what it said then."""
    command = [sys.executable, "manage.py", "demo_training", "--url", url, "--venues", "2", "--phones", "4", "--minutes", "60"]
    process = subprocess.Popen(command, cwd=ROOT, env=folder.environment(), stdout=subprocess.PIPE, text=True)
    assert any("开门候课" in line for line in iter(process.stdout.readline, ""))
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    return rest


def test_a_class_runs_through_the_real_sockets_leaves_nothing_behind_and_ends_by_ctrl_c(folder):
    with running_server(folder) as server:
        said = folder.manage("demo_training", "--url", server.url, "--venues", 3, "--phones", 10, "--minutes", 0.2)
        rest = end_by_ctrl_c(folder, server.url)
    assert f"{server.url}/live/2/console/" in said
    assert re.search(rf"{server.url}/live/2/venue/\d+/enter/\w+/", said)
    assert said.count("\n0") == 22  # every step of the script, and no bar that moves
    assert "已停止" in rest
    assert "Traceback" not in rest
    found = json.loads(folder.manage("shell", "-v0", "-c", TOLD).splitlines()[-1])
    assert found["sessions"] == 0
    made, cut_off = found["classes"]
    assert cut_off["state"] == "cancelled"  # it had not begun
    assert (made["state"], made["venues"], made["seqs"], made["qa"]) == ("ended", 3, True, 6)
    kinds = made["kinds"]
    assert kinds["poll.open"] == kinds["poll.close"] == 3
    assert kinds["quiz.close"] == 1
    assert kinds["slide.goto"] >= 12
    assert kinds["venue.offline"] >= 2
    assert kinds["floor"] == 2
    assert made["signed"] >= 5
    assert made["answers"] >= 5


def test_wrong_numbers_and_an_address_without_a_server_are_told():
    with pytest.raises(CommandError, match="--phones 要在 1 到"):
        call_command("demo_training", phones=0)
    with pytest.raises(CommandError, match="没有应答"):
        call_command("demo_training", url="http://127.0.0.1:9")
