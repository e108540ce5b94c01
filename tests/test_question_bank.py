"""The demo bank as a whole: what is in it, what its keys and options give away, and that the law says what it says."""
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import combinations, pairwise
from math import sqrt
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from mingfa.bank.drafts import BLANK, CASE, JUDGE, MULTIPLE, SHORT, SINGLE, require_good
from mingfa.bank.grounds import GAP
from mingfa.bank.importing import parse_file
from mingfa.bank.queries import citation_findings
from mingfa.demo import sources, study
from mingfa.demo.questions import drafts_of
from mingfa.library.citations import fold_title, format_citation, parse_citations
from mingfa.library.importing.folder import read_folder
from mingfa.library.importing.package import installed_package, read_database
from mingfa.library.importing.parsed import LawFormatError
from mingfa.library.provisions import find_provision
from mingfa.library.queries import articles_for
from mingfa.people.models import OrgUnit

from tests.library.texts import bring_in

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
AT_LEAST = {SINGLE: 200, MULTIPLE: 80, JUDGE: 120, BLANK: 12, "order": 12, "match": 12, SHORT: 12, CASE: 8}
POINTS = re.compile(r"（(\d+) 分）$")
LONGEST_COPY = 13  # characters in a row, docs/rules.md, 题目编写规则 2
SURE = 2.0  # standard deviations from what chance gives


@cache
def bank() -> tuple:
    """(file name, draft) of every question."""
    found = []
    for path in sources.question_files():
        if path.suffix == ".csv":
            drafts = [one.draft for one in parse_file(path.read_bytes(), path.name).questions]
        else:
            drafts = drafts_of(path)
        found += [(path.name, draft) for draft in drafts]
    return tuple(found)


def of_type(type):
    return [draft for _, draft in bank() if draft.type == type]


def with_parts():
    return [part for _, draft in bank() for part in (draft, *draft.children)]


def cited(draft):
    return tuple(dict.fromkeys([*draft.citations, *(ref for child in draft.children for ref in child.citations)]))


def letters_only(text):
    return re.sub(r"[\W_]", "", text)


def no_more_than_chance(hits, tries, chance):
    return hits <= tries * chance + SURE * sqrt(tries * chance * (1 - chance))


def test_the_bank_has_450_questions_of_every_type_on_at_least_14_laws():
    counts = Counter(draft.type for _, draft in bank())
    laws = Counter(title for _, draft in bank() for title in {ref.law_title for ref in cited(draft)})
    assert sum(counts.values()) >= 450
    assert {type: counts[type] for type in AT_LEAST if counts[type] < AT_LEAST[type]} == {}
    assert sum(count >= 5 for count in laws.values()) >= 14


def test_every_question_can_be_saved_and_says_its_grounds_its_reason_its_topic_difficulty_and_marks():
    for file, draft in bank():
        require_good(draft)
        missing = [name for name in ("citations", "explanation", "topic", "difficulty", "marks") if not getattr(draft, name)]
        assert missing == [], (file, draft.stem)


def test_every_citation_is_well_formed():
    for _, draft in bank():
        for ref in cited(draft):
            assert parse_citations(format_citation(ref)) == [ref]


def test_every_explanation_names_an_article_and_no_option_letter():
    for part in with_parts():
        if part.type != CASE:
            assert parse_citations(part.explanation), part.stem
        assert not re.search(r"选项|[A-E]项|选[A-E]", part.explanation), part.stem


def test_what_has_to_be_reckoned_stays_rare():
    reckoned = [draft for _, draft in bank() if any("推算" in part.explanation for part in (draft, *draft.children))]
    assert 0 < len(reckoned) <= len(bank()) // 25


def test_no_option_speaks_of_the_other_options():
    options = [option for part in with_parts() for option in part.options]
    assert [option for option in options if re.search(r"^以上|^上述|都不?对$|都正确", option)] == []


def test_the_keys_of_choices_and_judgements_are_spread_evenly():
    single = Counter(draft.answer for draft in of_type(SINGLE))
    assert set(single) == set("ABCD")
    assert max(single.values()) - min(single.values()) <= 3
    multiple = Counter(letter for draft in of_type(MULTIPLE) for letter in draft.answer if letter in "ABCD")
    assert max(multiple.values()) <= 1.15 * min(multiple.values())
    judged = Counter(draft.answer for draft in of_type(JUDGE))
    assert 0.45 <= judged["T"] / judged.total() <= 0.55


@pytest.mark.parametrize("extreme", [max, min])
def test_the_longest_and_the_shortest_option_are_the_key_no_more_often_than_chance(extreme):
    tries = hits = 0
    for draft in of_type(SINGLE):
        sizes = [len(option) for option in draft.options]
        if sizes.count(extreme(sizes)) == 1:
            tries += 1
            hits += sizes.index(extreme(sizes)) == ord(draft.answer) - 65
    assert tries >= 50
    assert no_more_than_chance(hits, tries, 1 / 4), f"{hits} of {tries}"


def test_no_two_stems_say_the_same():
    stems = [letters_only(draft.stem) for _, draft in bank()]
    shapes = [(stem, set(pairwise(stem))) for stem in stems]
    alike = [
        (one, other)
        for (one, left), (other, right) in combinations(shapes, 2)
        if len(left & right) > 0.7 * len(left | right)
    ]
    assert alike == []


def test_a_blank_has_as_many_gaps_as_answers():
    for draft in of_type(BLANK):
        stem = draft.stem.replace("（", "(").replace("）", ")")
        assert len(GAP.findall(stem)) == len(draft.answer.split("\n")), draft.stem


def test_the_points_of_a_written_answer_make_up_its_marks():
    for part in with_parts():
        if part.type == SHORT:
            points = [POINTS.search(line) for line in part.answer.split("\n")]
            assert all(points), part.stem
            if part.marks is not None:
                assert sum(int(point[1]) for point in points) == part.marks, part.stem


def test_a_case_has_three_to_five_parts_and_a_question_that_people_mark_only_at_the_end():
    for draft in of_type(CASE):
        assert 3 <= len(draft.children) <= 5, draft.stem
        assert all(child.type != SHORT for child in draft.children[:-1]), draft.stem
        assert draft.marks == draft.marks.quantize(Decimal(1))


@pytest.fixture
def laws_at_hand():
    """The laws that the bank cites, from the data package and, where MINGFA_LAWS names it, from the folder of texts."""
    try:
        editions = read_database(*installed_package())
    except LawFormatError:
        editions = []
    if settings.MINGFA_LAWS:
        editions += read_folder(Path(settings.MINGFA_LAWS))[0]
    if not editions:
        pytest.skip("neither the data package is installed nor does MINGFA_LAWS name a folder of law texts")
    titles = {fold_title(ref.law_title) for _, draft in bank() for ref in cited(draft)}
    bring_in(*(one for one in editions if fold_title(one.title) in titles))
    return titles & {fold_title(one.title) for one in editions}


@pytest.mark.django_db
def test_every_article_cited_is_in_force_has_the_place_cited_and_names_the_numbers_of_the_key(laws_at_hand):
    unit = OrgUnit.add_root(name="嘉禾区", kind="district")
    with time_machine.travel(NOW, tick=False):
        loaded = study.load_bank(unit, by=None, now=NOW, report=lambda done, total: None)
        checked = citation_findings(loaded)
    findings = [one for one in checked.findings if fold_title(one.ref.law_title) in laws_at_hand]
    assert checked.questions == len(bank())
    assert [(one.stem, format_citation(one.ref), one.standing, one.number) for one in findings] == []


@pytest.mark.django_db
def test_explanations_name_places_that_exist(laws_at_hand):
    refs = {ref for part in with_parts() for ref in parse_citations(part.explanation)}
    refs = {ref for ref in refs if fold_title(ref.law_title) in laws_at_hand}
    with time_machine.travel(NOW, tick=False):
        articles = articles_for(refs)
    wrong = [ref for ref in refs if ref not in articles]
    wrong += [
        ref for ref in refs - set(wrong)
        if (ref.paragraph or ref.item) and not find_provision(articles[ref].text, ref.paragraph, ref.item)
    ]  # fmt: skip
    assert [format_citation(ref) for ref in wrong] == []


@pytest.mark.django_db
def test_nothing_is_copied_from_the_articles_cited(laws_at_hand):
    with time_machine.travel(NOW, tick=False):
        articles = articles_for({ref for _, draft in bank() for ref in cited(draft)})
    copied = []
    for file, draft in bank():
        law = letters_only("".join(articles[ref].text for ref in cited(draft) if ref in articles))
        for part in (draft, *draft.children):
            for text in (part.stem, *part.options, *part.prompts, *part.answer.split("\n"), part.explanation):
                own = letters_only(text)
                runs = (own[at : at + LONGEST_COPY + 1] for at in range(len(own) - LONGEST_COPY))
                copied += [(file, run) for run in runs if run in law][:1]
    assert copied == []
