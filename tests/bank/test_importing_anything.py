"""What holds of the steps that read running text whatever the text is."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.chains import find_options
from mingfa.bank.importing.folding import fold_text, fold_word
from mingfa.bank.importing.labels import cut_line
from mingfa.bank.importing.units import SHAPES, fold_signs, text_lines

MIXED = st.text(
    st.one_of(
        st.sampled_from("一二三、.（）()ABCDabd12 30\n\t：:；;答案解析正确错误对错√×单选判断填空题【】①②____　．"),
        st.characters(codec="utf-8")
    ),
    max_size=300,
)  # fmt: skip
many = settings(max_examples=150, deadline=None)


@given(MIXED)
@many
def test_shapes_keep_the_place_of_every_sign(text):
    assert len(fold_signs(text).translate(SHAPES)) == len(fold_signs(text))


@given(st.text())
@many
def test_folding_twice_is_folding_once(text):
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_word(fold_word(text)) == fold_word(text)


@given(MIXED)
@many
def test_no_word_outside_a_label_is_lost_when_a_line_is_cut(text):
    for line in text_lines(text):
        for piece in cut_line(line):
            assert piece.text in line.text


@given(MIXED)
@many
def test_options_are_words_of_their_text(text):
    folded = fold_signs(text)
    found = find_options(folded, folded.translate(SHAPES))
    for option in found.texts if found else ():
        assert all(line in folded for line in option.replace(" ", "\n").split("\n"))


@given(MIXED)
@many
def test_no_text_makes_the_reader_raise_and_every_excerpt_is_of_the_file(text):
    parsed = parse_file(text.encode(), "题.txt")
    have = set(text)
    for one in (*parsed.questions, *parsed.rejected):
        assert set(one.raw.excerpt) - {"\n"} <= have


@given(MIXED)
@many
def test_every_character_of_a_question_comes_from_its_file(text):
    made = set("（ ）_\n，。；：、ABCDEFGHIJTF") | set(fold_signs(text)) | set(unicodedata.normalize("NFKC", fold_signs(text)))
    for one in parse_file(text.encode(), "题.txt").questions:
        draft = one.draft
        for words in (draft.stem, draft.explanation, *draft.options, *draft.prompts):
            assert set(words) <= made


@given(st.binary(max_size=400), st.sampled_from([".txt", ".docx", ".xlsx", ".csv", ".gift", ".xml", ".zip", ".doc"]))
@many
def test_no_bytes_under_any_ending_make_a_reader_raise(data, ending):
    parsed = parse_file(data, "题" + ending)
    assert parsed.questions or parsed.errors
