"""XML from strangers: decoded here, without document type, bounded, before a tree is built of it (IF2, IF3)."""

import codecs
import re
from xml.parsers import expat

from lxml import etree

from mingfa.spreadsheets import SpreadsheetRefused

# A declaration may name another encoding; only those that Python reads and that keep ASCII or announce themselves.
DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
ENCODINGS = {"utf-8", "ascii", "utf-16", "gb2312", "gbk", "gb18030", "big5", "iso8859-1", "cp1252"}
DEEPEST = 100
MOST_ELEMENTS = 3_000_000
BROKEN = "文件不是完整的 XML（第 {0} 行），打不开。请从原来的程序重新导出一次。"
DECLARES = "文件里有外部引用声明（DOCTYPE 或实体），为安全起见未读取。请删去开头的 DOCTYPE 一行再上传。"


def read_xml(data: bytes):
    """The root of a document. Never fetches or expands anything.

    Raises SpreadsheetRefused: unknown_encoding, broken_file, declares_entities, too_deep, too_many_parts.
    """
    text = _decoded(data)
    plain = DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    _check(plain)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(plain, parser)
    except etree.XMLSyntaxError as broken:
        raise SpreadsheetRefused("broken_file", BROKEN.format(broken.lineno or 1)) from broken


def _decoded(data: bytes) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        name = "utf-16"
    else:
        declared = DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
        name = declared[1].decode() if declared and not data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        name = codecs.lookup(name).name
        if name not in ENCODINGS:
            raise LookupError(name)
        # What announces itself as the old standard is in truth the newer one that contains it.
        return data.decode({"utf-8": "utf-8-sig", "gb2312": "gb18030", "gbk": "gb18030"}.get(name, name))
    except (LookupError, UnicodeDecodeError) as unknown:
        raise SpreadsheetRefused("unknown_encoding", "认不出文件的文字编码。请另存为 UTF-8 后上传。") from unknown


def _check(data: bytes) -> None:
    """One pass that builds nothing: document types, depth, number of elements."""
    depth = count = 0

    def start(name, attributes):
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST:
            raise SpreadsheetRefused("too_deep", f"文件里的标记套了 {DEEPEST} 层以上，未读取。请从原来的程序重新导出。")
        if count > MOST_ELEMENTS:
            raise SpreadsheetRefused("too_many_parts", "文件里的标记太多，未读取。请分成几个文件。")

    def end(name):
        nonlocal depth
        depth -= 1

    def refuse(*_):
        raise SpreadsheetRefused("declares_entities", DECLARES)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as broken:
        raise SpreadsheetRefused("broken_file", BROKEN.format(broken.lineno)) from broken
