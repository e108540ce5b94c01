"""LD3: a paper of 1,200 questions works from start to result, and nothing is cut off at a default limit."""
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft

from exams import actions, saves
from exams.actions.preparing import RuleSpec
from exams.engine import sheet as sheets
from exams.models import Response, Sitting
from exams.papers import keys_of, paper_of
from exams.tokens import issue

from . import scene

QUESTIONS = 1200
COUNTS = {"single": (500, "0.5"), "multiple": (300, "1.0"), "judge": (400, "0.5")}
RULES = [RuleSpec(kind, count, Decimal(marks)) for kind, (count, marks) in COUNTS.items()]
LARGEST_PAGE = 2_500_000  # bytes, before compression: about 2 kB a question


def write_questions(district):
    for kind, (count, _) in COUNTS.items():
        for n in range(count):
            options = () if kind == "judge" else tuple(f"第 {n} 题第 {k} 项" for k in range(4))
            answer = {"single": "ABCD"[n % 4], "multiple": "ABD", "judge": "TF"[n % 2]}[kind]
            draft = QuestionDraft(type=kind, stem=f"{kind} 大卷第 {n} 题", options=options, answer=answer, explanation="")
            bank_actions.create_question(district.bank, draft, by=district.boss, now=scene.OPENS)


@pytest.fixture
def large(district, cadre):
    write_questions(district)
    now = timezone.now()
    return district.exam(
        rules=RULES, now=now, opens_at=now - scene.minutes(5), closes_at=now + scene.minutes(300),
        duration_minutes=240, pass_mark=Decimal(600), result_policy="at_once",
    )  # fmt: skip


def test_LD3_a_paper_of_1200_questions_is_started_saved_handed_in_and_shown(large, cadre, client):
    client.force_login(cadre)
    client.post(reverse("exams:start", args=[large.pk]), {"read": "on"})
    sitting = Sitting.objects.get()

    page = client.get(reverse("exams:paper", args=[sitting.pk])).content
    names = set(re.findall(rb'name="(q[0-9a-f]{6}\d+)"', page))
    assert len(names) == QUESTIONS
    assert len(page) < LARGEST_PAGE

    whole = scene.changes(sitting)
    assert len(json.dumps({"changes": whole})) < saves.LARGEST
    reply = scene.save_request(client, sitting, whole)
    assert reply.status_code == 200
    assert len(reply.json()["saved"]) == QUESTIONS
    sitting.refresh_from_db()
    assert sheets.answered(sheets.load(sitting.answers)) == QUESTIONS

    # As a page without scripts sends it: every ticked option is a field of one form.
    last = paper_of(sitting.pk).names.questions[-1]
    form = {name: chosen for name, (chosen, _) in whole.items() if name != last}
    token = issue(sitting.pk, sitting.epoch)
    client.post(reverse("exams:handin", args=[sitting.pk]), {**form, "token": token, "sheet": "1", "confirm": "1"})
    sitting.refresh_from_db()
    assert sitting.state == "marked"
    assert sitting.mark == sum(item.marks for item in paper_of(sitting.pk).items[:-1])
    assert Response.objects.filter(sitting=sitting).count() == QUESTIONS

    result = client.get(reverse("exams:result", args=[sitting.pk]))
    assert result.status_code == 200
    assert len(result.content) < LARGEST_PAGE
    shown = re.findall(r"大卷第 \d+ 题|第 \d+ 题怎么说", result.content.decode())
    assert len(shown) == QUESTIONS


def test_LD3_the_last_question_of_a_large_paper_is_marked_like_the_first(large, cadre):
    candidate = scene.candidate(large, cadre)
    now = timezone.now()
    sitting = actions.start_sitting(candidate, by=cadre, now=now, seed=3, device="this")
    scene.answer_all(sitting, places={0, QUESTIONS - 1}, now=now)
    marked = actions.submit_sitting(sitting.pk, by=cadre, now=now)

    assert [kind for kind, _ in keys_of(paper_of(sitting.pk))].count("judge") == 400
    assert marked.mark == Decimal("1.0")
