"""An exam in a district with two 联络员, seen at noon of its first day; the reminders of its last days are allowed."""
from datetime import timedelta

import pytest
import time_machine
from mingfa.people.models import Role
from mingfa.reminders import actions, registry

from tests.exams import scene as scenes
from tests.exams.scene import CLOSES, NOON, browser, holder, minutes

INSIDE = CLOSES - timedelta(hours=23)  # Thursday 17 September, 10:00 in Beijing


@pytest.fixture
def clock():
    with time_machine.travel(INSIDE, tick=False) as clock:
        yield clock


@pytest.fixture
def district(db, clock):
    return scenes.build()


@pytest.fixture
def people(district):
    names = ("甲一", "乙二", "丙三")
    return [district.person(name) for name in names] + [district.person("黄四", district.other_town)]


@pytest.fixture
def exam(district, people):
    return district.exam()


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER, name="出题人")


@pytest.fixture
def liaison(district, exam):
    return holder(district, Role.LIAISON, unit=district.town, name="王联络")


@pytest.fixture
def other_liaison(district, exam):
    return holder(district, Role.LIAISON, unit=district.other_town, name="李联络")


@pytest.fixture
def occasion(exam):
    return registry.find("exam", exam.pk)


@pytest.fixture
def press(occasion, setter):
    """Function: press the button and send, both at this moment."""

    def act(now=INSIDE, *, send=True):
        asked = actions.ask_reminders(occasion, by=setter, now=now)
        if send:
            actions.send_waiting(now=now)
        return asked

    return act


def hand_in(exam, user, now=NOON):
    sitting = scenes.sit(exam, user, now=now)
    scenes.answer_all(sitting, now=now)
    scenes.actions.submit_sitting(sitting.pk, by=user, now=now)


__all__ = ["INSIDE", "browser", "hand_in", "minutes"]
