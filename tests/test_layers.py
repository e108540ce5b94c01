"""The layers hold in this tree, and the check catches what it is there to catch."""
from pathlib import Path

import pytest

from tests.layers import violations

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def tree(tmp_path):
    """Function that writes files into an otherwise empty tree and returns what is wrong with it."""

    def write(**files):
        for name, source in files.items():
            top = tmp_path / "platform" if name.startswith("mingfa") else tmp_path
            path = top / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        return violations(tmp_path)

    return write


def test_this_tree_keeps_to_its_layers():
    assert violations(ROOT) == []


def test_a_domain_app_must_not_import_another(tree):
    assert tree(exams__views="from courses.models import CoursePage", courses__models="") == [
        "exams.views imports courses.models: courses does not lie below exams"
    ]


def test_an_import_hidden_in_a_function_is_found(tree):
    assert tree(courses__actions="def act():\n    import exams.queries", exams__queries="") == [
        "courses.actions imports exams.queries: exams does not lie below courses"
    ]


def test_live_trainings_may_use_courses_but_not_the_other_way_round(tree):
    assert tree(courses__live__views="from courses.models import X", courses__models="import courses.live.views") == [
        "courses.models imports courses.live.views: courses.live does not lie below courses"
    ]


def test_the_foundation_must_not_import_what_stands_on_it(tree):
    assert tree(mingfa__people__actions="from mingfa.bank import queries", mingfa__bank__queries="") == [
        "mingfa.people.actions imports mingfa.bank.queries: mingfa.bank does not lie below mingfa.people"
    ]


def test_law_changes_know_neither_the_bank_nor_who_reacts_to_them(tree):
    assert tree(mingfa__changes__actions="from exams import topups", exams__topups="from mingfa.changes import queries",
                mingfa__changes__queries="", mingfa__library__registry="import mingfa.changes.actions") == [
        "mingfa.changes.actions imports exams.topups: exams does not lie below mingfa.changes",
        "mingfa.library.registry imports mingfa.changes.actions: mingfa.changes does not lie below mingfa.library",
    ]  # fmt: skip


def test_a_registry_must_not_import_or_name_an_app(tree):
    source = "from exams.queries import standing\nAPPS = ['exams.indicators', 'courses']"
    assert tree(mingfa__indicators__registry=source, exams__queries="") == [
        "mingfa.indicators.registry imports exams.queries: exams does not lie below mingfa.indicators",
        "mingfa.indicators.registry names courses: a registry knows no domain app",
        "mingfa.indicators.registry names exams.indicators: a registry knows no domain app",
    ]


def test_only_file_names_of_our_own_are_discovered(tree):
    source = "autodiscover_modules('todos')\nautodiscover_modules('routing')"
    assert tree(mingfa__desk__registry=source) == [
        "mingfa.desk.registry discovers routing: that file name is not ours alone"
    ]


@pytest.mark.parametrize("room", ["exams__engine__paper", "mingfa__bank__importing__excel", "mingfa__periods"])
def test_a_pure_module_must_not_import_django(tree, room):
    name = room.replace("__", ".")
    assert tree(**{room: "from django.utils import timezone"}) == [
        f"{name} imports django.utils: a pure module knows no framework"
    ]


def test_a_pure_module_must_not_reach_django_through_our_own_models(tree):
    assert tree(exams__engine__paper="from exams import models", exams__models="") == [
        "exams.engine.paper imports exams.models: a pure module imports only pure ones"
    ]


def test_inside_an_app_queries_must_not_import_views(tree):
    assert tree(exams__queries="from . import views", exams__views="from .queries import standing") == [
        "exams.queries imports exams.views: inside an app, queries lies below it"
    ]


def test_nothing_imports_the_assembly(tree):
    assert tree(exams__views="from mingfa.settings import DATA", mingfa__settings="import exams.views") == [
        "exams.views imports mingfa.settings: nothing imports the assembly"
    ]


def test_only_the_sockets_module_talks_to_sockets(tree):
    assert tree(exams__actions="from asgiref.sync import async_to_sync") == [
        "exams.actions uses async_to_sync: only mingfa.sockets talks to sockets"
    ]


def test_platform_must_not_become_a_package(tmp_path):
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").touch()
    assert violations(tmp_path) == ["platform/__init__.py exists: it hides Python's own platform module"]
