"""Files as other programs write them: keys as they stand, losses and places told, nothing guessed."""
# ruff: noqa: E501
# Samples of other formats keep their lines.

import io
import zipfile
from decimal import Decimal

import pytest
from mingfa.bank.exchange.reading import is_exchange, read_exchange
from mingfa.bank.importing import parse_file

QTI21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def read(text, name):
    return read_exchange(text.encode(), name)


def one(text, name):
    result = read(text, name)
    assert result.errors == ()
    (question,) = result.questions
    assert question.problems == ()
    return question


def codes(text, name):
    return [(error.row, error.code) for error in parse_file(text.encode(), name).errors]


def gift(text):
    return one(text, "题.gift")


def test_GIFT_of_other_programs():
    draft = gift("// 注释\n::标题::[html]<p>代表不得超过&nbsp;{\n\t=5 人#对\n\t~3 人\n\t~%50%7 人\n\t####见条文\n}人。</p>")
    assert (draft.draft.type, draft.draft.stem) == ("single", "代表不得超过 ____人。")
    assert (draft.draft.options, draft.draft.answer, draft.draft.explanation) == (("5 人", "3 人", "7 人"), "A", "见条文")
    assert draft.notes == ("逐项反馈没有导入", "部分给分的权重没有导入：请选这里的多选判分规则")


@pytest.mark.parametrize(
    ("text", "type", "answer"),
    [
        ("应当登记。{TRUE}", "judge", "T"), ("应当登记。{F#错#对}", "judge", "F"), ("期限{=60 =六十}日", "blank", "60|六十"),
        ("期限{#60}日", "blank", "60"), ("可以{~%50%甲 ~%50%乙 ~%-100%丙}", "multiple", "AB"),
        ("配对{=甲 -> 一 =乙 -> 二 = -> 三}", "match", "AB"), ("正确吗{=正确 ~错误}", "judge", "T"),
    ],
)  # fmt: skip
def test_GIFT_kinds(text, type, answer):
    draft = gift(text).draft
    assert (draft.type, draft.answer) == (type, answer)


def test_GIFT_findings_carry_their_lines_and_categories_become_topics():
    text = "$CATEGORY: $course$/top/信访/渠道\n\n说明文字\n\n甲{T}\n\n坏的{=a\n\n期限{#60:5}\n\n没有对的{~甲 ~乙}\n"
    result = read(text, "题.gift")
    assert [(question.draft.topic, question.place.row) for question in result.questions] == [("渠道", 5), ("渠道", 11)]
    assert [(error.row, error.code) for error in result.errors] == [(7, "broken_question"), (9, "unsupported_question")]
    assert [problem.code for problem in result.questions[1].problems] == ["no_answer"]
    assert result.losses == ("第 3 行的说明文字没有导入：它不是试题",)


def test_two_right_answers_of_a_single_choice_are_an_error_and_not_a_guess():
    assert codes("几人{=三 =五 ~七}", "题.gift") == [(1, "single_with_many_answers")]


def test_Aiken_in_text_files_is_recognised_by_what_stands_in_it():
    text = "代表不得超过几人？\r\nA. 3\r\nB) 5\r\nANSWER: B\r\n\r\n应当登记。\r\nA. 正确\r\nB. 错误\r\nANSWER: A\r\n"
    assert is_exchange(text.encode("gb18030"), "题.txt")
    parsed = parse_file(text.encode("gb18030"), "题.txt")
    assert [(q.draft.type, q.draft.answer, q.place.row) for q in parsed.questions] == [("single", "B", 1), ("judge", "T", 6)]
    assert not is_exchange("1.【单选】几人？\nA.3\nB.5\n答案：B\n".encode(), "题.txt")


def test_Aiken_findings_carry_their_lines():
    text = "没有答案\nA. 甲\nB. 乙\n\n答案不在里面\nA. 甲\nB. 乙\nANSWER: C\n\nANSWER: A\n"
    assert codes(text, "题.txt") == [(1, "broken_question"), (10, "broken_question"), (5, "answer_not_in_options")]


def test_Moodle_XML_of_other_sites():
    text = """<quiz>
    <question type="category"><category><text>$course$/top/信访</text></category></question>
    <question type="multichoice"><name><text>x</text></name>
     <questiontext format="html"><text><![CDATA[<p>下列<strong>正确</strong>的有&lt;两项&gt;：<img src="@@PLUGINFILE@@/a.png"></p>]]></text>
      <file name="a.png" encoding="base64">AAAA</file></questiontext>
     <generalfeedback format="html"><text>&lt;p&gt;见条文&lt;/p&gt;</text></generalfeedback>
     <defaultgrade>2.0000000</defaultgrade><penalty>0.33</penalty><hidden>0</hidden><single>false</single>
     <correctfeedback format="html"><text>答对了</text></correctfeedback>
     <answer fraction="50" format="html"><text>&lt;p&gt;甲&lt;/p&gt;</text><feedback><text></text></feedback></answer>
     <answer fraction="50"><text>乙</text></answer><answer fraction="-50"><text>丙</text></answer>
     <hint format="html"><text>想想</text></hint></question></quiz>"""
    found = one(text, "题.xml")
    draft = found.draft
    assert (draft.type, draft.stem) == ("multiple", "下列正确的有<两项>：")
    assert (draft.options, draft.answer, draft.explanation) == (("甲", "乙", "丙"), "AB", "见条文")
    assert (draft.marks, draft.topic, found.place.sheet, found.place.row) == (Decimal("2.0"), "信访", "第 1 题", 3)
    assert set(found.notes) == {
        "图片或附件没有导入", "逐项反馈没有导入", "提示（hint）没有导入", "部分给分的权重没有导入：请选这里的多选判分规则",
        "文字格式没有导入", "图片没有导入",
    }  # fmt: skip


def test_Moodle_cloze_with_several_fields_is_a_blank_and_one_with_choices_is_refused():
    quiz = '<quiz><question type="cloze"><questiontext format="html"><text>{0}</text></questiontext></question></quiz>'
    draft = one(quiz.replace("{0}", "&lt;p&gt;期限{1:SA:=60~%100%六十~%50%约60}日，延长{1:SHORTANSWER:=30#对}日&lt;/p&gt;"), "题.xml").draft
    assert (draft.type, draft.stem, draft.answer) == ("blank", "期限____日，延长____日", "60|六十\n30")
    assert codes(quiz.replace("{0}", "选{1:MULTICHOICE:=甲~乙}"), "题.xml") == [(1, "unsupported_question")]
    assert codes('<quiz><question type="calculated"/></quiz>', "题.xml") == [(1, "unsupported_question")]


CANVAS = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="a"><section ident="s">
<item ident="i1"><itemmetadata><qtimetadata>
 <qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>
 <qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>2.0</fieldentry></qtimetadatafield>
</qtimetadata></itemmetadata><presentation><material><mattext texttype="text/html">&lt;p&gt;题干&lt;/p&gt;</mattext></material>
{body}</presentation><resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
{key}</resprocessing><itemfeedback ident="general_fb"><flow_mat><material><mattext>见条文</mattext></material></flow_mat></itemfeedback>
</item></section></assessment></questestinterop>"""
LABEL = '<response_label ident="{0}"><material><mattext>{1}</mattext></material></response_label>'
LABELS = "".join(LABEL.format(*pair) for pair in (("10", "甲"), ("20", "乙"), ("30", "丙")))


def lid(name, cardinality="Single", words="", labels=LABELS):
    material = f"<material><mattext>{words}</mattext></material>" if words else ""
    return f'<response_lid ident="{name}" rcardinality="{cardinality}">{material}<render_choice>{labels}</render_choice></response_lid>'


def scored(condition, points="100", action="Set"):
    return (
        f'<respcondition continue="No"><conditionvar>{condition}</conditionvar>'
        f'<setvar action="{action}" varname="SCORE">{points}</setvar></respcondition>'
    )


def equal(name, value):
    return f'<varequal respident="{name}">{value}</varequal>'


SEVERAL = "<and>" + equal("r", 10) + "<not>" + equal("r", 20) + "</not>" + equal("r", 30) + "</and>"
STR = '<response_str ident="r" rcardinality="Single"><render_fib/></response_str>'


@pytest.mark.parametrize(
    ("kind", "body", "key", "type", "answer"),
    [
        ("multiple_choice_question", lid("r"), scored(equal("r", 20)), "single", "B"),
        ("multiple_answers_question", lid("r", "Multiple"), scored(SEVERAL), "multiple", "AC"),
        ("short_answer_question", STR, scored(equal("r", "60") + equal("r", "六十")), "blank", "60|六十"),
        (
            "matching_question", lid("p", words="左") + lid("q", words="右"),
            scored(equal("p", 20), "50", "Add") + scored(equal("q", 10), "50", "Add"), "match", "BA",
        ),
    ],
)  # fmt: skip
def test_QTI_12_as_Canvas_writes_it(kind, body, key, type, answer):
    draft = one(CANVAS.format(kind=kind, body=body, key=key), "题.xml").draft
    assert (draft.type, draft.stem, draft.answer) == (type, "题干", answer)
    assert (draft.marks, draft.explanation) == (Decimal("2.0"), "见条文")


def test_QTI_12_partial_credit_and_unknown_keys_and_kinds_are_told():
    partial = CANVAS.format(kind="", body=lid("r"), key=scored(equal("r", 20)) + scored(equal("r", 10), "50"))
    assert one(partial, "题.xml").notes == ("部分给分的权重没有导入：请选这里的多选判分规则",)
    wrong = CANVAS.format(kind="", body=lid("r"), key=scored(equal("r", 99)))
    assert codes(wrong, "题.xml") == [(2, "answer_not_in_options")]
    assert codes(CANVAS.format(kind="numerical_question", body=STR, key=""), "题.xml") == [(2, "unsupported_question")]


def item(declaration, body, *, more="", root="assessmentItem"):
    return f'<{root} xmlns="{QTI21}" identifier="Q1" title="t" adaptive="false" timeDependent="false">{declaration}<itemBody>{body}</itemBody>{more}</{root}>'


def declared(values, cardinality="single", base="identifier", mapping="", name="R"):
    values = "".join(f"<value>{value}</value>" for value in values)
    correct = f"<correctResponse>{values}</correctResponse>" if values else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{correct}{mapping}</responseDeclaration>'


CHOICES = "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in (("x", "甲"), ("y", "<p>乙</p>"), ("z", "丙")))


@pytest.mark.parametrize(
    ("declaration", "body", "type", "answer", "notes"),
    [
        (declared(["y"]), f"<p>几人</p><choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>", "single", "B", ()),
        (
            declared("xz", "multiple"),
            f"<choiceInteraction responseIdentifier='R' maxChoices='0'><prompt>几<br/>人</prompt>{CHOICES}</choiceInteraction>",
            "multiple", "AC", (),
        ),
        (declared("zxy", "ordered"), f"<p>排</p><orderInteraction responseIdentifier='R'>{CHOICES}</orderInteraction>", "order", "CAB", ()),
        (
            declared("", mapping="<mapping><mapEntry mapKey='x' mappedValue='2'/><mapEntry mapKey='y' mappedValue='1'/></mapping>"),
            f"<p>几人</p><choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>", "single", "A",
            ("部分给分的权重没有导入：请选这里的多选判分规则",),
        ),
        (
            declared(["60"], base="string"), "<p>期限<textEntryInteraction responseIdentifier='R'/>日<b>内</b></p>", "blank", "60",
            ("文字格式没有导入",),
        ),
    ],
)  # fmt: skip
def test_QTI_2_items_of_other_programs(declaration, body, type, answer, notes):
    found = one(item(declaration, body), "题.xml")
    assert (found.draft.type, found.draft.answer, found.notes) == (type, answer, notes)


def test_QTI_2_several_interactions_are_a_case_and_unknown_ones_an_error():
    second = "<choiceInteraction responseIdentifier='S'><prompt>怎么办</prompt>" + CHOICES + "</choiceInteraction>"
    first = "<p>某镇村民走访。</p><choiceInteraction responseIdentifier='R'><prompt>几人</prompt>" + CHOICES + "</choiceInteraction>"
    draft = one(item(declared("y") + declared("xy", "multiple", name="S"), first + second), "题.xml").draft
    assert (draft.type, draft.stem) == ("case", "某镇村民走访。")
    assert [(part.type, part.stem, part.answer) for part in draft.children] == [("single", "几人", "B"), ("multiple", "怎么办", "AB")]
    hot = "<p>指出</p><hotspotInteraction responseIdentifier='R'/>"
    assert codes(item(declared("y"), hot), "题.xml") == [(1, "unsupported_question")]
    random = "<templateDeclaration identifier='T' cardinality='single' baseType='integer'/>"
    assert codes(item(declared("y") + random, first), "题.xml") == [(1, "unsupported_question")]


def test_QTI_2_a_key_that_names_no_choice_is_an_error():
    body = f"<p>几人</p><choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>"
    assert codes(item(declared("w"), body), "题.xml") == [(1, "answer_not_in_options")]
    assert codes(item(declared(""), body), "题.xml") == [(1, "no_answer")]


def test_a_package_is_read_by_its_manifest_and_tells_what_it_does_not_read():
    body = f"<p>几人</p><choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.xml", item(declared("y"), body))
        package.writestr("b.xml", item(declared("y"), body))
        package.writestr("test.xml", "<assessmentTest/>")
        package.writestr(
            "imsmanifest.xml",
            "<manifest><resources>"
            "<resource type='imsqti_test_xmlv2p1' href='test.xml'/><resource type='imsqti_item_xmlv2p1' href='gone.xml'/>"
            "<resource type='imsqti_item_xmlv2p1' href='a.xml'><metadata><lom xmlns='x'><general><keyword><string>走访</string></keyword>"
            "</general><educational><difficulty><source>LOMv1.0</source><value>difficult</value></difficulty></educational></lom></metadata>"
            "</resource></resources></manifest>",
        )
    parsed = parse_file(out.getvalue(), "包.zip")
    assert [(q.draft.topic, q.draft.difficulty, q.place.sheet) for q in parsed.questions] == [("走访", 3, "a.xml")]
    assert [(error.sheet, error.code) for error in parsed.errors] == [("gone.xml", "broken_question")]
    assert parsed.notes == ("test.xml 里没有试题，没有导入", "b.xml 没有列为试题，没有导入")


def test_a_package_without_manifest_is_read_by_its_files():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.xml", item(declared(["y"]), f"<p>几人</p><choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>"))
    parsed = parse_file(out.getvalue(), "包.zip")
    assert len(parsed.questions) == 1
    assert "没有清单" in parsed.notes[0]


def test_an_XML_that_is_no_question_bank_is_refused():
    assert codes("<html><body/></html>", "题.xml") == [(None, "unknown_format")]
