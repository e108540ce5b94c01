"""Every write of outreach, one function each. Views, demo data and tests all call these."""
from .activities import Record, decide_activity, plan_activities, record_activity, revise_activity
from .calendar import add_local_day, end_local_day
from .campaigns import OPEN as OPEN_CAMPAIGN
from .campaigns import (
    Outline,
    add_stop,
    allot_material,
    close_campaign,
    decide_campaign,
    draw_up_campaign,
    remove_stop,
    revise_campaign,
    submit_campaign,
)
from .duties import import_duties, save_duty
from .importing import begin_import, carry_on_import, import_ledger, resume_imports
from .ledger import (
    hand_out,
    receive_print,
    record_loss,
    reverse_movement,
    send_back,
    take_stock,
    transfer_stock,
)
from .materials import create_material, revise_material
from .photos import drop_old_photos, remove_photo
from .quizzes import (
    close_quiz,
    count_answer,
    create_quiz,
    make_code,
    release_question,
    retire_code,
    withdraw_left,
    withdraw_release,
)

__all__ = [
    "OPEN_CAMPAIGN",
    "Outline",
    "Record",
    "add_local_day",
    "add_stop",
    "allot_material",
    "begin_import",
    "carry_on_import",
    "close_campaign",
    "close_quiz",
    "count_answer",
    "create_material",
    "create_quiz",
    "decide_activity",
    "decide_campaign",
    "draw_up_campaign",
    "drop_old_photos",
    "end_local_day",
    "hand_out",
    "import_duties",
    "import_ledger",
    "make_code",
    "plan_activities",
    "receive_print",
    "record_activity",
    "record_loss",
    "release_question",
    "remove_photo",
    "remove_stop",
    "resume_imports",
    "retire_code",
    "reverse_movement",
    "revise_activity",
    "revise_campaign",
    "revise_material",
    "save_duty",
    "send_back",
    "submit_campaign",
    "take_stock",
    "transfer_stock",
    "withdraw_left",
    "withdraw_release",
]
