"""组卷规则 seen in real notices, offered when an exam is made (domain guide §2.1; docs/rules.md “组卷预设”)."""
from dataclasses import dataclass
from decimal import Decimal

from .actions.preparing import RuleSpec


@dataclass(frozen=True)
class Preset:
    """A blueprint with the exam settings that go with it. minutes: duration; marks: of 100."""

    key: str
    name: str
    rules: tuple[RuleSpec, ...]
    minutes: int
    pass_mark: Decimal
    attempts: int
    good_mark: Decimal | None = None
    makeup: str = ""

    @property
    def total(self) -> Decimal:
        return sum((rule.count * rule.marks for rule in self.rules), Decimal(0))


def _rules(*lines: tuple[str, int, str]) -> tuple[RuleSpec, ...]:
    return tuple(RuleSpec(kind, count, Decimal(marks)) for kind, count, marks in lines)


PRESETS = {
    preset.key: preset
    for preset in (
        Preset(
            "80-60", "80 题 60 分钟",
            _rules(("single", 40, "1"), ("multiple", 20, "2"), ("judge", 20, "1")),
            60, Decimal(80), 1, makeup="数周后另开补考，缺考和不合格的参加",
        ),
        Preset(
            "50-90", "50 题 90 分钟",
            _rules(("single", 20, "2"), ("multiple", 15, "2"), ("judge", 15, "2")),
            90, Decimal(60), 3, good_mark=Decimal(80), makeup="不设补考，取最高分",
        ),
        Preset(
            "45-90", "45 题 90 分钟",
            _rules(("single", 25, "2"), ("multiple", 10, "3"), ("judge", 10, "2")),
            90, Decimal(60), 2, makeup="一个月后补考一天",
        ),
        Preset(
            "50-120", "50 题 120 分钟",
            _rules(("single", 25, "2"), ("multiple", 10, "2"), ("judge", 15, "2")),
            120, Decimal(60), 5, makeup="补考三天，可考三次",
        ),
        Preset(
            "appointment", "任前考试",
            _rules(("single", 25, "2"), ("multiple", 10, "2"), ("judge", 15, "2")),
            60, Decimal(60), 1, makeup="可补考一次",
        ),
    )
}  # fmt: skip
