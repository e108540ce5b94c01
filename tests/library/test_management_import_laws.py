"""manage.py import_laws."""
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from mingfa.library.models import Edition, Law

from tests.library.texts import BENCHES, database

pytestmark = pytest.mark.django_db


def run(source):
    out = StringIO()
    call_command("import_laws", str(source), stdout=out)
    return out.getvalue()


def test_a_folder_is_imported_and_a_second_run_changes_nothing(tmp_path):
    (tmp_path / "石凳.md").write_text(BENCHES, encoding="utf-8")
    (tmp_path / "README.md").write_text("# 说明", encoding="utf-8")
    said = run(tmp_path)
    assert "跳过 README.md：不是法律文本\n" in said
    assert "导入法律 1/1\n" in said
    assert "法律库：新增 1 部，更新 0 部，未变 0 部，保留原文 0 部，用时" in said
    assert "新增 0 部，更新 0 部，未变 1 部" in run(tmp_path)


def test_a_database_file_is_imported(tmp_path):
    path = database(
        tmp_path / "laws.db",
        [("a", "中华人民共和国甲法", "法律", "2010-03-01", "2010-01-01", "已废止")],
        [("a", None, None, "第一条", "甲")],
    )
    run(path)
    stored = Edition.objects.get()
    assert (stored.source, stored.status, stored.articles.get().text) == ("laws.db", "repealed", "甲")


def test_a_source_that_cannot_be_read_changes_nothing_and_says_why(tmp_path):
    (tmp_path / "好.md").write_text(BENCHES, encoding="utf-8")
    (tmp_path / "坏.md").write_text("<!-- INFO END -->\n第一条 乙", encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        run(tmp_path)
    assert str(refusal.value) == (
        "没有导入任何内容。1 个文件不能读取：坏.md 第 1 行：没有标题，标题应写成“# 法律名称”"
    )
    assert not Law.objects.exists()
