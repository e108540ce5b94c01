import pytest
from mingfa.bank import actions
from mingfa.people.models import OrgUnit, User

from tests.bank.samples import DRAFT, NOW


@pytest.fixture
def setter():
    return User.objects.create(username="setter", name="何砚秋")


@pytest.fixture
def bank(setter):
    unit = OrgUnit.add_root(name="嘉禾区", kind="district")
    return actions.create_bank(name="通用题库", unit=unit, by=setter, now=NOW)


@pytest.fixture
def question(bank, setter):
    return actions.create_question(bank, DRAFT, by=setter, now=NOW)
