"""A lesson of a course as a PDF of 16:9 pages: a heading begins a page; what is too long runs on."""
import json
import shutil
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import typst
from django.conf import settings
from mingfa.library.queries import articles_for
from PIL import Image

from courses.blocks import reference
from courses.models import CoursePage, LessonPage

TEMPLATE = Path(__file__).with_name("typst") / "lesson.typ"
# In pixels at most; larger ones make the file heavy and no screen sharper.
PICTURE = (1280, 800)


def pdf_of(lesson: LessonPage) -> bytes:
    """The pages of a lesson."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = CoursePage.objects.ancestor_of(lesson).get()
        data = {"title": lesson.title, "course": course.title, "sections": sections_of(lesson, folder)}
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        return typst.compile(
            str(folder / TEMPLATE.name), root=name, font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True
        )


def sections_of(lesson: LessonPage, folder: Path) -> list[dict]:
    """[{title, parts: [{kind, words, source}]}]; pictures are copied into the folder."""
    sections = [{"title": lesson.title, "parts": []}]
    articles = articles_for([ref for ref in (_ref(one) for one in lesson.body) if ref])
    for number, one in enumerate(lesson.body):
        if one.block_type == "text":
            for kind, words in _read(one.value.source):
                if kind == "h2":
                    sections.append({"title": words[0], "parts": []})
                else:
                    sections[-1]["parts"].append(_part(kind, words))
        elif one.block_type == "law":
            sections[-1]["parts"].append(_law(one.value, articles))
        elif one.block_type == "case":
            words = [word for _, words in _read(one.value["text"].source) for word in words]
            sections[-1]["parts"].append(_part("quote", ["案例", *words], one.value["source"]))
        elif one.block_type == "picture":
            sections[-1]["parts"].append(_picture(one.value, folder / f"{number}.jpg"))
    return [one for one in sections if one["parts"]]


def _part(kind: str, words: list[str], source: str = "") -> dict:
    return {"kind": kind, "words": words, "source": source}


def _ref(block):
    return reference(block.value) if block.block_type == "law" else None


def _law(value, articles) -> dict:
    ref = reference(value)
    article = articles.get(ref)
    source = f"《{value['law'].strip('《》')}》{article.label if article else value['article']}"
    if article is None:
        return _part("quote", ["法律库里还没有这一条"], source)
    return _part("quote", article.text.splitlines(), f"《{article.edition.law.title}》{article.label}，{article.edition.slug} 版")


def _picture(value, path: Path) -> dict:
    """The picture, small and on white, at this path; its description where it cannot be read."""
    try:
        with value["image"].file.open("rb") as file, Image.open(file) as source:
            source.thumbnail(PICTURE)
            drawn = Image.new("RGB", source.size, "white")
            opaque = source.convert("RGBA")
            drawn.paste(opaque, mask=opaque)
            drawn.save(path, "JPEG", quality=85)
    except (OSError, ValueError, Image.DecompressionBombError):
        return _part("p", [value["description"]])
    return _part("picture", [value["description"]], path.name)


class _Reader(HTMLParser):
    """(kind, words) of rich text: headings, paragraphs, lists."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, list[str]]] = []
        self.lists: list[str] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        if tag in ("ul", "ol"):
            self.lists.append(tag)
            self.parts.append((tag, []))
        elif tag == "br":
            self.words += "\n"

    def handle_endtag(self, tag):
        words, kind = self.words.strip(), tag
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag not in ("p", "h2", "h3", "li"):
            return
        self.words = ""
        if not words:
            return
        if tag == "li" and self.lists:
            self.parts[-1][1].append(words)
        else:
            self.parts.append((kind, [words]))

    def handle_data(self, data):
        self.words += data


def _read(html: str) -> list[tuple[str, list[str]]]:
    reader = _Reader()
    reader.feed(html)
    return [(kind, words) for kind, words in reader.parts if words]
