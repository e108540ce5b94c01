"""Facts of live trainings, one subject a module."""
from .after import AttendanceChange, Chapter, HeadPhoto, MakeupAnswer, Minutes, MinutesLine
from .bundles import Bundle, HallResult
from .log import Event
from .prepared import Prepared
from .recording import MediaPlan, Recording
from .rows import Answer, CheckIn, Presence
from .slides import Deck, Slide
from .training import RosterEntry, Training, Venue, new_secret

__all__ = [
    "Answer", "AttendanceChange", "Bundle", "Chapter", "CheckIn", "Deck", "Event", "HallResult", "HeadPhoto", "MakeupAnswer",
    "MediaPlan", "Minutes", "MinutesLine", "Prepared", "Presence", "Recording", "RosterEntry", "Slide", "Training", "Venue",
    "new_secret",
]  # fmt: skip
