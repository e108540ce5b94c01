"""The units most tests of people stand in: a district, a township of it, and one that is somebody else's."""
import pytest

from .making import district, township


@pytest.fixture
def top():
    return district()


@pytest.fixture
def here(top):
    return township(top)


@pytest.fixture
def there(top):
    return township(top, "西二街道")
