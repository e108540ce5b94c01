"""SI3: another device takes over while a save of the first one is in flight."""
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from exams import actions
from exams.actions import saving
from exams.engine.refusals import Refusal
from exams.engine.sheet import load
from exams.models import Sitting
from exams.papers import keys_of, paper_of

from . import scene
from .scene import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db):
    return scene.build()


def alone(call):
    """In a thread with a database connection of its own."""
    try:
        return call()
    except Refusal as refusal:
        return refusal
    finally:
        connection.close()


def test_SI3_a_takeover_and_a_save_in_flight_never_make_two_promises_for_one_answer(district):
    people = [district.person(f"学员{n}") for n in range(12)]
    exam = district.exam()
    for cadre in people:
        sitting = scene.sit(exam, cadre)
        first = scene.changes(sitting, [0], right=True)
        second = scene.changes(sitting, [0], right=False)
        together = Barrier(2)

        def save_old(sitting=sitting, first=first, together=together):
            together.wait()
            return actions.save_answers(sitting.pk, first, epoch=1, now=NOON)

        def take_over_and_save(sitting=sitting, second=second, cadre=cadre, together=together):
            together.wait()
            taken = actions.take_over(Sitting.objects.get(pk=sitting.pk), by=cadre, now=NOON, device="other")
            # The new device sends its own counter, which starts at what its page was given.
            seq = 1 + max((seq for _, seq in load(Sitting.objects.get(pk=sitting.pk).answers).values()), default=0)
            mine = {name: [chosen, seq] for name, (chosen, _) in second.items()}
            return actions.save_answers(taken.pk, mine, epoch=taken.epoch, now=NOON)

        with ThreadPoolExecutor(2) as pool:
            old, new = pool.map(alone, (save_old, take_over_and_save))
        saving.forget()
        kept, seq = load(Sitting.objects.get(pk=sitting.pk).answers)[0]
        key = keys_of(paper_of(sitting.pk))[0][1]
        assert isinstance(new, saving.Saved), new
        assert kept == ("D" if key == "A" else "A")
        assert list(new.saved.values()) == [seq]
        # The old promise, if there was one, was older than the take-over; what was promised last is stored.
        if isinstance(old, saving.Saved):
            assert old.revision < new.revision
        else:
            assert old.code == "replaced"
            name = paper_of(sitting.pk).names.questions[0]
            assert actions.stored_instead(sitting.pk, first) == {name: second[name][0]}
