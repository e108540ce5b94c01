"""组卷规则 seen in real notices, offered when an exam is made (domain guide §2.1; docs/rules.md “组卷预设”)."""
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from .actions.preparing import RuleSpec


@dataclass(frozen=True)
class Preset:
    """A blueprint with the exam settings that go with it. minutes: duration; marks: of 100."""

    key: str
    name: str
    rules: tuple[RuleSpec, ...]
    minutes: int
    pass_mark: Decimal
    good_mark: Decimal | None
    excellent_mark: Decimal
    attempts: int
    makeup: str

    @property
    def total(self) -> Decimal:
        return sum((rule.count * rule.marks for rule in self.rules), Decimal(0))


def _read(one: dict) -> Preset:
    rules = tuple(RuleSpec(rule["type"], rule["count"], Decimal(rule["marks"])) for rule in one["rules"])
    good = one["good_mark"]
    marks = {
        "pass_mark": Decimal(one["pass_mark"]),
        "good_mark": None if good is None else Decimal(good),
        "excellent_mark": Decimal(one["excellent_mark"]),
    }
    return Preset(**{**one, "rules": rules, **marks})


PRESETS = {one["key"]: _read(one) for one in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))}
