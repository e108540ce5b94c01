"""Others write while a large file comes into a bank."""

import threading

import pytest
from mingfa.bank import actions, queries
from mingfa.bank.importing import parse_file
from mingfa.bank.models import Question

from tests.bank.samples import NOW, connection_that_waits, question_file, question_rows


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_again_and_again_gets_in_between_two_batches_of_an_import(bank, setter):
    over, between, seen = threading.Event(), threading.Event(), []

    def save():
        with connection_that_waits(20) as own:  # seconds, as in the product; then “database is locked”
            while not over.is_set():
                with own.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM bank_question WHERE status = 'staged'")
                    staged = cursor.fetchone()[0]
                    cursor.execute("UPDATE people_user SET name = name")
                seen.append(staged)
                if 0 < staged < 1500:
                    between.set()

    def let_in(done, total):
        """Behind a batch: an import that kept the database to itself would wait here for nothing."""
        if done < total:
            between.wait(60)

    parsed = parse_file(question_file(*question_rows(1500)), "题库.xlsx")
    writer = threading.Thread(target=save)
    writer.start()
    try:
        outcome = actions.import_questions(bank, parsed, by=setter, now=NOW, progress=let_in)
    finally:
        over.set()
        writer.join()
    assert (outcome.imported, queries.in_use(bank).count(), Question.objects.count()) == (1500, 1500, 1500)
    assert any(0 < staged < 1500 for staged in seen)
