from .blueprint import Blueprint, BlueprintRule
from .certificate import Certificate
from .correction import FaultReport, KeyCorrection, MarkChange
from .exam import NOT_DUE, Candidate, Exam, ExamCategory, ExamRequirement, NamedPerson
from .late import LateAnswer
from .marking import ScriptMark
from .printed import PrintedPaper
from .room import RoomMessage, TimeGrant
from .roster import RosterChange
from .sitting import Paper, Response, Sitting
from .slot import UnitSlot
from .standing import TouchedCandidate, UnitDay, UnitStanding
from .topup import TopUp
from .venue import SittingEvent, Venue
from .waiting import WaitingTicket

__all__ = [
    "NOT_DUE",
    "Blueprint",
    "BlueprintRule",
    "Candidate",
    "Certificate",
    "Exam",
    "ExamCategory",
    "ExamRequirement",
    "FaultReport",
    "KeyCorrection",
    "LateAnswer",
    "MarkChange",
    "NamedPerson",
    "Paper",
    "PrintedPaper",
    "Response",
    "RoomMessage",
    "RosterChange",
    "ScriptMark",
    "Sitting",
    "SittingEvent",
    "TimeGrant",
    "TopUp",
    "TouchedCandidate",
    "UnitDay",
    "UnitSlot",
    "UnitStanding",
    "Venue",
    "WaitingTicket",
]
