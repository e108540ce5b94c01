"""Print kit of a campaign: poster, large print and fold sheet by typst, and a text for loudspeakers.

Everything printed comes as JSON and is set as text, never as markup. That JSON is what 三审三校 signs (models.KitText): until
it has all three signatures every sheet is marked 样稿.
"""
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import segno
import typst
from django.conf import settings
from mingfa.people.models import OrgUnit
from mingfa.wording import day

from .campaigns import stops_of
from .engine.proofreading import MISTAKEN, slips
from .models import Campaign, Code
from .publishing.checks import listed_words

TEMPLATE = Path(__file__).parent / "typst/kit.typ"
PROOF = "样稿，三审三校没有完成，不能印发"
SHEETS = {"poster": "海报（A3）", "large": "大字版（A4）", "fold": "三折页（A4）", "leaflet": "单页（A5）"}
# Characters that fit at full size; longer words are set smaller, so that a sheet stays one page.
ROOM, TITLE_ROOM = 50, 14
MOST_STOPS = 4
BREATH = 30  # characters of a sentence that is said in one breath
DIGITS = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# Five digits and more that do not count anything, and numbers with their area.
DIALLED = re.compile(r"[0-9]{3,4}-[0-9]{7,8}|(?<![0-9])[0-9]{5,}(?![0-9]|\s*[元万亿份人个户件次])")


@dataclass(frozen=True)
class Words:
    """What the office wrote for the public: points of a sentence each."""

    title: str
    points: tuple[str, ...]
    help: str = ""


def code_of(campaign: Campaign) -> Code | None:
    """The code that the sheets carry: the first of the campaign's quizzes for 随时."""
    codes = Code.objects.filter(quiz__campaign=campaign, retired_at=None, phase=Code.Phase.ONCE, quiz__closed_at=None)
    return codes.select_related("quiz").order_by("pk").first()


def printed(campaign: Campaign, words: Words) -> dict:
    """Everything that is said on the sheets, names of units written out. Two queries."""
    stops = stops_of(campaign).exclude(spot="")[:MOST_STOPS]
    return {
        "title": words.title, "points": list(words.points), "help": words.help, "when": _when(campaign),
        "unit": campaign.unit.name, "partners": campaign.partners,
        "stops": [f"{day(one.planned_on)}　{one.unit.name}{one.spot}" for one in stops],
    }  # fmt: skip


def words_of(said: dict) -> Words:
    """What the office wrote, out of what is printed."""
    return Words(said["title"], tuple(said["points"]), said["help"])


def sheet_pdf(said: dict, sheet: str, *, address: str | None, proof: bool) -> bytes:
    """One of SHEETS.

    Args:
        said: from `printed`.
        address: where the QR code leads; None for no code.
        proof: whether every page says that it is not signed.
    """
    facts = {
        **said, "sheet": sheet, "qr": _qr(address), "proof": PROOF if proof else "",
        "scale": _scale(sum(map(len, said["points"])), ROOM), "title_scale": _scale(len(said["title"]), TITLE_ROOM),
    }  # fmt: skip
    data = json.dumps(facts, ensure_ascii=False)
    return typst.compile(
        str(TEMPLATE), sys_inputs={"data": data}, font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True
    )


def audio_text(said: dict, *, proof: bool = False) -> str:
    """To be read aloud over loudspeakers: short sentences, said twice, no brackets or signs. `proof` as for sheet_pdf."""
    points = [f"第{number}，{point.rstrip('。')}。" for number, point in zip("一二三", said["points"], strict=False)]
    lines = [f"各位乡亲，各位居民，{said['title'].rstrip('。')}。", *points]
    if said["help"]:
        lines.append(f"有不明白的，可以问{said['help'].rstrip('。')}。")
    lines.append(f"{said['unit']}提醒您。")
    text, head = spoken("\n".join(lines)), f"（{PROOF}）\n\n" if proof else ""
    return f"{head}{text}\n\n再播一遍。\n{text}\n"


def spoken(text: str) -> str:
    """Numbers to be dialled digit by digit, as they are said: “12348” is 幺二三四八; 60 日 and 50000 元 stay numbers.
    Brackets and slashes, which a voice stumbles over, become pauses."""
    text = DIALLED.sub(lambda found: "".join(DIGITS.get(one, "") for one in found[0]), text.translate(HALF_WIDTH))
    return re.sub(r"[（(](.*?)[）)]", r"，\1", text).replace("/", "、").replace("；", "。").replace("《", "").replace("》", "")


def remarks(words: Words, unit: OrgUnit) -> list[str]:
    """What to look at before printing, in words: sentences nobody can say in one breath, words on the office's lists."""
    found = []
    for point in words.points:
        longest = max(re.split(r"[。；！？]", point), key=len)
        if len(longest) > BREATH:
            found.append(f"“{longest[:12]}…”一句有 {len(longest)} 个字，分成两句更好念、更好懂")
    text = "\n".join((words.title, *words.points, words.help))
    for slip in slips(text, listed_words(unit)):
        right = f"应当是“{slip.right}”" if slip.kind == MISTAKEN else f"请核对职务，名单里是“{slip.right}{slip.word}”"
        found.append(f"“{slip.word}”：{right}")
    return list(dict.fromkeys(found))


def _scale(length: int, room: int) -> float:
    """Area goes with the square of the size."""
    return min(1.0, (room / max(length, 1)) ** 0.5)


def _when(campaign: Campaign) -> str:
    first, last = day(campaign.starts_on), day(campaign.ends_on)
    return first if first == last else f"{first} 至 {last}"


def _qr(address: str | None) -> str:
    if not address:
        return ""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
