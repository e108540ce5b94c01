"""Words out of the markup of other programs, and plain text into markup. Nothing of a page's behaviour comes along."""

import re

from lxml import html

BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "table",
    "section", "article", "header", "footer", "body", "hr", "caption",
}  # fmt: skip
DROPPED = {
    "img": "图片", "image": "图片", "svg": "图片", "object": "图片或媒体", "embed": "图片或媒体", "audio": "声音",
    "video": "视频", "iframe": "嵌入的网页", "script": "脚本", "style": "样式", "link": "样式", "meta": "样式",
    "head": "样式", "form": "表单", "input": "表单", "button": "表单", "select": "表单", "textarea": "表单",
    "canvas": "图片", "media": "图片或媒体",
}  # fmt: skip
FLATTENED = {
    "table": "表格", "math": "公式", "sup": "上标", "sub": "下标", "a": "链接", "b": "文字格式", "strong": "文字格式",
    "i": "文字格式", "em": "文字格式", "u": "文字格式", "s": "文字格式", "del": "文字格式", "ruby": "注音",
}  # fmt: skip
LOOKS_LIKE_MARKUP = re.compile(r"<[A-Za-z/!]|&(#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
BLANKS = re.compile(r"[ \t\r\n\f]+")
RUN_OF_SPACES = re.compile(r"^ | $| {2,}|\t")
# Characters XML cannot hold; drafts keep some of them.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Words:
    """Collects the text of elements as a browser would show it: blanks folded, blocks and br on lines of their own."""

    def __init__(self):
        self.lines: list[str] = []
        self.line = ""
        self.lost: dict[str, None] = {}

    def add(self, text: str | None, *, keep: bool = False) -> None:
        if text:
            self.line += text.replace(" ", "\xa0").replace("\n", "\x01") if keep else text

    def end_line(self) -> None:
        self.lines.append(self.line)
        self.line = ""

    def end_block(self) -> None:
        if BLANKS.sub("", self.line):
            self.end_line()
        self.line = ""

    def element(self, element, *, keep: bool = False) -> None:
        """The element's text and its children's, without its tail."""
        name = local(element)
        if _acts(element):
            self.lost["脚本"] = None
        if name in DROPPED:
            self.lost[DROPPED[name]] = None
            return
        if name in FLATTENED:
            self.lost[FLATTENED[name]] = None
        if name == "br":
            self.end_line()
            return
        keep = keep or name == "pre"
        is_block = name in BLOCKS or name == "pre"
        if is_block:
            self.end_block()
        self.add(element.text, keep=keep)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, keep=keep)
            self.add(child.tail, keep=keep)
        if name in ("td", "th"):
            self.add(" ")
        if is_block:
            self.end_block()

    def text(self) -> str:
        lines = [BLANKS.sub(" ", line).strip(" ") for line in [*self.lines, self.line]]
        return "\n".join(lines).replace("\xa0", " ").replace("\x01", "\n").strip()

    @property
    def losses(self) -> list[str]:
        return [f"{what}没有导入" for what in self.lost]


def local(element) -> str:
    """The element's name without namespace, "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of_html(markup: str, notes: list[str]) -> str:
    """The words of an HTML fragment; what is lost (pictures, tables, scripts …) is added to `notes`."""
    if not LOOKS_LIKE_MARKUP.search(markup):
        return re.sub(BLANKS, " ", markup).replace("\xa0", " ").strip()
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    marked = NOT_XML.sub("", markup)
    tree = html.document_fromstring(f"<html><body>{marked}</body></html>".encode(), parser=parser)
    words = Words()
    words.element(tree)
    notes += words.losses
    return words.text()


def write_text(parent, text: str, make) -> None:
    """Plain text as children of an element: br for line breaks, hard spaces where XHTML would fold them.

    make(parent, "br") must append and return an element.
    """
    last = None
    for place, line in enumerate(NOT_XML.sub("", text).split("\n")):
        if place:
            last = make(parent, "br")
        line = RUN_OF_SPACES.sub(lambda run: "\xa0" * len(run[0]), line)
        if last is None:
            parent.text = (parent.text or "") + line
        else:
            last.tail = line


def _acts(element) -> bool:
    """Whether an element carries an event handler or a link that runs something."""
    return any(
        name.rpartition("}")[2].lower().startswith("on") or value.strip().lower().startswith(("javascript:", "data:text"))
        for name, value in element.attrib.items()
    )
