"""IMS content packages: a zip of items with imsmanifest.xml. Nothing is ever unpacked to disk or called by its path.

Refused whole: links, paths that leave the package, the same name twice, archives inside, sizes and counts beyond
LIMITS (IF1, IF10). Of the rest only XML is read; pictures and other files are told as left behind.
"""

import io
import posixpath
import stat
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from mingfa.bank.drafts import CASE, QuestionDraft
from mingfa.bank.exchange import qti1_reading, qti1_writing, qti2_reading, qti2_writing
from mingfa.bank.exchange.details import Fields, fields_of
from mingfa.bank.exchange.dialects import CP_11, Dialect, attribute, plain_name
from mingfa.bank.exchange.markup import NOT_XML, local
from mingfa.bank.exchange.results import Exchanged, Found, unreadable
from mingfa.bank.exchange.xml import read_xml
from mingfa.bank.importing.results import Place
from mingfa.spreadsheets import Limits, SpreadsheetRefused, xml_parts

MANIFEST = "imsmanifest.xml"
# An item a file: 10,000 questions and what belongs to them.
LIMITS = Limits(parts=12_000)
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".jar", ".docx", ".xlsx", ".pptx", ".imscc")
LOM = "http://ltsc.ieee.org/xsd/LOM"
OWN = "urn:mingfa:question:1"
DIFFICULTY = {"易": "easy", "中": "medium", "难": "difficult"}
DIFFICULTY_READ = {value: name for name, value in DIFFICULTY.items()} | {"very easy": "易", "very difficult": "难"}
ITEM_NAMES = ("assessmentItem", "questestinterop")
REFUSED = {
    "too_many_parts": "压缩包里的文件太多，未读取。请分成几个包。",
    "unpacks_too_large": "压缩包解开后太大或压缩异常，未读取。请去掉图片和媒体，或分成几个包。",
    "broken_file": "压缩包已损坏或加了密码，打不开。请从原来的程序重新导出。",
}


def write_package(drafts: list[QuestionDraft], dialect: Dialect) -> bytes:
    """QTI 2.1, 2.2 or 3.0: a part an item, and a manifest that lists every one with its named fields."""
    items = [(f"q{number:05d}", draft) for number, draft in enumerate(drafts, 1)]
    parts = {f"items/{name}.xml": qti2_writing.write_item(draft, name, dialect) for name, draft in items}
    manifest = _manifest(dialect.packaging, dialect.schema, dialect.schema_version)
    for name, draft in items:
        resource = _resource(manifest, dialect.packaging, name, dialect.resource, f"items/{name}.xml")
        _describe(resource, dialect.packaging, draft)
    return _packed(manifest, parts)


def write_qti12_package(drafts: list[QuestionDraft]) -> bytes:
    """QTI 1.2: one document with all items, and a manifest."""
    manifest = _manifest(CP_11, "IMS Content", "1.1.3")
    _resource(manifest, CP_11, "questions", "imsqti_xmlv1p2", "questions.xml")
    return _packed(manifest, {"questions.xml": qti1_writing.write_bank(drafts)})


def read_package(data: bytes, file: str) -> Exchanged:
    """The items of a package in the order of its manifest. Raises SpreadsheetRefused for a hostile or broken one."""
    names = _checked_names(data)
    try:
        parts = xml_parts(data, LIMITS)
    except SpreadsheetRefused as refused:
        code = refused.error.code
        raise SpreadsheetRefused(code, REFUSED.get(code, refused.error.message)) from refused
    losses = _other_files(names, parts)
    listed, missing = _listed(parts, file)
    if not listed and not missing:
        listed = [(name, [], []) for name in sorted(parts) if name != MANIFEST]
        losses.append("压缩包里没有清单（imsmanifest.xml）或清单里没有试题，按文件名逐个读取")
    questions, errors, formats = [], missing, []
    for name, fields, lost in listed:
        read = _read_part(parts[name], name, file, fields, lost)
        if read is None:
            losses.append(f"{name} 里没有试题，没有导入")
            continue
        questions += read.questions
        errors += read.errors
        formats.append(read.format)
    unread = sorted(set(parts) - {name for name, _, _ in listed} - {MANIFEST})
    losses += [f"{name} 没有列为试题，没有导入" for name in unread[:20]]
    losses += [f"另有 {len(unread) - 20} 个文件没有列为试题，没有导入"] if len(unread) > 20 else []
    return Exchanged(formats[0] if formats else "qti", tuple(questions), tuple(errors), tuple(losses))


def read_document(root, file: str) -> Exchanged | None:
    """A QTI document by itself: a bank of 1.2 or one item of 2.x and 3.0; None when it is neither."""
    return _read_root(root, "", file, [], [])


def _checked_names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError) as broken:
        raise SpreadsheetRefused("broken_file", REFUSED["broken_file"]) from broken
    if len(entries) > LIMITS.parts:
        raise SpreadsheetRefused("too_many_parts", REFUSED["too_many_parts"])
    seen = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        unsafe = (
            name.startswith("/")
            or ":" in name.split("/")[0]
            or ".." in name.split("/")
            or any(ord(sign) < 32 for sign in name)
            or stat.S_ISLNK(entry.external_attr >> 16)
        )
        if unsafe:
            raise SpreadsheetRefused("unsafe_path", "压缩包里有指到包外的路径或链接，为安全起见未读取。请重新打包。")
        if name.lower().endswith(ARCHIVES):
            raise SpreadsheetRefused("nested_archive", "压缩包里还有压缩包，未读取。请先解开，每个包分别上传。")
        if name.lower() in seen:
            raise SpreadsheetRefused("same_name_twice", "压缩包里有重名的文件，未读取。请重新打包。")
        seen.add(name.lower())
    return [entry.filename for entry in entries if not entry.is_dir()]


def _other_files(names: list[str], parts: dict[str, bytes]) -> list[str]:
    others = [name for name in names if name not in parts]
    pictures = [name for name in others if name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp"))]
    losses = [f"{len(pictures)} 个图片没有导入"] if pictures else []
    rest = len(others) - len(pictures)
    return [*losses, f"{rest} 个其他文件没有导入"] if rest else losses


def _listed(parts: dict[str, bytes], file: str):
    """((part, fields of item and sub-questions, what is lost) …, errors for those that are not there)."""
    if MANIFEST not in parts:
        return [], []
    listed, errors = [], []
    for resource in (one for one in read_xml(parts[MANIFEST]).iter() if local(one) == "resource"):
        kind, href = resource.get("type") or "", resource.get("href") or ""
        if not href:
            href = next((one.get("href") or "" for one in resource if local(one) == "file"), "")
        name = posixpath.normpath(unquote(href)) if href else ""
        is_item = kind.startswith(("imsqti_item", "imsqti_xmlv1", "imsqti_assessment")) or name in parts
        if not is_item or not name.lower().endswith(".xml"):
            continue
        if name in parts:
            listed.append((name, *_described(resource)))
        else:
            place = Place(file, href[:60], resource.sourceline or 0)
            errors.append(unreadable(place, "清单里有这个文件，压缩包里却没有。请从原来的程序重新导出。"))
    return list({name: (name, fields, lost) for name, fields, lost in listed}.values()), errors


def _read_part(data: bytes, name: str, file: str, fields: list[Fields], lost: list[str]) -> Exchanged | None:
    try:
        root = read_xml(data)
    except SpreadsheetRefused as refused:
        if refused.error.code == "declares_entities":
            raise
        error = unreadable(Place(file, name, 1), refused.error.message)
        return Exchanged("qti", errors=(error,))
    return _read_root(root, name, file, fields, lost)


def _read_root(root, name: str, file: str, fields: list[Fields], lost: list[str]) -> Exchanged | None:
    kind = plain_name(root)
    if kind not in ITEM_NAMES:
        return None
    if kind == "questestinterop":
        return qti1_reading.read_bank(root, file, name)
    place = Place(file, name or attribute(root, "identifier")[:60], root.sourceline or 0)
    read = qti2_reading.read_item(root, place, fields, lost)
    format = "qti30" if root.tag.endswith("qti-assessment-item") else "qti21"
    return Exchanged(format, (read,)) if isinstance(read, Found) else Exchanged(format, errors=(read,))


def _manifest(namespace: str, schema: str, version: str):
    manifest = etree.Element(f"{{{namespace}}}manifest", {"identifier": "MANIFEST"}, nsmap={None: namespace})
    metadata = etree.SubElement(manifest, f"{{{namespace}}}metadata")
    etree.SubElement(metadata, f"{{{namespace}}}schema").text = schema
    etree.SubElement(metadata, f"{{{namespace}}}schemaversion").text = version
    etree.SubElement(manifest, f"{{{namespace}}}organizations")
    etree.SubElement(manifest, f"{{{namespace}}}resources")
    return manifest


def _resource(manifest, namespace: str, name: str, kind: str, href: str):
    attributes = {"identifier": f"R_{name}", "type": kind, "href": href}
    resource = etree.SubElement(manifest[-1], f"{{{namespace}}}resource", attributes)
    etree.SubElement(resource, f"{{{namespace}}}metadata")
    etree.SubElement(resource, f"{{{namespace}}}file", href=href)
    return resource


def _describe(resource, namespace: str, draft: QuestionDraft) -> None:
    """The named fields under a name of our own, topic and difficulty also where other programs look for them."""
    metadata = resource[0]
    lom = etree.SubElement(metadata, f"{{{LOM}}}lom", nsmap={"lom": LOM})
    fields = fields_of(draft)
    if draft.topic:
        keyword = etree.SubElement(etree.SubElement(lom, f"{{{LOM}}}general"), f"{{{LOM}}}keyword")
        etree.SubElement(keyword, f"{{{LOM}}}string", language="zh").text = NOT_XML.sub("", draft.topic)
    if draft.difficulty:
        difficulty = etree.SubElement(etree.SubElement(lom, f"{{{LOM}}}educational"), f"{{{LOM}}}difficulty")
        etree.SubElement(difficulty, f"{{{LOM}}}source").text = "LOMv1.0"
        etree.SubElement(difficulty, f"{{{LOM}}}value").text = DIFFICULTY[dict(fields)["difficulty"]]
    own = etree.SubElement(metadata, f"{{{OWN}}}question", nsmap={"mingfa": OWN})
    parts = enumerate([draft, *draft.children] if draft.type == CASE else [draft])
    for number, part in parts:
        for name, value in fields_of(part):
            field = etree.SubElement(own, f"{{{OWN}}}field", part=str(number), name=name)
            field.text = NOT_XML.sub("", value)


def _described(resource) -> tuple[list[Fields], list[str]]:
    own: dict[int, Fields] = {}
    for field in resource.iter(f"{{{OWN}}}field"):
        number = field.get("part") or "0"
        if number.isascii() and number.isdigit() and len(number) < 4:
            own.setdefault(int(number), []).append((field.get("name") or "", (field.text or "").strip()))
    if own:
        return [own.get(number, []) for number in range(max(own) + 1)], []
    fields, lost = [], []
    words = [
        " ".join("".join(one.itertext()).split()) for one in resource.iter() if local(one) in ("keyword", "difficulty")
    ]
    for element, text in zip((one for one in resource.iter() if local(one) in ("keyword", "difficulty")), words, strict=True):
        if local(element) == "keyword" and text and not any(name == "topic" for name, _ in fields):
            fields.append(("topic", text))
        elif local(element) == "keyword" and text:
            lost.append(f"关键词“{text[:20]}”没有导入")
        elif text:
            value = text.removeprefix("LOMv1.0").strip()
            fields.append(("difficulty", DIFFICULTY_READ.get(value, value)))
    return ([fields] if fields else []), lost


def _packed(manifest, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(MANIFEST, etree.tostring(manifest, encoding="UTF-8", xml_declaration=True))
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()
