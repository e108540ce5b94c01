import pytest

from . import scene as scenes


@pytest.fixture
def scene(db):
    return scenes.build()
