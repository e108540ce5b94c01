"""From the words of one question to its draft, with everything that is wrong and everything that was inferred."""

from dataclasses import dataclass

from mingfa.bank.drafts import (
    BLANK,
    CASE,
    CHOICES,
    JUDGE,
    MULTIPLE,
    SHORT,
    SINGLE,
    Problem,
    QuestionDraft,
    letters,
)
from mingfa.bank.drafts import problems as draft_problems
from mingfa.bank.importing import answers
from mingfa.bank.importing.citing import cited_articles
from mingfa.bank.importing.folding import fold_gaps, fold_text
from mingfa.bank.importing.results import RawQuestion
from mingfa.bank.importing.stems import choice_in_stem, judgement_in_stem
from mingfa.bank.importing.words import difficulty_named, marks_given, type_named

EXPLANATION_LABELS = ("解析", "答案解析", "试题解析")

TYPE_FROM_SHAPE = (0.8, "没有写题型，按选项和答案的样子认出")
ANSWER_FROM_STEM = (0.9, "答案取自题干里的括号")
JUDGE_LETTERS = (0.8, "没有选项，A 认作正确，B 认作错误")
DIFFICULTY_UNKNOWN = (0.9, "难度没有认出，按“中”处理")
MARKS_UNKNOWN = (0.9, "分值没有认出，没有写入")
CITATION_UNKNOWN = (0.8, "依据没有全部认出，请补上法律名称和条号")


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
    if type is None or type == CASE:
        draft = QuestionDraft(type=raw.type_tag, stem=stem, source=str(raw.place))
        return Drafted(draft, tuple(_problems_without_type(raw, type, stem)), ())
    stem, options, answer, unreadable = READERS[type](raw, stem, options, inferred)
    details = _details(raw, inferred)
    draft = QuestionDraft(
        type=type,
        stem=fold_gaps(stem, underlines=type in CHOICES or type == JUDGE),
        options=options,
        answer=answer,
        source=str(raw.place),
        confidence=min((confidence for confidence, _ in inferred), default=1.0),
        **details,
    )
    problems = [problem for problem in draft_problems(draft) if not (unreadable and problem.part == "answer")]
    return Drafted(draft, (*problems, *unreadable), tuple(note for _, note in inferred))


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
    if answers.is_judge_pair(options) or (not options and answers.judge_answer(raw.answer, ()) is not None):
        return JUDGE
    if options:
        chosen = answers.choice_letters(raw.answer) or choice_in_stem(stem, "", letters(options))[1]
        return MULTIPLE if len(chosen) > 1 else SINGLE
    if not raw.answer and judgement_in_stem(stem, "")[1]:
        return JUDGE
    return BLANK if raw.answer and "__" in stem else None


def _read_choice(raw: RawQuestion, stem, options, inferred):
    options = tuple(fold_text(option) for option in options)
    chosen = answers.choice_letters(raw.answer) or ""
    stem, in_stem = choice_in_stem(stem, chosen, letters(options))
    if in_stem and not raw.answer:
        inferred.append(ANSWER_FROM_STEM)
        chosen = in_stem
    stated = answers.without_label(raw.answer)
    if chosen or not stated:
        return stem, options, chosen, []
    return stem, options, "", [Problem("answer_not_in_options", "answer", (stated, str(len(options))))]


def _read_judge(raw: RawQuestion, stem, options, inferred):
    stated = answers.without_label(raw.answer)
    answer = answers.judge_answer(raw.answer, options) or ""
    if answer and not options and stated.strip("()（）").upper() in ("A", "B"):
        inferred.append(JUDGE_LETTERS)
    unreadable = [Problem("bad_judge_answer", "answer", (stated,))] if stated and not answer else []
    if not unreadable:
        stem, in_stem = judgement_in_stem(stem, answer)
        if in_stem and not answer:
            inferred.append(ANSWER_FROM_STEM)
            answer = in_stem
    return stem, (), answer, unreadable


def _read_blank(raw: RawQuestion, stem, options, inferred):
    return stem, (), answers.blank_answers(raw.answer), []


def _read_short(raw: RawQuestion, stem, options, inferred):
    return stem, (), answers.without_label(raw.answer), []


READERS = {SINGLE: _read_choice, MULTIPLE: _read_choice, JUDGE: _read_judge, BLANK: _read_blank, SHORT: _read_short}


def _details(raw: RawQuestion, inferred: list) -> dict:
    """What stands beside stem and key, with a note for every word that was given but not understood."""
    difficulty = difficulty_named(raw.difficulty)
    if raw.difficulty and difficulty is None:
        inferred.append(DIFFICULTY_UNKNOWN)
    marks = marks_given(raw.marks)
    if raw.marks and marks is None:
        inferred.append(MARKS_UNKNOWN)
    explanation = fold_text(raw.explanation)
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
