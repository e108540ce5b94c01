"""Questions out of Word documents: paragraphs and tables in reading order, with the numbers Word would show.

Read with lxml, not python-docx: the parts come out of our own bounded unpacking (python-docx opens the package
itself), automatic numbers have to be resolved (python-docx does not), and text boxes and deletions have to be left out.
The parser loads no DTD, resolves no entity and opens nothing; a part that declares one never reaches it.
"""

from mingfa.bank.importing.word.reading import read_word

__all__ = ["read_word"]
