"""组卷规则: what a paper is made of."""
from django.core.validators import MinValueValidator
from django.db import models
from mingfa.bank.models import Difficulty, QuestionType


class Blueprint(models.Model):
    """组卷规则 over one bank. Its edition counts up with every change, and papers record the one they used."""

    name = models.CharField("名称", max_length=100)
    bank = models.ForeignKey("bank.Bank", models.PROTECT, related_name="blueprints", verbose_name="题库")
    edition = models.PositiveIntegerField("版次", default=1, editable=False)

    class Meta:
        verbose_name = "组卷规则"
        verbose_name_plural = "组卷规则"
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class BlueprintRule(models.Model):
    """type × topic/law × difficulty × count × marks; what is empty means “any”."""

    blueprint = models.ForeignKey(Blueprint, models.CASCADE, related_name="rules")
    order = models.PositiveSmallIntegerField()
    type = models.CharField("题型", max_length=8, choices=QuestionType.choices)
    topic = models.CharField("知识点", max_length=60, blank=True)
    law = models.CharField("法律法规", max_length=200, blank=True)
    difficulty = models.PositiveSmallIntegerField("难度", choices=Difficulty.choices, null=True, blank=True)
    count = models.PositiveSmallIntegerField("题数", validators=[MinValueValidator(1)])
    marks = models.DecimalField("每题分值", max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["blueprint_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "order"], name="rule_order"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="rule_asks_for_something"),
            models.CheckConstraint(condition=models.Q(marks__gt=0), name="rule_gives_marks"),
        ]

    def __str__(self):
        return f"{self.get_type_display()} {self.count}×{self.marks}"
