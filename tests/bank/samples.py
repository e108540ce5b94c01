"""Questions the tests are about."""

from datetime import UTC, datetime
from decimal import Decimal

from mingfa.bank.drafts import QuestionDraft
from mingfa.library.citations import CitationRef

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
