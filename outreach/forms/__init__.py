"""Forms of outreach."""
from .entries import FORMS
from .materials import MaterialForm
from .sheets import LedgerUploadForm

__all__ = ["FORMS", "LedgerUploadForm", "MaterialForm"]
