import pytest

from exams import papers, rendering, waiting
from exams.actions import saving

from . import scene


@pytest.fixture(autouse=True)
def _nothing_remembered():
    papers.forget()
    rendering.forget()
    saving.forget()
    waiting.forget()


@pytest.fixture
def district(db):
    return scene.build()


@pytest.fixture
def cadre(district):
    return district.person()


@pytest.fixture
def exam(district, cadre):
    return district.exam()


@pytest.fixture
def sitting(exam, cadre):
    return scene.sit(exam, cadre)
