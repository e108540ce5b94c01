"""Question files with the habits of real offices, each written by hand, and what each of them means.

`FILES` gives by trait: (file name, bytes, the questions it holds). Nothing here knows how they are read.
"""

import io

import docx
import openpyxl

from tests.bank.wild import Truth
from tests.bank.word_files import Paragraph, document, table

FOUR = ("七日", "十五日", "三十日", "六十日")
WAYS = ("书信", "走访", "电话", "传真")


def single(stem, options, answer, explanation="", **more):
    return Truth("single", stem, tuple(options), answer, explanation, **more)


def multiple(stem, options, answer, explanation="", **more):
    return Truth("multiple", stem, tuple(options), answer, explanation, **more)


def judgement(stem, answer, explanation="", **more):
    return Truth("judge", stem, (), answer, explanation, **more)


def short(stem, answer, **more):
    return Truth("short", stem, (), answer, **more)


def blank(stem, answer, **more):
    return Truth("blank", stem, (), answer, **more)


def text(words: str, *truths: Truth, name: str = "题库.txt", encoding: str = "utf-8"):
    return name, words.strip("\n").encode(encoding), list(truths)


def word(lines, *truths: Truth, **more):
    made = [Paragraph(line) if isinstance(line, str) else line for line in lines]
    return "题库.docx", document(made, **more), list(truths)


def book(sheets: dict[str, list[list]], *truths: Truth, merge: dict[str, str] | None = None):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append(row)
        if merge and title in merge:
            page.merge_cells(merge[title])
    out = io.BytesIO()
    workbook.save(out)
    return "题库.xlsx", out.getvalue(), list(truths)


def underlined(before: str, key: str, after: str) -> Paragraph:
    run = '<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>'
    line = '<w:rPr><w:u w:val="single"/></w:rPr>'
    return Paragraph("", xml=f"<w:p>{run.format('', before)}{run.format(line, key)}{run.format('', after)}</w:p>")


def library_document() -> bytes:
    """Made by a word processor's own library: title of three-type, header, footer, table with merged title row."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "2026年某区法治考试题库"
    made.sections[0].footer.paragraphs[0].text = "— 3 —"
    made.add_heading("2026年某区法治考试题库", 0)
    made.add_paragraph("（内部资料  注意保存）")
    grid = made.add_table(rows=4, cols=7)
    grid.cell(0, 0).merge(grid.cell(0, 6)).text = "单项选择题"
    for place, name in enumerate(("序号", "题目", "A", "B", "C", "D", "答案")):
        grid.cell(1, place).text = name
    for row, cells in enumerate(
        (
            ("1", "受理期限为（ ）。", *FOUR, "B"),
            ("2", "提出的形式是（ ）。", *WAYS, "A"),
        ),
        2,
    ):
        for place, cell in enumerate(cells):
            grid.cell(row, place).text = cell
    made.add_paragraph("制表人：甲某    审核人：乙某")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


LEVELS = """<w:numbering {W}><w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride>
</w:num></w:numbering>""".replace(
    "{W}", 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
)


def level(words: str, depth: int, num: int = 3) -> Paragraph:
    return Paragraph(
        "",
        xml=f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{words}</w:t></w:r></w:p>",
    )


FILES = {
    "explanation_points_bare_numbers": text(
        """
2026年普法考试题库
一、单项选择题
1 受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：B
解析：有以下三点：
1.收到后登记；
2.十五日内答复；
3.告知当事人。
2 提出的形式是（ ）。
A.书信
B.走访
C.电话
D.传真
答案：A
解析：见条例第十七条。
""",
        single("受理期限为（ ）。", FOUR, "B", "有以下三点：\n1.收到后登记；\n2.十五日内答复；\n3.告知当事人。"),
        single("提出的形式是（ ）。", WAYS, "A", "见条例第十七条。"),
    ),
    "explanation_points_same_numbers": text(
        """
一、单项选择题
1.受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：B
解析：
1.收到后登记；
2.十五日内答复；
3.告知当事人。
2.提出的形式是（ ）。
A.书信
B.走访
C.电话
D.传真
答案：A
3.应当由谁负责（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：C
""",
        single("受理期限为（ ）。", FOUR, "B", "1.收到后登记；\n2.十五日内答复；\n3.告知当事人。"),
        single("提出的形式是（ ）。", WAYS, "A"),
        single("应当由谁负责（ ）。", FOUR, "C"),
    ),
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
    "one_line_answer_words": text(
        "一、判断题1.应当依法受理。答案 对 该事项属于本级职权。2.可以不予登记。答案 错 应当登记。3.应当公开办理结果。答案 对"
        "二、单选题4.期限为（ ）。A.七日B.十五日C.三十日D.六十日 答案 B 见条例。",
        judgement("应当依法受理。", "T", "该事项属于本级职权。"),
        judgement("可以不予登记。", "F", "应当登记。"),
        judgement("应当公开办理结果。", "T"),
        single("期限为（ ）。", FOUR, "B", "见条例。"),
    ),
    "judge_answer_without_label": text(
        """
判断题
1、信访人可以委托代理人。
正确。
2、登记期限为三十日。
错误，应当在十五日内登记。
3、应当公开办理结果。
对
4、任何人不得打击报复。
√
5、信访事项可以不登记。
×
""",
        judgement("信访人可以委托代理人。", "T"),
        judgement("登记期限为三十日。", "F", "应当在十五日内登记。"),
        judgement("应当公开办理结果。", "T"),
        judgement("任何人不得打击报复。", "T"),
        judgement("信访事项可以不登记。", "F"),
    ),
    "short_answer_points_in_end_block": text(
        """
一、简答题
1.简述登记的要求。
2.简述答复的程序。
二、单选题
1.期限为（ ）。
A.七日  B.十五日  C.三十日  D.六十日
参考答案
一、简答题
1.（1）及时登记；
（2）一事一登；
2.答：1.受理；
2.调查；
3.答复。
二、单选题
1.C
""",
        short("简述登记的要求。", "（1）及时登记；\n（2）一事一登；"),
        short("简述答复的程序。", "1.受理；\n2.调查；\n3.答复。"),
        single("期限为（ ）。", FOUR, "C"),
    ),
    "tables_and_text_in_document_order": word(
        [
            "一、单选题",
            "1.受理期限为（ ）。", "A.七日", "B.十五日", "C.三十日", "D.六十日", "答案：B",
            table([["序号", "题型", "题目", "A", "B", "C", "D", "答案"], ["2", "单选题", "提出的形式是（ ）。", *WAYS, "A"]]),
            "二、判断题",
            "3.应当公开办理结果。", "答案：√",
        ],
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        judgement("应当公开办理结果。", "T"),
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
    "underlined_keys": word(
        [
            "一、填空题",
            underlined("1.受理期限为", "十五日", "。"),
            underlined("2.国家宪法日是每年的", "12月4日", "。"),
        ],
        blank("受理期限为____。", "十五日"),
        blank("国家宪法日是每年的____。", "12月4日"),
    ),
    "letter_in_stem_and_spaced_key": text(
        """
        2026年某区法治考试题库
— 1 —
一、单选题（每题1分，共2分）
1．受理期限为（C）。
A．七日　B．十五日　C．三十日　D．六十日
2．提出的形式是（　A　）
A．书信　　B．走访
C．电话　　D．传真
— 2 —
        2026年某区法治考试题库
二、多选题（每题2分，共4分）
1．提出的形式包括（ A B D ）。
A．书信　B．走访　C．电话　D．传真
2．应当办理的期限有( B、C )等。
A．七日	B．十五日	C．三十日	D．六十日
— 3 —
""",
        single("受理期限为（ ）。", FOUR, "C", marks=1.0),
        single("提出的形式是（ ）", WAYS, "A", marks=1.0),
        multiple("提出的形式包括（ ）。", WAYS, "ABD", marks=2.0),
        multiple("应当办理的期限有（ ）等。", FOUR, "BC", marks=2.0),
    ),
    "answer_with_trailing_mark": text(
        """
1. 【单选题】受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
正确答案：C、
2. 【多选题】提出的形式包括（ ）。
A.书信
B.走访
C.电话
D.传真
正确答案：A、B、D、
3. 【判断题】应当公开办理结果。
正确答案：正确；
""",
        single("受理期限为（ ）。", FOUR, "C"),
        multiple("提出的形式包括（ ）。", WAYS, "ABD"),
        judgement("应当公开办理结果。", "T"),
    ),
    "answer_pages_by_section": text(
        """
第一部分 单项选择题
1、受理期限为（ ）。
 A、七日    B、十五日    C、三十日    D、六十日
2、提出的形式是（ ）。
 A、书信    B、走访    C、电话    D、传真
第二部分 判断题
1、应当公开办理结果。（  ）
2、可以不予登记。（  ）
第三部分 多项选择题
1、提出的形式包括（ ）。
 A、书信    B、走访    C、电话    D、传真
参 考 答 案
第一部分 单项选择题
1、B
2、A
第二部分 判断题
1、√   2、×
第三部分 多项选择题
1、ABD
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        judgement("应当公开办理结果。", "T"),
        judgement("可以不予登记。", "F"),
        multiple("提出的形式包括（ ）。", WAYS, "ABD"),
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
    "library_document_merged_head": ("题库.docx", library_document(), [
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
    ]),
    "sheets_by_type": book(
        {
            "单选": [["2026年法治题库（单选）"], ["序号", "题目", "选项A", "选项B", "选项C", "选项D", "答案", "备注"],
                     [1, "受理期限为（ ）。", *FOUR, "B", ""], [2, "提出的形式是（ ）。", *WAYS, "a", "常考"]],
            "多选": [["序号", "题目", "选项A", "选项B", "选项C", "选项D", "答案"],
                     [1, "提出的形式包括（ ）。", *WAYS, "A、B、D"]],
            "判断": [["序号", "题目", "答案", "依据"], [1, "应当公开办理结果。", "√", "条例第三条"],
                     [2, "可以不予登记。", False, ""],
                     ["制表人：甲某", "", "审核人：乙某", ""]],
            "说明": [["本表由某区编制"], ["如有问题请联系"]],
        },
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        multiple("提出的形式包括（ ）。", WAYS, "ABD"),
        judgement("应当公开办理结果。", "T", "条例第三条"),
        judgement("可以不予登记。", "F"),
        merge={"单选": "A1:H1"},
    ),
    "options_in_one_cell": book(
        {
            "Sheet1": [
                ["题型", "试题内容", "备选项", "标准答案", "答案解析", "分数"],
                ["单选题", "受理期限为（ ）。", "A、七日\nB、十五日\nC、三十日\nD、六十日", "B", "条例规定", 2],
                ["多选题", "提出的形式包括（ ）。", "A.书信  B.走访  C.电话  D.传真", "ABD", "", 2],
                ["单选题", "主体是（ ）。", "街道|区|市|省", "B", "", 2],
                ["判断题", "应当公开办理结果。", "A.正确\nB.错误", "A", "", 1],
            ]
        },
        single("受理期限为（ ）。", FOUR, "B", "条例规定", marks=2.0),
        multiple("提出的形式包括（ ）。", WAYS, "ABD", marks=2.0),
        single("主体是（ ）。", ("街道", "区", "市", "省"), "B", marks=2.0),
        judgement("应当公开办理结果。", "T", marks=1.0),
    ),
    "csv_gb18030_quotes": text(
        "题型,题干,选项A,选项B,选项C,选项D,正确答案\r\n"
        '单选题,"“一事不再理”,是指（ ）。","同一事项,同一理由","""再""理",其他,无,A\r\n'
        '判断题,"应当公开,\n并答复。",,,,,错\r\n',
        single("“一事不再理”,是指（ ）。", ("同一事项,同一理由", '"再"理', "其他", "无"), "A"),
        judgement("应当公开,\n并答复。", "F"),
        name="题库.csv",
        encoding="gb18030",
    ),
    "blank_answers_in_brackets": text(
        """
填空题
1.受理期限为（十五日）。
2.国家宪法日是每年的（12月4日），该法由（全国人民代表大会）通过。
3.登记应当及时、____。
答案：准确
""",
        blank("受理期限为____。", "十五日"),
        blank("国家宪法日是每年的____，该法由____通过。", "12月4日\n全国人民代表大会"),
        blank("登记应当及时、____。", "准确"),
    ),
    "levels_and_overrides": word(
        [
            level("单项选择题", 0), level("受理期限为（ ）。", 1), *[level(one, 2) for one in FOUR], "答案：B",
            level("提出的形式是（ ）。", 1), *[level(one, 2) for one in WAYS], "答案：A",
            level("多项选择题", 0), level("提出的形式包括（ ）。", 1, 4), *[level(one, 2, 4) for one in WAYS], "答案：ABD",
        ],
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        multiple("提出的形式包括（ ）。", WAYS, "ABD"),
        numbering=LEVELS,
    ),
    "answer_table_in_word": word(
        [
            "一、单选题",
            "1.受理期限为（ ）。", "A.七日 B.十五日 C.三十日 D.六十日",
            "2.提出的形式是（ ）。", "A.书信 B.走访 C.电话 D.传真",
            "3.应当由谁负责（ ）。", "A.街道 B.区 C.市 D.省",
            "参考答案",
            table([["题号", "1", "2", "3"], ["答案", "B", "A", "C"]]),
        ],
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        single("应当由谁负责（ ）。", ("街道", "区", "市", "省"), "C"),
    ),
    "headerless_table": word(
        [
            "单选题",
            table([["1", "受理期限为（ ）。", *FOUR, "B"], ["2", "提出的形式是（ ）。", *WAYS, "A"]]),
        ],
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
    ),
    "bold_keys": word(
        [
            "一、单选题", "1.受理期限为（ ）。", "A.七日",
            Paragraph("", xml="<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>B.十五日</w:t></w:r></w:p>"), "C.三十日", "D.六十日",
        ],
        single("受理期限为（ ）。", FOUR, "B"),
    ),
    "key_as_option_words": text(
        """
单选题
1.受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
答案：十五日
2.提出的形式是（ ）。
A.书信
B.走访
C.电话
D.传真
答：选A。
3.应当由谁负责（ ）。
A.街道
B.区
C.市
D.省
故选：C
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        single("应当由谁负责（ ）。", ("街道", "区", "市", "省"), "C"),
    ),
    "answers_two_by_two_with_notes": text(
        """
《某区2026年度学法考试》参考题及答案
制作单位：某区司法局        2026年3月
一、单选题
1.受理期限为（ ）
A.七日 B.十五日 C.三十日 D.六十日
[答案]B
[解析]条例第二十三条。
2.提出的形式是（ ）
A.书信 B.走访 C.电话 D.传真
[答案]A
二、简答题
1.简述登记的要求。
[答案]（1）及时登记；（2）一事一登。
审核人：乙某
第 1 页
""",
        single("受理期限为（ ）", FOUR, "B", "条例第二十三条。"),
        single("提出的形式是（ ）", WAYS, "A"),
        short("简述登记的要求。", "（1）及时登记；（2）一事一登。"),
    ),
    "letters_before_keys_in_a_grid": text(
        """
一、单选题
1. 受理期限为（ ）。
A. 七日
B. 十五日
C. 三十日
D. 六十日
2. 提出的形式是（ ）。
A. 书信
B. 走访
C. 电话
D. 传真
二、判断题
3. 应当公开办理结果。
4. 可以不予登记。
答案
题号 1 2
答案 B A
3 对 4 错
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        judgement("应当公开办理结果。", "T"),
        judgement("可以不予登记。", "F"),
    ),
    "word_answers_per_line_at_the_end": text(
        """
单项选择题
1.受理期限为（ ）。
A.七日
B.十五日
C.三十日
D.六十日
2.提出的形式是（ ）。
A.书信
B.走访
C.电话
D.传真
判断题
1.应当公开办理结果。
2.可以不予登记。
附：参考答案
单项选择题：1.B；2.A。
判断题：1.正确；2.错误，应当登记。
""",
        single("受理期限为（ ）。", FOUR, "B"),
        single("提出的形式是（ ）。", WAYS, "A"),
        judgement("应当公开办理结果。", "T"),
        judgement("可以不予登记。", "F", "应当登记。"),
    ),
}  # fmt: skip
