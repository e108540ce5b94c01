"""Small Word documents from nothing but their XML, so that numbering and hostile parts can be written by hand."""

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Paragraph:
    """text; strong: all of it "red", "bold" or "underlined" (True: red); label: "1" or "A" for a number of the automatic
    list number `list`; xml: instead of it all.
    """

    text: str
    strong: bool | str = False
    label: str = ""
    xml: str = ""
    list: int = 1


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>""" + "".join(
    f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
    for number in range(2, 9)
) + "</w:numbering>"
STYLES = {"red": '<w:color w:val="FF0000"/>', "bold": "<w:b/>", "underlined": '<w:u w:val="single"/>'}
LEVEL = {"1": 0, "A": 1}


def document(
    paragraphs: list[Paragraph], *, numbering: str = NUMBERING, parts: dict[str, bytes] | None = None
) -> bytes:
    """A .docx of these paragraphs; parts: more parts, or others instead of the usual ones."""
    body = "".join(paragraph_xml(one) for one in paragraphs)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": numbering,
    } | (parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraph_xml(one: Paragraph) -> str:
    if one.xml:
        return one.xml
    listed = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{LEVEL[one.label]}"/><w:numId w:val="{one.list}"/></w:numPr></w:pPr>'
        if one.label
        else ""
    )
    style = "red" if one.strong is True else one.strong or ""
    return f"<w:p>{listed}{_run(one.text, style)}</w:p>"


def runs_of(runs: list[tuple[str, str]]) -> Paragraph:
    """A paragraph of (words, "" or a name of STYLES) one after the other."""
    return Paragraph("", xml="<w:p>" + "".join(_run(words, style) for words, style in runs) + "</w:p>")


def _run(words: str, style: str) -> str:
    return f"<w:r>{f'<w:rPr>{STYLES[style]}</w:rPr>' if style else ''}{_text(words)}</w:r>"


def table(rows: list[list[str]]) -> Paragraph:
    """A table of these cells; a line break in a cell is a paragraph of its own."""
    cells = "".join(
        "<w:tr>"
        + "".join(
            "<w:tc>" + "".join(f"<w:p><w:r>{_text(line)}</w:r></w:p>" for line in cell.split("\n")) + "</w:tc>"
            for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return Paragraph("", xml=f"<w:tbl>{cells}</w:tbl>")


def _text(words: str) -> str:
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in words.split("\t"))
