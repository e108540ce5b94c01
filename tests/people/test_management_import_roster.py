"""The command reads the three sample lists exactly as their expected.json says, and writes them or nothing."""
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from mingfa.people.models import OrgUnit, Posting, RosterImport, RosterRow, User
from mingfa.people.queries import roster_on

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "data" / "roster"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())


def run(name, *options):
    """(exit code, parsed output)."""
    out = StringIO()
    try:
        call_command("import_roster", SAMPLES / name, *options, "--json", stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def with_units(name, *options):
    return run(name, "--units-from", str(SAMPLES / "expected.json"), *options)


def test_the_good_sample_reads_as_expected():
    code, result = with_units("a_good.xlsx", "--preview")

    expected = EXPECTED["a_good.xlsx"]
    assert code == 0
    assert result["header_row"] == expected["header_row"]
    assert len(result["people"]) == expected["people"]
    assert result["skipped"] == expected["skipped_rows"]
    assert result["people"][1]["name"] == expected["names_normalized"]["乙　二"]
    assert [person["birth_month"] for person in result["people"]] == expected["birth_month"]
    assert result["not_due_by_status"] == expected["not_due_by_status"]
    assert result["needs_unit_decision"] == expected["needs_unit_decision"]
    assert result["errors"] == []
    assert result["changes"] == {"new": 10, "changed": 0, "left": 0, "same": 0}


def test_the_gb18030_sample_reads_as_expected():
    code, result = with_units("b_gb18030.csv", "--preview")

    assert (code, result["header_row"], len(result["people"])) == (0, 1, EXPECTED["b_gb18030.csv"]["people"])


def test_the_bad_sample_names_every_row_at_once():
    code, result = with_units("c_bad.xlsx", "--preview")

    expected = EXPECTED["c_bad.xlsx"]
    assert code == 1
    assert [person["row"] for person in result["people"]] == expected["accepted_rows"]
    assert {str(error["row"]): error["code"] for error in result["errors"]} == expected["rejected"]
    assert result["errors"][0] | {"message": ""} == {
        "sheet": "Sheet", "row": 3, "column": "B", "code": "duplicate_id_of_row_2", "message": "", "other": 2,
    }  # fmt: skip


def test_a_preview_writes_nothing():
    with_units("a_good.xlsx", "--preview")

    assert (OrgUnit.objects.count(), User.objects.count(), RosterImport.objects.count()) == (0, 0, 0)


def test_a_list_with_findings_writes_nothing():
    code, _ = with_units("c_bad.xlsx")

    assert code == 1
    assert (OrgUnit.objects.count(), User.objects.count(), RosterImport.objects.count()) == (0, 0, 0)


def test_the_good_sample_becomes_people_with_postings():
    code, _ = with_units("a_good.xlsx")

    assert code == 0
    assert [unit.name for unit in OrgUnit.objects.all()] == EXPECTED["units"]
    assert User.objects.filter(is_active=True).count() == 9
    retired = User.objects.get(name="辛八")
    assert (retired.is_active, retired.current_posting.duty_status) == (False, "retired")
    on_roster = roster_on(timezone.localdate(), units=OrgUnit.objects.all())
    assert sorted(posting.user.name for posting in on_roster) == sorted(
        ["甲一", "乙二", "阿娜尔·古丽", "丁四", "戊五", "己六", "庚七", "壬九", "癸十"]
    )
    head = Posting.objects.get(user__name="甲一")
    assert (head.unit.name, head.post, head.grade, head.category, head.main) == (
        "区信访办", "主任", "四级调研员", "civil", True,
    )  # fmt: skip
    assert (RosterImport.objects.get().state, RosterRow.objects.count()) == ("applied", 0)


def test_identity_numbers_are_kept_as_hash_and_mask_only():
    with_units("a_good.xlsx")

    stored = str(list(User.objects.values())) + str(list(RosterImport.objects.values()))
    assert "990001198001010115" not in stored
    assert "10000000001" not in stored
    assert User.objects.get(name="甲一").identity_masked == "990001********0115"


def test_the_same_list_again_changes_nothing():
    with_units("a_good.xlsx")

    code, result = run("a_good.xlsx")

    assert (code, result["changes"]) == (0, {"new": 0, "changed": 0, "left": 0, "same": 10})
    assert (User.objects.count(), Posting.objects.count()) == (10, 10)


def test_people_missing_from_the_list_are_set_moved_out_and_kept():
    with_units("a_good.xlsx")

    code, result = run("b_gb18030.csv")

    # 南三镇 and 北四镇 are not in the second list, so only 庚七 of 西二街道 is missing.
    assert (code, result["left"]) == (0, ["庚七"])
    assert result["changes"] == {"new": 0, "changed": 0, "left": 1, "same": 6}
    gone = User.objects.get(name="庚七")
    assert (gone.is_active, gone.current_posting.duty_status) == (False, "moved_out")
    assert gone.postings.count() == 2


def test_an_incomplete_list_leaves_the_missing_alone():
    with_units("a_good.xlsx")

    run("b_gb18030.csv", "--keep-missing")

    assert User.objects.get(name="庚七").is_active


def test_units_can_be_created_as_the_list_names_them():
    code, _ = run("a_good.xlsx", "--create-units")

    assert code == 0
    assert {(unit.name, unit.kind) for unit in OrgUnit.objects.all()} == {
        ("区信访办", "office"), ("东一镇", "township"), ("西二街道", "township"), ("南三镇", "township"),
        ("北四镇", "township"),
    }  # fmt: skip


def test_without_units_every_row_names_its_unknown_unit():
    code, result = run("b_gb18030.csv", "--preview")

    assert code == 1
    assert {error["code"] for error in result["errors"]} == {"unknown_unit"}
    assert [error["row"] for error in result["errors"]] == [2, 3, 4, 5, 6, 7]


def test_a_missing_file_is_wrong_usage():
    with pytest.raises(CommandError) as refused:
        call_command("import_roster", "没有.xlsx")

    assert refused.value.returncode == 2


def test_an_unreadable_file_is_refused_in_words(tmp_path):
    (tmp_path / "名册.xlsx").write_bytes(b"PK\x03\x04 nothing")
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("import_roster", tmp_path / "名册.xlsx", "--json", stdout=out)

    assert end.value.code == 1
    assert json.loads(out.getvalue())["errors"][0]["code"] == "broken_file"
