"""Reading fixtures/: csv, yaml and the small Markdown of the lessons."""
import csv
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.html import escape

FIXTURES = Path(settings.ROOT) / "fixtures"

LAW = re.compile(r"^\{\{law (\S+) (\S+)\}\}$")
BOLD = re.compile(r"\*\*(.+?)\*\*")
NUMBERED = re.compile(r"^\d+\. ")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a csv source."""
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name: str) -> dict:
    """The content of a yaml source."""
    return yaml.safe_load((FIXTURES / name).read_text("utf-8"))


def question_files() -> list[Path]:
    """The tables first, so that what they hold keeps its order in the bank."""
    folder = FIXTURES / "questions"
    return [*sorted(folder.glob("*.csv")), *sorted(folder.glob("*.yaml"))]


@dataclass(frozen=True)
class Course:
    """A course source: its front matter and the body of each lesson as (block, value) pairs."""

    front: dict
    bodies: dict[str, list[tuple[str, object]]]


def courses() -> list[Course]:
    """All course sources, by file name."""
    return [_course(path) for path in sorted((FIXTURES / "courses").glob("*.md"))]


def _course(path: Path) -> Course:
    _, front, text = path.read_text("utf-8").split("---\n", 2)
    lessons = (lesson.split("\n", 1) for lesson in re.split(r"(?m)^## ", text)[1:])
    return Course(yaml.safe_load(front), {title.strip(): blocks(body) for title, body in lessons})


def blocks(text: str) -> list[tuple[str, object]]:
    """A lesson's body from its Markdown: paragraphs, lists, bold, `> ` cases and `{{law 法 条}}` lines."""
    out: list[tuple[str, object]] = []
    for piece in re.split(r"\n\s*\n", text.strip()):
        law = LAW.match(piece.strip())
        if law:
            out.append(("law", {"law": law[1], "article": law[2]}))
        elif piece.startswith(">"):
            said = " ".join(line.lstrip("> ") for line in piece.splitlines())
            out.append(("case", {"text": _html(said.removeprefix("**案例**").strip()), "source": CASE_SOURCE}))
        elif out and out[-1][0] == "text":
            out[-1] = ("text", out[-1][1] + _html(piece))
        else:
            out.append(("text", _html(piece)))
    return out


CASE_SOURCE = "情节为编写，人物均为化名"


def _html(piece: str) -> str:
    lines = [BOLD.sub(r"<b>\1</b>", escape(line.strip())) for line in piece.splitlines()]
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{line[2:]}</li>" for line in lines) + "</ul>"
    if all(NUMBERED.match(line) for line in lines):
        return "<ol>" + "".join(f"<li>{NUMBERED.sub('', line)}</li>" for line in lines) + "</ol>"
    return f"<p>{''.join(lines)}</p>"
