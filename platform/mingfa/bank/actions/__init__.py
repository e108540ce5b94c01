"""Every write to a bank. Each counts the bank's edition up, so that cached pools are drawn anew."""

from mingfa.bank.actions.around import (
    add_remark,
    delete_filter,
    delete_tag,
    rename_filter,
    rename_tag,
    resolve_remark,
    save_filter,
    tag_question,
)
from mingfa.bank.actions.bulk import begin_run, begin_undo, carry_out, carry_undo, undo_run
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
from mingfa.bank.actions.tallies import count_final_answers, outdate_answers, recount_answers

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
    "add_remark",
    "begin_run",
    "begin_undo",
    "carry_out",
    "carry_undo",
    "compare_upload",
    "count_final_answers",
    "create_bank",
    "create_question",
    "decide_entry",
    "delete_filter",
    "delete_tag",
    "hold_questions",
    "import_decided",
    "import_questions",
    "keep_typed",
    "keep_upload",
    "outdate_answers",
    "read_upload",
    "record_export",
    "recount_answers",
    "release_questions",
    "rename_filter",
    "rename_tag",
    "repoint_question",
    "reserve_question",
    "resolve_remark",
    "restore_question",
    "retire_question",
    "revise_question",
    "save_filter",
    "set_review_rules",
    "submit_questions",
    "sweep_imports",
    "tag_question",
    "undo_run",
]
