from .blueprint import Blueprint, BlueprintRule
from .exam import Candidate, Exam, ExamCategory
from .roster import RosterChange
from .sitting import Paper, Response, Sitting

__all__ = [
    "Blueprint",
    "BlueprintRule",
    "Candidate",
    "Exam",
    "ExamCategory",
    "Paper",
    "Response",
    "RosterChange",
    "Sitting",
]
