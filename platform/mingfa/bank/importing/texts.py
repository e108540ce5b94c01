"""Reader of running text: lines of a text file or a Word document into raw questions."""

from pathlib import PurePath

from mingfa.bank.importing.assigning import assign_keys
from mingfa.bank.importing.decoding import decode_text
from mingfa.bank.importing.gathering import read_group
from mingfa.bank.importing.grouping import group_pieces
from mingfa.bank.importing.heads import without_noise
from mingfa.bank.importing.keys import join_grids, split_keys
from mingfa.bank.importing.labels import cut_line
from mingfa.bank.importing.numbers import number_pieces
from mingfa.bank.importing.results import RawQuestion
from mingfa.bank.importing.units import Line, refuse_endless, text_lines
from mingfa.spreadsheets import Limits, SheetError, SpreadsheetRefused

MEGABYTE = 1024 * 1024


def read_text(data: bytes, name: str) -> tuple[list[RawQuestion], list[SheetError]]:
    """The raw questions of a .txt file, and lines of answers that belong to none.

    Raises SpreadsheetRefused: empty_file, file_too_large, unknown_format, unknown_encoding.
    """
    if not data.strip():
        raise SpreadsheetRefused("empty_file", "文件是空的。请检查是否选错了文件。")
    if len(data) > Limits().file:
        raise SpreadsheetRefused("file_too_large", f"文件超过 {Limits().file // MEGABYTE} MB。请分成几个文件。")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise SpreadsheetRefused("unknown_format", "文件内容和扩展名不符，不是文字文件。请改回原来的扩展名再上传。")
    return read_lines(text_lines(decode_text(data)), name)


def read_lines(lines: list[Line], name: str) -> tuple[list[RawQuestion], list[SheetError]]:
    """fold is done: blocks of answers apart → pieces → numbers → groups → raw questions → answers to their questions.

    Raises SpreadsheetRefused: line_too_long.
    """
    refuse_endless(lines)
    kept, keys = split_keys(join_grids(without_noise(lines)))
    pieces = [piece for line in kept if line.text.strip() for piece in cut_line(line)]
    grouped = group_pieces(number_pieces(pieces))
    hints = tuple(title for title in (*reversed(grouped.titles), PurePath(name).stem) if len(title) < 60)
    raws = [read_group(group, hints, name) for group in grouped.groups]
    order = {id(line): place for place, line in enumerate(kept)}
    starts = [order[id(group.pieces[0].line)] for group in grouped.groups]
    return assign_keys(raws, [group.section for group in grouped.groups], starts, keys)
