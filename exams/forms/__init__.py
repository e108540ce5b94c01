"""Forms of the setter's pages."""
from .after import CorrectionForm, FaultForm, LateDecisionForm, ReplyForm, ScriptForm
from .room import MessageForm, OutageForm, TimeForm, VenueForm, WatchForm
from .roster import ReasonForm, RosterChangeForm
from .setting import ExamForm, MakeupForm, NewExamForm, RuleFormSet, SlotForm, rule_choices

__all__ = [
    "CorrectionForm", "ExamForm", "FaultForm", "LateDecisionForm", "MakeupForm", "MessageForm", "NewExamForm", "OutageForm",
    "ReasonForm", "ReplyForm", "RosterChangeForm", "RuleFormSet", "ScriptForm", "SlotForm", "TimeForm", "VenueForm", "WatchForm",
    "rule_choices",
]  # fmt: skip
