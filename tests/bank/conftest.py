import pytest
from django.utils import timezone
from mingfa.bank import actions
from mingfa.people.actions import grant_role
from mingfa.people.models import OrgUnit, User

from tests.bank.repairing import BAD
from tests.bank.samples import DRAFT, NOW, question_file, question_rows


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


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


@pytest.fixture
def colleague(bank):
    user = User.objects.create(username="colleague", name="苏和")
    grant_role(user, role="setter", unit=bank.unit, by=None, now=NOW)
    return user


@pytest.fixture
def brought(bank, setter):
    """Function: an upload of these bytes, read and compared."""

    def bring(data, name="题库.xlsx"):
        now = timezone.now()
        run = actions.keep_upload(bank, data=data, name=name, by=setter, now=now)
        actions.read_upload(run, now=now)
        while actions.compare_upload(run, now=now) > 0:
            pass
        return run

    return bring


@pytest.fixture
def mixed(brought):
    """Two good questions and one without a key."""
    return brought(question_file(*question_rows(2), BAD))
