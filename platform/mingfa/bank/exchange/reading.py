"""Which format a file has, and its questions."""

from pathlib import PurePath

from mingfa.bank.exchange import packages
from mingfa.bank.exchange.aiken import looks_like_aiken, read_aiken
from mingfa.bank.exchange.gift import looks_like_gift, read_gift
from mingfa.bank.exchange.markup import local
from mingfa.bank.exchange.moodle import read_moodle
from mingfa.bank.exchange.results import Exchanged
from mingfa.bank.exchange.xml import read_xml
from mingfa.spreadsheets import Limits, SpreadsheetRefused

ENDINGS = (".gift", ".xml", ".zip")
SNIFFED = 200_000  # characters of a .txt that are looked at


def is_exchange(data: bytes, name: str) -> bool:
    """Whether `read_exchange` is the reader of this file: by its ending, for .txt by what stands in it."""
    ending = PurePath(name).suffix.lower()
    if ending in ENDINGS:
        return True
    if ending != ".txt" or len(data) > Limits().file:
        return False
    try:
        text = _decoded(data)[:SNIFFED]
    except SpreadsheetRefused:
        return False
    return looks_like_gift(text) or looks_like_aiken(text)


def read_exchange(data: bytes, name: str) -> Exchanged:
    """The questions of a file of another program, with places, errors and what was left behind.

    Raises SpreadsheetRefused for a file that is empty, too large, hostile, or none of the formats: empty_file,
    file_too_large, unknown_format, unknown_encoding, and the codes of `xml.read_xml` and `packages.read_package`.
    """
    file = PurePath(name.replace("\\", "/")).name[-100:]
    if not data.strip():
        raise SpreadsheetRefused("empty_file", "文件是空的。请检查是否选错了文件。")
    if len(data) > Limits().file:
        raise SpreadsheetRefused("file_too_large", f"文件超过 {Limits().file // 2**20} MB。请分成几个文件。")
    if data.startswith(b"PK") or file.lower().endswith(".zip"):
        return packages.read_package(data, file)
    if file.lower().endswith(".xml"):
        return _read_xml(data, file)
    text = _decoded(data)
    if file.lower().endswith(".gift") or looks_like_gift(text):
        return read_gift(text, file)
    return read_aiken(text, file)


def _read_xml(data: bytes, file: str) -> Exchanged:
    root = read_xml(data)
    if local(root) == "quiz":
        return read_moodle(root, file)
    read = packages.read_document(root, file)
    if read is None:
        raise SpreadsheetRefused(
            "unknown_format", f"认不出这种 XML（{local(root)[:40]}）。请上传 Moodle XML、QTI 试题或 QTI 的 zip 包。"
        )
    return read


def _decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or GB18030."""
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for code in codes:
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise SpreadsheetRefused("unknown_encoding", "认不出文件的文字编码。请另存为 UTF-8 后上传。")

