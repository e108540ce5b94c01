"""宣传资料 and the batches in which they were printed."""
from django.db import models


class Material(models.Model):
    """One kind of leaflet, booklet, poster or give-away."""

    class Category(models.TextChoices):
        STATUTE = "statute", "条例单行本"
        BOOKLET = "booklet", "手册"
        LEAFLET = "leaflet", "折页"
        POSTER = "poster", "海报"
        BOARD = "board", "展板"
        GOODS = "goods", "实用品"

    name = models.CharField("品名", max_length=80)
    category = models.CharField("类别", max_length=8, choices=Category.choices)
    law = models.ForeignKey(
        "library.Law", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及法律"
    )
    size = models.CharField("规格", max_length=60, blank=True, help_text="例如：A4 三折页、32 开 64 页")
    low_at = models.PositiveIntegerField("快发完的界限", default=100, help_text="所看的范围里结存不多于这个数时提醒；0 为不提醒")
    # The unit that keeps it; all units below may hold stock of it.
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="+", verbose_name="建立单位")

    class Meta:
        verbose_name = "宣传资料"
        verbose_name_plural = "宣传资料"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="material_name_once_per_unit")]

    def __str__(self):
        return self.name

    @property
    def measure(self) -> str:
        """What it is counted in: 份 for print, 件 for goods."""
        return measure_of(self.category)

    @property
    def is_print(self) -> bool:
        return self.measure == "份"


def measure_of(category: str) -> str:
    """份 or 件, for a category of Material."""
    return "件" if category in (Material.Category.GOODS, Material.Category.BOARD) else "份"


PRINT = tuple(one for one in Material.Category if measure_of(one) == "份")


class Batch(models.Model):
    """印制批次."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="batches", verbose_name="资料")
    label = models.CharField("印制批次", max_length=40, help_text="例如：2026 年第 1 批")

    class Meta:
        verbose_name = "印制批次"
        verbose_name_plural = "印制批次"
        ordering = ["material", "id"]
        constraints = [models.UniqueConstraint(fields=["material", "label"], name="batch_label_once_per_material")]

    def __str__(self):
        return f"{self.material} {self.label}"
