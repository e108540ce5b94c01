"""From the words of one question to its draft, with everything that is wrong and everything that was inferred."""

import re
from dataclasses import dataclass, replace

from mingfa.bank.drafts import (
    BLANK,
    CASE,
    CHOICES,
    JUDGE,
    MATCH,
    MULTIPLE,
    ORDER,
    SHORT,
    SINGLE,
    Problem,
    QuestionDraft,
    letters,
)
from mingfa.bank.drafts import problems as draft_problems
from mingfa.bank.importing import answers
from mingfa.bank.importing.citing import cited_articles
from mingfa.bank.importing.doubting import doubts_about
from mingfa.bank.importing.folding import fold_gaps, fold_text, fold_word
from mingfa.bank.importing.results import RawQuestion
from mingfa.bank.importing.stems import (
    choice_in_stem,
    filled_brackets,
    filled_gaps,
    items_in_stem,
    judgement_in_stem,
    without_gap_at_ends,
)
from mingfa.bank.importing.words import difficulty_named, gaps_in, marks_given, type_named

EXPLANATION_LABELS = ("解析", "答案解析", "试题解析")

TYPE_FROM_SHAPE = (0.8, "没有写题型，按选项和答案的样子认出")
ANSWER_FROM_STEM = (0.9, "答案取自题干里的括号")
JUDGE_LETTERS = (0.8, "没有选项，A 认作正确，B 认作错误")
DIFFICULTY_UNKNOWN = (0.9, "难度没有认出，按“中”处理")
MARKS_UNKNOWN = (0.9, "分值没有认出，没有写入")
CITATION_UNKNOWN = (0.8, "依据没有全部认出，请补上法律名称和条号")

ANSWER_IN_WORDS = (0.8, "答案写的是选项的文字，已换成字母")
ECHO_DIFFERS = (0.6, "答案后面括号里的文字是另一个选项的，请核对")
ANSWER_IN_GAPS = (0.7, "答案取自题干的横线里")
ANSWER_IN_BRACKETS = (0.6, "答案取自题干的括号里，请核对")
MORE_ANSWERS_THAN_GAPS = (0.6, "只认出一个空，答案却有几个，请核对")
NO_GAP = (0.7, "题干里没有认出要填的空")
ORDER_IN_NUMBERS = (0.8, "顺序写的是数字，1 认作 A，2 认作 B")
ECHO = re.compile(r"[(（](.*)[)）][。.]?", re.DOTALL)


@dataclass(frozen=True)
class Drafted:
    """`draft` is as far as the words could be read; it can be saved only if `problems` is empty."""

    draft: QuestionDraft
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def draft_question(raw: RawQuestion) -> Drafted:
    """Judge one raw question. Never invents a key: what cannot be read is a problem."""
    inferred: list[tuple[float, str]] = []
    stem = fold_text(raw.stem)
    options = raw.options
    type = _type_of(raw, stem, options, inferred)
    if type is None or (type == CASE and not raw.children):
        options = tuple(fold_text(option) for option in options)
        draft = QuestionDraft(type=raw.type_tag, stem=stem, options=options, source=str(raw.place))
        return Drafted(draft, tuple(_problems_without_type(raw, type, stem)), tuple(one.note for one in raw.doubts))
    children = [draft_question(child) for child in raw.children]
    stem, options, answer, unreadable = READERS[type](raw, stem, options, inferred)
    unreadable = [*unreadable, *_rival_problems(raw, type, answer)]
    details = _details(raw, inferred)
    if type == CASE and details["marks"] is None and all(child.draft.marks for child in children):
        details["marks"] = sum(child.draft.marks for child in children)
    inferred += [(one.confidence, one.note) for one in raw.doubts]
    inferred += [(child.draft.confidence, note) for child in children for note in child.notes]
    draft = QuestionDraft(
        type=type,
        stem=fold_gaps(stem, underlines=type in CHOICES or type == JUDGE),
        options=options,
        answer=answer,
        source=str(raw.place),
        prompts=tuple(fold_text(prompt) for prompt in raw.prompts) if type == MATCH else (),
        children=tuple(child.draft for child in children),
        **details,
    )
    inferred += [(doubt.confidence, doubt.note) for doubt in doubts_about(draft, raw)]
    draft = replace(draft, confidence=min((confidence for confidence, _ in inferred), default=1.0))
    problems = [problem for problem in draft_problems(draft) if not (unreadable and problem.part == "answer")]
    unread = [problem for child in children for problem in child.problems if problem not in problems]
    return Drafted(draft, (*problems, *unreadable, *unread), tuple(dict.fromkeys(note for _, note in inferred)))


def _type_of(raw: RawQuestion, stem: str, options: tuple[str, ...], inferred: list) -> str | None:
    """From the tag, else from the nearest hint that names one type, else from the shape."""
    if raw.type_tag and fold_text(raw.type_tag) not in ("选择题", "选择"):
        return type_named(raw.type_tag)
    named = next((type for type in map(type_named, raw.hints) if type), None)
    if named:
        return named
    inferred.append(TYPE_FROM_SHAPE)
    return _type_by_shape(raw, stem, options)


def _problems_without_type(raw: RawQuestion, type: str | None, stem: str) -> list[Problem]:
    """What can be said of a row whose type is unknown: all of it, so that it is mended in one go."""
    found = [Problem("unknown_type", "type", (fold_text(raw.type_tag), *([CASE] if type == CASE else [])))]
    found += [] if stem else [Problem("empty_stem", "stem")]
    return found if raw.answer or type == CASE else [*found, Problem("no_answer", "answer")]


def _type_by_shape(raw: RawQuestion, stem: str, options: tuple[str, ...]) -> str | None:
    """Two or more letters are a 多选, √× a 判断, gaps without options a 填空; None when the shape tells nothing."""
    # A alone, without options, may as well be the key of a choice whose options were not read.
    if answers.is_judge_pair(options) or (not options and answers.truth(raw.answer) is not None):
        return JUDGE
    if options:
        chosen = answers.choice_letters(raw.answer) or choice_in_stem(stem, "", letters(options))[1]
        return MULTIPLE if len(chosen) > 1 else SINGLE
    if not raw.answer and judgement_in_stem(stem, "")[1]:
        return JUDGE
    return BLANK if raw.answer and "__" in stem else None


def _read_choice(raw: RawQuestion, stem, options, inferred):
    options = tuple(fold_text(option) for option in options)
    chosen, rest = answers.choice_key(raw.answer)
    stem, in_stem = choice_in_stem(stem, chosen, letters(options))
    if in_stem and not raw.answer:
        inferred.append(ANSWER_FROM_STEM)
        chosen = in_stem
    stated = answers.without_label(raw.answer)
    if chosen and rest and (by_words := _letters_of_words(stated, options)):
        # A 镇 is the words of an option, not the key A with a note behind it.
        inferred.append(ANSWER_IN_WORDS)
        return stem, options, by_words, []
    if chosen or not stated:
        inferred += _echo_doubts(rest, chosen, options)
        return stem, options, chosen, []
    by_words = _letters_of_words(stated, options)
    if by_words:
        inferred.append(ANSWER_IN_WORDS)
        return stem, options, by_words, []
    return stem, options, "", [Problem("answer_not_in_options", "answer", (stated, str(len(options))))]


def _letters_of_words(stated: str, options: tuple[str, ...]) -> str:
    """The letters of the options whose words were written as the answer: 居委会、村委会; "" unless all are."""
    parts = [part for part in re.split(r"[、,，;；|\n]", stated) if part.strip()]
    if len(parts) > 1:
        found = [_letters_of_words(part, options) for part in parts]
        return "".join(sorted(set(found))) if all(found) else ""
    same = [place for place, option in enumerate(options) if option and fold_word(option) == fold_word(stated)]
    return chr(65 + same[0]) if len(same) == 1 else ""


def _echo_doubts(rest: str, chosen: str, options: tuple[str, ...]) -> list[tuple[float, str]]:
    """C（六十日）: words in brackets behind a key should be those of the option."""
    echoed = ECHO.match(rest)
    if not echoed or len(chosen) != 1 or ord(chosen) - 65 >= len(options):
        return []
    same = fold_word(options[ord(chosen) - 65]) == fold_word(echoed[1])
    others = [option for option in options if fold_word(option) == fold_word(echoed[1])]
    return [ECHO_DIFFERS] if others and not same else []


def _read_judge(raw: RawQuestion, stem, options, inferred):
    stated = answers.without_label(raw.answer)
    answer = answers.judge_answer(raw.answer, options) or answers.judge_key(raw.answer)[0]
    if not answer and options:
        answer = answers.judge_answer(answers.choice_key(raw.answer)[0], options) or ""
    if answer and not options and stated.strip("()（）").upper() in ("A", "B"):
        inferred.append(JUDGE_LETTERS)
    unreadable = [Problem("bad_judge_answer", "answer", (stated,))] if stated and not answer else []
    if options and not answers.is_judge_pair(options) and not unreadable:
        unreadable = [Problem("bad_judge_answer", "answer", (stated,))]
    if not unreadable:
        stem, in_stem = judgement_in_stem(stem, answer)
        if in_stem and not answer:
            inferred.append(ANSWER_FROM_STEM)
            answer = in_stem
    return without_gap_at_ends(stem), (), answer, unreadable


def _read_blank(raw: RawQuestion, stem, options, inferred):
    gaps = gaps_in(stem)
    if not raw.answer:
        filled, words = filled_gaps(stem)
        if words:
            inferred.append(ANSWER_IN_GAPS)
            return filled, (), "\n".join(words), []
        filled, words = filled_brackets(stem) if not gaps else (stem, [])
        if words:
            inferred.append(ANSWER_IN_BRACKETS)
            return filled, (), "\n".join(words), []
    answer = answers.answers_of_blanks(raw.answer, gaps)
    given = answer.count("\n") + 1 if answer else 0
    if given and gaps and given != gaps:
        if gaps > 1:
            return stem, (), answer, [Problem("blank_count", "answer", (str(gaps), str(given)))]
        inferred.append(MORE_ANSWERS_THAN_GAPS)
    if given and not gaps:
        inferred.append(NO_GAP)
    return stem, (), answer, []


def _read_short(raw: RawQuestion, stem, options, inferred):
    return stem, (), answers.without_label(raw.answer), []


def _read_case(raw: RawQuestion, stem, options, inferred):
    return stem, (), "", []


def _read_order(raw: RawQuestion, stem, options, inferred):
    options = tuple(fold_text(option) for option in options)
    if not options:
        stem, options = items_in_stem(stem)
    answer, as_numbers = answers.order_letters(raw.answer, len(options))
    if as_numbers and answer:
        inferred.append(ORDER_IN_NUMBERS)
    return stem, options, answer, [] if raw.answer else [Problem("no_answer", "answer")]


def _read_match(raw: RawQuestion, stem, options, inferred):
    options = tuple(fold_text(option) for option in options)
    answer = answers.match_letters(raw.answer, len(raw.prompts))
    unclear = raw.answer and not answer and len(raw.prompts) > 1
    return stem, options, answer, [Problem("unclear_match", "answer", (raw.answer,))] if unclear else []


def _rival_problems(raw: RawQuestion, type: str, answer: str) -> list[Problem]:
    """Another answer to the same question elsewhere in the file must say the same."""
    for rival in raw.rivals:
        if type in CHOICES:
            same = answers.choice_key(rival)[0] == answer
        elif type == JUDGE:
            same = (answers.judge_answer(rival, raw.options) or answers.judge_key(rival)[0]) == answer
        else:
            same = fold_word(rival) == fold_word(raw.answer)
        if not same:
            return [Problem("two_answers", "answer", (answers.without_label(raw.answer) or answer, rival))]
    return []


READERS = {
    SINGLE: _read_choice, MULTIPLE: _read_choice, JUDGE: _read_judge, BLANK: _read_blank, SHORT: _read_short,
    CASE: _read_case, ORDER: _read_order, MATCH: _read_match,
}  # fmt: skip


def _with_words_behind_key(raw: RawQuestion, explanation: str) -> str:
    """错。理由：不收费 says more than a key: the rest is explanation; the option's words repeated in brackets are not."""
    if not raw.options and not answers.judge_key(raw.answer)[0]:
        return explanation
    behind = (answers.choice_key if raw.options and not answers.judge_key(raw.answer)[0] else answers.judge_key)(raw.answer)
    rest = behind[1] if behind[0] else ""
    if ECHO.fullmatch(rest):
        rest = ""
    same = [option for option in raw.options if fold_word(option) == fold_word(rest)]
    return explanation if not rest or same else "\n".join(filter(None, (rest, explanation)))


def _details(raw: RawQuestion, inferred: list) -> dict:
    """What stands beside stem and key, with a note for every word that was given but not understood."""
    difficulty = difficulty_named(raw.difficulty)
    if raw.difficulty and difficulty is None:
        inferred.append(DIFFICULTY_UNKNOWN)
    marks = marks_given(raw.marks)
    if raw.marks and marks is None:
        inferred.append(MARKS_UNKNOWN)
    explanation = _with_words_behind_key(raw, fold_text(raw.explanation))
    for label in EXPLANATION_LABELS:
        explanation = explanation.removeprefix(label + "：").removeprefix(label + ":").strip()
    citations, understood = cited_articles(raw.laws, raw.articles, explanation)
    if not understood:
        inferred.append(CITATION_UNKNOWN)
    return {
        "explanation": explanation,
        "difficulty": difficulty,
        "topic": fold_text(raw.topic)[:60],
        "marks": marks,
        "citations": citations,
    }
