"""证书: issued when results cannot change any more, printed as text, checked by anybody against the record."""
import re
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exams import actions, certificates, corrections
from exams.engine.correcting import Correction
from exams.engine.refusals import AlreadySo, NotYetIssued
from exams.models import Certificate, Exam, Sitting
from exams.papers import paper_of

from . import scene
from .scene import CLOSES, NOON, browser, candidate, holder, minutes

AFTER = CLOSES + minutes(1)


@pytest.fixture
def exam(district, cadre):
    return district.exam(certificates=True)


@pytest.fixture
def passed(exam, sitting, cadre):
    """Handed in with full marks."""
    scene.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(20))
    return candidate(exam, cadre)


def issue(district, exam, now=AFTER):
    return actions.issue_certificates(exam, by=district.boss, now=now)


def check(number, code):
    return Client().get(reverse("exams:check_certificate"), {"number": number, "code": code}).content.decode()


def test_everybody_who_passed_gets_one_with_the_facts_of_that_day_and_nobody_else(district, exam, passed):
    other = district.person("没过")
    assert issue(district, exam) == 1
    one = Certificate.objects.get()
    facts = (one.name, one.unit, one.exam_name, one.issuer, one.mark, one.band)
    assert facts == ("陈志远", "穗安街道", "法治理论考试", "嘉禾区", Decimal("100.0"), "优秀")
    assert re.fullmatch(r"2026-\d{4}-0001", one.number)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{8}", one.code)
    assert issue(district, exam) == 0
    assert not Certificate.objects.filter(candidate__user=other).exists()


@pytest.mark.parametrize(
    ("fields", "now"),
    [({}, CLOSES - minutes(1)), ({"grace_minutes": 10}, CLOSES + minutes(9)), ({"certificates": False}, AFTER),
     ({"result_policy": "after_release"}, AFTER)],
)  # fmt: skip
def test_nothing_is_issued_while_results_may_change_or_wait_to_be_released(district, exam, passed, fields, now):
    Exam.objects.update(**fields)
    with pytest.raises(NotYetIssued):
        issue(district, exam, now)
    assert Certificate.objects.count() == 0


def test_after_release_they_are_issued(district, exam, passed):
    Exam.objects.update(result_policy="after_release", released_at=CLOSES)
    assert issue(district, exam) == 1


def test_the_holder_downloads_a_pdf_and_anybody_checks_it_without_reading_the_whole_name(district, exam, passed, cadre):
    issue(district, exam)
    one = Certificate.objects.get()
    with time_machine.travel(AFTER, tick=False):
        page = browser(cadre)
        result = page.get(reverse("exams:result", args=[passed.counted_id])).content.decode()
        assert reverse("exams:certificate", args=[one.pk]) in result
        reply = page.get(reverse("exams:certificate", args=[one.pk]))
        assert (reply["Content-Type"], reply.content[:5]) == ("application/pdf", b"%PDF-")
    said = check(f" {one.number} ", one.spoken_code.lower())
    assert all(words in said for words in ("证书有效", "陈＊＊", "穗安街道", "法治理论考试", "优秀"))
    assert cadre.name not in said


@pytest.mark.parametrize("code", ["", "22222222", "x" * 300, "'; drop"])
def test_a_wrong_code_looks_like_a_wrong_number(district, exam, passed, code):
    issue(district, exam)
    one = Certificate.objects.get()
    said, unknown = check(one.number, code), check("2026-9999-0001", code)
    strip = re.compile(r'value="[^"]*"')
    assert "没有查到" in said
    assert strip.sub("", said) == strip.sub("", unknown)


def test_a_name_is_text_and_never_markup(district, exam, passed, cadre):
    cadre.name = '#panic("x") *粗* $x$ "引号" \\ 换'
    cadre.save()
    issue(district, exam)
    assert certificates.pdf([Certificate.objects.get()], lambda one: "https://example.org/")[:5] == b"%PDF-"


def test_long_names_stay_on_one_page(district, exam, passed):
    issue(district, exam)
    one = Certificate.objects.get()
    one.name, one.exam_name, one.issuer = "长" * 80, "考" * 100, "单" * 60
    for some in ([one], [one, one]):
        content = certificates.pdf(some, lambda one: "https://example.org/" + "x" * 60)
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == len(some)


def test_one_revoked_by_hand_is_said_to_be_void_and_the_next_run_issues_none_for_the_same_mark(district, exam, passed):
    issue(district, exam)
    one = Certificate.objects.get()
    actions.revoke_certificate(one, reason="替考", by=district.boss, now=AFTER)
    assert "证书已作废" in check(one.number, one.code)
    with pytest.raises(AlreadySo):
        actions.revoke_certificate(one, reason="再来", by=district.boss, now=AFTER)
    assert issue(district, exam) == 0
    with time_machine.travel(AFTER, tick=False):
        page = browser(holder(district, "setter")).get(reverse("exams:certificates", args=[exam.pk])).content.decode()
    assert "没有要发的证书" in page
    assert "发证书</button>" not in page
    assert Certificate.objects.get() == one


def test_after_a_wrong_name_is_put_right_the_organiser_lets_the_next_run_issue_another(district, exam, passed):
    issue(district, exam)
    one = Certificate.objects.get()
    with pytest.raises(AlreadySo):
        actions.allow_certificate(one, by=district.boss, now=AFTER)
    actions.revoke_certificate(one, reason="姓名有误", by=district.boss, now=AFTER)
    with time_machine.travel(AFTER, tick=False):
        page = browser(holder(district, "setter"))
        stranger = browser(holder(district, "setter", unit=district.other_town, name="外单位"))
        address = reverse("exams:allow_certificate", args=[one.pk])
        assert stranger.post(address).status_code == 404
        assert issue(district, exam) == 0
        assert f"{one.number} 可以重发了" in page.post(address, follow=True).content.decode()
    assert issue(district, exam) == 1
    assert Certificate.objects.filter(revoked_at=None).get().number.endswith("0002")
    assert "证书已作废" in check(one.number, one.code)


def test_another_mark_than_the_revoked_one_is_certified_again(district, exam, passed, cadre):
    issue(district, exam)
    actions.revoke_certificate(Certificate.objects.get(), reason="替考", by=district.boss, now=AFTER)
    kind, key = keys(passed)[0]
    wrong = Correction(("ABCD",) if kind == "multiple" else ("D" if key == "A" else "A",))
    version = paper_of(passed.counted_id).items[0].version_id
    seen = corrections.effect_of(Exam.objects.get(), version, wrong)
    actions.correct_question(exam, version, wrong, reason="更正", seen=seen.digest, by=district.boss, now=AFTER)
    assert issue(district, exam) == 1
    assert Certificate.objects.get(revoked_at=None).mark == candidate(exam, cadre).counted_mark


def test_a_result_that_changes_afterwards_voids_the_paper_at_once_and_a_new_one_follows(district, exam, passed, cadre):
    issue(district, exam)
    one = Certificate.objects.get()
    version = paper_of(passed.counted_id).items[0].version_id
    wrong = Correction(("ABCD",) if keys(passed)[0][0] == "multiple" else ("D" if keys(passed)[0][1] == "A" else "A",))
    seen = corrections.effect_of(Exam.objects.get(), version, wrong)
    actions.correct_question(exam, version, wrong, reason="更正", seen=seen.digest, by=district.boss, now=AFTER)
    assert candidate(exam, cadre).counted_mark == 90
    assert "证书已失效" in check(one.number, one.code)
    with time_machine.travel(AFTER, tick=False):
        assert browser(cadre).get(reverse("exams:certificate", args=[one.pk])).status_code == 404
    assert issue(district, exam) == 1
    assert Certificate.objects.get(revoked_at=None).mark == 90
    assert Certificate.objects.get(pk=one.pk).revoked_reason == "成绩有变动"


def keys(line):
    from exams.papers import keys_of

    return keys_of(paper_of(line.counted_id))


def test_a_voided_sitting_takes_its_certificate_with_it(district, exam, passed):
    issue(district, exam)
    one = Certificate.objects.get()
    actions.void_sitting(Sitting.objects.get(pk=passed.counted_id), reason="替考", by=district.boss, now=AFTER)
    assert "证书已失效" in check(one.number, one.code)


def test_the_organiser_issues_revokes_and_prints_all_on_one_page(district, exam, passed):
    setter = holder(district, "setter")
    with time_machine.travel(AFTER, tick=False):
        page = browser(setter)
        address = reverse("exams:certificates", args=[exam.pk])
        assert "1 人合格，还没有证书" in page.get(address).content.decode()
        assert page.get(reverse("exams:certificates_pdf", args=[exam.pk])).status_code == 404
        done = page.post(reverse("exams:issue_certificates", args=[exam.pk]), follow=True).content.decode()
        assert "已发证书 1 份" in done
        assert page.get(reverse("exams:certificates_pdf", args=[exam.pk])).content[:5] == b"%PDF-"
        one = Certificate.objects.get()
        done = page.post(reverse("exams:revoke_certificate", args=[one.pk]), {"reason": "重名"}, follow=True).content.decode()
    assert "已作废" in done
    assert "重名" in done


def test_certificates_are_out_of_reach_for_everybody_else(district, exam, passed):
    issue(district, exam)
    one = Certificate.objects.get()
    others = (district.person("别人"), holder(district, "setter", unit=district.other_town, name="外单位"))
    with time_machine.travel(AFTER, tick=False):
        for who in others:
            page = browser(who)
            assert page.get(reverse("exams:certificate", args=[one.pk])).status_code == 404
            assert page.get(reverse("exams:certificates", args=[exam.pk])).status_code == 404
            assert page.get(reverse("exams:certificates_pdf", args=[exam.pk])).status_code == 404
            assert page.post(reverse("exams:issue_certificates", args=[exam.pk])).status_code == 404
            assert page.post(reverse("exams:revoke_certificate", args=[one.pk]), {"reason": "x"}).status_code == 404
    assert Client().get(reverse("exams:certificate", args=[one.pk])).status_code == 302
    assert Certificate.objects.get().revoked_at is None
