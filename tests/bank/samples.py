"""Questions the tests are about."""

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection
from mingfa.bank.drafts import QuestionDraft
from mingfa.library.citations import CitationRef
from mingfa.spreadsheets import write_xlsx

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)
DRAFT = QuestionDraft(
    type="multiple",
    stem="公民可以采用（ ）等形式反映情况。",
    options=("信息网络", "书信", "电话", "走访"),
    answer="ABCD",
    explanation="四种形式都可以。",
    difficulty=1,
    topic="信访渠道",
    marks=Decimal("2.0"),
    citations=(CitationRef("信访工作条例", 17),),
    source="题库.xlsx 第 2 行",
)
HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "正确答案", "知识点", "依据法律", "依据条款"]


def question_rows(count: int) -> list[list]:
    """Rows of a question table, each another good 多选题."""
    return [
        ["多选题", f"第 {number} 题（ ）", "甲", "乙", "丙", "丁", "AB", "渠道", "信访工作条例", "第十七条"]
        for number in range(count)
    ]


def question_file(*rows: list) -> bytes:
    """The rows as an Excel file."""
    return write_xlsx(HEADER, rows, sheet="试题")


@contextmanager
def connection_that_waits(seconds: float):
    """A connection of the calling thread's own. On SQLite, whose writers exclude each other, it gives up after so long."""
    own = connection.copy()
    if own.vendor == "sqlite":
        own.settings_dict["OPTIONS"]["timeout"] = seconds
    try:
        yield own
    finally:
        own.close()
