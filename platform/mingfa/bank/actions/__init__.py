"""Every write to a bank. Each counts the bank's edition up, so that cached pools are drawn anew."""

from mingfa.bank.actions.exports import record_export
from mingfa.bank.actions.holding import hold_questions, release_questions
from mingfa.bank.actions.imports import (
    AlreadyTaken,
    BankChanged,
    ImportOutcome,
    ImportRefused,
    import_questions,
    keep_upload,
    sweep_imports,
)
from mingfa.bank.actions.questions import (
    NotPossible,
    create_bank,
    create_question,
    repoint_question,
    reserve_question,
    restore_question,
    retire_question,
    revise_question,
)
from mingfa.bank.actions.reading import compare_upload, read_upload
from mingfa.bank.actions.repairs import EntryChanged, EntryClosed, StemTaken, decide_entry, import_decided, keep_typed
from mingfa.bank.actions.reviews import DraftsLeft, MayNotLoosen, set_review_rules, submit_questions

__all__ = [
    "AlreadyTaken",
    "BankChanged",
    "DraftsLeft",
    "EntryChanged",
    "EntryClosed",
    "ImportOutcome",
    "ImportRefused",
    "MayNotLoosen",
    "NotPossible",
    "StemTaken",
    "compare_upload",
    "create_bank",
    "create_question",
    "decide_entry",
    "hold_questions",
    "import_decided",
    "import_questions",
    "keep_typed",
    "keep_upload",
    "read_upload",
    "record_export",
    "release_questions",
    "repoint_question",
    "reserve_question",
    "restore_question",
    "retire_question",
    "revise_question",
    "set_review_rules",
    "submit_questions",
    "sweep_imports",
]
