"""Question banks from and for other programs: GIFT, Aiken, Moodle XML, QTI 1.2, 2.1, 2.2 and 3.0; Word, Excel, text.

`reading.read_exchange` turns bytes into drafts with places, errors and losses; `exporting.export` does the reverse and
reads its own work back, so that whatever a format cannot carry is told by comparison and not by a list somebody
keeps. One module a format writes and reads it. Stems are plain text here: markup of other programs becomes text.
Pure: no Django, no database, and nothing a file names is ever fetched. The mapping: docs/rules.md “试题交换格式”.
"""
