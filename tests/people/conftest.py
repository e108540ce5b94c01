"""The units most tests of people stand in: a district, a township of it, and one that is somebody else's."""
import pytest

from .making import PASSWORD, district, person, township


@pytest.fixture
def top():
    return district()


@pytest.fixture
def here(top):
    return township(top)


@pytest.fixture
def there(top):
    return township(top, "西二街道")


@pytest.fixture
def cadre():
    """Somebody who signs in as jiayi, JH0001 or 13800000001."""
    return person(township(district()), "甲一", password=PASSWORD, staff_number="JH0001", phone="138 0000 0001")
