"""Facts of outreach: activities, campaigns, materials and their ledger, the public quiz; public pages and what was signed."""
from .activity import Activity
from .calendar import LocalDay
from .campaign import Allotment, Campaign, DutyItem, Stop
from .kit import KitText
from .ledger import LedgerImport, Line, Movement, Stock, StockTaking
from .material import Batch, Material
from .photo import Photo
from .public_pages import (
    KINDS,
    AnswerPage,
    CampaignPage,
    CasePage,
    DownloadPage,
    NoticePage,
    NotReviewed,
    PublicPage,
    PublicSite,
)
from .publishing import (
    CaseCheck,
    CaseYield,
    Justification,
    ListedWord,
    ProofStep,
    PublicEdition,
    PublicText,
    PublishingRule,
    Release,
    TextCitation,
    TextFile,
)
from .quiz import Code, QuestionRelease, Quiz, QuizQuestion, Tally, Visits

__all__ = [
    "KINDS", "Activity", "Allotment", "AnswerPage", "Batch", "Campaign", "CampaignPage", "CaseCheck", "CasePage", "CaseYield",
    "Code", "DownloadPage", "DutyItem", "Justification", "KitText", "LedgerImport", "Line", "ListedWord", "LocalDay", "Material",
    "Movement", "NotReviewed", "NoticePage", "Photo", "ProofStep", "PublicEdition", "PublicPage", "PublicSite", "PublicText",
    "PublishingRule", "QuestionRelease", "Quiz", "QuizQuestion", "Release", "Stock", "StockTaking", "Stop", "Tally",
    "TextCitation", "TextFile", "Visits",
]  # fmt: skip
