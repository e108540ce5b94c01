"""Questions out of the files people really have: decode → fold → raw questions → drafts → checks.

Readers turn a file into `RawQuestion`s: words as they stand, each with its place. `tables` reads rows, `texts` lines
(decoding → units → keys → labels → numbers → grouping → gathering → assigning, one layout trait a step), `word` makes
rows and lines of a Word document. Everything after that is the same for every layout: `drafting` turns one raw
question into a draft and its findings, `doubting` says what looks odd about it, `parsing` compares the questions of
a file with each other. Pure: bytes and a file name in, a `Parsed` out; nothing here knows Django or the database.
Source of all rules: domain guide §9.2.
"""

from mingfa.bank.importing.parsing import parse_file
from mingfa.bank.importing.results import Parsed, ParsedQuestion, Place, RawQuestion, Rejected, Repeat

__all__ = ["Parsed", "ParsedQuestion", "Place", "RawQuestion", "Rejected", "Repeat", "parse_file"]
