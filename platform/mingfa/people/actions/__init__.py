"""Every write of people and units, one function each. Views, admin, commands and tests call these."""

from .accounts import (
    change_password,
    disable_account,
    enable_account,
    expire_password,
    issue_activation,
    make_demo_account,
    redeem_activation,
    set_one_time_password,
)
from .people import create_person, move_person, record_export, revise_person
from .roles import grant_role, revoke_role
from .roster import apply_roster, decide_units, discard_roster, stage_roster, start_roster, sweep_rosters
from .units import create_unit, delete_unit, revise_unit

__all__ = [
    "apply_roster",
    "change_password",
    "create_person",
    "create_unit",
    "decide_units",
    "delete_unit",
    "disable_account",
    "discard_roster",
    "enable_account",
    "expire_password",
    "grant_role",
    "issue_activation",
    "make_demo_account",
    "move_person",
    "record_export",
    "redeem_activation",
    "revise_person",
    "revise_unit",
    "revoke_role",
    "set_one_time_password",
    "stage_roster",
    "start_roster",
    "sweep_rosters",
]
