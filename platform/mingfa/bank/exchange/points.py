"""The points a marker looks for, in formats that have one feedback text and no place for a key in words."""

import re

HEAD = re.compile(r"^参考答案（(\d{1,3}) 行）：\n")
EXPLANATION = "解析："


def joined_points(answer: str, explanation: str) -> str:
    """参考答案（2 行）：, the points a line each, then 解析：. The count says where the points end."""
    text = f"参考答案（{answer.count(chr(10)) + 1} 行）：\n{answer}"
    return f"{text}\n{EXPLANATION}{explanation}" if explanation else text


def split_points(feedback: str) -> tuple[str, str]:
    """(answer, explanation) out of a feedback; one without the head is explanation only."""
    head = HEAD.match(feedback)
    if not head:
        return "", feedback
    lines = feedback[head.end() :].split("\n")
    count = int(head[1])
    return "\n".join(lines[:count]), "\n".join(lines[count:]).removeprefix(EXPLANATION)
