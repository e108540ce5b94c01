"""The parts of a Word document that are read, as trees, after everything hostile was refused (IF1-IF3)."""

import re
from dataclasses import dataclass

from lxml import etree

from mingfa.spreadsheets import Limits, SpreadsheetRefused, refuse_declarations, xml_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT, NUMBERING, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
MEND = "请用 Word 打开后另存为 .docx 再上传。"
LINKED = re.compile(rb"<Relationship\b[^>]*attachedTemplate[^>]*>")
REMOTE = re.compile(rb'Target="(?:https?:|ftp:|file://[^/]|\\\\|//)', re.IGNORECASE)


@dataclass(frozen=True)
class Package:
    """Trees of the three parts; numbering and styles are None in documents without."""

    document: etree._Element
    numbering: etree._Element | None
    styles: etree._Element | None


def open_package(data: bytes) -> Package:
    """The document's parts.

    Raises SpreadsheetRefused: empty_file, file_too_large, old_format, unknown_format, not_a_document, linked_template,
    broken_file and the codes of `spreadsheets.xml_parts` and `refuse_declarations`.
    """
    limits = Limits()
    _check_bytes(data, limits)
    parts = xml_parts(data, limits, mend=MEND)
    if DOCUMENT not in parts:
        raise SpreadsheetRefused("not_a_document", "这不是 Word 文档。请上传 .docx 文件，旧的 .doc 请先另存为 .docx。")
    for name, content in parts.items():
        refuse_declarations(content)
        if name.endswith(".rels") and any(REMOTE.search(link) for link in LINKED.findall(content)):
            raise SpreadsheetRefused(
                "linked_template", "文件链接了别处的模板，为安全起见未读取。请在 Word 里去掉模板后另存再上传。"
            )
    return Package(*(_tree(parts.get(name)) for name in (DOCUMENT, NUMBERING, STYLES)))


def _check_bytes(data: bytes, limits: Limits) -> None:
    if not data.strip():
        raise SpreadsheetRefused("empty_file", "文件是空的。请检查是否选错了文件。")
    if len(data) > limits.file:
        raise SpreadsheetRefused("file_too_large", f"文件超过 {limits.file // 1024**2} MB。请删去图片或分成几个文件。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetRefused("old_format", f"这是旧的 .doc 或加了密码的文件。请取消密码。{MEND}")
    if not data.startswith(b"PK"):
        raise SpreadsheetRefused("unknown_format", f"文件内容不是 Word 文档。{MEND}")


def _tree(content: bytes | None) -> etree._Element | None:
    if content is None:
        return None
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content.replace(STRICT, USUAL), parser)
    except etree.XMLSyntaxError as broken:
        raise SpreadsheetRefused("broken_file", f"文件已损坏，打不开。{MEND}") from broken
