"""Questions out of the files people really have: decode → fold → raw questions → drafts → checks.

Readers (one module a family of layouts: `tables`; others for text and Word come beside it) turn a file into
`RawQuestion`s: words as they stand, each with its place. Everything after that is the same for every layout:
`drafting` turns one raw question into a draft and its findings, `repeats` compares the questions of a file with
each other. Pure: bytes and a file name in, a `Parsed` out; nothing here knows Django or the database.
Source of all rules: domain guide §9.2.
"""

from mingfa.bank.importing.parsing import parse_file
from mingfa.bank.importing.results import Parsed, ParsedQuestion, Place, RawQuestion, Repeat

__all__ = ["Parsed", "ParsedQuestion", "Place", "RawQuestion", "Repeat", "parse_file"]
