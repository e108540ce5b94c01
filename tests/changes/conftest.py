import pytest
import time_machine

from . import scene as scenes


@pytest.fixture
def scene(db):
    with time_machine.travel(scenes.NOW, tick=True):
        yield scenes.build()
