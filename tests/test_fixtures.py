"""The demo district's sources agree with each other and can be read by the same importers that users have."""
import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from mingfa.bank.drafts import wrong_answers
from mingfa.bank.importing.parsing import parse_file
from mingfa.library.citations import parse_citations
from mingfa.people.models import Category, DutyStatus, OrgUnit

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
QUESTION_FILES = sorted((FIXTURES / "questions").glob("*.csv"))
COURSE_FILES = sorted((FIXTURES / "courses").glob("*.md"))
EXAMS = yaml.safe_load((FIXTURES / "exams.yaml").read_text("utf-8"))
PRESETS = yaml.safe_load((FIXTURES.parent / "exams/presets.yaml").read_text("utf-8"))
DIFFICULTY = {"易": 1, "中": 2, "难": 3}
PLACEHOLDER = re.compile(r"\{\{law (\S+) (\d+)\}\}")


def rows(name):
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def drafts():
    """The questions of the tables: what lessons and blueprints of the demo draw on."""
    return [found.draft for path in QUESTION_FILES for found in parse_file(path.read_bytes(), path.name).questions]


def course(path):
    """(front matter, body of each lesson by title)."""
    _, front, text = path.read_text("utf-8").split("---\n", 2)
    lessons = re.split(r"(?m)^## ", text)[1:]
    return yaml.safe_load(front), dict(lesson.split("\n", 1) for lesson in lessons)


def test_units_form_one_tree_with_21_townships():
    units = rows("units.csv")
    seen = {"": None}
    for unit in units:
        assert unit["name"] not in seen
        assert unit["parent"] in seen, "a unit stands below a unit that comes before it"
        assert unit["kind"] in OrgUnit.Kind.values
        seen[unit["name"]] = unit
    assert [unit["name"] for unit in units if not unit["parent"]] == ["嘉禾区"]
    assert sum(unit["kind"] == OrgUnit.Kind.TOWNSHIP for unit in units) == 21


def test_every_person_of_the_roster_has_a_unit_a_number_a_category_and_a_status():
    people = rows("roster.csv")
    units = {unit["name"] for unit in rows("units.csv")}
    assert len(people) == 600
    assert len({person["工号"] for person in people}) == 600
    assert {person["单位"] for person in people} <= units
    assert {person["人员类别"] for person in people} <= set(Category.labels)
    assert {person["在岗状态"] for person in people} <= set(DutyStatus.labels)


@pytest.mark.parametrize("path", QUESTION_FILES, ids=lambda path: path.stem)
def test_a_question_file_imports_without_an_error_and_cites_an_article_each_time(path):
    parsed = parse_file(path.read_bytes(), path.name)
    assert parsed.errors == ()
    assert [found.draft.stem for found in parsed.questions if not found.draft.citations] == []
    assert [found.draft.stem for found in parsed.questions if not found.draft.explanation] == []


def test_no_stem_is_asked_twice():
    stems = [draft.stem for draft in drafts()]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize("path", COURSE_FILES, ids=lambda path: path.stem)
def test_a_course_has_a_text_its_articles_and_three_to_five_known_questions_for_each_lesson(path):
    front, bodies = course(path)
    stems = {draft.stem for draft in drafts()}
    assert [lesson["title"] for lesson in front["lessons"]] == list(bodies)
    for lesson in front["lessons"]:
        shown = {(title, int(number)) for title, number in PLACEHOLDER.findall(bodies[lesson["title"]])}
        assert shown == {(law["title"], law["article"]) for law in lesson["law"]}
        assert 3 <= len(lesson["check"]) <= 5
        assert set(lesson["check"]) <= stems


@pytest.mark.parametrize("blueprint", PRESETS + EXAMS["blueprints"], ids=lambda blueprint: blueprint["key"])
def test_a_blueprint_makes_100_marks_and_the_bank_can_fill_every_rule(blueprint):
    pool = drafts()
    assert sum(Decimal(rule["marks"]) * rule["count"] for rule in blueprint["rules"]) == 100
    for rule in blueprint["rules"]:
        fitting = [
            draft
            for draft in pool
            if draft.type == rule["type"]
            and draft.topic == rule.get("topic", draft.topic)
            and draft.difficulty == DIFFICULTY.get(rule.get("difficulty"), draft.difficulty)
        ]
        assert len(fitting) >= rule["count"]


def test_demo_exams_name_known_units_and_categories():
    units = {unit["name"] for unit in rows("units.csv")}
    keys = {blueprint["key"] for blueprint in EXAMS["blueprints"]}
    for exam in EXAMS["exams"]:
        assert exam["blueprint"] in keys
        assert {exam["unit"], *exam["due_units"], *exam["turnout_by_unit"]} <= units
        assert set(exam["categories"]) <= set(Category.labels)
        assert exam["opens"]["days"] < exam["closes"]["days"]


def test_every_belief_stands_behind_wrong_answers_of_the_bank():
    by_stem = {draft.stem: draft for draft in drafts()}
    found = yaml.safe_load((FIXTURES / "beliefs.yaml").read_text("utf-8"))["beliefs"]
    assert len({one["name"] for one in found}) == len(found) >= 8
    for one in found:
        assert len(parse_citations(one["cites"])) == 1
        for where in one["answers"]:
            draft = by_stem[where["stem"]]
            wrong = wrong_answers(draft.type, draft.options, draft.answer)
            texts = {"T": "正确", "F": "错误"} if draft.type == "judge" else dict(zip("ABCDE", draft.options, strict=False))
            assert where["answer"] in [texts[letter] for letter in wrong]
