"""Questions of every type with the characters that break formats; all good drafts, as a bank holds them."""

from decimal import Decimal

from hypothesis import strategies as st
from mingfa.bank.drafts import (
    BLANK,
    CASE,
    JUDGE,
    MATCH,
    MULTIPLE,
    ORDER,
    SHORT,
    SINGLE,
    QuestionDraft,
    letters,
    problems,
    tidy,
)
from mingfa.library.citations import CitationRef

# Signs that mean something in one of the formats, characters outside the first plane, entities, look-alikes.
SPECIAL = [
    *"={}~#:\\|;/%->[]()<>&\"'*_`$@+,.",
    "中", "文", "题", "第", "条", "（", "）", "：", "𠮷", "😀", "é", "٣", "１", "Ａ", "\n", "\n\n", " ", "  ", "A. ", "答案：",
    "&lt;", "&amp;", "<b>", "</p>", "<!--", "]]>", "<script>", "%50%", "[html]", "####", "//", "->", "::", "____", "{1:SA:=x}",
    "ANSWER: B", "T", "\\n", "$CATEGORY: x", "正确", "\u3000", "\u2028",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(SPECIAL) | st.text("甲乙丙丁abc12", min_size=1, max_size=4), min_size=1, max_size=8).map("".join)
LAWS = ("信访工作条例", "民法典", "行政复议法")
CITATIONS = st.builds(
    CitationRef, st.sampled_from(LAWS), st.integers(1, 300), st.integers(0, 3), st.integers(0, 4), st.integers(0, 9)
)


def details(**own):
    return {
        "explanation": st.just("") | TEXTS,
        "difficulty": st.none() | st.integers(1, 3),
        "topic": st.just("") | TEXTS.map(lambda text: " ".join(text.split())[:60]),
        "marks": st.none() | st.integers(1, 9999).map(lambda tenths: Decimal(tenths) / 10),
        "citations": st.lists(CITATIONS, max_size=3, unique=True).map(tuple),
    } | own


def choice(type):
    @st.composite
    def drawn(draw):
        options = tuple(draw(st.lists(TEXTS, min_size=1, max_size=8)))
        named = letters(options)
        most = 1 if type == SINGLE else len(named)
        answer = "".join(sorted(draw(st.sets(st.sampled_from(named), min_size=1, max_size=most))))
        return draw(built(type, options=st.just(options), answer=st.just(answer)))

    return drawn()


@st.composite
def ordered(draw):
    options = tuple(draw(st.lists(TEXTS, min_size=2, max_size=6)))
    return draw(built(ORDER, options=st.just(options), answer=st.permutations(letters(options)).map("".join)))


@st.composite
def matched(draw):
    options = tuple(draw(st.lists(TEXTS, min_size=1, max_size=5)))
    prompts = tuple(draw(st.lists(TEXTS, min_size=2, max_size=5)))
    keys = st.lists(st.sampled_from(letters(options)), min_size=len(prompts), max_size=len(prompts)).map("".join)
    return draw(built(MATCH, options=st.just(options), prompts=st.just(prompts), answer=keys))


def built(type, **own):
    return st.builds(QuestionDraft, st.just(type), TEXTS, **details(**own)).map(tidy).filter(lambda draft: not problems(draft))


WORDS = TEXTS.map(lambda text: " ".join(text.replace("|", "/").split())).filter(bool)
ACCEPTED = st.lists(WORDS, min_size=1, max_size=3, unique=True)
BLANKS = st.lists(ACCEPTED.map("|".join), min_size=1, max_size=3).map("\n".join)
PARTS = {
    SINGLE: choice(SINGLE),
    MULTIPLE: choice(MULTIPLE),
    JUDGE: built(JUDGE, answer=st.sampled_from("TF")),
    BLANK: built(BLANK, answer=BLANKS),
    ORDER: ordered(),
    MATCH: matched(),
    SHORT: built(SHORT, answer=st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)),
}
DRAFTS = PARTS | {
    CASE: built(CASE, children=st.lists(st.one_of(*PARTS.values()), min_size=1, max_size=3).map(tuple)),
}


def questions(types, most=4):
    """Up to `most` questions of these types."""
    return st.lists(st.one_of(*(DRAFTS[type] for type in types)), min_size=1, max_size=most)
