"""What is written, held against the rules of the formats, element by element and without our own readers.

Rules: 1EdTech QTI 1.2 ASI binding, QTI 2.1, 2.2 and 3.0 assessment item and content packaging; Moodle XML and GIFT
as Moodle documents them.
"""

import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.bank.exchange.exporting import FORMATS, export

from tests.bank.exchange.corpus import DRAFTS, questions

thoroughly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
ITEM = {
    "qti21": ("http://www.imsglobal.org/xsd/imsqti_v2p1", "imsqti_item_xmlv2p1", "QTIv2.1 Package"),
    "qti22": ("http://www.imsglobal.org/xsd/imsqti_v2p2", "imsqti_item_xmlv2p2", "QTIv2.2 Package"),
    "qti30": ("http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "imsqti_item_xmlv3p0", "QTI Package"),
}
CP = {"qti30": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}
ORDER = [
    "responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback",
]  # fmt: skip
# interaction → (cardinalities, base types) its response may have
DECLARED = {
    "choiceInteraction": ({"single", "multiple"}, {"identifier"}),
    "orderInteraction": ({"ordered"}, {"identifier"}),
    "matchInteraction": ({"multiple"}, {"directedPair"}),
    "textEntryInteraction": ({"single"}, {"string"}),
    "extendedTextInteraction": ({"single"}, {"string"}),
}
XHTML = {"p", "br", "div"}


class Qti:
    """Names of 2.x for the elements and attributes of any version."""

    def __init__(self, root, code):
        self.root, self.namespace = root, ITEM[code][0]
        self.dashes = code == "qti30"

    def name(self, element):
        assert element.tag.startswith(f"{{{self.namespace}}}"), element.tag
        name = element.tag.rpartition("}")[2]
        if not self.dashes or name in XHTML:
            assert "-" not in name
            return name
        assert name.startswith("qti-")
        return re.sub(r"-(\w)", lambda letter: letter[1].upper(), name.removeprefix("qti-"))

    def get(self, element, name):
        if self.dashes:
            name = re.sub("[A-Z]", lambda capital: "-" + capital[0].lower(), name)
        return element.get(name)

    def all(self, name, within=None):
        return [one for one in (self.root if within is None else within).iter() if self.name(one) == name]


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def check_item(item, draft):
    assert item.name(item.root) == "assessmentItem"
    for name in ("identifier", "title", "adaptive", "timeDependent"):
        assert item.get(item.root, name) is not None
    assert NCNAME.fullmatch(item.get(item.root, "identifier"))
    children = [item.name(child) for child in item.root]
    assert children == sorted(children, key=ORDER.index)
    names = [item.get(one, "identifier") for one in item.all("responseDeclaration") + item.all("outcomeDeclaration")]
    assert len(set(names)) == len(names)
    choices = [item.get(one, "identifier") for one in item.all("simpleChoice") + item.all("simpleAssociableChoice")]
    assert len(set(choices)) == len(choices)
    assert all(map(NCNAME.fullmatch, [*names, *choices]))
    declared = {item.get(one, "identifier"): one for one in item.all("responseDeclaration")}
    interactions = [one for one in item.root.iter() if item.name(one).endswith("Interaction")]
    assert sorted(item.get(one, "responseIdentifier") for one in interactions) == sorted(declared)
    for interaction in interactions:
        check_response(item, interaction, declared[item.get(interaction, "responseIdentifier")])
    outcomes = {item.get(one, "identifier") for one in item.all("outcomeDeclaration")}
    for one in [*item.all("setOutcomeValue"), *item.all("variable"), *item.all("correct"), *item.all("mapResponse")]:
        assert item.get(one, "identifier") in outcomes | set(declared)
    for feedback in item.all("modalFeedback"):
        assert item.get(feedback, "outcomeIdentifier") in outcomes
        assert item.get(feedback, "showHide") == "show"
    worth = [one for one in item.all("outcomeDeclaration") if item.get(one, "identifier") == "MAXSCORE"]
    assert [item.all("value", one)[0].text for one in worth] == ([str(draft.marks)] if draft.marks is not None else [])


def check_response(item, interaction, response):
    kind = item.name(interaction)
    cardinalities, bases = DECLARED[kind]
    assert item.get(response, "cardinality") in cardinalities
    assert item.get(response, "baseType") in bases
    inner = {item.get(one, "identifier") for one in interaction.iter() if item.get(one, "identifier")}
    values = [one.text for correct in item.all("correctResponse", response) for one in item.all("value", correct)]
    if kind == "choiceInteraction":
        single = item.get(response, "cardinality") == "single"
        assert item.get(interaction, "maxChoices") == ("1" if single else "0")
        assert set(values) <= inner
        assert len(values) == 1 if single else values
    elif kind == "orderInteraction":
        assert sorted(values) == sorted(inner)
    elif kind == "matchInteraction":
        left, right = item.all("simpleMatchSet", interaction)
        sides = [{item.get(one, "identifier") for one in side} for side in (left, right)]
        assert all(item.get(one, "matchMax") for side in (left, right) for one in side)
        pairs = [value.split(" ") for value in values]
        assert sorted(source for source, _ in pairs) == sorted(sides[0])
        assert {target for _, target in pairs} <= sides[1]
    elif kind == "textEntryInteraction":
        keys = [item.get(one, "mapKey") for one in item.all("mapEntry", response)]
        assert len(set(keys)) == len(keys)
        assert values == keys[:1]


@pytest.mark.parametrize("code", ITEM)
@given(data=st.data())
@thoroughly
def test_an_item_keeps_the_rules_of_its_version(code, data):
    drafts = data.draw(questions(DRAFTS))
    written = parts(export(drafts, code).data)
    namespace, kind, schema = ITEM[code]
    cp = CP.get(code, "http://www.imsglobal.org/xsd/imscp_v1p1")
    manifest = ET.fromstring(written.pop("imsmanifest.xml"))
    assert manifest.tag == f"{{{cp}}}manifest"
    assert [child.tag.rpartition("}")[2] for child in manifest] == ["metadata", "organizations", "resources"]
    assert manifest.find(f"{{{cp}}}metadata/{{{cp}}}schema").text == schema
    resources = manifest.findall(f"{{{cp}}}resources/{{{cp}}}resource")
    assert len({one.get("identifier") for one in resources}) == len(resources)
    assert {one.get("type") for one in resources} == {kind}
    hrefs = [one.get("href") for one in resources]
    assert sorted(hrefs) == sorted(written)
    assert [one.find(f"{{{cp}}}file").get("href") for one in resources] == hrefs
    items = [Qti(ET.fromstring(written[href]), code) for href in hrefs]
    assert len({item.get(item.root, "identifier") for item in items}) == len(items)
    for item, draft in zip(items, drafts, strict=True):
        check_item(item, draft)


@given(data=st.data())
@thoroughly
def test_QTI_12_keeps_its_rules(data):
    drafts = data.draw(questions(DRAFTS))
    written = parts(export(drafts, "qti12").data)
    assert sorted(written) == ["imsmanifest.xml", "questions.xml"]
    root = ET.fromstring(written["questions.xml"])
    space = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
    items = root.findall(f"{space}objectbank/{space}item")
    assert len({item.get("ident") for item in items}) == len(items) == len(drafts)
    for item in items:
        order = ["itemmetadata", "rubric", "presentation", "resprocessing", "itemfeedback"]
        children = [child.tag.removeprefix(space) for child in item]
        assert children == sorted(children, key=order.index)
        assert children.count("presentation") == 1
        responses = [one for one in item.iter() if one.tag in (f"{space}response_lid", f"{space}response_str")]
        idents = {one.get("ident"): one for one in responses}
        assert len(idents) == len(responses) > 0
        labels = [one.get("ident") for one in item.iter(f"{space}response_label")]
        assert len(set(labels)) == len(labels)
        for equal in item.iter(f"{space}varequal"):
            response = idents[equal.get("respident")]
            if response.tag == f"{space}response_lid":
                assert equal.text in {one.get("ident") for one in response.iter(f"{space}response_label")}
        for setvar in item.iter(f"{space}setvar"):
            assert setvar.get("varname") == item.find(f".//{space}decvar").get("varname")


@given(data=st.data())
@thoroughly
def test_Moodle_XML_keeps_its_rules(data):
    drafts = data.draw(questions(FORMATS["moodle"].types))
    root = ET.fromstring(export(drafts, "moodle").data)
    assert root.tag == "quiz"
    for question in root:
        assert question.tag == "question"
        kind = question.get("type")
        assert question.find("name/text").text
        assert question.find("questiontext/text").text
        fractions = [Decimal(one.get("fraction")) for one in question.findall("answer")]
        if kind == "multichoice" and question.find("single").text == "true":
            assert sorted(fractions)[-1] == 100
            assert fractions.count(Decimal(100)) == 1
        elif kind == "multichoice":
            assert abs(sum(one for one in fractions if one > 0) - 100) < Decimal("0.001")
        elif kind == "truefalse":
            assert [one.find("text").text for one in question.findall("answer")] == ["true", "false"]
            assert sorted(fractions) == [0, 100]
        elif kind == "shortanswer":
            assert set(fractions) == {100}
        elif kind == "matching":
            assert len([one for one in question.findall("subquestion") if one.find("text").text]) >= 2
            assert all(one.find("answer/text").text for one in question.findall("subquestion"))
        elif kind == "ordering":
            assert fractions == list(range(1, len(fractions) + 1))
        else:
            assert kind in ("essay", "description", "cloze")


@given(data=st.data())
@thoroughly
def test_GIFT_never_leaves_a_sign_of_its_own_unescaped_inside_a_text(data):
    drafts = data.draw(questions(FORMATS["gift"].types))
    for block in export(drafts, "gift").data.decode().split("\n\n"):
        lines = [line for line in block.split("\n") if not line.startswith("//")]
        bare = re.sub(r"\\[\\:#={}~n]", "", "\n".join(lines))
        assert "\\" not in bare
        assert bare.count("{") == bare.count("}") <= 1
        assert ":" not in bare
        stem = bare.partition("{")[0]
        assert not set("=~#") & set(stem)
