"""Findings in words: one Chinese sentence each, what is wrong and what to do."""

from mingfa.bank.drafts import CASE, Problem
from mingfa.bank.importing.results import Finding, Place

SENTENCES = {
    "no_answer": "没有写正确答案。请补上。",
    "answer_not_in_options": "答案“{0}”不在选项里，本题有 {1} 个选项。请改答案或补选项。",
    "single_with_many_answers": "单选题写了多个答案“{0}”。请只留一个，或把题型改为多选题。",
    "option_letter_gap": "选项缺了 {0}，字母不连续。请补上或往前移。",
    "bad_judge_answer": "判断题的答案“{0}”看不出对错。请写“正确”或“错误”。",
    "empty_stem": "没有题干。请补上。",
    "duplicate_options": "选项 {0} 和选项 {1} 相同。请改其中一个。",
    "unknown_type": "题型“{0}”认不出。请写单选题、多选题、判断题、填空题或简答题。",
    "two_answers": "题里写的答案是“{0}”，另一处写的是“{1}”。请核对后只留一个。",
    "blank_count": "题干有 {0} 个空，答案有 {1} 个。请用分号分开每个空的答案。",
    "unclear_match": "配对题的答案“{0}”看不出谁配谁。请写成 1-B 2-A 的样子，每项都要写。",
    "order_count": "排序题要有 2 到 {1} 项，这里是 {0} 项。请增减。",
    "bad_order": "正确顺序“{0}”要把每一项的字母各写一次。请改。",
    "no_prompts": "配对题的左边至少要有两项，每项都要写。请补上。",
    "case_in_case": "案例的小题不能又是案例。请改小题的题型。",
    "belief_of_no_wrong_answer": "“{0}”不是这一题的错误答案，不能标误区。请改误区或正确答案。",
    "duplicate_stem_different_answer": "题干和{0}相同，答案却不同。请核对后只留对的一题，或把题干写得能分清。",
}  # fmt: skip
NO_TYPE = "没有写题型，从选项和答案也看不出。请写单选题、多选题、判断题、填空题或简答题。"
NO_PARTS = "案例没有认出小题。请在材料下面写（1）（2），每个小题都写答案。"
CASE_IN_TABLE = "表格的一行写不下案例的各小题。请把题型改为简答题，或逐题写成选择题。"


def sentence(problem: Problem) -> str:
    """What to tell the reader of a finding."""
    if problem.code == "unknown_type" and not any(problem.facts):
        return NO_TYPE
    if problem.code == "unknown_type" and problem.facts[-1] == CASE:
        return CASE_IN_TABLE
    return SENTENCES[problem.code].format(*(fact[:30] for fact in problem.facts))


def sheet_error(problem: Problem, place: Place, other: int | None = None) -> Finding:
    """The finding with the cell it is about."""
    column = place.columns.get(problem.part)
    if problem.part == "options":
        # The letter of the option that is missing or repeated; options in one cell share that cell.
        column = place.columns.get(problem.facts[-1]) or column
    return Finding(
        place.sheet, place.row, column, problem.code, sentence(problem), other,
        unit=place.unit, last=place.last, number=place.number,
    )  # fmt: skip
