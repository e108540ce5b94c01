"""Keys that are only shown by red, bold or underlined type."""

from mingfa.bank.importing.chains import Options

RED, BOLD, UNDERLINED = "红色", "粗体", "下划线"
ENOUGH = 0.8


def marked_letters(options: Options, strong: list[tuple[int, int, str]]) -> tuple[str, str]:
    """(letters, how they are marked) of the options printed in red, else in bold, else underlined; ("", "") where none stand out.

    All options in bold, or in the colour of the stem, say nothing: that is the style of the file, not a key.
    """
    for how in (RED, BOLD, UNDERLINED):
        marked = [_is_marked(span, [one for one in strong if one[2] == how]) for span in options.spans if span]
        in_stem = any(kind == how and first < options.start for first, _, kind in strong)
        if any(marked) and not (all(marked) and (in_stem or how != RED)):
            letters = [chr(65 + place) for place, span in enumerate(options.spans) if span]
            return "".join(letter for letter, is_marked in zip(letters, marked, strict=True) if is_marked), how
    return "", ""


def _is_marked(span: tuple[int, int], strong: list[tuple[int, int, str]]) -> bool:
    first, last = span
    covered = sum(max(0, min(last, end) - max(first, start)) for start, end, _ in strong)
    return last > first and covered >= ENOUGH * (last - first)


def with_lines(text: str, strong: list[tuple[int, int, str]]) -> str:
    """The text of a 填空 with __ on both sides of underlined words, as typed lines would show them."""
    spans: list[list[int]] = []
    for first, last in sorted((first, last) for first, last, how in strong if how == UNDERLINED):
        if spans and not text[spans[-1][1] : first].strip():
            spans[-1][1] = last
        else:
            spans.append([first, last])
    for first, last in reversed(spans):
        words = text[first:last].strip(" _")
        if words:
            text = f"{text[:first]}__{words}__{text[last:]}"
    return text
