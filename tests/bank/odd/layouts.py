"""How questions are numbered, headed and laid out, and options without or with other signs."""

from tests.bank.odd.builders import FOUR, WAYS, judgement, multiple, single, text
from tests.bank.truths import Truth

FILES = {
    "match_prompts_numbered_like_questions": text(
        """
一、配对题
1.把机关和事项配对。
1.公安局
2.法院
3.检察院
A.侦查
B.审判
C.公诉
答案：1-A 2-B 3-C
2.把主体和职责配对。
1.村委会
2.业委会
A.自治
B.物业
答案：1-A 2-B
二、单选题
3.受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：B
""",
        Truth("match", "把机关和事项配对。", ("侦查", "审判", "公诉"), "ABC", prompts=("公安局", "法院", "检察院")),
        Truth("match", "把主体和职责配对。", ("自治", "物业"), "AB", prompts=("村委会", "业委会")),
        single("受理期限为（ ）。", FOUR, "B"),
    ),
    "same_material_other_questions": text(
        """
一、案例分析题
【案例】张某到区里反映邻里纠纷。
（1）应当由谁受理？（单选）
A.街道
B.法院
答案：A
【案例】张某到区里反映邻里纠纷。
（1）期限是多少？（单选）
A.七日
B.十五日
答案：B
""",
        Truth("case", "张某到区里反映邻里纠纷。", children=[single("应当由谁受理？", ("街道", "法院"), "A")]),
        Truth("case", "张某到区里反映邻里纠纷。", children=[single("期限是多少？", ("七日", "十五日"), "B")]),
    ),
    "unlettered_options": text(
        """
单选题
1.受理期限为（ ）。
七日
十五日
三十日
六十日
答案：B
2.提出的形式是（ ）。
书信
走访
电话
传真
答案：D
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "D"),
    ),
    "circled_options": text(
        """
一、多选题
1.下列属于提出形式的有（ ）。
①书信
②走访
③电话
④传真
答案：①②④
二、单选题
2.受理期限为（ ）。
①七日 ②十五日 ③三十日 ④六十日
答案：②
""",
        multiple("下列属于提出形式的有（ ）。", WAYS, "ABD"),
        single("受理期限为（ ）。", FOUR, "B"),
    ),
    "circled_statements_with_letters": text(
        """
单选题
1.下列说法正确的是（ ）。
①应当登记 ②应当答复 ③可以收费
A.①②  B.①③  C.②③  D.①②③
答案：A
2.提出的形式是（ ）。
①书信
②走访
A.①
B.②
C.①②
D.都不是
答案：C
""",
        single("下列说法正确的是（ ）。\n①应当登记 ②应当答复 ③可以收费", ("①②", "①③", "②③", "①②③"), "A"),
        single("提出的形式是（ ）。\n①书信\n②走访", ("①", "②", "①②", "都不是"), "C"),
    ),
    "hyphen_numbers": text(
        """
第一章 总则
1-1 受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：B
1-2 提出的形式是（ ）。
A.书信
B.走访
C.电话
D.传真
答案：A
第二章 附则
2-1 应当公开办理结果。（判断题）
答案：对
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        judgement("应当公开办理结果。", "T"),
    ),
    "chinese_question_words": text(
        """
单选题
第一题 受理期限为（ ）。
A 七日
B 十五日
C 三十日
D 六十日
答案 B
第二题 提出的形式是（ ）。
A 书信
B 走访
C 电话
D 传真
答案 A
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
    ),
    "heads_in_brackets_numbers_inside": text(
        """
一、选择题
（一）单项选择题
1. 受理期限为（ ）。
A. 七日
B. 十五日
C. 三十日
D. 六十日
答案: B
（二）多项选择题
1. 提出的形式包括（ ）。
A. 书信
B. 走访
C. 电话
D. 传真
答案: ABD
二、判断题
1. 应当公开办理结果。
答案: 对
""",
        single("受理期限为（ ）。", FOUR, "B"),
        multiple("提出的形式包括（ ）。", WAYS, "ABD"),
        judgement("应当公开办理结果。", "T"),
    ),
    "marks_in_the_margin": text(
        """
判断题（对的打√，错的打×）
（√）1.应当公开办理结果。
（×）2.可以不予登记。
√ 3.任何人不得打击报复。
× 4.信访事项可以口头撤销。
""",
        judgement("应当公开办理结果。", "T"),
        judgement("可以不予登记。", "F"),
        judgement("任何人不得打击报复。", "T"),
        judgement("信访事项可以口头撤销。", "F"),
    ),
}  # fmt: skip
