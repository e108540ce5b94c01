"""A public text read back: the page it makes, its words, the articles it cites, the links it leads to."""
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup
from django.apps import apps
from mingfa.library.blocks import reference
from mingfa.library.citations import CitationRef, parse_citations
from mingfa.people.models import OrgUnit
from mingfa.wording import day
from wagtail.fields import StreamField

from ..models import KINDS, Activity, PublicText
from ..models.signed import programme_of

PROGRAMME = "来身边"  # what stands above the stops of a plan
TYPES = {kind._meta.model_name: kind for kind in KINDS}


def page_of(text: PublicText):
    """The page as it was signed, whatever stands in its row now. Not saved, and not to be saved."""
    whole = json.loads(text.content)
    model = apps.get_model("outreach", whole["kind"])
    page = model(pk=text.page_id, id=text.page_id)
    for name, value in whole["fields"].items():
        field = model._meta.get_field(name)
        if isinstance(field, StreamField):
            value = field.to_python(json.dumps(value))
        setattr(page, field.attname, field.to_python(value) if not isinstance(field, StreamField) else value)
    programme = whole.get("programme", {})
    page.signed_programme = _written_out(programme.get("stops", []))
    if programme:
        page.campaign_id = programme["campaign"]
    return page


def _written_out(stops: list[list]) -> list[list]:
    """[day, place, form]. Texts signed before places were written out name a unit by its number, four to a row."""
    numbers = {row[1] for row in stops if len(row) == 4}
    names = dict(OrgUnit.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    return [[row[0], f"{names.get(row[1], '')}{row[2]}", row[3]] if len(row) == 4 else row for row in stops]


@dataclass(frozen=True)
class Announced:
    """One stop of the plan behind a 宣传专题, as the public reads it."""

    on: date
    place: str
    form: str

    @property
    def words(self) -> str:
        return f"{day(self.on)}，{self.place}，{self.form}"


def programme(page) -> list[Announced]:
    """Where and when something is held, in order. One query for a draft, none for a text read back."""
    return [
        Announced(date.fromisoformat(on), place, Activity.Form(form).label) for on, place, form in programme_of(page)
    ]


def latest_of(page_id: int):
    """The draft of a public page as its writers left it; None for pages of other kinds."""
    for model in KINDS:
        page = model.objects.filter(pk=page_id).first()
        if page:
            return page.get_latest_revision_as_object()
    return None


def paragraphs(page) -> list[tuple[str, str]]:
    """(style, words) from the title down: what is written, as lines. Styles: title, lead, h2, h3, item, text, law, file,
    note for the fields around the body."""
    lines = [("title", page.title), ("lead", page.summary)]
    for block in page.body:
        if block.block_type == "text":
            lines += list(_of_markup(block.value.source))
        elif block.block_type == "law":
            lines.append(("law", f"{block.value['law']} {block.value['article']}"))
        elif block.block_type == "picture":
            lines.append(("picture", block.value["description"]))
        elif block.value["note"] or block.value["document"]:
            lines.append(("file", block.value["note"] or str(block.value["document"])))
    announced = programme(page)
    lines += [("h2", PROGRAMME)] * bool(announced) + [("item", one.words) for one in announced]
    own = [name for name in page.TEXT if name in ("when", "contact", "source", "lesson")]
    lines += [("note", getattr(page, name)) for name in own]
    return [(style, words) for style, words in lines if words and words.strip()]


def words_of(page) -> str:
    """Everything written on the page, a paragraph a line."""
    return "\n".join(words for _, words in paragraphs(page))


def citations_of(page) -> list[CitationRef]:
    """Every article the page shows or names, each once."""
    refs = [ref for block in page.body if block.block_type == "law" and (ref := reference(block.value))]
    for style, words in paragraphs(page):
        if style != "law":
            refs += parse_citations(words)
    return list(dict.fromkeys(refs))


def links_of(page) -> list[dict[str, str]]:
    """The attributes of every link in the running text, with its words."""
    found = []
    for block in page.body:
        if block.block_type == "text":
            for link in BeautifulSoup(block.value.source, "html.parser").find_all("a"):
                found.append({**{key: str(value) for key, value in link.attrs.items()}, "words": link.get_text()})
    return found


def _of_markup(source: str) -> Iterator[tuple[str, str]]:
    styles = {"h2": "h2", "h3": "h3", "li": "item", "p": "text"}
    soup = BeautifulSoup(source, "html.parser")
    for gone in soup(["script", "style"]):
        gone.decompose()
    pieces = soup.find_all(list(styles))
    for piece in pieces:
        yield styles[piece.name], re.sub(r"\s+", " ", piece.get_text()).strip()
    if not pieces:
        yield "text", soup.get_text().strip()
