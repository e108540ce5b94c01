"""Options that stand together in one text, apart again."""

import re

from mingfa.bank.drafts import MOST_OPTIONS
from mingfa.bank.importing.folding import fold_text

LABEL = re.compile(r"^[(（【\[]?([A-Za-z])(?:\s*[)）】\].、．,，:：]\s*|\s+)")
# Glued labels need a sign behind the letter, or every capital in an option would open a new one.
GLUED = re.compile(r"(?<![A-Za-z0-9])[(（]?([A-Z])\s*[.、．:：)）]\s*")
BREAK = re.compile(r"(\n|;|；|[|｜])")


def split_options(text: str) -> tuple[str, ...]:
    """The options of one cell, split at line breaks, semicolons or upright lines, or at their labels when all stand in one line.

    Labels (A. A、 A) (A) A:) are taken off; a letter left out gives "" in its place, so that the gap is seen.
    A piece without a label belongs to the option before it when the others have labels.
    """
    text = fold_text(text)
    pieces = BREAK.split(text)
    texts, breaks = pieces[::2], ["", *pieces[1::2]]
    labelled = [LABEL.match(piece.strip()) for piece in texts]
    if not any(labelled):
        glued = _split_glued(text)
        return glued or tuple(piece.strip() for piece in texts if piece.strip())
    found: list[tuple[str, str]] = []
    for piece, label, before in zip(texts, labelled, breaks, strict=True):
        if label:
            found += _labelled(piece.strip(), label)
        elif found and piece.strip():
            letter, option = found[-1]
            found[-1] = (letter, f"{option}{before}{piece}".strip())
    return _in_places(found)


def without_labels(options: tuple[str, ...]) -> tuple[str, ...]:
    """Options of own columns without their letter, when every one of them carries its own (A.甲 in column A)."""
    options = tuple(fold_text(option) for option in options)
    labels = [LABEL.match(option) for option in options]
    own = [
        not option or (label is not None and ord(label[1].upper()) - 65 == place)
        for place, (option, label) in enumerate(zip(options, labels, strict=True))
    ]
    if not all(own):
        return options
    return tuple(option[label.end() :].strip() if label else "" for option, label in zip(options, labels, strict=True))


def _labelled(piece: str, label: re.Match) -> list[tuple[str, str]]:
    """One piece may hold several options: A.甲 B.乙."""
    glued = [match for match in GLUED.finditer(piece) if match.start() > 0]
    letters = [label[1].upper()]
    cuts, starts = [], [label.end()]
    for match in glued:
        if ord(match[1]) == ord(letters[-1]) + 1:
            letters.append(match[1])
            cuts.append(match.start())
            starts.append(match.end())
    ends = [*cuts, len(piece)]
    return [(letter, piece[start:end].strip()) for letter, start, end in zip(letters, starts, ends, strict=True)]


def _split_glued(text: str) -> tuple[str, ...]:
    first = GLUED.match(text)
    if not first or first[1] != "A":
        return ()
    return _in_places(_labelled(text, first))


def _in_places(found: list[tuple[str, str]]) -> tuple[str, ...]:
    """Each option in the place of its letter, "" where a letter is missing; a repeated letter keeps its order."""
    options: list[str] = []
    for letter, text in found:
        place = ord(letter) - 65
        options += [""] * min(place - len(options), MOST_OPTIONS)
        options.append(text)
    return tuple(options)
