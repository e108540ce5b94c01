"""The report's text as a pure language: slots, choices, typed-in numbers, and the checks before it may go out."""
from .checking import Finding, findings, numbers_in
from .text import CODE, BadText, Choice, Paragraph, Slot, Typed, codes_in, level_of, parse, typed_in
from .writing import EmptySlot, Shown, Written, write

__all__ = [
    "CODE",
    "BadText", "Choice", "EmptySlot", "Finding", "Paragraph", "Shown", "Slot", "Typed", "Written", "codes_in", "findings",
    "level_of", "numbers_in", "parse", "typed_in", "write",
]  # fmt: skip
