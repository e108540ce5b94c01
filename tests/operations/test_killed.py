"""kill -9 at every step of a backup and of a restore leaves a whole backup or none, the old data or the new."""
import pytest

SCRIPT = "from tests.operations import crashing; crashing.{}()"


@pytest.fixture
def told(data_folder):
    """Function that kills one of the two everywhere and returns what was left each time."""
    return lambda what: data_folder.manage("shell", "-v0", "-c", SCRIPT.format(what)).split()


def test_a_killed_backup_never_has_the_name_of_a_whole_one(told):
    found = told("backups")
    # The last runs through; of the killed ones only those after the renaming are there, and those are whole.
    assert found[-1] == "whole"
    assert found == sorted(found), found
    assert found.count("none") > 3


def test_a_killed_restore_leaves_the_old_data_or_the_new_and_never_both(told):
    found = told("restores")
    turn = found.index("new")
    assert found == ["old"] * turn + ["new"] * (len(found) - turn)
    assert turn > 3
    assert len(found) - turn > 5
