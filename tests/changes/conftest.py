import pytest
import time_machine
from mingfa.library import comparisons

from exams import papers

from . import scene as scenes


@pytest.fixture
def scene(db):
    comparisons.forget()
    papers.forget()
    with time_machine.travel(scenes.NOW, tick=True):
        yield scenes.build()
