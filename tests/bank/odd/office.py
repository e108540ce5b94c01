"""What Word and tables bring with them: lists, cells, merged heads, marked words, sheets, encodings."""

from tests.bank.odd.builders import (
    FOUR,
    LEVELS,
    WAYS,
    blank,
    book,
    judgement,
    level,
    library_document,
    multiple,
    single,
    text,
    underlined,
    word,
)
from tests.bank.word_files import Paragraph, table

FILES = {
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
    "underlined_keys": word(
        [
            "一、填空题",
            underlined("1.受理期限为", "十五日", "。"),
            underlined("2.国家宪法日是每年的", "12月4日", "。"),
        ],
        blank("受理期限为____。", "十五日"),
        blank("国家宪法日是每年的____。", "12月4日"),
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
}  # fmt: skip
