"""A page for the district portal: .docx and clean HTML, with its pictures and files beside it, in one zip."""
import io
import zipfile

from mingfa.documents import Page
from mingfa.library.citations import format_citation

from .rendering import plain_html, shown
from .texts import paragraphs

ZIP = "application/zip"


def docx_of(page) -> bytes:
    """Text first; laws as citations with the words in force; pictures and files are named and lie beside it."""
    out = Page(16)
    out.title(page.title)
    out.centre(f"（{page.unit}）")
    articles = shown(page).articles
    by_words = {format_citation(ref): article for ref, article in articles.items()}
    for style, words in paragraphs(page)[1:]:
        if style in ("h2", "h3"):
            out.heading(words)
        elif style == "law":
            article = next((one for cite, one in by_words.items() if _same(cite, words)), None)
            out.text(f"{words}　{article.text}" if article else words, indent=8)
        else:
            prefix = {"item": "· ", "picture": "［图］", "file": "［附件］"}.get(style, "")
            out.text(f"{prefix}{words}")
    return out.content()


def _same(cite: str, words: str) -> bool:
    """“《行政复议法》第二十条” for the block “行政复议法 第二十条”."""
    title, _, article = words.partition(" ")
    return cite.startswith(f"《{title.strip('《》')}》") and (cite.endswith(article) or article in cite)


def zip_of(page, slug: str) -> bytes:
    """Names inside are ours: no name of an uploaded file becomes a path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{slug}.docx", docx_of(page))
        package.writestr(f"{slug}.html", plain_html(page))
        for number, part in enumerate(shown(page).parts, 1):
            if part.kind == "picture":
                rendition = part.value["rendition"]
                package.writestr(f"{slug}-{number}.{rendition.file.name.rpartition('.')[2]}", _read(rendition.file))
            elif part.kind == "file":
                document = part.value["document"]
                package.writestr(f"{slug}-{number}.{document.file_extension}", _read(document.file))
    return out.getvalue()


def _read(stored) -> bytes:
    with stored.open("rb") as opened:
        return opened.read()
