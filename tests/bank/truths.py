"""What a question file truly holds, for files that are made or written by hand."""

from dataclasses import dataclass, field


@dataclass
class Truth:
    """A question as its file means it. answer: letters, "T" or "F", a line a blank, text. given: what a reader must find."""

    type: str
    stem: str
    options: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    marks: float | None = None
    difficulty: int | None = None
    prompts: tuple[str, ...] = ()
    children: list["Truth"] = field(default_factory=list)
