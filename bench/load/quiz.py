"""A public quiz of four questions with explanations, for bench public_quiz."""
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.people.actions import create_unit
from mingfa.people.models import User

from outreach import actions

STEMS = ("过了六十天还能申请复议吗？", "决定书没写去哪里申请怎么办？", "邻里纠纷可以找谁调解？", "信访事项多久答复？")


def make() -> str:
    """Returns the code."""
    boss, now = User.objects.create_superuser("bench-quiz", name="出题"), timezone.now()
    unit = create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=now)
    bank = bank_actions.create_bank(name="公开题", unit=unit, by=boss, now=now)
    releases = []
    for stem in STEMS:
        draft = QuestionDraft(
            type="single", stem=stem, options=("不能，过期就没办法了", "能，最长可到一年", "只能起诉", "只能信访"), answer="B",
            explanation="机关没有告诉您能去哪里申请、多久之内申请的，从知道决定内容起最长一年。" * 2,
        )  # fmt: skip
        question = bank_actions.create_question(bank, draft, by=boss, now=now)
        releases.append(actions.release_question(question, by=boss, now=now))
    quiz = actions.create_quiz(name="四道题", unit=unit, releases=releases, by=boss, now=now)
    return actions.make_code(quiz, unit=unit, spot="政务大厅", by=boss, now=now).slug
