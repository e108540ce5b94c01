"""A report from its first draft to the frozen paper, its restatement, and the figures typed in for it."""
from datetime import date

import pytest
from django.db import IntegrityError
from mingfa.indicators import actions as entering
from mingfa.indicators import queries as counted
from mingfa.indicators.models import EnteredFigure
from mingfa.periods import Year
from mingfa.reports import actions
from mingfa.reports.models import Report, ReportText
from mingfa.reports.queries import Compiled, digest_of_report, imprint_of, last_text, review_of
from mingfa.review.engine import InReview, IsAuthor
from mingfa.review.models import Review
from wagtail.models import ModelLogEntry

from .scene import BODY, NOW, YEAR


def printed(report) -> str:
    return "\n".join(one.text for one in Compiled(report).written)


def filled(scene, on_time=(150, 150)):
    scene.enter()
    scene.enter("entered_on_time", *on_time, source="办理台账")


def test_a_typed_figure_counts_once_a_second_person_has_checked_it(scene):
    row = scene.enter(checked=False)
    assert counted.figures_of(scene.office, YEAR, ["entered_group_study"])["entered_group_study"].value is None
    with pytest.raises(entering.OwnFigure):
        entering.check_figure(row.pk, by=scene.writer, now=NOW)
    entering.check_figure(row.pk, by=scene.second, now=NOW)
    assert counted.figures_of(scene.office, YEAR, ["entered_group_study"])["entered_group_study"].value == 12
    with pytest.raises(entering.CheckedAlready):
        entering.check_figure(row.pk, by=scene.second, now=NOW)


def test_a_correction_keeps_what_stood_and_waits_for_its_own_check(scene):
    scene.enter(part=12)
    scene.enter(part=13, checked=False)
    assert counted.figures_of(scene.office, YEAR, ["entered_group_study"])["entered_group_study"].value is None
    assert list(EnteredFigure.objects.order_by("pk").values_list("part", "checked_at")) == [(12, NOW), (13, None)]


def test_typing_the_same_again_changes_nothing(scene):
    assert scene.enter().pk == scene.enter().pk
    assert EnteredFigure.objects.get().checked_by == scene.second


def test_a_part_above_its_whole_is_refused_and_the_database_refuses_it_too(scene):
    with pytest.raises(entering.PartAboveWhole):
        scene.enter("entered_on_time", 11, 10)
    row = scene.enter("entered_on_time", 9, 10)
    with pytest.raises(IntegrityError):
        EnteredFigure.objects.filter(pk=row.pk).update(part=11)


def test_a_figure_belongs_to_its_unit_and_year_alone(scene):
    scene.enter()
    assert counted.figures_of(scene.other, YEAR, ["entered_group_study"])["entered_group_study"].value is None
    assert counted.figures_of(scene.office, Year(2025), ["entered_group_study"])["entered_group_study"].value is None


def test_a_report_with_anything_open_is_not_submitted(scene):
    report = scene.report()
    with pytest.raises(actions.NotReady) as refused:
        actions.submit_report(report.pk, by=scene.writer, now=NOW)
    assert [(one.kind, one.part) for one in refused.value.findings] == [
        ("empty", "entered_group_study"), ("empty", "entered_on_time"),
    ]  # fmt: skip
    assert Review.objects.count() == 0


def test_without_three_signatures_a_report_is_not_frozen(scene):
    filled(scene)
    report = scene.report()
    actions.submit_report(report.pk, by=scene.writer, now=NOW)
    with pytest.raises(actions.NotReviewed):
        actions.freeze_report(report.pk, by=scene.writer, now=NOW)
    with pytest.raises(InReview):
        actions.submit_report(report.pk, by=scene.writer, now=NOW)


def test_an_edit_voids_the_signatures(scene):
    filled(scene)
    report = scene.report()
    actions.submit_report(report.pk, by=scene.writer, now=NOW)
    scene.sign(report)
    scene.write(report, BODY + "\n二、存在的问题")
    with pytest.raises(actions.NotReviewed):
        actions.freeze_report(report.pk, by=scene.writer, now=NOW)


def test_an_edit_during_the_review_starts_it_again_with_the_editor_as_author(scene):
    filled(scene)
    report = scene.report()
    actions.submit_report(report.pk, by=scene.writer, now=NOW)
    scene.write(report, BODY + "\n二、存在的问题")
    review = review_of(last_text(report))
    assert (review.state, review.text_hash) == ("first", last_text(report).text_hash)
    assert scene.writer in review.authors.all()


def test_who_wrote_the_report_does_not_sign_it(scene):
    from mingfa.people.actions import grant_role
    from mingfa.people.models import User
    from mingfa.review import actions as reviewing

    filled(scene)
    grant_role(scene.writer, role="review1", unit=scene.office, by=scene.boss, now=NOW)
    report = scene.report()
    review = actions.submit_report(report.pk, by=scene.writer, now=NOW)
    with pytest.raises(IsAuthor):
        reviewing.sign_review(
            review.pk, by=User.objects.get(pk=scene.writer.pk), now=NOW, text_hash=review.text_hash, step=1, secrecy=True
        )


def test_one_row_changes_the_draft_and_never_the_frozen_report_which_says_what_differs(scene):
    filled(scene)
    report = scene.frozen()
    before = printed(report)
    assert "按期办结率100%（150 / 150）" in before.replace("150/150", "150 / 150")
    scene.enter("entered_on_time", 149, 150, source="办理台账（更正）")
    again = type(report).objects.get(pk=report.pk)
    assert printed(again) == before
    [difference] = Compiled(again).differences()
    assert (difference.row.code, difference.frozen.text, difference.now.text) == ("entered_on_time", "100%", "99.3%")
    draft = actions.restate_report(report.pk, reason="办理台账核出一件超期", by=scene.writer, now=NOW)
    assert "按期办结率99.3%" in printed(draft)
    assert "全部按期办结" not in printed(draft)


def test_a_restatement_keeps_both_and_says_why(scene):
    filled(scene)
    first = scene.frozen()
    scene.enter("entered_on_time", 149, 150, source="办理台账（更正）")
    draft = actions.restate_report(first.pk, reason="台账核出一件超期", by=scene.writer, now=NOW)
    with pytest.raises(actions.NotFrozen):
        actions.restate_report(first.pk, reason="再来一次", by=scene.writer, now=NOW)
    actions.submit_report(draft.pk, by=scene.writer, now=NOW)
    scene.sign(draft)
    second = actions.freeze_report(draft.pk, by=scene.writer, now=NOW)
    first.refresh_from_db()
    assert first.frozen
    assert second.frozen
    assert (second.replaces_id, second.snapshot.replaces_id) == (first.pk, first.snapshot_id)
    assert first.digest != second.digest


def test_a_frozen_report_is_neither_edited_nor_frozen_again(scene):
    filled(scene)
    report = scene.frozen()
    for act in (
        lambda: scene.write(report, "别的"),
        lambda: actions.submit_report(report.pk, by=scene.writer, now=NOW),
        lambda: actions.freeze_report(report.pk, by=scene.writer, now=NOW),
    ):
        with pytest.raises(actions.Frozen):
            act()


def test_of_two_people_who_edit_the_same_wording_the_second_is_told(scene):
    report = scene.report()
    seen = last_text(report).number
    scene.write(report, "一、甲")
    facts = {"title": report.title, "signer": report.signer, "overrides": {}}
    with pytest.raises(actions.EditedMeanwhile):
        actions.save_text(report.pk, body="一、乙", seen=seen, by=scene.second, now=NOW, **facts)
    assert last_text(report).body == "一、甲"


def test_a_text_that_cannot_be_read_is_not_saved(scene):
    from mingfa.reports.engine import BadText

    report = scene.report()
    with pytest.raises(BadText):
        scene.write(report, "{有")
    assert last_text(report).body == BODY


def test_words_typed_over_a_figure_are_signed_with_the_text(scene):
    filled(scene)
    report = scene.report()
    plain = last_text(report).text_hash
    scene.write(report, BODY, overrides={"entered_group_study": ("12次以上", "含联学")})
    assert last_text(report).text_hash != plain
    assert "专题学法12次以上次" in printed(report)


def test_next_years_draft_starts_from_the_frozen_one_with_the_years_moved_and_typed_numbers_cleared(scene):
    filled(scene)
    report = scene.frozen(BODY + "\n二、2026年的问题和2027年的安排")
    following = actions.start_report(scene.office, 2027, by=scene.writer, now=NOW)
    body = last_text(following).body
    assert "2027年的问题和2028年的安排" in body
    assert "{数 6次" not in body
    assert "上年：6次" in body
    assert report.title != following.title
    assert following.title.endswith("关于2027年法治建设情况的报告")


def test_a_unit_has_one_report_a_year(scene):
    report = scene.report()
    with pytest.raises(actions.Exists) as there:
        actions.start_report(scene.office, 2026, by=scene.second, now=NOW)
    assert there.value.report == report


def test_every_step_leaves_a_line_in_the_log(scene):
    filled(scene)
    report = scene.frozen()
    actions.restate_report(report.pk, reason="更正", by=scene.writer, now=NOW)
    names = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"reports.start", "reports.edit", "reports.freeze", "reports.restate", "indicators.enter", "indicators.check",
            "indicators.freeze", "review.submit", "review.sign"} <= names  # fmt: skip


def test_the_digest_of_the_frozen_figures_can_be_recomputed_from_their_rows(scene):
    filled(scene)
    snapshot = scene.frozen().snapshot
    rows = list(snapshot.figures.order_by("pk"))
    assert counted.digest_of(scene.office.pk, "2026", rows) == snapshot.digest
    rows[0].part = 13
    assert counted.digest_of(scene.office.pk, "2026", rows) != snapshot.digest


def test_the_template_of_the_office_reads_and_names_only_figures_there_are(scene):
    report = actions.start_report(scene.office, 2026, by=scene.writer, now=NOW)
    assert [one for one in Compiled(report).findings if one.kind != "empty"] == []
    assert ReportText.objects.get().number == 1


IMPRINT = {
    "number": "嘉信访发〔2026〕5号", "copies_to": "嘉禾区司法局", "printed_by": "嘉禾区信访局", "printed_on": date(2026, 12, 31),
    "stamped": False,
}  # fmt: skip


def test_a_number_given_after_the_review_leaves_its_signatures_and_is_frozen_with_the_text(scene):
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")
    report = scene.report()
    actions.submit_report(report.pk, by=scene.writer, now=NOW)
    scene.sign(report)
    actions.set_imprint(report.pk, **IMPRINT, by=scene.writer, now=NOW)
    line = ModelLogEntry.objects.get(action="reports.imprint")
    assert line.data == {"before": [""] * 4, "after": ["嘉信访发〔2026〕5号", "嘉禾区司法局", "嘉禾区信访局", "2026-12-31"]}
    frozen = actions.freeze_report(report.pk, by=scene.writer, now=NOW)
    assert frozen.number == "嘉信访发〔2026〕5号"
    with pytest.raises(actions.Frozen):
        actions.set_imprint(report.pk, **IMPRINT, by=scene.writer, now=NOW)


def test_saying_the_same_again_leaves_no_line_in_the_log(scene):
    report = scene.report()
    for _ in range(2):
        actions.set_imprint(report.pk, **IMPRINT, by=scene.writer, now=NOW)
    assert ModelLogEntry.objects.filter(action="reports.imprint").count() == 1


def test_a_correction_goes_to_the_same_offices_under_a_number_of_its_own(scene):
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")
    report = scene.frozen()
    Report.objects.update(**IMPRINT)
    again = actions.restate_report(report.pk, reason="更正", by=scene.writer, now=NOW)
    assert imprint_of(again) == ["", "嘉禾区司法局", "嘉禾区信访局", ""]


def test_whether_a_seal_is_put_on_is_frozen_and_goes_on_to_the_next_year_and_to_corrections(scene):
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")
    report = scene.report()
    assert not report.stamped
    actions.submit_report(report.pk, by=scene.writer, now=NOW)
    scene.sign(report)
    actions.set_imprint(report.pk, **{**IMPRINT, "stamped": True}, by=scene.writer, now=NOW)
    assert ModelLogEntry.objects.get(action="reports.imprint").data["after"][4:] == ["加盖印章"]
    frozen = actions.freeze_report(report.pk, by=scene.writer, now=NOW)
    text = last_text(frozen).text_hash
    assert frozen.digest == digest_of_report(text, frozen.snapshot.digest, [*imprint_of(frozen)[:4], "加盖印章"])
    assert frozen.digest != digest_of_report(text, frozen.snapshot.digest, imprint_of(frozen)[:4])
    assert actions.start_report(scene.office, 2027, by=scene.writer, now=NOW).stamped
    assert actions.restate_report(frozen.pk, reason="更正", by=scene.writer, now=NOW).stamped
