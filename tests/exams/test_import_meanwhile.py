"""A large import into a bank while an exam runs on the same database: nobody loses an answer, nobody sees an error."""

import json

from bench.load.importing import IMPORT, SEAT, STORED, people_saving
from tests.servers import running_server

CANDIDATES = 12
QUESTIONS = 1500


def printed(data_folder, code):
    return json.loads(data_folder.manage("shell", "-v0", "-c", code).strip().splitlines()[-1])


def test_an_exam_loses_nothing_while_1500_questions_are_imported(data_folder):
    rows = printed(data_folder, SEAT.format(candidates=CANDIDATES))
    with running_server(data_folder) as server, people_saving(rows, server.url, pause=0.05) as people:
        # The importer is a process of its own, as a command beside the server is.
        before = sum(one.saves for one in people)
        outcome = printed(data_folder, IMPORT.format(count=QUESTIONS))
        during = sum(one.saves for one in people) - before
    assert outcome["staged"] == QUESTIONS
    assert [one.errors for one in people] == [[]] * CANDIDATES
    assert during > CANDIDATES
    stored = printed(data_folder, STORED)
    assert [one.lost(stored) for one in people] == [0] * CANDIDATES
    assert all(one.acknowledged for one in people)
