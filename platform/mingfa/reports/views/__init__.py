"""年度报告: its list, the two-column editor, the files, the page for reviewers."""
from .duty import duty
from .files import docx, evidence, figures, pdf, portal
from .reports import edit, freeze, imprint, report_list, reports_xlsx, restate, start, submit
from .reviews import review, send_back, sign

__all__ = [
    "docx", "duty", "edit", "evidence", "figures", "freeze", "imprint", "pdf", "portal", "report_list", "reports_xlsx",
    "restate", "review", "send_back", "sign", "start", "submit",
]  # fmt: skip
