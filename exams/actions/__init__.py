"""Every write of exams, one function each. Views, admin, commands, demo data and tests all call these."""
from .certificates import allow_certificate, issue_certificates, revoke_certificate
from .correcting import answer_reports, correct_question, report_fault
from .handing_in import corrections_of, end_overdue_sittings, submit_sitting
from .late import decide_late_answers, store_late_answers
from .makeup import create_makeup
from .marking import mark_script
from .preparing import (
    create_blueprint,
    create_exam,
    create_exam_from_preset,
    create_exam_like,
    publish_exam,
    release_results,
    revise_blueprint,
    revise_exam,
)
from .printing import MOST_AT_ONCE, draw_own_papers, draw_printed_paper
from .room import grant_time, log_outage, send_message
from .roster import change_standing, decide_change, defer_candidate, exempt_candidate, standing_words
from .saving import Saved, save_answers, save_sheet, stored_instead
from .sitting import freeze_sitting, freeze_sittings_of, start_sitting, take_over, unfreeze_sitting, void_sitting
from .slots import open_slot, remove_slot, set_slot
from .standings import recount_standings, settle_standings
from .topups import dismiss_top_up, finish_top_up
from .venues import note_leaving, remove_venue, set_venue, set_watch

__all__ = [
    "MOST_AT_ONCE",
    "Saved",
    "allow_certificate",
    "answer_reports",
    "change_standing",
    "correct_question",
    "corrections_of",
    "create_blueprint",
    "create_exam",
    "create_exam_from_preset",
    "create_exam_like",
    "create_makeup",
    "decide_change",
    "decide_late_answers",
    "defer_candidate",
    "dismiss_top_up",
    "draw_own_papers",
    "draw_printed_paper",
    "end_overdue_sittings",
    "exempt_candidate",
    "finish_top_up",
    "freeze_sitting",
    "freeze_sittings_of",
    "grant_time",
    "issue_certificates",
    "log_outage",
    "mark_script",
    "note_leaving",
    "open_slot",
    "publish_exam",
    "recount_standings",
    "release_results",
    "remove_slot",
    "remove_venue",
    "report_fault",
    "revise_blueprint",
    "revise_exam",
    "revoke_certificate",
    "save_answers",
    "save_sheet",
    "send_message",
    "set_slot",
    "set_venue",
    "set_watch",
    "settle_standings",
    "standing_words",
    "start_sitting",
    "store_late_answers",
    "stored_instead",
    "submit_sitting",
    "take_over",
    "unfreeze_sitting",
    "void_sitting",
]
