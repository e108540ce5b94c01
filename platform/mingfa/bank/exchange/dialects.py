"""QTI 2.1, 2.2 and 3.0: one model, three spellings. Source: 1EdTech QTI specifications, best practice packages."""

import re
from dataclasses import dataclass

XHTML = {"p", "br", "div", "span"}


@dataclass(frozen=True)
class Dialect:
    """name: of the format; the namespaces of items and manifest; what the manifest calls the package and an item.

    dashed: elements are qti-assessment-item and attributes response-identifier, as in 3.0.
    """

    name: str
    items: str
    packaging: str
    schema: str
    schema_version: str
    resource: str
    dashed: bool = False

    def element(self, name: str) -> str:
        if self.dashed and name not in XHTML:
            name = "qti-" + dashed(name)
        return f"{{{self.items}}}{name}"

    def attributes(self, attributes: dict[str, str]) -> dict[str, str]:
        return {dashed(name): value for name, value in attributes.items()} if self.dashed else attributes


CP_11 = "http://www.imsglobal.org/xsd/imscp_v1p1"
DIALECTS = {
    "qti21": Dialect(
        "qti21", "http://www.imsglobal.org/xsd/imsqti_v2p1", CP_11, "QTIv2.1 Package", "1.0.0", "imsqti_item_xmlv2p1"
    ),
    "qti22": Dialect(
        "qti22", "http://www.imsglobal.org/xsd/imsqti_v2p2", CP_11, "QTIv2.2 Package", "1.0.0", "imsqti_item_xmlv2p2"
    ),
    "qti30": Dialect(
        "qti30", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
        "QTI Package", "3.0.0", "imsqti_item_xmlv3p0", dashed=True,
    ),
}  # fmt: skip


def dashed(name: str) -> str:
    """responseIdentifier → response-identifier."""
    return re.sub(r"[A-Z]", lambda capital: "-" + capital[0].lower(), name)


def plain_name(element) -> str:
    """The 2.x name of an element of any dialect: qti-simple-choice → simpleChoice; "" for comments."""
    if not isinstance(element.tag, str):
        return ""
    name = element.tag.rpartition("}")[2]
    return _joined(name.removeprefix("qti-")) if name.startswith("qti-") else name


def attribute(element, name: str, default: str = "") -> str:
    """An attribute by its 2.x name."""
    return element.get(name) or element.get(dashed(name)) or default


def _joined(name: str) -> str:
    return re.sub(r"-([a-z])", lambda letter: letter[1].upper(), name)
