"""Every write of live trainings."""
from .answering import Given, take_answers, tally
from .closing import settle
from .correcting import correct_attendance, give_reason
from .followup import plan_followup
from .keeping import clear_files, note_download, note_watching, set_term
from .log import Done, append, do
from .makeup import make_up
from .offline import confirm_result, content_of, make_bundle, merge_result, receive_result
from .photos import keep_photo
from .preparing import move_up, prepare_poll, prepare_question, remove_prepared
from .running import keep_time, report_presence
from .setting import create_training, revise_training, set_venues
from .signing import check_in, confirm, tick
from .slides import add_deck, add_lesson, draw_some, remove_deck, write_notes

__all__ = [
    "Done", "Given", "add_deck", "add_lesson", "append", "check_in", "clear_files", "confirm", "confirm_result", "content_of",
    "correct_attendance", "create_training", "do", "draw_some", "give_reason", "keep_photo", "keep_time", "make_bundle",
    "make_up", "merge_result", "move_up", "note_download", "note_watching", "plan_followup", "prepare_poll",
    "prepare_question", "receive_result", "remove_deck", "remove_prepared", "report_presence", "revise_training", "set_term",
    "set_venues", "settle", "take_answers", "tally", "tick", "write_notes",
]  # fmt: skip
