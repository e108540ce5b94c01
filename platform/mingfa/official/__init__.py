"""Official documents (GB/T 9704-2012) as Word and as PDF: one way of writing, two kinds of paper."""
from .layout import Paper, official_day
from .pdf import OfficialPdf
from .word import Official

__all__ = ["Official", "OfficialPdf", "Paper", "official_day"]
