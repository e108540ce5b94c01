"""What a process remembers of a sitting is a guess: the database decides, whoever wrote to it meanwhile."""
import pytest
from django.db.models import F

from exams import actions
from exams.actions import saving
from exams.engine import sheet as engine_sheet
from exams.engine.refusals import Frozen, Replaced, SittingEnded, Voided
from exams.models import Sitting

from . import scene

LATER = scene.NOON + scene.minutes(1)


def save(sitting, places, *, seq, now=LATER, epoch=1, right=True):
    return actions.save_answers(sitting.pk, scene.changes(sitting, places, seq=seq, right=right), epoch=epoch, now=now)


@pytest.fixture
def known(sitting):
    save(sitting, {0}, seq=1)
    return sitting


def test_an_answer_another_process_saved_meanwhile_is_kept(known):
    remembered = dict(saving._recent)
    save(known, {1}, seq=2)
    saving._recent.clear()
    saving._recent.update(remembered)  # as if the other process had saved question 1

    save(known, {2}, seq=3)

    known.refresh_from_db()
    assert engine_sheet.load(known.answers).keys() == {0, 1, 2}
    assert known.revision == 3


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": "void", "void_reason": "替考"}, Voided),
        ({"frozen_reason": "账号停用"}, Frozen),
        ({"epoch": F("epoch") + 1}, Replaced),
        ({"ends_at": scene.NOON}, SittingEnded),
    ],
)
def test_what_another_process_did_to_the_sitting_counts_from_the_next_save(known, change, refusal):
    Sitting.objects.filter(pk=known.pk).update(**change)
    with pytest.raises(refusal):
        save(known, {1}, seq=2)


def test_a_repeated_save_after_the_sitting_was_voided_gets_no_receipt(known):
    Sitting.objects.filter(pk=known.pk).update(state="void", void_reason="替考")
    with pytest.raises(Voided):
        save(known, {0}, seq=1)


def test_time_given_by_another_process_counts_at_once(known):
    after_end = known.ends_at + scene.minutes(1)
    Sitting.objects.filter(pk=known.pk).update(ends_at=known.ends_at + scene.minutes(10))

    assert save(known, {1}, seq=2, now=after_end).ends_at == known.ends_at + scene.minutes(10)


def test_handing_in_saves_the_form_and_marks_it_in_one_go(sitting):
    from exams.papers import paper_of

    paper = paper_of(sitting.pk)
    chosen = {name: options for name, (options, _) in scene.changes(sitting, range(len(paper.items))).items()}
    handed_in = actions.submit_sitting(sitting.pk, by=None, now=LATER, chosen=chosen, epoch=1)

    sitting.refresh_from_db()
    assert (handed_in.mark, sitting.state, sitting.revision) == (100, "marked", 1)
    assert sitting.saved_at == LATER


def test_a_form_from_a_device_that_was_replaced_is_not_handed_in(sitting):
    Sitting.objects.filter(pk=sitting.pk).update(epoch=2)
    with pytest.raises(Replaced):
        actions.submit_sitting(sitting.pk, by=None, now=LATER, chosen={}, epoch=1)
    assert Sitting.objects.get(pk=sitting.pk).state == "open"
