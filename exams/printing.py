"""Papers, answer sheets and keys as Word documents (docs/rules.md “固定试卷和纸质试卷”)."""
import io
from collections.abc import Sequence
from itertools import groupby
from zipfile import ZIP_DEFLATED, ZipFile

from mingfa.bank.models import QuestionType
from mingfa.bank.queries import VersionView
from mingfa.bank.types import KINDS, LETTERS
from mingfa.documents import Page
from mingfa.wording import marks, minutes

from .models import Exam, PrintedPaper
from .papers import LoadedPaper, load_items, loaded, versions_of
from .rendering import CHINESE_NUMBERS

WRITING_LINES = 10
BUBBLES_IN_A_ROW = 5


def paper_of(printed: PrintedPaper) -> LoadedPaper:
    return loaded(load_items(printed.items), seed=printed.seed)


def _parts(paper: LoadedPaper):
    """(heading, places) of each part, as on the screen."""
    kinds = ["case" if paper.cases[place] else paper.kinds[place] for place in range(len(paper.items))]
    for number, (kind, group) in enumerate(groupby(range(len(kinds)), key=kinds.__getitem__)):
        places = list(group)
        worth = {paper.items[place].marks for place in places}
        each = f"每题 {marks(worth.pop())} 分，" if len(worth) == 1 else ""
        total = marks(sum(paper.items[place].marks for place in places))
        name = QuestionType(kind).label
        yield f"{CHINESE_NUMBERS[number % 10]}、{name}（共 {len(places)} 题，{each}共 {total} 分）", places


def _head(page: Page, exam: Exam, printed: PrintedPaper, what: str) -> None:
    page.title(exam.name)
    page.centre(f"{what}（{printed.label} 卷）" if printed.candidate is None else f"{what}　编号 {printed.label}")


def write_paper(page: Page, exam: Exam, printed: PrintedPaper) -> None:
    """The paper with its questions and room to write; answers of options go onto the answer sheet."""
    paper = paper_of(printed)
    known = versions_of(item.version_id for item in paper.items)
    _head(page, exam, printed, "试卷")
    person = printed.candidate
    page.table([["姓名", person.user.name if person else "", "单位", person.unit.name if person else "", "得分", ""]])
    total = marks(sum(item.marks for item in paper.items))
    facts = f"考试时间 {minutes(exam.duration_minutes)}，满分 {total} 分，{marks(exam.pass_mark)} 分及格。"
    page.text(facts + "选择题和判断题答在答题卡上。")
    case = None
    for heading, places in _parts(paper):
        page.heading(heading)
        for place in places:
            if paper.cases[place] != case:
                case = paper.cases[place]
                if case:
                    page.text(versions_of([case])[case].stem, together=True)
            _question(page, place, known[paper.items[place].version_id], paper)


def _question(page: Page, place: int, view: VersionView, paper: LoadedPaper) -> None:
    item = paper.items[place]
    page.text(f"{place + 1}. {view.stem}（{marks(item.marks)} 分）", together=bool(item.shown))
    shown = [view.options[original] for original in item.shown]
    for at, text in enumerate(shown):
        page.text(f"{LETTERS[at]}. {text}", indent=8, together=at + 1 < len(shown))
    if view.type == "match":
        for number, prompt in enumerate(view.prompts, 1):
            page.text(f"（{number}）{prompt}　＿＿＿", indent=8)
    elif view.type == "order":
        page.text("正确的次序（写字母）：＿＿＿＿＿＿", indent=8)
    elif view.type == "short":
        page.lines(WRITING_LINES)


def write_answer_sheet(page: Page, exam: Exam, printed: PrintedPaper) -> None:
    """答题卡: a box for every option, lines for what is written elsewhere than on the paper."""
    paper = paper_of(printed)
    known = versions_of(item.version_id for item in paper.items)
    _head(page, exam, printed, "答题卡")
    page.table([["姓名", "", "单位", "", "编号", printed.label]])
    page.text("选择题和判断题用黑笔涂满方框；写错的划掉重涂。")
    for heading, places in _parts(paper):
        ticked = [place for place in places if KINDS[paper.kinds[place]].shows == "options"]
        if ticked:
            page.heading(heading)
            boxes = [f"{place + 1}　{_boxes(paper, place)}" for place in ticked]
            boxes += [""] * (-len(boxes) % BUBBLES_IN_A_ROW)
            page.table([boxes[at : at + BUBBLES_IN_A_ROW] for at in range(0, len(boxes), BUBBLES_IN_A_ROW)])
        blanks = [place for place in places if paper.kinds[place] == "blank"]
        if blanks:
            page.heading(heading)
            for place in blanks:
                page.text(f"{place + 1}. " + "　".join("＿" * 8 for _ in range(known[paper.items[place].version_id].blanks)))


def _boxes(paper: LoadedPaper, place: int) -> str:
    if paper.kinds[place] == "judge":
        return "[√] [×]"
    return " ".join(f"[{LETTERS[at]}]" for at in range(len(paper.items[place].shown)))


def write_key(page: Page, exam: Exam, printed: PrintedPaper) -> None:
    """参考答案 with the letters of this very paper."""
    paper = paper_of(printed)
    known = versions_of(item.version_id for item in paper.items)
    _head(page, exam, printed, "参考答案")
    rows = [["题号", "分值", "答案"]]
    for place, item in enumerate(paper.items):
        rows.append([str(place + 1), marks(item.marks), key_words(known[item.version_id], item.shown)])
    page.table(rows, header=True)


def key_words(view: VersionView, shown: Sequence[int]) -> str:
    """The key of a question in the letters of a paper that shows its options in this order."""
    letter = {original: LETTERS[at] for at, original in enumerate(shown)}
    if view.type == "judge":
        return {"T": "正确", "F": "错误"}[view.answer]
    if view.type in ("single", "multiple"):
        return "".join(sorted(letter[LETTERS.index(one)] for one in view.answer))
    if view.type == "order":
        return "".join(letter[LETTERS.index(one)] for one in view.answer)
    if view.type == "match":
        return "　".join(f"（{n}）{letter[LETTERS.index(one)]}" for n, one in enumerate(view.answer, 1))
    if view.type == "blank":
        return "；".join(" 或 ".join(line.split("|")) for line in view.answer.split("\n"))
    return view.answer


WRITERS = {"paper": write_paper, "sheet": write_answer_sheet, "key": write_key}


def document(exam: Exam, printed: PrintedPaper, what: str) -> bytes:
    """One .docx: what is paper, sheet or key."""
    page = Page()
    WRITERS[what](page, exam, printed)
    return page.content()


def archive(exam: Exam, papers: Sequence[PrintedPaper]) -> bytes:
    """A zip with a .docx for each candidate: the paper and the answer sheet, named by the number of the paper."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as files:
        for printed in papers:
            page = Page()
            write_paper(page, exam, printed)
            page.next_page()
            write_answer_sheet(page, exam, printed)
            files.writestr(f"{printed.label}.docx", page.content())
    return out.getvalue()
